"""
From walls, gates and private streets on the map to the estates that are probably closed.

Conservative: in doubt an estate stays open, no detected wall ever cuts a street, and each row says
what it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.compounds import GATE_REACH_M
from lifecircle.network.streets import StreetNetwork
from lifecircle.tables import ESTATES, GATES, check

WALL_REACH_M = 5.0
"""A rim is walled where a wall or fence stands within this distance [m] (P)."""

WALLED_SHARE = 0.7
"""Share of the rim that must be walled for walls to be evidence (P)."""

PRIVATE_SHARE = 0.9
"""Share of the length of its streets that must be private for that to be evidence (P)."""

LEAST_INNER_M = 100.0
"""Metres of streets inside without which gates and private streets say little (P)."""

LARGE_M2 = 20_000.0
"""Residential ground this large with gates on its rim is an estate even if no street inside is
mapped [m²]; in a smaller block houses open on the street around it (P)."""

LEAST_BUILDINGS = 3
"""Buildings of a smaller estate and within a ring of walls; fewer is a garden (P)."""

AREA_M2 = (2_000.0, 600_000.0)
"""An estate is no smaller and no larger than this [m²] (P)."""

_WALLS = ("wall", "fence")
_PRIVATE = ("private", "residents", "permit")
_BUILDING_M2 = 60.0  # smaller ones are sheds and garages
_RIM_GAP_M = 15.0  # walls end on both sides of a gate
_INSET_M = 0.5  # as for closed estates: a street on the outline itself is outside
_HOUSING = (
    "apartments",
    "residential",
    "house",
    "detached",
    "semidetached_house",
    "terrace",
    "bungalow",
    "dormitory",
)


@dataclass(frozen=True, kw_only=True)
class Detected:
    """
    Closed estates found on the map.

    Parameters
    ----------
    estates
        `tables.ESTATES`, all closed, with ``evidence`` (text), ``confidence`` (``high`` where two
        kinds of evidence agree, else ``medium``), ``walled_share``, ``private_share`` (of the rim
        and of the streets inside, 0 to 1, the latter missing without streets) and ``ways_in``.
    gates
        `tables.GATES`: every place where a street crosses the outline of one of them, and
        mapped gates on it: closing it keeps people from walking through and cuts no street.
    left_open
        How many outlines have a walled rim and stay open because streets pass without a gate.
    """

    estates: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    left_open: int


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """What the map says about each candidate outline, shape (n,) each."""

    walled: NDArray[np.float64]
    inner_m: NDArray[np.float64]
    private: NDArray[np.float64]
    houses: NDArray[np.int64]
    crossing_of: NDArray[np.int64]
    crossing_xy: NDArray[np.float64]
    gated: NDArray[np.bool_]
    restricted: NDArray[np.bool_]

    def count(self, which: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(self.crossing_of[which], minlength=len(self.walled))


def detect_estates(
    *,
    ground: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    gates: gpd.GeoDataFrame,
    network: StreetNetwork,
    buildings: gpd.GeoDataFrame,
) -> Detected:
    """
    Find estates that are closed beyond reasonable doubt.

    Parameters
    ----------
    ground, barriers, gates, buildings
        Tables of the survey in the network's system.
    network
        The streets, none of them inside a closed estate yet.

    Returns
    -------
    detected
        The closed estates with their gates; empty tables where there is none.

    Notes
    -----
    Candidates are outlines of residential ground and rings of walls and fences (gaps up to 15 m
    closed) around buildings most of which are housing. A way in is a place where a walkable
    street crosses the outline, gated within 20 m of a mapped gate, or a gate within 5 m of the
    outline. A candidate of 0.2 to 60 ha that has three buildings, or is residential ground of
    2 ha, is closed when every way in is gated or private, there is at least one, and

    - 70 % of its rim stand within 5 m of a wall or fence; or
    - every way in is gated, and 100 m of streets lie inside or it has 2 ha; or
    - 90 % of at least 100 m of streets inside are private and one way in is gated.

    A walled one with a single way in is closed too: nobody could walk through. All numbers are
    proposals of this project.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from lifecircle.network.streets import StreetNetwork
    >>> from lifecircle.places.estates import detect_estates
    >>> from lifecircle.tables import BARRIERS, BUILDINGS, GATES, GROUND, empty
    >>> crs = "EPSG:4550"
    >>> yard = shapely.box(0, 0, 100, 100)
    >>> found = detect_estates(
    ...     ground=gpd.GeoDataFrame({"ground_id": ["g1"], "kind": "residential", "name": "Yard"},
    ...         geometry=[yard], crs=crs),
    ...     barriers=gpd.GeoDataFrame({"barrier_id": ["b1"], "kind": "wall"},
    ...         geometry=[yard.exterior], crs=crs),
    ...     gates=empty(GATES, crs),
    ...     network=StreetNetwork.from_lines(gpd.GeoDataFrame(
    ...         geometry=[shapely.LineString([(50, -50), (50, 50)])], crs=crs)),
    ...     buildings=gpd.GeoDataFrame({"building_id": list("abc"), "use": "apartments"},
    ...         geometry=[shapely.box(x, 60, x + 20, 80) for x in (5, 35, 65)], crs=crs))
    >>> found.estates["estate_id"].tolist(), len(found.gates)
    (['map/g1'], 1)
    """
    walls = barriers[barriers["kind"].isin(_WALLS)].geometry.to_numpy()
    candidates = _candidates(ground, walls, buildings)
    shapes = candidates.geometry.to_numpy()
    found = _measure(shapes, walls, gates, network, buildings)
    everything = np.ones(len(found.crossing_of), dtype=bool)
    ways = found.count(everything)
    gated = found.count(found.gated)
    doubtful = found.count(~found.gated & ~found.restricted)
    walled = found.walled >= WALLED_SHARE
    streets = found.inner_m >= LEAST_INNER_M
    ring = candidates["ring"].to_numpy(dtype=bool)
    large = ~ring & (shapely.area(shapes) >= LARGE_M2)
    all_gated = (streets | large) & (gated == ways)
    private = streets & (found.private >= PRIVATE_SHARE) & (gated > 0)
    lived = (large | (found.houses >= LEAST_BUILDINGS)) & (ways > 0)
    sealed = (doubtful == 0) | (walled & (ways == 1))
    closed = lived & sealed & (walled | all_gated | private)
    rows = np.flatnonzero(closed)
    rows = rows[_apart(shapes[rows])]
    high = walled.astype(int) + all_gated + private >= 2
    table = (
        candidates.iloc[rows]
        .drop(columns="ring")
        .assign(
            closed=True,
            evidence=[
                _evidence(found.walled[k], int(gated[k]), int(ways[k]), found.private[k])
                for k in rows
            ],
            confidence=np.where(high[rows], "high", "medium").astype(object),
            walled_share=found.walled[rows],
            private_share=found.private[rows],
            ways_in=ways[rows].astype(float),
        )
    )
    order = table.sort_values("estate_id", kind="stable")
    return Detected(
        estates=check(order, ESTATES, where="estates on the map"),
        gates=_gates(found, rows, candidates["estate_id"].to_numpy(dtype=object), network),
        left_open=len(_apart(shapes[lived & walled & ~closed])),
    )


def _candidates(
    ground: gpd.GeoDataFrame, walls: NDArray[np.object_], buildings: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Gather outlines of residential ground, then rings of walls, larger before smaller."""
    homes = ground[ground["kind"] == "residential"]
    rings = _rings(walls)
    if len(rings):
        rings = rings[_mostly_housing(rings, buildings)]
    name = homes["name"] if "name" in homes else pd.Series([None] * len(homes), index=homes.index)
    corner = np.floor(shapely.bounds(rings)[:, :2]).astype(int) if len(rings) else []
    table = gpd.GeoDataFrame(
        {
            "estate_id": [
                *(f"map/{one}" for one in homes["ground_id"]),
                *(f"map/wall/{west}/{south}" for west, south in corner),
            ],
            "name": [*name.astype(object).where(name.notna(), None), *([None] * len(rings))],
            "ring": np.repeat([False, True], [len(homes), len(rings)]),
        },
        geometry=np.concatenate([homes.geometry.to_numpy(), rings]),
        crs=ground.crs,
    )
    size = shapely.area(table.geometry.to_numpy())
    table = table[(size >= AREA_M2[0]) & (size <= AREA_M2[1])]
    table = table.drop_duplicates("estate_id")
    # The mapped outline before a ring of the same size.
    rank = np.lexsort((table["estate_id"], -np.rint(shapely.area(table.geometry.to_numpy()))))
    return table.iloc[rank].reset_index(drop=True)


def _rings(walls: NDArray[np.object_]) -> NDArray[np.object_]:
    """Find what walls and fences enclose, openings as wide as a gate closed."""
    if len(walls) == 0:
        return np.empty(0, dtype=object)
    noded = shapely.get_parts(shapely.node(shapely.GeometryCollection(list(walls))))
    ends = np.concatenate([shapely.get_point(noded, 0), shapely.get_point(noded, -1)])
    xy, uses = np.unique(shapely.get_coordinates(ends), axis=0, return_counts=True)
    tips = shapely.points(xy[uses == 1])
    links = np.empty(0, dtype=object)
    if len(tips) > 1:
        left, right = shapely.STRtree(tips).query(tips, predicate="dwithin", distance=_RIM_GAP_M)
        left, right = left[left < right], right[left < right]
        pairs = np.stack(
            [shapely.get_coordinates(tips[left]), shapely.get_coordinates(tips[right])]
        )
        links = np.asarray(shapely.linestrings(np.swapaxes(pairs, 0, 1)), dtype=object)
    lines = shapely.node(shapely.GeometryCollection([*noded, *links]))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    return np.asarray(faces, dtype=object)


def _mostly_housing(rings: NDArray[np.object_], buildings: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Keep rings most of whose built surface is tagged as housing: no schools, no works."""
    shapes = buildings.geometry.to_numpy()
    size = shapely.area(shapes)
    ring, building = shapely.STRtree(shapely.point_on_surface(shapes)).query(
        rings, predicate="intersects"
    )
    lived = buildings["use"].isin(_HOUSING).to_numpy(dtype=bool)[building]
    built = np.bincount(ring, weights=size[building], minlength=len(rings))
    housing = np.bincount(ring, weights=size[building] * lived, minlength=len(rings))
    answer: NDArray[np.bool_] = (built > 0) & (housing >= 0.5 * built)
    return answer


def _measure(
    shapes: NDArray[np.object_],
    walls: NDArray[np.object_],
    gates: gpd.GeoDataFrame,
    network: StreetNetwork,
    buildings: gpd.GeoDataFrame,
) -> _Measured:
    """Measure walls, streets, ways in and buildings of every candidate."""
    n = len(shapes)
    inner = shapely.buffer(shapes, -_INSET_M)
    rims = shapely.boundary(inner)
    restricted = network.edges["access"].isin(_PRIVATE).to_numpy(dtype=bool)[network.walkable]
    at, edge = network.tree.query(inner, predicate="intersects")
    lines = network.lines[network.walkable[edge]]
    within_m = shapely.length(shapely.intersection(lines, inner[at]))
    inner_m = np.bincount(at, weights=within_m, minlength=n)
    private_m = np.bincount(at, weights=within_m * restricted[edge], minlength=n)
    xy, owner = shapely.get_coordinates(shapely.intersection(lines, rims[at]), return_index=True)
    # A junction on the rim belongs to two edges, and is public when one of them is.
    keyed = np.column_stack([at[owner].astype(float), np.round(xy, 1), restricted[edge[owner]]])
    keyed = keyed[np.lexsort(keyed.T[::-1])]
    first = np.ones(len(keyed), dtype=bool)
    first[1:] = (keyed[1:, :3] != keyed[:-1, :3]).any(axis=1)
    crossing = keyed[first]
    gate = shapely.STRtree(gates.geometry.to_numpy())
    points = shapely.points(crossing[:, 1:3])
    gated = np.zeros(len(crossing), dtype=bool)
    gated[gate.query(points, predicate="dwithin", distance=GATE_REACH_M)[0]] = True
    # A gate on the rim that no mapped street leads through is a way in as well.
    owner, lone = gate.query(shapely.boundary(shapes), predicate="dwithin", distance=WALL_REACH_M)
    lone_xy = shapely.get_coordinates(gates.geometry.to_numpy())[lone]
    known = [
        bool((np.hypot(*(crossing[crossing[:, 0] == k, 1:3] - xy).T) <= GATE_REACH_M).any())
        for k, xy in zip(owner, lone_xy, strict=True)
    ]
    added = np.flatnonzero(~np.asarray(known, dtype=bool))
    added = added[np.lexsort((lone_xy[added, 1], lone_xy[added, 0], owner[added]))]
    blocks = buildings.geometry.to_numpy()
    blocks = shapely.point_on_surface(blocks[shapely.area(blocks) >= _BUILDING_M2])
    inside, _ = shapely.STRtree(blocks).query(shapes, predicate="intersects")
    return _Measured(
        walled=_walled_share(shapes, walls),
        inner_m=np.asarray(inner_m, dtype=np.float64),
        private=np.divide(private_m, inner_m, out=np.full(n, np.nan), where=inner_m > 0),
        houses=np.bincount(inside, minlength=n),
        crossing_of=np.concatenate([crossing[:, 0].astype(np.int64), owner[added]]),
        crossing_xy=np.concatenate([crossing[:, 1:3], lone_xy[added]]),
        gated=np.concatenate([gated, np.ones(len(added), dtype=bool)]),
        restricted=np.concatenate([crossing[:, 3] > 0, np.zeros(len(added), dtype=bool)]),
    )


def _walled_share(shapes: NDArray[np.object_], walls: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure which share of each outer rim stands beside a wall or fence."""
    share = np.zeros(len(shapes))
    rims = shapely.boundary(shapes)
    rim, wall = shapely.STRtree(walls).query(rims, predicate="dwithin", distance=WALL_REACH_M)
    for k in np.unique(rim):
        near = shapely.union_all(shapely.buffer(walls[wall[rim == k]], WALL_REACH_M))
        share[k] = shapely.length(shapely.intersection(rims[k], near)) / shapely.length(rims[k])
    return share


def _apart(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Keep the first of outlines that overlap by more than a tenth of the smaller one."""
    kept: list[int] = []
    for k, shape in enumerate(shapes):
        others = shapes[kept]
        least = 0.1 * np.minimum(shapely.area(others), shapely.area(shape))
        if not (shapely.area(shapely.intersection(others, shape)) > least).any():
            kept.append(k)
    return np.asarray(kept, dtype=np.int64)


def _evidence(walled: float, gated: int, ways: int, private: float) -> str:
    said = [f"walls or fences along {walled:.0%} of the rim"] if walled > 0 else []
    said.append(f"{gated} of {ways} ways in at a mapped gate")
    if private > 0:
        said.append(f"{private:.0%} of the streets inside private")
    return "; ".join(said)


def _gates(
    found: _Measured,
    rows: NDArray[np.int64],
    ids: NDArray[np.object_],
    network: StreetNetwork,
) -> gpd.GeoDataFrame:
    """Make every way into a closed estate one of its gates."""
    mine = np.flatnonzero(np.isin(found.crossing_of, rows))
    owner = ids[found.crossing_of[mine]]
    number = pd.Series(owner, dtype=object).groupby(owner).cumcount() + 1
    table = gpd.GeoDataFrame(
        {
            "gate_id": [f"{one}/{k}" for one, k in zip(owner, number, strict=True)],
            "kind": np.where(found.gated[mine], "gate", "street").astype(object),
            "access": None,
            "estate_id": owner,
        },
        geometry=shapely.points(found.crossing_xy[mine]),
        crs=network.crs,
    )
    return check(table.sort_values("gate_id", kind="stable"), GATES, where="gates on the map")
