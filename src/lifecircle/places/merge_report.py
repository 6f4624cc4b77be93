"""
What became of the rows of several lists -> the tables a planner checks a merge by.

Every row of a list is used, merged or in doubt; which, and why, stands here.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.places.merge_evidence import Entry

REPORT_COLUMNS = (
    *("facility_id", "name", "service", "type", "status", "decision", "lists", "members"),
    *("distance_m", "evidence"),
)
"""
Columns of the report of a merge: `lists` and `members` are separated by ``; ``, `distance_m` is how
far the farthest row is from the place that is kept, `evidence` holds codes separated by ``;``.
"""
PAIR_COLUMNS = ("list_a", "list_b", "both", "only_a", "only_b")
"""Columns of the counts of every two lists."""
FEWEST, COVERS_SHARE = 3, 0.1
"""A list is about a service it has so many places of, or that share of its places (P)."""


def doubts_of(
    table: gpd.GeoDataFrame,
    entries: list[Entry],
    groups: list[list[int]],
    doubts: list[tuple[int, int, float, str]],
) -> pd.DataFrame:
    """
    Write down the pairs that stay apart.

    Parameters
    ----------
    table
        The united facilities, one row per group.
    entries
        The rows of all lists.
    groups
        Positions of the rows of each facility, the first of them the one that is kept.
    doubts
        Pairs of rows, how far apart they are [m], and why they may be one place.

    Returns
    -------
    report
        `REPORT_COLUMNS`, one row per pair, ``decision`` ``doubtful``.
    """
    where = {at: place for place, group in enumerate(groups) for at in group}
    records = table.to_dict("records")
    rows = []
    for a, b, apart, said in doubts:
        one, other = sorted((where[a], where[b]))
        first, second = records[one], records[other]
        rows.append(
            (
                *(first[name] for name in REPORT_COLUMNS[:5]),
                "doubtful",
                "; ".join(
                    dict.fromkeys(
                        (entries[groups[one][0]].source, entries[groups[other][0]].source)
                    )
                ),
                "; ".join(
                    f"{each['facility_id']} {each['name'] or ''}".strip()
                    for each in (first, second)
                ),
                round(apart, 1),
                said,
            )
        )
    return pd.DataFrame(rows, columns=list(REPORT_COLUMNS))


def counts_of(
    rows: gpd.GeoDataFrame, entries: list[Entry], groups: list[list[int]], left: NDArray[np.bool_]
) -> tuple[dict[str, int], dict[str, int]]:
    """
    Count what became of the rows of each list.

    Parameters
    ----------
    rows
        `tables.FACILITIES` of all lists.
    entries, groups
        As for `doubts_of`.
    left
        Which groups are left in doubt, shape (groups,).

    Returns
    -------
    merged, doubtful
        List to the number of its rows of which nothing is kept, and of which all that is kept is
        in doubt.
    """
    places = rows["place_id"].where(rows["place_id"].notna(), rows["facility_id"])
    kept = {group[0] for group in groups}
    sure = {group[0] for group, doubt in zip(groups, left, strict=True) if not doubt}
    of_place: dict[tuple[str, str], list[int]] = {}
    for at, place in enumerate(places):
        of_place.setdefault((entries[at].source, str(place)), []).append(at)
    merged = dict.fromkeys(sorted({one.source for one in entries}), 0)
    doubtful = dict(merged)
    for (source, _), members in of_place.items():
        if not any(at in kept for at in members):
            merged[source] += 1
        elif not any(at in sure for at in members):
            doubtful[source] += 1
    return merged, doubtful


def pairs_of(entries: list[Entry], groups: list[list[int]]) -> pd.DataFrame:
    """
    Count for every two lists what both have and what one has alone.

    Parameters
    ----------
    entries, groups
        As for `doubts_of`.

    Returns
    -------
    pairs
        `PAIR_COLUMNS`, of the services both lists are about; no row where they share none.
    """
    lists = list(dict.fromkeys(one.source for one in entries))
    services = _spoken_for(entries)
    rows = []
    for a, b in combinations(lists, 2):
        common = services[a] & services[b]
        has = [
            {entries[at].source for at in group}
            for group in groups
            if entries[group[0]].service in common
        ]
        both = sum(a in one and b in one for one in has)
        only = [sum(x in one and y not in one for one in has) for x, y in ((a, b), (b, a))]
        if common:
            rows.append((a, b, both, *only))
    return pd.DataFrame(rows, columns=list(PAIR_COLUMNS))


def told_of(report: pd.DataFrame, entries: list[Entry]) -> pd.DataFrame:
    """
    Leave out single places of services that only maps know.

    Parameters
    ----------
    report
        `REPORT_COLUMNS`.
    entries
        The rows of all lists.

    Returns
    -------
    report
        The rows that are left.
    """
    bureaus = {one.source for one in entries if one.origin == "bureau"}
    spoken = _spoken_for(entries)
    listed = set().union(*(spoken[name] for name in bureaus))
    tell = report["decision"].ne("single") | report["service"].isin(listed)
    return report[tell].reset_index(drop=True)


def _spoken_for(entries: list[Entry]) -> dict[str, set[str]]:
    """Find the services a list is about: one pharmacy among seventy stations is none."""
    counts = Counter((one.source, one.service) for one in entries)
    sizes = Counter(one.source for one in entries)
    found: dict[str, set[str]] = {name: set() for name in sizes}
    for (name, service), count in counts.items():
        if count >= FEWEST or count >= COVERS_SHARE * sizes[name]:
            found[name].add(service)
    return found
