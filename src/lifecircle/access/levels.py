"""From communities to the areas of every level, with the homes and facilities in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.places.upper_areas import UpperAreas, upper_areas
from lifecircle.reach.matrix import Pinned
from lifecircle.tables import LEVELS


@dataclass(frozen=True, kw_only=True)
class Level:
    """
    Areas of one level.

    Parameters
    ----------
    name
        One of `tables.LEVELS`.
    area_id, area_name
        The areas, in order.
    of_home, of_facility
        Area each home and each facility lies in, -1 in none.
    """

    name: str
    area_id: tuple[str, ...]
    area_name: tuple[str, ...]
    of_home: NDArray[np.int32]
    of_facility: NDArray[np.int32]


def levels_of(
    communities: gpd.GeoDataFrame,
    homes: Pinned,
    facilities: Pinned,
    *,
    study_name: str,
    estates: gpd.GeoDataFrame | None = None,
    unit_names: Mapping[str, str] | None = None,
) -> tuple[Level, ...]:
    """
    Group homes and facilities into the areas of every known level.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES`.
    homes, facilities
        With ``community_id``.
    study_name
        What the whole area is called.
    estates
        `tables.ESTATES`, open ones too; None when none are known.
    unit_names
        Unit id to name, where units have names of their own.

    Returns
    -------
    levels
        From estate to study, those without areas left out. Subdistricts of one name in two
        counties are two areas, with the county before the name in their ids.
    """
    ids = communities["community_id"].to_numpy(dtype=object)
    names = communities["name"].where(communities["name"].notna(), communities["community_id"])
    position = pd.Index(ids)
    home_row = position.get_indexer(homes.table["community_id"]).astype(np.int32)
    facility_row = position.get_indexer(facilities.table["community_id"]).astype(np.int32)
    levels = [] if estates is None or len(estates) == 0 else [_estates(estates, homes, facilities)]
    levels.append(
        Level(
            name="community",
            area_id=tuple(ids),
            area_name=tuple(names.astype(str)),
            of_home=home_row,
            of_facility=facility_row,
        )
    )
    for name in LEVELS[LEVELS.index("community") + 1 : -1]:
        known = _units(communities) if name == "unit" else upper_areas(communities, name)
        if not known.names:
            continue
        areas = list(known.names)
        # One more place at the end, so that row -1 (in no community) finds -1 (in no area).
        of_community = np.append(pd.Index(areas).get_indexer(known.of_community), -1)
        of_community = of_community.astype(np.int32)
        levels.append(
            Level(
                name=name,
                area_id=tuple(areas),
                area_name=tuple(
                    (unit_names or {}).get(area, called) if name == "unit" else called
                    for area, called in known.names.items()
                ),
                of_home=of_community[home_row],
                of_facility=of_community[facility_row],
            )
        )
    levels.append(
        Level(
            name="study",
            area_id=("study",),
            area_name=(study_name,),
            of_home=np.zeros(len(homes), dtype=np.int32),
            of_facility=np.zeros(len(facilities), dtype=np.int32),
        )
    )
    return tuple(levels)


def within(smaller: Level, larger: Level) -> NDArray[np.int64]:
    """
    Find the area of a larger level each area of a smaller one lies in.

    Parameters
    ----------
    smaller, larger
        Two levels of one study.

    Returns
    -------
    area
        Area of `larger` that holds the homes and facilities of each area of `smaller`, -1 where
        none of them is known, shape (areas of `smaller`,).
    """
    area = np.full(len(smaller.area_id), -1, dtype=np.int64)
    for ours, theirs in (
        (smaller.of_facility, larger.of_facility),
        (smaller.of_home, larger.of_home),
    ):
        known = (ours >= 0) & (theirs >= 0)
        area[ours[known]] = theirs[known]
    return area


def _units(communities: gpd.GeoDataFrame) -> UpperAreas:
    """Group by unit; units have ids of their own, wherever they lie."""
    column = communities["unit_id"].map(str, na_action="ignore")
    return UpperAreas(
        of_community=column.to_numpy(dtype=object).copy(),
        names={unit: unit for unit in sorted(column.dropna().unique())},
    )


def _estates(estates: gpd.GeoDataFrame, homes: Pinned, facilities: Pinned) -> Level:
    """Group by estate; homes and facilities outside every estate are in none."""
    ordered = estates.sort_values("estate_id", kind="stable")
    names = ordered["name"].where(ordered["name"].notna(), ordered["estate_id"])
    position = pd.Index(ordered["estate_id"])
    return Level(
        name="estate",
        area_id=tuple(ordered["estate_id"]),
        area_name=tuple(names.astype(str)),
        of_home=position.get_indexer(homes.table["estate_id"]).astype(np.int32),
        of_facility=position.get_indexer(facilities.table["estate_id"]).astype(np.int32),
    )
