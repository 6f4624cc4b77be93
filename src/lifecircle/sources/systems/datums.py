"""
Points of an unknown datum and what is known of the ground -> the datum they are in, and how surely.

Each candidate is weighed against points moved at random; nothing is decided on a thin margin.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lifecircle.sources.systems.clues import Clue, Clues, Rows

SURE = 0.95
"""A datum is taken when it wins in this share of resampled lists and of the odds (P)."""

_SHIFT_M = (150.0, 900.0)  # datums lie this far from each other, and so do points moved at random
_DRAWS = 200
_NULL_POINTS = 30_000
_WORTH = 6.0  # points an expectation counts for beside the list's own (P)
# What points of the right datum look like, class by class; a list may be of any of the kinds (P).
_EXPECTED: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "building": (
        (0.70, 0.12, 0.08, 0.05, 0.03, 0.02),  # in rooms
        (0.10, 0.20, 0.25, 0.25, 0.12, 0.08),  # beside buildings: gates, courts
    ),
    "street": (
        (0.03, 0.17, 0.30, 0.35, 0.15),
        (0.25, 0.40, 0.20, 0.10, 0.05),  # at the kerb
    ),
    "community": ((0.92, 0.08),),
    "address": ((0.20, 0.35, 0.25, 0.10, 0.05, 0.05),),
    "same_name": ((0.50, 0.25, 0.10, 0.05, 0.05, 0.05),),
}
_ROW_MARGIN = 2.5  # log odds by which a row prefers another datum
_FEWEST_ROWS = 3
_MIXED = 4.0  # standard deviations beyond what chance moves bring


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """
    One datum points may be in.

    Parameters
    ----------
    datum
        As a study file writes it.
    xy
        Where the points then lie, in the ground's system [m], NaN where nowhere, shape (n, 2).
    """

    datum: str
    xy: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Fit:
    """
    How well one datum fits.

    Parameters
    ----------
    datum
        The datum.
    score
        Log odds against points moved at random.
    words
        What was measured: medians and shares.
    """

    datum: str
    score: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """
    Which datum points are in.

    Parameters
    ----------
    fits
        Every candidate, best first.
    sure
        How surely the first is right, 0 to 1: the smaller one of its odds and of the share of
        resampled lists in which it wins.
    points
        Points that were compared.
    other
        The datum some rows fit better, and more than chance explains; None where there is none.
    other_rows
        Positions of these rows.
    """

    fits: tuple[Fit, ...]
    sure: float
    points: int
    other: str | None = None
    other_rows: tuple[int, ...] = ()

    @property
    def best(self) -> Fit:
        """The datum that fits best."""
        return self.fits[0]

    @property
    def decided(self) -> bool:
        """Whether the best one is sure enough to be taken."""
        return self.sure >= SURE

    def of(self, datum: str) -> Fit | None:
        """
        Find how well one datum fits.

        Parameters
        ----------
        datum
            The datum.

        Returns
        -------
        fit
            None where it was no candidate.
        """
        return next((one for one in self.fits if one.datum == datum), None)


def judge_datum(
    candidates: Sequence[Candidate], clues: Clues, rows: Rows, *, seed: int = 0
) -> Verdict | None:
    """
    Find which datum fits the ground.

    Parameters
    ----------
    candidates
        The datums to choose from, of the same rows.
    clues
        What is known of the ground.
    rows
        What the rows' texts point at.
    seed
        Seed of the moves and of the resampling.

    Returns
    -------
    verdict
        None where no row has a place under every candidate, or the ground says nothing.

    Notes
    -----
    For each clue (nearest building, nearest street, the community and the street a row names, a
    place of the same name in another list) points fall into classes of distance. Under a wrong
    datum they fall as points do that are moved by 150 to 900 m in any direction; under the right
    one otherwise, in a way that is expected roughly and learnt from the list (a Dirichlet mixture;
    the log of its odds against the moved points is the score). Points at the same spot count once.
    The odds take clues and points as independent, which they are not quite; so the list is
    resampled too, and the smaller of both numbers counts.
    """
    placed = np.all([np.isfinite(one.xy).all(axis=1) for one in candidates], axis=0)
    at = np.flatnonzero(placed)
    if not len(at) or not candidates:
        return None
    _, once = np.unique(np.round(candidates[0].xy[at], 1), axis=0, return_index=True)
    at = at[np.sort(once)]
    rows = rows.take(at)
    random = np.random.default_rng(seed)
    spots = [one.xy[at] for one in candidates]
    moved = _moved_clues(spots, clues, rows, random)
    null = _null(moved)
    if not null:
        return None
    found = [clues.of(xy, rows) for xy in spots]
    whole = np.ones((1, len(at)))
    draws = random.multinomial(len(at), np.full(len(at), 1 / len(at)), size=_DRAWS).astype(float)
    scores = np.array([_scores(one, null, whole)[0] for one in found])
    drawn = np.array([_scores(one, null, draws) for one in found])
    best = int(np.argmax(scores))
    odds = np.exp(np.append(scores, 0.0) - max(scores.max(), 0.0))
    # A list that is moved as a whole fits nowhere: then no candidate beats chance.
    wins = (drawn.argmax(axis=0) == best) & (drawn[best] > 0)
    order = np.argsort(-scores, kind="stable")
    other, strange = _strangers(best, found, moved, null)
    return Verdict(
        fits=tuple(
            Fit(
                datum=candidates[one].datum,
                score=float(scores[one]),
                words=_words(found[one]),
            )
            for one in order
        ),
        sure=float(min(odds[best] / odds.sum(), wins.mean())),
        points=len(at),
        other=None if other is None else candidates[other].datum,
        other_rows=tuple(int(row) for row in at[strange]),
    )


def _moved_clues(
    spots: Sequence[NDArray[np.float64]], clues: Clues, rows: Rows, random: np.random.Generator
) -> list[tuple[Clue, ...]]:
    """Ask the clues of points moved at random, from every candidate in turn."""
    times = int(np.clip(_NULL_POINTS // len(spots[0]), 16, 60))
    angle = random.uniform(0, 2 * np.pi, times)
    length = random.uniform(*_SHIFT_M, times)
    steps = np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None]
    return [clues.of(spots[one % len(spots)] + step, rows) for one, step in enumerate(steps)]


def _null(moved: Sequence[tuple[Clue, ...]]) -> dict[str, NDArray[np.float64]]:
    counts: dict[str, NDArray[np.float64]] = {}
    for clues in moved:
        for clue in clues:
            seen = np.bincount(clue.of[clue.of >= 0], minlength=clue.classes)
            counts[clue.name] = counts.get(clue.name, np.full(clue.classes, 1.0)) + seen
    return {name: count / count.sum() for name, count in counts.items()}


def _scores(
    clues: Sequence[Clue], null: Mapping[str, NDArray[np.float64]], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum the log odds of all clues for each set of weights of the rows, shape (sets,)."""
    total = np.zeros(len(weights))
    for clue in clues:
        counts = weights @ _one_hot(clue)
        chance = counts @ np.log(null[clue.name])
        kinds = np.array(
            [_dirichlet(counts, _WORTH * np.asarray(mean)) for mean in _EXPECTED[clue.name]]
        )
        total += np.logaddexp.reduce(kinds, axis=0) - np.log(len(kinds)) - chance
    return total


def _one_hot(clue: Clue) -> NDArray[np.float64]:
    table = np.zeros((len(clue.of), clue.classes))
    known = np.flatnonzero(clue.of >= 0)
    table[known, clue.of[known]] = 1.0
    return table


def _dirichlet(counts: NDArray[np.float64], worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log probability of a sequence with these counts, its rates unknown, shape (sets,)."""
    lone = _log_rising(worth, counts).sum(axis=1)
    whole = _log_rising(worth.sum(), counts.sum(axis=1))
    return np.asarray(lone - whole, dtype=np.float64)


def _log_rising(
    start: NDArray[np.float64] | np.float64, steps: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log of start (start + 1) … (start + steps - 1)."""
    log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])
    return np.asarray(log_gamma(start + steps) - log_gamma(start), dtype=np.float64)


def _strangers(
    best: int,
    found: Sequence[tuple[Clue, ...]],
    moved: Sequence[tuple[Clue, ...]],
    null: Mapping[str, NDArray[np.float64]],
) -> tuple[int | None, NDArray[np.intp]]:
    """Find the rows another datum fits better, where chance does not explain how many they are."""
    nobody = np.empty(0, dtype=np.intp)
    # What right rows look like is learnt from the list; expectations alone where it is short.
    rates = {}
    for clue in found[best]:
        counts = _one_hot(clue).sum(axis=0)
        mean = max(
            (_WORTH * np.asarray(one) for one in _EXPECTED[clue.name]),
            key=lambda worth: float(_dirichlet(counts[None, :], worth)[0]),
        )
        learnt = (counts + mean) / (counts + mean).sum()
        rates[clue.name] = np.log(learnt) - np.log(null[clue.name])

    def per_row(clues: Sequence[Clue]) -> NDArray[np.float64]:
        terms = [_one_hot(clue) @ rates[clue.name] for clue in clues]
        return np.asarray(np.sum(terms, axis=0), dtype=np.float64)

    own = per_row(found[best])
    chance = np.array([np.sum(per_row(clues) - own > _ROW_MARGIN) for clues in moved])
    most = float(chance.mean() + _MIXED * np.sqrt(max(chance.mean(), 1.0)))
    other, strange = None, nobody
    for at, clues in enumerate(found):
        if at == best:
            continue
        prefer = np.flatnonzero(per_row(clues) - own > _ROW_MARGIN)
        if len(prefer) >= max(_FEWEST_ROWS, most) and len(prefer) > len(strange):
            other, strange = at, prefer
    return other, strange


def _words(clues: Sequence[Clue]) -> str:
    said = []
    for clue in clues:
        known = clue.metres[clue.of >= 0]
        if not len(known):
            continue
        middle = float(np.median(known))
        if clue.name == "community":
            said.append(f"{int((known == 0).sum())} of {len(known)} in the community named")
        elif clue.name == "address":
            said.append(f"{middle:.0f} m to the street named ({len(known)} rows)")
        elif clue.name == "same_name":
            said.append(f"{middle:.0f} m to the place of the same name ({len(known)} rows)")
        else:
            said.append(f"{middle:.0f} m to the nearest {clue.name}")
    return ", ".join(said)
