"""Workbooks and text tables: headers found, sums and notes kept apart, every row accounted for."""

from __future__ import annotations

import codecs

import pytest
from openpyxl import Workbook

from lifecircle.errors import InputError, SchemaError, SourceError
from lifecircle.provenance import sha256_of
from lifecircle.sources.sheets.files import read_sheets
from lifecircle.sources.sheets.head import joined_lines
from lifecircle.sources.sheets.spreadsheets import read_sheet
from lifecircle.sources.sheets.text import grid_of_text
from tests.sources.planner_files import LANPU, heard, is_balanced
from tests.sources.sheet_making import book, text

WANTED = {
    "name": ("名称", "社区", "name"),
    "people": ("常住人口", "人口", "people"),
    "beds": ("床位",),
    "street": ("街道",),
}
PLAIN = ["社区,人口", "城东,1200", "城西,800"]
TWO = [["城东", "1200"], ["城西", "800"]]


def sheet_of(path, **options):
    return read_sheet(path, wanted=WANTED, **options)


def rows_of(path, **options):
    return sheet_of(path, **options).frame.to_numpy().tolist()


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "data", "match"),
    [
        ("a.xlsx", b"PK\x03\x04 and nothing that follows", "damaged, or no workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged, or no workbook"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"  \r\n ", "is empty"),
        ("a.csv", b"a,b\x00\x00\x01\xff\x00,\x00\x00", "neither a workbook nor a text table"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "is a web page"),
        ("a.xlsx", b"<?xml version='1.0'?><Workbook/>", "is a web page"),
        ("a.et", b"x", r"is a WPS sheet, as \.et says, and cannot be read — open it in WPS"),
        ("a.numbers", b"x", "export it from Numbers"),
        ("a.docx", b"x", "copy the table into a workbook"),
        ("a.pdf", b"x", "copy the table into a workbook"),
    ],
)
def test_files_that_are_no_tables_are_refused_with_a_way_out(tmp_path, name, data, match):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises((SourceError, InputError), match=match) as caught:
        sheet_of(path)
    assert caught.value.problems[0].where == name


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        sheet_of(tmp_path / "none.xlsx")


def test_a_workbook_with_a_password_is_told_as_such(tmp_path):
    # An encrypted workbook is an OLE file that names this stream in UTF-16.
    path = tmp_path / "locked.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    with pytest.raises(SourceError, match="locked by a password"):
        sheet_of(path)


def test_a_sheet_that_is_not_there_and_a_column_that_is_missing(tmp_path):
    path = book(tmp_path, ("人口", [["社区", "人口"], ["城东", 1]]), ("说明", [["x"]]))
    with pytest.raises(InputError, match=r"no sheet '房屋'.*sheets found: 人口, 说明"):
        sheet_of(path, sheet="房屋")
    with pytest.raises(SchemaError, match="'户籍', given for people, is missing"):
        sheet_of(path, columns={"people": "户籍"})


def test_a_header_without_rows_is_no_table(tmp_path):
    with pytest.raises(InputError, match="no row of column names with rows below"):
        sheet_of(text(tmp_path, ["社区,人口"]))
    with pytest.raises(InputError, match="has no rows"):
        sheet_of(text(tmp_path, ["社区,人口", "合计,12"]))


def test_a_declared_encoding_that_does_not_fit(tmp_path):
    path = text(tmp_path, PLAIN, encoding="gb18030")
    with pytest.raises(SourceError, match="encoding 'utf-8' does not fit"):
        sheet_of(path, encoding="utf-8")
    with pytest.raises(SourceError, match="encoding 'klingon' is not known"):
        sheet_of(path, encoding="klingon")


def test_a_quote_that_never_ends_is_told(tmp_path):
    path = text(tmp_path, ["社区,人口", '"城东,1200', *["城西,800"] * 20_000])
    with pytest.raises(SourceError, match="a quote that never ends"):
        sheet_of(path)


# -- encodings and delimiters ------------------------------------------------------------------
@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_any_encoding_gives_the_same_rows(tmp_path, encoding):
    assert rows_of(text(tmp_path, PLAIN, encoding=encoding)) == TWO


def test_traditional_characters_in_big5(tmp_path):
    lines = ["名稱,地址", "臺北市立圖書館總館,建國南路二段", "萬華區老人服務中心,西園路一段"]
    (sheet,) = read_sheets(text(tmp_path, lines, encoding="big5"))
    assert sheet.cells[1] == ("臺北市立圖書館總館", "建國南路二段")


def test_a_declared_encoding_goes_first_and_gb2312_means_all_of_gb18030(tmp_path):
    lines = ["社区,人口", "镕东,1200"]  # 镕 is not in GB 2312
    assert rows_of(text(tmp_path, lines, encoding="gbk"), encoding="GB2312") == [["镕东", "1200"]]


def test_one_broken_letter_is_told_and_costs_nothing_else(tmp_path):
    data = "\n".join(["社区,人口", *[f"城东第{n}社区,{n}" for n in range(80)]]).encode("gb18030")
    path = tmp_path / "a.csv"
    path.write_bytes(data + "\n城".encode("gb18030") + b"\xff,7")
    with heard() as said:
        rows = rows_of(path)
    assert len(rows) == 81
    assert rows[0] == ["城东第0社区", "0"]
    assert "letters are broken" in said[0]


def test_western_letters_are_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("name,people\nMünchen Süd,5\nKöln,7".encode("cp1252"))
    with heard() as said:
        rows = rows_of(path)
    assert rows[0] == ["München Süd", "5"]
    assert 'read as "cp1252"' in said[0]


@pytest.mark.parametrize("sign", [",", ";", "\t", "，", "|"])
def test_any_delimiter(tmp_path, sign):
    assert rows_of(text(tmp_path, [line.replace(",", sign) for line in PLAIN], name="a.txt")) == TWO


def test_a_comma_within_quotes_or_beside_semicolons_is_no_delimiter(tmp_path):
    assert grid_of_text(b'name,xy\nA,"1,2"', where="a")[1] == ("A", "1,2")
    assert grid_of_text(b"name;xy\nA;1,2\nB;3,4", where="a")[1:] == (("A", "1,2"), ("B", "3,4"))


def test_digits_guarded_from_spreadsheets_lose_their_guard():
    rows = grid_of_text(b'code,n\n="""0571""",1\n\'0571,2\n', where="a")
    assert rows[2][0] == "0571"
    assert grid_of_text(b'code;n\n="0571";1', where="a")[1][0] == "0571"


def test_a_text_table_that_calls_itself_a_workbook_is_read(tmp_path):
    assert rows_of(text(tmp_path, [x.replace(",", "\t") for x in PLAIN], name="a.xls")) == TWO


def test_bytes_before_text_marks_do_not_reach_the_first_name(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(codecs.BOM_UTF8 + "社区,人口\n城东,1".encode())
    assert list(sheet_of(path, encoding="utf-8").frame.columns) == ["社区", "人口"]


# -- headers -----------------------------------------------------------------------------------
def test_titles_stand_above_and_do_not_count(tmp_path):
    path = book(
        tmp_path,
        [["某区人口统计表", None], ["单位：人", None], [None, None], ["社区", "人口"], ["城东", 5]],
        merge=["A1:B1", "A2:B2"],
    )
    sheet = sheet_of(path)
    assert sheet.titles == ("某区人口统计表", "单位：人")
    assert (sheet.header_row, sheet.row.tolist()) == (4, [5])
    assert sheet.frame.to_numpy().tolist() == [["城东", 5.0]]


def test_two_rows_of_names_under_merged_headings(tmp_path):
    path = book(
        tmp_path,
        [
            ["社区", "人口", None, "床位"],
            [None, "户籍", "常住", None],
            ["城东", 10, 20, 3],
            ["城西", 30, 40, 4],
        ],
        merge=["A1:A2", "B1:C1", "D1:D2"],
    )
    sheet = sheet_of(path)
    assert list(sheet.frame.columns) == ["社区", "人口 户籍", "人口 常住", "床位"]
    assert dict(sheet.found) == {"name": "社区", "people": "人口 常住", "beds": "床位"}
    assert sheet.frame["人口 常住"].tolist() == [20.0, 40.0]
    assert sheet.row.tolist() == [3, 4]
    named = sheet_of(path, columns={"people": "户籍"})
    assert named.frame[named.found["people"]].tolist() == [10.0, 30.0]


def test_two_rows_of_names_in_a_text_table(tmp_path):
    path = text(tmp_path, ["社区,人口,,床位", ",户籍,常住,", "城东,10,20,3"])
    sheet = sheet_of(path)
    assert sheet.frame[sheet.found["people"]].tolist() == ["20"]


def test_a_second_row_of_units_belongs_to_the_header(tmp_path):
    sheet = sheet_of(book(tmp_path, [["社区", "人口"], [None, "（万人）"], ["城东", 0.5]]))
    assert sheet.found["people"] == "人口(万人)"
    assert sheet.frame.to_numpy().tolist() == [["城东", 0.5]]


def test_a_heading_over_other_people_is_not_taken_for_people(tmp_path):
    path = text(tmp_path, ["社区,人口,,床位", ",户籍,流动,", "城东,10,20,3"])
    assert "people" not in sheet_of(path).found


def test_a_first_row_of_words_is_no_second_header(tmp_path):
    path = text(tmp_path, ["社区,街道,床位", "城东,东街,", "城西,西街,4"])
    assert sheet_of(path).row.tolist() == [2, 3]


def test_breaks_and_blanks_inside_names_and_cells(tmp_path):
    path = book(tmp_path, [["社\n区", "床 位"], ["城东\n社区", "路1\n029号"], ["Old\nTown", " 3 "]])
    sheet = sheet_of(path)
    assert dict(sheet.found) == {"name": "社区", "beds": "床 位"}
    assert sheet.frame.to_numpy().tolist() == [["城东社区", "路1029号"], ["Old Town", "3"]]
    assert joined_lines("a\r\nb") == "a b"


def test_columns_of_one_name_are_told_apart_and_empty_ones_go(tmp_path):
    path = book(tmp_path, [["社区", None, "备注", "备注"], ["城东", None, "a", "b"]])
    assert list(sheet_of(path).frame.columns) == ["社区", "备注", "备注 (2)"]


def test_a_column_without_a_name_keeps_its_cells(tmp_path):
    path = book(tmp_path, [["社区", None], ["城东", "x"]])
    assert sheet_of(path).frame["column 2"].tolist() == ["x"]


def test_without_a_known_name_the_first_row_of_words_is_the_header(tmp_path):
    path = text(tmp_path, ["foo,bar", "1,2"])
    sheet = sheet_of(path)
    assert list(sheet.frame.columns) == ["foo", "bar"]
    assert dict(sheet.found) == {}


# -- rows --------------------------------------------------------------------------------------
def test_sums_notes_repeated_headers_and_headings_are_no_records(tmp_path):
    path = book(
        tmp_path,
        [
            ["社区", "人口", "床位"],
            ["一、东片", None, None],
            ["城东", 5, 1],
            ["小 计", 5, 1],
            ["社区", "人口", "床位"],
            [None, None, None],
            ["城西", 7, 2],
            ["西片小计", 7, 2],
            ["合计", 12, 3],
            ["注：年末数", None, None],
            ["填表人：张三", "审核人：李四", None],
        ],
        merge=["A2:C2"],
    )
    sheet = sheet_of(path)
    assert sheet.row.tolist() == [3, 7]
    kinds = [(one.row, one.kind) for one in sheet.apart]
    assert kinds == [
        *((2, "note"), (4, "total"), (5, "header"), (8, "total"), (9, "total")),
        *((10, "note"), (11, "note")),
    ]
    assert sheet.totals.index.tolist() == [4, 8, 9]
    assert sheet.totals["人口"].tolist() == [5.0, 7.0, 12.0]
    assert (sheet.source.rows_in, sheet.source.rows_used) == (2, 2)


@pytest.mark.parametrize("name", ["合计划社区", "总计算中心", "说明书社区", "注江村"])
def test_names_that_only_begin_like_sums_and_notes_stay(tmp_path, name):
    assert rows_of(text(tmp_path, ["社区,人口", f"{name},5"])) == [[name, "5"]]


def test_a_row_that_has_only_its_name_is_a_record(tmp_path):
    path = book(tmp_path, [["社区", "人口", "床位"], ["城东", None, None], ["城西", 1, 1]])
    assert sheet_of(path).row.tolist() == [2, 3]


def test_merged_text_stands_in_every_row_and_merged_numbers_in_the_first(tmp_path):
    path = book(
        tmp_path,
        [["街道", "社区", "人口"], ["东街", "甲", 90], [None, "乙", None], ["西街", "丙", 4]],
        merge=["A2:A3", "C2:C3"],
    )
    assert rows_of(path) == [["东街", "甲", 90.0], ["东街", "乙", None], ["西街", "丙", 4.0]]


def test_rows_longer_than_the_header_are_refused_and_counted(tmp_path):
    path = text(tmp_path, ["社区,人口", "城东,121.1,30.2", "城西,5", "城南,6,,"])
    with heard() as said:
        sheet = sheet_of(path)
    assert sheet.row.tolist() == [3, 4]
    assert (sheet.source.rows_in, sheet.source.rows_refused) == (3, 1)
    assert is_balanced(sheet.source)
    assert "1 of 3 rows have more cells than the header" in said[0]
    assert "row 2" in said[0]


def test_errors_of_formulas_are_empty_and_told(tmp_path):
    with heard() as said:
        rows = rows_of(text(tmp_path, ["社区,人口", "城东,#REF!", "城西,5"]))
    assert rows[0] == ["城东", None]
    assert "formulas of 1 rows give an error" in said[0]


def test_kinds_of_cells(tmp_path):
    made = Workbook()
    page = made.active
    page.append(["社区", "人口", "床位", "街道"])
    page.append(["城东", 339901001001, True, "００１２"])
    made.save(tmp_path / "a.xlsx")
    (row,) = rows_of(tmp_path / "a.xlsx")
    assert row == ["城东", 339901001001.0, "是", "００１２"]


# -- several sheets ----------------------------------------------------------------------------
def test_the_sheet_with_the_wanted_columns_is_read(tmp_path):
    path = book(
        tmp_path,
        ("封面", [["某区", "2025"], ["目录", "x"]]),
        ("数据", [["社区", "人口"], ["甲", 1]]),
    )
    sheet = sheet_of(path, needed=("name", "people"))
    assert sheet.name == "数据"
    assert sheet.where == "list.xlsx, sheet '数据'"


def test_of_equal_sheets_the_longer_is_read_and_the_other_named(tmp_path):
    rows = [["社区", "人口"], ["甲", 1]]
    path = book(tmp_path, ("2020", rows), ("2025", [*rows, ["乙", 2]]))
    with heard() as said:
        assert sheet_of(path, needed=("people",)).name == "2025"
    assert "sheets with such columns too: 2020" in said[0]
    assert sheet_of(path, sheet="2020").name == "2020"
    assert sheet_of(path, sheet="1").name == "2020"


def test_hidden_sheets_are_read_only_when_asked_for(tmp_path):
    rows = [["社区", "人口"], ["甲", 1], ["乙", 2]]
    path = book(tmp_path, ("old", rows), ("new", rows[:2]), hidden=["old"])
    assert sheet_of(path, needed=("people",)).name == "new"
    assert len(sheet_of(path, sheet="old")) == 2


# -- laws --------------------------------------------------------------------------------------
def test_reading_changes_no_file_and_twice_gives_the_same(tmp_path):
    path = book(tmp_path, [["社区", "人口"], ["甲", 1], ["合计", 1]])
    before = sha256_of(path)
    first, second = sheet_of(path), sheet_of(path)
    assert sha256_of(path) == before == first.source.sha256
    assert first.frame.equals(second.frame)
    assert not first.row.flags.writeable


def test_every_row_below_a_header_of_the_files_of_one_district_is_accounted_for():
    if not LANPU.exists():
        pytest.skip("no data of Lanpu")
    for path in sorted(LANPU.glob("*.xls*")):
        for raw in read_sheets(path):
            sheet = sheet_of(path, sheet=raw.name)
            empty = sum(all(cell is None for cell in row) for row in raw.cells[sheet.header_row :])
            known = sheet.source.rows_in + len(sheet.apart) + empty
            assert known == len(raw.cells) - sheet.header_row, (path.name, raw.name)
