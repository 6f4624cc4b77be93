"""Runs saved once for all tests of the study."""

from __future__ import annotations

import pytest

from tests.small_town import write_study, write_town


@pytest.fixture(scope="session")
def toy_folder(toy_findings, tmp_path_factory):
    """The toy town's run, written once; tests read it and never change it."""
    out = tmp_path_factory.mktemp("toy") / "run"
    toy_findings.save(out)
    return out


@pytest.fixture
def small_study(tmp_path):
    """A readable study of the small town; the test may write over its parts."""
    write_town(tmp_path)
    return write_study(tmp_path)
