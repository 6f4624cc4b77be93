"""Which standard applies where."""

from __future__ import annotations

import pytest

from lifecircle.study.drafting.places_of_law import standard_of


@pytest.mark.parametrize(
    ("lon", "lat", "standard"),
    [
        (120.16, 30.25, "zhejiang"),  # Hangzhou
        (122.11, 30.00, "zhejiang"),  # Zhoushan
        (120.70, 28.00, "zhejiang"),  # Wenzhou
        (121.10, 30.46, "zhejiang"),  # Hangzhou Bay
        (121.47, 31.23, "shanghai"),
        (121.39, 31.32, "shanghai"),  # Gucun, Baoshan
        (121.12, 31.15, "shanghai"),  # Qingpu
        (121.34, 30.74, "shanghai"),  # Jinshan
        (121.40, 31.62, "shanghai"),  # Chongming
        (120.98, 31.38, "gb50180"),  # Kunshan
        (121.11, 31.46, "gb50180"),  # Taicang
        (121.66, 31.81, "gb50180"),  # Qidong
        (120.92, 30.84, "zhejiang"),  # Jiashan
        (121.02, 30.70, "zhejiang"),  # Pinghu
        (120.60, 31.30, "gb50180"),  # Suzhou
        (119.30, 26.08, "gb50180"),  # Fuzhou
        (118.32, 29.71, "gb50180"),  # Huangshan
        (87.60, 43.80, "gb50180"),  # Ürümqi
        (126.98, 37.57, "basic"),  # Seoul
        (105.85, 21.03, "basic"),  # Hanoi
        (77.21, 28.61, "basic"),  # Delhi
        (13.26, 53.56, "basic"),  # Neubrandenburg
    ],
)
def test_towns(lon, lat, standard):
    assert standard_of(lon, lat) == standard
