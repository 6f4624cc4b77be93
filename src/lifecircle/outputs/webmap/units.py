"""Service units become the facts the map page draws them from."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.outputs.content import Content
from lifecircle.outputs.webmap import shapes
from lifecircle.outputs.webmap.values import Teller, listed, plain, text

COLOURS = ("#8ecae6", "#f4a896", "#b7d99c", "#d9b8e6", "#ffd27f", "#9fd8cb", "#e3c19f", "#c3c8f0")
"""Fills of units: which one a unit takes says nothing, but that neighbours differ."""


def units(content: Content, teller: Teller) -> list[dict[str, Any]]:
    """
    Gather the units.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        Holds back small counts in a public edition.

    Returns
    -------
    units
        Per unit its ``id, name, set`` (origin and tier), ``colour``, outline, members, people and
        services; ready to be packed.
    """
    if not len(content.units):
        return []
    frame = content.units.sort_values(["origin", "tier", "unit_id"], kind="stable")
    outlines = shapes.polygons(frame, tolerance_m=1.0)
    spots = shapes.points(frame)
    services = dict(tuple(content.unit_services.groupby("unit_id")))
    sets = [
        f"{origin}_{tier:g}" if tier == tier else str(origin)  # noqa: PLR0124 - NaN
        for origin, tier in zip(frame["origin"], frame["tier"].astype(float), strict=True)
    ]
    colours = unit_colours(frame)
    rows = []
    for place, row in enumerate(frame.to_dict("records")):
        found = services.get(row["unit_id"])
        rows.append(
            {
                "id": row["unit_id"],
                "name": text(row["name"]),
                "set": sets[place],
                "origin": text(row["origin"]),
                "tier": plain(row["tier"], 0),
                "colour": colours[place],
                "rings": outlines[place],
                "at": spots[place],
                "members": listed(row["communities"]),
                "within": "、".join(listed(row["subdistricts"])),
                "people": teller.people(row["people"]),
                "in_band": None if teller.few(row["people"]) else text(row["in_band"]),
                "band": [plain(row["people_min"], 0), plain(row["people_max"], 0)],
                "connected": bool(row["connected"]),
                "cut_by": listed(row["cut_by"] or ""),
                "walk_s": plain(row["walk_s"], 0),
                "asked": plain(row["asked"], 0),
                "met": plain(row["met"], 0),
                "services": []
                if found is None
                else [
                    {
                        "requirement": one["requirement"],
                        "facilities": plain(one["facilities"], 0),
                        "share": teller.share(one["share"]),
                        "met": None if one["met"] is None else bool(one["met"]),
                    }
                    for one in found.to_dict("records")
                ],
            }
        )
    return rows


def unit_colours(units: gpd.GeoDataFrame) -> list[str]:
    """
    Colour units so that neighbours of one tier differ.

    Parameters
    ----------
    units
        Rows of `tables.UNITS` with outlines.

    Returns
    -------
    colours
        One of `COLOURS` each.
    """
    shapes = np.asarray(units.geometry.array, dtype=object)
    sets = [*zip(units["origin"], units["tier"].fillna(0), strict=True)]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    chosen: list[int] = []
    for row in range(len(shapes)):
        near = [int(at) for at in other[one == row] if at < row and sets[at] == sets[row]]
        taken = {chosen[at] for at in near}
        chosen.append(next(number for number in range(len(shapes)) if number not in taken))
    return [COLOURS[number % len(COLOURS)] for number in chosen]
