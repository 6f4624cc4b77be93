"""
Facilities of several lists and of the map -> one table in which every place stands once.

Bureaus go before map services, those before the map, and an earlier list before a later one. What
is not sure stays apart and is told; every row ends up used, merged or in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.places.merge_evidence import (
    DOOR_M,
    ORIGINS,
    SAME_PLACE_M,
    Entry,
    branches_differ,
    door_evidence,
    entries_of,
    like,
    sure_evidence,
)
from lifecircle.places.merge_report import REPORT_COLUMNS, counts_of, doubts_of, pairs_of, told_of
from lifecircle.places.place_names import same_name
from lifecircle.tables import FACILITIES, check

RUN_BY_ANYBODY = (
    "medical.clinic",
    "fitness.hall",
    "culture.venue",
    "elder_care.activity",
    "daily.market",
    "daily.shop",
    "daily.pharmacy",
)
"""Types no bureau lists in full: one that only a map shows counts all the same (P)."""

_STRENGTH = ("same_row", "same_address_and_size", "same_name", "former_name", "nearby", "same_door")
_FILLED = (
    *("name", "open_to", "floor_m2", "site_m2", "beds", "places", "hours", "open_workdays"),
    *("open_weekends", "owner", "address", "note", "opens"),
)
_NOT_FROM = "unconfirmed"


@dataclass(frozen=True, kw_only=True)
class Merged:
    """
    What several lists become together.

    Parameters
    ----------
    table
        `tables.FACILITIES`, one row per place and service, by id; `source` names every list that
        has it, separated by ``; ``.
    report
        `merge_report.REPORT_COLUMNS`: a row for every facility of a service that some bureau's
        list has, and one (`decision` ``doubtful``) for every two that may be one.
    pairs
        `merge_report.PAIR_COLUMNS`: of every two lists, how many facilities of the services both
        have are in both, or in one only.
    merged, doubtful
        List to the number of its rows that went into another's, and that are left in doubt.
    """

    table: gpd.GeoDataFrame
    report: pd.DataFrame
    pairs: pd.DataFrame
    merged: Mapping[str, int]
    doubtful: Mapping[str, int]


def merge_facilities(
    given: gpd.GeoDataFrame,
    mapped: gpd.GeoDataFrame,
    *,
    complete: Collection[str] = (),
    area: shapely.Geometry | None = None,
) -> Merged:
    """
    Make one table of facilities of lists and of the map.

    Parameters
    ----------
    given
        `tables.FACILITIES` of all lists, in the order of the lists, in a metric system.
    mapped
        The same of the map.
    complete
        Services whose lists are declared complete: a place inside `area` that no bureau has is
        left in doubt (status ``unconfirmed``) unless its type is of `RUN_BY_ANYBODY`.
    area
        Where the lists are complete; None for everywhere.

    Returns
    -------
    merged
        The table and what was done.

    Notes
    -----
    Two rows of a service are one place where their names agree (same owner, same kind, same
    branch) and they are no farther apart than both may be off (`ERROR_M`); where a note says
    the other's name; where one has no name, a type is the same and both are within
    `SAME_PLACE_M`; within a list where address and size are the same, or all of the row. Two
    names at one door of one owner are one place if neither has a namesake in the other's list.
    Each attribute is that of the first list that has it; the place is the surest one.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from lifecircle.places.merging import merge_facilities
    >>> def rows(source, origin, names, x):
    ...     return gpd.GeoDataFrame(
    ...         {"facility_id": [f"{origin}{at}" for at in range(len(x))], "place_id": None,
    ...          "name": names, "service": "medical", "type": "medical.station",
    ...          "origin": origin, "source": source},
    ...         geometry=gpd.points_from_xy(x, [0.0] * len(x)), crs="EPSG:4528")
    >>> bureau = rows("health.xlsx", "bureau", ["临江社区卫生服务站"], [0.0])
    >>> pois = rows("poi.csv", "poi", ["临江卫生服务站", "白荡村卫生室"], [20.0, 900.0])
    >>> merged = merge_facilities(bureau, pois)
    >>> merged.table[["facility_id", "source"]].values.tolist()
    [['bureau0', 'health.xlsx; poi.csv'], ['poi1', 'poi.csv']]
    """
    parts = [part for part in (given, mapped) if len(part)]
    rows = gpd.GeoDataFrame(
        pd.concat(parts or [given], ignore_index=True), geometry="geometry", crs=given.crs
    )
    rows = check(rows, FACILITIES, where="facilities")
    entries = entries_of(rows)
    order = _ranked(rows, entries)
    groups, evidence, doubts = _grouped(entries, order)
    table, report = _united(rows, entries, groups, evidence)
    inside = (
        np.ones(len(table), dtype=bool)
        if area is None
        else np.asarray(shapely.intersects(area, table.geometry.to_numpy()), dtype=bool)
    )
    listed = np.array(
        [any(entries[at].origin == "bureau" for at in group) for group in groups], dtype=bool
    )
    left = ~listed & inside & table["service"].isin(tuple(complete)).to_numpy()
    left &= ~table["type"].isin(RUN_BY_ANYBODY).to_numpy()
    left &= table["status"].fillna("existing").eq("existing").to_numpy()
    table.loc[left, "status"] = _NOT_FROM
    report["status"] = table["status"].to_numpy()
    report.loc[left, "decision"] = _NOT_FROM
    told = doubts_of(table, entries, groups, doubts)
    report = pd.concat([report, told], ignore_index=True) if len(told) else report
    merged, doubtful = counts_of(rows, entries, groups, left)
    return Merged(
        table=check(
            table.sort_values("facility_id", kind="stable"), FACILITIES, where="facilities"
        ),
        report=told_of(report, entries),
        pairs=pairs_of(entries, groups),
        merged=merged,
        doubtful=doubtful,
    )


def _ranked(rows: gpd.GeoDataFrame, entries: list[Entry]) -> list[int]:
    """Order rows by who says so, then by list and row; position in the table is the last."""
    return sorted(range(len(rows)), key=lambda at: (ORIGINS.index(entries[at].origin), at))


def _grouped(
    entries: list[Entry], order: list[int]
) -> tuple[list[list[int]], dict[int, set[str]], list[tuple[int, int, float, str]]]:
    """Group what is one place: groups by rank, evidence by first row, and doubtful pairs."""
    rank = {at: place for place, at in enumerate(order)}
    near = _near(entries)
    sure = [
        (_STRENGTH.index(said), apart, min(rank[a], rank[b]), max(rank[a], rank[b]), a, b, said)
        for a, b, apart in near
        if (said := sure_evidence(entries[a], entries[b], apart))
    ]
    group = {at: [at] for at in range(len(entries))}
    told: dict[int, set[str]] = {at: set() for at in range(len(entries))}
    for *_, a, b, said in sorted(sure):
        _join(group, told, entries, a, b, said)
    doors: dict[tuple[int, int], list[tuple[float, int, int]]] = {}
    for a, b, apart in near:
        if group[a] is not group[b] and door_evidence(entries[a], entries[b], apart):
            key = tuple(sorted((group[a][0], group[b][0])))
            doors.setdefault((key[0], key[1]), []).append((apart, a, b))
    # Another name is believed only where no third could be meant.
    meant = Counter(at for key in doors for at in key)
    for key, hits in sorted(doors.items()):
        if all(meant[at] == 1 for at in key):
            _, a, b = min(hits)
            _join(group, told, entries, a, b, "same_door")
    doubts = _doubtful(entries, near, group)
    firsts: dict[int, list[int]] = {}
    for members in group.values():
        ordered = sorted(members, key=rank.__getitem__)
        firsts[ordered[0]] = ordered
    groups = [firsts[at] for at in order if at in firsts]
    return groups, {one[0]: set().union(*(told[at] for at in one)) for one in groups}, doubts


def _near(entries: list[Entry]) -> list[tuple[int, int, float]]:
    """Pair entries of one service that may be one place, with how far apart they are."""
    found = []
    for service in sorted({one.service for one in entries}):
        ours = [one for one in entries if one.service == service]
        shapes = np.array([one.shape for one in ours], dtype=object)
        error = np.array([one.error_m for one in ours])
        left, right = shapely.STRtree(shapes).query(
            shapes, predicate="dwithin", distance=max(2.0 * error.max(), DOOR_M)
        )
        left, right = left[left < right], right[left < right]
        # Maps repeat no door, and OSM was cleaned of doubles when it was read.
        origin = np.array([ORIGINS.index(one.origin) for one in ours])
        same = origin[left] == origin[right]
        door = np.where(same & (origin[left] > 0), 0.0, DOOR_M)
        apart = shapely.distance(shapes[left], shapes[right])
        close = apart <= np.maximum(door, error[left] + error[right])
        close &= ~(same & (origin[left] == ORIGINS.index("osm")))
        found += [
            (ours[a].at, ours[b].at, float(far))
            for a, b, far in zip(left[close], right[close], apart[close], strict=True)
        ]
    return found


def _join(
    group: dict[int, list[int]],
    told: dict[int, set[str]],
    entries: list[Entry],
    a: int,
    b: int,
    said: str,
) -> None:
    """Make two groups one unless they hold what cannot be one place."""
    one, other = group[a], group[b]
    if one is other:
        told[a].add(said)
        return
    for left in one:
        for right in other:
            if branches_differ(entries[left], entries[right]):
                return
            twice = entries[left].source == entries[right].source
            if twice and said not in ("same_row", "same_address_and_size"):
                return
    one.extend(other)
    for at in other:
        group[at] = one
    told[a].add(said)


def _doubtful(
    entries: list[Entry], near: list[tuple[int, int, float]], group: dict[int, list[int]]
) -> list[tuple[int, int, float, str]]:
    """Pair what may be one place and stays two."""
    doubts = []
    seen: set[tuple[int, int]] = set()
    for a, b, apart in sorted(near, key=lambda pair: (pair[2], pair[0], pair[1])):
        one, other = entries[a], entries[b]
        key = (min(group[a][0], group[b][0]), max(group[a][0], group[b][0]))
        if group[a] is group[b] or key in seen or one.source == other.source:
            continue
        if {entries[at].source for at in group[a]} & {entries[at].source for at in group[b]}:
            continue  # a list that has both knows them apart
        alike = like(one, other) or one.origin != other.origin
        if apart <= SAME_PLACE_M and alike and not branches_differ(one, other):
            seen.add(key)
            doubts.append((a, b, apart, "near_other_name"))
    by_name: dict[tuple[str, str], list[int]] = {}
    for one in entries:
        if one.name.kind and one.name.head:
            by_name.setdefault((one.service, one.name.head), []).append(one.at)
    for members in by_name.values():
        for a, b in combinations(members, 2):
            one, other = entries[a], entries[b]
            key = (min(group[a][0], group[b][0]), max(group[a][0], group[b][0]))
            if group[a] is group[b] or key in seen or not same_name(one.name, other.name):
                continue
            if not like(one, other):
                continue  # a canteen has the name of the day care it is in
            if one.source == other.source and one.origin != "bureau":
                continue  # a chain has many shops of one name
            seen.add(key)
            apart = float(shapely.distance(one.shape, other.shape))
            doubts.append((a, b, apart, "same_name_apart"))
    return doubts


def _united(
    rows: gpd.GeoDataFrame,
    entries: list[Entry],
    groups: list[list[int]],
    evidence: Mapping[int, set[str]],
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Take of every group the first row, filled up by the others."""
    records = rows.to_dict("records")
    best = _best_places(records, entries, groups)
    kept, report = [], []
    for group in groups:
        first = dict(records[group[0]])
        said = set(evidence[group[0]])
        for column in _FILLED:
            first[column] = next(
                (records[at][column] for at in group if pd.notna(records[at][column])), None
            )
        stands = [_status(records[at], entries[at]) for at in group]
        first["status"] = next((one for one in stands if one is not None), "existing")
        if len({one or "existing" for one in stands}) > 1:
            said.add("status_differs")
        top = [at for at in group if entries[at].origin == entries[group[0]].origin]
        sure = max(top, key=lambda at: (records[at]["confidence"], -group.index(at)))
        first["type"], first["rule"] = records[sure]["type"], records[sure]["rule"]
        first["confidence"] = max(
            (records[at]["confidence"] for at in group if records[at]["type"] == first["type"]),
            default=first["confidence"],
        )
        place = records[best[group[0]]]
        for column in ("geometry", "placed", "place_confidence"):
            first[column] = place[column]
        sources = list(dict.fromkeys(entries[at].source for at in group))
        first["source"] = "; ".join(sources)
        kept.append(first)
        apart = [float(shapely.distance(entries[at].shape, first["geometry"])) for at in group]
        report.append(
            (
                *(first[name] for name in REPORT_COLUMNS[:5]),
                "merged" if len(group) > 1 else "single",
                first["source"],
                "; ".join(
                    f"{records[at]['facility_id']} {records[at]['name'] or ''}".strip()
                    for at in group
                ),
                round(max(apart), 1) if len(group) > 1 else np.nan,
                ";".join(sorted(said)),
            )
        )
    table = gpd.GeoDataFrame(
        pd.DataFrame(kept, columns=list(rows.columns)), geometry="geometry", crs=rows.crs
    )
    for column, kind in rows.dtypes.items():
        if column != "geometry":
            table[column] = table[column].astype(kind)
    return table, pd.DataFrame(report, columns=list(REPORT_COLUMNS))


def _best_places(
    records: list[dict[Hashable, Any]], entries: list[Entry], groups: list[list[int]]
) -> dict[int, int]:
    """Find the row whose place is the surest; all that a place offers stands at one spot."""
    of_place: dict[str, list[int]] = {}
    for group in groups:
        first = records[group[0]]
        of_place.setdefault(str(first["place_id"] or first["facility_id"]), []).extend(group)
    best = {}
    for group in groups:
        first = records[group[0]]
        members = of_place[str(first["place_id"] or first["facility_id"])]
        best[group[0]] = min(
            members, key=lambda at: (entries[at].error_m, ORIGINS.index(entries[at].origin), at)
        )
    return best


def _status(record: Mapping[Hashable, Any], entry: Entry) -> str | None:
    status = record["status"]
    if isinstance(status, str):
        return status
    return "existing" if entry.origin == "bureau" else None
