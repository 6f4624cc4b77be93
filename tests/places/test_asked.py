import warnings

import numpy as np
import pandas as pd
import pytest

from lifecircle.errors import MissingDataWarning
from lifecircle.places.asked import (
    is_asked,
    people_asked,
    share_asked,
    warn_of_unknown_class,
    where_of,
)
from lifecircle.standards import load_standard

ZHEJIANG = load_standard("zhejiang")
TOWN = ZHEJIANG.requirement("culture_circle_1km")
COUNTRY = ZHEJIANG.requirement("culture_circle_1_5km")
EVERYBODY = ZHEJIANG.requirement("culture_circle_15")


def homes(**columns):
    return pd.DataFrame(
        {
            "people": [10.0, 20.0, 30.0, 40.0],
            "people_60plus": [1.0, 2.0, np.nan, 4.0],
            "where": ["urban", "rural", None, "rural"],
            **columns,
        }
    )


def test_where_of_homes():
    communities = pd.DataFrame({"urban": pd.array([True, False, None], dtype="boolean")})
    row = np.array([2, 1, -1, 0, 1], dtype=np.int32)
    assert where_of(communities, row).tolist() == [None, "rural", None, "urban", "rural"]
    plain = pd.DataFrame({"urban": np.array([True, False, None], dtype=object)})
    assert where_of(plain, row).tolist() == [None, "rural", None, "urban", "rural"]


def test_communities_that_say_nothing_leave_it_open():
    assert where_of(pd.DataFrame({"name": ["a"]}), np.array([0, -1])).tolist() == [None, None]
    assert where_of(pd.DataFrame({"urban": []}), np.array([], dtype=np.int32)).tolist() == []


def test_town_and_country_share_all_people_between_them():
    table = homes()
    before = table.copy()
    town, country = people_asked(table, TOWN), people_asked(table, COUNTRY)
    assert town.tolist() == [10.0, 0.0, 30.0, 0.0]  # of unknown class counts as urban
    assert country.tolist() == [0.0, 20.0, 0.0, 40.0]
    assert (town + country).tolist() == people_asked(table, EVERYBODY).tolist()
    assert is_asked(table, EVERYBODY).all()
    assert share_asked(table, COUNTRY) == pytest.approx(0.6)
    assert share_asked(table, TOWN) + share_asked(table, COUNTRY) == pytest.approx(1.0)
    assert table.equals(before)


def test_a_group_keeps_what_is_not_known():
    elders = COUNTRY.model_copy(update={"group": "60plus"})
    counted = people_asked(homes(), elders)
    assert counted[[0, 1, 3]].tolist() == [0.0, 2.0, 4.0]
    assert np.isnan(counted[2])
    nobody = COUNTRY.model_copy(update={"group": "0_3"})
    assert np.isnan(people_asked(homes(), nobody)).all()


def test_without_a_column_everybody_is_urban():
    table = homes().drop(columns="where")
    assert people_asked(table, TOWN).sum() == 100
    assert people_asked(table, COUNTRY).sum() == 0


def test_people_of_unknown_class_are_told_where_it_matters():
    with pytest.warns(MissingDataWarning, match=r"not known for 30 people.*culture_circle_1km"):
        warn_of_unknown_class(homes(), ZHEJIANG.requirements)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_unknown_class(homes(), load_standard("basic").requirements)
        warn_of_unknown_class(homes(where="rural"), ZHEJIANG.requirements)
        warn_of_unknown_class(homes().iloc[:0], ZHEJIANG.requirements)
