"""
A row of eight communities, one home each of 100 people, 20 of them old; worked by hand.

Seven lack a health station within five minutes, the eighth has a day-care that is too small. One
answer of each mode stands ready.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point, box

from lifecircle import tables
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.programme import Grounds, Need, Programme, draw_up
from lifecircle.siting.sites import Sites
from lifecircle.siting.ways import WAYS, Ways
from lifecircle.standards import Standard, load_standard

CRS = "EPSG:4549"
PLACES = {
    # site: kind, what stands there, rights, owner, available, mode
    "s1": ("vacant", "medical.station", "state", "区土地储备中心", None, "new"),
    "s2": ("stock_room", "medical.station", None, "东浦置业有限公司", None, "purchase"),
    "s3": ("stock_room", "medical.station", "state", "区机关事务中心", None, "exchange"),
    "s4": ("stock_room", "medical.station", "collective", "河湾村经济合作社", "10年", "lease"),
    "s5": ("share", "medical.station", None, None, None, "share"),
    "s6": ("gate", "", None, None, None, "open"),
    "s7": ("extension", "medical.station", None, None, None, "extend"),
}
EXTENDED = "f8"


def standard() -> Standard:
    return load_standard("basic")


def homes() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "home_id": [f"h{n}" for n in range(1, 9)],
            "community_id": [f"c{n}" for n in range(1, 9)],
            "estate_id": [f"e{n}" for n in range(1, 9)],
            "people": 100.0,
            "people_60plus": 20.0,
            "where": None,
        },
        geometry=[Point(500_000 + 1000 * n, 3_370_000) for n in range(8)],
        crs=CRS,
    )


def communities() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "community_id": [f"c{n}" for n in range(1, 9)],
            "name": [f"社区{n}" for n in range(1, 9)],
            "subdistrict": ["东门街道"] * 4 + ["河湾镇"] * 4,
            "county": "试验县",
        },
        geometry=[
            box(499_500 + 1000 * n, 3_369_500, 500_500 + 1000 * n, 3_370_500) for n in range(8)
        ],
        crs=CRS,
    )


def gaps() -> Gaps:
    rows = []
    for n in range(1, 9):
        size = n == 8
        rows.append(
            dict.fromkeys(tables.GAPS)
            | {
                "gap_id": f"g{n}",
                "community_id": f"c{n}",
                "requirement": "care_floor" if size else "medical_5",
                "service": "elder_care" if size else "medical",
                "obligation": "must",
                "group": "60plus" if size else "all",
                "kind": "size" if size else "access",
                "reason": "undersized" if size else "none",
                "remedy": "extend" if size else "new",
                "people": 20.0 if size else 100.0,
                "people_short": 20.0 if size else 100.0,
                "priority": float(n),
                "year": np.nan,
            }
        )
    return Gaps(table=pd.DataFrame(rows, columns=list(tables.GAPS)))


def need(**changes: object) -> Need:
    plain: dict[str, object] = {
        "gap_id": "g8",
        "measure": "floor_m2",
        "types": frozenset(["elder_care.daycare"]),
        "where": frozenset(["c8"]),
        "short": 120.0,
        "behind": {EXTENDED: (120.0, 20.0)},
    }
    return Need(**(plain | changes))  # type: ignore[arg-type]


def facilities() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "facility_id": [EXTENDED],
            "name": ["东门日间照料中心"],
            "service": ["elder_care"],
            "type": ["elder_care.daycare"],
            "community_id": ["c8"],
            "estate_id": ["e8"],
            "owner": [None],
        }
    )


def sites(
    *, only: tuple[str, ...] = tuple(PLACES), people: dict[str, float] | None = None
) -> Sites:
    rows, served = [], {}
    for name in only:
        kind, types, *_ = PLACES[name]
        at = int(name[1:])
        rows.append(
            dict.fromkeys(tables.SITES)
            | {
                "site_id": name,
                "parcel_id": f"p{at}",
                "kind": kind,
                "services": "medical" if types else "",
                "types": types,
                "year": 1,
                "x": 500_000.0 + 1000 * (at - 1),
                "y": 3_370_000.0,
                "area_m2": 200.0 if types else np.nan,
                "floor_m2": 120.0 if types else np.nan,
                "newly_covered": (people or {}).get(name, 100.0),
                "conforms": "adjust" if kind == "vacant" else None,
            }
        )
        served[name] = {"medical_5": np.array([at - 1])}
    table = pd.DataFrame(rows, columns=list(tables.SITES))
    return Sites(table=table, solution=None, served=served, newly_covered=700.0)


def grounds(**changes: object) -> Grounds:
    parcels = gpd.GeoDataFrame(
        [
            {
                "parcel_id": f"p{name[1:]}",
                "rights": rights,
                "owner": owner,
                "available": available,
                "checks": "collective" if rights == "collective" else None,
                "geometry": Point(0, 0),
            }
            for name, (kind, _, rights, owner, available, _) in PLACES.items()
            if kind in ("vacant", "stock_room")
        ],
        crs=CRS,
    )
    rows = [
        dict.fromkeys(WAYS)
        | {"way_id": f"p{at}", "kind": PLACES[f"s{at}"][0], "facility_id": facility, "name": name}
        | {"consent": consent, "geometry": Point(0, 0)}
        for at, facility, name, consent in (
            (5, "f5", "东门小学", "holder"),
            (6, None, "北围墙", "owners_consent"),
            (7, "f7", "河湾卫生站", None),
        )
    ]
    ways = Ways(table=gpd.GeoDataFrame(rows, crs=CRS), serves={})
    plain: dict[str, object] = {"parcels": parcels, "ways": ways}
    return Grounds(**(plain | changes))  # type: ignore[arg-type]


def drawn(**changes: object) -> Programme:
    """Draw up the town's programme, with other values where a test wants them."""
    plain: dict[str, object] = {
        "homes": homes(),
        "communities": communities(),
        "language": "zh",
        "grounds": grounds(),
        "needs": (need(),),
        "facilities": facilities(),
    }
    given = plain | changes
    where = given.pop("sites", None)
    found = given.pop("gaps", None)
    return draw_up(
        standard(),
        gaps() if found is None else found,  # type: ignore[arg-type]
        sites() if where is None else where,  # type: ignore[arg-type]
        **given,  # type: ignore[arg-type]
    )
