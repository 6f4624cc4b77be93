"""
A named file -> something that can be opened as one layer, or the reason why it cannot.

Zip files are unpacked beside the work and taken away again; the named file is never touched.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyogrio
from pyogrio.errors import DataSourceError

from lifecircle.errors import InputError, Problem, SourceError
from lifecircle.provenance import sha256_of
from lifecircle.sources.vectors.foreign import refuse_foreign

PARQUET = (".parquet", ".geoparquet")
_VECTOR = (
    *(".shp", ".gpkg", ".geojson", ".json", ".gdb", ".kml", ".kmz", ".gml", ".fgb"),
    *(".tab", ".mif", ".dxf"),
    *PARQUET,
)
_REFUSED = {
    ".pbf": "an OSM extract belongs under [network] osm",
    ".osm": "an OSM extract belongs under [network] osm",
    ".xls": "a table without shapes; name a vector file here",
    ".xlsx": "a table without shapes; name a vector file here",
}
_PARTS = {".shp": (".shx", ".dbf"), ".tab": (".dat", ".map", ".id"), ".mif": (".mid",)}
_SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_GML_PARTS = (".gml", ".xsd", ".gfs")


@contextmanager
def openable(path: Path, *, layer: str | None, where: str) -> Iterator[Path]:
    """
    Give a file GDAL or pyarrow can open, unpacking a zip file for as long as it is needed.

    Parameters
    ----------
    path
        The file the planner named.
    layer
        Layer asked for; in a zip file with several vector files it may be the name of one.
    where
        Name for messages.

    Yields
    ------
    file
        The file itself, or the one inside the zip file.

    Raises
    ------
    SourceError
        If there is no such file, it is of a kind that cannot be read, or a zip file is broken.
    InputError
        If a zip file holds several vector files and none is named.
    """
    _refuse_kind(path, where)
    suffix = path.suffix.lower()
    if suffix not in (".zip", ".kmz", ".gml"):
        yield path
        return
    with TemporaryDirectory(prefix="lifecircle-") as folder:
        if suffix == ".gml":
            # GDAL writes what it learns of a GML file beside it: beside a copy, then.
            for part in beside(path):
                if part.suffix.lower() in _GML_PARTS:
                    shutil.copyfile(part, Path(folder) / part.name)
            yield Path(folder) / path.name
        else:
            _unpack(path, Path(folder), where)
            yield _only_vector(Path(folder), layer, where)


def _refuse_kind(path: Path, where: str) -> None:
    suffix = path.suffix.lower()
    if not path.exists():
        raise SourceError(Problem(what="there is no such file", where=where))
    refuse_foreign(path, where=where)
    if suffix not in (".kml", ".gml", ".osm") and _is_page(path):
        raise SourceError(
            Problem(
                what="is a web page, whatever its ending says",
                where=where,
                remedy="fetch the file again; perhaps the site asked for a login",
            )
        )
    if suffix in _REFUSED:
        raise SourceError(
            Problem(what=f"{suffix} cannot be read", where=where, remedy=_REFUSED[suffix])
        )
    if path.is_file() and path.stat().st_size == 0:
        raise SourceError(
            Problem(what="is empty (0 bytes)", where=where, remedy="copy it again from its source")
        )
    if path.is_dir() and suffix != ".gdb":
        if next(path.glob("*.gdbtable"), None) is not None:
            raise SourceError(
                Problem(
                    what="holds a file geodatabase, but is not called so",
                    where=where,
                    remedy=f"call the folder {path.name}.gdb",
                )
            )
        held = sorted(entry.name for entry in path.iterdir() if entry.suffix.lower() in _VECTOR)
        raise SourceError(
            Problem(
                what="is a folder",
                where=where,
                remedy=f"name one of its files: {', '.join(held[:10])}" if held else "name a file",
            )
        )
    shapes = path.with_suffix(".shp")
    if suffix in _SHAPEFILE_PARTS[1:] and shapes.exists():
        raise SourceError(
            Problem(what="is one part of a shapefile", where=where, remedy=f"name {shapes.name}")
        )


def _is_page(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        head = stream.read(200).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return head.startswith((b"<!doctype html", b"<html"))


def _unpack(path: Path, folder: Path, where: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if member.is_dir():
                    continue
                # Without the UTF-8 flag the names are the packer's own; in China that is GBK.
                name = member.filename
                if not member.flag_bits & 0x800:
                    name = name.encode("cp437", "replace").decode("gb18030", "replace")
                parts = [part for part in Path(name).parts if part not in ("/", "\\", "..", ".")]
                target = folder.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:
        raise SourceError(
            Problem(
                what=f"cannot be unpacked ({error})",
                where=where,
                remedy="unpack it yourself and name the file inside",
            )
        ) from error


def _only_vector(folder: Path, layer: str | None, where: str) -> Path:
    inside = [
        entry
        for entry in sorted(folder.rglob("*"))
        if entry.suffix.lower() in _VECTOR
        and not any(parent.suffix.lower() == ".gdb" for parent in entry.parents)
    ]
    # What a packed globe file begins with may be no more than links to its other files.
    inside = [
        entry
        for entry in inside
        if entry.suffix.lower() != ".kml" or b"Placemark" in entry.read_bytes()
    ]
    named = [entry for entry in inside if layer in (entry.name, entry.stem)]
    if len(inside) == 1 or len(named) == 1:
        return (named or inside)[0]
    if not inside:
        raise SourceError(Problem(what="holds no vector file", where=where))
    raise InputError(
        Problem(
            what=f"holds several vector files: {', '.join(entry.name for entry in inside)}",
            where=where,
            remedy='name one with layer = "…", or unpack the file',
        )
    )


def choose_layer(file: Path, layer: str | None, where: str) -> str:
    """
    Choose the layer to read.

    Parameters
    ----------
    file
        What `openable` gave.
    layer
        Layer asked for, if any.
    where
        Name for messages.

    Returns
    -------
    layer
        The layer asked for, else the only one, else the only one with shapes.

    Raises
    ------
    SourceError
        If the file cannot be opened.
    InputError
        If there is no such layer, none with shapes, or the choice is not clear.
    """
    _refuse_cut_off(file, where)
    try:
        found = pyogrio.list_layers(file)
    except DataSourceError as error:
        raise unreadable(file, error, where) from error
    names = [str(name) for name, _ in found]
    with_shapes = [str(name) for name, kind in found if kind is not None]
    if layer in names:
        return str(layer)
    if layer is not None and layer not in (file.name, file.stem):
        guess = difflib.get_close_matches(layer, names, n=1)
        raise InputError(
            Problem(
                what=f"has no layer '{layer}'; layers: {', '.join(names)}",
                where=where,
                remedy=f"did you mean '{guess[0]}'?" if guess else "name one of these",
            )
        )
    if len(with_shapes) == 1:
        return with_shapes[0]
    if not with_shapes:
        if ".map" in lacking_parts(file):
            raise _lacks(file, where)
        if file.suffix.lower() == ".fgb":  # such a file always has shapes
            raise unreadable(file, ValueError("it may be cut off"), where)
        raise InputError(
            Problem(what="holds no shapes, only a table", where=where, remedy="name a vector file")
        )
    raise InputError(
        Problem(
            what=f"has several layers: {', '.join(with_shapes)}",
            where=where,
            remedy='name one with layer = "…"',
        )
    )


def _refuse_cut_off(file: Path, where: str) -> None:
    """Compare the length a .shp says it has with what is there: GDAL reads on without a word."""
    if file.suffix.lower() != ".shp":
        return
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(28)
    said = 2 * int.from_bytes(head[24:28], "big")
    if len(head) < 28 or size < said:
        raise SourceError(
            Problem(
                what=f"is cut off: {size:,} bytes, where its head says {max(said, 100):,}",
                where=where,
                remedy="copy the whole file again",
            )
        )


def unreadable(file: Path, error: Exception, where: str) -> SourceError:
    """
    Make the error for a file GDAL does not open.

    Parameters
    ----------
    file
        The file.
    error
        What GDAL said; its text may hold the whole path and is shortened.
    where
        Name for messages.

    Returns
    -------
    error
        A readable error.
    """
    said = str(error).split("; It might help")[0].replace(str(file), file.name)
    # Where in GDAL's own source something went wrong helps nobody.
    said = re.sub(r"\S+\.(?:cpp|h)(?:, \d+:| at line \d+)?\s*", "", said)
    said = "it is damaged" if said.strip() == "Error occurred in" else said
    if lacking_parts(file):
        return _lacks(file, where)
    return SourceError(
        Problem(
            what=f"cannot be read as a vector file ({said})",
            where=where,
            remedy="save it as DXF again: AutoCAD R2000 or later, as text, not binary"
            if file.suffix.lower() == ".dxf"
            else "open it in a GIS and export it to .gpkg or .shp",
        )
    )


def _lacks(file: Path, where: str) -> SourceError:
    together = ", ".join((file.suffix, *_PARTS[file.suffix.lower()]))
    return SourceError(
        Problem(
            what=f"its {', '.join(lacking_parts(file))} is missing beside it",
            where=where,
            remedy=f"copy {together} together",
        )
    )


def lacking_parts(file: Path) -> Sequence[str]:
    """
    Name the files that belong to a vector file and are not beside it.

    Parameters
    ----------
    file
        The file.

    Returns
    -------
    endings
        Of a shapefile or a MapInfo file, whose parts are several files; of others none.
    """
    wanted = _PARTS.get(file.suffix.lower(), ())
    there = {entry.suffix.lower() for entry in beside(file)}
    return [part for part in wanted if part not in there]


def beside(file: Path) -> Iterator[Path]:
    """
    Find the files of the same name with any ending.

    Parameters
    ----------
    file
        One of them.

    Returns
    -------
    files
        In no order.
    """
    stem = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in file.stem)
    return file.parent.glob(f"{stem}.*")


def digest(path: Path) -> str:
    """
    Hash what was read: one file, or all the files that belong together.

    Parameters
    ----------
    path
        A file, a ``.gdb`` folder, or the main file of a shapefile or MapInfo file.

    Returns
    -------
    sha256
        Of the file; for several, of their names' endings and hashes in the order of the names.
    """
    if path.is_dir():
        parts = sorted(entry for entry in path.iterdir() if entry.suffix != ".lock")
    elif path.suffix.lower() in _PARTS:
        known = (*_SHAPEFILE_PARTS, ".tab", *_PARTS[".tab"], ".mif", *_PARTS[".mif"])
        parts = sorted(entry for entry in beside(path) if entry.suffix.lower() in known)
    else:
        return sha256_of(path)
    lines = [f"{part.suffix.lower()} {sha256_of(part)}\n" for part in parts if part.is_file()]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
