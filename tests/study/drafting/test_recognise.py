"""What a layer or sheet is, by what stands in it: names of files never decide alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from lifecircle.sources.vectors.looks import Look
from lifecircle.study.drafting.recognise import recognise


def look(shape="", *, name="a.xlsx", part="", titles=(), rows=None, **columns):
    cells = pd.DataFrame(columns if rows is None else rows, dtype=object)
    return Look(path=Path(name), part=part, shape=shape, cells=cells, titles=titles)


def kind(shape="", **options):
    return recognise(look(shape, **options)).kind


def test_what_cannot_be_read_says_why():
    seen = recognise(Look(path=Path("a.xls"), cells=pd.DataFrame(), trouble="is locked"))
    assert (seen.kind, seen.why) == ("", "is locked")


def test_what_nobody_knows_is_nothing_and_lists_its_columns():
    seen = recognise(look("polygon", 甲=["1", "2"], 乙=["x", "y"]))
    assert seen.kind == ""
    assert "2 outlines with 甲, 乙" in seen.why
    assert recognise(look()).kind == ""
    assert recognise(look("point", name="gates.shp", 甲=["1"])).kind == ""


@pytest.mark.parametrize(
    ("expected", "columns"),
    [
        ("communities", {"XZQDM": ["1", "2"], "XZQMC": ["东门社区居委会", "塘湾村"]}),
        ("grids", {"WGDM": ["1", "2"], "WGMC": ["一网格", "二网格"], "RK": ["5", "6"]}),
        ("grids", {"id": ["1", "2"], "population": ["5", "6"]}),
        ("estates", {"XQMC": ["甲苑", "乙苑"], "SFFB": ["是", "否"], "HS": ["5", "6"]}),
        ("buildings", {"FWBH": ["1"] * 20, "FWYT": ["居住"] * 20, "DSCS": ["6"] * 20}),
        ("survey_land", {"DLBM": ["0101", "1201"], "DLMC": ["水田", "空闲地"]}),
        ("exclude", {"HXBH": ["1"], "HXMC": ["北山生态保护红线"]}),
        ("plan", {"DKBH": ["1"], "YDDM": ["0701"], "RJL": ["1.2"]}),
        ("rights", {"ZDDM": ["1"], "QLRMC": ["某公司"]}),
        ("parcels", {"BH": ["1", "2"], "LX": ["批而未供", "拆后空地"], "MJ": ["5", "6"]}),
        ("units", {"DYBH": ["1", "2"], "GHRK2035": ["5", "6"]}),
        ("boundary", {"NAMEUNIT": ["Town"]}),
        ("zones", {"name": ["A", "B", "C"]}),
    ],
)
def test_outlines(expected, columns):
    assert kind("polygon", rows=columns, name="x.shp") == expected


def test_protected_land_whose_rows_are_mute_is_known_by_its_layer():
    columns = {"TBBH": ["1", "2"], "DLBM": ["0101", "0102"]}
    assert kind("polygon", rows=columns, name="a.gdb", part="YJJBNT") == "exclude"
    assert kind("polygon", rows=columns, name="a.gdb", part="TB") == ""


@pytest.mark.parametrize(
    ("expected", "columns"),
    [
        ("roads", {"DLMC": ["甲路", "乙路"], "DLDJ": ["主干路", "支路"]}),
        (
            "planned_roads",
            {"DLMC": ["甲路", "乙路"], "DLDJ": ["主干路", "支路"], "SFSX": ["否"] * 2},
        ),
        ("", {"name": ["a", "b"], "kind": ["fence", "wall"]}),
    ],
)
def test_lines(expected, columns):
    assert kind("line", rows=columns, name="x.shp") == expected


@pytest.mark.parametrize(
    ("expected", "columns"),
    [
        (
            "people",
            {"社区": ["东门社区", "塘湾村"], "常住人口": ["5", None], "户籍人口": ["4", "3"]},
        ),
        ("subdistricts", {"街道": ["东街", "西街"], "常住人口": ["5", "6"]}),
        ("crosswalk", {"原社区": ["甲社区"], "现社区": ["乙社区"]}),
        ("gates", {"名称": ["甲苑北门", "乙苑东门"], "X": ["1", "2"], "Y": ["1", "2"]}),
        ("survey", {"问卷编号": [str(n) for n in range(30)]}),
        ("opinions", {"单位": ["教育局"], "意见": ["原则同意"]}),
        ("projects", {"项目": ["甲工程"], "状态": ["在建"], "投资": ["5"]}),
        ("let_rooms", {"小区": ["甲苑"], "移交日期": ["2020"], "现状用途": ["出租"]}),
        ("handover", {"小区": ["甲苑"], "移交日期": ["2020"], "现状用途": ["甲社区卫生服务站"]}),
        ("stock_rooms", {"坐落": ["甲路1号"], "建筑面积": ["5"], "现状用途": ["空置"]}),
        ("facilities", {"机构名称": ["甲社区卫生服务站", "乙卫生院"], "地址": ["甲路1号", None]}),
        ("facilities", {"养老机构名称": ["甲敬老院"], "详细地址": ["甲路1号"]}),
        ("stock_rooms", {"房屋坐落": ["甲路1号"], "建筑面积": ["5"], "使用现状": ["空置"]}),
        ("people", {"社区": ["东门社区", "塘湾村"], "人口 常住人口": ["5", "6"]}),
        ("", {"名册": ["甲"], "详细地址": ["甲路1号"]}),
        ("facilities", {"name": ["甲", "乙"], "typecode": ["090300", "090102|090300"]}),
        (
            "grids",
            {"id": list("abcdefghij"), "lon": ["1"] * 10, "lat": ["2"] * 10, "pop": ["3"] * 10},
        ),
        ("", {"code": ["1"], "name": ["东门社区"]}),
    ],
)
def test_tables(expected, columns):
    assert kind(rows=columns) == expected


def test_a_ledger_is_land_by_the_lines_above_it():
    columns = {"编号": ["1"], "坐落": ["甲路北侧"], "面积(亩)": ["2.2"]}
    assert kind(rows=columns, titles=("某区批而未供土地台账",)) == "ledger"
    assert kind(rows=columns, titles=("某区苗圃",)) != "ledger"
