"""
Ways to bring people inside without new ground: sharing, extending, opening a link.

A way stands at a place and names whom it would bring inside for which requirement. It competes
with land and rooms when sites are chosen, and is listed whether chosen or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

WAYS = (
    *("way_id", "kind", "facility_id", "name", "types", "what", "consent", "competes", "evidence"),
    *("community_id", "lon", "lat"),
)
"""
Columns of `Ways.table`.

`kind` is one of `tables.SITE_KINDS`: ``share`` (a place that is there is opened to everybody),
``extension`` (a place that is there is enlarged or raised to another type), ``gate`` (a link is
opened). `facility_id` is missing for a gate. `types` are the types that would count once it is
done, ``"; "`` between them; empty for a gate. `what` and `consent` are codes of the labels: what is
done there, and who has to agree. `competes` is false where a way is only listed.
"""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """
    Ways to close gaps that need no land.

    Parameters
    ----------
    table
        One row per way, columns `WAYS` and the point it is done at, in the study's metric system.
    serves
        Way to requirement to the homes (rows, ascending) that are not covered today and would be.
    """

    table: gpd.GeoDataFrame
    serves: Mapping[str, Mapping[str, NDArray[np.int64]]]

    def __len__(self) -> int:
        return len(self.table)


def no_ways(crs: CRS | str) -> Ways:
    """
    Give no way at all.

    Parameters
    ----------
    crs
        The study's metric system.

    Returns
    -------
    ways
        An empty table with every column.
    """
    empty = gpd.GeoDataFrame({name: [] for name in WAYS}, geometry=[], crs=crs)
    return Ways(table=empty, serves={})


def joined(parts: Iterable[Ways], crs: CRS | str) -> Ways:
    """
    Put ways of several kinds together.

    Parameters
    ----------
    parts
        Ways whose ids differ.
    crs
        The study's metric system.

    Returns
    -------
    ways
        All of them, by id.

    Raises
    ------
    ValueError
        If an id stands in two parts.

    Examples
    --------
    >>> from lifecircle.siting.ways import joined, no_ways
    >>> len(joined([no_ways("EPSG:4549"), no_ways("EPSG:4549")], "EPSG:4549"))
    0
    """
    held = [one for one in parts if len(one)]
    if not held:
        return no_ways(crs)
    table = pd.concat([one.table for one in held], ignore_index=True)
    if table["way_id"].duplicated().any():
        raise ValueError("a way stands in two parts")
    table = table.sort_values("way_id", kind="stable").reset_index(drop=True)
    serves = {name: found for one in held for name, found in one.serves.items()}
    return Ways(table=gpd.GeoDataFrame(table, geometry="geometry", crs=crs), serves=serves)
