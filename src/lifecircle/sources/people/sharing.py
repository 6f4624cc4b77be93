"""
Rows of people and a crosswalk -> which share of each row lives in which community.

A row is one community's, or a former one's that is shared over what it became: nobody is lost.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.errors import DoubtfulRowsWarning, InputError, Problem
from lifecircle.sources.people.community_names import name_key
from lifecircle.sources.people.crosswalks import Crosswalk
from lifecircle.sources.people.tables import PeopleTable, code_of

_WHOLE = 1e-6  # by which shares may miss 1

Pieces = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


def pieces_of(
    communities: gpd.GeoDataFrame,
    people: PeopleTable,
    partner: NDArray[np.int64],
    crosswalk: Crosswalk | None,
    weights: NDArray[np.float64] | None,
) -> Pieces:
    """
    Say which share of each row is whose.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`.
    people
        The rows.
    partner
        Community each row is of, -1 of none, shape (rows,).
    crosswalk
        What former communities became; None where nothing changed.
    weights
        Homes of each community, shape (communities,); None where nobody knows.

    Returns
    -------
    row, community, share
        Shape (pieces,); the shares of a row make 1, of a row of no community there is no piece.

    Raises
    ------
    InputError
        If the crosswalk names communities that are not there, or shares that do not make 1.

    Warns
    -----
    DoubtfulRowsWarning
        Which rows were shared out and by what.

    Notes
    -----
    A former community is shared out where one it became has no row of its own; one that is still
    among the communities is its own successor too, unless the shares of the others make 1.
    """
    shared: dict[int, list[tuple[int, float]]] = {}
    if crosswalk is not None:
        shared = _shared(communities, people, partner, crosswalk, weights)
    pieces = []
    for row, whose in enumerate(partner):
        if row in shared:
            pieces += [(row, community, share) for community, share in shared[row]]
        elif whose >= 0:
            pieces.append((row, int(whose), 1.0))
    return (
        np.array([piece[0] for piece in pieces], dtype=np.int64),
        np.array([piece[1] for piece in pieces], dtype=np.int64),
        np.array([piece[2] for piece in pieces], dtype=np.float64),
    )


def _shared(
    communities: gpd.GeoDataFrame,
    people: PeopleTable,
    partner: NDArray[np.int64],
    crosswalk: Crosswalk,
    weights: NDArray[np.float64] | None,
) -> dict[int, list[tuple[int, float]]]:
    table = crosswalk.table
    rows = _Finder(people.table["id"], people.table["name"])
    places = _Finder(communities["community_id"], communities["name"])
    successors: dict[int, list[tuple[int, float]]] = {}
    problems = []
    for one in table.itertuples(index=False):
        community = places.find(one.new_id, one.new)
        if community < 0:
            problems.append(
                Problem(
                    what=f"'{one.new or one.new_id}' is none of the communities",
                    where=crosswalk.where,
                    remedy="write the name or code of the outlines' file",
                )
            )
            continue
        row = rows.find(one.old_id, one.old)
        if row >= 0:
            successors.setdefault(row, []).append((community, float(one.share)))
    if problems:
        raise InputError(problems)
    own = set(partner[[row for row in range(len(partner)) if row not in successors]].tolist())
    every = _weights(communities, weights)
    shared = {}
    for row, parts in successors.items():
        itself = int(partner[row])
        if all(community in own or community == itself for community, _ in parts):
            continue
        shared[row] = _shares(parts, itself, every, f"{crosswalk.where}: {_name(people, row)}")
        told = ", ".join(
            f"{communities['name'].iloc[community]} {share:.1%}" for community, share in shared[row]
        )
        way = "homes" if weights is not None else "the areas of their outlines"
        by = "" if all(np.isfinite(share) for _, share in parts) else f", shared by {way}"
        warnings.warn(
            f"{people.where}: {_name(people, row)} with {people.table['people'].iloc[row]:,.0f} "
            f"people became {told}{by} (communities.crosswalk)",
            DoubtfulRowsWarning,
            stacklevel=5,
        )
    return shared


def _shares(
    parts: list[tuple[int, float]], itself: int, weights: NDArray[np.float64], where: str
) -> list[tuple[int, float]]:
    """Fill in the shares nobody gave; what is left goes by weight."""
    share = dict(parts)
    given = sum(value for value in share.values() if np.isfinite(value))
    if itself >= 0 and itself not in share and given < 1 - _WHOLE:
        share[itself] = np.nan
    unsaid = [community for community, value in share.items() if not np.isfinite(value)]
    rest = 1.0 - given
    if rest < -_WHOLE or (rest > _WHOLE and not unsaid):
        raise InputError(
            Problem(
                what=f"the shares of what it became make {given:.3f}, not 1",
                where=where,
                remedy="correct a share, or leave one empty for what is left",
            )
        )
    weight = weights[unsaid]
    if weight.sum() <= 0:
        weight = np.ones(len(unsaid))
    for community, part in zip(unsaid, max(rest, 0.0) * weight / weight.sum(), strict=True):
        share[community] = float(part)
    return sorted(share.items())


def _weights(
    communities: gpd.GeoDataFrame, weights: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    if weights is not None:
        return np.nan_to_num(weights)
    return np.asarray(shapely.area(communities.geometry.to_numpy()), dtype=np.float64)


def _name(people: PeopleTable, row: int) -> str:
    return str(people.table["name"].iloc[row] or people.table["id"].iloc[row])


class _Finder:
    """Rows by code, else by name."""

    def __init__(self, ids: pd.Series, names: pd.Series) -> None:
        self._ids = {code_of(str(code)): at for at, code in enumerate(ids) if isinstance(code, str)}
        keys = [name_key(name) if isinstance(name, str) else None for name in names]
        self._names = {key: at for at, key in enumerate(keys) if keys.count(key) == 1}

    def find(self, code: object, name: object) -> int:
        if isinstance(code, str) and code_of(code) in self._ids:
            return self._ids[code_of(code)]
        return self._names.get(name_key(name), -1) if isinstance(name, str) else -1
