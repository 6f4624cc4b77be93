"""
A table of people by community -> rows with people and groups, sums kept apart.

A row without a number of people is told of and not used; numbers in 万人 are turned into people.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import DoubtfulRowsWarning, InputError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.people.groups import asked_groups, groups_among, nested_groups
from lifecircle.sources.people.sheets import latest_sheet
from lifecircle.sources.people.totals import recover, refuse_fractions
from lifecircle.sources.sheets.cells import Layer, numbers_of, texts_of, warn_of_rows
from lifecircle.sources.sheets.head import joined_lines
from lifecircle.sources.sheets.spreadsheets import Sheet, cells_of, read_sheet
from lifecircle.sources.sheets.words import BUILDING_COLUMNS

PEOPLE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("community_id", "社区代码", "社区编码", "村代码", "村社区代码", "统计用区划代码"),
        *("区划代码", "行政区划代码", "代码", "编码", "SQDM", "XZQDM", "code", "id"),
    ),
    "name": (
        *("community", "社区(村)", "社区名称", "村(社区)", "村社区", "社区村", "社区", "村居"),
        *("村名称", "村社区名称", "村居名称", "居委会", "居(村)委会", "村", "名称", "SQMC", "name"),
    ),
    "subdistrict": (
        *("subdistrict", "街道", "乡镇", "镇街", "街镇", "乡镇街道", "街道乡镇", "街道(镇)"),
        *("街道名称", "乡镇名称", "所属街道"),
    ),
    "people": (
        *("people", "常住人口", "常住人口数", "年末常住人口", "常住人口合计", "人口", "人口数"),
        *("总人口", "人口总数", "实有人口", "人数", "population", "pop"),
    ),
    **{key: BUILDING_COLUMNS[key] for key in ("people_60plus", "people_65plus", "people_0_3")},
    "registered": ("registered", "户籍人口", "户籍人口数", "户籍"),
    "floating": ("floating", "流动人口", "流动人口数", "外来人口", "暂住人口"),
    "households": ("households", "户数", "总户数", "家庭户数", "户籍户数"),
}
"""What the columns of a people table are known by; the keys are those of ``table_columns``."""

HOUSEHOLDS = "households"
BESIDE_COLUMNS = ("registered", "floating", HOUSEHOLDS)
"""What such a table may count beside its people; never mixed with them."""

_UNITS: Mapping[str, float] = {"": 1.0, "人": 1.0, "万": 1e4, "万人": 1e4, "千人": 1e3}
_MOST_PEOPLE = 1e7  # in one community: more is a code or a sum
_SLACK = 0.5  # people by which sums may differ


@dataclass(frozen=True, kw_only=True)
class PeopleTable:
    """
    People by community, as a table counts them.

    Parameters
    ----------
    table
        ``id``, ``name``, ``subdistrict`` (text or missing), ``people``, one ``people_<group>`` for
        every group the table counts, and those of `BESIDE_COLUMNS` that it has (NaN where a cell
        says nothing);
        ``shared``: the row of the sum whose rest several rows share, -1 where people were estimated
        from households, else 0.
    row
        Number of each row in the file, from 1, shape (n,).
    source
        Origin and counts; rows without a number of people are `rows_doubtful`.
    where
        Name for messages.
    """

    table: pd.DataFrame
    row: NDArray[np.int64]
    source: Source
    where: str

    def __post_init__(self) -> None:
        self.row.flags.writeable = False

    def __len__(self) -> int:
        return len(self.table)

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns that count groups."""
        return tuple(name for name in self.table if str(name).startswith("people_"))


def read_people_table(
    path: Path, *, columns: Mapping[str, str] | None = None, sheet: str | None = None
) -> PeopleTable:
    """
    Read people by community.

    Parameters
    ----------
    path
        Workbook or text table, one row per community; sums are recognised and kept apart.
    columns
        Column of ``id, name, subdistrict, people, registered, floating, households``, or of a group
        (``people_60plus``, ``people_disabled`` …), where its name is not recognised.
    sheet
        Name of the sheet, or its number from 1; else the latest of those that fit.

    Returns
    -------
    people
        Its rows. Numbers in 万人, said by a cell, the column or a line above, are people. People
        are residents (常住); registered (户籍) and floating (流动) people never take their place.
        A number of residents that is left out is what the table's own sum leaves for it; where
        no sum tells, and the row counts households, the mean of residents per household of the
        other rows.

    Raises
    ------
    InputError
        If there is no column of people, none of names or codes, or no row with people.
    LifecircleError
        As `read_sheet`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no number of people, or it was found from a sum or from households; if a group
        is larger than everybody, or than the group it is part of; or the sum of the rows is not
        the total the table gives.
    LifecircleWarning
        As `read_sheet`.
    """
    needed = ("people", "name")
    wanted = {**PEOPLE_COLUMNS, **asked_groups(columns)}
    if sheet is None:
        sheet = latest_sheet(path, wanted=wanted, columns=columns, needed=needed)
    found = read_sheet(path, wanted=wanted, columns=columns, needed=needed, sheet=sheet)
    others = groups_among(found.frame.columns, {*found.found, *found.found.values()})
    found = replace(found, found={**found.found, **others})
    _check_columns(found)
    cells = cells_of(found)
    table = pd.DataFrame(
        {
            "id": _codes(cells),
            "name": texts_of(cells, "name"),
            "subdistrict": _filled_down(texts_of(cells, "subdistrict")),
            **{key: _people(cells, found, key) for key in _counts(found)},
        }
    )
    refuse_fractions(table["people"].to_numpy(dtype=np.float64), found.found["people"], found.where)
    table["shared"] = 0
    _fill_from_sums(cells, found, table)
    _fill_from_households(cells, found, table)
    _check_groups(cells, found, table)
    named = table["name"].notna() | table["id"].notna()
    known = (named & table["people"].notna()).to_numpy(dtype=bool)
    if not known.any():
        raise InputError(
            Problem(
                what=f"none of its {len(table)} rows has a community and a number of people",
                where=found.where,
                remedy='check the columns, or give table_columns = {people = "…"}',
            )
        )
    named = named.to_numpy(dtype=bool)
    warn_of_rows(cells, ~named, "name no community and are left out")
    some = ", ".join(str(name)[:20] for name in table["name"][~known].dropna()[:3])
    warn_of_rows(
        cells,
        named & ~known,
        f"have no number of people and are left out{f' ({some})' if some else ''}",
    )
    _compare_total(found, float(np.nansum(table["people"][known])))
    gone = int((~known).sum())
    source = found.source
    return PeopleTable(
        table=table[known].reset_index(drop=True),
        row=found.row[known],
        source=replace(
            source, rows_used=source.rows_used - gone, rows_doubtful=source.rows_doubtful + gone
        ),
        where=found.where,
    )


def _filled_down(over: pd.Series) -> pd.Series:
    """Let a subdistrict that is written once above its communities stand beside each."""
    once = len(over) > 0 and over.notna().iloc[0] and over.isna().mean() > 0.5
    return over.ffill() if once else over


def _counts(found: Sheet) -> list[str]:
    """List the columns of numbers: people, groups, and what is counted beside them."""
    groups = [name for name in found.found if name.startswith("people_")]
    return [name for name in ("people", *groups, *BESIDE_COLUMNS) if name in found.found]


def _check_groups(cells: Layer, found: Sheet, table: pd.DataFrame) -> None:
    """Tell of groups larger than everybody, or than the group they are part of."""
    groups = [name for name in _counts(found) if name.startswith("people_")]
    for group in groups:
        wrong = table[group].to_numpy() > table["people"].to_numpy()
        warn_of_rows(
            cells, wrong, f"count more in '{found.found[group]}' than people, taken as missing"
        )
        table.loc[wrong, group] = np.nan
    for part, whole in nested_groups(name.removeprefix("people_") for name in groups):
        ours, theirs = f"people_{part}", f"people_{whole}"
        wrong = table[ours].to_numpy() > table[theirs].to_numpy() + _SLACK
        warn_of_rows(
            cells,
            wrong,
            f"count more in '{found.found[ours]}' than in '{found.found[theirs]}', of which they "
            "are part; both stand",
        )


def _check_columns(found: Sheet) -> None:
    listed = f"columns found: {', '.join(map(str, found.frame.columns))}"
    problems = []
    if "people" not in found.found:
        problems.append(
            Problem(
                what="no column of people was found",
                where=found.where,
                remedy=f'give table_columns = {{people = "…"}}; {listed}',
            )
        )
    if "name" not in found.found and "id" not in found.found:
        problems.append(
            Problem(
                what="no column of communities was found",
                where=found.where,
                remedy=f'give table_columns = {{name = "…"}} or {{id = "…"}}; {listed}',
            )
        )
    if problems:
        raise InputError(problems)


def _people(cells: Layer, found: Sheet, meaning: str) -> NDArray[np.float64]:
    name = unicodedata.normalize("NFKC", found.found[meaning])
    above = " ".join(unicodedata.normalize("NFKC", line) for line in found.titles)
    bare = 1.0
    if "万人" in name or re.search(r"单位[:\s]*万人", above):
        bare = 1e4
    numbers = numbers_of(cells, meaning, units={**_UNITS, "": bare}, most=_MOST_PEOPLE, about=True)
    # 4.43 万人 is 44,300 people, and not a hair less.
    return np.round(numbers, 6)


def _fill_from_sums(cells: Layer, found: Sheet, table: pd.DataFrame) -> None:
    """Find numbers that are left out in the table's own sums."""
    if not len(found.totals):
        return
    sums = cells_of(found, found.totals, found.totals.index.to_numpy(dtype=np.int64))
    counts = _counts(found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DoubtfulRowsWarning)  # of sums nobody uses
        of_sums = {key: _people(sums, found, key) for key in counts}
    columns = {key: (table[key].to_numpy(dtype=np.float64), of_sums[key]) for key in counts}
    for key in counts:
        filled = recover(
            *columns[key],
            row=cells.row,
            sum_row=sums.row,
            beside=[pair for other, pair in columns.items() if other != key],
            weights=[columns[one][0] for one in ("households", "registered") if one in columns],
        )
        table[key] = filled.values
        table["shared"] = np.maximum(table["shared"], filled.shared)
        if key != "people":
            continue
        said = [
            f"{name} {people:,.0f}"
            for name, people in zip(table["name"], filled.values, strict=True)
        ]
        for rows, how in (
            (filled.exact, "have no number of people, but a sum that leaves exactly one"),
            (filled.shared > 0, "have no number of people and share what their sum leaves"),
        ):
            some = ", ".join(np.array(said, dtype=object)[rows][:5])
            warn_of_rows(cells, rows, f"{how}: it is taken ({some})")


def _fill_from_households(cells: Layer, found: Sheet, table: pd.DataFrame) -> None:
    """Estimate residents where no sum tells them: households times the mean of the other rows."""
    if "households" not in table:
        return
    people, households = (table[key].to_numpy(dtype=np.float64) for key in ("people", "households"))
    known = np.isfinite(people) & (households > 0)
    gone = np.isnan(people) & (households > 0)
    if not known.any() or not gone.any():
        return
    size = people[known].sum() / households[known].sum()
    table.loc[gone, "shared"] = -1
    table.loc[gone, "people"] = np.round(households[gone] * size)
    some = ", ".join(f"{name}" for name in table["name"][gone][:5])
    warn_of_rows(
        cells,
        gone,
        f"have no number in '{found.found['people']}': estimated, households x {size:.2f}, the "
        f"mean of the other rows ({some})",
    )


def _codes(cells: Layer) -> pd.Series:
    texts = texts_of(cells, "id")
    codes = pd.Series([None if text is None else code_of(text) for text in texts], dtype=object)
    lost = np.array(
        [text is not None and code is None for text, code in zip(texts, codes, strict=True)],
        dtype=bool,
    )
    warn_of_rows(
        cells,
        lost,
        "have a code a spreadsheet cut to a power of ten; its last digits are lost and the name "
        "must do",
    )
    return codes


def code_of(text: str) -> str | None:
    """
    Bring a code of a community into one spelling.

    Parameters
    ----------
    text
        What a cell says.

    Returns
    -------
    code
        Its digits, of half width; None where a spreadsheet wrote a power of ten and cut them.

    Examples
    --------
    >>> from lifecircle.sources.people.tables import code_of
    >>> code_of("3.39901001001E+11"), code_of("339901001001.0"), code_of("3.39901E+11")
    ('339901001001', '339901001001', None)
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    plain = re.sub(r"(?<=\d)\.0+$", "", plain)
    power = re.fullmatch(r"(\d)(?:\.(\d+))?[eE]\+?(\d+)", plain)
    if power is None:
        return plain
    digits = power[1] + (power[2] or "")
    return digits if len(digits) == int(power[3]) + 1 else None


def _compare_total(found: Sheet, rows: float) -> None:
    """Say where the table's own grand total is another sum."""
    grand = [
        at
        for at, row in enumerate(found.totals.itertuples(index=False))
        if any(
            isinstance(cell, str) and re.fullmatch(r"(?:总|合|共)计:?|total", plain_words(cell))
            for cell in row
        )
    ]
    if len(grand) != 1:
        return
    frame = found.totals.iloc[grand]
    cells = cells_of(found, frame, frame.index.to_numpy(dtype=np.int64))
    total = float(_people(cells, found, "people")[0])
    if np.isfinite(total) and abs(total - rows) > max(_SLACK, 1e-3 * total):
        warnings.warn(
            f"{found.where}: its rows make {rows:,.0f} people, its total says {total:,.0f}; the "
            f"rows stand (row {cells.row[0]})",
            DoubtfulRowsWarning,
            stacklevel=3,
        )


def plain_words(text: str) -> str:
    """
    Bring words into one spelling: no blanks or breaks, half width, small letters.

    Parameters
    ----------
    text
        Any words.

    Returns
    -------
    plain
        Their plain spelling.
    """
    return "".join(unicodedata.normalize("NFKC", joined_lines(text)).casefold().split())
