"""Whom a place that stands would bring inside if it counted, by a fresh search on the streets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import Pins, pin_points
from lifecircle.network.walks import Ends
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach, audiences, limit_units, usable_facilities
from lifecircle.siting.options import router_of
from lifecircle.siting.ways import WAYS, Ways, no_ways
from lifecircle.standards import Requirement, Standard
from lifecircle.walk import Mode

_AREA = {"community": "community_id", "subdistrict": "subdistrict", "unit": "unit_id"}

Served = Mapping[int, NDArray[np.int64]]
"""Row of a place to the homes it would bring inside, ascending."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """
    What every search for ways starts from.

    Parameters
    ----------
    standard
        What is asked.
    reaches
        Requirement id to who reaches what today.
    gaps
        What falls short.
    homes, facilities
        Both sides, pinned.
    compounds
        Streets and closed estates.
    language
        ``zh`` or ``en``: of the evidence.
    """

    standard: Standard
    reaches: Mapping[str, Reach]
    gaps: Gaps
    homes: Pinned
    facilities: Pinned
    compounds: Compounds
    language: str


def asked_of(standard: Standard, gaps: Gaps, *, counted: bool = False) -> tuple[Requirement, ...]:
    """
    List the requirements that fall short somewhere, in the order of the standard.

    Parameters
    ----------
    standard
        The standard.
    gaps
        What falls short; what the data say too little of is left alone.
    counted
        Whether to list those that ask for several places, instead of those one place meets.

    Returns
    -------
    requirements
        Those with a gap of access.
    """
    table = gaps.table
    short = set(
        table.loc[(table["reason"] != "no_data") & (table["kind"] != "size"), "requirement"]
    )
    return tuple(
        one for one in standard.requirements if one.id in short and bool(one.counts) == counted
    )


def short_of(requirement: Requirement, town: Town) -> NDArray[np.bool_]:
    """
    Say in which homes people lack what a requirement asks, of communities that fall short.

    Parameters
    ----------
    requirement
        The requirement.
    town
        Homes, who reaches what today, and what falls short.

    Returns
    -------
    short
        Shape (homes,).
    """
    homes, gaps = town.homes.table, town.gaps.table
    people = np.nan_to_num(people_asked(homes, requirement))
    areas = gaps.loc[gaps["requirement"] == requirement.id, "community_id"]
    here = homes["community_id"].isin(areas).to_numpy()
    return np.asarray(here & ~town.reaches[requirement.id].covered & (people > 0), dtype=bool)


def brought_inside(
    requirement: Requirement,
    homes: Pinned,
    places: Pinned,
    compounds: Compounds,
    *,
    short: NDArray[np.bool_],
    at: NDArray[np.bool_],
) -> Served:
    """
    Search from places for the homes they would bring inside.

    Parameters
    ----------
    requirement
        What is asked: its limit, profile, direction and whom a place serves.
    homes, places
        Both sides, pinned.
    compounds
        Streets and closed estates.
    short
        Homes to bring inside, shape (homes,).
    at
        Places to ask, shape (places,).

    Returns
    -------
    served
        Homes of each place that has any, as if it were open to everybody.
    """
    if not at.any() or not short.any():
        return {}
    matrix = router_of(requirement, compounds).matrix(
        homes.ends.select(short),
        places.ends.select(at),
        limit=limit_units(requirement),
        from_facility=requirement.direction == "from_facility",
    )
    rows = {row: matrix.home[matrix.ptr[row] : matrix.ptr[row + 1]] for row in np.flatnonzero(at)}
    if requirement.serves != "anyone":
        key = _AREA[requirement.serves]
        ours = homes.table[key].to_numpy(dtype=object)
        theirs = places.table[key].to_numpy(dtype=object)
        rows = {
            row: found[ours[found] == theirs[row]]
            for row, found in rows.items()
            if pd.notna(theirs[row])
        }
    return {
        int(row): np.unique(found).astype(np.int64) for row, found in rows.items() if len(found)
    }


def one_short(requirement: Requirement, town: Town) -> dict[str, NDArray[np.bool_]]:
    """
    Find the homes that lack a single place of those a requirement counts.

    Parameters
    ----------
    requirement
        A requirement with count rules.
    town
        Homes, facilities, streets and what falls short.

    Returns
    -------
    homes
        Type to the homes one more place of it within the limit would bring inside, each of shape
        (homes,).
    """
    homes, facilities = town.homes, town.facilities
    router = router_of(requirement, town.compounds)
    short = short_of(requirement, town)
    usable = usable_facilities(facilities.table)
    types = dict.fromkeys(name for rule in requirement.counts for name in rule.types)
    enough = {name: short.copy() for name in types}
    for rule in requirement.counts:
        right = facilities.table["type"].isin(rule.types).to_numpy() & usable
        have = np.zeros(len(homes), dtype=np.int64)
        for served, serving in audiences(requirement, homes, facilities, right):
            found = router.matrix(
                homes.ends.select(served & short),
                facilities.ends.select(serving),
                limit=limit_units(requirement),
                from_facility=requirement.direction == "from_facility",
            )
            have += np.bincount(found.home, minlength=len(homes))
        lack = rule.at_least - have
        for name in types:
            enough[name] &= lack <= (1 if name in rule.types else 0)
    return enough


def pinned_places(
    table: gpd.GeoDataFrame,
    compounds: Compounds,
    obstacles: NDArray[np.object_],
    modes: tuple[Mode, ...] = (),
) -> Pinned:
    """
    Pin shapes to the streets by a point in each.

    Parameters
    ----------
    table
        The shapes.
    compounds
        Streets and closed estates.
    obstacles
        Lines that legs should not cross.
    modes
        Who else than walkers asks for them.

    Returns
    -------
    pinned
        The table on the streets.
    """
    points = shapely.point_on_surface(table.geometry.to_numpy())
    compound = compounds.locate(points)

    def pinned(mode: Mode) -> Pins:
        return pin_points(
            compounds.network, points, mode=mode, obstacles=obstacles, compound=compound
        )

    ends = Ends.single(pinned("foot"), {mode: pinned(mode) for mode in modes})
    return Pinned(table=table, ends=ends, compound=compound)


def way_id(kind: str, place: object, types: str) -> str:
    """
    Make an id that depends on what a way is, not on its place in a list.

    Parameters
    ----------
    kind
        ``share`` or ``extension``.
    place
        Id of the place.
    types
        What would count there.

    Returns
    -------
    way_id
        ``w`` and twelve hexadecimal digits.
    """
    return f"w{hashlib.sha256(f'{kind}|{place}|{types}'.encode()).hexdigest()[:12]}"


def as_ways(
    rows: list[dict[str, object]],
    serves: Mapping[str, Mapping[str, NDArray[np.int64]]],
    points: list[object],
    crs: CRS,
) -> Ways:
    """
    Put found ways into their table.

    Parameters
    ----------
    rows
        A cell per column of `WAYS`, places apart.
    serves
        Way to requirement to homes; ways that bring nobody inside are left out.
    points
        Where each is, in the metric system.
    crs
        That system.

    Returns
    -------
    ways
        By id.
    """
    keep = [place for place, row in enumerate(rows) if serves.get(str(row["way_id"]))]
    if not keep:
        return no_ways(crs)
    table = gpd.GeoDataFrame(
        pd.DataFrame([rows[place] for place in keep]),
        geometry=gpd.GeoSeries([points[place] for place in keep], crs=crs),
    )
    xy = np.column_stack([table.geometry.x, table.geometry.y])
    lonlat = geo.unproject(xy, crs)
    table["lon"], table["lat"] = lonlat[:, 0], lonlat[:, 1]
    table = table[[*WAYS, "geometry"]].sort_values("way_id", kind="stable")
    held = {str(name): serves[str(name)] for name in table["way_id"]}
    return Ways(table=table.reset_index(drop=True), serves=held)
