"""Whom a requirement asks about: people of its group, in the communities it speaks of."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import MissingDataWarning
from lifecircle.places.groups import people_of
from lifecircle.standards import Requirement

WHERE = "where"
"""Column of homes: ``urban``, ``rural`` or missing, as their community is."""


def where_of(communities: pd.DataFrame, row: NDArray[np.int32]) -> NDArray[np.object_]:
    """
    Tell of every home whether its community is urban or rural.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`, with or without `urban`.
    row
        Community of each home, -1 in none, shape (homes,).

    Returns
    -------
    where
        ``urban``, ``rural`` or None where nobody knows, shape (homes,).
    """
    found = np.full(len(row), None, dtype=object)
    if "urban" in communities:
        urban = communities["urban"].to_numpy(dtype=object)
        words = np.array(
            [None if pd.isna(one) else "urban" if one else "rural" for one in urban] + [None],
            dtype=object,
        )
        found[:] = words[row]  # row -1 finds the None at the end
    return found


def is_asked(homes: pd.DataFrame, requirement: Requirement) -> NDArray[np.bool_]:
    """
    Tell whether a requirement speaks of a home at all.

    Parameters
    ----------
    homes
        `tables.HOMES` with `WHERE`, if anything is known of it.
    requirement
        The requirement.

    Returns
    -------
    asked
        Shape (homes,). A home of which nobody knows counts as urban.
    """
    everywhere = np.ones(len(homes), dtype=bool)
    if requirement.where is None:
        return everywhere
    rural = (homes[WHERE] == "rural").to_numpy() if WHERE in homes else ~everywhere
    return np.asarray(rural if requirement.where == "rural" else ~rural, dtype=bool)


def people_asked(homes: pd.DataFrame, requirement: Requirement) -> NDArray[np.float64]:
    """
    Count the people a requirement asks about in every home.

    Parameters
    ----------
    homes
        `tables.HOMES` with group columns and `WHERE`.
    requirement
        The requirement.

    Returns
    -------
    people
        People of its group, none in homes it does not speak of, shape (homes,); all missing when
        the table does not count the group.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.places.asked import people_asked
    >>> from lifecircle.standards import load_standard
    >>> homes = pd.DataFrame({"people": [5.0, 7.0, 9.0], "where": ["urban", "rural", None]})
    >>> circle = load_standard("zhejiang").requirement
    >>> people_asked(homes, circle("culture_circle_1km")).tolist()
    [5.0, 0.0, 9.0]
    >>> people_asked(homes, circle("culture_circle_1_5km")).tolist()
    [0.0, 7.0, 0.0]
    """
    people = people_of(homes, requirement.group)
    if requirement.where is None:
        return people
    return np.where(np.isnan(people), np.nan, people * is_asked(homes, requirement))


def share_asked(homes: pd.DataFrame, requirement: Requirement) -> float:
    """
    Measure which part of the people lives where a requirement speaks of.

    Parameters
    ----------
    homes
        `tables.HOMES` with `WHERE`.
    requirement
        The requirement.

    Returns
    -------
    share
        0 to 1; 1 without any people.
    """
    people = np.nan_to_num(people_of(homes, "all"))
    total = float(people.sum())
    return float((people * is_asked(homes, requirement)).sum()) / total if total > 0 else 1.0


def warn_of_unknown_class(homes: pd.DataFrame, requirements: Iterable[Requirement]) -> None:
    """
    Tell how many people are judged as urban for want of a class.

    Parameters
    ----------
    homes
        `tables.HOMES` with `WHERE`.
    requirements
        What is asked.

    Warns
    -----
    MissingDataWarning
        If a requirement asks urban or rural communities and some have no class.
    """
    divided = [one.id for one in requirements if one.where is not None]
    if not divided or len(homes) == 0:
        return
    unknown = homes[WHERE].isna().to_numpy() if WHERE in homes else np.ones(len(homes), dtype=bool)
    people = float(np.nan_to_num(people_of(homes, "all"))[unknown].sum())
    if unknown.any() and people > 0:
        warnings.warn(
            f"whether their community is urban or rural is not known for {people:,.0f} people, "
            f"who are judged as urban by {', '.join(divided)}: give the communities a column "
            "'urban' (城乡分类代码)",
            MissingDataWarning,
            stacklevel=3,
        )
