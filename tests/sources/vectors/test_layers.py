"""Vector files: what is refused, what is repaired and said, and what comes out."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from lifecircle.errors import (
    CrsError,
    DoubtfulRowsWarning,
    InputError,
    SourceError,
)
from lifecircle.provenance import sha256_of
from lifecircle.sources.vectors.layers import read_vector
from tests.sources.vector_making import HANGZHOU, frame, real, save, shapefile

BOWTIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
SLIVER = Polygon([(0, 0), (1, 1), (2, 2)])


def test_missing_file(tmp_path):
    with pytest.raises(SourceError, match=r"area\.gpkg: there is no such file"):
        read_vector(tmp_path / "area.gpkg")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.dwg", "save it as DXF"),
        ("a.MDB", "file geodatabase"),
        ("a.rar", "unpack it"),
        ("a.osm.pbf", r"under \[network\] osm"),
        ("a.xlsx", "name a vector file"),
    ],
)
def test_kinds_that_cannot_be_read_say_what_to_do(tmp_path, name, remedy):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(SourceError, match=rf"cannot be read — .*{remedy}"):
        read_vector(tmp_path / name)


def test_something_else_than_a_vector_file(tmp_path):
    path = tmp_path / "a.gpkg"
    path.write_text("hello", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read as a vector file") as caught:
        read_vector(path)
    assert str(tmp_path) not in str(caught.value)


def test_folder_names_its_files(tmp_path):
    save(frame([box(*HANGZHOU)]), tmp_path / "x.gpkg")
    with pytest.raises(SourceError, match=r"is a folder — name one of its files: x\.gpkg"):
        read_vector(tmp_path)


def test_part_of_a_shapefile_and_lacking_parts(tmp_path):
    path = save(frame([box(*HANGZHOU)]), tmp_path / "x[1].shp")
    with pytest.raises(SourceError, match=r"one part of a shapefile — name x\[1\]\.shp"):
        read_vector(path.with_suffix(".dbf"))
    path.with_suffix(".shx").unlink()
    with pytest.raises(
        SourceError, match=r"its \.shx is missing beside it — copy \.shp, \.shx, \.dbf"
    ):
        read_vector(path)


def test_table_without_shapes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no shapes"):
        read_vector(path)


def test_no_rows(tmp_path):
    with pytest.raises(InputError, match="has no rows"):
        read_vector(save(frame([box(*HANGZHOU)]).iloc[:0], tmp_path / "a.gpkg"))


def test_no_usable_shape(tmp_path):
    with (
        pytest.warns(DoubtfulRowsWarning, match="2 of 2 rows have no shape"),
        pytest.raises(InputError, match="no row has a usable shape"),
    ):
        read_vector(save(frame([None, Polygon()]), tmp_path / "a.gpkg"))


def test_several_layers_are_listed(tmp_path):
    path = tmp_path / "a.gpkg"
    for name in ("streets", "blocks"):
        save(frame([box(*HANGZHOU)], name=[name]), path, layer=name)
    with pytest.raises(InputError, match=r"several layers: streets, blocks — name one with layer"):
        read_vector(path)
    with pytest.raises(InputError, match=r"no layer 'block'; .* did you mean 'blocks'"):
        read_vector(path, layer="block")
    table, _ = read_vector(path, layer="blocks")
    assert table["name"].tolist() == ["blocks"]


def test_a_table_beside_one_layer_with_shapes_needs_no_choice(tmp_path):
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(frame([Point(0, 0)]).drop(columns="geometry"), path, layer="people")
    save(frame([box(*HANGZHOU)], k=["b"]), path, layer="blocks", mode="a")
    table, _ = read_vector(path)
    assert table["k"].tolist() == ["b"]


def test_rows_without_shapes_and_broken_outlines_are_counted(tmp_path):
    shapes = [box(0, 0, 1, 1), None, BOWTIE, Polygon(), SLIVER, box(3, 3, 4, 4)]
    path = save(frame(shapes), tmp_path / "a.gpkg")
    with pytest.warns(DoubtfulRowsWarning) as said:
        table, source = read_vector(path)
    assert [str(one.message) for one in said] == [
        "a.gpkg: 2 of 6 rows have no shape and are left out (row 2, 4)",
        "a.gpkg: 1 of 6 rows cross themselves and were repaired (row 3)",
        "a.gpkg: 1 of 6 rows enclose nothing and are left out (row 5)",
    ]
    assert table["n"].tolist() == [0, 2, 5]
    assert table.index.tolist() == [0, 1, 2]
    assert table.is_valid.all()
    assert shapely.area(table.geometry.array).tolist() == pytest.approx([1.0, 2.0, 1.0])
    counts = (source.rows_in, source.rows_used, source.rows_doubtful, source.rows_refused)
    assert counts == (6, 3, 3, 0)


def test_coordinates_that_are_no_numbers_are_refused(tmp_path):
    path = tmp_path / "a.parquet"
    frame([Point(120, 30), Point(np.inf, 30), Point(120.1, 30)]).to_parquet(path)
    with pytest.warns(DoubtfulRowsWarning, match=r"1 of 3 rows have coordinates .* \(row 2\)"):
        table, source = read_vector(path)
    assert table["n"].tolist() == [0, 2]
    assert (source.rows_used, source.rows_doubtful, source.rows_refused) == (2, 0, 1)


def test_heights_are_left_out_and_lines_and_points_stay(tmp_path):
    shapes = [Point(120, 30, 5), LineString([(120, 30, 1), (120.1, 30, 2)])]
    table, _ = read_vector(save(frame(shapes), tmp_path / "a.geojson"))
    assert not table.has_z.any()
    assert table.geom_type.tolist() == ["Point", "LineString"]


DRIVERS = {
    "gpkg": "GPKG",
    "shp": "ESRI Shapefile",
    "geojson": "GeoJSON",
    "fgb": "FlatGeobuf",
    "kml": "KML",
    "gdb": "OpenFileGDB",
    "tab": "MapInfo File",
}


@pytest.mark.parametrize("kind", [*DRIVERS, "parquet"])
def test_the_same_layer_comes_out_of_every_format(tmp_path, kind):
    table = frame([box(*HANGZHOU), box(120.3, 30.2, 120.4, 30.3)], code=["01", "02"])
    path = tmp_path / f"a.{kind}"
    if kind == "parquet":
        table.to_parquet(path)
    else:
        save(table, path, driver=DRIVERS[kind])
    found, source = read_vector(path)
    found = found.sort_values("code")  # FlatGeobuf stores rows by place
    assert found["code"].tolist() == ["01", "02"]
    assert found.crs.to_epsg() == 4326
    assert found.geometry.name == "geometry"
    # A file geodatabase keeps coordinates on a grid of 1e-9 degrees.
    assert np.allclose(found.bounds, table.bounds, rtol=0, atol=1e-8)
    assert source.name == f"a.{kind}"
    assert (source.rows_in, source.rows_used) == (2, 2)
    assert len(source.sha256) == 64


def test_hash_is_the_files_own_and_follows_every_part_of_a_shapefile(tmp_path):
    path = save(frame([box(*HANGZHOU)]), tmp_path / "a.gpkg")
    assert read_vector(path)[1].sha256 == sha256_of(path)
    shapes = save(frame([box(*HANGZHOU)], t=["a"]), tmp_path / "b.shp")
    before = read_vector(shapes)[1].sha256
    content = shapes.with_suffix(".dbf").read_bytes()
    shapes.with_suffix(".dbf").write_bytes(content.replace(b"a  ", b"b  "))
    assert read_vector(shapes)[1].sha256 != before


def test_files_stay_as_they_are(tmp_path):
    path = shapefile(tmp_path, "镇区", "GB18030")
    before = {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()}
    first, _ = read_vector(path)
    second, _ = read_vector(path)
    assert {entry.name: entry.read_bytes() for entry in tmp_path.iterdir()} == before
    assert first.equals(second)


def test_hangzhou_districts():
    table, source = read_vector(real("cn_hangzhou_admin/hangzhou_city_and_districts_gcj02.geojson"))
    assert len(table) == source.rows_used == 14
    assert table["adcode"].astype(int).between(330100, 330182).all()


def test_las_palmas_catchments_keep_their_own_system():
    table, source = read_vector(real("es_las_palmas/secondary_school_catchments.geojson"))
    assert source.rows_used == 29
    assert table.crs.to_epsg() == 5635
    assert "IES RAMÓN MENÉNDEZ PIDAL" in table["Denominaci"].tolist()


def test_chinese_office_shapefiles(tmp_path):
    parcels = real("cn_lanpu/10_宗地.shp")
    with (
        pytest.warns(DoubtfulRowsWarning, match="5 of 616 rows cross themselves"),
        pytest.raises(CrsError, match="has no coordinate reference system"),
    ):
        read_vector(parcels)
    own = "+proj=tmerc +lon_0=121.083333333 +x_0=500000 +y_0=-3000000 +ellps=GRS80"
    with pytest.warns(DoubtfulRowsWarning):
        table, source = read_vector(parcels, crs=own)
    assert source.rows_used == 616
    # The office's own areas (MJ) are met, those of repaired outlines too.
    assert np.abs(table.area / table["MJ"] - 1).max() < 0.001


def test_chinese_geodatabase_with_several_layers():
    path = real("cn_lanpu/09_详细规划.gdb")
    with pytest.raises(InputError, match="several layers: GHDY, GHDK, GHDL"):
        read_vector(path)
    table, source = read_vector(path, layer="GHDK")
    assert source.rows_used == 602
    assert table.crs.to_epsg() == 4528
