"""Slow, plain answers to compare the search with: networkx on graphs built by the rules."""

from __future__ import annotations

import networkx as nx
import numpy as np

from lifecircle.network.pins import Pins
from lifecircle.network.streets import StreetNetwork
from lifecircle.walk import Profile


def quantised_graph(network: StreetNetwork, profile: Profile) -> nx.DiGraph:
    """Arcs of the network as a networkx graph, states (node, phase) inside closed estates.

    A walker is in phase "start" until the first gate out, "out" between, "end" after a gate in.
    This is the rule itself, not the copies the network makes of it.
    """
    graph = nx.DiGraph()
    forward, backward = network.prices(profile)
    for edge in range(len(network.length_m)):
        u, v = (int(node) for node in network.edge_node[edge])
        for a, b, price in ((u, v, int(forward[edge])), (v, u, int(backward[edge]))):
            if price < 0:
                continue
            a_in, b_in = network.node_compound[a] >= 0, network.node_compound[b] >= 0
            if network.edge_compound[edge] < 0:
                _keep_lowest(graph, (a, "out"), (b, "out"), price)
            elif a_in and b_in:
                _keep_lowest(graph, (a, "start"), (b, "start"), price)
                _keep_lowest(graph, (a, "end"), (b, "end"), price)
            elif a_in:
                _keep_lowest(graph, (a, "start"), (b, "out"), price)
            else:
                _keep_lowest(graph, (a, "out"), (b, "end"), price)
    return graph


def _keep_lowest(graph: nx.DiGraph, a: tuple, b: tuple, price: int) -> None:
    if not graph.has_edge(a, b) or graph[a][b]["w"] > price:
        graph.add_edge(a, b, w=price)


def walk_cs(
    network: StreetNetwork, profile: Profile, origin: Pins, destination: Pins, limit: int
) -> np.ndarray:
    """Times [1/100 s] from every point of one pin table to every point of another; NaN beyond."""
    graph = quantised_graph(network, profile)
    forward, backward = network.prices(profile)
    result = np.full((origin.n, destination.n), np.nan)
    inside = network.node_compound >= 0
    for k in range(len(origin.point)):
        edge, share = int(origin.edge[k]), float(origin.share[k])
        leg = int(profile.centiseconds(origin.leg_m[k]))
        u, v = (int(node) for node in network.edge_node[edge])
        starts = []
        if backward[edge] >= 0:
            starts.append((u, leg + int(np.rint(backward[edge] * share))))
        if forward[edge] >= 0:
            starts.append((v, leg + int(np.rint(forward[edge] * (1.0 - share)))))
        reached: dict[tuple, int] = {}
        for node, cost in starts:
            phase = "start" if inside[node] else "out"
            if (node, phase) not in graph:
                graph.add_node((node, phase))
            lengths = nx.single_source_dijkstra_path_length(graph, (node, phase), weight="w")
            for state, length in lengths.items():
                total = cost + length
                reached[state] = min(reached.get(state, total), total)
        for j in range(len(destination.point)):
            best = np.inf
            d_edge, d_share = int(destination.edge[j]), float(destination.share[j])
            d_leg = int(profile.centiseconds(destination.leg_m[j]))
            p, q = (int(node) for node in network.edge_node[d_edge])
            ways = []
            if forward[d_edge] >= 0:
                ways.append((p, d_leg + int(np.rint(forward[d_edge] * d_share))))
            if backward[d_edge] >= 0:
                ways.append((q, d_leg + int(np.rint(backward[d_edge] * (1.0 - d_share)))))
            for node, cost in ways:
                phases = ("start", "end") if inside[node] else ("out",)
                for phase in phases:
                    best = min(best, reached.get((node, phase), np.inf) + cost)
            if d_edge == edge:
                price = forward[edge] if d_share >= share else backward[edge]
                if price >= 0 or d_share == share:
                    along = int(np.rint(max(price, 0) * abs(d_share - share)))
                    best = min(best, leg + d_leg + along)
            i, m = int(origin.point[k]), int(destination.point[j])
            if best <= limit and not result[i, m] <= best:
                result[i, m] = best
    return result
