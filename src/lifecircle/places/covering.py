"""
Says what a raster of land cover shows on candidate land, and doubts leads on water and fields.

A raster is evidence and no survey: land a planner names is only told of, never taken out by it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.sources.land.cover import COVERS, LandCover
from lifecircle.tables import PARCELS, check

MOSTLY = 0.5
"""Share of a plot from which a class is told as a check, and doubts a lead (P)."""
LEAST_CELLS = 2.0
"""Land smaller than this many cells is too small for the raster to doubt it (P)."""

_NODES = 20
_TOLD = ("water", "wetland", "crop", "trees")
_REFUSING, _DOUBTING = ("water", "wetland"), ("crop",)
_FOUND = ("tagged", "residual")


def with_cover(parcels: gpd.GeoDataFrame, cover: LandCover | None) -> gpd.GeoDataFrame:
    """
    Add what a raster shows on each candidate.

    Parameters
    ----------
    parcels
        `tables.PARCELS` in a metric system, judged; not changed.
    cover
        The raster; None without one.

    Returns
    -------
    parcels
        The same rows with ``cover``, shares of what is seen (``built=0.62; trees=0.20``; shares
        below 5 % are left out, missing for rooms and where nothing is known). Half of it under
        water, wetland, crops or trees is a check (``seen_water`` …). A lead of two cells and more
        that is half water or wetland is refused, and half crops doubtful, with that reason.

    Notes
    -----
    Shares are those of the nodes of a grid of 20 x 20 inside the outline. All numbers are this
    project's choice.
    """
    if cover is None or len(parcels) == 0:
        return parcels
    table = parcels.reset_index(drop=True).copy()
    share = _shares(table.geometry.to_numpy(), CRS.from_user_input(table.crs), cover)
    table["cover"] = [_told(row) for row in share]
    enough = shapely.area(table.geometry.to_numpy()) >= LEAST_CELLS * cover.cell_m2
    lead = table["origin"].isin(_FOUND).to_numpy() & enough
    for name in _TOLD:
        mostly = share[:, COVERS.index(name)] >= MOSTLY
        table["checks"] = _added(table["checks"], mostly, f"seen_{name}")
        out = mostly & lead
        if name in _REFUSING:
            table["status"] = table["status"].mask(out, "refused")
        elif name in _DOUBTING:
            doubted = out & (table["status"] == "candidate").to_numpy()
            table["status"] = table["status"].mask(doubted, "doubtful")
        else:
            continue
        table["reasons"] = _added(table["reasons"], out, f"seen_{name}")
    seen = f"; seen from above ({cover.name}): "
    table["evidence"] = [
        f"{said}{seen}{what}" if isinstance(said, str) and isinstance(what, str) else said
        for said, what in zip(table["evidence"], table["cover"], strict=True)
    ]
    return check(table, PARCELS, where="candidate land")


def _shares(shapes: NDArray[np.object_], crs: CRS, cover: LandCover) -> NDArray[np.float64]:
    """Count what nodes inside each outline show, as shares of all of them, shape (n, covers)."""
    share = np.full((len(shapes), len(COVERS)), np.nan)
    flat = np.flatnonzero((shapely.get_dimensions(shapes) == 2) & (shapely.area(shapes) > 0))
    if not len(flat):
        return share
    west, south, east, north = shapely.bounds(shapes[flat]).T[:, :, None]
    step = (np.arange(_NODES) + 0.5) / _NODES
    x = np.repeat(west + step * (east - west), _NODES, axis=1)
    y = np.tile(south + step * (north - south), _NODES)
    areas = shapes[flat].copy()
    shapely.prepare(areas)
    inside = shapely.contains_xy(areas[:, None], x, y)
    owner = np.repeat(flat, inside.sum(axis=1))
    points = np.column_stack([x[inside], y[inside]])
    spot = np.setdiff1d(flat, owner)  # a shape no node lies in is asked at one point of it
    points = np.vstack([points, shapely.get_coordinates(shapely.point_on_surface(shapes[spot]))])
    owner = np.concatenate([owner, spot])
    shows = cover.at(geo.unproject(points, crs))
    nodes = np.bincount(owner, minlength=len(shapes)).astype(np.float64)
    known = shows >= 0
    count = np.zeros(share.shape)
    np.add.at(count, (owner[known], shows[known]), 1.0)
    seen = count.sum(axis=1) > 0
    share[seen] = count[seen] / nodes[seen, None]
    return share


def _told(share: NDArray[np.float64]) -> str | None:
    if np.isnan(share).all():
        return None
    order = np.argsort(-share, kind="stable")
    return "; ".join(f"{COVERS[at]}={share[at]:.2f}" for at in order if share[at] >= 0.05) or None


def _added(texts: pd.Series, rows: NDArray[np.bool_], code: str) -> list[str | None]:
    return [
        "; ".join([*([text] if isinstance(text, str) and text else []), *([code] * bool(row))])
        or None
        for text, row in zip(texts, rows, strict=True)
    ]
