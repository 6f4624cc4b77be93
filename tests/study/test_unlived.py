"""Where the map shows no home, land is still found and judged, and nothing else is claimed."""

from __future__ import annotations

import pytest

from lifecircle.errors import LifecircleError
from lifecircle.study import Study
from tests.small_town import write_study, write_town


def unlived(folder, homes='buildings = "osm"'):
    write_town(folder, services=(), houses=False)
    return Study.load(write_study(folder, homes=homes))


def test_people_without_a_home_are_still_refused(tmp_path):
    with pytest.raises(LifecircleError, match="neither a residential building"):
        unlived(tmp_path, homes="total = 300").run()


def test_without_homes_and_services_the_run_says_what_cannot_be_told(tmp_path):
    found = unlived(tmp_path).run()
    assert len(found.homes) == 0
    assert len(found.gaps.table) == 0
    assert len(found.sites.table) == 0
    assert found.scorecard.scores["share"].isna().all()
    assert any(text.startswith("no home is known in the area") for text in found.warnings)
    assert "No home is known: whether there are gaps cannot be told." in found.summary()
    assert "No gaps." not in found.summary()
    assert found.content.unlived


def test_check_asks_for_homes(tmp_path):
    advice = unlived(tmp_path).check().advice
    assert "no home is known" in [one.missing for one in advice]
