"""
What a run has to show: one frozen bundle that every output is written from.

Map, workbook, layers and tables all read the same frames, so their numbers cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle.gaps.unsure import Unsure
from lifecircle.places.merge_report import PAIR_COLUMNS, REPORT_COLUMNS
from lifecircle.provenance import Source
from lifecircle.reach.facility_areas import FACILITY_AREAS
from lifecircle.standards import Standard
from lifecircle.tables import (
    ADVICE,
    AFTER,
    CHECKUP,
    CHOICES,
    COMMUNITY_PROGRAMME,
    COVERAGE,
    CURVE,
    EQUITY,
    FREQUENCY,
    HANDOVER,
    LACKS,
    LAST_ROUND,
    LOADS,
    NEARNESS,
    NEEDS,
    NORMS,
    OVERRIDES,
    REMEDIES,
    ROBUSTNESS,
    SUPPLY,
    UNIT_SERVICES,
    UNITS,
    UNPLACED,
    WISHES,
    Entries,
)


@dataclass(frozen=True, kw_only=True)
class Content:
    """
    Tables and layers of one run.

    Parameters
    ----------
    title
        Name of the study (hostile text: escape it).
    language
        ``zh`` or ``en``.
    release
        ``internal`` or ``public``.
    crs
        Metric system of every layer here.
    area
        Outline of the study area in `crs`.
    standard
        The standard that was asked.
    scores, services, index, gaps, sites, projects, programme
        The tables a run writes, with the columns its contract names.
    communities
        `tables.COMMUNITIES` with ``people`` added, in `crs`.
    homes
        `tables.HOMES` with ``pin_leg_m`` and for every requirement ``<requirement>_s``,
        ``<requirement>_m``, ``<requirement>_facility_id`` (missing where not reached).
    facilities
        `tables.FACILITIES`: points or outlines, in `crs`.
    entrances
        `tables.FACILITY_ENTRANCES`, in `crs`.
    streets
        One row per street edge: ``edge_id, highway, name, length_m, foot`` and LineString geometry.
    isochrones
        ``service, requirement, minutes, facility_id`` (empty text: the union over all
        facilities of the requirement), ``wrongly_in, wrongly_out`` (shares of people) and polygon
        geometry; nested by minutes.
    facility_areas
        `reach.facility_areas`: areas of each facility within its limits, with the people there.
    parcels
        `tables.PARCELS`: land and rooms, proposed or not, and those that were refused.
    backdrop
        Polygons and lines drawn under everything: ``kind`` (``water green built rail``) and
        geometry, clipped to the data around the area.
    buildings
        Building outlines: geometry only.
    estates
        `tables.ESTATES` with ``people``; None where no estate is known.
    units
        `tables.UNITS` with outlines: service units, given and proposed.
    unit_services, advice
        `tables.UNIT_SERVICES` and `tables.ADVICE`.
    lacks
        `tables.LACKS`: services an area lacks altogether, and which site brings them.
    unplaced
        `tables.UNPLACED`: rows of lists of land and rooms without a place.
    to_place
        Rows of facility lists without a place, or with one a planner gave: columns of
        `sources.geocoding.placing.FacilityList.to_place`.
    sources
        Origin of every input.
    merged, list_pairs
        `merge_report.REPORT_COLUMNS` and `merge_report.PAIR_COLUMNS`: what became of the lists of
        facilities.
    remedies
        `tables.REMEDIES`: what would close each gap, ranked.
    norms, supply, loads
        `tables.NORMS`, `tables.SUPPLY` and `tables.LOADS`: what sizes say.
    checkup
        `tables.CHECKUP`: indicators of an annual check-up; empty where the standard is none.
    counts_people
        Whether counts are of people, where there are no homes to tell it.
    secrecy, map_approval
        Secrecy level and number of the map review, as the study gives them.
    handover
        What detailed plans take over from the sites: `tables.HANDOVER`.
    last_round
        What became of the projects of the last round: `tables.LAST_ROUND`.
    warnings
        What the run has to say about its inputs, a sentence each.
    notes
        Facts for the data sheet: label to value.
    entries
        What a planner wrote into an earlier workbook of the same study.
    overrides
        `OVERRIDES`: single values a planner replaced, and what became of each.
    opinions
        Opinions of departments on an earlier draft.
    account
        People by origin, class and place, and those who are nowhere; plain values.
    newly_covered
        People all sites together newly cover for anything; None where nobody knows. Sites do not
        add up to it: one may bring a person a clinic and another one a library.
    coverage, nearness, equity, needs
        Measures beside the scores, with the columns of `tables.COVERAGE`, `tables.NEARNESS`,
        `tables.EQUITY` and `tables.NEEDS`.
    land_from
        Who says what residential land is, a code of the labels; None where nobody does.
    robustness
        `tables.ROBUSTNESS`: how often draws keep each verdict.
    spreads
        What was drawn from, with the number of draws and the seed.
    horizons, horizons_index
        `tables.HORIZONS` and `tables.HORIZONS_INDEX`; None where the study names no horizon.
    horizon_names
        Horizon to what it is called, in the order of the study.
    community_programme
        `tables.COMMUNITY_PROGRAMME`: what the programme makes of every community.
    ways
        `siting.ways.WAYS`: what needs no land.
    curve, alternatives, frequency, wishes, after
        What is told of the choice of sites: `tables.CURVE`, `tables.CHOICES`, `tables.FREQUENCY`,
        `tables.WISHES` and `tables.AFTER`.
    everybody
        Sites it would take to serve all whom any candidate could, and how many at least.
    tiles
        Address and credit of map tiles the page may show once its reader asks; empty for none.
    provision, provision_unjoined
        `tables.PROVISION`, and the rows that fit no estate; None where nobody knows.
    """

    title: str
    language: str
    release: str
    crs: CRS
    area: shapely.Geometry
    standard: Standard
    scores: pd.DataFrame
    services: pd.DataFrame
    index: pd.DataFrame
    gaps: pd.DataFrame
    sites: pd.DataFrame
    projects: pd.DataFrame
    programme: pd.DataFrame
    communities: gpd.GeoDataFrame
    homes: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    entrances: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    isochrones: gpd.GeoDataFrame
    parcels: gpd.GeoDataFrame
    backdrop: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    estates: gpd.GeoDataFrame | None = None
    facility_areas: gpd.GeoDataFrame = field(
        default_factory=lambda: gpd.GeoDataFrame(
            columns=[*FACILITY_AREAS, "geometry"], geometry="geometry"
        )
    )
    units: gpd.GeoDataFrame = field(
        default_factory=lambda: gpd.GeoDataFrame(columns=[*UNITS, "geometry"], geometry="geometry")
    )
    unit_services: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(UNIT_SERVICES))
    )
    advice: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ADVICE)))
    lacks: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LACKS)))
    unplaced: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNPLACED)))
    to_place: pd.DataFrame = field(default_factory=pd.DataFrame)
    sources: tuple[Source, ...] = ()
    merged: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REPORT_COLUMNS)))
    list_pairs: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(PAIR_COLUMNS))
    )
    remedies: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REMEDIES)))
    last_round: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LAST_ROUND)))
    warnings: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    entries: Entries = field(default_factory=Entries)
    overrides: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(OVERRIDES)))
    opinions: pd.DataFrame = field(default_factory=pd.DataFrame)
    account: Mapping[str, object] = field(default_factory=dict)
    newly_covered: float | None = None
    norms: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(NORMS)))
    supply: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SUPPLY)))
    checkup: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CHECKUP)))
    loads: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LOADS)))
    coverage: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COVERAGE)))
    nearness: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(NEARNESS)))
    equity: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EQUITY)))
    needs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(NEEDS)))
    land_from: str | None = None
    robustness: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ROBUSTNESS)))
    spreads: Mapping[str, float] = field(default_factory=dict)
    horizons: pd.DataFrame | None = None
    horizons_index: pd.DataFrame | None = None
    horizon_names: Mapping[str, str] = field(default_factory=dict)
    community_programme: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(COMMUNITY_PROGRAMME))
    )
    ways: pd.DataFrame = field(default_factory=pd.DataFrame)
    curve: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CURVE)))
    alternatives: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CHOICES)))
    everybody: tuple[int, int] | None = None
    frequency: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FREQUENCY)))
    wishes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(WISHES)))
    after: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(AFTER)))
    provision: pd.DataFrame | None = None
    provision_unjoined: pd.DataFrame | None = None
    counts_people: bool | None = None
    secrecy: str = ""
    tiles: tuple[str, ...] = ()
    map_approval: str = ""
    handover: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(HANDOVER)))
    unsure: Mapping[str, Unsure] = field(default_factory=dict)

    @property
    def real_gaps(self) -> pd.DataFrame:
        """Gaps of the service: those about which the data say too little are left out."""
        if "reason" not in self.gaps:  # whoever writes the table says what it lacks
            return self.gaps
        return self.gaps[self.gaps["reason"] != "no_data"]

    @property
    def gap_counts(self) -> NDArray[np.int64]:
        """Gaps of each community, in the order of `communities`."""
        counts = self.real_gaps["community_id"].value_counts()
        mine = self.communities["community_id"].map(counts).fillna(0)
        return np.asarray(mine.to_numpy(dtype=np.int64))

    @property
    def unlived(self) -> bool:
        """Whether nobody is known to live in the area, so that no gap can be told."""
        return bool((self.index.loc[self.index["level"] == "study", "people"] == 0).any())

    @property
    def people_known(self) -> bool:
        """Whether counts are of people; where no population is known they are of homes."""
        if self.counts_people is not None:
            return self.counts_people
        return not bool((self.homes["origin"] == "equal").any())
