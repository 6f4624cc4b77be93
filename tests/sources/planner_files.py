"""Small files as planners hold them, written for one test."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import shapely

from lifecircle.errors import LifecircleWarning

SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
LANPU = SHARED / "cn_lanpu"

WEST, SOUTH = 40_604_000.0, 3_371_000.0


def squares(count, side_m=50.0):
    """Squares in a row from west to east, 100 m from corner to corner, EPSG:4528."""
    return [
        shapely.box(WEST + 100 * at, SOUTH, WEST + 100 * at + side_m, SOUTH + side_m)
        for at in range(count)
    ]


def points(count):
    return [shapely.Point(WEST + 100 * at, SOUTH) for at in range(count)]


def saved(folder, columns, shapes, *, name="list.gpkg", crs="EPSG:4528", **options):
    """Write a vector file and give its path."""
    path = Path(folder) / name
    table = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        table.to_file(path, **options)
    return path


@contextmanager
def heard():
    """Collect the project's warnings; any other is still an error."""
    said: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error")
        warnings.simplefilter("always", LifecircleWarning)
        yield said
    said += [f"{one.category.__name__}: {one.message}" for one in caught]


def is_balanced(source):
    return source.rows_in == source.rows_used + source.rows_doubtful + source.rows_refused
