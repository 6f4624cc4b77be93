"""
What a layer or a sheet shows -> what it is to a study, and by what that was seen.

What stands in the rows decides, then the names of columns, and the file's name last of all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from lifecircle.sources.columns import recognise_columns
from lifecircle.sources.communities import COLUMN_NAMES
from lifecircle.sources.crosswalks import CROSSWALK_COLUMNS
from lifecircle.sources.facility_lists import FACILITY_COLUMNS
from lifecircle.sources.grids import GRID_COLUMNS
from lifecircle.sources.looks import Look
from lifecircle.sources.people_tables import PEOPLE_COLUMNS
from lifecircle.sources.planner_cells import is_number
from lifecircle.sources.planner_words import (
    BUILDING_COLUMNS,
    ESTATE_COLUMNS,
    GATE_COLUMNS,
    KINDS_OF_LAND,
    PARCEL_COLUMNS,
)
from lifecircle.sources.road_words import ROAD_CLASSES, ROAD_COLUMNS
from lifecircle.sources.sheet_places import PLACE_COLUMNS
from lifecircle.sources.tagging import classify_name

_COMMUNITY = r".*(?:社区|村|居委会|居民委员会|村民委员会|村委会|委员会)"
_PROTECTED = (
    r".*(?:生态保护|红线|永久基本农田|永农|基本农田|文保|文物|保护范围|建设控制地带|蓝线|紫线|绿线|黄线"
    r"|STBHHX|YJJBNT|WBBH|protected).*"
)
_SEEN = 400  # rows that are looked into


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    What a layer or sheet is to a study.

    Parameters
    ----------
    kind
        A key of `study.draft.KEYS`, or empty where nothing in a study could read it.
    why
        By what it was recognised, in the words of a comment.
    """

    kind: str
    why: str


def recognise(look: Look) -> Seen:
    """
    Recognise a layer or sheet.

    Parameters
    ----------
    look
        What can be seen of it.

    Returns
    -------
    seen
        What it is, and why.

    Examples
    --------
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from lifecircle.sources.looks import Look
    >>> from lifecircle.study.recognise import recognise
    >>> rows = pd.DataFrame({"单位": ["教育局"], "意见": ["建议增设步行桥"]}, dtype=object)
    >>> recognise(Look(path=Path("19.xlsx"), cells=rows)).kind
    'opinions'
    """
    if look.trouble:
        return Seen(kind="", why=look.trouble)
    rules = _RULES.get(look.shape, ())
    cells = look.cells.head(_SEEN)
    for kind, rule in rules:
        why = rule(look, cells)
        if why:
            return Seen(kind=kind, why=why)
    what = _with(look)
    listed = ", ".join(look.columns[:8])
    return Seen(kind="", why=f"{what} with {listed}: nothing a study reads was recognised")


_PLURAL = {"polygon": "outlines", "line": "lines", "point": "points"}


def _columns(cells: pd.DataFrame, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return recognise_columns(cells, wanted, None, "")


def _has(cells: pd.DataFrame, *names: str) -> str | None:
    """Find the first column of one of these names, blanks and brackets left aside."""
    plain = {_plain(str(column)): str(column) for column in cells.columns}
    return next((plain[_plain(name)] for name in names if _plain(name) in plain), None)


def _plain(name: str) -> str:
    return re.sub(r"\(.*?\)|\s", "", unicodedata.normalize("NFKC", name)).casefold()


def _share(cells: pd.DataFrame, column: str | None, pattern: str) -> float:
    """Say how many of a column's filled cells fit a pattern, 0 where none is filled."""
    if column is None:
        return 0.0
    filled = cells[column].dropna().astype(str)
    fits = filled.str.fullmatch(pattern, flags=re.IGNORECASE | re.DOTALL)
    return float(fits.mean()) if len(filled) else 0.0


def _numbers(cells: pd.DataFrame, column: str | None) -> float:
    if column is None:
        return 0.0
    filled = cells[column].dropna().astype(str)
    return float(filled.map(is_number).mean()) if len(filled) else 0.0


def _with(look: Look, *columns: str | None) -> str:
    named = ", ".join(column for column in columns if column)
    plural = _PLURAL.get(look.shape, "rows")
    what = f"{len(look):,} {plural if len(look) != 1 else plural.removesuffix('s')}"
    return f"{what} with {named}" if named else what


# -- outlines ----------------------------------------------------------------------------------
def _exclude(look: Look, cells: pd.DataFrame) -> str | None:
    told = [str(name) for name in cells.columns if _share(cells, str(name), _PROTECTED) >= 0.5]
    if told:
        return f"{_with(look, told[0])}: protected land"
    if _has(cells, "YDDM", "HS", "DLMC", "name"):
        return None
    named = f"{look.path.stem if not look.part else ''} {look.part}"
    return f"{_with(look)}, called protected land" if re.search(_PROTECTED, named) else None


def _survey(look: Look, cells: pd.DataFrame) -> str | None:
    code, name = _has(cells, "DLBM", "地类编码"), _has(cells, "DLMC", "地类名称")
    coded = _share(cells, code, r"\d{4}[A-Z]?") >= 0.8
    return f"{_with(look, code, name)}: land as surveyed" if coded and name else None


def _plan(look: Look, cells: pd.DataFrame) -> str | None:
    code = _has(cells, "YDDM", "GHYDDM", "YDYHFLDM", "YDXZDM", "规划用地代码", "用地代码")
    dense = _has(cells, "RJL", "容积率", "JZMD", "建筑密度", "LDL", "绿地率")
    if code and dense:
        return f"{_with(look, code, dense)}: plots of a detailed plan"
    return None


def _units(look: Look, cells: pd.DataFrame) -> str | None:
    unit = _has(cells, "DYBH", "DYMC", "单元编号", "单元名称")
    if unit and not _has(cells, "FWBH", "XZQMC"):
        return f"{_with(look, unit)}: units of a plan"
    return None


def _rights(look: Look, cells: pd.DataFrame) -> str | None:
    parcel = _has(cells, "ZDDM", "宗地代码", "宗地号", "BDCDYH", "不动产单元号")
    holder = _has(cells, "QLRMC", "权利人", "权利人名称", "QLR", "QLXZ", "权利性质")
    return f"{_with(look, parcel, holder)}: rights to land" if parcel and holder else None


def _grids(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, GRID_COLUMNS)
    counted = [found[key] for key in ("people", "households") if key in found]
    counted = [column for column in counted if _numbers(cells, column) > 0.8]
    named = _share(cells, found.get("name"), ".*网格.*") >= 0.5
    if not counted:
        return None
    if named or re.search("网格|WG|grid", f"{look.part} {' '.join(look.columns)}"):
        return f"{_with(look, *counted)}: people of grids"
    others = set(_columns(cells, BUILDING_COLUMNS)) & {"use", "levels"}
    if "people" in found and not others and not _share(cells, found.get("name"), _COMMUNITY):
        return f"{_with(look, *counted)}: people of small areas"
    return None


def _points_of_people(look: Look, cells: pd.DataFrame) -> str | None:
    people = _columns(cells, GRID_COLUMNS).get("people")
    if _is_placed(cells) and _numbers(cells, people) >= 0.9 and len(look) >= 10:
        return f"{_with(look, people)}: people at points"
    return None


def _estates(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, ESTATE_COLUMNS)
    closed = found.get("closed")
    said = _share(cells, closed, "是|否|yes|no|.*封闭.*|.*开放.*|gated|open|true|false")
    if closed and said >= 0.8:
        return f"{_with(look, found.get('name'), closed)}: housing estates, and which are closed"
    return None


def _buildings(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, BUILDING_COLUMNS)
    told = [found[key] for key in ("use", "levels", "flats", "people") if key in found]
    if len(told) >= 2 and ("levels" in found or "flats" in found) and len(look) >= 20:
        return f"{_with(look, *told)}: buildings"
    return None


def _communities(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, COLUMN_NAMES)
    name = found.get("name")
    if len(look) > 1 and _share(cells, name, _COMMUNITY) >= 0.7:
        return f"{_with(look, found.get('id'), name)}: communities and villages"
    return None


def _parcels(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, PARCEL_COLUMNS)
    kinds = "|".join(pattern for _, pattern in KINDS_OF_LAND) + "|.*(?:拆后|储备|收储).*"
    if _share(cells, found.get("kind"), kinds) >= 0.5:
        return f"{_with(look, found.get('kind'), found.get('area'))}: leftover land"
    return None


def _boundary(look: Look, cells: pd.DataFrame) -> str | None:
    return f"{_with(look)}: an outline of the area" if len(cells) == 1 else None


def _zones(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, COLUMN_NAMES)
    if len(look) >= 3 and "name" in found:
        return f"{_with(look, found.get('id'), found['name'])}: named areas"
    return None


# -- lines and points --------------------------------------------------------------------------
def _planned_roads(look: Look, cells: pd.DataFrame) -> str | None:
    name = _columns(cells, ROAD_COLUMNS).get("name")
    built = _has(cells, "SFSX", "是否实施", "是否建成")
    if _share(cells, built, "否|0|未.*") >= 0.5 or _share(cells, name, ".*规划.*") >= 0.5:
        return f"{_with(look, name, built)}: roads that are planned, not built"
    return None


def _roads(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, ROAD_COLUMNS)
    classes = "|".join(pattern for _, pattern in ROAD_CLASSES)
    if _share(cells, found.get("class"), classes) >= 0.5:
        return f"{_with(look, found.get('name'), found['class'])}: centrelines of roads"
    return None


def _addresses(look: Look, cells: pd.DataFrame) -> str | None:
    whole = _has(cells, "DZQC", "地址全称", "标准地址", "详细地址", "地址")
    number = _has(cells, "MPH", "门牌号", "门牌号码")
    if _share(cells, whole, r".*\d+号.*") >= 0.5 or _share(cells, number, r"\d+号?.*") >= 0.8:
        return f"{_with(look, whole, number)}: addresses with places"
    return None


def _gates(look: Look, cells: pd.DataFrame) -> str | None:
    name = _has(cells, "名称", "出入口名称", "大门名称", "name", "MC")
    kind = _columns(cells, GATE_COLUMNS).get("kind")
    placed = look.shape == "point" or _is_placed(cells)
    kinds = "车行|人行|消防|人车.*|.*出入口|.*门|gate|entrance"
    gates = _share(cells, name, ".*(?:门|出入口)(?:[(（].*)?") >= 0.6
    if placed and (gates or _share(cells, kind, kinds) >= 0.6):
        return f"{_with(look, name, kind)}: gates of estates"
    return None


def _facilities(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, FACILITY_COLUMNS)
    code = found.get("code")
    if _share(cells, code, r"\d{6}(?:\|\d{6})*") >= 0.8:
        return f"{_with(look, code)}: points of interest of a map service"
    name = found.get("name") or _has(cells, "name")
    if name is None:
        return None
    names = cells[name].dropna().astype(str)
    known = float(names.map(lambda text: bool(classify_name(text))).mean()) if len(names) else 0.0
    if known >= 0.4:
        return f"{_with(look, name)}, {known:.0%} of them services by their names"
    return None


def _is_placed(cells: pd.DataFrame) -> bool:
    found = _columns(cells, PLACE_COLUMNS)
    return "lonlat" in found or {"lon", "lat"} <= set(found)


# -- tables ------------------------------------------------------------------------------------
def _crosswalk(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, CROSSWALK_COLUMNS)
    old, new = found.get("old") or found.get("old_id"), found.get("new") or found.get("new_id")
    return f"{_with(look, old, new)}: what became of communities" if old and new else None


def _people(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, PEOPLE_COLUMNS)
    name, people = found.get("name"), found.get("people")
    if _share(cells, name, _COMMUNITY) >= 0.5 and _numbers(cells, people) >= 0.5:
        return f"{_with(look, name, people)}: people by community"
    return None


def _sums_of_people(look: Look, cells: pd.DataFrame) -> str | None:
    found = _columns(cells, PEOPLE_COLUMNS)
    if "people" in found and "subdistrict" in found and "name" not in found:
        return f"{_with(look, found['subdistrict'], found['people'])}: people by subdistrict"
    return None


def _questions(look: Look, cells: pd.DataFrame) -> str | None:
    asked = _has(cells, "问卷编号", "满意度", "年龄段", "最需要的设施", "受访者")
    asked = asked or next((one for one in look.columns if re.search("最需要|满意度", one)), None)
    return f"{_with(look, asked)}: answers of residents" if asked and len(look) > 20 else None


def _opinions(look: Look, cells: pd.DataFrame) -> str | None:
    said = _has(cells, "意见", "意见内容", "反馈意见", "修改意见", "意见建议")
    return f"{_with(look, said)}: comments of bodies" if said else None


def _projects(look: Look, cells: pd.DataFrame) -> str | None:
    name = _has(cells, "项目", "项目名称", "project")
    state = _has(cells, "状态", "项目状态", "进展", "实施状态", "status")
    money = _has(cells, "投资", "总投资", "投资额", "年度", "实施年度", "责任主体")
    if name and state and money:
        return f"{_with(look, name, state, money)}: projects of the last round"
    return None


def _ledger(look: Look, cells: pd.DataFrame) -> str | None:
    place = _has(cells, "坐落", "位置", "土地坐落", "地块位置")
    area = _has(cells, "面积(亩)", "面积", "用地面积", "土地面积")
    kinds = "|".join(pattern for _, pattern in KINDS_OF_LAND[len(KINDS_OF_LAND) - 6 :])
    land = re.search(f"土地|用地|地块|{kinds.replace('.*', '')}|拆后", look.words)
    built = _has(cells, "建筑面积", "楼层", "结构")
    if place and area and land and not built:
        return f"{_with(look, place, area)}: a ledger of leftover land"
    return None


def _rooms(look: Look, cells: pd.DataFrame) -> str | None:
    place = _has(cells, "坐落", "地址", "位置")
    used = _has(cells, "现状用途", "使用现状", "现状", "闲置起始", "使用情况")
    floor = _has(cells, "建筑面积", "面积", "房屋面积")
    idle = ".*(?:空置|闲置|出租|待租|未使用|空房).*"
    if place and floor and used and _share(cells, used, idle) + bool(_has(cells, "闲置起始")) > 0.3:
        return f"{_with(look, place, used, floor)}: rooms that could be used"
    return None


def _handover(look: Look, cells: pd.DataFrame) -> str | None:
    estate, day = _has(cells, "小区", "小区名称", "项目"), _has(cells, "移交日期", "移交时间")
    if estate and day:
        return f"{_with(look, estate, day)}: rooms handed over with estates"
    return None


Rule = Callable[[Look, pd.DataFrame], str | None]
_RULES: Mapping[str, tuple[tuple[str, Rule], ...]] = {
    "polygon": (
        ("survey_land", _survey),
        ("exclude", _exclude),
        ("plan", _plan),
        ("rights", _rights),
        ("estates", _estates),
        ("grids", _grids),
        ("communities", _communities),
        ("buildings", _buildings),
        ("parcels", _parcels),
        ("units", _units),
        ("boundary", _boundary),
        ("facilities", _facilities),
        ("zones", _zones),
    ),
    "line": (("planned_roads", _planned_roads), ("roads", _roads)),
    "point": (("gates", _gates), ("addresses", _addresses), ("facilities", _facilities)),
    "": (
        ("crosswalk", _crosswalk),
        ("grids", _points_of_people),
        ("people", _people),
        ("subdistricts", _sums_of_people),
        ("gates", _gates),
        ("survey", _questions),
        ("opinions", _opinions),
        ("projects", _projects),
        ("handover", _handover),
        ("ledger", _ledger),
        ("stock_rooms", _rooms),
        ("facilities", _facilities),
        ("addresses", _addresses),
    ),
}
"""What each shape of file may be, the surest first."""
