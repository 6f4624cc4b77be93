"""Comments of a drafted study file in Chinese: keys and values never change."""

from __future__ import annotations

import tomllib

from lifecircle.study.drafting.chinese import with_chinese_comments

HOSTILE = r"""[study]
name = "a # 3 rows with x: buildings \" # b"
language = "zh"
# 07_小区.shp: 1 outline with XQMC, SFFB: housing estates, and which are closed
# nobody has worded this
# p.tif: cells from 0 to 9.5: people per cell, by its name
# a.shp: 4 outlines with MC: buildings; the same rows as b.shp
# c.rar: an archive that is not opened: unpack it
datum = "gcj02"  # it says: 高德坐标 # two
# crs = "EPSG:4549"               # or the name of a system below
"""


def test_values_stay_and_what_has_no_wording_stays():
    worded = with_chinese_comments(HOSTILE)
    assert tomllib.loads(worded) == tomllib.loads(HOSTILE)
    assert worded.splitlines()[1] == HOSTILE.splitlines()[1]
    assert worded.splitlines()[3:] == [
        "# 07_小区.shp：1 个面，列 XQMC, SFFB：小区及是否封闭",
        "# nobody has worded this",
        "# p.tif：栅格值 0 至 9.5：按名称为栅格人口",
        "# a.shp：4 个面，列 MC：房屋；与 b.shp 的行相同",
        "# c.rar：压缩包，请解压",
        'datum = "gcj02"  # 表中注明：高德坐标 # two',
        '# crs = "EPSG:4549"               # 或下面坐标系的名称',
    ]


def test_a_study_in_english_is_left_alone():
    english = HOSTILE.replace('"zh"', '"en"')
    assert with_chinese_comments(english) == english
