"""
Field types of the study file: paths, numbers and tables that are checked where they are typed.

A path is resolved against the folder of the study file, and a value that passed is never changed.
"""

from __future__ import annotations

import datetime
import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from lifecircle.config.angles import parse_meridian

DATUMS = ("wgs84", "gcj02", "bd09", "cgcs2000")
"""Datums everybody knows by these names."""
DATUMS_KNOWN = "known: wgs84, gcj02 (高德, 腾讯), bd09 (百度), cgcs2000, epsg:4528, auto"
"""What a wrong datum is answered with."""


def wrong(what: str, remedy: str = "") -> PydanticCustomError:
    """
    Make the error a field validator raises.

    Parameters
    ----------
    what
        What is wrong with the value, without the key.
    remedy
        What to type instead.

    Returns
    -------
    error
        An error that carries both texts apart, for the loader to put a line number before.
    """
    return PydanticCustomError("wrong", "{what}", {"what": what, "remedy": remedy})


def closest(word: str, known: list[str]) -> str:
    """
    Name the known word a mistyped one most probably means.

    Parameters
    ----------
    word
        What was typed.
    known
        What could have been meant.

    Returns
    -------
    guess
        The closest known word, or an empty text when none is close.

    Examples
    --------
    >>> from lifecircle.config.fields import closest
    >>> closest("boundry", ["bbox", "boundary"])
    'boundary'
    """
    same = [name for name in known if name.casefold() == word.casefold()]
    return (same or difflib.get_close_matches(word, known, n=1, cutoff=0.6) or [""])[0]


def resolved_path(value: object, info: ValidationInfo) -> Path:
    """
    Resolve a path of the study file against its folder.

    Parameters
    ----------
    value
        What was typed.
    info
        Of the validation: ``folder`` is the study file's.

    Returns
    -------
    path
        The path; it exists where the folder is known.
    """
    if isinstance(value, str):
        if not value.strip():
            raise wrong("is an empty path")
        # A study written on Windows must open elsewhere too.
        value = Path(value if os.sep == "\\" else value.replace("\\", "/"))
    if not isinstance(value, Path):
        raise wrong(f"must be a path in quotes, not {describe(value)}")
    folder = (info.context or {}).get("folder")
    if folder is None:
        return value
    try:
        # normpath, not resolve: a linked data folder inside the study stays inside the study.
        path = Path(os.path.normpath(folder / value.expanduser()))
        there = path.exists()
        remedy = "" if there else _path_remedy(path)
    except (RuntimeError, ValueError, OSError) as error:
        raise wrong(f"'{value}' is no usable path ({error})") from error
    if not there:
        raise wrong(f"'{value}' does not exist", remedy)
    return path


def _path_remedy(path: Path) -> str:
    if not path.parent.is_dir():
        return "its folder does not exist either; paths are relative to the study file"
    guess = closest(path.name, sorted(entry.name for entry in path.parent.iterdir()))
    return f"did you mean '{guess}'?" if guess else "paths are relative to the study file"


def describe(value: object) -> str:
    """
    Say in plain words what kind of value a study file holds.

    Parameters
    ----------
    value
        Anything TOML can hold.

    Returns
    -------
    words
        Its kind, with the value itself where that is short.

    Examples
    --------
    >>> from lifecircle.config.fields import describe
    >>> describe("63437"), describe(True), describe({"a": 1})
    ("the text '63437'", 'true', 'a table')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text '{value[:60]}'"
    if isinstance(value, int | float):
        return f"the number {value:g}"
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return str(value)


def _one_or_more(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


def _buildings(value: object, info: ValidationInfo) -> object:
    if value in ("osm", None):
        return value
    if value is False or value == "none":
        return None
    return resolved_path(value, info)


def _bbox(value: object) -> object:
    if not isinstance(value, tuple) or len(value) != 4:
        raise wrong("must be four numbers", "write [west, south, east, north] in degrees")
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise wrong(f"must be four numbers, not {describe(number)}")
    west, south, east, north = map(float, value)
    order = "write [west, south, east, north] in degrees, WGS 84"
    if not all(-180 <= number <= 180 for number in (west, south, east, north)):
        raise wrong("is not in degrees", f"{order}; metres are not accepted here")
    if abs(south) > 90 or abs(north) > 90:
        raise wrong("has latitudes beyond 90°: longitude and latitude are swapped", order)
    if west >= east:
        raise wrong(f"runs from west {west:g} to east {east:g}", order)
    if south >= north:
        raise wrong(f"runs from south {south:g} to north {north:g}", order)
    return (west, south, east, north)


def _datum(value: str) -> str:
    # A name nobody knows may be one of the study's own systems: the whole file tells.
    plain = value.strip().lower().replace("-", "")
    if not plain:
        raise wrong("is empty", DATUMS_KNOWN)
    return plain if is_public_datum(plain) else value.strip()


def is_public_datum(text: str) -> bool:
    """
    Tell a datum everybody knows from the name of a local system.

    Parameters
    ----------
    text
        As in a study file.

    Returns
    -------
    known
        Whether it is one of `DATUMS`, ``auto`` or ``epsg:N``.
    """
    return text in (*DATUMS, "auto") or re.fullmatch(r"epsg:\d{4,6}", text) is not None


def _meridian(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong(f"must be an angle, not {describe(value)}", 'write "121°05′" or 121.08333')
    try:
        parse_meridian(value)
    except ValueError as error:
        raise wrong(str(error), 'write "121°05′" or 121.08333') from error
    return value


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError as error:
            raise wrong(f"'{value}' is no date", "write it as 2026-06-30") from error
    if isinstance(value, datetime.datetime):
        raise wrong("holds a time of day", "write it as 2026-06-30")
    return value


def _hour(value: object) -> object:
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if not isinstance(value, str):
        raise wrong(f"must be a time of day in quotes, not {describe(value)}", _HOUR_REMEDY)
    parts = [part.strip() for part in re.split("[-–—~]", value.replace("：", ":"))]
    times = [re.fullmatch(r"(\d{1,2}):(\d{2})", part) for part in parts]
    if len(parts) > 2 or any(
        one is None or int(one[2]) > 59 or int(one[1]) * 60 + int(one[2]) > 24 * 60 for one in times
    ):
        raise wrong(f"'{value}' is no time of day", _HOUR_REMEDY)
    return "-".join(f"{int(one[1]):02d}:{one[2]}" for one in times if one is not None)


_HOUR_REMEDY = 'write "10:00", or "06:30-21:00" for all the time between'


def _word(value: str) -> str:
    if not value.strip():
        raise wrong("is empty")
    return value.strip()


def _tiles(address: str) -> str:
    if not re.match(r"https?://\S+$", address) or not {"{z}", "{x}", "{y}"} <= set(
        re.findall(r"\{\w\}", address)
    ):
        raise wrong(
            "is no address of map tiles", 'write it like "https://tiles.example/{z}/{x}/{y}.png"'
        )
    return address


def _some(kinds: tuple[str, ...]) -> tuple[str, ...]:
    if not kinds:
        raise wrong("is empty", "name one kind of place at least")
    return kinds


def _groups(shares: Mapping[str, float]) -> Mapping[str, float]:
    for name, share in shares.items():
        if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name) or name == "all":
            raise wrong(
                f"'{name}' cannot name a group", "use small letters and digits, as in 60plus or 0_3"
            )
        if not 0 <= share <= 1:
            raise wrong(
                f"share {share:g} of group '{name}' is not between 0 and 1",
                f"write {share / 100:g} for {share:g} %" if 1 < share <= 100 else "",
            )
    return dict(shares)


def _weights(weights: Mapping[str, float]) -> Mapping[str, float]:
    for name, weight in weights.items():
        if weight < 0:
            raise wrong(f"weight {weight:g} of '{name}' is negative")
    return dict(weights)


def _copied(table: Mapping[str, object]) -> Mapping[str, object]:
    return dict(table)


File = Annotated[Path, BeforeValidator(resolved_path)]
Files = Annotated[tuple[File, ...], BeforeValidator(_one_or_more)]
Buildings = Annotated[Literal["osm"] | Path | None, BeforeValidator(_buildings)]
Bbox = Annotated[tuple[float, float, float, float], BeforeValidator(_bbox)]
Datum = Annotated[str, AfterValidator(_datum)]
Meridian = Annotated[float | str, BeforeValidator(_meridian)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Hour = Annotated[str, BeforeValidator(_hour)]
Word = Annotated[str, AfterValidator(_word)]
TileAddress = Annotated[str, AfterValidator(_tiles)]
Columns = Annotated[Mapping[str, Word], AfterValidator(_copied)]
Shares = Annotated[
    Mapping[str, Annotated[float, Field(allow_inf_nan=False)]], AfterValidator(_groups)
]
Weights = Annotated[
    Mapping[str, Annotated[float, Field(allow_inf_nan=False)]], AfterValidator(_weights)
]
FreeTable = Annotated[Mapping[str, object], AfterValidator(_copied)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PlaceKinds = Annotated[
    tuple[
        Literal[
            "borough",
            "suburb",
            "quarter",
            "neighbourhood",
            "city_block",
            "town",
            "village",
            "hamlet",
        ],
        ...,
    ],
    AfterValidator(_some),
]
