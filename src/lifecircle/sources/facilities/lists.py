"""
A bureau's or a planner's list of facilities with places -> the facilities table in WGS 84.

Every service of a row rests on a rule that is named; a row no rule knows is told of, not guessed.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning, InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.facilities.attributes import attributes_of
from lifecircle.sources.facilities.classes import Row, check_codes, classify_rows
from lifecircle.sources.facilities.not_reported import names_not_reported
from lifecircle.sources.facilities.openings import OPENS_COLUMNS
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.facilities.tagging import NAME_AND_TAG, Classified
from lifecircle.sources.geocoding.placing import (
    ASKED_COLUMNS,
    FacilityList,
    Placer,
    place_rows,
    rows_to_place,
)
from lifecircle.sources.sheets.cells import (
    Layer,
    kept_rows,
    numbers_of,
    texts_of,
    warn_of_rows,
)
from lifecircle.sources.vectors.crs import SHIFTED
from lifecircle.sources.vectors.placed import in_wgs84, read_places
from lifecircle.tables import FACILITIES, check

FACILITY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": (
        *("name", "设施名称", "机构名称", "单位名称", "场所名称", "场馆名称", "项目名称", "名称"),
        *("机构", "SSMC", "JGMC", "DWMC", "CSMC", "XMMC", "MC", "title", "facility"),
        *("现状用途", "使用用途"),  # a ledger of rooms names what is in them
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
    "area": ("面积", "规模", "使用面积", "MJ", "area_m2"),
    "beds": ("beds", "床位", "床位数", "床位数量", "核定床位", "CWS", "CW"),
    "places": ("places", "托位", "托位数", "核定托位", "备案托位", "托位数量", "TWS"),
    "owner": (
        *("owner", "主管部门", "权属单位", "权属", "产权单位", "产权人", "管理单位", "运营单位"),
        *("主办单位", "ZGBM", "QSDW", "operator"),
    ),
    "code": ("typecode", "类型编码", "类型代码", "分类编码", "分类代码", "POI类型编码", "类别编码"),
    "category": (
        *("category", "类别", "类型", "设施类别", "设施类型", "机构类别", "机构类型", "场所类型"),
        *("场地类型", "种类", "分类", "类", "type", "tag", "std_tag", "LB", "LX", "SSLX"),
    ),
    "canteen": ("canteen", "助餐点", "助餐服务", "是否助餐", "有无助餐", "老年食堂", "是否有食堂"),
    "hours": (*("hours", "开放时间", "营业时间", "服务时间", "开馆时间", "opening_hours", "KFSJ"),),
    "opens": OPENS_COLUMNS,
    "note": ("note", "备注", "备注说明", "情况说明", "说明", "附注", "BZ", "remark", "remarks"),
}
"""What the columns of a facility list are known by; the keys are those of ``columns = {…}``."""

SITED = ("fitness.court", "fitness.outdoor", "fitness.field")
"""Types that are land: an area that is called nothing else is their site."""


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
        Column of the meanings of `FACILITY_COLUMNS` where its name is not recognised; in a table
        without shapes ``lon, lat, lonlat`` too.
    layer, crs, encoding
        As for `read_vector`; of a workbook `layer` is the sheet.
    service, kind
        Service and type of every row, such as ``medical`` and ``medical.station``. With the
        service alone, only what a name says of that service counts.
    codes
        ``amap`` where the column ``code`` holds that service's type codes, or the column
        ``category`` its words; ``baidu`` where ``category`` holds Baidu's (``医疗;诊所``).
    number
        Number of the list in the study, from 1; part of the ids.

    Returns
    -------
    facilities
        The columns of `tables.FACILITIES` and the shapes, WGS 84, in the order of the file: one
        row per place and service. `place_id` is ``t<number>_<row>``, the row counted from 1 among
        those with a shape, of a workbook or a text table the one that is shown; `facility_id` is
        the same with ``:<service>``, and with the type in its place for a second one of a service.
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
    A note (已注销, 仅限业主使用) goes before the columns of status and audience; `rule` names it.
    An area that is called nothing else is the site of a court or an outdoor gym, else the floor.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import geopandas as gpd
    >>> from lifecircle.sources.facilities.lists import read_facility_list
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
    own: Recognition = NO_RULES,
) -> FacilityList:
    """
    Read a list of facilities and look up the rows that have no coordinates.

    Parameters
    ----------
    path, datum, columns, layer, crs, encoding, service, kind, codes, number
        As for `read_facility_list`; ``address``, ``community`` and ``subdistrict`` may be given as
        columns too.
    own
        Rules of the standard; they go before the general ones.
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
    found = _classified(cells, service, kind, codes, own)
    known = np.array([bool(offers) for offers in found], dtype=bool)
    _tell_of_unknown(cells, known)
    cells = kept_rows(cells, known)
    offered = [found[row] for row in np.flatnonzero(known)]
    shapes = in_wgs84(cells, datum)
    placed = None
    if placer is not None:
        placed = place_rows(cells, shapes, placer, list_name=path.name)
        shapes = placed.shapes
    said = attributes_of(cells)
    land = own.sited.union(SITED)
    table = _facilities(cells, said, shapes, offered, path.name, number, land)
    given = "picked" if datum in SHIFTED else "surveyed"
    at = table.pop("at").to_numpy(dtype=np.intp)
    how = np.full(len(cells), None) if placed is None else placed.how
    table["origin"] = "bureau" if codes is None else "poi"
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
            status=said["status"].to_numpy(dtype=object),
        ),
        placed=dict(sorted(counts.items())),
        not_reported=names_not_reported(cells.notes),
    )


def _facilities(
    cells: Layer,
    said: pd.DataFrame,
    shapes: NDArray[np.object_],
    offered: list[tuple[Classified, ...]],
    source: str,
    number: int,
    land: frozenset[str],
) -> gpd.GeoDataFrame:
    """Make one row per place and service; ``at`` is the row of the layer it is of."""
    offers = [(at, one) for at, row in enumerate(offered) for one in row]
    rows = np.array([at for at, _ in offers], dtype=np.intp)
    place = [f"t{number}_{row}" for row in cells.row]
    values = said.assign(place_id=place, source=source, at=np.arange(len(cells))).iloc[rows]
    types = [one.type for _, one in offers]
    sited = np.isin(types, sorted(land))
    plain = values.pop("area_m2")
    for column, ours in (("floor_m2", ~sited), ("site_m2", sited)):
        values[column] = values[column].where(values[column].notna() | ~ours, plain)
    words = values.pop("said")
    return gpd.GeoDataFrame(
        values.assign(
            facility_id=_ids(place, offers),
            service=[one.service for _, one in offers],
            type=types,
            confidence=[one.confidence for _, one in offers],
            rule=[one.rule + word for (_, one), word in zip(offers, words, strict=True)],
        ),
        geometry=shapes[rows],
        crs=geo.WGS84,
    )


def _ids(place: list[str], offers: list[tuple[int, Classified]]) -> list[str]:
    """Name each offer by its place and service, a second one of a service by its type."""
    ids: dict[str, None] = {}
    for at, one in offers:
        first = f"{place[at]}:{one.service}"
        ids[first if first not in ids else f"{place[at]}:{one.type}"] = None
    return list(ids)


def _classified(
    cells: Layer, service: str | None, kind: str | None, codes: str | None, own: Recognition
) -> list[tuple[Classified, ...]]:
    if codes is not None:
        check_codes(codes, known=cells.found, where=cells.where)
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
    texts = {
        meaning: [text or "" for text in texts_of(cells, meaning)]
        for meaning in ("name", "category", "code", "canteen")
    }
    asked = None if codes is None else codes.strip().casefold()
    if asked == "baidu" or (asked == "amap" and "code" not in cells.found):
        texts["code"] = texts["category"]
    beds = _quiet_numbers(cells, "beds")
    found = classify_rows(
        [
            Row(**{meaning: texts[meaning][at] for meaning in texts}, beds=beds[at])
            for at in range(len(cells))
        ],
        codes=asked,
        own=own,
    )
    return [tuple(one for one in row if service in (None, one.service)) for row in found]


def _quiet_numbers(cells: Layer, meaning: str) -> NDArray[np.float64]:
    with warnings.catch_warnings():  # what is no number is told where the column is kept
        warnings.simplefilter("ignore", DoubtfulRowsWarning)
        return numbers_of(cells, meaning, about=True)


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
