"""Who did not report: from the note of a list to the verdict, and what a planner says instead."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from lifecircle.errors import LifecircleWarning, MissingDataWarning
from lifecircle.provenance import Source
from lifecircle.sources.geocoding.placing import FacilityList
from lifecircle.study.unreported import Unreported, silence_of, unreported_of

AREAS = pd.DataFrame(
    {
        "community_id": ["c1", "c2", "c3", "c4"],
        "name": ["城东社区居民委员会", "城西社区", "塘下村", "塘下社区"],
    },
    dtype=object,
)
NO_ROWS = pd.DataFrame(columns=["types", "community", "list"])


def one_list(services, *, unplaced=(), not_reported=("城东",)):
    table = gpd.GeoDataFrame(
        {"service": services, "place_id": [f"p{k}" for k in range(len(services))]}
    )
    return FacilityList(
        facilities=table,
        source=Source(name="体育.xlsx"),
        to_place=pd.DataFrame({"services": list(unplaced)}, dtype=object),
        placed={},
        not_reported=not_reported,
    )


def named(*communities, services=("fitness",)):
    return [Unreported(name="体育.xlsx", services=services, communities=communities)]


def test_names_become_communities_by_any_spelling():
    with pytest.warns(MissingDataWarning, match=r"体育\.xlsx: 3 communities did not report"):
        silence = silence_of(named("城东", "城西社区居委会", "塘下村"), NO_ROWS, AREAS)
    assert silence.unreported == {"fitness": dict.fromkeys(("c1", "c2", "c3"), "体育.xlsx")}
    assert silence.unplaced == {}


def test_names_that_are_no_community_or_two_are_told():
    with (
        pytest.warns(MissingDataWarning),
        pytest.warns(LifecircleWarning, match=r"2 are no community .*'塘下', '北寺社区'"),
    ):
        silence = silence_of(named("城东", "塘下", "北寺社区"), NO_ROWS, AREAS)
    assert silence.unreported == {"fitness": {"c1": "体育.xlsx"}}


def test_a_planner_may_say_what_a_name_means():
    with pytest.warns(MissingDataWarning):
        silence = silence_of(named("老城"), NO_ROWS, AREAS, same_as={"老城": "城东社区居民委员会"})
    assert silence.unreported == {"fitness": {"c1": "体育.xlsx"}}


def test_a_note_about_other_things_is_not_told(recwarn):
    assert silence_of(named("床位数"), NO_ROWS, AREAS).unreported == {}
    assert len(recwarn) == 0


def test_rows_without_a_place_are_kept_by_type():
    rows = pd.DataFrame(
        {
            "types": ["fitness.court;fitness.court", "fitness.centre", "fitness.centre"],
            "community": ["城西社区", None, "不知"],
            "list": ["a.xlsx", "a.xlsx", "a.xlsx"],
        },
        dtype=object,
    )
    assert silence_of([], rows, AREAS).unplaced == {"fitness.court": {"c2": "a.xlsx"}}


def test_a_list_speaks_for_what_it_is_about():
    (said,) = unreported_of([one_list(["fitness"] * 19 + ["culture"])])
    assert said.services == ("fitness",)
    (both,) = unreported_of([one_list(["fitness"] * 3 + ["culture"] * 3)])
    assert both.services == ("culture", "fitness")
    (none_placed,) = unreported_of([one_list([], unplaced=["elder_care", "elder_care"])])
    assert none_placed.services == ("elder_care",)
    assert unreported_of([one_list(["fitness"], not_reported=())]) == ()
