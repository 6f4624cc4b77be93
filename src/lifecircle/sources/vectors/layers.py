"""
Vector files of any kind -> checked layers in their own reference system.

Every row of a file is used, kept aside with a warning or refused, and the `Source` counts which.
"""

from __future__ import annotations

import codecs
import io
import warnings
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
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
from lifecircle.sources.vectors.crs import names_system, settle_crs
from lifecircle.sources.vectors.files import (
    PARQUET,
    choose_layer,
    digest,
    lacking_parts,
    openable,
    unreadable,
)
from lifecircle.sources.vectors.strays import stray_rows
from lifecircle.sources.vectors.text import RAW, drawing_encoding, read_texts


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
        Shapefile, GeoPackage, GeoJSON, file geodatabase, KML, GeoParquet, DXF, anything else
        GDAL reads, or a zip file with one of them.
    layer
        Layer to read, where there are several with shapes; `ALL_LAYERS` for all of a drawing.
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
        If rows are left out, outlines had to be repaired or are drawn twice, or rows lie far from
        all others.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from lifecircle.sources.vectors.layers import read_vector
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
            raise InputError(
                Problem(
                    what="has no rows",
                    where=where,
                    remedy="name another layer; if it should have rows, copy the file again",
                )
            )
        rows_in = len(table)
        table, doubtful, refused = _sound_rows(table, where)
        _warn_of_places(table, where)
    source = Source(
        name=path.name,
        sha256=digest(path),
        rows_in=rows_in,
        rows_used=len(table),
        rows_doubtful=doubtful,
        rows_refused=refused,
    )
    return table, source


def read_unplaced(
    path: Path, *, layer: str | None = None, encoding: str | None = None
) -> gpd.GeoDataFrame | None:
    """
    Read a layer that names no reference system.

    Parameters
    ----------
    path, layer, encoding
        As for `read_vector`.

    Returns
    -------
    layer
        Its rows with sound shapes and no system; None where it names one.

    Raises
    ------
    SourceError, InputError
        As `read_vector`.
    """
    with openable(path, layer=layer, where=path.name) as file:
        table = _read(file, layer, encoding, path.name)
        if names_system(table, file=file) or not len(table):
            return None
        sound, _, _ = _sound_rows(table, path.name)
    return sound.set_crs(None, allow_override=True)


def read_rows(path: Path, *, layer: str) -> gpd.GeoDataFrame:
    """
    Read a layer as it stands: no row is left out, no reference system is asked for.

    Parameters
    ----------
    path
        Vector file.
    layer
        One of `layers_of`.

    Returns
    -------
    rows
        All columns with readable texts, and ``geometry``.

    Raises
    ------
    SourceError, InputError
        As for `read_vector`.
    """
    with openable(path, layer=layer, where=path.name) as file:
        return _read(file, layer, None, path.name)


def _read(file: Path, layer: str | None, encoding: str | None, where: str) -> gpd.GeoDataFrame:
    suffix = file.suffix.lower()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            if suffix in PARQUET:
                table = gpd.read_parquet(file)
            elif suffix in (".geojson", ".json"):
                table = pyogrio.read_dataframe(_utf8(file, encoding, where), on_invalid="warn")
            elif suffix == ".dxf":
                table = _read_drawing(file, layer, encoding, where)
            else:
                chosen = choose_layer(file, layer, where)
                codec = RAW if suffix in _UNKNOWN_TEXTS else None
                table = pyogrio.read_dataframe(
                    file, layer=chosen, encoding=codec, on_invalid="warn"
                )
        except (DataSourceError, DataLayerError, UnicodeError, LookupError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise unreadable(file, error, where) from error
    _pass_on(said, file, where)
    if suffix == ".shp" and ".dbf" in lacking_parts(file):
        warnings.warn(
            f"{where}: its .dbf is missing beside it: the shapes have no columns",
            LifecircleWarning,
            stacklevel=3,
        )
    if suffix == ".kml" and isinstance(table, gpd.GeoDataFrame):
        table = _without_kml_columns(table)
    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError(
            Problem(what="holds no shapes, only a table", where=where, remedy="name a vector file")
        )
    if suffix in _UNKNOWN_TEXTS:
        table = read_texts(table, file=file, encoding=encoding, where=where)
    if table.geometry.name != "geometry":
        table = table.rename_geometry("geometry")
    return table.reset_index(drop=True)


ALL_LAYERS = "*"
"""Stands for every layer of a drawing."""

# Formats that do not say, or say wrongly, the encoding of their texts.
_UNKNOWN_TEXTS = (".shp", ".tab", ".mif")
# What GDAL adds to every placemark, for drawing it.
_KML_COLUMNS = (
    *("id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility"),
    *("drawOrder", "icon", "snippet"),
)


def _without_kml_columns(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what the planner wrote: an empty Name must not stand before a column 名称."""
    blank = [name for name in ("Name", "description") if name in table and _is_blank(table[name])]
    drawn = [name for name in _KML_COLUMNS if name in table]
    return table.drop(columns=[*drawn, *blank])


def _is_blank(column: pd.Series) -> bool:
    return bool((column.isna() | (column.astype(str).str.strip() == "")).all())


def _read_drawing(
    file: Path, layer: str | None, encoding: str | None, where: str
) -> gpd.GeoDataFrame:
    """Read a drawing in the encoding its texts are really in: its header is often wrong."""
    before = pyogrio.get_gdal_config_option("DXF_ENCODING")
    pyogrio.set_gdal_config_options(
        {"DXF_ENCODING": drawing_encoding(file, encoding=encoding, where=where)}
    )
    try:
        table = pyogrio.read_dataframe(file, on_invalid="warn")
    finally:
        pyogrio.set_gdal_config_options({"DXF_ENCODING": before})
    with file.open("rb") as stream:
        if b"HEADER" not in stream.read(4000):  # without one GDAL reads every byte as a letter
            table = read_texts(table, file=file, encoding=encoding, where=where)
    if layer == ALL_LAYERS or not len(table):
        return table
    # A drawing keeps walls, roads and trees side by side: one layer of it is a layer.
    names = sorted(set(table["Layer"].dropna()))
    if layer is None and len(names) == 1:
        return table
    if layer not in names:
        listed = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        what = "has several layers" if layer is None else f"has no layer '{layer}'; layers"
        raise InputError(
            Problem(what=f"{what}: {listed}", where=where, remedy='name one with layer = "…"')
        )
    return table[table["Layer"] == layer].reset_index(drop=True)


def _utf8(file: Path, encoding: str | None, where: str) -> Path | io.BytesIO:
    content = file.read_bytes()
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for codec in (encoding or ("utf-16" if wide else "utf-8"), "gb18030"):
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
        # Rows whose shape nobody can build are counted among those without one.
        if "Measured (M)" not in text and "Invalid WK" not in text:
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


def _warn_of_places(table: gpd.GeoDataFrame, where: str) -> None:
    """Tell of rows that lie where no other does, and of outlines drawn twice."""
    _warn_of_rows(
        stray_rows(table), "lie more than 100 km from the others; check their coordinates", where
    )
    shapes = np.asarray(table.geometry.array, dtype=object)
    boxes = pd.DataFrame(shapely.bounds(shapes)).duplicated(keep=False).to_numpy(dtype=bool)
    alike = np.flatnonzero(boxes & (shapely.get_dimensions(shapes) == 2))
    outlines = pd.Series(shapely.to_wkb(shapely.normalize(shapes[alike])), dtype=object)
    again = np.zeros(len(shapes), dtype=bool)
    again[alike[outlines.duplicated().to_numpy(dtype=bool)]] = True
    _warn_of_rows(again, "have the outline of an earlier row; both are kept", where)


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
