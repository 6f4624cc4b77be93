"""The kernel against slow, plain searches: exact on any non-negative integers, ties included."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.network import search

FAR = int(search.FAR)


def ints(values) -> np.ndarray:
    return np.asarray(values, dtype=np.int32)


@st.composite
def graphs(draw):
    """Few nodes, many ties: arcs of nothing, of one bucket (64) and of several."""
    n = draw(st.integers(1, 9))
    cost = st.sampled_from([0, 0, 1, 2, 63, 64, 65, 130])
    arc = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), cost, st.integers(0, 3))
    arcs = sorted(draw(st.lists(arc, max_size=30)))
    seed = st.tuples(
        st.integers(0, n - 1),
        st.sampled_from([0, 1, 64, 100]),
        st.integers(0, 3),
        st.integers(0, 3),
    )
    seeds = draw(st.lists(seed, min_size=1, max_size=6))
    return n, arcs, seeds, draw(st.sampled_from([0, 1, 63, 64, 128, 1000]))


def csr(n: int, arcs) -> tuple[np.ndarray, ...]:
    tails = ints([arc[0] for arc in arcs])
    indptr = np.concatenate(([0], np.cumsum(np.bincount(tails, minlength=n)))).astype(np.int32)
    return indptr, *(ints([arc[k] for arc in arcs]) for k in (1, 2, 3))


def best_labels(n: int, arcs, seeds, limit: int) -> list[tuple[int, int, int]]:
    """Bellman and Ford on (cost, label, second): the order ties are settled in."""
    best = [(FAR, FAR, FAR)] * n
    for node, cost, second, label in seeds:
        if cost <= limit:
            best[node] = min(best[node], (cost, label, second))
    for _ in range(n + 1):
        for tail, head, cost, second in arcs:
            if best[tail][0] + cost <= limit:
                reached = best[tail]
                found = (reached[0] + cost, reached[1], reached[2] + second)
                best[head] = min(best[head], found)
    return best


@given(graphs(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_nearest_is_the_lexicographic_minimum_in_any_order_of_seeds(town, shuffle):
    n, arcs, seeds, limit = town
    graph = csr(n, arcs)
    columns = [ints(column) for column in zip(*seeds, strict=True)]
    expected = best_labels(n, arcs, seeds, limit)
    order = list(range(len(seeds)))
    for _ in range(2):
        cost, second, label = search.nearest(*graph, *columns, ints(order), limit)
        assert list(zip(cost.tolist(), label.tolist(), second.tolist(), strict=True)) == expected
        shuffle.shuffle(order)


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_each_search_equals_dijkstra(town):
    n, arcs, seeds, limit = town
    indptr, heads, costs, _ = csr(n, arcs)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from([arc[:3] for arc in arcs])
    # Source s starts at seed s; point p reads node p for p more; source 0 reaches point n directly.
    k = len(seeds)
    nodes, starts = ints([seed[0] for seed in seeds]), ints([seed[1] for seed in seeds])
    each = ints(range(n + 1))
    direct = ints([0] + [1] * k)
    count, point, cost = search.reach_each(
        indptr, heads, costs, ints(range(k + 1)), nodes, starts,
        each, ints(range(n)), ints(range(n)), direct, ints([n]), ints([7]), n + 1, limit, 0, k,
    )  # fmt: skip
    found = iter(zip(point.tolist(), cost.tolist(), strict=True))
    for s in range(k):
        lengths = nx.single_source_dijkstra_path_length(graph, int(nodes[s]))
        expected = {
            v: int(starts[s]) + length + v
            for v, length in lengths.items()
            if starts[s] + length + v <= limit
        }
        if s == 0 and limit >= 7:
            expected[n] = 7
        mine = list(itertools.islice(found, int(count[s])))
        assert mine == sorted(expected.items())
    assert list(found) == []
    # Without readers and direct ways the nodes themselves are what is reached.
    each_node = search.nodes_each(indptr, heads, costs, ints(range(k + 1)), nodes, starts, limit)
    alone = search.reach_each(
        indptr, heads, costs, ints(range(k + 1)), nodes, starts,
        each, ints(range(n)), ints([0] * n), ints([0] * (k + 1)), ints([]), ints([]),
        n, limit, 0, k,
    )  # fmt: skip
    assert [part.tolist() for part in each_node] == [part.tolist() for part in alone]
    # A block of the sources gives the same rows.
    part = search.reach_each(
        indptr, heads, costs, ints(range(k + 1)), nodes, starts,
        each, ints(range(n)), ints(range(n)), direct, ints([n]), ints([7]), n + 1, limit, k - 1, k,
    )  # fmt: skip
    assert part[0].tolist() == [count[-1]]
    assert part[1].tolist() == point[len(point) - count[-1] :].tolist()


def test_long_lines_outgrow_the_first_buffers():
    n = 20_000
    heads, costs = ints(range(1, n)), np.ones(n - 1, np.int32)
    indptr = np.append(np.arange(n, dtype=np.int32), np.int32(n - 1))
    zero = ints([0])
    cost, _, _ = search.nearest(indptr, heads, costs, costs, zero, zero, zero, zero, zero, 10_000)
    assert cost[:10_001].tolist() == list(range(10_001))
    assert (cost[10_001:] == FAR).all()
    points = ints(range(n))
    nothing = np.zeros(2, np.int32)
    count, point, reached = search.reach_each(
        indptr, heads, costs, ints([0, 1]), zero, zero, ints(range(n + 1)), points,
        np.zeros(n, np.int32), nothing, ints([]), ints([]), n, 10_000, 0, 1,
    )  # fmt: skip
    assert count.tolist() == [10_001]
    np.testing.assert_array_equal(point, np.arange(10_001))
    np.testing.assert_array_equal(reached, np.arange(10_001))


def test_a_fan_of_equal_arcs_reuses_and_grows_the_queue():
    # One node to 5,000 others and back: more entries at once than the first buffer holds.
    n = 5_001
    heads = np.concatenate([np.arange(1, n), np.zeros(n - 1)]).astype(np.int32)
    indptr = np.concatenate(([0], np.arange(n - 1, 2 * n - 1))).astype(np.int32)
    costs = np.full(2 * (n - 1), 64, np.int32)
    zero = ints([0])
    cost, second, label = search.nearest(
        indptr, heads, costs, costs, zero, zero, zero, zero, zero, 64
    )
    assert cost.tolist() == [0] + [64] * (n - 1)
    assert second.tolist() == cost.tolist()
    assert not label.any()


def test_nodes_far_apart_are_listed_in_order():
    heads = ints([270_000, 4_096, 63, 4_095, 1, 64, 262_144])
    indptr = np.full(270_002, len(heads), np.int32)
    indptr[0] = 0
    indptr[1:] = len(heads)
    costs = ints([0, 9, 70, 1, 200, 130, 64])
    both = ints([0, 0])
    count, node, cost = search.nodes_each(indptr, heads, costs, ints([0, 1, 2]), both, both, 130)
    assert count.tolist() == [7, 7]
    assert node.tolist() == [0, 63, 64, 4_095, 4_096, 262_144, 270_000] * 2
    assert cost.tolist() == [0, 70, 130, 1, 9, 64, 0] * 2


def test_a_node_moves_from_bucket_to_bucket():
    # Node 3 waits at 300, moves to 200 past others that wait there, then to 130 within one bucket.
    arcs = [(0, 3, 300, 0), (0, 1, 10, 0), (0, 4, 200, 0), (0, 5, 205, 0), (0, 6, 300, 0)]
    arcs += [(1, 3, 190, 0), (1, 2, 100, 0), (2, 3, 21, 0), (2, 7, 19, 0), (7, 3, 1, 0)]
    indptr, heads, costs, _ = csr(8, sorted(arcs))
    _, node, cost = search.nodes_each(indptr, heads, costs, ints([0, 1]), ints([0]), ints([0]), 400)
    assert node.tolist() == list(range(8))
    assert cost.tolist() == [0, 10, 110, 130, 200, 205, 300, 129]


def test_nothing_at_all():
    none = ints([])
    cost, second, label = search.nearest(
        ints([0]), none, none, none, none, none, none, none, none, 10
    )
    assert len(cost) == len(second) == len(label) == 0
    cost, _, _ = search.nearest(ints([0, 0, 0]), none, none, none, none, none, none, none, none, 10)
    assert cost.tolist() == [FAR, FAR]
    assert search.components(0, none, none).tolist() == []


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
@settings(max_examples=100, deadline=None)
def test_components_carry_their_lowest_node(n, pairs):
    pairs = [(a % n, b % n) for a, b in pairs]
    root = search.components(n, ints([a for a, _ in pairs]), ints([b for _, b in pairs]))
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(n))
    expected = {v: min(part) for part in nx.connected_components(graph) for v in part}
    assert root.tolist() == [expected[v] for v in range(n)]


def test_the_kernel_is_compiled_before_a_pool_could_start():
    """Explicit signatures: one compiled version of each, there as soon as the module is."""
    for function in (search.nearest, search.nodes_each, search.reach_each, search.components):
        assert len(function.signatures) == 1
        assert function.targetoptions["nogil"]
