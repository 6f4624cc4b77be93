"""Tables of the town every output's test writes: counted from its homes, nowhere else."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from lifecircle import tables

from .town_layers import HOSTILE_COMMUNITY


def _covered(homes, requirement) -> np.ndarray:
    return (homes[f"{requirement.id}_s"] <= requirement.minutes * 60).to_numpy()


def make_scores(communities, homes, facilities, requirements) -> pd.DataFrame:
    areas = [("community", r.community_id, r.name) for r in communities.itertuples()]
    areas.append(("study", "study", "测试镇"))
    rows = []
    for level, key, name in areas:
        inside = (
            np.ones(len(homes), bool)
            if level == "study"
            else (homes["community_id"] == key).to_numpy()
        )
        people = homes["people"].to_numpy() * inside
        for requirement in requirements:
            covered = float(people[_covered(homes, requirement)].sum())
            share = covered / people.sum() if people.sum() else math.nan
            met = "met" if share >= requirement.target_share else "short"
            times = homes.loc[inside, f"{requirement.id}_s"].sort_values()
            rows.append(
                {
                    "level": level,
                    "area_id": key,
                    "area_name": name,
                    "service": requirement.service,
                    "requirement": requirement.id,
                    "minutes": requirement.minutes,
                    "limit_m": math.nan,
                    "profile": requirement.profile,
                    "group": requirement.group,
                    "obligation": requirement.obligation,
                    "people": float(people.sum()),
                    "covered": covered,
                    "share": share,
                    "target_share": requirement.target_share,
                    "verdict": "empty" if math.isnan(share) else met,
                    "median_s": times.median() if len(times) else math.nan,
                    "facilities": int((facilities["service"] == requirement.service).sum()),
                    "supply": math.nan,
                    "robust": "robust" if math.isnan(share) or share in (0, 1) else "marginal",
                }
            )
    return pd.DataFrame(rows, columns=list(tables.SCORES))


def robustness_of(scores):
    """Say of every verdict that 9 of 10 draws keep it, where it is marginal."""
    marginal = scores["robust"] == "marginal"
    table = scores[["level", "area_id", "area_name", "requirement", "verdict"]].assign(
        kept=np.where(marginal, 0.9, 1.0),
        share_low=scores["share"] * 0.9,
        share_high=scores["share"],
        tips=np.where(marginal, "speed;pin", "none"),
        speed_tip=np.where(marginal, -0.04, np.nan),
    )
    return table[list(tables.ROBUSTNESS)]


def make_services(scores, requirements) -> pd.DataFrame:
    circle = {requirement.id: requirement.circle for requirement in requirements}
    rows = [
        {
            "level": row.level,
            "area_id": row.area_id,
            "area_name": row.area_name,
            "service": row.service,
            "minutes": circle[row.requirement],
            "coverage": row.share,
            "adequacy": math.nan,
            "count_rule": math.nan,
            "score": 100 * row.share,
            "weak": bool(100 * row.share < 60),
        }
        for row in scores.itertuples()
    ]
    return pd.DataFrame(rows, columns=list(tables.SERVICES))


def make_index(services, scores, gaps) -> pd.DataFrame:
    rows = []
    for (level, key, name, minutes), group in services.groupby(
        ["level", "area_id", "area_name", "minutes"], sort=False
    ):
        value = group["score"].mean()
        bounds = (("excellent", 90), ("good", 80), ("fair", 70), ("low", 60), ("poor", 0))
        grade = next((code for code, least in bounds if value >= least), None)
        mine = (scores["level"] == level) & (scores["area_id"] == key)
        here = gaps if level == "study" else gaps[gaps["community_id"] == key]
        rows.append(
            {
                "level": level,
                "area_id": key,
                "area_name": name,
                "people": float(scores.loc[mine, "people"].iloc[0]),
                "minutes": minutes,
                "index": value,
                "grade": grade,
                "weakest_service": (
                    None
                    if math.isnan(value)
                    else group.sort_values(["score", "service"])["service"].iloc[0]
                ),
                "gaps": int((here["minutes"] == minutes).sum()),
            }
        )
    return pd.DataFrame(rows, columns=list(tables.INDEX))


def make_gaps(scores, communities, homes, facilities, requirements, lonlat) -> pd.DataFrame:
    known = {requirement.id: requirement for requirement in requirements}
    outlines = communities.set_index("community_id")
    short = scores[(scores["level"] == "community") & (scores["verdict"] == "short")]
    rows = []
    for row in short[short["people"] >= 100].itertuples():
        requirement = known[row.requirement]
        centre = outlines.geometry[row.area_id].centroid
        lon, lat = lonlat.transform(centre.x, centre.y)
        mine = (homes["community_id"] == row.area_id).to_numpy()
        nearest = homes.loc[mine].sort_values([f"{requirement.id}_s", "home_id"]).iloc[0]
        missing = row.people - row.covered
        reason = "too_far" if row.minutes == 5 else "barrier"
        rows.append(
            {
                "gap_id": f"g{len(rows) + 1:03d}",
                "community_id": row.area_id,
                "community": row.area_name,
                "subdistrict": outlines["subdistrict"][row.area_id],
                "unit_id": "u1",
                "service": row.service,
                "requirement": row.requirement,
                "obligation": row.obligation,
                "minutes": row.minutes,
                "limit_m": math.nan,
                "group": row.group,
                "kind": "access",
                "reason": reason,
                "reasons": f"{reason}:{missing:.0f}",
                "people": row.people,
                "people_short": missing,
                "missing_m": 120.0,
                "nearest_s": nearest[f"{requirement.id}_s"],
                "nearest_facility_id": nearest[f"{requirement.id}_facility_id"],
                "existing": "1",
                "required": f"{row.minutes:.0f} min",
                "remedy": "new",
                "site_id": "s1" if row.service == "medical" else None,
                "project_id": "P001" if row.service == "medical" else None,
                "priority": float(len(rows) + 1),
                "year": 1.0 if row.service == "medical" else math.nan,
                "clause": "basic",
                "confidence": 0.85,
                "robust": row.robust,
                "lon": round(lon, 6),
                "lat": round(lat, 6),
                "lead_body": "=区卫健局",
                "cooperating_body": "<b>街道</b>",
            }
        )
    return pd.DataFrame(rows, columns=list(tables.GAPS))


def make_sites(parcels, lonlat) -> pd.DataFrame:
    rows = []
    plans = (("l1", "medical", "medical.station", 1, 840.0), ("l2", "culture;fitness", "", 2, 6.0))
    for number, (parcel_id, services, types, year, people) in enumerate(plans, start=1):
        parcel = parcels.set_index("parcel_id").loc[parcel_id]
        centre = parcel.geometry.centroid
        lon, lat = lonlat.transform(centre.x, centre.y)
        rows.append(
            {
                "site_id": f"s{number}",
                "parcel_id": parcel_id,
                "kind": parcel["kind"],
                "services": services,
                "types": types or "culture.station;fitness.outdoor",
                "year": year,
                "x": centre.x,
                "y": centre.y,
                "lon": round(lon, 6),
                "lat": round(lat, 6),
                "area_m2": parcel["area_m2"],
                "floor_m2": parcel["floor_m2"],
                "newly_covered": people,
                "conforms": parcel["conforms"],
                "project_id": f"P{number:03d}",
                "score": 90.0 - number,
            }
        )
    return pd.DataFrame(rows, columns=list(tables.SITES))


def make_projects(gaps, sites, language) -> tuple[pd.DataFrame, pd.DataFrame]:
    body = "卫生健康局" if language == "zh" else "health office"
    projects, programme = [], []
    for site in sites.itertuples():
        closed = gaps[gaps["site_id"] == site.site_id]
        projects.append(
            {
                "project_id": site.project_id,
                "name": f"项目 {site.project_id}",
                "mode": "new" if site.kind == "vacant" else "lease",
                "services": site.services,
                "types": site.types,
                "communities": HOSTILE_COMMUNITY,
                "gap_ids": ";".join(closed["gap_id"]),
                "site_id": site.site_id,
                "lead_body": body,
                "cooperating_body": None,
                "year": site.year,
                "people_served": site.newly_covered,
                "area_m2": site.area_m2,
                "floor_m2": site.floor_m2,
                "status": "proposed",
                "rights": "state",
                "owner": "区土地储备中心",
                "consent": "collective; owners_consent",
                "conforms": site.conforms,
                "handover": "not_handed_over",
                "operator": "=运营公司",
                "cost_wan": 120.5,
                "note": "可用期限：5年",
            }
        )
        programme.append(
            {
                "year": site.year,
                "project_id": site.project_id,
                "name": f"项目 {site.project_id}",
                "community_id": "c2",
                "community": HOSTILE_COMMUNITY,
                "subdistrict": "东街道",
                "services": site.services,
                "types": site.types,
                "mode": "new" if site.kind == "vacant" else "lease",
                "lead_body": body,
                "cooperating_body": None,
                "people_served": site.newly_covered,
                "status": "proposed",
            }
        )
    return (
        pd.DataFrame(projects, columns=list(tables.PROJECTS)),
        pd.DataFrame(programme, columns=list(tables.PROGRAMME)),
    )


def make_remedies(gaps) -> pd.DataFrame:
    """Two remedies for every gap: a plot that would bring everybody inside, a school that half."""
    rows = []
    for number, gap in enumerate(gaps.to_dict("records")):
        for rank, part in ((1, 1.0), (2, 0.5)):
            gain = gap["people_short"] * part
            share = (gap["people"] - gap["people_short"] + gain) / gap["people"]
            rows.append(
                {
                    **{
                        name: gap[name]
                        for name in ("gap_id", "community_id", "community", "requirement")
                    },
                    "remedy_id": f"r{number}{rank}",
                    "kind": "new" if rank == 1 else "share",
                    "what": "vacant" if rank == 1 else "open_grounds",
                    "parcel_id": "l1" if rank == 1 else None,
                    "way_id": None if rank == 1 else "w1",
                    "name": "站前空地" if rank == 1 else "=实验小学",
                    "types": "medical.station",
                    "people": gain,
                    "people_60plus": gain / 5,
                    "people_0_3": math.nan,
                    "share_after": share,
                    "closes": share >= 0.8,
                    "consent": None if rank == 1 else "school",
                    "competes": True,
                    "chosen": rank == 1 and gap["site_id"] is not None,
                    "site_id": gap["site_id"] if rank == 1 else None,
                    "project_id": gap["project_id"] if rank == 1 else None,
                    "rank": rank,
                    "evidence": "批而未供",
                    "lon": gap["lon"],
                    "lat": gap["lat"],
                }
            )
    return pd.DataFrame(rows, columns=list(tables.REMEDIES))


def make_community_programme(communities, programme) -> pd.DataFrame:
    rows = []
    for area in communities.itertuples():
        mine = programme[programme["community_id"] == area.community_id]
        rows.append(
            {
                "community_id": area.community_id,
                "community": area.name,
                "subdistrict": area.subdistrict,
                "county": area.county,
                "people": 7.0 if len(mine) else 420.0,
                "estate_kind": "old" if len(mine) else None,
                "built_median": 1988.0 if len(mine) else np.nan,
                "old_share": 0.75 if len(mine) else np.nan,
                "kind": "leading" if len(mine) else None,
                "start_year": mine["year"].min() if len(mine) else np.nan,
                "end_year": mine["year"].max() if len(mine) else np.nan,
                "projects": mine["project_id"].nunique(),
                "gaps_now": 3,
                "gaps_left": 1,
                "services_left": "medical",
                "why": "拟建综合体",
            }
        )
    return pd.DataFrame(rows, columns=list(tables.COMMUNITY_PROGRAMME))
