"""Horizons and estates in the tables, the workbook, the report and the public edition."""

from __future__ import annotations

import dataclasses

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest

from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.report.write import write_report
from lifecircle.outputs.workbook.horizons import closing_gaps, horizon_sheet, new_gaps, told
from lifecircle.outputs.workbook.provision import provision_sheet
from lifecircle.outputs.workbook.write import write_workbook
from lifecircle.tables import HORIZONS, HORIZONS_INDEX, PROVISION


def moments(content):
    """Today below today with 400 people more in c1, of whom nobody is covered."""
    now = content.scores.assign(horizon="now", year=np.nan, change=np.nan, why=None)
    near = content.scores.assign(horizon="near", year=2028.0, change=0.0, why=None)
    mine = (near["area_id"] == "c1") & (near["verdict"] == "met")
    near.loc[mine, "verdict"] = "short"
    near.loc[mine, "change"] = -0.25
    near["why"] = pd.Series(np.where(mine, "people +400", None), dtype=object, index=near.index)
    index = pd.concat(
        [
            content.index.assign(horizon=name, year=year, change=np.nan, closed=0.0, new=1.0)
            for name, year in (("now", np.nan), ("near", 2028.0))
        ]
    )
    closes = ["near", *[None] * (len(content.gaps) - 1)]
    gaps = content.gaps.assign(closes=pd.Series(closes, dtype=object, index=content.gaps.index))
    estate = dict.fromkeys(PROVISION) | {
        "estate_id": "e1",
        "estate": "=甲苑",
        "people": 5.0,
        "new": True,
        "service": "other",
        "promised": False,
        "handed_over": "partly",
        "status": "let",
        "evidence": "handover3: 出租",
    }
    return dataclasses.replace(
        content,
        gaps=gaps,
        horizons=pd.concat([now, near])[list(HORIZONS)],
        horizons_index=index[list(HORIZONS_INDEX)],
        horizon_names={"now": "现状", "near": "近期（2028年）"},
        provision=pd.DataFrame([estate])[list(PROVISION)],
        provision_unjoined=pd.DataFrame(
            [("ledger", "handover9", "丁苑", "出租", 20.0, "no_estate")],
            columns=["source", "row_id", "estate", "name", "floor_m2", "reason"],
        ),
    )


def test_a_run_without_horizons_writes_neither_tables_nor_sheets(content, tmp_path):
    names = {path.name for path in write_tables(content, tmp_path)}
    assert not {"horizons.csv", "horizons_index.csv", "provision.csv"} & names
    assert horizon_sheet(content, Names.of(content)) is None
    assert provision_sheet(content, Names.of(content)) is None


def test_tables_are_written_in_their_order_and_twice_alike(content, tmp_path):
    told_of = moments(content)
    first = tmp_path / "a"
    again = tmp_path / "b"
    for folder in (first, again):
        folder.mkdir()
        write_tables(told_of, folder)
    shuffled = dataclasses.replace(told_of, horizons=told_of.horizons.iloc[::-1])
    write_tables(shuffled, again)
    for name, columns in (
        ("horizons", HORIZONS),
        ("horizons_index", HORIZONS_INDEX),
        ("provision", PROVISION),
    ):
        text = (first / f"{name}.csv").read_bytes()
        assert text == (again / f"{name}.csv").read_bytes()
        assert text.decode("utf-8-sig").split("\n")[0] == ",".join(columns)
    rows = (first / "horizons.csv").read_text("utf-8-sig").splitlines()
    assert rows[1].startswith("now,")
    assert rows[-1].startswith("near,2028,")
    assert "'=甲苑" in (first / "provision.csv").read_text("utf-8-sig")


def test_gaps_that_close_and_new_ones_are_listed(content):
    told_of = moments(content)
    names = Names.of(told_of)
    closing = closing_gaps(told_of, names)
    assert len(closing.rows) == 1
    assert closing.rows[0][5] == "近期（2028年）"
    short = content.scores
    mine = short[(short["level"] == "community") & (short["area_id"] == "c1")]
    asked = {
        one.id
        for one in content.standard.requirements
        if one.view == "base" and one.obligation == "must"
    }
    met = mine[(mine["verdict"] == "met") & mine["requirement"].isin(asked)]
    new = new_gaps(told_of, names)
    assert len(new.rows) == len(met) > 0
    assert {row[-1] for row in new.rows} == {"人口+400"}


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (None, None),
        ("opens nobody:knows 12", "nobody投用（12人）"),
        ("site s1:medical.station 30; people -5", "选址s1建成（30人）；人口-5"),
        ("roads 7; more 2; opens 9", "规划道路（7人）；另有2处；设施数达标（9人）"),
    ],
)
def test_causes_are_put_into_words(why, said, content):
    assert told(why, Names.of(content)) == said


def test_sheets_and_chapter_say_it(content, tmp_path):
    told_of = moments(content)
    book = openpyxl.load_workbook(write_workbook(told_of, tmp_path / "gaps.xlsx"))
    assert {"分期评价表", "小区配建核查表"} <= set(book.sheetnames)
    estates = list(book["小区配建核查表"].iter_rows(values_only=True))
    assert any("移交后出租" in row for row in estates)
    assert any("没有对应的小区" in row for row in estates)
    headings = [cell.value for cell in next(iter(book["短板清单"].iter_rows(min_row=3, max_row=3)))]
    assert any(text and text.startswith("由已承诺设施") for text in headings)
    page = docx.Document(str(write_report(told_of, tmp_path / "report.docx")))
    text = "\n".join(one.text for one in page.paragraphs)
    assert "现有短板中 1 条" in text
    assert "核查小区 1 个" in text


def test_the_public_edition_tells_no_few_people_no_causes_and_no_estates(content):
    public = dataclasses.replace(moments(content), release="public")
    edition = released(public)
    assert edition.provision is None
    assert edition.provision_unjoined is None
    assert edition.horizons["why"].isna().all()
    people = pd.to_numeric(edition.horizons["people"]).dropna()
    assert not ((people > 0) & (people < 10)).any()
    few = pd.to_numeric(public.horizons["people"]).between(1, 9)
    assert few.any()
    assert edition.horizons.loc[few.to_numpy(), ["people", "share", "change"]].isna().all().all()
