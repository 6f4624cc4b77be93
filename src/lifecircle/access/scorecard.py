"""
From reaches to the three tables planners quote: scores, services and the index, on every level.

Every number is summed from homes, so people are conserved from the input to each level.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.index import service_index
from lifecircle.access.levels import Level
from lifecircle.access.measures import median_by, sum_by
from lifecircle.access.service_scores import services_of
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Requirement, Standard
from lifecircle.tables import SCORES
from lifecircle.tables.shown import shown


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """
    How every area does.

    Parameters
    ----------
    scores, services, index
        Tables with the columns of `tables.SCORES`, `tables.SERVICES` and `tables.INDEX`.
    """

    scores: pd.DataFrame
    services: pd.DataFrame
    index: pd.DataFrame

    def worst(self, count: int = 5, *, minutes: int = 15) -> pd.DataFrame:
        """
        List the communities with the lowest index.

        Parameters
        ----------
        count
            How many.
        minutes
            Which circle.

        Returns
        -------
        communities
            Rows of `index`, lowest first; communities without an index are left out.
        """
        rows = self.index[(self.index["level"] == "community") & (self.index["minutes"] == minutes)]
        return rows.dropna(subset=["index"]).sort_values(["index", "area_id"]).head(count)

    def _repr_html_(self) -> str:
        scores = self.scores
        near = scores[scores["level"] == "community"].groupby("requirement")["share"]
        study = scores[scores["level"] == "study"].set_index("requirement")
        table = study[["service", "minutes", "limit_m", "share", "target_share", "verdict"]].assign(
            lowest=near.min(), median=near.median(), highest=near.max()
        )
        index = self.index[self.index["level"] == "study"]
        values = ", ".join(
            f"{minutes} minutes {'unknown' if pd.isna(value) else f'{value:.1f}'}"
            for minutes, value in zip(index["minutes"], index["index"], strict=True)
        )
        lead = f"Shares of the study, and the range over its communities; index: {values}"
        return shown(table.reset_index(), lead=lead, most=len(table))


def score(
    standard: Standard,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    unknown: frozenset[str],
    doubted: Mapping[str, NDArray[np.bool_]] | None = None,
    people_per_home: float | None = None,
    before: pd.DataFrame | None = None,
) -> Scorecard:
    """
    Score every area on every requirement, service and circle.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to its reach.
    homes, facilities
        Both sides.
    levels
        The areas.
    unknown
        Requirements the data say too little about: no verdict, no score.
    doubted
        Requirement id to the homes of which nobody can say that they are not served, shape
        (homes,): where they decide, the verdict is ``unknown``.
    people_per_home
        Where counts are of homes, for want of people: how many live in one, so that the fewest
        people that make a shortfall become homes; None where counts are of people.
    before
        `tables.SCORES` of the same areas today, where what is scored is to come: what falls short
        there is never `unknown` here.

    Returns
    -------
    scorecard
        The three tables.
    """
    scores = scores_of(
        standard.requirements,
        reaches,
        homes=homes,
        facilities=facilities,
        levels=levels,
        unknown=unknown,
        doubted=doubted,
        people_per_home=people_per_home,
        before=before,
    )
    services = services_of(standard, reaches, scores, homes, facilities, levels, unknown)
    return Scorecard(
        scores=scores,
        services=services,
        index=service_index(standard, scores, services, homes, levels),
    )


def scores_of(
    asked: tuple[Requirement, ...],
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    unknown: frozenset[str],
    doubted: Mapping[str, NDArray[np.bool_]] | None = None,
    people_per_home: float | None = None,
    before: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Score every area on some requirements.

    Parameters
    ----------
    asked
        At least one requirement.
    reaches, homes, facilities, levels, unknown, doubted, people_per_home, before
        As `score` takes them.

    Returns
    -------
    scores
        `tables.SCORES`.
    """
    if people_per_home is not None:
        asked = tuple(in_homes(one, people_per_home) for one in asked)
    nobody = np.zeros(len(homes), dtype=bool)
    doubts = {one.id: (doubted or {}).get(one.id, nobody) | (one.id in unknown) for one in asked}
    scores = pd.concat(
        [
            _scores(
                requirement,
                reaches[requirement.id],
                homes,
                facilities,
                level,
                doubts[requirement.id],
            )
            for level in levels
            for requirement in asked
        ],
        ignore_index=True,
    )[list(SCORES)]
    if before is None:
        return scores
    keys = ["level", "area_id", "requirement"]
    was = before.set_index(keys)["verdict"].reindex(pd.MultiIndex.from_frame(scores[keys]))
    # More places bring a shortfall nearer to its target, so that homes in doubt could make up the
    # rest; but what nobody doubts today is no open question tomorrow.
    stays = (scores["verdict"] == "unknown").to_numpy() & (was == "short").to_numpy()
    return scores.assign(verdict=scores["verdict"].mask(stays, "short"))


def _scores(
    requirement: Requirement,
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    level: Level,
    doubted: NDArray[np.bool_],
) -> pd.DataFrame:
    people = people_asked(homes.table, requirement)
    counted = not np.isnan(people).all() or len(people) == 0
    people = np.nan_to_num(people)
    n = len(level.area_id)
    total = sum_by(people, level.of_home, n)
    covered = np.minimum(sum_by(people * reach.covered, level.of_home, n), total)
    share = _divide(covered, total)
    perhaps = np.minimum(sum_by(people * (reach.covered | doubted), level.of_home, n), total)
    verdict = _verdicts(requirement, total, covered, perhaps)
    counting = reach.counting.astype(np.float64)
    floor = np.nan_to_num(facilities.table["floor_m2"].to_numpy(dtype=np.float64)) * counting
    supply = sum_by(floor, level.of_facility, n)
    return pd.DataFrame(
        {
            "level": level.name,
            "area_id": level.area_id,
            "area_name": level.area_name,
            "service": requirement.service,
            "requirement": requirement.id,
            "minutes": np.nan if requirement.minutes is None else requirement.minutes,
            "limit_m": np.nan if requirement.limit_m is None else requirement.limit_m,
            "profile": requirement.profile,
            "group": requirement.group,
            "obligation": requirement.obligation,
            "people": total if counted else np.nan,
            "covered": covered if counted else np.nan,
            "share": share,
            "target_share": requirement.target_share,
            "verdict": verdict if counted else "unknown",
            "median_s": median_by(reach.walk_s, people, level.of_home, n),
            "facilities": sum_by(counting, level.of_facility, n),
            "supply": np.where(supply > 0, supply, np.nan),
            "robust": None,
        }
    )


def _verdicts(
    requirement: Requirement,
    total: NDArray[np.float64],
    covered: NDArray[np.float64],
    perhaps: NDArray[np.float64],
) -> NDArray[np.object_]:
    met = enough(requirement, total, covered)
    might = enough(requirement, total, perhaps)
    verdict = np.where(met, "met", np.where(might, "unknown", "short")).astype(object)
    verdict[total <= 0] = "empty"
    return verdict


def enough(
    requirement: Requirement,
    total: NDArray[np.float64],
    covered: NDArray[np.float64],
    *,
    moved: NDArray[np.float64] | float = 0.0,
) -> NDArray[np.bool_]:
    """
    Decide who meets a requirement.

    Parameters
    ----------
    requirement
        With its target share and the fewest people that make a shortfall.
    total, covered
        People and those covered, shapes that go together.
    moved
        Added to the target share.

    Returns
    -------
    enough
        Whether the target share is reached, or too few are left out to count.
    """
    # A person in a million is rounding, not a resident.
    least = np.clip(requirement.target_share + moved, 0.0, 1.0)
    return np.asarray(
        (covered >= (least - 1e-12) * total)
        | (total - covered < requirement.min_people_short - 1e-6)
    )


def in_homes(requirement: Requirement, people_per_home: float) -> Requirement:
    """
    Count the fewest people that make a shortfall in homes.

    Parameters
    ----------
    requirement
        The requirement.
    people_per_home
        People in a home, on average.

    Returns
    -------
    requirement
        The same, for counts of homes.
    """
    least = requirement.min_people_short / people_per_home
    return requirement.model_copy(update={"min_people_short": least})


def _divide(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
