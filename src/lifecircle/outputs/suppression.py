"""
Which counts of people a public edition holds back: the few, and what the few could be told from.

A total minus its parts tells the one part that is missing, so other areas are held back with it
until no sum and no difference of what is shown gives a count that must not be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.outputs.content import Content
from lifecircle.places.upper_areas import PARENTS, upper_areas

FEWEST_SHOWN = 10
"""Counts of people above zero and below this are not published (project rule, P)."""

Flags = NDArray[np.bool_]
_Area = tuple[str, str]


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
    Which communities add up to which areas.

    Parameters
    ----------
    members
        Level and id of an area to the ids of its communities.
    """

    members: Mapping[_Area, frozenset[str]]

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
            Every area there is, a community as one of its own.
        """
        ids = [str(one) for one in communities["community_id"]]
        columns: dict[str, list[object]] = {"community": [*ids], "study": ["study"] * len(ids)}
        for level in PARENTS:
            columns[level] = list(upper_areas(communities, level).of_community)
        if "unit_id" in communities:
            columns["unit"] = list(communities["unit_id"])
        found: dict[_Area, set[str]] = {}
        for level, areas in columns.items():
            for community, area in zip(ids, areas, strict=True):
                if area is not None and not pd.isna(area):
                    found.setdefault((level, str(area)), set()).add(community)
        for unit in [] if units is None else units.to_dict("records"):
            named = {one.strip() for one in str(unit["communities"] or "").split(";")}
            found["unit", str(unit["unit_id"])] = named & set(ids)
        return cls(members={area: frozenset(names) for area, names in found.items()})

    def closed(self, values: Mapping[_Area, float], told: Iterable[_Area]) -> set[_Area]:
        """
        Add what has to be held back so that nothing follows from what is shown.

        Parameters
        ----------
        values
            Area to its count.
        told
            Areas whose counts must not be known.

        Returns
        -------
        held
            With the smallest other communities, and where none would do the smallest areas, until
            no sum and no difference of shown counts gives one that must not be known.

        Notes
        -----
        What is shown and what is asked are sums over communities. Those that are shown are known,
        so a count follows exactly where its sum over the others is a combination of shown ones.
        """
        secret = sorted(set(told) & set(self.members))
        held = set(told)
        while True:
            breaches = (self._breach(values, held, area) for area in secret)
            more = next((area for area in breaches if area is not None), None)
            if more is None:
                return held
            held.add(more)

    def _breach(
        self, values: Mapping[_Area, float], held: set[_Area], asked: _Area
    ) -> _Area | None:
        """Find what to hold back next where an area's count follows; None where it does not."""
        unknown = sorted(name for level, name in held if level == "community")
        shown = [
            area
            for area in values
            if area not in held and area[0] != "community" and area in self.members
        ]
        target = self._row(asked, unknown)
        rows = np.array([self._row(area, unknown) for area in shown]).reshape(-1, len(unknown))
        alone = np.flatnonzero((rows == target).all(axis=1) & rows.any(axis=1))
        weights = np.zeros(len(shown))
        if not target.any():
            used: list[_Area] = []  # all its communities are shown
        elif len(alone):
            used = [shown[alone[np.argmin([values[shown[row]] for row in alone])]]]
            weights[shown.index(used[0])] = 1.0
        elif shown:
            weights, *_ = np.linalg.lstsq(rows.T, target, rcond=None)
            if not np.allclose(rows.T @ weights, target, atol=1e-6):
                return None
            used = [area for area, one in zip(shown, weights, strict=True) if abs(one) > 1e-6]
        else:
            return None
        # Holding back a community breaks the sum where it is counted in otherwise than asked.
        known = sorted(
            (value, area)
            for area, value in values.items()
            if area[0] == "community" and area not in held and value > 0
        )
        for _, area in known:
            name = area[1]
            counted = sum(
                weight
                for of_area, weight in zip(shown, weights, strict=True)
                if name in self.members[of_area]
            )
            if abs(counted - (name in self.members[asked])) > 1e-6:
                return area
        return min(((values[area], area) for area in used), default=(0.0, None))[1]

    def _row(self, area: _Area, unknown: Sequence[str]) -> NDArray[np.float64]:
        return np.array([float(name in self.members[area]) for name in unknown])


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


def areas_released(content: Content, held: Held) -> gpd.GeoDataFrame:
    """
    Hide few people in the areas of single facilities, and what few people follow from.

    Parameters
    ----------
    content
        What the run has to show.
    held
        What is held back.

    Returns
    -------
    areas
        ``facility_areas`` without the counts that are few, that leave few between two areas of
        one facility or outside all of them, that are of a facility for some people only, or of a
        service whose covered people are not told: a single facility's are the same.
    """
    told = content.facility_areas.copy()
    if told.empty:
        return told
    silent = {one for level, _, one in held.covered if level == "study"}
    services = {one.service for one in content.standard.requirements if one.id in silent}
    service = content.facilities.set_index("facility_id")["service"]
    for_some = told["audience"] != "anyone"
    told["people"] = told["people"].mask(for_some | told["facility_id"].map(service).isin(services))
    everybody = float(content.homes["people"].sum())
    for _, people in told.groupby("facility_id")["people"]:
        above = everybody
        for row, count in people.sort_values(ascending=False).items():
            if 0 < count < FEWEST_SHOWN or 0 < above - count < FEWEST_SHOWN:
                told.loc[row, "people"] = np.nan
            elif count == count:  # noqa: PLR0124 - not missing
                above = count
    return told
