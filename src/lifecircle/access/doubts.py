"""
Homes of which nobody can say that they are not served, for lists say nothing of their community.

A place that is on no list may stand anywhere in its community. A shortfall that would not be one if
all these homes were served is no finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned
from lifecircle.standards import Requirement
from lifecircle.walk import PROFILES

DETOUR = 1.3
"""Walks are taken to be up to 1.3 times the straight line where nothing blocks them (P)."""

LIKELY = 0.5
"""A home may be served from a community when at least this share of its people live near (P)."""

_KEY = {"community": "community_id", "subdistrict": "subdistrict", "unit": "unit_id"}


@dataclass(frozen=True, kw_only=True)
class Silence:
    """
    What lists are known not to say.

    Parameters
    ----------
    unreported
        Service to the ids of communities that did not report, each with the lists that say so.
    unplaced
        Facility type to the ids of communities with a listed facility that has no place, each
        with the lists it is in.
    """

    unreported: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unplaced: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """
    One reason why homes cannot be judged.

    Parameters
    ----------
    kind
        ``unreported`` or ``unplaced``.
    community_id
        Whose facilities are not known.
    lists
        The lists that say so.
    homes
        The homes it concerns, shape (homes,).
    """

    kind: str
    community_id: str
    lists: str
    homes: NDArray[np.bool_]


def causes_of(requirement: Requirement, homes: Pinned, silence: Silence) -> tuple[Cause, ...]:
    """
    Find the homes a requirement cannot be judged for, cause by cause.

    Parameters
    ----------
    requirement
        The question.
    homes
        The homes.
    silence
        What lists do not say.

    Returns
    -------
    causes
        By kind and community. Of a community that did not report all homes are concerned; of any
        cause also every home with at least half of that community's people within the limit / 1.3
        in a straight line, so that a place among them would as likely as not serve it.
    """
    said = [
        ("unreported", one, lists)
        for one, lists in sorted(silence.unreported.get(requirement.service, {}).items())
    ]
    lost: dict[str, str] = {}
    for kind, places in silence.unplaced.items():
        if _counts(requirement, kind):
            lost.update(places)
    said += [("unplaced", one, lists) for one, lists in sorted(lost.items())]
    causes = []
    for kind, community_id, lists in said:
        near = _may_be_served(requirement, homes, community_id)
        if kind == "unreported":
            near |= (homes.table["community_id"] == community_id).to_numpy(dtype=bool)
        if near.any():
            near.flags.writeable = False
            causes.append(Cause(kind=kind, community_id=community_id, lists=lists, homes=near))
    return tuple(causes)


def doubted_homes(causes: tuple[Cause, ...], n: int) -> NDArray[np.bool_]:
    """
    Put causes together.

    Parameters
    ----------
    causes
        Of one requirement.
    n
        Number of homes.

    Returns
    -------
    doubted
        Whether any of them concerns a home, shape (n,).
    """
    doubted = np.zeros(n, dtype=bool)
    for one in causes:
        doubted |= one.homes
    return doubted


def straight_limit_m(requirement: Requirement) -> float:
    """
    Turn a limit into metres.

    Parameters
    ----------
    requirement
        The question.

    Returns
    -------
    limit_m
        The limit of a distance clause, of a time clause what its walker makes in that time.
    """
    if requirement.limit_m is not None:
        return float(requirement.limit_m)
    return float(PROFILES[requirement.profile].metres(requirement.limit))


def edge_distances(homes: Pinned, extent: shapely.Geometry) -> NDArray[np.float64]:
    """
    Measure how near the border of the data is.

    Parameters
    ----------
    homes
        The homes.
    extent
        Within it the data are complete; metric.

    Returns
    -------
    distance_m
        Straight distance to the border, 0 beyond it, shape (homes,).
    """
    points = homes.table.geometry.to_numpy()
    shapely.prepare(extent)
    distance = shapely.distance(points, shapely.boundary(extent))
    distance[~shapely.intersects(extent, points)] = 0.0
    return np.asarray(distance, dtype=np.float64)


def _counts(requirement: Requirement, kind: str) -> bool:
    if requirement.accepted:
        right = kind in requirement.accepted
    else:
        right = kind.partition(".")[0] == requirement.service
    return right or any(kind in rule.types for rule in requirement.counts)


def _may_be_served(requirement: Requirement, homes: Pinned, community_id: str) -> NDArray[np.bool_]:
    """Find homes near enough to most of a community's people."""
    table = homes.table
    near = np.zeros(len(table), dtype=bool)
    own = (table["community_id"] == community_id).to_numpy(dtype=bool)
    people = np.nan_to_num(people_of(table, "all"))
    own_at = np.flatnonzero(own & (people > 0))
    if len(own_at) == 0:
        return near
    asked = np.ones(len(table), dtype=bool)
    if requirement.serves != "anyone":
        key = table[_KEY[requirement.serves]]
        asked = (key == key.iloc[own_at[0]]).to_numpy(dtype=bool)
    asked_at = np.flatnonzero(asked)
    points = table.geometry.to_numpy()
    home, place = shapely.STRtree(points[own_at]).query(
        points[asked_at],
        predicate="dwithin",
        distance=straight_limit_m(requirement) / DETOUR,
    )
    held = np.bincount(home, weights=people[own_at][place], minlength=len(asked_at))
    near[asked_at] = held >= LIKELY * people[own_at].sum() - 1e-9
    return near


def words_of(
    causes: tuple[Cause, ...],
    at: NDArray[np.int64],
    names: pd.Series,
    *,
    language: str,
) -> str:
    """
    Say why some homes cannot be judged.

    Parameters
    ----------
    causes
        Of one requirement.
    at
        Rows of the homes, shape (k,).
    names
        Community id to its name.
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        One sentence per kind; empty where nothing concerns these homes.
    """
    said = []
    for kind, zh, en in (
        ("unreported", "未报送：", "did not report: "),
        ("unplaced", "有设施列名但位置不明：", "has a listed facility without a place: "),
    ):
        mine = [one for one in causes if one.kind == kind and one.homes[at].any()]
        if not mine:
            continue
        joint = "、" if language == "zh" else ", "
        those = joint.join(str(names.get(one.community_id, one.community_id)) for one in mine)
        lists = joint.join(sorted({one.lists for one in mine}))
        said.append(f"{zh}{those}（{lists}）" if language == "zh" else f"{en}{those} ({lists})")
    return ("；" if language == "zh" else "; ").join(said)
