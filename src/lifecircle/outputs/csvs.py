"""
Result tables become files another program reads: CSV, with homes beside them.

The same content gives the same bytes: rows are put in order here, decimals are fixed per column,
and nothing that depends on the clock or the machine is written into the tables.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from numbers import Real
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd

from lifecircle import tables
from lifecircle.errors import Problem, SchemaError
from lifecircle.outputs.content import Content
from lifecircle.outputs.homes_file import write_homes
from lifecircle.outputs.release import released

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "scores": tables.SCORES,
        "services": tables.SERVICES,
        "index": tables.INDEX,
        "gaps": tables.GAPS,
        "remedies": tables.REMEDIES,
        "sites": tables.SITES,
        "checkup": tables.CHECKUP,
        "projects": tables.PROJECTS,
        "programme": tables.PROGRAMME,
        "community_programme": tables.COMMUNITY_PROGRAMME,
        "norms": tables.NORMS,
        "supply": tables.SUPPLY,
        "loads": tables.LOADS,
        "coverage": tables.COVERAGE,
        "nearness": tables.NEARNESS,
        "equity": tables.EQUITY,
        "needs": tables.NEEDS,
        "robustness": tables.ROBUSTNESS,
        "units": tables.UNITS,
        "unit_services": tables.UNIT_SERVICES,
        "advice": tables.ADVICE,
        "lacks": tables.LACKS,
        "last_round": tables.LAST_ROUND,
        "handover": tables.HANDOVER,
        "curve": tables.CURVE,
        "alternatives": tables.CHOICES,
        "frequency": tables.FREQUENCY,
        "wishes": tables.WISHES,
        "after": tables.AFTER,
    }
)
"""Columns of each table a run writes, in order."""

ASKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "horizons": tables.HORIZONS,
        "horizons_index": tables.HORIZONS_INDEX,
        "provision": tables.PROVISION,
    }
)
"""Columns of the tables that are written only where a study asks for them."""

DECIMALS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("share", "target_share", "coverage", "adequacy", "change"), 4),
        "old_share": 4,
        **dict.fromkeys(("score", "index", "confidence"), 2),
        **dict.fromkeys(("promised_m2", "built_m2", "handed_over_m2", "required_m2"), 1),
        **dict.fromkeys(("people", "covered", "people_short", "people_left", "newly_covered"), 1),
        **dict.fromkeys(("added", "needs", "needs_lost", "gain", "gained"), 1),
        **dict.fromkeys(("needs_m2", "found_m2"), 1),
        **dict.fromkeys(("loss", "chosen_in"), 4),
        **dict.fromkeys(
            ("total", "people_served", "missing_m", "area_m2", "floor_m2", "outdoor_m2"), 1
        ),
        **dict.fromkeys(("known", "supply_per_1000"), 4),
        **dict.fromkeys(("have", "need", "short_by", "load", "demand_ratio"), 2),
        **dict.fromkeys(("people_nearest", "capacity", "short_m2", "over_people"), 1),
        **dict.fromkeys(("people_60plus", "people_0_3", "people_concerned", "cut_m"), 1),
        **dict.fromkeys(("walk_s", "farthest_s"), 2),
        **dict.fromkeys(("median_s", "nearest_s", "x", "y"), 2),
        **dict.fromkeys(("kept", "share_low", "share_high", "share_after", "count_rule"), 4),
        **dict.fromkeys(("speed_tip", "cost_wan"), 2),
        **dict.fromkeys(("supply", "lon", "lat"), 6),
        **dict.fromkeys(("of_people", "against_people"), 1),
        **dict.fromkeys(("p90_s", "nearest_2_s", "nearest_3_s", "within", "satisfaction_of_5"), 2),
        **dict.fromkeys(("known", "value", "of_value", "against_value"), 4),
    }
)
"""Decimals a column is always written with; any other number is written as short as it goes."""

_MOST_DECIMALS = 4
_MOMENTS = ("now", "near", "end")
_ORDER: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "scores": ("level", "area_id", "service", "requirement"),
        "services": ("level", "area_id", "service", "minutes"),
        "index": ("level", "area_id", "minutes"),
        "gaps": ("priority", "gap_id"),
        "remedies": ("gap_id", "rank"),
        "sites": ("site_id",),
        "checkup": ("level", "area_id", "indicator", "base", "method"),
        "projects": ("project_id",),
        "programme": ("year", "project_id", "community_id"),
        "community_programme": ("community_id",),
        "norms": ("level", "area_id", "service", "norm"),
        "supply": ("level", "area_id", "service", "requirement"),
        "loads": ("facility_id",),
        "coverage": ("level", "area_id", "service", "requirement", "base", "method"),
        "nearness": ("level", "area_id", "service", "requirement"),
        "equity": ("level", "area_id", "service", "requirement", "measure", "of", "against"),
        "needs": ("community_id", "rank"),
        "robustness": ("level", "area_id", "requirement"),
        "horizons": ("horizon", "level", "area_id", "service", "requirement"),
        "horizons_index": ("horizon", "level", "area_id", "minutes"),
        "provision": ("estate_id", "service", "evidence"),
        "units": ("origin", "tier", "unit_id"),
        "unit_services": ("tier", "unit_id", "service", "requirement"),
        "advice": ("code", "community_id"),
        "lacks": ("level", "area_id", "requirement"),
        "last_round": ("project", "name"),
        "handover": ("site_id", "type"),
        "curve": ("sites",),
        "alternatives": ("alternative",),
        "frequency": ("parcel_id",),
        "wishes": ("gap_id", "why"),
        "after": ("level", "area_id", "service", "requirement"),
    }
)
# Full-width forms too: Chinese and Japanese spreadsheets read them as their ASCII twins.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def in_order(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """
    Put a result table into the columns and the order it is written in.

    Parameters
    ----------
    frame
        The table; not changed. Columns beyond the contract are left out.
    table
        One of `COLUMNS` or `ASKED`.

    Returns
    -------
    ordered
        The contract's columns, numbers rounded as they are written, rows by level, priority or
        year and then by id, so that the order they came in does not matter; a fresh index.

    Raises
    ------
    SchemaError
        With every absent column and every infinite number.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.outputs.csvs import in_order
    >>> from lifecircle.tables import SITES
    >>> sites = pd.DataFrame({name: [None, None] for name in SITES})
    >>> in_order(sites.assign(site_id=["s2", "s1"]), "sites").site_id.tolist()
    ['s1', 's2']
    """
    wanted = {**COLUMNS, **ASKED}[table]
    problems = [
        Problem(what=f"column '{name}' is missing", where=table)
        for name in wanted
        if name not in frame.columns
    ]
    if problems:
        raise SchemaError(problems)
    columns = {name: _rounded(frame[name], name) for name in wanted}
    for name, values in columns.items():
        endless = [row for row, value in enumerate(values) if value in (np.inf, -np.inf)]
        if endless:
            problems.append(
                Problem(
                    what=f"column '{name}' holds an infinite number",
                    where=f"{table}, row {endless[0]}",
                    remedy="a value that is not known must be missing",
                )
            )
    if problems:
        raise SchemaError(problems)
    ranks = _ranks(columns, _ORDER[table])
    return pd.DataFrame(
        {
            name: pd.Series([values[row] for row in ranks], dtype=object)
            for name, values in columns.items()
        },
        columns=list(wanted),
    )


def _ranks(columns: Mapping[str, list[object]], order: tuple[str, ...]) -> list[int]:
    """Order rows by some columns, and by everything they say where those columns tie."""
    by = [[_sortable(name, value) for value in columns[name]] for name in order]
    keys = list(zip(*by, strict=True))
    if len(set(keys)) == len(keys):
        return sorted(range(len(keys)), key=keys.__getitem__)
    texts = [[_text(name, value) for value in values] for name, values in columns.items()]
    rest = list(zip(*texts, strict=True))
    return sorted(range(len(keys)), key=lambda row: (keys[row], rest[row]))


def _rounded(values: pd.Series, column: str) -> list[object]:
    decimals = DECIMALS.get(column, _MOST_DECIMALS)
    rounded: list[object] = []
    for value in values.tolist():
        if _missing(value):
            rounded.append(None)
        elif isinstance(value, bool | np.bool_):
            rounded.append(bool(value))
        elif isinstance(value, float | int | Real):  # the plain ones first: they are told fastest
            number = float(value)
            # Adding zero turns -0.0 into 0.0, which would otherwise be written with its sign.
            rounded.append(round(number, decimals) + 0.0 if np.isfinite(number) else number)
        else:
            rounded.append(str(value))
    return rounded


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value  # noqa: PLR0124


def _sortable(column: str, value: object) -> tuple[bool, float, str]:
    if column == "level" and value in tables.LEVELS:
        return False, float(tables.LEVELS.index(str(value))), ""
    if column == "horizon" and value in _MOMENTS:
        return False, float(_MOMENTS.index(str(value))), ""
    if isinstance(value, float):
        return False, value, ""
    if column == "horizon":  # any other moment lies between those everybody names
        return False, 1.5, str(value)
    return value is None, 0.0, "" if value is None else str(value)


def inert(text: str) -> str:
    """
    Make text that came from a file harmless in a spreadsheet.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    inert
        The text on one line, other control characters and lone surrogates replaced by U+FFFD,
        and with a leading apostrophe where a spreadsheet would take it for a formula (it begins
        with ``= + - @``, ASCII or full-width, white space aside).

    Examples
    --------
    >>> inert("=1+1"), inert("社区 A")
    ("'=1+1", '社区 A')
    """
    line = text
    if not text.isprintable():  # what is printable holds none of these signs
        line = "".join(
            " "
            if sign in "\t\r\n\v\f\u2028\u2029"
            else "\ufffd"
            if unicodedata.category(sign) in ("Cc", "Cs")
            else sign
            for sign in text
        )
    return f"'{line}" if line.lstrip().startswith(_FORMULA) else line


def _text(column: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if column in DECIMALS:
            return f"{value:.{DECIMALS[column]}f}"
        return f"{value:.{_MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return inert(str(value))


def write_tables(content: Content, folder: Path) -> tuple[Path, ...]:
    """
    Write the result tables of a run.

    Parameters
    ----------
    content
        What the run has to show; the public edition is made here where it is asked for.
    folder
        An existing folder.

    Returns
    -------
    paths
        One ``.csv`` per table of `COLUMNS`, and of `ASKED` where it was asked for; unless the
        release is public, ``homes.parquet``.

    Raises
    ------
    SchemaError
        If a table lacks columns or holds an infinite number.

    Notes
    -----
    CSV is UTF-8 with BOM, comma-separated, lines end with a line feed. A missing value is an
    empty field, a flag is ``true`` or ``false``, decimals are those of `DECIMALS` (elsewhere as
    few as needed, at most four). Text is made `inert`; numbers never are.
    """
    edition = released(content)
    paths = []
    for table, columns in {**COLUMNS, **ASKED}.items():
        if getattr(edition, table) is None:
            continue
        if table == "checkup" and not edition.standard.checkup:
            continue
        path = folder / f"{table}.csv"
        frame = in_order(getattr(edition, table), table)
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        texts = [[_text(name, value) for value in frame[name]] for name in columns]
        writer.writerows(zip(*texts, strict=True))
        path.write_bytes(stream.getvalue().encode("utf-8-sig"))
        paths.append(path)
    if edition.release != "public":
        paths.append(write_homes(edition, folder / "homes.parquet"))
    return tuple(paths)
