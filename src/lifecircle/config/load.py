"""
A study file on disk -> a `StudyConfig`, or one error with every problem of the file.

Nothing is read but the study file itself; of the files it names only their being there is checked.
"""

from __future__ import annotations

import re
import tomllib
import typing
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lifecircle.config.contradictions import find_contradictions
from lifecircle.config.fields import closest, describe
from lifecircle.config.lines import Place, key_lines, line_of
from lifecircle.config.study_config import StudyConfig
from lifecircle.errors import Problem, RuleError, SourceError

_EXAMPLES: dict[Place, str] = {
    ("study",): 'add [study] with name = "…"',
    ("area",): 'add [area] with boundary = "area.gpkg"',
    ("network",): 'add [network] with osm = "extract.osm.pbf"',
}
_WANTED = {
    "string_type": "must be a text in quotes",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "tuple_type": "must be a list in square brackets",
    "mapping_type": 'must be a table, as in {id = "code"}',
    "dict_type": 'must be a table, as in {id = "code"}',
    "model_type": "must be a section",
    "date_type": "must be a date, as in 2026-06-30",
}


def load_config(path: Path) -> StudyConfig:
    """
    Read and check a study file.

    Parameters
    ----------
    path
        The study file, or a folder that holds a ``study.toml``.

    Returns
    -------
    config
        The study, its paths absolute, `config.path` the file that was read.

    Raises
    ------
    SourceError
        If there is no such file, or it cannot be read as UTF-8 text.
    RuleError
        With every problem at once: a syntax error, unknown keys, wrong kinds of values, files that
        do not exist, statements that exclude each other; each with its line.
    """
    path = Path(path).absolute()
    if path.is_dir():
        path = path / "study.toml"
    text = _read_text(path)
    data = _parsed(text, path.name)
    reader = _Reader(text=text, data=data, name=path.name)
    context = {"folder": path.parent, "contradictions_known": True}
    config = None
    try:
        config = StudyConfig.model_validate({**data, "path": path}, context=context)
    except ValidationError as error:
        reader.add_faults(error.errors(include_url=False))
    reader.add_contradictions()
    if config is None or reader.problems:
        raise RuleError([problem for _, problem in sorted(reader.problems, key=lambda p: p[0])])
    return config


def _read_text(path: Path) -> str:
    if not path.exists():
        raise SourceError(
            Problem(
                what="there is no such study file",
                where=path.name,
                remedy="name the study.toml, or the folder it lies in",
            )
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(
            Problem(what=f"cannot be read ({error.strerror})", where=path.name)
        ) from error
    try:
        # Editors on Windows put a byte order mark first and end lines with \r\n.
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SourceError(
            Problem(
                what="is not UTF-8 text (perhaps GBK or UTF-16)",
                where=f"{path.name}, line {line}",
                remedy="open it in an editor and save as UTF-8",
            )
        ) from error


def _parsed(text: str, name: str) -> dict[str, object]:
    try:
        return {key: _tuples(value) for key, value in tomllib.loads(text).items()}
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = re.search(r"\(at line (\d+), column \d+\)", message)
        lines = text.split("\n")
        line = int(found[1]) if found else len(text.rstrip("\n").split("\n"))
        shown = lines[line - 1].strip()
        what = re.sub(r"\s*\(at [^)]*\)$", "", message)
        raise RuleError(
            Problem(
                what=f"this is no TOML: {what}: {shown[:120]}",
                where=f"{name}, line {line}",
                remedy=_syntax_remedy(shown),
            )
        ) from error
    except RecursionError as error:
        raise RuleError(Problem(what="is nested too deeply", where=name)) from error


def _syntax_remedy(line: str) -> str:
    if any(quote in line for quote in "“”‘’＂"):
        return 'use straight quotes: "…"'
    if "\\" in line:
        return "write paths with forward slashes, or in single quotes"
    if re.search(r"=\s*(True|False|TRUE|FALSE|是|否)\b", line):
        return "write true or false"
    if line.count("{") > line.count("}"):
        return "a table in curly brackets stands in one line, without a comma at its end"
    if re.match(r"^[\w-]+\s*=\s*[^\s\"'\[{\d+-]", line):
        return 'put texts in quotes: "…"'
    return 'a line is key = value, texts in straight quotes: name = "…"'


def _tuples(value: object) -> object:
    """Turn lists into tuples, which frozen sections hold and strict checking asks for."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


class _Reader:
    """Problems of one study file, each with the line it sorts by."""

    def __init__(self, *, text: str, data: Mapping[str, object], name: str) -> None:
        self._data = data
        self._name = name
        self._lines = key_lines(text)
        self._unsure: set[Place] = set()
        self.problems: list[tuple[int, Problem]] = []

    def add_faults(self, errors: list[ErrorDetails]) -> None:
        """Note values that are wrong by themselves."""
        for error in errors:
            place = error["loc"]
            if len(place) == 1:
                self._unsure.add(place)
            if error["type"] == "extra_forbidden":
                what, remedy = self._unknown_key(place)
            elif error["type"] == "missing":
                what, remedy = "is missing", _EXAMPLES.get(place, "")
            else:
                what, remedy = _wording(error)
            self._add(place, what, remedy)

    def add_contradictions(self) -> None:
        """Note statements that exclude each other, unless what was meant is not even known."""
        for one in find_contradictions(self._data):
            if not any(key[:length] in self._unsure for key in one.keys for length in (1, 2)):
                self._add(one.keys[0], one.what, one.remedy)

    def _unknown_key(self, place: Place) -> tuple[str, str]:
        known = _known_keys(place[:-1])
        guess = closest(str(place[-1]), known)
        # What the key most probably means is not to be called missing as well.
        if guess and (*place[:-1], guess) not in self._lines:
            self._unsure.add((*place[:-1], guess))
        kind = "section" if len(place) == 1 else "key"
        remedy = f"did you mean '{guess}'?" if guess else f"known: {', '.join(known)}"
        return f"unknown {kind} '{place[-1]}'", remedy

    def _add(self, place: Place, what: str, remedy: str) -> None:
        line = line_of(place, self._lines)
        where = self._name if line is None else f"{self._name}, line {line}"
        section = ".".join(str(part) for part in place[:1])
        rest = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in place[1:])
        named = f"[{section}] {rest}".strip()
        problem = Problem(what=what, where=f"{where}, {named}", remedy=remedy)
        self.problems.append((line or 0, problem))


def _known_keys(place: Place) -> list[str]:
    """Name the keys of a section, found by walking down the models."""
    model: type[BaseModel] = StudyConfig
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model_within(model.model_fields[part].annotation)
            model = inner or model
    return [name for name in model.model_fields if (model, name) != (StudyConfig, "path")]


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in typing.get_args(annotation):
        if found := _model_within(part):
            return found
    return None


def _wording(error: ErrorDetails) -> tuple[str, str]:
    kind, value = error["type"], error["input"]
    limits = error.get("ctx", {})
    if kind == "wrong":
        return str(limits["what"]), str(limits["remedy"])
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(limits["expected"]))
        guess = closest(value, allowed) if isinstance(value, str) else ""
        return (
            f"must be one of {', '.join(allowed)}, not {describe(value)}",
            f"did you mean '{guess}'?" if guess else "",
        )
    if kind in _WANTED:
        return f"{_WANTED[kind]}, not {describe(value)}", _kind_remedy(kind, value)
    message = error["msg"].replace("Input should", "must")
    return f"{message[0].lower()}{message[1:]}, not {describe(value)}", ""


def _kind_remedy(kind: str, value: object) -> str:
    if kind == "tuple_type" and isinstance(value, str):
        return f'write ["{value}"]'
    if kind == "tuple_type" and isinstance(value, Mapping):
        return "begin each table with two brackets, as in [[facilities.tables]]"
    if kind in ("int_type", "float_type") and isinstance(value, str):
        return "take the quotes away"
    return ""
