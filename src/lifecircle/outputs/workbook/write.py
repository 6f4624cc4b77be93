"""The content of a run becomes the sheets of the Excel file a planner hands round."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.workbook.book import UNDATED, write_sheets
from lifecircle.outputs.workbook.entered import LEDGER, ledger, overlaid
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
        a landscape print set-up with repeated headings; an empty one says why it is empty. A
        hidden sheet says what the run itself had written.

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
    return write_sheets(
        overlaid(sheets, edition.entries),
        path,
        names,
        title=edition.title,
        release=edition.release,
        credit=OSM_CREDIT if any("ODbL" in one.licence for one in edition.sources) else "",
        created=_date(edition),
        hidden={LEDGER: ledger(sheets, edition.entries)},
    )


def _date(content: Content) -> datetime:
    dates = []
    for source in content.sources:
        try:
            dates.append(datetime.fromisoformat(source.date[:10]).replace(tzinfo=UTC))
        except ValueError:
            continue  # a source without a full date dates nothing
    return max(dates, default=UNDATED)
