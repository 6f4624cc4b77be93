"""
Homes of a horizon: those of today with its people, and the new ones, pinned to the streets.

People are conserved: what a horizon counts is what its inputs say, less what has no place, which is
told.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.network.pins import Pins
from lifecircle.network.walks import Ends
from lifecircle.places.communities import community_of
from lifecircle.places.groups import GROUP_PREFIX
from lifecircle.reach.matrix import Pinned
from lifecircle.study.horizons.inputs import HorizonInputs
from lifecircle.study.pinning import pin_by_rules
from lifecircle.study.waist import Waist
from lifecircle.walk import Mode

SPREAD_M = 50.0
"""Spacing of the points that stand for new homes in an outline [m] (P)."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """
    Who lives where at a horizon.

    Parameters
    ----------
    homes
        Those of today with the horizon's people, then the new ones.
    new
        How many of them are new.
    notes
        What was said of people by the horizon's inputs: label to people.
    """

    homes: Pinned
    new: int
    notes: Mapping[str, float]


def joined(first: Pinned, second: Pinned) -> Pinned:
    """
    Put two pinned tables below each other.

    Parameters
    ----------
    first, second
        Homes, or facilities; not changed.

    Returns
    -------
    both
        Rows of the first, then of the second.
    """
    if len(second) == 0:
        return first
    table = gpd.GeoDataFrame(
        pd.concat([first.table, second.table], ignore_index=True), crs=first.table.crs
    )
    shared = first.ends.others.keys() & second.ends.others.keys()
    ends = Ends(
        n=first.ends.n + second.ends.n,
        row=np.concatenate([first.ends.row, second.ends.row + first.ends.n]).astype(np.int32),
        pins=_both(first.ends.pins, second.ends.pins),
        others={
            mode: _both(first.ends.others[mode], second.ends.others[mode])
            for mode in sorted(shared)
        },
    )
    compound = np.concatenate([first.compound, second.compound]).astype(np.int32)
    return Pinned(table=table, ends=ends, compound=compound)


def _both(first: Pins, second: Pins) -> Pins:
    return Pins(
        n=first.n + second.n,
        point=np.concatenate([first.point, second.point + first.n]).astype(np.int32),
        edge=np.concatenate([first.edge, second.edge]),
        share=np.concatenate([first.share, second.share]),
        leg_m=np.concatenate([first.leg_m, second.leg_m]),
        status=np.concatenate([first.status, second.status]),
    )


def pinned_points(table: gpd.GeoDataFrame, waist: Waist, modes: tuple[Mode, ...]) -> Pinned:
    """
    Pin points that were in no survey.

    Parameters
    ----------
    table
        Points in the waist's system; gets ``community_id, subdistrict, unit_id, estate_id, status``
        and ``pin_leg_m`` in a copy.
    waist
        Streets, communities and estates.
    modes
        Who else than walkers is asked for.

    Returns
    -------
    pinned
        The rows in their order.
    """
    points = np.asarray(table.geometry.array, dtype=object)
    compound = waist.compounds.locate(points)

    def pin(mode: Mode) -> Pins:
        return pin_by_rules(
            waist.compounds, points, compound, waist.obstacles, waist.leg_factor, mode=mode
        )

    pins = pin("foot")
    at = community_of(points, waist.communities)
    places = {
        name: _taken(waist.communities[name], at)
        for name in ("community_id", "subdistrict", "unit_id")
    }
    estates = waist.survey.get("estates")
    if estates is not None and len(estates):
        ordered = estates.sort_values("estate_id", kind="stable")
        places["estate_id"] = _taken(ordered["estate_id"], community_of(points, ordered))
    else:
        places["estate_id"] = np.full(len(points), None, dtype=object)
    status = pins.status.copy()
    status[~shapely.intersects(waist.extent, points)] = "edge"
    status[~shapely.intersects(waist.area, points)] = "outside"
    placed = table.assign(**places, status=status, pin_leg_m=pins.nearest_leg_m)
    return Pinned(
        table=placed, ends=Ends.single(pins, {mode: pin(mode) for mode in modes}), compound=compound
    )


def _taken(values: pd.Series, at: NDArray[np.int32]) -> NDArray[np.object_]:
    found = np.full(len(at), None, dtype=object)
    found[at >= 0] = values.to_numpy(dtype=object)[at[at >= 0]]
    return found


def expected_homes(inputs: HorizonInputs, waist: Waist, modes: tuple[Mode, ...]) -> Expected:
    """
    Say who lives where at a horizon.

    Parameters
    ----------
    inputs
        What the files say of it.
    waist
        Today's homes, and the streets they are pinned to.
    modes
        Who else than walkers is asked for.

    Returns
    -------
    expected
        The homes and where their people come from.

    Warns
    -----
    DoubtfulRowsWarning
        If people have no place: housing outside the area, planned people where no home is,
        communities a table leaves out.

    Notes
    -----
    New dwellings hold the groups (60 and over, under 3) in the shares of their community today, of
    all where nobody lives there yet (P). A table of people, or the plan, counts all who live in a
    community or unit then, the new dwellings' people among them: all its homes are scaled alike.
    """
    today, notes = waist.homes, dict[str, float]()
    notes["today"] = float(today.table["people"].sum())
    fresh = _new_homes(inputs, waist)
    homes = today
    if fresh is not None and len(fresh):
        more = pinned_points(fresh, waist, modes)
        homes = joined(today, more)
        notes["new_housing"] = float(more.table["people"].sum())
    table = homes.table.copy()
    if inputs.section.growth is not None:
        rows = np.arange(len(table)) < len(today)
        for name in _counts(table):
            table[name] = np.where(rows, table[name] * inputs.section.growth, table[name])
    if inputs.people is not None:
        _scale_to_table(inputs, inputs.people, table)
    elif inputs.section.people == "plan":
        _scale_to_plan(inputs, table, waist)
    notes["then"] = float(table["people"].sum())
    if inputs.housing is not None:
        unplaced = inputs.housing["placed"].isna()
        notes["without_a_place"] = float(inputs.housing.loc[unplaced, "people"].sum())
    return Expected(
        homes=Pinned(table=table, ends=homes.ends, compound=homes.compound),
        new=len(homes) - len(today),
        notes=notes,
    )


def _counts(table: pd.DataFrame) -> list[str]:
    return ["people", *(name for name in table if str(name).startswith(GROUP_PREFIX))]


def _new_homes(inputs: HorizonInputs, waist: Waist) -> gpd.GeoDataFrame | None:
    """Spread the people of housing to come over points in its outlines."""
    if inputs.housing is None:
        return None
    rows = geo.to_crs(
        inputs.housing[inputs.housing["placed"].notna()], waist.homes.table.crs, where="housing"
    )
    points, owner = [], []
    for at, shape in enumerate(rows.geometry):
        spots = _spots(shape)
        points += spots
        owner += [at] * len(spots)
    if not points:
        return None
    whose = np.array(owner)
    people = rows["people"].to_numpy(dtype=np.float64) / np.bincount(whose, minlength=len(rows))
    ids = rows["row_id"].to_numpy(dtype=object)
    number = np.arange(len(whose)) - np.searchsorted(whose, whose)
    table = gpd.GeoDataFrame(
        {
            "home_id": [f"{ids[at]}:{part}" for at, part in zip(whose, number + 1, strict=True)],
            "people": people[whose],
            "floor_m2": np.nan,
            "origin": "flats",
        },
        geometry=np.array(points, dtype=object),
        crs=rows.crs,
    )
    inside = shapely.intersects(waist.area, np.asarray(table.geometry.array, dtype=object))
    outside = float(table.loc[~inside, "people"].sum())
    if outside > 0:
        _say(inputs, f"{outside:,.0f} people of new housing lie outside the study area")
    table = table[inside].reset_index(drop=True)
    return _with_groups(table, waist)


def _spots(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """Take a point itself, or the points of a grid in an outline, one at least."""
    west, south, east, north = shape.bounds
    xs = np.arange(west + SPREAD_M / 2, east, SPREAD_M)
    ys = np.arange(south + SPREAD_M / 2, north, SPREAD_M)
    grid = shapely.points(np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2))
    inside = list(grid[shapely.intersects(shape, grid)]) if len(grid) else []
    return inside or [shapely.point_on_surface(shape)]


def _with_groups(table: gpd.GeoDataFrame, waist: Waist) -> gpd.GeoDataFrame:
    """Share the groups of a community's people out to its new homes."""
    today = waist.homes.table
    at = community_of(np.asarray(table.geometry.array, dtype=object), waist.communities)
    ids = waist.communities["community_id"].to_numpy(dtype=object)
    live = today.groupby("community_id")["people"].sum().reindex(ids).to_numpy(dtype=np.float64)
    every = float(today["people"].sum())
    for name in (name for name in today if str(name).startswith(GROUP_PREFIX)):
        counted = today.groupby("community_id")[name].sum().reindex(ids).to_numpy(dtype=np.float64)
        mean = float(today[name].sum()) / every if every else 0.0
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(live > 0, counted / live, mean)
        table[name] = table["people"] * np.where(at >= 0, share[at], mean)
    return table


def _scale_to_table(inputs: HorizonInputs, people: pd.DataFrame, table: gpd.GeoDataFrame) -> None:
    """Bring the homes of each community to the people a table counts there."""
    counted = people.set_index("community_id")
    ids = table["community_id"].to_numpy(dtype=object)
    for name in (name for name in _counts(table) if name in counted):
        wanted = counted[name].reindex(ids).to_numpy(dtype=np.float64)
        here = table.groupby("community_id")[name].transform("sum").to_numpy(dtype=np.float64)
        known = np.isfinite(wanted) & (here > 0)
        before = table[name].to_numpy(dtype=np.float64)
        after = np.where(known, before * wanted / np.where(known, here, 1.0), before)
        if name == "people":
            factor = np.where(before > 0, after / np.where(before > 0, before, 1.0), 1.0)
            for group in (one for one in _counts(table)[1:] if one not in counted):
                table[group] = table[group] * factor
            _tell_of_table(inputs, counted["people"], set(ids[known]))
        table[name] = after


def _tell_of_table(inputs: HorizonInputs, counted: pd.Series, scaled: set[object]) -> None:
    silent = counted.index[counted.isna()]
    if len(silent):
        _say(
            inputs,
            f"the table of people says nothing of {len(silent)} communities, whose people stay "
            f"those of today ({', '.join(map(str, silent[:3]))})",
        )
    nowhere = counted[~counted.index.isin(list(scaled)) & (counted > 0)]
    if len(nowhere):
        _say(
            inputs,
            f"{nowhere.sum():,.0f} people are counted in communities without any home and are not "
            f"placed ({', '.join(map(str, nowhere.index[:3]))})",
        )


def _scale_to_plan(inputs: HorizonInputs, table: gpd.GeoDataFrame, waist: Waist) -> None:
    """Bring the homes of each unit of the plan to the people it is planned for."""
    units = waist.land.units
    if units is None or units["people_planned"].isna().all():
        _say(inputs, "the detailed plan says nothing of people: they stay those of today")
        return
    units = units.sort_values("unit_id", kind="stable").reset_index(drop=True)
    at = community_of(np.asarray(table.geometry.array, dtype=object), units)
    planned = units["people_planned"].to_numpy(dtype=np.float64)
    people = table["people"].to_numpy(dtype=np.float64)
    inside = at >= 0
    here = np.bincount(at[inside], weights=people[inside], minlength=len(units))
    known = np.isfinite(planned) & (here > 0)
    factor = np.where(known, planned / np.where(known, here, 1.0), 1.0)
    of_home = np.where(inside, factor[at], 1.0)
    for name in _counts(table):
        table[name] = table[name] * of_home
    _say(
        inputs,
        f"people of {int(known.sum())} units of the detailed plan are those it is planned for "
        f"({planned[known].sum():,.0f}, today {here[known].sum():,.0f}); the "
        f"{people[~inside].sum():,.0f} people outside its units stay as they are",
    )
    empty = np.isfinite(planned) & (here <= 0) & (planned > 0)
    if empty.any():
        names = ", ".join(units.loc[empty, "unit_id"].head(3))
        _say(
            inputs,
            f"{planned[empty].sum():,.0f} people are planned in units without any home ({names}) "
            "and are not placed: list their housing under housing = …",
        )


def _say(inputs: HorizonInputs, text: str) -> None:
    warnings.warn(f"horizon {inputs.section.name}: {text}", DoubtfulRowsWarning, stacklevel=4)
