"""
Turns a choice into one that takes less, where that costs next to nobody.

Land is spared where a room, a larger building, a link or a shared place serves nearly as many.
"""

from __future__ import annotations

import numpy as np

from lifecircle.siting.choose import exchange_values, exchangeable
from lifecircle.siting.cover import Cover, Floats, Limits, Longs, crumb


def gentler(cover: Cover, limits: Limits, chosen: Longs, *, effort: Floats, slack: float) -> Longs:
    """
    Exchange columns for others of less effort, as long as little weight is lost in all.

    Parameters
    ----------
    cover
        Columns and demands.
    limits
        What the choice keeps to.
    chosen
        The choice; it keeps to the limits.
    effort
        How much each group takes, shape (g,).
    slack
        Most weight that may be lost, all exchanges together.

    Returns
    -------
    gentler
        Columns, ascending. Every exchange spares most effort, then loses least weight, then has
        the lowest index.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.siting.cover import Limits, build_cover
    >>> from lifecircle.siting.gentle import gentler
    >>> cover = build_cover(np.array([100.0, 1.0]), np.array([0, 2, 3]), np.array([0, 1, 0]))
    >>> no = np.zeros(2, dtype=bool)
    >>> limits = Limits(group=np.arange(2), cost=np.zeros(2), required=no, forbidden=no,
    ...                 max_groups=1, budget=None)
    >>> land_then_room = np.array([4.0, 3.0])
    >>> gentler(cover, limits, np.array([0]), effort=land_then_room, slack=1.0).tolist()
    [1]
    """
    if not len(chosen) or not len(effort) or effort.min() == effort.max():
        return chosen
    of_column = effort[limits.group]
    floor = cover.covered(chosen) - slack
    for _ in range(5 * len(chosen)):  # every exchange spares effort: far fewer are possible
        spared = of_column[chosen][:, np.newaxis] - of_column
        value = exchange_values(cover, chosen)
        left = cover.covered(chosen) - floor
        allowed = (spared > 0) & (value >= -left - crumb(cover)) & exchangeable(limits, chosen)
        if not allowed.any():
            break
        spared[~allowed] = -np.inf
        best = spared == spared.max()
        value[~best] = -np.inf
        out, into = divmod(int(np.argmax(value)), cover.columns)
        chosen = np.sort(np.append(np.delete(chosen, out), into))
    return chosen
