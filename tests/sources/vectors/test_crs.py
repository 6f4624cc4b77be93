"""Reference systems: what is refused, and what a file and the planner agree on."""

from __future__ import annotations

import json
import shutil

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from lifecircle import geo
from lifecircle.errors import (
    CrsError,
    DoubtfulRowsWarning,
    LifecircleWarning,
)
from lifecircle.sources.vectors.layers import read_unplaced, read_vector
from tests.sources.vector_making import HANGZHOU, frame, real, save


def test_no_system_is_refused_and_a_declared_one_taken(tmp_path):
    path = save(frame([box(500000, 3360000, 501000, 3361000)], crs=None), tmp_path / "a.shp")
    with pytest.raises(CrsError, match=r"has no coordinate reference system — give crs"):
        read_vector(path)
    table, _ = read_vector(path, crs="EPSG:4549")
    assert table.crs.to_epsg() == 4549
    assert table.total_bounds.tolist() == [500000, 3360000, 501000, 3361000]


def test_contradicting_systems_are_refused_and_equal_ones_are_not(tmp_path):
    path = save(frame([box(500000, 3360000, 501000, 3361000)], crs=4549), tmp_path / "a.gpkg")
    with pytest.raises(CrsError, match=r"in EPSG:4549 .* not in EPSG:4528"):
        read_vector(path, crs="EPSG:4528")
    same, _ = read_vector(path, crs="EPSG:4549")
    assert same.crs.to_epsg() == 4549
    # CGCS2000 and WGS 84 in degrees differ by centimetres and count as one statement.
    degrees = save(frame([box(*HANGZHOU)], crs=4490), tmp_path / "b.gpkg")
    table, _ = read_vector(degrees, crs="EPSG:4326")
    assert table.crs.to_epsg() == 4490


@pytest.mark.parametrize("crs", ["EPSG:99999", "国家2000", ""])
def test_unknown_systems_are_refused(tmp_path, crs):
    path = save(frame([box(*HANGZHOU)], crs=None), tmp_path / "a.shp")
    with pytest.raises(CrsError, match="is not known"):
        read_vector(path, crs=crs)


METRES_40 = (40500000, 3360000, 40501000, 3361000)
METRES = (500000, 3360000, 501000, 3361000)


@pytest.mark.parametrize(
    ("crs", "bounds", "what"),
    [
        (4326, METRES, r"are metres .* no zone number"),
        (4326, METRES_40, r"are metres .* zone number 40: give crs = \"EPSG:4528\""),
        (4326, (30.2, 120.1, 30.3, 120.2), "longitude and latitude are swapped"),
        (4326, (36.0, 75.0, 37.0, 76.0), "longitude and latitude are swapped"),
        (4326, (181.0, 10.0, 182.0, 11.0), "no degrees on earth"),
        (4549, HANGZHOU, r"are degrees .* not metres as EPSG:4549"),
        (4549, METRES_40, r"do not lie where EPSG:4549 .* zone number 40"),
        (4528, METRES, r"do not lie where EPSG:4528 .* no zone number"),
        (4549, (3360000, 500000, 3361000, 501000), r"x and y are swapped"),
        (4528, (500000, 370000, 501000, 371000), r"a city's own system"),
    ],
)
def test_coordinates_that_do_not_fit_are_refused(tmp_path, crs, bounds, what):
    path = save(frame([box(*bounds)], crs=crs), tmp_path / "a.gpkg")
    with pytest.raises(CrsError, match=what):
        read_vector(path)


@pytest.mark.parametrize(
    ("crs", "bounds"),
    [
        (4326, (-179.9, -60.0, 179.9, 78.0)),
        (4326, (10.0, 78.0, 30.0, 80.5)),  # Svalbard is no swapped China
        (4528, METRES_40),
        (32633, (300000, 5900000, 301000, 5901000)),
        (3857, (1400000, 7000000, 1500000, 7100000)),
    ],
)
def test_coordinates_that_fit_pass(tmp_path, crs, bounds):
    table, _ = read_vector(save(frame([box(*bounds)], crs=crs), tmp_path / "a.gpkg"))
    assert table.crs.to_epsg() == crs


def test_one_stray_shape_does_not_move_a_layer(tmp_path):
    west, south, east, north = METRES_40
    shapes = [box(*METRES_40), box(west, south, east, north + 1), box(0, 0, 1, 1)]
    with pytest.warns(DoubtfulRowsWarning, match=r"1 of 3 rows lie more than 100 km .* \(row 3\)"):
        table, _ = read_vector(save(frame(shapes, crs=4528), tmp_path / "a.gpkg"))
    assert len(table) == 3


def test_geojson_is_wgs84_unless_declared_or_stated(tmp_path):
    path = tmp_path / "a.geojson"
    feature = json.loads(frame([box(*METRES)], crs=None).to_json())
    path.write_text(json.dumps(feature), encoding="utf-8")
    with pytest.raises(CrsError, match="are metres"):
        read_vector(path)
    table, _ = read_vector(path, crs="EPSG:4549")
    assert table.crs.to_epsg() == 4549
    stated = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    path.write_text(json.dumps({**feature, "crs": stated}), encoding="utf-8")
    table, _ = read_vector(path)
    assert table.crs.to_epsg() == 4547
    with pytest.raises(CrsError, match="by its own statement"):
        read_vector(path, crs="EPSG:4549")


def test_copy_without_its_prj_needs_a_system(tmp_path):
    path = real("cn_lanpu/01_社区界线.shp")
    for part in (".shp", ".shx", ".dbf"):
        shutil.copy(path.with_suffix(part), tmp_path / f"x{part}")
    with pytest.raises(CrsError, match=r"do not lie where .* no zone number"):
        read_vector(tmp_path / "x.shp", crs="EPSG:4528")
    table, _ = read_vector(tmp_path / "x.shp", crs="EPSG:4549")
    assert np.allclose(table.area, table["MJ"], rtol=1e-6)


@pytest.mark.parametrize(("code", "said"), [(2437, "some 10 m"), (2385, "off by 100 m")])
def test_old_chinese_datums_are_read_with_a_warning(tmp_path, code, said):
    path = save(frame([box(*METRES)], crs=code), tmp_path / "a.gpkg")
    with pytest.warns(LifecircleWarning, match=said):
        table, _ = read_vector(path)
    assert table.crs.to_epsg() == code


def test_a_layer_without_a_system_can_be_read_as_it_stands(tmp_path):
    path = save(frame([box(*METRES)], crs=None), tmp_path / "a.shp")
    table = read_unplaced(path)
    assert table.crs is None
    assert table.total_bounds.tolist() == list(METRES)
    assert read_unplaced(save(frame([box(*METRES)], crs=4549), tmp_path / "b.gpkg")) is None
    assert read_unplaced(save(frame([box(*HANGZHOU)], crs=4326), tmp_path / "c.geojson")) is None


# -- shifted outlines ----------------------------------------------------------------------------
@pytest.mark.parametrize("datum", ["gcj02", "GCJ-02", "bd09"])
@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
def test_outlines_of_a_map_service_are_moved_back(tmp_path, datum, suffix):
    truth = box(120.15, 30.25, 120.17, 30.27)
    shift = geo.wgs84_to_gcj02

    def shifted(xy):
        return geo.gcj02_to_bd09(shift(xy)) if datum == "bd09" else shift(xy)

    drawn = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.transform(truth, shifted)])
    path = tmp_path / f"area{suffix}"
    drawn.set_crs(4326).to_file(path)
    table, _ = read_vector(path, crs=datum)
    assert table.crs.to_epsg() == 4326
    found = shapely.get_coordinates(table.geometry.iloc[0])
    assert table.geometry.iloc[0].normalize().hausdorff_distance(truth.normalize()) < 1e-7
    assert len(found) == 5


def test_a_shift_outside_china_is_refused(tmp_path):
    frame_of = gpd.GeoDataFrame({"name": ["a"]}, geometry=[box(13, 53, 13.1, 53.1)], crs=4326)
    path = tmp_path / "a.gpkg"
    frame_of.to_file(path)
    with pytest.raises(CrsError, match="not in China, where alone gcj02 is used"):
        read_vector(path, crs="gcj02")


def test_districts_of_a_map_service_meet_the_map_once_they_are_moved():
    path = real("cn_hangzhou_admin/hangzhou_city_and_districts_gcj02.geojson")
    plain, _ = read_vector(path)
    moved, _ = read_vector(path, crs="gcj02")
    apart_m = plain.to_crs(4549).hausdorff_distance(moved.to_crs(4549))
    assert len(moved) == 14
    assert apart_m.between(300, 800).all()
