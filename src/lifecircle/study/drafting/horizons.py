"""
What recognised files say of later moments -> sections [[horizon]] and [provision] of a study file.

A horizon is drafted only where a file offers something that is not there yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from lifecircle.sources.facilities.lists import FACILITY_COLUMNS
from lifecircle.sources.facilities.notes import read_note
from lifecircle.sources.facilities.openings import opening_year
from lifecircle.sources.land.detailed_plan import PLOT_COLUMNS, UNIT_COLUMNS
from lifecircle.study.drafting.cells import named
from lifecircle.study.drafting.folder import Found
from lifecircle.study.drafting.texts import one_line, part_of

_COMING = ("building", "planned", "promised")
_NOT_BUILT = r"\s*(?:否|0|未.*|规划|n|no|false|拟建|待建)\s*"


def to_come(used: Mapping[str, Sequence[Found]], path_of: Callable[[Path], str]) -> list[str]:
    """
    Draft what is to come.

    Parameters
    ----------
    used
        Kind of file to the files of that kind.
    path_of
        Writes a path of the study file.

    Returns
    -------
    lines
        Of the study file; none where no file says anything of it.
    """
    return [*_provision(used, path_of), *_horizons(used)]


def _provision(used: Mapping[str, Sequence[Found]], path_of: Callable[[Path], str]) -> list[str]:
    ledgers = [*used.get("handover", ()), *used.get("let_rooms", ())]
    if not ledgers or not used.get("estates"):
        return []
    one = ledgers[0]
    return [
        "",
        "[provision]",
        f"# {one_line(f'{one.path.name}{part_of(one)}: {one.why}')}",
        "# estates are checked against it: promised, built, handed over",
        f"handover = {path_of(one.path)}",
    ]


def _horizons(used: Mapping[str, Sequence[Found]]) -> list[str]:
    counts, years = _coming(used.get("facilities", ()))
    roads = sum(_not_built(one) for one in used.get("planned_roads", ()))
    promised = any(_cells(one, PLOT_COLUMNS["facilities"]) for one in used.get("plan", ()))
    people = _planned_people(used.get("units", ()))
    lines = []
    if counts:
        said = ", ".join(f"{status} {counts[status]}" for status in _COMING if status in counts)
        kinds = [status for status in ("building",) if status in counts] or ["planned"]
        year = f"year = {max(years):.0f}" if years else "# year = 2028"
        why = "the latest year the lists name" if years else "what opens later does not count then"
        lines += [
            "",
            "# What is there later, beside this study, which is `now`. The lists hold facilities "
            f"to come: {said}.",
            "[[horizon]]",
            'name = "near"',
            f"{year}  # {why}",
            _listed("facilities", ["existing", *kinds]),
            "# growth = 1.02, or people = a table like homes.table; housing = a list of dwellings",
        ]
    if roads or promised or people or (counts.keys() - {"building"}):
        statuses = [one for one in ("building", "planned") if one in counts or one == "planned"]
        lines += ["", "[[horizon]]", 'name = "end"']
        if people and people[1]:
            lines.append(f"year = {people[1]}  # of the plan: {one_line(people[0])}")
        lines.append(
            _listed("facilities", ["existing", *statuses, *(["promised"] if promised else [])])
        )
        if roads:
            lines += [
                f"# the detailed plan has {roads} roads that are not built",
                _listed("roads", ["existing", "planned"]),
            ]
        if people:
            lines.append('people = "plan"  # what its units are planned for')
        lines.append("# programme = true                # counts the proposed sites as built")
    return lines


def _listed(key: str, words: Sequence[str]) -> str:
    return f"{key} = [{', '.join(f'{chr(34)}{word}{chr(34)}' for word in words)}]"


def _cells(one: Found, names: Sequence[str]) -> list[str]:
    """Take the filled cells of the first column of one of these names."""
    if one.look is None:
        return []
    column = named(one.look.cells, *names)
    if column is None:
        return []
    texts = one.look.cells[column].dropna().astype(str)
    return [text for text in texts if text.strip()]


def _coming(lists: Sequence[Found]) -> tuple[dict[str, int], list[float]]:
    """Count facilities to come by status, and the years they open."""
    counts: dict[str, int] = {}
    years: list[float] = []
    for one in lists:
        notes = [text for key in ("note", "status") for text in _cells(one, FACILITY_COLUMNS[key])]
        for note in notes:
            status = read_note(note).status
            if status in _COMING:
                counts[str(status)] = counts.get(str(status), 0) + 1
                year = opening_year(note)
                years += [] if pd.isna(year) else [year]
    return counts, years


def _not_built(one: Found) -> int:
    texts = _cells(one, PLOT_COLUMNS["built"])
    return sum(re.fullmatch(_NOT_BUILT, text.casefold()) is not None for text in texts)


def _planned_people(units: Sequence[Found]) -> tuple[str, str] | None:
    """Find the column of planned people, and the year its name says."""
    for one in units:
        column = None if one.look is None else named(one.look.cells, *UNIT_COLUMNS["people"])
        if column is not None:
            year = re.search(r"20\d\d", column)
            return column, year[0] if year else ""
    return None
