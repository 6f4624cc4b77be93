"""Which facility has to grow for a gap of size, and by how much; worked by hand."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from lifecircle import tables
from lifecircle.access.levels import Level
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.programme import needs_of
from lifecircle.standards import Evidence, Norm, load_standard

FLOOR = Norm(
    id="care_floor",
    service="elder_care",
    label_zh="用房",
    label_en="Rooms",
    measure="floor_m2",
    at_least=30.0,
    per=100.0,
    evidence=(Evidence(field="at_least", clause="1", source="lifecircle", tag="P"),),
)


def town(norm=FLOOR):
    """Two communities of four homes; d1 and d2 stand in c1, d3 in c2."""
    homes = pd.DataFrame({"community_id": ["c1"] * 4 + ["c2"] * 4, "people": 500.0})
    facilities = gpd.GeoDataFrame(
        {
            "facility_id": ["d1", "d2", "d3"],
            "place_id": ["d1", "d2", "d3"],
            "service": "elder_care",
            "type": "elder_care.daycare",
            "status": "existing",
            "open_to": None,
            "floor_m2": [100.0, 200.0, 300.0],
        },
        geometry=[Point(0, 0)] * 3,
    )
    level = Level(
        name="community",
        area_id=("c1", "c2"),
        area_name=("c1", "c2"),
        of_home=np.array([0] * 4 + [1] * 4, dtype=np.int32),
        of_facility=np.array([0, 0, 1], dtype=np.int32),
    )
    reach = SimpleNamespace(
        covered=np.ones(8, dtype=bool), facility=np.array([0, 0, 0, 1, 0, 2, 2, 2])
    )
    # d1 serves 333 people by the norm, 2,000 come: six times its floor.
    loads = pd.DataFrame(
        {
            "facility_id": ["d1", "d2", "d3"],
            "people_nearest": [2000.0, 500.0, 1500.0],
            "load": [6.0, 0.75, 1.5],
            "over": [True, False, True],
            "requirement": "care_15",
            "norm": norm.id,
        }
    )
    norms = pd.DataFrame(
        {"norm": norm.id, "level": "community", "area_id": ["c1", "c2"], "short_by": [300.0, 50.0]}
    )
    return {
        "standard": load_standard("basic").model_copy(update={"norms": (norm,)}),
        "norms": norms,
        "loads": loads,
        "reaches": {"care_15": reach},
        "homes": SimpleNamespace(table=homes),
        "facilities": SimpleNamespace(table=facilities),
        "levels": (level,),
    }


def found(*rows, **changes):
    parts = town() | changes
    plain = dict.fromkeys(tables.GAPS) | {
        "kind": "size",
        "remedy": "extend",
        "requirement": "care_floor",
        "people_short": 700.0,
    }
    table = pd.DataFrame([plain | row for row in rows], columns=list(tables.GAPS))
    return needs_of(
        parts.pop("standard"),
        Gaps(table=table),
        parts.pop("norms"),
        parts.pop("loads"),
        parts.pop("reaches"),
        **parts,
    )


def test_only_gaps_of_size_that_ask_for_an_extension_are_meant():
    assert found() == ()
    row = {"gap_id": "g1", "community_id": "c1", "reason": "undersized"}
    assert found(row | {"remedy": "new"}) == ()
    assert found(row | {"kind": "access"}) == ()
    assert found(row | {"requirement": "unheard_of"}) == ()
    assert found(row | {"community_id": "c9"}) == ()
    pieces = FLOOR.model_copy(update={"measure": "facilities"})
    assert found(row, **town(pieces)) == ()


def test_of_what_is_too_small_the_most_crowded_grows_by_all_that_is_short():
    (one,) = found({"gap_id": "g1", "community_id": "c1", "reason": "undersized"})
    assert one.behind == {"d1": (300.0, 700.0)}
    assert (one.short, one.measure, one.where) == (300.0, "floor_m2", {"c1"})
    assert "elder_care.daycare" in one.types
    even = town()["loads"].assign(load=1.0, people_nearest=1.0)
    (one,) = found(
        {"gap_id": "g1", "community_id": "c1", "reason": "undersized"}, loads=even.iloc[::-1]
    )
    assert list(one.behind) == ["d1"]


def test_every_facility_with_many_too_many_grows_by_what_all_its_people_lack():
    """c1: 1,500 people go to d1, 5 of 6 too many = 1,250; c2: 500 of them, and 1,500 go to d3."""
    rows = [{"gap_id": f"g{n}", "community_id": f"c{n}", "reason": "over_capacity"} for n in (1, 2)]
    first, second = found(*rows)
    assert list(first.behind) == ["d1"]
    assert np.allclose(first.behind["d1"], (500.0, 1250.0))
    assert sorted(second.behind) == ["d1", "d3"]
    assert np.allclose(second.behind["d1"], (500.0, 500.0 * 5 / 6))
    assert np.allclose(second.behind["d3"], (150.0, 500.0))
    assert np.isclose(second.short, 650.0)


def test_where_nowhere_many_are_too_many_the_one_with_most_grows():
    few = town()["loads"].assign(load=[1.01, 0.75, 1.02])
    row = {"gap_id": "g2", "community_id": "c2", "reason": "over_capacity"}
    (one,) = found(row, loads=few)
    assert list(one.behind) == ["d3"]
