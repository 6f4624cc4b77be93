"""What a planner filled into workbooks of earlier runs is found again and carried on."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

from lifecircle.errors import LifecircleWarning
from lifecircle.sources.records.returned import is_returned, read_returned
from lifecircle.tables import Entries

WORKBOOK = "gaps.xlsx"


def returned_entries(paths: Sequence[Path]) -> Entries:
    """
    Read the workbooks a study says were returned.

    Parameters
    ----------
    paths
        Workbooks of runs, filled in; the later one wins.

    Returns
    -------
    entries
        What the planner wrote.

    Raises
    ------
    LifecircleError
        As `sources.records.returned.read_returned`.

    Warns
    -----
    LifecircleWarning
        Of rows that were deleted and of computed cells that were overwritten.
    """
    entries = Entries()
    for path in paths:
        found = read_returned(path)
        both = found.carried.then(found.fresh)
        _tell(path.name, found.gone, both)
        entries = entries.then(both)
    return entries


def holds_entries(out: Path) -> bool:
    """
    Tell whether a run's workbook can carry entries on; that of a public edition cannot.

    Parameters
    ----------
    out
        The run's folder; it need not be there.

    Returns
    -------
    holds
        Whether it does.
    """
    path = out / WORKBOOK
    return path.is_file() and is_returned(path)


def with_last_run(entries: Entries, out: Path) -> Entries:
    """
    Add what a planner wrote into the run that is about to be replaced.

    Parameters
    ----------
    entries
        From the workbooks the study names.
    out
        The run's folder; it need not be there.

    Returns
    -------
    entries
        What was written into the last run since it was made wins over the returned workbooks,
        and these over what that run had carried along.

    Warns
    -----
    LifecircleWarning
        Of rows that were deleted and of computed cells that were overwritten.
    """
    path = out / WORKBOOK
    if not holds_entries(out):
        return entries
    found = read_returned(path)
    _tell(path.name, found.gone, found.fresh)
    return found.carried.then(entries).then(found.fresh)


def _tell(name: str, gone: int, entries: Entries) -> None:
    if gone:
        warnings.warn(
            f"{name}: {gone} rows of the run were deleted in it; they are computed again, and what "
            "was filled in before is kept",
            LifecircleWarning,
            stacklevel=4,
        )
    if entries.changed:
        some = "; ".join(entries.changed[:3])
        warnings.warn(
            f"{name}: {len(entries.changed)} computed cells were overwritten by hand ({some}): "
            "they are listed and not taken over; give them as overrides under [record]",
            LifecircleWarning,
            stacklevel=4,
        )
