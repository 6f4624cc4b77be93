"""Contradictions of a standard: what one is, and how rows of a file are read to find them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

_FEW, _MANY = 8, 30


class Fault(NamedTuple):
    """
    One contradiction.

    Attributes
    ----------
    loc
        Keys and positions that lead to it.
    what
        What is wrong.
    remedy
        What to do about it.
    """

    loc: tuple[str | int, ...]
    what: str
    remedy: str = ""


def unproved(
    raw: Mapping[str, object], owner: str, numbers: Sequence[str], known: Sequence[str]
) -> Iterable[Fault]:
    """
    Find numbers without evidence, and evidence without a number.

    Parameters
    ----------
    raw
        Fields of a row, ``evidence`` among them.
    owner
        What to call the row.
    numbers
        Fields that need an entry of evidence where they are set.
    known
        Fields an entry may speak for; empty when any may be named.

    Yields
    ------
    fault
        One per field or entry.
    """
    entries = rows_of(raw.get("evidence"))
    proved = [entry.get("field") for entry in entries]
    for key in numbers:
        if raw.get(key) in (None, (), []):
            continue
        if key not in proved:
            yield Fault(
                (key,),
                f"{owner}: {key} stands without evidence",
                f'add {{ field = "{key}", clause = "…", source = "…", tag = "…" }} to evidence',
            )
        elif proved.count(key) > 1:
            yield Fault(("evidence",), f"{owner}: two entries of evidence for {key}", "keep one")
    for position, entry in enumerate(entries):
        field = entry.get("field")
        if known and isinstance(field, str) and field not in known:
            yield Fault(
                ("evidence", position),
                f"{owner}: evidence for an unknown field '{field}'",
                closest(field, known),
            )


def below(prefix: tuple[str | int, ...], faults: Iterable[Fault]) -> list[Fault]:
    """
    Put faults of a row where the row stands.

    Parameters
    ----------
    prefix
        Keys and positions that lead to the row.
    faults
        What is wrong inside it.

    Returns
    -------
    faults
        The same, each with the whole way to it.
    """
    return [fault._replace(loc=(*prefix, *fault.loc)) for fault in faults]


def rows_of(value: object) -> list[Mapping[str, object]]:
    """
    Read a list of tables of a file that may hold anything.

    Parameters
    ----------
    value
        What stands there.

    Returns
    -------
    rows
        One mapping per entry; empty where an entry is no table.
    """
    # A row that is no table keeps its place, so that positions still lead to the file's rows.
    rows = value if isinstance(value, (list, tuple)) else ()
    return [row if isinstance(row, Mapping) else {} for row in rows]


def texts_of(value: object) -> tuple[str, ...]:
    """
    Read a list of texts of a file that may hold anything.

    Parameters
    ----------
    value
        What stands there.

    Returns
    -------
    texts
        Its texts; whatever else it holds is passed over.
    """
    rows = value if isinstance(value, (list, tuple)) else ()
    return tuple(row for row in rows if isinstance(row, str))


def closest(name: str, known: Sequence[str]) -> str:
    """
    Name what somebody may have meant.

    Parameters
    ----------
    name
        What was typed.
    known
        What could have been typed.

    Returns
    -------
    hint
        The closest known names, or all of them when none is close.
    """
    close = difflib.get_close_matches(name, known, n=3)
    if len(known) <= _FEW or (not close and len(known) <= _MANY):
        return listed(known)
    # In a long list the nearest names help more than all of them, however far they are.
    close = close or difflib.get_close_matches(name, known, n=3, cutoff=0)
    return f"closest: {', '.join(close)}"


def listed(known: Sequence[str]) -> str:
    """
    Name all that could have been typed.

    Parameters
    ----------
    known
        The names.

    Returns
    -------
    hint
        A remedy in words.
    """
    return f"known: {', '.join(known)}"
