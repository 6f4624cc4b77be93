"""
From streets as mapped to streets that hang together: breaks mended, estates closed, people counted.

What is doubtful about it is counted here, with the people it concerns.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.config import EstatesSection, StudyConfig
from lifecircle.errors import FarFromStreetWarning, MissingDataWarning
from lifecircle.network.compounds import Compounds, enclose
from lifecircle.network.kerbs import join_crossings
from lifecircle.network.mending import BREAK_M, Breaks, find_breaks, mend
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.estates import detect_estates
from lifecircle.places.gates import GatesInUse, gates_in_use
from lifecircle.reach.matrix import Pinned
from lifecircle.study.checking.doubts import warn_of_estates
from lifecircle.study.gates import warn_of_gates
from lifecircle.tables import ESTATES, GATES, NODE_KINDS, StreetWays, empty


@dataclass(frozen=True, kw_only=True)
class Joins:
    """
    How the streets hang together.

    Parameters
    ----------
    whole
        The streets before estates were closed.
    mended
        How many breaks were joined.
    breaks
        Those of under 3 m that are left.
    compounds
        Streets and closed estates.
    estates
        `tables.ESTATES`, given or found on the map; None where there are none.
    detected
        Whether they were found on the map.
    gates
        The gates of estates, and those that are not used; None where no estate is known.
    at_kerbs
        How many places marked crossings were joined at.
    """

    whole: StreetNetwork
    mended: int
    breaks: Breaks
    compounds: Compounds
    estates: gpd.GeoDataFrame | None
    detected: bool
    gates: GatesInUse | None = None
    at_kerbs: int = 0


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """
    People whom doubts about the streets concern.

    Parameters
    ----------
    off_main
        People whose nearest street does not hang together with the longest network.
    cut_off
        Those of them whose part ends within 3 m of another one.
    straight_homes, straight_people
        Homes in closed estates that walk straight to a gate for want of a mapped path, and
        their people.
    """

    off_main: float
    cut_off: float
    straight_homes: int
    straight_people: float


def join_streets(
    config: StudyConfig,
    network: StreetNetwork,
    streets: StreetWays,
    survey: Mapping[str, gpd.GeoDataFrame],
) -> Joins:
    """
    Mend breaks where the study asks for it, and close the closed estates.

    Parameters
    ----------
    config
        The study file.
    network
        The streets.
    streets
        The ways they were made of, for places nobody passes.
    survey
        Tables in the network's system.

    Returns
    -------
    joins
        The streets and what is known of their breaks.
    """
    blocked = streets.node_kind == NODE_KINDS.index("blocked")
    closed_xy = geo.project(streets.lonlat[blocked], network.crs)
    obstacles = np.asarray(survey["barriers"].geometry.to_numpy(), dtype=object)
    network, at_kerbs = join_crossings(network, obstacles=obstacles, closed_xy=closed_xy)
    mended = 0
    if config.network.mend_m > 0:
        breaks = find_breaks(
            network, within_m=config.network.mend_m, obstacles=obstacles, closed_xy=closed_xy
        )
        network, mended = mend(network, breaks), len(breaks)
    left = find_breaks(network, within_m=BREAK_M, obstacles=obstacles, closed_xy=closed_xy)
    estates, gates = survey.get("estates"), survey.get("gates", empty(GATES, network.crs))
    section = EstatesSection() if config.estates is None else config.estates
    asked = section.file is None and section.detect
    detected = False
    if estates is None and asked:
        found = detect_estates(
            ground=survey["ground"],
            barriers=survey["barriers"],
            gates=gates,
            network=network,
            buildings=survey["buildings"],
        )
        if len(found.estates):
            estates, detected = found.estates, True
            gates = gpd.GeoDataFrame(pd.concat([gates, found.gates]), crs=network.crs)
    used = None
    if estates is not None:
        used = gates_in_use(
            estates, listed=survey.get("estate_gates"), mapped=gates, open_at=section.open_at
        )
    compounds = enclose(
        network,
        empty(ESTATES, network.crs) if estates is None else estates,
        gates if used is None else used.gates,
    )
    return Joins(
        whole=network,
        mended=mended,
        breaks=left,
        compounds=compounds,
        estates=estates,
        detected=detected,
        gates=used,
        at_kerbs=at_kerbs,
    )


def count_concerned(joins: Joins, homes: Pinned, *, open_at: str = "10:00") -> Concerned:
    """
    Count the people whom doubts about the streets concern, and warn where there are some.

    Parameters
    ----------
    joins
        How the streets hang together.
    homes
        The homes, pinned; those outside the area or far from every street are left out.
    open_at
        Hour whose open gates count.

    Returns
    -------
    concerned
        Counts of people.
    """
    table = homes.table
    people = table["people"].to_numpy(dtype=np.float64)
    near = ~table["status"].isin(["outside", "far"]).to_numpy(dtype=bool)
    part, main = _parts(joins.whole, table.geometry.to_numpy()[near])
    severing = joins.breaks.severing
    cut = np.setdiff1d(joins.breaks.parts[severing], [main])
    off_main = float(people[near][part != main].sum())
    cut_off = float(people[near][np.isin(part, cut)].sum())
    straight = _straight(joins.compounds, homes) & (table["status"] != "outside").to_numpy()
    concerned = Concerned(
        off_main=off_main,
        cut_off=cut_off,
        straight_homes=int(straight.sum()),
        straight_people=float(people[straight].sum()),
    )
    if cut_off > 0:
        warnings.warn(
            f"streets that end within {BREAK_M:g} m of another one without meeting it: "
            f"{len(joins.breaks)}, of which {severing.sum()} cut streets off, with {cut_off:,.0f} "
            f"people beside them (set network.mend_m = {BREAK_M:g} to join them)",
            FarFromStreetWarning,
            stacklevel=3,
        )
    warn_of_estates(joins.compounds.without_gates, joins.compounds.unknown_ways_in, table)
    if joins.gates is not None:
        warn_of_gates(joins.gates, table, open_at=open_at)
    if joins.detected:
        inside = homes.compound >= 0
        ids = joins.compounds.estate_id
        warnings.warn(
            f"closed estates found on the map: {len(ids)} ({', '.join(ids[:5])}), with "
            f"{people[inside].sum():,.0f} people in {inside.sum():,} homes, of which "
            f"{concerned.straight_homes:,} walk straight to a gate for want of a mapped path "
            "(give estates.file, or set estates.detect = false to keep all open)",
            MissingDataWarning,
            stacklevel=3,
        )
    return concerned


def _parts(network: StreetNetwork, points: NDArray[np.object_]) -> tuple[NDArray[np.int32], int]:
    """Find the component of the street nearest to each point, and the longest component."""
    walkable = network.walkable
    of_edge = network.component[network.edge_node[walkable, 0]]
    if len(walkable) == 0 or len(points) == 0:
        return np.full(len(points), -1, dtype=np.int32), -1
    main = int(np.argmax(np.bincount(of_edge, weights=network.length_m[walkable])))
    # Where several are equally near the longest one counts: nobody is cut off by a doubt.
    point, edge = network.tree.query_nearest(points)
    part = np.full(len(points), -1, dtype=np.int32)
    order = np.argsort(of_edge[edge] == main, kind="stable")
    part[point[order]] = of_edge[edge[order]]
    return part, main


def _straight(compounds: Compounds, homes: Pinned) -> NDArray[np.bool_]:
    """Say which homes in closed estates are pinned to streets outside only."""
    pins = homes.ends.pins
    rows = homes.ends.row[pins.point]
    outer = compounds.network.edge_compound[pins.edge] != homes.compound[rows]
    by_path = np.zeros(homes.ends.n, dtype=bool)
    by_path[rows[~outer]] = True
    straight = np.zeros(homes.ends.n, dtype=bool)
    straight[rows[outer]] = True
    return straight & ~by_path & (homes.compound >= 0)


def example_breaks(joins: Joins, most: int = 5) -> list[str]:
    """
    Name the narrowest breaks, those that cut streets off first.

    Parameters
    ----------
    joins
        How the streets hang together.
    most
        How many.

    Returns
    -------
    examples
        Texts such as ``"0.42 m at 118.77932, 32.04567"`` (WGS 84, longitude first).
    """
    breaks = joins.breaks
    order = np.lexsort((breaks.node, breaks.gap_m, ~breaks.severing))[:most]
    lonlat = geo.unproject(breaks.xy[order], joins.whole.crs)
    return [
        f"{gap:.2f} m at {lon:.5f}, {lat:.5f}"
        for gap, (lon, lat) in zip(breaks.gap_m[order], lonlat, strict=True)
    ]
