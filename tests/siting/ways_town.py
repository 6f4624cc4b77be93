"""
One street of 2 km, walked in metres: what each way brings inside can be counted off.

    x        0   100      400   500         900  1000              1400
    homes        h000     h001              h002 |                 h003
    people       10       20                30   |                 40
    60plus        4        5                 6   |                  7
    area     c1 ─────────────────────────────────┴ c2 ───────────────────
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.gaps.diagnosis import Gaps
from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import reach_of
from lifecircle.siting.places import with_areas
from lifecircle.siting.sites import Sites
from lifecircle.siting.standing import Town, pinned_places
from lifecircle.tables import GAPS, PARCELS, SITES, check
from tests.making import CRS, facilities_at, homes_at, open_town, requirement, standard, streets

NETWORK = streets([(0, 0), (1000, 0)], [(1000, 0), (2000, 0)])
STATION = requirement(types=("medical.station",), minutes=None, limit_m=300.0, target_share=0.5)
NO_SITES = Sites(
    table=pd.DataFrame(columns=list(SITES)), solution=None, served={}, newly_covered=0.0
)


def town_of(*asked, at=((1900, 0),), norms=(), language="en", **columns):
    """The town with facilities at some places, one gap per requirement and community short."""
    compounds = open_town(NETWORK)
    homes = homes_at(
        compounds,
        *((100, 0), (400, 0), (900, 0), (1400, 0)),
        people=[10.0, 20.0, 30.0, 40.0],
        community=["c1", "c1", "c1", "c2"],
        people_60plus=[4.0, 5.0, 6.0, 7.0],
    )
    facilities = facilities_at(compounds, *at, **columns)
    for pinned in (homes, facilities):
        pinned.table["subdistrict"] = None
        pinned.table["unit_id"] = None
    reaches = {one.id: reach_of(one, homes, facilities, NETWORK) for one in asked}
    rows = []
    for one in asked:
        people = people_asked(homes.table, one)
        for area in ("c1", "c2"):
            mine = (homes.table["community_id"] == area).to_numpy()
            short = people[mine & ~reaches[one.id].covered].sum()
            if short > 0:
                rows.append(
                    dict.fromkeys(GAPS)
                    | {
                        "gap_id": f"{one.id} {area}",
                        "community_id": area,
                        "community": area.upper(),
                        "requirement": one.id,
                        "kind": "missing",
                        "reason": "none",
                        "people": people[mine].sum(),
                        "people_short": short,
                        "remedy": "new",
                    }
                )
    return Town(
        standard=standard(*asked, norms=norms),
        reaches=reaches,
        gaps=Gaps(table=pd.DataFrame(rows, columns=list(GAPS))),
        homes=homes,
        facilities=facilities,
        compounds=compounds,
        language=language,
    )


def land_of(town, *rows):
    """Parcels as ``(id, kind, x, m²)``: rooms have that floor, land that area."""
    table = gpd.GeoDataFrame(
        {
            "parcel_id": [one[0] for one in rows],
            "kind": [one[1] for one in rows],
            "origin": "listed",
            "area_m2": [float(one[3]) for one in rows],
            "floor_m2": [float(one[3]) if one[1] == "stock_room" else np.nan for one in rows],
            "inscribed_m": [30.0] * len(rows),
            "community_id": ["c1" if one[2] < 1000 else "c2" for one in rows],
        },
        geometry=[shapely.Point(one[2], 0) for one in rows],
        crs=CRS,
    )
    table = with_areas(check(table, PARCELS, where="test"), town.homes.table)
    return pinned_places(table, town.compounds, np.empty(0, object))


def with_gap(town, **changes):
    """The same town with its gaps changed."""
    return dataclasses.replace(town, gaps=Gaps(table=town.gaps.table.assign(**changes)))
