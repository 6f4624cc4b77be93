"""
From each facility to the areas within its limits, and the people in them.

People are counted per home, with the pins and the rules that decide coverage; the areas are for
drawing only and are cut where the raster ends.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import LifecircleWarning
from lifecircle.network.router import Metric, Router
from lifecircle.places.asked import WHERE, is_asked
from lifecircle.reach.bands import draw_each
from lifecircle.reach.matrix import (
    Pinned,
    counting_facilities,
    usable_facilities,
)
from lifecircle.reach.raster import Raster
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

FACILITY_AREAS = ("facility_id", "minutes", "limit_m", "profile", "audience", "people")
"""Columns of `facility_areas` beside the geometry."""
MOST_FACILITIES = 3000
"""Areas of more facilities would make a map nobody can open (P)."""

_PLAIN = "gb"  # the planning speed of GB 50180, which base requirements walk at
_KEYS = {"community": "community_id", "subdistrict": "subdistrict", "unit": "unit_id"}


@dataclass(frozen=True, kw_only=True, order=True)
class _Way:
    """How some areas are measured: who goes, by what, which way, and whom they serve."""

    profile: str
    metric: Metric
    from_facility: bool
    serves: str


_Asked = Mapping[_Way, frozenset[float]]


def facility_areas(
    raster: Raster,
    requirements: Sequence[Requirement],
    *,
    homes: Pinned,
    facilities: Pinned,
) -> gpd.GeoDataFrame:
    """
    Draw the areas of every facility and count the people in them.

    Parameters
    ----------
    raster
        The prepared cells.
    requirements
        What the standard asks.
    homes, facilities
        Both sides.

    Returns
    -------
    areas
        `FACILITY_AREAS` and geometry. A usable facility of a service that is asked for has a row
        per limit of the base requirements it counts for (those for urban or rural communities
        where it stands in one): ``minutes`` or ``limit_m``, the other one missing. A circle of
        the standard (the first and the last) that none of them belongs to comes with its minutes
        at the planning speed, unless others than walkers are asked about. ``people`` is everybody
        within the limit, whether or not another facility is nearer: with an ``audience`` other
        than ``anyone`` only people of its community, subdistrict, unit or, for ``residents``,
        closed estate. Areas of one facility and profile nest by minutes, and by metres. Rows come
        by facility, then limit.

    Warns
    -----
    LifecircleWarning
        If there are more than `MOST_FACILITIES`; nothing is drawn or counted then.
    """
    asked = _asked_of(requirements, homes, facilities)
    if len(asked) > MOST_FACILITIES:
        warnings.warn(
            f"{len(asked)} facilities are more than {MOST_FACILITIES}: the map does not draw the"
            " area of each",
            LifecircleWarning,
            stacklevel=2,
        )
        asked = {}
    groups: dict[tuple[_Way, tuple[float, ...]], list[int]] = {}
    for row, of_row in asked.items():
        for way, limits in of_row.items():
            groups.setdefault((way, tuple(sorted(limits))), []).append(row)
    parts = [
        _drawn(raster, way, limits, np.asarray(rows), homes, facilities)
        for (way, limits), rows in sorted(groups.items())
    ]
    columns = [*FACILITY_AREAS, "geometry"]
    if not parts:
        return gpd.GeoDataFrame(columns=columns, geometry="geometry", crs=raster.network.crs)
    table = pd.concat(parts, ignore_index=True)
    order = ["facility_id", "minutes", "limit_m", "profile", "audience"]
    return gpd.GeoDataFrame(
        table.sort_values(order, kind="stable", ignore_index=True)[columns],
        crs=raster.network.crs,
    )


def _asked_of(
    requirements: Sequence[Requirement], homes: Pinned, facilities: Pinned
) -> dict[int, _Asked]:
    """Say which limits are asked about each facility that can be used, where it stands."""
    base = [one for one in requirements if one.view == "base"]
    wanted = facilities.table["service"].isin({one.service for one in requirements}).to_numpy()
    mine: dict[int, list[Requirement]] = {
        int(row): [] for row in np.flatnonzero(usable_facilities(facilities.table) & wanted)
    }
    around = facilities.table
    if WHERE in homes.table:
        known = homes.table.drop_duplicates("community_id").set_index("community_id")[WHERE]
        around = around.assign(**{WHERE: around["community_id"].map(known)})
    for one in base:
        spoken_of = counting_facilities(one, facilities.table) & is_asked(around, one)
        for row in np.flatnonzero(spoken_of):
            mine.setdefault(int(row), []).append(one)
    circles = sorted({one.circle for one in base})
    return {row: _limits(of_row, circles[:1] + circles[-1:]) for row, of_row in mine.items()}


def _limits(requirements: Iterable[Requirement], circles: Sequence[float]) -> _Asked:
    """Gather the limits of some requirements, and the circles that none of them belongs to."""
    found: dict[_Way, set[float]] = {}
    for one in requirements:
        way = _Way(
            profile=one.profile,
            metric="time" if one.minutes is not None else "distance",
            from_facility=one.direction == "from_facility",
            serves=one.serves,
        )
        found.setdefault(way, set()).add(one.limit)
    serves = {way.serves for way in found}
    walked = all(way.profile == _PLAIN and not way.from_facility for way in found)
    rest = set(circles) - {one.circle for one in requirements}
    if walked and rest:
        only = serves.pop() if len(serves) == 1 else "anyone"
        plain = _Way(profile=_PLAIN, metric="time", from_facility=False, serves=only)
        found.setdefault(plain, set()).update(rest)
    return {way: frozenset(limits) for way, limits in found.items()}


def _drawn(
    raster: Raster,
    way: _Way,
    limits: tuple[float, ...],
    rows: NDArray[np.int64],
    homes: Pinned,
    facilities: Pinned,
) -> gpd.GeoDataFrame:
    """Draw and count facilities of which the same is asked."""
    timed = way.metric == "time"
    bands = [round(limit * (6000 if timed else 100)) for limit in limits]
    chosen = np.zeros(len(facilities), dtype=bool)
    chosen[rows] = True
    ends = facilities.ends.select(chosen)
    readers = raster.readers(
        PROFILES[way.profile], metric=way.metric, from_facility=way.from_facility
    )
    shapes = draw_each(raster, readers, ends, bands=bands)[rows]
    people = _people(readers.router, way, bands, chosen, homes, facilities)[rows]
    table = facilities.table
    private = table["open_to"].fillna("anyone").eq("residents").to_numpy()[rows]
    ids = table["facility_id"].to_numpy(dtype=object)[rows]
    return gpd.GeoDataFrame(
        {
            "facility_id": np.repeat(ids, len(limits)),
            "minutes": np.tile(limits, len(rows)) if timed else np.nan,
            "limit_m": np.nan if timed else np.tile(limits, len(rows)),
            "profile": way.profile,
            "audience": np.repeat(np.where(private, "residents", way.serves), len(limits)),
            "people": people.ravel(),
        },
        geometry=shapes.ravel(),
        crs=raster.network.crs,
    )


def _people(
    router: Router,
    way: _Way,
    bands: Sequence[int],
    chosen: NDArray[np.bool_],
    homes: Pinned,
    facilities: Pinned,
) -> NDArray[np.float64]:
    """Sum the people of the homes within each band, shape (facilities, bands)."""
    pairs = router.matrix(
        homes.ends,
        facilities.ends.select(chosen),
        limit=max(bands),
        from_facility=way.from_facility,
    )
    home, facility = pairs.home, pairs.facility
    weight = homes.table["people"].to_numpy(dtype=np.float64)[home]
    weight[~_served(way, homes, facilities, home, facility)] = 0.0
    return np.stack(
        [
            np.bincount(facility, weights=weight * (pairs.cost <= band), minlength=len(facilities))
            for band in bands
        ],
        axis=1,
    )


def _served(
    way: _Way,
    homes: Pinned,
    facilities: Pinned,
    home: NDArray[np.int32],
    facility: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Say of pairs whether the home may use the facility, as `matrix.audiences` pairs them."""
    private = facilities.table["open_to"].fillna("anyone").eq("residents").to_numpy()[facility]
    estate = facilities.compound[facility]
    served = ~private | ((estate >= 0) & (homes.compound[home] == estate))
    if way.serves == "anyone":
        return np.asarray(served, dtype=bool)
    key = _KEYS[way.serves]
    both = pd.concat([homes.table[key], facilities.table[key]], ignore_index=True)
    code = pd.factorize(both)[0]
    ours, theirs = code[: len(homes)][home], code[len(homes) :][facility]
    return np.asarray(served & (ours == theirs) & (ours >= 0), dtype=bool)
