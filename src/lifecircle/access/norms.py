"""
From norms to verdicts: so much of something per so many people, area by area and level by level.

Everything is summed, nothing averaged. What nobody knows is unknown: a size that is not written
down and a facility that is not on the list are no proof of a shortage.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.levels import Level, within
from lifecircle.access.measures import sum_by
from lifecircle.access.sizes import counting_of, sizes_of
from lifecircle.access.supply import KNOWN_SUPPLY, LOST_SHARE
from lifecircle.errors import MissingDataWarning
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned
from lifecircle.standards import Norm, Standard
from lifecircle.tables import LEVELS, NORMS

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Listing:
    """
    How whole the lists of facilities are.

    Parameters
    ----------
    complete
        Services whose list is declared complete.
    lost_shares
        Service to the share of its listed facilities that have no place.
    lost_rows
        Service to community id to the number of its facilities without a place; the key ``""``
        holds those of no known community.
    """

    complete: Collection[str] = ()
    lost_shares: Mapping[str, float] = field(default_factory=dict)
    lost_rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def judge_norms(
    standard: Standard,
    *,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    listing: Listing,
    people_known: bool = True,
) -> pd.DataFrame:
    """
    Judge every norm of a standard in every area of its level and of all larger ones.

    Parameters
    ----------
    standard
        The standard.
    homes, facilities
        Both sides. Facilities inside an area that can be used today are its supply, each place
        once.
    levels
        The areas.
    listing
        How whole the lists are.
    people_known
        Whether counts are of people; where they are of homes, nothing can be judged per people.

    Returns
    -------
    norms
        With the columns of `tables.NORMS`. `need` is what the people of the area need, `have` what
        is known to be there, `known` the share of its facilities whose size is known, those
        without a place counted as unknown; `share` is the part of the need that is met, missing
        with `short_by` where the verdict is ``unknown``. What is asked of every area is added up
        over the areas of the norm's level, where more in one does not make up for less in another.
        `verdict` is ``met``, ``short``, ``unknown`` or ``empty`` (nobody of the group).

    Warns
    -----
    MissingDataWarning
        Naming the norms of a group nobody counts.

    Notes
    -----
    Short is ``unknown`` where the list of the service is not declared complete, lost more than
    `LOST_SHARE` of its rows, or gives sizes for under 80 % (P) of the facilities of the area.
    """
    blocks = []
    uncounted = sorted(
        f"{norm.id} ({norm.of})"
        for norm in standard.norms
        if norm.per is not None and np.isnan(people_of(homes.table, norm.of)).any()
    )
    if uncounted:
        warnings.warn(
            f"nobody counts whom {', '.join(uncounted)} speaks of: these norms are not judged "
            "(give their number in the table of people)",
            MissingDataWarning,
            stacklevel=2,
        )
    for norm in standard.norms:
        judged = [one for one in levels if LEVELS.index(one.name) >= LEVELS.index(norm.level)]
        blocks += [
            _norm(norm, level, judged[0], homes, facilities, levels, listing, people_known)
            for level in judged
        ]
    if not blocks:
        return pd.DataFrame(columns=list(NORMS))
    return pd.concat(blocks, ignore_index=True)[list(NORMS)]


def _norm(
    norm: Norm,
    level: Level,
    base: Level,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    listing: Listing,
    people_known: bool,  # noqa: FBT001
) -> pd.DataFrame:
    n = len(level.area_id)
    places = sizes_of(
        facilities.table, counting_of(facilities.table, norm.service, norm.types), norm.measure
    )
    area = _inside(level, levels)[places.row]
    sized = np.isfinite(places.size)
    have = sum_by(np.nan_to_num(places.size), area, n)
    count = sum_by(np.ones(len(area)), area, n)
    lost = _lost(listing.lost_rows.get(norm.service, {}), level, levels)
    with np.errstate(invalid="ignore", divide="ignore"):
        known = sum_by(sized.astype(np.float64), area, n) / (count + lost)
    people = people_of(homes.table, norm.of)
    counted = people_known and not np.isnan(people).any()
    lived = sum_by(np.ones(len(homes)), level.of_home, n)
    if norm.per is not None:
        here = sum_by(people, level.of_home, n)
        need = norm.at_least * here / norm.per if counted else np.full(n, np.nan)
        short_by = np.maximum(need - have, 0.0)
    else:
        counted = True
        need, short_by = _per_area(
            norm, level, base, homes, _inside(base, levels)[places.row], places.size
        )
    empty = need <= 0 if counted else lived <= 0
    verdict = np.where(short_by <= _ROUNDING * need, "met", "short").astype(object)
    sure = (
        counted
        and norm.service in listing.complete
        and listing.lost_shares.get(norm.service, 0.0) <= LOST_SHARE
    )
    # Nobody on a complete list is nobody; a list that lost rows of this area is not complete here.
    doubtful = (known < KNOWN_SUPPLY - _ROUNDING) | ((count == 0) & (lost > 0))
    verdict[(verdict == "short") & (doubtful | (not sure))] = "unknown"
    verdict[empty] = "empty"
    open_ = np.isin(verdict, ("unknown", "empty"))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(open_, np.nan, 1.0 - short_by / need)
    unsized = (count > 0) & (sum_by(sized.astype(np.float64), area, n) == 0)
    return pd.DataFrame(
        {
            "level": level.name,
            "area_id": level.area_id,
            "area_name": level.area_name,
            "service": norm.service,
            "norm": norm.id,
            "measure": norm.measure,
            "have": np.where(unsized, np.nan, have),
            "need": need,
            "share": share,
            "facilities": count,
            "known": known,
            "verdict": verdict,
            "short_by": np.where(open_, np.nan, short_by),
            "obligation": norm.obligation,
            "clause": norm.clause,
        }
    )


def _per_area(
    norm: Norm,
    level: Level,
    base: Level,
    homes: Pinned,
    area: NDArray[np.int32],
    size: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up what every inhabited area of the norm's own level needs and lacks."""
    areas = len(base.area_id)
    lived = sum_by(np.ones(len(homes)), base.of_home, areas) > 0
    have = sum_by(np.nan_to_num(size), area, areas)
    need = np.where(lived, norm.at_least, 0.0)
    lacking = np.maximum(need - have, 0.0)
    if base is level:
        return need, lacking
    inside = within(base, level).astype(np.int32)
    n = len(level.area_id)
    return sum_by(need, inside, n), sum_by(lacking, inside, n)


def _inside(level: Level, levels: tuple[Level, ...]) -> NDArray[np.int32]:
    """Give the area of each facility; what stands beyond every community is no area's supply."""
    communities = next(one for one in levels if one.name == "community")
    return np.where(communities.of_facility >= 0, level.of_facility, np.int32(-1))


def _lost(rows: Mapping[str, int], level: Level, levels: tuple[Level, ...]) -> NDArray[np.float64]:
    """Count the facilities without a place in every area they can be told to belong to."""
    lost = np.zeros(len(level.area_id))
    communities = next(one for one in levels if one.name == "community")
    inside = within(communities, level)
    position = {area_id: at for at, area_id in enumerate(communities.area_id)}
    for community_id, count in rows.items():
        at = position.get(community_id, -1)
        if level.name == "study":
            lost[0] += count
        elif level is communities and at >= 0:
            lost[at] += count
        elif at >= 0 and inside[at] >= 0:
            lost[inside[at]] += count
    return lost
