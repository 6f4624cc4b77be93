"""Links on a slope: told where heights are known, and not proposed where nobody could walk."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from lifecircle.siting.ways import Ways
from lifecircle.sources.heights import Heights
from lifecircle.study.links import _with_slopes

UTM = CRS.from_epsg(32633)
X, Y = 500_000.0, 5_900_000.0


def rising(pct):
    """Heights of cells of 30 m that rise to the east."""
    height = np.arange(40.0)[None, :].repeat(40, axis=0) * 30 * pct / 100
    return Heights(
        height_m=height, to_place=(30.0, 0.0, X - 600, 0.0, -30.0, Y + 600), crs=UTM, cell_m=30.0
    )


def sloped(pct, ends, competes=True):
    table = gpd.GeoDataFrame(
        {"way_id": ["g1"], "evidence": ["told"], "competes": [competes]},
        geometry=[shapely.Point(X, Y)],
        crs=UTM,
    )
    heights = None if pct is None else rising(pct)
    found = _with_slopes(
        Ways(table=table, serves={"g1": {}}), {"g1": np.array(ends)}, heights, UTM, "en"
    )
    assert table["evidence"].tolist() == ["told"]
    return tuple(found.table.iloc[0][["evidence", "competes"]])


@pytest.mark.parametrize(
    ("pct", "ends", "told", "competes"),
    [
        (None, [(X, Y), (X + 10, Y)], "told", True),
        (10.0, [(X, Y), (X + 100, Y)], "told; slope about 10 % (DEM)", True),
        (30.0, [(X, Y), (X + 10, Y)], "told; slope about 30 % (DEM)", False),
        (30.0, [(X, Y), (X, Y + 10)], "told; slope about 0 % (DEM)", True),
        (30.0, [(X + 9000, Y), (X + 9010, Y)], "told", True),
    ],
)
def test_slopes_are_those_along_the_link(pct, ends, told, competes):
    assert sloped(pct, ends) == (told, competes)


def test_what_does_not_compete_stays_aside():
    assert not sloped(1.0, [(X, Y), (X + 10, Y)], competes=False)[1]
