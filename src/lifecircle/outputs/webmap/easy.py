"""Projects without a site become facts of the page; what stands beside a requirement of an age."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.webmap import shapes
from lifecircle.outputs.webmap.values import Teller, listed, plain, text
from lifecircle.standards import Requirement, Standard

_AGES = re.compile(r"\d+(plus|_\d+)")


def easy_projects(content: Content, teller: Teller) -> list[dict[str, Any]]:
    """
    Gather projects that need no site: sharing, raising, enlarging, a link.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told: a public edition tells none of them, for it tells no remedies.

    Returns
    -------
    rows
        In the order of ids; ``at`` is where the way lies that makes the project, else the facility
        it is about, None where neither is known.
    """
    projects = content.projects
    if teller.public or projects.empty:
        return []
    mine = projects[projects["site_id"].isna() & projects["mode"].ne("survey")]
    ways = content.remedies[content.remedies["way_id"].notna() & content.remedies["lon"].notna()]
    places = {
        str(row.project_id): [plain(row.lat, 6), plain(row.lon, 6)]
        for row in ways[ways["project_id"].notna()].itertuples()
    }
    spots = dict(
        zip(content.facilities["facility_id"], shapes.points(content.facilities), strict=True)
    )
    texts = ("project_id", "name", "mode", "lead_body", "cooperating_body", "status")
    rows = []
    for row in mine.sort_values("project_id", kind="stable").to_dict("records"):
        key, facility = str(row["project_id"]), text(row.get("facility_id"))
        told: dict[str, Any] = {name: text(row[name]) for name in texts}
        told |= {name: listed(text(row[name])) for name in ("services", "types", "consent")}
        told["year"] = plain(pd.to_numeric(row["year"]), 0)
        told["people"] = teller.people(row["people_served"])
        told["facility_id"] = facility
        told["gaps"] = listed(text(row["gap_ids"]))
        told["at"] = places.get(key) or spots.get(facility)
        rows.append(told)
    return rows


def of_ages(requirement: Requirement, standard: Standard) -> dict[str, Any]:
    """
    Tell whether a requirement asks for people of an age, and what is asked for everybody.

    Parameters
    ----------
    requirement
        The requirement.
    standard
        The standard it is of.

    Returns
    -------
    facts
        ``ages``, and ``everybody``: the base requirement that asks for the same types in the same
        circle for all, one that must be met first; None where there is none.
    """
    if not _AGES.fullmatch(requirement.group):
        return {"ages": False, "everybody": None}
    same = [
        one
        for one in standard.requirements
        if (one.group, one.view, one.where) == ("all", "base", requirement.where)
        and _what(one) == _what(requirement)
    ]
    same.sort(key=lambda one: one.obligation != "must")
    return {"ages": True, "everybody": same[0].id if same else None}


def _what(one: Requirement) -> tuple[object, ...]:
    return (one.service, one.circle, set(one.types), set(one.satisfied_by))
