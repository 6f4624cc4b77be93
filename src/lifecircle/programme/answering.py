"""Which gaps a site answers, and how many people of each community it newly serves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.standards import Standard


def served_gaps(
    gaps: pd.DataFrame,
    served: Mapping[str, NDArray[np.int64]],
    in_community: NDArray[np.object_],
) -> NDArray[np.bool_]:
    """
    Mark the gaps some of whose people a site newly covers.

    Parameters
    ----------
    gaps
        The gap list.
    served
        Requirement id to the homes (rows) newly covered for it.
    in_community
        Community of every home.

    Returns
    -------
    answered
        Shape (gaps,).
    """
    closed = np.zeros(len(gaps), dtype=bool)
    for requirement, rows in served.items():
        where = {one for one in in_community[rows] if isinstance(one, str)}
        closed |= (
            (gaps["requirement"] == requirement) & gaps["community_id"].isin(where)
        ).to_numpy(dtype=bool)
    return closed


def built_anyway(
    standard: Standard, gaps: pd.DataFrame, closed: NDArray[np.bool_], types: set[str]
) -> NDArray[np.bool_]:
    """
    Mark gaps of size that ask for a first facility where a site builds one: one lack, once.

    Parameters
    ----------
    standard
        The standard.
    gaps
        The gap list.
    closed
        Gaps the site answers by whom it serves, shape (gaps,).
    types
        Types of facility it builds.

    Returns
    -------
    answered
        More gaps of the same communities, shape (gaps,).
    """
    joined = np.zeros(len(gaps), dtype=bool)
    where = set(gaps.loc[closed, "community_id"])
    for norm in standard.norms:
        asked = norm.types or tuple(one.id for one in standard.types if one.service == norm.service)
        if types & set(asked):
            joined |= (
                (gaps["requirement"] == norm.id)
                & (gaps["kind"] == "size")
                & (gaps["remedy"] == "new")
                & gaps["community_id"].isin(where)
            ).to_numpy(dtype=bool)
    return joined


def by_community(
    gained: NDArray[np.float64], in_community: NDArray[np.object_]
) -> dict[str, float]:
    """
    Count the people each community gains from a site, whether it had a gap or not.

    Parameters
    ----------
    gained
        People newly served in every home, shape (homes,).
    in_community
        Community of every home.

    Returns
    -------
    gains
        Community to people, by its id; those that gain nobody are left out.
    """
    where = sorted({name for name in in_community[gained > 0] if isinstance(name, str)})
    return {one: float(gained[in_community == one].sum()) for one in where}
