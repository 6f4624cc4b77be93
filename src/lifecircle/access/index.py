"""From service scores to the index: one number and one grade per area and circle."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.levels import Level, within
from lifecircle.access.measures import joined_scores, sum_by
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned
from lifecircle.standards import Requirement, Standard
from lifecircle.tables import INDEX


def service_index(
    standard: Standard,
    scores: pd.DataFrame,
    services: pd.DataFrame,
    homes: Pinned,
    levels: tuple[Level, ...],
) -> pd.DataFrame:
    """
    Join service scores into one index and a grade.

    Parameters
    ----------
    standard
        The standard: weights, how they join, and grades.
    scores, services
        Tables of the scorecard.
    homes
        Where people live.
    levels
        The areas.

    Returns
    -------
    index
        With the columns of `tables.INDEX`; missing where a service that must be judged is unknown.

    Notes
    -----
    The project's own method (evidence tag P), never an official index.
    """
    everybody = people_of(homes.table, "all")
    base = {one.id: one.circle for one in scored_requirements(standard)}
    short = scores[(scores["verdict"] == "short") & scores["requirement"].isin(base)]
    communities = next(level for level in levels if level.name == "community")
    blocks = []
    for level in levels:
        n = len(level.area_id)
        for circle in circles_of(standard):
            rows = services[(services["level"] == level.name) & (services["minutes"] == circle)]
            asked = [one for one in standard.services if one in set(rows["service"])]
            table = rows.pivot(index="area_id", columns="service", values="score")
            table = table.reindex(index=list(level.area_id), columns=asked)
            weights = np.asarray([standard.weights[service] for service in table.columns])
            points = table.to_numpy(dtype=np.float64)
            index = joined_scores(points, weights, geometric=standard.index_mean == "geometric")
            worst = np.where(
                np.isnan(points).any(axis=1), -1, np.nan_to_num(points, nan=np.inf).argmin(axis=1)
            )
            mine = short[
                (short["level"] == "community") & (short["requirement"].map(base) == circle)
            ]
            gaps = gap_counts(mine["area_id"], communities, level)
            blocks.append(
                pd.DataFrame(
                    {
                        "level": level.name,
                        "area_id": level.area_id,
                        "area_name": level.area_name,
                        "people": sum_by(everybody, level.of_home, n),
                        "minutes": circle,
                        "index": index,
                        "grade": [_grade(standard, value) for value in index],
                        "weakest_service": [table.columns[at] if at >= 0 else None for at in worst],
                        "gaps": gaps,
                    }
                )
            )
    if not blocks:  # a standard may ask for nothing that must be
        return pd.DataFrame(columns=list(INDEX))
    return pd.concat(blocks, ignore_index=True)[list(INDEX)]


def gap_counts(community_ids: pd.Series, communities: Level, level: Level) -> NDArray[np.int64]:
    """
    Count communities' shortfalls in every area of a level.

    Parameters
    ----------
    community_ids
        The community of each shortfall.
    communities, level
        The communities, and the areas to count in.

    Returns
    -------
    gaps
        Shape (areas,).
    """
    row = pd.Index(communities.area_id).get_indexer(community_ids)
    if level.name == "community":
        return np.bincount(row, minlength=len(level.area_id))
    inside = within(communities, level)[row]
    return np.bincount(inside[inside >= 0], minlength=len(level.area_id))


def _grade(standard: Standard, value: float) -> str | None:
    if np.isnan(value):
        return None
    return next(code for code, least in standard.grades if value >= least - 1e-9)


def scored_requirements(standard: Standard, circle: int | None = None) -> list[Requirement]:
    """
    List what scores are made of: the base requirements that must be met.

    Parameters
    ----------
    standard
        The standard.
    circle
        Only this circle [min]; None for all.

    Returns
    -------
    requirements
        In report order.
    """
    return [one for one in standard.requirements if one.makes_gaps and circle in (None, one.circle)]


def circles_of(standard: Standard) -> list[int]:
    """
    List the circles scores are given for.

    Parameters
    ----------
    standard
        The standard.

    Returns
    -------
    circles
        Minutes, ascending.
    """
    return sorted({one.circle for one in scored_requirements(standard)})
