"""How large what counts is: one size per place, under however many types it is listed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.reach.matrix import usable_facilities


class Sizes(NamedTuple):
    """
    Places that count and their sizes.

    Attributes
    ----------
    row
        First row of each place in the table of facilities, ascending, shape (places,).
    size
        Its size in the unit of the measure, 1 where places are counted, missing where nobody
        knows, shape (places,).
    """

    row: NDArray[np.int64]
    size: NDArray[np.float64]


def sizes_of(table: pd.DataFrame, counting: NDArray[np.bool_], measure: str) -> Sizes:
    """
    Take every place once, with the largest of the sizes its rows give.

    Parameters
    ----------
    table
        `tables.FACILITIES`. Rows of one ``place_id`` are one place: a house listed as a day-care
        and as a canteen has its floor area once.
    counting
        Which rows count, shape (facilities,).
    measure
        ``facilities`` or a column of sizes.

    Returns
    -------
    sizes
        Of the places with a row that counts.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> house = pd.DataFrame({
    ...     "facility_id": ["a", "b"], "place_id": ["p", "p"], "floor_m2": [350.0, 350.0]})
    >>> sizes_of(house, np.array([True, True]), "floor_m2").size.tolist()
    [350.0]
    """
    rows = np.flatnonzero(counting)
    place = table["place_id"].where(table["place_id"].notna(), table["facility_id"])
    code, _ = pd.factorize(place.to_numpy(dtype=object)[rows])
    n = int(code.max()) + 1 if len(code) else 0
    first = np.full(n, len(table), dtype=np.int64)
    np.minimum.at(first, code, rows)
    if measure == "facilities":
        return Sizes(first, np.ones(n))
    given = table[measure].to_numpy(dtype=np.float64)[rows]
    size = np.full(n, -np.inf)
    known = np.isfinite(given)
    np.maximum.at(size, code[known], given[known])
    return Sizes(first, np.where(np.isfinite(size), size, np.nan))


def counting_of(table: pd.DataFrame, service: str, types: tuple[str, ...]) -> NDArray[np.bool_]:
    """
    Say which facilities are of a service or of some types, and can be used today.

    Parameters
    ----------
    table
        `tables.FACILITIES`.
    service
        Its id.
    types
        Facility types; empty means any type of the service.

    Returns
    -------
    counting
        Shape (facilities,).
    """
    right = table["type"].isin(types) if types else table["service"] == service
    return np.asarray(right.to_numpy() & usable_facilities(table), dtype=bool)
