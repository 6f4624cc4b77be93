"""From edges to the parts of a network that hang together, and which of them are mere islands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lifecircle.network import search

ISLAND_SHARE = 0.01
"""A component with less than this share of the length is an island (P)."""


def components_of(n: int, ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """
    Find what hangs together.

    Parameters
    ----------
    n
        Number of nodes.
    ends
        Nodes at both ends of each edge in use, shape (k, 2).

    Returns
    -------
    component
        Lowest node of the component each node belongs to, shape (n,).
    """
    labels: NDArray[np.int32] = search.components(
        n, np.ascontiguousarray(ends[:, 0]), np.ascontiguousarray(ends[:, 1])
    )
    return labels


def islands_of(
    component: NDArray[np.int32], ends: NDArray[np.int32], length_m: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """
    Find the nodes on components with under 1 % of the length.

    Parameters
    ----------
    component
        Component of each node, shape (n,).
    ends
        Nodes at both ends of each edge in use, shape (k, 2).
    length_m
        Their lengths [m], shape (k,).

    Returns
    -------
    island
        Shape (n,); false for nodes without an edge in use.
    """
    in_use = np.zeros(len(component), dtype=bool)
    in_use[ends.ravel()] = True
    length = np.bincount(component[ends[:, 0]], weights=length_m, minlength=len(component))
    small = length < ISLAND_SHARE * length.sum()
    island: NDArray[np.bool_] = in_use & small[component]
    return island
