from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifecircle.places.community_advice import advise
from lifecircle.places.unit_graph import unit_graph
from lifecircle.places.units import Band
from tests.making import community_table, homes_at, streets

NOTHING = {kind: np.array([], dtype=object) for kind in ("road", "rail", "water", "plan")}
FIVE = Band(minutes=5, people_min=5000.0, people_max=12000.0)


def town(*, gap=False, **columns):
    """Three communities in a row, one street through them; with a gap it stops at c2."""
    network = streets([(0, 0), (500, 0), (1500, 0)], [(1500, 0), (2500, 0)])
    if gap:
        network = streets([(0, 0), (500, 0), (1500, 0)], [(2100, 0), (2500, 0), (2900, 0)])
    communities = community_table("c1", "c2", "c3", **columns)
    homes = homes_at(
        network,
        (500, 10),
        (1500, 10),
        (2500, 10),
        community=["c1", "c2", "c3"],
        people=[3000.0, 4000.0, 5000.0],
    )
    return communities.assign(people=[3000.0, 4000.0, 5000.0]), homes, network


def graph_of(communities, homes, network, **barriers):
    return unit_graph(
        communities,
        homes.table,
        homes.ends,
        network,
        barriers={**NOTHING, **barriers},
        limit_minutes=60,
    )


def test_neighbours_with_a_street_are_linked_and_walks_are_those_between_centres():
    graph = graph_of(*town())
    assert graph.linked.tolist() == [
        [False, True, False],
        [True, False, True],
        [False, True, False],
    ]
    assert graph.border_m[0, 1] == pytest.approx(1000, abs=2 * 15)
    # 1,000 m and two legs of 10 m at 1,000 m in 900 s
    assert graph.walk_s[0, 1] == pytest.approx(918, abs=0.1)


def test_neighbours_nobody_can_walk_between_are_not_linked():
    graph = graph_of(*town(gap=True))
    assert graph.linked[0, 1]
    assert not graph.linked[1, 2]
    assert np.isnan(graph.walk_s[1, 2])


def test_a_community_without_homes_needs_a_street_of_its_own_to_be_linked():
    communities, _, network = town(gap=True)
    homes = homes_at(network, (500, 10), (1500, 10), community=["c1", "c2"])
    graph = graph_of(communities, homes, network)
    assert np.argwhere(graph.linked).tolist() == [[0, 1], [1, 0]]


def test_a_village_is_not_linked_with_the_town_where_both_are_known():
    assert graph_of(*town(urban=[True, False, None])).linked[0].tolist() == [False, False, False]
    assert graph_of(*town(urban=[True, False, None])).linked[1, 2]


def test_a_barrier_counts_along_a_border_and_not_across_it():
    along = np.array([shapely.LineString([(1005, -500), (1005, 500)])])
    across = np.array([shapely.LineString([(0, 0), (3000, 0)])])
    graph = graph_of(*town(), road=along, rail=across)
    assert graph.barrier_m["road"][0, 1] == pytest.approx(1000, abs=30)
    assert graph.barrier_m["road"][1, 2] == 0
    assert not graph.barrier_m["rail"].any()


def test_the_order_of_rows_changes_nothing_and_inputs_stay():
    communities, homes, network = town()
    before = communities.copy()
    one = graph_of(communities, homes, network)
    other = graph_of(communities.iloc[::-1], homes, network)
    assert one.community_id == other.community_id
    assert (one.linked == other.linked).all()
    assert np.array_equal(one.walk_s, other.walk_s, equal_nan=True)
    assert communities.equals(before)


def advice_of(communities, homes, network, language="zh", **barriers):
    return advise(
        communities,
        homes.table,
        homes.ends,
        network,
        barriers={**NOTHING, **barriers},
        band=FIVE,
        language=language,
    )


def test_size_is_told_against_the_band_and_villages_are_never_small():
    communities, homes, network = town()
    sizes = communities.assign(people=[13000.0, 2000.0, 2000.0])
    sizes.loc[2, "name"] = "东村"
    told = advice_of(sizes, homes, network)
    assert told[["community_id", "code"]].to_numpy().tolist() == [["c2", "small"], ["c1", "large"]]
    assert told["people_concerned"].tolist() == [2000.0, 1000.0]
    assert told["sentence"].str.contains("建议研究").all()


def test_a_river_without_a_bridge_cuts_a_community_and_one_with_homes_near_does_not():
    network = streets([(0, 300), (1000, 300)], [(0, -300), (1000, -300)])
    communities = community_table("c1").assign(people=[900.0])
    homes = homes_at(network, (500, 310), (500, -310), people=[600.0, 300.0])
    river = np.array([shapely.LineString([(-10, 0), (1010, 0)])])
    told = advice_of(communities, homes, network, language="en", water=river)
    cut = told[told["code"] == "cut"].iloc[0]
    assert (cut["people_concerned"], cut["cut_by"]) == (300.0, "water")
    assert "300 of whom cannot walk across" in cut["sentence"]

    joined = streets(
        [(0, 20), (500, 20), (1000, 20)], [(500, 20), (500, -20)], [(0, -20), (500, -20)]
    )
    near = homes_at(joined, (500, 30), (450, -30), people=[600.0, 300.0])
    assert "cut" not in set(advice_of(communities, near, joined, water=river)["code"])


def test_parts_apart_are_told_with_the_people_outside_the_largest():
    communities, _, network = town()
    parts = [shapely.box(0, -500, 1000, 500), shapely.box(2400, -100, 2600, 100)]
    communities.loc[0, "geometry"] = shapely.MultiPolygon(parts)
    both = homes_at(network, (500, 10), (2500, 10), people=[700.0, 60.0], community="c1")
    told = advice_of(communities, both, network)
    assert told.loc[told["code"] == "exclave", "people_concerned"].tolist() == [60.0]


def test_no_homes_no_advice_but_the_columns():
    communities, homes, network = town()
    empty = advice_of(communities.assign(people=0.0).iloc[:0], homes, network)
    assert list(empty.columns)[:4] == ["community_id", "community", "subdistrict", "code"]
    assert len(empty) == 0
