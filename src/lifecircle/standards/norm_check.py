"""What contradicts what in the norms of a standard: so much of something per so many people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lifecircle.standards.faults import Fault, closest, texts_of, unproved

NORM_NUMBERS = ("at_least",)
_KNOWN = (*NORM_NUMBERS, "per", "of", "level", "measure", "types", "obligation")
_ASKED = ("service", "measure", "per", "of", "level", "obligation")


def norm_faults(raw: Mapping[str, object]) -> tuple[Fault, ...]:
    """
    Judge one norm by itself.

    Parameters
    ----------
    raw
        Its fields, as in the file.

    Returns
    -------
    faults
        A group without a number of its people, and numbers without evidence.
    """
    name = raw.get("id", "?")
    faults = []
    if raw.get("of") not in (None, "all") and raw.get("per") is None:
        faults.append(
            Fault(
                ("of",),
                f"norm '{name}' speaks of '{raw['of']}', yet not per how many of them",
                "set per, such as per = 1000, or leave of out",
            )
        )
    return (*faults, *unproved(raw, f"norm '{name}'", NORM_NUMBERS, _KNOWN))


def norms_faults(
    norms: Sequence[Mapping[str, object]],
    services: Sequence[str],
    types: Sequence[str],
    requirements: Sequence[str],
) -> Iterable[Fault]:
    """
    Judge the norms of a standard against all the rest of it.

    Parameters
    ----------
    norms
        Fields of each, as in the file.
    services, types, requirements
        The ids the standard knows.

    Yields
    ------
    fault
        Ids typed twice or taken by a requirement, unknown services and types, and norms that ask
        the same with different numbers.
    """
    seen: set[object] = set()
    asked: dict[tuple[object, ...], Mapping[str, object]] = {}
    for position, row in enumerate(norms):
        name, service = row.get("id"), row.get("service")
        if isinstance(name, str) and name in requirements:
            yield Fault(
                ("norms", position, "id"),
                f"norm '{name}' has the id of a requirement",
                "ids name rows of results: give it one of its own",
            )
        if isinstance(name, str) and name in seen:
            yield Fault(("norms", position), f"norm '{name}' is typed twice", "keep one of them")
            continue
        seen.add(name)
        if services and isinstance(service, str) and service not in services:
            yield Fault(
                ("norms", position, "service"),
                f"norm '{name}': unknown service '{service}'",
                closest(service, services),
            )
        for kind in texts_of(row.get("types")):
            if kind not in types:
                yield Fault(
                    ("norms", position, "types"),
                    f"norm '{name}': unknown facility type '{kind}'",
                    closest(kind, types),
                )
        question = (
            *(repr(row.get(key)) for key in _ASKED),
            frozenset(texts_of(row.get("types"))),
        )
        first = asked.setdefault(question, row)
        if first is not row:
            yield Fault(
                ("norms", position, "at_least"),
                f"norm '{name}' asks for {row.get('at_least')} where norm '{first.get('id')}' "
                f"asks for {first.get('at_least')} of the same",
                "keep one; a wish beside a duty differs in its obligation",
            )
