"""
A list of places, whatever holds it -> its numbers and texts, before anybody says their datum.

Only what a judge of datums needs is read; the list itself is read again by its own reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import CrsError
from lifecircle.sources.sheets.columns import clean_text, recognise_columns
from lifecircle.sources.sheets.files import SHEET_SUFFIXES
from lifecircle.sources.sheets.places import PLACE_COLUMNS, datums_said, pairs_of
from lifecircle.sources.sheets.spreadsheets import read_sheet
from lifecircle.sources.vectors.layers import read_unplaced, read_vector

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "name": (
        *("name", "设施名称", "机构名称", "单位名称", "场所名称", "场馆名称", "项目名称", "名称"),
        *("机构", "SSMC", "JGMC", "DWMC", "CSMC", "XMMC", "MC", "title", "facility"),
    ),
    "address": (
        *("address", "地址", "详细地址", "设施地址", "机构地址", "单位地址", "场所地址", "坐落"),
        *("位置", "所在地", "addr", "DZ", "XXDZ"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class ListedPoints:
    """
    What a list says of its places.

    Parameters
    ----------
    xy
        The two numbers of each row that has them, in the order of their columns, shape (n, 2).
    row
        Number of each row in the file, shape (n,).
    names, addresses
        Texts of the rows, None where there are none.
    said
        The one datum the list itself speaks of; None where it says none or several.
    lonlat
        Where the file's own reference system puts the rows, WGS 84 [°]; None for tables, and for
        files without a system.
    lonlat_said
        Whether there is such a system.
    """

    xy: NDArray[np.float64] = field(repr=False)
    row: NDArray[np.int64] = field(repr=False)
    names: tuple[str | None, ...] = field(repr=False)
    addresses: tuple[str | None, ...] = field(repr=False)
    said: str | None = None
    lonlat: NDArray[np.float64] | None = field(default=None, repr=False)

    @property
    def lonlat_said(self) -> bool:
        """Whether the file names a system of its own."""
        return self.lonlat is not None


def read_listed_points(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> ListedPoints | None:
    """
    Read the numbers and texts of a list of places.

    Parameters
    ----------
    path
        Vector file, workbook or text table.
    columns
        Meaning to column, as the planner says; meanings other than name, address and coordinates
        are not looked at.
    layer, crs, encoding
        As for `read_vector`; of a workbook `layer` is the sheet.

    Returns
    -------
    points
        None where no row has coordinates.

    Raises
    ------
    LifecircleError
        As `read_sheet` and `read_vector`.
    """
    wanted = {**_TEXTS, **PLACE_COLUMNS}
    given = {key: name for key, name in (columns or {}).items() if key in wanted}
    if path.suffix.lower() in SHEET_SUFFIXES:
        table = read_sheet(path, wanted=wanted, columns=given, sheet=layer, encoding=encoding)
        xy = np.column_stack(pairs_of(table))
        good = np.isfinite(xy).all(axis=1) & ~(xy == 0).all(axis=1)
        said = list(datums_said(table))
        texts = {
            key: [table.frame[table.found[key]].iloc[at] for at in np.flatnonzero(good)]
            for key in _TEXTS
            if key in table.found
        }
        return _points(xy[good], table.row[good], texts, said=said[0] if len(said) == 1 else None)
    lonlat = None
    try:
        frame, _ = read_vector(path, layer=layer, crs=crs, encoding=encoding)
    except CrsError:
        unplaced = read_unplaced(path, layer=layer, encoding=encoding)
        if unplaced is None:
            raise
        frame = unplaced
    else:
        lonlat = _spots(geo.to_crs(frame, geo.WGS84, where=path.name).geometry.to_numpy())
    found = recognise_columns(
        frame, _TEXTS, {k: v for k, v in given.items() if k in _TEXTS}, path.name
    )
    texts = {key: list(clean_text(frame[column])) for key, column in found.items()}
    xy = _spots(frame.geometry.to_numpy())
    return _points(xy, np.arange(1, len(frame) + 1), texts, lonlat=lonlat)


def _spots(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    inside = shapely.point_on_surface(shapes)
    return np.column_stack([shapely.get_x(inside), shapely.get_y(inside)])


def _points(
    xy: NDArray[np.float64],
    row: NDArray[np.int64],
    texts: Mapping[str, list[object]],
    *,
    said: str | None = None,
    lonlat: NDArray[np.float64] | None = None,
) -> ListedPoints | None:
    if not len(xy):
        return None
    nothing: list[object] = [None] * len(xy)
    names, addresses = (
        tuple(None if one is None else str(one) for one in texts.get(key, nothing))
        for key in ("name", "address")
    )
    return ListedPoints(xy=xy, row=row, names=names, addresses=addresses, said=said, lonlat=lonlat)
