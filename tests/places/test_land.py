"""
Most tests look at one empty block: streets along a square of 100 m, three buildings beyond them.

A residential street takes 5 m on each side, so 90 x 90 m are left.
"""

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from lifecircle import geo
from lifecircle.errors import CrsError, SchemaError
from lifecircle.places.land import find_parcels
from lifecircle.sources.osm.file import read_osm_file
from lifecircle.tables import BARRIERS, BUILDINGS, COMMUNITIES, GROUND, PARCELS, check, empty

CRS_M = CRS.from_epsg(32633)
EAST, NORTH = 400_000.0, 5_900_000.0
SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
NANJING = SHARED / "cn_nanjing_gulou/nanjing_gulou_2021.osm"
DAXING = SHARED / "cn_beijing_daxing/beijing_daxing_2022.osm"


def box(west, south, east, north):
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def line(*points):
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])


SLABS = [box(0, -30, 40, -15), box(50, -30, 90, -15), box(-40, 0, -15, 40)]
HOUSES = [box(x, -25, x + 10, -15) for x in (0, 20, 40, 60, 80)]


def frame(schema, shapes, **columns):
    if not shapes:
        return empty(schema, CRS_M)
    first = next(iter(schema.columns))
    data = {first: [f"{first}{place}" for place in range(len(shapes))], **columns}
    table = gpd.GeoDataFrame(data, geometry=list(shapes), crs=CRS_M)
    return check(table, schema, where="test")


def streets(*lines, highway="residential", foot=True):
    return gpd.GeoDataFrame(
        {"highway": [highway] * len(lines), "foot": [foot] * len(lines)},
        geometry=list(lines),
        crs=CRS_M,
    )


def ring(size=100, highway="residential"):
    around = ((0, 0), (size, 0), (size, size), (0, size), (0, 0))
    return streets(*(line(a, b) for a, b in pairwise(around)), highway=highway)


def ground_of(*pairs):
    return frame(
        GROUND, [shape for _, shape in pairs], kind=[kind for kind, _ in pairs], tag=None, name=None
    )


def block(**given):
    values = {
        "ground": ground_of(),
        "buildings": frame(BUILDINGS, SLABS, use=["yes"] * 3),
        "barriers": frame(BARRIERS, []),
        "street_lines": ring(),
        "area": box(0, 0, 100, 100),
        "communities": frame(COMMUNITIES, [box(0, 0, 100, 100)], name=["one"]),
        "listed": None,
        "crs": CRS_M,
    }
    return find_parcels(**{**values, **given})


# -- bad input --------------------------------------------------------------------------------
def test_every_table_in_another_system_is_named():
    with pytest.raises(CrsError) as caught:
        block(
            ground=ground_of(("park", box(0, 0, 9, 9))).to_crs(4326),
            street_lines=ring().to_crs(4326),
        )
    assert [problem.where for problem in caught.value.problems] == ["ground", "street_lines"]


def test_a_listed_parcel_of_unknown_kind_is_refused():
    listed = gpd.GeoDataFrame(
        {"parcel_id": ["a"], "kind": ["nowhere"]}, geometry=[box(0, 0, 9, 9)], crs=CRS_M
    )
    with pytest.raises(SchemaError, match="unknown value"):
        block(listed=listed)


# -- types and columns -------------------------------------------------------------------------
def test_nothing_in_gives_the_columns_of_parcels():
    found = block(
        buildings=frame(BUILDINGS, []),
        street_lines=streets(),
        communities=frame(COMMUNITIES, []),
    )
    assert list(found.columns) == [*PARCELS.columns, "geometry"]
    assert len(found) == 0
    assert found.crs == CRS_M


def test_inputs_are_unchanged():
    ground = ground_of(("brownfield", box(10, 10, 50, 50)), ("grass", box(60, 60, 90, 90)))
    buildings = frame(BUILDINGS, SLABS, use=["yes"] * 3)
    before = ground.copy(), buildings.copy()
    block(ground=ground, buildings=buildings)
    assert ground.equals(before[0])
    assert buildings.equals(before[1])


# -- hand-worked values -----------------------------------------------------------------------
def test_the_empty_block_is_measured():
    found = block()
    assert len(found) == 1
    row = found.iloc[0]
    assert row["kind"] == "vacant"  # 2,000 m² and more
    assert row["origin"] == "residual"
    assert row["evidence"].startswith("疑似")
    assert row["area_m2"] == pytest.approx(8100)
    assert row["inscribed_m"] == pytest.approx(90, abs=0.6)
    assert row["compactness"] == pytest.approx(np.pi / 4)
    assert row["frontage_m"] == pytest.approx(360)
    assert row["community_id"] == "community_id0"


def test_a_building_keeps_its_setback():
    middle = box(40, 40, 60, 60)
    found = block(buildings=frame(BUILDINGS, [*SLABS, middle], use=["yes"] * 4))
    assert found["area_m2"].sum() == pytest.approx(8100 - 32 * 32, rel=1e-3)
    assert shapely.distance(found.geometry.iloc[0], middle) >= 6 - 1e-6


def test_small_residual_land_is_a_corner():
    found = block(ground=ground_of(("parking", box(0, 25, 100, 100))))
    assert found["kind"].tolist() == ["corner"]
    assert found["area_m2"].iloc[0] == pytest.approx(90 * 20)


@pytest.mark.parametrize(("field", "kept"), [("farmland", 0), ("meadow", 0), ("forest", 1)])
def test_grass_with_fields_on_most_sides_is_a_field(field, kept):
    around = shapely.difference(box(0, 20, 100, 100), box(30, 20, 70, 50))
    lawn = box(30, 0, 70, 50)
    found = block(ground=ground_of((field, around), ("grass", lawn)))
    assert found["evidence"].str.contains("grass").sum() == kept


@pytest.mark.parametrize(("west", "found"), [(92, 0), (80, 1)])
def test_the_end_of_a_plot_beyond_the_border_is_no_plot(west, found):
    ground = ground_of(("brownfield", box(west, 20, 200, 90)), ("parking", box(0, 0, 100, 100)))
    assert (block(ground=ground, area=box(0, 0, 100, 100))["origin"] == "tagged").sum() == found


def test_a_sliver_is_nothing():
    assert len(block(ground=ground_of(("parking", box(0, 12, 100, 100))))) == 0


def test_less_than_the_smallest_site_is_nothing():
    small = ground_of(("parking", box(0, 25, 100, 100)))
    assert len(block(ground=small, standard_min_m2=1801.0)) == 0
    assert len(block(ground=small, standard_min_m2=1799.0)) == 1


@pytest.mark.parametrize(
    "kind",
    [
        *("water", "forest", "farmland", "meadow", "allotments", "cemetery", "protected", "park"),
        *("military", "school", "pitch", "parking", "garden", "construction", "industrial"),
    ],
)
def test_ground_that_is_somebodys_is_never_proposed(kind):
    assert len(block(ground=ground_of((kind, box(-5, -5, 105, 105))))) == 0


def test_open_country_is_never_proposed():
    assert len(block(buildings=frame(BUILDINGS, SLABS[:2], use=["yes"] * 2))) == 0


def test_more_than_two_hectares_is_no_lead_unless_mapped_as_vacant():
    large = {"street_lines": ring(200), "area": box(0, 0, 200, 200)}
    assert len(block(**large)) == 0
    found = block(**large, ground=ground_of(("brownfield", box(0, 0, 200, 200))))
    assert found["origin"].tolist() == ["tagged"]
    assert found["area_m2"].iloc[0] == pytest.approx(190 * 190)


def test_beside_houses_only_mapped_grass_is_proposed():
    houses = frame(BUILDINGS, HOUSES, use=["house"] * 5)
    assert len(block(buildings=houses)) == 0
    lived = ("residential", box(-50, -50, 150, 150))
    assert len(block(buildings=houses, ground=ground_of(lived))) == 0
    found = block(buildings=houses, ground=ground_of(lived, ("grass", box(0, 0, 100, 30))))
    assert found["kind"].tolist() == ["vacant"]
    assert found["area_m2"].iloc[0] == pytest.approx(90 * 25)
    assert "grass" in found["evidence"].iloc[0]


def test_between_flats_the_owners_are_asked():
    found = block(ground=ground_of(("residential", box(-50, -50, 150, 150))))
    assert found["kind"].tolist() == ["in_estate"]
    assert "consent" in found["evidence"].iloc[0]


def test_what_no_walkable_street_touches_is_no_lead():
    closed = ring()
    closed["foot"] = False
    assert len(block(street_lines=closed)) == 0


def test_a_roundabout_is_no_site():
    turns = np.linspace(0, 2 * np.pi, 33)
    circle = line(*((50 + 30 * np.cos(t), 50 + 30 * np.sin(t)) for t in turns[:-1]), (80, 50))
    around = streets(circle)
    assert (
        len(
            block(
                street_lines=around, area=box(19, 19, 81, 81).intersection(shapely.Polygon(circle))
            )
        )
        == 0
    )


def test_vacant_land_is_cut_at_buildings_and_proposed_once():
    ground = ground_of(("brownfield", box(10, 10, 50, 50)), ("vacant", box(30, 10, 70, 50)))
    inside = frame(BUILDINGS, [*SLABS, box(10, 10, 20, 50)], use=["yes"] * 4)
    found = block(ground=ground, buildings=inside)
    tagged = found[found["origin"] == "tagged"]
    assert sorted(tagged["area_m2"].round().tolist()) == [20 * 40, 30 * 40]
    assert (tagged["kind"] == "vacant").all()
    together = shapely.union_all(found.geometry.to_numpy())
    assert shapely.area(together) == pytest.approx(found["area_m2"].sum())


def listed_land():
    return gpd.GeoDataFrame(
        {
            "parcel_id": ["L2", "L1"],
            "kind": ["underused", "stock_room"],
            "area_m2": [np.nan, 320.0],
            "floor_m2": [np.nan, 320.0],
            "evidence": ["list of 2025", None],
        },
        geometry=[box(20, 20, 60, 60), shapely.Point(EAST + 80, NORTH + 80)],
        crs=CRS_M,
    )


def test_the_planners_land_comes_first_and_is_not_found_again():
    found = block(listed=listed_land())
    assert found["parcel_id"].tolist()[:2] == ["L1", "L2"]
    assert found["origin"].tolist() == ["listed", "listed", "residual"]
    assert found["area_m2"].tolist()[:2] == [320.0, 1600.0]
    assert found["community_id"].tolist()[:2] == ["community_id0"] * 2
    assert np.isnan(found["inscribed_m"].iloc[0])  # a room has no outline
    assert found["inscribed_m"].iloc[1] == pytest.approx(40, abs=0.6)
    assert found["evidence"].iloc[1] == "list of 2025"
    overlap = shapely.intersection(found.geometry.iloc[1], found.geometry.iloc[2])
    assert shapely.area(overlap) == pytest.approx(0)


def test_villas_make_gardens_and_joined_slabs_do_not():
    villas = [box(x, -30, x + 16, -14) for x in (0, 25, 50, 75)]  # 256 m² each
    large = box(-60, 0, -15, 40)  # one hall of 1,800 m² does not make a town
    apart = frame(BUILDINGS, [*villas, large], use=["yes"] * 5)
    assert len(block(buildings=apart)) == 0
    slabs = [box(x, -30, x + 16, -14) for x in (0, 16, 32, 48)]
    assert len(block(buildings=frame(BUILDINGS, [*slabs, large], use=["yes"] * 5))) == 1


def test_a_verge_is_no_site():
    strip = ground_of(("parking", box(0, 15, 100, 100)))
    assert len(block(ground=strip)) == 0  # 90 x 10 m along the street
    wide = ground_of(("parking", box(0, 20, 100, 100)))
    assert len(block(ground=wide)) == 1  # 90 x 15 m


def test_a_field_with_buildings_on_one_short_side_only_is_open_country():
    end = [box(-40, y, -15, y + 18) for y in (0, 20)]
    slabs = [box(-60, 0, -15, 40), *end]
    long = {"street_lines": ring(130), "area": box(0, 0, 130, 130)}
    assert len(block(**long, buildings=frame(BUILDINGS, slabs, use=["yes"] * 3))) == 0


def test_less_than_a_small_block_between_streets_is_a_traffic_island():
    small = {"street_lines": ring(38), "area": box(0, 0, 38, 38)}
    assert len(block(**small)) == 0  # 28 x 28 m
    larger = {"street_lines": ring(46), "area": box(0, 0, 46, 46)}
    assert len(block(**larger)) == 1


def test_a_tunnel_takes_no_land():
    lines = ring()
    through = streets(line((50, 0), (50, 100)))
    joined = gpd.GeoDataFrame(
        {
            "highway": "residential",
            "foot": [True] * 4 + [False],
            "tunnel": [False] * 4 + [True],
        },
        geometry=[*lines.geometry, *through.geometry],
        crs=CRS_M,
    )
    park = ground_of(("brownfield", box(0, 0, 100, 100)))
    found = block(street_lines=joined, ground=park)
    assert found["area_m2"].tolist() == pytest.approx([8100])


def test_along_a_river_there_is_room_for_sport_only():
    river = frame(BARRIERS, [line((0, 100), (100, 100))], kind=["water"])
    open_side = streets(*ring().geometry[[0, 1, 3]])
    row = block(street_lines=open_side, barriers=river).iloc[0]
    assert row["checks"] == "sport_only; along_river"
    assert "along_river" in row["evidence"]


def test_without_leads_only_listed_land_is_kept():
    found = block(listed=listed_land(), leads=False)
    assert found["origin"].tolist() == ["listed", "listed"]


# -- laws -------------------------------------------------------------------------------------
def test_row_order_changes_nothing():
    ground = ground_of(
        ("brownfield", box(10, 10, 50, 50)),
        ("vacant", box(30, 10, 70, 50)),
        ("grass", box(60, 60, 90, 90)),
        ("parking", box(0, 60, 40, 100)),
    )
    one = block(ground=ground, listed=listed_land())
    two = block(
        ground=ground.iloc[::-1],
        listed=listed_land().iloc[::-1],
        street_lines=ring().iloc[::-1],
        buildings=frame(BUILDINGS, SLABS, use=["yes"] * 3).iloc[::-1],
    )
    assert one["parcel_id"].tolist() == two["parcel_id"].tolist()
    assert one["parcel_id"].is_unique
    np.testing.assert_allclose(one["area_m2"], two["area_m2"])
    assert one["kind"].tolist() == two["kind"].tolist()


@pytest.mark.parametrize(("path", "least"), [(NANJING, 30), (DAXING, 20)])
@pytest.mark.skipif(not NANJING.exists(), reason="the shared sample data are not here")
@pytest.mark.filterwarnings("ignore::lifecircle.errors.LifecircleWarning")
def test_in_a_real_town_no_candidate_lies_where_it_must_not(path, least):
    survey = read_osm_file(path)
    crs = geo.metric_crs(118.78, 32.04)
    ways = survey.streets
    size = np.diff(ways.way_ptr)
    xy = geo.project(ways.lonlat, crs)[ways.way_node]
    lines = shapely.linestrings(xy, indices=np.repeat(np.arange(len(size)), size))
    street_lines = gpd.GeoDataFrame(
        {
            "highway": ways.ways["highway"].to_numpy(),
            "foot": ways.ways["foot_forward"].to_numpy(),
        },
        geometry=lines,
        crs=crs,
    )
    ground, buildings = survey.ground.to_crs(crs), survey.buildings.to_crs(crs)
    area = geo.project_shape(survey.extent, geo.WGS84, crs)
    found = find_parcels(
        ground=ground,
        buildings=buildings,
        barriers=survey.barriers.to_crs(crs),
        street_lines=street_lines,
        area=area,
        communities=gpd.GeoDataFrame({"community_id": ["all"]}, geometry=[area], crs=crs),
        listed=None,
        crs=crs,
    )
    assert len(found) >= least
    leads = found[found["origin"] == "residual"]
    assert leads["area_m2"].between(150, 20_000).all()
    assert (leads["inscribed_m"] >= 8 - 0.6).all()
    assert (found["community_id"] == "all").all()
    proposed = shapely.union_all(found.geometry.to_numpy())
    never = ["water", "wetland", "farmland", "forest", "park", "school", "protected", "military"]
    taken = ground.geometry[ground["kind"].isin(never)]
    for shapes in (buildings.geometry, taken, street_lines.geometry.buffer(1.5)):
        other = shapely.union_all(shapely.make_valid(shapes.to_numpy()))
        assert shapely.area(shapely.intersection(proposed, other)) < 1.0
