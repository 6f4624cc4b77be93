"""
What lies between the two ends of a short link: who would have to agree, and what forbids it.

Water, railways and motorways take a bridge and buildings stay where they are, so a link across
them is never proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.network.compounds import Compounds

WHAT = ("street", "park", "campus", "estate")
"""What is opened: a street that is cut off, the fence of a park or a campus, that of an estate."""

CONSENT: Mapping[str, str] = {
    "street": "none",
    "park": "park",
    "campus": "campus",
    "estate": "owners",  # whoever owns the wall
}
"""Who has to agree to each."""

NEVER = (
    *("water", "wetland", "railway", "military", "quarry", "landfill", "construction"),
    *("cemetery", "protected", "farmland", "allotments"),
)
"""Ground no link leads over; a cemetery and gardens are no thoroughfare (P)."""

_BRIDGE = ("rail", "water", "motorway")
_CAMPUS = ("school", "hospital", "religious")
_PARK = ("park", "garden", "pitch", "sports", "playground")
_FENCES = ("wall", "fence", "hedge")
_MAIN = tuple(
    name + link
    for name in ("motorway", "trunk", "primary", "secondary", "tertiary")
    for link in ("", "_link")
)
_TOUCH_M = 0.5  # a link begins and ends on streets: what lies under its very ends is not crossed


@dataclass(frozen=True, kw_only=True)
class LinkGround:
    """
    What a link can run into, in the metric system of the streets.

    Parameters
    ----------
    buildings, barriers
        `tables.BUILDINGS` and `tables.BARRIERS`.
    ground
        Tables with ``kind`` as `tables.GROUND`: the map's, and a land survey.
    protected
        Outlines nothing is built on.
    estates
        Outlines of housing estates, open ones too.
    compounds
        Streets and closed estates.
    """

    buildings: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    ground: tuple[gpd.GeoDataFrame, ...]
    protected: NDArray[np.object_]
    estates: NDArray[np.object_]
    compounds: Compounds

    def judge(self, links: NDArray[np.object_]) -> NDArray[np.object_]:
        """
        Say what each link opens.

        Parameters
        ----------
        links
            LineStrings, shape (n,).

        Returns
        -------
        what
            One of `WHAT`, None where the link cannot be, shape (n,).
        """
        inner = _shortened(links)
        what = np.full(len(links), "street", dtype=object)
        kinds = np.concatenate([one["kind"].to_numpy(dtype=object) for one in self.ground])
        shapes = np.concatenate([one.geometry.to_numpy() for one in self.ground])
        fence = self.barriers["kind"].isin(_FENCES).to_numpy()
        lines = self.barriers.geometry.to_numpy()
        # Whose wall it is nobody knows but where it stands around a park or a campus.
        what[_met(inner, lines[fence]) | _met(inner, self.estates)] = "estate"
        what[_met(inner, shapes[np.isin(kinds, _PARK)])] = "park"
        what[_met(inner, shapes[np.isin(kinds, _CAMPUS)])] = "campus"
        barred = self.barriers["kind"].isin(_BRIDGE).to_numpy()
        for blocking in (
            lines[barred],
            shapes[np.isin(kinds, NEVER)],
            self.protected,
            self.buildings.geometry.to_numpy(),
            shapely.boundary(self.compounds.outline),
            self._roads(),
        ):
            what[_met(inner, blocking)] = None
        return what

    def _roads(self) -> NDArray[np.object_]:
        """
        Take the streets a link would cross: it would end there, or want a crossing.

        Paths on another level are passed under or over.
        """
        network = self.compounds.network
        edges = network.edges
        ground = (edges["layer"] == 0).to_numpy(dtype=bool)
        main = edges["highway"].isin(_MAIN).to_numpy(dtype=bool)
        walked = np.zeros(len(edges), dtype=bool)
        walked[network.walkable] = True
        return np.asarray(network.lines[ground & (main | walked)], dtype=object)


def _shortened(links: NDArray[np.object_]) -> NDArray[np.object_]:
    """Take the links without their very ends."""
    length = shapely.length(links)
    cut = np.minimum(_TOUCH_M, length / 4)
    ends = [
        shapely.line_interpolate_point(links, cut),
        shapely.line_interpolate_point(links, length - cut),
    ]
    xy = np.stack([shapely.get_coordinates(one) for one in ends], axis=1)
    return np.asarray(shapely.linestrings(xy), dtype=object)


def _met(links: NDArray[np.object_], shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which links meet any of some shapes."""
    met = np.zeros(len(links), dtype=bool)
    if len(shapes) and len(links):
        met[shapely.STRtree(links).query(shapes, predicate="intersects")[1]] = True
    return met
