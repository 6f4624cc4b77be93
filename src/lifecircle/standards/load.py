"""
Packaged editions, own files and single overridden numbers become one checked `Standard`.

Whatever is wrong is told at once, each problem with the line it was typed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ValidationError

from lifecircle.errors import Problem, RuleError
from lifecircle.standards.check import standard_faults
from lifecircle.standards.document import Document, Loc, parse_document, read_document
from lifecircle.standards.faults import closest
from lifecircle.standards.merge import Draft, merge
from lifecircle.standards.model import (
    CountRule,
    Evidence,
    FacilityType,
    HomeRules,
    Norm,
    Requirement,
    Standard,
)
from lifecircle.standards.override import override_values

_COMMON = "common"
_LONGEST_VALUE = 60
_TABLES: Mapping[str, type[BaseModel]] = {
    "requirements": Requirement,
    "norms": Norm,
    "types": FacilityType,
    "home_rules": HomeRules,
    "evidence": Evidence,
    "counts": CountRule,
}


def packaged_standards() -> tuple[str, ...]:
    """
    List the editions that come with the package.

    Returns
    -------
    names
        What `load_standard` takes, sorted.

    Examples
    --------
    >>> from lifecircle.standards import packaged_standards
    >>> packaged_standards()  # doctest: +NORMALIZE_WHITESPACE
    ('basic', 'emergency', 'gb50180', 'mohurd_check', 'rural', 'shanghai', 'tdt1062', 'tdt1063',
     'wanzheng', 'zhejiang')
    """
    files = (Path(entry.name) for entry in resources.files("lifecircle.standards").iterdir())
    return tuple(
        sorted(file.stem for file in files if file.suffix == ".toml" and file.stem != _COMMON)
    )


def load_standard(
    name: str | None = None,
    *,
    file: Path | None = None,
    override: Mapping[str, object] | None = None,
) -> Standard:
    """
    Load a packaged edition or a planner's own file.

    Parameters
    ----------
    name
        A packaged edition; ``basic`` when neither `name` nor `file` is given.
    file
        An own TOML file, read instead of a packaged edition. It may say ``extends = "gb50180"``
        and then only holds what differs; requirements, norms and types
        replace those of the same id.
    override
        Single values as a study file types them under ``[standard.override]``, such as
        ``{"medical_15.minutes": 12, "type.medical.station.floor_min_m2": 150}``. Their evidence
        becomes a proposal of the study.

    Returns
    -------
    standard
        The checked standard. Facility types, rules for homes, grades and targets the file does
        not set come from the packaged ``common.toml``, with their own evidence.

    Raises
    ------
    SourceError
        If `file` cannot be read.
    RuleError
        If the name is unknown, the file is not TOML, or anything in it is unknown, missing,
        contradictory or without evidence; every problem at once, with the line.

    Examples
    --------
    >>> from lifecircle.standards import load_standard
    >>> load_standard("gb50180").requirement("medical_station_5").limit_m
    300.0
    """
    top = _packaged(name or "basic") if file is None else read_document(file)
    layers = [top]
    while "extends" in layers[0].values:
        layers.insert(0, _extended(layers[0]))
    draft = merge(_packaged_text(_COMMON), layers)
    values, typed = override_values(draft.values, override or {})
    return _checked(draft, values, typed)


def _packaged(name: str) -> Document:
    known = packaged_standards()
    if name not in known:
        raise RuleError(
            Problem(
                what=f"no packaged standard '{name}'",
                remedy=f"{closest(name, known)}; or name a file of your own",
            )
        )
    return _packaged_text(name)


def _packaged_text(name: str) -> Document:
    entry = resources.files("lifecircle.standards").joinpath(f"{name}.toml")
    return parse_document(entry.name, entry.read_text(encoding="utf-8"))


def _extended(document: Document) -> Document:
    name = document.values["extends"]
    known = packaged_standards()
    if name not in known:
        raise RuleError(
            Problem(
                what=f"no packaged standard '{name}' to extend",
                where=document.where(("extends",)),
                remedy=closest(str(name), known),
            )
        )
    return _packaged_text(str(name))


def _checked(draft: Draft, values: Mapping[str, object], typed: Mapping[Loc, str]) -> Standard:
    told: list[tuple[Loc, str, str]] = []
    try:
        return Standard.model_validate(dict(values))
    except ValidationError as error:
        # The models stop at their first fault; the checks on plain values see all of them at once.
        told += _readable(error)
        told += [(fault.loc, fault.what, fault.remedy) for fault in standard_faults(values)]
        told = told or [((), str(error), "")]
    problems: dict[Problem, tuple[bool, int]] = {}
    for loc, what, remedy in told:
        # A fault of a whole table, such as all weights, is blamed on the key that reached into it.
        place = next(
            (text for at, text in typed.items() if loc[: len(at)] == at or loc == at[:1]), None
        )
        problem = Problem(what=what, where=place or draft.where(loc), remedy=remedy)
        problems.setdefault(problem, draft.order(loc))
    raise RuleError(sorted(problems, key=lambda problem: (problems[problem], str(problem))))


def _readable(error: ValidationError) -> Iterator[tuple[Loc, str, str]]:
    for detail in error.errors(include_url=False):
        loc, kind = detail["loc"], detail["type"]
        if kind == "value_error":
            continue  # the models' own faults, told by standard_faults
        if kind == "too_short" and detail["input"]:
            continue  # a list is not empty because its rows are wrong, and those are told
        field = str(loc[-1]) if loc else "the file"
        if kind == "missing":
            yield loc[:-1], f"'{field}' is missing", f"add {field} = …"
        elif kind == "extra_forbidden":
            known = tuple(_model_at(loc[:-1]).model_fields)
            yield loc, f"unknown key '{field}'", closest(field, known)
        else:
            yield loc, f"{_path(loc)} = {_short(detail['input'])}: {_plain(detail['msg'])}", ""


def _model_at(loc: Loc) -> type[BaseModel]:
    names = [key for key in loc if key in _TABLES]
    return _TABLES[str(names[-1])] if names else Standard


def _path(loc: Loc) -> str:
    names = [str(key) for key in loc if isinstance(key, str)]
    return ".".join(names[1:] if len(names) > 1 and names[0] in _TABLES else names)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _plain(message: str) -> str:
    for theirs, ours in (
        ("Input should be", "it should be"),
        ("a valid tuple", "a list (tables of a list start with [[…]])"),
        ("a valid dictionary or instance of", "a table of the kind"),
        ("Tuple should", "the list should"),
    ):
        message = message.replace(theirs, ours)
    return message
