"""
The reference systems a study declares -> systems, put wherever the study file names them.

A name becomes the system's full text, so that every reader takes it as it takes ``EPSG:4549``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel
from pyproj import CRS
from pyproj.exceptions import CRSError

from lifecircle.config import StudyConfig, SystemTable
from lifecircle.errors import CrsError, LifecircleError, Problem
from lifecircle.provenance import Source
from lifecircle.sources.systems.control_points import read_control_points
from lifecircle.sources.systems.local_systems import gauss_system

Part = TypeVar("Part", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Systems:
    """
    The local systems of a study.

    Parameters
    ----------
    by_name
        Name to system.
    sources
        Tables of control points that were read.
    words
        Name to what is known of it, for the answer of ``check``.
    """

    by_name: Mapping[str, CRS]
    sources: tuple[Source, ...]
    words: Mapping[str, str]


def systems_of(config: StudyConfig) -> Systems:
    """
    Make the systems a study declares.

    Parameters
    ----------
    config
        The study file.

    Returns
    -------
    systems
        Each by its name.

    Raises
    ------
    LifecircleError
        With everything that is wrong with any of them.
    """
    by_name: dict[str, CRS] = {}
    sources: list[Source] = []
    words: dict[str, str] = {}
    problems: list[Problem] = []
    for part in config.systems:
        try:
            crs, source, said = _system(part)
        except LifecircleError as error:
            problems += error.problems
            continue
        by_name[part.name], words[part.name] = crs, said
        sources += [] if source is None else [source]
    if problems:
        raise CrsError(problems)
    return Systems(by_name=by_name, sources=tuple(sources), words=words)


def _system(part: SystemTable) -> tuple[CRS, Source | None, str]:
    if part.central_meridian is not None:
        crs = gauss_system(
            part.name,
            central_meridian=part.central_meridian,
            false_easting=part.false_easting,
            false_northing=part.false_northing,
            ellipsoid=part.ellipsoid,
            scale=part.scale,
            plane_height=part.plane_height,
        )
        return crs, None, f"Gauss-Krüger, central meridian {part.central_meridian}, as declared"
    if part.control is None:
        raise CrsError(
            Problem(
                what="gives neither central_meridian nor control",
                where=f"study.toml, systems, {part.name}",
                remedy="give the parameters of the projection, or a table of control points",
            )
        )
    found = read_control_points(
        part.control,
        name=part.name,
        columns=part.columns,
        sheet=part.sheet,
        known=None if part.crs is None else _public(part.crs, part.name),
    )
    return found.crs, found.source, found.words


def _public(text: str, name: str) -> CRS:
    plain = text.strip().casefold().replace("-", "")
    try:
        return CRS.from_user_input({"cgcs2000": 4490, "wgs84": 4326}.get(plain, text))
    except CRSError as error:
        raise CrsError(
            Problem(
                what=f"crs '{text}' is not known",
                where=f"study.toml, systems, {name}",
                remedy='name a public one, as in "EPSG:4549"',
            )
        ) from error


def with_systems(config: StudyConfig, systems: Systems) -> StudyConfig:
    """
    Write the systems of a study where it names them.

    Parameters
    ----------
    config
        The study file; not changed.
    systems
        Its systems.

    Returns
    -------
    config
        With the text of the system in every ``crs`` and ``datum`` that held its name.
    """
    texts = {_plain(name): crs.to_wkt("WKT2_2019") for name, crs in systems.by_name.items()}
    if not texts:
        return config
    return _written(config, texts)


def _written(part: Part, texts: Mapping[str, str]) -> Part:
    changes: dict[str, object] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        names_one = name in ("crs", "datum") or name.endswith(("_datum", "_crs"))
        if names_one and isinstance(value, str):
            changes[name] = texts.get(_plain(value), value)
        elif isinstance(value, BaseModel):
            changes[name] = _written(value, texts)
        elif isinstance(value, tuple):
            changes[name] = tuple(
                _written(one, texts) if isinstance(one, BaseModel) else one for one in value
            )
    # A key that is written counts as typed, so only those that change are.
    changed = {name: new for name, new in changes.items() if new != getattr(part, name)}
    return part.model_copy(update=changed) if changed else part


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
