"""Measures of the town every output's test writes: its scores on other bases, groups and needs."""

from __future__ import annotations

import math

import pandas as pd

from lifecircle import tables


def make_coverage(scores) -> pd.DataFrame:
    """People as in the scores; a straight line covers half of those left."""
    rows = []
    for row in scores.itertuples():
        for base in ("people", "residential_land", "floor_area"):
            for method in ("network", "radius"):
                total = row.people * {"people": 1, "residential_land": 30, "floor_area": 40}[base]
                share = row.share if base == "people" else 0.9 * row.share
                share = share + (1 - share) / 2 if method == "radius" else share
                rows.append(
                    {
                        "level": row.level,
                        "area_id": row.area_id,
                        "area_name": row.area_name,
                        "service": row.service,
                        "requirement": row.requirement,
                        "base": base,
                        "method": method,
                        "total": total,
                        "covered": 0.0 if math.isnan(share) else share * total,
                        "share": share,
                        "official": (base, method) == ("people", "network"),
                        "known": math.nan if row.people == 0 else 0.5,
                    }
                )
    return pd.DataFrame(rows, columns=list(tables.COVERAGE))


def make_nearness(scores) -> pd.DataFrame:
    return scores.assign(
        p90_s=scores["median_s"] * 1.5,
        nearest_2_s=scores["median_s"] * 2,
        nearest_3_s=math.nan,
        within=1.25,
    )[list(tables.NEARNESS)]


def make_equity(scores) -> pd.DataFrame:
    """Elders fare five points worse, infants are a flat share, towns are not told from villages."""
    rows = []
    for row in scores[scores["level"] == "study"].itertuples():
        place = {name: getattr(row, name) for name in tables.EQUITY[:5]}
        people = {"of_people": row.people / 10, "against_people": row.people}
        shares = {"of_value": row.share - 0.05, "against_value": row.share}
        gap = {**place, "measure": "share_gap", "against": "all"}
        rows += [
            {**gap, "of": "60plus", "value": -0.05, **shares, **people},
            {**gap, "of": "0_3", "note": "flat_share", **people},
            {**gap, "of": "village", "against": "town", "note": "unknown"},
            {**gap, "of": "worst_tenth", "value": -row.share, "of_value": 0.0, **people},
            {**place, "measure": "gini", "of": "all", "value": 0.31},
            {**place, "measure": "concentration", "of": "uncovered", "value": 0.42},
        ]
    return pd.DataFrame(rows, columns=list(tables.EQUITY))


def make_needs(communities, services) -> pd.DataFrame:
    """The first community asks first for what it scores best on; its needs are hostile text."""
    first = communities.iloc[0]
    scored = services[(services["area_id"] == first["community_id"]) & (services["minutes"] == 15)]
    best = scored.sort_values("score").iloc[-1]
    place = {"community_id": first["community_id"], "community": first["name"], "answers": 40}
    place |= {"satisfaction_of_5": 3.25, "services_scored": len(scored)}
    asked = {"rank": 1, "need": "=1+1", "named": 25, "service": best["service"]}
    held = {"score": best["score"], "score_rank": len(scored), "disagrees": True}
    rows = [{**place, **asked, **held}, {**place, "rank": 2, "need": "停车", "named": 6}]
    return pd.DataFrame(rows, columns=list(tables.NEEDS))
