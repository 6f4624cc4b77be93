"""Towns of a few lines: streets, homes and facilities for tests of the numbers."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.network.compounds import Compounds, enclose
from lifecircle.network.pins import pin_points
from lifecircle.network.router import Ends
from lifecircle.network.streets import StreetNetwork
from lifecircle.reach.matrix import Pinned
from lifecircle.standards import Requirement, Standard, load_standard
from lifecircle.tables import COMMUNITIES, ESTATES, FACILITIES, GATES, HOMES, check, empty

CRS = "EPSG:4550"

Coords = Sequence[tuple[float, float]]


def streets(*lines: Coords, **columns: Sequence[object]) -> StreetNetwork:
    """Lines as streets, one edge each."""
    shapes = [shapely.LineString(line) for line in lines]
    return StreetNetwork.from_lines(gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS))


def points(*xy: tuple[float, float]) -> np.ndarray:
    return shapely.points(np.asarray(xy, dtype=float).reshape(-1, 2))


def edge_of(network: StreetNetwork, line: Coords) -> int:
    """Which edge a line became."""
    wanted = shapely.LineString(line)
    return int(np.flatnonzero([shapely.equals_exact(one, wanted) for one in network.lines])[0])


def estate_table(*outlines: shapely.Polygon, closed: Sequence[bool] | bool = True):
    return check(
        gpd.GeoDataFrame(
            {"estate_id": [f"e{k}" for k in range(len(outlines))], "closed": closed},
            geometry=list(outlines),
            crs=CRS,
        ),
        ESTATES,
        where="estates",
    )


def gate_table(*xy: tuple[float, float], estate: Sequence[str | None] | None = None):
    if not xy:
        return empty(GATES, CRS)
    return check(
        gpd.GeoDataFrame(
            {
                "gate_id": [f"g{k}" for k in range(len(xy))],
                "estate_id": [None] * len(xy) if estate is None else list(estate),
            },
            geometry=points(*xy),
            crs=CRS,
        ),
        GATES,
        where="gates",
    )


def open_town(network: StreetNetwork) -> Compounds:
    """Streets without any closed estate."""
    return enclose(network, empty(ESTATES, CRS), empty(GATES, CRS))


def pin_rows(compounds: Compounds, shapes: np.ndarray, obstacles: np.ndarray | None = None) -> Ends:
    """Pin points as a study does: by estates, gates and obstacles."""
    return Ends.single(
        pin_points(
            compounds.network,
            shapes,
            obstacles=obstacles,
            compound=compounds.locate(shapes),
            gate_pins=pin_points(compounds.network, shapely.points(compounds.gate_xy)),
            gate_compound=compounds.gate_compound,
            gate_xy=compounds.gate_xy,
        )
    )


def homes_at(
    town: Compounds | StreetNetwork,
    *xy: tuple[float, float],
    people: Sequence[float] | float = 10.0,
    community: Sequence[str | None] | str | None = "c1",
    obstacles: np.ndarray | None = None,
    **columns: object,
) -> Pinned:
    town = open_town(town) if isinstance(town, StreetNetwork) else town
    shapes = points(*xy)
    table = gpd.GeoDataFrame(
        {
            "home_id": [f"h{k:03d}" for k in range(len(xy))],
            "community_id": community,
            "status": "ok",
            "people": people,
            "origin": "people",
            **columns,
        },
        geometry=shapes,
        crs=CRS,
    )
    return Pinned(
        table=check(table, HOMES, where="homes"),
        ends=pin_rows(town, shapes, obstacles),
        compound=town.locate(shapes),
    )


def facilities_at(
    town: Compounds | StreetNetwork,
    *xy: tuple[float, float],
    kind: Sequence[str] | str = "medical.station",
    community: Sequence[str | None] | str | None = "c1",
    obstacles: np.ndarray | None = None,
    **columns: object,
) -> Pinned:
    town = open_town(town) if isinstance(town, StreetNetwork) else town
    shapes = points(*xy)
    kinds = [kind] * len(xy) if isinstance(kind, str) else list(kind)
    table = gpd.GeoDataFrame(
        {
            "facility_id": [f"f{k:03d}" for k in range(len(xy))],
            "service": [one.split(".")[0] for one in kinds],
            "type": kinds,
            "community_id": community,
            **columns,
        },
        geometry=shapes,
        crs=CRS,
    )
    return Pinned(
        table=check(table, FACILITIES, where="facilities"),
        ends=pin_rows(town, shapes, obstacles),
        compound=town.locate(shapes),
    )


def community_table(*ids: str, **columns: Sequence[object]) -> gpd.GeoDataFrame:
    """Communities side by side, 1 km wide each, from x = 0 eastwards."""
    return check(
        gpd.GeoDataFrame(
            {"community_id": list(ids), "name": [f"Community {one}" for one in ids], **columns},
            geometry=[shapely.box(1000 * k, -500, 1000 * (k + 1), 500) for k in range(len(ids))],
            crs=CRS,
        ),
        COMMUNITIES,
        where="communities",
    )


BASIC = load_standard("basic")


def requirement(like: str = "medical_15", **changes: object) -> Requirement:
    """A requirement of the standard ``basic`` with some fields changed."""
    like_it = BASIC.requirement(like)
    told = tuple(
        item.model_copy(update={"field": "limit_m"}) if item.field == "minutes" else item
        for item in like_it.evidence
    )
    evidence = told if changes.get("limit_m") is not None else like_it.evidence
    return like_it.model_copy(update={"evidence": evidence, **changes})


def standard(*requirements: Requirement, **changes: object) -> Standard:
    """The standard ``basic`` asking only for these."""
    services = tuple(dict.fromkeys(one.service for one in requirements))
    return BASIC.model_copy(update={"requirements": requirements, "services": services, **changes})
