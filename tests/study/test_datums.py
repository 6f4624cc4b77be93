"""Datums of facility lists in a study: found out, said, declared, doubted and asked for."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest

from lifecircle import geo
from lifecircle.config import (
    AreaSection,
    FacilitiesSection,
    FacilityTable,
    NetworkSection,
    StudyConfig,
    StudySection,
)
from lifecircle.errors import CrsError
from lifecircle.sources.systems.local_systems import gauss_system
from lifecircle.study.datums import settle_datums
from lifecircle.study.roads import survey_without_osm
from lifecircle.study.systems import Systems, with_systems
from tests.sources.planner_files import heard
from tests.sources.sheet_making import book
from tests.sources.town_making import CRS_OF_TOWN, inhabited, names_of, shifted, tables

LOCAL = gauss_system("甲2000", central_meridian="121°05′", false_northing=-3_000_000)
PLACES = inhabited()
BOX = (*PLACES.min(axis=0), *PLACES.max(axis=0))


def listed(folder, xy, *, heads=("名称", "经度", "纬度"), title=None, name="list.xlsx"):
    rows = [
        [place, float(x), float(y)] for place, (x, y) in zip(names_of(PLACES), xy, strict=False)
    ]
    return book(folder, [*([[title]] if title else []), list(heads), *rows], name=name)


def settled(*parts, known=True, systems=None):
    survey = survey_without_osm()
    if known:
        houses, areas = tables()
        survey = replace(survey, buildings=houses, communities=areas)
    config = StudyConfig(
        path=parts[0].file.parent / "study.toml",
        study=StudySection(name="Town"),
        area=AreaSection(bbox=tuple(map(float, BOX))),
        network=NetworkSection(roads=parts[0].file),
        facilities=FacilitiesSection(osm=False, tables=parts),
        communities={"draw": "grid"},
        systems=tuple({"name": one, "central_meridian": 121.0} for one in systems or {}),
    )
    own = Systems(by_name=systems or {}, sources=(), words={})
    found = settle_datums(
        with_systems(config, own), survey, crs=CRS_OF_TOWN, box=BOX, systems=own.by_name
    )
    return found.config.facilities.tables, found.words


# -- bad input ---------------------------------------------------------------------------------
def test_too_few_points_are_asked_for_with_the_two_best(tmp_path):
    rng = np.random.default_rng(0)
    path = listed(tmp_path, PLACES[:6] + rng.uniform(-0.004, 0.004, (6, 2)))
    with pytest.raises(CrsError, match=r"do not tell it surely .*%.*") as caught:
        settled(FacilityTable(file=path))
    text = str(caught.value)
    assert sum(f'datum = "{one}"' in text for one in ("wgs84", "gcj02", "bd09")) == 2
    assert "list.xlsx" in text


def test_every_list_that_does_not_tell_is_named_at_once(tmp_path):
    rng = np.random.default_rng(0)
    astray = PLACES[:6] + rng.uniform(-0.004, 0.004, (6, 2))
    parts = [FacilityTable(file=listed(tmp_path, astray, name=f"{n}.xlsx")) for n in range(2)]
    with pytest.raises(CrsError) as caught:
        settled(*parts)
    assert len(caught.value.problems) == 2


def test_what_is_wrong_with_a_list_is_left_to_its_reader(tmp_path):
    path = book(tmp_path, [["名称", "地址"], ["某站", "某路1号"]])
    (part,), words = settled(FacilityTable(file=path, datum="auto"))
    assert part.datum is None
    assert words == {}


def test_without_any_ground_nothing_is_judged(tmp_path):
    (part,), words = settled(FacilityTable(file=listed(tmp_path, PLACES)), known=False)
    assert part.datum is None
    assert words == {}


# -- hand-worked -------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", [None, "auto"])
@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_a_datum_nobody_says_is_found_out_and_told(tmp_path, datum, typed):
    path = listed(tmp_path, shifted(PLACES, datum))
    with heard() as said:
        (part,), words = settled(FacilityTable(file=path, datum=typed))
    assert part.datum == datum
    assert f"taken as {datum}" in said[0]
    assert "in the community named" in said[0]
    assert words["list.xlsx"].startswith(f"found out: {datum}")


def test_a_datum_the_title_says_goes_first_and_is_doubted_where_it_is_wrong(tmp_path):
    path = listed(tmp_path, shifted(PLACES, "bd09"), title="坐标为百度坐标")
    with heard() as said:
        (part,), words = settled(FacilityTable(file=path))
    assert (said, part.datum) == ([], None)  # its reader takes what it says
    assert words["list.xlsx"].startswith("said by the list: bd09 (0 m")
    path = listed(tmp_path, shifted(PLACES, "bd09"), title="高德拾取", name="wrong.xlsx")
    with heard() as said:
        settled(FacilityTable(file=path))
    assert "gcj02 is said by the list, and bd09 fits much better" in said[0]


def test_a_declared_datum_that_fits_much_worse_is_doubted_and_kept(tmp_path):
    path = listed(tmp_path, shifted(PLACES, "gcj02"))
    with heard() as said:
        (part,), words = settled(FacilityTable(file=path, datum="cgcs2000"))
    assert part.datum == "cgcs2000"
    assert "cgcs2000 is declared, and gcj02 fits much better" in said[0]
    with heard() as said:
        (part,), words = settled(FacilityTable(file=path, datum="gcj02"))
    assert said == []
    assert words["list.xlsx"].startswith("declared: gcj02 (0 m")


def test_the_crs_of_a_table_without_shapes_is_a_declaration(tmp_path):
    path = listed(tmp_path, shifted(PLACES, "gcj02"))
    with heard() as said:
        (part,), words = settled(FacilityTable(file=path, crs="gcj02"))
    assert (said, part.datum) == ([], None)
    assert words["list.xlsx"].startswith("declared: gcj02")


def test_rows_of_a_second_datum_are_told_with_their_numbers(tmp_path):
    mixed = np.array(shifted(PLACES, "gcj02"))
    mixed[:9] = PLACES[:9]
    with heard() as said:
        settled(FacilityTable(file=listed(tmp_path, mixed), datum="gcj02"))
    assert "may be of two datums" in said[0]
    assert "row 2, " in said[0]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("typed", [None, "cgcs2000"])
def test_metres_without_a_zone_are_placed_by_the_study_area(tmp_path, typed, order):
    xy = geo.project(PLACES, CRS_OF_TOWN)[:, ::order]
    path = listed(tmp_path, xy, heads=("名称", "横坐标", "纵坐标"))
    with heard():
        (part,), _ = settled(FacilityTable(file=path, datum=typed))
    assert part.datum == "epsg:4549"


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("typed", [None, "甲2000", " 甲２０００"])
def test_a_local_system_by_its_name_or_by_the_ground(tmp_path, typed, order):
    xy = geo.project(PLACES, LOCAL)
    path = listed(tmp_path, xy[:, ::order], heads=("名称", "X", "Y"))
    with heard() as said:
        (part,), words = settled(FacilityTable(file=path, datum=typed), systems={"甲2000": LOCAL})
    crs = geo.CRS.from_wkt(part.datum)
    np.testing.assert_allclose(geo.unproject(xy[:, ::order], crs), PLACES, atol=1e-7)
    assert "甲2000" in words["list.xlsx"]
    assert any("x is north" in one or "x north" in one for one in said) == (order == -1)


def test_a_vector_list_keeps_its_own_system_and_is_doubted(tmp_path):
    spots = shifted(PLACES, "gcj02")
    table = gpd.GeoDataFrame(
        {"名称": names_of(PLACES)}, geometry=gpd.points_from_xy(*spots.T), crs="EPSG:4490"
    )
    table.to_file(tmp_path / "list.gpkg")
    with heard() as said:
        (part,), _ = settled(FacilityTable(file=tmp_path / "list.gpkg"))
    assert part.datum is None
    assert "gcj02 fits much better" in said[0]
    with heard() as said:
        (part,), _ = settled(FacilityTable(file=tmp_path / "list.gpkg", datum="auto"))
    assert part.datum == "gcj02"


def test_a_settled_list_helps_with_the_next(tmp_path):
    first = FacilityTable(file=listed(tmp_path, PLACES, name="a.xlsx"), datum="wgs84")
    second = FacilityTable(file=listed(tmp_path, shifted(PLACES, "bd09"), name="b.xlsx"))
    with heard() as said:
        parts, words = settled(second, first)
    assert [one.datum for one in parts] == ["bd09", "wgs84"]
    assert list(words) == ["b.xlsx", "a.xlsx"]
    assert "to the place of the same name" in said[0]
