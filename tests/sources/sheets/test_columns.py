"""Which column means what, and cells as clean text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from lifecircle.errors import SchemaError
from lifecircle.sources.sheets.columns import clean_text, recognise_columns

KNOWN = {
    "id": ("社区代码", "代码", "code", "community_code"),
    "name": ("社区名称", "名称", "name"),
    "area": ("面积", "floor_area_total"),
    "town": ("街道", "所属街道名称"),
    "people": ("人口",),
}


def found(columns: list[str], given: dict[str, str] | None = None) -> dict[str, str]:
    return recognise_columns(pd.DataFrame(columns=columns), KNOWN, given, "a.shp")


def test_given_columns_that_are_missing_and_unknown_meanings_come_together():
    with pytest.raises(SchemaError) as caught:
        found(["a", "b"], {"id": "DM", "nmae": "b", "name": "MC"})
    assert [str(one) for one in caught.value.problems] == [
        "a.shp: column 'DM', given for id, is missing — columns found: a, b",
        "a.shp: no column can mean 'nmae' — known: id, name, area, town, people",
        "a.shp: column 'MC', given for name, is missing — columns found: a, b",
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([], {}),
        (["x", "y"], {}),
        (["CODE", "Name"], {"id": "CODE", "name": "Name"}),
        (["社区 代码", "社区_名称"], {"id": "社区 代码", "name": "社区_名称"}),
        (["ｃｏｄｅ"], {"id": "ｃｏｄｅ"}),
        (["面积（㎡）", "街道（乡镇）"], {"area": "面积（㎡）", "town": "街道（乡镇）"}),
        (["面积(公顷)", "面积"], {"area": "面积"}),
        (["代码", "社区代码"], {"id": "社区代码"}),
        (["name", "NAME"], {"name": "name"}),
        (["NAME", "name"], {"name": "name"}),
        # cut at ten bytes: letters, three of three bytes, five of two bytes
        (["floor_area"], {"area": "floor_area"}),
        (["FLOOR_AREA"], {"area": "FLOOR_AREA"}),
        (["所属街"], {"town": "所属街"}),
        (["所属街道名"], {"town": "所属街道名"}),
        (["floor_are", "所属", "community"], {}),
        # the lower half of a heading of two rows, and words in front that say of what
        (
            ["基本情况 社区名称", "规模 面积（㎡）"],
            {"name": "基本情况 社区名称", "area": "规模 面积（㎡）"},
        ),
        (["2020年 面积", "2025年 面积"], {}),
        (["养老机构名称", "用房面积"], {"name": "养老机构名称", "area": "用房面积"}),
        (["主办名称", "绿地面积"], {}),
        (["服务人口"], {}),
    ],
)
def test_recognised_names(columns, expected):
    assert found(columns) == expected


def test_given_columns_go_first_and_are_not_used_twice():
    assert found(["名称", "name"], {"id": "名称"}) == {"id": "名称", "name": "name"}
    assert found(["DM", "代码"], {"id": "dm"}) == {"id": "DM"}


def test_the_order_is_that_of_the_meanings():
    assert list(found(["街道", "面积", "名称", "代码"])) == ["id", "name", "area", "town"]


def test_clean_text():
    cells = pd.Series(
        [" a ", "", "<Null>", None, np.nan, 3.0, 3.5, 7, pd.NA, 330109001001.0, "012"]
    )
    before = cells.copy()
    expected = ["a", None, None, None, None, "3", "3.5", "7", None, "330109001001", "012"]
    assert clean_text(cells).tolist() == expected
    assert cells.equals(before)
    assert clean_text(pd.Series([], dtype=object)).tolist() == []
