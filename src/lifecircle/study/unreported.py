"""From notes of lists and rows without a place to the communities nobody knows enough about."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from lifecircle.access.doubts import Silence
from lifecircle.errors import LifecircleWarning, MissingDataWarning
from lifecircle.sources.geocoding.placing import FacilityList
from lifecircle.sources.people.community_names import match_names, name_key
from lifecircle.study.merging import COVERS_SHARE


@dataclass(frozen=True, kw_only=True)
class Unreported:
    """
    Communities one list says nothing of.

    Parameters
    ----------
    name
        Name of the list.
    services
        The services it speaks for.
    communities
        Their names, as they are written.
    """

    name: str
    services: tuple[str, ...]
    communities: tuple[str, ...]


def unreported_of(lists: Sequence[FacilityList]) -> tuple[Unreported, ...]:
    """
    Say which lists leave out communities that did not report.

    Parameters
    ----------
    lists
        The lists.

    Returns
    -------
    unreported
        One per list that does.
    """
    return tuple(
        Unreported(
            name=one.source.name, services=_services(one), communities=tuple(one.not_reported)
        )
        for one in lists
        if one.not_reported
    )


def silence_of(
    unreported: Sequence[Unreported],
    unplaced: pd.DataFrame,
    communities: pd.DataFrame,
    *,
    same_as: Mapping[str, str] | None = None,
) -> Silence:
    """
    Find the communities that names in lists mean.

    Parameters
    ----------
    unreported
        From `unreported_of`.
    unplaced
        Rows without a place that would count: ``types``, ``community``, ``list``.
    communities
        `tables.COMMUNITIES`.
    same_as
        Names in lists to names of communities, where a planner says that they mean the same.

    Returns
    -------
    silence
        By service and by type.

    Warns
    -----
    MissingDataWarning
        With the communities that are not judged.
    LifecircleWarning
        If a name that looks like a community's is none, or could be several.
    """
    ids = communities["community_id"].astype(str).tolist()
    names = communities["name"].tolist()
    same = same_as or {}
    silent: dict[str, dict[str, str]] = {}
    for one in unreported:
        rows = match_names([same.get(name, name) for name in one.communities], names)
        known = sorted({ids[row] for row in rows if row >= 0})
        lost = [
            name
            for name, row in zip(one.communities, rows, strict=True)
            if row < 0 and (name_key(name)[1] or len(known))
        ]
        for service in one.services:
            for community_id in known:
                _add(silent.setdefault(service, {}), community_id, one.name)
        if known:
            warnings.warn(
                f"{one.name}: {len(known)} communities did not report; they are not judged in "
                f"{', '.join(one.services)} unless what is known covers them",
                MissingDataWarning,
                stacklevel=3,
            )
        if lost:
            warnings.warn(
                f"{one.name}: of those that did not report, {len(lost)} are no community of this "
                f"study, or could be several ({', '.join(repr(name[:30]) for name in lost[:5])}): "
                "name them under not_reported of the list as the communities file does",
                LifecircleWarning,
                stacklevel=3,
            )
    placeless: dict[str, dict[str, str]] = {}
    if len(unplaced):
        said = [one if isinstance(one, str) else None for one in unplaced["community"]]
        rows = match_names([None if one is None else same.get(one, one) for one in said], names)
        for row, types, name in zip(rows, unplaced["types"], unplaced["list"], strict=True):
            for kind in set(str(types).split(";")) if row >= 0 else ():
                _add(placeless.setdefault(kind, {}), ids[row], str(name))
    return Silence(unreported=silent, unplaced=placeless)


def _add(held: dict[str, str], community_id: str, name: str) -> None:
    names = dict.fromkeys([*filter(None, held.get(community_id, "").split(", ")), name])
    held[community_id] = ", ".join(names)


def _services(found: FacilityList) -> tuple[str, ...]:
    """Take the services a list is about, not what a row of it happens to offer besides."""
    placed = found.facilities.groupby("service")["place_id"].nunique()
    counts: dict[str, int] = {str(name): int(count) for name, count in placed.items()}
    for row in found.to_place.get("services", ()):
        for service in set(str(row).split(";")):
            counts[service] = counts.get(service, 0) + 1
    rows = max(found.facilities["place_id"].nunique() + len(found.to_place), 1)
    about = sorted(name for name, count in counts.items() if count >= COVERS_SHARE * rows)
    return tuple(about) or tuple(sorted(counts, key=lambda name: (-counts[name], name))[:1])
