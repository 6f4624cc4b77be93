"""
Vector files with several layers of land -> each layer with what it is recognised as.

A layer is told by its name and its columns; one that is not recognised is named, never guessed.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
from pyogrio.errors import DataSourceError

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.provenance import Source
from lifecircle.sources.sheets.cells import Layer, read_layer
from lifecircle.sources.sheets.ids import ids_of
from lifecircle.sources.vectors.files import openable, unreadable


@dataclass(frozen=True, kw_only=True)
class NamedLayer:
    """
    One layer of a file, WGS 84.

    Parameters
    ----------
    name
        Its name.
    cells
        Its rows with the wanted columns told apart.
    """

    name: str
    cells: Layer


def layers_of(path: Path, *, where: str) -> tuple[str, ...]:
    """
    List the layers of a file that have shapes.

    Parameters
    ----------
    path
        Vector file.
    where
        Name for messages.

    Returns
    -------
    names
        In the order of the file.

    Raises
    ------
    SourceError
        If there is no such file or it cannot be opened.
    """
    with openable(path, layer=None, where=where) as file:
        try:
            found = pyogrio.list_layers(file)
        except DataSourceError as error:
            raise unreadable(file, error, where) from error
    return tuple(str(name) for name, kind in found if kind is not None)


def columns_of(path: Path, layer: str) -> tuple[str, ...]:
    """
    List the columns of a layer without reading its rows.

    Parameters
    ----------
    path
        Vector file, not a zip file.
    layer
        Name of the layer.

    Returns
    -------
    columns
        Their names.
    """
    return tuple(str(name) for name in pyogrio.read_info(path, layer=layer)["fields"])


def read_named_layer(
    path: Path,
    *,
    layer: str,
    wanted: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str] | None = None,
    geometry: tuple[str, ...],
    crs: str | None = None,
    encoding: str | None = None,
) -> NamedLayer:
    """
    Read one layer and move it to WGS 84.

    Parameters
    ----------
    path, layer
        File and layer.
    wanted, columns, geometry, crs, encoding
        As for `read_layer`.

    Returns
    -------
    layer
        The layer.

    Raises
    ------
    LifecircleError
        As `read_layer`.
    """
    cells = read_layer(
        path,
        wanted=wanted,
        columns=columns,
        geometry=geometry,
        layer=layer,
        crs=crs,
        encoding=encoding,
    )
    table = geo.to_crs(cells.table, geo.WGS84, where=cells.where)
    return NamedLayer(
        name=layer,
        cells=Layer(
            table=gpd.GeoDataFrame(table),
            found=cells.found,
            row=cells.row.copy(),
            renumbered=cells.renumbered,
            source=cells.source,
            where=f"{cells.where}, layer '{layer}'",
        ),
    )


def ids_or_numbers(cells: Layer, prefix: str) -> list[str]:
    """
    Read ids, or number rows nobody refers to by their place in the file.

    Parameters
    ----------
    cells
        The layer.
    prefix
        What stands before a number.

    Returns
    -------
    ids
        One per row.
    """
    if "id" not in cells.found:
        return [f"{prefix}{number}" for number in cells.row]
    return [str(one) for one in ids_of(cells, prefix=prefix)]


def added_up(sources: list[Source], name: str) -> Source:
    """
    Add up the rows of the layers of one file.

    Parameters
    ----------
    sources
        One per layer.
    name
        Name of the file.

    Returns
    -------
    source
        Of the file.
    """
    counts = np.array(
        [(s.rows_in, s.rows_used, s.rows_doubtful, s.rows_refused) for s in sources], dtype=np.int64
    ).sum(axis=0)
    return Source(
        name=name,
        sha256=sources[0].sha256,
        rows_in=int(counts[0]),
        rows_used=int(counts[1]),
        rows_doubtful=int(counts[2]),
        rows_refused=int(counts[3]),
    )


def tell_of_unread(path: Path, layers: list[str], what: str) -> None:
    """
    Warn of layers that are not used.

    Parameters
    ----------
    path
        The file.
    layers
        Their names; nothing is said of none.
    what
        Why, as the rest of a sentence.
    """
    if layers:
        warnings.warn(
            f"{path.name}: {', '.join(layers)} {what}",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
