"""The command line: every verb is one call of `Study`, errors are readable, exit status is told."""

from __future__ import annotations

import json
import sys
import time
import traceback
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from lifecircle.study import Study

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Plan 15-minute service circles: who can walk to care, culture and sport, who cannot, "
    "and which leftover land would help.",
)

INPUTS_WRONG, FAULT_OF_OURS = 2, 1


class Language(StrEnum):
    """Language of labels."""

    zh = "zh"
    en = "en"


Out = Annotated[Path | None, typer.Option("--out", help="Folder the run is written to.")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Show no progress.")]
StudyFile = Annotated[Path, typer.Argument(help="The study.toml, or its folder.")]


@app.command()
def demo(
    out: Out = None,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang",
            help="en: Neubrandenburg, from one OSM file; zh: Lanpu, from office files.",
        ),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option("--files", help="Copy the study's files into this folder, and run nothing."),
    ] = None,
    *,
    quiet: Quiet = False,
) -> None:
    """Run an embedded study, a whole town or a fictional district, and print what it found."""
    if files is not None:
        from lifecircle.study.demo_data import copy_files  # noqa: PLC0415

        count = copy_files("en" if lang is None else lang.value, files)
        typer.echo(f'{count} files in {files}\nnext: lifecircle init "{files}"')
        return
    from lifecircle.study import Study  # noqa: PLC0415  heavy, so only when it is needed

    study = Study.demo(language=None if lang is None else lang.value)
    _run(study, out or Path("lifecircle-demo"), quiet=quiet)


@app.command()
def init(
    source: Annotated[str, typer.Argument(help="A folder of files, an .osm.pbf, or a place.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Study file to write, study.toml by default.")
    ] = None,
) -> None:
    """Look through a folder and write a commented study.toml that works as it stands."""
    from lifecircle.study import Study  # noqa: PLC0415

    typer.echo(Study.init(source, out=out))


@app.command()
def run(study: StudyFile, out: Out = None, *, quiet: Quiet = False) -> None:
    """Run a study and write map, workbook, layers and tables."""
    from lifecircle.study import Study  # noqa: PLC0415

    loaded = Study.load(study)
    _run(loaded, out or loaded.config.folder / "run", quiet=quiet)


@app.command()
def check(
    study: StudyFile,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Read everything, report every problem and doubt, analyse nothing."""
    from lifecircle.study import Study  # noqa: PLC0415

    report = Study.load(study).check(_announcer(quiet=quiet))
    typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else report)


@app.command()
def compare(
    run_a: Annotated[Path, typer.Argument(help="Folder of the earlier run.")],
    run_b: Annotated[Path, typer.Argument(help="Folder of the later run.")],
    out: Out = None,
    lang: Annotated[Language | None, typer.Option("--lang", help="Language of labels.")] = None,
    *,
    across_standards: Annotated[
        bool,
        typer.Option(help="Compare runs of different standards, where both ask alike."),
    ] = False,
) -> None:
    """Say which areas changed between two runs, and why."""
    from lifecircle.comparison import compare as between  # noqa: PLC0415

    found = between(
        run_a,
        run_b,
        across_standards=across_standards,
        language=None if lang is None else lang.value,
    )
    target = out or Path("compare")
    edited = found.save(target)
    typer.echo(found.summary())
    for path in edited:
        typer.echo(f"kept your edits: {path}")
    typer.echo(target / "map.html")


@app.command()
def standards(
    name: Annotated[str | None, typer.Argument(help="A packaged standard.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="Language of labels.")] = Language.zh,
) -> None:
    """List the packaged standards, or every number of one with its clause and evidence."""
    from lifecircle.standards import (  # noqa: PLC0415
        TAG_WORDS,
        describe,
        evidence_counts,
        load_standard,
        packaged_standards,
    )
    from lifecircle.standards.describe import note_in  # noqa: PLC0415

    chinese = lang is Language.zh
    if name is None:
        for known in packaged_standards():
            one = load_standard(known)
            title = one.title_zh if chinese else one.title_en
            counts = " ".join(f"{tag}{count}" for tag, count in evidence_counts(one).items())
            typer.echo(f"{known:<12} {len(one.requirements):>3}  {title}  [{counts}]")
        return
    standard = load_standard(name)
    typer.echo(standard.title_zh if chinese else standard.title_en)
    for row in describe(standard, lang.value):
        others = row["others"] if isinstance(row["others"], dict) else {}
        tags = {row["tag"], *others.values()}
        mark = "!" if tags - {"V", "C"} else "?" if "C" in tags else " "
        also = "".join(f", {field} {tag}" for field, tag in others.items())
        typer.echo(
            f"{mark} {row['requirement']}: {row['label']}; {row['limit']}; {row['obligation']}; "
            f"{row['clause']} [{row['tag']}{also}] {row['source']}"
        )
    typer.echo("")
    notes = (note_in(note, lang.value) for note in standard.notes)
    for text in (*standard.inconsistencies(), *notes):
        typer.echo(f"- {text}")
    told = [
        f"{count} {tag} {TAG_WORDS[tag][not chinese]}"
        for tag, count in evidence_counts(standard).items()
    ]
    typer.echo(("限值依据：" if chinese else "limits: ") + ("，" if chinese else ", ").join(told))
    entries = len(standard.unverified())
    typer.echo(
        "! = 有数值或口径未读到正式文本（R 凭记忆，P 本项目建议），? = 有旁证但须核对；"
        f"含目标、规模等共 {entries} 项未经核实，使用前须核对"
        if chinese
        else "! = not read in the printed text (R recalled, P proposal), ? = corroborated, needs "
        f"check; with targets and sizes {entries} entries are unverified: check before use"
    )


def _run(study: Study, out: Path, *, quiet: bool) -> None:
    from lifecircle.outputs.names import Names  # noqa: PLC0415
    from lifecircle.outputs.swap import claim  # noqa: PLC0415
    from lifecircle.outputs.words_of_warnings import told_warnings  # noqa: PLC0415

    begun = time.perf_counter()
    claim(out)
    announce = _announcer(quiet=quiet)
    found = study.run(announce)
    if announce is not None:
        announce("writing")
    edited = found.save(out)
    typer.echo(found.summary())
    for path in edited:
        typer.echo(f"kept your edits: {path}")
    typer.echo(f"{out / 'map.html'}  ({time.perf_counter() - begun:.1f} s)")
    worded, left = told_warnings(found.warnings, Names.of(found.content))
    mark = "提示：" if found.content.language == "zh" else "warning: "
    for text in worded:
        typer.echo(f"{mark}{text}", err=True)
    for text in left:
        typer.echo(f"warning: {text}", err=True)


def _announcer(*, quiet: bool) -> Callable[[str], None] | None:
    if quiet:
        return None
    begun = time.perf_counter()
    return lambda stage: typer.echo(f"{time.perf_counter() - begun:6.1f} s  {stage}", err=True)


def main() -> None:
    """
    Run the command line.

    Raises
    ------
    SystemExit
        0 done, 2 inputs or study file are wrong (readable, no traceback), 1 a fault of ours.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Windows consoles that are not UTF-8
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except Exception as error:  # noqa: BLE001  the last door: tell ours from theirs
        from lifecircle.errors import LifecircleError  # noqa: PLC0415

        if isinstance(error, LifecircleError):
            for problem in error.problems:
                typer.echo(f"error: {problem}", err=True)
            raise SystemExit(INPUTS_WRONG) from None
        traceback.print_exc()
        typer.echo("error: this is a fault of lifecircle, not of your files", err=True)
        raise SystemExit(FAULT_OF_OURS) from None
