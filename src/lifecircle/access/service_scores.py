"""From shares of requirements to scores of services, area by area, circle by circle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.index import circles_of, scored_requirements
from lifecircle.access.levels import Level
from lifecircle.access.measures import service_score
from lifecircle.access.supply import mean_by, size_adequacy
from lifecircle.places.asked import is_asked
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Standard
from lifecircle.tables import SERVICES


def services_of(
    standard: Standard,
    reaches: Mapping[str, Reach],
    scores: pd.DataFrame,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    unknown: frozenset[str],
) -> pd.DataFrame:
    """
    Score every area on every service and circle.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to its reach.
    scores
        `tables.SCORES` of the same levels.
    homes, facilities
        Both sides.
    levels
        The areas.
    unknown
        Requirements the data say too little about: no service that needs one is scored.

    Returns
    -------
    services
        `tables.SERVICES`: coverage, adequacy and count rule with the score made of them; terms
        are the same for every area of a study.
    """
    everybody = people_of(homes.table, "all")
    adequate = {}
    for one in scored_requirements(standard):
        here = is_asked(homes.table, one)
        values = size_adequacy(standard, reaches[one.id], facilities, everybody * here)
        adequate[one.id] = None if values is None else np.where(here, values, np.nan)
    blocks = []
    for level in levels:
        n = len(level.area_id)
        of_level = scores[scores["level"] == level.name]
        sure = of_level["share"].where(of_level["verdict"] != "unknown")
        shares = {name: rows.to_numpy() for name, rows in sure.groupby(of_level["requirement"])}
        for circle in circles_of(standard):
            for service in standard.services:
                asked = [
                    one for one in scored_requirements(standard, circle) if one.service == service
                ]
                if not asked:
                    continue
                known = not any(one.id in unknown for one in asked)
                nobody = {
                    one.id: np.isnan(shares[one.id]) & (one.where is not None) for one in asked
                }
                coverage = (
                    _mean_of_asked([shares[one.id] for one in asked], list(nobody.values()))
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
                        np.isnan(coverage),
                        np.nan,
                        np.nan_to_num(_mean_of_asked(parts, list(nobody.values()))),
                    )
                ruled = [one.id for one in asked if one.counts]
                use_count = known and bool(ruled)
                count_rule = np.full(n, np.nan)
                if use_count:
                    count_rule = _mean_of_asked(
                        [shares[name] for name in ruled], [nobody[name] for name in ruled]
                    )
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


def _mean_of_asked(
    values: list[NDArray[np.float64]], nobody: list[NDArray[np.bool_]]
) -> NDArray[np.float64]:
    """Average over requirements, but those of other places: a town is not asked for a village's."""
    table, left_out = np.array(values), np.array(nobody)
    total = np.where(left_out, 0.0, table).sum(axis=0)
    share = np.full(table.shape[1], np.nan)
    asked = (~left_out).sum(axis=0)
    np.divide(total, asked, out=share, where=asked > 0)
    return share
