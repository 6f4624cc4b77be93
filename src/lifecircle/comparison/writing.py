"""A comparison -> its tables as CSV and as one workbook; the page it prints."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from lifecircle.comparison.changemap import save_change_map
from lifecircle.comparison.comparing import Comparison, verdict_changes
from lifecircle.comparison.layer import community_layer, write_layer
from lifecircle.comparison.results import CHANGES, GAPS, GRADES
from lifecircle.comparison.words import HEADINGS, label, say
from lifecircle.outputs.csvs import inert
from lifecircle.outputs.names import Names
from lifecircle.outputs.style import heading
from lifecircle.outputs.workbook.book import write_sheets
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Form, Row, Worksheet, records
from lifecircle.provenance import OSM_CREDIT, sha256_of
from lifecircle.tables import LEVELS

RECORD = "compare.json"
"""Record of a comparison: what its folder is known by."""
_DECIMALS: Mapping[str, int] = {
    **dict.fromkeys(("share_a", "share_b", "change"), 4),
    **dict.fromkeys(("by_people", "by_facilities", "by_streets", "by_areas", "by_other"), 4),
    **dict.fromkeys(("index_a", "index_b", "index_change"), 2),
    **dict.fromkeys(("people_a", "people_b", "people_short_a", "people_short_b"), 1),
    "minutes": 0,
}
_FORMS: Mapping[str, Form] = {
    **dict.fromkeys(("share_a", "share_b", "change"), "share"),
    **dict.fromkeys(("by_people", "by_facilities", "by_streets", "by_areas", "by_other"), "share"),
    **dict.fromkeys(("index_a", "index_b", "index_change"), "score"),
    **dict.fromkeys(("people_a", "people_b", "people_short_a", "people_short_b"), "people"),
    **dict.fromkeys(("grade_a", "grade_b"), "grade"),
    "minutes": "number",
    "evidence": "prose",
    "requirement": "wide",
}
_DOMAINS: Mapping[str, str] = {
    "level": "level",
    **dict.fromkeys(("verdict_a", "verdict_b"), "verdict"),
    **dict.fromkeys(("kind_a", "kind_b"), "gap_kind"),
    **dict.fromkeys(("reason_a", "reason_b"), "reason"),
}
_OWN = {"direction": "direction", "why": "why", "relation": "relation", "state": "state"}
_ORDER: Mapping[str, tuple[str, ...]] = {
    "changes": ("level", "area_id", "requirement", "area_a"),
    "grades": ("level", "area_id", "minutes", "area_a"),
    "gaps_changed": ("state", "community_id", "requirement", "gap_id_a"),
}
_TOLD = 8


def write_comparison(comparison: Comparison, folder: Path) -> tuple[Path, ...]:
    """
    Write everything a comparison has to show.

    Parameters
    ----------
    comparison
        The comparison.
    folder
        An existing folder.

    Returns
    -------
    paths
        ``changes.csv``, ``grades.csv``, ``gaps_changed.csv``, ``changes.xlsx``,
        ``changes.gpkg``, ``map.html`` and, last, ``compare.json`` with their sha256. The same
        runs give the same bytes.
    """
    paths = [_write_csv(name, frame, folder) for name, frame in _tables(comparison).items()]
    paths.append(_write_book(comparison, folder / "changes.xlsx"))
    paths.append(write_layer(comparison, folder / "changes.gpkg"))
    paths.append(save_change_map(comparison, folder / "map.html"))
    a, b = comparison.runs
    record = {
        "kind": "comparison",
        "runs": [
            {"title": run.title, "release": run.release, "crs": run.crs.to_string()}
            for run in (a, b)
        ],
        "standards": [f"{run.standard.name} {run.standard.edition}" for run in (a, b)],
        "rules": dict(comparison.rules),
        "requirements": list(comparison.requirements),
        "notes": list(comparison.notes),
        "counts": {name: len(frame) for name, frame in _tables(comparison).items()},
        "files": {path.name: sha256_of(path) for path in paths},
    }
    path = folder / RECORD
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return (*paths, path)


def _tables(comparison: Comparison) -> dict[str, pd.DataFrame]:
    found = {
        "changes": comparison.changes[list(CHANGES)],
        "grades": comparison.grades[list(GRADES)],
        "gaps_changed": comparison.gaps[list(GAPS)],
    }
    return {name: _ordered(frame, name) for name, frame in found.items()}


def _ordered(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    keys = pd.DataFrame(index=frame.index)
    for name in _ORDER[table]:
        if name == "level":
            keys[name] = [LEVELS.index(str(one)) for one in frame[name]]
        else:
            numbers = name == "minutes"
            keys[name] = frame[name] if numbers else frame[name].fillna("").astype(str)
    order = keys.sort_values(list(keys.columns), kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _write_csv(name: str, frame: pd.DataFrame, folder: Path) -> Path:
    path = folder / f"{name}.csv"
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    texts = [[_text(column, cell, name) for cell in frame[column]] for column in frame.columns]
    writer.writerows(zip(*texts, strict=True))
    path.write_bytes(stream.getvalue().encode("utf-8-sig"))
    return path


def _text(column: str, cell: object, table: str) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(cell, str):
        return inert(cell)
    decimals = 1 if (table, column) == ("gaps_changed", "change") else _DECIMALS[column]
    return f"{float(str(cell)) + 0.0:.{decimals}f}"


def _write_book(comparison: Comparison, path: Path) -> Path:
    b = comparison.runs[1]
    language = comparison.language
    standards = [run.standard for run in comparison.runs]
    names = Names(
        language=language,
        services={
            key: pair[language] for one in standards for key, pair in one.service_labels.items()
        },
        types={},
        requirements={
            one.id: str(getattr(one, f"label_{language}"))
            for standard in standards
            for one in standard.requirements
        },
        communities={},
        facilities={},
    )
    titles = {"changes": "sheet_changes", "grades": "sheet_grades", "gaps_changed": "sheet_gaps"}
    note = say("note", language)
    sheets = [
        Worksheet(
            name=say(titles[table], language),
            note=" ".join((*comparison.notes[:1], note)) if comparison.rules else note,
            blocks=(
                Block(
                    title=say(titles[table], language),
                    fields=tuple(_field(column, table, language) for column in frame.columns),
                    rows=tuple(_row(row, names) for row in records(frame)),
                    empty=say("empty", language),
                ),
            ),
            held=3,
        )
        for table, frame in _tables(comparison).items()
    ]
    texts = (*summary_lines(comparison), *comparison.notes, note)
    sheets.append(
        Worksheet(
            name=say("sheet_notes", language),
            note="",
            blocks=(
                Block(
                    title=say("sheet_notes", language),
                    fields=(Field(heading=say("sheet_notes", language), form="prose", span=2),),
                    rows=tuple((line,) for line in texts if line),
                ),
            ),
            paper="A4",
        )
    )
    licences = {licence for run in comparison.runs for licence in run.licences}
    return write_sheets(
        sheets,
        path,
        names,
        title=f"{comparison.runs[0].title} → {b.title}",
        release=b.release,
        credit=OSM_CREDIT if any("ODbL" in one for one in licences) else "",
    )


def _field(column: str, table: str, language: str) -> Field:
    words = HEADINGS.get(column)
    named = heading(column, language) if words is None else words[language != "zh"]
    people = (table, column) == ("gaps_changed", "change")
    return Field(heading=named, form="people" if people else _FORMS.get(column, "text"))


def _row(row: Mapping[str, Cell], names: Names) -> Row:
    shown: Callable[[str, Cell], Cell] = lambda column, cell: _cell(column, cell, names)  # noqa: E731
    return tuple(shown(column, cell) for column, cell in row.items())


def _cell(column: str, cell: Cell, names: Names) -> Cell:
    if column in _OWN:
        return label(_OWN[column], cell, names.language)
    if column in _DOMAINS:
        return names.label(_DOMAINS[column], cell)
    if column == "requirement":
        return names.requirements.get(str(cell), str(cell))
    if column == "service":
        return names.services.get(str(cell), str(cell))
    return cell


def summary_lines(comparison: Comparison) -> tuple[str, ...]:
    """
    Sum a comparison up.

    Parameters
    ----------
    comparison
        The comparison.

    Returns
    -------
    lines
        Counts of communities, verdicts, gaps and causes, and what became of facilities and areas.
    """
    language = comparison.language
    a, b = comparison.runs
    layer = community_layer(comparison)
    counts = layer["direction"].value_counts()
    lines = [say("summary_head", language).format(a=a.title, b=b.title)]
    codes = ("better", "worse", "mixed", "same", "unknown")
    lines.append(
        say("summary_counts", language).format(
            areas=len(layer),
            requirements=len(comparison.requirements),
            **{code: int(counts.get(code, 0)) for code in codes},
        )
    )
    states = comparison.gaps["state"].value_counts()
    lines.append(
        say("summary_gaps", language).format(
            **{code: int(states.get(code, 0)) for code in ("closed", "new", "stays", "unknown")}
        )
    )
    table = comparison.changes
    here = (table["level"] == "community").to_numpy(dtype=bool)
    turned = table[here & verdict_changes(comparison)]
    words = [
        f"{label('direction', code, language)} {count}"
        for code, count in _counts(turned["direction"])
    ]
    if words:
        lines.append(f"{say('summary_verdicts', language)}: {', '.join(words)}")
    words = [
        f"{label('why', code, language)} {count}" for code, count in _counts(table.loc[here, "why"])
    ]
    if words:
        lines.append(f"{say('summary_why', language)}: {', '.join(words)}")
    words = _facility_words(comparison)
    if words:
        lines.append(f"{say('summary_facilities', language)}: {', '.join(words)}")
    moved = layer[layer["relation"] != "same"]
    words = [
        f"{row.name} ({label('relation', row.relation, language)})"
        for row in moved[["name", "relation"]].itertuples(index=False)
    ]
    if words:
        rest = (
            [say("more", language).format(count=len(words) - _TOLD)] if len(words) > _TOLD else []
        )
        lines.append(f"{say('summary_areas', language)}: {', '.join([*words[:_TOLD], *rest])}")
    if table.empty:
        lines.append(say("summary_same", language))
    return tuple(lines)


def _facility_words(comparison: Comparison) -> list[str]:
    both, language = comparison.facilities, comparison.language
    found: dict[str, int] = {}
    for run in (0, 1):
        for row in range(len(both.tables[run])):
            if run and both.partner[1][row] >= 0:
                continue
            change = both.change_of(run, row)
            if change:
                found[change] = found.get(change, 0) + 1
    return [
        f"{say(f'change_{change}', language).rstrip('：: ')} {count}"
        for change, count in sorted(found.items())
    ]


def _counts(codes: pd.Series) -> list[tuple[str, int]]:
    counted = codes.dropna().value_counts()
    pairs = [(str(code), int(np.int64(count))) for code, count in counted.items()]
    return sorted(pairs, key=lambda item: (-item[1], item[0]))
