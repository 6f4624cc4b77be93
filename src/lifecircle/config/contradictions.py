"""
What a study file must not say at once, told from the keys that are typed in it.

Only typed keys count, never defaults, so that a planner is never told of a key nobody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lifecircle.config.horizon_rules import horizon_faults
from lifecircle.config.system_rules import system_faults

Key = tuple[str | int, ...]

# A key that does nothing without another one of its section.
_NEEDS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("area", ("layer", "crs"), "boundary"),
    ("network", ("columns", "layer", "crs", "encoding", "elevated"), "roads"),
    ("communities", ("columns", "layer", "crs", "encoding"), "file"),
    ("homes", ("raster_values",), "raster"),
    ("homes", ("table_columns", "sheet"), "table"),
    ("homes", ("grid_columns", "grid_layer"), "grids"),
    ("communities", ("same_as", "crosswalk"), "file"),
    ("estates", ("columns", "layer", "crs", "encoding", "gates"), "file"),
    ("estates", ("gate_columns", "gate_datum"), "gates"),
    ("geocode", ("placed_datum", "placed_sheet"), "placed"),
    ("land", ("columns", "layer", "crs", "encoding"), "parcels"),
    ("land", ("rights_crs",), "rights"),
    ("land", ("cover_codes",), "cover"),
    ("provision", ("columns", "sheet"), "handover"),
    ("sheets", ("formats", "organisation", "date", "number", "dpi"), "draw"),
)
_DRAWN_BY = {"place_kinds": "places", "admin_level": "admin", "cell_m": "grid"}


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """
    Statements of a study file that do not go together.

    Parameters
    ----------
    keys
        The keys concerned, the one to point at first.
    what
        What is wrong.
    remedy
        What to do.
    """

    keys: tuple[Key, ...]
    what: str
    remedy: str = ""


def find_contradictions(given: Mapping[str, object]) -> list[Contradiction]:
    """
    Find every contradiction of a study file.

    Parameters
    ----------
    given
        Section to key to value, of the keys that are typed in the file; values may be of a wrong
        kind.

    Returns
    -------
    found
        All contradictions, in the order of the sections.
    """
    study = _Given(given)
    return [
        *_area(study),
        *_network(study),
        *_tiles(study),
        *_communities(study),
        *_homes_and_land(study),
        *_facilities(study),
        *_estates(study),
        *_standard_and_siting(study),
        *_idle_keys(study),
        *(Contradiction(keys=k, what=w, remedy=r) for k, w, r in system_faults(given)),
        *(Contradiction(keys=k, what=w, remedy=r) for k, w, r in horizon_faults(given)),
    ]


class _Given:
    """The typed keys, asked by section and key."""

    def __init__(self, sections: Mapping[str, object]) -> None:
        self.sections = sections

    def section(self, name: str) -> Mapping[str, object]:
        found = self.sections.get(name)
        return found if isinstance(found, Mapping) else {}

    def value(self, section: str, key: str) -> object:
        return self.section(section).get(key)

    def has(self, section: str, key: str) -> bool:
        return self.value(section, key) not in (None, False)

    def has_osm(self) -> bool:
        return self.has("network", "osm") or self.has("network", "online")

    def lacks_osm(self) -> bool:
        """Whether there is a network and it does without OSM data."""
        return self.has("network", "roads") and not self.has_osm()


def _one_of(study: _Given, section: str, keys: Sequence[str]) -> Iterator[Contradiction]:
    if section not in study.sections:
        return
    typed = [key for key in keys if study.has(section, key)]
    if len(typed) == 1:
        return
    listed = ", ".join(keys[:-1]) + f" and {keys[-1]}"
    pointed: list[Key] = [(section, key) for key in typed[1:] + typed[:1]]
    yield Contradiction(
        keys=(*(pointed or [(section,)]), *((section, key) for key in keys)),
        what=f"gives {' and '.join(typed) if typed else 'none'} of {listed}",
        remedy="give exactly one",
    )


def _area(study: _Given) -> Iterator[Contradiction]:
    yield from _one_of(study, "area", ("boundary", "bbox", "place", "relation"))
    if study.has("area", "place") and not study.has("study", "online"):
        yield Contradiction(
            keys=(("area", "place"), ("study", "online")),
            what="a place name is looked up on the internet, and the study may not go there",
            remedy="set online = true under [study], or give a boundary, a bbox or a relation",
        )
    if study.has("area", "relation") and study.lacks_osm():
        yield Contradiction(
            keys=(("area", "relation"), ("network", "osm"), ("network", "online")),
            what="the relation is to be found in OSM data, and there are none",
            remedy="give osm under [network], or a boundary file",
        )


def _network(study: _Given) -> Iterator[Contradiction]:
    keys = (("network", "osm"), ("network", "roads"), ("network", "online"))
    if "network" in study.sections and not any(study.has(*key) for key in keys):
        yield Contradiction(
            keys=(("network",), *keys),
            what="names no streets",
            remedy='give osm = "extract.osm.pbf", roads = "roads.shp" or online = true',
        )
    if study.has("network", "osm") and study.has("network", "online"):
        yield Contradiction(
            keys=(("network", "online"), ("network", "osm")),
            what="OSM data would come from the file and from the internet",
            remedy="give either osm or online = true",
        )
    if study.has("network", "online") and not study.has("study", "online"):
        yield Contradiction(
            keys=(("network", "online"), ("study", "online")),
            what="streets would be downloaded, and the study may not use the internet",
            remedy="set online = true under [study], or give osm = a file",
        )


def _tiles(study: _Given) -> Iterator[Contradiction]:
    if not study.has("online", "tiles"):
        return
    if not study.has("study", "online"):
        yield Contradiction(
            keys=(("online", "tiles"), ("study", "online")),
            what="the map would show tiles from the internet, and the study may not go there",
            remedy="set online = true under [study], or leave tiles out",
        )
    if not study.has("online", "tiles_credit"):
        yield Contradiction(
            keys=(("online", "tiles"), ("online", "tiles_credit")),
            what="nobody says whose the tiles are",
            remedy="give tiles_credit, as their licence wants it said",
        )


def _communities(study: _Given) -> Iterator[Contradiction]:
    yield from _one_of(study, "communities", ("file", "draw"))
    draw = study.value("communities", "draw")
    drawn = draw if "communities" in study.sections else "places"
    if drawn in ("places", "admin") and study.lacks_osm():
        yield Contradiction(
            keys=(("communities", "draw"), ("network", "osm"), ("network", "online")),
            what=f'draw = "{drawn}" takes communities from OSM data, and there are none',
            remedy='give file = a file of communities, or draw = "grid"',
        )
    for key, wanted in _DRAWN_BY.items():
        others = set(_DRAWN_BY.values()) - {wanted}
        if study.has("communities", key) and draw in others:
            yield Contradiction(
                keys=(("communities", key), ("communities", "draw")),
                what=f'only has an effect with draw = "{wanted}"',
                remedy="take it out, or change draw",
            )
        if study.has("communities", key) and study.has("communities", "file") and draw is None:
            yield Contradiction(
                keys=(("communities", key), ("communities", "file")),
                what="has no effect beside file",
                remedy="take it out",
            )


def _homes_and_land(study: _Given) -> Iterator[Contradiction]:
    asked = (
        ("homes", "buildings", study.value("homes", "buildings") == "osm"),
        ("facilities", "osm", study.has("facilities", "osm")),
        ("land", "osm", study.has("land", "osm")),
    )
    for section, key, wanted in asked:
        if wanted and study.lacks_osm():
            yield Contradiction(
                keys=((section, key), ("network", "osm"), ("network", "online")),
                what="asks for OSM data, and there are none",
                remedy="give osm under [network], or take this line out",
            )
    if study.has("homes", "table") and not study.has("communities", "file"):
        yield Contradiction(
            keys=(("homes", "table"), ("communities", "draw")),
            what="counts people by community, and the communities are drawn",
            remedy="give file = a file of communities under [communities], or take it out",
        )
    if study.has("homes", "raster") and study.has("homes", "grids"):
        yield Contradiction(
            keys=(("homes", "raster"), ("homes", "grids")),
            what="where people live would be taken from a raster and from grids",
            remedy="give either raster or grids; counted grids are the better evidence",
        )
    on_file = study.value("homes", "buildings") not in (None, False, "osm", "none")
    if str(study.value("homes", "buildings")).lower().endswith(".dxf") and study.has(
        "homes", "columns"
    ):
        yield Contradiction(
            keys=(("homes", "columns"), ("homes", "buildings")),
            what="a drawing has layers, no columns",
            remedy="give layer = the layer of outlines, or name the drawing under [[drawings]]",
        )
    for key in ("columns", "layer", "crs", "encoding"):
        if study.has("homes", key) and not on_file:
            yield Contradiction(
                keys=(("homes", key), ("homes", "buildings")),
                what="has no effect without a file of buildings",
                remedy="give buildings = a file, or take it out",
            )


def _estates(study: _Given) -> Iterator[Contradiction]:
    if study.has("estates", "file") and study.value("estates", "detect") is True:
        yield Contradiction(
            keys=(("estates", "detect"), ("estates", "file")),
            what="estates are given, and would be looked for on the map as well",
            remedy="take out detect = true: given estates win",
        )


def _facilities(study: _Given) -> Iterator[Contradiction]:
    tables = study.value("facilities", "tables")
    rows = tables if isinstance(tables, list | tuple) else ()
    for position, row in enumerate(rows):
        if isinstance(row, Mapping) and row.get("datum") and row.get("crs"):
            table = ("facilities", "tables", position)
            yield Contradiction(
                keys=((*table, "crs"), (*table, "datum")),
                what="the reference system is said twice, by datum and by crs",
                remedy="datum is for columns of coordinates, crs for a vector file; keep one",
            )


def _standard_and_siting(study: _Given) -> Iterator[Contradiction]:
    if study.has("standard", "name") and study.has("standard", "file"):
        yield Contradiction(
            keys=(("standard", "file"), ("standard", "name")),
            what="gives a packaged standard and a file",
            remedy="give either name or file",
        )
    if study.has("siting", "budget") and study.value("siting", "max_sites") is not None:
        yield Contradiction(
            keys=(("siting", "budget"), ("siting", "max_sites")),
            what="a number of sites and a budget are both given",
            remedy="give either max_sites or budget",
        )
    if study.has("siting", "budget") and not study.has("siting", "unit_costs"):
        yield Contradiction(
            keys=(("siting", "budget"), ("siting", "unit_costs")),
            what="a budget says nothing without costs",
            remedy='give unit_costs = "costs.xlsx"',
        )
    if study.value("siting", "capacity") is True and study.value("siting", "fair") == "worst_first":
        yield Contradiction(
            keys=(("siting", "capacity"), ("siting", "fair")),
            what="the worst-off unit first and places counted by what they can serve: only one "
            "of the two is worked out",
            remedy="leave out capacity, or leave fair at true or false",
        )
    must, never = study.value("siting", "must"), study.value("siting", "never")
    if isinstance(must, list | tuple) and isinstance(never, list | tuple):
        both = [str(site) for site in must if site in never]
        if both:
            yield Contradiction(
                keys=(("siting", "never"), ("siting", "must")),
                what=f"{', '.join(both)} must and must never be built",
                remedy="keep each in one of the two lists",
            )


def _idle_keys(study: _Given) -> Iterator[Contradiction]:
    for section, keys, needed in _NEEDS:
        for key in keys:
            if study.has(section, key) and not study.has(section, needed):
                yield Contradiction(
                    keys=((section, key), (section, needed)),
                    what=f"has no effect without {needed}",
                    remedy=f"give {needed}, or take it out",
                )
