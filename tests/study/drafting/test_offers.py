"""Rasters of land cover are known by the name of their product; an area nobody named is bounded."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from lifecircle.study.drafting.offers import cover_codes_of, look_at_cover, middle_of
from tests.sources.people.test_rasters import AROUND, save


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("ESA_WorldCover_10m_2021_v200_N30E120_Map.tif", "worldcover"),
        ("CLCD_v01_2023_albert.tif", "clcd"),
        ("n51_30_2020lc030.tif", "globeland30"),
        ("U2018_CLC2018_V2020_20u1.tif", "corine"),
        ("dem.tif", None),
    ],
)
def test_names_tell_the_product(name, codes):
    assert cover_codes_of(Path(name)) == codes


def test_land_cover_of_another_place_is_left_aside(tmp_path):
    path = save(tmp_path, np.array([[10, 80]], dtype="uint8"), name="worldcover.tif")
    assert look_at_cover(path, AROUND).kind == "cover"
    seen = look_at_cover(path, (20.0, 52.9, 20.1, 53.0))
    assert (seen.kind, "does not meet the area" in seen.why) == ("", True)


def test_an_area_nobody_named_is_no_whole_city():
    west, south, east, north = middle_of((113.98, 30.38, 114.55, 30.78))
    metres = 111_195.0
    assert (north - south) * metres == pytest.approx(10_000, rel=1e-3)
    assert (east - west) * metres * math.cos(math.radians(30.58)) == pytest.approx(10_000, rel=1e-3)
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx((114.265, 30.58))
    assert middle_of((13.0, 53.0, 13.1, 53.05)) == pytest.approx((13.01, 53.005, 13.09, 53.045))
