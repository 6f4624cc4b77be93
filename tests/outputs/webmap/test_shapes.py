from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.outputs.webmap import shapes


def unsteps(steps, scale):
    return np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / scale


def test_a_ring_comes_back_where_it_was():
    square = shapely.box(13.2, 53.5, 13.3, 53.6)
    (steps,) = shapes.rings(np.array([square]), shapes.FINE)
    assert all(isinstance(step, int) for step in steps)
    corners = unsteps(steps, shapes.FINE)
    assert len(corners) == 4
    assert shapely.Polygon(corners).equals(square)


@pytest.mark.parametrize("turned", [False, True])
def test_outer_rings_turn_left_and_holes_right(turned):
    outer = [(0, 0), (3, 0), (3, 3), (0, 3)]
    hole = [(1, 1), (2, 1), (2, 2), (1, 2)]
    shape = shapely.Polygon(outer[::-1] if turned else outer, [hole])
    rings = shapes.rings(np.array([shape, shapely.box(5, 5, 6, 6)]), shapes.COARSE)
    ccw = [shapely.is_ccw(shapely.LinearRing(unsteps(ring, shapes.COARSE))) for ring in rings]
    assert ccw == [True, False, True]


def test_multipolygons_and_collections_are_taken_apart_and_points_left_out():
    mixed = shapely.GeometryCollection(
        [
            shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 2, 3, 3)]),
            shapely.Point(9, 9),
        ]
    )
    assert len(shapes.rings(np.array([mixed]), shapes.COARSE)) == 2
    assert shapes.rings(np.array([shapely.Point(1, 1)]), shapes.COARSE) == []
    assert shapes.rings(np.array([], dtype=object), shapes.COARSE) == []


def test_lines_of_all_kinds():
    drawn = np.array(
        [
            shapely.LineString([(0, 0), (0, 1)]),
            shapely.MultiLineString([[(1, 1), (2, 2)], [(3, 3), (4, 4), (5, 5)]]),
        ]
    )
    packed = shapes.lines(drawn, shapes.COARSE)
    assert [len(steps) // 2 for steps in packed] == [2, 2, 3]
    assert unsteps(packed[2], shapes.COARSE).tolist() == [[3, 3], [4, 4], [5, 5]]


def test_base_map_holds_each_street_in_its_class(content):
    base = shapes.base_map(content)
    assert {kind for kind in base["streets"] if base["streets"][kind]} == {
        "major",
        "minor",
        "path",
    }
    length_deg = {
        kind: sum(
            np.hypot(*np.diff(unsteps(line, shapes.COARSE), axis=0).T).sum() for line in lines
        )
        for kind, lines in base["streets"].items()
    }
    kind = content.streets["highway"].replace({"primary": "major", "footway": "path"})
    metres = content.streets["length_m"].groupby(kind.replace("residential", "minor")).sum()
    share = {name: length_deg[name] / sum(length_deg.values()) for name in metres.index}
    for name in metres.index:
        assert share[name] == pytest.approx(metres[name] / metres.sum(), abs=0.02)


def test_base_map_keeps_every_building_and_area(content):
    base = shapes.base_map(content)
    assert sum(len(block) for block in base["buildings"]) == len(content.buildings)
    assert [len(base["ground"][kind]) for kind in ("built", "green", "water")] == [1, 1, 1]
    assert len(base["rail"]) == 1
    assert len(base["rivers"]) == 1


def test_base_map_does_not_depend_on_the_order_of_rows(content):
    turned = dataclasses.replace(
        content, buildings=content.buildings.iloc[::-1], streets=content.streets.iloc[::-1]
    )
    assert shapes.base_map(turned)["buildings"] == shapes.base_map(content)["buildings"]


def test_an_empty_base_map_has_all_its_keys(content, content_empty):
    full, empty = shapes.base_map(content), shapes.base_map(content_empty)
    assert full.keys() == empty.keys()
    assert empty["streets"].keys() == full["streets"].keys()
    assert not any(empty["streets"].values())
    assert empty["buildings"] == []


def test_points_lie_inside_their_shapes(content):
    frame = content.facilities.to_crs(4326)
    for (lat, lon), shape in zip(shapes.points(content.facilities), frame.geometry, strict=True):
        assert shape.distance(shapely.Point(lon, lat)) < 2e-6


def test_dots_come_back_within_a_metre(content):
    spots = unsteps(shapes.dots(content.homes), shapes.COARSE)
    true = shapely.get_coordinates(content.homes.to_crs(4326).geometry.array)
    assert np.abs(spots - true).max() <= 0.5 / shapes.COARSE + 1e-12
    assert shapes.dots(gpd.GeoDataFrame(geometry=[], crs=content.crs)) == []


def test_layers_are_not_changed(content):
    before = {
        name: getattr(content, name).copy() for name in ("streets", "buildings", "communities")
    }
    shapes.base_map(content)
    shapes.polygons(content.communities, tolerance_m=1.0)
    for name, frame in before.items():
        assert frame.equals(getattr(content, name))
