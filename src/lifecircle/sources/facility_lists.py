"""
A bureau's or a planner's list of facilities with places -> the facilities table in WGS 84.

Every service of a row rests on a rule that is named; a row no rule knows is told of, not guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.map_codes import classify_amap
from lifecircle.sources.placed_layers import SHIFTED, in_wgs84, read_places
from lifecircle.sources.placing import (
    ASKED_COLUMNS,
    FacilityList,
    Placer,
    place_rows,
    rows_to_place,
)
from lifecircle.sources.planner_cells import (
    Layer,
    areas_of,
    codes_of,
    kept_rows,
    numbers_of,
    texts_of,
    warn_of_rows,
)
from lifecircle.sources.tagging import NAME_AND_TAG, Classified, classify_name
from lifecircle.tables import FACILITIES, check

FACILITY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        *("name", "设施名称", "机构名称", "单位名称", "场所名称", "场馆名称", "项目名称", "名称"),
        *("机构", "SSMC", "JGMC", "DWMC", "CSMC", "XMMC", "MC", "title", "facility"),
    ),
    "status": (
        *("status", "建设状态", "建设情况", "现状规划", "状态", "建设性质", "运营状态", "使用状态"),
        *("JSZT", "ZT", "XZGH"),
    ),
    "open_to": (
        *("open_to", "开放对象", "对外开放", "是否对外开放", "是否对外", "开放情况", "SFDWKF"),
        "access",
    ),
    "floor": ("floor_m2", "建筑面积", "总建筑面积", "房屋面积", "JZMJ", "floor_area"),
    "site": (
        *("site_m2", "用地面积", "占地面积", "场地面积", "土地面积", "YDMJ", "ZDMJ", "CDMJ"),
        "site_area",
    ),
    "beds": ("beds", "床位", "床位数", "床位数量", "核定床位", "CWS", "CW"),
    "owner": (
        *("owner", "主管部门", "权属单位", "权属", "产权单位", "产权人", "管理单位", "运营单位"),
        *("主办单位", "ZGBM", "QSDW", "operator"),
    ),
    "code": ("typecode", "类型编码", "类型代码", "分类编码", "分类代码", "POI类型编码", "类别编码"),
}
"""What the columns of a facility list are known by; the keys are those of ``columns = {…}``."""

_STATUS = (
    ("closed", "(?:.*(?:关闭|停用|停业|停办|停止|暂停|撤销|注销|拆除|已拆).*|closed)"),
    ("promised", "(?:.*承诺.*|promised)"),
    ("building", "(?:.*(?:在建|施工|建设中).*|building|construction|under construction)"),
    ("planned", "(?:.*(?:规划|拟建|待建|筹建|未建|新建).*|planned|proposed)"),
    (
        "existing",
        "(?:.*(?:现状|现有|已建|建成|保留|营业|在用|(?<![未不])运营|正常).*|existing|open|active)",
    ),
)
_OPEN_TO = (
    ("residents", "否|0|false|no|n|.*(?:仅限|不对外|不开放|内部|业主|居民).*|residents|private"),
    ("anyone", "是|1|true|yes|y|√|✓|.*(?:对外|开放|公众|公共|公益).*|anyone|public"),
)


def read_facility_list(
    path: Path,
    *,
    datum: str | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    service: str | None = None,
    kind: str | None = None,
    codes: str | None = None,
    number: int = 1,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read a list of facilities and find which services each offers.

    Parameters
    ----------
    path
        Vector file of points or outlines, one row per place; or a workbook or a text table with
        columns of coordinates, as `read_sheet_places` takes them.
    datum
        ``wgs84``, ``gcj02``, ``bd09``, ``cgcs2000`` or ``epsg:N``: what the coordinates are. The
        shift of ``gcj02`` and ``bd09`` is undone, whatever system the file names; the others
        stand in for a system the file does not name. A table without shapes may say it itself.
    columns
        Column of ``name, status, open_to, floor, site, beds, owner, code`` where its name is not
        recognised; in a table without shapes ``lon, lat, lonlat`` too.
    layer, crs, encoding
        As for `read_vector`; of a workbook `layer` is the sheet.
    service, kind
        Service and type of every row, such as ``medical`` and ``medical.station``. With the
        service alone, only what a name says of that service counts.
    codes
        ``amap`` where the column ``code`` holds that service's type codes.
    number
        Number of the list in the study, from 1; part of the ids.

    Returns
    -------
    facilities
        The columns of `tables.FACILITIES` and the shapes, WGS 84, in the order of the file: one
        row per place and service. `place_id` is ``t<number>_<row>``, the row counted from 1 among
        those with a shape, of a workbook or a text table the one that is shown; `facility_id` is
        the same with ``:<service>``.
    source
        Origin and counts of the list's rows; those no rule knows are `rows_doubtful`.

    Raises
    ------
    InputError
        If no row is a point or a polygon, there is no column of names to go by, no row can be
        classified, a named column is missing, or `codes` are unknown or without a column.
    CrsError
        If the datum is unknown, or a Chinese map service's though the places lie elsewhere.
    LifecircleError
        As `read_vector`.

    Warns
    -----
    DoubtfulRowsWarning
        If no rule knows a row's name, and it is left out; if cells hold a word or a number nobody
        can use.

    Notes
    -----
    The formulas for GCJ-02 and BD-09 are public approximations: metres of truth, not centimetres.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import geopandas as gpd
    >>> from lifecircle.sources.facility_lists import read_facility_list
    >>> places = gpd.GeoDataFrame(
    ...     {"名称": ["临江社区卫生服务站"]},
    ...     geometry=gpd.points_from_xy([121.0896], [30.4485]), crs="EPSG:4326",
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     places.to_file(Path(folder) / "list.gpkg")
    ...     table, _ = read_facility_list(Path(folder) / "list.gpkg", datum="gcj02")
    >>> table[["facility_id", "type"]].values.tolist()
    [['t1_1:medical', 'medical.station']]
    """
    found = locate_facility_list(
        path,
        placer=None,
        datum=datum,
        columns=columns,
        layer=layer,
        crs=crs,
        encoding=encoding,
        service=service,
        kind=kind,
        codes=codes,
        number=number,
    )
    return found.facilities, found.source


def locate_facility_list(
    path: Path,
    *,
    placer: Placer | None,
    datum: str | None = None,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    service: str | None = None,
    kind: str | None = None,
    codes: str | None = None,
    number: int = 1,
) -> FacilityList:
    """
    Read a list of facilities and look up the rows that have no coordinates.

    Parameters
    ----------
    path, datum, columns, layer, crs, encoding, service, kind, codes, number
        As for `read_facility_list`; ``address``, ``community`` and ``subdistrict`` may be given as
        columns too.
    placer
        What rows without coordinates are placed by; None leaves them out.

    Returns
    -------
    found
        What has a place and what has none. `FACILITIES.placed` says how, and `place_confidence`
        how surely, where a row was looked up.

    Raises
    ------
    LifecircleError
        As `read_facility_list`; with a placer a list without any coordinates is read.

    Warns
    -----
    DoubtfulRowsWarning
        As `read_facility_list`; if rows have no place that can be relied on.
    """
    cells, datum = read_places(
        path,
        wanted={**FACILITY_COLUMNS, **ASKED_COLUMNS},
        geometry=FACILITIES.geometry,
        columns=columns,
        datum=datum,
        layer=layer,
        crs=crs,
        encoding=encoding,
        keep_unplaced=placer is not None,
    )
    found = _classified(cells, service, kind, codes)
    known = np.array([bool(offers) for offers in found], dtype=bool)
    _tell_of_unknown(cells, known)
    cells = kept_rows(cells, known)
    offered = [found[row] for row in np.flatnonzero(known)]
    shapes = in_wgs84(cells, datum)
    placed = None
    if placer is not None:
        placed = place_rows(cells, shapes, placer, list_name=path.name)
        shapes = placed.shapes
    table = _facilities(cells, shapes, offered, path.name, number)
    given = "picked" if datum in SHIFTED else "surveyed"
    at = table.pop("at").to_numpy(dtype=np.intp)
    how = np.full(len(cells), None) if placed is None else placed.how
    table["placed"] = np.where(pd.isna(how), given, how)[at]
    table["place_confidence"] = np.nan if placed is None else placed.confidence[at]
    has_place = ~shapely.is_missing(shapes)
    counts = Counter("coordinates" if one is None else str(one) for one in how[has_place])
    return FacilityList(
        facilities=check(table[has_place[at]], FACILITIES, where=cells.where, row_offset=1),
        source=kept_rows(cells, has_place).source,
        to_place=rows_to_place(
            cells,
            placed,
            services=[[one.service for one in row] for row in offered],
            types=[[one.type for one in row] for row in offered],
            status=codes_of(cells, "status", _STATUS)[0],
        ),
        placed=dict(sorted(counts.items())),
    )


def _facilities(
    cells: Layer,
    shapes: NDArray[np.object_],
    offered: list[tuple[Classified, ...]],
    source: str,
    number: int,
) -> gpd.GeoDataFrame:
    """Make one row per place and service; ``at`` is the row of the layer it is of."""
    offers = [(at, one) for at, row in enumerate(offered) for one in row]
    rows = np.array([at for at, _ in offers], dtype=np.intp)
    place = [f"t{number}_{row}" for row in cells.row]
    status, odd = codes_of(cells, "status", _STATUS)
    warn_of_rows(
        cells,
        odd,
        "have a status nobody knows, which is left missing: write 现状, 在建, 规划, 承诺 or 关闭",
    )
    open_to, odd = codes_of(cells, "open_to", _OPEN_TO)
    warn_of_rows(
        cells,
        odd,
        "do not say in known words whom they are open to, which is left "
        "missing: write 对外开放 or 仅限居民",
    )
    values = pd.DataFrame(
        {
            "place_id": place,
            "name": texts_of(cells, "name"),
            "status": status,
            "open_to": open_to,
            "floor_m2": areas_of(cells, "floor", about=True),
            "site_m2": areas_of(cells, "site", about=True),
            "beds": numbers_of(cells, "beds", about=True),
            "owner": texts_of(cells, "owner"),
            "address": texts_of(cells, "address"),
            "source": source,
            "at": np.arange(len(cells)),
        }
    ).iloc[rows]
    return gpd.GeoDataFrame(
        values.assign(
            facility_id=[f"{place[at]}:{one.service}" for at, one in offers],
            service=[one.service for _, one in offers],
            type=[one.type for _, one in offers],
            confidence=[one.confidence for _, one in offers],
            rule=[one.rule for _, one in offers],
        ),
        geometry=shapes[rows],
        crs=geo.WGS84,
    )


def _classified(
    cells: Layer, service: str | None, kind: str | None, codes: str | None
) -> list[tuple[Classified, ...]]:
    if codes is not None:
        _check_codes(cells, codes)
    if kind is not None:
        given = Classified(
            service=service or kind.partition(".")[0],
            type=kind,
            confidence=NAME_AND_TAG,
            rule="study.toml",
        )
        return [(given,)] * len(cells)
    if "name" not in cells.found:
        columns = ", ".join(str(name) for name in cells.table.columns if name != "geometry")
        raise InputError(
            Problem(
                what="no column of names was found to tell the services by",
                where=cells.where,
                remedy='give columns = {name = "…"}, or service and type of the whole list; '
                f"columns found: {columns or 'none'}",
            )
        )
    names = [name or "" for name in texts_of(cells, "name")]
    if codes is None:
        found = [classify_name(name) for name in names]
    else:
        typed = [code or "" for code in texts_of(cells, "code")]
        found = [classify_amap(name, code) for name, code in zip(names, typed, strict=True)]
    return [tuple(one for one in row if service in (None, one.service)) for row in found]


def _check_codes(cells: Layer, codes: str) -> None:
    if codes.strip().casefold() != "amap":
        raise InputError(
            Problem(
                what=f"type codes '{codes}' are unknown",
                where=cells.where,
                remedy='known: "amap"; or leave codes out: names are classified',
            )
        )
    if "code" not in cells.found:
        raise InputError(
            Problem(
                what="no column of type codes was found",
                where=cells.where,
                remedy='give columns = {code = "…"}, or leave codes out: names are classified',
            )
        )


def _tell_of_unknown(cells: Layer, known: NDArray[np.bool_]) -> None:
    remedy = "give service and type of the whole list, or write what they are into the names"
    names = [name or "no name" for name in texts_of(cells, "name")[~known]]
    some = ", ".join(f"'{name[:30]}'" for name in names[:3]) + (", …" if len(names) > 3 else "")
    if not known.any():
        raise InputError(
            Problem(
                what=f"none of its {len(known)} rows can be classified by name ({some})",
                where=cells.where,
                remedy=remedy,
            )
        )
    warn_of_rows(cells, ~known, f"cannot be classified by name and are left out ({some}): {remedy}")
