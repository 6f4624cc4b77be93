"""Splits and merges: everybody of a former community lives in one it became, and nobody twice."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle.errors import InputError
from lifecircle.sources.people.crosswalks import read_crosswalk
from lifecircle.sources.people.joining import join_people
from lifecircle.sources.people.tables import read_people_table
from tests.sources.people.test_tables import communities
from tests.sources.planner_files import heard, is_balanced
from tests.sources.sheet_making import text

TODAY = communities(["云栖社区", "玉泉社区", "姚庄村"], ["1", "2", "3"])


def joined(folder, people, walk, **options):
    table = read_people_table(text(folder, ["社区,常住人口,60岁以上", *people]))
    crosswalk = read_crosswalk(text(folder, ["原社区,现社区,人口比例", *walk], name="walk.csv"))
    with heard() as said:
        found, source = join_people(TODAY, table, crosswalk=crosswalk, **options)
    assert is_balanced(source)
    return found["people"].tolist(), found["people_60plus"].tolist(), said


# -- bad input ---------------------------------------------------------------------------------
def test_a_crosswalk_without_its_columns_names_those_it_has(tmp_path):
    with pytest.raises(InputError, match=r"needs columns of former and of present.*甲, 乙"):
        read_crosswalk(text(tmp_path, ["甲,乙", "1,2"]))


def test_every_row_needs_both_sides_and_a_share_is_no_more_than_all(tmp_path):
    lines = ["原社区,现社区,人口比例", "云栖社区,,0.5", "云栖社区,玉泉社区,1.5"]
    with pytest.raises(InputError) as caught:
        read_crosswalk(text(tmp_path, lines))
    assert [one.where[-5:] for one in caught.value.problems] == ["row 2", "row 3"]


def test_a_successor_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="'远方社区' is none of the communities"):
        joined(tmp_path, ["云栖社区,100,10"], ["云栖社区,远方社区,0.5"])


def test_shares_that_make_more_than_everybody_are_refused(tmp_path):
    walk = ["云栖社区,云栖社区,0.7", "云栖社区,玉泉社区,0.7"]
    with pytest.raises(InputError, match=r"make 1\.400, not 1"):
        joined(tmp_path, ["云栖社区,100,10"], walk)


# -- splits and merges -------------------------------------------------------------------------
def test_a_split_follows_its_shares_and_groups_go_along(tmp_path):
    walk = ["云栖社区,云栖社区,40%", "云栖社区,玉泉社区,0.6"]
    people, old, said = joined(tmp_path, ["云栖社区,100,10", "姚庄村,7,1"], walk)
    assert people == [40, 60, 7]
    assert old == [4, 6, 1]
    assert "became 云栖社区 40.0%, 玉泉社区 60.0% (communities.crosswalk)" in said[0]


def test_without_shares_homes_decide_and_the_old_one_goes_on(tmp_path):
    weights = np.array([300.0, 100.0, 5.0])
    walk = ["云栖社区居委会,玉泉社区,"]
    people, _, said = joined(tmp_path, ["云栖社区,100,10", "姚庄村,7,1"], walk, weights=weights)
    assert people == [75, 25, 7]
    assert "shared by homes" in said[0]


def test_what_a_share_leaves_stays_with_the_old_one(tmp_path):
    people, _, _ = joined(tmp_path, ["云栖社区,100,10", "姚庄村,7,1"], ["云栖社区,玉泉社区,0.3"])
    assert people == [70, 30, 7]


def test_a_merge_adds_up(tmp_path):
    walk = ["东村,姚庄村,", "西村,姚庄村,"]
    rows = ["云栖社区,1,0", "玉泉社区,2,0", "东村,30,3", "西村,40,4"]
    people, old, _ = joined(tmp_path, rows, walk)
    assert people == [1, 2, 70]
    assert old == [0, 0, 7]


def test_a_table_of_today_is_not_split_again(tmp_path):
    rows = ["云栖社区,60,6", "玉泉社区,40,4", "姚庄村,7,1"]
    people, _, said = joined(tmp_path, rows, ["云栖社区,玉泉社区,0.3"])
    assert people == [60, 40, 7]
    assert said == []
