"""What a file may be to a study -> the key that reads it."""

from __future__ import annotations

from collections.abc import Mapping

from lifecircle.config import StudyConfig

KEYS: Mapping[str, tuple[str, str]] = {
    "boundary": ("area", "boundary"),
    "roads": ("network", "roads"),
    "osm": ("network", "osm"),
    "dem": ("network", "dem"),
    "communities": ("communities", "file"),
    "crosswalk": ("communities", "crosswalk"),
    "buildings": ("homes", "buildings"),
    "people": ("homes", "table"),
    "raster": ("homes", "raster"),
    "grids": ("homes", "grids"),
    "estates": ("estates", "file"),
    "gates": ("estates", "gates"),
    "facilities": ("facilities", "tables"),
    "handover": ("facilities", "tables"),
    "let_rooms": ("provision", "handover"),
    "addresses": ("geocode", "addresses"),
    "parcels": ("land", "parcels"),
    "ledger": ("land", "parcels"),
    "survey_land": ("land", "survey"),
    "plan": ("land", "detailed_plan"),
    "rights": ("land", "rights"),
    "stock_rooms": ("land", "stock_rooms"),
    "exclude": ("land", "exclude"),
    "cover": ("land", "cover"),
    "survey": ("record", "survey"),
    "projects": ("record", "projects"),
    "opinions": ("record", "opinions"),
    "drawing": ("drawings", "file"),
}
"""What a file may be to the key of a study that reads it."""

COULD: Mapping[str, str] = {
    "units": "its units could be the column unit of the communities",
    "planned_roads": "nobody walks on them yet",
    "subdistricts": "the table by community says more",
    "zones": "they could stand in for [communities] file where there is nothing better",
}
"""What files no key reads could still serve."""

SEVERAL = (
    "facilities",
    "handover",
    "addresses",
    "parcels",
    "ledger",
    "stock_rooms",
    "exclude",
    "drawing",
)
"""Kinds of which every file is used; of the others the one with most rows."""


def reads(section: str, key: str) -> bool:
    """
    Tell whether a study file has a key.

    Parameters
    ----------
    section, key
        As in a study file.

    Returns
    -------
    reads
        Whether it does.
    """
    field = StudyConfig.model_fields.get(section)
    if field is None:
        return False
    if section == "drawings":
        return True
    model = next(
        (
            one
            for one in (field.annotation, *getattr(field.annotation, "__args__", ()))
            if hasattr(one, "model_fields")
        ),
        None,
    )
    return model is not None and key in model.model_fields
