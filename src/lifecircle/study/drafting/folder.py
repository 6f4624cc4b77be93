"""
A folder as somebody hands it over -> what lies in it, each layer and sheet once.

Parts of one file are one entry, and a drawing or an archive that repeats another file says so.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lifecircle.errors import Problem, SourceError
from lifecircle.sources.vectors.looks import Look, look_at_layers, look_at_sheets
from lifecircle.study.drafting.recognise import recognise

OSM = (".pbf", ".osm", ".osm.bz2", ".osm.gz", ".osm.xml")
_VECTOR = (".shp", ".gpkg", ".geojson", ".json", ".gdb", ".kml", ".fgb", ".tab", ".mif")
_PARQUET = (".parquet", ".geoparquet")
_TABLES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv")
_RASTERS = (".tif", ".tiff", ".img", ".vrt", ".asc")
_BESIDE = frozenset(
    (
        *(".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".xml", ".ovr", ".tfw"),
        *(".lock", ".ind", ".id", ".dat", ".map", ".lyr", ".tmp"),
    )
)
_UNREAD: Mapping[tuple[str, ...], str] = {
    (".dwg",): "a drawing that is not read: save it as DXF (AutoCAD R2000 or later)",
    (".md", ".txt", ".pdf", ".doc", ".docx", ".wps", ".html", ".htm", ".ppt", ".pptx"): (
        "a text for people; read it for systems, dates and what the lists leave out"
    ),
    (".mdb", ".accdb"): "a personal geodatabase is not read: export it to .gdb or .gpkg",
    (".rar", ".7z"): "an archive that is not opened: unpack it",
    (".jpg", ".jpeg", ".png", ".bmp"): "a picture",
    (".toml",): "a study file",
}
_DEEP = 3  # folders in folders that are looked into


@dataclass(frozen=True, kw_only=True)
class Found:
    """
    One layer, sheet or file of a folder.

    Parameters
    ----------
    path
        Its file.
    kind
        What it is to a study: a key of `study.drafting.keys.KEYS`, ``raster`` for one nobody has
        looked into yet, or empty.
    why
        By what it was recognised, or why nothing reads it.
    look
        What can be seen of it; None of files that are no layers and no sheets.
    """

    path: Path
    kind: str
    why: str
    look: Look | None = None


def look_through(source: Path) -> tuple[Found, ...]:
    """
    Look at every file of a folder.

    Parameters
    ----------
    source
        The folder, or a single file.

    Returns
    -------
    found
        Every file at least once, by name; a file of several layers or sheets once for each.

    Raises
    ------
    SourceError
        If there is nothing there.
    """
    if not source.exists():
        raise SourceError(
            Problem(
                what="there is no such folder, file or study",
                where=str(source),
                remedy="name a folder of files, or an extract (.osm.pbf)",
            )
        )
    files = [source] if source.is_file() or source.suffix == ".gdb" else list(_files(source, 0))
    if not files:
        raise SourceError(
            Problem(what="holds no file", where=str(source), remedy="name the folder of your files")
        )
    return tuple(found for path in files for found in _entry(path, files))


def _files(folder: Path, depth: int) -> Iterator[Path]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.name.startswith((".", "~$")) or entry.is_symlink():
            continue
        if entry.is_file() or entry.suffix.lower() == ".gdb":
            if entry.suffix.lower() not in _BESIDE or not _belongs(entry):
                yield entry
        elif depth < _DEEP and not (entry / "run.json").exists():
            yield from _files(entry, depth + 1)


def _belongs(entry: Path) -> bool:
    """Whether a file is a part of one beside it."""
    stem = entry.name.split(".")[0]
    beside = (one for one in entry.parent.iterdir() if one != entry and one.suffix != entry.suffix)
    return any(
        one.name.split(".")[0] == stem and one.suffix.lower() in (*_VECTOR, *_RASTERS)
        for one in beside
    )


def _entry(path: Path, files: list[Path]) -> Iterator[Found]:
    name, suffix = path.name.lower(), path.suffix.lower()
    if name.endswith(OSM):
        yield Found(path=path, kind="osm", why="an OpenStreetMap extract")
    elif suffix in _TABLES:
        yield from _recognised(path, look_at_sheets(path), "no sheet has a header and rows below")
    elif suffix in (*_VECTOR, *_PARQUET):
        yield from _recognised(path, look_at_layers(path), "holds no layer with shapes")
    elif suffix == ".dxf":
        yield Found(path=path, kind="drawing", why="a drawing")
    elif suffix in _RASTERS:
        yield Found(path=path, kind="raster", why="a raster")
    elif suffix == ".zip":
        yield from _archive(path, files)
    else:
        yield Found(path=path, kind="", why=_unread(path, files))


def _recognised(path: Path, looks: Iterator[Look], nothing: str) -> Iterator[Found]:
    empty = True
    for look in looks:
        empty = False
        seen = recognise(look)
        yield Found(path=path, kind=seen.kind, why=seen.why, look=look)
    if empty:
        yield Found(path=path, kind="", why=nothing)


def _archive(path: Path, files: list[Path]) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.file_size for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, OSError):
        yield Found(path=path, kind="", why="an archive that cannot be opened: unpack it")
        return
    there = {
        part.stat().st_size
        for one in files
        for part in (one.iterdir() if one.is_dir() else one.parent.glob(f"{_safe(one.stem)}.*"))
        if part.is_file() and part != path
    }
    if sizes and sizes <= there:
        yield Found(path=path, kind="", why="holds the same files as lie beside it")
        return
    yield from _recognised(path, look_at_layers(path), "holds no layer with shapes: unpack it")


def _safe(stem: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in stem)


def _unread(path: Path, files: list[Path]) -> str:
    suffix = path.suffix.lower()
    if suffix == ".dwg":
        twin = path.with_suffix(".dxf")
        if any(one.name.lower() == twin.name.lower() for one in files):
            return f"the same drawing as {twin.name}, in a format that is not read"
    return next(
        (why for those, why in _UNREAD.items() if suffix in those),
        "a kind of file that is not read",
    )
