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
    "confidence, robust, lon, lat, lacking"
)
SITES = _columns(
    "site_id, parcel_id, kind, services, types, year, x, y, lon, lat, area_m2, floor_m2,"
    "newly_covered, conforms, project_id, score"
)
PROJECTS = _columns(
    "project_id, name, mode, services, types, communities, gap_ids, site_id, lead_body,"
    "cooperating_body, year, people_served, area_m2, floor_m2, status"
)
PROGRAMME = _columns(
    "year, project_id, name, community_id, community, subdistrict, services, types, mode,"
    "lead_body, cooperating_body, people_served, status"
)
LAST_ROUND = _columns(
    "project, name, community, service, type, year, claimed, status, facility_id, gap_id,"
    "evidence, confidence, new_project_id"
)
