"""
Rows with the same keys become columns, which pack to half the size, and rows again.

Invariant: `rows_again` undoes `tabled`; the page does the same when it unpacks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

TABLE = "%table"
"""Key of a mapping that stands for rows: their number, names, columns and who has what."""
SAME = "%same"
"""Key of a mapping that stands for a column of one value."""

_LEAST = 4


def tabled(value: object) -> object:
    """
    Turn lists of mappings into columns, all the way down.

    Parameters
    ----------
    value
        Dictionaries, lists, text, numbers, None; no key is `TABLE` or `SAME`.

    Returns
    -------
    value
        The same with every longer list of mappings as one mapping: under `TABLE` the number of
        rows, their names, a column each and, for names some rows lack, who has them.

    Examples
    --------
    >>> from lifecircle.outputs.webmap.tabled import rows_again, tabled
    >>> rows = [{"id": name, "people": 7} for name in "abcd"]
    >>> tabled(rows)
    {'%table': [4, ['id', 'people'], [['a', 'b', 'c', 'd'], {'%same': 7}], {}]}
    >>> rows_again(tabled(rows)) == rows
    True
    """
    if isinstance(value, Mapping):
        return {key: tabled(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return _column(value)
    return value


def rows_again(value: object) -> object:
    """
    Undo `tabled`.

    Parameters
    ----------
    value
        What `tabled` gave.

    Returns
    -------
    value
        The plain rows; tuples have become lists.
    """
    if isinstance(value, list):
        return [rows_again(part) for part in value]
    if not isinstance(value, Mapping):
        return value
    if TABLE not in value:
        return {key: rows_again(part) for key, part in value.items()}
    count, names, columns, having = value[TABLE]
    rows: list[dict[str, object]] = [{} for _ in range(count)]
    for name, column in zip(names, columns, strict=True):
        mine = [
            row for row, has in zip(rows, having.get(name, "1" * count), strict=True) if has == "1"
        ]
        same = isinstance(column, Mapping) and SAME in column
        cells: Any = [column[SAME]] * len(mine) if same else rows_again(column)
        for row, cell in zip(mine, cells, strict=True):
            row[name] = cell
    return rows


def _column(values: Sequence[object]) -> object:
    if len(values) < _LEAST or not all(isinstance(value, Mapping) for value in values):
        return [tabled(value) for value in values]
    rows: Sequence[Mapping[str, object]] = values  # type: ignore[assignment]
    names = list(dict.fromkeys(name for row in rows for name in row))
    having = {
        name: has
        for name in names
        if "0" in (has := "".join("1" if name in row else "0" for row in rows))
    }
    columns = [_cells([row[name] for row in rows if name in row]) for name in names]
    return {TABLE: [len(rows), names, columns, having]}


def _cells(cells: list[object]) -> object:
    first = cells[0]
    plain = first is None or isinstance(first, str | int | float)
    if plain and all(type(cell) is type(first) and cell == first for cell in cells):
        return {SAME: first}
    return _column(cells)
