"""
Communities -> the subdistrict, county and city of each, as areas with ids of their own.

Two subdistricts of one name in two counties are two areas, whatever the name says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

PARENTS: Mapping[str, tuple[str, ...]] = {
    "city": (),
    "county": ("city",),
    "subdistrict": ("city", "county"),
}
"""Levels above the community, and the levels above each that tell areas of one name apart."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, kw_only=True)
class UpperAreas:
    """
    Areas of one level above the community.

    Parameters
    ----------
    of_community
        Id of the area each community lies in, None in none, shape (communities,).
    names
        Id to the name to show.
    """

    of_community: NDArray[np.object_]
    names: Mapping[str, str]

    def __post_init__(self) -> None:
        self.of_community.flags.writeable = False


def upper_areas(communities: gpd.GeoDataFrame, level: str) -> UpperAreas:
    """
    Tell the areas of a level apart.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`.
    level
        ``subdistrict``, ``county`` or ``city``.

    Returns
    -------
    areas
        An area's id is its name; where areas of different counties or cities have one name, the
        names above stand before it (东县/城关镇), and the shown name says which one it is. A
        community that does not say its county belongs to the one area of that name, if there is
        only one.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from lifecircle.places.upper_areas import upper_areas
    >>> communities = gpd.GeoDataFrame(
    ...     {"subdistrict": ["城关镇", "城关镇", "河东镇"], "county": ["东县", "西县", "西县"],
    ...      "city": None},
    ...     geometry=[shapely.box(n, 0, n + 1, 1) for n in range(3)],
    ... )
    >>> upper_areas(communities, "subdistrict").names
    {'东县/城关镇': '城关镇（东县）', '河东镇': '河东镇', '西县/城关镇': '城关镇（西县）'}
    """
    texts = {name: _texts(communities, name) for name in (*PARENTS[level], level)}
    own = texts[level]
    paths = [
        tuple(text for name in PARENTS[level] if (text := texts[name][row]) is not None)
        for row in range(len(own))
    ]
    above: dict[str, set[tuple[str, ...]]] = {}
    for name, path in zip(own, paths, strict=True):
        if name is not None:
            above.setdefault(name, set()).add(path)
    ids: list[str | None] = []
    names: dict[str, str] = {}
    for name, path in zip(own, paths, strict=True):
        if name is None:
            ids.append(None)
            continue
        # Who says less than the others means them, if they all mean one.
        known = {other for other in above[name] if not any(_within(other, o) for o in above[name])}
        several = len(known) > 1
        key = "/".join((*path, name)) if several else name
        ids.append(key)
        names[key] = _shown(name, path) if several and path else name
    return UpperAreas(of_community=np.array(ids, dtype=object), names=dict(sorted(names.items())))


def with_area_ids(communities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Put ids in the place of the names of areas above communities.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`; not changed.

    Returns
    -------
    communities
        With the ids of `upper_areas` in ``subdistrict``, ``county`` and ``city``, so that what
        serves a subdistrict does not serve another one of the same name.
    """
    return communities.assign(
        **{level: upper_areas(communities, level).of_community for level in PARENTS}
    )


def _texts(communities: gpd.GeoDataFrame, column: str) -> list[str | None]:
    if column not in communities:
        return [None] * len(communities)
    return [None if pd.isna(value) else str(value) for value in communities[column]]


def _within(less: tuple[str, ...], more: tuple[str, ...]) -> bool:
    """Whether a path says part of what another one says."""
    return len(less) < len(more) and set(less) <= set(more)


def _shown(name: str, path: tuple[str, ...]) -> str:
    if _CHINESE.search(name):
        return f"{name}（{''.join(path)}）"
    return f"{name} ({', '.join(reversed(path))})"
