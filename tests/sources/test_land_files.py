"""Ledgers, outlines, land survey, plan, rights, rooms and exclusions as offices keep them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle import geo
from lifecircle.errors import InputError
from lifecircle.sources.land.detailed_plan import read_detailed_plan
from lifecircle.sources.land.exclusions import read_exclusions
from lifecircle.sources.land.ledgers import read_land_ledgers
from lifecircle.sources.land.listing import outlines_of_survey, read_listing
from lifecircle.sources.land.rights import read_rights
from lifecircle.sources.land.stock_rooms import floor_areas, read_stock_rooms, storeys_of
from lifecircle.sources.land.survey import read_land_survey
from lifecircle.sources.land.terms import term_years
from lifecircle.sources.land.words import (
    code_system_of,
    hazards_of,
    kind_of_code,
    owner_words,
)
from lifecircle.sources.people.communities import read_communities
from lifecircle.tables import LAND_COVER, PARCELS, check
from tests.sources.planner_files import (
    LANPU,
    SOUTH,
    WEST,
    heard,
    is_balanced,
    points,
    saved,
    squares,
)
from tests.sources.sheet_making import book

HEAD = ["编号", "坐落", "面积(亩)", "权属", "可用年限", "备注"]
LANPU_ONLY = pytest.mark.skipif(not LANPU.exists(), reason="the sample district is not here")


def ledger(folder, *sheets, name="存量土地.xlsx"):
    return book(folder, *[(title, [HEAD, *rows]) for title, rows in sheets], name=name)


# -- words and codes ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "survey", "plan"),
    [("0702", "residential", "service"), ("1207", "bare", "road"), ("1201", "vacant", "railway")],
)
def test_codes_that_clash_mean_what_their_system_says(code, survey, plan):
    assert (kind_of_code(code, "3diao"), kind_of_code(code, "2023")) == (survey, plan)


def test_a_code_system_is_told_by_columns_then_by_codes_and_never_guessed():
    assert code_system_of(["DLBM"], ["0702"], declared=None, where="a") == "3diao"
    assert code_system_of(["YDDM"], ["0702"], declared=None, where="a") == "2023"
    assert code_system_of(["code"], ["08H1", "0702"], declared=None, where="a") == "3diao"
    assert code_system_of(["code"], ["070102"], declared=None, where="a") == "2023"
    assert code_system_of(["code"], ["0702", "1207"], declared=None, where="a") is None
    with pytest.raises(InputError, match="look like those of 3diao, and the study file says 2023"):
        code_system_of(["code"], ["05H1"], declared="2023", where="a")


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("沈**等48户", "个人（48户）"),
        ("王小明", "个人"),
        ("李四等3户", "个人（3户）"),
        ("某区土地储备中心", "个人"),
        ("江城区土地储备中心", "江城区土地储备中心"),
        ("业主共有", "业主共有"),
        (None, None),
    ],
)
def test_no_name_of_a_person_is_kept(text, owner):
    assert owner_words(text) == owner


@pytest.mark.parametrize(
    ("text", "hazards"),
    [
        ("原印染企业，土壤污染状况调查未完成", ("contaminated",)),
        ("原电镀厂", ("soil_check",)),
        ("原化工厂，土壤调查已完成，符合要求", ()),
        ("存在权属纠纷", ("hazard",)),
        ("3年(临时)", ("temporary",)),
        ("虚构数据", ()),
    ],
)
def test_notes_tell_hazards(text, hazards):
    assert hazards_of(text) == hazards


@pytest.mark.parametrize(
    ("text", "years"),
    [
        *((None, None), ("", None), ("长期", None), ("2025-2030年", None), ("第二年起", None)),
        *(("二〇二七年底", None), ("百年", None), ("2027年6月30日前", None)),
        *(("5", 5), ("２年", 2), ("十五年", 15), ("二十年", 20), ("半年", 0.5), ("一年半", 1.5)),
        *(("1年6个月", 1.5), ("十八个月", 1.5), ("3-5年", 3), ("三至五年", 3), ("5 years", 5)),
    ],
)
def test_a_term_is_read_as_it_is_written(text, years):
    assert term_years(text) == years


@pytest.mark.parametrize(("column", "area"), [("面积", 10_000), ("面积(㎡)", 15)])
def test_a_bare_area_is_in_the_unit_the_title_says(tmp_path, column, area):
    rows = [
        ["批而未供台账  单位：亩", None, None],
        ["编号", "坐落", column],
        ["P1", "甲路北侧", 15],
    ]
    table, _ = read_land_ledgers(book(tmp_path, rows))
    assert table["area_m2"].tolist() == pytest.approx([area])


# -- ledgers -----------------------------------------------------------------------------------
def test_a_workbook_without_areas_or_places_is_no_ledger(tmp_path):
    with pytest.raises(InputError, match="no sheet has a column of areas and one of places"):
        read_land_ledgers(book(tmp_path, [["编号", "数量"], ["1", 2]]))


def test_every_sheet_is_a_list_and_says_its_kind_and_unit(tmp_path):
    path = ledger(
        tmp_path,
        ("批而未供", [["PW-01", "东街社区甲路北侧", 3, "土地储备中心", "5年", None]]),
        ("低效用地", [["DX-1", "西街社区乙路", "约1.5", "江城机械有限公司", None, None]]),
        ("拆后空地", [["CK-1", "位置待核实", None, "钱**等9户", None, "台账遗留"]]),
    )
    with heard() as said:
        rows, source = read_land_ledgers(path)
    assert rows["list"].tolist() == ["批而未供", "低效用地", "拆后空地"]
    assert rows["kind"].tolist() == ["vacant", "underused", "vacant"]
    assert rows["area_m2"].iloc[:2].tolist() == pytest.approx([2000, 1000])
    assert rows["reason"].iloc[2] == "no_place"
    assert rows["owner"].iloc[2] == "个人（9户）"
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (3, 2, 1)
    assert any("have no known place" in one for one in said)


def test_rows_join_outlines_by_id_in_any_spelling_then_by_place(tmp_path):
    table = ledger(
        tmp_path,
        (
            "批而未供",
            [
                ["PW-01", "东街社区甲路北侧", 3.75, "土地储备中心", "5年", None],
                ["PW-02", "东街社区乙路南侧", 30, None, None, None],
                ["PW-03", "无图社区", 2, None, None, None],
            ],
        ),
    )
    drawn = saved(
        tmp_path,
        {"BH": ["PW01", "X9"], "ZL": ["甲路", "东街社区乙路南侧"], "LX": ["批而未供"] * 2},
        squares(2),
    )
    with heard() as said:
        listing = read_listing([table, drawn])
    parcels = listing.parcels.set_index("parcel_id")
    assert parcels.loc["PW01", ["owner", "available", "list"]].tolist() == [
        "土地储备中心",
        "5年",
        "批而未供",
    ]
    assert parcels.loc["X9", "checks"] == "area_differs"
    assert pd_missing(parcels.loc["PW01", "checks"])
    assert listing.unplaced[["row_id", "reason"]].values.tolist() == [["PW-03", "no_outline"]]
    counts = {one.name: (one.rows_used, one.rows_doubtful) for one in listing.sources}
    assert counts == {"list.gpkg": (2, 0), "存量土地.xlsx": (2, 1)}
    assert all(map(is_balanced, listing.sources))
    assert any("X9" in one or "PW-02: 20,000 m² listed, 2,500 m² drawn" in one for one in said)


def pd_missing(value):
    return value is None or value != value


def cover(sizes, names):
    shapes = [
        shapely.box(WEST + 200 * at, SOUTH, WEST + 200 * at + size, SOUTH + 20)
        for at, size in enumerate(sizes)
    ]
    table = gpd.GeoDataFrame(
        {"cover_id": names, "kind": "vacant", "code": "1201", "code_system": "3diao"},
        geometry=shapes,
        crs="EPSG:4528",
    )
    return check(geo.to_crs(table, geo.WGS84, where="t"), LAND_COVER, where="t")


def community():
    table = gpd.GeoDataFrame(
        {"community_id": ["1"], "name": ["东街社区居民委员会"]},
        geometry=[shapely.box(WEST - 500, SOUTH - 500, WEST + 5000, SOUTH + 500)],
        crs="EPSG:4528",
    )
    return geo.to_crs(table, geo.WGS84, where="t")


def test_a_row_without_outline_takes_the_one_vacant_plot_of_its_size(tmp_path):
    rows = [
        ["A", "东街社区甲路北侧", 3, None, None, None],  # 2,000 m²: plot 0
        ["B", "东街社区乙路北侧", 1.5, None, None, None],  # 1,000 m²: plots 1 and 2
        ["C", "西街社区甲路北侧", 4.5, None, None, None],  # another community
    ]
    with heard():
        listing = read_listing([ledger(tmp_path, ("批而未供", rows))])
    found = outlines_of_survey(listing, cover([100, 50, 50.1], ["a", "b", "c"]), community())
    assert found.parcels["parcel_id"].tolist() == ["A"]
    assert found.parcels["checks"].tolist() == ["outline_matched"]
    assert found.unplaced["row_id"].tolist() == ["B", "C"]
    assert len(listing.parcels) == 0
    assert (found.sources[0].rows_used, found.sources[0].rows_doubtful) == (1, 2)


# -- land survey and plan ----------------------------------------------------------------------
def test_a_land_survey_needs_codes_that_can_be_told(tmp_path):
    with pytest.raises(InputError, match="no column of land-use codes"):
        read_land_survey(saved(tmp_path, {"x": ["1"]}, squares(1)))
    path = saved(tmp_path, {"code": ["0702"]}, squares(1))
    with pytest.raises(InputError, match="cannot be told which land-use codes"):
        read_land_survey(path)
    assert read_land_survey(path, code_system="3diao")[0]["kind"].tolist() == ["residential"]


def test_a_land_survey_keeps_codes_with_their_system(tmp_path):
    columns = {
        "BSM": ["1", "2", "3", "4"],
        "DLBM": ["1201", "0101", None, "1004"],
        "QSXZ": ["20", "30", "20", "20"],
    }
    with heard() as said:
        table, source = read_land_survey(saved(tmp_path, columns, squares(4)))
    assert table["kind"].tolist() == ["vacant", "farmland", "road"]
    assert set(table["code_system"]) == {"3diao"}
    assert table["rights"].tolist() == ["state", "collective", "state"]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (4, 3, 1)
    assert any("have no land-use code" in one for one in said)


def test_a_plan_is_told_apart_by_its_layers(tmp_path):
    path = tmp_path / "plan.gpkg"
    layers = {
        "GHDY": ({"DYBH": ["U1"], "GHRK2035": ["3.5万"]}, squares(1)),
        "GHDK": (
            {"DKBH": ["a", "b"], "YDDM": ["0702", "1401"], "PTSS": ["托育、物业用房", None]}
            | {"SFSX": ["否", "是"]},
            squares(2),
        ),
        "GHDL": ({"DLMC": ["规划桥梁"]}, [shapely.LineString([(WEST, SOUTH), (WEST, SOUTH + 9)])]),
        "ZB": ({"x": [1]}, points(1)),
    }
    for name, (columns, shapes) in layers.items():
        gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4528").to_file(path, layer=name)
    with heard() as said:
        plan = read_detailed_plan(path)
    assert plan.units["people_planned"].tolist() == [35_000]
    assert plan.plots[["code", "built"]].values.tolist() == [["0702", False], ["1401", True]]
    assert set(plan.plots["code_system"]) == {"2023"}
    assert plan.roads["name"].tolist() == ["规划桥梁"]
    assert plan.source.rows_in == 4
    assert is_balanced(plan.source)
    assert any("ZB are no units, plots or roads" in one for one in said)


def test_a_file_that_is_no_plan_is_refused(tmp_path):
    with pytest.raises(InputError, match="no layer looks like units, plots or roads"):
        read_detailed_plan(saved(tmp_path, {"x": [1]}, squares(1)))


# -- rights ------------------------------------------------------------------------------------
def test_rights_without_owners_are_refused(tmp_path):
    with pytest.raises(InputError, match="no column of owners"):
        read_rights(saved(tmp_path, {"x": [1]}, squares(1)))


def test_rights_without_a_system_are_placed_by_shapes_they_share(tmp_path):
    rng = np.random.default_rng(3)
    corners, sides = rng.uniform(0, 3000, (30, 2)), rng.uniform(10, 90, (30, 2))
    boxes = shapely.box(*corners.T, *(corners + sides).T)
    known = gpd.GeoDataFrame(
        geometry=shapely.transform(boxes, lambda xy: xy + np.array((WEST, SOUTH))), crs="EPSG:4528"
    )
    path = saved(
        tmp_path,
        {"ZDDM": [str(at) for at in range(30)], "QLRMC": "张三", "QLXZ": "集体"},
        boxes,
        name="rights.shp",
        crs=None,
    )
    with heard() as said:
        table, source = read_rights(path, alike=[known])
    assert set(table["owner"]) == {"个人"}
    assert set(table["rights"]) == {"collective"}
    assert any("placed by its shapes" in one for one in said)
    moved = table.sort_values("right_id", key=lambda ids: ids.astype(int)).to_crs("EPSG:4528")
    off = shapely.distance(shapely.centroid(moved.geometry.values), known.centroid.values)
    assert off.max() < 0.05
    assert is_balanced(source)


# -- rooms -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "floors"),
    [
        *(("1F", (1,)), ("3/4", (3,)), ("2层", (2,)), ("1、2层", (1, 2)), ("1-3层", (1, 2, 3))),
        *(("首层", (1,)), ("-1F", (-1,)), ("不详", ()), (None, ())),
    ],
)
def test_storeys_are_read(text, floors):
    assert storeys_of(text) == floors


def test_areas_by_storey_add_up_and_tell_the_ground_floor():
    assert floor_areas("一层166，二层111") == (277, 166)
    assert floor_areas("２层300㎡；３层200㎡")[0] == 500
    assert floor_areas("470㎡")[0] == 470
    assert np.isnan(floor_areas("面议")[0])


def test_rooms_without_an_address_or_area_are_kept_apart(tmp_path):
    head = ["名称", "坐落", "产权单位", "建筑面积", "楼层", "现状用途", "可租期"]
    path = book(
        tmp_path,
        [
            head,
            ["甲", "东街1号", "国资公司", "约745", "1F", "空置", "5年"],
            ["乙", "东街2号", "村经济合作社", 300, "2/3", "临时出租", "2年(临时)"],
            ["丙", None, None, 100, None, "闲置", "3年"],
            ["丁", "东街4号", None, "面议", "1、2层", "闲置", None],
        ],
    )
    with heard() as said:
        rooms, source = read_stock_rooms(path)
    assert rooms["floor_m2"].tolist()[:3] == [745, 300, 100]
    assert rooms["ground_m2"].tolist()[:2] == [745, 0]
    assert rooms["checks"].tolist()[:2] == [None, "temporary; rented"]
    assert "short_term" in rooms["checks"].tolist()[2]
    assert rooms["rights"].tolist()[1] == "collective"
    assert rooms["reason"].tolist() == [None, None, "no_place", "no_area"]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (4, 2, 2)
    assert any("no address or no floor area" in one for one in said)


def test_an_open_ground_floor_asks_for_the_consent_of_its_owners(tmp_path):
    rows = [["甲", "东街1号", 120, "架空层"], ["乙", "东街2号", 90, "1F"]]
    rooms, _ = read_stock_rooms(book(tmp_path, [["名称", "坐落", "建筑面积", "楼层"], *rows]))
    assert rooms["checks"].tolist() == ["storey; stilted; owners_consent", None]


def test_rooms_need_a_column_of_addresses(tmp_path):
    with pytest.raises(InputError, match="no column of address"):
        read_stock_rooms(book(tmp_path, [["名称", "建筑面积"], ["甲", 3]]))


# -- exclusions --------------------------------------------------------------------------------
def test_every_layer_of_polygons_excludes_with_its_own_reason(tmp_path):
    path = tmp_path / "红线.gpkg"
    layers = {
        "STBHHX": ({"HXMC": ["北山红线"]}, squares(1)),
        "YJJBNT": ({"TBBH": ["1"]}, squares(1)),
        "WBBH": ({"MC": ["塔", "塔"], "LX": ["保护范围", "建设控制地带"]}, squares(2)),
        "LX_HD": ({"MC": ["蓝线"]}, squares(1)),
        "QT": ({"MC": ["其他"]}, squares(1)),
        "DIAN": ({"MC": ["点"]}, points(1)),
    }
    for name, (columns, shapes) in layers.items():
        gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4528").to_file(path, layer=name)
    with heard() as said:
        table, source = read_exclusions(path)
    assert table["reason"].tolist() == [
        "ecological_red_line",
        "permanent_farmland",
        "heritage_protection",
        "heritage_control",
        "river_line",
        "excluded",
    ]
    assert source.rows_used == 6
    assert any("DIAN hold no polygons" in one for one in said)


def test_lines_exclude_nothing_and_are_refused(tmp_path):
    line = shapely.LineString([(WEST, SOUTH), (WEST + 9, SOUTH)])
    with pytest.raises(InputError, match="no layer holds polygons"):
        read_exclusions(saved(tmp_path, {"x": [1]}, [line]))


# -- the sample district -----------------------------------------------------------------------
@LANPU_ONLY
def test_the_lists_of_the_sample_district_lose_no_row():
    with heard():
        listing = read_listing([LANPU / "11_存量土地.xlsx", LANPU / "11_低效用地.shp"])
        land, _ = read_land_survey(LANPU / "08_国土变更调查.gdb")
        outlines, _ = read_communities(LANPU / "01_社区界线.shp")
        found = outlines_of_survey(
            listing, land, geo.to_crs(outlines, geo.WGS84, where="communities")
        )
    assert (len(listing.parcels), len(listing.unplaced)) == (27, 12)
    assert (len(found.parcels), len(found.unplaced)) == (32, 7)
    assert all(map(is_balanced, found.sources))
    check(found.parcels, PARCELS, where="lanpu")


@LANPU_ONLY
def test_the_rooms_and_rights_of_the_sample_district_are_read():
    with heard():
        rooms, source = read_stock_rooms(LANPU / "12_存量用房.xlsx")
        plan = read_detailed_plan(LANPU / "09_详细规划.gdb")
        rights, _ = read_rights(LANPU / "10_宗地.shp", alike=[plan.plots])
    assert (source.rows_in, source.rows_used) == (46, 46)
    assert rooms["ground_floor"].notna().all()
    assert rights["rights"].value_counts().to_dict() == {"state": 592, "collective": 24}
    assert not rights["owner"].str.contains(r"\*").any()
    assert plan.units["people_planned"].sum() == 203_200
