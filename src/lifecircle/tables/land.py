"""Tables of land as offices keep it: land survey, detailed plan, rights, and what is protected."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from lifecircle.tables.schema import AREA, COUNT, ID, LINE, TEXT, Column, Schema

CODE_SYSTEMS = ("2023", "3diao")
"""Land-use codes: the classification of 2023, and that of the third land survey (三调)."""

_SYSTEM = Column(kind="text", filled=True, allowed=CODE_SYSTEMS)

LAND_COVER = Schema(
    name="land survey",
    columns={
        "cover_id": ID,
        "kind": Column(kind="text", filled=True),
        "code": Column(kind="text", filled=True),
        "code_system": _SYSTEM,
        "name": TEXT,
        "rights": Column(kind="text", required=False, allowed=("state", "collective")),
    },
    geometry=AREA,
)
"""`kind` is that of `tables.GROUND`: ``vacant``, ``farmland``, ``water``, ``road`` and so on."""
PLAN_UNITS = Schema(
    name="units of the detailed plan",
    columns={"unit_id": ID, "name": TEXT, "people_planned": COUNT},
    geometry=AREA,
)
PLAN_PLOTS = Schema(
    name="plots of the detailed plan",
    columns={
        "plot_id": ID,
        "code": TEXT,
        "code_system": _SYSTEM,
        "name": TEXT,
        "facilities": TEXT,
        "built": Column(kind="flag", required=False),
    },
    geometry=AREA,
)
PLAN_ROADS = Schema(
    name="roads of the detailed plan",
    columns={
        "road_id": ID,
        "name": TEXT,
        "class": TEXT,
        "built": Column(kind="flag", required=False),
    },
    geometry=LINE,
)
RIGHTS = Schema(
    name="parcels with rights",
    columns={
        "right_id": ID,
        "owner": TEXT,
        "rights": Column(kind="text", required=False, allowed=("state", "collective")),
        "use": TEXT,
        "until": TEXT,
    },
    geometry=AREA,
)
"""`owner` never holds the name of a person."""
PROTECTED = Schema(
    name="land that is never proposed",
    columns={
        "protected_id": ID,
        "reason": Column(kind="text", filled=True),
        "name": TEXT,
        "source": TEXT,
    },
    geometry=AREA,
)
UNPLACED = (
    *("row_id", "name", "kind", "list", "area_m2", "area_about", "floor_m2", "owner", "rights"),
    *("available", "note", "address", "source", "reason"),
)
"""Columns of the rows of lists of land and rooms that have no place on the map."""


@dataclass(frozen=True, kw_only=True)
class LandFiles:
    """
    What offices say of land beside the parcels themselves, WGS 84.

    Parameters
    ----------
    cover
        `LAND_COVER`; None without a land survey.
    units, plots, roads
        `PLAN_UNITS`, `PLAN_PLOTS` and `PLAN_ROADS`; None where the plan has no such layer.
    rights
        `RIGHTS`; None without them.
    protected
        `PROTECTED`; None without such files.
    promised
        `tables.FACILITIES` that plots of the plan have to provide; they never count.
    unplaced
        Rows of lists without a place, columns `UNPLACED`.
    """

    cover: gpd.GeoDataFrame | None = None
    units: gpd.GeoDataFrame | None = None
    plots: gpd.GeoDataFrame | None = None
    roads: gpd.GeoDataFrame | None = None
    rights: gpd.GeoDataFrame | None = None
    protected: gpd.GeoDataFrame | None = None
    promised: gpd.GeoDataFrame | None = None
    unplaced: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNPLACED)))
