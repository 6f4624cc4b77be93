"""
Valhalla in a Python of its own: `valhalla_worker.py FILE.osm.pbf`, then one question per line.

Answers are one line of JSON each; the first says how long the tiles took.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import valhalla


def main():
    folder = Path(tempfile.mkdtemp())
    (folder / "tiles").mkdir()
    (folder / "tiles.tar").touch()
    settings = valhalla.get_config(
        tile_extract=str(folder / "tiles.tar"), tile_dir=str(folder / "tiles"), verbose=False
    )
    settings["mjolnir"].pop("tile_extract", None)
    settings["mjolnir"]["logging"] = {"type": ""}
    (folder / "valhalla.json").write_text(json.dumps(settings), encoding="utf-8")
    begun = time.perf_counter()
    build = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    command = [build, "-c", folder / "valhalla.json", sys.argv[1]]
    subprocess.run(command, check=True, capture_output=True)
    actor = valhalla.Actor(str(folder / "valhalla.json"))
    answer({"version": valhalla.__version__, "tiles_s": time.perf_counter() - begun})
    for line in sys.stdin:
        question = json.loads(line)
        ask = {"isochrones": isochrones, "matrix": matrix}[question.pop("what")]
        answer(ask(actor, question))


def answer(value):
    print(json.dumps(value), flush=True)


def place(lonlat):
    return {"lon": lonlat[0], "lat": lonlat[1]}


def isochrones(actor, question):
    """Polygons in GeoJSON, or their number where they are only timed."""
    found = []
    for lonlat in question["points"]:
        got = actor.isochrone(
            {
                "locations": [place(lonlat)],
                "costing": "pedestrian",
                "costing_options": {"pedestrian": question["options"]},
                "contours": [{"time": question["minutes"]}],
                "polygons": True,
            }
        )
        found.append(got["features"][0]["geometry"])
    return {"polygons": found if question["keep"] else len(found)}


def matrix(actor, question):
    """Seconds and metres from one place to others."""
    rows = actor.matrix(
        {
            "sources": [place(question["source"])],
            "targets": [place(lonlat) for lonlat in question["targets"]],
            "costing": "pedestrian",
            "costing_options": {"pedestrian": question["options"]},
            "verbose": True,
        }
    )["sources_to_targets"][0]
    return {
        "seconds": [row["time"] for row in rows],
        "metres": [None if row["distance"] is None else 1000 * row["distance"] for row in rows],
    }


if __name__ == "__main__":
    main()
