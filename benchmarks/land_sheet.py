"""
Candidate land of a run, drawn to be looked at:
`python -m benchmarks.land_sheet RUN --out sheet.png`.

RUN is the folder of an internal run. Twenty candidates, drawn at random by `--seed`, stand over
the streets of the run's `results.gpkg` and, where `--osm` names the extract, over its ground and
buildings.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import shapely

from lifecircle.sources.osm.file import read_osm_file

COLOURS = {
    **dict.fromkeys(("water", "wetland"), "#5aa5ff"),
    **dict.fromkeys(("forest", "park", "garden"), "#5fae5f"),
    **dict.fromkeys(("grass", "meadow"), "#bfe8a0"),
    **dict.fromkeys(("farmland", "allotments"), "#f0d890"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--osm", type=Path)
    parser.add_argument("--out", type=Path, default=Path("sheet.png"))
    parser.add_argument("--seed", type=int, default=23)
    options = parser.parse_args()
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of a backend

    results = options.run / "results.gpkg"
    streets = gpd.read_file(results, layer="streets")
    parcels = gpd.read_file(results, layer="parcels").to_crs(streets.crs)
    usable = parcels[~parcels["status"].isin(["refused", "doubtful"])]
    pick = np.random.default_rng(options.seed).permutation(len(usable))[:20]
    layers = [(streets, "#555555")]
    if options.osm is not None:
        survey = read_osm_file(options.osm)
        ground = survey.ground.to_crs(streets.crs)
        ground = ground.iloc[np.argsort(-ground.area.to_numpy())]
        colours = ground["kind"].map(COLOURS).fillna("#eeeeee").tolist()
        layers = [(ground, colours), *layers, (survey.buildings.to_crs(streets.crs), "#a05040")]
    figure, axes = plt.subplots(4, 5, figsize=(25, 20))
    for axis, row in zip(axes.flat, usable.iloc[np.sort(pick)].itertuples(), strict=False):
        west, south, east, north = shapely.buffer(row.geometry, 60).bounds
        for table, colour in layers:
            near = table.sindex.query(shapely.box(west, south, east, north))
            shown = [colour[at] for at in np.sort(near)] if isinstance(colour, list) else colour
            if len(near):
                table.iloc[np.sort(near)].plot(ax=axis, color=shown, linewidth=0.8)
        gpd.GeoSeries([row.geometry]).plot(
            ax=axis, facecolor=(1, 1, 0, 0.45), edgecolor="red", linewidth=2
        )
        axis.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
        axis.set_title(f"{row.parcel_id} {row.origin} {row.kind} {row.area_m2:.0f} m²", fontsize=9)
    figure.tight_layout()
    figure.savefig(options.out, dpi=60)


if __name__ == "__main__":
    main()
