"""From points to the pieces of streets reached within some minutes: exact, where polygons draw."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from lifecircle.network.pieces import Pieces, cut_lines, spans_around
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.reach.asking import asked, local_points, whole_limits


def reached_streets(
    network: StreetNetwork,
    points: gpd.GeoDataFrame,
    minutes: Sequence[float] = (5, 15),
    *,
    profile: str = "gb",
    direction: str = "to_facility",
) -> gpd.GeoDataFrame:
    """
    Cut the streets where the walk to a point meets a limit.

    Parameters
    ----------
    network
        The streets.
    points
        Points in any reference system; their index names the rows of the result.
    minutes
        Limits [min], inclusive.
    profile
        Who walks, a name in `lifecircle.walk.PROFILES`.
    direction
        ``to_facility`` for walks to the point, ``from_facility`` for walks from it.

    Returns
    -------
    pieces
        By point, limit, edge and along it: ``point`` (its index), ``minutes``, ``edge_id``,
        ``from_s`` and ``to_s`` (walk at the line's first and last place [s], linear in between)
        and LineStrings in the direction of the edges, in the system of `points`. Pieces of one
        point and limit do not overlap; edges and pieces of no length are left out.

    Raises
    ------
    RuleError
        If profile or direction is unknown, or a limit is not positive.
    SchemaError
        If a row of the points is no point.
    CrsError
        If the points have no reference system.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from lifecircle.network.streets import StreetNetwork
    >>> from lifecircle.reach.reached import reached_streets
    >>> street = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (2000, 0)])], crs="EPSG:4550")
    >>> place = gpd.GeoDataFrame(geometry=[Point(1500, 0)], crs="EPSG:4550")
    >>> pieces = reached_streets(StreetNetwork.from_lines(street), place, [15])
    >>> pieces[["from_s", "to_s"]].values.tolist()
    [[900.0, 0.0], [0.0, 450.0]]
    >>> pieces.length.tolist()
    [1000.0, 500.0]
    """
    who, from_facility = asked(profile, direction)
    limits = sorted({float(one) for one in minutes})
    bands = whole_limits(limits)
    places = local_points(network.crs, points, where="points")
    around = spans_around(
        Router(network=network, profile=who),
        Ends.single(pin_points(network, places, mode=who.mode)),
        limit=bands[-1],
        from_facility=from_facility,
    )
    groups = [spans.within(band) for spans in around for band in bands]
    pieces = Pieces(
        **{
            name: np.concatenate([np.empty(0, kind), *(getattr(group, name) for group in groups)])
            for name, kind in (
                ("edge", np.int64),
                ("from_share", np.float64),
                ("to_share", np.float64),
                ("from_cost", np.float64),
                ("to_cost", np.float64),
            )
        }
    )
    count = [len(group.edge) for group in groups]
    keep = network.length_m[pieces.edge] > 0
    pieces = Pieces(**{name: values[keep] for name, values in vars(pieces).items()})
    group = np.repeat(np.arange(len(groups)), count)[keep]
    return gpd.GeoDataFrame(
        {
            "point": points.index[group // len(bands)],
            "minutes": np.asarray(limits)[group % len(bands)],
            "edge_id": pieces.edge,
            "from_s": pieces.from_cost / 100,
            "to_s": pieces.to_cost / 100,
        },
        geometry=cut_lines(network, pieces),
        crs=network.crs,
    ).to_crs(points.crs)
