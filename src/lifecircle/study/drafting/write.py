"""A study file that was drawn up, written where none was before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifecircle.errors import Problem, SourceError
from lifecircle.study.drafting.chinese import with_chinese_comments
from lifecircle.study.drafting.draft import draft_study


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """
    A study file that was drawn up.

    Parameters
    ----------
    path
        Where it is.
    text
        What it says.
    used, unused
        How many files it uses, and how many it only lists.
    """

    path: Path
    text: str
    used: int
    unused: int

    def __str__(self) -> str:
        if not self.used:
            return (
                f"{self.path}: a place to be looked up online, no files\n"
                f"read it, then: lifecircle check {self.path}"
            )
        return (
            f"{self.path}: files used: {self.used}; listed as not used, each with its reason: "
            f"{self.unused}\nread it, then: lifecircle check {self.path}"
        )


def write_draft(source: Path | str, out: Path | None) -> Drafted:
    """
    Draw up a study file and write it, never over another one.

    Parameters
    ----------
    source
        A folder, a file or the name of a place.
    out
        Study file or folder to write it to; None writes it beside the files.

    Returns
    -------
    drafted
        The file.

    Raises
    ------
    LifecircleError
        If there is a study file already, it cannot be written, or there is nothing to draw it
        up from.
    """
    path = _target(Path(source), out)
    if path.exists():
        raise SourceError(
            Problem(
                what="there is a study file already, and it is never written over",
                where=str(path),
                remedy="move it away, or name another one with --out",
            )
        )
    draft = draft_study(source, path)
    text = with_chinese_comments(draft.text)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise SourceError(
            Problem(
                what=f"cannot be written ({error.strerror or error})",
                where=str(path),
                remedy="name a place you may write to: --out study.toml",
            )
        ) from error
    return Drafted(path=path, text=text, used=draft.used, unused=draft.unused)


def _target(source: Path, out: Path | None) -> Path:
    if out is not None:
        return out / "study.toml" if out.is_dir() else out
    if source.is_dir() and source.suffix != ".gdb":
        return source / "study.toml"
    return source.parent / "study.toml" if source.exists() else Path("study.toml")
