"""The town as service units: one given, and one proposed of all four communities."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.tables import ADVICE, UNIT_SERVICES, UNITS


def make_units(communities, scores) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    shape = shapely.union_all(communities.geometry.to_numpy())
    common = {
        "communities": ";".join(sorted(communities["community_id"])),
        "subdistricts": "东街道",
        "people": float(communities["people"].sum()),
        "people_60plus": 700.0,
        "people_0_3": np.nan,
        "area_m2": float(shapely.area(shape)),
        "connected": True,
        "cut_m": 0.0,
        "cut_by": "",
        "walk_s": 900.0,
        "farthest_s": 1200.0,
        "asked": 4,
        "met": 1,
        "missing": "culture_5;elder_care_5;fitness_5",
    }
    given = {
        **common,
        "unit_id": "u1",
        "name": "第一单元",
        "tier": np.nan,
        "origin": "given",
        "people_min": np.nan,
        "people_max": np.nan,
        "in_band": None,
        "in_use": True,
    }
    proposed = {
        **common,
        "unit_id": "u5-00000000",
        "name": "和平社区等4个社区基本单元",
        "tier": 5.0,
        "origin": "proposed",
        "people_min": 5000.0,
        "people_max": 12000.0,
        "in_band": "below",
        "in_use": False,
        "cut_by": "road;water",
        "cut_m": 1000.0,
    }
    frame = pd.DataFrame([given, proposed], columns=list(UNITS))
    units = gpd.GeoDataFrame(frame, geometry=[shape, shape], crs=communities.crs)
    whole = scores[(scores["level"] == "study") & (scores["minutes"] == 5)]
    rows = [
        {
            **{name: row[name] for name in UNIT_SERVICES if name in row},
            "unit_id": "u5-00000000",
            "name": proposed["name"],
            "tier": 5.0,
            "met": row["verdict"] == "met",
        }
        for row in whole.to_dict("records")
    ]
    return units, pd.DataFrame(rows, columns=list(UNIT_SERVICES))


def make_advice() -> pd.DataFrame:
    rows = [
        {
            "community_id": "c1",
            "community": "和平社区",
            "subdistrict": "东街道",
            "code": "cut",
            "people": 2000.0,
            "people_concerned": 400.0,
            "cut_by": "road",
            "area_m2": 1e6,
            "sentence": "被主干路分隔，较小一侧约400人，其中8人走不到另一侧。",
        },
        {
            "community_id": "c3",
            "community": "南湖社区",
            "subdistrict": "东街道",
            "code": "small",
            "people": 8.0,
            "people_concerned": 8.0,
            "cut_by": None,
            "area_m2": 1e6,
            "sentence": "人口8人，不足5分钟生活圈5,000人下限的一半。",
        },
    ]
    return pd.DataFrame(rows, columns=list(ADVICE))
