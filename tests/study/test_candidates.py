"""Which land competes for sites: the planner's own before what a map suggests."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from lifecircle.errors import LifecircleWarning
from lifecircle.study import Study
from lifecircle.study.candidates import proposable


@pytest.fixture
def parcels():
    return gpd.GeoDataFrame(
        {
            "parcel_id": ["a", "b", "c", "d"],
            "origin": ["listed", "surveyed", "residual", "residual"],
        },
        geometry=[shapely.box(k, 0, k + 1, 1) for k in range(4)],
        crs="EPSG:4549",
    )


def config_with(**land):
    config = Study.toytown().config
    return config.model_copy(update={"land": config.land.model_copy(update=land)})


def kept(config, parcels):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", LifecircleWarning)
        found = proposable(config, parcels)
    return "".join(found["parcel_id"]), [str(one.message) for one in said]


OWN = {"parcels": (Path("land.gpkg"),)}


@pytest.mark.parametrize(
    ("land", "wanted", "told"),
    [
        ({}, "abcd", False),
        (OWN, "ab", True),
        ({"stock_rooms": (Path("rooms.xlsx"),)}, "ab", True),
        ({"survey": Path("survey.gdb")}, "ab", True),
        ({**OWN, "leads": True}, "abcd", False),
        ({**OWN, "leads": False}, "ab", False),
        ({"leads": False}, "ab", False),
    ],
)
def test_leads_compete_where_a_study_names_no_land_of_its_own(parcels, land, wanted, told):
    before = parcels.copy()
    found, said = kept(config_with(**land), parcels)
    assert found == wanted
    assert bool(said) == told
    assert not told or said[0].startswith("2 leads found on the map are shown and not proposed")
    assert parcels.equals(before)


def test_a_lead_that_must_be_a_site_competes(parcels):
    config = config_with(**OWN)
    siting = config.siting.model_copy(update={"must": ("d",)})
    assert kept(config.model_copy(update={"siting": siting}), parcels)[0] == "abd"


def test_without_leads_nothing_is_told(parcels):
    assert kept(config_with(**OWN), parcels.iloc[:2]) == ("ab", [])
