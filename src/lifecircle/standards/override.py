"""
Single values of a study replace those of a standard, and their evidence says so.

Only what exists can be overridden; every other key is refused with the closest one named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifecircle.errors import Problem, RuleError
from lifecircle.standards.check import TYPE_NUMBERS
from lifecircle.standards.document import Loc
from lifecircle.standards.faults import closest

SOURCE = "study.toml"
WHERE = "study.toml [standard.override]"

_REQUIREMENT_KEYS = (
    "minutes",
    "limit_m",
    "target_share",
    "min_people_short",
    "profile",
    "group",
    "obligation",
    "serves",
    "direction",
    "where",
    "official_base",
    "official_method",
)
_NORM_KEYS = ("at_least", "per", "of", "level", "obligation")
_TYPE_KEYS = (*TYPE_NUMBERS, "land_code_2023", "land_code_rural")
_HOME_KEYS = ("untagged_min_m2", "untagged_only_in_residential")


def override_values(
    values: Mapping[str, object], override: Mapping[str, object]
) -> tuple[dict[str, object], dict[Loc, str]]:
    """
    Put single values into a standard that is not checked yet.

    Parameters
    ----------
    values
        Fields of the standard as plain values; left as they are.
    override
        Key to value: ``<requirement>.<field>``, ``<norm>.<field>``, ``type.<type>.<field>``,
        ``circle.<minutes>.people_min`` and ``.people_max``, ``weights.<service>``,
        ``home_rules.<field>``, ``home_rules.levels_default.<use>``,
        ``index_mean``, ``weak_below`` or ``no_data_factor``; dotted or nested.

    Returns
    -------
    changed
        The fields with the values put in; each gets evidence with the tag ``P``.
    typed
        Where each value went, with the key that put it there.

    Raises
    ------
    RuleError
        If a key is unknown; all of them at once, the closest known ones named.
    """
    targets = dict(_targets(values))
    wanted = dict(_flat(override, ""))
    problems = [
        Problem(what=f"unknown key '{key}'", where=WHERE, remedy=closest(key, tuple(targets)))
        for key in wanted
        if key not in targets
    ]
    if problems:
        raise RuleError(problems)
    changed: object = dict(values)
    for key, value in wanted.items():
        loc, owner, field = targets[key]
        changed = _put(changed, loc, value)
        changed = _put(changed, (*owner, "evidence"), _evidence(_get(changed, owner), field))
    if wanted:
        changed = _put(changed, ("sources", SOURCE), "the study's own [standard.override]")
    return (
        changed if isinstance(changed, dict) else {},
        {targets[key][0]: f'{WHERE} "{key}"' for key in wanted},
    )


def _targets(values: Mapping[str, object]) -> Iterator[tuple[str, tuple[Loc, Loc, str]]]:
    # Key in the study file -> (where the value stands, who owns its evidence, evidence field).
    for position, row in _rows(values, "requirements"):
        owner: Loc = ("requirements", position)
        for field in _REQUIREMENT_KEYS:
            # A time never becomes a distance: only the limit that is there can change.
            if field not in ("minutes", "limit_m") or field in row:
                yield f"{row.get('id')}.{field}", ((*owner, field), owner, field)
    for position, row in _rows(values, "norms"):
        owner = ("norms", position)
        for field in _NORM_KEYS:
            # Per people or per area is what a norm is; only the number that is there can change.
            if field not in ("per", "of") or "per" in row:
                yield f"{row.get('id')}.{field}", ((*owner, field), owner, field)
    for position, row in _rows(values, "types"):
        owner = ("types", position)
        for field in _TYPE_KEYS:
            yield f"type.{row.get('id')}.{field}", ((*owner, field), owner, field)
    for position, row in _rows(values, "circles"):
        owner = ("circles", position)
        for field in ("people_min", "people_max"):
            yield f"circle.{row.get('minutes')}.{field}", ((*owner, field), owner, field)
    yield from _single(values)


def _single(values: Mapping[str, object]) -> Iterator[tuple[str, tuple[Loc, Loc, str]]]:
    """Give the values that stand in no list."""
    for field in ("index_mean", "weak_below", "no_data_factor"):
        yield field, ((field,), (), field)
    weights = values.get("weights")
    for name in weights if isinstance(weights, Mapping) else ():
        yield f"weights.{name}", (("weights", name), (), "weights")
    for field in _HOME_KEYS:
        yield f"home_rules.{field}", (("home_rules", field), ("home_rules",), field)
    levels = _get(values, ("home_rules", "levels_default"))
    for use in levels if isinstance(levels, Mapping) else ():
        loc: Loc = ("home_rules", "levels_default", use)
        yield f"home_rules.levels_default.{use}", (loc, ("home_rules",), "levels_default")


def _rows(values: Mapping[str, object], key: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    rows = values.get(key)
    for position, row in enumerate(rows if isinstance(rows, tuple) else ()):
        if isinstance(row, Mapping):
            yield position, row


def _flat(override: Mapping[str, object], prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in override.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _get(values: object, loc: Loc) -> object:
    for key in loc:
        if isinstance(values, Mapping):
            values = values.get(key)
        elif isinstance(values, tuple) and isinstance(key, int):
            values = values[key]
        else:
            return None
    return values


def _put(values: object, loc: Loc, value: object) -> object:
    if not loc:
        return value
    key, rest = loc[0], loc[1:]
    if isinstance(values, tuple) and isinstance(key, int):
        return (*values[:key], _put(values[key], rest, value), *values[key + 1 :])
    table = dict(values) if isinstance(values, Mapping) else {}
    table[key] = _put(table.get(key), rest, value)
    return table


def _evidence(owner: object, field: str) -> tuple[object, ...]:
    before = _get(owner, ("evidence",))
    kept = [
        entry
        for entry in (before if isinstance(before, tuple) else ())
        if not (isinstance(entry, Mapping) and entry.get("field") == field)
    ]
    new = {"field": field, "clause": "override", "source": SOURCE, "tag": "P"}
    return (*kept, new)
