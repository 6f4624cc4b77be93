"""
A TOML file as plain values that still know the line each of them was typed on.

`tomllib` forgets positions; a planner who mistyped a number needs the line, so keys are found
again in the text. The text is only searched, never parsed a second time for its values.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lifecircle.errors import Problem, RuleError, SourceError

Loc = tuple[str | int, ...]

_KEY = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_LONGEST_QUOTE = 80


@dataclass(frozen=True, kw_only=True)
class Document:
    """
    One TOML file.

    Parameters
    ----------
    name
        File name without its folder.
    values
        What it says; arrays are tuples.
    text
        The file itself.
    """

    name: str
    values: Mapping[str, object]
    text: str

    def line(self, loc: Loc) -> int | None:
        """
        Find the line of a value, or of the nearest thing around it.

        Parameters
        ----------
        loc
            Keys and positions that lead to it.

        Returns
        -------
        line
            Line number from 1; None when nothing on the way to it stands in the file.
        """
        lines = dict(reversed(list(_key_lines(self.text))))
        for length in range(len(loc), 0, -1):
            if loc[:length] in lines:
                return lines[loc[:length]]
        return None

    def where(self, loc: Loc) -> str:
        """
        Say where a value stands, with the line as it was typed.

        Parameters
        ----------
        loc
            Keys and positions that lead to it.

        Returns
        -------
        place
            File name, line number and the line itself, as far as known.
        """
        line = self.line(loc)
        return self.name if line is None else _quote(self.name, self.text, line)


def read_document(path: Path) -> Document:
    """
    Read a planner's TOML file.

    Parameters
    ----------
    path
        The file, UTF-8 with or without a byte order mark.

    Returns
    -------
    document
        Its values and its text.

    Raises
    ------
    SourceError
        If it is missing, cannot be read or is not UTF-8.
    RuleError
        If it is not TOML; the line is quoted.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(
            Problem(what="the file does not exist", where=path.name, remedy="check the path")
        ) from error
    except OSError as error:
        raise SourceError(
            Problem(what=f"the file cannot be read ({error.strerror})", where=path.name)
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError(
            Problem(
                what=f"line {line} is not UTF-8 text",
                where=path.name,
                remedy="save the file as UTF-8",
            )
        ) from error
    return parse_document(path.name, text)


def parse_document(name: str, text: str) -> Document:
    """
    Parse the text of a TOML file.

    Parameters
    ----------
    name
        What to call it in messages.
    text
        Its text.

    Returns
    -------
    document
        Its values and its text.

    Raises
    ------
    RuleError
        If it is not TOML; the line is quoted.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"\(at line (\d+)", str(error))
        line = int(told.group(1)) if told else len(text.splitlines())
        what = re.sub(r"\s*\(at [^)]*\)$", "", str(error))
        remedy = "a key stands there twice" if "overwrite" in what else ""
        raise RuleError(
            Problem(what=f"not TOML: {what}", where=_quote(name, text, line), remedy=remedy)
        ) from error
    frozen = {key: _tuples(value) for key, value in values.items()}
    return Document(name=name, values=frozen, text=text)


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _quote(name: str, text: str, line: int) -> str:
    rows = text.splitlines()
    typed = rows[line - 1].strip() if 0 < line <= len(rows) else ""
    if len(typed) > _LONGEST_QUOTE:
        typed = f"{typed[: _LONGEST_QUOTE - 1]}…"
    return f"{name}, line {line} ({typed})" if typed else f"{name}, line {line}"


def _key_lines(text: str) -> Iterator[tuple[Loc, int]]:
    table: Loc = ()
    counts: dict[Loc, int] = {}
    owner: Loc = ()
    depth = element = 0
    for number, row in enumerate(text.splitlines(), start=1):
        bare = _without_strings(row)
        if depth == 0:
            head = bare.strip()
            if head.startswith("["):
                repeated = head.startswith("[[")
                table = _absolute(_keys(row.split("]")[0]), counts)
                if repeated:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                yield table, number
                continue
            if "=" not in bare:
                continue
            typed, bare = row[: bare.index("=")], bare[bare.index("=") + 1 :]
            owner, element = (*table, *_keys(typed)), 0
            for length in range(len(table) + 1, len(owner) + 1):
                yield owner[:length], number
        for sign in bare:
            if depth == 1 and sign in "{[":
                yield (*owner, element), number
                element += 1
            depth += (sign in "[{") - (sign in "]}")
        depth = max(depth, 0)


def _without_strings(row: str) -> str:
    # Same length as the row, so that positions still fit; brackets inside texts must not count.
    blanked = re.sub(r"\"(?:\\.|[^\"\\])*\"|'[^']*'", lambda found: " " * len(found.group()), row)
    return blanked.split("#", 1)[0]


def _keys(typed: str) -> tuple[str, ...]:
    return tuple(next(part for part in parts if part) for parts in _KEY.findall(typed))


def _absolute(keys: tuple[str, ...], counts: Mapping[Loc, int]) -> Loc:
    # [a.b] under [[a]] speaks of the last a.
    loc: Loc = ()
    for position, key in enumerate(keys):
        loc = (*loc, key)
        if position < len(keys) - 1 and loc in counts:
            loc = (*loc, counts[loc])
    return loc
