"""Small texts of a study file: quotes, comments, names of parts, dates and datums."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Sequence

from lifecircle.study.drafting.folder import Found

_COUNTY = re.compile(r"(.{1,12}?[市县区旗]).+(?:街道|镇|乡|管委会)$")


def quoted(text: str) -> str:
    """
    Write a text as a study file quotes it.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    quoted
        With quotes around it, and nothing in it that ends them.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def one_line(text: str) -> str:
    """
    Bring a text onto one line, for a comment.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    line
        Without breaks or signs nobody sees.
    """
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()


def part_of(one: Found) -> str:
    """
    Name the layer or sheet, where a file has several.

    Parameters
    ----------
    one
        What was found.

    Returns
    -------
    part
        To be put behind the name of the file.
    """
    return "" if one.look is None or not one.look.part else f", {one.look.part}"


def truth(flag: object) -> str:
    """
    Write yes or no as a study file does.

    Parameters
    ----------
    flag
        Anything that is true or not.

    Returns
    -------
    word
        ``true`` or ``false``.
    """
    return "true" if flag else "false"


def last_day(day: tuple[int, int, int]) -> int:
    """
    Find the last day of a month.

    Parameters
    ----------
    day
        A date in it.

    Returns
    -------
    day
        Its number.
    """
    return monthrange(day[0], day[1])[1]


def county_of(one: Found) -> str:
    """
    Take the county all communities name before their subdistrict, if it is one.

    Parameters
    ----------
    one
        A file of communities.

    Returns
    -------
    county
        Its name, or nothing.
    """
    if one.look is None:
        return ""
    for column in one.look.columns:
        texts = one.look.cells[column].dropna().astype(str)
        found = {match[1] for text in texts if (match := _COUNTY.match(text))}
        if len(found) == 1 and len(texts) == len(one.look.cells):
            return found.pop()
    return ""


def datum_said(texts: Sequence[str]) -> tuple[str, str] | None:
    """
    Find the datum a list says it is in.

    Parameters
    ----------
    texts
        Lines above its header, and its columns.

    Returns
    -------
    datum, text
        As a study file names it, and the words it was said with; None where it says nothing.
    """
    for text in texts:
        for pattern, datum in (
            (r"高德|腾讯|gcj-?02|火星坐标", "gcj02"),
            (r"百度|bd-?09", "bd09"),
            (r"国家\s*2000|2000国家|cgcs\s*2000|大地2000|天地图", "cgcs2000"),
            (r"wgs-?\s*84|\bgps\b", "wgs84"),
        ):
            if re.search(pattern, text, re.IGNORECASE):
                return datum, text
    return None
