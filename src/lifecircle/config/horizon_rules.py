"""
What the horizons of a study file must not say at once.

Like `contradictions`, which asks here: only typed keys count, never defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Key = tuple[str | int, ...]
Fault = tuple[tuple[Key, ...], str, str]

_OF_NOW = ("name", "label", "year")
_NEEDS = (
    (("housing_columns", "housing_layer", "housing_datum", "people_per_dwelling"), "housing"),
    (("people_columns", "people_sheet"), "people"),
)


def horizon_faults(sections: Mapping[str, object]) -> Iterator[Fault]:
    """
    Find what contradicts itself among the horizons of a study file.

    Parameters
    ----------
    sections
        Section to what is typed in it; values may be of a wrong kind.

    Yields
    ------
    keys, what, remedy
        The keys concerned, the one to point at first; what is wrong; what to do.
    """
    listed = sections.get("horizon")
    names: set[str] = set()
    last: tuple[int, str] | None = None
    for position, row in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if not isinstance(row, Mapping):
            continue
        here: Key = ("horizon", position)
        name = str(row.get("name", ""))
        if name and name in names:
            yield ((*here, "name"),), f"'{name}' is declared twice", "give it another name"
        names.add(name)
        if name == "now":
            yield from _of_now(here, row)
        else:
            yield from _alone(here, row, sections)
        year = row.get("year")
        if isinstance(year, int) and not isinstance(year, bool):
            if last is not None and year < last[0]:
                yield (
                    ((*here, "year"),),
                    f"comes after '{last[1]}' and is earlier ({year}, {last[0]})",
                    "write horizons in the order of their years",
                )
            last = year, name


def _of_now(here: Key, row: Mapping[str, object]) -> Iterator[Fault]:
    for key in row:
        if key not in _OF_NOW:
            yield (
                ((*here, key),),
                "is not for 'now', which is the study as its other sections describe it",
                "take it out, or give the horizon another name",
            )


def _alone(here: Key, row: Mapping[str, object], sections: Mapping[str, object]) -> Iterator[Fault]:
    for key in ("facilities", "roads"):
        statuses = row.get(key)
        if isinstance(statuses, list | tuple) and "existing" not in statuses:
            yield (
                ((*here, key),),
                "leaves out what exists today, which will still be there",
                f'write {key} = ["existing", …]',
            )
    if row.get("people") is not None and row.get("growth") is not None:
        yield (
            ((*here, "growth"), (*here, "people")),
            "people would be counted and multiplied as well",
            "give either people or growth",
        )
    for keys, needed in _NEEDS:
        for key in keys:
            if row.get(key) is not None and row.get(needed) is None:
                yield (
                    ((*here, key), (*here, needed)),
                    f"has no effect without {needed}",
                    f"give {needed}, or take it out",
                )
    plan = _key(sections, "land", "detailed_plan")
    if row.get("people") == "plan":
        for key in ("people_columns", "people_sheet"):
            if row.get(key) is not None:
                yield (
                    ((*here, key), (*here, "people")),
                    "describes a table, and people are the plan's",
                    "take it out",
                )
        if plan is None:
            yield (
                ((*here, "people"), ("land", "detailed_plan")),
                "takes people from a detailed plan, and there is none",
                "give detailed_plan under [land], or a table of people",
            )
    elif isinstance(row.get("people"), str) and _key(sections, "communities", "file") is None:
        yield (
            ((*here, "people"), ("communities", "file")),
            "counts people by community, and the communities are drawn",
            "give file = a file of communities under [communities], or growth = …",
        )
    roads = row.get("roads")
    if (
        isinstance(roads, list | tuple)
        and set(roads) - {"existing"}
        and plan is None
        and _key(sections, "network", "roads") is None
    ):
        yield (
            ((*here, "roads"), ("network", "roads")),
            "names roads to come, and no file says which they are",
            "give roads under [network] or detailed_plan under [land], or take it out",
        )


def _key(sections: Mapping[str, object], section: str, key: str) -> object:
    part = sections.get(section)
    return part.get(key) if isinstance(part, Mapping) else None
