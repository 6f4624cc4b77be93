"""
The ids of a planner's rows -> an id of its own for every row.

Ids that are good stay as they are, and the order of the rows does not matter.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.sources.sheets.cells import Layer, texts_of, warn_of_rows


def ids_of(layer: Layer, *, prefix: str) -> NDArray[np.object_]:
    """
    Read the ids, and number the rows that have none of their own.

    Parameters
    ----------
    layer
        The layer; its column of ids has the meaning ``id``.
    prefix
        What stands before the running number of a row without an id.

    Returns
    -------
    ids
        An id of its own for every row, shape (n,). An id given to several rows gets a number
        behind it. Numbers follow the place of the rows, not their order in the file.

    Warns
    -----
    DoubtfulRowsWarning
        If there is no column of ids, or rows have none or share one.
    """
    given = texts_of(layer, "id")
    blank = given.isna().to_numpy(dtype=bool)
    doubled = given.duplicated(keep=False).to_numpy(dtype=bool) & ~blank
    if "id" not in layer.found:
        warn_of_rows(
            layer,
            blank,
            "are numbered by place, for no column of ids was found; the numbers change when "
            'shapes do: give columns = {id = "…"}',
        )
    else:
        warn_of_rows(layer, blank, "have no id and are numbered by place")
        warn_of_rows(layer, doubled, "share an id with another row and get a number behind it")
    ids: NDArray[np.object_] = given.to_numpy(dtype=object).copy()
    taken = set(given[~blank & ~doubled])
    width = len(str(len(layer)))
    last: dict[str, int] = {}
    for at in _by_place(layer.table, np.flatnonzero(blank | doubled)):
        stem = prefix if blank[at] else f"{given.iloc[at]}#"
        name = stem
        while name == stem or name in taken:
            last[stem] = last.get(stem, 0) + 1
            name = f"{stem}{last[stem]:0{width if blank[at] else 1}d}"
        taken.add(name)
        ids[at] = name
    return ids


def _by_place(table: gpd.GeoDataFrame, rows: NDArray[np.intp]) -> list[int]:
    """Order rows by where they lie, then by what they say."""
    some = table.iloc[rows]
    box = some.bounds.to_numpy()
    shape = shapely.to_wkb(shapely.normalize(np.asarray(some.geometry.array, dtype=object)))
    said = some.drop(columns="geometry").to_numpy(dtype=object)
    keys = [(*box[at], shape[at], *map(str, said[at])) for at in range(len(rows))]
    return [int(rows[at]) for at in sorted(range(len(rows)), key=keys.__getitem__)]
