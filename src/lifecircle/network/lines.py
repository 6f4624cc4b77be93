"""From lines to an index that answers, for many points at once, which lines are near."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network import grid

CELL_M = 60.0
"""Side of an index cell [m]: about the length of a block's edge."""

_MOST_CELLS = 4_000_000
_BLOCK = 20_000  # points per task of the thread pool


@dataclass(frozen=True, kw_only=True)
class Near:
    """
    Lines near points.

    Parameters
    ----------
    point, line
        Which point and which line, shape (k,), ascending by point.
    leg_m
        How far the line is [m], shape (k,).
    share
        Where on the line its nearest place lies, 0 at its first end to 1 at its last, shape (k,).
    foot
        That place [m], shape (k, 2).
    """

    point: NDArray[np.int64]
    line: NDArray[np.int64]
    leg_m: NDArray[np.float64]
    share: NDArray[np.float64]
    foot: NDArray[np.float64]

    def kept(self, keep: NDArray[np.bool_]) -> Near:
        """
        Keep some pairs.

        Parameters
        ----------
        keep
            Which, shape (k,).

        Returns
        -------
        near
            Those pairs, in their order.
        """
        return Near(
            point=self.point[keep],
            line=self.line[keep],
            leg_m=self.leg_m[keep],
            share=self.share[keep],
            foot=self.foot[keep],
        )


@dataclass(frozen=True, kw_only=True)
class LineIndex:
    """
    Lines cut into their straight pieces, in a grid.

    Parameters
    ----------
    pieces, owner, from_m
        Ends of each piece [m], the line it belongs to, and how far along it begins [m].
    length_m
        Length of each line in the plane [m].
    ptr, item, west, south, cell_m, columns, rows
        The grid.
    """

    pieces: NDArray[np.float64]
    owner: NDArray[np.int32]
    from_m: NDArray[np.float64]
    length_m: NDArray[np.float64]
    ptr: NDArray[np.int32]
    item: NDArray[np.int32]
    west: float
    south: float
    cell_m: float
    columns: int
    rows: int

    @classmethod
    def of(cls, lines: NDArray[np.object_]) -> LineIndex:
        """
        Index lines.

        Parameters
        ----------
        lines
            Shapely LineStrings, or anything made of them, shape (n,).

        Returns
        -------
        index
            Lines are numbered by their position.
        """
        parts, part_owner = shapely.get_parts(lines, return_index=True)
        xy, part_of = shapely.get_coordinates(parts, return_index=True)
        start = np.flatnonzero(part_of[1:] == part_of[:-1])
        pieces = np.column_stack([xy[start], xy[start + 1]])
        owner = part_owner[part_of[start]]
        step = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1])
        along = np.cumsum(step) - step
        first = np.ones(len(owner), dtype=bool)
        first[1:] = owner[1:] != owner[:-1]
        from_m = along - np.maximum.accumulate(np.where(first, along, 0.0))
        length = np.bincount(owner, weights=step, minlength=len(lines))
        west, south, east, north = (
            (*xy.min(axis=0), *xy.max(axis=0)) if len(xy) else (0.0, 0.0, 0.0, 0.0)
        )
        cell = max(CELL_M, np.sqrt(max((east - west) * (north - south), 0.0) / _MOST_CELLS))
        columns, rows = int((east - west) / cell) + 1, int((north - south) / cell) + 1
        ptr, item = grid.fill(np.ascontiguousarray(pieces), west, south, cell, columns, rows)
        return cls(
            pieces=np.ascontiguousarray(pieces),
            owner=owner.astype(np.int32),
            from_m=from_m,
            length_m=np.asarray(length, dtype=np.float64),
            ptr=ptr,
            item=item,
            west=float(west),
            south=float(south),
            cell_m=float(cell),
            columns=columns,
            rows=rows,
        )

    def near(self, xy: NDArray[np.float64], *, slack_m: float, limit_m: float) -> Near:
        """
        Find the lines within a slack of each point's nearest one.

        Parameters
        ----------
        xy
            Points [m], shape (n, 2).
        slack_m
            How much farther than the nearest a line may be [m]; infinite for no such bound.
        limit_m
            Farthest a line may be [m], inclusive.

        Returns
        -------
        near
            All pairs, ascending by point.
        """
        starts = range(0, max(len(xy), 1), _BLOCK)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            blocks = list(
                pool.map(
                    lambda start: grid.near(
                        np.ascontiguousarray(xy[start : start + _BLOCK]),
                        self.pieces,
                        self.owner,
                        self.from_m,
                        *self._grid,
                        slack_m,
                        limit_m,
                    ),
                    starts,
                )
            )
        point = np.concatenate(
            [block[0].astype(np.int64) + start for start, block in zip(starts, blocks, strict=True)]
        )
        line = np.concatenate([block[1] for block in blocks]).astype(np.int64)
        along = np.concatenate([block[3] for block in blocks])
        length = self.length_m[line]
        share = np.divide(along, length, out=np.zeros_like(along), where=length > 0)
        return Near(
            point=point,
            line=line,
            leg_m=np.concatenate([block[2] for block in blocks]),
            share=np.minimum(share, 1.0),
            foot=np.concatenate([block[4] for block in blocks]),
        )

    def crossed(
        self, start: NDArray[np.float64], end: NDArray[np.float64], *, touch_m: float = 0.01
    ) -> NDArray[np.bool_]:
        """
        Say which straight legs cross a line properly.

        Parameters
        ----------
        start, end
            Ends of each leg [m], shape (n, 2) each.
        touch_m
            A leg whose end lies this near to a line touches it and does not cross it [m].

        Returns
        -------
        hit
            Shape (n,).
        """
        legs = np.ascontiguousarray(np.column_stack([start, end]))
        hit: NDArray[np.bool_] = grid.crossed(legs, self.pieces, *self._grid, touch_m)
        return hit

    @property
    def _grid(
        self,
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], float, float, float, int, int]:
        return (
            self.ptr,
            self.item,
            self.west,
            self.south,
            self.cell_m,
            self.columns,
            self.rows,
        )
