"""Which type could stand where at all: open ground, ground floor, width, term."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifecircle.siting.options import codes_in, fitting
from lifecircle.standards import load_standard
from lifecircle.tables import PARCELS, check

STANDARD = load_standard("basic")


def fits(type_id, **columns):
    """Whether a type could stand on one parcel."""
    given = {"kind": "vacant", "origin": "listed", "area_m2": 9000.0, **columns}
    table = gpd.GeoDataFrame(
        {"parcel_id": ["p"], **{name: [value] for name, value in given.items()}},
        geometry=[shapely.Point(0, 0)],
        crs="EPSG:4528",
    )
    found = fitting(STANDARD, check(table, PARCELS, where="test"))
    return bool(found[0, [one.id for one in STANDARD.types].index(type_id)])


def room(type_id, **columns):
    return fits(type_id, kind="stock_room", floor_m2=9000.0, **columns)


def test_no_parcels_fit_nothing():
    table = gpd.GeoDataFrame(
        {name: [] for name in PARCELS.columns}, geometry=[], crs="EPSG:4528"
    ).astype({"inscribed_m": float, "ground_m2": float})
    assert fitting(STANDARD, table).shape == (0, len(STANDARD.types))


def test_land_must_be_as_wide_as_the_type_asks():
    assert fits("fitness.court", inscribed_m=12.0)
    assert not fits("fitness.court", inscribed_m=11.9)
    assert fits("fitness.court", inscribed_m=np.nan)


def test_open_air_types_fit_no_room():
    assert not room("fitness.court")
    assert room("culture.station")


@pytest.mark.parametrize("type_id", ["medical.station", "elder_care.daycare"])
def test_types_of_the_ground_floor_need_their_area_there(type_id):
    assert room(type_id, storeys="1F", ground_floor=True, ground_m2=350.0)
    assert not room(type_id, storeys="一层100，二层900", ground_floor=True, ground_m2=100.0)
    assert not room(type_id, storeys="3/4", ground_floor=False, ground_m2=0.0)
    assert room("culture.station", storeys="3/4", ground_floor=False, ground_m2=0.0)


def test_a_room_of_an_unknown_storey_is_taken_as_before():
    assert room("medical.station")
    assert not room("medical.station", storeys="不详")


def test_land_for_a_few_years_takes_nothing_with_a_building():
    assert fits("fitness.outdoor", checks="temporary; collective")
    assert not fits("culture.station", checks="temporary; collective")
    assert fits("culture.station", checks="collective")
    assert fits("fitness.outdoor", checks="short_term")
    assert not fits("culture.station", checks="short_term")
    assert not room("culture.station", checks="rented; short_term")


def test_codes_of_a_cell_are_split():
    assert codes_in("a; b") == ("a", "b")
    assert codes_in(None) == ()
