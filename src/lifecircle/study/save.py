"""
From a bundle of results to a folder on disk, swapped in whole.

A run is written beside its target and takes its place at the end; the run before becomes
``OUT.previous``. What a planner has edited is never overwritten: it moves to ``OUT.edited``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lifecircle.config.export_section import ExportSection
from lifecircle.errors import Problem, SourceError
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.entered import with_entries
from lifecircle.outputs.exports import write_exports
from lifecircle.outputs.layers import write_geopackage
from lifecircle.outputs.report import write_report
from lifecircle.outputs.runfile import write_run
from lifecircle.outputs.webmap import save_map
from lifecircle.outputs.workbook import write_workbook
from lifecircle.provenance import sha256_of
from lifecircle.study.returning import with_last_run
from lifecircle.study.stages import Stages

RECORD = "run.json"
_NO_EXPORT = ExportSection()


def save_run(
    content: Content,
    out: Path,
    *,
    study: Mapping[str, object],
    seeds: Mapping[str, int],
    stages: Stages,
    export: ExportSection = _NO_EXPORT,
) -> tuple[Path, ...]:
    """
    Write every file of a run and put the run in its place.

    Parameters
    ----------
    content
        What there is to show.
    out
        The run's folder.
    study
        The resolved study, for the record.
    seeds
        Seed of every stage that draws numbers.
    stages
        Stopwatch; its timings go into the record.
    export
        Which further files are written.

    Returns
    -------
    edited
        Where files the planner had edited have been moved to; empty when there were none.

    Raises
    ------
    SourceError
        If the folder holds something else, or a file in it is open in another program.
    """
    out = claim(out)
    content = _with_last_run(content, out, stages)
    fresh = _beside(out, "new")
    tables = fresh / "tables"
    try:
        if fresh.exists():
            shutil.rmtree(fresh)
        tables.mkdir(parents=True)
    except OSError as error:
        raise SourceError(
            Problem(
                what=f"cannot be written ({error.strerror})",
                where=fresh.name,
                remedy="name a folder you may write to with --out",
            )
        ) from error
    with stages.stage("tables"):
        files: list[Path] = [*write_tables(content, tables)]
    with stages.stage("map"):
        save_map(content, fresh / "map.html")
    with stages.stage("workbook"):
        write_workbook(content, fresh / "gaps.xlsx")
    with stages.stage("layers"):
        write_geopackage(content, fresh / "results.gpkg")
    with stages.stage("report"):
        write_report(content, fresh / "report.docx")
    files += [fresh / name for name in ("map.html", "gaps.xlsx", "results.gpkg", "report.docx")]
    with stages.stage("exports"):
        files += write_exports(
            fresh / "results.gpkg",
            fresh / "exports",
            formats=export.formats,
            layers=export.layers,
            renamed=export.renamed,
        )
    log = fresh / "run.log"
    log.write_text(_log(content, stages), encoding="utf-8")
    write_run(
        content,
        fresh / RECORD,
        study=study,
        seeds=seeds,
        timings_s=stages.timings,
        files=files,
    )
    return _swap(fresh, out)


def _with_last_run(content: Content, out: Path, stages: Stages) -> Content:
    """Carry on what the planner wrote into the run that is about to be replaced."""
    known = len(stages.warnings)
    with stages.stage("entries"):
        entries = with_last_run(content.entries, out)
    content = replace(
        content,
        entries=entries,
        warnings=(*content.warnings, *stages.warnings[known:]),
    )
    if not entries:
        return content
    label = "沿用的填报（处）" if content.language == "zh" else "entries of the planner carried on"
    return with_entries(replace(content, notes={**content.notes, label: str(len(entries.cells))}))


def claim(out: Path) -> Path:
    """
    Make sure a run may be written to a folder, before anything is computed for it.

    Parameters
    ----------
    out
        The run's folder.

    Returns
    -------
    out
        Its full path, with a swap that was cut off repaired.

    Raises
    ------
    SourceError
        If it is a file or holds something else than a run.
    """
    out = out.resolve()  # "." and "run/.." have no name to put a word behind
    repair(out)
    _refuse_foreign(out)
    return out


def repair(out: Path) -> None:
    """
    Finish or undo a swap that was cut off.

    Parameters
    ----------
    out
        The run's folder.
    """
    if out.exists():
        return
    fresh, previous = _beside(out, "new"), _beside(out, "previous")
    if (fresh / RECORD).exists():  # the record is written last, so the run is whole
        fresh.rename(out)
    elif previous.exists():
        previous.rename(out)


def _beside(out: Path, word: str) -> Path:
    return out.with_name(f"{out.name}.{word}")


def _refuse_foreign(out: Path) -> None:
    if out.is_file():
        raise SourceError(
            Problem(what="is a file, not a folder", where=out.name, remedy="name another --out")
        )
    for folder in (out, _beside(out, "previous")):
        if folder.is_dir() and any(folder.iterdir()) and not _is_run(folder):
            raise SourceError(
                Problem(
                    what="holds files that are not a run; nothing was written",
                    where=folder.name,
                    remedy="name an empty or new folder with --out",
                )
            )


def _is_run(folder: Path) -> bool:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and isinstance(record.get("files"), dict)


def _swap(fresh: Path, out: Path) -> tuple[Path, ...]:
    previous = _beside(out, "previous")
    try:
        edited = _rescue(out)
        if out.exists():
            if previous.exists():
                _discard(previous)
            out.rename(previous)
        fresh.rename(out)
    except PermissionError as error:
        if previous.exists() and not out.exists():
            previous.rename(out)
        name = Path(error.filename or out).name
        raise SourceError(
            Problem(
                what="is open in another program; the old run is left as it was",
                where=name,
                remedy="close it (Excel, QGIS, a browser) and run again",
            )
        ) from error
    return edited


def _discard(run: Path) -> None:
    """Delete a run, its record last: what is left of a deletion cut off is still known as a run."""
    for path in run.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != RECORD:
            path.unlink()
    shutil.rmtree(run)


def _rescue(out: Path) -> tuple[Path, ...]:
    """Move files the planner edited or added out of the way of the swap."""
    record = out / RECORD
    if not record.exists():
        return ()
    known = json.loads(record.read_text(encoding="utf-8")).get("files", {})
    own = {RECORD, "run.log"}
    found = sorted(path for path in out.rglob("*") if path.is_file())
    changed = [
        path
        for path in found
        if (name := path.relative_to(out).as_posix()) not in own
        and not path.name.startswith("~$")
        and known.get(name) != sha256_of(path)
    ]
    return tuple(_move(path, _beside(out, "edited") / path.relative_to(out)) for path in changed)


def _move(path: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 2
    free = target
    while free.exists():
        free = target.with_stem(f"{target.stem}-{number}")
        number += 1
    shutil.copy2(path, free)
    return free


def _log(content: Content, stages: Stages) -> str:
    lines: Sequence[str] = [
        content.title,
        *(f"{name}: {seconds:.2f} s" for name, seconds in stages.timings.items()),
        *(f"warning: {text}" for text in content.warnings),
    ]
    return "\n".join(lines) + "\n"
