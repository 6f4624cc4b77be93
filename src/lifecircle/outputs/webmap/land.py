"""Land, sites and rows without a place become the plain facts the map page shows."""

from __future__ import annotations

from typing import Any

from lifecircle.outputs.content import Content
from lifecircle.outputs.sentences import site_sentences
from lifecircle.outputs.webmap import shapes
from lifecircle.outputs.webmap.values import Teller, listed, plain, text

_SIZES = ("rect_length_m", "rect_width_m", "frontage_m", "slope_pct")


def sites(content: Content, teller: Teller) -> list[dict[str, Any]]:
    """
    Gather the proposed sites.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told.

    Returns
    -------
    rows
        Plain values, one mapping per row.
    """
    projects = content.projects.drop_duplicates("project_id").set_index("project_id")
    communities = dict(
        zip(content.parcels["parcel_id"], content.parcels["community_id"], strict=True)
    )
    said = {} if teller.public else _sentences(content)
    rows = []
    for row in content.sites.sort_values("site_id", kind="stable").to_dict("records"):
        texts = ("site_id", "parcel_id", "kind", "conforms", "project_id")
        told: dict[str, Any] = {name: text(row[name]) for name in texts}
        told["services"] = listed(row["services"])
        told["types"] = listed(row["types"])
        told["year"] = plain(row["year"], 0)
        told["area_m2"] = plain(row["area_m2"], 0)
        told["floor_m2"] = plain(row["floor_m2"], 0)
        told["newly_covered"] = teller.people(row["newly_covered"])
        told["capacity"] = plain(row["capacity"], 0)
        told["chosen_in"] = plain(row["chosen_in"], 2)
        told["sentence"] = said.get(row["site_id"])
        told["community_id"] = text(communities.get(row["parcel_id"]))
        if row["project_id"] in projects.index:
            project = projects.loc[row["project_id"]]
            told["project"] = text(project["name"])
            told["mode"] = text(project["mode"])
            told["lead_body"] = text(project["lead_body"])
        if not teller.public:
            told["at"] = [plain(row["lat"], 6), plain(row["lon"], 6)]
        rows.append(told)
    return rows


def _sentences(content: Content) -> dict[str, list[str]]:
    """Say each site in both languages of the page."""
    both = [site_sentences(content, language) for language in ("zh", "en")]
    ids = content.sites["site_id"].tolist()
    return {one: [zh, en] for one, zh, en in zip(ids, *both, strict=True)}


def parcels(content: Content, teller: Teller) -> list[dict[str, Any]]:
    """
    Gather land and rooms that can be proposed.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told.

    Returns
    -------
    rows
        Plain values, one mapping per row.
    """
    usable = ~content.parcels["status"].isin(["doubtful", "refused"])
    frame = content.parcels[usable].sort_values("parcel_id", kind="stable")
    texts = ("parcel_id", "kind", "origin", "community_id", "conforms", "code", "code_system")
    rows = []
    outlines = [] if teller.public else shapes.polygons(frame, tolerance_m=0.5)
    spots = [] if teller.public else shapes.points(frame)
    for place, row in enumerate(frame.to_dict("records")):
        told: dict[str, Any] = {name: text(row[name]) for name in texts}
        told |= {name: plain(row[name], 0) for name in ("area_m2", "floor_m2")}
        if not teller.public:
            told |= {name: plain(row[name], 0) for name in _SIZES}
            told["fits"] = listed(row["fits"])
            told["misfits"] = misfits(row["misfits"])
            told["checks"] = listed(row["checks"])
            told["consent"] = text(row["consent"])
            told["near"] = listed(row["near"])
            told["name"] = text(row["name"])
            told["evidence"] = text(row["evidence"])
            told["rings"] = outlines[place]
            told["at"] = spots[place]
        rows.append(told)
    return rows


def refused(content: Content, teller: Teller) -> list[dict[str, Any]]:
    """
    Gather land that is not proposed, and why not; a public edition has none of it.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told.

    Returns
    -------
    rows
        Plots refused or doubtful, with ``reasons``, where they lie and, where known, outlines.
    """
    if teller.public:
        return []
    frame = content.parcels[content.parcels["status"].isin(["doubtful", "refused"])]
    frame = frame.sort_values("parcel_id", kind="stable")
    outlines, spots = shapes.polygons(frame, tolerance_m=0.5), shapes.points(frame)
    texts = ("parcel_id", "name", "kind", "origin", "community_id", "status", "evidence")
    return [
        {
            **{name: text(row[name]) for name in texts},
            "area_m2": plain(row["area_m2"], 0),
            "reasons": listed(row["reasons"]),
            "rings": outlines[place],
            "at": spots[place],
        }
        for place, row in enumerate(frame.to_dict("records"))
    ]


def misfits(cell: object) -> list[list[Any]]:
    """
    Group the types a plot has no room for by what stands against them.

    Parameters
    ----------
    cell
        ``type=reason`` with ``;`` between them, or missing.

    Returns
    -------
    grouped
        Pairs of a reason and its types, in the order of the cell.

    Examples
    --------
    >>> from lifecircle.outputs.webmap.land import misfits
    >>> misfits("medical.center=small; fitness.field=small")
    [['small', ['medical.center', 'fitness.field']]]
    """
    found: dict[str, list[str]] = {}
    for part in listed(cell):
        kind, _, reason = part.partition("=")
        found.setdefault(reason, []).append(kind)
    return [[reason, kinds] for reason, kinds in found.items()]


def to_place(content: Content) -> list[dict[str, Any]]:
    """
    Gather rows of lists that have no place; a public edition has none of them.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    rows
        Plain values, one mapping per row.
    """
    rows = []
    for row in content.to_place.to_dict("records"):
        told: dict[str, Any] = {
            name: text(row[name]) for name in ("place_key", "list", "name", "address", "evidence")
        }
        told["row"] = plain(row["row"], 0)
        told["services"] = listed(row["services"])
        told["certainty"] = plain(row["confidence"], 2)
        for name, lon, lat in (("guess", "guess_lon", "guess_lat"), ("at", "lon", "lat")):
            place = [plain(row[lat], 6), plain(row[lon], 6)]
            told[name] = None if None in place else place
        rows.append(told)
    return rows
