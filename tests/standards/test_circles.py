"""How many people a circle is for: packaged with evidence, and overridden with the tag P."""

from __future__ import annotations

import pytest

from lifecircle.standards import Circle, load_standard


@pytest.mark.parametrize("name", ["basic", "gb50180", "zhejiang"])
def test_every_edition_says_how_many_people_a_circle_is_for(name):
    bands = {one.minutes: (one.people_min, one.people_max) for one in load_standard(name).circles}
    assert bands == {5: (5000, 12000), 10: (15000, 25000), 15: (50000, 100000)}
    assert {item.tag for one in load_standard(name).circles for item in one.evidence} == {"V"}


def test_an_end_of_a_band_can_be_overridden():
    standard = load_standard("basic", override={"circle.5.people_min": 4000})
    circle = next(one for one in standard.circles if one.minutes == 5)
    assert circle.people_min == 4000
    assert {item.field: item.tag for item in circle.evidence} == {
        "people_min": "P",
        "people_max": "V",
    }
    assert "circle.5" in {owner for owner, _ in standard.unverified()}


def test_a_band_needs_two_ends_in_order_and_evidence_for_both():
    with pytest.raises(ValueError, match="without evidence"):
        Circle(minutes=5, people_min=1.0, people_max=2.0, evidence=())
    evidence = load_standard("basic").circles[0].evidence
    with pytest.raises(ValueError, match="not below"):
        Circle(minutes=5, people_min=2.0, people_max=2.0, evidence=evidence)
