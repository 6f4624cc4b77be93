"""
Tables become the plain facts the map page shows: what a click, a legend or a list needs.

Every number here is read from the same frames as the workbook and the CSV files. In a public
edition counts of people from 1 to 9, and whatever would give them away, are held back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released
from lifecircle.outputs.unjudged import unjudged, why_unjudged
from lifecircle.outputs.webmap import areas, cards, shapes
from lifecircle.outputs.webmap import land as mapland
from lifecircle.outputs.webmap import units as mapunits
from lifecircle.outputs.webmap.easy import easy_projects, of_ages
from lifecircle.outputs.webmap.values import Teller, plain, text
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
        facilities, isochrones, sites, easy, parcels, refused, to_place, units``: plain data, ready
        to be packed.
    """
    content = released(content)
    teller = Teller(public=content.release == "public")
    return {
        "meta": _meta(content),
        **_standard(content),
        "study": areas.study(content, teller),
        "communities": areas.communities(content, teller),
        "gaps": _gaps(content, teller),
        "facilities": _facilities(content, teller),
        "isochrones": _isochrones(content),
        "sites": mapland.sites(content, teller),
        "easy": easy_projects(content, teller),
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
        "unlived": content.unlived,
        "tiles": list(content.tiles),
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
                **of_ages(requirement, standard),
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
    people, drawn = cards.served(content, teller), cards.areas(content, teller)
    loads = content.loads.set_index("facility_id").to_dict("index")
    return [
        {
            **{name: text(row.get(name)) for name in (*texts, "placed")},
            **{name: plain(row.get(name), 2) for name in numbers},
            **_load(loads.get(row["facility_id"], {}), teller),
            "served": people.get(row["facility_id"], []),
            "areas": drawn.get(row["facility_id"], []),
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
