"""What fits on a plot of each kind, with what stands against the rest."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from lifecircle.siting.fits import REASONS, sized, with_fits
from lifecircle.siting.options import fitting
from lifecircle.standards import load_standard
from lifecircle.tables import PARCELS, check

STANDARD = load_standard("zhejiang")


def plot(**columns):
    given = {
        "parcel_id": ["a"],
        "kind": "vacant",
        "origin": "listed",
        "area_m2": 400.0,
        "inscribed_m": 20.0,
        "status": "candidate",
    }
    table = gpd.GeoDataFrame({**given, **columns}, geometry=[shapely.box(0, 0, 20, 20)], crs=4528)
    return check(table, PARCELS, where="test")


def told(parcels):
    row = with_fits(STANDARD, parcels).iloc[0]
    fits = set((row["fits"] or "").split("; ")) - {""}
    misfits = dict(part.split("=") for part in (row["misfits"] or "").split("; ") if part)
    return fits, misfits


def test_no_parcels_keep_their_columns_and_inputs_are_unchanged():
    before = plot()
    kept = before.copy()
    assert with_fits(STANDARD, before.iloc[:0]).columns.tolist() == before.columns.tolist()
    with_fits(STANDARD, before)
    assert before.equals(kept)


def test_every_type_with_a_size_either_fits_or_has_a_reason():
    fits, misfits = told(plot())
    every = {one.id for one in STANDARD.types if sized(one)}
    assert fits | set(misfits) == every
    assert not fits & set(misfits)
    assert "medical.hospital" not in every  # no standard says how large one is
    assert set(misfits.values()) <= set(REASONS)


def test_size_and_width_decide_on_land():
    fits, misfits = told(plot())
    assert "fitness.outdoor" in fits  # 150 m², 8 m wide
    assert "medical.station" in fits  # 120 m²
    assert misfits["fitness.court"] == "small"  # 770 m²
    _, misfits = told(plot(inscribed_m=7.0))
    assert misfits["fitness.outdoor"] == "narrow"


def test_temporary_land_and_land_under_roads_take_no_building():
    fits, misfits = told(plot(checks="temporary"))
    assert "fitness.outdoor" in fits
    assert misfits["medical.station"] == "no_building"
    fits, misfits = told(plot(checks="sport_only; under_bridge"))
    assert fits
    assert all(one.startswith("fitness.") for one in fits)
    assert misfits["medical.station"] == "sport_only"


def test_a_room_takes_no_open_air_type():
    room = plot(kind="stock_room", floor_m2=400.0, inscribed_m=float("nan"))
    fits, misfits = told(room)
    assert misfits["fitness.outdoor"] == "open_ground"
    assert "culture.station" in fits
    _, misfits = told(room.assign(storeys="3", ground_m2=50.0))
    assert misfits["medical.station"] == "floor"


def test_refused_land_takes_nothing():
    row = with_fits(STANDARD, plot(status="refused")).iloc[0]
    assert row["fits"] is None
    assert row["misfits"] is None


@pytest.mark.parametrize("checks", [None, "temporary", "sport_only"])
def test_what_fits_is_what_can_be_chosen(checks):
    parcels = plot(area_m2=1e6, inscribed_m=500.0, checks=checks)
    could = fitting(STANDARD, parcels)[0]
    chosen = {one.id for one, yes in zip(STANDARD.types, could, strict=True) if yes and sized(one)}
    assert told(parcels)[0] == chosen
