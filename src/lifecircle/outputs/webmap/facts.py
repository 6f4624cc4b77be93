"""
Tables become the plain facts the map page shows: what a click, a legend or a list needs.

Every number here is read from the same frames as the workbook and the CSV files. In a public
edition counts of people from 1 to 9, and whatever would give them away, are held back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.rounding import whole_people
from lifecircle.outputs.unjudged import Key, unjudged, why_unjudged
from lifecircle.outputs.webmap import cards, shapes
from lifecircle.outputs.webmap import land as mapland
from lifecircle.outputs.webmap import units as mapunits
from lifecircle.outputs.webmap.values import FEW, Teller, plain, text
from lifecircle.outputs.words_of_warnings import told_warnings
from lifecircle.outputs.workbook.steady import sentences_of
from lifecircle.places.asked import is_asked
from lifecircle.provenance import OSM_CREDIT
from lifecircle.standards import Requirement


def facts(content: Content) -> dict[str, Any]:
    """
    Gather what the page says.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    facts
        ``meta, services, requirements, types, circles, grades, study, communities, gaps,
        facilities, isochrones, sites, parcels, refused, to_place, units``: plain data, ready
        to be packed.
    """
    content = released(content)
    teller = Teller(public=content.release == "public")
    return {
        "meta": _meta(content),
        **_standard(content),
        "study": _study(content, teller),
        "communities": _communities(content, teller),
        "gaps": _gaps(content, teller),
        "facilities": _facilities(content, teller),
        "isochrones": _isochrones(content),
        "sites": mapland.sites(content, teller),
        "gained": None if content.newly_covered is None else teller.people(content.newly_covered),
        "parcels": mapland.parcels(content, teller),
        "refused": mapland.refused(content, teller),
        "to_place": mapland.to_place(content),
        "units": mapunits.units(content, teller),
    }


def homes(content: Content) -> dict[str, Any] | None:
    """
    Gather the homes, nothing in a public edition.

    Parameters
    ----------
    content
        What the run has to show. A home is covered where ``<requirement>_covered`` says so, or,
        without that column, where its walk is within the requirement's limit (inclusive);
        ``<requirement>_reason`` tells why it is not, where there is such a column.

    Returns
    -------
    homes
        ``at`` (steps), ``people`` and per requirement a text with one letter per home: ``c``
        covered, ``-`` nobody of the group, else a letter of ``reasons``; ``nearest`` as
        `cards.runs_of_nearest` packs it.
    """
    if content.release == "public":
        return None
    frame = content.homes
    spot = np.floor(np.asarray(frame.geometry.get_coordinates()) / 250.0)
    order = np.lexsort((frame["home_id"].to_numpy(dtype=str), spot[:, 0], spot[:, 1]))
    frame = frame.iloc[order]
    reasons = ["uncovered"]
    state = {}
    for requirement in content.standard.requirements:
        letters = _states(frame, requirement, reasons)
        if letters is not None:
            state[requirement.id] = letters
    people = [plain(value, 1) for value in frame["people"]]
    return {
        "at": shapes.dots(frame),
        "people": people,
        "reasons": reasons,
        "state": state,
        "nearest": cards.runs_of_nearest(content, frame),
    }


def _states(frame: pd.DataFrame, requirement: Requirement, reasons: list[str]) -> str | None:
    unit = "s" if requirement.minutes is not None else "m"
    known = f"{requirement.id}_covered" in frame
    if known:
        covered = frame[f"{requirement.id}_covered"].fillna(value=False).to_numpy(dtype=bool)
    elif f"{requirement.id}_{unit}" in frame:
        limit = requirement.limit_m if requirement.minutes is None else requirement.minutes * 60
        covered = (frame[f"{requirement.id}_{unit}"] <= (limit or 0.0) + 1e-6).to_numpy(dtype=bool)
    else:
        return None
    named = frame.get(f"{requirement.id}_reason")
    group = "people" if requirement.group == "all" else f"people_{requirement.group}"
    someone = (
        (frame[group] > 0).to_numpy(dtype=bool) if group in frame else np.ones(len(frame), bool)
    )
    someone = someone & is_asked(frame, requirement)
    letters = []
    for row in range(len(frame)):
        reason = None if named is None else text(named.iloc[row])
        if not someone[row]:
            letters.append("-")
        elif covered[row]:
            letters.append("c")
        else:
            code = reason or "uncovered"
            if code not in reasons:
                reasons.append(code)
            letters.append(chr(ord("A") + reasons.index(code)))
    return "".join(letters)


def _meta(content: Content) -> dict[str, Any]:
    west, south, east, north = _bounds(content)
    licences = " ".join(source.licence for source in content.sources)
    dates = [source.date for source in content.sources if source.date]
    return {
        "title": content.title,
        "language": content.language,
        "release": content.release,
        "date": content.notes.get("date") or max(dates, default=""),
        "china": "China" in f"{content.crs.datum}" or "CGCS2000" in content.crs.name,
        "credit": OSM_CREDIT if "ODbL" in licences else "",
        "bounds": [[south, west], [north, east]],
        "standard": [content.standard.title_zh, content.standard.title_en],
        "sources": [[source.name, source.licence, source.date] for source in content.sources],
        "warnings": [
            text
            for part in told_warnings(content.warnings, Names.of(content))
            for text in part
            if content.release == "internal"
        ],
        "secrecy": content.secrecy,
        "approval": content.map_approval,
    }


def _bounds(content: Content) -> tuple[float, float, float, float]:
    rings = shapes.base_area(content)
    lon = [value / shapes.COARSE for ring in rings for value in np.cumsum(ring[0::2])]
    lat = [value / shapes.COARSE for ring in rings for value in np.cumsum(ring[1::2])]
    if not lon:
        return (-180.0, -60.0, 180.0, 75.0)
    return (min(lon), min(lat), max(lon), max(lat))


def _standard(content: Content) -> dict[str, Any]:
    standard = content.standard
    silent = {one for those in unjudged(content).values() for one in those}
    return {
        "services": [
            [service, [standard.service_labels[service][code] for code in ("zh", "en")]]
            for service in standard.services
        ],
        "requirements": [
            {
                "id": requirement.id,
                "service": requirement.service,
                "label": [requirement.label_zh, requirement.label_en],
                "circle": requirement.circle,
                "minutes": plain(requirement.minutes, 1),
                "limit_m": plain(requirement.limit_m, 0),
                "group": requirement.group,
                "obligation": requirement.obligation,
                "view": requirement.view,
                "cure": why_unjudged(content, requirement.id, content.language)
                if requirement.id in silent
                else None,
            }
            for requirement in standard.requirements
        ],
        "types": {kind.id: [kind.label_zh, kind.label_en] for kind in standard.types},
        "circles": sorted({requirement.circle for requirement in standard.requirements}),
        "norms": {norm.id: [norm.label_zh, norm.label_en] for norm in standard.norms},
        "grades": [[code, plain(least, 1)] for code, least in standard.grades],
    }


def _study(content: Content, teller: Teller) -> dict[str, Any]:
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
    shapes = frame.geometry.to_numpy(dtype=object).copy()
    living = homes.groupby("community_id").indices
    xy = np.column_stack([homes.geometry.x, homes.geometry.y])
    for place, key in enumerate(frame["community_id"]):
        rows = living.get(key)
        if rows is None:
            continue
        centre = np.median(xy[rows], axis=0)
        nearest = rows[int(np.hypot(*(xy[rows] - centre).T).argmin())]
        middle = shapely.Point(centre)
        inside = shapely.intersects(shapes[place], middle)
        shapes[place] = middle if inside else shapely.Point(xy[nearest])
    return gpd.GeoDataFrame(geometry=shapes, crs=frame.crs)


def _communities(content: Content, teller: Teller) -> list[dict[str, Any]]:
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


def _gaps(content: Content, teller: Teller) -> list[dict[str, Any]]:
    texts = ("gap_id", "community_id", "service", "requirement", "obligation", "kind", "reason")
    more = ("remedy", "site_id", "project_id", "robust", "nearest_facility_id", "group", "clause")
    ways = cards.remedies(content, teller)
    said = {language: sentences_of(content, language) for language in ("zh", "en")}
    best = content.remedies.sort_values(["chosen", "rank"], ascending=[False, True])
    brings = best.drop_duplicates("gap_id").set_index("gap_id")["people"].to_dict()
    rows = []
    for row in content.gaps.sort_values("gap_id", kind="stable").to_dict("records"):
        told: dict[str, Any] = {name: text(row[name]) for name in (*texts, *more)}
        told["people"] = teller.people(row["people_short"])
        told["brings"] = (
            None if row["remedy"] == "survey" else teller.people(brings.get(row["gap_id"]))
        )
        key = (str(row["community_id"]), str(row["requirement"]))
        told["steady"] = (
            [said[language][key] for language in ("zh", "en")] if key in said["zh"] else None
        )
        told["evidence"] = text(row.get("evidence"))
        told["nearest_s"] = plain(row["nearest_s"], 0)
        told["year"] = plain(row["year"], 0)
        told["remedies"] = ways.get(row["gap_id"], [])
        rows.append(told)
    return rows


def _facilities(content: Content, teller: Teller) -> list[dict[str, Any]]:
    frame = content.facilities.sort_values("facility_id", kind="stable")
    spots = shapes.points(frame)
    texts = ("facility_id", "place_id", "name", "service", "type", "status", "open_to", "source")
    numbers = ("floor_m2", "beds", "confidence", "place_confidence")
    people = cards.served(content, teller)
    loads = content.loads.set_index("facility_id").to_dict("index")
    return [
        {
            **{name: text(row.get(name)) for name in (*texts, "placed")},
            **{name: plain(row.get(name), 2) for name in numbers},
            **_load(loads.get(row["facility_id"], {}), teller),
            "served": people.get(row["facility_id"], []),
            "at": spots[place],
        }
        for place, row in enumerate(frame.to_dict("records"))
    ]


def _load(load: dict[str, Any], teller: Teller) -> dict[str, Any]:
    """Say how many people depend on a facility; nothing where nobody knows how many it serves."""
    if plain(load.get("load"), 2) is None or teller.few(load["people_nearest"]):
        return {}
    return {
        "people_nearest": teller.people(load["people_nearest"]),
        "capacity": teller.people(load["capacity"]),
        "load": plain(load["load"], 2),
    }


def _isochrones(content: Content) -> list[dict[str, Any]]:
    frame = content.isochrones
    union = frame[frame["facility_id"].isna() | (frame["facility_id"] == "")]
    union = union.sort_values(["requirement", "minutes"], kind="stable")
    outlines = shapes.polygons(union, tolerance_m=3.0)
    return [
        {
            "requirement": text(row["requirement"]),
            "minutes": plain(row["minutes"], 1),
            "wrongly_in": plain(row["wrongly_in"], 4),
            "wrongly_out": plain(row["wrongly_out"], 4),
            "rings": outlines[place],
        }
        for place, row in enumerate(union.to_dict("records"))
    ]


def _rows_of(frame: pd.DataFrame, level: str) -> pd.DataFrame:
    return frame[frame["level"] == level]
