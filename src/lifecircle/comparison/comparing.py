"""
Two runs -> what changed in every area, and why.

Every figure is that of the runs' own tables; homes only take the change of a share apart, and
where they do not give the saved scores they are not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.comparison.areas import Areas, match_areas, refuse_other_place
from lifecircle.comparison.causes import causes_of
from lifecircle.comparison.effects import EFFECTS, Shares, rounded_parts, shares_of
from lifecircle.comparison.evidence import Teller, told_area, told_people
from lifecircle.comparison.facilities import BothFacilities, match_facilities
from lifecircle.comparison.homes import match_homes
from lifecircle.comparison.results import (
    CHANGES,
    Before,
    gaps_between,
    grades_between,
)
from lifecircle.comparison.rules import refuse_other_rules, rule_differences, same_requirements
from lifecircle.comparison.run import Run
from lifecircle.comparison.words import say
from lifecircle.standards import Requirement
from lifecircle.tables.shown import shown

_MISMATCH = 0.11  # scores are written with one decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class Comparison:
    """
    What changed between two runs.

    Parameters
    ----------
    runs
        A and B.
    language
        ``zh`` or ``en``, of the words in the tables.
    rules
        What the standards ask otherwise; empty where they are one.
    requirements
        Ids of the requirements that were compared.
    areas
        The areas of every level and which was which.
    facilities
        Facilities of both runs.
    changes, grades, gaps
        Tables with the columns of `results.CHANGES`, `results.GRADES` and `results.GAPS`;
        `changes` holds only what changed.
    """

    runs: tuple[Run, Run]
    language: str
    rules: Mapping[str, str]
    requirements: tuple[str, ...]
    areas: tuple[Areas, ...]
    facilities: BothFacilities
    changes: pd.DataFrame
    grades: pd.DataFrame
    gaps: pd.DataFrame

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said on every output."""
        told = []
        if self.rules:
            words = "; ".join(f"{name}: {text}" for name, text in self.rules.items())
            told.append(say("across", self.language).format(words=words))
        if any(run.homes is None for run in self.runs):
            told.append(say("no_homes", self.language))
        return (*told, *(text for run in self.runs for text in run.warnings))

    def __repr__(self) -> str:
        return f"<Comparison: {len(self.changes)} changes, {len(self.gaps)} gaps>"

    def _repr_html_(self) -> str:
        columns = ["level", "area_name", "requirement", "share_a", "share_b", "why", "evidence"]
        size = (self.changes["share_b"] - self.changes["share_a"]).abs()
        most = self.changes.loc[size.sort_values(ascending=False, kind="stable").index]
        return shown(most[columns], lead=repr(self).strip("<>"))


def compare_runs(
    a: Run, b: Run, *, across_standards: bool = False, language: str | None = None
) -> Comparison:
    """
    Compare two runs of one place.

    Parameters
    ----------
    a, b
        The runs, the earlier one first.
    across_standards
        Whether runs measured by different standards may be compared: then only requirements both
        define alike are, and every output says so.
    language
        ``zh`` or ``en``; B's when None.

    Returns
    -------
    comparison
        Tables of what changed.

    Raises
    ------
    RuleError
        If the runs are of different places, or were measured by different standards.
    """
    refuse_other_place(a, b)
    rules = rule_differences(a, b)
    if not across_standards:
        refuse_other_rules(a, b, rules)
    language = b.language if language is None else language
    asked = same_requirements(a, b, rules)
    homes = None if a.homes is None or b.homes is None else match_homes(a, b)
    facilities = match_facilities(a, b)
    areas = match_areas(a, b, homes)
    before = Before.of(a, b)
    rows: list[dict[str, object]] = []
    for requirement in asked:
        parts: dict[str, Shares] = {}
        texts: dict[str, dict[int, str]] = {}
        unmatched = False
        if homes is not None and _walks_known(requirement, a, b):
            causes = causes_of(requirement, (a, b), homes, facilities)
            teller = Teller(
                language=language, standard=b.standard, homes=homes, facilities=facilities
            )
            people = np.asarray(homes.people(1, requirement.group), dtype=np.float64)
            for level in areas:
                parts[level.level] = shares_of(level, homes, causes, requirement.group)
                texts[level.level] = teller.walks(level, causes, people)
            unmatched = not _gives_scores(areas, parts, requirement, before)
        for level in areas:
            found = None if unmatched else parts.get(level.level)
            rows += _rows(
                level, requirement, before, found, texts.get(level.level, {}), language, unmatched
            )
    rows += _ruled(areas, rules, before, language)
    changes = pd.DataFrame(rows, columns=list(CHANGES))
    changes = changes[~((changes["direction"] == "same") & (changes["why"].isna()))]
    changes = changes.reset_index(drop=True)
    return Comparison(
        runs=(a, b),
        language=language,
        rules=rules,
        requirements=tuple(one.id for one in asked),
        areas=areas,
        facilities=facilities,
        changes=changes,
        grades=grades_between(a, b, areas, comparable=not rules),
        gaps=gaps_between(a, b, areas, changes),
    )


def _walks_known(requirement: Requirement, a: Run, b: Run) -> bool:
    unit = "s" if requirement.minutes is not None else "m"
    wanted = {f"{requirement.id}_{unit}", f"{requirement.id}_facility_id"}
    return all(run.homes is not None and wanted <= set(run.homes.columns) for run in (a, b))


def _gives_scores(
    areas: tuple[Areas, ...], parts: Mapping[str, Shares], requirement: Requirement, before: Before
) -> bool:
    """Tell whether homes give the covered people the runs wrote: else they say nothing of why."""
    for level in areas:
        found = parts[level.level]
        for run in (0, 1):
            for at, pair in enumerate(level.pairs):
                place = pair.new if run else pair.old
                score = before.score(run, level.level, level.ids[run][place], requirement.id)
                if place < 0 or score is None or np.isnan(score["covered"]):
                    continue
                if not abs(found.covered[at, run] - score["covered"]) <= _MISMATCH:
                    return False
    return True


def _rows(
    level: Areas,
    requirement: Requirement,
    before: Before,
    parts: Shares | None,
    texts: Mapping[int, str],
    language: str,
    unmatched: bool,  # noqa: FBT001
) -> list[dict[str, object]]:
    rows = []
    for at, pair in enumerate(level.pairs):
        row, scores = before.pair(level, pair, requirement.id, requirement.service)
        old, new = scores
        told = [told_area(pair, level, language)]
        change = row["change"]
        if old is not None and new is not None:
            told.append(told_people(old["people"], new["people"], language))
        if isinstance(change, float) and not np.isnan(change):
            if parts is None:
                row["by_other"] = change
                if change:
                    told.append(say("unmatched" if unmatched else "no_homes", language))
            else:
                effects = {name: float(parts.effects[name][at]) for name in EFFECTS}
                rounded = rounded_parts(effects, change)
                row.update({f"by_{name}": value for name, value in rounded.items()})
                told.append(texts.get(pair.new, ""))
        row["why"] = _why(row, pair.relation)
        if row["why"] == "data":
            told.append(say("data", language))
        row["evidence"] = say("joint", language).join(text for text in told if text) or None
        rows.append(row)
    return rows


def _why(row: Mapping[str, object], relation: str) -> str | None:
    if relation in ("new", "gone"):
        return "areas"
    change = row["change"]
    effects: dict[str, float] = {}
    for name in EFFECTS:
        value = row[f"by_{name}"]
        if isinstance(value, float) and not np.isnan(value) and value:
            effects[name] = value
    known = isinstance(change, float) and not np.isnan(change)
    if known and change:
        same = {name: value for name, value in effects.items() if value * float(str(change)) > 0}
        return max(same or effects, key=lambda name: abs(effects[name]))
    if effects:
        return "balanced"
    if row["verdict_a"] != row["verdict_b"]:
        if "unknown" in (row["verdict_a"], row["verdict_b"]):
            return "data"
        return "people"
    return None


def _ruled(
    areas: tuple[Areas, ...], rules: Mapping[str, str], before: Before, language: str
) -> list[dict[str, object]]:
    """Show side by side what two standards ask otherwise, never as a change."""
    rows = []
    for level in areas:
        for pair in level.pairs:
            for name in sorted(before.requirements & rules.keys()):
                row, scores = before.pair(level, pair, name, before.service(name))
                if scores == (None, None):
                    continue
                row |= {
                    "change": np.nan,
                    "why": "rule",
                    "direction": "unknown",
                    "evidence": say("rule", language).format(words=rules[name]),
                }
                rows.append(row)
    return rows


def verdict_changes(comparison: Comparison) -> NDArray[np.bool_]:
    """
    Mark the rows whose verdict changed.

    Parameters
    ----------
    comparison
        The comparison.

    Returns
    -------
    changed
        Shape (changes,).
    """
    table = comparison.changes
    other = table["verdict_a"].fillna("") != table["verdict_b"].fillna("")
    return np.asarray(other & (table["why"] != "rule"), dtype=bool)
