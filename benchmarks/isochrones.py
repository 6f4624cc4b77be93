"""
How fast isochrones are drawn and how wrong the drawings are: `python benchmarks/isochrones.py`.

The embedded study of Neubrandenburg gives streets and homes. Speed: 1,000 polygons at 15 minutes
from random places, after the raster is prepared once. Error: 200 random homes are the points;
every home is judged by its walk along the streets and by the drawing. Pooled are people wrongly
inside and outside of all polygons over the people truly reached by all; single polygons are looked
at where at least 100 people are truly reached.
"""

import time

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.network.pins import pin_points
from lifecircle.network.router import Router
from lifecircle.network.walks import Ends
from lifecircle.reach.isochrone import isochrones
from lifecircle.reach.raster import prepare_raster
from lifecircle.study import Study
from lifecircle.walk import PROFILES

REPEATS = 5
MINUTES = (5, 15)


def timed(function):
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def people_reached(network, points, homes):
    """People truly within each limit of each point, shape (points, limits)."""
    ends = [Ends.single(pin_points(network, one.geometry.to_numpy())) for one in (homes, points)]
    pairs = Router(network=network, profile=PROFILES["gb"]).matrix(*ends, limit=6000 * MINUTES[-1])
    people = homes["people"].to_numpy()[pairs.home]
    return np.column_stack(
        [
            np.bincount(
                pairs.facility, weights=people * (pairs.cost <= 6000 * one), minlength=len(points)
            )
            for one in MINUTES
        ]
    )


def main():
    results = Study.demo().run().results
    network, homes = results.waist.network, results.waist.homes.table
    homes = homes[homes["people"] > 0].reset_index(drop=True)
    homes = gpd.GeoDataFrame(homes[["people"]], geometry=homes.geometry, crs=network.crs)
    area = shapely.convex_hull(shapely.union_all(homes.geometry.to_numpy())).buffer(1200)
    random = np.random.default_rng(1)
    places = homes.geometry.to_numpy()[random.integers(0, len(homes), 1000)]
    xy = shapely.get_coordinates(places) + random.normal(0, 30, (1000, 2))
    many = gpd.GeoDataFrame(geometry=shapely.points(xy), crs=network.crs)
    few = homes.iloc[np.sort(random.choice(len(homes), 200, replace=False))]
    few = gpd.GeoDataFrame(geometry=few.geometry.to_numpy(), crs=network.crs)
    truly = people_reached(network, few, homes)
    print(f"{len(homes):,} homes, {homes['people'].sum():,.0f} people")
    for cell_m in (20.0, 10.0):
        prepare_s, raster = timed(lambda: prepare_raster(network, area, cell_m=cell_m))  # noqa: B023
        first_s, _ = timed(lambda: isochrones(network, few[:1], [15], raster=raster))  # noqa: B023
        drawn_s = [
            timed(lambda: isochrones(network, many, [15], raster=raster))[0]  # noqa: B023
            for _ in range(REPEATS)
        ]
        print(
            f"cells of {raster.cell_m:.0f} m: prepared in {prepare_s:.2f} s, first drawing "
            f"{first_s:.2f} s, 1,000 polygons {np.median(drawn_s):.2f} s (best {min(drawn_s):.2f})"
        )
        table = isochrones(network, few, MINUTES, raster=raster, homes=homes)
        for column, minutes in enumerate(MINUTES):
            rows = table[table["minutes"] == minutes]
            reached = truly[:, column]
            enough = reached >= 100
            for side in ("wrongly_in", "wrongly_out"):
                share = rows[side].to_numpy()
                pooled = np.nansum(share * reached) / reached.sum()
                print(
                    f"  {minutes:2d} min {side}: pooled {100 * pooled:.2f} %, 95 of 100 polygons "
                    f"under {100 * np.nanpercentile(share[enough], 95):.1f} %, "
                    f"worst of {enough.sum()} {100 * np.nanmax(share[enough]):.1f} %"
                )


if __name__ == "__main__":
    main()
