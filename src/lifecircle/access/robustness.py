"""
Whether a verdict stands when what it rests on is a little off: speed, places, lists, target.

Many draws of all of it at once say how often a verdict is kept; one doubt at a time says which of
them could turn it. Nothing is searched anew: every home's nearest few facilities are enough.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access import tally
from lifecircle.access.draws import Draws, Spreads, draw
from lifecircle.access.levels import Level
from lifecircle.access.scorecard import enough
from lifecircle.places.asked import people_asked
from lifecircle.reach.choices import Choices
from lifecircle.reach.matrix import Pinned, limit_units
from lifecircle.standards import Requirement
from lifecircle.tables import ROBUSTNESS
from lifecircle.walk import PROFILES

KEPT = 0.95
"""A verdict that at least this share of draws keeps is robust (P)."""

SPEEDS = np.concatenate([np.arange(1, 21), -np.arange(1, 21)]) / 100.0
"""Speeds tried to find where a verdict turns, as shares faster or slower (P)."""


@dataclass(frozen=True, kw_only=True)
class Steadiness:
    """
    How steady verdicts are.

    Parameters
    ----------
    table
        One row per requirement and area from community up, columns of `tables.ROBUSTNESS`.
    codes
        ``robust`` or ``marginal`` for every row of scores, None where there is no verdict, shape
        (scores,).
    spreads
        What was drawn from.
    choices
        Requirement id to every home's nearest few facilities.
    """

    table: pd.DataFrame
    codes: NDArray[np.object_]
    spreads: Spreads
    choices: Mapping[str, tuple[Choices, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One requirement, ready to be counted."""

    requirement: Requirement
    choices: tuple[Choices, ...]
    people: NDArray[np.float64]
    area: NDArray[np.int32]
    total: NDArray[np.float64]
    verdict: NDArray[np.object_]
    doubted: NDArray[np.bool_]
    edge: NDArray[np.bool_]

    def sums(
        self, draws: Draws, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Count who is covered, and who is or might be, shapes (draws, areas)."""
        covered = self.covered(draws, rows)
        return self.add(covered, rows), self.add(covered | self.doubted[rows], rows)

    def covered(self, draws: Draws, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Decide who is covered in every draw, shape (draws, k)."""
        covered = np.ones((len(draws.speed), len(rows)), dtype=bool)
        timed = self.requirement.minutes is not None
        speed_mps = PROFILES[self.requirement.profile].speed_mps
        for one in self.choices:
            tally.within(
                one.ptr,
                one.facility,
                one.cost,
                one.at_least,
                float(limit_units(self.requirement)),
                100.0 / speed_mps if timed else 100.0,
                1.0 / draws.speed if timed else np.ones_like(draws.speed),
                draws.home_m,
                draws.place_m,
                draws.there,
                rows,
                covered,
            )
        return covered

    def add(self, counted: NDArray[np.bool_], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Add up people by area, shape (draws, areas)."""
        total = np.zeros((len(counted), len(self.total)))
        area = np.ascontiguousarray(self.area[:, rows])
        tally.add_up(np.ascontiguousarray(counted), self.people[rows], area, total)
        return np.minimum(total, self.total)

    def kept(self, draws: Draws, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say where the verdict is the one of the run, shape (draws, areas)."""
        covered, perhaps = self.sums(draws, rows)
        moved = draws.target[:, None]
        met = enough(self.requirement, self.total, covered, moved=moved)
        might = enough(self.requirement, self.total, perhaps, moved=moved)
        return np.where(self.verdict == "met", met, ~might)


def steadiness(
    requirements: Sequence[Requirement],
    choices: Mapping[str, tuple[Choices, ...]],
    *,
    homes: Pinned,
    facilities: Pinned,
    levels: tuple[Level, ...],
    scores: pd.DataFrame,
    doubted: Mapping[str, NDArray[np.bool_]],
    edge: Mapping[str, NDArray[np.bool_]],
    spreads: Spreads,
) -> Steadiness:
    """
    Draw what may be wrong and count how often each verdict stands.

    Parameters
    ----------
    requirements
        The questions, as they were scored.
    choices
        Requirement id to every home's nearest few facilities.
    homes, facilities
        Both sides.
    levels
        The areas.
    scores
        `tables.SCORES`: the verdicts.
    doubted, edge
        Requirement id to the homes that cannot be judged, and to those as near to the border of
        the data as the limit, shape (homes,).
    spreads
        How unsure the inputs are.

    Returns
    -------
    steadiness
        The table, and a code for every row of scores. A verdict is ``marginal`` where fewer than
        `KEPT` of the draws keep it, or where it is short and would not be if all homes near the
        border were served.

    Notes
    -----
    In a draw a home is covered where enough of its facilities are there and

        walk / speed + error of the home + error of the facility <= limit,

    the errors in metres, times what a metre costs on the flat. A distance clause knows no speed.
    A verdict of ``met`` is kept where the share reaches the target that was drawn; one of
    ``short`` where it does not even with all homes that cannot be judged.
    """
    draws = draw(spreads, homes.table["home_id"], facilities.table)
    area, names = _areas(levels)
    found = scores.set_index(["requirement", "level"])
    everybody = np.flatnonzero((area >= 0).any(axis=0)).astype(np.int64)

    def judge(requirement: Requirement) -> pd.DataFrame:
        people = np.nan_to_num(people_asked(homes.table, requirement))
        total = np.zeros((1, len(names)))
        tally.add_up(
            np.ones((1, len(everybody)), dtype=bool),
            people[everybody],
            np.ascontiguousarray(area[:, everybody]),
            total,
        )
        verdict = [
            found.loc[[(requirement.id, level.name)]]
            .set_index("area_id")["verdict"]
            .reindex(level.area_id)
            for level in levels
            if len(level.area_id)
        ]
        case = _Case(
            requirement=requirement,
            choices=choices[requirement.id],
            people=people,
            area=area,
            total=total[0],
            verdict=np.concatenate([np.empty(0, dtype=object), *verdict]).astype(object),
            doubted=doubted[requirement.id],
            edge=edge[requirement.id],
        )
        rows = everybody[people[everybody] > 0]
        return _judged(case, draws, rows, names)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        frames = list(pool.map(judge, requirements))
    keys = ["level", "area_id", "requirement"]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=ROBUSTNESS)
    held = table.set_index(keys)["code"] if frames else pd.Series(dtype=object)
    codes = held.reindex(pd.MultiIndex.from_frame(scores[keys])) if frames else scores["level"]
    codes = np.array([one if isinstance(one, str) else None for one in codes], dtype=object)
    shown = table[table["level"] != "estate"]
    return Steadiness(
        table=shown[list(ROBUSTNESS)].reset_index(drop=True),
        codes=codes,
        spreads=spreads,
        choices=choices,
    )


def _areas(levels: tuple[Level, ...]) -> tuple[NDArray[np.int32], pd.DataFrame]:
    """Put the areas of all levels in one row of numbers."""
    names, of_home, first = [], [], 0
    for level in levels:
        of_home.append(np.where(level.of_home >= 0, level.of_home + first, -1))
        first += len(level.area_id)
        names.append(
            pd.DataFrame(
                {"level": level.name, "area_id": level.area_id, "area_name": level.area_name}
            )
        )
    return np.array(of_home, dtype=np.int32), pd.concat(names, ignore_index=True)


def _judged(
    case: _Case, draws: Draws, rows: NDArray[np.int64], names: pd.DataFrame
) -> pd.DataFrame:
    """Judge all areas on one requirement."""
    covered, _ = case.sums(draws, rows)
    judged = np.isin(case.verdict, ("met", "short"))
    kept = np.where(judged, case.kept(draws, rows).mean(axis=0), np.nan)
    with np.errstate(invalid="ignore"):
        share = covered / np.where(case.total > 0, case.total, np.nan)
    low, high = np.quantile(share, (0.05, 0.95), axis=0)
    sane = Draws(
        speed=np.ones(1),
        target=np.zeros(1),
        home_m=np.zeros((1, draws.home_m.shape[1]), dtype=np.float32),
        place_m=np.zeros((1, draws.place_m.shape[1]), dtype=np.float32),
        there=np.ones((1, draws.there.shape[1]), dtype=bool),
    )
    known = case.covered(sane, rows)
    might = case.add(known | case.doubted[rows] | case.edge[rows], rows)[0]
    at_edge = (case.verdict == "short") & enough(case.requirement, case.total, might)
    shaky = judged & (kept < KEPT) & (names["level"] != "estate").to_numpy()
    tips: list[list[str]] = [[] for _ in range(len(names))]
    speed_tip = np.full(len(names), np.nan)
    if shaky.any():
        touched = np.isin(case.area[:, rows], np.flatnonzero(shaky)).any(axis=0)
        mine = rows[touched]
        for name in draws.names:
            alone = case.kept(draws.only(name), mine).mean(axis=0)
            for at in np.flatnonzero(shaky & (alone < KEPT)):
                tips[at].append(name)
        if case.requirement.minutes is not None:
            speed_tip[shaky] = _speed_tip(case, sane, mine)[shaky]
    for at in np.flatnonzero(at_edge):
        tips[at].append("edge")
    code = np.where((kept < KEPT) | at_edge, "marginal", "robust").astype(object)
    code[~judged] = None
    return pd.DataFrame(
        {
            **names,
            "requirement": case.requirement.id,
            "verdict": case.verdict,
            "kept": kept,
            "share_low": low,
            "share_high": high,
            "tips": [
                ";".join(said) or "none" if known else None
                for said, known in zip(tips, judged, strict=True)
            ],
            "speed_tip": speed_tip,
            "code": code,
        }
    )


def _speed_tip(case: _Case, sane: Draws, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Find the smallest change of speed that turns each verdict, missing where none does."""
    n = len(SPEEDS)
    tried = Draws(
        speed=1.0 + SPEEDS,
        target=np.zeros(n),
        home_m=np.broadcast_to(sane.home_m, (n, sane.home_m.shape[1])).copy(),
        place_m=np.broadcast_to(sane.place_m, (n, sane.place_m.shape[1])).copy(),
        there=np.broadcast_to(sane.there, (n, sane.there.shape[1])).copy(),
    )
    turned = ~case.kept(tried, rows)
    size = np.where(turned, np.abs(SPEEDS)[:, None], np.inf)
    first = size.argmin(axis=0)
    return np.where(turned.any(axis=0), SPEEDS[first], np.nan)
