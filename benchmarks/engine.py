"""Valhalla as a peer: asked through a process that runs where its wheel is installed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import skip

WORKER = Path(__file__).with_name("valhalla_worker.py")
# The GB planning speed; nothing added for steps, gates or turns, no way preferred to another.
ALIKE = {
    "walking_speed": 4.0,
    "step_penalty": 0,
    "gate_penalty": 0,
    "service_penalty": 0,
    "destination_only_penalty": 0,
    "elevator_penalty": 0,
    "maneuver_penalty": 0,
    "walkway_factor": 1,
    "sidewalk_factor": 1,
    "alley_factor": 1,
    "driveway_factor": 1,
    "service_factor": 1,
    "use_living_streets": 0.5,
    "use_tracks": 0.5,
    "max_hiking_difficulty": 6,
}


class Valhalla:
    name = "Valhalla"

    def __init__(self, python: Path, file: Path):
        self.process = subprocess.Popen(
            [str(python), str(WORKER), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.ready = self._answer()

    def ask(self, what: str, **question):
        self.process.stdin.write(json.dumps({"what": what, **question}) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("Valhalla gave no answer")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start(python: Path | None, file: Path) -> Valhalla | None:
    """Start Valhalla on a file; None, and a line that says so, where it is not installed."""
    if python is None and importlib.util.find_spec("valhalla") is not None:
        python = Path(sys.executable)
    if python is None:
        skip("valhalla", "name a Python with pyvalhalla: --valhalla PYTHON")
        return None
    try:
        return Valhalla(python, file)
    except (OSError, RuntimeError) as error:
        skip("valhalla", str(error))
        return None
