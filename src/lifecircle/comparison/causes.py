"""
Walks of two runs -> for every home that gained or lost a service, what made the difference.

A home that lost it was covered by a facility: is that one still there, unmoved and counted, then
only the way to it can have changed. A home that gained it is asked the same backwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.comparison.areas import area_of_community
from lifecircle.comparison.facilities import MOVED_M, BothFacilities
from lifecircle.comparison.homes import BothHomes
from lifecircle.comparison.run import Run
from lifecircle.reach.matrix import counting_facilities, limit_units
from lifecircle.standards import Requirement

CAUSES = ("areas", "facilities", "streets", "other")
"""What can change a home's cover, in the order the changes are told."""


@dataclass(frozen=True, kw_only=True)
class Causes:
    """
    One requirement's cover in two runs.

    Parameters
    ----------
    before, after
        Whether each home is covered in A and in B, shape (homes,); a home that is in one run
        only is covered as it is there.
    cause
        One of `CAUSES` where `before` and `after` differ, else None.
    run, row
        The facility that decides: its run (0 or 1) and row; row -1 where there is none.
    """

    before: NDArray[np.bool_]
    after: NDArray[np.bool_]
    cause: NDArray[np.object_]
    run: NDArray[np.int64]
    row: NDArray[np.int64]


def causes_of(
    requirement: Requirement, runs: tuple[Run, Run], homes: BothHomes, facilities: BothFacilities
) -> Causes:
    """
    Say what changed the cover of each home.

    Parameters
    ----------
    requirement
        Asked alike in both runs.
    runs
        A and B.
    homes, facilities
        Of both runs.

    Returns
    -------
    causes
        ``other`` only where several places are counted and facilities and streets both changed:
        then nothing saved can tell which of them did it.
    """
    covered = [
        homes.taken(run, _covered(requirement, homes.tables[run]), missing=False) for run in (0, 1)
    ]
    there = homes.rows >= 0
    before = np.where(there[:, 0], covered[0], covered[1]).astype(bool)
    after = np.where(there[:, 1], covered[1], covered[0]).astype(bool)
    changed = np.flatnonzero(before != after)
    deciding = np.where(before, 0, 1).astype(np.int64)  # who lost asks A, who gained asks B
    row = np.full(len(homes), -1, dtype=np.int64)
    cause = np.full(len(homes), None, dtype=object)
    if len(changed) == 0:
        return Causes(before=before, after=after, cause=cause, run=deciding, row=row)
    counting = tuple(counting_facilities(requirement, table) for table in facilities.tables)
    touched = tuple(_touched(facilities, run, counting) for run in (0, 1))
    parts = tuple(_parts(requirement, run) for run in runs)
    same_streets = runs[0].streets == runs[1].streets
    any_touched = any(bool((counting[run] & touched[run]).any()) for run in (0, 1))
    for run in (0, 1):
        named = homes.tables[run][f"{requirement.id}_facility_id"].to_numpy(dtype=object)
        place = pd.Index(facilities.tables[run]["facility_id"]).get_indexer(named)
        mine = changed[deciding[changed] == run]
        row[mine] = homes.taken(run, place.astype(np.int64), missing=-1)[mine]
        for at in mine.tolist():
            one = int(row[at])
            if one < 0:
                cause[at] = "other"
            elif touched[run][one]:
                cause[at] = "facilities"
            elif _parted(requirement, parts, homes, facilities, at, run, one):
                cause[at] = "areas"
            elif not requirement.counts or not any_touched:
                cause[at] = "streets"
            else:
                cause[at] = "facilities" if same_streets else "other"
    return Causes(before=before, after=after, cause=cause, run=deciding, row=row)


def _covered(requirement: Requirement, homes: pd.DataFrame) -> NDArray[np.bool_]:
    unit = "s" if requirement.minutes is not None else "m"
    walk = np.asarray(homes[f"{requirement.id}_{unit}"], dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.round(walk * 100) <= limit_units(requirement))


def _touched(
    facilities: BothFacilities, run: int, counting: tuple[NDArray[np.bool_], ...]
) -> NDArray[np.bool_]:
    """Tell facilities that the other run lacks, does not count, or has elsewhere or for others."""
    partner = facilities.partner[run]
    touched = partner < 0
    there = np.flatnonzero(~touched)
    other = partner[there]
    mine, theirs = facilities.tables[run], facilities.tables[1 - run]
    open_to = [one["open_to"].fillna("anyone").to_numpy(dtype=object) for one in (mine, theirs)]
    touched[there] = (
        ~counting[1 - run][other]
        | (facilities.moved_m[run][there] > MOVED_M)
        | (open_to[0][there] != open_to[1][other])
    )
    return touched


def _parts(requirement: Requirement, run: Run) -> dict[object, object]:
    """Name the area a requirement serves, for every community."""
    if requirement.serves == "anyone":
        return {}
    areas = area_of_community(run.communities, requirement.serves)
    return dict(zip(run.communities["community_id"], areas, strict=True))


def _parted(
    requirement: Requirement,
    parts: tuple[dict[object, object], ...],
    homes: BothHomes,
    facilities: BothFacilities,
    at: int,
    run: int,
    row: int,
) -> bool:
    """Tell whether home and facility are of one area in this run and of two in the other."""
    if requirement.serves == "anyone":
        return False
    other = 1 - run
    facility = int(facilities.partner[run][row])
    theirs = parts[other].get(facilities.tables[other]["community_id"].iloc[facility])
    return parts[other].get(homes.communities[at, other]) != theirs
