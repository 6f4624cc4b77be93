"""
Turns tagged nodes and areas of a file into the survey's places: services, gates, doors, towns.

A place is kept when it may be a service; what it really offers is decided later.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.sources.facilities.opening_hours import read_hours
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.facilities.tagging import classify_osm, plain_name, tag_values
from lifecircle.sources.osm.areas import Areas, name_of, population, survey_table
from lifecircle.sources.osm.raw import RawOsm
from lifecircle.sources.osm.streets import GATES, STILES
from lifecircle.tables import DOORS, NAMED_PLACES, PLACES_OF_INTEREST
from lifecircle.tables import GATES as GATE_COLUMNS

# Street furniture, parking, lodging and sights: mapped as places, but never a service.
_NO_SERVICE = {
    "amenity": tag_values(
        "atm bbq bench bicycle_parking bicycle_rental boat_rental bureau_de_change car_rental "
        "car_sharing car_wash charging_station clock drinking_water fountain fuel grave_yard "
        "grit_bin hunting_stand letter_box motorcycle_parking parking parking_entrance "
        "parking_space payment_terminal photo_booth post_box recycling sanitary_dump_station "
        "shelter smoking_area table taxi telephone toilets vending_machine waste_basket "
        "waste_disposal water_point watering_place"
    ),
    "leisure": tag_values(
        "bird_hide bleachers common firepit fishing garden marina nature_reserve outdoor_seating "
        "park picnic_table slipway"
    ),
    "tourism": tag_values(
        "alpine_hut apartment artwork attraction camp_pitch camp_site caravan_site chalet "
        "guest_house hostel hotel information motel picnic_site viewpoint wilderness_hut"
    ),
    "shop": frozenset(),
    "office": frozenset(),
    "healthcare": frozenset(),
    "social_facility": frozenset(),
    "sport": frozenset(),
}
_PUBLIC_BUILDINGS = tag_values("clinic hospital kindergarten museum sports_hall stadium")


def places_of_interest(raw: RawOsm, areas: Areas, own: Recognition = NO_RULES) -> gpd.GeoDataFrame:
    """
    Collect every node and area that may be a service.

    Parameters
    ----------
    raw
        The file.
    areas
        Its areas.
    own
        Rules of the standard: what they recognise is kept too.

    Returns
    -------
    pois
        Columns of `lifecircle.tables.PLACES_OF_INTEREST`, WGS 84; ``tags`` holds plain dicts.
    """
    nodes = [at for at, tags in enumerate(raw.node_tags) if _may_serve(tags, own)]
    outlines = [at for at, tags in enumerate(areas.tags) if _may_serve(tags, own)]
    tags = [raw.node_tags[at] for at in nodes] + [dict(areas.tags[at]) for at in outlines]
    ids = [f"n{raw.node_id[at]}" for at in nodes] + [areas.area_id[at] for at in outlines]
    shapes = np.concatenate([shapely.points(raw.node_lonlat[nodes]), areas.shape[outlines]])
    columns = {
        "poi_id": ids,
        "name": [name_of(each) for each in tags],
        "tags": tags,
        "source": ["OSM"] * len(ids),
    }
    return survey_table(PLACES_OF_INTEREST, columns, shapes)


def _may_serve(tags: Mapping[str, str], own: Recognition) -> bool:
    for key, excluded in _NO_SERVICE.items():
        if key in tags and tags[key] not in excluded:
            return True
    if own.rules and (any(own.by_tags(tags)) or own.read_name(plain_name(name_of(tags) or ""))[0]):
        return True
    # Only a public building, or a name in Chinese, can still tell of a service.
    telling = tags.get("building") in _PUBLIC_BUILDINGS or not tags.get("name", "").isascii()
    return telling and bool(classify_osm(tags))


def gates(raw: RawOsm) -> gpd.GeoDataFrame:
    """
    Collect gates, stiles and openings.

    Parameters
    ----------
    raw
        The file.

    Returns
    -------
    gates
        Columns of `lifecircle.tables.GATES`, WGS 84. ``kind`` is the value of ``barrier``;
        ``access`` is what holds for walkers (``foot`` before ``access``), ``hours`` those that
        are the same every day.

    Warns
    -----
    DoubtfulRowsWarning
        If gates have other opening hours: they are kept open.
    """
    rows = [
        at
        for at, tags in enumerate(raw.node_tags)
        if tags.get("barrier") in GATES or tags.get("barrier") in STILES
    ]
    tags = [raw.node_tags[at] for at in rows]
    said = [each.get("opening_hours") for each in tags]
    hours = [None if text is None else read_hours(text) for text in said]
    odd = [
        text for text, known in zip(said, hours, strict=True) if text is not None and known is None
    ]
    if odd:
        some = ", ".join(f"'{text[:30]}'" for text in sorted(set(odd))[:3])
        warnings.warn(
            f"gates of the map with opening hours that are no plain daily rule: {len(odd)} "
            f"({some}); they are kept open",
            DoubtfulRowsWarning,
            stacklevel=3,
        )
    columns = {
        "gate_id": [f"n{raw.node_id[at]}" for at in rows],
        "kind": [each["barrier"] for each in tags],
        "access": [each.get("foot", each.get("access")) for each in tags],
        "hours": [None if known is None else str(known) for known in hours],
        "estate_id": [None] * len(rows),
    }
    return survey_table(GATE_COLUMNS, columns, shapely.points(raw.node_lonlat[rows]))


def doors(raw: RawOsm) -> gpd.GeoDataFrame:
    """
    Collect the entrances of buildings.

    Parameters
    ----------
    raw
        The file.

    Returns
    -------
    doors
        Columns of `lifecircle.tables.DOORS`, WGS 84.
    """
    rows = [
        at
        for at, tags in enumerate(raw.node_tags)
        if tags.get("entrance", "no") != "no" or tags.get("building") == "entrance"
    ]
    columns = {
        "entrance_id": [f"n{raw.node_id[at]}" for at in rows],
        "kind": [raw.node_tags[at].get("entrance", "yes") for at in rows],
        "facility_id": [None] * len(rows),
    }
    return survey_table(DOORS, columns, shapely.points(raw.node_lonlat[rows]))


def named_places(raw: RawOsm, areas: Areas) -> gpd.GeoDataFrame:
    """
    Collect named places: towns, suburbs, villages, neighbourhoods.

    Parameters
    ----------
    raw
        The file.
    areas
        Its areas.

    Returns
    -------
    places
        Columns of `lifecircle.tables.NAMED_PLACES`, WGS 84; an area stands at a point inside it.
    """
    nodes = [at for at, tags in enumerate(raw.node_tags) if "place" in tags]
    outlines = [at for at, tags in enumerate(areas.tags) if "place" in tags]
    tags = [raw.node_tags[at] for at in nodes] + [areas.tags[at] for at in outlines]
    columns = {
        "place_id": [f"n{raw.node_id[at]}" for at in nodes]
        + [areas.area_id[at] for at in outlines],
        "kind": [each["place"] for each in tags],
        "name": [name_of(each) for each in tags],
        "people": [population(each) for each in tags],
    }
    inside = shapely.point_on_surface(areas.shape[outlines])
    shapes = np.concatenate([shapely.points(raw.node_lonlat[nodes]), inside])
    return survey_table(NAMED_PLACES, columns, shapes)
