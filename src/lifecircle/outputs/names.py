"""
The ids of one run become words: services, types, requirements, communities, facilities, lists.

Codes keep their labels in `style`; here stands what only the run's standard and tables can name.
An id nobody knows is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.gaps.words import between_words
from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.words_of_land import land_evidence

LIST_MARK = ";"
"""What stands between the ids of a cell that holds several."""

_REASON = re.compile(
    r"(?P<code>[a-z_]+)(?:\((?P<between>.*)\))?(?:[ :]+(?P<people>\S+))?", re.DOTALL
)


@dataclass(frozen=True, kw_only=True)
class Names:
    """
    Words for the ids of one run, in one language.

    Parameters
    ----------
    language
        ``zh`` or ``en``.
    services, types, requirements, norms
        Id to label, from the standard; `requirements` names norms too, for gaps may be of either.
    communities, facilities, units, parcels
        Id to name, from the run's tables; ids without a name are left out. `parcels` names what
        needs no land too: a facility, and what is done to it.
    """

    language: str
    services: Mapping[str, str]
    types: Mapping[str, str]
    requirements: Mapping[str, str]
    communities: Mapping[str, str]
    facilities: Mapping[str, str]
    norms: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    parcels: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: Content) -> Names:
        """
        Collect the words of a run.

        Parameters
        ----------
        content
            What the run has to show.

        Returns
        -------
        names
            In the content's language.
        """
        standard, language = content.standard, content.language
        return cls(
            language=language,
            services={
                service: standard.service_labels[service][language]
                for service in standard.services
                if service in standard.service_labels
            },
            types={kind.id: _label(kind, language) for kind in standard.types},
            requirements={item.id: _label(item, language) for item in standard.requirements}
            | {item.id: _label(item, language) for item in standard.norms},
            norms={item.id: _label(item, language) for item in standard.norms},
            communities=_named(content.communities, "community_id"),
            facilities=_named(content.facilities, "facility_id"),
            units=_named(content.units, "unit_id"),
            parcels=_named(content.parcels, "parcel_id") | _ways(content.ways, language),
        )

    def say(self, zh: str, en: str) -> str:
        """
        Choose between two wordings.

        Parameters
        ----------
        zh, en
            The wording in each language.

        Returns
        -------
        text
            The one of this run's language.
        """
        return zh if self.language == "zh" else en

    def heading(self, column: str) -> str:
        """
        Name a column of the result tables.

        Parameters
        ----------
        column
            The column.

        Returns
        -------
        text
            Its heading.
        """
        return style.heading(column, self.language)

    def label(self, domain: str, code: object) -> str:
        """
        Name a code.

        Parameters
        ----------
        domain
            Kind of code, one of `style.domains`.
        code
            The code; missing gives empty text.

        Returns
        -------
        text
            Its label.
        """
        return "" if _absent(code) else style.label(domain, code, self.language)

    def listed(self, names: Mapping[str, str], cell: object) -> str:
        """
        Name the ids of a cell that may hold several.

        Parameters
        ----------
        names
            Id to name.
        cell
            Ids with `LIST_MARK` between them, or missing.

        Returns
        -------
        text
            Their names in the same order.
        """
        if _absent(cell):
            return ""
        parts = [part.strip() for part in str(cell).split(LIST_MARK)]
        return self.say("、", ", ").join(names.get(part, part) for part in parts if part)

    def evidence(self, cell: object) -> str | None:
        """
        Word what speaks for a plot, a room or a way.

        Parameters
        ----------
        cell
            Files, codes and a few set phrases; or missing.

        Returns
        -------
        text
            The phrases in this run's language, names and numbers as they stand.
        """
        return None if _absent(cell) else land_evidence(str(cell), self.language)

    def reasons(self, cell: object) -> str:
        """
        Name the codes within a gap's ``reasons``.

        Parameters
        ----------
        cell
            Codes and people, for example ``too_far 120; barrier(wall: Rose Court) 30``.

        Returns
        -------
        text
            The same with labels.
        """
        if _absent(cell):
            return ""
        parts = [self._reason(part.strip()) for part in str(cell).split(LIST_MARK)]
        return self.say("；", "; ").join(parts)

    def _reason(self, part: str) -> str:
        found = _REASON.fullmatch(part)
        if found is None:
            return part
        said = self.label("reason", found["code"])
        if found["between"]:
            between = between_words(found["between"], self.language)
            said += self.say(f"：{between}", f": {between}")
        return f"{said} {found['people']}" if found["people"] else said


def _absent(value: object) -> bool:
    return value is None or value is pd.NA or value != value  # noqa: PLR0124 - NaN


def _label(item: object, language: str) -> str:
    return str(getattr(item, f"label_{language}"))


def _named(frame: pd.DataFrame, key: str) -> dict[str, str]:
    pairs = zip(frame[key].tolist(), frame["name"].tolist(), strict=True)
    return {str(identifier): str(name) for identifier, name in pairs if not _absent(name)}


def _ways(ways: pd.DataFrame, language: str) -> dict[str, str]:
    if "way_id" not in ways:
        return {}
    kinds = [style.label("site_kind", kind, language) for kind in ways["kind"]]
    named = [
        None if _absent(name) else f"{name}（{kind}）" if language == "zh" else f"{name} ({kind})"
        for name, kind in zip(ways["name"], kinds, strict=True)
    ]
    return _named(pd.DataFrame({"way_id": ways["way_id"], "name": named}), "way_id")


def community_of(points: gpd.GeoSeries, communities: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """
    Find the community each place lies in.

    Parameters
    ----------
    points
        Points or outlines, n of them; an outline counts where its inner point lies.
    communities
        `tables.COMMUNITIES` in the same system.

    Returns
    -------
    community_id
        Shape (n,): the lowest id among the communities that hold the point, None outside all.
    """
    found = np.full(len(points), None, dtype=object)
    if len(points) and len(communities):
        inner = points.representative_point()
        ids = communities["community_id"].to_numpy()
        place, area = communities.sindex.query(inner, predicate="intersects")
        # Written from the highest id down, so that the lowest one stays.
        for at in sorted(range(len(place)), key=lambda k: str(ids[area[k]]), reverse=True):
            found[place[at]] = ids[area[at]]
    return found
