"""
Any file of a folder -> what can be seen in it: layers, shapes, columns, cells, the lines above.

Nothing is judged here and nothing refused: a part that cannot be opened says why.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import LifecircleError
from lifecircle.sources.facilities.lists import FACILITY_COLUMNS
from lifecircle.sources.people.communities import COLUMN_NAMES
from lifecircle.sources.people.tables import PEOPLE_COLUMNS
from lifecircle.sources.sheets.columns import clean_text
from lifecircle.sources.sheets.files import RawSheet, read_sheets
from lifecircle.sources.sheets.head import find_head, joined_lines
from lifecircle.sources.sheets.places import PLACE_COLUMNS
from lifecircle.sources.sheets.words import GATE_COLUMNS, PARCEL_COLUMNS
from lifecircle.sources.vectors.crs import label, settle_crs
from lifecircle.sources.vectors.inside import layers_of
from lifecircle.sources.vectors.layers import read_rows

Bounds = tuple[float, float, float, float]

_SHAPES = {"Point": "point", "LineString": "line", "LinearRing": "line", "Polygon": "polygon"}
_SEEN = 1000  # rows that are kept as text
# A header is the row that most of these names stand in.
_KNOWN: Mapping[str, tuple[str, ...]] = {
    **{f"community {key}": names for key, names in COLUMN_NAMES.items()},
    **{f"people {key}": names for key, names in PEOPLE_COLUMNS.items()},
    **{f"facility {key}": names for key, names in FACILITY_COLUMNS.items()},
    **{f"gate {key}": names for key, names in GATE_COLUMNS.items()},
    **{f"parcel {key}": names for key, names in PARCEL_COLUMNS.items()},
    **{f"place {key}": names for key, names in PLACE_COLUMNS.items()},
    "number": ("序号", "问卷编号", "no", "no."),
    "text": ("备注", "项目", "条目", "意见", "满意度", "年龄段", "单位", "年度", "投资"),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """
    One layer or sheet as it can be seen from outside.

    Parameters
    ----------
    path
        Its file.
    part
        Layer or sheet; empty for the only one of a file.
    shape
        ``polygon``, ``line``, ``point``, or empty for a table without shapes.
    cells
        Its columns as text, None where empty, of its first rows.
    rows
        How many rows it has; None where `cells` hold them all.
    titles
        Lines above the header of a sheet.
    bounds
        West, south, east, north, WGS 84; None without shapes or a system they are in.
    lonlat
        Middle of each row's shape, WGS 84 [°], shape (n, 2); empty without a place.
    placed
        Whether the file says which reference system its shapes are in.
    system
        That reference system in words; empty where it is not known.
    encoding
        Of its texts, where that had to be found out.
    trouble
        Why it cannot be read; empty where it can.
    """

    path: Path
    part: str = ""
    shape: str = ""
    cells: pd.DataFrame
    rows: int | None = None
    titles: tuple[str, ...] = ()
    bounds: Bounds | None = None
    lonlat: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    placed: bool = True
    system: str = ""
    encoding: str = ""
    trouble: str = ""

    def __post_init__(self) -> None:
        self.lonlat.flags.writeable = False

    def __len__(self) -> int:
        return len(self.cells) if self.rows is None else self.rows

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of its columns."""
        return tuple(str(name) for name in self.cells.columns)

    @property
    def words(self) -> str:
        """Everything it is called: file, layer or sheet, and the lines above."""
        return " ".join((self.path.stem, self.part, *self.titles))


def look_at_layers(path: Path) -> Iterator[Look]:
    """
    Look at every layer of a vector file.

    Parameters
    ----------
    path
        The file.

    Yields
    ------
    look
        One layer.
    """
    try:
        layers = layers_of(path)
    except LifecircleError as error:
        yield _unreadable(path, "", error)
        return
    for layer in layers:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # told when the file is read in earnest
                yield _layer(path, layer, alone=len(layers) == 1)
        except LifecircleError as error:
            yield _unreadable(path, layer, error)


def _layer(path: Path, layer: str, *, alone: bool) -> Look:
    table = read_rows(path, layer=layer)
    there = table.geometry.notna() & ~table.geometry.is_empty
    kinds = table.geometry[there].geom_type.str.removeprefix("Multi").map(_SHAPES)
    shape = str(kinds.mode().iloc[0]) if kinds.notna().any() else ""
    lonlat, system = np.empty((0, 2)), ""
    try:
        placed = settle_crs(table[there], file=path, declared=None, where=path.name)
        system = label(placed.crs)
        lonlat = _middles(placed)
    except LifecircleError:
        placed = None
    return Look(
        path=path,
        part="" if alone else layer,
        shape=shape,
        cells=_texts(pd.DataFrame(table.drop(columns="geometry"))),
        rows=len(table),
        bounds=_box(lonlat),
        lonlat=(lonlat[:, :2] + lonlat[:, 2:]) / 2 if len(lonlat) else np.empty((0, 2)),
        placed=placed is not None,
        system=system,
        encoding=str(table.attrs.get("encoding", "")),
    )


def _middles(table: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Give the box of each shape, WGS 84."""
    boxes = geo.to_crs(table[["geometry"]], geo.WGS84, where="").bounds.to_numpy(dtype=np.float64)
    return np.asarray(boxes[np.isfinite(boxes).all(axis=1)], dtype=np.float64)


def _box(boxes: NDArray[np.float64]) -> Bounds | None:
    if not len(boxes):
        return None
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def look_at_sheets(path: Path) -> Iterator[Look]:
    """
    Look at every visible sheet of a workbook, or at a text table.

    Parameters
    ----------
    path
        The file.

    Yields
    ------
    look
        One sheet with a header and rows below it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheets = read_sheets(path)
    except LifecircleError as error:
        yield _unreadable(path, "", error)
        return
    for sheet in sheets:
        look = _sheet(path, sheet, alone=len(sheets) == 1)
        if look is not None:
            yield look


def _sheet(path: Path, sheet: RawSheet, *, alone: bool) -> Look | None:
    head = find_head(sheet, _KNOWN, None)
    if head is None:
        return None
    below = [list(row) for row in sheet.cells[head.rows[-1] + 1 :]]
    records = [row for row in below if sum(cell is not None for cell in row) > 1]
    cells = pd.DataFrame(records, columns=list(head.names), dtype=object)
    above = (
        " ".join(joined_lines(str(cell)) for cell in row if cell is not None)
        for row in sheet.cells[: head.rows[0]]
    )
    return Look(
        path=path,
        part="" if alone else sheet.name,
        cells=_texts(cells),
        rows=len(cells),
        titles=tuple(line for line in above if line),
        encoding="" if sheet.name else _encoding(path),
    )


def _encoding(path: Path) -> str:
    """Tell the encoding of a text table the way it is read."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _texts(cells: pd.DataFrame) -> pd.DataFrame:
    head = cells.head(_SEEN)
    return pd.DataFrame({name: clean_text(head[name]) for name in head.columns}, dtype=object)


def _unreadable(path: Path, part: str, error: LifecircleError) -> Look:
    said = "; ".join(
        f"{one.what} ({one.remedy})" if one.remedy else one.what for one in error.problems
    )
    return Look(path=path, part=part, cells=pd.DataFrame(), trouble=said)
