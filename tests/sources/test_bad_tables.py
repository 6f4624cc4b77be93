"""Tables as nobody should send them: refused with a way out, or read and every doubt told."""

from __future__ import annotations

import io
import re
import warnings
import zipfile

import numpy as np
import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from lifecircle.errors import InputError, LifecircleError, LifecircleWarning
from lifecircle.sources.facilities.lists import read_facility_list
from lifecircle.sources.people.tables import read_people_table
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import book, text

HEAD = ["社区", "常住人口"]
OTHER = ["城西社区", 300]
PLACES = ["名称", "经度", "纬度"]
STATION = ["城东社区卫生服务站", 121.1, 30.4]
SECOND = ["城西社区卫生服务站", 121.11, 30.41]
THIRD = ["城南社区卫生服务站", 121.12, 30.42]


def plain(said):
    """Warnings without the name of the sheet they stand in."""
    return [re.sub(r"^\w+: list\.\w+(, sheet '[^']*')?: ", "", one) for one in said]


def people(path, **how):
    with heard() as said:
        table = read_people_table(path, **how)
    assert is_balanced(table.source)
    return table, plain(said)


def places(path, *, datum="wgs84", **how):
    with heard() as said:
        table, source = read_facility_list(path, datum=datum, **how)
    assert is_balanced(source)
    return table, source, plain(said)


# -- numbers of people -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234", 1234),
        ("１２３４", 1234),
        ("1２3", 123),
        (" 1234 ", 1234),
        ("\u00a01234\u200b", 1234),
        ("'1234", 1234),
        ("1.2E+03", 1200),
        ("约400", 400),
        ("约 400人", 400),
        ("400余人", 400),
        ("400多人", 400),
        ("400左右", 400),
        ("～400", 400),
        ("12.5万", 125_000),
        ("12.5万人", 125_000),
        ("0.04万余人", 400),
        ("３千人", 3000),
        ("0", 0),
        (400.0, 400),
    ],
)
def test_numbers_as_people_write_them(tmp_path, cell, number):
    table, said = people(book(tmp_path, [HEAD, ["城东社区", cell], OTHER]))
    assert table.table["people"].tolist() == [number, 300.0]
    assert said == []


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("400-500", "text"),
        ("400～500", "text"),
        ("12+3", "text"),
        ("400±20", "text"),
        ("400\n500", "text"),
        ("400、500", "text"),
        ("四百", "text"),
        ("待查", "text"),
        ("400户", "text"),
        (">400", "text"),
        ("400以上", "text"),
        ("400（含流动）", "text"),
        ("1.234,5", "text"),
        ("<b>400</b>", "text"),
        (True, "text"),
        ("-5", "a negative number"),
        (-5, "a negative number"),
        (339901001001, "a number above 1e+07"),
        (1e300, "a number above 1e+07"),
    ],
)
def test_cells_that_say_no_number_are_missing_and_told(tmp_path, cell, what):
    table, said = people(book(tmp_path, [HEAD, ["城东社区", cell], OTHER]))
    assert table.table["name"].tolist() == ["城西社区"]
    source = table.source
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (2, 1, 1)
    assert len(said) == 2
    assert re.match(rf"1 of 2 rows hold {re.escape(what)} in '常住人口' .* \(row 2\)", said[0])
    assert said[1] == "1 of 2 rows have no number of people and are left out (城东社区) (row 2)"


@pytest.mark.parametrize("cell", [None, "", "  ", "-", "——", "/", "N/A", "null", "\u200b"])
def test_empty_cells_however_they_are_written(tmp_path, cell):
    table, said = people(book(tmp_path, [HEAD, ["城东社区", cell], OTHER]))
    assert table.table["name"].tolist() == ["城西社区"]
    assert said == ["1 of 2 rows have no number of people and are left out (城东社区) (row 2)"]


@pytest.mark.parametrize(
    "rows",
    [
        [["社区", "常住人口（万人）"], ["城东社区", 0.04]],
        [["单位：万人"], HEAD, ["城东社区", 0.04]],
        [["社区", "常住人口"], ["", "万人"], ["城东社区", 0.04]],
        [["2025年人口统计表"], [], ["制表：某局"], HEAD, ["城东社区", 400]],
        [["　社 区　", "常住\n人口\n（人）"], ["城东\n社区", 400]],
        [["\ufeff社\u200b区", "常住\u200b人口"], ["城东\u200b社区", 400]],
        [["社区\u00a0", "\u00a0常住人口"], ["\u00a0城东社区", "400\u00a0"]],
        [["序号", "社区", "常住人口"], [1, "城东社区", 400], ["合计", None, 400]],
        [HEAD, ["城东社区", 400], ["合  计", 400], ["总计：", 400], ["注：数据为年末数"]],
        [HEAD, ["城东社区", 400], [None, None], [None, None]],
        [["街道", "社区", "人口", ""], ["", "", "户籍", "常住"], ["城关", "城东社区", 1, 400]],
    ],
)
def test_heads_units_sums_and_signs_nobody_sees(tmp_path, rows):
    table, said = people(book(tmp_path, rows))
    assert table.table["name"].tolist() == ["城东社区"]
    assert table.table["people"].tolist() == [400.0]
    assert said == []


# -- codes -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (339901001001.0, "339901001001"),
        ("'339901001001", "339901001001"),
        ("３３９９０１００１００１", "339901001001"),
        ("339901001001.0", "339901001001"),
        ("3.39901001001E+11", "339901001001"),
        ("339901001 001", "339901001001"),
        ("3399010\n01001", "339901001001"),
        ("\u200b339901001001\u00a0", "339901001001"),
    ],
)
def test_codes_keep_their_digits(tmp_path, cell, code):
    rows = [["社区代码", *HEAD], [cell, "城东社区", 400]]
    table, said = people(book(tmp_path, rows))
    assert table.table["id"].tolist() == [code]
    assert said == []


def test_codes_that_lost_digits_are_told(tmp_path):
    rows = [["社区代码", *HEAD], ["3.39901E+11", "城东社区", 400], [None, *OTHER]]
    table, said = people(book(tmp_path, rows))
    assert table.table["id"].isna().all()
    assert said == [
        "1 of 2 rows have a code a spreadsheet cut to a power of ten; its last digits are lost "
        "and the name must do (row 2)"
    ]


# -- shapes of tables --------------------------------------------------------------------------
def test_columns_swapped(tmp_path):
    with heard() as said, pytest.raises(InputError, match="none of its 2 rows has a community"):
        read_people_table(book(tmp_path, [HEAD, [400, "城东社区"], [300, "城西社区"]]))
    assert "hold text in '常住人口' ('城东社区')" in said[0]


def test_columns_of_one_name(tmp_path):
    rows = [[*HEAD, "常住人口"], ["城东社区", 400, 1], [*OTHER, 2]]
    table, said = people(book(tmp_path, rows))
    assert table.table["people"].tolist() == [400.0, 300.0]
    assert said == ["column '常住人口' is there more than once; the first is read"]


def test_rows_that_name_no_community(tmp_path):
    table, said = people(book(tmp_path, [HEAD, ["城东社区", 400], [None, 300]]))
    assert len(table) == 1
    assert said == ["1 of 2 rows name no community and are left out (row 3)"]


def test_columns_that_are_missing_are_both_named(tmp_path):
    with pytest.raises(InputError) as caught:
        read_people_table(book(tmp_path, [["甲", "乙"], ["城东社区", 400]]))
    assert [problem.what for problem in caught.value.problems] == [
        "no column of people was found",
        "no column of communities was found",
    ]
    assert all("columns found: 甲, 乙" in problem.remedy for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([], "no row of column names with rows below it"),
        ([HEAD], "no row of column names with rows below it"),
        ([HEAD, ["合计", 400]], "has no rows"),
        ([HEAD, ["城东社区", "待查"]], "none of its 1 rows has a community and a number"),
    ],
)
def test_tables_of_nothing(tmp_path, rows, what):
    with heard(), pytest.raises(InputError, match=what):
        read_people_table(book(tmp_path, rows))


def test_merged_cells_hidden_and_several_sheets(tmp_path):
    street = [["街道", *HEAD], ["城关街道", "城东社区", 400], [None, *OTHER]]
    old = [["街道", *HEAD], ["城关街道", "城东社区", 4]]
    path = book(
        tmp_path, ("旧", old), ("2025", street), ("备注", [["x"]]), merge=["A2:A3"], hidden=["旧"]
    )
    table, said = people(path)
    assert table.table["subdistrict"].tolist() == ["城关街道", "城关街道"]
    assert table.table["people"].tolist() == [400.0, 300.0]
    assert said == []
    table, _ = people(path, sheet="旧")
    assert table.table["people"].tolist() == [4.0]
    with pytest.raises(InputError, match="has no sheet '2026' — sheets found: 旧, 2025, 备注"):
        read_people_table(path, sheet="2026")


def test_a_sheet_formatted_to_its_last_row(tmp_path):
    made = Workbook()
    for row in (HEAD, ["城东社区", 400]):
        made.active.append(row)
    made.active.cell(row=1_048_576, column=30).font = Font(bold=True)
    made.save(tmp_path / "list.xlsx")
    table, said = people(tmp_path / "list.xlsx")
    assert table.source.rows_in == 1
    assert said == []


# -- formulas ----------------------------------------------------------------------------------
def test_formulas_without_a_result_are_told(tmp_path):
    table, said = people(book(tmp_path, [HEAD, ["城东社区", "=200+200"], OTHER]))
    assert table.table["name"].tolist() == ["城西社区"]
    assert said == [
        "formulas of 1 rows have no result in the file, taken as empty: open it in a spreadsheet "
        "program and save it (row 2)",
        "1 of 2 rows have no number of people and are left out (城东社区) (row 2)",
    ]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_formulas_that_failed_are_empty_and_told(tmp_path, error):
    table, said = people(book(tmp_path, [HEAD, ["城东社区", error], OTHER]))
    assert table.table["name"].tolist() == ["城西社区"]
    assert said[0] == "formulas of 1 rows give an error, taken as empty (row 2)"
    assert said[1].startswith("1 of 2 rows have no number of people")


def test_a_formula_with_its_result_is_that_result(tmp_path):
    path = book(tmp_path, [HEAD, ["城东社区", "=200+200"], OTHER])
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            for bare in (b"<v></v>", b"<v />", b"<v/>"):
                content = content.replace(b"</f>" + bare, b"</f><v>400</v>")
            new.writestr(part, content)
    path.write_bytes(data.getvalue())
    table, said = people(path)
    assert table.table["people"].tolist() == [400.0, 300.0]
    assert said == []


# -- hostile texts -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("<script>alert(1)</script>社区", "<script>alert(1)</script>社区"),
        ("+cmd|' /C calc'!A0社区", "+cmd|' /C calc'!A0社区"),
        ("@SUM(A1)社区", "@SUM(A1)社区"),
        ("../../etc/社区", "../../etc/社区"),
        ("城" * 30_000 + "社区", "城" * 30_000 + "社区"),
        ("城东\u202e社区", "城东社区"),
        ("城东😀社区", "城东😀社区"),
        ("DROP TABLE 社区;--", "DROP TABLE 社区;--"),
    ],
)
def test_names_are_texts_and_nothing_else(tmp_path, name, kept):
    table, said = people(book(tmp_path, [HEAD, [name, 400], OTHER]))
    assert table.table["name"].tolist() == [kept, "城西社区"]
    assert said == []


def test_a_long_text_is_cut_in_messages(tmp_path):
    _, said = people(book(tmp_path, [HEAD, ["城" * 30_000, "多" * 30_000], OTHER]))
    assert max(map(len, said)) < 200


# -- files that are something else -------------------------------------------------------------
LINES = ["名称,经度,纬度", "城东社区卫生服务站,121.1,30.4"]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("list.csv", "utf-8"),
        ("list.csv", "utf-8-sig"),
        ("list.csv", "gbk"),
        ("list.csv", "gb18030"),
        ("list.csv", "utf-16"),
        ("list.csv", "utf-16-le"),
        ("list.csv", "utf-16-be"),
        ("list.txt", "gbk"),
        ("list.xls", "gbk"),
        ("list.xlsx", "utf-8"),
    ],
)
def test_text_in_any_encoding_under_any_name(tmp_path, name, encoding):
    table, source, said = places(text(tmp_path, LINES, name=name, encoding=encoding))
    assert table["name"].tolist() == ["城东社区卫生服务站"]
    assert source.rows_used == 1
    assert said == []


def as_html(folder):
    page = "<html><table><tr><td>名称</td><td>经度</td></tr></table></html>"
    (folder / "list.xls").write_bytes(page.encode("gbk"))
    return folder / "list.xls"


def cut_short(folder):
    path = book(folder, [PLACES, STATION])
    path.write_bytes(path.read_bytes()[:3000])
    return path


def with_a_password(folder):
    marked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    (folder / "list.xlsx").write_bytes(marked + "EncryptedPackage".encode("utf-16-le"))
    return folder / "list.xlsx"


def empty(folder):
    (folder / "list.xlsx").touch()
    return folder / "list.xlsx"


def a_folder(folder):
    (folder / "list.xlsx").mkdir()
    return folder / "list.xlsx"


def an_archive(folder):
    with zipfile.ZipFile(folder / "list.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    return folder / "list.xlsx"


def rows_in_two_widths(folder):
    lines = [*LINES, "城西社区卫生服务站,路1号,东,121.1,30.4", "城南卫生服务站,1,2,3,4,5"]
    return text(folder, [lines[0], lines[2], lines[3]])


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (as_html, "is a web page, whatever its ending says — open it"),
        (cut_short, "is damaged, or no workbook whatever its ending says — open it"),
        (with_a_password, "is locked by a password — open it and save it again without"),
        (empty, "is empty"),
        (a_folder, "cannot be read"),
        (an_archive, "is damaged, or no workbook"),
        (rows_in_two_widths, "none of its 2 rows can be used — put texts with commas into quotes"),
        (lambda folder: folder / "list.csv", "no such file"),
    ],
)
def test_files_that_are_no_tables(tmp_path, make, what):
    path = make(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        with pytest.raises(LifecircleError, match=re.escape(what)) as caught:
            read_facility_list(path, datum="wgs84")
    assert str(caught.value).startswith(path.name)
    assert str(tmp_path) not in str(caught.value)


# -- places ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("x", "y", "what"),
    [
        (None, None, "have no coordinates and are left out"),
        (0, 0, "have no coordinates and are left out"),
        ("待定", "待定", "have no coordinates and are left out"),
        ("121.1;121.2", "30.4;30.5", "have no coordinates and are left out"),
        (121.1, 300.4, "have coordinates outside where wgs84 is used and are left out"),
    ],
)
def test_rows_without_a_place(tmp_path, x, y, what):
    rows = [PLACES, STATION, SECOND, ["城南社区卫生服务站", x, y]]
    table, source, said = places(book(tmp_path, rows))
    assert len(table) == 2
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (3, 2, 1)
    assert said == [f"1 of 3 rows {what} ('城南社区卫生服务站') (row 4)"]


@pytest.mark.parametrize(("x", "y"), [(-121.1, 30.4), (12.11, 30.4), (151.2, -33.9)])
def test_a_row_in_the_sea_or_on_another_continent_is_told_and_kept(tmp_path, x, y):
    rows = [PLACES, STATION, SECOND, THIRD, ["城北社区卫生服务站", x, y]]
    table, _, said = places(book(tmp_path, rows))
    assert len(table) == 4
    assert said == [
        "1 of 4 rows lie more than 100 km from the others; check their coordinates "
        "('城北社区卫生服务站') (row 5)"
    ]


@pytest.mark.parametrize(
    ("cell", "floor_m2"),
    [
        ("300㎡", 300.0),
        ("３００平方米", 300.0),
        ("约300", 300.0),
        ("1.2亩", 800.0),
        ("0.03公顷", 300.0),
        ("1,300 m²", 1300.0),
        ("300余平方米", 300.0),
        ("—", None),
        ("300-400", None),
        ("地上300地下100", None),
        ("-300", None),
    ],
)
def test_floors_as_they_are_written(tmp_path, cell, floor_m2):
    path = book(tmp_path, [[*PLACES, "建筑面积"], [*STATION, cell], [*SECOND, 200]])
    table, _, said = places(path)
    found = table["floor_m2"].tolist()
    assert found[1] == 200.0
    if floor_m2 is None:
        assert np.isnan(found[0])
        assert (cell == "—") or "in '建筑面积'" in said[0]
    else:
        assert found[0] == pytest.approx(floor_m2)
        assert said == []


def test_dates_as_numbers_disturb_nothing(tmp_path):
    path = book(tmp_path, [[*PLACES, "状态", "开办日期"], [*STATION, "现状", 45_000]])
    table, _, said = places(path)
    assert table["status"].tolist() == ["existing"]
    assert said == []
