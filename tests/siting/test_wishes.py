"""Why a gap stays open is told per home, the reason nearest to an answer first."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle import tables
from lifecircle.reach.matrix import Pinned
from lifecircle.siting.brought import Brought
from lifecircle.siting.wishes import HELP, WHY, Land, wishes_of
from lifecircle.standards import load_standard

STANDARD = load_standard("basic")
ASKED = next(one for one in STANDARD.requirements if one.id == "culture_15")
LIMIT = 90_000


def homes_of(people, status=None):
    table = gpd.GeoDataFrame(
        {
            "home_id": [f"h{at}" for at in range(len(people))],
            "community_id": "c1",
            "people": np.array(people, dtype=float),
            "status": status or ["ok"] * len(people),
        },
        geometry=[shapely.Point(at, 0) for at in range(len(people))],
        crs="EPSG:4549",
    )
    return Pinned(table=table, ends=None, compound=np.full(len(people), -1, dtype=np.int32))


def land(rows):
    """Rows of id, room, need, fits-by-shape, homes within the limit, own, status and codes."""
    ptr = np.cumsum([0, *(len(row["homes"]) for row in rows)])
    smallest = np.array([[row["need"]] for row in rows], dtype=float).reshape(-1, 1)
    room = np.array([row["room"] for row in rows], dtype=float)
    found = Brought(
        wanted=(ASKED,),
        ids=np.array([row["id"] for row in rows], dtype=object),
        parcels=len(rows),
        room=room,
        groups=np.ones((1, 1), dtype=bool),
        need=np.where(smallest <= room[:, None], smallest, np.inf),
        smallest=smallest,
        ptr=ptr.astype(np.int64),
        home=np.concatenate([[], *(row["homes"] for row in rows)]).astype(np.int32),
        cost=np.full(ptr[-1], LIMIT, dtype=np.int32),
        own=np.concatenate(
            [[], *([row.get("own", True)] * len(row["homes"]) for row in rows)]
        ).astype(bool),
    )
    parcels = pd.DataFrame(
        {
            "status": [row.get("status", "candidate") for row in rows],
            "reasons": [row.get("codes") for row in rows],
            "checks": [row.get("codes") for row in rows],
        }
    )
    return Land.of(found, parcels)


def gap(**other):
    return {
        "gap_id": "g1",
        "community_id": "c1",
        "community": "A",
        "service": "culture",
        "requirement": ASKED.id,
        "kind": "missing",
        "people_short": 7.0,
    } | other


def explained(
    people, near=(), aside=(), *, gaps=None, opened=(), never=(), covered=None, status=None
):
    homes = homes_of(people, status)
    found = wishes_of(
        STANDARD,
        pd.DataFrame(gaps or [gap()]),
        {ASKED.id: np.zeros(len(people), dtype=bool) if covered is None else np.array(covered)},
        homes=homes,
        land=land(near),
        aside=land(aside),
        opened=opened,
        never=never,
    )
    assert list(found.columns) == list(tables.WISHES)
    return found


def piece(name, homes, *, room=500.0, need=250.0, **other):
    return {"id": name, "homes": homes, "room": room, "need": need, **other}


@pytest.mark.parametrize(
    ("near", "aside", "more", "why", "parcel"),
    [
        ([], [], {}, "no_land", None),
        ([piece("p1", [0])], [], {}, "one_more", "p1"),
        ([piece("p1", [0])], [], {"opened": ["p1"]}, "room_taken", "p1"),
        ([piece("p1", [0], room=210.0)], [], {}, "too_small", "p1"),
        ([piece("p1", [0], need=np.inf)], [], {}, "unsuited", "p1"),
        ([piece("p1", [0], own=False)], [], {}, "other_area", "p1"),
        ([], [piece("p1", [0])], {}, "lead", "p1"),
        ([], [piece("p1", [0], status="doubtful", codes="no_place")], {}, "doubtful", "p1"),
        ([], [piece("p1", [0], status="refused", codes="farmland")], {}, "refused", "p1"),
        ([piece("p1", [0])], [], {"never": ["p1"]}, "refused", "p1"),
        ([], [], {"status": ["far"]}, "cut_off", None),
        # what is nearest to an answer is told first
        ([piece("p1", [0], room=9.0), piece("p2", [0])], [], {}, "one_more", "p2"),
        ([piece("p1", [0], room=9.0)], [piece("p2", [0])], {}, "too_small", "p1"),
        ([], [piece("p2", [0], room=9.0)], {}, "no_land", None),
    ],
)
def test_each_reason(near, aside, more, why, parcel):
    found = explained([7.0], near, aside, **more)
    assert found["why"].tolist() == [why]
    assert found["parcel_id"].tolist() == [parcel]
    assert found["people_left"].tolist() == [7.0]
    assert found["would_help"].tolist() == [HELP[why]]


def test_people_are_shared_out_by_home_and_add_up():
    found = explained(
        [10.0, 20.0, 30.0, 40.0],
        [piece("p1", [0, 1]), piece("p2", [1, 2], room=100.0)],
        covered=[False, False, False, True],
    ).set_index("why")
    assert found["people_left"].to_dict() == {"one_more": 30.0, "too_small": 30.0}
    assert found.loc["one_more", "gain"] == 30.0
    assert found.loc["too_small", ["needs_m2", "found_m2"]].tolist() == [250.0, 100.0]


def test_one_more_names_the_land_that_brings_most():
    near = [piece("p1", [0]), piece("p2", [1, 2]), piece("p3", [0, 1])]
    found = explained([1.0, 2.0, 4.0], near)
    assert found["parcel_id"].tolist() == ["p2"]
    assert found["gain"].tolist() == [6.0]
    assert found["people_left"].tolist() == [7.0]


def test_refused_land_says_why_it_was():
    found = explained([7.0], [], [piece("p1", [0], status="refused", codes="farmland; river_line")])
    assert found["evidence"].tolist() == ["farmland; river_line"]
    assert explained([7.0], [piece("p1", [0])], never=["p1"])["evidence"].tolist() == ["never"]


def test_a_gap_of_size_or_of_a_norm_is_no_matter_of_sites():
    found = explained([7.0], gaps=[gap(kind="size"), gap(gap_id="g2", requirement="a norm")])
    assert found["why"].tolist() == ["size", "size"]
    assert found["people_left"].tolist() == [7.0, 7.0]


def test_without_open_gaps_there_is_no_wish():
    empty = pd.DataFrame([gap()]).iloc[:0]
    found = wishes_of(
        STANDARD,
        empty,
        {},
        homes=homes_of([1.0]),
        land=land([]),
        aside=land([]),
        opened=(),
        never=(),
    )
    assert found.empty
    assert list(found.columns) == list(tables.WISHES)


def test_every_reason_has_what_would_help():
    assert set(HELP) == set(WHY)
