"""A planner's entries survive from run to run, wherever a row has gone meanwhile."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from lifecircle.errors import InputError, LifecircleWarning
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.entered import ledger, overlaid, with_entries
from lifecircle.outputs.workbook.gaps import gap_sheet
from lifecircle.outputs.workbook.projects import project_sheet
from lifecircle.outputs.workbook.write import write_workbook
from lifecircle.sources.records.returned import is_returned, read_returned
from lifecircle.study.records.returning import returned_entries, with_last_run
from lifecircle.study.save import save_run
from lifecircle.study.stages import Stages
from lifecircle.tables import Entries, Entry
from tests.sources.sheet_making import book


def saved(content, folder):
    save_run(content, folder, study={}, seeds={}, stages=Stages())
    return folder / "gaps.xlsx"


def header(page):
    row = next(r for r in range(1, 9) if "remarks" in [cell.value for cell in page[r]])
    return row, {
        str(cell.value).replace("\n", " "): at
        for at, cell in enumerate(page[row], start=1)
        if cell.value
    }


def test_a_workbook_no_run_wrote_is_refused(tmp_path):
    path = book(tmp_path, [["a", "b"], ["1", "2"]])
    with pytest.raises(InputError, match="hidden sheet"):
        read_returned(path)
    assert not is_returned(path)
    assert not is_returned(tmp_path / "nothing.xlsx")


def test_an_untouched_workbook_holds_no_entries(toy_findings, tmp_path):
    path = write_workbook(toy_findings.content, tmp_path / "gaps.xlsx")
    found = read_returned(path)
    assert found.carried == found.fresh == Entries()
    assert found.gone == 0


def by_openpyxl(path, folder):
    """Leave the workbook as openpyxl saved it."""


def by_libreoffice(path, folder):
    """Open the workbook in LibreOffice and save it there."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = (folder / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(folder / "saved"), str(path)], check=True, capture_output=True
    )
    shutil.copyfile(folder / "saved" / path.name, path)


@pytest.mark.parametrize("by", [by_openpyxl, by_libreoffice])
def test_thirty_entries_survive_two_further_runs(by, toy_findings, tmp_path):
    content, out = toy_findings.content, tmp_path / "run"
    path = saved(content, out)
    pages = openpyxl.load_workbook(path)
    page = pages["Gaps"]
    row, at = header(page)
    expected = {}
    ids = [page.cell(row + k, at["gap id"]).value for k in range(1, 11)]
    for k, key in enumerate(ids, start=1):
        for heading, code, value in (
            ("cost (10,000 CNY)", "cost", 100.0 + k),
            ("operator", "operator", f"operator {k}"),
            ("remarks", "note", "=HYPERLINK(1)" if k == 1 else f"+cmd {k}"),
        ):
            page.cell(row + k, at[heading]).value = value
            page.cell(row + k, at[heading]).data_type = "n" if code == "cost" else "s"
            expected["gaps", key, code] = value
    pages.save(path)
    by(path, tmp_path)
    for _ in range(2):
        saved(content, out)
        found = read_returned(path)
        assert {one.place: one.value for one in found.carried.cells} == expected
        assert found.fresh == Entries()
    page = openpyxl.load_workbook(path)["Gaps"]
    assert page.cell(row + 1, at["remarks"]).value == "=HYPERLINK(1)"
    assert page.cell(row + 1, at["remarks"]).data_type == "s"
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert len(record["entries"]) == 30


def test_rows_may_be_sorted_deleted_and_added(toy_findings, tmp_path):
    content, out = toy_findings.content, tmp_path / "run"
    path = saved(content, out)
    pages = openpyxl.load_workbook(path)
    page = pages["Gaps"]
    row, at = header(page)
    last = row + len(content.real_gaps)
    rows = [[cell.value for cell in page[r]] for r in range(row + 1, last + 1)]
    rows[0][at["remarks"] - 1] = "first"
    deleted = rows.pop(1)
    own = [None] * len(rows[0])
    own[at["community"] - 1], own[at["remarks"] - 1] = "my own", "added by hand"
    rows = [*reversed(rows), own]
    for r, values in enumerate(rows, start=row + 1):
        for c, value in enumerate(values, start=1):
            page.cell(r, c).value = value
    pages.save(path)
    found = read_returned(path)
    assert [one.value for one in found.fresh.cells] == ["first"]
    assert found.gone == 1
    assert found.fresh.changed == ()
    assert dict(found.fresh.added[0][1])["community"] == "my own"
    with pytest.warns(LifecircleWarning, match="1 rows of the run were deleted"):
        entries = with_last_run(Entries(), out)
    names = Names.of(content)
    sheet = overlaid([gap_sheet(content, names)], entries)[0]
    assert len(sheet.blocks[0].rows) == len(content.real_gaps)  # computed again, the deleted too
    assert deleted[at["gap id"] - 1] in [one[1] for one in sheet.blocks[0].rows]
    assert any('"added by hand"' in line for line in ledger([sheet], entries))


def test_overwritten_figures_are_told_and_not_taken_over(toy_findings, tmp_path):
    content, out = toy_findings.content, tmp_path / "run"
    path = saved(content, out)
    pages = openpyxl.load_workbook(path)
    page = pages["Gaps"]
    row, at = header(page)
    was = page.cell(row + 1, at["people not covered"]).value
    page.cell(row + 1, at["people not covered"]).value = was + 5000
    pages.save(path)
    with pytest.warns(LifecircleWarning, match="1 computed cells were overwritten"):
        entries = returned_entries([path])
    assert entries.cells == ()
    assert str(int(was + 5000)) in entries.changed[0]


def test_an_entry_whose_row_is_gone_is_kept_and_returns_with_it(toy_findings, tmp_path):
    content = toy_findings.content
    gap = content.real_gaps["gap_id"].iloc[0]
    entries = Entries(cells=(Entry(table="gaps", key=gap, field="note", value="mine"),))
    without = replace(content, entries=entries, gaps=content.gaps[content.gaps["gap_id"] != gap])
    path = write_workbook(without, tmp_path / "gaps.xlsx")
    assert "Kept entries" in openpyxl.load_workbook(path).sheetnames
    assert [one.place for one in read_returned(path).carried.cells] == [("gaps", gap, "note")]
    back = write_workbook(
        replace(content, entries=read_returned(path).carried), tmp_path / "again.xlsx"
    )
    assert [one.value for one in read_returned(back).carried.cells] == ["mine"]
    assert "Kept entries" not in openpyxl.load_workbook(back).sheetnames


def test_entries_of_projects_reach_every_table(toy_findings):
    content = toy_findings.content
    project = content.projects["project_id"].iloc[0]
    before = content.projects.copy()
    entries = Entries(
        cells=(
            Entry(table="projects", key=project, field="year", value="9"),
            Entry(table="projects", key=project, field="lead_body", value="Our office"),
            Entry(table="projects", key=project, field="mode", value="租赁"),
            Entry(table="projects", key="x-unknown", field="mode", value="租赁"),
        )
    )
    new = with_entries(replace(content, entries=entries))
    row = new.projects[new.projects["project_id"] == project].iloc[0]
    assert (row["year"], row["lead_body"], row["mode"]) == (9, "Our office", "lease")
    plan = new.programme[new.programme["project_id"] == project]
    assert len(plan) > 0
    assert set(plan["year"]) == {9}
    assert set(plan["lead_body"]) == {"Our office"}
    assert set(new.sites[new.sites["project_id"] == project]["year"]) == {9}
    assert set(new.gaps[new.gaps["project_id"] == project]["year"]) == {9}
    pd.testing.assert_frame_equal(content.projects, before)
    year = next(one for one in new.entries.cells if one.field == "year")
    assert year.was == before.set_index("project_id").loc[project, "year"]


def test_entries_of_cost_operator_and_remarks_reach_the_projects(toy_findings):
    content = toy_findings.content
    project = content.projects["project_id"].iloc[0]
    told = {"cost": "1,250.5万元", "operator": "Our friends", "note": "=ask first"}
    entries = Entries(
        cells=(
            *(
                Entry(table="projects", key=project, field=name, value=value)
                for name, value in told.items()
            ),
            Entry(table="projects", key="x2", field="cost", value="a lot"),
        )
    )
    new = with_entries(replace(content, entries=entries))
    row = new.projects.set_index("project_id").loc[project]
    assert row[["cost_wan", "operator", "note"]].tolist() == [1250.5, "Our friends", "=ask first"]
    totals = project_sheet(new, Names.of(new)).blocks[1].rows[-1]
    assert totals[-1] == 1250.5
    unread = replace(entries, cells=(replace(entries.cells[0], value="a lot"),))
    assert with_entries(replace(content, entries=unread)).projects["cost_wan"].isna().all()


def test_a_project_of_the_reserve_that_is_given_a_year_leaves_it(toy_findings):
    content = toy_findings.content
    project = content.projects["project_id"].iloc[0]
    held = {
        name: getattr(content, name).assign(status="reserve", year=float("nan"))
        for name in ("projects", "programme")
    }
    entry = Entry(table="projects", key=project, field="year", value=2.0)
    new = with_entries(replace(content, **held, entries=Entries(cells=(entry,))))
    for table in (new.projects, new.programme):
        mine = table["project_id"] == project
        assert set(table.loc[mine, "status"]) == {"proposed"}
        assert set(table.loc[~mine, "status"]) == {"reserve"}
    starts = new.community_programme.set_index("community_id")["start_year"].dropna()
    mine = new.programme[new.programme["project_id"] == project]
    assert starts.to_dict() == dict.fromkeys(mine["community_id"], 2.0)
    kept = Entry(table="projects", key=project, field="status", value="储备")
    new = with_entries(replace(content, **held, entries=Entries(cells=(entry, kept))))
    assert set(new.projects["status"]) == {"reserve"}


def test_entries_of_projects_and_communities_survive_two_further_runs(toy_findings, tmp_path):
    """Some thirty entries: years, costs, bodies and remarks of projects, types of communities."""
    content, out = toy_findings.content, tmp_path / "run"
    path = saved(content, out)
    expected = {}
    pages = openpyxl.load_workbook(path)
    wanted = {
        ("Projects", "projects", "project id"): {
            "year": ("year", 4.0),
            "cost (10,000 CNY)": ("cost", 77.5),
            "operator": ("operator", "ours"),
            "status": ("status", "approved"),
            "remarks": ("note", "settled"),
        },
        ("Communities", "community_programme", "community id"): {
            "leading or basic": ("kind", "leading (proposed)"),
            "new-build or old estates": ("estate_kind", "old estates"),
            "starts in year": ("start_year", 5.0),
            "remarks": ("note", "talked over"),
        },
    }
    for (name, table, key), cells in wanted.items():
        page = pages[name]
        row, at = header(page)
        count = len(getattr(content, table))
        assert count > 1
        for k in range(1, count + 1):
            for heading, (code, value) in cells.items():
                cell = page.cell(row + k, at[heading])
                if cell.value != value:  # what is so already is no entry
                    expected[table, page.cell(row + k, at[key]).value, code] = value
                cell.value = value
    pages.save(path)
    assert len(expected) >= 24
    for _ in range(2):
        saved(content, out)
        found = read_returned(path)
        assert {one.place: one.value for one in found.carried.cells} == expected
        assert found.fresh == Entries()
    table = pd.read_csv(out / "tables" / "community_programme.csv")
    assert set(table["kind"]) == {"leading"}
    assert set(table["estate_kind"]) == {"old"}
    assert set(table["start_year"]) == {5}
    projects = pd.read_csv(out / "tables" / "projects.csv")
    assert set(projects["status"]) == {"approved"}
    assert set(projects["cost_wan"]) == {77.5}


def test_later_entries_win_in_their_order(toy_findings, tmp_path):
    content, out = toy_findings.content, tmp_path / "run"
    gap = content.real_gaps["gap_id"].iloc[0]

    def entry(value):
        return Entries(cells=(Entry(table="gaps", key=gap, field="note", value=value),))

    path = saved(replace(content, entries=entry("carried")), out)
    assert with_last_run(Entries(), out).cells[0].value == "carried"
    assert with_last_run(entry("returned"), out).cells[0].value == "returned"
    pages = openpyxl.load_workbook(path)
    row, at = header(pages["Gaps"])
    pages["Gaps"].cell(row + 1, at["remarks"]).value = "typed since"
    pages.save(path)
    assert with_last_run(entry("returned"), out).cells[0].value == "typed since"
