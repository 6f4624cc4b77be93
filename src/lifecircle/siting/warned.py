"""What a planner is warned of when sites were chosen."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.config import SitingSection
from lifecircle.errors import LifecircleWarning
from lifecircle.siting.options import Options
from lifecircle.siting.places import Places

_WHY = {
    "no_place": "without any candidate there",
    "tier": "where the rule of tiers leaves what there is to other buildings (a subdistrict has "
    "no more centres than its people ask for, a plot takes one tier)",
    "no_room": "where no candidate has the room or reaches anybody",
    "forbidden": "where all candidates are forbidden",
    "cost": "dearer than the budget",
    "limit": "for want of number or money",
}
_NAMED = 5


def warn_of_ways(options: Options, places: Places, cost: NDArray[np.float64]) -> None:
    """
    Warn of ways that compete for a budget without a cost.

    Parameters
    ----------
    options, places
        What could be built where.
    cost
        Cost of each option, missing where unknown.

    Warns
    -----
    LifecircleWarning
        Naming their kinds.
    """
    lost = np.unique(options.parcel[np.isnan(cost)])
    if len(lost):
        kinds = sorted({str(kind) for kind in places.table["kind"].iloc[lost]})
        _warn(
            f"{len(lost)} ways ({', '.join(kinds)}) have no cost in siting.unit_costs and are left "
            "out of the choice under a budget"
        )


def warn_of_choice(sites: pd.DataFrame, lacks: pd.DataFrame, config: SitingSection) -> None:
    """
    Warn of what a choice leaves undone.

    Parameters
    ----------
    sites
        `tables.SITES`.
    lacks
        `tables.LACKS`.
    config
        Numbers, forced places.

    Warns
    -----
    LifecircleWarning
        Of forced parcels that became no site, of what no site closes although it goes first, and of
        sites that newly cover more people than they can serve.
    """
    idle = sorted(set(config.must) - set(sites["parcel_id"]))
    if idle:
        _warn(
            f"{len(idle)} parcels of siting.must take no facility, for want of room or money or "
            f"of anybody to serve who is not covered today: {', '.join(idle[:_NAMED])}"
        )
    why = lacks["why"].dropna()
    if len(why):
        words = ", ".join(
            f"{count} {_WHY[str(name)]}" for name, count in why.value_counts().items()
        )
        _warn(
            f"of {len(lacks)} services that areas lack altogether and that go first, "
            f"{len(why)} get no site: {words}"
        )
    full = sites[pd.to_numeric(sites["over_people"]).fillna(0.0) >= 0.5]
    if len(full):
        _warn(
            f"{len(full)} of {len(sites)} sites newly cover more people than what is built there "
            f"can serve, {full['over_people'].sum():,.0f} in all "
            f"({', '.join(full['site_id'][:_NAMED])}): build larger or a second one nearby, "
            "or choose with siting.capacity = true"
        )


def _warn(text: str) -> None:
    warnings.warn(text, LifecircleWarning, stacklevel=4)
