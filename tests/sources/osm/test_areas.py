import math

import numpy as np
import pytest
import shapely

from lifecircle.sources.osm.areas import (
    assemble_admin_areas,
    assemble_areas,
    name_of,
    population,
    survey_table,
)
from lifecircle.sources.osm.raw import read_raw
from lifecircle.tables import ADMIN_AREAS, BUILDINGS
from tests.sources.osm_xml import osm_text, ring, square, write_osm


def areas_of(tmp_path, nodes, ways, relations=()):
    raw = read_raw(write_osm(tmp_path, osm_text(nodes, ways, relations)))
    return assemble_areas(raw, np.array([bool(tags) for tags in raw.way_tags], dtype=bool))


def test_closed_ways_become_polygons_and_open_ones_do_not(tmp_path):
    nodes = square(1, 13.0, 53.0)
    ways = [
        (1, ring(1), {"building": "yes"}),
        (2, [1, 2, 3], {"building": "yes"}),
        (3, [1, 2, 1], {"building": "yes"}),
        (4, ring(1), {}),
    ]
    areas = areas_of(tmp_path, nodes, ways)
    assert areas.area_id == ("w1",)
    assert areas.shape[0].bounds == pytest.approx((13.0, 53.0, 13.001, 53.001))
    assert areas.open_relations == areas.bad_outlines == 0
    with pytest.raises(ValueError, match="read-only"):
        areas.shape[0] = None


def test_an_outline_that_crosses_itself_is_mended(tmp_path):
    nodes = square(1, 13.0, 53.0)
    areas = areas_of(tmp_path, nodes, [(1, [1, 2, 4, 3, 1], {"landuse": "grass"})])
    assert areas.shape[0].is_valid
    # A bow tie covers half of the square.
    assert areas.shape[0].area == pytest.approx(0.5e-6)


def test_an_outline_without_area_is_counted(tmp_path):
    nodes = [(at, 13.0 + at / 1000, 53.0, {}) for at in (1, 2, 3)]
    areas = areas_of(tmp_path, nodes, [(1, [1, 2, 3, 1], {"landuse": "grass"})])
    assert areas.area_id == ()
    assert areas.bad_outlines == 1


def test_a_multipolygon_takes_holes_and_islands_from_geometry_not_roles(tmp_path):
    nodes = [
        *square(1, 13.0, 53.0, 0.01),
        *square(11, 13.002, 53.002, 0.006),
        *square(21, 13.004, 53.004, 0.002),
        *square(31, 13.02, 53.0, 0.01),
    ]
    ways = [(number, ring(number), {}) for number in (1, 11, 21, 31)]
    members = [(1, "inner"), (11, "outer"), (21, ""), (31, "outer")]
    tags = {"type": "multipolygon", "landuse": "forest"}
    areas = areas_of(tmp_path, nodes, ways, [(9, members, tags)])
    assert areas.area_id == ("r9",)
    # Two squares of 100, less a hole of 36, plus an island of 4 (in 1e-6 square degrees).
    assert areas.shape[0].area == pytest.approx(168e-6)


def test_a_ring_may_run_through_several_ways(tmp_path):
    nodes = square(1, 13.0, 53.0)
    ways = [(1, [1, 2, 3], {}), (2, [1, 4, 3], {"highway": "path"})]
    tags = {"type": "multipolygon", "natural": "water"}
    areas = areas_of(tmp_path, nodes, ways, [(9, [(1, "outer"), (2, "outer")], tags)])
    assert areas.area_id == ("r9",)
    assert areas.shape[0].area == pytest.approx(1e-6)


@pytest.mark.parametrize("members", [[(1, "outer")], [(1, "outer"), (2, "outer"), (3, "outer")]])
def test_multipolygons_that_do_not_close_are_counted(tmp_path, members):
    nodes = square(1, 13.0, 53.0)
    ways = [(1, [1, 2, 3], {}), (2, [1, 4, 3], {})]
    tags = {"type": "multipolygon", "natural": "water"}
    areas = areas_of(tmp_path, nodes, ways, [(9, members, tags)])
    assert areas.area_id == ()
    assert areas.open_relations == 1


def test_an_old_relation_gives_its_hole_to_the_outer_way(tmp_path):
    nodes = [*square(1, 13.0, 53.0, 0.01), *square(11, 13.002, 53.002, 0.002)]
    ways = [(1, ring(1), {"natural": "water"}), (11, ring(11), {"natural": "wood"})]
    relation = (9, [(11, "inner"), (1, "outer")], {"type": "multipolygon"})
    areas = areas_of(tmp_path, nodes, ways, [relation])
    assert areas.area_id == ("w1", "w11")
    assert [shape.area for shape in areas.shape] == pytest.approx([96e-6, 4e-6])


def test_an_old_relation_of_several_outer_ways_takes_their_tags(tmp_path):
    nodes = square(1, 13.0, 53.0)
    ways = [(1, [1, 2, 3], {"natural": "water"}), (2, [3, 4, 1], {"natural": "water"})]
    relation = (9, [(1, "outer"), (2, "outer")], {"type": "multipolygon"})
    areas = areas_of(tmp_path, nodes, ways, [relation])
    assert areas.area_id == ("r9",)
    assert areas.tags == ({"natural": "water"},)


# -- administrative areas ----------------------------------------------------------------------
ADMIN = {
    "type": "boundary",
    "boundary": "administrative",
    "admin_level": "8",
    "name": "镇<b>",
    "population": "12 345",
}


def admin_of(tmp_path, gap_deg, *, size=0.1, lost_member=False, tags=ADMIN):
    """A square whose west side lacks `gap_deg` at its northern end."""
    nodes = [
        *square(1, 13.0, 53.0, size),
        (5, 13.0, 53.0 + size - gap_deg, {}),
    ]
    ways = [(1, [1, 2, 3, 4], {}), (2, [1, 5], {})]
    members = [(1, "outer"), (2, "outer"), *([(3, "outer")] if lost_member else [])]
    raw = read_raw(write_osm(tmp_path, osm_text(nodes, ways, [(6, members, tags)])))
    return assemble_admin_areas(raw)


def test_a_short_gap_is_closed_and_written_down(tmp_path):
    found = admin_of(tmp_path, 0.003, lost_member=True)
    assert found.dropped == ()
    row = found.table.iloc[0]
    assert (row["admin_id"], row["level"], row["name"], row["people"]) == (
        "r6",
        8.0,
        "镇<b>",
        12345.0,
    )
    # A thousandth of a degree of latitude is 111.3 m here.
    assert row["closed_gap_m"] == pytest.approx(333.9, abs=0.5)
    assert found.closed == (("镇<b>", row["closed_gap_m"]),)
    assert row.geometry.area == pytest.approx(0.01)


def test_a_long_gap_is_not_closed(tmp_path):
    found = admin_of(tmp_path, 0.0046)
    assert found.dropped == ("镇<b>",)
    assert len(found.table) == 0
    assert list(found.table.columns) == [*ADMIN_AREAS.columns, "geometry"]


def test_the_limit_of_500_m_is_inclusive(tmp_path):
    assert len(admin_of(tmp_path, 0.00449).table) == 1  # 499.7 m
    assert len(admin_of(tmp_path, 0.0045).table) == 0  # 500.8 m


def test_a_short_gap_in_a_scrap_proves_nothing(tmp_path):
    assert admin_of(tmp_path, 0.001, size=0.004).dropped == ("镇<b>",)


def test_a_whole_outline_needs_no_closing(tmp_path):
    nodes = square(1, 13.0, 53.0, 0.1)
    raw = read_raw(
        write_osm(tmp_path, osm_text(nodes, [(1, ring(1), {})], [(6, [(1, "outer")], ADMIN)]))
    )
    found = assemble_admin_areas(raw)
    assert found.closed == found.dropped == ()
    assert found.table["closed_gap_m"].tolist() == [0.0]


def test_an_area_that_lost_a_whole_ring_is_left_out(tmp_path):
    nodes = square(1, 13.0, 53.0, 0.1)
    relation = (6, [(1, "outer"), (2, "outer")], ADMIN)
    raw = read_raw(write_osm(tmp_path, osm_text(nodes, [(1, ring(1), {})], [relation])))
    found = assemble_admin_areas(raw)
    assert found.dropped == ("镇<b>",)


def test_two_gaps_are_joined_nearest_first(tmp_path):
    nodes = [
        (1, 13.0, 53.0, {}),
        (2, 13.1, 53.0, {}),
        (3, 13.1, 53.1, {}),
        (4, 13.002, 53.1, {}),
        (5, 13.0, 53.098, {}),
        (6, 13.0, 53.002, {}),
    ]
    ways = [(1, [1, 2, 3, 4], {}), (2, [5, 6], {})]
    relation = (6, [(1, "outer"), (2, "outer")], ADMIN)
    raw = read_raw(write_osm(tmp_path, osm_text(nodes, ways, [relation])))
    found = assemble_admin_areas(raw)
    # 222.6 m of latitude in the south-west, the hypotenuse of 134.0 and 222.6 in the north-west.
    assert found.closed[0][1] == pytest.approx(222.6 + math.hypot(134.0, 222.6), abs=0.5)
    assert found.table.geometry.iloc[0].area == pytest.approx(0.01 - 2e-6)


def test_levels_that_are_no_number_are_passed_over(tmp_path):
    found = admin_of(tmp_path, 0.003, tags={**ADMIN, "admin_level": "town"})
    assert len(found.table) == 0
    assert found.dropped == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("63437", 63437), ("63,437", 63437), ("63 437", 63437), ("0", 0)],
)
def test_population_is_read(text, expected):
    assert population({"population": text}) == expected


@pytest.mark.parametrize("tags", [{}, {"population": "many"}, {"population": "-1"}])
def test_population_that_is_no_number_is_missing(tags):
    assert math.isnan(population(tags))


def test_names_prefer_the_local_one():
    assert name_of({"name:en": "b", "name:zh": "丙"}) == "丙"
    assert name_of({"name:en": "b", "name": "a"}) == "a"
    assert name_of({}) is None


def test_an_empty_table_has_all_columns():
    table = survey_table(BUILDINGS, {}, np.empty(0, dtype=object))
    assert list(table.columns) == [*BUILDINGS.columns, "geometry"]
    assert table.crs.to_epsg() == 4326


def test_holes_do_not_depend_on_member_order(tmp_path):
    nodes = [*square(1, 13.0, 53.0, 0.01), *square(11, 13.002, 53.002, 0.002)]
    ways = [(1, ring(1), {}), (11, ring(11), {})]
    tags = {"type": "multipolygon", "landuse": "forest"}
    shapes = [
        areas_of(tmp_path, nodes, ways, [(9, members, tags)]).shape[0]
        for members in ([(1, "outer"), (11, "inner")], [(11, "inner"), (1, "outer")])
    ]
    assert shapely.equals_exact(shapes[0], shapes[1])
