"""
The table of an annual check-up: each indicator of each area, with its base and way of measuring.

An indicator may be told on several bases; the one the edition names as the official one is marked,
and where nobody has read which one that is, none is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lifecircle.standards import Norm, Requirement, Standard
from lifecircle.tables import CHECKUP, LEVELS

_FIRST = LEVELS.index("community")


def checkup_table(
    standard: Standard,
    scores: pd.DataFrame,
    *,
    coverage: pd.DataFrame | None = None,
    norms: pd.DataFrame | None = None,
    language: str = "en",
) -> pd.DataFrame:
    """
    Fill the table of an annual check-up.

    Parameters
    ----------
    standard
        The standard; without ``checkup = true`` the table is empty.
    scores
        `tables.SCORES`: what share of the people is covered along the network.
    coverage
        The same on other bases and by other methods, with the columns ``level, area_id, area_name,
        requirement, base, method, total, covered, share``; people along the network are taken from
        `scores`. None without any.
    norms
        `tables.NORMS`; None without any.
    language
        ``zh`` or ``en``, of the labels.

    Returns
    -------
    table
        Columns of `tables.CHECKUP`, one row per indicator, area and base, from communities up.
        `value` is a share (`unit` ``share``) or, of what every area must have, the number of areas
        that lack it (``areas_lacking``; `covered` of `total` have it). It is missing with
        `covered` where `verdict` is ``unknown``: a thin list is no proof of an absence. `official`
        marks the base and method the edition has evidence for.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.access.checkup import checkup_table
    >>> from lifecircle.standards import load_standard
    >>> from lifecircle.tables import SCORES
    >>> scores = pd.DataFrame([dict.fromkeys(SCORES) | {
    ...     "level": "study", "area_id": "study", "area_name": "Town", "requirement": "park_5",
    ...     "people": 100.0, "covered": 80.0, "share": 0.8, "verdict": "met"}])
    >>> row = checkup_table(load_standard("tdt1063"), scores).iloc[0]
    >>> float(row["value"]), row["base"], bool(row["official"])
    (0.8, 'people', False)
    """
    if not standard.checkup:
        return pd.DataFrame(columns=list(CHECKUP))
    verdicts = scores[["level", "area_id", "requirement", "verdict"]]
    people = scores.rename(columns={"people": "total"}).assign(base="people", method="network")
    parts = [_covered(standard, people, language)]
    if coverage is not None and len(coverage):
        other = coverage[(coverage["base"] != "people") | (coverage["method"] != "network")]
        other = other.drop(columns="verdict", errors="ignore")
        other = other.merge(verdicts, on=["level", "area_id", "requirement"], how="left")
        parts.append(_covered(standard, other, language))
    if norms is not None and len(norms):
        parts.append(_lacking(standard, norms, language))
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(CHECKUP))
    return pd.concat(parts, ignore_index=True)[list(CHECKUP)]


def _covered(standard: Standard, rows: pd.DataFrame, language: str) -> pd.DataFrame:
    asked = {one.id: one for one in standard.requirements}
    rows = _from_communities(rows[rows["requirement"].isin(asked)])
    known = rows["verdict"] != "unknown"
    ways = zip(rows["requirement"], rows["base"], rows["method"], strict=True)
    return _told(rows, "requirement", asked, language).assign(
        value=rows["share"].astype(float).where(known),
        unit="share",
        base=rows["base"],
        method=rows["method"],
        official=[_official(asked[name], base, method) for name, base, method in ways],
        covered=rows["covered"].astype(float).where(known),
        total=rows["total"].astype(float),
        tag=[asked[name].limit_evidence.tag for name in rows["requirement"]],
    )


def _lacking(standard: Standard, norms: pd.DataFrame, language: str) -> pd.DataFrame:
    asked = {one.id: one for one in standard.norms}
    rows = _from_communities(norms[norms["norm"].isin(asked)])
    each = np.array([asked[name].per is None for name in rows["norm"]], dtype=bool)
    need, short = (rows[name].astype(float).to_numpy() for name in ("need", "short_by"))
    return _told(rows, "norm", asked, language).assign(
        value=np.where(each, short, rows["share"].astype(float)),
        unit=np.where(each, "areas_lacking", "share"),
        base=[
            asked[name].level if asked[name].per is None else asked[name].of
            for name in rows["norm"]
        ],
        method="count",
        official=[asked[name].number_evidence.tag != "P" for name in rows["norm"]],
        covered=np.where(each, need - short, rows["have"].astype(float)),
        total=need,
        tag=[asked[name].number_evidence.tag for name in rows["norm"]],
    )


def _told(
    rows: pd.DataFrame, key: str, asked: dict[str, Requirement] | dict[str, Norm], language: str
) -> pd.DataFrame:
    """Say what each row is about."""
    owners = [asked[name] for name in rows[key]]
    return pd.DataFrame(
        {
            "indicator": rows[key],
            "label": [one.label_zh if language == "zh" else one.label_en for one in owners],
            "level": rows["level"],
            "area_id": rows["area_id"],
            "area_name": rows["area_name"],
            "clause": [one.clause for one in owners],
            "verdict": rows["verdict"],
        },
        index=rows.index,
    )


def _from_communities(rows: pd.DataFrame) -> pd.DataFrame:
    wanted = [LEVELS.index(name) >= _FIRST for name in rows["level"]]
    return rows[np.array(wanted, dtype=bool)].reset_index(drop=True)


def _official(requirement: Requirement, base: str, method: str) -> bool:
    """Tell the official way of measuring, where there is evidence of any."""
    told = {item.field for item in requirement.evidence}
    if told.isdisjoint(("official_base", "official_method")):
        return False
    return (base, method) == (requirement.official_base, requirement.official_method)
