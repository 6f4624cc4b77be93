"""Housing to come and rooms handed over, as offices list them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.errors import DoubtfulRowsWarning, InputError
from lifecircle.sources.people.new_housing import read_new_housing
from lifecircle.sources.records.handover import read_handover


def written(folder, name, rows):
    path = folder / name
    pd.DataFrame(rows).to_csv(path, index=False, encoding="gb18030")
    return path


def test_a_list_without_dwellings_or_people_is_refused(tmp_path):
    path = written(tmp_path, "h.csv", {"项目名称": ["甲苑"], "坐落": ["文澜街1号"]})
    with pytest.raises(InputError, match="dwellings or people"):
        read_new_housing(path)


def test_texts_numbers_states_and_years(tmp_path):
    rows = {
        "项目名称": ["甲苑", "乙苑", "丙苑", "丁苑"],
        "地块编号": ["LP01-001", None, None, None],
        "户数": ["约300", "120", None, "50"],
        "规划人口": [None, "310", None, None],
        "状态": ["在建", "拟建", "拟建", "已交付"],
        "交付时间": ["2027年底", "2029", None, "2020"],
    }
    with pytest.warns(DoubtfulRowsWarning, match="neither dwellings nor people"):
        table, source = read_new_housing(written(tmp_path, "h.csv", rows))
    assert table["name"].tolist() == ["甲苑", "乙苑", "丁苑"]
    assert table["dwellings"].tolist() == [300.0, 120.0, 50.0]
    assert table["status"].tolist() == ["building", "planned", "existing"]
    assert table["year"].tolist() == [2027.0, 2029.0, 2020.0]
    assert table.geometry.isna().all()
    assert source.rows_in == 4
    assert source.rows_used == 3


def test_a_layer_keeps_its_outlines(tmp_path):
    plots = gpd.GeoDataFrame(
        {"DKBH": ["k1"], "HS": [80]},
        geometry=[shapely.box(121.08, 30.45, 121.081, 30.451)],
        crs="EPSG:4490",
    )
    plots.to_file(tmp_path / "plots.gpkg")
    table, _ = read_new_housing(tmp_path / "plots.gpkg")
    assert table["plot"].tolist() == ["k1"]
    assert table.geometry.iloc[0].area > 0


def test_a_ledger_needs_a_column_of_estates(tmp_path):
    path = written(tmp_path, "l.csv", {"面积": [100], "移交日期": ["2020.1"]})
    with pytest.raises(InputError, match="no column of estates"):
        read_handover(path)


def test_rooms_tell_their_use_and_whether_they_were_handed_over(tmp_path):
    rows = {
        "小区": ["甲苑", "甲苑", "乙苑", "丙苑", "丁苑", "戊苑"],
        "面积": ["370", "约200", "150㎡", "90", None, "66"],
        "移交日期": ["2020.4", "2019年", "2018", None, "2017", "2016"],
        "现状用途": ["春晖社区文化活动室", "出租", "物业用房", "闲置", None, "社区服务用房"],
        "备注": [None, "产权未办", None, "未移交", None, "未验收"],
    }
    table, source = read_handover(written(tmp_path, "l.csv", rows))
    assert table["services"].tolist() == ["culture", "", "", "", "", "service_centre"]
    assert table["use"].tolist() == ["service", "let", "property", "idle", None, "service"]
    assert table["handed_over"].tolist() == ["yes", "partly", "yes", "no", "yes", "partly"]
    assert table["floor_m2"].tolist()[:3] == [370.0, 200.0, 150.0]
    assert np.isnan(table["floor_m2"].iloc[4])
    assert source.rows_in == 6
