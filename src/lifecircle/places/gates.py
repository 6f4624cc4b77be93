"""
From gates as listed and mapped to the gates people of closed estates walk through at an hour.

A gate belongs to the estate its row names, else to the outline it stands on; every gate that is
not used is counted, with the estates it concerns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.pins import GATE_REACH_M
from lifecircle.sources.facilities.opening_hours import minutes_asked, read_hours
from lifecircle.tables import GATES, check

FAR_GATE_M = 100.0
"""A listed gate farther than this from the outline of its estate is not used [m] (P)."""

Doubt = Literal["no_walkers", "shut", "all_shut", "off_outline", "far", "unknown_estate", "nowhere"]
"""
Why a gate is doubtful: ``no_walkers`` is for emergencies or cars only, or shut for good; ``shut``
is so at the hour asked, ``all_shut`` too but kept for want of another; ``off_outline`` stands more
than 20 m from its estate's outline and is used, ``far`` more than 100 m and is not;
``unknown_estate`` names an estate nobody knows; ``nowhere`` belongs to no estate.
"""

_GATE_WORDS = re.compile(
    r"(?:小区|住宅区|[东南西北中正前后侧边主次大小新老]|消防|应急|车行|人行|机动车|非机动车|行人|车辆|"
    r"地下|地库|车库|物业|保安|门卫|[第一二三四五六七八九十\da-z#]|入口|出口|出入口|进出口|门|号|岗亭?|口)*"
)
_MARKS = re.compile(r"[\s·•・,.\-_()\[\]【】《》<>]+")


@dataclass(frozen=True, kw_only=True)
class DoubtfulGates:
    """
    Gates with which something is the matter.

    Parameters
    ----------
    doubt
        What it is.
    gates
        How many.
    estate_ids
        The estates they are of, sorted; empty where none is known.
    names
        What they are called, sorted, each once.
    """

    doubt: Doubt
    gates: int
    estate_ids: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GatesInUse:
    """
    The gates people walk through.

    Parameters
    ----------
    gates
        `tables.GATES` of estates, each with its `estate_id` where it is known.
    listed, by_card, of_open_estates
        How many a planner listed, how many of these need a card, and how many are of estates that
        are open anyway.
    doubts
        What is the matter with others.
    """

    gates: gpd.GeoDataFrame
    listed: int
    by_card: int
    of_open_estates: int
    doubts: tuple[DoubtfulGates, ...]


def gates_in_use(
    estates: gpd.GeoDataFrame,
    *,
    listed: gpd.GeoDataFrame | None,
    mapped: gpd.GeoDataFrame,
    open_at: str,
) -> GatesInUse:
    """
    Find the gates of estates that are open to walkers.

    Parameters
    ----------
    estates
        `tables.ESTATES` in a metric system.
    listed
        The planner's `tables.GATES` in the same system; None without a list.
    mapped
        `tables.GATES` of the map: those of an estate count where the list has none of its gates.
    open_at
        ``HH:MM``, or ``HH:MM-HH:MM`` for gates that are open all that time.

    Returns
    -------
    used
        The gates, and what is the matter with others.

    Notes
    -----
    A row names its estate by id, by name, or in the name of the gate: the longest name of an
    estate the gate's name begins with, when only words for gates follow (东门, 2号人行出入口). Of
    estates of one name the nearest is meant. A gate with a card is a gate: residents have one and
    visitors are let in. An estate all of whose gates are shut at the hour asked keeps them, for
    somebody lives there.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from lifecircle.places.gates import gates_in_use
    >>> from lifecircle.tables import ESTATES, GATES, check, empty
    >>> crs = "EPSG:4549"
    >>> estates = check(gpd.GeoDataFrame({"estate_id": ["7"], "name": "文澜苑", "closed": True},
    ...     geometry=[shapely.box(0, 0, 100, 100)], crs=crs), ESTATES, where="estates")
    >>> listed = check(gpd.GeoDataFrame(
    ...     {"gate_id": ["a", "b"], "name": ["文澜苑北门", "文澜苑东门"],
    ...      "hours": ["00:00-24:00", "06:00-09:00"]},
    ...     geometry=gpd.points_from_xy([50, 100], [100, 50]), crs=crs), GATES, where="gates")
    >>> used = gates_in_use(estates, listed=listed, mapped=empty(GATES, crs), open_at="10:00")
    >>> used.gates[["gate_id", "estate_id"]].values.tolist(), used.doubts[0].doubt
    ([['a', '7']], 'shut')
    """
    if listed is None:
        open_ = mapped[~_no_way(mapped)].reset_index(drop=True)
        return GatesInUse(gates=open_, listed=0, by_card=0, of_open_estates=0, doubts=())
    table = check(listed, GATES, where="gates of estates")
    estate, unknown = _named(table, estates)
    far_m = _distance(table, estates, estate)
    estate = np.where(np.isnan(far_m), _beside(table, estates), estate)
    far = far_m > FAR_GATE_M
    off = (far_m > GATE_REACH_M) & ~far
    nowhere = estate < 0
    no_way = _no_way(table)
    usable = ~no_way & ~far & ~nowhere
    shut = usable & ~_open(table, minutes_asked(open_at))
    kept = shut & ~np.isin(estate, estate[usable & ~shut])
    closed = estates["closed"].fillna(value=False).to_numpy(dtype=bool)
    of_closed = np.zeros(len(table), dtype=bool)
    of_closed[~nowhere] = closed[estate[~nowhere]]
    ids = estates["estate_id"].to_numpy(dtype=object)
    table["estate_id"] = [ids[at] if at >= 0 else None for at in estate]
    told: tuple[tuple[Doubt, NDArray[np.bool_]], ...] = (
        ("no_walkers", no_way & of_closed),
        ("shut", shut & ~kept & of_closed),
        ("all_shut", kept & of_closed),
        ("off_outline", off & of_closed),
        ("far", far),
        ("unknown_estate", unknown),
        ("nowhere", nowhere & ~unknown),
    )
    used = table[usable & (~shut | kept)]
    return GatesInUse(
        gates=_with_mapped(used, table, mapped, estates),
        listed=len(table),
        by_card=int((table["access"] == "private").sum()),
        of_open_estates=int((~of_closed & ~nowhere).sum()),
        doubts=tuple(_doubtful(table, one, rows) for one, rows in told if rows.any()),
    )


def _no_way(gates: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    return np.asarray(gates["access"] == "no", dtype=bool)


def _open(gates: gpd.GeoDataFrame, asked: tuple[int, int]) -> NDArray[np.bool_]:
    known: Mapping[str, bool] = {
        text: is_open(text, asked) for text in set(gates["hours"].dropna())
    }
    return np.array([text is None or known[text] for text in gates["hours"]], dtype=bool)


def is_open(hours: str, asked: tuple[int, int]) -> bool:
    """
    Tell whether a gate with these hours is open.

    Parameters
    ----------
    hours
        As `tables.GATES` holds them: ``06:00-23:00``, several with commas, or ``off``.
    asked
        First and last minute of the day at which it must be.

    Returns
    -------
    open
        Whether it is; also when the hours cannot be read.

    Examples
    --------
    >>> from lifecircle.places.gates import is_open
    >>> is_open("06:00-22:00", (600, 600)), is_open("06:00-22:00", (330, 600))
    (True, False)
    """
    found = read_hours(hours)
    return found is None or found.covers(*asked)


def _named(
    gates: gpd.GeoDataFrame, estates: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Find the estate each row names (-1 for none), and which rows name one nobody knows."""
    by_id = {one: at for at, one in enumerate(estates["estate_id"])}
    by_name: dict[str, list[int]] = {}
    for at, name in enumerate(estates["name"]):
        if name is not None and _plain(name):
            by_name.setdefault(_plain(name), []).append(at)
    longest = sorted(by_name, key=len, reverse=True)
    rims = shapely.boundary(estates.geometry.to_numpy())
    found = np.full(len(gates), -1, dtype=np.int64)
    unknown = np.zeros(len(gates), dtype=bool)
    for row, (said, name, point) in enumerate(
        zip(gates["estate_id"], gates["name"], gates.geometry.to_numpy(), strict=True)
    ):
        if said in by_id:
            found[row] = by_id[said]
            continue
        texts = [_plain(text) for text in (said, name) if text is not None]
        hits = [at for text in texts for at in _meant(text, by_name, longest)]
        if hits:
            found[row] = min(hits, key=lambda at: (shapely.distance(rims[at], point), at))
        else:
            # A gate that is called 北门 and no more names no estate.
            unknown[row] = said is not None or any(_GATE_WORDS.sub("", text) for text in texts)
    return found, unknown


def _meant(text: str, by_name: Mapping[str, list[int]], longest: list[str]) -> list[int]:
    for name in longest:
        if text.startswith(name) and _GATE_WORDS.fullmatch(text[len(name) :]):
            return by_name[name]
    return []


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _distance(
    gates: gpd.GeoDataFrame, estates: gpd.GeoDataFrame, estate: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Measure from each gate to the outline of its estate; NaN where it names none."""
    metres = np.full(len(gates), np.nan)
    rows = np.flatnonzero(estate >= 0)
    rims = shapely.boundary(estates.geometry.to_numpy()[estate[rows]])
    metres[rows] = shapely.distance(gates.geometry.to_numpy()[rows], rims)
    return metres


def _beside(gates: gpd.GeoDataFrame, estates: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Find the estate on whose outline each gate stands: the nearest, closed before open; or -1."""
    found = np.full(len(gates), -1, dtype=np.int64)
    rims = shapely.boundary(estates.geometry.to_numpy())
    points = gates.geometry.to_numpy()
    gate, estate = shapely.STRtree(rims).query(points, predicate="dwithin", distance=GATE_REACH_M)
    open_ = ~estates["closed"].fillna(value=False).to_numpy(dtype=bool)[estate]
    order = np.lexsort((estate, shapely.distance(points[gate], rims[estate]), open_))[::-1]
    found[gate[order]] = estate[order]
    return found


def _with_mapped(
    used: gpd.GeoDataFrame,
    listed: gpd.GeoDataFrame,
    mapped: gpd.GeoDataFrame,
    estates: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Add gates of the map on the outlines of closed estates the list has no gate of."""
    closed = estates["closed"].fillna(value=False).astype(bool)
    silent = estates[closed & ~estates["estate_id"].isin(set(listed["estate_id"].dropna()))]
    rims = shapely.boundary(silent.geometry.to_numpy())
    passing = mapped[~_no_way(mapped)]
    theirs, estate = shapely.STRtree(rims).query(
        passing.geometry.to_numpy(), predicate="dwithin", distance=GATE_REACH_M
    )
    more = passing.iloc[theirs].assign(
        # One row per estate: a gate between two serves both.
        gate_id=[
            f"{one}/{silent['estate_id'].iloc[at]}"
            for one, at in zip(passing["gate_id"].iloc[theirs], estate, strict=True)
        ],
        estate_id=silent["estate_id"].to_numpy(dtype=object)[estate],
    )
    joined = gpd.GeoDataFrame(pd.concat([used, more], ignore_index=True), crs=listed.crs)
    return check(joined, GATES, where="gates of estates")


def _doubtful(gates: gpd.GeoDataFrame, doubt: Doubt, rows: NDArray[np.bool_]) -> DoubtfulGates:
    mine = gates[rows]
    names = mine["name"].where(mine["name"].notna(), mine["gate_id"])
    return DoubtfulGates(
        doubt=doubt,
        gates=int(rows.sum()),
        estate_ids=tuple(sorted(set(mine["estate_id"].dropna()))),
        names=tuple(sorted(set(names.astype(str)))),
    )
