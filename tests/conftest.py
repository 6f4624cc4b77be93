"""Fixtures that several folders of tests share."""

from __future__ import annotations

import os
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
