"""What a planner tries on a study, checked and put on its map: a facility, a gate, a link."""

from __future__ import annotations

import warnings
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.config.fields import closest
from lifecircle.errors import LifecircleWarning, Problem, RuleError
from lifecircle.network.compounds import GATE_REACH_M
from lifecircle.network.linking import feet_of
from lifecircle.network.pins import Pins
from lifecircle.network.walks import Ends
from lifecircle.places.upper_areas import with_area_ids
from lifecircle.reach.matrix import Pinned, modes_of
from lifecircle.standards import Standard
from lifecircle.study.horizons.new_homes import joined
from lifecircle.study.opening import gate_rows
from lifecircle.study.pinning import pinned_facilities
from lifecircle.study.units import with_proposed
from lifecircle.study.waist import Waist
from lifecircle.tables import FACILITIES, check

LINK_END_M = 50.0
"""An end of a link lies at most this far from a street [m] (P)."""

Rank = NDArray[np.int64]


def with_facility(
    waist: Waist, standard: Standard, lon: float, lat: float, kind: str
) -> tuple[Waist, Rank]:
    """
    Put one facility more on the map.

    Parameters
    ----------
    waist
        The study; not changed.
    standard
        Whose type it is.
    lon, lat
        Where its door is, WGS 84 [°].
    kind
        Its type.

    Returns
    -------
    waist, rank
        The study with it, rows still by id, and the new row of each old one.

    Raises
    ------
    RuleError
        If the type is unknown, or the point lies outside or on no street.
    """
    services = {one.id: one.service for one in standard.types}
    if kind not in services:
        raise _no_such("type", kind, list(services), "a type of the standard")
    point = _inside(waist, lon, lat)
    table = waist.facilities.table
    taken = set(table["facility_id"])
    number = next(n for n in range(1, len(taken) + 2) if f"what-if-{n}" not in taken)
    row = dict.fromkeys(FACILITIES.columns) | {
        "facility_id": f"what-if-{number}",
        "service": services[kind],
        "type": kind,
        "status": "existing",
        "open_to": "anyone",
        "confidence": 1.0,
        "rule": "what if",
        "source": "what if",
    }
    frame = gpd.GeoDataFrame([row], geometry=[point], crs=waist.network.crs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        one, entrances = pinned_facilities(
            check(frame, FACILITIES, where="what if"),
            waist.survey,
            waist.compounds,
            waist.obstacles,
            with_area_ids(waist.communities),
            waist.leg_factor,
            modes_of(standard.requirements),
            None,
        )
    if len(one.ends.pins.point) == 0:
        raise RuleError(
            Problem(
                what=f"there is no street within 200 m of {lon:.5f}, {lat:.5f}",
                where="with_site",
                remedy="move the point to where people would enter",
            )
        )
    with_proposed(waist.units, one.table)
    before = int((table["facility_id"].astype(str) < row["facility_id"]).sum())
    order = np.insert(np.arange(len(table)), before, len(table))
    rank = np.argsort(order).astype(np.int64)
    both = _in_order(joined(waist.facilities, one), order)
    return (
        replace(
            waist,
            facilities=both,
            entrances=gpd.GeoDataFrame(
                pd.concat([waist.entrances, entrances], ignore_index=True), crs=frame.crs
            ),
        ),
        rank[:-1],
    )


def without_row(waist: Waist, facility_id: str) -> tuple[Waist, Rank]:
    """
    Take one facility off the map.

    Parameters
    ----------
    waist
        The study; not changed.
    facility_id
        Which.

    Returns
    -------
    waist, rank
        The study without it, and the new row of each old one, -1 for what is gone.

    Raises
    ------
    RuleError
        If there is no such facility.
    """
    ids = waist.facilities.table["facility_id"].to_numpy(dtype=object)
    if facility_id not in set(ids):
        known = [str(one) for one in ids]
        raise _no_such("facility", facility_id, known, "an id of the layer facilities")
    kept = np.flatnonzero(ids != facility_id)
    rank = np.full(len(ids), -1, dtype=np.int64)
    rank[kept] = np.arange(len(kept))
    entrances = waist.entrances[waist.entrances["facility_id"] != facility_id]
    return (
        replace(
            waist,
            facilities=_in_order(waist.facilities, kept),
            entrances=entrances.reset_index(drop=True),
        ),
        rank,
    )


def gate_at(waist: Waist, lon: float, lat: float, estate_id: str | None) -> gpd.GeoDataFrame:
    """
    Place a gate in the wall of a closed estate.

    Parameters
    ----------
    waist
        The study.
    lon, lat
        Where, WGS 84 [°].
    estate_id
        The estate; None takes the one whose wall is nearest.

    Returns
    -------
    gate
        One row of `tables.GATES`.

    Raises
    ------
    RuleError
        If there is no such estate, its wall is too far away, or none of its gates is known.
    """
    compounds = waist.compounds
    if not compounds.estate_id:
        raise RuleError(
            Problem(
                what="no closed estate is known, so no gate is missing",
                where="with_gate",
                remedy="give estates.file, or try with_link",
            )
        )
    if estate_id is not None and estate_id not in compounds.estate_id:
        raise _no_such(
            "closed estate", estate_id, list(compounds.estate_id), "an id of the layer estates"
        )
    point = _inside(waist, lon, lat)
    away = shapely.distance(shapely.boundary(compounds.outline), point)
    at = int(np.argmin(away)) if estate_id is None else compounds.estate_id.index(estate_id)
    name = compounds.estate_id[at]
    if away[at] > GATE_REACH_M:
        raise RuleError(
            Problem(
                what=f"the wall of estate '{name}' is {away[at]:,.0f} m away",
                where=f"with_gate, {lon:.5f}, {lat:.5f}",
                remedy="move the point onto the wall, or name another estate",
            )
        )
    if name in compounds.without_gates:
        raise RuleError(
            Problem(
                what=f"no gate of estate '{name}' is known, so every street into it passes",
                where="with_gate",
                remedy="list the gates it has first (estates.gates)",
            )
        )
    number = f"what-if-{len(compounds.gate_compound) + 1}"
    return gate_rows(np.array([point]), [name], [number], waist.network.crs)


def link_between(
    waist: Waist, start: tuple[float, float], end: tuple[float, float]
) -> NDArray[np.float64]:
    """
    Place both ends of a link.

    Parameters
    ----------
    waist
        The study.
    start, end
        Longitude and latitude, WGS 84 [°].

    Returns
    -------
    ends
        The places of the streets nearest to them [m], shape (2, 2).

    Raises
    ------
    RuleError
        If an end lies outside or too far from every street.
    """
    points = np.array([_inside(waist, *start), _inside(waist, *end)], dtype=object)
    whole = waist.joins.whole
    edge, away = feet_of(whole, points)
    far = [n for n in (0, 1) if away[n] > LINK_END_M]
    if far:
        raise RuleError(
            [
                Problem(
                    what=f"the nearest street is {away[n]:,.0f} m away",
                    where=f"with_link, {('start', 'end')[n]}",
                    remedy=f"move it to within {LINK_END_M:g} m of a street",
                )
                for n in far
            ]
        )
    at = shapely.line_locate_point(whole.lines[edge], points)
    spots = shapely.line_interpolate_point(whole.lines[edge], at)
    return np.asarray(shapely.get_coordinates(spots), dtype=np.float64)


def _inside(waist: Waist, lon: float, lat: float) -> shapely.Point:
    xy = geo.project(np.array([[lon, lat]], dtype=np.float64), waist.network.crs)[0]
    point = shapely.Point(xy)
    if not np.isfinite(xy).all() or not shapely.intersects(waist.area, point):
        raise RuleError(
            Problem(
                what=f"the point {lon:.5f}, {lat:.5f} lies outside the study area",
                where="what if",
                remedy="give longitude, then latitude, in WGS 84 degrees",
            )
        )
    return point


def _in_order(pinned: Pinned, order: NDArray[np.int64]) -> Pinned:
    """Take some rows in a new order, with their points."""
    rank = np.full(len(pinned), -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    ends = pinned.ends
    keep = rank[ends.row] >= 0
    moved = np.cumsum(keep) - 1

    def kept(pins: Pins) -> Pins:
        mine = keep[pins.point]
        return Pins(
            n=int(keep.sum()),
            point=moved[pins.point[mine]].astype(np.int32),
            edge=pins.edge[mine],
            share=pins.share[mine],
            leg_m=pins.leg_m[mine],
            status=pins.status[keep],
        )

    return Pinned(
        table=pinned.table.iloc[order].reset_index(drop=True),
        ends=Ends(
            n=len(order),
            row=rank[ends.row[keep]].astype(np.int32),
            pins=kept(ends.pins),
            others={mode: kept(pins) for mode, pins in ends.others.items()},
        ),
        compound=pinned.compound[order],
    )


def _no_such(what: str, word: str, known: list[str], source: str) -> RuleError:
    guess = closest(word, known)
    hint = f"did you mean '{guess}'?" if guess else f"take {source}"
    return RuleError(Problem(what=f"there is no {what} '{word}'", where="what if", remedy=hint))
