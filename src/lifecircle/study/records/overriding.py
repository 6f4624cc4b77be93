"""
A planner's overrides replace single values of facilities, communities and land, on every run.

Every row of the file is accounted for: applied, the same already, or without its row.
"""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from lifecircle import geo
from lifecircle.config.land_sections import RecordSection
from lifecircle.errors import DoubtfulRowsWarning, Problem, RuleError
from lifecircle.provenance import Source
from lifecircle.sources.records.overrides import read_overrides
from lifecircle.standards import Standard
from lifecircle.tables import FACILITIES, OVERRIDES, PARCEL_STATUS, SITE_KINDS

Value = str | float | bool

_KEYS = {"facilities": "facility_id", "communities": "community_id", "parcels": "parcel_id"}
_STATUS = FACILITIES.columns["status"].allowed
_OPEN_TO = FACILITIES.columns["open_to"].allowed
_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("名称", "设施名称", "社区名称"),
    "type": ("类型", "设施类型"),
    "status": ("状态", "现状", "建设状态"),
    "open_to": ("开放对象", "服务对象"),
    "floor_m2": ("建筑面积", "建筑面积(㎡)", "建筑面积（㎡）"),
    "site_m2": ("用地面积", "占地面积"),
    "area_m2": ("面积", "用地面积", "地块面积"),
    "beds": ("床位", "床位数"),
    "places": ("托位", "托位数"),
    "hours": ("开放时间",),
    "address": ("地址",),
    "lon": ("经度",),
    "lat": ("纬度",),
    "subdistrict": ("街道", "街道（镇）", "街道/镇", "乡镇"),
    "county": ("县", "区县", "县（市、区）"),
    "city": ("市",),
    "unit_id": ("单元", "单元编号", "公共服务基本单元"),
    "urban": ("城镇", "城乡", "是否城镇"),
    "people": ("人口", "常住人口", "人口数"),
    "kind": ("类别", "存量类型"),
    "code": ("地类代码", "现状地类代码"),
    "owner": ("权利人", "权属单位"),
    "available": ("可用时间",),
    "note": ("备注",),
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "facilities": {
        **dict.fromkeys(("name", "hours", "address", "note"), "text"),
        **dict.fromkeys(("floor_m2", "site_m2", "beds", "places"), "count"),
        **dict.fromkeys(("lon", "lat"), "degrees"),
        "type": "type",
        "status": "status",
        "open_to": "open_to",
    },
    "communities": {
        **dict.fromkeys(("name", "subdistrict", "county", "city", "unit_id"), "text"),
        "urban": "flag",
        "people": "count",
    },
    "parcels": {
        **dict.fromkeys(("name", "code", "owner", "available", "note"), "text"),
        **dict.fromkeys(("area_m2", "floor_m2"), "count"),
        "status": "parcel_status",
        "kind": "site_kind",
    },
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": _STATUS,
    "open_to": _OPEN_TO,
    "parcel_status": PARCEL_STATUS,
    "site_kind": SITE_KINDS,
}
_WORDS = {
    "现有": "existing",
    "现状": "existing",
    "在建": "building",
    "规划": "planned",
    "承诺": "promised",
    "关闭": "closed",
    "已关闭": "closed",
    "待核实": "unconfirmed",
    "对外开放": "anyone",
    "仅限居民": "residents",
    "仅限内部人员": "members",
    "可用": "candidate",
    "候选": "candidate",
    "存疑": "doubtful",
    "不可用": "refused",
    "剔除": "refused",
    "排除": "refused",
}
_FLAGS = {**dict.fromkeys("是 true yes 1 城镇 城".split(), True)} | dict.fromkeys(
    "否 false no 0 乡村 村".split(), False
)


@dataclass(frozen=True, kw_only=True)
class Overrides:
    """
    Values to replace, checked.

    Parameters
    ----------
    rows
        `tables.OVERRIDES`, with the column a value goes to in ``field`` and nothing in `old` yet.
    values
        The values as the tables hold them, one per row.
    sources
        Origin of the file; empty without one.
    """

    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OVERRIDES)))
    values: tuple[Value, ...] = ()
    sources: tuple[Source, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


def overrides_of_study(section: RecordSection, standard: Standard) -> Overrides:
    """
    Read and check the overrides of a study.

    Parameters
    ----------
    section
        The section of the study file.
    standard
        The standard, whose types a facility can be given.

    Returns
    -------
    overrides
        Empty without a file.

    Raises
    ------
    RuleError
        With every row whose field is unknown or whose value cannot stand there.
    LifecircleError
        As `sources.records.overrides.read_overrides`.
    """
    if section.overrides is None:
        return Overrides()
    file = read_overrides(section.overrides)
    problems, values, fields = [], [], []
    for row in file.table.itertuples():
        where = f"{file.source.name}, row {row.row}"
        known = _FIELDS[row.table]
        column = _column(str(row.field), known)
        value: Value | None = None
        if column is None:
            problems.append(
                Problem(
                    what=f"'{row.field}' is no field of {row.table} that can be changed",
                    where=where,
                    remedy=f"fields: {', '.join(known)}",
                )
            )
        else:
            value, wanted = _parsed(known[column], row.value, standard)
            if value is None:
                problems.append(
                    Problem(
                        what=f"'{row.value}' cannot be the {column} of {row.table}",
                        where=where,
                        remedy=f"give {wanted}",
                    )
                )
        values.append(value)
        fields.append(column)
    if problems:
        raise RuleError(problems)
    rows = file.table.assign(field=fields, old=None, state="no_row")
    return Overrides(
        rows=rows[list(OVERRIDES)],
        values=tuple(value for value in values if value is not None),
        sources=(file.source,),
    )


def with_told(overrides: Overrides, told: pd.DataFrame) -> Overrides:
    """
    Note what became of some of the rows.

    Parameters
    ----------
    overrides
        The values.
    told
        From `overridden`.

    Returns
    -------
    overrides
        With these rows replaced.
    """
    if not len(told):
        return overrides
    rows = overrides.rows.copy()
    rows.loc[told.index] = told
    return replace(overrides, rows=rows)


def overridden(
    overrides: Overrides, table: str, frame: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """
    Replace the values of one table.

    Parameters
    ----------
    overrides
        The values.
    table
        ``facilities``, ``communities`` or ``parcels``.
    frame
        The table; not changed.

    Returns
    -------
    frame
        With the values; a facility given a type belongs to its service, one given a longitude
        and latitude stands there.
    told
        `tables.OVERRIDES` of this table: what stood there, and what became of each row.
    """
    mine = overrides.rows["table"] == table
    if not mine.any():
        return frame, overrides.rows[mine]
    new, told = frame.copy(), overrides.rows[mine].copy()
    ids = new[_KEYS[table]].astype(str)
    moved: dict[int, dict[str, float]] = {}
    for place in told.index:
        column, value = str(told.loc[place, "field"]), overrides.values[int(place)]
        at = ids.index[ids == str(told.loc[place, "id"]).strip()]
        if len(at) == 0 or (column not in new and column not in ("lon", "lat")):
            continue
        row = at[0]
        if column in ("lon", "lat") and isinstance(value, float):
            moved.setdefault(row, {})[column] = value
            told.loc[place, "state"] = "applied"
            continue
        old = new.loc[row, column]
        told.loc[place, "old"] = None if pd.isna(old) else str(old)
        told.loc[place, "state"] = "same" if old == value else "applied"
        if isinstance(value, str) and new[column].dtype != object:
            new[column] = new[column].astype(object)
        new.loc[row, column] = value
        if column == "type":
            new.loc[row, "service"] = str(value).split(".", maxsplit=1)[0]
    for row, place in moved.items():
        _move(new, row, place)
    return new, told


def warn_of_overrides(overrides: Overrides) -> None:
    """
    Warn of overrides whose row is not there.

    Parameters
    ----------
    overrides
        With what became of each.

    Warns
    -----
    DoubtfulRowsWarning
        With the ids nobody has.
    """
    lost = overrides.rows[overrides.rows["state"] == "no_row"]
    if len(lost):
        named = ", ".join(f"{one.table} {one.id}" for one in lost.head(5).itertuples())
        warnings.warn(
            f"{len(lost)} overrides name a row that is not there ({named}): they are listed and "
            "change nothing",
            DoubtfulRowsWarning,
            stacklevel=3,
        )


def _move(frame: gpd.GeoDataFrame, row: int, place: Mapping[str, float]) -> None:
    """Put a facility at a longitude and latitude; what is not given stays."""
    crs = CRS.from_user_input(frame.crs)
    inner = frame.geometry.loc[row].representative_point()
    [[lon, lat]] = geo.unproject(np.array([[inner.x, inner.y]]), crs)
    point = shapely.Point(place.get("lon", float(lon)), place.get("lat", float(lat)))
    frame.loc[[row], frame.geometry.name] = gpd.GeoSeries(
        [geo.project_shape(point, geo.WGS84, crs)], index=[row], crs=frame.crs
    )


def _column(name: str, known: Mapping[str, str]) -> str | None:
    plain = name.strip().casefold()
    if plain in known:
        return plain
    return next((code for code in known if name.strip() in _NAMES.get(code, ())), None)


def _parsed(kind: str, cell: object, standard: Standard) -> tuple[Value | None, str]:
    """Turn a cell into the value of a field, or None with what was wanted."""
    text = unicodedata.normalize("NFKC", str(cell)).strip() if cell is not None else ""
    if kind in ("count", "degrees"):
        wanted = "a number of 0 or more" if kind == "count" else "degrees, WGS 84"
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            return None, wanted
        good = number >= 0 if kind == "count" else abs(number) <= 180
        return (number if good else None), wanted
    if kind == "flag":
        return _FLAGS.get(text.casefold()), "是 or 否"
    if kind == "type":
        labels = {one.label_zh: one.id for one in standard.types}
        labels |= {one.label_en: one.id for one in standard.types}
        labels |= {one.id: one.id for one in standard.types}
        return labels.get(
            str(cell).strip()
        ), f"one of {', '.join(one.id for one in standard.types)}"
    if kind in _CHOICES:
        code = _WORDS.get(text, text)
        return (code if code in _CHOICES[kind] else None), f"one of {', '.join(_CHOICES[kind])}"
    return (str(cell).strip() or None) if cell is not None else None, "a text"
