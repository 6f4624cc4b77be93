"""Norms, shared supply and loads of the small run that outputs are tested with."""

from __future__ import annotations

import pandas as pd

from lifecircle import tables
from lifecircle.standards import Evidence, Norm, Standard

FLOOR = Norm(
    id="medical_floor",
    service="medical",
    label_zh="卫生服务用房",
    label_en="Rooms for primary care",
    measure="floor_m2",
    at_least=50.0,
    per=1000.0,
    evidence=(Evidence(field="at_least", clause="9.9", source="lifecircle", tag="P"),),
)


def with_norm(standard: Standard) -> Standard:
    return standard.model_copy(update={"norms": (FLOOR,)})


def make_norms(communities: pd.DataFrame) -> pd.DataFrame:
    """100 m² in c1 (2000 people), nothing elsewhere; all of it in the whole study."""
    places = [
        ("community", str(i), n, p)
        for i, n, p in zip(
            communities["community_id"], communities["name"], communities["people"], strict=True
        )
    ]
    total = float(communities["people"].sum())
    rows = []
    for level, area_id, name, people in (*places, ("study", "study", "测试镇", total)):
        have = 100.0 if area_id in ("c1", "study") else 0.0
        need = 0.05 * people
        short = max(need - have, 0.0)
        rows.append(
            {
                "level": level,
                "area_id": area_id,
                "area_name": name,
                "service": "medical",
                "norm": FLOOR.id,
                "measure": "floor_m2",
                "have": have,
                "need": need,
                "share": 1 - short / need if need else None,
                "facilities": float(have > 0),
                "known": 1.0 if have else None,
                "verdict": "empty" if not people else "short" if short else "met",
                "short_by": short if people else None,
                "obligation": "must",
                "clause": "9.9",
            }
        )
    return pd.DataFrame(rows, columns=list(tables.NORMS))


def make_supply(communities: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "level": "community",
            "area_id": area_id,
            "area_name": name,
            "service": "medical",
            "requirement": "medical_15",
            "measure": "floor_m2",
            "supply_per_1000": 40.0 if people else None,
            "demand_ratio": 25.0 if people else None,
            "known": 0.9,
            "people": people,
        }
        for area_id, name, people in zip(
            communities["community_id"], communities["name"], communities["people"], strict=True
        )
    ]
    return pd.DataFrame(rows, columns=list(tables.SUPPLY))


def make_loads(facilities: pd.DataFrame) -> pd.DataFrame:
    """The first facility is crowded, the second serves 6 people, the others nobody counted."""
    rows = []
    for place, row in enumerate(facilities.to_dict("records")):
        people, capacity = ((3000.0, 2000.0), (6.0, 2000.0), (None, None))[min(place, 2)]
        rows.append(
            {
                **{name: row[name] for name in ("facility_id", "name", "service", "type")},
                "people_nearest": people,
                "capacity": capacity,
                "load": None if people is None else people / capacity,
                "over": None if people is None else people > capacity,
                "requirement": f"{row['service']}_15",
                "norm": None,
                "clause": "cf. GB 50180-2018 2.0.4 [P]",
            }
        )
    return pd.DataFrame(rows, columns=list(tables.LOADS))
