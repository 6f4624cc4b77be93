"""From an OSM file straight to its streets, without the rest of a survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lifecircle import geo
from lifecircle.errors import NetworkError, Problem
from lifecircle.network.streets import StreetNetwork
from lifecircle.sources.osm.raw import read_raw
from lifecircle.sources.osm.streets import street_ways


def read_streets(path: Path | str) -> StreetNetwork:
    """
    Read the streets of an OSM file.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.bz2`` or ``.osm.gz``.

    Returns
    -------
    network
        All streets of the file, in the metric system of their middle.

    Raises
    ------
    SourceError
        If the file cannot be read.
    NetworkError
        If it holds no streets.
    """
    streets = street_ways(read_raw(Path(path)))
    if len(streets) == 0:
        raise NetworkError(
            Problem(what="holds no streets", where=Path(path).name, remedy="take another extract")
        )
    lon, lat = np.median(streets.lonlat, axis=0)
    return StreetNetwork.from_ways(streets, geo.metric_crs(float(lon), float(lat)))
