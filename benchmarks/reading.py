"""
OSM file to a network ready for searches: streets, geometry and the index of pins.

    python -m benchmarks.reading [--data FOLDER] [--runs N]
"""

from __future__ import annotations

from benchmarks import graphs
from benchmarks.asking import asked
from benchmarks.peers import installed
from benchmarks.timing import Tool, seconds
from lifecircle.network.reading import read_streets


def ready(path):
    network = read_streets(path)
    network.walk_index  # noqa: B018  the index of pins belongs to a ready network
    return network


def pyrosm_graph(path):
    import pyrosm  # noqa: PLC0415  optional

    osm = pyrosm.OSM(str(path))
    nodes, edges = osm.get_network(network_type="walking", nodes=True)
    return osm.to_graph(nodes, edges, graph_type="igraph")


def main() -> None:
    options = asked(__doc__)
    peers = installed("pyrosm") and installed("igraph")
    print("\n| file | nodes | lifecircle, s | pyrosm + igraph, s |\n|---|---|---|---|")
    for path in dict.fromkeys((graphs.TOWN, graphs.file_of(options.data))):
        tools = [Tool(name="lifecircle", call=lambda path=path: ready(path))]
        if peers:
            tools.append(Tool(name="pyrosm", call=lambda path=path: pyrosm_graph(path)))
        taken = seconds(tools, options.runs)
        told = " | ".join(
            f"{taken[name]:.2f}" if name in taken else "" for name in ("lifecircle", "pyrosm")
        )
        corners = graphs.every_node(path).n
        network = ready(path)
        print(
            f"| `{path.name}` | {len(network.node_xy):,} junctions, {corners:,} with corners "
            f"| {told} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
