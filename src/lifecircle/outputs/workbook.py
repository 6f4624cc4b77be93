"""The content of a run becomes the sheets of the Excel file a planner hands round."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lifecircle.outputs.book import UNDATED, write_sheets
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.sheet_areas import evaluation_sheet, layout_sheet
from lifecircle.outputs.sheet_doubts import doubt_sheet
from lifecircle.outputs.sheet_gaps import gap_sheet
from lifecircle.outputs.sheet_land import land_sheet
from lifecircle.outputs.sheet_last_round import last_round_sheet
from lifecircle.outputs.sheet_lists import lists_sheet
from lifecircle.outputs.sheet_notes import data_sheet, method_sheet
from lifecircle.outputs.sheet_places import place_sheet
from lifecircle.outputs.sheet_projects import programme_sheet, project_sheet
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
        The file written, in the content's language: gap list, project pool, yearly programme,
        evaluation, facilities and sites, land and rooms, data, method, doubtful data; where there
        are any, the lists compared and the rows of lists that have no place. Each table has frozen
        headings, a filter, totals below, drop-downs in the planner's columns and a landscape print
        set-up
        with repeated headings; an empty one says why it is empty.

    Raises
    ------
    SchemaError
        If a table lacks columns or holds an infinite number.
    SourceError
        If the file cannot be written, for instance while Excel holds it.
    """
    edition = released(content)
    names = Names.of(edition)
    sheets = [
        gap_sheet(edition, names),
        project_sheet(edition, names),
        programme_sheet(edition, names),
        evaluation_sheet(edition, names),
        layout_sheet(edition, names),
        land_sheet(edition, names),
        data_sheet(edition, names),
        method_sheet(edition, names),
        doubt_sheet(edition, names),
    ]
    if len(edition.last_round):
        sheets.append(last_round_sheet(edition, names))
    if len(edition.list_pairs):
        sheets.append(lists_sheet(edition, names))
    to_find = place_sheet(edition, names)
    if to_find is not None:
        sheets.append(to_find)
    return write_sheets(
        sheets,
        path,
        names,
        title=edition.title,
        release=edition.release,
        credit=OSM_CREDIT if any("ODbL" in one.licence for one in edition.sources) else "",
        created=_date(edition),
    )


def _date(content: Content) -> datetime:
    dates = []
    for source in content.sources:
        try:
            dates.append(datetime.fromisoformat(source.date[:10]).replace(tzinfo=UTC))
        except ValueError:
            continue  # a source without a full date dates nothing
    return max(dates, default=UNDATED)
