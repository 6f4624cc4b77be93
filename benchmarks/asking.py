"""The options every part takes."""

from __future__ import annotations

import argparse
from pathlib import Path


def asked(text: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder with br_porto_alegre/poa_osm.pbf")
    parser.add_argument("--runs", type=int, default=5, help="timed rounds, at least 5 to be told")
    parser.add_argument("--valhalla", type=Path, help="a Python that can import valhalla")
    return parser.parse_args()
