"""A small made town in Zhejiang: streets in a net, houses along them, four communities."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from lifecircle import geo
from lifecircle.sources.systems.clues import Ground

CRS_OF_TOWN = CRS.from_epsg(4549)
WEST, SOUTH, SIDE = 604_000.0, 3_371_000.0, 2400.0
COMMUNITIES = ("城东社区", "城西社区", "南门社区居民委员会", "北山村")


def houses(seed=1):
    """Two hundred houses of uneven size at uneven places, 12 to 40 m wide."""
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, SIDE - 40, (200, 2)) + np.array([WEST, SOUTH])
    return shapely.box(*corner.T, *(corner + rng.uniform(12, 40, (200, 2))).T)


def streets(seed=2):
    """A net with uneven meshes; the streets are named 一路, 二路 and so on."""
    rng = np.random.default_rng(seed)
    lines = []
    for at in np.sort(rng.uniform(0, SIDE, 8)):
        lines.append(shapely.LineString([(WEST + at, SOUTH), (WEST + at + 30, SOUTH + SIDE)]))
        lines.append(shapely.LineString([(WEST, SOUTH + at), (WEST + SIDE, SOUTH + at + 50)]))
    return np.array(lines, dtype=object)


def quarters():
    half = SIDE / 2
    return np.array(
        [
            shapely.box(WEST + x, SOUTH + y, WEST + x + half, SOUTH + y + half)
            for x, y in ((half, half), (0, half), (0, 0), (half, 0))
        ],
        dtype=object,
    )


def ground(*, with_houses=True, with_streets=True, with_quarters=True, places=()):
    nothing = np.empty(0, dtype=object)
    lines = streets() if with_streets else nothing
    return Ground(
        buildings=houses() if with_houses else nothing,
        streets=lines,
        street_names=np.array(
            [f"{name}路" for name in "一二三四五六七八九十甲乙丙丁戊己"][: len(lines)], dtype=object
        ),
        areas=quarters() if with_quarters else nothing,
        area_names=np.array(COMMUNITIES if with_quarters else [], dtype=object),
        places_xy=np.array([xy for _, xy in places], dtype=float).reshape(-1, 2),
        place_names=np.array([name for name, _ in places], dtype=object),
    )


def inhabited(count=30, seed=3):
    """Points inside houses, WGS 84."""
    rng = np.random.default_rng(seed)
    some = shapely.centroid(rng.choice(houses(), count, replace=False))
    return geo.unproject(np.column_stack([shapely.get_x(some), shapely.get_y(some)]), CRS_OF_TOWN)


def names_of(lonlat):
    """Name places by the community they lie in."""
    xy = geo.project(lonlat, CRS_OF_TOWN)
    at = shapely.STRtree(quarters()).nearest(shapely.points(xy))
    short = ["城东社区", "城西社区", "南门社区", "北山村"]
    return [f"{short[one]}卫生服务站{number}" for number, one in enumerate(at)]


def shifted(lonlat, datum):
    """Bring WGS 84 into the datum."""
    if datum == "wgs84":
        return lonlat
    amap = geo.wgs84_to_gcj02(lonlat)
    return geo.gcj02_to_bd09(amap) if datum == "bd09" else amap


def tables():
    """Houses and communities as tables of a survey, WGS 84."""
    made = gpd.GeoDataFrame(
        {
            "building_id": [f"b{at}" for at in range(200)],
            "use": None,
            "name": None,
            "levels": np.nan,
            "flats": np.nan,
            "people": np.nan,
        },
        geometry=houses(),
        crs=CRS_OF_TOWN,
    ).to_crs(geo.WGS84)
    areas = gpd.GeoDataFrame({"name": list(COMMUNITIES)}, geometry=quarters(), crs=CRS_OF_TOWN)
    return made, areas.to_crs(geo.WGS84)
