"""
Every benchmark of streets and reach: `python -m benchmarks [--data FOLDER] [--write]`.

Each part runs in a process of its own and prints Markdown; `--write` puts it between the marks of
docs/benchmarks.md and docs/validation.md. Without a folder the embedded town is searched.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = {
    "searches": "benchmarks.md",
    "scaling": "benchmarks.md",
    "polygons": "benchmarks.md",
    "reading": "benchmarks.md",
    "agreement": "validation.md",
    "coverage": "validation.md",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}; all without")
    parser.add_argument("--data", help="folder with br_porto_alegre/poa_osm.pbf")
    parser.add_argument("--runs", default="5", help="timed rounds of which the median counts")
    parser.add_argument("--valhalla", help="a Python that can import valhalla")
    parser.add_argument("--write", action="store_true", help="rewrite the tables in docs/")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    passed = ["--runs", options.runs]
    passed += ["--data", options.data] if options.data else []
    passed += ["--valhalla", options.valhalla] if options.valhalla else []
    for part in options.parts or PARTS:
        command = [sys.executable, "-m", f"benchmarks.{part}", *passed]
        done = subprocess.run(
            command, cwd=Path.cwd(), stdout=subprocess.PIPE, text=True, check=True
        )
        # pandana and pyrosm talk on standard output while they work.
        said = "\n".join(line for line in done.stdout.splitlines() if not _chatter(line)).strip()
        print(said, flush=True)
        if options.write:
            _write(ROOT / "docs" / PARTS[part], part, said)


def _chatter(line: str) -> bool:
    return line.startswith(
        ("Generating contraction", "Setting CH", "Range graph", ". 10%", "Reading ", "Building ")
    )


def _write(page: Path, part: str, said: str) -> None:
    text = page.read_text(encoding="utf-8")
    when = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    block = (
        f"<!-- {part} -->\n\n*{when}, {where}, Python {platform.python_version()}.*\n\n{said}\n\n"
    )
    marked = re.compile(f"<!-- {part} -->.*?(?=<!-- end -->)", re.DOTALL)
    if not marked.search(text):
        raise SystemExit(f"{page.name} has no place for {part}: <!-- {part} --> … <!-- end -->")
    page.write_text(marked.sub(lambda _: block, text), encoding="utf-8")


if __name__ == "__main__":
    main()
