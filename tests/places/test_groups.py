"""Groups of people in homes: shared out by area, declared, counted; households beside them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.places.groups import people_of, share_area_groups


def grouped(area_of, people, count, groups=None, **columns):
    homes = gpd.GeoDataFrame(
        {"people": [10.0, 30.0, 5.0], **columns}, geometry=[shapely.Point(n, 0) for n in range(3)]
    )
    before = homes.copy(deep=True)
    table, assumed = share_area_groups(
        homes,
        area_of=np.array(area_of, dtype=np.int32),
        area_people=np.array(people, dtype=float),
        area_groups={"60plus": np.array(count, dtype=float)},
        groups=groups or {},
    )
    pd.testing.assert_frame_equal(homes, before)
    return table["people_60plus"].tolist(), assumed


def test_a_home_has_its_areas_share_of_a_group():
    assert grouped([0, 0, 1], [40, 5], [8, 4]) == ([2.0, 6.0, 4.0], {"60plus": 0.0})


def test_areas_that_do_not_count_take_the_declared_share_or_the_mean():
    assert grouped([0, 1, -1], [10, 30], [2, np.nan]) == ([2.0, 6.0, 1.0], {"60plus": 35.0})
    found, assumed = grouped([0, 1, -1], [10, np.nan], [2, 9], {"60plus": 0.1})
    assert found == pytest.approx([2.0, 3.0, 0.5])
    assert assumed == {"60plus": 35.0}
    assert grouped([0, 1, -1], [0, np.nan], [2, 9])[0] == [0.0, 0.0, 0.0]


def test_what_homes_count_themselves_stands():
    found, assumed = grouped([0, 0, 0], [45], [9], people_60plus=[1.0, 2.0, 3.0])
    assert found == [1.0, 2.0, 3.0]
    assert assumed == {}


def test_households_are_counted_by_a_column_of_their_own():
    homes = pd.DataFrame({"people": [3.0, 5.0], "households": [1.0, 2.0]})
    assert people_of(homes, "households").tolist() == [1.0, 2.0]
    assert np.isnan(people_of(homes.drop(columns="households"), "households")).all()
