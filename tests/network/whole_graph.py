"""A second engine for whole towns: one networkx graph with homes and facilities as nodes of it."""

from __future__ import annotations

import networkx as nx
import numpy as np

from lifecircle.network.arcs import seconds_of
from lifecircle.network.pins import Pins
from lifecircle.network.streets import StreetNetwork
from lifecircle.walk import Profile


def networkx_walks(
    network: StreetNetwork, profile: Profile, homes: Pins, facilities: Pins, *, limit: float
) -> tuple[np.ndarray, np.ndarray]:
    """
    Walks from every home to every facility, NaN beyond the limit, shape (homes, facilities) each.

    First in 1/100 s on quantised arcs, legs and offsets; then in seconds on unrounded ones. Streets
    without closed estates only.
    """
    forward, backward = network.prices(profile)
    fine, fine_back = seconds_of(network.edges, network.length_m, profile)
    exact = _run(network, profile, homes, facilities, (forward, backward), limit, rounded=True)
    unrounded = _run(
        network,
        profile,
        homes,
        facilities,
        (np.where(forward >= 0, fine, -1), np.where(backward >= 0, fine_back, -1)),
        limit / 100,
        rounded=False,
    )
    return exact, unrounded


def _run(network, profile, homes, facilities, prices, limit, *, rounded: bool) -> np.ndarray:
    forward, backward = prices

    def leg(length_m: float) -> float:
        if rounded:
            return int(profile.centiseconds(length_m))
        return length_m / profile.speed_mps

    def part(price: float, share: float) -> float:
        return int(np.rint(price * share)) if rounded else price * share

    # Everything turned round, so that one search per facility reaches all homes.
    graph = nx.DiGraph()
    for edge in network.walkable:
        u, v = (int(node) for node in network.edge_node[edge])
        for tail, head, price in ((u, v, forward[edge]), (v, u, backward[edge])):
            if price >= 0:
                _lower(graph, head, tail, price)
    on_edge: dict[int, list[int]] = {}
    for j in range(len(facilities.point)):
        edge, share = int(facilities.edge[j]), float(facilities.share[j])
        first, second = (int(node) for node in network.edge_node[edge])
        here = ("facility", int(facilities.point[j]))
        on_edge.setdefault(edge, []).append(j)
        if forward[edge] >= 0:
            _lower(graph, here, first, leg(facilities.leg_m[j]) + part(forward[edge], share))
        if backward[edge] >= 0:
            way = leg(facilities.leg_m[j]) + part(backward[edge], 1 - share)
            _lower(graph, here, second, way)
    for k in range(len(homes.point)):
        edge, share = int(homes.edge[k]), float(homes.share[k])
        first, second = (int(node) for node in network.edge_node[edge])
        here = ("home", int(homes.point[k]))
        if backward[edge] >= 0:
            _lower(graph, first, here, leg(homes.leg_m[k]) + part(backward[edge], share))
        if forward[edge] >= 0:
            _lower(graph, second, here, leg(homes.leg_m[k]) + part(forward[edge], 1 - share))
        for j in on_edge.get(edge, []):
            ahead = float(facilities.share[j]) - share
            price = forward[edge] if ahead >= 0 else backward[edge]
            if price >= 0:
                way = leg(homes.leg_m[k]) + leg(facilities.leg_m[j]) + part(price, abs(ahead))
                _lower(graph, ("facility", int(facilities.point[j])), here, way)
    table = np.full((homes.n, facilities.n), np.nan)
    for m in range(facilities.n):
        if ("facility", m) not in graph:
            continue
        lengths = nx.single_source_dijkstra_path_length(
            graph, ("facility", m), cutoff=limit, weight="w"
        )
        for node, length in lengths.items():
            if isinstance(node, tuple) and node[0] == "home":
                table[node[1], m] = length
    return table


def _lower(graph: nx.DiGraph, tail: object, head: object, price: float) -> None:
    if not graph.has_edge(tail, head) or graph[tail][head]["w"] > price:
        graph.add_edge(tail, head, w=price)
