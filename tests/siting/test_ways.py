"""Ways to bring people inside without new ground."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from lifecircle.siting.ways import WAYS, Ways, joined, no_ways

CRS = "EPSG:4549"


def way(name: str) -> Ways:
    row = dict.fromkeys(WAYS) | {"way_id": name, "kind": "share", "competes": True}
    table = gpd.GeoDataFrame([row], geometry=[Point(500000, 3370000)], crs=CRS)
    return Ways(table=table, serves={name: {"medical_15": np.array([0, 2])}})


def test_the_same_way_twice_is_refused():
    with pytest.raises(ValueError, match="two parts"):
        joined([way("w1"), way("w1")], CRS)


def test_no_ways_have_every_column():
    empty = joined([], CRS)
    assert len(empty) == 0
    assert [*empty.table.columns] == [*WAYS, "geometry"]
    assert empty.table.crs == no_ways(CRS).table.crs == CRS


def test_ways_are_put_together_by_id():
    both = joined([way("w2"), no_ways(CRS), way("w1")], CRS)
    assert both.table["way_id"].tolist() == ["w1", "w2"]
    assert both.serves["w2"]["medical_15"].tolist() == [0, 2]
    assert both.table.crs == CRS
