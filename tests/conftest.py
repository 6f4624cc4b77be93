"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from lifecircle.errors import LifecircleWarning

if TYPE_CHECKING:
    from lifecircle.study import Findings
    from lifecircle.tables import Survey

# Whoever checks a change wants the same draws as whoever made it; at a desk they are new each time.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

NEUBRANDENBURG = (
    Path(__file__).resolve().parents[1] / "data" / "neubrandenburg" / "neubrandenburg.osm.pbf"
)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def toy_findings() -> Findings:
    """The toy town, run once."""
    from lifecircle.study import Study  # noqa: PLC0415  only who asks for it waits for it

    return Study.toytown().run()


@pytest.fixture(scope="session")
def neubrandenburg() -> Survey:
    """The embedded town's survey, read once."""
    from lifecircle.sources.osm.file import read_osm_file  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        return read_osm_file(NEUBRANDENBURG)


def run_demo(out: Path, *options: str) -> Path:
    """Run an embedded study by the command itself; what it printed lies beside the folder."""
    code = "from lifecircle.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, "demo", "--out", str(out), *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
    )
    assert ended.returncode == 0, ended.stderr
    (out.parent / "stdout.txt").write_text(ended.stdout, encoding="utf-8")
    (out.parent / "stderr.txt").write_text(ended.stderr, encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `lifecircle demo` writes, run once."""
    return run_demo(tmp_path_factory.mktemp("demo") / "out")


@pytest.fixture(scope="session")
def chinese_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `lifecircle demo --lang zh` writes, run once."""
    return run_demo(tmp_path_factory.mktemp("lanpu") / "out", "--lang", "zh")


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all tests of pages."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
