"""The tables of a comparison: what a pair of areas scored, its grades, its gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lifecircle.comparison.areas import Areas, Pair
from lifecircle.comparison.run import Run


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


CHANGES = _columns(
    "level, area_id, area_name, requirement, verdict_a, verdict_b, share_a, share_b, change,"
    "by_people, by_facilities, by_streets, by_areas, why, evidence,"
    "by_other, direction, relation, area_a, name_a, service, people_a, people_b"
)
GRADES = _columns(
    "level, area_id, area_name, minutes, people_a, people_b, index_a, index_b, index_change,"
    "grade_a, grade_b, direction, relation, area_a, name_a"
)
GAPS = _columns(
    "state, gap_id_a, gap_id_b, community_id, community, service, requirement, kind_a, kind_b,"
    "reason_a, reason_b, people_short_a, people_short_b, change, why, evidence"
)
_ORDER = {"short": 0, "met": 1}
_LEAST_INDEX = 0.005  # the index is written with two decimals
_BY = ("people", "facilities", "streets", "areas", "other")


@dataclass(frozen=True, kw_only=True)
class Before:
    """
    Scores of two runs by area and requirement.

    Parameters
    ----------
    scores
        Per run, (level, area, requirement) to its row.
    services
        Requirement to its service.
    """

    scores: tuple[dict[tuple[str, str, str], dict[str, float]], ...]
    texts: tuple[dict[tuple[str, str, str], str], ...]
    services: dict[str, str]

    @classmethod
    def of(cls, a: Run, b: Run) -> Before:
        """
        Index the scores of two runs.

        Parameters
        ----------
        a, b
            The runs.

        Returns
        -------
        before
            Ready to be asked.
        """
        scores, texts, services = [], [], {}
        for run in (a, b):
            keys = list(
                zip(
                    run.scores["level"],
                    run.scores["area_id"],
                    run.scores["requirement"],
                    strict=True,
                )
            )
            numbers = run.scores[["people", "covered", "share"]].to_dict("records")
            scores.append(dict(zip(keys, numbers, strict=True)))
            texts.append(dict(zip(keys, run.scores["verdict"], strict=True)))
            services.update(
                dict(zip(run.scores["requirement"], run.scores["service"], strict=True))
            )
        return cls(scores=tuple(scores), texts=tuple(texts), services=services)

    @property
    def requirements(self) -> set[str]:
        """Every requirement one of the runs scored."""
        return set(self.services)

    def service(self, requirement: str) -> str:
        """
        Name the service of a requirement.

        Parameters
        ----------
        requirement
            Its id.

        Returns
        -------
        service
            The service's id.
        """
        return self.services[requirement]

    def score(self, run: int, level: str, area: str, requirement: str) -> dict[str, float] | None:
        """
        Look up a score.

        Parameters
        ----------
        run
            0 for A, 1 for B.
        level, area, requirement
            Which.

        Returns
        -------
        score
            ``people, covered, share``; None where there is none.
        """
        return self.scores[run].get((level, area, requirement))

    def pair(
        self, level: Areas, pair: Pair, requirement: str, service: str
    ) -> tuple[dict[str, object], tuple[dict[str, float] | None, dict[str, float] | None]]:
        """
        Put the scores of an area and of what it was side by side.

        Parameters
        ----------
        level, pair
            The area.
        requirement, service
            What was asked.

        Returns
        -------
        row
            Columns of `CHANGES`, the effects missing.
        scores
            In A and in B.
        """
        places = (pair.old, pair.new)
        found: list[dict[str, float] | None] = []
        verdicts: list[str | None] = []
        for run in (0, 1):
            key = (level.level, level.ids[run][places[run]], requirement)
            there = places[run] >= 0
            found.append(self.scores[run].get(key) if there else None)
            verdicts.append(self.texts[run].get(key) if there else None)
        share = [np.nan if one is None else one["share"] for one in found]
        change = round(share[1] - share[0], 4) + 0.0
        # Two shares nobody knows (nobody lives there, or too few to be told) do not differ.
        moved = 0.0 if np.isnan(share).all() else change
        row: dict[str, object] = {
            **naming(level, pair),
            "requirement": requirement,
            "service": service,
            "verdict_a": verdicts[0],
            "verdict_b": verdicts[1],
            "share_a": share[0],
            "share_b": share[1],
            "change": change,
            "people_a": np.nan if found[0] is None else found[0]["people"],
            "people_b": np.nan if found[1] is None else found[1]["people"],
            **{f"by_{name}": np.nan for name in _BY},
            "direction": direction_of(verdicts[0], verdicts[1], moved),
        }
        return row, (found[0], found[1])


def naming(level: Areas, pair: Pair) -> dict[str, object]:
    """
    Name an area and what it was.

    Parameters
    ----------
    level, pair
        The area.

    Returns
    -------
    cells
        ``level, area_id, area_name`` (of B; of A where it is gone), ``relation, area_a, name_a``.
    """
    run, place = (1, pair.new) if pair.new >= 0 else (0, pair.old)
    return {
        "level": level.level,
        "area_id": level.ids[run][place],
        "area_name": level.names[run][place],
        "relation": pair.relation,
        "area_a": level.ids[0][pair.old] if pair.old >= 0 else None,
        "name_a": level.names[0][pair.old] if pair.old >= 0 else None,
    }


def direction_of(before: str | None, after: str | None, change: float) -> str:
    """
    Say whether an area does better.

    Parameters
    ----------
    before, after
        Verdicts.
    change
        Of its share; missing where it is not known.

    Returns
    -------
    direction
        ``better``, ``worse``, ``same`` or ``unknown``: by the verdict where that changed, else by
        the share.
    """
    if before != after:
        if before not in _ORDER or after not in _ORDER:
            return "unknown"
        return "better" if _ORDER[after] > _ORDER[before] else "worse"
    if np.isnan(change):
        return "unknown"
    if not change:
        return "same"
    if before not in _ORDER:
        return "unknown"
    return "better" if change > 0 else "worse"


def grades_between(a: Run, b: Run, areas: tuple[Areas, ...], *, comparable: bool) -> pd.DataFrame:
    """
    Put indices and grades of two runs side by side.

    Parameters
    ----------
    a, b
        The runs.
    areas
        The areas of every level.
    comparable
        Whether they were graded by one rule; else no change is told.

    Returns
    -------
    grades
        Columns `GRADES`, one row per pair of areas and circle.
    """
    found = []
    for run in (a, b):
        keys = zip(run.index["level"], run.index["area_id"], run.index["minutes"], strict=True)
        cells = run.index[["people", "index", "grade"]].to_dict("records")
        found.append(dict(zip(keys, cells, strict=True)))
    circles = sorted({*a.index["minutes"].dropna(), *b.index["minutes"].dropna()})
    rows = []
    for level in areas:
        for pair in level.pairs:
            for minutes in circles:
                row = naming(level, pair) | {"minutes": minutes}
                for at, place, side in ((0, pair.old, "a"), (1, pair.new, "b")):
                    cells = found[at].get((level.level, level.ids[at][place], minutes), {})
                    cells = cells if place >= 0 else {}
                    for name, missing in (("people", np.nan), ("index", np.nan), ("grade", None)):
                        row[f"{name}_{side}"] = cells.get(name, missing)
                change = float(str(row["index_b"])) - float(str(row["index_a"]))
                row["index_change"] = round(change, 2) + 0.0 if comparable else np.nan
                row["direction"] = _moved(change) if comparable else "unknown"
                rows.append(row)
    return pd.DataFrame(rows, columns=list(GRADES))


def _moved(change: float) -> str:
    if np.isnan(change):
        return "unknown"
    if abs(change) < _LEAST_INDEX:
        return "same"
    return "better" if change > 0 else "worse"


def gaps_between(a: Run, b: Run, areas: tuple[Areas, ...], changes: pd.DataFrame) -> pd.DataFrame:
    """
    Tell which gaps closed, which are new and which stay.

    Parameters
    ----------
    a, b
        The runs.
    areas
        The areas of every level.
    changes
        Columns `CHANGES`: what changed the shares.

    Returns
    -------
    gaps
        Columns `GAPS`. A gap is followed through renamed, split and merged communities; one that
        the data said too little about before or say too little about now is ``unknown``.
    """
    listed = [
        {(row["community_id"], row["requirement"]): row for row in run.gaps.to_dict("records")}
        for run in (a, b)
    ]
    reasons = {
        (row["area_a"], row["area_id"], row["requirement"]): (row["why"], row["evidence"])
        for row in changes[changes["level"] == "community"].to_dict("records")
    }
    asked = list(dict.fromkeys(key[1] for one in listed for key in one))
    rows = []
    for level in areas:
        if level.level != "community":
            continue
        for pair in level.pairs:
            named = naming(level, pair)
            for requirement in asked:
                old = listed[0].get((named["area_a"], requirement))
                new = listed[1].get((named["area_id"], requirement)) if pair.new >= 0 else None
                state = _state(old, new)
                if state is None:
                    continue
                shown = new or old or {}
                why = reasons.get((named["area_a"], named["area_id"], requirement), (None, None))
                row: dict[str, object] = {
                    "state": state,
                    "community_id": named["area_id"],
                    "community": named["area_name"],
                    "service": shown["service"],
                    "requirement": requirement,
                    "why": why[0],
                    "evidence": why[1],
                }
                for gap, side in ((old, "a"), (new, "b")):
                    cells = gap or {}
                    for name in ("gap_id", "kind", "reason"):
                        row[f"{name}_{side}"] = cells.get(name)
                    row[f"people_short_{side}"] = cells.get("people_short", np.nan)
                short = [0.0 if gap is None else gap["people_short"] for gap in (old, new)]
                row["change"] = round(short[1] - short[0], 1) + 0.0
                rows.append(row)
    return pd.DataFrame(rows, columns=list(GAPS))


def _state(old: dict[str, object] | None, new: dict[str, object] | None) -> str | None:
    real = [gap is not None and gap["reason"] != "no_data" for gap in (old, new)]
    if real[0] and real[1]:
        return "stays"
    if not real[0] and not real[1]:
        return None
    other = new if real[0] else old
    if other is not None:  # listed, but for want of data
        return "unknown"
    return "closed" if real[0] else "new"
