"""
Schemas of every table that crosses a stage.

`Survey` is what files say, before any judgement, in WGS 84. The waist tables (homes, facilities,
communities, estates, parcels) are what every later stage trusts, in one metric reference system.
Result tables are only lists of columns.
"""

from lifecircle.tables.results import (
    GAPS,
    INDEX,
    LEVELS,
    PROGRAMME,
    PROJECTS,
    SCORES,
    SERVICES,
    SITES,
)
from lifecircle.tables.schema import (
    AREA,
    LINE,
    POINT,
    Column,
    Kind,
    Schema,
    check,
    empty,
)
from lifecircle.tables.survey import (
    ADMIN_AREAS,
    BARRIERS,
    BUILDINGS,
    DOORS,
    GATES,
    GROUND,
    NAMED_PLACES,
    NODE_KINDS,
    PLACES_OF_INTEREST,
    POPULATION_CELLS,
    STREET_FLAGS,
    STREET_TEXTS,
    StreetWays,
    Survey,
)
from lifecircle.tables.waist import (
    COMMUNITIES,
    ESTATES,
    FACILITIES,
    FACILITY_ENTRANCES,
    HOMES,
    PARCELS,
    SITE_KINDS,
)

__all__ = [
    "ADMIN_AREAS",
    "AREA",
    "BARRIERS",
    "BUILDINGS",
    "COMMUNITIES",
    "DOORS",
    "ESTATES",
    "FACILITIES",
    "FACILITY_ENTRANCES",
    "GAPS",
    "GATES",
    "GROUND",
    "HOMES",
    "INDEX",
    "LEVELS",
    "LINE",
    "NAMED_PLACES",
    "NODE_KINDS",
    "PARCELS",
    "PLACES_OF_INTEREST",
    "POINT",
    "POPULATION_CELLS",
    "PROGRAMME",
    "PROJECTS",
    "SCORES",
    "SERVICES",
    "SITES",
    "SITE_KINDS",
    "STREET_FLAGS",
    "STREET_TEXTS",
    "Column",
    "Kind",
    "Schema",
    "StreetWays",
    "Survey",
    "check",
    "empty",
]
