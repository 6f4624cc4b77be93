"""Horizons are drafted where files offer something that is not there yet, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lifecircle.sources.vectors.looks import Look
from lifecircle.study.drafting.folder import Found
from lifecircle.study.drafting.horizons import to_come


def found(kind, **columns):
    path = Path(f"{kind}.xlsx")
    look = Look(path=path, cells=pd.DataFrame(columns, dtype=object))
    return Found(path=path, kind=kind, why="seen", look=look)


def drafted(*files):
    used = {}
    for one in files:
        used.setdefault(one.kind, []).append(one)
    return "\n".join(to_come(used, lambda path: f'"{path}"'))


def test_what_is_all_there_drafts_nothing():
    notes = found("facilities", 名称=["甲站", "乙站"], 备注=[None, "已注销"])
    roads = found("planned_roads", DLMC=["规划路"], SFSX=["是"])
    assert drafted() == ""
    assert drafted(notes, roads) == ""


def test_what_is_being_built_makes_a_near_horizon_with_the_latest_year():
    text = drafted(
        found(
            "facilities", 名称=["甲", "乙"], 备注=["在建，预计2027年投用", "在建，预计2026年建成"]
        )
    )
    assert 'name = "near"' in text
    assert "year = 2027" in text
    assert 'facilities = ["existing", "building"]' in text
    assert 'name = "end"' not in text


def test_a_plan_makes_an_end_with_its_roads_people_and_promises():
    text = drafted(
        found("plan", DKBH=["k1"], PTSS=["托育"]),
        found("planned_roads", DLMC=["规划桥梁", "文昌路"], SFSX=["否", "是"]),
        found("units", DYBH=["u1"], GHRK2035=["30000"]),
    )
    assert 'name = "near"' not in text
    assert "year = 2035" in text
    assert "has 1 roads" in text
    assert 'roads = ["existing", "planned"]' in text
    assert 'people = "plan"' in text
    assert '"promised"' in text


def test_a_ledger_is_named_where_there_are_estates():
    ledger = found("let_rooms", 小区=["甲苑"], 移交日期=["2020"])
    assert drafted(ledger) == ""
    text = drafted(ledger, found("estates", XQMC=["甲苑"]))
    assert "[provision]" in text
    assert 'handover = "let_rooms.xlsx"' in text
