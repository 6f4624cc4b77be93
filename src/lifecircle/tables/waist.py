"""Tables of the waist: what every later stage trusts, in one metric reference system."""

from __future__ import annotations

from lifecircle.tables.schema import AREA, COUNT, ID, POINT, TEXT, Column, Schema

HOMES = Schema(
    name="homes",
    columns={
        "home_id": ID,
        "community_id": TEXT,
        "estate_id": TEXT,
        "status": Column(
            kind="text", filled=True, allowed=("ok", "far", "island", "edge", "outside")
        ),
        "people": Column(kind="count", filled=True),
        "floor_m2": COUNT,
        "origin": Column(
            kind="text",
            filled=True,
            allowed=(
                "people",
                "flats",
                "floor_area",
                "raster",
                "grid",
                "residential_land",
                "community",
                "equal",
            ),
        ),
    },
    geometry=POINT,
)
"""
Group columns (``people_60plus``, ``people_0_3`` …) follow `people`; each is a ``count``. `origin`
is what says how many live there; ``community`` is the middle of one without any known home.
"""
FACILITIES = Schema(
    name="facilities",
    columns={
        "facility_id": ID,
        "place_id": TEXT,
        "name": TEXT,
        "service": Column(kind="text", filled=True),
        "type": Column(kind="text", filled=True),
        "confidence": Column(kind="count", required=False),
        "rule": TEXT,
        "status": Column(
            kind="text",
            required=False,
            allowed=("existing", "building", "planned", "promised", "closed", "unconfirmed"),
        ),
        "open_to": Column(kind="text", required=False, allowed=("anyone", "residents", "members")),
        "floor_m2": COUNT,
        "site_m2": COUNT,
        "beds": COUNT,
        "places": COUNT,
        "opens": Column(kind="count", required=False),
        "hours": TEXT,
        "open_workdays": Column(kind="flag", required=False),
        "open_weekends": Column(kind="flag", required=False),
        "owner": TEXT,
        "address": TEXT,
        "note": TEXT,
        "origin": Column(kind="text", required=False, allowed=("bureau", "poi", "osm")),
        "placed": TEXT,
        "place_confidence": Column(kind="count", required=False),
        "source": TEXT,
    },
    geometry=POINT + AREA,
)
"""
Only ``existing`` counts today, and what is open to ``members`` counts for nobody: both stay in the
table. `origin` is who says so (a bureau's list, a map service's export, OSM). `placed` says how a
place was found: ``surveyed``, ``picked`` on a map service, ``mapped`` in OSM, ``planner`` (by hand)
or the way its address or name was looked up, then with `place_confidence`, 0 to 1.
"""
FACILITY_ENTRANCES = Schema(
    name="facility entrances",
    columns={
        "facility_id": Column(kind="text", filled=True),
        "origin": Column(
            kind="text",
            filled=True,
            allowed=("given", "entrance", "gate", "street", "outline", "point"),
        ),
    },
    geometry=POINT,
)
COMMUNITIES = Schema(
    name="communities",
    columns={
        "community_id": ID,
        "name": TEXT,
        "subdistrict": TEXT,
        "county": TEXT,
        "city": TEXT,
        "unit_id": TEXT,
        "urban": Column(kind="flag", required=False),
        "urban_evidence": Column(kind="text", required=False, allowed=("code", "word", "name")),
    },
    geometry=AREA,
)
"""`urban_evidence` is what says so: a ``code`` of the statistics, a ``word`` or the ``name``."""
ESTATES = Schema(
    name="estates",
    columns={
        "estate_id": ID,
        "name": TEXT,
        "closed": Column(kind="flag"),
        "year_built": Column(kind="count", required=False),
        "dwellings": Column(kind="count", required=False),
    },
    geometry=AREA,
)
SITE_KINDS = (
    "corner",
    "interlocked",
    "enclosed",
    "underused",
    "vacant",
    "in_estate",
    "stock_room",
    "extension",
    "share",
    "gate",
)
PARCEL_STATUS = ("candidate", "doubtful", "refused")
"""Only a candidate is ever proposed; a doubtful one lacks an outline or a sure place."""
PARCELS = Schema(
    name="parcels",
    columns={
        "parcel_id": ID,
        "name": TEXT,
        "kind": Column(kind="text", filled=True, allowed=SITE_KINDS),
        "origin": Column(
            kind="text", filled=True, allowed=("listed", "surveyed", "tagged", "residual")
        ),
        "evidence": TEXT,
        "area_m2": Column(kind="count", filled=True),
        "floor_m2": COUNT,
        "inscribed_m": COUNT,
        "compactness": COUNT,
        "frontage_m": COUNT,
        "code": TEXT,
        "code_system": TEXT,
        "conforms": TEXT,
        "community_id": TEXT,
        "status": Column(kind="text", required=False, allowed=PARCEL_STATUS),
        "reasons": TEXT,
        "checks": TEXT,
        "list": TEXT,
        "owner": TEXT,
        "rights": Column(kind="text", required=False, allowed=("state", "collective")),
        "available": TEXT,
        "storeys": TEXT,
        "ground_floor": Column(kind="flag", required=False),
        "ground_m2": COUNT,
        "note": TEXT,
        "rect_length_m": COUNT,
        "rect_width_m": COUNT,
        "slope_pct": COUNT,
        "near": TEXT,
        "consent": TEXT,
        "fits": TEXT,
        "misfits": TEXT,
        "cover": TEXT,
    },
    geometry=AREA + POINT,
)
"""
`consent` is who has to agree first; `near` what makes noise or danger close by; `fits` the types
of facility there is room for and `misfits` each other type with what stands against it; `cover`
shares of what a raster shows there.
"""
