"""What is told of the choice of the town's two sites, by hand: 840 people, then 5 more."""

from __future__ import annotations

import pandas as pd

from lifecircle import tables

from .town_layers import HOSTILE_COMMUNITY


def make_choice(sites, scores, gaps) -> dict[str, pd.DataFrame]:
    curve = [
        (1.0, "s1", "l1", 1.0, 840.0, 840.0, 840 / 845, 840.0, True, True),
        (2.0, "s2", "l2", 2.0, 845.0, 5.0, 1.0, 851.0, False, True),
        (3.0, None, "l3", None, 900.0, 55.0, 900 / 845, 920.0, False, False),
    ]
    after = scores[scores["level"] != "estate"].copy()
    after["share_after"] = after["share"]
    after["verdict_after"] = after["verdict"]
    after["gained"] = 0.0
    medical = (after["requirement"] == "medical_15") & (after["people"] > 0)
    after.loc[medical, "gained"] = after["people"] - after["covered"]
    after.loc[medical, "share_after"] = 1.0
    after.loc[medical, "verdict_after"] = "met"
    first = gaps.iloc[0]
    wishes = [
        (
            *(first["gap_id"], first["community_id"], HOSTILE_COMMUNITY, first["service"]),
            *(first["requirement"], people, why, 350.0, found, parcel, gain, codes, helps),
        )
        for people, why, found, parcel, gain, codes, helps in (
            (320.0, "too_small", 210.0, "l1", None, None, "larger_land"),
            (6.0, "refused", 900.0, "=l9", 6.0, "farmland", "free_land"),
        )
    ]
    return {
        "curve": pd.DataFrame(curve, columns=list(tables.CURVE)),
        "alternatives": pd.DataFrame(
            [(1.0, "s2", "l3", 4.0, 4 / 851, 0.0)], columns=list(tables.CHOICES)
        ),
        "frequency": pd.DataFrame(
            [
                ("l1", "s1", "vacant", "c1", 900.0, 1.0),
                ("l3", None, "corner", "c1", 300.0, 0.40625),
            ],
            columns=list(tables.FREQUENCY),
        ),
        "wishes": pd.DataFrame(wishes, columns=list(tables.WISHES)),
        "after": after[list(tables.AFTER)],
    }
