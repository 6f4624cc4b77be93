"""Points to pins by the rules of closed estates and obstacles."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network.compounds import Compounds
from lifecircle.network.pins import LEG_FACTOR, Pins, pin_points
from lifecircle.walk import Mode


def pin_by_rules(
    compounds: Compounds,
    points: NDArray[np.object_],
    compound: NDArray[np.int32],
    obstacles: NDArray[np.object_],
    leg_factor: float = LEG_FACTOR,
    *,
    mode: Mode = "foot",
) -> Pins:
    """
    Pin points by the rules of closed estates and obstacles.

    Parameters
    ----------
    compounds
        Streets and closed estates.
    points
        Shapely points, shape (n,).
    compound
        Closed estate each point lies in, -1 in none, shape (n,).
    obstacles
        Lines that legs should not cross.
    leg_factor
        Walk inside a closed estate without paths over the straight line to its gate.
    mode
        Whose streets the points are pinned to.

    Returns
    -------
    pins
        The points on the streets.
    """
    gates = pin_points(
        compounds.network, shapely.points(compounds.gate_xy), mode=mode, obstacles=obstacles
    )
    return pin_points(
        compounds.network,
        points,
        mode=mode,
        obstacles=obstacles,
        compound=compound,
        gate_pins=gates,
        gate_compound=compounds.gate_compound,
        gate_xy=compounds.gate_xy,
        leg_factor=leg_factor,
    )
