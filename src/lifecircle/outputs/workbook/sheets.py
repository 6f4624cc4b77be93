"""Which sheets the workbook of a run has, and in which order."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.areas import evaluation_sheet, layout_sheet
from lifecircle.outputs.workbook.checkup import checkup_sheet
from lifecircle.outputs.workbook.doubts import doubt_sheet
from lifecircle.outputs.workbook.entered import kept_sheet
from lifecircle.outputs.workbook.equity import equity_sheet
from lifecircle.outputs.workbook.gap_totals import gap_totals_sheet
from lifecircle.outputs.workbook.gaps import gap_sheet
from lifecircle.outputs.workbook.grid import Worksheet
from lifecircle.outputs.workbook.horizons import horizon_sheet
from lifecircle.outputs.workbook.land import land_sheet
from lifecircle.outputs.workbook.last_round import last_round_sheet
from lifecircle.outputs.workbook.lists import lists_sheet
from lifecircle.outputs.workbook.measures import coverage_sheet
from lifecircle.outputs.workbook.needs import needs_sheet
from lifecircle.outputs.workbook.notes import data_sheet, method_sheet
from lifecircle.outputs.workbook.opinions import opinion_sheet
from lifecircle.outputs.workbook.overrides import override_sheet
from lifecircle.outputs.workbook.places import place_sheet
from lifecircle.outputs.workbook.projects import programme_sheet, project_sheet
from lifecircle.outputs.workbook.provision import provision_sheet
from lifecircle.outputs.workbook.steady import steady_sheet
from lifecircle.outputs.workbook.supply import supply_sheet
from lifecircle.outputs.workbook.units import advice_sheet, units_sheet


def sheets_of(content: Content, names: Names) -> tuple[Worksheet, ...]:
    """
    Lay out every sheet of the workbook.

    Parameters
    ----------
    content
        What the run has to show, in the edition its release allows.
    names
        Its words.

    Returns
    -------
    sheets
        Gap list and its totals, project pool, yearly programme, evaluation; facilities and sites,
        land and rooms; where there are any, service units, advice on communities, the check-up,
        sizes and loads, coverage by base, equity, residents' needs, the last round's projects,
        horizons and what
        estates had to provide; data, method, doubtful data, steadiness; where there are any, the
        lists compared, rows of lists that have no place, opinions, overrides and entries without
        a row.
    """
    answers = (gap_sheet, gap_totals_sheet, project_sheet, programme_sheet, evaluation_sheet)
    places = (layout_sheet, land_sheet, units_sheet, advice_sheet)
    beside = (checkup_sheet, supply_sheet, coverage_sheet, equity_sheet, needs_sheet)
    later = (last_round_sheet, horizon_sheet, provision_sheet)
    grounds = (data_sheet, method_sheet, doubt_sheet, steady_sheet)
    lists = (lists_sheet, place_sheet, opinion_sheet, override_sheet)
    found = [
        sheet
        for lay_out in (*answers, *places, *beside, *later, *grounds, *lists)
        if (sheet := lay_out(content, names)) is not None
    ]
    kept = kept_sheet(found, content, names)
    return tuple(found if kept is None else [*found, kept])
