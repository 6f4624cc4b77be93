"""Layers for other programs: the same figures under the names a local standard asks for."""

from __future__ import annotations

import csv

import geopandas as gpd
import pyogrio
import pytest
import shapely

from lifecircle.errors import LifecircleWarning, SchemaError
from lifecircle.outputs.exports import write_exports

ALL = ("communities", "facilities", "gaps", "parcels", "sites", "units")


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
    assert names == given & set(ALL)
    sites = pyogrio.read_dataframe(toy_folder / "results.gpkg", layer="sites")
    drawn = pyogrio.read_dataframe(tmp_path / "results.dxf")
    points = drawn[drawn["Layer"].str.startswith("sites_")]
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
