"""From origins and destinations to their walking times, in the shapes other libraries take."""

from __future__ import annotations

from typing import Literal, overload

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.errors import RuleError
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.reach.asking import asked, local_points, whole_limits


@overload
def cost_matrix(
    network: StreetNetwork,
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    profile: str = "gb",
    limit_minutes: float = 60,
    form: Literal["dense"] = "dense",
    beyond: float = np.nan,
) -> NDArray[np.float64]: ...


@overload
def cost_matrix(
    network: StreetNetwork,
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    profile: str = "gb",
    limit_minutes: float = 60,
    form: Literal["long"],
    beyond: float = np.nan,
) -> pd.DataFrame: ...


def cost_matrix(
    network: StreetNetwork,
    origins: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    profile: str = "gb",
    limit_minutes: float = 60,
    form: Literal["dense", "long"] = "dense",
    beyond: float = np.nan,
) -> NDArray[np.float64] | pd.DataFrame:
    """
    Time the walks from origins to destinations.

    Parameters
    ----------
    network
        The streets.
    origins, destinations
        Points in any reference system; their indices name the rows of the long form.
    profile
        Who walks, a name in `lifecircle.walk.PROFILES`.
    limit_minutes
        Longest walk kept [min], inclusive.
    form
        ``dense`` for an array, as the ``from_cost_matrix`` of spopt's models takes it (clients by
        facilities); ``long`` for a table of the pairs within the limit, as access takes it.
    beyond
        What stands in the dense array where a walk is longer than the limit [min]. Missing by
        default: compared with a service radius that is never covered. Models that sum costs
        (p-median, p-centre) need a large number instead.

    Returns
    -------
    costs
        Minutes: float64 of shape (origins, destinations), or columns ``origin, dest, cost`` in
        the order of the origins, then of the destinations.

    Raises
    ------
    RuleError
        If the profile or form is unknown, or the limit is not positive.
    SchemaError
        If a row is no point.
    CrsError
        If a table has no reference system.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from lifecircle.network.streets import StreetNetwork
    >>> from lifecircle.reach.costs import cost_matrix
    >>> street = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (2000, 0)])], crs="EPSG:4550")
    >>> ends = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(2000, 0)], crs="EPSG:4550")
    >>> cost_matrix(StreetNetwork.from_lines(street), ends, ends).tolist()
    [[0.0, 30.0], [30.0, 0.0]]
    """
    who, _ = asked(profile, "to_facility")
    (limit,) = whole_limits([limit_minutes])
    if form not in ("dense", "long"):
        raise RuleError(f"unknown form '{form}'; forms: dense, long")
    starts, ends = (
        Ends.single(
            pin_points(network, local_points(network.crs, table, where=where), mode=who.mode)
        )
        for table, where in ((origins, "origins"), (destinations, "destinations"))
    )
    pairs = Router(network=network, profile=who).matrix(starts, ends, limit=limit)
    if form == "dense":
        costs = np.full((len(origins), len(destinations)), float(beyond))
        costs[pairs.home, pairs.facility] = pairs.cost / 6000
        return costs
    order = np.lexsort((pairs.facility, pairs.home))
    return pd.DataFrame(
        {
            "origin": origins.index[pairs.home[order]],
            "dest": destinations.index[pairs.facility[order]],
            "cost": pairs.cost[order] / 6000,
        }
    )
