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

from lifecircle.access.index import circles_of, scored_requirements, service_index
from lifecircle.access.levels import Level
from lifecircle.access.measures import median_by, service_score, sum_by
from lifecircle.access.supply import mean_by, size_adequacy
from lifecircle.places.homes import people_of
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Requirement, Standard
from lifecircle.tables import SCORES, SERVICES

PERTURBED = 0.1
"""A verdict is robust when limits 10 % shorter and longer leave it as it is (P)."""


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
        study = self.index[self.index["level"] == "study"]
        html: str = study.to_html(index=False, na_rep="–", escape=True)
        return html


def score(
    standard: Standard,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    unknown: frozenset[str],
    people_known: bool = True,
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
    people_known
        Whether counts are of people; where they are of homes, the fewest people that make a
        shortfall say nothing and only the share decides.

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
        people_known=people_known,
    )
    services = _services(standard, reaches, scores, homes, facilities, levels, unknown)
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
    people_known: bool = True,
) -> pd.DataFrame:
    """
    Score every area on some requirements.

    Parameters
    ----------
    asked
        At least one requirement.
    reaches, homes, facilities, levels, unknown, people_known
        As `score` takes them.

    Returns
    -------
    scores
        `tables.SCORES`.
    """
    if not people_known:
        asked = tuple(one.model_copy(update={"min_people_short": 0.0}) for one in asked)
    return pd.concat(
        [
            _scores(requirement, reaches[requirement.id], homes, facilities, level, unknown)
            for level in levels
            for requirement in asked
        ],
        ignore_index=True,
    )[list(SCORES)]


def _scores(
    requirement: Requirement,
    reach: Reach,
    homes: Pinned,
    facilities: Pinned,
    level: Level,
    unknown: frozenset[str],
) -> pd.DataFrame:
    people = people_of(homes.table, requirement.group)
    counted = not np.isnan(people).all() or len(people) == 0
    people = np.nan_to_num(people)
    n = len(level.area_id)
    total = sum_by(people, level.of_home, n)
    covered = np.minimum(sum_by(people * reach.covered, level.of_home, n), total)
    share = _divide(covered, total)
    verdict = _verdicts(requirement, total, covered, unknown=requirement.id in unknown)
    steady = np.ones(n, dtype=bool)
    if not requirement.counts:
        measured = reach.measured
        for factor in (1.0 - PERTURBED, 1.0 + PERTURBED):
            with np.errstate(invalid="ignore"):
                moved = measured <= requirement.limit * factor
            other = np.minimum(sum_by(people * moved, level.of_home, n), total)
            steady &= verdict == _verdicts(
                requirement, total, other, unknown=requirement.id in unknown
            )
    robust = np.where(steady, "robust", "marginal").astype(object)
    robust[np.isin(verdict, ("empty", "unknown"))] = None
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
            "robust": robust,
        }
    )


def _verdicts(
    requirement: Requirement,
    total: NDArray[np.float64],
    covered: NDArray[np.float64],
    *,
    unknown: bool,
) -> NDArray[np.object_]:
    share = _divide(covered, total)
    # A person in a million is rounding, not a resident.
    enough = (share >= requirement.target_share - 1e-12) | (
        total - covered < requirement.min_people_short - 1e-6
    )
    verdict = np.where(enough, "met", "unknown" if unknown else "short").astype(object)
    verdict[total <= 0] = "empty"
    return verdict


def _services(
    standard: Standard,
    reaches: Mapping[str, Reach],
    scores: pd.DataFrame,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    unknown: frozenset[str],
) -> pd.DataFrame:
    everybody = people_of(homes.table, "all")
    adequate = {
        requirement.id: size_adequacy(standard, reaches[requirement.id], facilities, everybody)
        for requirement in scored_requirements(standard)
    }
    blocks = []
    for level in levels:
        n = len(level.area_id)
        of_level = scores[scores["level"] == level.name]
        shares = {name: rows["share"].to_numpy() for name, rows in of_level.groupby("requirement")}
        for circle in circles_of(standard):
            for service in standard.services:
                asked = [
                    one for one in scored_requirements(standard, circle) if one.service == service
                ]
                if not asked:
                    continue
                known = not any(one.id in unknown for one in asked)
                coverage = (
                    np.mean([shares[one.id] for one in asked], axis=0)
                    if known
                    else np.full(n, np.nan)
                )
                sized = [adequate[one.id] for one in asked]
                use_adequacy = known and all(values is not None for values in sized)
                adequacy = np.full(n, np.nan)
                if use_adequacy:
                    parts = [
                        mean_by(values, everybody, level.of_home, n)
                        for values in sized
                        if values is not None
                    ]
                    # Where nobody is covered there is no size to judge: nothing is adequate.
                    adequacy = np.where(
                        np.isnan(coverage), np.nan, np.nan_to_num(np.mean(parts, axis=0))
                    )
                ruled = [shares[one.id] for one in asked if one.counts]
                use_count = known and bool(ruled)
                count_rule = np.mean(ruled, axis=0) if use_count else np.full(n, np.nan)
                points = service_score(
                    coverage,
                    adequacy,
                    count_rule,
                    use_adequacy=use_adequacy,
                    use_count=use_count,
                )
                weak = (points < standard.weak_below).astype(object)
                weak[np.isnan(points)] = None
                blocks.append(
                    pd.DataFrame(
                        {
                            "level": level.name,
                            "area_id": level.area_id,
                            "area_name": level.area_name,
                            "service": service,
                            "minutes": circle,
                            "coverage": coverage,
                            "adequacy": adequacy,
                            "count_rule": count_rule,
                            "score": points,
                            "weak": weak,
                        }
                    )
                )
    if not blocks:  # a standard may ask for nothing that must be
        return pd.DataFrame(columns=list(SERVICES))
    return pd.concat(blocks, ignore_index=True)[list(SERVICES)]


def _divide(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
