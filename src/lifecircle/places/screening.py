"""
Judges candidate land and rooms: what must never be built on is cut off or refused, with its reason.

Exclusions win over every list. What is left keeps its evidence and what still has to be checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.places.corridors import Streets
from lifecircle.places.outlines import areal, only_valid
from lifecircle.sources.land.terms import SHORT, short_term
from lifecircle.sources.land.words import hazards_of, is_stilted, kind_of_code, rights_of
from lifecircle.tables import PARCELS, LandFiles, check

Shapes = NDArray[np.object_]

COVER_REFUSED = (
    *("farmland", "forest", "meadow", "wetland", "water", "road", "railway", "transport"),
    *("park", "square", "special", "quarry"),
)
"""Ground of the land survey that is in use or protected."""
PLAN_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "park": "planned_park",
        "green_belt": "planned_green",
        "square": "planned_square",
        "road": "planned_road",
        "railway": "planned_road",
        "water": "planned_water",
        "farmland": "planned_farmland",
        "forest": "planned_forest",
        "special": "planned_special",
    }
)
"""Planned uses that leave no room for a facility, with the reason each gives (P)."""
CONFORMS = ("service", "vacant")
TOLD_SHARE = 0.01
"""A reason that takes less of a plot than this is not told."""
CUT_SHARE = 0.05
"""A plot that lost more than this says so."""
_SLIVER_M2 = 1.0  # outlines of two offices never meet to the millimetre
_OVER = 0.5  # a plan's plot or a right decides where it holds half of the land
_CLEARED = "拆后"
_FOUND = ("built", "street")
_REFUSING = ("contaminated",)
_NOT_OF_ROOMS = ("built", "street", "road", "railway")
_PUBLIC_OWNER = re.compile("国资|国有|城投|国投|交投|水务|城建|储备")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """
    What stands against building, in one metric system.

    Parameters
    ----------
    land
        What offices say, moved into the system.
    buildings
        Outlines of buildings, shape (b,).
    streets
        Streets with their corridors.
    """

    land: LandFiles
    buildings: Shapes
    streets: Streets


def screen(
    candidates: gpd.GeoDataFrame, ground: Ground, *, smallest_m2: float = 150.0
) -> gpd.GeoDataFrame:
    """
    Judge every candidate.

    Parameters
    ----------
    candidates
        `tables.PARCELS` in a metric system.
    ground
        What stands against them, in the same system.
    smallest_m2
        Least land that is worth keeping [m²].

    Returns
    -------
    parcels
        The same rows with ``status`` (``candidate``, ``doubtful`` or ``refused``), ``reasons``
        and ``checks`` (codes with ``; ``), ``conforms`` (``conform``, ``adjust`` or
        ``not_covered``; missing without a plan), ``rights`` and ``owner``. A candidate has the
        largest piece that is left, its area [m²] and measures; refused land keeps its outline.

    Notes
    -----
    Cut off, in this order: files of exclusions; farmland, forest, water, roads, railways, parks
    and other used ground of the land survey; planned green, roads and water; buildings, but for
    land listed as cleared; corridors of streets. Land is refused when less than `smallest_m2` is
    left in one piece, or a note says it is polluted or not yet looked at. Points are rooms, which
    stand already: what protects their place is a check, not a refusal.
    """
    table = candidates.reset_index(drop=True).copy()
    shapes = table.geometry.to_numpy().copy()
    flat = shapely.get_dimensions(shapes) == 2
    layers = _layers(ground)
    reasons = [list(_codes(text)) for text in table["reasons"]]
    checks = [list(_codes(text)) for text in table["checks"]]
    status = table["status"].fillna("candidate").to_numpy(dtype=object).copy()
    area_m2 = table["area_m2"].to_numpy(dtype=np.float64).copy()
    built = dict(layers)["built"]
    cut = np.zeros(len(table), dtype=bool)
    origin = table["origin"].to_numpy(dtype=object)
    for row, hazards in enumerate(_hazards(table)):
        if is_stilted(*(_text(table[name].iloc[row]) for name in ("name", "list"))):
            checks[row] += ["stilted", "owners_consent"]
        stop = [one for one in hazards if one in _REFUSING]
        checks[row] += [one for one in hazards if one not in _REFUSING]
        if not flat[row]:
            # What an address leads to is too rough to say more of a plot without an outline.
            if status[row] == "candidate":
                checks[row] += [
                    reason
                    for reason, layer in layers
                    if reason not in _NOT_OF_ROOMS and layer.meets(shapes[row])
                ]
        else:
            cleared = _CLEARED in str(table["list"].iloc[row])
            if cleared and built.meets(shapes[row]):
                checks[row].append("buildings_drawn")
            # land found on the map has been cut off buildings and streets already
            spared = _FOUND if origin[row] in ("tagged", "residual") else ("built",) * cleared
            against = [one for one in layers if one[0] not in spared]
            found = _reasons(shapes[row], against)
            piece = _left(shapes[row], against)
            whole, rest = shapely.area(shapes[row]), shapely.area(piece)
            if whole < smallest_m2:
                stop.append("too_small")
            if rest < smallest_m2:
                stop += found
            elif not stop and rest < whole - _SLIVER_M2:
                shapes[row], area_m2[row] = piece, rest
                cut[row] = True
                checks[row] += ["partly_excluded", *found] if rest < (1 - CUT_SHARE) * whole else []
        if stop:
            status[row] = "refused"
            reasons[row] += stop
    table = table.set_geometry(gpd.GeoSeries(shapes, crs=table.crs))
    table["area_m2"] = area_m2
    if cut.any():
        circle = shapely.maximum_inscribed_circle(shapes[cut], tolerance=0.25)
        table.loc[cut, "inscribed_m"] = 2 * shapely.length(circle)
        table.loc[cut, "compactness"] = 4 * np.pi * area_m2[cut] / shapely.length(shapes[cut]) ** 2
    _plan(table, ground.land, checks)
    _rights(table, ground.land, checks)
    table["status"] = status
    table["reasons"] = ["; ".join(_once(one)) or None for one in reasons]
    table["checks"] = ["; ".join(_once(one)) or None for one in checks]
    return check(table, PARCELS, where="candidate land")


class _Layer:
    """Shapes of one reason, asked many times."""

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = areal(only_valid(shapes))
        self.shapes = self.shapes[~shapely.is_empty(self.shapes)]
        self.tree = shapely.STRtree(self.shapes)

    def near(self, shape: shapely.Geometry) -> shapely.Geometry:
        rows = self.tree.query(shape, predicate="intersects")
        west, south, east, north = shapely.bounds(shape)
        box = (west - 1, south - 1, east + 1, north + 1)
        clipped = shapely.clip_by_rect(self.shapes[np.sort(rows)], *box)
        return shapely.union_all(only_valid(clipped)) if len(rows) else shapely.Polygon()

    def meets(self, shape: shapely.Geometry) -> bool:
        return bool(len(self.tree.query(shape, predicate="intersects")))


def _layers(ground: Ground) -> list[tuple[str, _Layer]]:
    land = ground.land
    found: list[tuple[str, Shapes]] = []
    if land.protected is not None:
        for reason, rows in land.protected.groupby("reason", sort=True):
            found.append((str(reason), rows.geometry.to_numpy()))
    if land.cover is not None:
        for kind in COVER_REFUSED:
            rows = land.cover[land.cover["kind"] == kind]
            found.append((kind, rows.geometry.to_numpy()))
    if land.plots is not None:
        kinds = _plan_kinds(land.plots)
        for kind, reason in PLAN_REFUSED.items():
            found.append((reason, land.plots.geometry.to_numpy()[kinds == kind]))
    found.append(("built", ground.buildings))
    found.append(("street", ground.streets.corridor))
    return [(reason, _Layer(np.asarray(shapes, dtype=object))) for reason, shapes in found]


def _plan_kinds(plots: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.array(
        [
            "other" if code is None else kind_of_code(code, system)
            for code, system in zip(plots["code"], plots["code_system"], strict=True)
        ],
        dtype=object,
    )


def _reasons(shape: shapely.Geometry, layers: list[tuple[str, _Layer]]) -> list[str]:
    """Name everything that takes a share of a plot worth telling."""
    whole = shapely.area(shape)
    return [
        reason
        for reason, layer in layers
        if layer.meets(shape)
        and shapely.area(shapely.intersection(shape, layer.near(shape))) > TOLD_SHARE * whole
    ]


def _left(shape: shapely.Geometry, layers: list[tuple[str, _Layer]]) -> shapely.Geometry:
    """Cut all of it off and keep the largest piece."""
    gone = shapely.union_all([layer.near(shape) for _, layer in layers if layer.meets(shape)])
    parts = shapely.get_parts(shapely.difference(shape, gone))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return parts[np.argmax(shapely.area(parts))] if len(parts) else shapely.Polygon()


def _hazards(table: gpd.GeoDataFrame) -> list[tuple[str, ...]]:
    found = []
    for note, term, kind in zip(table["note"], table["available"], table["kind"], strict=True):
        said = hazards_of(_text(note), _text(term))
        brief = kind != "stock_room" and short_term(term, room=False) and "temporary" not in said
        found.append((*said, SHORT) if brief else said)
    return found


def _plan(table: gpd.GeoDataFrame, land: LandFiles, checks: list[list[str]]) -> None:
    """Compare with the detailed plan, and tell industrial land, whose soil must be looked at."""
    if land.cover is not None:
        row, _ = _most(table, land.cover)
        kinds = land.cover["kind"].to_numpy(dtype=object)
        for at in np.flatnonzero(row >= 0):
            if kinds[row[at]] in ("industrial", "quarry"):
                checks[at].append("soil_check")
    if land.plots is None or len(land.plots) == 0:
        return
    row, share = _most(table, land.plots)
    kinds = _plan_kinds(land.plots)
    codes = land.plots["code"].to_numpy(dtype=object)
    systems = land.plots["code_system"].to_numpy(dtype=object)
    covered = (row >= 0) & (share >= _OVER)
    verdict = np.full(len(table), "not_covered", dtype=object)
    verdict[covered] = ["conform" if kind in CONFORMS else "adjust" for kind in kinds[row[covered]]]
    table["conforms"] = verdict
    # The planned use is what a new facility would have to change.
    code = table["code"].to_numpy(dtype=object).copy()
    system = table["code_system"].to_numpy(dtype=object).copy()
    code[covered], system[covered] = codes[row[covered]], systems[row[covered]]
    table["code"], table["code_system"] = code, system


def _rights(table: gpd.GeoDataFrame, land: LandFiles, checks: list[list[str]]) -> None:
    """Say whose land it is: by the register, else the list, else the land survey."""
    rights = table["rights"].to_numpy(dtype=object).copy()
    owner = table["owner"].to_numpy(dtype=object).copy()
    is_room = (table["kind"] == "stock_room").to_numpy()
    for other, wins in ((land.rights, True), (land.cover, False)):
        if other is None or len(other) == 0:
            continue
        row, share = _most(table, other)
        for at in np.flatnonzero((row >= 0) & (share >= _OVER)):
            said = other["rights"].iloc[row[at]]
            if isinstance(said, str):
                # Whoever owns a room need not own the land below it.
                if isinstance(rights[at], str) and rights[at] != said and not is_room[at]:
                    checks[at].append("rights_differ")
                rights[at] = said if wins or not isinstance(rights[at], str) else rights[at]
            if wins and not isinstance(owner[at], str):
                owner[at] = other["owner"].iloc[row[at]]
    table["rights"], table["owner"] = rights, owner
    shared = table["owner"].astype(str).str.contains("业主") & (table["origin"] == "surveyed")
    table["kind"] = table["kind"].mask(shared, "in_estate")
    for place in range(len(table)):
        checks[place] += _consents(rights[place], owner[place])


def _consents(rights: object, owner: object) -> list[str]:
    said = owner if isinstance(owner, str) else ""
    found = ["collective"] if rights == "collective" or rights_of(said) == "collective" else []
    if said.startswith("个人") or "业主" in said:
        found.append("owners_consent")
    elif re.search("公司$|企业|厂$", said) and not _PUBLIC_OWNER.search(said):
        found.append("private_owner")
    return found


def _most(
    table: gpd.GeoDataFrame, other: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the row of another table that holds most of each shape, and how much of it."""
    mine, theirs = table.geometry.to_numpy(), only_valid(other.geometry.to_numpy())
    at, row = shapely.STRtree(theirs).query(mine, predicate="intersects")
    size = shapely.area(mine)
    point = size[at] == 0
    shared = np.ones(len(at))
    shared[~point] = shapely.area(shapely.intersection(mine[at[~point]], theirs[row[~point]]))
    best = np.full(len(mine), -1, dtype=np.int64)
    share = np.zeros(len(mine))
    order = np.lexsort((-row, shared))
    best[at[order]] = row[order]
    share[at[order]] = shared[order] / np.where(point, 1.0, size[at])[order]
    return best, share


def _codes(text: object) -> tuple[str, ...]:
    return tuple(one.strip() for one in text.split(";")) if isinstance(text, str) else ()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _once(codes: list[str]) -> list[str]:
    return list(dict.fromkeys(code for code in codes if code))
