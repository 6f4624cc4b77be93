"""A central meridian as surveys write it -> degrees, and whether a rounded minute was meant."""

from __future__ import annotations

import re
import unicodedata

_MILLIMETRE = 1e-8  # [°]
_MERIDIAN = re.compile(
    r"(?:东经|e)?\s*(?P<degrees>-?\d{1,3}(?:\.\d+)?)\s*(?:[°度:]\s*)?"
    r"(?:(?<=[°度:])(?P<minutes>\d{1,2}(?:\.\d+)?)\s*['分:]?\s*"
    r"(?:(?<=['分:])(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:''|秒)?)?)?\s*e?"
)


def parse_meridian(value: float | str) -> tuple[float, bool]:
    """
    Read a central meridian as surveys write it.

    Parameters
    ----------
    value
        Degrees, or text: ``121°05′``, ``121度5分``, ``东经121°05′30″``, ``121.0833``.

    Returns
    -------
    meridian
        Longitude [°].
    rounded
        Whether a decimal of four digits or more was the rounding of a whole minute of arc, and
        that minute is meant, a millimetre or more away.

    Raises
    ------
    ValueError
        If it is no angle between -180° and 180°.

    Examples
    --------
    >>> from lifecircle.config.angles import parse_meridian
    >>> parse_meridian("120°30′"), parse_meridian(120.5)
    ((120.5, False), (120.5, False))
    >>> parse_meridian(121.0833) == (121 + 5 / 60, True)
    True
    """
    text = unicodedata.normalize("NFKC", str(value)).strip().casefold()
    # NFKC turns the double prime into two single ones.
    found = _MERIDIAN.fullmatch(text.replace("’", "'").replace("′", "'").replace('"', "''"))
    if found is None:
        raise ValueError(f"'{value}' is no angle")
    degrees = float(found["degrees"])
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    meridian = degrees + minutes / 60 + seconds / 3600
    if not (-180 <= meridian <= 180 and minutes < 60 and seconds < 60):
        raise ValueError(f"'{value}' is no longitude")
    digits = len(found["degrees"].partition(".")[2])
    whole = round(meridian * 60) / 60
    means_whole = digits >= 4 and round(whole, digits) == meridian
    return (whole if means_whole else meridian), means_whole and abs(whole - meridian) > _MILLIMETRE
