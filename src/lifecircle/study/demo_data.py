"""Where the embedded studies lie: beside the modules of a wheel, or in a checkout; their files."""

from __future__ import annotations

import shutil
from pathlib import Path

from lifecircle.errors import Problem, SourceError

DEMOS = {"en": "neubrandenburg", "zh": "lanpu"}
"""Language to the study that is embedded for it."""


def demo_file(language: str) -> Path:
    """
    Find the study file embedded for a language.

    Parameters
    ----------
    language
        ``en`` or ``zh``.

    Returns
    -------
    path
        Its study.toml.

    Raises
    ------
    SourceError
        If there is none in that language, or this installation lacks it.
    """
    if language not in DEMOS:
        raise SourceError(
            Problem(
                what=f"there is no embedded study in '{language}'",
                remedy=f"known: {', '.join(DEMOS)}",
            )
        )
    return embedded(DEMOS[language]) / "study.toml"


def embedded(name: str) -> Path:
    """
    Find the folder of an embedded study.

    Parameters
    ----------
    name
        Name of the study.

    Returns
    -------
    folder
        Beside the package's modules in an installed wheel, under ``data`` in a checkout.

    Raises
    ------
    SourceError
        If it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "data" / name, package.parents[1] / "data" / name):
        if (folder / "study.toml").exists():
            return folder
    raise SourceError(
        Problem(
            what=f"the embedded study '{name}' is missing from this installation",
            remedy="install lifecircle again",
        )
    )


def copy_files(language: str, folder: Path) -> int:
    """
    Copy the files of an embedded study into a folder, as they came: without its study file.

    Parameters
    ----------
    language
        ``en`` or ``zh``.
    folder
        Made when it is not there; must be empty.

    Returns
    -------
    count
        How many files and geodatabases were copied.

    Raises
    ------
    SourceError
        If the folder holds something already, cannot be written, or there is no such study.
    """
    source = demo_file(language).parent
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SourceError(
            Problem(
                what="there is something there already",
                where=str(folder),
                remedy="name a new folder",
            )
        )
    try:
        shutil.copytree(
            source, folder, ignore=shutil.ignore_patterns("study.toml"), dirs_exist_ok=True
        )
    except (OSError, shutil.Error) as error:
        raise SourceError(
            Problem(
                what=f"the files cannot be copied: {error}",
                where=str(folder),
                remedy="name a folder that can be written",
            )
        ) from error
    return sum(1 for _ in folder.iterdir())
