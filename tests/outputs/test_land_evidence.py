"""Evidence of land in the language of a run."""

from __future__ import annotations

import pytest

from lifecircle.outputs.words_of_land import land_evidence


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("a.xlsx; b.shp", "a.xlsx; b.shp"),
        (
            "a.xlsx; outline: land survey, same community and area",
            "a.xlsx; 图形取自国土变更调查（同社区、面积相符）",
        ),
        (
            "a.xlsx; 文澜街562号; address 0.94; 文澜街562号 [门牌.shp]",
            "a.xlsx; 文澜街562号；按坐落定位（把握 0.94）：文澜街562号 [门牌.shp]",
        ),
        (
            "疑似: residual land of a block; open ground in residential land; between blocks of "
            "flats, owners' consent needed; along_rail: sport without a building only",
            "疑似：街坊内剩余地块，居住用地内空地；位于住宅楼之间，须业主同意；"
            "沿铁路，只宜作不建房的体育场地",
        ),
        (
            "疑似: ground below an elevated road; under_bridge: sport without a building only",
            "疑似：高架桥下空间；只宜作不建房的体育场地",
        ),
    ],
)
def test_set_phrases_are_worded_and_names_stay(text, zh):
    assert land_evidence(text, "zh") == zh
    assert "疑似" not in land_evidence(text, "en")
