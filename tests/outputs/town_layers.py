"""Layers of the town every output's test draws: who lives where, what stands where."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.tables import PARCELS, check

HOSTILE_FACILITY = "<img src=x onerror=alert(1)>"
HOSTILE_COMMUNITY = "</script><b>"
FORMULA = '=HYPERLINK("http://evil.example","点我")'

_FACILITIES = (
    # id, name, service, type, x, y, half width of an outline (0: a point)
    ("f1", "和平社区卫生服务站", "medical", "medical.station", 300.0, 1300.0, 0.0),
    ("f2", HOSTILE_FACILITY, "culture", "culture.station", 600.0, 1600.0, 0.0),
    ("f3", "健身广场", "fitness", "fitness.outdoor", 900.0, 1900.0, 40.0),
    ("f4", FORMULA, "elder_care", "elder_care.daycare", 1500.0, 1500.0, 0.0),
    ("f5", None, "fitness", "fitness.court", 1700.0, 1200.0, 0.0),
)
_COMMUNITIES = (
    ("c1", "和平社区", 0.0, 1000.0),
    ("c2", HOSTILE_COMMUNITY, 1000.0, 1000.0),
    ("c3", "南湖社区", 0.0, 2000.0),
    ("c4", "空地社区", 1000.0, 2000.0),
)


def box(origin, west, south, east, north) -> shapely.Polygon:
    return shapely.box(origin[0] + west, origin[1] + south, origin[0] + east, origin[1] + north)


def make_communities(origin, crs, homes) -> gpd.GeoDataFrame:
    people = homes.groupby("community_id")["people"].sum()
    rows = [
        {
            "community_id": key,
            "name": name,
            "subdistrict": "东街道" if x else "西街道",
            "county": "测试县",
            "city": "测试市",
            "unit_id": "u1",
            "urban": True,
            "people": float(people.get(key, 0.0)),
            "geometry": box(origin, x, y, x + 1000, y + 1000),
        }
        for key, name, x, y in _COMMUNITIES
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def make_facilities(origin, crs) -> gpd.GeoDataFrame:
    rows = []
    for key, name, service, kind, x, y, half in _FACILITIES:
        point = shapely.Point(origin[0] + x, origin[1] + y)
        rows.append(
            {
                "facility_id": key,
                "place_id": f"p{key}",
                "name": name,
                "service": service,
                "type": kind,
                "confidence": 0.85,
                "rule": "tag amenity=clinic",
                "status": "existing",
                "open_to": "anyone",
                "floor_m2": 150.0 if service == "medical" else math.nan,
                "site_m2": math.nan,
                "beds": math.nan,
                "owner": None,
                "source": "town.osm.pbf",
                "geometry": point.buffer(half, cap_style="square") if half else point,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def make_entrances(facilities, crs) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"facility_id": facilities["facility_id"], "origin": "point"},
        geometry=facilities.geometry.centroid,
        crs=crs,
    )


def make_homes(origin, crs, facilities, requirements) -> gpd.GeoDataFrame:
    spots = [("c1", 100.0 + 200 * i, 1100.0 + 200 * j, 80.0) for i in range(5) for j in range(5)]
    spots += [("c2", 1100.0 + 200 * i, 1100.0 + 200 * j, 60.0) for i in range(5) for j in range(5)]
    spots += [("c3", 100.0 + 600 * i, 2700.0, 4.0) for i in range(2)]
    at = origin + np.array([(x, y) for _, x, y, _ in spots])
    homes = gpd.GeoDataFrame(
        {
            "home_id": [f"h{i + 1:03d}" for i in range(len(spots))],
            "community_id": [spot[0] for spot in spots],
            "estate_id": None,
            "status": ["ok"] * (len(spots) - 1) + ["far"],
            "people": [spot[3] for spot in spots],
            "floor_m2": math.nan,
            "origin": "people",
            "people_60plus": [spot[3] / 4 for spot in spots],
            "pin_leg_m": 0.0,
        },
        geometry=shapely.points(at),
        crs=crs,
    )
    ends = shapely.get_coordinates(facilities.geometry.centroid.array)
    metres = np.abs(at[:, None, :] - ends[None, :, :]).sum(axis=2)
    for requirement in requirements:
        mine = np.flatnonzero((facilities["service"] == requirement.service).to_numpy())
        nearest = mine[metres[:, mine].argmin(axis=1)]
        metre = metres[np.arange(len(at)), nearest]
        reached = (metre <= 2000) & (homes["status"] == "ok").to_numpy()
        homes[f"{requirement.id}_s"] = np.where(reached, metre * 0.9, np.nan)
        homes[f"{requirement.id}_m"] = np.where(reached, metre, np.nan)
        ids = facilities["facility_id"].to_numpy()[nearest]
        homes[f"{requirement.id}_facility_id"] = np.where(reached, ids, None)
    return homes


def make_parcels(origin, crs) -> gpd.GeoDataFrame:
    rows = [
        ("l1", "站前空地", "vacant", "listed", shapely.box(1200, 1300, 1260, 1350), 3000.0, "2301"),
        ("l2", "<u>旧厂房</u>", "stock_room", "listed", shapely.Point(1750, 1750), 0.0, None),
        ("l3", None, "corner", "residual", shapely.box(700, 1100, 740, 1130), 1200.0, None),
    ]
    frame = gpd.GeoDataFrame(
        {
            "parcel_id": [row[0] for row in rows],
            "name": [row[1] for row in rows],
            "kind": [row[2] for row in rows],
            "origin": [row[3] for row in rows],
            "evidence": ["批而未供", "闲置", None],
            "area_m2": [row[5] for row in rows],
            "floor_m2": [math.nan, 800.0, math.nan],
            "inscribed_m": [50.0, math.nan, 30.0],
            "compactness": [0.8, math.nan, 0.7],
            "frontage_m": [60.0, math.nan, 0.0],
            "code": [row[6] for row in rows],
            "code_system": ["2023", None, None],
            "conforms": ["unknown", "yes", None],
            "community_id": ["c2", "c2", "c1"],
            "status": ["candidate", "candidate", None],
            "checks": ["temporary; collective", None, None],
            "owner": ["=村经济合作社", None, None],
        },
        geometry=[row[4] for row in rows],
        crs=crs,
    )
    frame["geometry"] = frame.geometry.translate(*origin)
    return check(frame, PARCELS, where="test")


def make_streets(origin, crs) -> gpd.GeoDataFrame:
    rows = []
    for step in range(0, 2001, 200):
        main = "primary" if step == 1000 else "residential"
        kind = main if step % 400 or step == 1000 else "footway"
        rows.append((kind, [(step, 1000), (step, 3000)]))
        rows.append((kind, [(0, 1000 + step), (2000, 1000 + step)]))
    lines = [shapely.LineString(np.array(line) + origin) for _, line in rows]
    return gpd.GeoDataFrame(
        {
            "edge_id": np.arange(len(rows)),
            "highway": [kind for kind, _ in rows],
            "name": [None if kind == "footway" else "解放路" for kind, _ in rows],
            "length_m": [line.length for line in lines],
            "foot": True,
        },
        geometry=lines,
        crs=crs,
    )


def make_isochrones(facilities, requirements, crs) -> gpd.GeoDataFrame:
    rows = []
    for requirement in requirements:
        radius = requirement.minutes * 60 / 0.9
        mine = facilities[facilities["service"] == requirement.service]
        shapes = [
            shapely.Polygon(
                [(c.x - radius, c.y), (c.x, c.y - radius), (c.x + radius, c.y), (c.x, c.y + radius)]
            )
            for c in mine.geometry.centroid
        ]
        for key, shape in [
            ("", shapely.union_all(shapes)),
            *zip(mine["facility_id"], shapes, strict=True),
        ]:
            rows.append(
                {
                    "service": requirement.service,
                    "requirement": requirement.id,
                    "minutes": requirement.minutes,
                    "facility_id": key,
                    "wrongly_in": 0.01,
                    "wrongly_out": 0.02,
                    "geometry": shape,
                }
            )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def make_facility_areas(facilities, homes, crs) -> gpd.GeoDataFrame:
    """Diamonds around every facility, and the people of the homes in them."""
    at = shapely.get_coordinates(homes.geometry.array)
    rows = []
    for place, centre in zip(facilities["facility_id"], facilities.geometry.centroid, strict=True):
        walk_m = np.abs(at - [centre.x, centre.y]).sum(axis=1)
        for minutes in (5.0, 15.0):
            radius = minutes * 60 / 0.9
            corners = [(-radius, 0), (0, -radius), (radius, 0), (0, radius)]
            rows.append(
                {
                    "facility_id": place,
                    "minutes": minutes,
                    "limit_m": math.nan,
                    "profile": "gb",
                    "audience": "anyone",
                    "people": homes["people"][walk_m <= radius].sum(),
                    "geometry": shapely.Polygon([(centre.x + x, centre.y + y) for x, y in corners]),
                }
            )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def make_backdrop(origin, crs) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {"kind": ["built", "green", "water", "rail", "water"]},
        geometry=[
            shapely.box(0, 1000, 2000, 2000),
            shapely.box(1100, 2200, 1700, 2800),
            shapely.box(300, 2100, 900, 2300),
            shapely.LineString([(0, 2050), (2000, 2050)]),
            shapely.LineString([(600, 2300), (600, 3000)]),
        ],
        crs=crs,
    )
    frame["geometry"] = frame.geometry.translate(*origin)
    return frame
