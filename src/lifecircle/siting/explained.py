"""
What the choice of sites brings, told in people: its curve with the knee, and near equals.

Counts are of people who are not covered today, each once however much a site brings them.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.places.asked import people_asked
from lifecircle.siting.brought import Brought
from lifecircle.siting.options import accepts
from lifecircle.siting.problem import SitingSolution
from lifecircle.siting.sites import Sites
from lifecircle.standards import Standard
from lifecircle.tables import CHOICES, CURVE

NEXT = 3
"""Sites told beyond those of the plan (this project's choice)."""

Covers = Mapping[str, NDArray[np.int64]]


def knee(people: NDArray[np.float64]) -> int | None:
    """
    Find the number of sites after which more sites bring much less.

    Parameters
    ----------
    people
        People covered with 1, 2, … sites, never falling, shape (n,).

    Returns
    -------
    sites
        The number where the curve lies highest above the straight line from nothing to its end,
        the lowest of equals; None with fewer than three sites, and where no number lies above it.

    Notes
    -----
    The rule of the largest distance to the chord, with both axes scaled to 1 (Satopää et al. 2011,
    "Finding a 'kneedle' in a haystack", without its smoothing); to take it as the knee of a plan
    is ours (P).

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.siting.explained import knee
    >>> knee(np.array([60.0, 90.0, 95.0, 100.0]))
    2
    """
    n = len(people)
    if n < 3 or people[-1] <= 0:
        return None
    above = np.round(people / people[-1] - np.arange(1, n + 1) / n, 9)
    best = int(np.argmax(above))
    return best + 1 if above[best] > 0 else None


def curve_of(
    standard: Standard,
    sites: Sites,
    found: Brought,
    uncovered: Mapping[str, NDArray[np.bool_]],
    homes: gpd.GeoDataFrame,
    *,
    further: NDArray[np.int32],
) -> pd.DataFrame:
    """
    Tell how many people each site adds to those before it.

    Parameters
    ----------
    standard
        The standard, whose requirements say whom they count.
    sites
        The choice, in its order: largest gain first.
    found
        Whom every candidate could bring inside.
    uncovered
        Requirement id to who is not covered today, shape (homes,).
    homes
        `tables.HOMES`.
    further
        Candidates that would come next, in their order.

    Returns
    -------
    curve
        Columns of `tables.CURVE`: `people` newly covered by this site and all before it, each
        once; `needs` counts a person once for everything that is newly within the limit; `share`
        is of the whole plan. Rows with ``planned`` false are not part of it.
    """
    at = {name: place for place, name in enumerate(found.ids)}
    people = {one.id: np.nan_to_num(people_asked(homes, one)) for one in found.wanted}
    held = {name: np.zeros(len(homes), dtype=bool) for name in people}
    types = {one.id: one for one in standard.types}
    rows: list[dict[str, object]] = []

    def add(covers: Covers) -> tuple[float, float]:
        for name, homes_of in covers.items():
            held[name][homes_of] = True
            held[name] &= uncovered[name]
        each = np.array([people[name] * held[name] for name in held])
        return float(each.max(axis=0).sum()), float(each.sum())

    for site in sites.table.itertuples():
        candidate = at.get(site.parcel_id)
        covers: Covers = sites.served[site.site_id]
        if candidate is not None and candidate >= found.parcels:
            covers = {
                one.id: found.homes(candidate, place).astype(np.int64)
                for place, one in enumerate(found.wanted)
            }
        elif candidate is not None:
            built = [types[name] for name in str(site.types).split("; ") if name in types]
            covers = {
                one.id: found.homes(candidate, place).astype(np.int64)
                for place, one in enumerate(found.wanted)
                if any(accepts(one, kind) for kind in built)
            }
        rows.append(_row(len(rows) + 1, site.site_id, site.parcel_id, site.year, add(covers)))
    built_rows = len(rows)
    for candidate in further[further >= 0].tolist() if built_rows else []:
        covers = _packed(found, int(candidate), people, held, uncovered)
        rows.append(_row(len(rows) + 1, None, found.ids[candidate], np.nan, add(covers)))
    table = pd.DataFrame(rows, columns=list(CURVE))
    if not built_rows:
        return table
    # Walks that only all sites together open are told with the last one.
    last = max(float(table["people"].iloc[built_rows - 1]), sites.newly_covered)
    table.loc[built_rows - 1, "people"] = last
    table["people"] = np.maximum.accumulate(table["people"].to_numpy(dtype=np.float64))
    table["added"] = np.diff(table["people"].to_numpy(dtype=np.float64), prepend=0.0)
    table["share"] = table["people"] / last if last > 0 else np.nan
    table["planned"] = np.arange(len(table)) < built_rows
    turning = knee(table["people"].to_numpy(dtype=np.float64)[:built_rows])
    table["knee"] = table["sites"] == turning
    return table


def _row(
    sites: int, site_id: object, parcel_id: object, year: object, told: tuple[float, float]
) -> dict[str, object]:
    return {
        "sites": float(sites),
        "site_id": site_id,
        "parcel_id": parcel_id,
        "year": year,
        "people": told[0],
        "needs": told[1],
    }


def _packed(
    found: Brought,
    candidate: int,
    people: Mapping[str, NDArray[np.float64]],
    held: Mapping[str, NDArray[np.bool_]],
    uncovered: Mapping[str, NDArray[np.bool_]],
) -> Covers:
    """Put on a candidate what brings most and fits."""
    reach = {one.id: found.homes(candidate, at) for at, one in enumerate(found.wanted)}
    gain = np.array(
        [
            float((people[name] * (uncovered[name] & ~held[name]))[homes].sum())
            for name, homes in reach.items()
        ]
    )
    room, taken = float(found.room[candidate]), np.zeros(len(gain), dtype=bool)
    while True:
        worth = (found.groups & ~taken) @ gain
        worth[found.need[candidate] > room * (1 + 1e-9)] = 0.0
        best = int(np.argmax(worth))
        if worth[best] <= 0:
            break
        room -= float(found.need[candidate, best])
        taken |= found.groups[best]
    return {
        name: homes.astype(np.int64)
        for (name, homes), chosen in zip(reach.items(), taken, strict=True)
        if chosen
    }


def alternatives_of(solution: SitingSolution | None, sites: Sites) -> pd.DataFrame:
    """
    Tell for every site what would come instead if it could not be had, and what that loses.

    Parameters
    ----------
    solution
        The choice with its alternatives; None where nothing was chosen.
    sites
        The sites, with the ids of what the solution's parcels are.

    Returns
    -------
    alternatives
        Columns of `tables.CHOICES`, least loss first: the site that leaves, with others that are
        moved then, what comes, and what is lost by it: as weighed people times what they need, as
        a share of the plan, and as lacks that stay open then. Without rows where the ids of the
        candidates are not known.
    """
    rows: list[dict[str, object]] = []
    if solution is not None and len(sites.candidates):
        ids = sites.candidates
        main = set(solution.opened.tolist())
        site = dict(zip(sites.table["parcel_id"], sites.table["site_id"], strict=True))
        for number, one in enumerate(solution.alternatives, start=1):
            opened = set(one.opened.tolist())
            moved = sorted(str(site.get(ids[at])) for at in main - opened - {one.without})
            lost = solution.covered - one.covered
            rows.append(
                {
                    "alternative": float(number),
                    "leaves": "; ".join([str(site.get(ids[one.without])), *moved]),
                    "comes": "; ".join(sorted(str(ids[at]) for at in opened - main)),
                    "needs_lost": lost,
                    "loss": lost / solution.covered if solution.covered > 0 else np.nan,
                    "lacks_lost": float(one.first_lost),
                }
            )
    return pd.DataFrame(rows, columns=list(CHOICES))
