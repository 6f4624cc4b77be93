"""
Doors, buildings and names of a gazetteer -> the places a row may mean.

Numbers that are not known are looked for between those that are, on their side of the street.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from lifecircle.sources.geocoding.found import (
    SURE,
    WRONG_M,
    Asked,
    Candidate,
    Picked,
    fitting,
    middle,
)
from lifecircle.sources.geocoding.gazetteer import Gazetteer
from lifecircle.sources.geocoding.parts import Name

_NEAR_NUMBERS = 40  # how far apart neighbours may be for a number between them (P)
_NEAREST_NUMBER = 12  # how far a number may be from the nearest one on its side (P)
_RANKS = (1.0, 0.75, 0.9)  # official, old, from a list: how much the word counts (P)
_ANY_PLACE = re.compile(
    "社区|居民|老年|居家|养老|日间|照料|服务|中心|卫生|健康|文化|礼堂|活动|健身|广场|球场|篮球|运动|"
    "公园|图书|阅览|书房|书屋|书店|幼儿园|托育|便民|党群|便利店|超市|药店|药房|诊所|门诊|医院|驿站|"
    "综合|全民|百姓|多功能|公厕|菜场|农贸|市场|小区|[村站点室所院场苑馆园部家店堂厅屋]"
)
_SIMILAR = 88.0  # of 100: two names this alike are one, in the same community (P)


def _best_rank(picked: Picked, gazetteer: Gazetteer) -> Picked:
    """Prefer official addresses to old ones and to what lists say."""
    ranks = gazetteer.points["rank"].to_numpy(dtype=np.int64)[picked.rows]
    for rank in (0, 2, 1):
        if (ranks == rank).any():
            return replace(
                picked,
                rows=picked.rows[ranks == rank],
                factor=picked.factor * _RANKS[rank],
                doubts=(*picked.doubts, "old_address") if rank == 1 else picked.doubts,
            )
    return picked


def _of_points(
    picked: Picked, method: str, evidence: str, gazetteer: Gazetteer, factor: float = 1.0
) -> Candidate:
    picked = _best_rank(picked, gazetteer)
    xy = gazetteer.xy(picked.rows)
    at, share = middle(xy)
    sources = sorted({str(one) for one in gazetteer.points["source"].to_numpy()[picked.rows]})
    spread = ("several_places",) if share < 0.8 else ()
    return Candidate(
        x=float(xy[at, 0]),
        y=float(xy[at, 1]),
        confidence=SURE[method] * picked.factor * factor * share,
        method=method,
        evidence=f"{evidence} [{', '.join(sources)}]",
        doubts=(*picked.doubts, *spread),
    )


def at_doors(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """
    Find buildings, doors and names.

    Parameters
    ----------
    asked
        What the row says.
    gazetteer
        What is known.

    Yields
    ------
    candidate
        At most one of each way of finding, but one per spelling of a street nobody knows.
    """
    yield from _buildings(asked, gazetteer)
    yield from _addresses(asked, gazetteer)
    yield from _names(asked, gazetteer)


def _buildings(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    address = asked.address
    if not (address.estate and address.building):
        return
    rows = gazetteer.by_building.get((address.estate, address.building))
    if rows is None:
        return
    picked = fitting(rows, asked, gazetteer)
    if address.street and address.number is not None:
        points = gazetteer.points
        same = (points["street"].to_numpy(dtype=object)[picked.rows] == address.street) & (
            points["number"].to_numpy(dtype=object)[picked.rows] == address.number
        )
        if same.any():
            picked = replace(picked, rows=picked.rows[same])
        else:
            picked = replace(picked, factor=picked.factor * 0.85)
    yield _of_points(picked, "building", f"{address.estate}{address.building}幢", gazetteer)


def _addresses(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    address = asked.address
    if not address.street or address.number is None:
        return
    number = address.number
    for street, likeness in _spellings(address.street, number, asked, gazetteer):
        label = f"{street}{number}号"
        rows = gazetteer.by_number.get((street, number))
        if rows is not None:
            yield _of_points(fitting(rows, asked, gazetteer), "address", label, gazetteer, likeness)
        else:
            yield from _between(street, number, asked, gazetteer, likeness)


def _spellings(
    street: str, number: int, asked: Asked, gazetteer: Gazetteer
) -> list[tuple[str, float]]:
    """Give the street as known; else those one letter away that carry the number."""
    if street in gazetteer.by_street:
        return [(street, 1.0)]
    alike = []
    for known in sorted(gazetteer.by_street):
        if (
            Levenshtein.distance(street, known, score_cutoff=1) <= 1
            and known[-1] == street[-1]
            and min(len(known), len(street)) >= 3
            and (known, number) in gazetteer.by_number
        ):
            picked = fitting(gazetteer.by_number[known, number], asked, gazetteer)
            if not picked.doubts:
                alike.append(known)
    # Of two streets one letter away nobody knows which is meant.
    return [(known, 0.72 / len(alike)) for known in alike]


def _between(
    street: str, number: int, asked: Asked, gazetteer: Gazetteer, likeness: float
) -> Iterator[Candidate]:
    picked = fitting(gazetteer.by_street[street], asked, gazetteer)
    numbers = gazetteer.points["number"].to_numpy(dtype=np.float64)[picked.rows]
    rank = gazetteer.points["rank"].to_numpy(dtype=np.int64)[picked.rows]
    usable = np.isfinite(numbers) & (rank != 1)
    rows, numbers = picked.rows[usable], numbers[usable]
    side = numbers % 2 == number % 2
    same, numbers = rows[side], numbers[side]
    if not len(same):
        return
    label = f"{street}{number}号"
    below, above = numbers[numbers < number], numbers[numbers > number]
    if len(below) and len(above):
        low, high = below.max(), above.min()
        ends = [gazetteer.xy(same[numbers == one]) for one in (low, high)]
        (a, share_a), (b, share_b) = (middle(one) for one in ends)
        first, last = ends[0][a], ends[1][b]
        apart = float(np.hypot(*(last - first)))
        if high - low <= _NEAR_NUMBERS and apart <= 2 * WRONG_M:
            at = first + (last - first) * (number - low) / (high - low)
            sure = SURE["interpolated"] * (1 - 0.3 * apart / (2 * WRONG_M)) * min(share_a, share_b)
            yield Candidate(
                x=float(at[0]),
                y=float(at[1]),
                confidence=sure * picked.factor * likeness,
                method="interpolated",
                evidence=f"{label}: {low:.0f}号—{high:.0f}号",
                doubts=picked.doubts,
            )
            return
    nearest = float(numbers[np.argmin(np.abs(numbers - number))])
    if abs(nearest - number) <= _NEAREST_NUMBER:
        fade = 1 - 0.25 * abs(nearest - number) / _NEAREST_NUMBER
        one = _of_points(
            replace(picked, rows=same[numbers == nearest]),
            "nearest_number",
            f"{label}: {nearest:.0f}号",
            gazetteer,
            likeness * fade,
        )
        yield one


def _names(asked: Asked, gazetteer: Gazetteer) -> Iterator[Candidate]:
    name = asked.name
    if not name.key.strip("|"):
        return
    table = gazetteer.names
    rows, method = gazetteer.by_name.get((name.key, name.branch)), "name"
    if rows is None and name.community:
        rows, method = _similar(name, gazetteer), "similar_name"
    elif rows is not None and _says_nothing(name):
        rows = rows[(table["community"].to_numpy(dtype=object)[rows] == asked.community)]
        rows = rows if asked.community else rows[:0]
    if rows is None or not len(rows):
        return
    xy = table[["x", "y"]].to_numpy(dtype=np.float64)[rows]
    at, share = middle(xy)
    texts = table["text"].to_numpy(dtype=object)[rows]
    sources = sorted({str(one) for one in table["source"].to_numpy(dtype=object)[rows]})
    # 便利店 without a community may be anywhere.
    worth = 1.0 if name.community or name.subdistrict or name.estate else 0.9
    yield Candidate(
        x=float(xy[at, 0]),
        y=float(xy[at, 1]),
        confidence=SURE[method] * share * worth,
        method=method,
        evidence=f"{texts[at]} [{', '.join(sources)}]",
        doubts=("several_places",) if share < 0.8 else (),
    )


def _says_nothing(name: Name) -> bool:
    """Tell whether a name could be that of any place of its kind, as 卫生室 could."""
    if name.community or name.subdistrict or name.estate:
        return False
    return len(_ANY_PLACE.sub("", name.key.rpartition("|")[2])) < 2


def _similar(name: Name, gazetteer: Gazetteer) -> NDArray[np.intp]:
    table = gazetteer.names
    rows = np.flatnonzero(
        (table["community"] == name.community).to_numpy()
        & (table["branch"] == name.branch).to_numpy()
    )
    if not len(rows):
        return rows
    keys = table["key"].to_numpy(dtype=object)[rows]
    mine = name.key.rpartition("|")[2]
    scores = np.array([fuzz.ratio(mine, key.rpartition("|")[2]) for key in keys])
    best = scores.max()
    return rows[scores == best] if best >= _SIMILAR else rows[:0]
