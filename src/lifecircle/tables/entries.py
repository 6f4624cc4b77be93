"""What a planner wrote into the workbook of a run: one value per cell, and the value before it."""

from __future__ import annotations

from dataclasses import dataclass

Value = str | float | None

OVERRIDES = ("row", "table", "id", "field", "old", "value", "reason", "who", "date", "state")
"""Columns of replaced values; `state`: ``applied``, ``same`` (it was so already), ``no_row``."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """
    One cell a planner filled in or changed.

    Parameters
    ----------
    table
        Table of the workbook: ``gaps``, ``projects``, ``programme`` or ``opinions``.
    key
        Id of its row, which stays from run to run.
    field
        Code of the column, the same in every language.
    value
        What stands there now; None where the planner emptied the cell.
    was
        What the run itself had written.
    """

    table: str
    key: str
    field: str
    value: Value
    was: Value = None

    @property
    def place(self) -> tuple[str, str, str]:
        """Table, key and field: one cell of the workbook."""
        return self.table, self.key, self.field


@dataclass(frozen=True, kw_only=True)
class Entries:
    """
    Everything a planner wrote, each cell once.

    Parameters
    ----------
    cells
        The entries, by place.
    added
        Rows a planner wrote below the run's own, heading to value, with the table they stand in.
    changed
        Computed cells that were overwritten, a sentence each: they are told, not taken over.

    Examples
    --------
    >>> from lifecircle.tables import Entries, Entry
    >>> old = Entries(cells=(Entry(table="gaps", key="g1", field="note", value="a"),))
    >>> new = Entries(cells=(Entry(table="gaps", key="g1", field="note", value="b"),))
    >>> [one.value for one in old.then(new).cells]
    ['b']
    """

    cells: tuple[Entry, ...] = ()
    added: tuple[tuple[str, tuple[tuple[str, Value], ...]], ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.cells or self.added or self.changed)

    def by_place(self) -> dict[tuple[str, str, str], Entry]:
        """
        Index the cells.

        Returns
        -------
        entries
            Table, key and field to the entry.
        """
        return {one.place: one for one in self.cells}

    def then(self, later: Entries) -> Entries:
        """
        Add later entries, which win.

        Parameters
        ----------
        later
            What was written afterwards.

        Returns
        -------
        entries
            Both together.
        """
        cells = self.by_place() | later.by_place()
        return Entries(
            cells=tuple(cells[place] for place in sorted(cells)),
            added=tuple(dict.fromkeys((*self.added, *later.added))),
            changed=tuple(dict.fromkeys((*self.changed, *later.changed))),
        )
