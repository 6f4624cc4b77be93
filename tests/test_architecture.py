"""The house rules a machine can check: imports point down, libraries have one home, files end."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[1] / "src" / "lifecircle"
FILES = sorted(SRC.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

LAYERS = (
    ("__main__",),
    ("cli",),
    ("study",),
    ("comparison",),
    ("outputs",),
    ("programme",),
    ("siting",),
    ("gaps",),
    ("access",),
    ("reach",),
    ("places",),
    ("network",),
    ("sources",),
    ("tables", "config"),
    ("standards", "walk", "geo", "provenance"),
    ("errors",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# A standard names profiles of `walk` and checks that they exist; nothing points back.
SIBLINGS = {("standards", "walk")}

# Library to the files that may import it; what is not listed here may not be imported at all.
HOMES = {
    "numpy": ("*",),
    "pandas": ("*",),
    "shapely": ("*",),
    "pyproj": ("*",),
    "geopandas": ("*",),
    "pyogrio": ("sources/*", "outputs/*", "comparison/*"),
    "numba": (
        "network/buckets.py",
        "network/search.py",
        "network/spread.py",
        "network/grid.py",
        "access/tally.py",
        "siting/picking.py",
    ),
    "osmium": ("sources/osm/*",),
    "osmnx": ("sources/osm/online.py", "network/graphs.py"),
    "requests": ("sources/osm/online.py",),
    "networkx": ("sources/osm/online.py", "network/graphs.py", "network/streets.py"),
    # Squares of cells to polygons; the time field as GeoTIFF.
    "rasterio": ("sources/bands.py", "reach/bands.py", "reach/time_field.py"),
    "affine": ("sources/bands.py",),
    "contourpy": ("reach/bands.py",),
    "highspy": ("siting/*",),
    "folium": ("outputs/*", "comparison/*", "study/__init__.py"),
    "branca": ("outputs/*", "comparison/*"),
    "jinja2": ("outputs/*",),
    "xlsxwriter": ("outputs/*",),
    "openpyxl": ("sources/*", "outputs/*"),
    "python_calamine": ("sources/*",),
    "docx": ("outputs/*",),
    "matplotlib": ("outputs/*",),
    "pydantic": ("config/*", "standards/*", "study/*", "comparison/*"),
    "pydantic_core": ("config/*", "standards/*"),
    "typer": ("cli.py",),
    "click": ("cli.py",),
    "rich": ("cli.py",),
    "pyarrow": ("sources/*", "outputs/*", "comparison/*"),
    "rapidfuzz": ("sources/*",),
}


def name_of(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def package_of(path: Path) -> str:
    return path.relative_to(SRC).parts[0].removesuffix(".py")


def imports_of(path: Path) -> list[tuple[int, str]]:
    """Line and full name of everything imported, inside functions and TYPE_CHECKING too."""
    found = []
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports relatively"
            # ``from lifecircle import geo`` imports the submodule, so it is named with it.
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


@pytest.fixture(scope="module")
def arrows() -> list[tuple[str, str, str]]:
    """From package, to package, place: every import inside the project but the root's own."""
    found = []
    for path in FILES:
        if path == SRC / "__init__.py":
            continue
        for line, name in imports_of(path):
            parts = name.split(".")
            if parts[0] == "lifecircle":
                place = f"{name_of(path)}:{line}"
                found.append((package_of(path), parts[1] if len(parts) > 1 else "", place))
    return found


def test_the_walk_sees_the_whole_package(arrows):
    assert {package_of(path) for path in FILES} - {"__init__"} <= set(RANK)
    assert ("study", "outputs") in {(source, target) for source, target, _ in arrows}
    assert len(arrows) > 100


def test_nobody_imports_the_root_package_for_names(arrows):
    modules = {package_of(path) for path in FILES}
    wrong = [(place, target) for _, target, place in arrows if target not in modules]
    assert wrong == []


def test_imports_point_strictly_downward(arrows):
    wrong = sorted(
        f"{place}: {source} imports {target}"
        for source, target, place in arrows
        if source != target and RANK[source] >= RANK[target] and (source, target) not in SIBLINGS
    )
    assert wrong == []


def test_modules_inside_a_package_do_not_import_in_a_circle():
    """The order inside a folder is free, but there is one."""
    reaches: dict[str, set[str]] = {}
    names = {
        ".".join(("lifecircle", *path.relative_to(SRC).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): path
        for path in FILES
    }
    for module, path in names.items():
        reaches[module] = set()
        for _, name in imports_of(path):
            target = name if name in names else name.rpartition(".")[0]
            if target in names and target not in (module, "lifecircle"):
                reaches[module].add(target)
    reaches["lifecircle"] = set()
    done: set[str] = set()
    while ready := {one for one, targets in reaches.items() if one not in done and targets <= done}:
        done |= ready
    assert sorted(set(reaches) - done) == []


def test_every_library_stays_in_its_home():
    wrong = []
    for path in FILES:
        for line, name in imports_of(path):
            library = name.split(".")[0]
            if library == "lifecircle" or library in sys.stdlib_module_names:
                continue
            place = name_of(path)
            if not any(fnmatch(place, pattern) for pattern in HOMES.get(library, ())):
                wrong.append(f"{place}:{line} imports {library}")
    assert wrong == []


def test_no_module_is_called_utils_or_settings():
    words = {"utils", "util", "helpers", "misc", "common", "settings"}
    assert [name_of(path) for path in FILES if path.stem in words] == []
    assert [one.name for one in SRC.rglob("*") if one.is_dir() and one.name in words] == []


def test_no_file_is_longer_than_four_hundred_lines():
    lengths = {name_of(path): path.read_text(encoding="utf-8").count("\n") for path in FILES}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_nothing_prints_asserts_or_is_left_undone():
    wrong = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            line = f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id in ("print", "breakpoint", "exec", "eval"):
                wrong.append(f"{line} calls {node.func.id}")
            if isinstance(node, ast.Assert):
                wrong.append(f"{line} asserts")
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                wrong.append(f"{line} has a bare except")
            if isinstance(node, ast.Name) and node.id == "NotImplementedError":
                wrong.append(f"{line} is a stub")
            # folium's `render` takes them, so its overrides must; private helpers may.
            public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if public and node.args.kwarg and node.name != "render":
                wrong.append(f"{line} takes **{node.args.kwarg.arg}")
            if isinstance(node, ast.Global):
                wrong.append(f"{line} has a global")
        if "TODO" in path.read_text(encoding="utf-8"):
            wrong.append(f"{name_of(path)} has a TODO")
    assert wrong == []


@pytest.mark.parametrize("module", ["lifecircle", "lifecircle.cli", "lifecircle.errors"])
def test_importing_the_package_or_the_command_line_is_light(module):
    heavy = ["numba", "geopandas", "pandas", "shapely", "folium", "highspy", "osmnx", "rasterio"]
    code = (
        f"import sys, json, {module}; "
        f"print(json.dumps([name for name in {heavy} if name in sys.modules]))"
    )
    environment = {"PYTHONPATH": str(SRC.parent), "PATH": ""}
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert json.loads(run.stdout) == []
