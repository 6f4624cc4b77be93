"""Links as remedies: hand-worked streets, what forbids a link, laws, and networkx as a judge."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from lifecircle.network.compounds import enclose
from lifecircle.network.linking import with_links
from lifecircle.network.pins import pin_points
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.reach.matrix import Pinned, reach_of
from lifecircle.siting.link_ground import LinkGround
from lifecircle.siting.links import find_links
from lifecircle.siting.ways import WAYS
from lifecircle.standards import load_standard
from lifecircle.study import Study
from lifecircle.tables import BARRIERS, BUILDINGS, ESTATES, GATES, GROUND, empty

CRS = "EPSG:4550"
E0, N0 = 500_000.0, 3_365_000.0
STANDARD = load_standard("basic")
FIVE = STANDARD.requirement("medical_5")


def at(x, y):
    return E0 + x, N0 + y


def streets(*lines):
    shapes = [LineString([at(*xy) for xy in line]) for line in lines]
    return StreetNetwork.from_lines(gpd.GeoDataFrame(geometry=shapes, crs=CRS))


HAIRPIN = (  # two streets 60 m apart, joined in the west only
    [(0, 0), (400, 0)],
    [(0, 0), (0, 60)],
    [(0, 60), (400, 60)],
)


def pinned(network, table):
    pins = pin_points(network, table.geometry.to_numpy())
    return Pinned(
        table=table, ends=Ends.single(pins), compound=np.full(len(table), -1, dtype=np.int32)
    )


def homes_at(network, *rows):
    table = gpd.GeoDataFrame(
        {
            "home_id": [f"h{n}" for n in range(len(rows))],
            "community_id": "c",
            "people": [float(row[2]) for row in rows],
            "urban": True,
        },
        geometry=[Point(at(*row[:2])) for row in rows],
        crs=CRS,
    )
    return pinned(network, table)


def clinics_at(network, *rows):
    table = gpd.GeoDataFrame(
        {
            "facility_id": [f"f{n}" for n in range(len(rows))],
            "service": "medical",
            "type": "medical.station",
            "status": "existing",
            "open_to": "anyone",
        },
        geometry=[Point(at(*row)) for row in rows],
        crs=CRS,
    )
    return pinned(network, table)


def table_of(schema, kind, shape):
    name = next(iter(schema.columns))
    return gpd.GeoDataFrame({name: ["x"], "kind": [kind]}, geometry=[shape], crs=CRS)


def found(network, homes, clinics, *, estates=False, language="en", **ground):
    compounds = enclose(network, empty(ESTATES, CRS), empty(GATES, CRS))
    parts = {
        "buildings": empty(BUILDINGS, CRS),
        "barriers": empty(BARRIERS, CRS),
        "ground": (empty(GROUND, CRS),),
        "protected": np.empty(0, dtype=object),
        "estates": np.empty(0, dtype=object),
    } | ground
    reach = reach_of(FIVE, homes, clinics, network)
    reason = np.where(reach.covered, None, "barrier")
    return find_links(
        STANDARD,
        {FIVE.id: reach},
        {FIVE.id: reason},
        homes=homes,
        facilities=clinics,
        ground=LinkGround(compounds=compounds, **parts),
        language=language,
        estates=estates,
    )


def hairpin(people=120, **ground):
    network = streets(*HAIRPIN)
    homes = homes_at(network, (390, -10, people), (100, -10, people))
    return found(network, homes, clinics_at(network, (390, 70)), **ground)


# -- hand-worked -------------------------------------------------------------------------------
def test_a_link_joins_the_ends_of_the_hairpin():
    # h0: 10 + 10 + 60 + 10 + 10 = 100 m, 90 s, instead of 10 + 390 + 60 + 390 + 10.
    # h1: 10 + 300 + 60 + 20 = 390 m: 351 s and not inside; over x = 380 it stays 390.
    ways, ends = hairpin()
    assert ways.table.columns.tolist() == [*WAYS, "geometry"]
    assert len(ways) == 1
    way = ways.table.iloc[0]
    assert (way["kind"], way["what"], way["consent"]) == ("gate", "street", "none")
    assert way["competes"]
    assert ways.serves[way["way_id"]]["medical_5"].tolist() == [0]
    assert np.hypot(*(ends[way["way_id"]][0] - ends[way["way_id"]][1])) == pytest.approx(60)
    assert "about 60 m" in way["evidence"]
    assert "brings 120 people inside" in way["evidence"]
    assert "falls from over 10 min to 1.5 min" in way["evidence"]


def test_the_sentence_is_written_in_the_language_of_the_study():
    ways, _ = hairpin(language="zh")
    assert "新开步行通道约60米" in ways.table["evidence"].iloc[0]
    assert "10分钟以上降至1.5分钟" in ways.table["evidence"].iloc[0]


def test_few_people_are_no_reason_for_a_link():
    assert len(hairpin(people=19)[0]) == 0


def test_nobody_behind_a_barrier_makes_no_link_and_every_column():
    network = streets(*HAIRPIN)
    ways, ends = found(network, homes_at(network, (390, 70, 50)), clinics_at(network, (390, 70)))
    assert len(ways) == 0
    assert ways.table.columns.tolist() == [*WAYS, "geometry"]
    assert ends == {}


# -- what forbids a link, and who has to agree ---------------------------------------------------
@pytest.mark.parametrize("kind", ["water", "rail", "motorway"])
def test_what_has_to_be_bridged_is_never_crossed(kind):
    line = LineString([at(-50, 30), at(500, 30)])
    assert len(hairpin(barriers=table_of(BARRIERS, kind, line), estates=True)[0]) == 0


@pytest.mark.parametrize("kind", ["water", "farmland", "cemetery", "military", "railway"])
def test_some_ground_is_no_thoroughfare(kind):
    field = table_of(GROUND, kind, box(*at(-50, 10), *at(500, 50)))
    assert len(hairpin(ground=(field,))[0]) == 0


def test_a_land_survey_counts_like_the_map():
    cover = table_of(GROUND, "water", box(*at(-50, 10), *at(500, 50)))
    assert len(hairpin(ground=(empty(GROUND, CRS), cover))[0]) == 0


def test_protected_land_is_never_crossed():
    assert len(hairpin(protected=np.array([box(*at(-50, 10), *at(500, 50))]))[0]) == 0


def test_a_link_goes_round_a_building():
    house = table_of(BUILDINGS, None, box(*at(365, 20), *at(420, 40))).drop(columns="kind")
    ways, ends = hairpin(buildings=house)
    line = LineString(next(iter(ends.values())))
    assert not line.intersects(house.geometry.iloc[0])
    assert ways.serves[ways.table["way_id"].iloc[0]]["medical_5"].tolist() == [0]


@pytest.mark.parametrize(
    ("kind", "what"),
    [("park", "park"), ("playground", "park"), ("school", "campus"), ("hospital", "campus")],
)
def test_who_has_to_agree_follows_from_the_ground(kind, what):
    ground = table_of(GROUND, kind, box(*at(-50, 10), *at(500, 50)))
    fence = table_of(BARRIERS, "fence", LineString([at(-50, 10), at(500, 10)]))
    way = hairpin(ground=(ground,), barriers=fence)[0].table.iloc[0]
    assert (way["what"], way["consent"]) == (what, what)


def test_somebodys_wall_is_only_opened_when_asked():
    wall = table_of(BARRIERS, "wall", LineString([at(-50, 30), at(500, 30)]))
    assert len(hairpin(barriers=wall)[0]) == 0
    way = hairpin(barriers=wall, estates=True, language="zh")[0].table.iloc[0]
    assert (way["what"], way["consent"]) == ("estate", "owners")
    assert way["evidence"].startswith("建议协商增设步行出入口")


def test_a_link_does_not_cross_another_street():
    network = streets(*HAIRPIN, [(0, 30), (500, 30)], [(0, 30), (0, 45)])
    homes = homes_at(network, (390, -10, 120))
    _, ends = found(network, homes, clinics_at(network, (390, 70)))
    middle = LineString([at(0, 30), at(500, 30)])
    for pair in ends.values():
        line = LineString(pair)
        assert not line.crosses(middle)


# -- the toy town --------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def asked_for_gates():
    study = Study.toytown(language="zh")
    siting = study.config.siting.model_copy(update={"estate_gates": True})
    config = study.config.model_copy(update={"siting": siting})
    return dataclasses.replace(study, config=config).run()


def test_gates_of_estates_are_only_looked_for_on_request(toy_findings):
    assert len(toy_findings.results.ways.table.query("what == 'estate'")) == 0


def test_a_gate_of_estate_a_is_proposed_for_negotiation(asked_for_gates):
    ways = asked_for_gates.results.ways
    ids = asked_for_gates.results.waist.homes.table["home_id"].to_numpy()
    mine = [
        row
        for row in ways.table.itertuples()
        if {"h03", "h04"} <= set(ids[ways.serves[row.way_id].get("culture_5", [])])
    ]
    assert len(mine) == 1
    assert mine[0].what == "estate"
    assert mine[0].consent == "owners"
    assert mine[0].name.startswith("甲苑")
    assert "建议协商增设步行出入口" in mine[0].evidence
    # h03: 30 m to the north gate times 1.3, 10 m on to y = 400, 60 + 100 + 40 m to K1's door.
    assert mine[0].geometry.y - N0 == pytest.approx(390)
    assert mine[0].geometry.x - E0 == pytest.approx(540)
    assert "由6.6分钟降至3.7分钟" in mine[0].evidence


def test_a_gate_that_is_opened_brings_exactly_its_people_inside(asked_for_gates):
    ways = asked_for_gates.results.ways
    before = asked_for_gates.results.reaches
    assert len(ways) > 0
    for row in ways.table.itertuples():
        tried = asked_for_gates.with_gate(lon=row.lon, lat=row.lat)
        for name, homes in ways.serves[row.way_id].items():
            fresh = np.flatnonzero(tried.reaches[name].covered & ~before[name].covered)
            assert homes.tolist() == fresh.tolist()


# -- networkx ------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(6))
def test_gains_are_those_of_networkx_on_the_changed_streets(seed):
    draw = np.random.default_rng(seed)
    grid = [(60.0 * x, 60.0 * y) for x in range(7) for y in range(7)]
    lines = [
        [a, b]
        for a in grid
        for b in grid
        if a < b and abs(a[0] - b[0]) + abs(a[1] - b[1]) == 60 and draw.random() < 0.6
    ]
    network = streets(*lines)
    main = network.node_xy[~network.island_nodes] - np.array([E0, N0])
    homes = homes_at(network, *((x, y, 30) for x, y in main))
    middle = main[np.argmin(np.hypot(*(main - 180).T))]
    clinics = clinics_at(network, tuple(middle))
    ways, ends = found(network, homes, clinics)
    reach = reach_of(FIVE, homes, clinics, network)
    for way_id, pair in ends.items():
        linked = with_links(network, pair[:1], pair[1:])
        graph = nx.Graph()
        for edge, (u, v) in enumerate(linked.edge_node.tolist()):
            graph.add_edge(u, v, length=float(linked.length_m[edge]))
        node = {tuple(np.round(xy, 3)): n for n, xy in enumerate(linked.node_xy)}
        goal = tuple(np.round(shapely.get_coordinates(clinics.table.geometry.iloc[0])[0], 3))
        walks = nx.single_source_dijkstra_path_length(graph, node[goal], weight="length")
        inside = [
            row
            for row, point in enumerate(homes.table.geometry)
            if not reach.covered[row]
            and walks.get(node[tuple(np.round([point.x, point.y], 3))], np.inf) <= 1000 / 3
        ]
        assert ways.serves[way_id]["medical_5"].tolist() == inside
    assert seed != 0 or len(ends) > 0


def test_an_outline_of_an_estate_is_ground_of_its_owners():
    outline = np.array([Polygon([at(-50, 10), at(500, 10), at(500, 50), at(-50, 50)])])
    compounds = enclose(streets(*HAIRPIN), empty(ESTATES, CRS), empty(GATES, CRS))
    ground = LinkGround(
        buildings=empty(BUILDINGS, CRS),
        barriers=empty(BARRIERS, CRS),
        ground=(empty(GROUND, CRS),),
        protected=np.empty(0, dtype=object),
        estates=outline,
        compounds=compounds,
    )
    line = np.array([LineString([at(400, 0), at(400, 60)])])
    assert ground.judge(line).tolist() == ["estate"]
