"""People by community: which rows count, which numbers they say, and whose they are."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.errors import InputError, SchemaError
from lifecircle.sources.people.communities import read_communities
from lifecircle.sources.people.joining import join_people
from lifecircle.sources.people.tables import code_of, read_people_table
from tests.sources.planner_files import LANPU, heard, is_balanced
from tests.sources.sheet_making import book, text

NAMES = ["瑞景社区居民委员会", "文澜社区", "塘湾村民委员会", "塘湾社区", "姚庄村"]
CODES = [f"33990100100{n}" for n in range(1, 6)]


def communities(names=NAMES, ids=CODES, streets=None, **columns):
    count = len(names)
    return gpd.GeoDataFrame(
        {"community_id": ids, "name": names, "subdistrict": streets or [None] * count, **columns},
        geometry=[shapely.box(n, 0, n + 1, 1) for n in range(count)],
        crs="EPSG:4326",
    )


def joined(folder, lines, *, areas=None, **options):
    people = read_people_table(text(folder, lines), **options)
    table, source = join_people(communities() if areas is None else areas, people)
    assert is_balanced(source)
    return table, source


def people_of(table):
    return [None if np.isnan(value) else value for value in table["people"]]


# -- bad input ---------------------------------------------------------------------------------
def test_a_table_without_people_or_communities_names_its_columns(tmp_path):
    with pytest.raises(InputError) as caught:
        read_people_table(text(tmp_path, ["片区,户籍人口", "东片,5"]))
    assert [one.what for one in caught.value.problems] == [
        "no column of people was found",
        "no column of communities was found",
    ]
    assert "columns found: 片区, 户籍人口" in str(caught.value)
    with pytest.raises(SchemaError, match="'常住', given for people, is missing"):
        read_people_table(text(tmp_path, ["社区,人口", "A,5"]), columns={"people": "常住"})


def test_a_table_without_a_number_is_refused(tmp_path):
    with heard(), pytest.raises(InputError, match="none of its 2 rows has a community and"):
        read_people_table(text(tmp_path, ["社区,人口", "文澜社区,待报", "姚庄村,"]))


def test_tens_of_thousands_nobody_named_are_refused(tmp_path):
    with pytest.raises(
        InputError, match=r"fractions \(0.6892, 0.25 …\) and look like 万人"
    ) as caught:
        read_people_table(text(tmp_path, ["社区,人口", "文澜社区,0.6892", "姚庄村,0.25"]))
    assert "'人口(万人)' as the heading" in str(caught.value)
    assert (
        len(read_people_table(text(tmp_path, ["社区,人口", "文澜社区,689.5", "姚庄村,2"])).table)
        == 2
    )


def test_a_table_of_another_district_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none of its 1 rows \(远方社区\) is one of the comm"):
        joined(tmp_path, ["社区,人口", "远方社区,5"])


def test_two_rows_for_one_community_are_named(tmp_path):
    lines = ["代码,社区,人口", f"{CODES[1]},文澜社区,5", f"{CODES[1]},文澜社区二,6"]
    with pytest.raises(InputError, match="counts 文澜社区 in several rows") as caught:
        joined(tmp_path, lines)
    assert "row 2, 3" in str(caught.value)


# -- numbers -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["社区,人口", "文澜社区,１２００"], 1200),
        (["社区,人口", '文澜社区,"1,200"'], 1200),
        (["社区,人口", "文澜社区,约1200人"], 1200),
        (["社区,人口", "文澜社区,0.12万人"], 1200),
        (["社区,人口(万人)", "文澜社区,0.12"], 1200),
        (["单位：万人", "社区,人口", "文澜社区,0.12"], 1200),
        (["单位：人", "社区,人口", "文澜社区,1200"], 1200),
        (["社区,户籍人口,流动人口,常住人口", "文澜社区,1,2,1200"], 1200),
    ],
)
def test_ways_to_write_people(tmp_path, lines, expected):
    assert read_people_table(text(tmp_path, lines)).table["people"].tolist() == [expected]


def test_groups_are_read_and_impossible_ones_left_missing(tmp_path):
    lines = ["社区,常住人口,60岁及以上,0-3岁", "文澜社区,100,30,4", "姚庄村,50,60,1"]
    with heard() as said:
        table = read_people_table(text(tmp_path, lines)).table
    assert table["people_0_3"].tolist() == [4, 1]
    assert table["people_60plus"].isna().tolist() == [False, True]
    assert "count more in '60岁及以上' than people" in said[0]
    assert "people_65plus" not in table


def test_every_group_of_a_header_is_read_and_shared_sums_too(tmp_path):
    header = "社区,常住人口,60岁及以上,80周岁以上,3-6岁,残疾人数,60岁以上占比,户数"
    lines = [header, "文澜社区,100,30,5,4,2,30%,9", "姚庄村,,,,,,,8", "合计,150,45,9,5,3,30%,17"]
    with heard():
        people = read_people_table(text(tmp_path, lines))
    assert people.groups == ("people_60plus", "people_80plus", "people_3_6", "people_disabled")
    assert people.table[[*people.groups]].values.tolist() == [[30, 5, 4, 2], [15, 4, 1, 1]]


def test_groups_that_rows_share_keep_their_sum_however_they_are_divided(tmp_path):
    header = "代码,社区,常住人口,60岁以上,户数"
    lines = [header, f"{CODES[0]},瑞景社区,100,30,10", f"{CODES[1]},文澜社区,,,30"]
    lines += [f"{CODES[4]},姚庄村,,,10", ",合计,200,57,50"]
    with heard():
        people = read_people_table(text(tmp_path, lines))
        counted = np.array([90.0, 60.0, np.nan, np.nan, 60.0])
        table, _ = join_people(communities(), people, counted=counted)
    assert table["people"].dropna().tolist() == pytest.approx([100, 50, 50])
    assert table["people_60plus"].sum() == pytest.approx(57)


def test_a_group_larger_than_the_one_it_is_part_of_is_told_and_stands(tmp_path):
    lines = ["社区,常住人口,60岁以上,80岁以上", "文澜社区,100,30,40", "姚庄村,50,20,5"]
    with heard() as said:
        table = read_people_table(text(tmp_path, lines)).table
    assert table["people_80plus"].tolist() == [40, 5]
    assert len(said) == 1
    assert "1 of 2 rows count more in '80岁以上' than in '60岁以上', of which they are" in said[0]
    assert "(row 2)" in said[0]


@pytest.mark.parametrize(
    ("cell", "what"),
    [("-5", "a negative number"), ("约五十", "text"), ("30%", "text"), ("339901001001", "above")],
)
def test_groups_that_are_no_counts_are_told_with_their_row_and_missing(tmp_path, cell, what):
    lines = ["社区,常住人口,60岁以上", f"文澜社区,100,{cell}", "姚庄村,50,20"]
    with heard() as said:
        table = read_people_table(text(tmp_path, lines)).table
    assert table["people_60plus"].isna().tolist() == [True, False]
    assert what in said[0]
    assert "'60岁以上'" in said[0]
    assert "(row 2)" in said[0]


def test_a_group_the_planner_names_a_column_for(tmp_path):
    lines = ["社区,常住人口,护工", "文澜社区,100,3"]
    table = read_people_table(text(tmp_path, lines), columns={"people_carers": "护工"}).table
    assert table["people_carers"].tolist() == [3]
    with pytest.raises(SchemaError, match="'保姆', given for people_carers, is missing"):
        read_people_table(text(tmp_path, lines), columns={"people_carers": "保姆"})


def test_names_twice_are_told_apart_by_county_and_subdistrict(tmp_path):
    areas = communities(["城中社区", "城中社区"], ["1", "2"], ["城关镇", "城关镇"])
    areas["county"] = ["东县", "西县"]
    lines = ["街道,社区,人口", "东县城关镇,城中社区,30", "西县城关镇,城中社区,40"]
    table, _ = joined(tmp_path, lines, areas=areas)
    assert people_of(table) == [30, 40]


def test_rows_without_people_are_left_out_and_sums_never_count(tmp_path):
    path = book(
        tmp_path,
        [
            ["街道", "社区", "人口"],
            ["东街", "文澜社区", 100],
            [None, "姚庄村", None],
            [None, "小计", 100],
            ["合计", None, 100],
        ],
        merge=["A2:A4"],
    )
    with heard() as said:
        people = read_people_table(path)
    assert people.table["people"].tolist() == [100.0]
    assert people.table["subdistrict"].tolist() == ["东街"]
    assert (people.source.rows_in, people.source.rows_doubtful) == (2, 1)
    assert [one for one in said if "1 of 2 rows have no number of people" in one]
    assert len(said) == 1


def test_a_total_that_is_another_sum_is_told(tmp_path):
    lines = ["社区,人口", "文澜社区,100", "姚庄村,50", "合计,180"]
    with heard() as said:
        read_people_table(text(tmp_path, lines))
    assert "its rows make 150 people, its total says 180; the rows stand (row 4)" in said[0]


@pytest.mark.parametrize(
    ("text_", "code"),
    [
        ("339901001001", "339901001001"),
        ("339901001001.0", "339901001001"),
        ("３３９901", "339901"),
        ("3.39901001001E+11", "339901001001"),
        ("3.39901E+11", None),
        (" 0571 ", "0571"),
    ],
)
def test_codes_keep_their_digits_or_are_lost(text_, code):
    assert code_of(text_) == code


# -- joining -----------------------------------------------------------------------------------
def test_codes_go_before_names(tmp_path):
    lines = ["代码,社区,人口", f"{CODES[4]},文澜社区,5", ",瑞景社区,7"]
    with heard() as said:
        table, source = joined(tmp_path, lines)
    assert people_of(table) == [7, None, None, None, 5]
    assert (source.rows_used, source.rows_doubtful) == (2, 0)
    assert (
        "3 of 5 communities have no row with people (文澜社区, 塘湾村民委员会, 塘湾社区)" in said[0]
    )


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("瑞景社区", 0),
        ("瑞景社区居委会", 0),
        ("瑞景居委会", 0),
        ("瑞 景　社区", 0),
        ("瑞景", 0),
        ("文澜社区居民委员会", 1),
        ("塘湾村", 2),
        ("塘湾村委会", 2),
        ("塘湾村村民委员会", 2),
        ("塘湾社区", 3),
        ("姚庄村（撤并）", 4),
        ("姚庄", 4),
    ],
)
def test_one_community_under_its_many_names(tmp_path, name, position):
    with heard():
        table, _ = joined(tmp_path, ["社区,人口", f"{name},5"])
    assert [at for at, people in enumerate(people_of(table)) if people == 5] == [position]


def test_a_bare_name_that_could_be_two_is_neither(tmp_path):
    with heard() as said:
        table, source = joined(tmp_path, ["社区,人口", "塘湾,5", "姚庄村,6"])
    assert people_of(table) == [None, None, None, None, 6]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (2, 1, 1)
    assert "1 rows with 5 people are in no community (塘湾)" in said[0]


def test_a_name_that_is_there_twice_needs_its_subdistrict(tmp_path):
    areas = communities(["朝阳社区", "朝阳社区"], ["1", "2"], ["东街道", "某区西街道"])
    lines = ["街道,社区,人口", "西街道,朝阳社区,5"]
    with heard():
        assert people_of(joined(tmp_path, lines, areas=areas)[0]) == [None, 5]
    with pytest.raises(InputError, match="none of its 1 rows"):
        joined(tmp_path, ["社区,人口", "朝阳社区,5"], areas=areas)


def test_a_subdistrict_written_once_stands_for_the_rows_below(tmp_path):
    lines = [
        "街道,社区,常住人口",
        "东街,甲社区,1",
        ",乙社区,2",
        ",丙社区,3",
        "西街,甲社区,4",
        ",丁社区,5",
    ]
    lines += [",戊社区,6"]
    table = read_people_table(text(tmp_path, lines)).table
    assert table["subdistrict"].tolist() == [*["东街"] * 3, *["西街"] * 3]
    lines[2] = "东街,乙社区,2"
    lines[3] = "东街,丙社区,3"
    assert read_people_table(text(tmp_path, lines)).table["subdistrict"].isna().sum() == 2


def test_a_cut_code_is_told_and_the_name_does(tmp_path):
    with heard() as said:
        table, _ = joined(tmp_path, ["代码,社区,人口", "3.39901E+11,姚庄村,5"])
    assert people_of(table)[4] == 5
    assert "cut to a power of ten" in said[0]


def test_people_of_the_communities_own_file_are_replaced_and_told(tmp_path):
    areas = communities(people=[9.0] * 5)
    with heard() as said:
        table, _ = joined(tmp_path, ["社区,人口", "姚庄村,5"], areas=areas)
    assert people_of(table) == [None, None, None, None, 5]
    assert areas["people"].tolist() == [9.0] * 5
    assert "counts 45 people of its own, which are not used" in said[0]


def test_the_order_of_rows_and_areas_does_not_matter(tmp_path):
    lines = ["社区,人口,0-3岁", *[f"{name},{n},1" for n, name in enumerate(NAMES, start=3)]]
    table, _ = joined(tmp_path, lines)
    turned, _ = joined(tmp_path, [lines[0], *lines[:0:-1]], areas=communities().iloc[::-1])
    assert table.equals(turned.iloc[::-1])


# -- what is left out --------------------------------------------------------------------------
def test_a_community_without_residents_is_what_its_sum_leaves_never_its_registered(tmp_path):
    lines = [
        "街道,社区,户籍人口,常住人口,60岁以上",
        "东街,文澜社区,90,,",
        "东街,姚庄村,40,50,6",
        "东街,小计,130,170,26",
    ]
    with heard() as said:
        people = read_people_table(text(tmp_path, lines))
    assert people.table["people"].tolist() == [120, 50]
    assert people.table["people_60plus"].tolist() == [20, 6]
    assert people.table["registered"].tolist() == [90, 40]
    assert is_balanced(people.source)
    assert "a sum that leaves exactly one: it is taken (文澜社区 120) (row 2)" in said[0]


def test_without_sums_residents_are_estimated_from_households_and_told(tmp_path):
    lines = ["社区,户籍人口,常住人口,户数", "文澜社区,90,,40", "姚庄村,40,60,20", "甲村,40,30,10"]
    with heard() as said:
        people = read_people_table(text(tmp_path, lines))
    assert people.table["people"].tolist() == [120, 60, 30]
    assert "estimated, households x 3.00" in said[0]


def test_another_count_decides_between_rows_that_share_a_sum(tmp_path):
    lines = [
        "社区,常住人口,户数",
        "文澜社区,,30",
        "姚庄村,,10",
        "塘湾村,20,10",
        "小计,100,50",
    ]
    counted = np.array([np.nan, 48, np.nan, np.nan, 16])
    with heard() as said:
        people = read_people_table(text(tmp_path, lines))
        table, _ = join_people(communities(), people, counted=counted)
    assert people.table["people"].tolist() == [60, 20, 20]
    assert people_of(table) == [None, 60, 20, None, 20]
    counted[1], counted[4] = 40, 40
    with heard() as said:
        table, _ = join_people(communities(), people, counted=counted)
    assert people_of(table) == [None, 40, 20, None, 40]
    assert "divided as homes.grids counts them (文澜社区 40, 姚庄村 40)" in said[0]


# -- names -------------------------------------------------------------------------------------
def test_a_name_that_is_merely_alike_is_proposed_and_not_taken(tmp_path):
    lines = ["社区,人口", "文阑社区,5", "姚庄村,6"]
    with heard() as said:
        table, _ = joined(tmp_path, lines)
    assert people_of(table) == [None, None, None, None, 6]
    assert 'same_as = { "文阑社区" = "文澜社区" }' in said[0]
    with heard() as said:
        people = read_people_table(text(tmp_path, lines))
        table, _ = join_people(communities(), people, same_as={"文阑 社区": "文澜社区"})
    assert people_of(table) == [None, 5, None, None, 6]
    assert not any("same_as" in one for one in said)


def test_a_community_under_a_development_zone_too_is_counted_once(tmp_path):
    lines = ["街道,社区,人口", "东街,文澜社区,5", "东街,姚庄村,6", "经济开发区管委会,姚庄村,6"]
    with heard() as said:
        table, source = joined(tmp_path, lines)
    assert people_of(table) == [None, 5, None, None, 6]
    assert (source.rows_in, source.rows_used) == (3, 2)
    assert "repeat communities that stand under their subdistrict" in said[0]


# -- one district's table ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sheet", "rows", "used", "people", "older"),
    [("七普2020", 44, 44, 201_328, 48_517), (None, 45, 45, 212_480, 51_208)],
)
def test_the_people_of_lanpu_are_those_of_its_sheets(sheet, rows, used, people, older):
    if not LANPU.exists():
        pytest.skip("no data of Lanpu")
    with heard() as said:
        areas, _ = read_communities(LANPU / "01_社区界线.shp")
        table, source = join_people(areas, read_people_table(LANPU / "03_人口.xls", sheet=sheet))
    assert (source.rows_in, source.rows_used) == (rows, used)
    assert (table["people"].sum(), table["people_60plus"].sum()) == (people, older)
    if sheet is None:
        assert any("文澜社区居委会 10,531, 合心村 3,195" in one for one in said)


def test_households_go_to_their_communities(tmp_path):
    lines = ["社区,常住人口,户数", "瑞景社区,120,50", "文澜社区,80,30"]
    with heard():
        table, _ = joined(tmp_path, lines)
    assert table["households"].tolist()[:2] == [50, 30]
    assert table["households"].isna().tolist()[2:] == [True, True, True]
