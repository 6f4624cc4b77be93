"""
Counts of people with decimals -> whole people that add up to the whole people above them.

Shown numbers only: the CSV files keep their decimals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.places.upper_areas import PARENTS, upper_areas


def largest_remainder(values: Sequence[float], total: int | None = None) -> list[int]:
    """
    Round numbers so that they add up.

    Parameters
    ----------
    values
        Numbers that are not negative.
    total
        What the rounded numbers make; their own sum, rounded half up, where none is given.

    Returns
    -------
    whole
        Each number rounded down, and up again for those with the largest remainders as far as the
        total asks; of equal remainders the first. Where the total is farther from the sum than
        rounding can reach, the nearest that can be reached.

    Raises
    ------
    ValueError
        If a number is negative or not finite.

    Notes
    -----
    The method of Hamilton: no number is ever more than one away from what it was.

    Examples
    --------
    >>> from lifecircle.outputs.rounding import largest_remainder
    >>> largest_remainder([1.4, 1.4, 1.2]), largest_remainder([0.5, 0.5, 0.5], 1)
    ([2, 1, 1], [1, 0, 0])
    """
    if any(not math.isfinite(value) or value < 0 for value in values):
        raise ValueError("only finite numbers that are not negative can be rounded to a total")
    # Sums of homes are off by a hair: 56.9999999 people are 57 people.
    exact = [round(float(value), 6) for value in values]
    down = [math.floor(value) for value in exact]
    wanted = math.floor(sum(exact) + 0.5 + 1e-9) if total is None else total
    left = wanted - sum(down)
    order = sorted(range(len(exact)), key=lambda at: (down[at] - exact[at], at))
    up = {at for at in order[: max(left, 0)] if exact[at] > down[at]}
    return [down[at] + (at in up) for at in range(len(exact))]


def whole_people(content: Content) -> Mapping[tuple[str, str], int]:
    """
    Round the people of every area to whole people, from the study down.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    people
        Level and area id to whole people. Cities add up to the study; counties, subdistricts and
        communities each to what they lie in; units to the study. People in no area of a level keep
        their share of the rounding. Areas whose people are not told are left out, and those beside
        them are rounded by themselves.
    """
    index = content.index.drop_duplicates(["level", "area_id"])
    numbers = pd.to_numeric(index["people"], errors="coerce").astype(float)
    known: dict[str, dict[str, float]] = {}
    for level, area, people in zip(index["level"], index["area_id"], numbers, strict=True):
        known.setdefault(str(level), {})[str(area)] = float(people)
    told: dict[tuple[str, str], int] = {}
    for area, people in known.get("study", {}).items():
        if math.isfinite(people):
            told["study", area] = largest_remainder([people])[0]
    above: dict[str, tuple[str, str]] = {}
    for level, parent in _chain(content, known):
        _round_level(told, known, level, parent, above)
        above = {area: (level, area) for area in known[level]}
    for level in ("unit",):
        if level in known:
            _round_level(told, known, level, {}, {})
    return told


def _chain(
    content: Content, known: Mapping[str, Mapping[str, float]]
) -> list[tuple[str, dict[str, str]]]:
    """List the nested levels there are, each with the area of the level above of each area."""
    communities = content.communities
    ids = [str(one) for one in communities["community_id"]]
    of_level = {
        level: [None if one is None else str(one) for one in areas.of_community]
        for level in PARENTS
        if level in known and (areas := upper_areas(communities, level)).names
    }
    of_level["community"] = list(ids)
    chain: list[tuple[str, dict[str, str]]] = []
    before: list[str | None] | None = None
    for level, areas_of in of_level.items():
        if level not in known:
            continue
        parent: dict[str, str] = {}
        if before is not None:
            parent = {
                area: up
                for area, up in zip(areas_of, before, strict=True)
                if area is not None and up is not None
            }
        chain.append((level, parent))
        before = areas_of
    return chain


def _round_level(
    told: dict[tuple[str, str], int],
    known: Mapping[str, Mapping[str, float]],
    level: str,
    parent: Mapping[str, str],
    above: Mapping[str, tuple[str, str]],
) -> None:
    families: dict[tuple[str, str] | None, list[str]] = {}
    study = next(iter(known.get("study", {})), None)
    top = None if study is None else ("study", study)
    for area in sorted(known[level]):
        families.setdefault(above.get(parent.get(area, ""), top), []).append(area)
    for family, areas in families.items():
        people = [known[level][area] for area in areas]
        if not all(math.isfinite(one) for one in people):
            for area, one in zip(areas, people, strict=True):
                if math.isfinite(one):
                    told[level, area] = largest_remainder([one])[0]
            continue
        total = None if family is None else told.get(family)
        if family is not None and total is not None:
            # Who lives in no area of this level, and, below the study, in other families.
            rest = max(known[family[0]][family[1]] - sum(people), 0.0)
            whole = largest_remainder([*people, rest], total)[: len(people)]
        else:
            whole = largest_remainder(people)
        told.update({(level, area): one for area, one in zip(areas, whole, strict=True)})
