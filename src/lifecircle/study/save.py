"""From a bundle of results to a folder on disk, swapped in whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lifecircle.config.export_section import ExportSection
from lifecircle.config.sheets_section import SheetsSection
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.exports import write_exports
from lifecircle.outputs.layers import write_geopackage
from lifecircle.outputs.release import released
from lifecircle.outputs.report.write import write_report
from lifecircle.outputs.runfile import write_run
from lifecircle.outputs.sheets.page import Frame
from lifecircle.outputs.sheets.write import write_sheets
from lifecircle.outputs.swap import RUN_RECORD, claim, make_fresh, swap_in
from lifecircle.outputs.webmap.write import save_map
from lifecircle.outputs.workbook.entered import with_entries
from lifecircle.outputs.workbook.write import write_workbook
from lifecircle.study.records.returning import WORKBOOK, holds_entries, with_last_run
from lifecircle.study.stages import Stages

_NO_EXPORT = ExportSection()
_NO_SHEETS = SheetsSection()


def save_run(
    content: Content,
    out: Path,
    *,
    study: Mapping[str, object],
    seeds: Mapping[str, int],
    stages: Stages,
    export: ExportSection = _NO_EXPORT,
    sheets: SheetsSection = _NO_SHEETS,
) -> tuple[Path, ...]:
    """
    Write every file of a run and put the run in its place.

    Parameters
    ----------
    content
        What there is to show.
    out
        The run's folder.
    study
        The resolved study, for the record.
    seeds
        Seed of every stage that draws numbers.
    stages
        Stopwatch; its timings go into the record.
    export
        Which further files are written.
    sheets
        Which sheets are printed.

    Returns
    -------
    edited
        Where files the planner had edited have been moved to; empty when there were none. The
        workbook with the planner's entries is among them where a public edition replaces it.

    Raises
    ------
    SourceError
        If the folder holds something else, or a file in it is open in another program.
    """
    out = claim(out)
    content = _with_last_run(content, out, stages)
    fresh = make_fresh(out)
    tables = fresh / "tables"
    tables.mkdir()
    with stages.stage("tables"):
        files: list[Path] = [*write_tables(content, tables)]
    with stages.stage("map"):
        save_map(content, fresh / "map.html")
    with stages.stage("workbook"):
        write_workbook(content, fresh / "gaps.xlsx")
    with stages.stage("layers"):
        write_geopackage(content, fresh / "results.gpkg")
    with stages.stage("report"):
        write_report(content, fresh / "report.docx")
    files += [fresh / name for name in ("map.html", "gaps.xlsx", "results.gpkg", "report.docx")]
    with stages.stage("exports"):
        files += write_exports(
            fresh / "results.gpkg",
            fresh / "exports",
            formats=export.formats,
            layers=export.layers,
            renamed=export.renamed,
        )
    if sheets.draw:
        with stages.stage("sheets"):
            files += write_sheets(
                content,
                fresh / "sheets",
                draw=sheets.draw,
                formats=sheets.formats,
                frame=_frame(sheets),
                dpi=sheets.dpi,
            )
    log = fresh / "run.log"
    log.write_text(_log(released(content), stages), encoding="utf-8")
    write_run(
        content,
        fresh / RUN_RECORD,
        study=study,
        seeds=seeds,
        timings_s=stages.timings,
        files=files,
    )
    # A public edition holds nothing of what a planner wrote: the workbook that does is kept.
    last = content.release == "public" and bool(content.entries) and holds_entries(out)
    return swap_in(fresh, out, keep=(WORKBOOK,) if last else ())


def _frame(sheets: SheetsSection) -> Frame:
    return Frame(
        organisation=sheets.organisation or "",
        date=sheets.date or "",
        number=sheets.number or "",
    )


def _with_last_run(content: Content, out: Path, stages: Stages) -> Content:
    """Carry on what the planner wrote into the run that is about to be replaced."""
    known = len(stages.warnings)
    with stages.stage("entries"):
        entries = with_last_run(content.entries, out)
    content = replace(
        content,
        entries=entries,
        warnings=(*content.warnings, *stages.warnings[known:]),
    )
    if not entries:
        return content
    label = "沿用的填报（处）" if content.language == "zh" else "entries of the planner carried on"
    return with_entries(replace(content, notes={**content.notes, label: str(len(entries.cells))}))


def _log(content: Content, stages: Stages) -> str:
    lines: Sequence[str] = [
        content.title,
        *(f"{name}: {seconds:.2f} s" for name, seconds in stages.timings.items()),
        *(f"warning: {text}" for text in content.warnings),
    ]
    return "\n".join(lines) + "\n"
