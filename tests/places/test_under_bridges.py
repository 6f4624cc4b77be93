"""An elevated road of 200 m, 30 m wide, with three houses beside it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from lifecircle.places.under_bridges import under_bridges
from lifecircle.tables import BARRIERS, BUILDINGS, GROUND, check, empty

CRS_M = CRS.from_epsg(32633)


def line(*points):
    return shapely.LineString(points)


def streets(*rows):
    return gpd.GeoDataFrame(
        {
            "highway": [row[1] for row in rows],
            "foot": True,
            "bridge": [row[2] for row in rows],
        },
        geometry=[row[0] for row in rows],
        crs=CRS_M,
    )


DECK = (line((0, 0), (200, 0)), "motorway", True)
HOUSES = [shapely.box(x, 30, x + 20, 50) for x in (0, 90, 180)]


def found(*, lines=(DECK,), houses=HOUSES, ground=(), barriers=(), known=()):
    def table(schema, shapes, **columns):
        if not shapes:
            return empty(schema, CRS_M)
        first = next(iter(schema.columns))
        data = {first: [str(at) for at in range(len(shapes))], **columns}
        return check(gpd.GeoDataFrame(data, geometry=shapes, crs=CRS_M), schema, where="test")

    return under_bridges(
        street_lines=streets(*lines),
        ground=table(GROUND, [s for _, s in ground], kind=[k for k, _ in ground]),
        buildings=table(BUILDINGS, list(houses)),
        barriers=table(BARRIERS, [s for _, s in barriers], kind=[k for k, _ in barriers]),
        area=shapely.box(-500, -500, 700, 500),
        known=np.array(known, dtype=object),
        smallest_m2=150.0,
    )


def test_the_ground_under_a_deck_is_a_lead():
    pieces = found()
    assert shapely.area(pieces).tolist() == pytest.approx([200 * 30])


@pytest.mark.parametrize(
    "given",
    [
        {"lines": ((DECK[0], "motorway", False),)},
        {"lines": ((line((0, 0), (90, 0)), "motorway", True),)},
        {"lines": ((DECK[0], "footway", True),)},
        {"houses": HOUSES[:2]},
        {"ground": (("farmland", shapely.box(-9, -99, 209, 99)),)},
        {"known": (shapely.box(-9, -99, 209, 99),)},
    ],
)
def test_no_lead_on_the_ground_below_short_or_narrow_decks_in_fields_or_on_known_land(given):
    assert len(found(**given)) == 0


def test_a_street_a_river_and_a_railway_below_keep_their_distance():
    street = (line((50, -99), (50, 99)), "residential", False)
    river = ("water", line((100, -99), (100, 99)))
    rail = ("rail", line((150, -99), (150, 99)))
    houses = [shapely.box(x, 25, x + 10, 50) for x in range(0, 200, 20)]
    pieces = found(lines=(DECK, street), barriers=(river, rail), houses=houses)
    # the street takes 6 m on each side, the river 9 m, the rail 15 m
    assert shapely.area(pieces).sum() == pytest.approx(30 * (200 - 12 - 18 - 30))
    assert shapely.distance(pieces, rail[1]).min() >= 15 - 1e-6


def test_the_order_of_rows_changes_nothing():
    other = (line((0, 300), (200, 300)), "trunk", True)
    houses = [*HOUSES, *(shapely.box(x, 330, x + 20, 350) for x in (0, 90, 180))]
    one = found(lines=(DECK, other), houses=houses)
    two = found(lines=(other, DECK), houses=houses[::-1])
    assert len(one) == 2
    np.testing.assert_allclose(shapely.bounds(one), shapely.bounds(two))
