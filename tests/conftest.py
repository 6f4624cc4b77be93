"""Fixtures that several folders of tests share."""

from __future__ import annotations

import pytest

from lifecircle.study import Findings, Study


@pytest.fixture(scope="session")
def toy_findings() -> Findings:
    """The toy town, run once."""
    return Study.toytown().run()
