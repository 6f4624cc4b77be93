"""Supply shared among all who reach it: the published formula, its law, and another program."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecircle.access.catchments import share_supply, zone_weights
from lifecircle.access.competition import shared_supply
from lifecircle.access.levels import levels_of
from lifecircle.errors import MissingDataWarning
from lifecircle.reach.matrix import reach_of
from lifecircle.reach.pairs import pairs_within
from lifecircle.tables import SUPPLY
from tests.making import community_table, facilities_at, homes_at, requirement, standard, streets

STREET = streets([(0, 0), (4000, 0)])
ASK = requirement(limit_m=900.0, minutes=None, group="all")


def town(seed: int, homes: int = 60, facilities: int = 9, reached: float = 15.0):
    rng = np.random.default_rng(seed)
    people = rng.integers(0, 300, homes).astype(float)
    supply = rng.integers(1, 900, facilities).astype(float)
    cost = rng.uniform(0, 40, (homes, facilities))
    home, place = np.nonzero(cost <= reached)
    return people, supply, home, place, cost[home, place] / reached


# -- the kernel ---------------------------------------------------------------------------------
def test_thirds_of_the_limit_include_their_ends():
    part = np.array([0.0, 1 / 3, 1 / 3 + 1e-6, 2 / 3, 2 / 3 + 1e-6, 1.0, 1.0 + 1e-6])
    assert zone_weights(part).tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22, 0]
    assert zone_weights(np.empty(0)).tolist() == []


def test_values_worked_by_hand():
    # 100 people next door and 100 at the far end share 61 beds: 61 / (100 + 22) = 0.5 each.
    home, facility = np.array([0, 1]), np.array([0, 0])
    people, supply = np.array([100.0, 100.0, 50.0]), np.array([61.0, 9.0])
    found = share_supply(home, facility, np.array([1.0, 0.22]), people=people, supply=supply)
    assert found.ratio[0] == pytest.approx(0.5)
    assert np.isnan(found.ratio[1])  # nobody is in reach of it
    assert found.access == pytest.approx([0.5, 0.11, 0.0])
    assert (people * found.access).sum() == pytest.approx(61)


def test_unknown_supply_gives_nothing_and_no_pairs_give_zeros():
    one = np.array([0])
    found = share_supply(one, one, np.ones(1), people=np.ones(1), supply=np.array([np.nan]))
    assert found.access.tolist() == [0]
    none = np.empty(0, dtype=np.int64)
    empty = share_supply(none, none, np.empty(0), people=np.ones(2), supply=np.ones(1))
    assert empty.access.tolist() == [0, 0]
    assert np.isnan(empty.ratio).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_supply_in_reach_is_conserved(seed):
    people, supply, home, place, part = town(seed)
    found = share_supply(home, place, zone_weights(part), people=people, supply=supply)
    somebody = np.bincount(place, weights=people[home], minlength=len(supply)) > 0
    assert (people * found.access).sum() == pytest.approx(supply[somebody].sum(), rel=1e-9)


def test_the_published_formula_by_brute_force():
    people, supply, home, place, part = town(3)
    found = share_supply(home, place, zone_weights(part), people=people, supply=supply)
    weight = {(h, f): w for h, f, w in zip(home, place, zone_weights(part), strict=True)}
    for h in range(len(people)):
        total = 0.0
        for f in range(len(supply)):
            if (h, f) in weight:
                crowd = sum(w * people[k] for (k, g), w in weight.items() if g == f)
                total += weight[h, f] * supply[f] / crowd if crowd else 0.0
        assert found.access[h] == pytest.approx(total, rel=1e-12)


# That program uses pandas in ways pandas warns of.
@pytest.mark.filterwarnings("ignore")
def test_another_program_says_the_same():
    access = pytest.importorskip("access")
    from access import weights  # noqa: PLC0415

    people, supply, home, place, part = town(7)
    people = people + 1
    theirs = access.Access(
        demand_df=pd.DataFrame({"id": np.arange(len(people)), "p": people}),
        demand_index="id",
        demand_value="p",
        supply_df=pd.DataFrame({"id": np.arange(len(supply)), "s": supply}),
        supply_index="id",
        supply_value="s",
        cost_df=pd.DataFrame({"o": home, "d": place, "cost": part * 15}),
        cost_origin="o",
        cost_dest="d",
        cost_name="cost",
    ).enhanced_two_stage_fca(
        name="e",
        cost="cost",
        supply_values="s",
        max_cost=15,
        weight_fn=weights.step_fn({5: 1, 10: 0.68, 15: 0.22}),
    )
    ours = share_supply(home, place, zone_weights(part), people=people, supply=supply)
    known = theirs.iloc[:, 0].reindex(np.arange(len(people))).fillna(0).to_numpy()
    assert ours.access == pytest.approx(known, rel=1e-9)


# -- the walks ----------------------------------------------------------------------------------
def test_pairs_are_all_walks_within_the_limit():
    homes = homes_at(STREET, (0, 0), (1000, 0))
    facilities = facilities_at(STREET, (300, 0), (900, 0), (1900, 0))
    found = pairs_within(
        ASK, np.array([True, True, True]), homes=homes, facilities=facilities, network=STREET
    )
    assert list(zip(found.home.tolist(), found.facility.tolist(), strict=True)) == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
        (1, 2),
    ]
    assert found.part == pytest.approx([1 / 3, 1, 7 / 9, 1 / 9, 1])
    none = pairs_within(
        ASK, np.zeros(3, dtype=bool), homes=homes, facilities=facilities, network=STREET
    )
    assert len(none.home) == 0


# -- the table ----------------------------------------------------------------------------------
def table_of(*, people=(100.0, 100.0), asked=ASK, **columns):
    homes = homes_at(STREET, (0, 0), (900, 0), people=list(people), community=["c1", "c2"])
    facilities = facilities_at(STREET, (0, 0), (3000, 0), community=["c1", None], **columns)
    reaches = {asked.id: reach_of(asked, homes, facilities, STREET)}
    levels = levels_of(community_table("c1", "c2"), homes, facilities, study_name="town")
    return shared_supply(
        standard(asked), reaches, homes=homes, facilities=facilities, network=STREET, levels=levels
    )


def test_columns_and_values_by_level():
    # 61 m² for 100 people next door and 100 at the limit: 0.5 and 0.11 m² a head.
    table = table_of(floor_m2=[61.0, None])
    assert tuple(table.columns) == SUPPLY
    by_area = table.set_index("area_id")
    assert set(table["measure"]) == {"floor_m2"}
    assert by_area["supply_per_1000"].to_dict() == pytest.approx(
        {"c1": 500, "c2": 110, "study": 305}
    )
    assert by_area["demand_ratio"].to_dict() == pytest.approx({"c1": 2, "c2": 2, "study": 2})
    assert by_area.loc["study", ["known", "people"]].tolist() == [1, 200]


def test_what_is_not_known_is_left_out_and_told():
    with pytest.warns(MissingDataWarning, match="sizes are known for under 80% of what medical_15"):
        table = table_of()
    assert tuple(table.columns) == SUPPLY
    assert len(table) == 0


def test_beds_of_nothing_are_no_size():
    assert set(table_of(floor_m2=[61.0, 61.0], beds=[0.0, 0.0])["measure"]) == {"floor_m2"}
    assert set(table_of(floor_m2=[61.0, 61.0], beds=[10.0, 0.0])["measure"]) == {"beds"}


def test_nothing_is_said_beyond_the_base_and_without_people():
    better = ASK.model_copy(update={"view": "quality"})
    assert len(table_of(floor_m2=[61.0, 61.0], asked=better)) == 0
    assert len(table_of(floor_m2=[61.0, 61.0], people=(0.0, 0.0))) == 0


def test_sizes_must_be_known_for_what_lies_farther_too():
    # Both homes' nearest has a size; of the three others within reach nobody knows any.
    homes = homes_at(STREET, (0, 0), (10, 0), people=100.0, community=["c1", "c2"])
    facilities = facilities_at(
        STREET,
        *((0, 0), (50, 0), (60, 0), (70, 0)),
        community=None,
        floor_m2=[61.0, None, None, None],
    )
    reaches = {ASK.id: reach_of(ASK, homes, facilities, STREET)}
    levels = levels_of(community_table("c1", "c2"), homes, facilities, study_name="town")
    with pytest.warns(MissingDataWarning, match="medical_15"):
        table = shared_supply(
            standard(ASK),
            reaches,
            homes=homes,
            facilities=facilities,
            network=STREET,
            levels=levels,
        )
    assert len(table) == 0
