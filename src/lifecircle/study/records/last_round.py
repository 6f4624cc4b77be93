"""
Projects of the last round and what is there today -> what became of each, told in words.

What a list says of a project is its claim; what is there is looked up in today's facilities, and
where the two do not agree both are told. A list of projects never adds a facility.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.sources.records.names import ProjectName, read_project_name
from lifecircle.standards import Requirement, Standard
from lifecircle.study.records.match import SURE, Candidates, Match
from lifecircle.study.records.words import say
from lifecircle.tables import LAST_ROUND

Verdict = tuple[str, float, tuple[str, ...]]
"""Status, confidence, and what is said of it."""
_DOUBT = 0.65  # factor where claim and list do not agree


@dataclass(frozen=True, kw_only=True)
class Today:
    """
    What is there now.

    Parameters
    ----------
    standard
        The standard that was asked.
    facilities
        `tables.FACILITIES` with ``community_id``.
    gaps, scores
        Tables of the run.
    communities
        `tables.COMMUNITIES`.
    complete
        Services whose lists are declared complete.
    language
        ``zh`` or ``en``.
    """

    standard: Standard
    facilities: gpd.GeoDataFrame
    gaps: pd.DataFrame
    scores: pd.DataFrame
    communities: gpd.GeoDataFrame
    complete: Collection[str]
    language: str


@dataclass(frozen=True, kw_only=True)
class _Need:
    """Whether a community still needs what a project was for."""

    gap_id: str | None = None
    project_id: str | None = None
    requirement: str = ""
    met: bool = False


def assess_last_round(projects: pd.DataFrame, today: Today) -> pd.DataFrame:
    """
    Say what became of every project of the last round.

    Parameters
    ----------
    projects
        From `sources.records.tables.read_projects`.
    today
        What is there now.

    Returns
    -------
    assessed
        Columns `tables.LAST_ROUND`, in the order of the list. `status` is ``done`` (there today),
        ``building``, ``not_done``, ``lapsed`` (cancelled, or the community meets the requirement
        without it), ``rolled_on`` (still a gap: `gap_id` and the new programme's project) or
        ``unconfirmed`` (said to be done, nothing known of it, and the lists are not declared
        complete). `confidence` is ours (P).
    """
    candidates = Candidates.of(today.facilities)
    names = dict(zip(today.communities["community_id"], today.communities["name"], strict=True))
    rows = [_assess(row, today, candidates, names) for row in projects.to_dict("records")]
    return pd.DataFrame(rows, columns=list(LAST_ROUND))


def _assess(
    row: dict[object, object],
    today: Today,
    candidates: Candidates,
    names: dict[object, object],
) -> dict[str, object]:
    project = read_project_name(_text(row["name"]), _text(row["type"]))
    community = _text(row["community_id"])
    claimed = _text(row["status"])
    match = candidates.match(project, community)
    need = _need(project, community, today)
    own = match if match is not None and match.confidence >= SURE else None
    status, sure, told = _judge(project, claimed, own, need, candidates, today)
    words = [_found(match, own), *told]
    if project.disputed:
        words.append("type_disputed")
    if community is None:
        words.append("no_community")
        sure = min(sure, 0.4)
    if need.gap_id is not None and status not in ("done",):
        words.append("gap")
    evidence = say("joint", today.language).join(
        _sentence(word, project, match, need, candidates, today) for word in words if word
    )
    named = names.get(community)
    return {
        "project": row["project_id"],
        "name": row["name"],
        "community": named if isinstance(named, str) else row["community"],
        "service": project.service or None,
        "type": project.type or None,
        "year": row["year"],
        "claimed": claimed,
        "status": status,
        "facility_id": None if own is None else candidates.table["facility_id"].iloc[own.row],
        "gap_id": need.gap_id if status != "done" else None,
        "evidence": evidence,
        "confidence": round(sure, 2),
        "new_project_id": need.project_id if status not in ("done", "lapsed") else None,
    }


def _judge(
    project: ProjectName,
    claimed: str | None,
    own: Match | None,
    need: _Need,
    candidates: Candidates,
    today: Today,
) -> Verdict:
    """Weigh a claim against what is known."""
    stands = "" if own is None else candidates.status(own.row)
    sure = 0.0 if own is None else own.confidence
    there = stands in ("existing", "unconfirmed")
    if claimed == "cancelled":
        if there and sure > SURE and project.works != "renewed":
            return "lapsed", 0.5, ("cancelled", "but_exists")
        return "lapsed", 0.9, ("cancelled",)
    if there and project.works == "renewed":
        return _judge_renewal(claimed, sure, need)
    if there:
        agrees = claimed == "done"
        told = () if agrees else (f"claim_{claimed or 'none'}_exists",)
        return "done", sure if agrees else _DOUBT * sure, told
    if stands:
        return _judge_listed(stands, claimed, sure, need)
    return _judge_unlisted(claimed, need, complete=project.service in today.complete)


def _judge_renewal(claimed: str | None, sure: float, need: _Need) -> Verdict:
    """Judge works on a facility that is there: no list tells whether they were done."""
    if claimed == "not_started":
        status, word = _unbuilt(need)
        return status, 0.8 * sure, ("renewal_open", word)
    if claimed in ("done", "building"):
        return claimed, 0.85 * sure, ("renewal_unseen",)
    return "unconfirmed", 0.4, ("no_claim", "renewal_unseen")


def _judge_listed(stands: str, claimed: str | None, sure: float, need: _Need) -> Verdict:
    """Judge what is listed and not in use: being built, planned or closed."""
    status, word = _unbuilt(need)
    differs = f"claim_{claimed or 'none'}_differs"
    if stands == "building":
        agrees = claimed == "building"
        return (
            "building",
            (0.9 if agrees else _DOUBT) * sure,
            (
                "list_building",
                *(() if agrees else (differs,)),
            ),
        )
    if stands == "closed":
        told = (differs,) if claimed == "done" else ()
        return (
            "building" if claimed == "building" else status,
            _DOUBT * sure,
            ("list_closed", *told),
        )
    if claimed == "not_started":
        return status, 0.9 * sure, ("list_planned", word)
    return "building" if claimed == "building" else status, _DOUBT * sure, ("list_planned", differs)


def _judge_unlisted(claimed: str | None, need: _Need, *, complete: bool) -> Verdict:
    """Judge what no list knows."""
    status, word = _unbuilt(need)
    if claimed == "done":
        if complete:
            status = "rolled_on" if need.gap_id is not None else "not_done"
            return status, 0.7, ("claim_done_unknown",)
        return "unconfirmed", 0.5, ("claim_done_unknown", "list_incomplete")
    if claimed == "building":
        return "building", 0.6, ("claim_only",)
    if claimed == "not_started":
        return status, 0.8, (word,)
    return ("rolled_on" if need.gap_id is not None else "unconfirmed"), 0.4, ("no_claim",)


def _unbuilt(need: _Need) -> tuple[str, str]:
    if need.gap_id is not None:
        return "rolled_on", "still_gap"
    return ("lapsed", "met_without") if need.met else ("not_done", "not_known_needed")


def _need(project: ProjectName, community: str | None, today: Today) -> _Need:
    if community is None or not project.service:
        return _Need()
    asked = {one.id for one in today.standard.requirements if _asks_for(one, project)}
    gaps = today.gaps
    mine = gaps[
        (gaps["community_id"] == community)
        & gaps["requirement"].isin(asked)
        & (gaps["reason"] != "no_data")
    ].sort_values(["priority", "gap_id"])
    if len(mine):
        first = mine.iloc[0]
        linked = mine["project_id"].dropna()
        return _Need(
            gap_id=str(first["gap_id"]),
            project_id=str(linked.iloc[0]) if len(linked) else None,
            requirement=str(first["requirement"]),
        )
    scores = today.scores
    here = scores[
        (scores["level"] == "community")
        & (scores["area_id"] == community)
        & scores["requirement"].isin(asked)
    ]
    return _Need(met=len(here) > 0 and bool((here["verdict"] == "met").all()))


def _asks_for(requirement: Requirement, project: ProjectName) -> bool:
    if not requirement.makes_gaps:
        return False
    if not project.type:
        return requirement.service == project.service
    counted = {kind for rule in requirement.counts for kind in rule.types}
    accepted = {*requirement.accepted, *counted}
    return project.type in accepted or (not accepted and requirement.service == project.service)


def _found(match: Match | None, own: Match | None) -> str:
    if own is not None:
        return f"found_{own.how}"
    return "" if match is None else "only_type"


def _sentence(
    word: str,
    project: ProjectName,
    match: Match | None,
    need: _Need,
    candidates: Candidates,
    today: Today,
) -> str:
    language = today.language
    labels = today.standard.service_labels
    disputed = labels[project.disputed][language] if project.disputed in labels else ""
    requirement = next(
        (one for one in today.standard.requirements if one.id == need.requirement), None
    )
    return say(word, language).format(
        facility="" if match is None else candidates.named(match.row),
        disputed=disputed or project.disputed,
        gap=need.gap_id or "",
        requirement="" if requirement is None else getattr(requirement, f"label_{language}"),
    )


def _text(value: object) -> str | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value)
