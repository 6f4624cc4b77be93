"""Sites chosen anew in every draw: a plain greedy choice, the same for the same ids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lifecircle.access.draws import Draws
from lifecircle.siting.brought import Brought
from lifecircle.siting.steadiness import Drawn, certain, chosen_in, picks
from lifecircle.standards import load_standard

ASKED = tuple(
    one for one in load_standard("basic").requirements if one.id in ("culture_15", "medical_15")
)
LIMIT = 90_000  # 15 minutes in 1/100 s


def made(reach, *, need=None, room=None, groups=None, homes=4):
    """Walks by hand: ``reach[candidate][requirement]`` is home to cost."""
    ptr, home, cost = [0], [], []
    for rows in reach:
        for walks in rows:
            home += sorted(walks)
            cost += [walks[one] for one in sorted(walks)]
            ptr.append(len(home))
    n = len(reach)
    groups = np.eye(2, dtype=bool) if groups is None else np.array(groups, dtype=bool)
    need = np.full((n, len(groups)), 100.0) if need is None else np.array(need, dtype=float)
    return Brought(
        wanted=ASKED,
        ids=np.array([f"p{at}" for at in range(n)], dtype=object),
        parcels=n,
        room=np.full(n, 1000.0) if room is None else np.array(room, dtype=float),
        groups=groups,
        need=need,
        smallest=need,
        ptr=np.array(ptr, dtype=np.int64),
        home=np.array(home, dtype=np.int32),
        cost=np.array(cost, dtype=np.int32),
        own=np.ones(len(home), dtype=bool),
    )


def weights(first, second):
    return {ASKED[0].id: np.array(first, float), ASKED[1].id: np.array(second, float)}


def nobody(homes=4):
    return {one.id: np.zeros(homes, dtype=bool) for one in ASKED}


def test_the_best_comes_first_and_what_it_covers_counts_no_more():
    found = made([[{0: 1, 1: 1}, {}], [{1: 1, 2: 1}, {}], [{3: 1}, {}]])
    weight = weights([5, 4, 3, 2], [0] * 4)
    picked = picks(found, weight, certain(ASKED, nobody(), 3), sites=3)
    assert picked.tolist() == [[0, 1, 2]]  # 9, then 3 of 7, then 2
    assert picks(found, weight, certain(ASKED, nobody(), 3), sites=5).tolist() == [
        [0, 1, 2, -1, -1]
    ]


def test_ties_go_to_the_lowest_candidate():
    found = made([[{0: 1}, {}], [{1: 1}, {}]])
    picked = picks(found, weights([5, 5, 0, 0], [0] * 4), certain(ASKED, nobody(), 2), sites=1)
    assert picked.tolist() == [[0]]


def test_what_has_no_room_together_is_not_counted_together():
    both = [{0: 1}, {1: 1}]
    found = made([both, [{2: 1}, {}]], room=[150.0, 150.0])  # two types of 100 m² each
    weight = weights([5, 0, 6, 0], [0, 4, 0, 0])
    assert picks(found, weight, certain(ASKED, nobody(), 2), sites=1).tolist() == [[1]]
    found = made([both, [{2: 1}, {}]], room=[200.0, 150.0])
    assert picks(found, weight, certain(ASKED, nobody(), 2), sites=1).tolist() == [[0]]


def test_one_type_for_both_is_not_counted_twice():
    found = made(
        [[{0: 1}, {0: 1}], [{1: 1, 2: 1}, {}]],
        groups=[[1, 1], [1, 0]],
        need=[[100.0, 100.0], [np.inf, 100.0]],
    )
    weight = weights([5, 8, 3, 0], [5, 0, 0, 0])
    assert picks(found, weight, certain(ASKED, nobody(), 2), sites=1).tolist() == [[1]]  # 11 > 10


def test_forced_candidates_come_first_and_forbidden_ones_never():
    found = made([[{0: 1}, {}], [{1: 1}, {}], [{2: 1}, {}]])
    weight = weights([5, 4, 3, 0], [0] * 4)
    inputs = certain(ASKED, nobody(), 3)
    forced = picks(found, weight, inputs, sites=2, first=np.array([2]))
    assert forced.tolist() == [[2, 0]]
    never = np.array([True, False, False])
    assert picks(found, weight, inputs, sites=2, never=never).tolist() == [[1, 2]]


def test_what_goes_first_is_chosen_first_and_only_once():
    found = made([[{0: 1, 1: 1}, {}], [{2: 1}, {}], [{3: 1}, {}]])
    weight = weights([50, 40, 3, 2], [0] * 4)
    claims = pd.DataFrame(
        {
            "parcel_id": ["p1", "p2", "p2", "gone"],
            "requirement": [ASKED[0].id, ASKED[0].id, "any", ASKED[0].id],
            "lack": [0, 0, 1, 2],
            "weight": [1.0, 1.0, 2.0, 1.0],
        }
    )
    inputs = certain(ASKED, nobody(), 3)
    # candidate 2 meets both claims: nothing is left that speaks for 1
    assert picks(found, weight, inputs, sites=3, claims=claims).tolist() == [[2, 0, 1]]
    one = claims[claims["parcel_id"] == "p1"]
    assert picks(found, weight, inputs, sites=2, claims=one).tolist() == [[1, 0]]
    assert picks(found, weight, inputs, sites=2, claims=claims[:0]).tolist() == [[0, 1]]


def test_whoever_is_covered_already_counts_nothing():
    found = made([[{0: 1}, {}], [{1: 1}, {}]])
    covered = nobody() | {ASKED[0].id: np.array([True, False, False, False])}
    weight = weights([5, 4, 0, 0], [0] * 4)
    assert picks(found, weight, certain(ASKED, covered, 2), sites=2).tolist() == [[1, -1]]


def test_a_limit_is_inclusive_and_slower_walkers_reach_less():
    found = made([[{0: LIMIT}, {}], [{1: 10}, {}]])
    weight = weights([5, 4, 0, 0], [0] * 4)
    inputs = certain(ASKED, nobody(), 2)
    assert picks(found, weight, inputs, sites=1).tolist() == [[0]]
    slow = Drawn(
        draws=Draws(
            speed=np.array([0.99]),
            target=np.zeros(1),
            home_m=np.zeros((1, 4), dtype=np.float32),
            place_m=np.zeros((1, 0), dtype=np.float32),
            there=np.ones((1, 0), dtype=bool),
        ),
        place_m=np.zeros((1, 2), dtype=np.float32),
        factor=np.ones((1, 2)),
        covered={name: one[None, :] for name, one in nobody().items()},
    )
    assert picks(found, weight, slow, sites=1).tolist() == [[1]]


def test_the_kernel_chooses_as_a_plain_greedy_choice_does():
    random = np.random.default_rng(3)
    for _ in range(20):
        n, homes = 12, 30
        sets = [
            [set(random.choice(homes, random.integers(0, 9), replace=False).tolist()) for _ in "ab"]
            for _ in range(n)
        ]
        found = made(
            [[dict.fromkeys(one, 1) for one in rows] for rows in sets],
            need=np.zeros((n, 2)),
            homes=homes,
        )
        value = random.integers(1, 1000, (2, homes)).astype(float)
        picked = picks(
            found, weights(value[0], value[1]), certain(ASKED, nobody(homes), n), sites=5
        )[0].tolist()
        left, expected = value.copy(), []
        for _turn in range(5):
            gain = [
                sum(left[at, list(rows[at])].sum() for at in (0, 1))
                if place not in expected
                else -1
                for place, rows in enumerate(sets)
            ]
            best = int(np.argmax(gain))
            if gain[best] <= 0:
                expected.append(-1)
                continue
            expected.append(best)
            for at in (0, 1):
                left[at, list(sets[best][at])] = 0.0
        assert picked == expected


def test_without_candidates_or_sites_nothing_is_picked():
    found = made([])
    inputs = certain(ASKED, nobody(), 0)
    assert picks(found, weights([1] * 4, [1] * 4), inputs, sites=2).tolist() == [[-1, -1]]
    assert picks(found, weights([1] * 4, [1] * 4), inputs, sites=0).shape == (1, 0)


def test_how_often_is_a_share(toy_findings):
    frequency = toy_findings.results.choice.frequency
    assert frequency["chosen_in"].between(0.0, 1.0).all()
    sites = toy_findings.results.sites.table
    told = frequency.dropna(subset=["site_id"]).set_index("site_id")["chosen_in"]
    assert told.to_dict() == pytest.approx(sites.set_index("site_id")["chosen_in"].to_dict())
    # In every draw as many are chosen as the plan has, or fewer where nobody is left.
    assert frequency["chosen_in"].sum() <= len(sites) + 1e-9


def test_nothing_picked_counts_nothing():
    assert chosen_in(np.full((4, 2), -1, dtype=np.int32), 3).tolist() == [0.0, 0.0, 0.0]


def test_where_nothing_is_asked_nothing_is_picked():
    found = replace(made([[{0: 1}, {}]]), wanted=(), ptr=np.zeros(1, dtype=np.int64))
    inputs = Drawn(
        draws=certain(ASKED, nobody(), 1).draws,
        place_m=np.zeros((1, 1)),
        factor=np.zeros((1, 0)),
        covered={},
    )
    assert picks(found, {}, inputs, sites=2).tolist() == [[-1, -1]]
