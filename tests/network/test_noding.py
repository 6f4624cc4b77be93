"""Road centrelines become streets that meet only where a walker could turn."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString

from lifecircle import geo
from lifecircle.errors import CrsError, NetworkError
from lifecircle.network.noding import node_lines
from lifecircle.network.streets import StreetNetwork
from lifecircle.sources.roads import read_roads

SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
CRS = "EPSG:4549"
EAST, NORTH = 500_000.0, 3_370_000.0


def road(*points):
    return LineString([(EAST + x, NORTH + y) for x, y in points])


def table(*lines, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(lines), crs=CRS)


def network_of(lines, **how):
    noded = node_lines(lines, **how)
    return StreetNetwork.from_ways(noded.streets, lines.crs), noded.report


def parts(network):
    return len(np.unique(network.component[network.edge_node[network.walkable]]))


def degrees(network):
    return sorted(np.bincount(network.edge_node.ravel()).tolist())


ACROSS = road((0, 0), (200, 0))
UP = road((100, -100), (100, 100))


# -- what is refused ---------------------------------------------------------------------------
def test_lines_without_a_metric_system_are_refused():
    lines = table(ACROSS)
    with pytest.raises(CrsError, match="metric"):
        node_lines(lines.to_crs("EPSG:4326"))
    with pytest.raises(CrsError, match="metric"):
        node_lines(lines.set_crs(None, allow_override=True))


@pytest.mark.parametrize(
    "shapes",
    [[], [MultiLineString([ACROSS, UP])], [ACROSS, LineString([(0, 0), (0, 0)])]],
    ids=["none", "multi", "no length"],
)
def test_what_is_no_line_is_refused(shapes):
    with pytest.raises(NetworkError, match="LineStrings with a length"):
        node_lines(gpd.GeoDataFrame(geometry=shapes, crs=CRS))


# -- levels ------------------------------------------------------------------------------------
def test_lines_that_cross_meet():
    network, report = network_of(table(ACROSS, UP))
    assert (report.crossings, report.kept_apart, report.lines) == (1, 0, 2)
    assert degrees(network) == [1, 1, 1, 1, 4]
    assert network.length_m == pytest.approx([100] * 4, abs=0.1)


def test_a_road_above_another_one_makes_no_junction():
    network, report = network_of(table(ACROSS, UP, layer=[0, 1]))
    assert (report.crossings, report.kept_apart) == (0, 1)
    assert degrees(network) == [1, 1, 1, 1]
    assert parts(network) == 2


def test_the_column_of_levels_may_have_any_name():
    _, report = network_of(table(ACROSS, UP, CC=[0, 1]), level="CC")
    assert report.kept_apart == 1


def test_a_bridge_joins_the_street_at_its_ends_and_not_below():
    bridge = road((50, 0), (150, 0))
    lines = table(road((0, 0), (50, 0)), bridge, road((150, 0), (200, 0)), UP, layer=[0, 1, 0, 0])
    network, report = network_of(lines)
    assert degrees(network) == [1, 1, 1, 1, 2, 2]
    assert (parts(network), report.kept_apart) == (2, 1)


def test_a_bridge_whose_end_is_a_crossroads_joins_all_its_arms():
    lines = table(
        road((0, 0), (50, 0)),
        road((50, 0), (150, 0)),
        road((50, -50), (50, 0)),
        road((50, 0), (50, 50)),
        layer=[0, 1, 0, 0],
    )
    assert degrees(network_of(lines)[0]) == [1, 1, 1, 1, 4]


def test_a_ramp_joins_the_road_it_was_drawn_onto():
    ramp = road((100, 0), (160, 60))
    network, _ = network_of(table(ACROSS, ramp, layer=[1, 0]))
    assert degrees(network) == [1, 1, 1, 3]
    # A street that merely ends near the elevated road is none of its ramps.
    near = road((100, 0.5), (160, 60))
    assert parts(network_of(table(ACROSS, near, layer=[1, 0]))[0]) == 2


def test_roads_cut_where_they_cross_in_the_plane_stay_apart_by_level():
    pieces = table(
        road((0, 0), (100, 0)),
        road((100, 0), (200, 0)),
        road((100, -100), (100, 0)),
        road((100, 0), (100, 100)),
        layer=[1, 1, 0, 0],
    )
    network, _ = network_of(pieces)
    assert parts(network) == 2
    assert degrees(network) == [1, 1, 1, 1, 2, 2]


# -- ends --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stop", "joined"), [(0.0, True), (0.9, True), (-0.9, True), (1.1, False), (-1.1, True)]
)
def test_an_end_is_drawn_onto_a_line_within_a_metre(stop, joined):
    network, report = network_of(table(ACROSS, road((100, 100), (100, stop))))
    assert (parts(network) == 1) is joined
    assert report.snapped == (stop in (0.9, -0.9))
    # Running over by less than a metre leaves no stub, by more it is a crossing.
    assert degrees(network) == {
        1.1: [1, 1, 1, 1],
        -1.1: [1, 1, 1, 1, 4],
    }.get(stop, [1, 1, 1, 3])


def test_an_end_that_touches_is_not_counted_as_snapped():
    _, report = network_of(table(ACROSS, road((100, 0), (100, 100))))
    assert (report.snapped, report.breaks) == (0, 0)


def test_ends_within_a_metre_of_each_other_meet():
    network, report = network_of(table(road((0, 0), (100, 0)), road((100.6, 0.4), (200, 0))))
    assert degrees(network) == [1, 1, 2]
    assert report.snapped == 2


@pytest.mark.parametrize(("gap", "told"), [(2.9, 1), (3.1, 0)])
def test_a_break_under_three_metres_is_told_and_mended_on_request(gap, told):
    lines = table(road((0, 0), (100, 0)), road((100 + gap, 0), (200, 0)))
    network, report = network_of(lines)
    assert (report.breaks, report.mended, parts(network)) == (told, 0, 2)
    network, report = network_of(lines, mend_m=3.0)
    assert (report.breaks, report.mended) == (told, told)
    assert parts(network) == 2 - told
    if told:
        assert network.length_m.sum() == pytest.approx(200, abs=0.1)
        assert report.break_xy.tolist() in ([[EAST + 100, NORTH]], [[EAST + 102.9, NORTH]])


@pytest.mark.parametrize(("gap", "told"), [(2.9, 1), (3.1, 0)])
def test_an_end_short_of_the_side_of_a_line_is_a_break_too(gap, told):
    lines = table(ACROSS, road((100, 100), (100, gap)))
    network, report = network_of(lines, mend_m=3.0)
    assert (report.breaks, report.mended, parts(network)) == (told, told, 2 - told)
    if told:
        assert degrees(network) == [1, 1, 1, 3]


def test_a_short_dead_end_beside_its_own_street_is_no_break():
    _, report = network_of(table(ACROSS, road((100, 0), (100, 2.5))), mend_m=3.0)
    assert (report.breaks, report.mended) == (0, 0)


# -- doubles and loops -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "again",
    [
        ACROSS,
        shapely.reverse(ACROSS),
        road((20, 0.5), (180, 0.8)),
        road((200, -0.9), (100, 0.9), (0, -0.9)),
    ],
    ids=["same", "reversed", "shorter", "wavering"],
)
def test_a_line_on_top_of_another_one_is_left_out(again):
    network, report = network_of(table(ACROSS, again, UP))
    assert report.doubles == 1
    assert len(network.length_m) == 4


def test_a_line_above_another_one_is_no_double_of_it():
    assert network_of(table(ACROSS, ACROSS, layer=[0, 1]))[1].doubles == 0


def test_a_line_beside_another_one_is_no_double_of_it():
    assert network_of(table(ACROSS, road((0, 1.5), (200, 1.5))))[1].doubles == 0


def test_what_hung_on_a_double_hangs_on_the_line_that_stays():
    double = road((10, 0.8), (190, 0.8))
    network, report = network_of(table(ACROSS, double, road((50, 0.8), (50, 90))))
    assert report.doubles == 1
    assert parts(network) == 1
    assert degrees(network) == [1, 1, 1, 3]


def test_a_line_shorter_than_a_metre_is_drawn_to_its_junction_and_counted():
    lines = table(ACROSS, road((100, 0), (100, 0.7)), road((100, 0.7), (100, 100)))
    network, report = network_of(lines)
    assert (report.stubs, report.lines) == (1, 2)
    assert degrees(network) == [1, 1, 1, 3]


def test_a_ring_road_stays_a_ring():
    ring = road((0, 0), (100, 0), (100, 100), (0, 100), (0, 0))
    network, _ = network_of(table(ring, road((50, 0), (50, 100)), road((100, 50), (180, 50))))
    assert parts(network) == 1
    assert network.length_m.sum() == pytest.approx(400 + 100 + 80, abs=0.5)
    assert degrees(network) == [1, 2, 3, 3, 3]


def test_a_line_that_crosses_itself_gets_a_junction_there():
    network, _ = network_of(table(road((0, 0), (100, 0), (100, 50), (50, 50), (50, -50))))
    assert degrees(network) == [1, 1, 4]
    assert network.length_m.sum() == pytest.approx(300, abs=0.5)


def test_two_sides_of_a_road_stay_and_are_counted():
    lines = table(
        road((0, 0), (400, 0)),
        road((400, 24), (0, 24)),
        road((0, 80), (400, 80)),
        road((400, 0), (800, 0)),
        name=["江滨路", "江滨路", "江滨路", "江滨路"],
    )
    _, report = network_of(lines)
    assert (report.lines, report.dual_pairs) == (4, 1)
    assert network_of(lines.assign(name=["江滨路", "环城路", None, None]))[1].dual_pairs == 0
    assert network_of(lines.assign(highway="primary"))[1].dual_pairs == 1
    # Paths of one name on both banks of a canal are two paths.
    assert network_of(lines.assign(highway="footway"))[1].dual_pairs == 0


# -- laws --------------------------------------------------------------------------------------
def scattered(seed, n=40):
    rng = np.random.default_rng(seed)
    start = rng.uniform(0, 600, (n, 2))
    lines = [
        road(
            tuple(at), tuple(at + rng.uniform(-250, 250, 2)), tuple(at + rng.uniform(-250, 250, 2))
        )
        for at in start
    ]
    return table(*lines, layer=rng.integers(0, 2, n), way_id=[f"r{number}" for number in range(n)])


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_nothing(seed):
    lines = scattered(seed)
    before = lines.copy()
    one, report = network_of(lines, mend_m=3.0)
    shuffled = lines.sample(frac=1, random_state=seed)
    other, again = network_of(shuffled, mend_m=3.0)
    assert one.node_xy.tobytes() == other.node_xy.tobytes()
    assert one.edge_node.tobytes() == other.edge_node.tobytes()
    assert one.shape_xy.tobytes() == other.shape_xy.tobytes()
    assert one.edges.equals(other.edges)
    assert report.breaks == again.breaks
    assert lines.equals(before)


@pytest.mark.parametrize("seed", range(5))
def test_noded_lines_of_one_level_share_no_point_but_junctions(seed):
    network, _ = network_of(scattered(seed))
    frame = network.to_frame().assign(layer=network.edges["layer"])
    shapes = frame.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="crosses")
    both = (frame["layer"].to_numpy()[left] == frame["layer"].to_numpy()[right]) & (left < right)
    shared = shapely.intersection(network.lines[left[both]], network.lines[right[both]])
    nodes = shapely.multipoints(network.node_xy)
    away = [one for one in shared if shapely.distance(one, nodes) > 0.01]
    assert away == []
    assert len(network.length_m) > 100
    before = scattered(seed).length.sum()
    assert network.length_m.sum() == pytest.approx(before, rel=0.01)


# -- real files --------------------------------------------------------------------------------
@pytest.mark.filterwarnings("ignore::lifecircle.errors.DoubtfulRowsWarning")
def test_the_centrelines_of_a_district_are_one_network():
    file = SHARED / "cn_lanpu_small" / "06_道路中心线.shp"
    if not file.exists():
        pytest.skip("sample data are not there")
    roads, _ = read_roads(file)
    crs = geo.metric_crs(121.1, 30.46)
    network, report = network_of(geo.to_crs(roads, crs, where="roads"))
    part = network.component[network.edge_node[network.walkable, 0]]
    length_m = np.bincount(part, weights=network.length_m[network.walkable])
    assert length_m.max() / length_m.sum() > 0.97
    viaduct = (network.edges["name"] == "澜浦高架").to_numpy()
    assert viaduct.sum() == 1
    assert report.kept_apart >= 6
    below = network.edge_node[~viaduct].ravel()
    assert not np.isin(network.edge_node[viaduct].ravel(), below).any()
