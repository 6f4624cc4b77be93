"""
A town whose every door is set by hand, in metres from a corner, for the tests of looking up.

    2 km ┌──────────┬──────────┐
         │  北庄村  │ 新桥社区 │   港西浜 1-20 in the village; 人民路 5 in 新桥社区 (城北街道)
    1 km ├──────────┼──────────┤
         │ 河东社区 │ 河西社区 │   文澜街 1-80 along y = 500, 水岸家园 with four buildings;
       0 └──────────┴──────────┘   人民路 5 in 河西社区 too; all but 新桥社区 belong to 城南镇
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from lifecircle import geo
from lifecircle.sources.geocoding.gazetteer import build_gazetteer

CRS = geo.metric_crs(121.1, 30.46)
CORNER = geo.project(np.array([[121.1, 30.46]]), CRS)[0]


def lonlat(*xy):
    """Metres from the corner as longitude and latitude."""
    return geo.unproject(np.asarray(xy, dtype=float).reshape(-1, 2) + CORNER, CRS)


def metres(frame):
    """Points as metres from the corner."""
    return geo.project(shapely.get_coordinates(frame.geometry.to_numpy()), CRS) - CORNER


def shapes(*of):
    """Shapes in metres from the corner as shapes in WGS 84."""
    return shapely.transform(np.array(of, dtype=object), lambda xy: lonlat(*xy))


def frame(rows, places):
    return gpd.GeoDataFrame(rows, geometry=shapely.points(lonlat(*places)), crs=geo.WGS84)


def doors():
    """Standard addresses, one of them an old one."""
    rows, places = [], []

    def add(place, street, number, area, *, estate=None, building=None, kind="address"):
        subdistrict, community = area
        text = f"临江区{subdistrict}{community if community.endswith('村') else ''}{street}{number}"
        rows.append(
            {
                "address": f"{text}{estate or ''}{building or ''}",
                "street": street,
                "number": number,
                "estate": estate,
                "building": building,
                "community": community,
                "subdistrict": subdistrict,
                "kind": kind,
                "source": "doors.shp",
            }
        )
        places.append(place)

    east, west = ("城南镇", "河东社区"), ("城南镇", "河西社区")
    for number in (*range(1, 31), *range(51, 81)):
        add((10 * number, 510 if number % 2 else 490), "文澜街", f"{number}号", east)
    add((50, 900), "文澜街", "99号", east, kind="old_address")
    for building in range(1, 5):
        place = (620 + 60 * (building % 2), 620 + 60 * (building > 2))
        add(place, "花园路", "8号", east, estate="水岸家园", building=f"{building}幢")
    add((1500, 500), "人民路", "5号", west)
    add((1500, 1500), "人民路", "5号", ("城北街道", "新桥社区"))
    for number in range(1, 21):
        add((100 + 5 * number, 1500), "港西浜", f"{number}弄", ("城南镇", "北庄村"))
    return gpd.GeoDataFrame(rows, geometry=shapely.points(lonlat(*places)), crs=geo.WGS84)


def known_places():
    """Places of some other list; the gates' sides are named wrongly, as such lists do."""
    names = {
        "河东社区卫生服务站": (300, 520),
        "河东社区卫生服务站（第二分点）": (800, 200),
        "水岸家园(西门)": (700, 650),
        "水岸家园(东门)": (600, 650),
        "棋牌室": (1800, 100),
        "河西文化家园": (1200, 300),
    }
    return frame(
        {"name": list(names), "kind": "place", "source": "poi.csv", "address": None},
        list(names.values()),
    )


def communities():
    box = shapely.box
    return gpd.GeoDataFrame(
        {
            "name": ["河东社区居民委员会", "河西社区", "北庄村", "新桥社区"],
            "subdistrict": ["城南镇", "城南镇", "城南镇", "城北街道"],
            "county": "临江区",
        },
        geometry=shapes(
            box(0, 0, 1000, 1000),
            box(1000, 0, 2000, 1000),
            box(0, 1000, 1000, 2000),
            box(1000, 1000, 2000, 2000),
        ),
        crs=geo.WGS84,
    )


def estates():
    return gpd.GeoDataFrame(
        {"name": ["水岸家园", "大湾新村"]},
        geometry=shapes(shapely.box(600, 600, 700, 700), shapely.box(1000, 0, 2000, 250)),
        crs=geo.WGS84,
    )


def streets():
    line = shapely.LineString
    return gpd.GeoDataFrame(
        {"name": ["文澜街", "桂花巷", "长堤路"]},
        geometry=shapes(
            line([(0, 500), (1000, 500)]),
            line([(400, 400), (400, 600)]),
            line([(0, 950), (2000, 950)]),
        ),
        crs=geo.WGS84,
    )


def gazetteer():
    return build_gazetteer(
        [doors(), known_places()], communities=communities(), estates=estates(), streets=streets()
    )
