"""What a study file names is read or refused, and the area is where the data are."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lifecircle.config import load_config
from lifecircle.errors import BoundaryWarning, ExtentError, InputError, SourceError
from lifecircle.standards import load_standard
from lifecircle.study.inputs import longest_walk_m, read_inputs
from tests.small_town import BBOX, BOUNDS, SOUTH, STEP_LAT, STEP_LON, WEST, write_study
from tests.sources.map_server import Elements, map_server

METRIC = "EPSG:25833"
MIDDLE = (WEST + 2.5 * STEP_LON, SOUTH + 2.5 * STEP_LAT)


def save_layer(path, shapes, crs="EPSG:4326", **columns):
    frame = gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4326").to_crs(crs)
    frame.to_file(path)
    return path


def box_around(x, y, size=0.001):
    return shapely.box(x - size, y - size, x + size, y + size)


def read(path):
    return read_inputs(load_config(path))


# -- what is refused ---------------------------------------------------------------------------
def test_a_boundary_without_a_polygon_is_refused(small_study):
    folder = small_study.parent
    save_layer(folder / "area.gpkg", [shapely.Point(MIDDLE)], name=["middle"])
    path = write_study(folder, area='boundary = "area.gpkg"')
    with pytest.raises(InputError, match=r"area\.boundary \(area\.gpkg\)"):
        read(path)


def test_a_boundary_without_any_feature_is_refused(small_study):
    folder = small_study.parent
    nothing = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326")
    nothing.to_file(folder / "area.gpkg")
    with pytest.raises(InputError, match=r"area\.gpkg"):
        read(write_study(folder, area='boundary = "area.gpkg"'))


def test_a_relation_that_is_not_there_is_told_with_those_that_are(small_study):
    with pytest.raises(ExtentError) as caught:
        read(write_study(small_study.parent, area="relation = 4711"))
    text = str(caught.value)
    assert "study.toml, area.relation: boundary relation 4711 is not in the OSM file" in text
    assert "relations found: none; or use area.boundary or area.bbox" in text


@pytest.mark.parametrize(
    "box",
    [
        [20.0, 53.0, 20.01, 53.01],
        [BBOX[1], BBOX[0], BBOX[3], BBOX[2]],  # north and east taken for each other
    ],
)
def test_an_area_elsewhere_is_told_with_both_boxes(small_study, box):
    with pytest.raises(ExtentError) as caught:
        read(write_study(small_study.parent, area=f"bbox = {box}"))
    (problem,) = caught.value.problems
    typed = "/".join(f"{value:.3f}" for value in box)
    assert problem.where == "study.toml, area"
    assert problem.what == f"the study area ({typed}) lies outside town.osm"
    assert problem.remedy.startswith("the file covers 12.9400, 52.9600, 13.0700, 53.0500")
    assert "swapped x and y" in problem.remedy


def test_a_file_that_is_no_osm_file_is_told(small_study):
    (small_study.parent / "town.osm").write_text("just some notes")
    with pytest.raises(SourceError, match=r"town\.osm"):
        read(small_study)


def test_an_area_that_sticks_out_is_warned_of_with_its_share(small_study):
    west, south, east, north = BOUNDS
    box = [west - (east - west), south, east, north]  # half of it lies beyond the data
    with pytest.warns(BoundaryWarning, match=r"^50\.0% of the area lies beyond the streets"):
        read(write_study(small_study.parent, area=f"bbox = {box}"))


# -- what is read ------------------------------------------------------------------------------
def test_a_box_and_its_outline_file_give_the_same_area(small_study):
    folder = small_study.parent
    box = read(small_study)
    assert box.area.equals(shapely.box(*BBOX))
    save_layer(folder / "area.gpkg", [shapely.box(*BBOX)], crs=METRIC, name=["all"])
    drawn = read(write_study(folder, area='boundary = "area.gpkg"'))
    assert shapely.area(shapely.symmetric_difference(box.area, drawn.area)) < 1e-9
    assert [one.name for one in box.survey.sources] == ["town.osm"]
    assert [one.name for one in drawn.survey.sources] == ["town.osm", "area.gpkg"]
    assert box.crs.is_projected
    assert box.crs.axis_info[0].unit_name == "metre"


def test_several_outlines_are_one_area_and_lines_beside_them_do_not_count(small_study):
    west, south, east, north = BBOX
    middle = (west + east) / 2
    halves = [shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)]
    line = shapely.LineString([(west - 1, south), (west - 1, north)])
    save_layer(small_study.parent / "area.geojson", [*halves, line])
    found = read(write_study(small_study.parent, area='boundary = "area.geojson"'))
    assert found.area.bounds == pytest.approx(BBOX)


def test_streets_are_read_as_far_out_as_searches_look(small_study):
    """A block in the middle, searched to 2,000 m: the whole town belongs to it."""
    few = read(write_study(small_study.parent, area=f"bbox = {list(box_around(*MIDDLE).bounds)}"))
    assert len(few.survey.streets) == 12
    assert len(few.survey.buildings) == 30
    assert few.area.bounds == pytest.approx(box_around(*MIDDLE).bounds)


def test_the_longest_walk_is_the_longest_limit():
    basic = load_standard("basic")
    assert longest_walk_m(basic) == pytest.approx(1000.0)
    longer = load_standard("basic", override={"medical_15": {"minutes": 30}})
    assert longest_walk_m(longer) == pytest.approx(2000.0)


def test_the_planners_files_join_the_survey_in_wgs84(small_study):
    folder = small_study.parent
    halves = [
        shapely.box(BBOX[0], BBOX[1], MIDDLE[0], BBOX[3]),
        shapely.box(MIDDLE[0], BBOX[1], BBOX[2], BBOX[3]),
    ]
    save_layer(folder / "c.gpkg", halves, METRIC, id=["a", "b"], name=["A", "B"])
    save_layer(folder / "p.gpkg", [box_around(*MIDDLE, 0.0002)], METRIC, id=["P1"], kind=["空闲地"])
    save_layer(
        folder / "e.gpkg", [box_around(*MIDDLE)], METRIC, id=["E"], name=["E"], closed=["是"]
    )
    save_layer(folder / "g.gpkg", [shapely.Point(MIDDLE)], METRIC, id=["G"], estate_id=["E"])
    save_layer(
        folder / "clinics.gpkg", [shapely.Point(MIDDLE)], METRIC, id=["1"], name=["社区卫生服务站"]
    )
    path = write_study(
        folder,
        communities='file = "c.gpkg"',
        land='parcels = "p.gpkg"\ncode_system = "2023"',
        estates='file = "e.gpkg"\ngates = "g.gpkg"',
        extra='\n[[facilities.tables]]\nfile = "clinics.gpkg"\ncomplete = true\n',
    )
    survey = read(path).survey
    read_tables = {
        "communities": ("community_id", ["a", "b"]),
        "parcels": ("parcel_id", ["P1"]),
        "estates": ("estate_id", ["E"]),
        "estate_gates": ("gate_id", ["G"]),
        "facilities": ("type", ["medical.station"]),
    }
    for name, (column, values) in read_tables.items():
        table = getattr(survey, name)
        assert table[column].tolist() == values
        assert table.crs.to_epsg() == 4326
        west, south, east, north = table.total_bounds
        assert BBOX[0] - 1e-6 <= west <= east <= BBOX[2] + 1e-6
        assert BBOX[1] - 1e-6 <= south <= north <= BBOX[3] + 1e-6
    assert survey.parcels["code_system"].tolist() == ["2023"]
    assert survey.parcels["kind"].tolist() == ["vacant"]
    assert bool(survey.estates["closed"].iloc[0]) is True
    names = [one.name for one in survey.sources]
    assert names == ["town.osm", "c.gpkg", "e.gpkg", "g.gpkg", "clinics.gpkg", "p.gpkg"]
    assert all(len(one.sha256) == 64 for one in survey.sources)


def test_reading_twice_gives_the_same(small_study):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one, two = read(small_study), read(small_study)
    assert one.area.equals(two.area)
    assert one.survey.sources == two.survey.sources
    assert one.survey.buildings.equals(two.survey.buildings)


# -- what is fetched ---------------------------------------------------------------------------
@pytest.mark.filterwarnings("ignore::lifecircle.errors.LifecircleWarning")
def test_a_study_by_name_is_fetched_once_and_then_read_from_its_folder(tmp_path):
    west, south, east, north = 13.262, 53.556, 13.264, 53.557
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    place = {
        "boundingbox": [south, north, west, east],
        "lat": south,
        "lon": west,
        "display_name": "Innenstadt, Neubrandenburg",
        "importance": 0.5,
        "geojson": {"type": "Polygon", "coordinates": [ring]},
    }
    town = Path(__file__).parents[2] / "data" / "neubrandenburg" / "neubrandenburg.osm.pbf"
    elements = Elements(town, (west - 0.04, south - 0.02, east + 0.04, north + 0.02))
    with map_server(elements, [place]) as server:
        study = tmp_path / "study.toml"
        study.write_text(
            '[study]\nname = "T"\nonline = true\n[area]\nplace = "Innenstadt"\n'
            '[network]\nonline = true\n[communities]\ndraw = "grid"\n'
            f'[online]\noverpass = "{server.address}/api"\nnominatim = "{server.address}"\n',
            encoding="utf-8",
        )
        first = read(study)
    again = read(study)
    assert [one.name for one in first.survey.sources][-1] == (
        "Innenstadt, Neubrandenburg (Nominatim)"
    )
    assert first.area.bounds == (west, south, east, north)
    # twice the longest walk around the place is fetched too: 2 km
    assert first.survey.extent.bounds[0] < west - 0.03
    assert len(first.survey.streets) > 1000
    pd.testing.assert_frame_equal(again.survey.streets.ways, first.survey.streets.ways)
    assert sorted(path.suffix for path in (tmp_path / "osm_cache").iterdir() if path.is_file()) == [
        ".json",
        ".pbf",
    ]
