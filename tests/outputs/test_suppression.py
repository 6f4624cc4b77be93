"""A total minus its parts must not tell the one part that is held back."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lifecircle.outputs.release import released
from lifecircle.outputs.suppression import FEWEST_SHOWN, Families, few, held_back, second_in_group
from lifecircle.tables import AFTER, WISHES

COLUMNS = ["level", "area_id", "requirement", "people", "covered"]


def communities(**more):
    """Two subdistricts of three and one communities."""
    table = {
        "community_id": ["a", "b", "c", "d"],
        "subdistrict": ["north", "north", "north", "south"],
        "county": [None] * 4,
        "city": [None] * 4,
    }
    return pd.DataFrame(table | more)


def scores(covered, people=(500.0, 400.0, 300.0, 600.0)):
    """Scores of the four communities, their subdistricts and the whole."""
    rows = [
        ("community", name, people[at], covered[at]) for at, name in enumerate(("a", "b", "c", "d"))
    ]
    rows += [("subdistrict", "north", sum(people[:3]), sum(covered[:3]))]
    rows += [("subdistrict", "south", people[3], covered[3])]
    rows += [("study", "study", sum(people), sum(covered))]
    return pd.DataFrame([(*row[:2], "r", *row[2:]) for row in rows], columns=COLUMNS)


def held(table, frame=None):
    families = Families.of(communities() if frame is None else frame)
    people, covered = held_back(table, families, per=("requirement",))
    ids = table["area_id"].to_numpy()
    return set(ids[people]), set(ids[covered])


def test_few_are_above_nobody_and_below_ten():
    numbers = pd.Series([0.0, 0.4, 9.99, 10.0, np.nan, -1.0])
    assert few(numbers).tolist() == [False, True, True, False, False, False]


def test_nothing_is_held_back_where_nobody_is_few():
    assert held(scores([100, 200, 0, 300])) == (set(), set())


def test_the_smallest_neighbour_is_held_back_with_the_few():
    # b has 4: north - a - c would tell it, and so would the whole. c is the smallest other one.
    assert held(scores([100, 4, 50, 300])) == (set(), {"b", "c"})


def test_the_rest_tells_the_few_too():
    # 496 of 500 in a: the four who are not covered follow from it.
    assert held(scores([496, 200, 50, 300])) == (set(), {"a", "c"})


def test_nobody_covered_is_no_shelter():
    # c has nobody: holding it back would hide nothing, so b goes with a.
    assert held(scores([4, 200, 0, 300])) == (set(), {"a", "b"})


def test_a_family_of_one_takes_its_whole_along():
    # d alone makes up south: south tells d, and the whole minus north tells south.
    assert held(scores([100, 200, 50, 4])) == (set(), {"d", "south", "north", "c"})


def test_people_are_held_back_as_the_covered_are():
    people, covered = held(scores([5, 200, 50, 300], people=(8.0, 400.0, 300.0, 600.0)))
    assert people == {"a", "c"}
    assert covered >= people


def test_a_unit_across_subdistricts_is_a_family_too():
    frame = communities(unit_id=["u1", "u2", "u2", "u1"])
    table = scores([4, 200, 50, 300])
    extra = [("unit", "u1", "r", 1100.0, 304.0), ("unit", "u2", "r", 700.0, 250.0)]
    table = pd.concat([table, pd.DataFrame(extra, columns=COLUMNS)], ignore_index=True)
    # c shelters a in north, d in u1; south is d alone; north less u2 (and b, which is shown) is a,
    # and so is north and u1 less the whole: the smallest sum of each of them goes too.
    assert held(table, frame)[1] == {"a", "c", "d", "south", "u2", "north"}


def test_rows_of_a_known_total():
    values = pd.Series([5.0, 200.0, 30.0, 7.0, 100.0, 4.0])
    groups = pd.Series(["x", "x", "x", "y", "y", "z"])
    assert second_in_group(values, groups).tolist() == [True, False, True, True, True, True]


@pytest.mark.parametrize("seed", range(30))
def test_no_few_people_follow_from_what_is_shown(seed):
    """All sums an outsider knows are solved: nothing few may come out as a single number."""
    random = np.random.default_rng(seed)
    count = 9
    frame = pd.DataFrame(
        {
            "community_id": [f"c{at}" for at in range(count)],
            "subdistrict": random.choice(["n", "s", "w"], count),
            "county": random.choice(["k1", "k2"], count),
            "city": None,
            "unit_id": random.choice(["u1", "u2", "u3"], count),
        }
    )
    families = Families.of(frame)
    small = random.choice([0, 3, 7, 20, 150, 400], count).astype(float)
    people = np.full(count, 500.0)
    values: dict[tuple[str, str], tuple[float, float]] = {}
    members: dict[tuple[str, str], list[int]] = {}
    for area, names in families.members.items():
        members[area] = sorted(int(name[1:]) for name in names)
    for area, rows in members.items():
        values[area] = (float(people[rows].sum()), float(small[rows].sum()))
    table = pd.DataFrame(
        [(*area, "r", *numbers) for area, numbers in values.items()], columns=COLUMNS
    )
    _, covered = held_back(table, families, per=("requirement",))
    known = [
        members[row.level, row.area_id]
        for row, told in zip(table.itertuples(), covered, strict=True)
        if not told
    ]
    sums = np.zeros((len(known), count))
    for place, rows in enumerate(known):
        sums[place, rows] = 1.0
    rank = np.linalg.matrix_rank(sums) if known else 0
    for area, rows in members.items():
        asked = np.zeros(count)
        asked[rows] = 1.0
        follows = rank == np.linalg.matrix_rank(np.vstack([sums, asked]))
        total = values[area][1]
        if follows:
            assert not 0 < total < FEWEST_SHOWN, (area, total)


def test_gaps_and_index_do_not_tell_what_the_scores_hold_back(content_public):
    scores = content_public.scores.copy()
    gaps = content_public.gaps
    gap = gaps[(gaps["community_id"] == "c1") & gaps["people_short"].notna()].iloc[0]
    at = (scores["area_id"] == "c1") & (scores["requirement"] == gap["requirement"])
    scores.loc[at, "covered"] = 6.0
    wish = {"community_id": "c1", "requirement": gap["requirement"], "people_left": 400.0}
    same = {"level": "community", "area_id": "c1", "requirement": gap["requirement"]}
    edition = released(
        dataclasses.replace(
            content_public,
            scores=scores,
            wishes=pd.DataFrame([{**wish, "gap_id": gap["gap_id"]}], columns=list(WISHES)),
            after=pd.DataFrame(
                [{**same, "people": 900.0, "share": 0.5, "share_after": 0.6, "gained": 90.0}],
                columns=list(AFTER),
            ),
        )
    )
    assert edition.wishes["people_left"].isna().all()
    assert edition.after[["share", "share_after", "gained"]].isna().all(axis=None)
    mine = edition.remedies[edition.remedies["gap_id"] == gap["gap_id"]]
    assert len(mine)
    assert mine["people"].isna().all()
    told = edition.gaps.set_index("gap_id").loc[gap["gap_id"]]
    assert np.isnan(told["people_short"])
    assert told["reasons"] is None or pd.isna(told["reasons"])
    index = edition.index[(edition.index["area_id"] == "c1")]
    assert index["index"].isna().all()


def test_people_of_estates_are_not_told(content_public):
    estates = content_public.communities[["geometry"]].assign(
        estate_id=["e1", "e2", "e3", "e4"], people=900.0, households=300
    )
    edition = released(dataclasses.replace(content_public, estates=estates))
    assert edition.estates[["people", "households"]].isna().all(axis=None)
