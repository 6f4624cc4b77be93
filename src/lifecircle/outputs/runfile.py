"""
A run becomes its record, ``run.json``: what went in, what came out, with what, how long it took.

No absolute path is written, and every file of the run is hashed, so that an edited one is known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import numpy as np

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import COLUMNS
from lifecircle.outputs.release import released
from lifecircle.provenance import sha256_of

_PUBLIC_SECTIONS = ("study", "export")
_PACKAGES = ("numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "numba", "highspy")


def write_run(
    content: Content,
    path: Path,
    *,
    study: Mapping[str, object],
    seeds: Mapping[str, int],
    timings_s: Mapping[str, float],
    files: Sequence[Path],
) -> Path:
    """
    Write the record of a run.

    Parameters
    ----------
    content
        What the run has to show.
    path
        ``run.json``; written last, beside the files it lists.
    study
        The resolved study.
    seeds
        Seed of every stage that draws numbers.
    timings_s
        Seconds each stage took.
    files
        Files of this run; each is hashed and named relative to the folder of `path`.

    Returns
    -------
    path
        The file written: versions, sources with their sha256, study, standard, seeds, timings,
        counts, the account of people, warnings and the sha256 of the run's own files. A path that
        is not below the run's folder is given by its last part: no absolute path is written.
        Of a public release, without warnings, replaced values and entries, and of the study file
        the sections ``study`` and ``export`` alone.

    Raises
    ------
    OSError
        If one of `files` is not there.
    """
    edition = released(content)
    folder = path.parent
    record = {
        "versions": {name: _version(name) for name in ("lifecircle", *_PACKAGES)},
        "title": content.title,
        "language": content.language,
        "release": content.release,
        "crs": content.crs.to_string(),
        "sources": [vars(source) for source in edition.sources],
        "study": study if edition.release != "public" else _told(study),
        "standard": content.standard.model_dump(mode="json"),
        "seeds": seeds,
        "robustness": dict(edition.spreads),
        "timings_s": {name: round(float(value), 3) for name, value in timings_s.items()},
        "counts": {
            name: len(getattr(edition, name))
            for name in (*COLUMNS, "communities", "homes", "facilities", "streets", "parcels")
        },
        "people": edition.account,
        "warnings": list(edition.warnings),
        "overrides": _rows(edition),
        "entries": [vars(entry) for entry in edition.entries.cells],
        "notes": edition.notes,
        "files": {
            _relative(file, folder): sha256_of(file) for file in sorted(files, key=Path.as_posix)
        },
    }
    plain = _plain(record, lambda found: _relative(found, folder))
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


def _told(study: Mapping[str, object]) -> dict[str, object]:
    """Keep what a public record says of the study file: no file, no parcel, no parameter."""
    return {name: study[name] for name in _PUBLIC_SECTIONS if name in study}


def _rows(content: Content) -> list[dict[str, object]]:
    plain = content.overrides.astype(object)
    return list(plain.where(plain.notna(), None).to_dict("records"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _relative(path: PurePath, folder: Path) -> str:
    if path.is_relative_to(folder):
        return path.relative_to(folder).as_posix()
    return path.name if path.is_absolute() else path.as_posix()


def _plain(value: object, shorten: Callable[[PurePath], str]) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        return {str(key): _plain(item, shorten) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return [_plain(item, shorten) for item in value]
    if isinstance(value, PurePath):
        value = shorten(value)
    elif isinstance(value, str):
        value = _without_folder(value)
    elif isinstance(value, float) and not np.isfinite(value):
        value = None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _without_folder(text: str) -> str:
    for kind in (PurePosixPath, PureWindowsPath):
        path = kind(text)
        if path.is_absolute() and path.name and "\n" not in text:
            return path.name
    return text
