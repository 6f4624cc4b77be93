"""Layers for other programs: the same figures under the names a local standard asks for."""

from __future__ import annotations

import csv

import geopandas as gpd
import pyogrio
import pytest
import shapely

from lifecircle.errors import LifecircleWarning, SchemaError
from lifecircle.outputs.exports import write_exports

ALL = ("communities", "facilities", "gaps", "parcels", "sites", "handover", "units")


def exported(toy_folder, folder, *formats, **renamed):
    return write_exports(
        toy_folder / "results.gpkg", folder, formats=formats, layers=ALL, renamed=renamed
    )


@pytest.fixture(scope="module")
def toy_folder(toy_findings, tmp_path_factory):
    out = tmp_path_factory.mktemp("exports") / "run"
    toy_findings.save(out)
    return out


def test_a_column_nobody_has_and_two_of_one_name_are_told_at_once(toy_folder, tmp_path):
    with pytest.raises(SchemaError) as raised:
        exported(toy_folder, tmp_path / "out", "shp", sites={"nothing": "A", "year": "kind"})
    assert len(raised.value.problems) == 2
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_without_a_format(toy_folder, tmp_path):
    assert exported(toy_folder, tmp_path / "out") == ()
    assert not (tmp_path / "out").exists()


def test_shapefiles_have_short_names_in_gbk_and_the_same_figures(toy_folder, tmp_path):
    exported(toy_folder, tmp_path, "shp", gaps={"people_short": "未覆盖人口数量"})
    given = pyogrio.read_dataframe(toy_folder / "results.gpkg", layer="gaps")
    gaps = pyogrio.read_dataframe(tmp_path / "gaps.shp")
    assert (tmp_path / "gaps.cpg").read_text() == "GBK"
    assert all(len(name.encode("gbk")) <= 10 for name in gaps.columns if name != "geometry")
    assert gaps["未覆盖人口"].tolist() == given["people_short"].tolist()
    assert gaps["gap_id"].tolist() == given["gap_id"].tolist()
    assert gaps.crs == given.crs


def test_names_that_would_be_alike_are_told_apart(toy_folder, tmp_path):
    exported(
        toy_folder, tmp_path, "shp", gaps={"reason": "requirement_a", "reasons": "requirement_b"}
    )
    gaps = pyogrio.read_dataframe(tmp_path / "gaps.shp")
    assert {"requiremen", "requirem_1", "requirem_2"} <= set(gaps.columns)


def test_texts_that_are_too_long_are_told(toy_folder, tmp_path):
    layer = gpd.GeoDataFrame(
        {"kind": ["界" * 200]}, geometry=[shapely.Point(0, 0)], crs="EPSG:32651"
    )
    source = tmp_path / "one.gpkg"
    pyogrio.write_dataframe(layer, source, layer="sites")
    with pytest.warns(LifecircleWarning, match="1 texts were cut"):
        write_exports(source, tmp_path / "out", formats=["shp"], layers=ALL, renamed={})
    assert pyogrio.read_dataframe(tmp_path / "out" / "sites.shp")["kind"].tolist() == ["界" * 127]


def test_the_geodatabase_and_the_drawing_hold_every_layer(toy_folder, tmp_path):
    exported(toy_folder, tmp_path, "gdb", "dxf")
    given = {name for name, _ in pyogrio.list_layers(toy_folder / "results.gpkg")}
    names = {name for name, _ in pyogrio.list_layers(tmp_path / "results.gdb")}
    assert names == given & {*ALL, "parcel_points"}
    sites = pyogrio.read_dataframe(toy_folder / "results.gpkg", layer="sites")
    drawn = pyogrio.read_dataframe(tmp_path / "results.dxf")
    layers = drawn["Layer"]
    points = drawn[layers.str.startswith("sites_") & ~layers.str.endswith("_text")]
    assert len(points) == len(sites)
    assert set(points.geometry.geom_type) == {"Point"}


def test_the_dictionary_names_every_field(toy_folder, tmp_path):
    exported(toy_folder, tmp_path, "shp", sites={"site_id": "选址编号"})
    with (tmp_path / "fields.csv").open(encoding="utf-8-sig") as file:
        rows = {(row["layer"], row["column"]): row for row in csv.DictReader(file)}
    site = rows["sites", "site_id"]
    assert (site["field"], site["field_shp"]) == ("选址编号", "选址编号")
    shape = pyogrio.read_dataframe(tmp_path / "sites.shp")
    fields = {row["field_shp"] for (layer, _), row in rows.items() if layer == "sites"}
    assert fields == set(shape.columns) - {"geometry"}


def layer_of(tmp_path, name, frame):
    source = tmp_path / "one.gpkg"
    pyogrio.write_dataframe(frame, source, layer=name, append=source.exists())
    return source


def test_a_geopackage_of_its_own_has_the_renamed_fields(toy_folder, tmp_path):
    exported(toy_folder, tmp_path, "gpkg", sites={"site_id": "XZBH", "area_m2": "YDMJ"})
    sites = pyogrio.read_dataframe(tmp_path / "results.gpkg", layer="sites")
    given = pyogrio.read_dataframe(toy_folder / "results.gpkg", layer="sites")
    assert sites["XZBH"].tolist() == given["site_id"].tolist()
    assert sites["YDMJ"].tolist() == given["area_m2"].tolist()
    assert sites.crs == given.crs


def test_what_is_handed_on_is_exported_row_by_row(toy_folder, tmp_path):
    exported(toy_folder, tmp_path, "shp", "gdb", handover={"target_code": "YDYHDM"})
    table = pyogrio.read_dataframe(toy_folder / "results.gpkg", layer="handover")
    assert len(table)
    for path, layer in ((tmp_path / "handover.shp", None), (tmp_path / "results.gdb", "handover")):
        found = pyogrio.read_dataframe(path, layer=layer)
        assert found["YDYHDM"].tolist() == table["target_code"].tolist()
        assert found.geometry.geom_equals(table.geometry).all()


def test_missing_values_dates_and_long_names_come_through(tmp_path):
    frame = gpd.GeoDataFrame(
        {
            "site_id": ["=甲", None, 'b"\n'],
            "area_m2": [1.5, None, 3.0],
            "available": ["2026-07-01", None, "2027年底"],
            "这是一个很长的字段名称": ["一", "二", None],
        },
        geometry=[shapely.Point(1, 2), None, shapely.Point(3, 4)],
        crs="EPSG:4549",
    )
    source = layer_of(tmp_path, "sites", frame)
    write_exports(source, tmp_path / "out", formats=["shp", "gdb", "dxf"], layers=ALL, renamed={})
    for path in (tmp_path / "out" / "sites.shp", tmp_path / "out" / "results.gdb"):
        found = pyogrio.read_dataframe(path)
        assert found["area_m2"].isna().tolist() == [False, True, False]
        assert found["site_id"].isna().tolist() == [False, True, False]
        assert found["available"].iloc[2] == "2027年底"
        assert found.geometry.isna().tolist() == [False, True, False]
        assert found.crs.to_epsg() == 4549
    assert "这是一个很" in pyogrio.read_dataframe(tmp_path / "out" / "sites.shp").columns


def test_land_without_an_outline_is_exported_beside_the_other(tmp_path):
    room = gpd.GeoDataFrame(
        {"parcel_id": ["R1"], "kind": ["stock_room"]},
        geometry=[shapely.Point(5, 5)],
        crs="EPSG:4549",
    )
    plot = room.assign(parcel_id="P1", kind="vacant").set_geometry([shapely.box(0, 0, 9, 9)])
    layer_of(tmp_path, "parcels", plot)
    source = layer_of(tmp_path, "parcel_points", room)
    renamed = {"parcels": {"parcel_id": "DKBH"}}
    write_exports(source, tmp_path / "out", formats=["shp"], layers=["parcels"], renamed=renamed)
    for name, key in (("parcels", "P1"), ("parcel_points", "R1")):
        found = pyogrio.read_dataframe(tmp_path / "out" / f"{name}.shp")
        assert found["DKBH"].tolist() == [key]


def test_layers_without_rows_are_written_too(tmp_path):
    empty = gpd.GeoDataFrame({"site_id": [], "year": []}, geometry=[], crs="EPSG:4549")
    source = layer_of(tmp_path, "sites", empty.astype({"site_id": object, "year": float}))
    write_exports(
        source, tmp_path / "out", formats=["shp", "gdb", "gpkg", "dxf"], layers=ALL, renamed={}
    )
    assert len(pyogrio.read_dataframe(tmp_path / "out" / "sites.shp")) == 0
    assert (tmp_path / "out" / "results.dxf").exists()
