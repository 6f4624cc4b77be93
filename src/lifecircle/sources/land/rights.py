"""
Parcels of the register (宗地) -> whose land it is, by body and by kind of ownership.

Names of people are turned into 个人 here, so that no later stage can print one.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning, InputError, LifecircleWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.land.layers import ids_or_numbers
from lifecircle.sources.land.words import owner_words, rights_of
from lifecircle.sources.sheets.cells import Layer, read_layer, texts_of, warn_of_rows
from lifecircle.sources.systems.shape_fit import fit_by_shapes
from lifecircle.sources.vectors.crs import has_system
from lifecircle.sources.vectors.layers import read_shapes
from lifecircle.tables import AREA, RIGHTS, check

RIGHT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "right_id",
        "宗地代码",
        "宗地编号",
        "宗地号",
        "不动产单元号",
        "ZDDM",
        "ZDBH",
        "BDCDYH",
        "BH",
    ),
    "owner": ("owner", "权利人", "权利人名称", "权属单位", "使用权人", "QLRMC", "QLR", "SYQR"),
    "rights": ("rights", "权属性质", "权利性质", "所有权性质", "QSXZ", "QLXZ", "SYQXZ"),
    "use": ("use", "用途", "土地用途", "批准用途", "YT", "TDYT", "PZYT"),
    "until": ("until", "使用期限", "终止日期", "使用权终止日期", "SYQX", "ZZRQ", "SYQJSSJ"),
}
"""What the columns of a file of rights are known by."""


def read_rights(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    alike: Sequence[gpd.GeoDataFrame] = (),
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read parcels with rights.

    Parameters
    ----------
    path
        Vector file of polygons.
    layer, crs, encoding
        As for `read_vector`.
    alike
        Layers with a system that hold the same outlines (plots of a plan, a land survey): where
        nobody says the system, it is found by the shapes they share.

    Returns
    -------
    rights
        `tables.RIGHTS`, WGS 84, in the order of the ids; ``owner`` never names a person.
    source
        Origin and counts.

    Raises
    ------
    InputError
        If there is neither a column of owners nor one of the kind of ownership.
    LifecircleError
        As `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If the system was found by shapes; if rows do not say whether the state or a collective
        owns the land.
    """

    def read(system: str | None) -> Layer:
        return read_layer(
            path,
            wanted=RIGHT_COLUMNS,
            columns=None,
            geometry=AREA,
            layer=layer,
            crs=system,
            encoding=encoding,
        )

    cells = read(crs or _by_shapes(path, layer, encoding, alike))
    if not {"owner", "rights"} & set(cells.found):
        listed = ", ".join(str(name) for name in cells.table.columns if name != "geometry")
        raise InputError(
            Problem(
                what="no column of owners was found",
                where=cells.where,
                remedy=f"call it QLRMC or QLXZ; columns found: {listed}",
            )
        )
    owner, kind = texts_of(cells, "owner"), texts_of(cells, "rights")
    ids = texts_of(cells, "id")
    rights = [
        rights_of(one) or rights_of(name) or rights_of(_ownership(number))
        for one, name, number in zip(kind, owner, ids, strict=True)
    ]
    table = gpd.GeoDataFrame(
        {
            "right_id": ids_or_numbers(cells, "z"),
            "owner": [owner_words(name) for name in owner],
            "rights": rights,
            "use": texts_of(cells, "use"),
            "until": texts_of(cells, "until"),
        },
        geometry=cells.table.geometry.array,
        crs=cells.table.crs,
    )
    warn_of_rows(
        cells,
        table["rights"].isna().to_numpy(dtype=bool),
        "do not say whether the state or a collective owns the land",
    )
    table = geo.to_crs(table, geo.WGS84, where=cells.where)
    table = gpd.GeoDataFrame(table).sort_values("right_id", ignore_index=True)
    return check(table, RIGHTS, where=cells.where), cells.source


def _by_shapes(
    path: Path, layer: str | None, encoding: str | None, alike: Sequence[gpd.GeoDataFrame]
) -> str | None:
    """Find the system of a file without one by outlines that another layer has too."""
    if not alike:
        return None
    with warnings.catch_warnings():
        # Its rows are told of when they are read for good.
        warnings.simplefilter("ignore", LifecircleWarning)
        shapes, _ = read_shapes(path, layer=layer, encoding=encoding)
    for known in () if has_system(shapes) else alike:
        found = fit_by_shapes(shapes, known, name=path.stem)
        if found is not None:
            warnings.warn(
                f"{path.name}: has no reference system and is placed by its shapes: {found}; "
                "declare land.rights_crs where it is known",
                DoubtfulRowsWarning,
                stacklevel=4,
            )
            return str(found.crs.to_wkt())
    return None


def _ownership(number: str | None) -> str | None:
    """Take the letters of a parcel's code: GB is the state's land, JC a collective's."""
    return None if number is None else "".join(letter for letter in number if letter.isalpha())
