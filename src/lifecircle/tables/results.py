"""Columns of the tables a run writes, in the order they are written."""

from __future__ import annotations


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


LEVELS = ("estate", "community", "unit", "subdistrict", "county", "city", "study")
SCORES = _columns(
    "level, area_id, area_name, service, requirement, minutes, limit_m, profile, group, obligation,"
    "people, covered, share, target_share, verdict, median_s, facilities, supply, robust"
)
SERVICES = _columns(
    "level, area_id, area_name, service, minutes, coverage, adequacy, count_rule, score, weak"
)
INDEX = _columns("level, area_id, area_name, people, minutes, index, grade, weakest_service, gaps")
GAPS = _columns(
    "gap_id, community_id, community, subdistrict, unit_id, service, requirement, obligation,"
    "minutes, limit_m, group, kind, reason, reasons, people, people_short, missing_m, nearest_s,"
    "nearest_facility_id, existing, required, remedy, site_id, project_id, priority, year, clause,"
    "confidence, robust, lon, lat, lacking, evidence, closes, lead_body, cooperating_body"
)
ROBUSTNESS = _columns(
    "level, area_id, area_name, requirement, verdict, kept, share_low, share_high, tips, speed_tip"
)
NORMS = _columns(
    "level, area_id, area_name, service, norm, measure, have, need, share, facilities, known,"
    "verdict, short_by, obligation, clause"
)
SUPPLY = _columns(
    "level, area_id, area_name, service, requirement, measure, supply_per_1000, demand_ratio,"
    "known, people"
)
LOADS = _columns(
    "facility_id, name, service, type, people_nearest, capacity, load, over, requirement, norm,"
    "clause"
)
SITES = _columns(
    "site_id, parcel_id, kind, services, types, year, x, y, lon, lat, area_m2, floor_m2,"
    "newly_covered, conforms, project_id, score, cost_wan, sentence, chosen_in, outdoor_m2,"
    "capacity, over_people"
)
CURVE = _columns("sites, site_id, parcel_id, year, people, added, share, needs, knee, planned")
CHOICES = _columns("alternative, leaves, comes, needs_lost, loss, lacks_lost")
FREQUENCY = _columns("parcel_id, site_id, kind, community_id, area_m2, chosen_in")
WISHES = _columns(
    "gap_id, community_id, community, service, requirement, people_left, why, needs_m2, found_m2,"
    "parcel_id, gain, evidence, would_help"
)
AFTER = _columns(
    "level, area_id, area_name, service, requirement, group, people, share, share_after, verdict,"
    "verdict_after, gained"
)
LACKS = _columns("level, area_id, requirement, people, places, site_id, why")
CHECKUP = _columns(
    "indicator, label, level, area_id, area_name, value, unit, base, method, official, covered,"
    "total, clause, tag, verdict"
)
PROJECTS = _columns(
    "project_id, name, mode, services, types, communities, gap_ids, site_id, lead_body,"
    "cooperating_body, year, people_served, area_m2, floor_m2, status, facility_id, rights, owner,"
    "consent, conforms, handover, operator, cost_wan, note, outdoor_m2"
)
HORIZONS = _columns(
    "horizon, year, level, area_id, area_name, service, requirement, people, covered, share,"
    "target_share, verdict, change, why"
)
HORIZONS_INDEX = _columns(
    "horizon, year, level, area_id, area_name, people, minutes, index, grade, change, gaps, closed,"
    "new"
)
PROVISION = _columns(
    "estate_id, estate, community_id, community, year_built, dwellings, people, new, service,"
    "types, promised, promised_m2, built_m2, handed_over, handed_over_m2, handed_over_on,"
    "required_m2, short_m2, status, evidence"
)
UNITS = _columns(
    "unit_id, name, tier, origin, communities, subdistricts, people, people_60plus, people_0_3,"
    "area_m2, people_min, people_max, in_band, connected, cut_by, cut_m, walk_s, farthest_s,"
    "asked, met, missing, in_use"
)
UNIT_SERVICES = _columns(
    "unit_id, name, tier, service, requirement, minutes, limit_m, facilities, people, covered,"
    "share, target_share, met"
)
ADVICE = _columns(
    "community_id, community, subdistrict, code, people, people_concerned, cut_by, area_m2,sentence"
)
PROGRAMME = _columns(
    "year, project_id, name, community_id, community, subdistrict, services, types, mode,"
    "lead_body, cooperating_body, people_served, status"
)
COMMUNITY_PROGRAMME = _columns(
    "community_id, community, subdistrict, county, people, estate_kind, built_median, old_share,"
    "kind, start_year, end_year, projects, gaps_now, gaps_left, services_left, why"
)
COVERAGE = _columns(
    "level, area_id, area_name, service, requirement, base, method, total, covered, share,"
    "official, known"
)
NEARNESS = _columns(
    "level, area_id, area_name, service, requirement, group, people, median_s, p90_s, nearest_2_s,"
    "nearest_3_s, within"
)
EQUITY = _columns(
    "level, area_id, area_name, service, requirement, measure, of, against, value, of_value,"
    "against_value, of_people, against_people, note"
)
NEEDS = _columns(
    "community_id, community, answers, satisfaction_of_5, rank, need, named, service, score,"
    "score_rank, services_scored, disagrees"
)
HANDOVER = _columns(
    "site_id, project_id, parcel_id, kind, community_id, community, subdistrict, service, type,"
    "present_code, present_system, plan_code, plan_system, target_code, target_system, target_note,"
    "main_code, site_min_m2, floor_min_m2, width_min_m, setting, ground_floor, clause, area_m2,"
    "floor_m2, needed_m2, size, conforms, action, plan_unit, plan_plot, rights"
)
LAST_ROUND = _columns(
    "project, name, community, service, type, year, claimed, status, facility_id, gap_id,"
    "evidence, confidence, new_project_id"
)
REMEDIES = _columns(
    "remedy_id, gap_id, community_id, community, requirement, kind, what, way_id, parcel_id,"
    "facility_id, name, types, people, people_60plus, people_0_3, share_after, closes, consent,"
    "competes, chosen, site_id, project_id, rank, evidence, lon, lat"
)
