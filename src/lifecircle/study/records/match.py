"""A project of the last round -> the facility of today it is about, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from lifecircle.places.merge_evidence import Entry, entries_of
from lifecircle.places.place_names import read_place_name, same_name, same_owner
from lifecircle.sources.facilities.tagging import plain_name
from lifecircle.sources.records.names import ProjectName, name_likeness

SURE = 0.6
"""Least confidence at which a facility is taken for the project's own (P)."""
_LIKE = 0.88
_ELSEWHERE = 0.8  # factor where the list names another community than the facility lies in
_EXISTING = frozenset(("existing", "unconfirmed"))
_RANK = ("existing", "building", "planned", "unconfirmed", "promised", "closed")


@dataclass(frozen=True, kw_only=True)
class Match:
    """
    The facility a project is about.

    Parameters
    ----------
    row
        Its row of the facilities.
    how
        ``name``, ``parts`` (owner, kind and branch agree), ``former_name``, ``spelling``,
        ``kind`` (one owner and type under another name) or ``type`` (only of the type, in the
        community).
    confidence
        From 0 to 1.
    """

    row: int
    how: str
    confidence: float


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """
    Facilities of today, ready to be matched.

    Parameters
    ----------
    table
        `tables.FACILITIES` with ``community_id``.
    entries
        Their names taken apart.
    """

    table: gpd.GeoDataFrame
    entries: Sequence[Entry]

    @classmethod
    def of(cls, table: gpd.GeoDataFrame) -> Candidates:
        """
        Take facilities' names apart.

        Parameters
        ----------
        table
            `tables.FACILITIES` with ``community_id``.

        Returns
        -------
        candidates
            Ready to be asked.
        """
        return cls(table=table, entries=entries_of(table))

    def status(self, row: int) -> str:
        """
        Say how a facility stands.

        Parameters
        ----------
        row
            Its row.

        Returns
        -------
        status
            A code of `tables.FACILITIES`; ``existing`` where the table says nothing.
        """
        status = self.table["status"].iloc[row]
        return status if isinstance(status, str) else "existing"

    def match(self, project: ProjectName, community_id: str | None) -> Match | None:
        """
        Find the facility a project is about.

        Parameters
        ----------
        project
            What the project is about.
        community_id
            Community the list names; None where it names none.

        Returns
        -------
        match
            The surest, of equals one that exists, then the lowest id; None where nothing fits.
        """
        parts = read_place_name(project.facility, project.service)
        found = []
        communities = self.table["community_id"].to_numpy(dtype=object)
        names = self.table["name"].to_numpy(dtype=object)
        for at, entry in enumerate(self.entries):
            if project.service and entry.service != project.service:
                continue
            here = community_id is not None and communities[at] == community_id
            name = plain_name(names[at]) if isinstance(names[at], str) else ""
            same_type = bool(project.type) and entry.type == project.type
            how, sure = "", 0.0
            if name and name == project.facility:
                how, sure = "name", 0.95
            elif name and same_name(parts, entry.name):
                how, sure = "parts", 0.9
            elif any(same_name(parts, alias) for alias in entry.aliases):
                how, sure = "former_name", 0.85
            elif (
                here
                and parts.branch == entry.name.branch
                and parts.label == entry.name.label
                and name_likeness(project.facility, name) >= _LIKE
                and parts.level == entry.name.level
            ):
                how, sure = "spelling", 0.75
            elif (
                here
                and same_type
                and parts.branch == entry.name.branch
                and parts.label == entry.name.label
                and parts.head
                and same_owner(parts, entry.name)
            ):
                how, sure = "kind", SURE
            elif here and same_type and self.status(at) in _EXISTING:
                how, sure = "type", 0.35
            if not how:
                continue
            if community_id is not None and not here:
                sure *= _ELSEWHERE
            found.append((-sure, not same_type, _RANK.index(self.status(at)), at, how))
        if not found:
            return None
        best = min(found, key=lambda one: (one[:3], str(self.table["facility_id"].iloc[one[3]])))
        return Match(row=best[3], how=best[4], confidence=round(-best[0], 2))

    def named(self, row: int) -> str:
        """
        Name a facility.

        Parameters
        ----------
        row
            Its row.

        Returns
        -------
        name
            Its id where it has no name.
        """
        name = self.table["name"].iloc[row]
        return str(self.table["facility_id"].iloc[row]) if pd.isna(name) else str(name)
