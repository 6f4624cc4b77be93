"""
A slow second opinion on the toy town: its survey as a plain networkx graph, by hand-written rules.

It shares no code with the package's network, pins or search. A walker is in one of three states:
"start" inside the own closed estate, "street", "end" after going in through a gate for good.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from pyproj import Transformer

from lifecircle.geo import WGS84
from lifecircle.sources.toytown import TOYTOWN_CRS, TOYTOWN_ORIGIN
from lifecircle.tables import Survey
from lifecircle.walk import PROFILES

_TO_METRES = Transformer.from_crs(WGS84, TOYTOWN_CRS, always_xy=True)

PIN_SPREAD_M, PIN_LIMIT_M, DIRECT_FACTOR = 30.0, 200.0, 1.3


@dataclass(frozen=True)
class Pin:
    edge: int
    offset_m: float
    leg_m: float


class Oracle:
    """Hand-rules over one survey: metres are rounded to the tenth, so the sums are exact."""

    def __init__(self, survey: Survey, *, profile: str = "gb") -> None:
        self.profile = PROFILES[profile]
        streets = survey.streets
        self.nodes = metres(streets.lonlat)
        self.closed = {
            row.estate_id: shapely.transform(row.geometry, metres)
            for row in survey.estates.itertuples()
            if row.closed
        }
        self.gates = defaultdict(list)
        for gate in survey.gates.dropna(subset="estate_id").itertuples():
            x, y = metres(np.array([[gate.geometry.x, gate.geometry.y]]))[0]
            self.gates[gate.estate_id].append((x, y))
        self.edges = []  # (a, b, forward, backward, steps, estate it lies in)
        for way, row in enumerate(streets.ways.itertuples()):
            run = streets.way_node[streets.way_ptr[way] : streets.way_ptr[way + 1]]
            for u, v in pairwise(run):
                a, b = tuple(self.nodes[u]), tuple(self.nodes[v])
                middle = shapely.Point((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
                flags = (row.foot_forward, row.foot_backward, row.steps)
                self.edges.append((a, b, *flags, self.estate_of(middle)))
        self.homes = {
            row.home_id: shapely.transform(row.geometry, metres)
            for row in survey.homes.itertuples()
        }
        self._walked: dict[str, dict[str, int]] = {}
        self.lines = shapely.linestrings([[a, b] for a, b, *_ in self.edges])
        self.facilities = survey.facilities.set_index("facility_id")
        self.doors = [
            (row.facility_id, shapely.transform(row.geometry, metres))
            for row in survey.facility_entrances.itertuples()
        ]

    def estate_of(self, point: shapely.Point) -> str | None:
        return next((e for e, shape in self.closed.items() if shape.contains(point)), None)

    def pins(self, point: shapely.Point) -> list[Pin]:
        """Every edge within 30 m of the nearest one, on the walker's own side of the wall."""
        home = self.estate_of(point)
        offset_m = shapely.line_locate_point(self.lines, point)
        leg_m = shapely.distance(self.lines, point)
        found = [
            Pin(index, float(offset_m[index]), float(leg_m[index]))
            for index, edge in enumerate(self.edges)
            if edge[5] == home
        ]
        nearest = min((pin.leg_m for pin in found), default=np.inf)
        most = min(nearest + PIN_SPREAD_M, PIN_LIMIT_M)
        return [pin for pin in found if pin.leg_m <= most]

    def nearest(self, home_id: str, service: str) -> tuple[float | None, list[str]]:
        """Time [s] to the nearest facility of a service, and which ones are that near."""
        times = self.walks(home_id)
        open_ones = {
            facility_id: time
            for facility_id, time in times.items()
            if self.facilities.loc[facility_id, "service"] == service
        }
        if not open_ones:
            return None, []
        best = min(open_ones.values())
        return best / 100, sorted(f for f, time in open_ones.items() if time == best)

    def walks(self, home_id: str) -> dict[str, int]:
        """Time [1/100 s] from a home to every facility it can and may use."""
        if home_id not in self._walked:
            self._walked[home_id] = self._walks(home_id)
        return self._walked[home_id]

    def _walks(self, home_id: str) -> dict[str, int]:
        point = self.homes[home_id]
        own = self.estate_of(point)
        graph, joints = nx.DiGraph(), defaultdict(list)
        self._attach(graph, joints, "home", point, own, outward=True)
        targets = []
        for index, (facility_id, door) in enumerate(self.doors):
            facility, estate = self.facilities.loc[facility_id], self.estate_of(door)
            if facility["status"] != "existing":
                continue
            if facility["open_to"] == "residents" and estate != own:
                continue
            targets.append((facility_id, f"door {index}"))
            self._attach(graph, joints, f"door {index}", door, estate, outward=False)
        for index, edge in enumerate(self.edges):
            self._walk_along(graph, edge, joints[index], own)
        for estate, gates in self.gates.items():
            for gate in gates:
                if estate == own:
                    graph.add_edge(("start", gate), ("street", gate), cs=0)
                graph.add_edge(("street", gate), (f"end {estate}", gate), cs=0)
        reached = nx.single_source_dijkstra_path_length(graph, "home", weight="cs")
        best: dict[str, int] = {}
        for facility_id, door in targets:
            if door in reached:
                best[facility_id] = min(reached[door], best.get(facility_id, reached[door]))
        return best

    def _attach(self, graph, joints, name, point, estate, *, outward):
        graph.add_node(name)
        if estate is not None and not any(edge[5] == estate for edge in self.edges):
            for gate in self.gates[estate]:  # no paths inside: straight to each gate
                leg = point.distance(shapely.Point(gate)) * DIRECT_FACTOR
                state = (("start", gate), ("end " + estate, gate))[not outward]
                self._add(graph, *((name, state) if outward else (state, name)), leg)
            return
        for pin in self.pins(point):
            joints[pin.edge].append((pin.offset_m, name, pin.leg_m, outward))

    def _walk_along(self, graph, edge, joints, own):
        a, b, forward, backward, steps, estate = edge
        states = ["street"] if estate is None else [f"end {estate}"]
        states += ["start"] if estate is not None and estate == own else []
        for state in states:
            stops = [(0.0, (state, a))]
            for offset, name, leg, outward in sorted(joints, key=lambda joint: joint[:2]):
                stop = (state, a, b, offset)
                stops.append((offset, stop))
                # whoever lives here starts in "start", never in "end"
                if outward and state.startswith("end"):
                    continue
                self._add(graph, *((name, stop) if outward else (stop, name)), leg)
            stops.append((float(np.hypot(b[0] - a[0], b[1] - a[1])), (state, b)))
            for (low, u), (high, v) in pairwise(stops):
                if forward:
                    self._add(graph, u, v, high - low, steps=steps)
                if backward:
                    self._add(graph, v, u, high - low, steps=steps)

    def _add(self, graph, u, v, length_m, *, steps=False):
        mean = (self.profile.stairs_up + self.profile.stairs_down) / 2
        price = int(self.profile.centiseconds(length_m, times=mean if steps else 1.0))
        if u != v and not (graph.has_edge(u, v) and graph[u][v]["cs"] <= price):
            graph.add_edge(u, v, cs=price)


def metres(lonlat):
    """Metres from the town's corner; one transformer for all, as making one takes a while."""
    xy = np.column_stack(_TO_METRES.transform(*np.asarray(lonlat).T))
    return np.round(xy - np.array(TOYTOWN_ORIGIN), 1)
