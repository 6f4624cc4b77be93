"""
A run worked out by hand for every output's tests: four communities, 1 km square each.

    3 km ┌──────┬──────┐
         │  c3  │  c4  │    c1 和平社区      2,000 people, health station, culture, sport
    2 km ├──────┼──────┤    c2 </script><b>  1,500 people, elder care, sport
         │  c1  │  c2  │    c3 南湖社区      8 people, half of them far from any street
    1 km └──────┴──────┘    c4 空地社区      nobody

Homes stand on a grid, walks run along it at the GB planning speed of 10/9 m/s, so a home `d`
metres (right-angled) from a facility is 0.9 d seconds away. Scores, services, index and gaps are
counted from the homes here and nowhere else: the outputs must show the same numbers.
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS, Transformer

from lifecircle.outputs.content import Content
from lifecircle.provenance import OSM_CREDIT, Source
from lifecircle.standards import load_standard

from .town_choice import make_choice
from .town_layers import (
    FORMULA,
    HOSTILE_COMMUNITY,
    HOSTILE_FACILITY,
    box,
    make_backdrop,
    make_communities,
    make_entrances,
    make_facilities,
    make_facility_areas,
    make_homes,
    make_isochrones,
    make_parcels,
    make_streets,
)
from .town_measures import make_coverage, make_equity, make_nearness, make_needs
from .town_sizes import make_loads, make_norms, make_supply, with_norm
from .town_tables import (
    make_community_programme,
    make_gaps,
    make_index,
    make_projects,
    make_remedies,
    make_scores,
    make_services,
    make_sites,
    robustness_of,
)
from .town_units import make_advice, make_units

__all__ = ["FORMULA", "HOSTILE_COMMUNITY", "HOSTILE_FACILITY"]

LAYERS = (
    "communities",
    "homes",
    "facilities",
    "entrances",
    "streets",
    "isochrones",
    "facility_areas",
    "parcels",
    "backdrop",
    "buildings",
    "units",
)
TABLES = (
    *("scores", "services", "index", "gaps", "sites", "projects", "programme"),
    "community_programme",
    *("norms", "supply", "loads", "remedies"),
    *("coverage", "nearness", "equity", "needs", "robustness"),
)
UNIT_TABLES = ("unit_services", "advice")
CHOICE_TABLES = ("curve", "alternatives", "frequency", "wishes", "after")

_CHINA = CRS.from_epsg(4549)  # CGCS2000 / 3-degree Gauss-Kruger CM 120E
_EUROPE = CRS.from_epsg(25833)  # ETRS89 / UTM zone 33N
_ORIGIN = {"EPSG:4549": (520_000.0, 3_350_000.0), "EPSG:25833": (385_000.0, 5_935_000.0)}


@pytest.fixture(scope="session")
def content() -> Content:
    """The run in Chinese, internal, in CGCS2000."""
    return make_content(language="zh", crs=_CHINA)


@pytest.fixture(scope="session")
def content_en() -> Content:
    """The same run in English, somewhere in Europe."""
    return make_content(language="en", crs=_EUROPE)


@pytest.fixture(scope="session")
def content_public() -> Content:
    """The Chinese run as a public edition."""
    return make_content(language="zh", crs=_CHINA, release="public")


@pytest.fixture(scope="session")
def content_empty() -> Content:
    """A run in which every table and layer is empty."""
    full = make_content(language="zh", crs=_CHINA)
    return without_rows(full)


def without_rows(full: Content) -> Content:
    """Give the same run back with zero rows everywhere."""
    return dataclasses.replace(
        full,
        **{
            name: getattr(full, name).iloc[:0]
            for name in (*TABLES, *UNIT_TABLES, *CHOICE_TABLES, *LAYERS)
        },
    )


def make_content(*, language: str, crs: CRS, release: str = "internal") -> Content:
    origin = np.array(_ORIGIN[crs.to_string()])
    lonlat = Transformer.from_crs(crs, 4326, always_xy=True)
    standard = with_norm(load_standard("basic"))
    requirements = [r for r in standard.requirements if r.minutes is not None]
    facilities = make_facilities(origin, crs)
    homes = make_homes(origin, crs, facilities, requirements)
    communities = make_communities(origin, crs, homes)
    scores = make_scores(communities, homes, facilities, requirements)
    services = make_services(scores, requirements)
    gaps = make_gaps(scores, communities, homes, facilities, requirements, lonlat)
    index = make_index(services, scores, gaps)
    parcels = make_parcels(origin, crs)
    sites = make_sites(parcels, lonlat)
    projects, programme = make_projects(gaps, sites, language)
    units, unit_services = make_units(communities, scores)
    return Content(
        title="测试镇 <15分钟> & 生活圈" if language == "zh" else "Test town <15 min> & circle",
        language=language,
        release=release,
        crs=crs,
        area=box(origin, 0, 1000, 2000, 3000),
        standard=standard,
        scores=scores,
        robustness=robustness_of(scores),
        services=services,
        index=index,
        gaps=gaps,
        remedies=make_remedies(gaps),
        sites=sites,
        projects=projects,
        programme=programme,
        community_programme=make_community_programme(communities, programme),
        communities=communities,
        units=units,
        unit_services=unit_services,
        advice=make_advice(),
        homes=homes,
        facilities=facilities,
        entrances=make_entrances(facilities, crs),
        streets=make_streets(origin, crs),
        isochrones=make_isochrones(facilities, requirements, crs),
        facility_areas=make_facility_areas(facilities, homes, crs),
        parcels=parcels,
        newly_covered=845.0,
        **make_choice(sites, scores, gaps),
        norms=make_norms(communities),
        supply=make_supply(communities),
        loads=make_loads(facilities),
        backdrop=make_backdrop(origin, crs),
        buildings=gpd.GeoDataFrame(
            geometry=homes.geometry.buffer(15, cap_style="square").to_list(), crs=crs
        ),
        sources=(
            Source(
                name="town.osm.pbf",
                licence=OSM_CREDIT,
                date="2026-03-01",
                sha256="0" * 64,
                rows_in=120,
                rows_used=118,
                rows_doubtful=1,
                rows_refused=1,
            ),
            Source(name="人口.xlsx", licence="内部资料", date="2025-12-31", sha256="1" * 64),
        ),
        coverage=make_coverage(scores),
        nearness=make_nearness(scores),
        equity=make_equity(scores),
        needs=make_needs(communities, services),
        land_from="map",
        warnings=("2 homes, 8 people, stand far from any street",),
        notes={"date": "2026-03-15", "people": "3508"},
    )
