"""
What the reference systems of a study file must not say at once.

Like `contradictions`, which asks here: only typed keys count, never defaults.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from lifecircle.config.fields import DATUMS, DATUMS_KNOWN, closest, is_public_datum

Key = tuple[str | int, ...]
Fault = tuple[tuple[Key, ...], str, str]

_PARAMETERS = (
    *("central_meridian", "false_easting", "false_northing", "ellipsoid", "scale"),
    "plane_height",
)
_OF_CONTROL = ("columns", "sheet", "crs")
_KILOMETRES = 10_000.0  # no false origin is nearer than this, but one typed in kilometres is


def system_faults(sections: Mapping[str, object]) -> Iterator[Fault]:
    """
    Find what contradicts itself among systems and datums of a study file.

    Parameters
    ----------
    sections
        Section to what is typed in it; values may be of a wrong kind.

    Yields
    ------
    keys, what, remedy
        The keys concerned, the one to point at first; what is wrong; what to do.
    """
    yield from _systems(sections)
    yield from _datums(sections)


def _systems(sections: Mapping[str, object]) -> Iterator[Fault]:
    """Find systems declared by halves, twice, or under the name of a public datum."""
    listed = sections.get("systems")
    names: dict[str, int] = {}
    for position, row in enumerate(listed if isinstance(listed, list | tuple) else ()):
        if not isinstance(row, Mapping):
            continue
        here: Key = ("systems", position)
        typed = [key for key in ("central_meridian", "control") if row.get(key) is not None]
        if len(typed) != 1:
            yield (
                ((*here, typed[1]) if typed else here,),
                "gives both central_meridian and control"
                if typed
                else "gives neither central_meridian nor control",
                "give the parameters of the projection, or a table of control points",
            )
        idle = _PARAMETERS if typed == ["control"] else _OF_CONTROL if typed else ()
        for key in idle:
            if row.get(key) is not None:
                yield (
                    ((*here, key),),
                    f"has no effect beside {typed[0]}",
                    "take it out",
                )
        for key in ("false_easting", "false_northing"):
            metres = row.get(key)
            if isinstance(metres, int | float) and 0 < abs(metres) < _KILOMETRES:
                yield (
                    ((*here, key),),
                    f"{metres:g} m is no false origin",
                    f"it is in metres: {metres * 1000:.0f} for {metres:g} km",
                )
        name = str(row.get("name", ""))
        if is_public_datum(_plain(name).replace("-", "")):
            yield (
                ((*here, "name"),),
                f"'{name}' is the name of a datum everybody knows",
                "give the system a name of its own",
            )
        if name and names.setdefault(_plain(name), position) != position:
            yield (((*here, "name"),), f"'{name}' is declared twice", "keep one")


def _datums(sections: Mapping[str, object]) -> Iterator[Fault]:
    """Find datums that are neither public nor one of the study's own systems."""
    listed = sections.get("systems")
    rows = listed if isinstance(listed, list | tuple) else ()
    own = [_plain(str(row.get("name", ""))) for row in rows if isinstance(row, Mapping)]
    for key, value in _typed_datums(sections, ()):
        plain = _plain(value)
        if plain and not is_public_datum(plain.replace("-", "")) and plain not in own:
            guess = closest(plain.replace("-", ""), list(DATUMS)) or closest(plain, own)
            known = f"{DATUMS_KNOWN}, or a name under [[systems]]"
            yield (
                (key,),
                f"'{value}' is no known datum",
                f"did you mean '{guess}'? ({known})" if guess else known,
            )


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _typed_datums(part: object, place: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            here = (*place, str(key))
            if isinstance(value, str) and (key == "datum" or str(key).endswith("_datum")):
                yield here, value
            else:
                yield from _typed_datums(value, here)
    elif isinstance(part, list | tuple):
        for position, value in enumerate(part):
            yield from _typed_datums(value, (*place, position))
