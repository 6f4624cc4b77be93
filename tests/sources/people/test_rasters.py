"""Population rasters: only believable people, in the right places, and nothing read for nothing."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import (
    CrsError,
    DoubtfulRowsWarning,
    ExtentError,
    InputError,
    LifecircleError,
    SourceError,
)
from lifecircle.provenance import sha256_of
from lifecircle.sources.people.rasters import read_population
from lifecircle.tables import POPULATION_CELLS

SHARED = Path(__file__).resolve().parents[3] / "../shared/data"
AROUND = (12.9, 52.9, 13.1, 53.1)
NORTH_UP = rasterio.Affine(0.01, 0, 13.0, 0, -0.01, 53.0)


def save(folder: Path, values, name="people.tif", crs="EPSG:4326", place=NORTH_UP, **options):
    """Write bands (or one band) of numbers; a corner at 13.0, 53.0, cells of 0.01 degrees."""
    bands = np.asarray(values)
    bands = bands if bands.ndim == 3 else bands[None]
    kind = bands.dtype if bands.dtype != np.int64 else np.dtype("float32")
    path = folder / name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some are written without a place on purpose
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            count=len(bands),
            height=bands.shape[1],
            width=bands.shape[2],
            dtype=kind,
            crs=crs,
            transform=place,
            **options,
        ) as raster:
            raster.write(bands.astype(kind))
    return path


def real(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout")
    return path


def people_of(path, bounds=AROUND, **options):
    cells, _ = read_population(path, bounds=bounds, **options)
    return dict(zip(cells["cell_id"], cells["people"], strict=True))


# -- what is refused ---------------------------------------------------------------------------
def no_file(folder):
    return folder / "people.tif"


def a_folder(folder):
    (folder / "people.tif").mkdir()
    return folder / "people.tif"


def some_text(folder):
    (folder / "people.tif").write_text("people: 12")
    return folder / "people.tif"


def nothing_in_it(folder):
    (folder / "people.tif").touch()
    return folder / "people.tif"


def cut_short(folder):
    path = save(folder, np.arange(10_000.0).reshape(100, 100))
    path.write_bytes(path.read_bytes()[:2_000])
    return path


def no_crs(folder):
    return save(folder, [[1, 2]], crs=None)


def a_local_crs(folder):
    return save(folder, [[1, 2]], crs=rasterio.CRS.from_wkt('LOCAL_CS["site",UNIT["metre",1]]'))


def three_bands(folder):
    return save(folder, np.ones((3, 2, 2), dtype="float32"))


def no_position(folder):
    return save(folder, [[1, 2]], place=rasterio.Affine.identity())


def complex_numbers(folder):
    return save(folder, np.ones((1, 1, 2), dtype="complex64"))


def a_picture(folder):
    path = save(folder, np.ones((1, 2), dtype="uint8"), photometric="palette")
    with rasterio.open(path, "r+") as raster:
        raster.write_colormap(1, {1: (255, 0, 0, 255)})
    return path


def elsewhere(folder):
    return save(folder, [[1, 2]], place=rasterio.Affine(0.01, 0, 14.0, 0, -0.01, 53.0))


def just_beside(folder):
    return save(folder, [[1, 2]], place=rasterio.Affine(0.01, 0, 13.1, 0, -0.01, 53.0))


@pytest.mark.parametrize(
    ("make", "error", "what"),
    [
        (no_file, SourceError, "there is no such file"),
        (a_folder, SourceError, "is a folder"),
        (some_text, SourceError, "cannot be read as a raster"),
        (nothing_in_it, SourceError, "cannot be read as a raster"),
        (cut_short, SourceError, "cannot be read as a raster"),
        (no_crs, CrsError, "has no coordinate reference system"),
        (a_local_crs, CrsError, "cannot be tied to longitude and latitude"),
        (
            three_bands,
            InputError,
            "holds 3 bands, and which of them holds people per cell is not known",
        ),
        (no_position, InputError, "does not say where its cells lie"),
        (complex_numbers, InputError, "holds complex numbers"),
        (a_picture, InputError, "is a picture"),
        (elsewhere, ExtentError, "it covers 14.000/52.990/14.020/53.000"),
        (just_beside, ExtentError, "does not meet the area (12.900/52.900/13.100/53.100)"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, make, error, what):
    path = make(tmp_path)
    with pytest.raises(error) as caught:
        read_population(path, bounds=AROUND)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.where == "people.tif"
    assert type(caught.value) is error
    assert str(tmp_path) not in problem.where + problem.remedy


def test_several_bands_name_the_first(tmp_path):
    path = save(tmp_path, np.ones((2, 1, 1), dtype="float32"))
    with rasterio.open(path, "r+") as raster:
        raster.set_band_description(1, "men 2020")
    with pytest.raises(InputError, match=r"such as the first \(band 1, 'men 2020'\)"):
        read_population(path, bounds=AROUND)


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path):
    path = save(tmp_path, np.ones((2, 1, 1)), crs=None, place=rasterio.Affine.identity())
    with pytest.raises(InputError) as caught:
        read_population(path, bounds=AROUND)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    "bounds",
    [
        (13.1, 52.9, 12.9, 53.1),
        (12.9, 53.1, 13.1, 52.9),
        (13.0, 53.0, 13.0, 53.0),
        (597_000.0, 3_369_000.0, 599_000.0, 3_370_000.0),
        (float("nan"), 52.9, 13.1, 53.1),
    ],
)
def test_bounds_that_are_none_are_refused(tmp_path, bounds):
    path = save(tmp_path, [[1]])
    with pytest.raises(InputError, match="is no box of longitudes and latitudes"):
        read_population(path, bounds=bounds)


def test_an_unknown_kind_is_refused(tmp_path):
    path = save(tmp_path, [[1]])
    with pytest.raises(InputError, match="'people' is no kind of values"):
        read_population(path, bounds=AROUND, kind="people")


# -- values ------------------------------------------------------------------------------------
def test_values_that_cannot_be_are_nobody_and_counted(tmp_path):
    inf = float("inf")
    values = np.array([[-200.0, 4, -9999, inf], [7, 4294967295, 0, -9999]])
    path = save(tmp_path, values, nodata=-9999)
    with pytest.warns(DoubtfulRowsWarning) as caught:
        cells, source = read_population(path, bounds=AROUND)
    assert [str(one.message) for one in caught] == [
        "people.tif: 3 cells hold impossible numbers of people (-200, 4.29497e+09, inf) that the "
        "raster does not declare as no data: nobody is counted there"
    ]
    assert cells["cell_id"].tolist() == ["c0_1", "c1_0"]
    assert (source.rows_in, source.rows_used, source.rows_doubtful) == (8, 5, 3)


@pytest.mark.parametrize(
    ("kind", "nodata", "empty"),
    [
        ("float32", -3.4028230607370965e38, -3.4028230607370965e38),
        ("float64", float("nan"), float("nan")),
        ("float32", None, float("nan")),
        ("int32", -2147483648, -2147483648),
        ("uint16", 65535, 65535),
        ("uint8", 0, 0),
    ],
)
def test_no_data_of_every_kind_is_nobody_without_a_word(tmp_path, kind, nodata, empty):
    values = np.array([[3, empty, 5]], dtype="float64").astype(kind)
    path = save(tmp_path, values, nodata=nodata)
    assert people_of(path) == {"c0_0": 3.0, "c0_2": 5.0}


def test_scale_and_offset_of_the_band_count(tmp_path):
    path = save(tmp_path, np.array([[3, 0, 9]], dtype="int16"), nodata=9)
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.5,), (2.0,)
    assert people_of(path) == {"c0_0": 3.5, "c0_1": 2.0}


def test_densities_are_people_only_when_asked(tmp_path):
    metres = rasterio.Affine(100, 0, 500_000, 0, -100, 5_870_000)
    path = save(tmp_path, [[250, 1000]], crs="EPSG:32633", place=metres)
    around = (14.99, 52.9, 15.02, 53.1)
    assert people_of(path, around) == {"c0_0": 250.0, "c0_1": 1000.0}
    found = people_of(path, around, kind="density")
    assert found == pytest.approx({"c0_0": 2.5, "c0_1": 10.0}, rel=2e-3)


def test_the_area_of_a_cell_in_degrees_is_that_on_the_ground(tmp_path):
    path = save(tmp_path, [[1000.0]])
    (people,) = people_of(path, kind="density").values()
    (width,) = geo.ground_m(np.array([[13.0, 52.995]]), np.array([[13.01, 52.995]]))
    (height,) = geo.ground_m(np.array([[13.0, 52.99]]), np.array([[13.0, 53.0]]))
    assert people == pytest.approx(width * height / 1e3, rel=2e-3)


# -- places ------------------------------------------------------------------------------------
def test_columns_types_and_shapes(tmp_path):
    path = save(tmp_path, [[0, 2], [3.5, 0]])
    cells, source = read_population(path, bounds=AROUND)
    assert list(cells.columns) == [*POPULATION_CELLS.columns, "geometry"]
    assert cells["people"].dtype == np.float64
    assert cells["cell_id"].tolist() == ["c0_1", "c1_0"]
    assert cells.crs == CRS.from_epsg(4326)
    boxes = [shapely.box(13.01, 52.99, 13.02, 53.0), shapely.box(13.0, 52.98, 13.01, 52.99)]
    for shape, box in zip(cells.geometry, boxes, strict=True):
        assert shapely.equals_exact(shape, box, tolerance=1e-9, normalize=True)
    assert (source.name, source.sha256) == ("people.tif", sha256_of(path))
    assert source.rows_in == source.rows_used == 4


def test_a_raster_without_people_is_an_empty_table(tmp_path):
    cells, source = read_population(save(tmp_path, [[0, 0]]), bounds=AROUND)
    assert len(cells) == 0
    assert list(cells.columns) == ["cell_id", "people", "geometry"]
    assert cells.crs.to_epsg() == 4326
    assert source.rows_used == 2


def test_only_the_cells_around_the_bounds_are_read_and_keep_their_number(tmp_path):
    values = np.arange(1.0, 10_001.0).reshape(100, 100)
    path = save(tmp_path, values, tiled=True, blockxsize=16, blockysize=16)
    inside = (13.301, 52.389, 13.319, 52.409)
    cells, source = read_population(path, bounds=inside)
    assert cells["cell_id"].tolist() == [f"c{i}_{j}" for i in (59, 60, 61) for j in (30, 31)]
    assert cells["people"].tolist() == [values[i, j] for i in (59, 60, 61) for j in (30, 31)]
    assert source.rows_in == 6
    edge = (13.30, 52.39, 13.32, 52.40)  # along the cells' own borders: neighbours only touch
    assert list(people_of(path, edge)) == ["c60_30", "c60_31"]


def test_a_damaged_far_corner_does_not_matter(tmp_path):
    """The last strips of the file are gone; what is asked for is not there."""
    path = save(tmp_path, np.full((100, 100), 7.0))
    path.write_bytes(path.read_bytes()[:40_000])
    assert people_of(path, (13.0, 52.995, 13.005, 52.999)) == {"c0_0": 7.0}


def test_part_of_the_bounds_beyond_the_raster_is_no_fault(tmp_path):
    path = save(tmp_path, [[1, 2], [3, 4]])
    assert people_of(path, (13.012, 52.5, 14.0, 52.985)) == {"c1_1": 4.0}


def test_a_south_up_and_a_turned_raster_lie_where_they_say(tmp_path):
    values = np.array([[1, 2], [3, 4.0]])
    south_up = save(tmp_path, values, place=rasterio.Affine(0.01, 0, 13.0, 0, 0.01, 52.98))
    cells, _ = read_population(south_up, bounds=AROUND)
    assert shapely.centroid(cells.geometry[0]).y == pytest.approx(52.985)
    turned = rasterio.Affine(0, 0.01, 13.0, 0.01, 0, 52.98)  # rows run eastwards
    cells, _ = read_population(save(tmp_path, values, "turned.tif", place=turned), bounds=AROUND)
    middles = shapely.get_coordinates(shapely.centroid(cells.geometry.to_numpy())).round(6)
    found = dict(zip(cells["people"], middles.tolist(), strict=True))
    assert found == {
        1: [13.005, 52.985],
        2: [13.005, 52.995],
        3: [13.015, 52.985],
        4: [13.015, 52.995],
    }
    assert set(people_of(tmp_path / "turned.tif", (13.011, 52.9, 13.1, 53.1)).values()) == {3, 4}


@pytest.mark.parametrize("epsg", [3857, 32633, 3035, 4528])
def test_any_reference_system_finds_its_cells(tmp_path, epsg):
    """A raster around a point is found by a small box around that point, wherever zero is."""
    lon, lat = (120.3, 30.4) if epsg == 4528 else (13.3, 53.5)
    (x, y), *_ = geo.project(np.array([[lon, lat]]), CRS.from_epsg(epsg))
    place = rasterio.Affine(100, 0, x - 250, 0, -100, y + 250)
    path = save(tmp_path, np.ones((5, 5)), crs=f"EPSG:{epsg}", place=place)
    cells, _ = read_population(path, bounds=(lon - 1e-5, lat - 1e-5, lon + 1e-5, lat + 1e-5))
    assert cells["cell_id"].tolist() == ["c2_2"]
    assert cells.crs.to_epsg() == epsg
    back = cells.to_crs(4326).geometry[0]
    assert shapely.contains(back, shapely.Point(lon, lat))


def test_reading_changes_nothing_and_gives_the_same_again(tmp_path):
    path = save(tmp_path, np.random.default_rng(3).random((20, 20)))
    before = path.read_bytes()
    one, first = read_population(path, bounds=AROUND)
    two, second = read_population(path, bounds=AROUND)
    assert one.equals(two)
    assert first == second
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["people.tif"]


# -- laws --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("rasters")


@settings(max_examples=25, deadline=None)
@given(people=st.lists(st.integers(0, 60_000), min_size=12, max_size=12), column=st.integers(1, 3))
def test_an_area_cut_along_cells_has_the_people_of_the_whole(folder, people, column):
    path = save(folder, np.array(people, dtype="uint16").reshape(3, 4))
    whole = people_of(path)
    west, south, east, north = AROUND
    cut = 13.0 + 0.01 * column
    left, right = (
        people_of(path, (west, south, cut, north)),
        people_of(path, (cut, south, east, north)),
    )
    assert sum(whole.values()) == sum(people)
    assert {**left, **right} == whole
    assert not set(left) & set(right)


@settings(max_examples=10, deadline=None)
@given(turn=st.floats(0, 6.3), size=st.floats(1e-4, 0.02))
def test_cells_lie_side_by_side_without_gap_or_overlap(folder, turn, size):
    c, s = size * np.cos(turn), size * np.sin(turn)
    path = save(folder, np.ones((3, 4)), place=rasterio.Affine(c, s, 13, s, -c, 53))
    cells, _ = read_population(path, bounds=AROUND)
    together = shapely.union_all(cells.geometry.to_numpy())
    assert together.geom_type == "Polygon"
    assert shapely.area(together) == pytest.approx(len(cells) * size**2, rel=1e-6)


# -- real data ---------------------------------------------------------------------------------
def test_a_real_island_is_read_exactly():
    path = real("pt_sao_miguel_rasters/gpw_v411_2020_count_2020.tif")
    cells, source = read_population(path, bounds=(-26.0, 37.5, -25.0, 38.1))
    with rasterio.open(path) as raster:
        values = raster.read(1, masked=True).astype("float64")
    assert cells["people"].sum() == pytest.approx(values.sum(), rel=1e-12)
    assert round(cells["people"].sum()) == 145_603
    assert len(cells) == int((values > 0).sum()) == 934
    assert source.rows_in == 48 * 96
    assert source.rows_doubtful == 0


def test_a_real_raster_elsewhere_is_refused():
    path = real("pt_sao_miguel_rasters/gpw_v411_2020_count_2020.tif")
    with pytest.raises(LifecircleError, match=r"it covers -25\.900/37\.600/-25\.100/38\.000"):
        read_population(path, bounds=AROUND)
