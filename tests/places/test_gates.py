"""Which gates of estates people walk through, and what is said of the others."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from lifecircle.places.gates import gates_in_use
from lifecircle.tables import ESTATES, GATES, check, empty
from tests.making import CRS

WEST = shapely.box(0, 0, 100, 100)
NONE = empty(GATES, CRS)


def estates(*names, closed=True, outlines=None):
    shapes = outlines or [shapely.box(150 * at, 0, 150 * at + 100, 100) for at in range(len(names))]
    table = gpd.GeoDataFrame(
        {"estate_id": [f"e{at}" for at in range(len(names))], "name": names, "closed": closed},
        geometry=shapes,
        crs=CRS,
    )
    return check(table, ESTATES, where="estates")


def gates(*rows):
    """Rows of name, x, y and any other columns."""
    table = pd.DataFrame([{"gate_id": f"g{at}", **row} for at, row in enumerate(rows)])
    return check(
        gpd.GeoDataFrame(
            table.drop(columns=["x", "y"]),
            geometry=gpd.points_from_xy(table["x"], table["y"]),
            crs=CRS,
        ),
        GATES,
        where="gates",
    )


def gate(name=None, x=0.0, y=50.0, **columns):
    return {"name": name, "x": x, "y": y, **columns}


def used(table, listed, *, mapped=NONE, open_at="10:00"):
    return gates_in_use(table, listed=listed, mapped=mapped, open_at=open_at)


def owners(found):
    return dict(zip(found.gates["gate_id"], found.gates["estate_id"], strict=True))


def doubts(found):
    return {one.doubt: (one.gates, one.estate_ids) for one in found.doubts}


# -- nothing to join ---------------------------------------------------------------------------
def test_an_empty_list_and_none_at_all():
    table = estates("文澜苑")
    for listed in (None, NONE):
        found = used(table, listed)
        assert (len(found.gates), found.listed, found.doubts) == (0, 0, ())
    assert len(used(empty(ESTATES, CRS), gates(gate("文澜苑北门"))).gates) == 0


def test_inputs_stay_as_they_are():
    table, listed = estates("文澜苑"), gates(gate("文澜苑北门"), gate("文澜苑消防门", access="no"))
    copies = table.copy(), listed.copy()
    used(table, listed)
    for one, copy in zip((table, listed), copies, strict=True):
        pd.testing.assert_frame_equal(one, copy)


# -- which estate --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "owner"),
    [
        *[
            (f"文澜苑{word}", "e0")
            for word in ("北门", "东北门", "2号门", "人行出入口", "小区西大门")
        ],
        *[
            (f"文澜苑{word}", "e0")
            for word in ("第三出入口", "（北门）", " 南 门", "", "A门", "消防门")
        ],
        *[(f"文澜苑二期{word}", "e1") for word in ("北门", "主入口", "")],
        ("文澜苑三期北门", None),
        ("新文澜苑北门", None),
        ("云栖里北门", None),
    ],
)
def test_the_longest_name_before_words_for_gates_is_meant(name, owner):
    # far from every outline but its own, so that only the name can tell
    far = [shapely.box(0, 0, 100, 100), shapely.box(60, 30, 140, 90)]
    found = used(estates("文澜苑", "文澜苑二期", outlines=far), gates(gate(name, 110, 130)))
    assert owners(found) == ({} if owner is None else {"g0": owner})
    if owner is None:
        assert doubts(found) == {"unknown_estate": (1, ())}


def test_an_id_and_a_name_in_a_column_of_their_own_go_first():
    listed = gates(
        gate("北门", estate_id="e1", x=150),
        gate("北门", estate_id="文澜苑"),
        gate("文澜苑北门", estate_id="云栖里", x=150),
        gate("北门", estate_id="XQ99", x=600),
    )
    found = used(estates("文澜苑", "云栖里"), listed)
    assert owners(found) == {"g0": "e1", "g1": "e0", "g2": "e1"}
    assert doubts(found) == {"unknown_estate": (1, ())}


def test_of_estates_of_one_name_the_nearest_is_meant():
    found = used(estates("文澜苑", "文澜苑"), gates(gate("文澜苑北门"), gate("文澜苑东门", x=250)))
    assert owners(found) == {"g0": "e0", "g1": "e1"}


def test_without_a_name_the_outline_it_stands_on_decides_closed_before_open():
    table = estates(
        "一", "二", closed=[False, True], outlines=[WEST, shapely.box(105, 0, 205, 100)]
    )
    found = used(table, gates(gate(x=100), gate(x=-5), gate(x=-30), gate(x=50)))
    assert owners(found) == {"g0": "e1", "g1": "e0"}
    assert (found.of_open_estates, doubts(found)) == (1, {"nowhere": (2, ())})


def test_a_gate_of_an_estate_nobody_knows_serves_the_outline_it_stands_on():
    found = used(estates("文澜苑"), gates(gate("锦绣园北门", x=0), gate("锦绣园南门", x=-500)))
    assert owners(found) == {"g0": "e0"}
    assert doubts(found) == {"unknown_estate": (2, ("e0",))}
    assert found.doubts[0].names == ("锦绣园北门", "锦绣园南门")


@pytest.mark.parametrize(
    ("x", "doubt", "kept"),
    [(-20, None, 1), (-21, "off_outline", 1), (-100, "off_outline", 1), (-101, "far", 0)],
)
def test_a_gate_off_its_outline_is_told_and_far_off_it_is_not_used(x, doubt, kept):
    found = used(estates("文澜苑"), gates(gate("文澜苑北门", x=x)))
    assert len(found.gates) == kept
    assert doubts(found) == ({} if doubt is None else {doubt: (1, ("e0",))})


def test_a_gate_that_names_one_estate_and_stands_at_another_serves_neither():
    table = estates("文澜苑", "云栖里", outlines=[WEST, shapely.box(800, 0, 900, 100)])
    found = used(table, gates(gate("文澜苑北门", x=800)))
    assert owners(found) == {}
    assert doubts(found) == {"far": (1, ("e0",))}


# -- which are open ------------------------------------------------------------------------------
def test_a_card_lets_people_through_and_an_emergency_exit_does_not():
    found = used(
        estates("文澜苑"),
        gates(gate("文澜苑北门", access="private"), gate("文澜苑消防门", access="no")),
    )
    assert owners(found) == {"g0": "e0"}
    assert (found.listed, found.by_card, doubts(found)) == (2, 1, {"no_walkers": (1, ("e0",))})


@pytest.mark.parametrize(
    ("open_at", "kept"),
    [
        ("10:00", {"g0", "g1", "g2"}),
        ("05:30", {"g0", "g2"}),
        ("22:00", {"g0", "g1", "g2"}),
        ("22:01", {"g0", "g2"}),
        ("06:00-22:00", {"g0", "g1", "g2"}),
        ("05:00-22:00", {"g0", "g2"}),
    ],
)
def test_gates_shut_at_the_hour_asked_are_none(open_at, kept):
    listed = gates(
        gate("文澜苑北门", hours="00:00-24:00"),
        gate("文澜苑东门", hours="06:00-22:00"),
        gate("文澜苑南门"),
    )
    found = used(estates("文澜苑"), listed, open_at=open_at)
    assert set(owners(found)) == kept
    assert doubts(found) == ({} if len(kept) == 3 else {"shut": (1, ("e0",))})


def test_an_estate_all_of_whose_gates_are_shut_keeps_them_but_for_emergency_exits():
    listed = gates(
        gate("文澜苑北门", hours="06:00-22:00"),
        gate("文澜苑消防门", access="no", hours="off"),
        gate("云栖里北门", x=150, hours="06:00-22:00"),
        gate("云栖里东门", x=250),
    )
    found = used(estates("文澜苑", "云栖里"), listed, open_at="03:00")
    assert owners(found) == {"g0": "e0", "g3": "e1"}
    assert doubts(found) == {
        "no_walkers": (1, ("e0",)),
        "shut": (1, ("e1",)),
        "all_shut": (1, ("e0",)),
    }


# -- the list and the map ------------------------------------------------------------------------
def test_gates_of_the_map_count_only_where_the_list_has_none():
    mapped = gates(gate(x=50, y=0), gate(x=200, y=0), gate(x=250, access="no"), gate(x=125, y=300))
    mapped["gate_id"] = ["n1", "n2", "n3", "n4"]
    found = used(estates("文澜苑", "云栖里"), gates(gate("文澜苑北门")), mapped=mapped)
    assert owners(found) == {"g0": "e0", "n2/e1": "e1"}
    assert set(used(estates("文澜苑"), None, mapped=mapped).gates["gate_id"]) == {"n1", "n2", "n4"}


def test_row_order_changes_nothing():
    listed = gates(gate("文澜苑北门"), gate("云栖里北门", x=150), gate("谁家北门", x=-700))
    one = used(estates("文澜苑", "云栖里"), listed)
    two = used(estates("文澜苑", "云栖里").iloc[::-1], listed.iloc[::-1])
    assert owners(one) == owners(two)
    assert one.doubts == two.doubts
