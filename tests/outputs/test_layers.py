"""The GeoPackage, read back: layers, columns, geometry, styles, the same numbers and bytes."""

from __future__ import annotations

import csv
import dataclasses
import io
import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from lifecircle.errors import SourceError
from lifecircle.outputs import style
from lifecircle.outputs.csvs import write_tables
from lifecircle.outputs.layers import write_geopackage

from .conftest import FORMULA, HOSTILE_COMMUNITY

LAYERS = [
    "communities",
    "homes",
    "facilities",
    "streets",
    "isochrones",
    "gaps",
    "parcels",
    "sites",
]


@pytest.fixture(scope="module")
def package(content, tmp_path_factory):
    return write_geopackage(content, tmp_path_factory.mktemp("layers") / "results.gpkg")


def _layer(path, name):
    return pyogrio.read_dataframe(path, layer=name)


def _names(path):
    return [name for name, kind in pyogrio.list_layers(path) if kind]


def _styles(path):
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute("SELECT f_table_name, styleQML, useAsDefault FROM layer_styles")
        return {name: (text, default) for name, text, default in rows}


def test_a_place_that_cannot_be_written_is_told(content, tmp_path):
    with pytest.raises(SourceError, match=r"results\.gpkg"):
        write_geopackage(content, tmp_path / "absent" / "results.gpkg")


def test_all_layers_are_there_in_the_studys_system(package, content):
    assert set(LAYERS) <= set(_names(package))
    for name in LAYERS:
        assert _layer(package, name).crs == content.crs


def test_geometry_types(package):
    types = {name: kind for name, kind in pyogrio.list_layers(package) if kind}
    assert types["communities"] == types["gaps"] == types["parcels"] == "MultiPolygon"
    assert types["homes"] == types["facilities"] == types["sites"] == "Point"
    assert types["streets"] == "MultiLineString"
    assert types["parcel_points"] == "Point"


def test_rows_are_all_there(package, content):
    for name in sorted({*LAYERS, "facility_areas"} - {"parcels"}):
        assert len(_layer(package, name)) == len(getattr(content, name))
    parcels = len(_layer(package, "parcels")) + len(_layer(package, "parcel_points"))
    assert parcels == len(content.parcels)


def test_numbers_agree_with_the_csv_files(package, content, tmp_path):
    write_tables(content, tmp_path)

    def read(name):
        text = (tmp_path / f"{name}.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def number(text):
        return float(text) if text else np.nan

    communities = _layer(package, "communities").set_index("community_id")
    for row in read("index"):
        if row["level"] == "community":
            here = communities.loc[row["area_id"]]
            np.testing.assert_equal(here[f"index_{row['minutes']}"], number(row["index"]))
            assert here[f"gaps_{row['minutes']}"] == int(row["gaps"])
            grade = here[f"grade_{row['minutes']}"]
            assert (None if pd.isna(grade) else grade) == (row["grade"] or None)
            assert here["people"] == float(row["people"])
    for row in read("scores"):
        if row["level"] == "community":
            here = communities.loc[row["area_id"]]
            np.testing.assert_equal(here[f"{row['requirement']}_share"], number(row["share"]))
    gaps = _layer(package, "gaps").set_index("gap_id")
    for row in read("gaps"):
        assert gaps.loc[row["gap_id"], "people_short"] == float(row["people_short"])
        np.testing.assert_equal(float(gaps.loc[row["gap_id"], "year"]), number(row["year"]))
    sites = _layer(package, "sites").set_index("site_id")
    for row in read("sites"):
        assert sites.geometry[row["site_id"]].x == float(row["x"])


def test_people_of_homes_are_not_rounded_away(content, tmp_path):
    homes = content.homes.assign(people=content.homes["people"] / 3)
    path = write_geopackage(dataclasses.replace(content, homes=homes), tmp_path / "a.gpkg")
    assert _layer(path, "homes")["people"].sum() == pytest.approx(3508 / 3, rel=1e-12)


def test_gaps_lie_on_their_community(package, content):
    outlines = content.communities.set_index("community_id").geometry
    gaps = _layer(package, "gaps")
    assert len(gaps)
    for row in gaps.itertuples():
        assert row.geometry.equals(outlines[row.community_id])


def test_outlined_facilities_become_points_inside(package, content):
    facility = _layer(package, "facilities").set_index("facility_id").geometry["f3"]
    outline = content.facilities.set_index("facility_id").geometry["f3"]
    assert outline.contains(facility)


def test_units_are_joined_from_their_communities(package, content):
    units = _layer(package, "units")
    assert units["unit_id"].tolist() == ["u1", "u5-00000000"]
    assert units["people"].tolist() == [3508.0, 3508.0]
    assert units["drawn_as"].tolist() == ["given", "5"]
    assert units.geometry.area[0] == pytest.approx(content.communities.area.sum())


def test_hostile_names_are_kept_as_they_stand(package):
    assert HOSTILE_COMMUNITY in _layer(package, "communities")["name"].tolist()
    assert FORMULA in _layer(package, "facilities")["name"].tolist()


def test_every_layer_has_a_default_style_that_parses(package):
    styles = _styles(package)
    assert set(styles) == set(_names(package))
    codes = {"MultiPolygon": "2", "MultiLineString": "1", "Point": "0"}
    types = {name: kind for name, kind in pyogrio.list_layers(package) if kind}
    for name, (text, default) in styles.items():
        root = ET.fromstring(text)
        assert default == 1
        assert root.findtext("layerGeometryType") == codes[types[name]]
        column = root.find("renderer-v2").get("attr")
        labelled = root.find("labeling/settings/text-style")
        present = _layer(package, name).columns
        assert column is None or column in present
        assert labelled is None or labelled.get("fieldName") in present
        for category in root.iter("category"):
            assert root.find(f".//symbol[@name='{category.get('symbol')}']") is not None


def test_styles_wear_the_grades_colours_and_words(package, content, content_en, tmp_path):
    english = write_geopackage(content_en, tmp_path / "results.gpkg")
    for path, language in ((package, "zh"), (english, "en")):
        root = ET.fromstring(_styles(path)["communities"][0])
        assert root.find("renderer-v2").get("attr") == "grade_15"
        poor = next(c for c in root.iter("category") if c.get("value") == "poor")
        assert poor.get("label") == style.label("grade", "poor", language)
        symbol = root.find(f".//symbol[@name='{poor.get('symbol')}']")
        colour = symbol.find("layer/Option/Option[@name='color']").get("value")
        red = int(style.GRADE_COLOURS["poor"][1:3], 16)
        assert colour.startswith(f"{red},")


def test_a_hostile_service_label_cannot_break_a_style(content, tmp_path):
    labels = {
        **content.standard.service_labels,
        "medical": {"zh": '"/><x>&', "en": "x"},
    }
    standard = content.standard.model_copy(update={"service_labels": labels})
    bad = dataclasses.replace(content, standard=standard)
    text, _ = _styles(write_geopackage(bad, tmp_path / "a.gpkg"))["facilities"]
    words = [category.get("label") for category in ET.fromstring(text).iter("category")]
    assert '"/><x>&' in words


def test_empty_layers_keep_their_columns(package, content_empty, tmp_path):
    path = write_geopackage(content_empty, tmp_path / "results.gpkg")
    for name in LAYERS:
        empty, full = _layer(path, name), _layer(package, name)
        assert len(empty) == 0
        walked = {column for column in full if column.rsplit("_", 1)[-1] in ("5", "15")}
        assert set(full.columns) - walked <= set(empty.columns)
        for column in set(empty.columns) - {"geometry"}:
            assert empty[column].dtype.kind == full[column].dtype.kind or full[column].isna().all()


def test_a_gap_without_a_known_community_is_kept(content, tmp_path):
    gaps = content.gaps.copy()
    gaps.loc[0, "community_id"] = "gone"
    path = write_geopackage(dataclasses.replace(content, gaps=gaps), tmp_path / "a.gpkg")
    layer = _layer(path, "gaps").set_index("gap_id")
    assert layer.geometry.isna().sum() == 1
    assert len(layer) == len(gaps)


def test_public_package_gives_nobody_away(content_public, tmp_path):
    path = write_geopackage(content_public, tmp_path / "results.gpkg")
    names = _names(path)
    assert not {"homes", "parcels", "parcel_points"} & set(names)
    # Nothing but attributes is left of the sites.
    sites = pd.DataFrame(_layer(path, "sites"))
    assert len(sites) == len(content_public.sites)
    assert sites[["x", "y", "lon", "lat"]].isna().all(axis=None)
    assert "geometry" not in sites or sites["geometry"].isna().all()
    communities = _layer(path, "communities").set_index("community_id")
    assert np.isnan(communities.loc["c3", "people"])
    assert set(communities["boundary"]) == {"边界为示意"}


def test_same_content_gives_the_same_bytes(content, tmp_path):
    shuffled = dataclasses.replace(
        content,
        **{
            name: getattr(content, name).iloc[::-1]
            for name in ("gaps", "index", "scores", "sites", "homes", "facilities", "communities")
        },
    )
    first = write_geopackage(content, tmp_path / "a.gpkg").read_bytes()
    assert first == write_geopackage(content, tmp_path / "b.gpkg").read_bytes()
    assert first == write_geopackage(shuffled, tmp_path / "c.gpkg").read_bytes()


def test_an_old_package_is_replaced(content, content_empty, tmp_path):
    path = write_geopackage(content, tmp_path / "results.gpkg")
    write_geopackage(content_empty, path)
    assert len(_layer(path, "homes")) == 0


def test_inputs_are_unchanged(content, tmp_path):
    before = content.facilities.copy(deep=True)
    write_geopackage(content, tmp_path / "results.gpkg")
    assert isinstance(content.facilities, gpd.GeoDataFrame)
    assert before.equals(content.facilities)
