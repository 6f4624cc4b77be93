"""From an area to a raster pinned to the streets once, and its walking times for any facilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network.pins import PIN_LIMIT_M, Pins, pin_points
from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.walk import Mode

Pin = Callable[[NDArray[np.object_], Mode], Pins]
"""Pins points to the streets of a mode: the rule homes are pinned by."""

CELL_M = 20.0
"""Side of a raster cell [m]."""

MARGIN_M = 300.0
"""How far around the area cells are prepared [m]."""

_MOST_CELLS = 4_000_000


@dataclass(frozen=True, kw_only=True)
class Raster:
    """
    Cells over an area, pinned to the streets once.

    Parameters
    ----------
    west, south
        Middle of the first cell [m].
    cell_m
        Side of a cell [m].
    rows, columns
        Size of the raster.
    ends
        Pins of the cells that lie within 200 m of a street.
    at
        Position of each pinned cell in the flattened raster, shape (cells,).
    """

    west: float
    south: float
    cell_m: float
    rows: int
    columns: int
    ends: Ends
    at: NDArray[np.int64]


def prepare_raster(
    network: StreetNetwork,
    area: shapely.Geometry,
    *,
    pin: Pin | None = None,
    modes: Iterable[Mode] = (),
    cell_m: float = CELL_M,
) -> Raster:
    """
    Pin the cells of a raster to the streets.

    Parameters
    ----------
    network
        The streets.
    area
        What is to be drawn in the network's system; cells up to 300 m around it are prepared.
    pin
        The rule homes are pinned by; plain `pin_points` by default.
    modes
        Who else than walkers will ask for times.
    cell_m
        Side of a cell [m]; grows where the area would need more than four million cells.

    Returns
    -------
    raster
        Ready for any number of `draw_bands`.
    """
    drawn = shapely.buffer(area, MARGIN_M)
    west, south, east, north = drawn.bounds
    size = max(cell_m, np.sqrt((east - west) * (north - south) / _MOST_CELLS))
    columns = max(2, int(np.ceil((east - west) / size)) + 1)
    rows = max(2, int(np.ceil((north - south) / size)) + 1)
    xs = west + size * np.arange(columns)
    ys = south + size * np.arange(rows)
    near = _near_streets(network, xs, ys, size)
    xy = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)[near]
    shapely.prepare(drawn)
    inside = shapely.contains_xy(drawn, xy[:, 0], xy[:, 1])
    near, points = near[inside], shapely.points(xy[inside])

    def pinned(mode: Mode) -> Pins:
        return pin_points(network, points, mode=mode) if pin is None else pin(points, mode)

    ends = Ends.single(pinned("foot"), {mode: pinned(mode) for mode in modes if mode != "foot"})
    return Raster(
        west=west, south=south, cell_m=size, rows=rows, columns=columns, ends=ends, at=near
    )


def time_field(
    raster: Raster, router: Router, facilities: Ends, *, limit: int, from_facility: bool = False
) -> NDArray[np.float64]:
    """
    Time every cell's walk to the nearest of some facilities.

    Parameters
    ----------
    raster
        The prepared cells.
    router
        Network, profile and metric.
    facilities
        Where walks end (or begin).
    limit
        Longest walk kept, in the router's integer unit.
    from_facility
        Whether walks run from the facility.

    Returns
    -------
    field
        In the router's integer unit, missing beyond the limit, shape (rows, columns), south
        first.
    """
    found = router.nearest(raster.ends, facilities, limit=limit, from_facility=from_facility)
    values = found.walk_cs if router.metric == "time" else found.length_cm
    field = np.full(raster.rows * raster.columns, np.nan)
    field[raster.at] = values
    return field.reshape(raster.rows, raster.columns)


def _near_streets(
    network: StreetNetwork, xs: NDArray[np.float64], ys: NDArray[np.float64], cell_m: float
) -> NDArray[np.int64]:
    """Find cells that can have a pin, by spreading the cells streets run through."""
    xy = network.shape_xy
    steps = np.maximum(1, np.ceil(np.hypot(*np.diff(xy, axis=0).T) / cell_m)).astype(int)
    # Points along every piece, a cell apart; pieces that join two edges add a few cells in vain.
    start = np.repeat(xy[:-1], steps, axis=0)
    index = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    along = start + np.repeat(np.diff(xy, axis=0), steps, axis=0) * (
        index / np.repeat(steps, steps)
    ).reshape(-1, 1)
    column = np.rint((np.concatenate([along[:, 0], xy[-1:, 0]]) - xs[0]) / cell_m).astype(int)
    row = np.rint((np.concatenate([along[:, 1], xy[-1:, 1]]) - ys[0]) / cell_m).astype(int)
    reach = int(np.ceil(PIN_LIMIT_M / cell_m)) + 1
    mask = np.zeros((len(ys) + 2 * reach, len(xs) + 2 * reach), dtype=np.int64)
    ok = (column >= -reach) & (column < len(xs) + reach) & (row >= -reach) & (row < len(ys) + reach)
    mask[row[ok] + reach, column[ok] + reach] = 1
    # A box filter through the summed table: any street cell within reach.
    table = np.pad(mask.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    width = 2 * reach + 1
    total = (
        table[width:, width:]
        - table[:-width, width:]
        - table[width:, :-width]
        + table[:-width, :-width]
    )
    return np.flatnonzero(total.ravel() > 0)
