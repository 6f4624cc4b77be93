"""The judge of datums: right where the ground tells, silent where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle import geo
from lifecircle.sources.systems.clues import Clues
from lifecircle.sources.systems.datums import SURE, Candidate, judge_datum
from tests.sources.town_making import CRS_OF_TOWN, ground, inhabited, names_of, shifted


def candidates(lonlat):
    gcj02 = geo.gcj02_to_wgs84(lonlat)
    bd09 = geo.gcj02_to_wgs84(geo.bd09_to_gcj02(lonlat))
    return [
        Candidate(datum=datum, xy=geo.project(spots, CRS_OF_TOWN))
        for datum, spots in (("wgs84", lonlat), ("gcj02", gcj02), ("bd09", bd09))
    ]


def judged(lonlat, known, names=None, seed=0):
    clues = Clues(known)
    nobody = [None] * len(lonlat)
    return judge_datum(candidates(lonlat), clues, clues.rows(names or nobody, nobody), seed=seed)


# -- bad input ---------------------------------------------------------------------------------
def test_no_points_and_no_ground_give_no_verdict():
    nothing = ground(with_houses=False, with_streets=False, with_quarters=False)
    assert judged(inhabited(), nothing) is None
    assert judged(np.empty((0, 2)), ground()) is None
    assert judged(np.full((3, 2), np.nan), ground()) is None


def test_points_that_fit_nowhere_are_not_decided():
    rng = np.random.default_rng(8)
    lonlat = inhabited() + rng.uniform(-0.003, 0.003, (30, 2))
    verdict = judged(lonlat, ground())
    assert not verdict.decided


def test_few_points_beside_streets_alone_are_not_decided():
    verdict = judged(inhabited(5), ground(with_houses=False, with_quarters=False))
    assert verdict.sure < SURE


# -- hand-worked -------------------------------------------------------------------------------
@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_points_in_houses_tell_their_datum(datum):
    verdict = judged(shifted(inhabited(), datum), ground())
    assert verdict.best.datum == datum
    assert verdict.decided
    assert verdict.other is None
    assert "0 m to the nearest building" in verdict.best.words
    assert verdict.of(datum) is verdict.best
    assert verdict.of("epsg:4528") is None


def test_names_of_communities_tell_it_without_houses():
    places = inhabited(40)
    bare = ground(with_houses=False)
    named = judged(shifted(places, "bd09"), bare, names_of(places))
    silent = judged(shifted(places, "bd09"), bare)
    assert named.best.datum == "bd09"
    assert named.best.score > silent.best.score
    assert "40 of 40 in the community named" in named.best.words


def test_rows_of_another_datum_are_told():
    places = inhabited(40)
    mixed = shifted(places, "gcj02")
    mixed[5:15] = places[5:15]
    verdict = judged(mixed, ground())
    assert verdict.best.datum == "gcj02"
    assert verdict.other == "wgs84"
    assert set(verdict.other_rows) <= set(range(5, 15))
    assert len(verdict.other_rows) >= 8


def test_points_on_one_spot_count_once():
    one = judged(np.repeat(shifted(inhabited(3), "gcj02"), 20, axis=0), ground())
    assert one.points == 3


# -- laws --------------------------------------------------------------------------------------
def test_no_wrong_datum_is_ever_decided_over_many_lists():
    known = ground()
    right = 0
    for seed in range(24):
        datum = ("wgs84", "gcj02", "bd09")[seed % 3]
        verdict = judged(shifted(inhabited(10, seed=seed), datum), known, seed=seed)
        assert not verdict.decided or verdict.best.datum == datum
        right += verdict.decided
    assert right >= 22


def test_the_order_of_rows_changes_no_score():
    lonlat = shifted(inhabited(), "gcj02")
    first, second = judged(lonlat, ground()), judged(lonlat[::-1], ground())
    assert first.best.datum == second.best.datum
    assert first.best.words == second.best.words
