"""
A run worked out by hand for every output's tests: four communities, 1 km square each.

    3 km ┌──────┬──────┐
         │  c3  │  c4  │    c1 和平社区      2,000 people, health station, culture, sport
    2 km ├──────┼──────┤    c2 </script><b>  1,500 people, elder care, sport
         │  c1  │  c2  │    c3 南湖社区      8 people, half of them far from any street
    1 km └──────┴──────┘    c4 空地社区      nobody

Homes stand on a grid, walks run along it at the GB planning speed of 10/9 m/s, so a home `d`
metres (right-angled) from a facility is 0.9 d seconds away. Scores, services, index and gaps are
counted from the homes here and nowhere else: the outputs must show the same numbers.
"""

from __future__ import annotations

import dataclasses
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS, Transformer

from lifecircle import tables
from lifecircle.outputs.content import Content
from lifecircle.provenance import OSM_CREDIT, Source
from lifecircle.standards import load_standard

SERVICES = ("medical", "culture", "fitness", "elder_care")
HOSTILE_FACILITY = "<img src=x onerror=alert(1)>"
HOSTILE_COMMUNITY = "</script><b>"
FORMULA = '=HYPERLINK("http://evil.example","点我")'
LAYERS = (
    "communities",
    "homes",
    "facilities",
    "entrances",
    "streets",
    "isochrones",
    "parcels",
    "backdrop",
    "buildings",
)
TABLES = ("scores", "services", "index", "gaps", "sites", "projects", "programme")

_CHINA = CRS.from_epsg(4549)  # CGCS2000 / 3-degree Gauss-Kruger CM 120E
_EUROPE = CRS.from_epsg(25833)  # ETRS89 / UTM zone 33N
_ORIGIN = {"EPSG:4549": (520_000.0, 3_350_000.0), "EPSG:25833": (385_000.0, 5_935_000.0)}
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


@pytest.fixture(scope="session")
def content() -> Content:
    """The run in Chinese, internal, in CGCS2000."""
    return make_content(language="zh", crs=_CHINA)


@pytest.fixture(scope="session")
def content_en() -> Content:
    """The same run in English, somewhere in Europe."""
    return make_content(language="en", crs=_EUROPE)


@pytest.fixture(scope="session")
def content_public() -> Content:
    """The Chinese run as a public edition."""
    return make_content(language="zh", crs=_CHINA, release="public")


@pytest.fixture(scope="session")
def content_empty() -> Content:
    """A run in which every table and layer is empty."""
    full = make_content(language="zh", crs=_CHINA)
    return without_rows(full)


def without_rows(full: Content) -> Content:
    """Give the same run back with zero rows everywhere."""
    return dataclasses.replace(
        full, **{name: getattr(full, name).iloc[:0] for name in (*TABLES, *LAYERS)}
    )


def make_content(*, language: str, crs: CRS, release: str = "internal") -> Content:
    origin = np.array(_ORIGIN[crs.to_string()])
    lonlat = Transformer.from_crs(crs, 4326, always_xy=True)
    standard = load_standard("basic")
    requirements = [r for r in standard.requirements if r.minutes is not None]
    facilities = _facilities(origin, crs)
    homes = _homes(origin, crs, facilities, requirements)
    communities = _communities(origin, crs, homes)
    scores = _scores(communities, homes, facilities, requirements)
    services = _services(scores, requirements)
    gaps = _gaps(scores, communities, homes, facilities, requirements, lonlat)
    index = _index(services, scores, gaps)
    parcels = _parcels(origin, crs)
    sites = _sites(parcels, lonlat)
    projects, programme = _projects(gaps, sites, language)
    return Content(
        title="测试镇 <15分钟> & 生活圈" if language == "zh" else "Test town <15 min> & circle",
        language=language,
        release=release,
        crs=crs,
        area=_box(origin, 0, 1000, 2000, 3000),
        standard=standard,
        scores=scores,
        services=services,
        index=index,
        gaps=gaps,
        sites=sites,
        projects=projects,
        programme=programme,
        communities=communities,
        homes=homes,
        facilities=facilities,
        entrances=_entrances(facilities, crs),
        streets=_streets(origin, crs),
        isochrones=_isochrones(facilities, requirements, crs),
        parcels=parcels,
        backdrop=_backdrop(origin, crs),
        buildings=gpd.GeoDataFrame(
            geometry=homes.geometry.buffer(15, cap_style="square").to_list(), crs=crs
        ),
        sources=(
            Source(
                name="town.osm.pbf",
                licence=OSM_CREDIT,
                date="2026-03-01",
                sha256="0" * 64,
                rows_in=120,
                rows_used=118,
                rows_doubtful=1,
                rows_refused=1,
            ),
            Source(name="人口.xlsx", licence="内部资料", date="2025-12-31", sha256="1" * 64),
        ),
        warnings=("2 homes, 8 people, stand far from any street",),
        notes={"date": "2026-03-15", "people": "3508"},
    )


def _box(origin, west, south, east, north) -> shapely.Polygon:
    return shapely.box(origin[0] + west, origin[1] + south, origin[0] + east, origin[1] + north)


def _communities(origin, crs, homes) -> gpd.GeoDataFrame:
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
            "geometry": _box(origin, x, y, x + 1000, y + 1000),
        }
        for key, name, x, y in _COMMUNITIES
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def _facilities(origin, crs) -> gpd.GeoDataFrame:
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


def _entrances(facilities, crs) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"facility_id": facilities["facility_id"], "origin": "point"},
        geometry=facilities.geometry.centroid,
        crs=crs,
    )


def _homes(origin, crs, facilities, requirements) -> gpd.GeoDataFrame:
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


def _covered(homes, requirement) -> np.ndarray:
    return (homes[f"{requirement.id}_s"] <= requirement.minutes * 60).to_numpy()


def _scores(communities, homes, facilities, requirements) -> pd.DataFrame:
    areas = [("community", r.community_id, r.name) for r in communities.itertuples()]
    areas.append(("study", "study", "测试镇"))
    rows = []
    for level, key, name in areas:
        inside = (
            np.ones(len(homes), bool)
            if level == "study"
            else (homes["community_id"] == key).to_numpy()
        )
        people = homes["people"].to_numpy() * inside
        for requirement in requirements:
            covered = float(people[_covered(homes, requirement)].sum())
            share = covered / people.sum() if people.sum() else math.nan
            met = "met" if share >= requirement.target_share else "short"
            times = homes.loc[inside, f"{requirement.id}_s"].sort_values()
            rows.append(
                {
                    "level": level,
                    "area_id": key,
                    "area_name": name,
                    "service": requirement.service,
                    "requirement": requirement.id,
                    "minutes": requirement.minutes,
                    "limit_m": math.nan,
                    "profile": requirement.profile,
                    "group": requirement.group,
                    "obligation": requirement.obligation,
                    "people": float(people.sum()),
                    "covered": covered,
                    "share": share,
                    "target_share": requirement.target_share,
                    "verdict": "empty" if math.isnan(share) else met,
                    "median_s": times.median() if len(times) else math.nan,
                    "facilities": int((facilities["service"] == requirement.service).sum()),
                    "supply": math.nan,
                    "robust": "robust" if math.isnan(share) or share in (0, 1) else "marginal",
                }
            )
    return pd.DataFrame(rows, columns=list(tables.SCORES))


def _services(scores, requirements) -> pd.DataFrame:
    circle = {requirement.id: requirement.circle for requirement in requirements}
    rows = [
        {
            "level": row.level,
            "area_id": row.area_id,
            "area_name": row.area_name,
            "service": row.service,
            "minutes": circle[row.requirement],
            "coverage": row.share,
            "adequacy": math.nan,
            "count_rule": math.nan,
            "score": 100 * row.share,
            "weak": bool(100 * row.share < 60),
        }
        for row in scores.itertuples()
    ]
    return pd.DataFrame(rows, columns=list(tables.SERVICES))


def _index(services, scores, gaps) -> pd.DataFrame:
    rows = []
    for (level, key, name, minutes), group in services.groupby(
        ["level", "area_id", "area_name", "minutes"], sort=False
    ):
        value = group["score"].mean()
        bounds = (("excellent", 90), ("good", 80), ("fair", 70), ("low", 60), ("poor", 0))
        grade = next((code for code, least in bounds if value >= least), None)
        mine = (scores["level"] == level) & (scores["area_id"] == key)
        here = gaps if level == "study" else gaps[gaps["community_id"] == key]
        rows.append(
            {
                "level": level,
                "area_id": key,
                "area_name": name,
                "people": float(scores.loc[mine, "people"].iloc[0]),
                "minutes": minutes,
                "index": value,
                "grade": grade,
                "weakest_service": (
                    None
                    if math.isnan(value)
                    else group.sort_values(["score", "service"])["service"].iloc[0]
                ),
                "gaps": int((here["minutes"] == minutes).sum()),
            }
        )
    return pd.DataFrame(rows, columns=list(tables.INDEX))


def _gaps(scores, communities, homes, facilities, requirements, lonlat) -> pd.DataFrame:
    known = {requirement.id: requirement for requirement in requirements}
    outlines = communities.set_index("community_id")
    short = scores[(scores["level"] == "community") & (scores["verdict"] == "short")]
    rows = []
    for row in short[short["people"] >= 100].itertuples():
        requirement = known[row.requirement]
        centre = outlines.geometry[row.area_id].centroid
        lon, lat = lonlat.transform(centre.x, centre.y)
        mine = (homes["community_id"] == row.area_id).to_numpy()
        nearest = homes.loc[mine].sort_values([f"{requirement.id}_s", "home_id"]).iloc[0]
        missing = row.people - row.covered
        reason = "too_far" if row.minutes == 5 else "barrier"
        rows.append(
            {
                "gap_id": f"g{len(rows) + 1:03d}",
                "community_id": row.area_id,
                "community": row.area_name,
                "subdistrict": outlines["subdistrict"][row.area_id],
                "unit_id": "u1",
                "service": row.service,
                "requirement": row.requirement,
                "obligation": row.obligation,
                "minutes": row.minutes,
                "limit_m": math.nan,
                "group": row.group,
                "kind": "access",
                "reason": reason,
                "reasons": f"{reason}:{missing:.0f}",
                "people": row.people,
                "people_short": missing,
                "missing_m": 120.0,
                "nearest_s": nearest[f"{requirement.id}_s"],
                "nearest_facility_id": nearest[f"{requirement.id}_facility_id"],
                "existing": "1",
                "required": f"{row.minutes:.0f} min",
                "remedy": "new",
                "site_id": "s1" if row.service == "medical" else None,
                "project_id": "P001" if row.service == "medical" else None,
                "priority": float(len(rows) + 1),
                "year": 1.0 if row.service == "medical" else math.nan,
                "clause": "basic",
                "confidence": 0.85,
                "robust": row.robust,
                "lon": round(lon, 6),
                "lat": round(lat, 6),
            }
        )
    return pd.DataFrame(rows, columns=list(tables.GAPS))


def _parcels(origin, crs) -> gpd.GeoDataFrame:
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
        },
        geometry=[row[4] for row in rows],
        crs=crs,
    )
    frame["geometry"] = frame.geometry.translate(*origin)
    return frame


def _sites(parcels, lonlat) -> pd.DataFrame:
    rows = []
    plans = (("l1", "medical", "medical.station", 1, 840.0), ("l2", "culture;fitness", "", 2, 6.0))
    for number, (parcel_id, services, types, year, people) in enumerate(plans, start=1):
        parcel = parcels.set_index("parcel_id").loc[parcel_id]
        centre = parcel.geometry.centroid
        lon, lat = lonlat.transform(centre.x, centre.y)
        rows.append(
            {
                "site_id": f"s{number}",
                "parcel_id": parcel_id,
                "kind": parcel["kind"],
                "services": services,
                "types": types or "culture.station;fitness.outdoor",
                "year": year,
                "x": centre.x,
                "y": centre.y,
                "lon": round(lon, 6),
                "lat": round(lat, 6),
                "area_m2": parcel["area_m2"],
                "floor_m2": parcel["floor_m2"],
                "newly_covered": people,
                "conforms": parcel["conforms"],
                "project_id": f"P{number:03d}",
                "score": 90.0 - number,
            }
        )
    return pd.DataFrame(rows, columns=list(tables.SITES))


def _projects(gaps, sites, language) -> tuple[pd.DataFrame, pd.DataFrame]:
    body = "卫生健康局" if language == "zh" else "health office"
    projects, programme = [], []
    for site in sites.itertuples():
        closed = gaps[gaps["site_id"] == site.site_id]
        projects.append(
            {
                "project_id": site.project_id,
                "name": f"项目 {site.project_id}",
                "mode": "new" if site.kind == "vacant" else "lease",
                "services": site.services,
                "types": site.types,
                "communities": HOSTILE_COMMUNITY,
                "gap_ids": ";".join(closed["gap_id"]),
                "site_id": site.site_id,
                "lead_body": body,
                "cooperating_body": None,
                "year": site.year,
                "people_served": site.newly_covered,
                "area_m2": site.area_m2,
                "floor_m2": site.floor_m2,
                "status": "proposed",
            }
        )
        programme.append(
            {
                "year": site.year,
                "project_id": site.project_id,
                "name": f"项目 {site.project_id}",
                "community_id": "c2",
                "community": HOSTILE_COMMUNITY,
                "subdistrict": "东街道",
                "services": site.services,
                "types": site.types,
                "mode": "new" if site.kind == "vacant" else "lease",
                "lead_body": body,
                "cooperating_body": None,
                "people_served": site.newly_covered,
                "status": "proposed",
            }
        )
    return (
        pd.DataFrame(projects, columns=list(tables.PROJECTS)),
        pd.DataFrame(programme, columns=list(tables.PROGRAMME)),
    )


def _streets(origin, crs) -> gpd.GeoDataFrame:
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


def _isochrones(facilities, requirements, crs) -> gpd.GeoDataFrame:
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


def _backdrop(origin, crs) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {"kind": ["built", "green", "water", "rail"]},
        geometry=[
            shapely.box(0, 1000, 2000, 2000),
            shapely.box(1100, 2200, 1700, 2800),
            shapely.box(300, 2100, 900, 2300),
            shapely.LineString([(0, 2050), (2000, 2050)]),
        ],
        crs=crs,
    )
    frame["geometry"] = frame.geometry.translate(*origin)
    return frame
