"""A server on this machine that answers as Overpass and Nominatim do, or badly."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import osmium
import shapely

_SELECTION = re.compile(r"(node|way|relation)((?:\[[^\]]+\])+)\(poly:'([^']+)'\)")
_TAG = re.compile(r"\[['\"]([^'\"]+)['\"](?:=['\"]([^'\"]+)['\"])?\]")


class Elements:
    """The objects of an OpenStreetMap file around a box, as Overpass gives them."""

    def __init__(self, path: Path, box: tuple[float, float, float, float]) -> None:
        self.node: dict[int, dict[str, Any]] = {}
        self.way: dict[int, dict[str, Any]] = {}
        self.relation: dict[int, dict[str, Any]] = {}
        for one in osmium.FileProcessor(str(path)):
            tags = dict(one.tags)
            row: dict[str, Any] = {"id": one.id, **({"tags": tags} if tags else {})}
            if one.is_node():
                row |= {"type": "node", "lon": one.location.lon, "lat": one.location.lat}
                self.node[one.id] = row
            elif one.is_way():
                self.way[one.id] = row | {"type": "way", "nodes": [n.ref for n in one.nodes]}
            else:
                members = [
                    {"type": {"n": "node", "w": "way", "r": "relation"}[m.type], "ref": m.ref}
                    | {"role": m.role}
                    for m in one.members
                ]
                self.relation[one.id] = row | {"type": "relation", "members": members}
        self._keep(box)

    def _keep(self, box: tuple[float, float, float, float]) -> None:
        west, south, east, north = box
        inside = {
            key
            for key, one in self.node.items()
            if west <= one["lon"] <= east and south <= one["lat"] <= north
        }
        met = {key for key, one in self.way.items() if not inside.isdisjoint(one["nodes"])}
        self.relation = {
            key: one
            for key, one in self.relation.items()
            if any(m["ref"] in met for m in one["members"] if m["type"] == "way")
        }
        met |= {
            m["ref"] for one in self.relation.values() for m in one["members"] if m["type"] == "way"
        }
        self.way = {key: one for key, one in self.way.items() if key in met}
        inside |= {ref for one in self.way.values() for ref in one["nodes"]}
        self.node = {key: one for key, one in self.node.items() if key in inside}
        self._ids = list(self.node)
        self._tree = shapely.STRtree(
            shapely.points([(one["lon"], one["lat"]) for one in self.node.values()])
        )

    def answer(self, query: str) -> list[dict[str, Any]]:
        """Find what a query selects, and everything below it."""
        nodes: set[int] = set()
        ways: set[int] = set()
        relations: set[int] = set()
        near: dict[str, tuple[set[int], set[int]]] = {}
        for kind, tags, outline in _SELECTION.findall(query):
            if outline not in near:
                near[outline] = self._near(outline)
            inside, touching = near[outline]
            wanted = _TAG.findall(tags)
            if kind == "node":
                nodes |= {one for one in inside if _has(self.node[one], wanted)}
            elif kind == "way":
                ways |= {one for one in touching if _has(self.way[one], wanted)}
            else:
                relations |= {
                    key
                    for key, one in self.relation.items()
                    if _has(one, wanted)
                    and any(m["ref"] in touching for m in one["members"] if m["type"] == "way")
                }
        for one in relations:
            for member in self.relation[one]["members"]:
                if member["type"] == "way" and member["ref"] in self.way:
                    ways.add(member["ref"])
                elif member["type"] == "node" and member["ref"] in self.node:
                    nodes.add(member["ref"])
        for one in ways:
            nodes |= {ref for ref in self.way[one]["nodes"] if ref in self.node}
        return [
            *(self.node[one] for one in sorted(nodes)),
            *(self.way[one] for one in sorted(ways)),
            *(self.relation[one] for one in sorted(relations)),
        ]

    def _near(self, outline: str) -> tuple[set[int], set[int]]:
        numbers = [float(text) for text in outline.split()]
        area = shapely.Polygon(list(zip(numbers[1::2], numbers[::2], strict=True)))
        inside = {self._ids[k] for k in self._tree.query(area, predicate="intersects")}
        return inside, {key for key, one in self.way.items() if not inside.isdisjoint(one["nodes"])}


def _has(element: dict[str, Any], wanted: list[tuple[str, str]]) -> bool:
    tags = element.get("tags", {})
    return all(key in tags and value in ("", tags[key]) for key, value in wanted)


class MapServer:
    """
    What the server does next, and what it was asked.

    ``moods`` is used up one request for data at a time: ``ok``, a status, ``slow``, ``cut``
    (text that ends early), ``short`` (fewer bytes than announced), ``remark``, ``page``, ``empty``.
    """

    def __init__(self, elements: Elements | None, places: list[dict[str, Any]]) -> None:
        self.elements = elements
        self.places = places
        self.moods: list[str] = []
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.address = ""


@contextmanager
def map_server(
    elements: Elements | None = None, places: list[dict[str, Any]] | None = None
) -> Iterator[MapServer]:
    """Run a server until the block ends."""
    state = MapServer(elements, places or [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlparse(self.path)
            if path.path.endswith("/status"):
                self._send(
                    "Connected as: 1\nCurrent time: x\n\nRate limit: 2\n2 slots available.\n"
                )
                return
            state.asked.append(self.path)
            self._moody(json.dumps(state.places))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = parse_qs(body)["data"][0]
            state.asked.append(query)
            found = state.elements.answer(query) if state.elements else []
            self._moody(
                json.dumps(
                    {
                        "version": 0.6,
                        "osm3s": {"timestamp_osm_base": "2016-02-10T00:00:00Z"},
                        "elements": found,
                    }
                )
            )

        def _moody(self, text: str) -> None:
            state.agents.add(self.headers["User-Agent"])
            mood = state.moods.pop(0) if state.moods else "ok"
            if mood.isdigit():
                self._send("busy", status=int(mood))
            elif mood == "slow":
                time.sleep(1.5)
                self._send(text)
            elif mood == "cut":
                self._send(text[: len(text) // 2])
            elif mood == "short":
                self._send(text, announced=len(text.encode()) + 100)
            elif mood == "remark":
                self._send(json.dumps({"remark": "runtime error: Query timed out", "elements": []}))
            elif mood == "page":
                self._send("<html>Please log in</html>")
            elif mood == "empty":
                self._send(json.dumps({"elements": []}))
            else:
                self._send(text)

        def _send(self, text: str, *, status: int = 200, announced: int | None = None) -> None:
            content = text.encode()
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(announced or len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
