"""
The sections of a study file as frozen values.

Every key a planner may type is a field here, and a value of a wrong kind never gets into one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from lifecircle.config.bases import Described, Section
from lifecircle.config.fields import (
    Bbox,
    Buildings,
    Columns,
    Datum,
    File,
    FreeTable,
    Hour,
    PlaceKinds,
    Positive,
    Shares,
    TileAddress,
    Weights,
    Word,
)


class StudySection(Section):
    """
    What the study is called and who may see it.

    Parameters
    ----------
    name
        Title on maps and reports.
    language
        Language of labels.
    release
        ``internal`` shows everything, ``public`` holds back what may not be published.
    secrecy, map_approval
        Secrecy level (密级) and number of the map review (审图号), as they are to stand on maps,
        workbook and report; blank fields where they are not given.
    online
        Whether the study may use the internet at all.
    """

    name: Word
    language: Literal["zh", "en"] = "zh"
    release: Literal["internal", "public"] = "internal"
    secrecy: Word | None = None
    map_approval: Word | None = None
    online: bool = False


class AreaSection(Section):
    """
    Where the study is: exactly one of `boundary`, `bbox`, `place` and `relation`.

    Parameters
    ----------
    boundary
        File with the outline; `layer` and `crs` say which layer and, where it has none, its
        reference system.
    bbox
        West, south, east, north, WGS 84 [°].
    place
        Name looked up online.
    relation
        Id of a boundary relation in the OSM data.
    """

    boundary: File | None = None
    bbox: Bbox | None = None
    place: Word | None = None
    relation: int | None = Field(default=None, gt=0)
    layer: Word | None = None
    crs: Word | None = None


class NetworkSection(Described):
    """
    Where streets come from: an OSM file or a download, official roads, or roads on top of OSM.

    Parameters
    ----------
    osm
        OSM extract.
    roads
        File of road lines, which `columns`, `layer`, `crs` and `encoding` describe; OSM data
        then serve for all the rest.
    elevated
        Names of roads that run above all others, where the file has no column of levels.
    dem
        Heights for slopes.
    online
        Whether OSM data are downloaded.
    mend_m
        Streets whose end lies within this distance of another street are joined to it [m]; 0
        joins none.
    """

    osm: File | None = None
    roads: File | None = None
    elevated: tuple[Word, ...] = ()
    mend_m: float = Field(default=0.0, ge=0, le=50)
    dem: File | None = None
    online: bool = False


class OnlineSection(Section):
    """
    Whom a study that may use the internet asks, and where it keeps the answers.

    Parameters
    ----------
    overpass, nominatim
        Addresses of the services, where they are not the public ones.
    cache
        Folder of what was fetched, relative to the study file; it is made where there is none.
    contact
        E-mail address or web page told to the servers.
    timeout_s
        Longest wait for an answer [s].
    tiles
        Address of map tiles with ``{z}``, ``{x}`` and ``{y}`` that the page of the map can show. It
        asks nobody for them before its reader switches them on.
    tiles_credit
        Whose they are, as their licence wants it said.
    """

    overpass: Word | None = None
    nominatim: Word | None = None
    cache: Word = "osm_cache"
    contact: Word | None = None
    timeout_s: float = Field(default=180.0, gt=0, le=3600)
    tiles: TileAddress | None = None
    tiles_credit: Word | None = None


class CommunitiesSection(Described):
    """
    Which areas are judged: exactly one of `file` and `draw`.

    Parameters
    ----------
    file
        File of community outlines, which `columns`, `layer`, `crs` and `encoding` describe.
    same_as
        Name in a table of people to the name of the community that is meant by it.
    crosswalk
        Table of former communities and those they became, for a table of people of another year.
    draw
        ``places`` divides the area among named places of `place_kinds`, ``admin`` takes the
        boundaries of `admin_level`, ``grid`` draws squares of `cell_m` [m].
    """

    file: File | None = None
    same_as: Columns | None = None
    crosswalk: File | None = None
    draw: Literal["places", "admin", "grid"] | None = None
    place_kinds: PlaceKinds = ("suburb", "quarter", "neighbourhood")
    admin_level: int | None = Field(default=None, ge=1, le=12)
    cell_m: float = Field(default=500.0, ge=10, le=100_000)


class HomesSection(Described):
    """
    Where people live.

    Parameters
    ----------
    buildings
        ``osm``, a file of buildings (which `columns`, `layer`, `crs` and `encoding` describe),
        or None (``false`` in the file).
    raster
        Population raster; `raster_values` are people per cell (``count``) or per km²
        (``density``).
    table
        People by community, a workbook or a text table, with `table_columns` and `sheet`.
    grids
        Outlines with the people or households in each (grids of a social service, cells of a
        census), with `grid_columns` and `grid_layer`: where in a community people live.
    total
        People in the whole area, all others being scaled to it.
    groups
        Flat shares of groups, 0 to 1.
    """

    buildings: Buildings = "osm"
    raster: File | None = None
    raster_values: Literal["count", "density"] = "count"
    table: File | None = None
    table_columns: Columns | None = None
    sheet: Word | None = None
    grids: File | None = None
    grid_columns: Columns | None = None
    grid_layer: Word | None = None
    total: Positive | None = None
    groups: Shares = Field(default_factory=dict)


class EstatesSection(Described):
    """
    Housing estates, and how one gets into the closed ones.

    Parameters
    ----------
    file
        Outlines, which `columns`, `layer`, `crs` and `encoding` describe; None where the planner
        has none.
    detect
        Whether closed ones are looked for on the map; never beside a file.
    gates
        Gates, a vector file or a table, with `gate_columns` and `gate_datum`.
    open_at
        Hour whose open gates count, of the list and of the map: ``HH:MM``, or ``HH:MM-HH:MM`` for
        gates that are open all that time.
    leg_factor
        Walk inside an estate over the straight line to its gate, where no paths are known.
    """

    file: File | None = None
    detect: bool = True
    gates: File | None = None
    gate_columns: Columns | None = None
    gate_datum: Datum | None = None
    open_at: Hour = "10:00"
    leg_factor: float = Field(default=1.3, ge=1, le=5)


class UnitsSection(Section):
    """
    Service units (公共服务基本单元): given with the communities, or proposed.

    Parameters
    ----------
    propose
        Whether units are proposed; None proposes them where some community has none. A proposal
        never takes the place of a unit that is given.
    tier
        Circle the unit of a community is for [min]: which proposals count as its unit where none
        is given, and which band given ones are compared with; None takes 5 for proposals and
        compares given ones with nothing.
    """

    propose: bool | None = None
    tier: Literal[5, 15] | None = None


class DrawingFile(Section):
    """
    One sheet of a topographic map.

    Parameters
    ----------
    file
        DXF drawing.
    crs
        Its reference system, which no drawing says; None where it is to be found by the outlines
        it shares with known buildings.
    use
        What is taken from it: ``buildings`` (storeys for those that lack them, and buildings
        nobody else knows), ``walls``, ``gates``.
    layers
        Layer of ``buildings, labels, walls, fences, hedges, gates`` where its name is not
        recognised.
    encoding
        Of its texts, where it cannot be told.
    """

    file: File
    crs: Word | None = None
    use: tuple[Literal["buildings", "walls", "gates"], ...] = ("buildings", "walls", "gates")
    layers: Columns | None = None
    encoding: Word | None = None


class StandardSection(Section):
    """
    The standard that is applied: a packaged one by `name`, or an own `file`.

    Parameters
    ----------
    name
        Name of a packaged standard; whoever loads it checks it.
    file
        Own standard, instead of `name`.
    override
        Single numbers in place of the standard's.
    """

    name: Word = "basic"
    file: File | None = None
    override: FreeTable = Field(default_factory=dict)


class SitingSection(Section):
    """
    How much may be built.

    Parameters
    ----------
    years
        Length of the programme.
    max_sites
        Most sites; None where a budget limits them.
    per_year
        Most projects of one year; None spreads them evenly.
    budget
        Money [万元], with `unit_costs`.
    budget_per_year
        Money of one year [万元], with `unit_costs`.
    unit_costs
        Cost of each type.
    weights
        Weight of a service or group, 1 where none is given.
    must, never
        Ids of sites that are fixed or forbidden.
    seed
        Seed of what is drawn at random.
    complete_first
        Whether the first sites go where a unit or a subdistrict lacks a required service
        altogether.
    fair
        Whether every subdistrict with gaps gets a site first, as far as that can be;
        ``worst_first``: whether the share of the worst-off unit is raised first, then the next.
    capacity
        Whether no place counts for more people than it can serve when sites are chosen.
    estate_gates
        Whether further gates of housing estates are looked for, as proposals to negotiate.
    """

    years: int = Field(default=3, ge=1, le=30)
    max_sites: int | None = Field(default=12, ge=0)
    per_year: int | None = Field(default=None, ge=1)
    budget: Positive | None = None
    budget_per_year: Positive | None = None
    unit_costs: File | None = None
    weights: Weights = Field(default_factory=dict)
    must: tuple[Word, ...] = ()
    never: tuple[Word, ...] = ()
    seed: int = Field(default=0, ge=0)
    complete_first: bool = True
    fair: bool | Literal["worst_first"] = False
    capacity: bool = False
    estate_gates: bool = False

    @model_validator(mode="before")
    @classmethod
    def _budget_replaces_count(cls, data: object) -> object:
        if isinstance(data, dict) and "budget" in data and "max_sites" not in data:
            return {**data, "max_sites": None}
        return data
