"""
People by community, as a table counts them -> the communities, each with its own.

A row joins one community or none; what finds no partner, on either side, is named.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import DoubtfulRowsWarning, InputError, MissingDataWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.community_names import name_key
from lifecircle.sources.people_tables import GROUP_COLUMNS, PeopleTable, code_of, plain_words


def join_people(
    communities: gpd.GeoDataFrame, people: PeopleTable
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Write the people of a table beside the communities they live in.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`; not changed.
    people
        The table.

    Returns
    -------
    communities
        With ``people`` and the groups the table counts, NaN where no row was found; columns of
        these names that were there before are replaced.
    source
        Of the table: rows that found no community are `rows_doubtful`.

    Raises
    ------
    InputError
        If no row finds a community, or several rows find the same one.

    Warns
    -----
    MissingDataWarning
        If rows or communities find no partner: which.
    DoubtfulRowsWarning
        If the communities' own file counts people too, which are not used.

    Notes
    -----
    By code; what is left by name, in which 城东社区居民委员会, 城东社区 and 城东居委会 are one, as
    are 塘湾村 and 塘湾村民委员会, but 塘湾村 and 塘湾社区 are two; a name that is there twice
    needs the same subdistrict.
    """
    ids = {code_of(str(code)) or "": at for at, code in enumerate(communities["community_id"])}
    by_code = [ids.get(code, -1) if code else -1 for code in people.table["id"]]
    partner = np.array(by_code, dtype=np.int64)
    _join_names(communities, people.table, partner)
    _check_partners(communities, people, partner)
    _tell_of_replaced(communities, people)
    joined = communities.copy()
    rows = np.flatnonzero(partner >= 0)
    for column in ("people", *GROUP_COLUMNS):
        if column in people.table:
            values = np.full(len(joined), np.nan)
            values[partner[rows]] = people.table[column].to_numpy(dtype=np.float64)[rows]
            joined[column] = values
    _tell_of_unjoined(communities, people, partner)
    gone = len(people) - len(rows)
    source = people.source
    return joined, replace(
        source, rows_used=source.rows_used - gone, rows_doubtful=source.rows_doubtful + gone
    )


def _tell_of_replaced(communities: gpd.GeoDataFrame, people: PeopleTable) -> None:
    if "people" in communities and communities["people"].notna().any():
        warnings.warn(
            f"{people.where}: the file of communities counts {communities['people'].sum():,.0f} "
            "people of its own, which are not used",
            DoubtfulRowsWarning,
            stacklevel=3,
        )


def _join_names(
    communities: gpd.GeoDataFrame, table: pd.DataFrame, partner: NDArray[np.int64]
) -> None:
    taken = set(partner[partner >= 0].tolist())
    places: dict[tuple[str, str], list[int]] = {}
    for at, name in enumerate(communities["name"]):
        if at not in taken and isinstance(name, str):
            places.setdefault(name_key(name), []).append(at)
    above = [plain_words(str(name)) for name in communities["subdistrict"]]
    for row in np.flatnonzero(partner < 0):
        name, over = table["name"].iloc[row], table["subdistrict"].iloc[row]
        if not isinstance(name, str):
            continue
        stem, kind = name_key(name)
        found = places.get((stem, kind), [])
        if not kind:
            found = [at for (other, _), rows in places.items() if other == stem for at in rows]
        elif not found:
            found = places.get((stem, ""), [])
        if len(found) > 1 and isinstance(over, str):
            found = [at for at in found if above[at].endswith(plain_words(over))]
        if len(found) == 1:
            partner[row] = found[0]


def _check_partners(
    communities: gpd.GeoDataFrame, people: PeopleTable, partner: NDArray[np.int64]
) -> None:
    if not (partner >= 0).any():
        names = ", ".join(str(name) for name in people.table["name"][:3])
        theirs = ", ".join(str(name) for name in communities["name"][:3])
        raise InputError(
            Problem(
                what=f"none of its {len(people)} rows ({names}) is one of the communities "
                f"({theirs})",
                where=people.where,
                remedy="check the columns of codes and names on both sides",
            )
        )
    numbers, count = np.unique(partner[partner >= 0], return_counts=True)
    problems = [
        Problem(
            what=f"counts {communities['name'].iloc[at]} in several rows",
            where=f"{people.where}, row {', '.join(map(str, people.row[partner == at]))}",
            remedy="leave one row, or correct a code",
        )
        for at in numbers[count > 1]
    ]
    if problems:
        raise InputError(problems)


def _tell_of_unjoined(
    communities: gpd.GeoDataFrame, people: PeopleTable, partner: NDArray[np.int64]
) -> None:
    lonely = people.table[partner < 0]
    left = np.setdiff1d(np.arange(len(communities)), partner)
    parts = []
    if len(lonely):
        names = [
            str(name if name is not None else code)
            for name, code in zip(lonely["name"], lonely["id"], strict=True)
        ]
        parts.append(
            f"{len(lonely)} rows with {lonely['people'].sum():,.0f} people are in no community "
            f"({_few(names)})"
        )
    if len(left):
        parts.append(
            f"{len(left)} of {len(communities)} communities have no row with people "
            f"({_few([str(name) for name in communities['name'].iloc[left]])})"
        )
    if parts:
        warnings.warn(f"{people.where}: {'; '.join(parts)}", MissingDataWarning, stacklevel=3)


def _few(names: list[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(name[:30] for name in names[:most])}{more}"
