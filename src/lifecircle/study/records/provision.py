"""A study's estates, plan, facilities and ledger -> what became of what estates had to provide."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.config import StudyConfig
from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.places.communities import community_of
from lifecircle.places.provision import OTHER, Provision, provision_of
from lifecircle.reach.matrix import usable_facilities
from lifecircle.sources.facilities.tagging import classify_name
from lifecircle.sources.land.detailed_plan import promised_names
from lifecircle.standards.provision import load_provision
from lifecircle.study.waist import Waist

_PROMISED = ("plot_id", "name", "service", "estate_id")
_ROOMS = (
    *("row_id", "estate", "name", "services", "use", "floor_m2", "promised_m2", "date"),
    *("handed_over", "note"),
)


def provision_of_study(
    config: StudyConfig, waist: Waist, handover: pd.DataFrame | None
) -> Provision | None:
    """
    Check the estates of a study against what they had to provide.

    Parameters
    ----------
    config
        The study file.
    waist
        Estates, facilities, homes and what the detailed plan promises.
    handover
        The ledger; None without one.

    Returns
    -------
    provision
        None where no estates are given: those found on the map say neither age nor households.

    Warns
    -----
    DoubtfulRowsWarning
        If rows of the ledger or plots of the plan fit no estate.
    """
    estates = waist.survey.get("estates")
    asked = handover is not None or bool(config.provision.per_100_households)
    known = estates is not None and {"year_built", "dwellings"} <= set(estates.columns)
    if estates is None or waist.joins.detected or not (asked or (known and _says(estates))):
        return None
    table = waist.facilities.table
    there = table[usable_facilities(table)]
    homes = waist.homes.table
    people = homes.groupby("estate_id")["people"].sum()
    spots = shapely.point_on_surface(np.asarray(estates.geometry.array, dtype=object))
    at = community_of(spots, waist.communities)
    names = waist.communities["name"].to_numpy(dtype=object)
    ids = waist.communities["community_id"].to_numpy(dtype=object)
    found = provision_of(
        estates,
        facilities=pd.DataFrame(there.drop(columns="geometry")),
        promised=_promised(waist, estates),
        handover=pd.DataFrame(columns=list(_ROOMS)) if handover is None else handover,
        rules=load_provision(
            new_since=config.provision.new_since,
            per_100_households=config.provision.per_100_households,
        ),
        people={str(key): float(value) for key, value in people.items()},
        communities={
            key: (ids[row], names[row])
            for key, row in zip(estates["estate_id"], at, strict=True)
            if row >= 0
        },
        language=config.study.language,
    )
    if len(found.unjoined):
        some = ", ".join(
            f"'{one.estate if isinstance(one.estate, str) else one.row_id}'"
            for one in found.unjoined.head(4).itertuples()
        )
        warnings.warn(
            f"rooms and promises that fit no estate: {len(found.unjoined)} ({some}); they are "
            "listed, and no estate is said to have them",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
    return found


def _says(estates: gpd.GeoDataFrame) -> bool:
    return bool(estates["year_built"].notna().any() and estates["dwellings"].notna().any())


def _promised(waist: Waist, estates: gpd.GeoDataFrame) -> pd.DataFrame:
    """List what plots of the plan have to provide, with the estate each plot lies in."""
    plots = waist.land.plots
    if plots is None:
        return pd.DataFrame(columns=list(_PROMISED))
    asking = plots[plots["facilities"].notna()]
    ordered = estates.sort_values("estate_id", kind="stable").reset_index(drop=True)
    spots = shapely.point_on_surface(np.asarray(asking.geometry.array, dtype=object))
    at = community_of(spots, ordered)
    rows = []
    for plot, row in zip(asking.itertuples(), at, strict=True):
        estate = ordered["estate_id"].iloc[row] if row >= 0 else None
        for name in promised_names(plot.facilities):
            services = dict.fromkeys(one.service for one in classify_name(name)) or {OTHER: None}
            rows += [(plot.plot_id, name, service, estate) for service in services]
    return pd.DataFrame(rows, columns=list(_PROMISED))
