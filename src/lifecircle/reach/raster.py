"""From an area to a raster pinned to the streets once, ready for any number of searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import RuleError
from lifecircle.network.pins import PIN_LIMIT_M, Pins, pin_points
from lifecircle.network.readers import Readers
from lifecircle.network.router import Metric, Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.walk import Mode, Profile

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
    network
        The streets.
    west, south
        Middle of the first cell [m]: whole multiples of the cell, so that neighbouring rasters
        share their cells.
    cell_m
        Side of a cell [m].
    rows, columns
        Size of the raster.
    ends
        Pins of the cells that lie within 200 m of a street.
    at
        Position of each pinned cell in the flattened raster, south first, shape (cells,).
    prepared
        What `readers` has made so far: filled on demand, the same whenever it is made.
    """

    network: StreetNetwork
    west: float
    south: float
    cell_m: float
    rows: int
    columns: int
    ends: Ends
    at: NDArray[np.int64]
    prepared: dict[tuple[Profile, Metric, bool], Readers] = field(
        default_factory=dict, compare=False, repr=False
    )

    def readers(
        self, profile: Profile, *, metric: Metric = "time", from_facility: bool = False
    ) -> Readers:
        """
        Make the cells ready for searches of one profile, once.

        Parameters
        ----------
        profile
            Who walks.
        metric
            Whether time or distance is minimised.
        from_facility
            Whether walks run from the sources to the cells; otherwise to the sources.

        Returns
        -------
        readers
            The same object whenever the same is asked for.
        """
        key = (profile, metric, from_facility)
        if key not in self.prepared:
            router = Router(network=self.network, profile=profile, metric=metric)
            pins = self.ends.of(profile.mode).pins
            made = Readers(router=router, pins=pins, from_facility=from_facility)
            self.prepared.setdefault(key, made)
        return self.prepared[key]

    def nearest(
        self, readers: Readers, sources: Ends, *, limit: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """
        Time every cell's walk to the nearest of some sources.

        Parameters
        ----------
        readers
            What `Raster.readers` gave.
        sources
            Where walks end (or begin).
        limit
            Longest walk kept, in the router's integer unit.

        Returns
        -------
        cost, to
            In the router's integer unit, NaN beyond the limit, and the row of the source, -1
            there; shape (rows, columns) each, south first.
        """
        cost = np.full(self.rows * self.columns, np.nan)
        to = np.full(self.rows * self.columns, -1, dtype=np.int32)
        cost[self.at], to[self.at] = readers.nearest(sources, limit=limit)
        return cost.reshape(self.rows, self.columns), to.reshape(self.rows, self.columns)


def prepare_raster(
    network: StreetNetwork,
    area: shapely.Geometry | None = None,
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
        What is to be drawn, in the network's system; cells up to 300 m around it are prepared.
        The whole network where nothing is given.
    pin
        The rule homes are pinned by; plain `pin_points` by default.
    modes
        Who else than walkers will ask for times.
    cell_m
        Side of a cell [m]; grows where the area would need more than four million cells.

    Returns
    -------
    raster
        Ready for any number of drawings.

    Raises
    ------
    RuleError
        If the side of a cell is not positive.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from lifecircle.network.streets import StreetNetwork
    >>> from lifecircle.reach.raster import prepare_raster
    >>> street = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (900, 0)])], crs="EPSG:4550")
    >>> raster = prepare_raster(StreetNetwork.from_lines(street))
    >>> raster.cell_m, raster.west
    (20.0, -300.0)
    """
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise RuleError(f"cell_m must be a positive number of metres, not {cell_m}")
    if area is None:
        area = shapely.box(*network.shape_xy.min(axis=0), *network.shape_xy.max(axis=0))
    drawn = shapely.buffer(area, MARGIN_M)
    west, south, east, north = drawn.bounds
    size = max(cell_m, np.sqrt((east - west) * (north - south) / _MOST_CELLS))
    west, south = (float(size * np.floor(side / size)) for side in (west, south))
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
        network=network,
        west=west,
        south=south,
        cell_m=float(size),
        rows=rows,
        columns=columns,
        ends=ends,
        at=near.astype(np.int64),
    )


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
