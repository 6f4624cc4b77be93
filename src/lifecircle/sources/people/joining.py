"""
People by community, as a table counts them -> the communities, each with its own.

A row joins one community or none; what finds no partner, on either side, is named.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz

from lifecircle.errors import DoubtfulRowsWarning, InputError, MissingDataWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.people.community_names import name_key
from lifecircle.sources.people.crosswalks import Crosswalk
from lifecircle.sources.people.sharing import pieces_of
from lifecircle.sources.people.tables import HOUSEHOLDS, PeopleTable, code_of, plain_words

_ZONE = re.compile(r"管委会|管理委员会|开发区|高新区|园区|度假区|新区")
_ALIKE = 50.0  # of 100: one letter of two, or of three, is another one


def join_people(
    communities: gpd.GeoDataFrame,
    people: PeopleTable,
    *,
    same_as: Mapping[str, str] | None = None,
    crosswalk: Crosswalk | None = None,
    weights: NDArray[np.float64] | None = None,
    counted: NDArray[np.float64] | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Write the people of a table beside the communities they live in.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`; not changed.
    people
        The table.
    same_as
        Name in the table to the name of the community that is meant, where the planner says so.
    crosswalk
        Which community of the table's year became which of today's.
    weights
        Homes of each community: by them a former community's people are shared over what it
        became, where the crosswalk gives no shares; shape (communities,). The outlines' areas
        where there are none.
    counted
        People of each community as another source counts them, NaN where it does not: they decide
        between rows that only share the rest of a sum, shape (communities,).

    Returns
    -------
    communities
        With ``people``, the groups and the households the table counts, NaN where no row was
        found; columns of these names that were there before are replaced.
    source
        Of the table: rows that found no community are `rows_doubtful`.

    Raises
    ------
    InputError
        If no row finds a community, several rows find the same one, or a crosswalk names
        communities that are not there or shares that make more than everybody.

    Warns
    -----
    MissingDataWarning
        If rows or communities find no partner: which, and the nearest names.
    DoubtfulRowsWarning
        If the communities' own file counts people too, which are not used; if a crosswalk was
        used; if a row repeats another one's community under a body that is no subdistrict.

    Notes
    -----
    By code; what is left by name, in which 城东社区居民委员会, 城东社区 and 城东居委会 are one, as
    are 塘湾村 and 塘湾村民委员会, but 塘湾村 and 塘湾社区 are two; a name that is there twice
    needs the same subdistrict. A name that is merely alike is proposed, never taken. A former
    community is shared out only where one it became has no row of its own.
    """
    ids = {code_of(str(code)) or "": at for at, code in enumerate(communities["community_id"])}
    by_code = [ids.get(code, -1) if code else -1 for code in people.table["id"]]
    partner = np.array(by_code, dtype=np.int64)
    _join_names(communities, people.table, partner, same_as or {})
    _leave_out_repeats(communities, people, partner)
    if counted is not None:
        people = _shared_anew(people, partner, counted)
    row, community, share = pieces_of(communities, people, partner, crosswalk, weights)
    _check_partners(communities, people, partner, row, community, share)
    _tell_of_replaced(communities, people)
    joined = communities.copy()
    beside = [HOUSEHOLDS] if HOUSEHOLDS in people.table else []
    for column in ("people", *people.groups, *beside):
        pieces = people.table[column].to_numpy(dtype=np.float64)[row] * share
        values = np.full(len(joined), np.nan)
        values[community] = 0.0
        np.add.at(values, community, pieces)
        joined[column] = values
    _tell_of_unjoined(communities, people, row, community)
    gone = len(people) - len(np.unique(row))
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


def _leave_out_repeats(
    communities: gpd.GeoDataFrame, people: PeopleTable, partner: NDArray[np.int64]
) -> None:
    """Count a community once that is listed under its subdistrict and a development zone."""
    table = people.table
    zones = np.array([bool(_ZONE.search(str(name or ""))) for name in table["subdistrict"]])
    again = zones & (partner >= 0) & np.isin(partner, partner[~zones & (partner >= 0)])
    if again.any():
        names = [str(name) for name in communities["name"].iloc[partner[again]]]
        warnings.warn(
            f"{people.where}: {again.sum()} rows under a development zone repeat communities that "
            f"stand under their subdistrict, and are not counted again ({_few(names)})",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
        partner[again] = -1


def _shared_anew(
    people: PeopleTable, partner: NDArray[np.int64], counted: NDArray[np.float64]
) -> PeopleTable:
    """Divide what several rows share by what somebody counted there; the sum stays."""
    table = people.table.copy()
    groups = ["people", *people.groups]
    for number in sorted(set(table["shared"]) - {0}):
        rows = (table["shared"] == number).to_numpy()
        if (partner[rows] < 0).any():
            continue
        there = counted[partner[rows]]
        if not (np.isfinite(there).all() and there.sum() > 0):
            continue
        old = table.loc[rows, "people"].to_numpy(dtype=np.float64)
        rest = old.sum() if number > 0 else there.sum()
        for column in groups:
            before = table.loc[rows, column].to_numpy(dtype=np.float64)
            after = before * there / there.sum() * rest / old
            if number > 0 and after.sum() > 0:
                after *= before.sum() / after.sum()  # what the sum leaves of a group stays too
            table.loc[rows, column] = after
        names = ", ".join(
            f"{name} {people:,.0f}"
            for name, people in zip(table["name"][rows], table["people"][rows], strict=True)
        )
        warnings.warn(
            f"{people.where}: people that are left out are divided as homes.grids counts them "
            f"({names})",
            DoubtfulRowsWarning,
            stacklevel=4,
        )
    return replace(people, table=table)


def _join_names(
    communities: gpd.GeoDataFrame,
    table: pd.DataFrame,
    partner: NDArray[np.int64],
    same_as: Mapping[str, str],
) -> None:
    said = {plain_words(name): meant for name, meant in same_as.items()}
    taken = set(partner[partner >= 0].tolist())
    places: dict[tuple[str, str], list[int]] = {}
    for at, name in enumerate(communities["name"]):
        if at not in taken and isinstance(name, str):
            places.setdefault(name_key(name), []).append(at)
    above = [
        "".join(plain_words(part) for part in parts if isinstance(part, str))
        for parts in zip(
            communities.get("county", [None] * len(communities)),
            communities["subdistrict"],
            strict=True,
        )
    ]
    for row in np.flatnonzero(partner < 0):
        name, over = table["name"].iloc[row], table["subdistrict"].iloc[row]
        if not isinstance(name, str):
            continue
        stem, kind = name_key(said.get(plain_words(name), name))
        found = places.get((stem, kind), [])
        if not kind:
            found = [at for (other, _), rows in places.items() if other == stem for at in rows]
        elif not found:
            found = places.get((stem, ""), [])
        if len(found) > 1 and isinstance(over, str):
            said_above = plain_words(over)
            found = [
                at
                for at in found
                if above[at].endswith(said_above) or said_above.endswith(above[at] or "?")
            ]
        if len(found) == 1:
            partner[row] = found[0]


def _check_partners(
    communities: gpd.GeoDataFrame,
    people: PeopleTable,
    partner: NDArray[np.int64],
    row: NDArray[np.int64],
    community: NDArray[np.int64],
    share: NDArray[np.float64],
) -> None:
    if not len(row):
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
    plain = partner[row] == community
    numbers, count = np.unique(community[plain & (share == 1)], return_counts=True)
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
    communities: gpd.GeoDataFrame,
    people: PeopleTable,
    row: NDArray[np.int64],
    community: NDArray[np.int64],
) -> None:
    lonely = people.table.drop(index=people.table.index[np.unique(row)])
    left = np.setdiff1d(np.arange(len(communities)), community)
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
    alike = _alike(
        [name for name in lonely["name"] if isinstance(name, str)],
        [str(name) for name in communities["name"].iloc[left]],
    )
    if alike:
        lines = ", ".join(f'"{name}" = "{other}"' for name, other in alike.items())
        parts.append(
            f"where these names are the same, write under [communities]: same_as = {{ {lines} }}"
        )
    if parts:
        warnings.warn(f"{people.where}: {'; '.join(parts)}", MissingDataWarning, stacklevel=3)


def _alike(names: list[str], others: list[str]) -> dict[str, str]:
    """Pair names that are much alike and like no other so much; only ever a proposal."""
    stems = [name_key(other)[0] for other in others]
    pairs = {}
    for name in names:
        stem, _ = name_key(name)
        scores = [fuzz.ratio(stem, other) for other in stems]
        best = max(scores, default=0.0)
        if best >= _ALIKE and scores.count(best) == 1:
            pairs[name] = others[scores.index(best)]
    return pairs


def _few(names: list[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(name[:30] for name in names[:most])}{more}"
