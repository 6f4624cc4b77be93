"""The workbook, read back with another library: numbers, words, inert text, set-up."""

from __future__ import annotations

import csv
import dataclasses
import io
import zipfile
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from lifecircle.errors import SchemaError, SourceError
from lifecircle.outputs import style
from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.report.method import method
from lifecircle.outputs.workbook.write import write_workbook
from tests.outputs.conftest import FORMULA, HOSTILE_COMMUNITY, HOSTILE_FACILITY

ZH = [
    "短板清单",
    "目录",
    "短板汇总",
    "措施比选",
    "补短板项目库",
    "分年度实施计划表",
    "社区建设计划表",
    "社区公共服务评价表",
    "设施布局与选址一览表",
    "选址论证",
    "用地用房筛查表",
    "公共服务基本单元一览表",
    "社区规模与边界建议",
    "规模与负荷",
    "覆盖率口径比较表",
    "公平性",
    "居民需求与得分对照",
    "数据说明",
    "方法",
    "存疑数据",
    "结论稳健性",
]
HEAD = 3  # row of the main table's headings
TABLES = [ZH[0], ZH[2], *ZH[4:6], *ZH[7:9]]  # those that are there with no rows too


@pytest.fixture(scope="module")
def book(content, tmp_path_factory):
    path = write_workbook(content, tmp_path_factory.mktemp("book") / "gaps.xlsx")
    return openpyxl.load_workbook(path)


def _rows(sheet):
    """Main table as dictionaries, up to the first empty row."""
    rows = sheet.iter_rows(min_row=HEAD, values_only=True)
    heads = [str(head).replace("\n", "") for head in next(rows)]
    found = []
    for row in rows:
        if all(value is None for value in row):
            break
        found.append(dict(zip(heads, row, strict=True)))
    return found


def _texts(sheet):
    return [
        value for row in sheet.iter_rows(values_only=True) for value in row if value is not None
    ]


def test_a_table_without_its_columns_is_refused(content, tmp_path):
    broken = dataclasses.replace(content, gaps=content.gaps.drop(columns="reason"))
    with pytest.raises(SchemaError, match="reason"):
        write_workbook(broken, tmp_path / "gaps.xlsx")


def test_a_place_that_cannot_be_written_is_told(content, tmp_path):
    with pytest.raises(SourceError, match=r"gaps\.xlsx"):
        write_workbook(content, tmp_path / "absent" / "gaps.xlsx")


def test_sheets_are_named_in_the_studys_language(book, content_en, tmp_path):
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert visible == ZH
    english = openpyxl.load_workbook(write_workbook(content_en, tmp_path / "gaps.xlsx"))
    names = [sheet.title for sheet in english if sheet.sheet_state == "visible"]
    assert names[0] == "Gaps"
    assert len(names) == len(ZH)
    for sheet in english:
        if sheet.title in ("Method", "Gaps"):
            heads = [str(cell.value) for cell in sheet[HEAD] if cell.value]
            assert len(heads) > 1
            assert all(head.isascii() or "²" in head or "▲" in head for head in heads)


def test_numbers_agree_with_the_csv_files(book, content, tmp_path):
    write_tables(content, tmp_path)

    def read(name):
        text = (tmp_path / f"{name}.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    gaps = {row["gap_id"]: row for row in read("gaps")}
    shown = _rows(book["短板清单"])
    assert [row["短板编号"] for row in shown] == list(gaps)
    for row in shown:
        expected = gaps[row["短板编号"]]
        assert row["未覆盖人口（人）"] == float(expected["people_short"])
        assert row["服务人群人口（人）"] == float(expected["people"])
        assert row["步行时间（分钟）"] == round(float(expected["nearest_s"]) / 60, 1)
    index = {(row["area_id"], row["minutes"]): row for row in read("index")}
    services = {(r["area_id"], r["service"], r["minutes"]): r for r in read("services")}
    label = content.standard.service_labels["medical"]["zh"]
    areas = _rows(book["社区公共服务评价表"])
    assert areas[0]["层级"] == style.label("level", "study", "zh")
    for row in areas:
        key = row["单元编号"]
        known = index[key, "15"]["index"]
        assert row["15分钟指数"] == (float(known) if known else None)
        share = services[key, "medical", "15"]["coverage"]
        assert row[f"15分钟{label}人口覆盖率"] == (float(share) if share else None)
        assert row["短板数"] == sum(int(index[key, circle]["gaps"]) for circle in ("5", "15"))
    sites = {row["site_id"]: row for row in read("sites")}
    layout = {row["编号"]: row for row in _rows(book["设施布局与选址一览表"])}
    assert layout["s1"]["新增覆盖人口（人）"] == float(sites["s1"]["newly_covered"])
    assert set(layout) == {"s1", "s2", *content.facilities["facility_id"]}


def test_totals_by_subdistrict_are_sums_of_the_rows(book):
    sheet = book["短板汇总"]
    title = next(c for row in sheet.iter_rows() for c in row if str(c.value).startswith("汇总"))
    rows = sheet.iter_rows(min_row=title.row + 2, min_col=title.column, values_only=True)
    totals = [row[:6] for row in rows if row[1] is not None]
    parts = [row for row in totals if row[0] != "合计"]
    shown = _rows(book["短板清单"])
    assert sum(row[3] for row in parts) == len(shown)
    for row in totals:
        if row[0] == "合计":
            mine = [gap for gap in shown if gap["配置要求"] == row[5]]
            assert row[2] == len({gap["社区/村"] for gap in mine})
            assert row[3] == len(mine)
            assert row[4] == sum(gap["未覆盖人口（人）"] for gap in mine)


def test_communities_stand_with_their_services_on_one_page(book, content):
    shown, rows = _rows(book["短板清单"]), _rows(book["短板汇总"])
    assert len(rows) == len(content.communities)
    counts = [row["短板数"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == len(shown) > 0
    for row in rows:
        mine = [gap for gap in shown if gap["社区/村"] == row["社区/村"]]
        assert row["短板数"] == len(mine)
        assert row["首要短板"] == (mine[0]["配置要求"] if mine else None)
        for service in {gap["服务类别"] for gap in shown}:
            of_service = [gap for gap in mine if gap["服务类别"] == service]
            assert (row[f"{service}（条）"] or 0) == len(of_service)
            if of_service:
                worst = max(of_service, key=lambda gap: gap["未覆盖人口（人）"])
                assert row[f"{service}（最多人数）"] == worst["未覆盖人口（人）"]
                assert row[f"{service}（主因）"] == worst["主要原因"]


def test_facilities_and_sites_know_their_community(book):
    layout = {row["编号"]: row for row in _rows(book["设施布局与选址一览表"])}
    # f1 stands at (300, 1300) in 和平社区, f4 at (1500, 1500) and s1 in the second community.
    assert layout["f1"]["社区/村"] == "和平社区"
    assert layout["f4"]["社区/村"] == HOSTILE_COMMUNITY
    assert layout["s1"]["社区/村"] == HOSTILE_COMMUNITY
    assert layout["s1"]["街道/镇"] == "东街道"


def test_hostile_text_is_plain_text(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    # The only links lead to the workbook's own sheets.
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert {link.location for link in links} <= {f"'{sheet.title}'!A1" for sheet in book}
    assert not [link for link in links if link.target]
    values = {cell.value for cell in cells}
    assert {FORMULA, HOSTILE_FACILITY, HOSTILE_COMMUNITY} <= values


def test_a_title_cannot_command_the_footer(content, tmp_path):
    bad = dataclasses.replace(content, title="&R&24" + "长" * 300)
    with zipfile.ZipFile(write_workbook(bad, tmp_path / "a.xlsx")) as parts:
        root = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    footer = next(part.text for part in root.iter() if part.tag.endswith("oddFooter"))
    # A doubled ampersand is a plain one; what is left are the codes of the layout itself.
    assert footer.startswith("&L&8 &&R&&24长")
    assert footer.replace("&&", "").count("&R") == 1
    assert len(footer) <= 255


def test_overlong_and_control_text_is_kept_readable(content, tmp_path):
    communities = content.communities.copy()
    communities["name"] = ["a\x00b", "x" * 40_000, "c\nd", None]
    facilities = content.facilities.assign(name="y\x07" + "z" * 40_000)
    bad = dataclasses.replace(content, communities=communities, facilities=facilities)
    book = openpyxl.load_workbook(write_workbook(bad, tmp_path / "a.xlsx"))
    layout = _rows(book["设施布局与选址一览表"])
    name = layout[2]["名称"]
    assert name.startswith("y\ufffdz")
    assert name.endswith("…")


def test_grades_wear_their_colours(book, content):
    sheet = book["社区公共服务评价表"]
    words = {style.label("grade", code, "zh"): code for code in ("poor", "low", "fair")}
    seen = set()
    for row in sheet.iter_rows(min_row=HEAD + 1):
        for cell in row:
            if cell.value in words:
                code = words[cell.value]
                assert cell.fill.start_color.rgb[2:] == style.GRADE_COLOURS[code][1:].upper()
                seen.add(code)
    assert seen == set(content.index["grade"].dropna())


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_set_up_for_screen_and_print(book, name):
    sheet = book[name]
    assert sheet.auto_filter.ref.startswith(f"A{HEAD}:")
    assert int(sheet.freeze_panes.lstrip("ABCDEFGHIJ")) == HEAD + 1
    assert sheet.print_title_rows == f"$1:${HEAD}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize in ("8", "9", 8, 9)
    assert sheet.page_setup.fitToHeight in (0, "0")


def test_planners_columns_have_drop_downs(book):
    sheet = book["短板清单"]
    heads = {str(cell.value).replace("\n", ""): cell.column_letter for cell in sheet[HEAD]}
    ruled = {
        str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
        for rule in sheet.data_validations.dataValidation
    }
    assert {heads[name] for name in ("建设方式", "责任单位", "配合单位", "实施年度")} == set(ruled)
    rule = ruled[heads["建设方式"]]
    assert rule.errorStyle == "information"
    place = rule.formula1.split("!")[1].replace("$", "")
    offered = [row[0].value for row in book["选项"][place]]
    assert offered == [style.label("mode", code, "zh") for code in style.codes("mode")]
    assert book["选项"].sheet_state == "hidden"
    years = ruled[heads["实施年度"]].formula1.split("!")[1].replace("$", "")
    assert [row[0].value for row in book["选项"][years]] == [1, 2, 3, 4]


def test_data_sheet_names_sources_doubts_and_limits(book, content):
    texts = _texts(book["数据说明"])
    assert "0" * 12 in texts
    assert "2026-03-01" in texts
    assert f"（尚无中文表述）{content.warnings[0]}" in texts
    assert {"密级", "审图号"} <= set(texts)
    assert any("不作为法定依据" in str(text) for text in texts)
    assert any("内部" in str(text) for text in texts)
    unverified = {evidence.field for _, evidence in content.standard.unverified()}
    assert unverified
    assert {style.label("standard_part", field, "zh") for field in unverified} <= set(texts)
    assert not unverified & set(texts)  # no key of a standard file stands in a Chinese sheet


@pytest.mark.parametrize("language", ["zh", "en"])
def test_method_says_the_index_is_not_official(content, content_en, language):
    steps = method(content if language == "zh" else content_en)
    text = " ".join(line for _, line in steps)
    assert ("不是任何机构发布的官方指数" if language == "zh" else "not official") in text
    assert "66.7" in text  # the GB planning speed of the packaged standard
    assert "{" not in text


def test_doubt_sheet_lists_what_to_check(book, content):
    texts = _texts(book["存疑数据"])
    assert "f5" in texts  # a facility without a name
    assert "没有名称" in texts
    assert style.label("home_status", "far", "zh") in texts
    marginal = content.gaps.loc[content.gaps["robust"] == "marginal", "gap_id"]
    assert set(marginal) <= set(texts)


def test_low_confidence_is_listed(content, tmp_path):
    facilities = content.facilities.assign(confidence=[0.5, 0.9, 0.6, 0.9, 0.9])
    doubted = dataclasses.replace(content, facilities=facilities)
    book = openpyxl.load_workbook(write_workbook(doubted, tmp_path / "a.xlsx"))
    texts = _texts(book["存疑数据"])
    assert "f1" in texts
    assert "f3" not in texts  # 0.6 is enough


def test_empty_tables_say_why(content_empty, tmp_path):
    book = openpyxl.load_workbook(write_workbook(content_empty, tmp_path / "gaps.xlsx"))
    for name in TABLES:
        cells = list(book[name].iter_rows(min_row=HEAD, values_only=True))
        assert sum(value is not None for value in cells[0]) >= 6
        assert cells[1][0].startswith("没有")


def test_public_workbook_is_stamped_and_coarse(content_public, tmp_path):
    book = openpyxl.load_workbook(write_workbook(content_public, tmp_path / "a.xlsx"))
    areas = {row["单元编号"]: row for row in _rows(book["社区公共服务评价表"])}
    assert areas["c3"]["人口（人）"] is None
    assert "公开版" in book["短板清单"].oddFooter.left.text
    assert "公开版" in _texts(book["数据说明"])


def test_same_content_gives_the_same_bytes(content, tmp_path):
    shuffled = dataclasses.replace(
        content,
        gaps=content.gaps.iloc[::-1],
        scores=content.scores.iloc[::-1],
        facilities=content.facilities.iloc[::-1],
        communities=content.communities.iloc[::-1],
        homes=content.homes.iloc[::-1],
        parcels=content.parcels.iloc[::-1],
    )
    first = write_workbook(content, tmp_path / "a.xlsx").read_bytes()
    assert first == write_workbook(content, tmp_path / "b.xlsx").read_bytes()
    assert first == write_workbook(shuffled, tmp_path / "c.xlsx").read_bytes()


def test_no_date_of_writing_is_kept(content, tmp_path):
    path = write_workbook(content, tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as parts:
        core = parts.read("docProps/core.xml").decode()
    assert core.count("2026-03-01T00:00:00Z") == 2  # the newest source, created and modified
