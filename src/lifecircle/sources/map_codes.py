"""
A name and the type code a map service gives -> the services of a place.

What a place is not comes first, then its name, then its code; a code alone is never sure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from lifecircle.sources.tagging import (
    NAME_AND_TAG,
    NOT_IT,
    WEAK_TAG,
    Classified,
    classify_name,
    plain_name,
)

# Amap's classes of points of interest, six digits: broad, middle and small class.
_AMAP: Mapping[str, str] = {
    **dict.fromkeys(("090100", "090101"), "medical.hospital"),
    "090102": "medical.center",
    "090300": "medical.clinic",
    **dict.fromkeys(("080100", "080101", "080110"), "fitness.center"),
    **dict.fromkeys(("080103", "080104"), "fitness.court"),
    "080105": "fitness.field",
    "080108": "fitness.outdoor",
    **dict.fromkeys(("080111", "080112", "080118"), "fitness.hall"),
    **dict.fromkeys(("140100", "140200", "140400", "140600", "080603"), "culture.venue"),
    "140500": "culture.library",
    "140800": "culture.center",
    "141204": "childcare.kindergarten",
    **dict.fromkeys(("060200", "060400"), "daily.shop"),
    **dict.fromkeys(("060703", "060705"), "daily.market"),
    **dict.fromkeys(("090600", "090601"), "daily.pharmacy"),
}
# Animals, billiards, golf, amusement, resorts, cinemas, fairs, archives, book shops.
_AMAP_NOT_IT = re.compile(r"0907..|080113|0802..|0803..|080401|080601|140300|140900|061205")
_READING_ROOM = re.compile("书房|书屋")


def classify_amap(name: str, code: str) -> tuple[Classified, ...]:
    """
    Tell from its name and Amap type code which services a place offers.

    Parameters
    ----------
    name
        Name of the place.
    code
        Six digits; several are divided by ``|``. An empty code decides nothing.

    Returns
    -------
    services
        As `classify_name`; surer where the code says the same service. Where the name says
        nothing, what the code says, with the confidence of a weak tag: never elder care, a
        station of culture or a service centre, which have no class of their own.

    Examples
    --------
    >>> from lifecircle.sources.map_codes import classify_amap
    >>> [(one.type, one.confidence) for one in classify_amap("临江卫生服务站", "090300")]
    [('medical.station', 0.95)]
    >>> classify_amap("爱宠动物医院", "090701")
    ()
    """
    plain = plain_name(name)
    codes = [one.strip() for one in re.split(r"[|;,]", code)]
    if NOT_IT.search(plain):
        return ()
    if any(_AMAP_NOT_IT.fullmatch(one) for one in codes) and not _READING_ROOM.search(plain):
        return ()
    by_code: dict[str, Classified] = {}
    for one in codes:
        kind = _AMAP.get(one)
        if kind is not None:
            service = kind.partition(".")[0]
            found = Classified(service=service, type=kind, confidence=WEAK_TAG, rule=f"amap {one}")
            by_code.setdefault(service, found)
    by_name = classify_name(name)
    if not by_name:
        return tuple(by_code.values())
    return tuple(
        replace(one, confidence=NAME_AND_TAG, rule=f"{one.rule}, {by_code[one.service].rule}")
        if one.service in by_code
        else one
        for one in by_name
    )
