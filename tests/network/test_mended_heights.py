"""Links that mend a break lie level, whatever heights their streets have."""

from __future__ import annotations

import numpy as np

from lifecircle.network.mending import find_breaks, mend
from lifecircle.walk import PROFILES
from tests.making import streets


def test_every_edge_of_a_mended_network_has_a_price():
    network = streets([(0, 0), (100, 0)], [(40, 2), (40, 50)])
    breaks = find_breaks(
        network, within_m=3.0, obstacles=np.empty(0, dtype=object), closed_xy=np.empty((0, 2))
    )
    joined = mend(network, breaks)
    assert len(joined.length_m) == len(network.length_m) + 2
    assert joined.edges["slope_forward"].tolist() == [1.0] * len(joined.length_m)
    for name in ("gb", "elder", "wheelchair"):
        forward, backward = joined.prices(PROFILES[name])
        assert (forward > 0).all()
        assert (backward > 0).all()
