"""
A hand-made town becomes a `Survey` whose every answer is worked out below, by hand.

All lengths are whole metres on the grid of EPSG:4550 (central meridian 123° E, in the open sea, so
that the scale is 1 and the ellipsoid agrees within a millimetre); x and y are metres from the
south-west street corner. With the profile ``gb`` (1,000 m in 900 s) a metre costs 0.9 s.

The town (``+`` corner, ``o`` gate, ``:.`` wall, ``#`` stairs, ``>`` one-way foot passage, ``H``
bridge, ``~`` river bank; east of x = 1,000 not to scale)::

                                   M1              06
   500  +-------+-------+-------+-------+-------+-------+-------+-------+
        |       |       |       |       |       |       #       |  F3   |
        |       |       |       |       |       |       #       |       |
        |       |  E2   |       |  07   |       |       #       |  05   |
   400  +-------+---+---+-------+-------+-------+-------+-------+-------+
        |       |:..o..:|       |       |:.............:|       |       |
        |       |:  |  :|       |       |: E1     03 04:|       |       |
        |       |:02|  :|       |       +o-------------:|       |       |
        |       |:  |  :|       |       |:        F2   :|       |       |
        |       |:..o..:|       |       |:.............:| K1    |       |
   300  +-------+---+---+-------+-------+-------+-------+-------+-------+
                   01   H
        ~~~~~~~~~~~~~~~~H~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                        H
        ~~~~~~~~~~~~~~~~H~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                        H                                  08      09                         17
   200  +-------+-------+-------+-------+-------+-------+-------+-------+                    +---+
        |       |       |       |  K2   |       |       |       |       |
        |       |       |       |       |       |       |  12   |       |
        |       |       |       |       |       |     13+-------M2      |
        |       |       |  15   |       |  14   |       |       |       |  M3      16
   100  +-------+-------+-------+>>>>>>>+-------+---+---+-------+-------+-------+-------+
        |   o   |       |       |       |       |:..o..:|       |       |
        |  F1  o|       |       |       |       +o 1011:|       |       |
        |       |       |       |       |       |:.....:|       |       |
     0  +-------+-------+-------+-------+-------+-------+-------+-------+
                                   E3
                                                                                             18
         0     100     200     300     400     500     600     700     800     900    1000

The streets are a grid of 8 x 5 blocks of 100 m. Between y = 200 and 300 flows the river; the
bridge at x = 200 is the only way over it. The street x = 500 is missing between y = 300 and 400,
where estate A fills two blocks. A home or facility beside a street stands 10 m off it, opposite
the middle of a block's edge or opposite a junction, so that one point of the streets is clearly
its best pin; homes h12 and h13 stand 5 m off.

Estates: A is closed, with one gate (410, 350) and the inside path (410, 350)-(500, 350)-(580, 350).
B is closed, with gates (510, 50) and (550, 90) and no inside paths: straight legs times 1.3. C is
closed, with gates (150, 310) and (150, 390) and a path between them that leads nobody through.
D (home h12; 610-690 x 110-190) is open: everybody may take its path y = 150.

Facilities: M1 health centre, M2 health station, M3 hospital (planned: does not count yet); K1
culture centre with its door on the street at (640, 300), K2 library (closed: does not count); F1
sports ground with gates (50, 90) and (90, 50), F2 gym inside A for residents only, F3 outdoor
gym; E1 day-care inside A open to anyone, E2 canteen, E3 nursing home.

Walking times to the nearest facility [s] under ``gb``; ``-`` is never::

  home  community  people  medical     culture     fitness     elder_care
  h01   c1            120  378.0 M1    450.0 K1    378.0 F1    198.0 E2
  h02   c1             80  333.0 M1    495.0 K1    423.0 F1     63.0 E2
  h03   c1            240  324.0 M1    396.0 K1     18.0 F2     94.5 E1
  h04   c1            200  351.0 M1    423.0 K1     45.0 F2    121.5 E1
  h05   c1            160  468.0 M1    198.0 K1    198.0 F3    427.5 E1
  h06   c1            144  198.0 M1    270.0 K1    198.0 F3    337.5 E1
  h07   c1             96  198.0 M1    360.0 K1    468.0 F3    157.5 E1
  h08   c2            128  108.0 M2    900.0 K1    648.0 F1    468.0 E3
  h09   c2            112  108.0 M2    990.0 K1    738.0 F1    558.0 E3
  h10   c2            176  244.8 M2    946.8 K1    514.8 F1    244.8 E3
  h11   c2             88  256.5 M2    958.5 K1    549.9 F1    279.9 E3
  h12   c2             72   58.5 M2    940.5 K1    688.5 F1    418.5 E3
  h13   c2             48  103.5 M2    895.5 K1    643.5 F1    373.5 E3
  h14   c2            104  288.0 M2    810.0 K1    468.0 F1    198.0 E3
  h15   c2            136  468.0 M2    630.0 K1    198.0 F1    198.0 E3
  h16   c3            160  288.0 M2   1260.0 K1    918.0 F1    648.0 E3
  h17   c3             16    -           -           -           -
  h18   c3              8    -           -           -           -

Why, in metres (legs first and last):

- h01, closed estate C between it and the canteen: around it 10 + 50 + 100 + 50 + 10 = 220, 198 s;
  its path would have made 120. To K1 10 + 490 = 500. To F1 over the bridge 10 + 50 + 100 + 200 +
  50 + 10 = 420.
- h02 lives in C and leaves by either gate: to E2 10 + 40 + 10 + 10 = 70, to K1 by the south gate
  10 + 50 + 490 = 550, to M1 by the north gate 10 + 50 + 300 + 10 = 370.
- h03 is 117 m from K1's door as the crow flies, but A has one gate, in the west: 10 + 40 + 90 + 10
  to the street, then 50 + 240 = 440, 396 s: covered in 15 minutes, not in 5. Street y = 400 is 40 m
  away behind the wall and no pin. The gym on the same path: 10 + 0 + 10 = 20.
- h06 takes the stairs to K1: 10 + 50 + 100 + 100 + 40 = 300, 270 s; without them 400. At half speed
  on stairs the profile ``elder`` needs 500 s either way.
- h07 would have 260 to the gym in A, which is for residents only: F3 is 10 + 50 + 350 + 100 + 10 =
  520 away. The day-care in A takes visitors: 10 + 50 + 50 + 10 + 45 + 10 = 175.
- h08 looks across the river at K1's door, some 90 m away, and walks 10 + 450 + 100 + 440 = 1,000:
  900.0 s, on the limit, which is inclusive: covered. h09 needs 1,100: not covered, for the river.
- h10 in B is 40 from either gate, so 40 x 1.3 + 10 = 62 from the street: M2 62 + 200 + 10 = 272.
- h11 is 50 from the north gate (65) and 70 from the west gate (91): M2 by the north gate 65 + 10 +
  200 + 10 = 285; F1 by the west gate 91 + 10 + 50 + 400 + 50 + 10 = 611.
- h13 walks through the open estate D: 5 + 100 + 10 = 115 to M2.
- h14 may not go west through the passage: to F1 10 + 50 + 100 + 300 + 50 + 10 = 520 instead of 420.
  h15 goes east through it: to M2 10 + 450 + 50 + 10 = 520 instead of 620.
- h16: M3 at 120 is only planned: 10 + 250 + 50 + 10 = 320 to M2. F1 is 1,020 away because of the
  one-way passage (918 s, not covered; were it open both ways, 920 and 828 s).
- h17 stands on an island of streets, h18 is 212 m from the nearest street: never, not covered.

People covered (of 2,088; of them 595 are 60 or older and 62 younger than 3)::

  community  people  medical_5  _15  culture_5  _15  fitness_5  _15  elder_care_5  _15
  c1           1040        240 1040        304 1040        744 1040           736 1040
  c2            864        728  864          0  416        136  864           504  864
  c3            184        160  160          0    0          0    0             0  160
  c4              0          0    0          0    0          0    0             0    0

c4 is a wharf without people, so its shares are missing, not zero.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import tables
from lifecircle.geo import WGS84, unproject
from lifecircle.provenance import Source
from lifecircle.sources import toytown_drawing as drawing
from lifecircle.sources.toytown_drawing import read_drawing

TOYTOWN_CRS = CRS.from_epsg(4550)
"""Metric system the town is drawn in."""

TOYTOWN_ORIGIN = (500_000.0, 3_365_000.0)
"""Easting and northing of the corner (0, 0) in `TOYTOWN_CRS` [m]."""

_ENDS = ["x1", "y1", "x2", "y2"]


def toytown() -> tables.Survey:
    """
    Build the toy town.

    Returns
    -------
    survey
        Every table filled, WGS 84, checked against its schema; `homes` without ``status`` and
        ``community_id``, as planners bring them. Built anew at each call.

    Examples
    --------
    >>> from lifecircle.sources.toytown import toytown
    >>> town = toytown()
    >>> int(town.homes["people"].sum()), len(town.facilities), len(town.streets)
    (2088, 11, 35)
    """
    return tables.Survey(
        streets=_streets(),
        pois=_pois(),
        buildings=_buildings(),
        ground=_table(tables.GROUND, read_drawing(drawing.GROUND)),
        barriers=_barriers(),
        gates=_table(tables.GATES, read_drawing(drawing.GATES)),
        doors=_table(tables.DOORS, read_drawing(drawing.DOORS)),
        named_places=_table(tables.NAMED_PLACES, read_drawing(drawing.NAMED_PLACES)),
        admin_areas=_table(tables.ADMIN_AREAS, read_drawing(drawing.ADMIN_AREAS)),
        extent=_rectangle(margin_m=drawing.MARGIN_M),
        communities=_table(tables.COMMUNITIES, read_drawing(drawing.COMMUNITIES)),
        estates=_table(tables.ESTATES, read_drawing(drawing.ESTATES)),
        homes=_homes(),
        facilities=_facilities(),
        facility_entrances=_table(tables.FACILITY_ENTRANCES, read_drawing(drawing.ENTRANCES)),
        parcels=_parcels(),
        sources=(Source(name="toytown", licence="MIT"),),
    )


def toytown_area() -> shapely.Polygon:
    """
    Outline of the toy town's study area.

    Returns
    -------
    area
        A rectangle of 1,300 x 650 m, WGS 84: the union of the four communities.
    """
    return _rectangle(margin_m=0)


def _rectangle(*, margin_m: float) -> shapely.Polygon:
    west, south, east, north = drawing.AREA
    corners = shapely.box(west - margin_m, south - margin_m, east + margin_m, north + margin_m)
    return shapely.Polygon(_lonlat(shapely.get_coordinates(corners)))


def _lonlat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return unproject(xy + np.array(TOYTOWN_ORIGIN), TOYTOWN_CRS)


def _table(
    schema: tables.Schema, rows: pd.DataFrame, shapes: NDArray[np.object_] | None = None
) -> gpd.GeoDataFrame:
    if shapes is None:
        shapes = _points(rows) if "x" in rows else _boxes(rows)
    columns = rows.drop(columns=["x", "y", *_ENDS], errors="ignore")
    frame = gpd.GeoDataFrame(columns, geometry=shapely.transform(shapes, _lonlat), crs=WGS84)
    return tables.check(frame, schema, where="toytown")


def _points(rows: pd.DataFrame) -> NDArray[np.object_]:
    return np.asarray(shapely.points(rows[["x", "y"]].to_numpy(float)))


def _boxes(rows: pd.DataFrame) -> NDArray[np.object_]:
    return np.asarray(shapely.box(*rows[_ENDS].to_numpy(float).T))


def _streets() -> tables.StreetWays:
    gates = read_drawing(drawing.GATES)
    gates = gates.loc[gates["estate_id"].notna(), ["x", "y"]].to_numpy(float)
    corners = [(100.0 * c, 100.0 * r) for r in range(6) for c in range(9)]
    junctions = read_drawing(drawing.JUNCTIONS).to_numpy(float)
    # sorted by place, so that a node's number does not hang on the order of the tables
    xy = np.unique(np.vstack([corners, junctions, gates]), axis=0)
    ways = read_drawing(drawing.WAYS)
    runs = [_nodes_between(xy, ends[:2], ends[2:]) for ends in ways[_ENDS].to_numpy(float)]
    is_gate = (xy[:, None, :] == gates[None, :, :]).all(axis=2).any(axis=1)
    return tables.StreetWays(
        lonlat=_lonlat(xy),
        node_id=np.arange(1, len(xy) + 1, dtype=np.int64),
        node_kind=np.where(is_gate, tables.NODE_KINDS.index("gate"), 0).astype(np.uint8),
        way_ptr=np.cumsum([0, *map(len, runs)], dtype=np.int64),
        way_node=np.concatenate(runs).astype(np.int32),
        ways=_ways(ways),
    )


def _nodes_between(
    xy: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.int64]:
    # every way runs due north, south, east or west: a box around its ends holds it alone
    inside = (xy >= np.minimum(start, end)) & (xy <= np.maximum(start, end))
    nodes = np.flatnonzero(inside.all(axis=1))
    return nodes[np.argsort(np.abs(xy[nodes] - start).sum(axis=1))]


def _ways(drawn: pd.DataFrame) -> pd.DataFrame:
    ways = drawn[["way_id", "highway"]].astype(object)
    ways["name"] = drawn["name"].astype(object).where(drawn["name"].notna(), None)
    on_foot_only = drawn["highway"].isin(["footway", "steps"])
    flags = {
        "foot_forward": True,
        "foot_backward": ~drawn["one_way"],
        "bike_forward": ~on_foot_only,
        "bike_backward": ~on_foot_only,
        "car_forward": ~on_foot_only,
        "car_backward": ~on_foot_only,
        "steps": drawn["highway"] == "steps",
        "bridge": drawn["bridge"],
    }
    for flag in tables.STREET_FLAGS:
        ways[flag] = flags.get(flag, False)
    ways["layer"] = drawn["bridge"].astype(int)
    for text in tables.STREET_TEXTS:
        if text not in ways:
            ways[text] = pd.Series([None] * len(ways), dtype=object)
    ways["maxspeed_kmh"] = np.nan
    return ways


def _pois() -> gpd.GeoDataFrame:
    rows = read_drawing(drawing.POIS)
    rows["tags"] = [dict([tag.split("=")]) for tag in rows.pop("tag")]
    rows["source"] = "toytown"
    return _table(tables.PLACES_OF_INTEREST, rows)


def _buildings() -> gpd.GeoDataFrame:
    homes = read_drawing(drawing.HOMES)
    homes = homes.assign(owner=homes["home_id"], levels=homes["people"] * 20 / 160, name=None)
    others = read_drawing(drawing.FACILITIES).dropna(subset="use")
    others = others.assign(owner=others["facility_id"], levels=2.0, people=np.nan)
    columns = ["owner", "use", "name", "levels", "people", "x", "y"]
    rows = pd.concat([homes[columns].astype(object), others[columns].astype(object)])
    x, y = rows.pop("x").to_numpy(float), rows.pop("y").to_numpy(float)
    upright = rows["owner"].isin(drawing.UPRIGHT).to_numpy()
    half_x, half_y = np.where(upright, 4, 10), np.where(upright, 10, 4)
    rows.insert(0, "building_id", "b_" + rows.pop("owner"))
    return _table(
        tables.BUILDINGS, rows, shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)
    )


def _barriers() -> gpd.GeoDataFrame:
    estates = read_drawing(drawing.ESTATES).query("closed")
    banks = read_drawing(drawing.BANKS)
    walls = pd.DataFrame(
        {
            "barrier_id": "wall_" + estates["estate_id"],
            "kind": "wall",
            "name": estates["name"] + "围墙",
        }
    )
    rings = shapely.linestrings([shapely.get_coordinates(box) for box in _boxes(estates)])
    lines = shapely.linestrings(banks[_ENDS].to_numpy(float).reshape(-1, 2, 2))
    rows = pd.concat([walls, banks.drop(columns=_ENDS)])
    return _table(tables.BARRIERS, rows, np.concatenate([rings, lines]))


def _homes() -> gpd.GeoDataFrame:
    not_yet = ("status", "community_id")
    schema = tables.Schema(
        name=tables.HOMES.name,
        columns={name: c for name, c in tables.HOMES.columns.items() if name not in not_yet},
        geometry=tables.HOMES.geometry,
    )
    groups = {"people_60plus": float, "people_0_3": float}
    rows = read_drawing(drawing.HOMES).drop(columns="use").astype(groups)
    return _table(schema, rows.assign(floor_m2=rows["people"] * 20.0, origin="people"))


def _facilities() -> gpd.GeoDataFrame:
    rows = read_drawing(drawing.FACILITIES).drop(columns="use")
    rows["service"] = rows["type"].str.split(".").str[0]
    rows = rows.assign(confidence=1.0, rule="drawn by hand", source="toytown")
    is_field = (rows["facility_id"] == "F1").to_numpy()
    shapes = np.where(is_field, shapely.box(*drawing.FIELD), _points(rows))
    return _table(tables.FACILITIES, rows, shapes)


def _parcels() -> gpd.GeoDataFrame:
    rows = read_drawing(drawing.PARCELS)
    boxes = _boxes(rows)
    is_room = (rows["kind"] == "stock_room").to_numpy()
    shapes = np.where(is_room, shapely.centroid(boxes), boxes)
    rows = rows.assign(origin="listed", evidence="drawn by hand", code_system="2023")
    return _table(tables.PARCELS, rows, shapes)
