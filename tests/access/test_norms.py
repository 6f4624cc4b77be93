"""Norms judged area by area: what is there, what is needed, and what nobody can say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle.access.levels import levels_of, within
from lifecircle.access.norms import Listing, judge_norms
from lifecircle.access.sizes import counting_of, sizes_of
from lifecircle.errors import MissingDataWarning
from lifecircle.standards import Evidence, Norm
from lifecircle.tables import NORMS
from tests.making import community_table, facilities_at, homes_at, requirement, standard, streets

STREET = streets([(0, 0), (4000, 0)])
PROOF = (Evidence(field="at_least", clause="5.1", source="ours", tag="V"),)
WHOLE = Listing(complete={"medical"})


def norm(**changes: object) -> Norm:
    values = {
        "id": "floor",
        "service": "medical",
        "label_zh": "用房",
        "label_en": "Rooms",
        "types": ("medical.station",),
        "measure": "floor_m2",
        "at_least": 50.0,
        "per": 1000.0,
        "evidence": PROOF,
    }
    return Norm.model_validate({**values, **changes})


def judged(
    *norms: Norm,
    people=(2000.0, 1000.0),
    at=((500, 0),),
    community=("c1",),
    listing: Listing = WHOLE,
    people_known: bool = True,
    homes=None,
    **columns: object,
) -> pd.DataFrame:
    homes = homes or homes_at(
        STREET, (100, 0), (1100, 0), people=list(people), community=["c1", "c2"]
    )
    facilities = facilities_at(STREET, *at, community=list(community), **columns)
    levels = levels_of(
        community_table("c1", "c2", subdistrict=["s1", "s1"]),
        homes,
        facilities,
        study_name="town",
    )
    asked = standard(requirement(), norms=norms or (norm(),))
    return judge_norms(
        asked,
        homes=homes,
        facilities=facilities,
        levels=levels,
        listing=listing,
        people_known=people_known,
    )


def of(table: pd.DataFrame, area: str) -> pd.Series:
    return table.set_index("area_id").loc[area]


def test_columns_also_when_nothing_is_asked():
    homes = homes_at(STREET, (100, 0))
    facilities = facilities_at(STREET, (100, 0))
    levels = levels_of(community_table("c1"), homes, facilities, study_name="town")
    table = judge_norms(
        standard(requirement()), homes=homes, facilities=facilities, levels=levels, listing=WHOLE
    )
    assert tuple(table.columns) == NORMS
    assert len(table) == 0
    assert tuple(judged(floor_m2=[80.0]).columns) == NORMS


def test_values_worked_by_hand():
    # c1: 2000 people need 100 m² and have 80; c2: 1000 need 50 and have 90.
    table = judged(at=((500, 0), (1500, 0)), community=("c1", "c2"), floor_m2=[80.0, 90.0])
    one, other, whole = of(table, "c1"), of(table, "c2"), of(table, "study")
    assert (one["have"], one["need"], one["short_by"], one["verdict"]) == (80, 100, 20, "short")
    assert one["share"] == pytest.approx(0.8)
    assert (other["have"], other["need"], other["short_by"], other["verdict"]) == (90, 50, 0, "met")
    # Sums: 170 m² of 150 are enough for the whole.
    assert (whole["have"], whole["need"], whole["verdict"], whole["facilities"]) == (
        170,
        150,
        "met",
        2,
    )
    assert of(table, "s1")["have"] == 170
    assert set(table["clause"]) == {"5.1"}


def test_larger_levels_are_sums():
    table = judged(at=((500, 0), (1500, 0)), community=("c1", "c2"), floor_m2=[80.0, 90.0])
    parts = table[table["level"] == "community"][["have", "need", "facilities"]].sum()
    for area in ("s1", "study"):
        assert of(table, area)[["have", "need", "facilities"]].tolist() == parts.tolist()


def test_only_the_norms_own_level_and_larger_ones():
    table = judged(norm(level="subdistrict"), floor_m2=[80.0])
    assert table["level"].tolist() == ["subdistrict", "study"]
    # A level nobody drew is left out, not guessed.
    assert judged(norm(level="county"), floor_m2=[80.0])["level"].tolist() == ["study"]


def test_per_area_less_in_one_is_not_made_up_for_by_more_in_another():
    each = norm(measure="facilities", at_least=1.0, per=None)
    table = judged(each, at=((400, 0), (500, 0)), community=("c1", "c1"))
    assert of(table, "c1")["verdict"] == "met"
    assert of(table, "c2")["verdict"] == "short"
    whole = of(table, "study")
    assert (whole["have"], whole["need"], whole["short_by"]) == (2, 2, 1)
    assert (whole["verdict"], whole["share"]) == ("short", 0.5)


def test_nobody_to_serve_is_empty():
    table = judged(people=(2000.0, 0.0), floor_m2=[80.0])
    assert of(table, "c2")["verdict"] == "empty"
    assert np.isnan(of(table, "c2")["share"])
    each = norm(measure="facilities", at_least=1.0, per=None)
    alone = homes_at(STREET, (100, 0), community=["c1"])
    assert of(judged(each, homes=alone), "c2")["verdict"] == "empty"


def test_a_list_nobody_declares_complete_proves_no_shortage_but_may_prove_enough():
    table = judged(listing=Listing(), floor_m2=[80.0])
    assert of(table, "c1")["verdict"] == "unknown"
    assert np.isnan(of(table, "c1")["short_by"])
    assert of(judged(listing=Listing(), floor_m2=[100.0]), "c1")["verdict"] == "met"


def test_sizes_nobody_wrote_down():
    places = {"at": tuple((100 * k, 0) for k in range(5)), "community": ("c1",) * 5}
    known = judged(**places, floor_m2=[10.0, 10.0, 10.0, 10.0, None])
    assert of(known, "c1")["known"] == pytest.approx(0.8)
    assert of(known, "c1")["verdict"] == "short"
    table = judged(**places, floor_m2=[10.0, 10.0, 10.0, None, None])
    assert of(table, "c1")["verdict"] == "unknown"
    enough = judged(**places, floor_m2=[100.0, None, None, None, None])
    assert of(enough, "c1")["verdict"] == "met"
    nothing = judged(**places, floor_m2=[None] * 5)
    assert np.isnan(of(nothing, "c1")["have"])
    assert of(nothing, "c1")["verdict"] == "unknown"


def test_rows_without_a_place_count_as_unknown_where_they_belong():
    lost = Listing(complete={"medical"}, lost_rows={"medical": {"c2": 1}})
    table = judged(listing=lost, floor_m2=[80.0])
    assert of(table, "c1")["verdict"] == "short"
    assert of(table, "c2")["verdict"] == "unknown"
    assert of(table, "study")["verdict"] == "unknown"  # one of two has no place
    somewhere = Listing(complete={"medical"}, lost_rows={"medical": {"": 1}})
    assert of(judged(listing=somewhere, floor_m2=[80.0]), "study")["known"] == 0.5
    many = Listing(complete={"medical"}, lost_shares={"medical": 0.16})
    assert of(judged(listing=many, floor_m2=[80.0]), "c1")["verdict"] == "unknown"


def test_people_nobody_counted_leave_a_norm_open():
    table = judged(people_known=False, floor_m2=[900.0])
    assert set(table["verdict"]) == {"unknown"}
    assert table["need"].isna().all()
    with pytest.warns(MissingDataWarning, match=r"nobody counts whom floor \(60plus\) speaks of"):
        table = judged(norm(of="60plus"), floor_m2=[900.0])
    assert set(table["verdict"]) == {"unknown"}
    each = norm(measure="facilities", at_least=1.0, per=None)
    assert of(judged(each, people_known=False), "c1")["verdict"] == "met"


def test_only_what_counts_today_is_supply():
    table = judged(
        at=((100, 0), (200, 0), (300, 0), (2500, 0)),
        community=("c1", "c1", "c1", None),
        floor_m2=[10.0, 20.0, 40.0, 80.0],
        status=["existing", "closed", "existing", "existing"],
        open_to=["anyone", "anyone", "members", "anyone"],
    )
    assert of(table, "c1")["have"] == 10
    # What stands beyond every community is not the study's either.
    assert of(table, "study")["have"] == 10


def test_a_house_has_its_floor_once():
    kinds = ["medical.station", "medical.clinic", "medical.station"]
    town = facilities_at(
        STREET,
        *((100, 0), (100, 0), (300, 0)),
        kind=kinds,
        place_id=["p", "p", None],
        floor_m2=[300.0, 350.0, None],
    )
    sizes = sizes_of(town.table, counting_of(town.table, "medical", ()), "floor_m2")
    assert sizes.row.tolist() == [0, 2]
    assert sizes.size[0] == 350
    assert np.isnan(sizes.size[1])
    only = counting_of(town.table, "medical", ("medical.station",))
    assert sizes_of(town.table, only, "floor_m2").size[0] == 300
    assert sizes_of(town.table, only, "facilities").size.tolist() == [1, 1]
    assert len(sizes_of(town.table, only & False, "beds").row) == 0


def test_inputs_stay_and_order_does_not_matter():
    homes = homes_at(STREET, (100, 0), (1100, 0), people=[9.0, 7.0], community=["c1", "c2"])
    before = homes.table.copy()
    one = judged(homes=homes, at=((1, 0), (2, 0)), community=("c1", "c2"), floor_m2=[1.0, 2.0])
    assert homes.table.equals(before)
    other = judged(homes=homes, at=((2, 0), (1, 0)), community=("c2", "c1"), floor_m2=[2.0, 1.0])
    pd.testing.assert_frame_equal(one, other)


def test_areas_lie_in_larger_ones():
    homes = homes_at(STREET, (100, 0), community=["c1"])
    facilities = facilities_at(STREET, (1500, 0), community=["c2"])
    table = community_table("c1", "c2", "c3", subdistrict=["s1", "s2", "s2"])
    levels = {one.name: one for one in levels_of(table, homes, facilities, study_name="town")}
    assert within(levels["community"], levels["subdistrict"]).tolist() == [0, 1, -1]
