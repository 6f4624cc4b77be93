"""
Layers of a run become the files other programs ask for: shapefiles, databases, a drawing.

They are read from ``results.gpkg``, so their figures are the same; a dictionary says what every
field means and what became of its name.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from lifecircle.errors import LifecircleWarning, Problem, SchemaError, SourceError
from lifecircle.outputs import style
from lifecircle.outputs.csvs import inert
from lifecircle.outputs.drawing_file import Drawn, write_drawing

_LONGEST_NAME, _LONGEST_TEXT = 10, 254  # bytes, of a shapefile's tables
_GBK = "GBK"
_DICTIONARY = "fields.csv"
# Land without an outline lies in a layer of its own, under the field names of the other.
_BESIDE = {"parcels": ("parcel_points",)}
_SCHEMA_OF = {"parcel_points": "parcels"}
_BY_KIND = ("parcels", "parcel_points", "sites")
_NAMED_BY = ("name", "site_id", "parcel_id", "facility_id", "community_id")
_TWICE = ("gaps", "handover")  # drawn as communities and sites already
# Words of SQL, which a geodatabase lets no field be called by.
_RESERVED = frozenset(
    "add alter and between by column create delete drop exists for from group in insert into is "
    "like not null or order select set table update values where".split()
)


def write_exports(
    source: Path,
    folder: Path,
    *,
    formats: Sequence[str],
    layers: Sequence[str],
    renamed: Mapping[str, Mapping[str, str]],
) -> tuple[Path, ...]:
    """
    Write layers of a run in the formats other programs ask for.

    Parameters
    ----------
    source
        ``results.gpkg`` of the run.
    folder
        Where to write; it is made.
    formats
        ``shp``, ``gdb``, ``gpkg``, ``dxf``.
    layers
        Names of layers; those the run has not are left out.
    renamed
        Layer to column to the field it becomes.

    Returns
    -------
    paths
        Every file written: ``<layer>.shp`` with its parts (texts GBK, named in ``.cpg``),
        ``results.gdb`` (a folder), ``results.gpkg``, ``results.dxf`` (outlines, points and names,
        a layer per layer and kind; not of gaps and what is handed on, whose shapes are those of
        others) and ``fields.csv``, the dictionary: layer, column, field in the database, field in
        the shapefile, what it is in Chinese and English. Nothing without formats.

    Raises
    ------
    SchemaError
        If a column to be renamed is not there, or two columns would have one name.
    SourceError
        If a file cannot be written.

    Warns
    -----
    LifecircleWarning
        If texts were cut to the 254 bytes, or hold signs GBK lacks.
    """
    if not formats:
        return ()
    there = {str(name) for name, _ in pyogrio.list_layers(source)}
    wanted = [one for name in layers for one in (name, *_BESIDE.get(name, ()))]
    frames = {
        name: _renamed(
            name,
            pyogrio.read_dataframe(source, layer=name),
            renamed.get(_SCHEMA_OF.get(name, name), {}),
        )
        for name in wanted
        if name in there
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        short = {name: _short_names(frame) for name, (frame, _) in frames.items()}
        for name, (frame, _) in frames.items():
            if "shp" in formats:
                _write_shapefile(frame.rename(columns=short[name]), folder / f"{name}.shp")
            if "gdb" in formats:
                _write(frame, folder / "results.gdb", "OpenFileGDB", name)
            if "gpkg" in formats:
                _write(frame, folder / "results.gpkg", "GPKG", name)
        if "dxf" in formats:
            write_drawing(
                _drawn(
                    {name: frame for name, (frame, _) in frames.items() if name not in _TWICE},
                    {name: fields for name, (_, fields) in frames.items()},
                ),
                folder / "results.dxf",
            )
        _write_dictionary(frames, short, folder / _DICTIONARY)
    except (OSError, DataSourceError, DataLayerError) as error:
        raise SourceError(
            Problem(
                what="the exported layers cannot be written",
                where=folder.name,
                remedy="close them in other programs and run again",
            )
        ) from error
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _renamed(
    layer: str, frame: gpd.GeoDataFrame, names: Mapping[str, str]
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Rename columns; give the frame and column to field, in order."""
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    problems = [
        Problem(
            what=f"layer {layer} has no column '{name}'",
            where=f"study.toml, [export.schema.{layer}]",
            remedy=f"columns: {', '.join(columns)}",
        )
        for name in names
        if name not in columns
    ]
    fields = {name: names.get(name, name) for name in columns}
    fields = {
        name: f"{field}_" if field.casefold() in _RESERVED else field
        for name, field in fields.items()
    }
    folded = [field.casefold() for field in fields.values()]
    twice = sorted({field for field in fields.values() if folded.count(field.casefold()) > 1})
    if twice:
        problems.append(
            Problem(
                what=f"two columns of layer {layer} would be called {', '.join(twice)}",
                where=f"study.toml, [export.schema.{layer}]",
                remedy="give each a name of its own",
            )
        )
    if problems:
        raise SchemaError(problems)
    return frame.rename(columns=fields), fields


def _short_names(frame: gpd.GeoDataFrame) -> dict[str, str]:
    """Shorten names to what a shapefile holds; what would be alike ends in a number."""
    taken: set[str] = set()
    short = {}
    for name in frame.columns:
        if name == frame.geometry.name:
            continue
        cut = _cut(str(name), _LONGEST_NAME)
        number = 1
        while cut.casefold() in taken:
            tail = f"_{number}"
            cut = _cut(str(name), _LONGEST_NAME - len(tail)) + tail
            number += 1
        taken.add(cut.casefold())
        short[str(name)] = cut
    return short


def _cut(text: str, most: int) -> str:
    """Cut a text to so many bytes of GBK without splitting a sign."""
    return text.encode(_GBK, errors="replace")[:most].decode(_GBK, errors="ignore")


def _write_shapefile(frame: gpd.GeoDataFrame, path: Path) -> None:
    table, lost = frame.copy(), 0
    for name in table.columns:
        if name == table.geometry.name or pd.api.types.is_numeric_dtype(table[name].dtype):
            continue
        if pd.api.types.is_bool_dtype(table[name].dtype):
            table[name] = table[name].astype("Int32")
            continue
        given = [None if pd.isna(value) else str(value) for value in table[name]]
        cut = [None if text is None else _cut(text, _LONGEST_TEXT) for text in given]
        table[name] = pd.Series(cut, index=table.index, dtype=object)
        lost += sum(one != other for one, other in zip(given, cut, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # widths of numbers, told by GDAL
        pyogrio.write_dataframe(
            table,
            path,
            driver="ESRI Shapefile",
            encoding=_GBK,
            geometry_type=_type_of(table),
            promote_to_multi=False,
        )
    path.with_suffix(".cpg").write_text(_GBK, encoding="ascii")
    if lost:
        warnings.warn(
            f"{path.name}: {lost} texts were cut to the {_LONGEST_TEXT} bytes of a shapefile, or "
            "hold signs GBK lacks; results.gpkg has them whole",
            LifecircleWarning,
            stacklevel=4,
        )


def _write(frame: gpd.GeoDataFrame, path: Path, driver: str, layer: str) -> None:
    whole = {
        name: "int32" for name in frame.columns if pd.api.types.is_integer_dtype(frame[name].dtype)
    }
    pyogrio.write_dataframe(
        frame.astype(whole),
        path,
        layer=layer,
        driver=driver,
        append=path.exists(),
        geometry_type=_type_of(frame, multi=True),
        promote_to_multi=_dimension(frame) > 0,
    )


def _dimension(frame: gpd.GeoDataFrame) -> int:
    known = shapely.get_dimensions(frame.geometry.to_numpy())
    return int(known.max(initial=0))


def _type_of(frame: gpd.GeoDataFrame, *, multi: bool = False) -> str:
    name = ("Point", "LineString", "Polygon")[_dimension(frame)]
    return f"Multi{name}" if multi and name != "Point" else name


def _drawn(
    frames: Mapping[str, gpd.GeoDataFrame], fields: Mapping[str, Mapping[str, str]]
) -> dict[str, Drawn]:
    """Sort layers into those of a drawing, a layer per kind of land, each row with its name."""
    drawn = {}
    for name, frame in frames.items():
        field = fields[name]
        labels = [_label(frame, field, row) for row in range(len(frame))]
        kinds = np.full(len(frame), name, dtype=object)
        if name in _BY_KIND and "kind" in field:
            kinds = np.array([f"{name}_{kind}" for kind in frame[field["kind"]]], dtype=object)
        shapes = frame.geometry.to_numpy()
        for kind in sorted(set(kinds)) or [name]:
            rows = np.flatnonzero(kinds == kind)
            drawn[str(kind)] = Drawn(shapes=shapes[rows], labels=[labels[row] for row in rows])
    return drawn


def _label(frame: gpd.GeoDataFrame, field: Mapping[str, str], row: int) -> str | None:
    """Take the first of what a row is known by."""
    for column in _NAMED_BY:
        value = frame[field[column]].iloc[row] if column in field else None
        if isinstance(value, str) and value:
            return value
    return None


def _write_dictionary(
    frames: Mapping[str, tuple[gpd.GeoDataFrame, dict[str, str]]],
    short: Mapping[str, Mapping[str, str]],
    path: Path,
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("layer", "column", "field", "field_shp", "meaning_zh", "meaning_en"))
    for layer, (_, fields) in frames.items():
        for column, field in fields.items():
            meanings = [style.heading(column, language) for language in ("zh", "en")]
            row = (layer, column, field, short[layer][field], *meanings)
            writer.writerow([inert(text) for text in row])
    path.write_bytes(stream.getvalue().encode("utf-8-sig"))
