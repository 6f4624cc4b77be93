"""
Files of programs nobody else can read -> the way to turn each into one that can be read.

The bytes are asked as well as the ending: many a file has been renamed in hope.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lifecircle.errors import Problem, SourceError

_AS_WORKBOOK = "copy the table into a workbook and save it as .xlsx"
_FROM_WPS = "open it in WPS and save it as .xlsx"
_UNPACK = "unpack it, or pack it as .zip"
_PICTURE = "a picture of a map holds no shapes: ask for the data it was drawn from"
_KINDS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "a DWG drawing": (
        (".dwg", ".dwt"),
        "save it as DXF (AutoCAD R2000 or later), or export the layer to .shp or .gpkg",
    ),
    "a personal geodatabase": ((".mdb",), "export it to a file geodatabase (.gdb) or to .gpkg"),
    "an Access database": ((".accdb",), "export the layer to .gpkg or .shp, a table to .xlsx"),
    "a map package": (
        (".mpk", ".mpkx", ".lpk", ".lpkx", ".ppkx", ".gpk"),
        "open it in ArcGIS, or unpack it as an archive, and name the .gdb or .shp inside",
    ),
    "a map or project document": (
        (".mxd", ".aprx", ".mapx", ".qgz", ".qgs", ".wor", ".mxt"),
        "it holds no data: name the files it shows",
    ),
    "a layer file": ((".lyr", ".lyrx", ".qlr", ".qml", ".sld"), "name the file it shows"),
    "a map of SuperMap or MapGIS": (
        (".udb", ".udbx", ".smwu", ".wt", ".wl", ".wp", ".hdf", ".mapgis"),
        "export the layer to .shp or .gpkg there",
    ),
    "a RAR archive": ((".rar",), _UNPACK),
    "a 7z archive": ((".7z",), _UNPACK),
    "a packed archive": ((".tar", ".tgz", ".gz", ".bz2", ".xz"), _UNPACK),
    "a WPS sheet": ((".et", ".ett"), _FROM_WPS),
    "a Numbers sheet": ((".numbers",), "export it from Numbers as .xlsx or .csv"),
    "a document": ((".wps", ".wpt", ".doc", ".docx", ".rtf", ".ofd"), _AS_WORKBOOK),
    "slides": ((".ppt", ".pptx", ".dps"), _AS_WORKBOOK),
    "a PDF": ((".pdf",), f"a table: {_AS_WORKBOOK}; a map: ask for its data"),
    "a picture": ((".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".heic"), _PICTURE),
    "a picture with a place": ((".tif", ".tiff", ".img", ".ecw"), "a raster is no layer of shapes"),
}
# What files of these kinds begin with; what several kinds share is not told apart here.
_BYTES = (
    (b"AC10", "a DWG drawing"),
    (b"\x00\x01\x00\x00Standard Jet DB", "a personal geodatabase"),
    (b"\x00\x01\x00\x00Standard ACE DB", "an Access database"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a document"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG\r\n", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture with a place"),
    (b"MM\x00*", "a picture with a place"),
)


def refuse_foreign(path: Path, *, where: str, remedy: str = "") -> None:
    """
    Refuse a file that no part of this project reads.

    Parameters
    ----------
    path
        The file; one that is not there is nobody's business here.
    where
        Name for messages.
    remedy
        What is wanted instead, said after the way to convert it.

    Raises
    ------
    SourceError
        If the ending or the first bytes say it is of such a kind, with the way to convert it.

    Examples
    --------
    >>> from pathlib import Path
    >>> from lifecircle.sources.vectors.foreign import refuse_foreign
    >>> try:
    ...     refuse_foreign(Path("地形图.dwg"), where="地形图.dwg")
    ... except OSError as error:
    ...     print(str(error).partition(" — ")[0])
    地形图.dwg: is a DWG drawing, as .dwg says, and cannot be read
    """
    suffix = path.suffix.lower()
    by_ending = next((kind for kind, (some, _) in _KINDS.items() if suffix in some), None)
    head = b""
    if path.is_file():
        with path.open("rb") as stream:
            head = stream.read(32)
    by_bytes = next((kind for mark, kind in _BYTES if head.startswith(mark)), None)
    kind = by_bytes or by_ending
    if kind is None:
        return
    endings, way = _KINDS[kind]
    said = f"as {suffix} says" if suffix in endings else "whatever its ending says"
    raise SourceError(
        Problem(
            what=f"is {kind}, {said}, and cannot be read",
            where=where,
            remedy=f"{way}; {remedy}" if remedy else way,
        )
    )
