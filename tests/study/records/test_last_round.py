"""Projects of the last round against the facilities, gaps and scores of today, by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from lifecircle.sources.records.names import read_project_name
from lifecircle.standards import load_standard
from lifecircle.study.records.last_round import Today, assess_last_round
from lifecircle.tables import FACILITIES, LAST_ROUND, check

NAMES = {"c1": "临江社区", "c2": "塘湾村"}


def facilities(*rows):
    """Name, type, status, community."""
    frame = gpd.GeoDataFrame(
        {
            "facility_id": [f"f{k}" for k in range(len(rows))],
            "name": [row[0] for row in rows],
            "service": [row[1].split(".")[0] for row in rows],
            "type": [row[1] for row in rows],
            "status": [row[2] for row in rows],
        },
        geometry=gpd.points_from_xy(range(len(rows)), range(len(rows))),
        crs="EPSG:4549",
    )
    table = check(frame, FACILITIES, where="facilities")
    return table.assign(community_id=[row[3] for row in rows])


def projects(*rows):
    """Name, type, claimed, community."""
    return pd.DataFrame(
        {
            "project_id": [f"p{k}" for k in range(len(rows))],
            "name": [row[0] for row in rows],
            "community_id": pd.Series([row[3] for row in rows], dtype=object),
            "community": [NAMES.get(row[3], row[3]) for row in rows],
            "type": [row[1] for row in rows],
            "year": 2024.0,
            "status": pd.Series([row[2] for row in rows], dtype=object),
        }
    )


def assessed(listed, asked, *, gaps=(), met=(), complete=(), language="zh"):
    today = Today(
        standard=load_standard("basic"),
        facilities=facilities(*listed),
        gaps=pd.DataFrame(
            [
                {
                    "gap_id": f"g{k}",
                    "community_id": community,
                    "requirement": requirement,
                    "reason": "none",
                    "priority": float(k),
                    "project_id": f"new{k}",
                }
                for k, (community, requirement) in enumerate(gaps)
            ],
            columns=["gap_id", "community_id", "requirement", "reason", "priority", "project_id"],
        ),
        scores=pd.DataFrame(
            [
                {"level": "community", "area_id": area, "requirement": one, "verdict": "met"}
                for area, one in met
            ],
            columns=["level", "area_id", "requirement", "verdict"],
        ),
        communities=gpd.GeoDataFrame(
            {"community_id": list(NAMES), "name": list(NAMES.values())},
            geometry=gpd.points_from_xy([0, 1], [0, 1]),
            crs="EPSG:4549",
        ),
        complete=complete,
        language=language,
    )
    return assess_last_round(projects(*asked), today)


def one(listed, asked, **more):
    table = assessed(listed, [asked], **more)
    assert len(table) == 1
    return table.iloc[0]


STATION = ("临江社区卫生服务站", "medical.station", "existing", "c1")


# -- names ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "category", "facility", "works", "kind"),
    [
        ("临江社区卫生服务站建设工程", "医疗", "临江社区卫生服务站", "new", "medical.station"),
        ("临江社区卫生服务站提升改造", "医疗", "临江社区卫生服务站", "renewed", "medical.station"),
        ("新建临江社区卫生服务站项目", "", "临江社区卫生服务站", "new", "medical.station"),
        (
            "塘湾村文化礼堂（第三分点）改扩建工程",
            "文化",
            "塘湾村文化礼堂(第三分点)",
            "renewed",
            "culture.station",
        ),
        ("临江社区卫生服务站", "医疗", "临江社区卫生服务站", "", "medical.station"),
    ],
)
def test_a_project_is_about_a_facility(name, category, facility, works, kind):
    found = read_project_name(name, category)
    assert (found.facility, found.works, found.type) == (facility, works, kind)


def test_name_and_column_of_types_can_differ():
    found = read_project_name("临江社区健身房新建", "养老")
    assert (found.service, found.disputed) == ("fitness", "elder_care")
    mixed = read_project_name("临江社区邻里中心", "养老")
    assert (mixed.service, mixed.type, mixed.disputed) == ("elder_care", "", "")
    assert read_project_name(None, None).service == ""


# -- what became of them ----------------------------------------------------------------------
def test_no_projects_give_an_empty_table_with_its_columns():
    table = assessed([STATION], [])
    assert list(table.columns) == list(LAST_ROUND)
    assert len(table) == 0


@pytest.mark.parametrize(
    ("listed", "claimed", "works", "status", "word"),
    [
        ("existing", "done", "建设工程", "done", "同名设施"),
        ("existing", "building", "建设工程", "done", "矛盾：项目库标注在建"),
        ("existing", "not_started", "建设工程", "done", "矛盾：项目库标注未启动"),
        ("existing", None, "建设工程", "done", "未注明状态"),
        ("existing", "done", "提升改造", "done", "名录不能证实"),
        ("existing", "building", "提升改造", "building", "名录不能证实"),
        ("existing", "not_started", "提升改造", "rolled_on", "改造未实施"),
        ("existing", "cancelled", "建设工程", "lapsed", "标注取消，但名录中已有"),
        ("existing", "cancelled", "提升改造", "lapsed", "项目库标注取消"),
        ("building", "building", "建设工程", "building", "名录标注在建"),
        ("building", "not_started", "建设工程", "building", "矛盾：项目库标注未启动"),
        ("building", "done", "建设工程", "building", "矛盾：项目库标注已完成"),
        ("planned", "not_started", "建设工程", "rolled_on", "转入本轮"),
        ("planned", "building", "建设工程", "building", "矛盾：项目库标注在建"),
        ("planned", "done", "建设工程", "rolled_on", "矛盾：项目库标注已完成"),
        ("closed", "done", "建设工程", "rolled_on", "已停用"),
        ("closed", "building", "建设工程", "building", "已停用"),
    ],
)
def test_a_claim_is_weighed_against_the_list(listed, claimed, works, status, word):
    row = one(
        [("临江社区卫生服务站", "medical.station", listed, "c1")],
        (f"临江社区卫生服务站{works}", "医疗", claimed, "c1"),
        gaps=[("c1", "medical_15")],
    )
    assert row["status"] == status
    assert word in row["evidence"]
    assert row["facility_id"] == "f0"
    assert 0 < row["confidence"] < 1
    assert (row["gap_id"] == "g0") == (status != "done")
    assert (row["new_project_id"] == "new0") == (status not in ("done", "lapsed"))


@pytest.mark.parametrize(
    ("claimed", "gaps", "met", "status"),
    [
        ("not_started", [("c1", "medical_15")], [], "rolled_on"),
        ("not_started", [], [("c1", "medical_5"), ("c1", "medical_15")], "lapsed"),
        ("not_started", [], [], "not_done"),
        ("building", [], [], "building"),
        ("done", [], [], "unconfirmed"),
        (None, [("c1", "medical_15")], [], "rolled_on"),
        (None, [], [], "unconfirmed"),
        ("cancelled", [("c1", "medical_15")], [], "lapsed"),
    ],
)
def test_what_no_list_knows_is_judged_by_claim_and_need(claimed, gaps, met, status):
    row = one([], ("临江社区卫生服务站建设工程", "医疗", claimed, "c1"), gaps=gaps, met=met)
    assert row["status"] == status
    assert row["facility_id"] is None
    assert (row["gap_id"] is not None) == bool(gaps)


def test_said_to_be_done_and_not_in_a_complete_list_is_not_done():
    asked = ("临江社区卫生服务站建设工程", "医疗", "done", "c1")
    row = one([], asked, complete=("medical",))
    assert row["status"] == "not_done"
    assert "矛盾：项目库标注已完成，但现状名录未见" in row["evidence"]
    assert "未声明完整" not in row["evidence"]
    assert "未声明完整" in one([], asked)["evidence"]


def test_a_gap_for_want_of_data_is_no_gap_to_roll_on():
    listed = facilities()
    table = assess_last_round(
        projects(("临江社区卫生服务站建设工程", "医疗", "not_started", "c1")),
        Today(
            standard=load_standard("basic"),
            facilities=listed,
            gaps=pd.DataFrame(
                {
                    "gap_id": ["g0"],
                    "community_id": ["c1"],
                    "requirement": ["medical_15"],
                    "reason": ["no_data"],
                    "priority": [np.nan],
                    "project_id": [None],
                }
            ),
            scores=pd.DataFrame(columns=["level", "area_id", "requirement", "verdict"]),
            communities=gpd.GeoDataFrame(
                {"community_id": ["c1"], "name": ["临江社区"]},
                geometry=gpd.points_from_xy([0], [0]),
                crs="EPSG:4549",
            ),
            complete=(),
            language="en",
        ),
    )
    assert table["status"].tolist() == ["not_done"]


# -- which facility ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("listed", "kind", "community", "matched"),
    [
        ("临江社区卫生服务站", "medical.station", "c1", True),
        ("浙江省海州区横浦镇临江卫生服务站", "medical.station", "c1", True),
        ("临江社区卫生服务点站", "medical.station", "c1", True),  # a slip
        ("临江社区卫生服务站（第二分点）", "medical.station", "c1", False),  # another branch
        ("临江社区卫生服务站", "medical.station", "c2", True),  # elsewhere, less sure
        ("临江村卫生室", "medical.station", "c2", False),  # a village is no community
        ("北寺社区卫生服务站", "medical.station", "c1", False),  # of the type, another's
        ("临江社区文化家园", "culture.station", "c1", False),
    ],
)
def test_a_facility_is_taken_for_the_projects_own(listed, kind, community, matched):
    row = one(
        [(listed, kind, "existing", community)],
        ("临江社区卫生服务站建设工程", "医疗", "done", "c1"),
    )
    assert (row["facility_id"] == "f0") == matched
    assert row["status"] == ("done" if matched else "unconfirmed")


def test_of_two_of_a_name_the_one_in_the_community_that_exists_is_taken():
    row = one(
        [
            ("临江社区卫生服务站", "medical.station", "closed", "c1"),
            ("临江社区卫生服务站", "medical.station", "existing", "c2"),
            ("临江社区卫生服务站", "medical.station", "existing", "c1"),
        ],
        ("临江社区卫生服务站建设工程", "医疗", "done", "c1"),
    )
    assert row["facility_id"] == "f2"


def test_a_project_of_no_community_is_less_sure():
    row = one([STATION], ("临江社区卫生服务站建设工程", "医疗", "done", None))
    assert row["status"] == "done"
    assert row["confidence"] <= 0.4
    assert "未能对应到社区" in row["evidence"]


def test_names_from_the_list_are_never_read_as_patterns():
    row = one(
        [("{gap}临江社区卫生服务站", "medical.station", "existing", "c1")],
        ("{gap}临江社区卫生服务站建设工程", "医疗", "done", "c1"),
        language="en",
    )
    assert "{gap}临江社区卫生服务站" in row["evidence"]
