"""Which sheets the workbook of a run has, and in which order."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.areas import evaluation_sheet, layout_sheet
from lifecircle.outputs.workbook.checkup import checkup_sheet
from lifecircle.outputs.workbook.choice import choice_sheet
from lifecircle.outputs.workbook.community_programme import community_programme_sheet
from lifecircle.outputs.workbook.contents import contents_sheet
from lifecircle.outputs.workbook.doubts import doubt_sheet
from lifecircle.outputs.workbook.entered import kept_sheet
from lifecircle.outputs.workbook.equity import equity_sheet
from lifecircle.outputs.workbook.gap_totals import gap_totals_sheet
from lifecircle.outputs.workbook.gaps import gap_sheet
from lifecircle.outputs.workbook.grid import Worksheet
from lifecircle.outputs.workbook.handing_on import handover_sheet
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
from lifecircle.outputs.workbook.remedies import remedy_sheet
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
        What is handed in first: gaps, remedies, projects, programme, evaluation; then sites, land
        and units; the measures beside them; data, method and doubts. A sheet that would be empty
        is left out. The contents come second: what opens is the gap list.
    """
    answers = (
        *(gap_sheet, gap_totals_sheet, remedy_sheet, project_sheet, programme_sheet),
        *(community_programme_sheet, evaluation_sheet),
    )
    places = (layout_sheet, choice_sheet, handover_sheet, land_sheet, units_sheet, advice_sheet)
    beside = (checkup_sheet, supply_sheet, coverage_sheet, equity_sheet, needs_sheet)
    later = (last_round_sheet, horizon_sheet, provision_sheet)
    grounds = (data_sheet, method_sheet, doubt_sheet, steady_sheet)
    lists = (lists_sheet, place_sheet, opinion_sheet, override_sheet)
    say = names.say
    groups = [
        (purpose, [sheet for lay_out in group if (sheet := lay_out(content, names)) is not None])
        for purpose, group in (
            (say("交付成果", "hand in"), (*answers, *places)),
            (say("工作底表", "work with"), (*beside, *later)),
            (say("依据与核对", "check and fill in"), (*grounds, *lists)),
        )
    ]
    found = [sheet for _, sheets in groups for sheet in sheets]
    kept = kept_sheet(found, content, names)
    if kept is not None:
        groups[-1][1].append(kept)
        found.append(kept)
    first, *others = found
    return (first, contents_sheet(groups, names), *others)
