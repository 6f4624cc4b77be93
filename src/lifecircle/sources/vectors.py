"""
Vector files of any kind -> checked layers in their own reference system.

Every row of a file is used, kept aside with a warning or refused, and the `Source` counts which.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from lifecircle.errors import (
    DoubtfulRowsWarning,
    InputError,
    LifecircleWarning,
    Problem,
    SourceError,
)
from lifecircle.provenance import Source
from lifecircle.sources.vector_crs import settle_crs
from lifecircle.sources.vector_files import PARQUET, choose_layer, digest, openable, unreadable
from lifecircle.sources.vector_text import RAW, read_texts


def read_vector(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    where: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read one layer of a vector file.

    Parameters
    ----------
    path
        Shapefile, GeoPackage, GeoJSON, file geodatabase, KML, GeoParquet, anything else GDAL
        reads, or a zip file with one of them.
    layer
        Layer to read, where there are several with shapes.
    crs
        Reference system, where the file has none; must not contradict the file.
    encoding
        Of the texts of a shapefile, MapInfo file or GeoJSON; found out where it is not given.
    where
        Name for messages and warnings; the file's name by default.

    Returns
    -------
    layer
        All columns, plane shapes that are valid, in the layer's own reference system; a fresh
        index. Rows without a shape are left out.
    source
        Name, hash and counts: rows left out are `rows_doubtful`, rows whose coordinates are no
        numbers are `rows_refused`.

    Raises
    ------
    SourceError
        If there is no such file, or it cannot be read.
    InputError
        If it is not clear which layer is meant, or the layer is empty.
    CrsError
        If the reference system is unknown or the coordinates do not fit it.

    Warns
    -----
    DoubtfulRowsWarning
        If rows are left out or outlines had to be repaired.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from lifecircle.sources.vectors import read_vector
    >>> text = '{"type": "Feature", "properties": {"name": "plaza"}, '
    >>> text += '"geometry": {"type": "Point", "coordinates": [120.15, 30.27]}}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "places.geojson"
    ...     _ = file.write_text(text)
    ...     table, source = read_vector(file)
    >>> table["name"].tolist(), table.crs.to_epsg(), source.rows_used
    (['plaza'], 4326, 1)
    """
    where = where or path.name
    table, source = read_shapes(path, layer=layer, encoding=encoding, where=where)
    with openable(path, layer=layer, where=where) as file:
        return settle_crs(table, file=file, declared=crs, where=where), source


def read_shapes(
    path: Path, *, layer: str | None = None, encoding: str | None = None, where: str | None = None
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read one layer without asking where on Earth it lies.

    Parameters
    ----------
    path, layer, encoding, where
        As for `read_vector`.

    Returns
    -------
    layer, source
        As `read_vector` gives them, but the reference system is what the file says, or none.

    Raises
    ------
    LifecircleError
        As `read_vector`, but for the reference system.

    Warns
    -----
    DoubtfulRowsWarning
        As `read_vector`.
    """
    where = where or path.name
    with openable(path, layer=layer, where=where) as file:
        table = _read(file, layer, encoding, where)
        if not len(table):
            raise InputError(Problem(what="has no rows", where=where, remedy="name another layer"))
        rows_in = len(table)
        table, doubtful, refused = _sound_rows(table, where)
    source = Source(
        name=path.name,
        sha256=digest(path),
        rows_in=rows_in,
        rows_used=len(table),
        rows_doubtful=doubtful,
        rows_refused=refused,
    )
    return table, source


def _read(file: Path, layer: str | None, encoding: str | None, where: str) -> gpd.GeoDataFrame:
    suffix = file.suffix.lower()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            if suffix in PARQUET:
                table = gpd.read_parquet(file)
            elif suffix in (".geojson", ".json"):
                table = pyogrio.read_dataframe(_utf8(file, encoding, where))
            else:
                chosen = choose_layer(file, layer, where)
                codec = RAW if suffix == ".shp" else encoding if suffix in _DECLARED else None
                table = pyogrio.read_dataframe(file, layer=chosen, encoding=codec)
        except (DataSourceError, DataLayerError, UnicodeError, LookupError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise unreadable(file, error, where) from error
    _pass_on(said, file, where)
    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError(
            Problem(what="holds no shapes, only a table", where=where, remedy="name a vector file")
        )
    if suffix == ".shp":
        table = read_texts(table, file=file, encoding=encoding, where=where)
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    return table.reset_index(drop=True)


# Formats whose texts come in an encoding that the planner may have to say.
_DECLARED = (".tab", ".mif", ".csv", ".dxf")


def _utf8(file: Path, encoding: str | None, where: str) -> Path | io.BytesIO:
    content = file.read_bytes()
    for codec in (encoding or "utf-8", "gb18030"):
        try:
            text = content.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
        return file if codec == "utf-8" else io.BytesIO(text.encode())
    raise SourceError(
        Problem(what="its texts are neither UTF-8 nor GB18030", where=where, remedy="give encoding")
    )


def _pass_on(said: Sequence[warnings.WarningMessage], file: Path, where: str) -> None:
    """Say on what GDAL had to say, but for what changes nothing in the plane."""
    texts = sorted({str(one.message).replace(str(file), file.name) for one in said})
    for text in texts:
        if "Measured (M)" not in text:
            warnings.warn(f"{where}: {text}", LifecircleWarning, stacklevel=4)


def _sound_rows(table: gpd.GeoDataFrame, where: str) -> tuple[gpd.GeoDataFrame, int, int]:
    shapes = np.asarray(table.geometry.array, dtype=object)
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    infinite = ~absent & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    _warn_of_rows(absent, "have no shape and are left out", where)
    _warn_of_rows(infinite, "have coordinates that are no numbers and are left out", where)
    good = ~(absent | infinite)
    if not good.any():
        raise InputError(
            Problem(what="no row has a usable shape", where=where, remedy="name another layer")
        )
    flat = shapely.force_2d(shapes[good])
    broken = ~shapely.is_valid(flat)
    # Rows that fall to nothing when repaired were slivers: they too have no shape.
    flat[broken] = shapely.make_valid(flat[broken], method="structure", keep_collapsed=False)
    gone = shapely.is_empty(flat)
    _warn_of_rows(_placed(broken & ~gone, good), "cross themselves and were repaired", where)
    _warn_of_rows(_placed(gone, good), "enclose nothing and are left out", where)
    if gone.all():
        raise InputError(Problem(what="no row has a usable shape", where=where))
    kept = table.loc[_placed(~gone, good)].copy()
    kept = kept.set_geometry(gpd.GeoSeries(flat[~gone], index=kept.index, crs=table.crs))
    return kept.reset_index(drop=True), int(absent.sum() + gone.sum()), int(infinite.sum())


def _placed(flags: NDArray[np.bool_], good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bring flags of the good rows back to all rows, so that messages name the file's rows."""
    placed = np.zeros(len(good), dtype=bool)
    placed[np.flatnonzero(good)[flags]] = True
    return placed


def _warn_of_rows(bad: NDArray[np.bool_], what: str, where: str, most: int = 5) -> None:
    rows = (np.flatnonzero(bad) + 1).tolist()
    if rows:
        more = f" and {len(rows) - most} more" if len(rows) > most else ""
        named = ", ".join(map(str, rows[:most])) + more
        warnings.warn(
            f"{where}: {len(rows)} of {len(bad)} rows {what} (row {named})",
            DoubtfulRowsWarning,
            stacklevel=4,
        )
