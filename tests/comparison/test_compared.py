"""What a comparison writes and prints."""

from __future__ import annotations

import dataclasses
import json
import re

import openpyxl
import pandas as pd
import pyogrio
import pytest

import lifecircle as lc
from lifecircle.comparison import Compared, compare, compare_runs
from lifecircle.comparison.layer import COLOURS
from lifecircle.comparison.mapviews import changed_shares
from lifecircle.comparison.results import CHANGES, GAPS, GRADES
from lifecircle.errors import SourceError
from lifecircle.outputs.webmap.offline import unpack
from lifecircle.provenance import sha256_of

FILES = {
    "changes.csv",
    "grades.csv",
    "gaps_changed.csv",
    "changes.xlsx",
    "changes.gpkg",
    "map.html",
    "compare.json",
}


@pytest.fixture(scope="module")
def found(base, everything):
    return compare(base, everything)


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory):
    out = tmp_path_factory.mktemp("compared") / "compare"
    assert found.save(out) == ()
    return out


def test_a_folder_of_something_else_is_not_written_over(found, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(SourceError, match="nothing was written"):
        found.save(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_the_folder_holds_these_files_and_their_hashes(folder):
    assert {one.name for one in folder.iterdir()} == FILES
    record = json.loads((folder / "compare.json").read_text(encoding="utf-8"))
    assert record["files"] == {
        name: sha256_of(folder / name) for name in sorted(FILES - {"compare.json"})
    } or set(record["files"]) == FILES - {"compare.json"}
    assert record["kind"] == "comparison"


def test_the_same_runs_give_the_same_bytes_and_edits_are_kept(found, folder):
    first = {one.name: one.read_bytes() for one in folder.iterdir()}
    assert found.save(folder) == ()
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == first
    with (folder / "changes.csv").open("a", encoding="utf-8") as stream:
        stream.write("mine\n")
    (kept,) = found.save(folder)
    assert kept.read_text(encoding="utf-8").endswith("mine\n")
    assert (folder / "changes.csv").read_bytes() == first["changes.csv"]


@pytest.mark.parametrize(
    ("name", "columns"), [("changes", CHANGES), ("grades", GRADES), ("gaps_changed", GAPS)]
)
def test_tables_have_the_columns_of_the_contract(folder, name, columns):
    raw = (folder / f"{name}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(folder / f"{name}.csv")
    assert tuple(table.columns) == columns
    assert len(table)


def test_written_effects_add_up_to_the_written_change(folder):
    table = pd.read_csv(folder / "changes.csv").dropna(subset=["change"])
    parts = table[[one for one in table if one.startswith("by_")]].sum(axis=1)
    assert (parts - table["change"]).abs().max() < 1e-9


def test_the_workbook_says_the_same_in_words(folder, found):
    book = openpyxl.load_workbook(folder / "changes.xlsx")
    assert book.sheetnames[:4] == ["changes", "index and grades", "gaps", "how to read this"]
    texts = [cell for row in book["changes"].iter_rows(values_only=True) for cell in row]
    assert any("东乡文化站" in str(cell) for cell in texts)
    assert len(list(book["changes"].iter_rows())) >= len(found.changes)


def test_the_layer_has_every_community_and_a_style(folder, found):
    layer = pyogrio.read_dataframe(folder / "changes.gpkg", layer="changes")
    assert set(layer["community_id"]) == {"c1", "c2", "c3", "c4", "c5"}
    assert set(layer["direction"]) <= set(COLOURS)
    assert layer.set_index("community_id").loc["c2", "direction"] == "better"
    assert layer.set_index("community_id").loc["c4", "direction"] == "same"
    style = pyogrio.read_dataframe(folder / "changes.gpkg", layer="layer_styles")
    assert 'attr="direction"' in style["styleQML"].iloc[0]


def test_the_map_loads_nothing_and_holds_names_only_packed(folder):
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert "https://" not in page.split("<script", 1)[0]
    packed = page.split('id="lc-changes">', 1)[1].split("</script>", 1)[0]
    facts = unpack(packed)
    assert {one["name"] for one in facts["areas"]} >= {"北岸社区", "北岸东社区"}
    assert "北岸东社区" not in page


def test_the_map_tells_changed_shares_and_facilities(found, folder):
    page = (folder / "map.html").read_text(encoding="utf-8")
    facts = unpack(page.split('id="lc-changes">', 1)[1].split("</script>", 1)[0])
    here = found.changes[found.changes["level"] == "community"]
    assert {row["id"] for row in facts["requirements"]} == set(here["requirement"])
    told = {row["id"]: row["areas"] for row in facts["requirements"]}
    for row in here.itertuples():
        step, before, after = told[row.requirement][row.area_id]
        steps = [row.change >= 0.1, row.change > 0, row.change == 0, row.change > -0.1, True]
        untold = pd.isna(row.change) or row.direction == "unknown"
        assert step == (None if untold else steps.index(True))
        assert [before, after] == [
            None if pd.isna(share) else pytest.approx(share, abs=5e-5)
            for share in (row.share_a, row.share_b)
        ]
    come, gone = facts["facilities"]
    assert len(come["places"]) == 1
    assert "东乡文化站" in come["places"][0][2]
    assert gone["places"] == []


def test_what_only_one_run_can_judge_is_grey_on_the_map(base, everything):
    both = compare_runs(base, everything)
    unknown = dataclasses.replace(both, changes=both.changes.assign(direction="unknown"))
    steps = [area[0] for row in changed_shares(unknown) for area in row["areas"].values()]
    assert steps
    assert set(steps) == {None}


def test_a_hostile_name_stays_text_in_every_output(base, richer, tmp_path):
    nasty = "=1+1</script><b>{x}"
    scores, index = richer.scores.copy(), richer.index.copy()
    for table in (scores, index):
        table.loc[table["area_id"] == "c2", "area_name"] = nasty
    facilities = richer.facilities.copy()
    facilities.loc[facilities["facility_id"] == "K3", "name"] = nasty
    import dataclasses  # noqa: PLC0415

    other = dataclasses.replace(richer, scores=scores, index=index, facilities=facilities)
    compare(base, other).save(tmp_path / "out")
    assert nasty not in (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    text = (tmp_path / "out" / "changes.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in text
    book = openpyxl.load_workbook(tmp_path / "out" / "changes.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_page_says_what_changed_in_either_language(base, everything):
    english, chinese = (
        Compared(comparison=compare_runs(base, everything, language=one)).summary()
        for one in ("en", "zh")
    )
    assert "Toytown → Toytown" in english
    assert "facilities" in english
    assert "北岸东社区 (split)" in english
    assert "个社区有改善" in chinese
    assert "析出" in chinese


def test_it_can_be_asked_from_python(toy_findings, tmp_path):
    toy_findings.save(tmp_path / "run")
    assert len(toy_findings.compare(tmp_path / "run").changes) == 0
    assert len(lc.compare(tmp_path / "run", tmp_path / "run").changes) == 0
    assert "nothing differs" in toy_findings.compare(toy_findings).summary()


@pytest.mark.browser
def test_the_map_draws_all_areas_as_one_and_tells_the_one_that_is_clicked(chromium, folder):
    facts = unpack(re.search(r'id="lc-changes">([^<]*)<', page_of(folder))[1])
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    troubles = []
    tab = context.new_page()
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.goto((folder / "map.html").as_uri())
    tab.wait_for_selector(".lc-changes .key")
    counted = [int(text) for text in tab.locator(".key b").all_inner_texts()]
    assert sum(counted[: len(facts["legend"])]) == len(facts["areas"])
    spot = """(() => {
        const map = Object.values(window).find((one) => one instanceof L.Map);
        const areas = Object.values(map._layers).filter((one) => one instanceof lifecircle.Shapes);
        const spot = map.latLngToContainerPoint(areas[0].boundsOf(0).getCenter());
        const box = map.getContainer().getBoundingClientRect();
        return [areas.length, spot.x + box.left, spot.y + box.top];
    })()"""
    layers, x, y = tab.evaluate(spot)
    assert layers == 2, "fills and outlines, whatever the number of areas"
    tab.mouse.click(x, y)
    assert tab.inner_text(".lc-changes h2") == facts["areas"][0]["name"]
    context.close()
    assert troubles == []


def page_of(folder):
    return (folder / "map.html").read_text(encoding="utf-8")
