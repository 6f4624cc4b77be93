"""What a project stands on: rights, owner, consent, handover, and from when it can be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.siting.ways import Ways
from lifecircle.sources.land.terms import last_opening

CONSENTS = ("collective", "owners_consent", "private_owner")
"""Checks of a parcel that ask for somebody's consent."""
_DUTIES = ("not_built", "not_handed_over", "title_open", "short", "absent")
_FROM = re.compile(
    r"((?:19|20|21)\d{2})\s*年?[\s.\-/]*(\d{1,2})?\s*月?\s*(年?底|年?末)?"
    r"\s*(?:起|开始|以后|之后|后|可用|腾空|腾退|交付|移交|收回|竣工|from)"
)
_LAST_MONTHS = 10
_NO_GROUND = ("share", "gate", "extension")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """
    What is known of the ground of one project.

    Parameters
    ----------
    rights, owner, available
        As in `tables.PARCELS`; None where nobody says.
    consent
        Codes of who has to agree, with ``; ``; None where nobody has to, as far as known.
    handover
        What estates still owe there, a status of `tables.PROVISION`; None where nothing.
    facility_id
        The facility a way shares or enlarges.
    label
        What a way is called.
    community, name
        Where a parcel lies, and what it is called.
    """

    rights: str | None = None
    owner: str | None = None
    available: str | None = None
    consent: str | None = None
    handover: str | None = None
    facility_id: str | None = None
    label: str | None = None
    community: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """
    What is known of land, rooms, ways and estates.

    Parameters
    ----------
    parcels
        `tables.PARCELS`; None where there are none.
    ways
        What needs no land; None where there is none.
    estates
        `tables.ESTATES`; None where none are known.
    provision
        `tables.PROVISION`; None where nobody knows.
    """

    parcels: gpd.GeoDataFrame | None = None
    ways: Ways | None = None
    estates: gpd.GeoDataFrame | None = None
    provision: pd.DataFrame | None = None
    _parcels: dict[str, dict[str, object]] = field(init=False, repr=False, default_factory=dict)
    _ways: dict[str, dict[str, object]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        wanted = ["parcel_id", "rights", "owner", "available", "checks", "community_id", "name"]
        if self.parcels is not None:
            known = pd.DataFrame(self.parcels)[[c for c in wanted if c in self.parcels]]
            self._parcels.update({str(one["parcel_id"]): one for one in _plain(known)})
        if self.ways is not None:
            columns = ["way_id", "facility_id", "name", "consent"]
            known = pd.DataFrame(self.ways.table)[columns]
            self._ways.update({str(one["way_id"]): one for one in _plain(known)})

    def of_site(self, parcel_id: str, x: float, y: float, services: set[str]) -> Ground:
        """
        Look up the ground of a site.

        Parameters
        ----------
        parcel_id
            Its parcel, or its way.
        x, y
            Where it is, in the study's metric system.
        services
            What it is to hold.

        Returns
        -------
        ground
            Empty where nothing is known.
        """
        owed = self.owed(self.estates_at(x, y), services)
        if parcel_id in self._ways:
            way = self._ways[parcel_id]
            return Ground(
                consent=_text(way["consent"]),
                facility_id=_text(way["facility_id"]),
                label=_text(way["name"]),
                handover=owed,
            )
        parcel: Mapping[str, object] = self._parcels.get(parcel_id, {})
        checks = (_text(parcel.get("checks")) or "").split("; ")
        asked = [one for one in CONSENTS if one in checks]
        return Ground(
            rights=_text(parcel.get("rights")),
            owner=_text(parcel.get("owner")),
            available=_text(parcel.get("available")),
            consent="; ".join(asked) or None,
            handover=owed,
            community=_text(parcel.get("community_id")),
            name=_text(parcel.get("name")),
        )

    def estates_at(self, x: float, y: float) -> list[str]:
        """
        Find the estates a place lies in.

        Parameters
        ----------
        x, y
            In the study's metric system.

        Returns
        -------
        estate_ids
            By id; none outside of all.
        """
        if self.estates is None or not (np.isfinite(x) and np.isfinite(y)):
            return []
        found = self.estates.sindex.query(shapely.Point(x, y), predicate="intersects")
        return sorted(str(one) for one in self.estates["estate_id"].to_numpy()[found])

    def owed(self, estate_ids: list[str], services: set[str]) -> str | None:
        """
        Say what estates still owe of some services.

        Parameters
        ----------
        estate_ids
            The estates.
        services
            What is to be built there.

        Returns
        -------
        status
            The first of ``not_built, not_handed_over, title_open, short, absent``; None where the
            estates owe nothing, as far as known.
        """
        if self.provision is None or not estate_ids:
            return None
        mine = self.provision[
            self.provision["estate_id"].isin(estate_ids) & self.provision["service"].isin(services)
        ]
        there = set(mine["status"])
        return next((one for one in _DUTIES if one in there), None)


def first_year_of(available: str | None, first_year: int | None) -> int:
    """
    Tell in which year of the programme a place can first be used.

    Parameters
    ----------
    available
        What the list says.
    first_year
        Calendar year of the programme's first year; None where nobody says.

    Returns
    -------
    year
        1 where the list names no year from which on it is free, or `first_year` is not known. What
        gets free in the last quarter of a year can be used in the next one (P).

    Examples
    --------
    >>> from lifecircle.programme.grounds import first_year_of
    >>> first_year_of("2027年起可用", 2026), first_year_of("2027年底腾空", 2026)
    (2, 3)
    >>> first_year_of("5年", 2026), first_year_of("2027年底到期", 2026)
    (1, 1)
    """
    found = None if available is None or first_year is None else _FROM.search(available)
    if found is None or first_year is None:
        return 1
    late = bool(found[3]) or int(found[2] or 0) >= _LAST_MONTHS
    return max(1, int(found[1]) + late - first_year + 1)


def last_year_of(kind: str, available: str | None, years: int) -> int | None:
    """
    Tell by which year of the programme a place must open, to be used long enough after that.

    Parameters
    ----------
    kind
        One of `tables.SITE_KINDS`; nothing ends for what needs no ground.
    available
        What the list says.
    years
        Years of the programme.

    Returns
    -------
    year
        None where that is not before the programme ends.

    Examples
    --------
    >>> from lifecircle.programme.grounds import last_year_of
    >>> last_year_of("stock_room", "5年", 3), last_year_of("vacant", "5年", 3)
    (2, None)
    """
    last = None if kind in _NO_GROUND else last_opening(available, room=kind == "stock_room")
    return last if last is not None and last < years else None


def _plain(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
