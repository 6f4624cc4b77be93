"""The content of a run becomes the sheets of the Excel file a planner hands round."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.workbook.book import UNDATED, write_sheets
from lifecircle.outputs.workbook.entered import LEDGER, ledger, overlaid
from lifecircle.outputs.workbook.grid import Block, Worksheet
from lifecircle.outputs.workbook.sheets import sheets_of
from lifecircle.provenance import OSM_CREDIT


def write_workbook(content: Content, path: Path) -> Path:
    """
    Write the workbook of a run.

    Parameters
    ----------
    content
        What the run has to show; the public edition is made here where it is asked for.
    path
        The ``.xlsx`` file.

    Returns
    -------
    path
        The file written, in the content's language, with the sheets of `sheets.sheets_of`. Each
        table has frozen headings, a filter, totals below, drop-downs in the planner's columns and
        a landscape print set-up with repeated headings; an empty one says why it is empty. In
        an internal edition a hidden sheet says what the run itself had written; a public one has
        neither hidden sheets nor drop-downs nor the planner's empty columns.

    Raises
    ------
    SchemaError
        If a table lacks columns or holds an infinite number.
    SourceError
        If the file cannot be written, for instance while Excel holds it.
    """
    edition = released(content)
    names = Names.of(edition)
    sheets = sheets_of(edition, names)
    # What is handed round is not filled in: no drop-downs, and so no hidden sheet behind them.
    public = edition.release == "public"
    return write_sheets(
        [_to_read(one) for one in sheets] if public else overlaid(sheets, edition.entries),
        path,
        names,
        title=edition.title,
        release=edition.release,
        credit=OSM_CREDIT if any("ODbL" in one.licence for one in edition.sources) else "",
        created=_date(edition),
        hidden={} if public else {LEDGER: ledger(sheets, edition.entries)},
    )


def _to_read(sheet: Worksheet) -> Worksheet:
    """Take the planner's columns that nobody filled in, and the drop-downs, off a sheet."""
    return replace(sheet, blocks=tuple(_block_to_read(block) for block in sheet.blocks))


def _block_to_read(block: Block) -> Block:
    keep = [
        at
        for at, spec in enumerate(block.fields)
        if not spec.planner or any(row[at] not in (None, "") for row in block.rows)
    ]
    return replace(
        block,
        fields=tuple(replace(block.fields[at], choices=(), planner=False) for at in keep),
        rows=tuple(tuple(row[at] for at in keep) for row in block.rows),
    )


def _date(content: Content) -> datetime:
    dates = []
    for source in content.sources:
        try:
            dates.append(datetime.fromisoformat(source.date[:10]).replace(tzinfo=UTC))
        except ValueError:
            continue  # a source without a full date dates nothing
    return max(dates, default=UNDATED)
