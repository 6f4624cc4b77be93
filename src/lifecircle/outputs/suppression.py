"""
Which counts of people a public edition holds back: the few, and what the few could be told from.

A total minus its parts tells the one part that is missing, so where one area of a family is held
back another one is too; where there is no other, the total is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.outputs.content import Content
from lifecircle.places.upper_areas import PARENTS, upper_areas

FEWEST_SHOWN = 10
"""Counts of people above zero and below this are not published (project rule, P)."""

Flags = NDArray[np.bool_]
_Area = tuple[str, str]
_WHOLE: _Area = ("study", "study")


def few(values: pd.Series) -> Flags:
    """
    Mark counts that are not published.

    Parameters
    ----------
    values
        Counts of people.

    Returns
    -------
    few
        Whether each lies above zero and below `FEWEST_SHOWN`.
    """
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.asarray((numbers > 0) & (numbers < FEWEST_SHOWN))


@dataclass(frozen=True, kw_only=True)
class Families:
    """
    Which areas add up to which.

    Parameters
    ----------
    parts
        An area (level and id) to the areas it is made of; one entry per way of dividing it.
    """

    parts: tuple[tuple[_Area, frozenset[_Area]], ...]

    @classmethod
    def of(cls, communities: pd.DataFrame, *, units: pd.DataFrame | None = None) -> Families:
        """
        Read from the communities what is made of what.

        Parameters
        ----------
        communities
            `tables.COMMUNITIES`.
        units
            `tables.UNITS`, whose communities stand in a cell with ``;``; None without any.

        Returns
        -------
        families
            Every level made of the next lower ones that divide it, and of communities.
        """
        ids = [str(one) for one in communities["community_id"]]
        columns: dict[str, list[str | None]] = {
            "community": list(ids),
            "study": ["study"] * len(ids),
        }
        for level in PARENTS:
            columns[level] = list(upper_areas(communities, level).of_community)
        if "unit_id" in communities:
            columns["unit"] = [None if pd.isna(one) else str(one) for one in communities["unit_id"]]
        found: dict[tuple[_Area, str], set[_Area]] = {}
        order = ("community", "unit", "subdistrict", "county", "city", "study")
        for low, high in _pairs([name for name in order if name in columns]):
            for part, whole in zip(columns[low], columns[high], strict=True):
                if part is not None and whole is not None:
                    found.setdefault(((high, whole), low), set()).add((low, part))
        if units is not None:
            for unit in units.to_dict("records"):
                named = {one.strip() for one in str(unit["communities"] or "").split(";")}
                members = {("community", one) for one in named if one}
                found[("unit", str(unit["unit_id"])), "community"] = members
        return cls(parts=tuple((whole, frozenset(parts)) for (whole, _), parts in found.items()))

    def closed(
        self, values: Mapping[_Area, float], told: Sequence[_Area] | set[_Area]
    ) -> set[_Area]:
        """
        Add what has to be held back so that nothing follows by subtraction.

        Parameters
        ----------
        values
            Area to its count.
        told
            Areas held back already.

        Returns
        -------
        held
            With the smallest other part of every family in which one alone was held back, or the
            whole where no other part has anybody.
        """
        held = set(told)
        while True:
            more = next(self._exposed(values, held), None)
            if more is None:
                return held
            held.add(more)

    def _exposed(self, values: Mapping[_Area, float], held: set[_Area]) -> Iterator[_Area]:
        for whole, parts in self.parts:
            inside = [part for part in parts if part in held]
            if len(inside) != 1 or whole in held or whole not in values:
                continue
            others = [
                (values[part], part)
                for part in parts
                if part not in held and values.get(part, 0.0) > 0
            ]
            yield min(others)[1] if others else whole


def _pairs(levels: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at, low in enumerate(levels):
        for high in levels[at + 1 :]:
            # A unit need not lie within a subdistrict.
            if (low != "unit" or high == "study") and (high != "unit" or low == "community"):
                yield low, high


def held_back(
    table: pd.DataFrame,
    families: Families,
    *,
    per: Sequence[str],
    part: str | None = "covered",
    whole: str = "people",
) -> tuple[Flags, Flags]:
    """
    Mark the rows of a table whose people, and whose covered people, are held back.

    Parameters
    ----------
    table
        With ``level, area_id``, the columns below and `per`.
    families
        What adds up to what.
    per
        Columns that tell one question from another.
    part, whole
        Columns of the people covered (None where there is none) and of all of them.

    Returns
    -------
    people, covered
        Shape (rows,) each; where people are held back, the covered ones are too.
    """
    total = few(table[whole])
    covered = total.copy()
    if part is not None:
        rest = pd.to_numeric(table[whole]) - pd.to_numeric(table[part])
        covered |= few(table[part]) | few(rest)
    areas = list(zip(table["level"].astype(str), table["area_id"].astype(str), strict=True))
    groups = table.groupby(list(per), dropna=False, sort=False).indices if len(table) else {}
    for rows in groups.values():
        for flags, column in ((total, whole), (covered, part)):
            flags[rows] |= total[rows]
            if column is None or not flags[rows].any():
                continue
            numbers = pd.to_numeric(table[column]).to_numpy(dtype=float, na_value=np.nan)
            values = {
                areas[row]: float(numbers[row]) for row in rows if numbers[row] == numbers[row]
            }
            held = families.closed(values, {areas[row] for row in rows if flags[row]})
            flags[rows] |= np.fromiter((areas[row] in held for row in rows), bool, len(rows))
    return total, covered | total


def second_in_group(values: pd.Series, groups: pd.Series) -> Flags:
    """
    Mark few people in rows that add up to a known total, and one more where one alone is marked.

    Parameters
    ----------
    values
        Counts of people.
    groups
        What each row belongs to.

    Returns
    -------
    held
        Shape (rows,).
    """
    held = few(values)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    for rows in groups.groupby(groups, dropna=False).indices.values():
        if held[rows].sum() == 1:
            others = [row for row in rows if not held[row] and numbers[row] > 0]
            if others:
                held[min(others, key=lambda row: (numbers[row], row))] = True
    return held


@dataclass(frozen=True, kw_only=True)
class Held:
    """
    What is held back, found once for all tables.

    Parameters
    ----------
    areas
        Levels and areas whose people are held back.
    people, covered
        Levels, areas and requirements whose people, and whose covered people, are.
    families
        Which areas add up to which.
    """

    areas: frozenset[tuple[str, str]]
    people: frozenset[tuple[str, str, str]]
    covered: frozenset[tuple[str, str, str]]
    families: Families

    def of_area(self, table: pd.DataFrame) -> Flags:
        """
        Mark rows of areas whose people are held back.

        Parameters
        ----------
        table
            With ``level, area_id``.

        Returns
        -------
        rows
            Shape (rows,).
        """
        return rows_of(table, ("level", "area_id"), self.areas)

    def of_requirement(self, table: pd.DataFrame, *, all_people: bool = False) -> Flags:
        """
        Mark rows whose covered people, or whose people, are held back.

        Parameters
        ----------
        table
            With ``level, area_id, requirement``.
        all_people
            Ask for the people instead of the covered ones.

        Returns
        -------
        rows
            Shape (rows,).
        """
        keys = self.people if all_people else self.covered
        return rows_of(table, ("level", "area_id", "requirement"), keys)


def rows_of(
    table: pd.DataFrame, columns: tuple[str, ...], keys: frozenset[tuple[str, ...]]
) -> Flags:
    """
    Mark the rows of a table that have one of some keys.

    Parameters
    ----------
    table
        Any table.
    columns
        Columns of the key.
    keys
        The keys, as texts.

    Returns
    -------
    rows
        Shape (rows,).
    """
    mine = zip(*(table[name].astype(str) for name in columns), strict=True)
    return np.fromiter((key in keys for key in mine), dtype=bool, count=len(table))


def find_held(content: Content) -> Held:
    """
    Find what a public edition of a run holds back.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    held
        From its scores, its index and the services of its units.
    """
    families = Families.of(content.communities, units=content.units)
    units = content.unit_services.assign(level="unit", area_id=content.unit_services["unit_id"])
    columns = ["level", "area_id", "requirement", "people", "covered"]
    both = pd.concat([content.scores[columns], units[columns]], ignore_index=True)
    people, covered = held_back(both, families, per=("requirement",))
    keys = list(
        zip(*(both[name].astype(str) for name in ("level", "area_id", "requirement")), strict=True)
    )
    index = content.index
    areas, _ = held_back(index, families, per=("minutes",), part=None)
    return Held(
        areas=frozenset(
            zip(index["level"].astype(str)[areas], index["area_id"].astype(str)[areas], strict=True)
        ),
        people=frozenset(key for key, told in zip(keys, people, strict=True) if told),
        covered=frozenset(key for key, told in zip(keys, covered, strict=True) if told),
        families=families,
    )
