"""
What a layer or a sheet shows -> what it is to a study, and by what that was seen.

What stands in the rows decides, then the names of columns, and the file's name last of all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from lifecircle.sources.facilities.lists import FACILITY_COLUMNS
from lifecircle.sources.facilities.tagging import classify_name
from lifecircle.sources.land.ledgers import LEDGER_COLUMNS
from lifecircle.sources.land.stock_rooms import ROOM_COLUMNS
from lifecircle.sources.people.communities import COLUMN_NAMES
from lifecircle.sources.people.crosswalks import CROSSWALK_COLUMNS
from lifecircle.sources.people.grids import GRID_COLUMNS
from lifecircle.sources.people.tables import PEOPLE_COLUMNS
from lifecircle.sources.road_words import ROAD_CLASSES, ROAD_COLUMNS
from lifecircle.sources.sheets.words import (
    BUILDING_COLUMNS,
    ESTATE_COLUMNS,
    GATE_COLUMNS,
    KINDS_OF_LAND,
    PARCEL_COLUMNS,
)
from lifecircle.sources.vectors.looks import Look
from lifecircle.study.drafting.cells import (
    columns_of,
    described,
    is_placed,
    named,
    numbers_in,
    share_of,
)

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
        A key of `study.drafting.keys.KEYS`, or empty where nothing in a study could read it.
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
    >>> from lifecircle.sources.vectors.looks import Look
    >>> from lifecircle.study.drafting.recognise import recognise
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
    what = described(look)
    listed = ", ".join(look.columns[:8])
    return Seen(kind="", why=f"{what} with {listed}: nothing a study reads was recognised")


# -- outlines ----------------------------------------------------------------------------------
def _exclude(look: Look, cells: pd.DataFrame) -> str | None:
    told = [str(name) for name in cells.columns if share_of(cells, str(name), _PROTECTED) >= 0.5]
    if told:
        return f"{described(look, told[0])}: protected land"
    if named(cells, "YDDM", "HS", "DLMC", "name"):
        return None
    called = f"{look.path.stem if not look.part else ''} {look.part}"
    return f"{described(look)}, called protected land" if re.search(_PROTECTED, called) else None


def _survey(look: Look, cells: pd.DataFrame) -> str | None:
    code, name = named(cells, "DLBM", "地类编码"), named(cells, "DLMC", "地类名称")
    coded = share_of(cells, code, r"\d{4}[A-Z]?") >= 0.8
    return f"{described(look, code, name)}: land as surveyed" if coded and name else None


def _plan(look: Look, cells: pd.DataFrame) -> str | None:
    code = named(cells, "YDDM", "GHYDDM", "YDYHFLDM", "YDXZDM", "规划用地代码", "用地代码")
    dense = named(cells, "RJL", "容积率", "JZMD", "建筑密度", "LDL", "绿地率")
    if code and dense:
        return f"{described(look, code, dense)}: plots of a detailed plan"
    return None


def _units(look: Look, cells: pd.DataFrame) -> str | None:
    unit = named(cells, "DYBH", "DYMC", "单元编号", "单元名称")
    if unit and not named(cells, "FWBH", "XZQMC"):
        return f"{described(look, unit)}: units of a plan"
    return None


def _rights(look: Look, cells: pd.DataFrame) -> str | None:
    parcel = named(cells, "ZDDM", "宗地代码", "宗地号", "BDCDYH", "不动产单元号")
    holder = named(cells, "QLRMC", "权利人", "权利人名称", "QLR", "QLXZ", "权利性质")
    return f"{described(look, parcel, holder)}: rights to land" if parcel and holder else None


def _grids(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, GRID_COLUMNS)
    counted = [found[key] for key in ("people", "households") if key in found]
    counted = [column for column in counted if numbers_in(cells, column) > 0.8]
    gridded = share_of(cells, found.get("name"), ".*网格.*") >= 0.5
    if not counted:
        return None
    if gridded or re.search("网格|WG|grid", f"{look.part} {' '.join(look.columns)}"):
        return f"{described(look, *counted)}: people of grids"
    others = set(columns_of(cells, BUILDING_COLUMNS)) & {"use", "levels"}
    if "people" in found and not others and not share_of(cells, found.get("name"), _COMMUNITY):
        return f"{described(look, *counted)}: people of small areas"
    return None


def _points_of_people(look: Look, cells: pd.DataFrame) -> str | None:
    people = columns_of(cells, GRID_COLUMNS).get("people")
    if is_placed(cells) and numbers_in(cells, people) >= 0.9 and len(look) >= 10:
        return f"{described(look, people)}: people at points"
    return None


def _estates(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, ESTATE_COLUMNS)
    closed = found.get("closed")
    said = share_of(cells, closed, "是|否|yes|no|.*封闭.*|.*开放.*|gated|open|true|false")
    if closed and said >= 0.8:
        return (
            f"{described(look, found.get('name'), closed)}: housing estates, and which are closed"
        )
    return None


def _buildings(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, BUILDING_COLUMNS)
    told = [found[key] for key in ("use", "levels", "flats", "people") if key in found]
    if len(told) >= 2 and ("levels" in found or "flats" in found) and len(look) >= 20:
        return f"{described(look, *told)}: buildings"
    return None


def _communities(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, COLUMN_NAMES)
    name = found.get("name")
    if len(look) > 1 and share_of(cells, name, _COMMUNITY) >= 0.7:
        return f"{described(look, found.get('id'), name)}: communities and villages"
    return None


def _parcels(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, PARCEL_COLUMNS)
    kinds = "|".join(pattern for _, pattern in KINDS_OF_LAND) + "|.*(?:拆后|储备|收储).*"
    if share_of(cells, found.get("kind"), kinds) >= 0.5:
        return f"{described(look, found.get('kind'), found.get('area'))}: leftover land"
    return None


def _boundary(look: Look, cells: pd.DataFrame) -> str | None:
    return f"{described(look)}: an outline of the area" if len(cells) == 1 else None


def _zones(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, COLUMN_NAMES)
    if len(look) >= 3 and "name" in found:
        return f"{described(look, found.get('id'), found['name'])}: named areas"
    return None


# -- lines and points --------------------------------------------------------------------------
def _planned_roads(look: Look, cells: pd.DataFrame) -> str | None:
    name = columns_of(cells, ROAD_COLUMNS).get("name")
    built = named(cells, "SFSX", "是否实施", "是否建成")
    if share_of(cells, built, "否|0|未.*") >= 0.5 or share_of(cells, name, ".*规划.*") >= 0.5:
        return f"{described(look, name, built)}: roads that are planned, not built"
    return None


def _roads(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, ROAD_COLUMNS)
    classes = "|".join(pattern for _, pattern in ROAD_CLASSES)
    if share_of(cells, found.get("class"), classes) >= 0.5:
        return f"{described(look, found.get('name'), found['class'])}: centrelines of roads"
    return None


def _addresses(look: Look, cells: pd.DataFrame) -> str | None:
    if not look.shape and not is_placed(cells):
        return None
    whole = named(cells, "DZQC", "地址全称", "标准地址", "详细地址", "地址")
    number = named(cells, "MPH", "门牌号", "门牌号码")
    if share_of(cells, whole, r".*\d+号.*") >= 0.5 or share_of(cells, number, r"\d+号?.*") >= 0.8:
        return f"{described(look, whole, number)}: addresses with places"
    return None


def _gates(look: Look, cells: pd.DataFrame) -> str | None:
    name = named(cells, "名称", "出入口名称", "大门名称", "name", "MC")
    kind = columns_of(cells, GATE_COLUMNS).get("kind")
    placed = look.shape == "point" or is_placed(cells)
    kinds = "车行|人行|消防|人车.*|.*出入口|.*门|gate|entrance"
    gates = share_of(cells, name, ".*(?:门|出入口)(?:[(（].*)?") >= 0.6
    if placed and (gates or share_of(cells, kind, kinds) >= 0.6):
        return f"{described(look, name, kind)}: gates of estates"
    return None


def _facilities(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, FACILITY_COLUMNS)
    code = found.get("code")
    if share_of(cells, code, r"\d{6}(?:\|\d{6})*") >= 0.8:
        return f"{described(look, code)}: points of interest of a map service"
    name = found.get("name") or named(cells, "name")
    if name is None:
        return None
    names = cells[name].dropna().astype(str)
    known = float(names.map(lambda text: bool(classify_name(text))).mean()) if len(names) else 0.0
    if known >= 0.4:
        return f"{described(look, name)}, {known:.0%} of them services by their names"
    return None


# -- tables ------------------------------------------------------------------------------------
def _crosswalk(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, CROSSWALK_COLUMNS)
    old, new = found.get("old") or found.get("old_id"), found.get("new") or found.get("new_id")
    return f"{described(look, old, new)}: what became of communities" if old and new else None


def _people(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, PEOPLE_COLUMNS)
    name, people = found.get("name"), found.get("people")
    if share_of(cells, name, _COMMUNITY) >= 0.5 and numbers_in(cells, people) >= 0.5:
        return f"{described(look, name, people)}: people by community"
    return None


def _sums_of_people(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, PEOPLE_COLUMNS)
    if "people" in found and "subdistrict" in found and "name" not in found:
        return f"{described(look, found['subdistrict'], found['people'])}: people by subdistrict"
    return None


def _questions(look: Look, cells: pd.DataFrame) -> str | None:
    asked = named(cells, "问卷编号", "满意度", "年龄段", "最需要的设施", "受访者")
    asked = asked or next((one for one in look.columns if re.search("最需要|满意度", one)), None)
    return f"{described(look, asked)}: answers of residents" if asked and len(look) > 20 else None


def _opinions(look: Look, cells: pd.DataFrame) -> str | None:
    said = named(cells, "意见", "意见内容", "反馈意见", "修改意见", "意见建议")
    return f"{described(look, said)}: comments of bodies" if said else None


def _projects(look: Look, cells: pd.DataFrame) -> str | None:
    name = named(cells, "项目", "项目名称", "project")
    state = named(cells, "状态", "项目状态", "进展", "实施状态", "status")
    money = named(cells, "投资", "总投资", "投资额", "年度", "实施年度", "责任主体")
    if name and state and money:
        return f"{described(look, name, state, money)}: projects of the last round"
    return None


def _ledger(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, LEDGER_COLUMNS)
    place, area = found.get("address"), found.get("area")
    kinds = "|".join(pattern for _, pattern in KINDS_OF_LAND[len(KINDS_OF_LAND) - 6 :])
    land = re.search(f"土地|用地|地块|{kinds.replace('.*', '')}|拆后", look.words)
    built = columns_of(cells, ROOM_COLUMNS).keys() & {"storeys", "structure"}
    if place and area and land and not built:
        return f"{described(look, place, area)}: a ledger of leftover land"
    return None


def _rooms(look: Look, cells: pd.DataFrame) -> str | None:
    found = columns_of(cells, ROOM_COLUMNS)
    place, floor, since = found.get("address"), found.get("floor"), found.get("idle_since")
    used = found.get("use") or since
    idle = ".*(?:空置|闲置|出租|待租|未使用|空房).*"
    if place and floor and used and share_of(cells, used, idle) + bool(since) > 0.3:
        return f"{described(look, place, used, floor)}: rooms that could be used"
    return None


def _handover(look: Look, cells: pd.DataFrame) -> str | None:
    said, use = _let_rooms(look, cells), named(cells, *USED_AS)
    if said is None or use is None:
        return None
    uses = cells[use].dropna().astype(str)
    known = float(uses.map(lambda text: bool(classify_name(text))).mean()) if len(uses) else 0.0
    return f"{said}, {known:.0%} of them now services" if known >= 0.3 else None


def _let_rooms(look: Look, cells: pd.DataFrame) -> str | None:
    estate, day = named(cells, *ESTATE_OF), named(cells, "移交日期", "移交时间")
    if estate and day:
        return f"{described(look, estate, day)}: rooms handed over with estates"
    return None


ESTATE_OF = ("小区", "小区名称", "项目")
USED_AS = ("现状用途", "使用现状", "现用途", "用途")
"""Columns of a list of rooms handed over: which estate's they are, and what they are used as."""

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
        ("let_rooms", _let_rooms),
        ("ledger", _ledger),
        ("stock_rooms", _rooms),
        ("facilities", _facilities),
        ("addresses", _addresses),
    ),
}
"""What each shape of file may be, the surest first."""
