"""
From norms and loads to gaps of size (规模不足): what is there, but too little or too crowded.

Only a norm that must be met makes such a gap, in a community or unit, and only where the data say
enough; nothing here changes a gap of access.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.levels import Level
from lifecircle.access.sizes import counting_of, sizes_of
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.gaps.marks import gap_id, middle_of
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Norm, Standard
from lifecircle.standards.describe import amount, norm_words
from lifecircle.tables import GAPS

FEWEST_SHORT = 100.0
"""Fewest people without their share of a norm that make a gap, as for requirements (P)."""

SURE = 0.9
"""Confidence of a verdict on a complete list, times the share of its sizes that are known (P)."""

PERTURBED = 0.1
"""A verdict is robust when supply larger by 10 % leaves it as it is (P)."""

_LISTED = 5


def add_size_gaps(
    gaps: Gaps,
    standard: Standard,
    norms: pd.DataFrame,
    loads: pd.DataFrame,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    communities: gpd.GeoDataFrame,
    levels: tuple[Level, ...],
    listed: frozenset[str],
    language: str = "en",
) -> Gaps:
    """
    Put gaps of size into a gap list.

    Parameters
    ----------
    gaps
        Gaps of access; left as they are but for their priorities.
    standard
        The standard.
    norms
        `tables.NORMS`: every norm judged in every area.
    loads
        `tables.LOADS`: the people who depend on each facility.
    reaches
        Requirement id to its reach.
    homes, facilities
        Both sides.
    communities
        `tables.COMMUNITIES`.
    levels
        The areas.
    listed
        Services whose list is complete enough to speak of too many people to a facility.
    language
        ``zh`` or ``en``: of what is required and what is there.

    Returns
    -------
    gaps
        With rows of the kind ``size``. Reason ``undersized``: a norm that must be met falls short
        in a community or unit; people short are the people of the group beyond what the supply
        serves. Reason ``over_capacity``: so many people of a community depend on facilities
        crowded beyond such a norm. A unit's gap stands at its largest community. Fewer than
        `FEWEST_SHORT` people make no gap.
    """
    rows: list[dict[str, object]] = []
    for norm in standard.norms:
        if norm.obligation != "must" or norm.level not in ("community", "unit"):
            continue
        people = people_of(homes.table, norm.of)
        level = next((one for one in levels if one.name == norm.level), None)
        if level is None or np.isnan(people).any():
            continue
        mine = norms[(norms["norm"] == norm.id) & (norms["level"] == norm.level)]
        verdicts = mine.set_index("area_id")
        crowded = (
            _crowded(norm, loads, reaches, people, facilities, level)
            if norm.service in listed
            else np.zeros(len(level.area_id))
        )
        for position, area_id in enumerate(level.area_id):
            row = _row(
                norm,
                verdicts.loc[area_id],
                float(crowded[position]),
                people,
                np.flatnonzero(level.of_home == position),
                homes,
            )
            if row is None:
                continue
            at = level.of_facility == position
            row |= _place(str(row.pop("heart")), communities)
            row |= {
                "gap_id": gap_id(area_id, norm.id),
                "existing": _existing(norm, facilities, at, language),
                "required": _required(norm, float(verdicts.loc[area_id, "need"]), language),
            }
            if row["reason"] == "undersized":
                row["lacking"] = amount(norm, float(verdicts.loc[area_id, "short_by"]), language)
            rows.append(row)
    if not rows:
        return gaps
    sizes = pd.DataFrame(rows, columns=list(GAPS))
    kept = [frame for frame in (gaps.table, sizes) if len(frame)]
    table = pd.concat([frame.astype(object) for frame in kept], ignore_index=True)
    table = table.astype({name: gaps.table[name].dtype for name in GAPS} if len(gaps) else {})
    table = table.sort_values(["people_short", "gap_id"], ascending=[False, True])
    counted = (table["reason"] != "no_data").to_numpy()
    table["priority"] = np.where(counted, np.cumsum(counted), np.nan)
    return replace(gaps, table=table.reset_index(drop=True))


def _crowded(
    norm: Norm,
    loads: pd.DataFrame,
    reaches: Mapping[str, Reach],
    people: NDArray[np.float64],
    facilities: Pinned,
    level: Level,
) -> NDArray[np.float64]:
    """Count the people of each area beyond what the crowded facilities they depend on serve."""
    over = loads[(loads["norm"] == norm.id) & loads["over"].eq(other=True)]
    position = pd.Index(facilities.table["facility_id"])
    beyond = np.zeros(len(level.area_id))
    for requirement, mine in over.groupby("requirement"):
        reach = reaches[str(requirement)]
        excess = np.zeros(len(facilities))
        excess[position.get_indexer(mine["facility_id"])] = 1.0 - 1.0 / mine["load"]
        at = reach.covered & (reach.facility >= 0) & (level.of_home >= 0)
        beyond += np.bincount(
            level.of_home[at],
            weights=people[at] * excess[reach.facility[at]],
            minlength=len(beyond),
        )
    return beyond


def _row(
    norm: Norm,
    verdict: pd.Series,
    crowded: float,
    people: NDArray[np.float64],
    living: NDArray[np.int64],
    homes: Pinned,
) -> dict[str, object] | None:
    """Describe one gap, or nothing where too few people are concerned."""
    total = float(people[living].sum())
    short = total * (1.0 - float(verdict["share"])) if verdict["verdict"] == "short" else 0.0
    # Where too little is known to say what stands here, nobody knows who walks on to it either.
    told = [("undersized", short), ("over_capacity", crowded)] * (verdict["verdict"] != "unknown")
    told = [(code, count) for code, count in told if count >= FEWEST_SHORT]
    if not told or total <= 0:
        return None
    reason, count = told[0]
    there = people[living] > 0
    by_community = (
        pd.Series(people[living])
        .groupby(homes.table["community_id"].to_numpy(dtype=object)[living])
        .sum()
    )
    lon, lat = middle_of(homes.table, people, living[there])
    known = float(verdict["known"]) if pd.notna(verdict["known"]) else 1.0
    more = (1 + PERTURBED) * float(np.nan_to_num(verdict["have"]))
    steady = reason == "over_capacity" or more < float(verdict["need"])
    return {
        "heart": by_community.sort_index().idxmax(),
        "service": norm.service,
        "requirement": norm.id,
        "obligation": norm.obligation,
        "group": norm.of,
        "kind": "size",
        "reason": reason,
        "reasons": "; ".join(f"{code} {amount_:.0f}" for code, amount_ in told),
        "people": total,
        "people_short": count,
        "remedy": "extend" if verdict["facilities"] > 0 or reason == "over_capacity" else "new",
        "clause": norm.clause,
        "confidence": SURE * known,
        "robust": "robust" if steady else "marginal",
        "lon": lon,
        "lat": lat,
    }


def _place(community_id: str, communities: gpd.GeoDataFrame) -> dict[str, object]:
    mine = communities[communities["community_id"] == community_id].iloc[0]
    return {
        "community_id": community_id,
        "community": mine["name"],
        "subdistrict": mine["subdistrict"],
        "unit_id": mine["unit_id"],
    }


def _existing(norm: Norm, facilities: Pinned, at: NDArray[np.bool_], language: str) -> str:
    """Name what there is, with its sizes."""
    table = facilities.table
    places = sizes_of(table, counting_of(table, norm.service, norm.types) & at, norm.measure)
    texts = []
    for row, size in zip(places.row, places.size, strict=True):
        name = table["name"].iloc[row]
        said = str(name) if isinstance(name, str) and name else "×1"
        if norm.measure != "facilities":
            said += f" {amount(norm, float(size), language)}" if np.isfinite(size) else " ?"
        texts.append(said)
    shown = "; ".join(sorted(texts)[:_LISTED])
    return shown + (f" … (+{len(texts) - _LISTED})" if len(texts) > _LISTED else "")


def _required(norm: Norm, need: float, language: str) -> str:
    words = norm_words(norm, language)
    if norm.per is None:
        return words
    total = amount(norm, need, language)
    return f"{words}（共需{total}）" if language == "zh" else f"{words} ({total} in all)"
