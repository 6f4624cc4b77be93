"""
What contradicts what in a standard, told of plain mappings so that nothing is told too late.

The same functions judge a file that is still half wrong and a model that is being built; a value
of the wrong type is passed over here, because the model says so itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from lifecircle.standards.faults import (
    Fault,
    below,
    closest,
    listed,
    rows_of,
    texts_of,
    unproved,
)
from lifecircle.standards.norm_check import norm_faults, norms_faults
from lifecircle.walk import PROFILES

REQUIREMENT_NUMBERS = (
    "minutes",
    "limit_m",
    "target_share",
    "min_people_short",
    "profile",
    "counts",
)
OFFICIAL: Mapping[str, str] = {"official_base": "people", "official_method": "network"}
"""What an official indicator is taken for unless evidence says otherwise."""
TYPE_NUMBERS = (
    "floor_min_m2",
    "site_min_m2",
    "width_min_m",
    "people_per_facility",
    "ground_floor",
    "setting",
)
HOME_NUMBERS = (
    "residential_uses",
    "untagged_min_m2",
    "untagged_only_in_residential",
    "levels_default",
)
STANDARD_NUMBERS = ("weights", "index_mean", "grades", "weak_below", "no_data_factor")


def requirement_faults(raw: Mapping[str, object]) -> tuple[Fault, ...]:
    """
    Judge one requirement by itself.

    Parameters
    ----------
    raw
        Its fields, as in the file.

    Returns
    -------
    faults
        Limits, profile and evidence that do not fit, each with where it sits.
    """
    name = raw.get("id", "?")
    faults = []
    if raw.get("minutes") is not None and raw.get("limit_m") is not None:
        faults.append(
            Fault(
                ("limit_m",),
                f"requirement '{name}' has two limits, minutes = {raw['minutes']} "
                f"and limit_m = {raw['limit_m']}",
                "keep one; a time and a distance are two requirements",
            )
        )
    elif raw.get("minutes") is None and raw.get("limit_m") is None:
        faults.append(Fault((), f"requirement '{name}' has no limit", "set minutes or limit_m"))
    profile = raw.get("profile")
    if isinstance(profile, str) and profile not in PROFILES:
        faults.append(
            Fault(
                ("profile",),
                f"requirement '{name}': unknown profile '{profile}'",
                f"known: {', '.join(sorted(PROFILES))}",
            )
        )
    if raw.get("satisfied_by") and not raw.get("types"):
        faults.append(
            Fault(
                ("satisfied_by",),
                f"requirement '{name}' takes any type of its service, yet lists satisfied_by",
                "list types, or leave satisfied_by out",
            )
        )
    known = (
        *REQUIREMENT_NUMBERS,
        "types",
        "satisfied_by",
        "obligation",
        "serves",
        "group",
        "direction",
        "where",
        *OFFICIAL,
    )
    unusual = (key for key, usual in OFFICIAL.items() if raw.get(key, usual) != usual)
    numbers = (*REQUIREMENT_NUMBERS, *unusual)
    return (*faults, *unproved(raw, f"requirement '{name}'", numbers, known))


def type_faults(raw: Mapping[str, object]) -> tuple[Fault, ...]:
    """
    Judge one facility type by itself.

    Parameters
    ----------
    raw
        Its fields, as in the file.

    Returns
    -------
    faults
        An id outside its service, rules of recognition that recognise nothing or everything, and
        numbers without evidence.
    """
    name, service = raw.get("id", "?"), raw.get("service")
    faults = []
    if isinstance(name, str) and isinstance(service, str) and not name.startswith(f"{service}."):
        faults.append(
            Fault(
                ("id",),
                f"facility type '{name}' is not of the service '{service}'",
                f"call it '{service}.…' or change its service",
            )
        )
    faults += _recognition_faults(raw, f"facility type '{name}'")
    known = (*TYPE_NUMBERS, "land_code_2023", "land_code_rural", "proposed")
    return (*faults, *unproved(raw, f"facility type '{name}'", TYPE_NUMBERS, known))


def _recognition_faults(raw: Mapping[str, object], owner: str) -> Iterable[Fault]:
    for position, tags in enumerate(rows_of(raw.get("tags"))):
        if not tags or not all(key and value for key, value in tags.items()):
            yield Fault(
                ("tags", position),
                f"{owner}: tags without a key or a value",
                'write { leisure = "park" }, or "*" for any value',
            )
    for position, pattern in enumerate(texts_of(raw.get("names"))):
        try:
            everything = re.search("".join(pattern.split()), "") is not None
        except re.error as error:
            yield Fault(
                ("names", position),
                f"{owner}: the name '{pattern}' is no regular expression ({error})",
                r"plain words are; write \( for a bracket",
            )
            continue
        if everything:
            yield Fault(
                ("names", position),
                f"{owner}: the name '{pattern}' fits every name",
                "write the words its facilities have in their names",
            )
    for position, code in enumerate(texts_of(raw.get("codes"))):
        if not code.strip():
            yield Fault(("codes", position), f"{owner}: an empty code", "leave it out")


def standard_faults(raw: Mapping[str, object]) -> tuple[Fault, ...]:
    """
    Judge a whole standard, its requirements and types included.

    Parameters
    ----------
    raw
        Its fields, as in the file.

    Returns
    -------
    faults
        Everything that contradicts something else, in the order of the fields.
    """
    services = texts_of(raw.get("services"))
    requirements = rows_of(raw.get("requirements"))
    kinds = rows_of(raw.get("types"))
    norms = rows_of(raw.get("norms"))
    home_rules = raw.get("home_rules")
    faults = [
        *_twice("services", [{"id": name} for name in services], "service"),
        *_service_faults(raw, services),
        *_twice("requirements", requirements, "requirement"),
        *_twice("types", kinds, "facility type"),
        *_reference_faults(requirements, kinds, services),
        *norms_faults(
            norms,
            services,
            texts_of([kind.get("id") for kind in kinds]),
            texts_of([row.get("id") for row in requirements]),
        ),
        *_grade_faults(raw.get("grades")),
        *unproved(raw, "the standard", STANDARD_NUMBERS, ()),
    ]
    for key, rows, judge in (
        ("requirements", requirements, requirement_faults),
        ("types", kinds, type_faults),
        ("norms", norms, norm_faults),
    ):
        for position, row in enumerate(rows):
            faults += below((key, position), judge(row))
    if isinstance(home_rules, Mapping):
        proved = unproved(home_rules, "home_rules", HOME_NUMBERS, HOME_NUMBERS)
        faults += below(("home_rules",), proved)
        levels = home_rules.get("levels_default")
        if isinstance(levels, Mapping) and "default" not in levels:
            faults.append(
                Fault(
                    ("home_rules", "levels_default"),
                    "levels_default has no 'default'",
                    "add the storeys of a building of any other use",
                )
            )
    return (
        *faults,
        *_source_faults(raw, {"requirements": requirements, "types": kinds, "norms": norms}),
    )


def _service_faults(raw: Mapping[str, object], services: Sequence[str]) -> Iterable[Fault]:
    for key, noun in (("weights", "weight"), ("service_labels", "label")):
        given = raw.get(key)
        if not services or not isinstance(given, Mapping):
            continue
        for name in given:
            if name not in services:
                yield Fault((key, name), f"{noun} of an unknown service '{name}'", listed(services))
        for name in services:
            if name not in given:
                yield Fault((key,), f"service '{name}' has no {noun}", f"add {key}.{name}")
    labels = raw.get("service_labels")
    for name, texts in labels.items() if isinstance(labels, Mapping) else ():
        if isinstance(texts, Mapping) and set(texts) != {"zh", "en"}:
            yield Fault(
                ("service_labels", name),
                f"labels of service '{name}' must be zh and en, found {', '.join(sorted(texts))}",
            )
    weights = raw.get("weights")
    numbers = {
        name: weight
        for name, weight in (weights.items() if isinstance(weights, Mapping) else ())
        if isinstance(weight, (int, float))
    }
    for name, weight in numbers.items():
        if weight < 0:
            yield Fault(
                ("weights", name),
                f"weight of service '{name}' is {weight}",
                "weights are relative and never negative; 0 leaves a service out of the index",
            )
    if numbers and not any(numbers.values()):
        yield Fault(("weights",), "all weights are 0", "weights are relative; equal ones may be 1")


def _twice(key: str, rows: Sequence[Mapping[str, object]], noun: str) -> Iterable[Fault]:
    first: dict[object, Mapping[str, object]] = {}
    for position, row in enumerate(rows):
        name = row.get("id")
        if not isinstance(name, str):
            continue
        if name not in first:
            first[name] = row
            continue
        limits = [_limit(other) for other in (first[name], row)]
        detail = f", with {limits[0]} and with {limits[1]}" if limits[0] != limits[1] else ""
        yield Fault((key, position), f"{noun} '{name}' is typed twice{detail}", "keep one of them")


def _limit(row: Mapping[str, object]) -> str:
    if row.get("minutes") is not None:
        return f"{row['minutes']} min"
    return f"{row['limit_m']} m" if row.get("limit_m") is not None else "no limit"


def _reference_faults(
    requirements: Sequence[Mapping[str, object]],
    kinds: Sequence[Mapping[str, object]],
    services: Sequence[str],
) -> Iterable[Fault]:
    type_ids = texts_of([kind.get("id") for kind in kinds])
    for key, rows, noun in (
        ("requirements", requirements, "requirement"),
        ("types", kinds, "facility type"),
    ):
        for position, row in enumerate(rows):
            service = row.get("service")
            if services and isinstance(service, str) and service not in services:
                yield Fault(
                    (key, position, "service"),
                    f"{noun} '{row.get('id')}': unknown service '{service}'",
                    closest(service, services),
                )
    for position, row in enumerate(requirements):
        named = [(("types",), texts_of(row.get("types")))]
        named.append((("satisfied_by",), texts_of(row.get("satisfied_by"))))
        named += [(("counts",), texts_of(rule.get("types"))) for rule in rows_of(row.get("counts"))]
        for loc, names in named:
            for name in names:
                if name not in type_ids:
                    yield Fault(
                        ("requirements", position, *loc),
                        f"requirement '{row.get('id')}': unknown facility type '{name}'",
                        closest(name, type_ids),
                    )


def _grade_faults(grades: object) -> Iterable[Fault]:
    if not isinstance(grades, (list, tuple)):
        return
    rows = [row for row in grades if isinstance(row, (list, tuple)) and len(row) == 2]
    least = [row[1] for row in rows if isinstance(row[1], (int, float))]
    if len(least) != len(grades):
        return
    falling = all(upper > lower for upper, lower in pairwise(least))
    if not least or not falling or least[-1] != 0:
        yield Fault(("grades",), "grades must fall from the best to one that starts at 0")
    if len({row[0] for row in rows}) != len(rows):
        yield Fault(("grades",), "a grade is typed twice")


def _source_faults(
    raw: Mapping[str, object], lists: Mapping[str, Sequence[Mapping[str, object]]]
) -> Iterable[Fault]:
    sources = raw.get("sources")
    known = tuple(sources) if isinstance(sources, Mapping) else ()
    home_rules = raw.get("home_rules")
    owners: list[tuple[tuple[str | int, ...], Mapping[str, object]]] = [((), raw)]
    if isinstance(home_rules, Mapping):
        owners.append((("home_rules",), home_rules))
    owners += [
        ((key, position), row) for key, rows in lists.items() for position, row in enumerate(rows)
    ]
    owners += [(("circles", at), row) for at, row in enumerate(rows_of(raw.get("circles")))]
    for loc, owner in owners:
        for position, entry in enumerate(rows_of(owner.get("evidence"))):
            source = entry.get("source")
            if isinstance(source, str) and source not in known:
                yield Fault(
                    (*loc, "evidence", position),
                    f"evidence names the source '{source}', which [sources] does not list",
                    "add it to [sources] with the text or place it stands for",
                )
