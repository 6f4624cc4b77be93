"""What the page says of the study and its communities: people, shares, index, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.outputs.content import Content
from lifecircle.outputs.rounding import whole_people
from lifecircle.outputs.unjudged import Key, unjudged
from lifecircle.outputs.webmap import cards, shapes
from lifecircle.outputs.webmap.values import FEW, Teller, plain, text


def study(content: Content, teller: Teller) -> dict[str, Any]:
    """
    Gather what the page says of the whole study.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told.

    Returns
    -------
    facts
        ``people, scores, index``.
    """
    scores = _rows_of(content.scores, "study")
    index = _rows_of(content.index, "study")
    after = _after(content, "study", teller)
    return {
        "people": teller.people(
            whole_people(content).get(("study", "study"), content.communities["people"].sum())
        ),
        "scores": _joined(_scores(scores.to_dict("records"), teller), after.get("study", {})),
        "index": _indices(index.to_dict("records"), teller, unjudged(content)),
    }


def _named_where_people_live(frame: gpd.GeoDataFrame, content: Content) -> gpd.GeoDataFrame:
    """Put each name among the homes, not in the middle of a lake that belongs to the community."""
    homes = content.homes
    if content.release == "public" or homes.empty:
        return frame
    spots = frame.geometry.to_numpy(dtype=object).copy()
    living = homes.groupby("community_id").indices
    xy = np.column_stack([homes.geometry.x, homes.geometry.y])
    for place, key in enumerate(frame["community_id"]):
        rows = living.get(key)
        if rows is None:
            continue
        centre = np.median(xy[rows], axis=0)
        nearest = rows[int(np.hypot(*(xy[rows] - centre).T).argmin())]
        middle = shapely.Point(centre)
        inside = shapely.intersects(spots[place], middle)
        spots[place] = middle if inside else shapely.Point(xy[nearest])
    return gpd.GeoDataFrame(geometry=spots, crs=frame.crs)


def communities(content: Content, teller: Teller) -> list[dict[str, Any]]:
    """
    Gather what the page says of each community.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told.

    Returns
    -------
    facts
        In the order of ids: name, outline, where its name stands, people, scores, index and the
        facility nearest for most of its people.
    """
    frame = content.communities.sort_values("community_id", kind="stable")
    scores = _by_area(_rows_of(content.scores, "community"))
    index = _by_area(_rows_of(content.index, "community"))
    whole = whole_people(content)
    after = _after(content, "community", teller)
    silent = unjudged(content)
    outlines = shapes.polygons(frame, tolerance_m=0.5)
    spots = shapes.points(_named_where_people_live(frame, content))
    near = cards.nearest(content)
    rows = []
    for place, row in enumerate(frame.to_dict("records")):
        key, people = row["community_id"], row["people"]
        if not teller.few(people):
            people = whole.get(("community", str(key)), people)
        rows.append(
            {
                "id": key,
                "name": text(row["name"]) or str(key),
                "within": text(row["subdistrict"]),
                "people": teller.people(people),
                "rings": outlines[place],
                "at": spots[place],
                "scores": _joined(
                    _scores(scores.get(key, []), teller),
                    after.get(str(key), {}),
                ),
                "index": _indices(index.get(key, []), teller, silent),
                "nearest": near.get(str(key), {}),
            }
        )
    return rows


def _by_area(frame: pd.DataFrame) -> dict[object, list[dict[Any, Any]]]:
    # One pass: a frame for each of 20,000 areas would take a minute.
    found: dict[object, list[dict[Any, Any]]] = {}
    for row in frame.to_dict("records"):
        found.setdefault(row["area_id"], []).append(row)
    return found


def _after(content: Content, level: str, teller: Teller) -> dict[str, dict[str, Any]]:
    """Gather shares with the sites where they change; a public edition shows no sites."""
    found: dict[str, dict[str, Any]] = {}
    if teller.public:
        return found
    rows = _rows_of(content.after, level)
    for row in rows[pd.to_numeric(rows["gained"]) > 0].to_dict("records"):
        found.setdefault(str(row["area_id"]), {})[row["requirement"]] = {
            "after": teller.share(row["share_after"]),
            "verdict_after": text(row["verdict_after"]),
            "gained": teller.people(row["gained"]),
        }
    return found


def _joined(scores: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: told | after.get(name, {}) for name, told in scores.items()}


def _scores(rows: list[dict[Any, Any]], teller: Teller) -> dict[str, Any]:
    told = {}
    for row in rows:
        people, covered = row["people"], row["covered"]
        # The rest of a known total tells as much as the part.
        hidden = teller.few(people) or teller.few(covered) or teller.few(people - covered)
        # A whole percent of fewer people than this says who the few are.
        share_tells = hidden and people < 100 * 2 * FEW
        told[row["requirement"]] = {
            "share": None if share_tells else teller.share(row["share"]),
            "covered": None if hidden else teller.people(covered),
            "people": teller.people(people),
            "target": plain(row["target_share"], 3),
            "verdict": None if teller.few(people) else text(row["verdict"]),
            "median_s": None if teller.few(people) else plain(row["median_s"], 0),
            "facilities": plain(row["facilities"], 0),
            "robust": text(row["robust"]),
        }
    return told


def _indices(
    rows: list[dict[Any, Any]], teller: Teller, silent: Mapping[Key, tuple[str, ...]]
) -> dict[str, Any]:
    told = {}
    for row in rows:
        hidden = teller.few(row["people"])
        told[str(int(row["minutes"]))] = {
            "index": None if hidden else plain(row["index"], 1),
            "grade": None if hidden else text(row["grade"]),
            "weakest": None if hidden else text(row["weakest_service"]),
            "gaps": plain(row["gaps"], 0),
            "unjudged": list(
                silent.get((row["level"], str(row["area_id"]), int(row["minutes"])), ())
            ),
        }
    return told


def _rows_of(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    return frame[frame["level"] == level]
