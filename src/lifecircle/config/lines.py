"""
Text of a study file -> the line each of its keys stands in.

Keys inside a value that goes over several lines share the line it begins in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_HEADER = re.compile(r"^\s*(\[\[?)\s*(?P<name>[^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*(?P<key>{_KEY_PART}(?:\s*\.\s*{_KEY_PART})*)\s*=(?P<rest>.*)$")
_PART = re.compile(_KEY_PART)

Place = tuple[str | int, ...]


def key_lines(text: str) -> dict[Place, int]:
    r"""
    Find where each key of a TOML text stands.

    Parameters
    ----------
    text
        A valid TOML document.

    Returns
    -------
    lines
        Path of a table or key (entries of a list of tables are numbered from 0) to its line,
        counted from 1.

    Examples
    --------
    >>> from lifecircle.config.lines import key_lines
    >>> key_lines("[area]\nbbox = [\n 1, 2]\n[[x.y]]\nz = 1")
    {('area',): 1, ('area', 'bbox'): 2, ('x', 'y', 0): 4, ('x', 'y', 0, 'z'): 5}
    """
    lines: dict[Place, int] = {}
    entries: dict[Place, int] = {}
    table: Place = ()
    open_value = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if open_value:
            open_value = _still_open(f"{open_value}\n{line}")
            continue
        if header := _HEADER.match(line):
            table = _names(header["name"])
            if header[1] == "[[":
                entries[table] = entries.get(table, -1) + 1
                table = (*table, entries[table])
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_names(key["key"])), number)
            open_value = _still_open(key["rest"])
    return lines


def _names(dotted: str) -> Place:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _still_open(value: str) -> str:
    """Give back the value when it goes on in the next line, else nothing."""
    depth, at = 0, 0
    while at < len(value):
        quote = next((q for q in ('"""', "'''", '"', "'") if value.startswith(q, at)), "")
        if quote:
            end = _string_end(value, at + len(quote), quote)
            if end < 0:
                return value
            at = end
            continue
        if value[at] == "#":
            newline = value.find("\n", at)
            at = len(value) if newline < 0 else newline
            continue
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(value[at], 0)
        at += 1
    return value if depth > 0 else ""


def _string_end(value: str, at: int, quote: str) -> int:
    while at < len(value):
        if value[at] == "\\" and quote[0] == '"':
            at += 2
        elif value.startswith(quote, at):
            return at + len(quote)
        else:
            at += 1
    return -1


def line_of(place: Place, lines: Mapping[Place, int]) -> int | None:
    """
    Find the line of a key, or of the nearest table or value it stands in.

    Parameters
    ----------
    place
        Path of the key.
    lines
        What `key_lines` found.

    Returns
    -------
    line
        Counted from 1; None when not even its section is in the text.
    """
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return None
