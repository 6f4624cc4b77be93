"""What a planner keeps beside the map is read, joined to communities and kept in the survey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from lifecircle.config.land_sections import RecordSection
from lifecircle.errors import Problem, RuleError
from lifecircle.sources.records.tables import (
    needs_by_community,
    read_answers,
    read_opinions,
    read_projects,
)
from lifecircle.tables import Survey


def with_records(section: RecordSection, survey: Survey) -> Survey:
    """
    Add residents' answers, earlier projects and opinions to a survey.

    Parameters
    ----------
    section
        The section of the study file.
    survey
        What the other files say; not changed.

    Returns
    -------
    survey
        With the records that are named: ``answers`` and ``needs`` (by community), ``projects``,
        ``opinions``.

    Raises
    ------
    RuleError
        If there are no named communities to join them to.
    LifecircleError
        As the readers of `sources.records.tables`.
    """
    if section.survey is None and section.projects is None and section.opinions is None:
        return survey
    if survey.communities is None:
        raise RuleError(
            Problem(
                what="records are joined to communities by name, and there is no file of them",
                where="study.toml, record",
                remedy="give file = a file of communities under [communities]",
            )
        )
    records: dict[str, pd.DataFrame] = {}
    sources = list(survey.sources)
    for name, path, read in (
        ("answers", section.survey, read_answers),
        ("projects", section.projects, read_projects),
        ("opinions", section.opinions, read_opinions),
    ):
        if path is not None:
            found = read(path, survey.communities)
            records[name] = found.table
            sources.append(found.source)
    if "answers" in records:
        records["needs"] = needs_by_community(records["answers"])
    return replace(survey, records=records, sources=tuple(sources))


def facts_of_records(records: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """
    Say what the records hold, in a few counts.

    Parameters
    ----------
    records
        From `with_records`.

    Returns
    -------
    facts
        Label to value; empty without records.
    """
    facts: dict[str, object] = {}
    if "answers" in records:
        answers = records["answers"]
        facts["answers"] = len(answers)
        facts["communities_that_answered"] = int(answers["community_id"].nunique())
        mean = answers["satisfaction"].mean()
        if pd.notna(mean):
            facts["satisfaction_of_5"] = round(float(mean), 2)
        everywhere = needs_by_community(answers.assign(community_id="all"))
        facts["needs"] = "; ".join(everywhere["needs"])
    if "projects" in records:
        states = records["projects"]["status"].fillna("unknown").value_counts()
        facts["projects"] = ", ".join(f"{state} {states[state]}" for state in sorted(states.index))
        building = records["projects"]["status"] == "building"
        facts["projects_being_built"] = ", ".join(records["projects"].loc[building, "name"])
    if "opinions" in records:
        facts["opinions"] = len(records["opinions"])
        facts["departments"] = int(records["opinions"]["body"].nunique())
    return facts
