"""
A folder of results is swapped in whole, and nothing a planner edited is lost.

It is written beside its target and takes its place at the end; the one before becomes
``OUT.previous``. What a planner has edited is never overwritten: it moves to ``OUT.edited``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection
from pathlib import Path

from lifecircle.errors import Problem, SourceError
from lifecircle.provenance import sha256_of

RUN_RECORD = "run.json"
"""Record of a run: what its folder is known by, and the sha256 of its files."""


def claim(out: Path, record: str = RUN_RECORD) -> Path:
    """
    Make sure a run may be written to a folder, before anything is computed for it.

    Parameters
    ----------
    out
        The run's folder.
    record
        Name of the record such a folder is known by.

    Returns
    -------
    out
        Its full path, with a swap that was cut off repaired.

    Raises
    ------
    SourceError
        If it is a file or holds something else than a run, or where a file in it is open in another
        program that lets nobody move it (Excel on Windows).
    """
    out = out.resolve()  # "." and "run/.." have no name to put a word behind
    repair(out, record)
    _refuse_foreign(out, record)
    _refuse_open(out)
    return out


def repair(out: Path, record: str = RUN_RECORD) -> None:
    """
    Finish or undo a swap that was cut off.

    Parameters
    ----------
    out
        The run's folder.
    record
        Name of its record.
    """
    if out.exists():
        return
    fresh, previous = beside(out, "new"), beside(out, "previous")
    if (fresh / record).exists():  # the record is written last, so the run is whole
        fresh.rename(out)
    elif previous.exists():
        previous.rename(out)


def beside(out: Path, word: str) -> Path:
    """
    Name a folder beside another.

    Parameters
    ----------
    out
        The folder.
    word
        What is put behind its name.

    Returns
    -------
    path
        Such as ``run.new``.
    """
    return out.with_name(f"{out.name}.{word}")


def _refuse_foreign(out: Path, record: str) -> None:
    if out.is_file():
        raise SourceError(
            Problem(what="is a file, not a folder", where=out.name, remedy="name another --out")
        )
    for folder in (out, beside(out, "previous")):
        if folder.is_dir() and any(folder.iterdir()) and not _is_ours(folder, record):
            raise SourceError(
                Problem(
                    what="holds files that are not a run; nothing was written",
                    where=folder.name,
                    remedy="name an empty or new folder with --out",
                )
            )


def _refuse_open(out: Path) -> None:
    """Say so before the run, not after minutes of work: a file that is open cannot be replaced."""
    for path in sorted(out.glob("*.*")):
        if not path.is_file() or not os.access(path, os.W_OK):
            continue  # what is read-only may still be moved
        try:
            path.open("r+b").close()
        except PermissionError as error:
            raise _opened(path.name) from error


def _opened(name: str) -> SourceError:
    return SourceError(
        Problem(
            what="is open in another program; the old run is left as it was",
            where=name,
            remedy="close it (Excel, QGIS, a browser) and run again",
        )
    )


def _is_ours(folder: Path, record: str) -> bool:
    try:
        told = json.loads((folder / record).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and isinstance(told.get("files"), dict)


def swap_in(
    fresh: Path, out: Path, record: str = RUN_RECORD, *, keep: Collection[str] = ()
) -> tuple[Path, ...]:
    """
    Put a folder that is whole in the place of the one before.

    Parameters
    ----------
    fresh
        The new folder.
    out
        Its place.
    record
        Name of its record.
    keep
        Files of the old folder that are copied out whether they were edited or not.

    Returns
    -------
    edited
        Where files the planner had edited, and those to keep, were copied to.

    Raises
    ------
    SourceError
        If a file of the old folder is open in another program; it is left as it was.
    """
    previous = beside(out, "previous")
    try:
        edited = _rescue(out, record, keep)
        if out.exists():
            if previous.exists():
                _discard(previous, record)
            out.rename(previous)
        fresh.rename(out)
    except PermissionError as error:
        if previous.exists() and not out.exists():
            previous.rename(out)
        raise _opened(Path(error.filename or out).name) from error
    return edited


def _discard(run: Path, record: str) -> None:
    """Delete a run, its record last: what is left of a deletion cut off is still known as a run."""
    for path in run.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != record:
            path.unlink()
    shutil.rmtree(run)


def _rescue(out: Path, record: str, keep: Collection[str]) -> tuple[Path, ...]:
    """Move files the planner edited or added out of the way of the swap."""
    told = out / record
    if not told.exists():
        return ()
    known = json.loads(told.read_text(encoding="utf-8")).get("files", {})
    own = {record, "run.log"}
    found = sorted(path for path in out.rglob("*") if path.is_file())
    changed = [
        path
        for path in found
        if (name := path.relative_to(out).as_posix()) not in own
        and not path.name.startswith("~$")
        and (name in keep or known.get(name) != sha256_of(path))
    ]
    return tuple(_move(path, beside(out, "edited") / path.relative_to(out)) for path in changed)


def _move(path: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 2
    free = target
    while free.exists():
        free = target.with_stem(f"{target.stem}-{number}")
        number += 1
    shutil.copy2(path, free)
    return free


def make_fresh(out: Path) -> Path:
    """
    Make the empty folder a new one is written to.

    Parameters
    ----------
    out
        The place it will take.

    Returns
    -------
    fresh
        Beside it, empty.

    Raises
    ------
    SourceError
        If nobody may write there.
    """
    fresh = beside(out, "new")
    try:
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(parents=True)
    except OSError as error:
        raise SourceError(
            Problem(
                what=f"cannot be written ({error.strerror})",
                where=fresh.name,
                remedy="name a folder you may write to with --out",
            )
        ) from error
    return fresh
