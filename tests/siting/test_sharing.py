"""Closed places and schools' grounds: whom they would bring inside, and who has to agree."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.places.communities import community_of
from lifecircle.siting.sharing import grounds_of, opened_places, shared_grounds, sharing_ways
from tests.making import CRS, community_table, requirement

from .ways_town import STATION, town_of, with_gap

COURT = requirement("fitness_15", types=("fitness.court",), minutes=None, limit_m=300.0)
NOTHING = np.empty(0, dtype=object)


def pois(*rows):
    """Schools of the map as ``(name, geometry)``."""
    return gpd.GeoDataFrame(
        {
            "poi_id": [f"n{k}" for k in range(len(rows))],
            "name": [name for name, _ in rows],
            "tags": [{"amenity": "school"} for _ in rows],
        },
        geometry=[shape for _, shape in rows],
        crs=CRS,
    )


def grounds(town, *rows):
    table = pois(*rows)
    areas = community_table("c1", "c2")
    inside = community_of(shapely.point_on_surface(table.geometry.to_numpy()), areas)
    return grounds_of(town.facilities, table, areas, inside, town.compounds, NOTHING)


def test_where_nothing_is_closed_nothing_can_be_opened():
    assert len(opened_places(town_of(STATION))) == 0
    assert len(sharing_ways(town_of(STATION), None)) == 0


def test_a_place_for_staff_serves_those_within_the_limit():
    # 300 m from x = 300 lie the homes at 100 and 400, not that at 900.
    town = town_of(STATION, at=((300, 0),), open_to=["members"])
    ways = opened_places(town)
    row = ways.table.iloc[0]
    assert (row["kind"], row["facility_id"], row["types"]) == ("share", "f000", "medical.station")
    assert (row["what"], row["consent"], row["competes"]) == ("open_up", "owner", True)
    assert ways.serves[row["way_id"]][STATION.id].tolist() == [0, 1]


def test_a_club_of_an_estate_is_listed_and_never_chosen():
    town = town_of(STATION, at=((300, 0),), open_to=["residents"], origin=["bureau"])
    row = opened_places(town).table.iloc[0]
    assert (row["consent"], row["competes"]) == ("owners", False)
    assert "residents" in row["evidence"]


def test_of_a_private_place_of_the_map_nobody_knows_whose_it_is():
    town = town_of(STATION, at=((300, 0),), open_to=["residents"], origin=["osm"])
    assert opened_places(town).table["consent"].tolist() == ["owner"]


@pytest.mark.parametrize("status", ["unconfirmed", "planned", "closed"])
def test_what_does_not_exist_for_sure_is_no_place_to_share(status):
    town = town_of(STATION, at=((300, 0),), open_to=["members"], status=[status])
    assert len(opened_places(town)) == 0


def test_nobody_is_brought_inside_where_no_gap_is_counted():
    town = with_gap(town_of(STATION, at=((300, 0),), open_to=["members"]), reason="no_data")
    assert len(opened_places(town)) == 0


def test_a_service_for_its_own_community_serves_no_other():
    own = STATION.model_copy(update={"serves": "community"})
    # 300 m from x = 1150 lie the homes at 900 (c1) and 1400 (c2).
    town = town_of(own, at=((1150, 0),), open_to=["members"], community=["c2"])
    ways = opened_places(town)
    assert [one[own.id].tolist() for one in ways.serves.values()] == [[3]]


def test_a_school_lends_the_grounds_half_its_site_has_room_for():
    # Half of 2,000 m² holds a court (770 m²) and an outdoor corner (150 m²), no field (3,150 m²).
    town = town_of(COURT)
    site = shapely.box(480, -25, 520, 25)
    ways = shared_grounds(town, grounds(town, ("School", site)))
    row = ways.table.iloc[0]
    assert row["types"] == "fitness.court; fitness.outdoor"
    assert (row["what"], row["consent"], row["competes"]) == ("open_grounds", "school", True)
    assert row["facility_id"] is None
    assert row["community_id"] == "c1"
    assert ways.serves[row["way_id"]][COURT.id].tolist() == [1]


def test_a_school_too_small_lends_nothing_and_one_of_unknown_site_is_only_listed():
    town = town_of(COURT)
    small = shapely.box(490, -10, 510, 10)
    assert len(shared_grounds(town, grounds(town, ("School", small)))) == 0
    unknown = shared_grounds(town, grounds(town, ("School", shapely.Point(500, 0))))
    assert unknown.table["competes"].tolist() == [False]


def test_a_music_school_has_no_grounds_and_a_listed_school_stands_once():
    town = town_of(COURT, at=((500, 0),), kind="education.primary", site_m2=[5000.0])
    assert grounds(town_of(COURT), ("Musikschule", shapely.Point(500, 0))) is None
    both = grounds(town, ("The same school", shapely.Point(560, 0)))
    assert both.key.tolist() == ["f000"]
    assert both.places.table["site_m2"].tolist() == [5000.0]
