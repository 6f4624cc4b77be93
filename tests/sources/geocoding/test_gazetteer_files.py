"""Files of addresses: which column means what, and what the map knows by name."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle import geo
from lifecircle.errors import CrsError, InputError, SchemaError, SourceError
from lifecircle.sources.geocoding.gazetteer import ENTRY_COLUMNS
from lifecircle.sources.geocoding.gazetteer_files import (
    entries_of_list,
    entries_of_survey,
    read_addresses,
    streets_of_survey,
)
from lifecircle.sources.toytown import toytown
from lifecircle.tables import GATES, NAMED_PLACES, check
from tests.sources.planner_files import heard, is_balanced, points, saved
from tests.sources.sheet_making import book, text


# -- bad input ---------------------------------------------------------------------------------
def test_what_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_addresses(tmp_path / "none.shp")
    path = saved(tmp_path, {"F1": [1.5], "F2": ["x"]}, points(1))
    with pytest.raises(InputError, match="no column of addresses or names") as error:
        read_addresses(path)
    assert "columns found: F1, F2" in str(error.value)
    with pytest.raises(SchemaError, match="'DZ', given for address, is missing"):
        read_addresses(path, columns={"address": "DZ"})
    with pytest.raises(CrsError, match="datum 'mars' is unknown"):
        read_addresses(path, datum="mars")


# -- columns -----------------------------------------------------------------------------------
def test_columns_are_known_by_their_names(tmp_path):
    rows = {
        "DZQC": ["临江区城南镇文澜街12号", None],
        "JD": ["城南镇", "城南镇"],
        "SQ": ["河东社区", "河东社区"],
        "DLMC": ["文澜街", "花园路"],
        "MPH": ["12", "8号"],
        "XQ": [None, "水岸家园"],
        "LDH": [None, "6号楼"],
        "BZ": ["旧门牌", None],
    }
    entries, source = read_addresses(saved(tmp_path, rows, points(2)))
    assert set(entries.columns) <= {*ENTRY_COLUMNS, "geometry"}
    assert entries.crs == geo.WGS84
    assert entries["kind"].tolist() == ["old_address", "address"]
    assert entries["number"].tolist() == ["12", "8号"]
    assert entries["building"].tolist() == [None, "6号楼"]
    assert entries["row"].tolist() == ["1", "2"]
    assert set(entries["source"]) == {"list.gpkg"}
    assert is_balanced(source)


def test_columns_are_known_by_what_stands_in_them_and_names_that_lie_are_not_believed(tmp_path):
    rows = {
        "A": ["临江区城南镇文澜街12号", "临江区城南镇文澜街14号"],
        "B": ["12号", "14号"],
        "C": ["文澜街", "文澜街"],
        "D": ["河东社区", "河西社区"],
        "JD": ["120.1", "120.2"],  # a longitude here, not a subdistrict
        "E": ["城南镇", "城北街道"],
        "序号": ["1", "2"],
    }
    entries, _ = read_addresses(saved(tmp_path, rows, points(2)))
    assert entries["subdistrict"].tolist() == ["城南镇", "城北街道"]
    assert entries["community"].tolist() == ["河东社区", "河西社区"]
    assert entries["street"].tolist() == ["文澜街", "文澜街"]
    assert entries["number"].tolist() == ["12号", "14号"]
    assert entries["address"].tolist() == rows["A"]
    entries, _ = read_addresses(
        saved(tmp_path, rows, points(2), name="b.gpkg"), columns={"subdistrict": "JD"}
    )
    assert entries["subdistrict"].tolist() == ["120.1", "120.2"]


def test_a_table_with_coordinates_will_do(tmp_path):
    path = text(tmp_path, ["名称,地址,经度,纬度", "水岸家园北门,文澜街12号,121.1,30.46"])
    entries, _ = read_addresses(path, datum="wgs84")
    assert entries["name"].tolist() == ["水岸家园北门"]
    assert entries["kind"].tolist() == ["place"]
    assert (entries.geometry[0].x, entries.geometry[0].y) == (121.1, 30.46)


# -- lists and the map -------------------------------------------------------------------------
def test_of_a_list_only_rows_with_coordinates_are_known(tmp_path):
    rows = [
        ["机构名称", "地址", "经度", "纬度", "电话"],
        ["河东卫生室", "文澜街12号", 121.1, 30.46, "1"],
        ["河西卫生室", "文澜街14号", None, None, "2"],
    ]
    with heard() as said:
        entries = entries_of_list(book(tmp_path, rows), datum="wgs84")
        none = entries_of_list(book(tmp_path, [["名称", "地址"], ["甲", "乙路1号"]], name="b.xlsx"))
    assert said == []
    assert entries["name"].tolist() == ["河东卫生室"]
    assert entries["row"].tolist() == ["2"]
    assert len(none) == 0
    given = {"name": "机构名称", "service": "地址"}
    again = entries_of_list(book(tmp_path, rows), datum="wgs84", columns=given)
    assert again["name"].tolist() == ["河东卫生室"]


def test_what_a_survey_knows_by_name():
    survey = toytown()
    place = gpd.GeoDataFrame(
        {"place_id": ["n1"], "kind": ["hamlet"], "name": ["港西浜"]},
        geometry=[shapely.Point(121.1, 30.46)],
        crs=geo.WGS84,
    )
    gate = gpd.GeoDataFrame(
        {"gate_id": ["g1", "g2"], "name": ["御景新苑北门", None]},
        geometry=[shapely.Point(121.1, 30.46), shapely.Point(121.1, 30.47)],
        crs=geo.WGS84,
    )
    survey = dataclasses.replace(
        survey,
        named_places=check(place, NAMED_PLACES, where="places"),
        estate_gates=check(gate, GATES, where="gates"),
    )
    names = [name for one in entries_of_survey(survey) for name in one["name"]]
    assert {"港西浜", "御景新苑北门"} <= set(names)
    assert None not in names
    streets = streets_of_survey(survey)
    named = survey.streets.ways["name"].notna()
    assert len(streets) == int(named.sum())
    assert set(streets.geom_type) <= {"LineString"}
    assert np.array_equal(
        sorted(set(streets["name"])), sorted(set(survey.streets.ways.loc[named, "name"]))
    )
