"""
The land survey (国土变更调查, layer DLTB) -> its plots with the kind of ground each is.

A plot keeps its code with the system the code belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd

from lifecircle import geo
from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.land.layers import ids_or_numbers, layers_of, read_named_layer
from lifecircle.sources.land.words import code_system_of, kind_of_code, plain_code, rights_of
from lifecircle.sources.sheets.cells import kept_rows, texts_of, warn_of_rows
from lifecircle.tables import AREA, LAND_COVER, check

COVER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("cover_id", "标识码", "图斑编号", "BSM", "TBBH", "BH", "id", "OBJECTID", "FID"),
    "code": ("code", "DLBM", "DLDM", "地类编码", "地类代码", "YDDM", "YDYHFLDM", "用地代码"),
    "name": ("name", "DLMC", "地类名称", "地类", "YDMC", "用地名称"),
    "rights": ("rights", "QSXZ", "权属性质", "所有权性质"),
}
"""What the columns of a land survey are known by."""


def read_land_survey(
    path: Path, *, layer: str | None = None, code_system: str | None = None
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read what every piece of ground is.

    Parameters
    ----------
    path
        Vector file; of several layers the one called DLTB or with a column of codes is read.
    layer
        Name of the layer, where it is not recognised.
    code_system
        ``2023`` or ``3diao``, where columns and codes do not tell.

    Returns
    -------
    cover
        `tables.LAND_COVER`, WGS 84, in the order of the ids.
    source
        Origin and counts; rows without a code are `rows_doubtful`.

    Raises
    ------
    InputError
        If there is no column of codes, no row has one, or it cannot be told what they mean.
    LifecircleError
        As `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no code.
    """
    where = path.name
    names = layers_of(path, where=where)
    chosen = layer or next((one for one in names if "DLTB" in one.upper()), None)
    if chosen is None and len(names) != 1:
        raise InputError(
            Problem(
                what=f"it is not clear which layer is the land survey: {', '.join(names)}",
                where=where,
                remedy="save the layer DLTB as a file of its own",
            )
        )
    cells = read_named_layer(
        path, layer=chosen or names[0], wanted=COVER_COLUMNS, geometry=AREA
    ).cells
    if "code" not in cells.found:
        listed = ", ".join(str(name) for name in cells.table.columns if name != "geometry")
        raise InputError(
            Problem(
                what="no column of land-use codes was found",
                where=where,
                remedy=f"call it DLBM; columns found: {listed}",
            )
        )
    coded = texts_of(cells, "code").notna().to_numpy(dtype=bool)
    if not coded.any():
        raise InputError(Problem(what="no row has a land-use code", where=where))
    warn_of_rows(cells, ~coded, "have no land-use code and are left out")
    cells = kept_rows(cells, coded)
    codes = [plain_code(code) for code in texts_of(cells, "code")]
    system = settled_system(cells.table.columns, codes, declared=code_system, where=where)
    table = gpd.GeoDataFrame(
        {
            "cover_id": ids_or_numbers(cells, "d"),
            "kind": [kind_of_code(code, system) for code in codes],
            "code": codes,
            "code_system": system,
            "name": texts_of(cells, "name"),
            "rights": [rights_of(text) for text in texts_of(cells, "rights")],
        },
        geometry=cells.table.geometry.array,
        crs=geo.WGS84,
    )
    table = table.sort_values("cover_id", ignore_index=True)
    return check(table, LAND_COVER, where=where), cells.source


def settled_system(columns: object, codes: list[str], *, declared: str | None, where: str) -> str:
    """
    Tell the code system, or refuse.

    Parameters
    ----------
    columns, codes, declared, where
        As for `code_system_of`.

    Returns
    -------
    code_system
        ``2023`` or ``3diao``.

    Raises
    ------
    InputError
        If it cannot be told.
    """
    names = [str(name) for name in columns]  # type: ignore[attr-defined]
    system = code_system_of(names, codes, declared=declared, where=where)
    if system is None:
        raise InputError(
            Problem(
                what="it cannot be told which land-use codes it carries",
                where=where,
                remedy='give code_system = "2023" or "3diao" under [land]',
            )
        )
    return system
