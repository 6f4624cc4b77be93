"""
What a study's files say of each horizon: housing, people and roads to come, read and placed.

A row of housing that names no place on the map is kept without one, and told with its people.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle import geo
from lifecircle.config import HorizonSection, StudyConfig
from lifecircle.errors import DoubtfulRowsWarning, LifecircleWarning, Problem, RuleError
from lifecircle.provenance import Source
from lifecircle.sources.geocoding.gazetteer import Gazetteer, build_gazetteer
from lifecircle.sources.geocoding.gazetteer_files import (
    entries_of_survey,
    read_addresses,
    streets_of_survey,
)
from lifecircle.sources.geocoding.locate import ACCEPT, locate
from lifecircle.sources.geocoding.text import plain
from lifecircle.sources.people.new_housing import read_new_housing
from lifecircle.sources.road_words import ROAD_CLASSES
from lifecircle.sources.roads import read_roads
from lifecircle.study.people import with_people
from lifecircle.tables import Survey

NOT_TO_COME = ("existing", "closed")
"""Housing of these statuses adds nobody: it is counted today, or never will be."""


@dataclass(frozen=True, kw_only=True)
class HorizonInputs:
    """
    What a study's files say of one horizon.

    Parameters
    ----------
    section
        Its section of the study file.
    housing
        Rows of `sources.people.new_housing` that will be lived in by then, with ``people`` filled
        and ``placed`` (``given``, ``plot``, ``estate``, ``looked_up`` or missing), WGS 84; None
        without a list.
    people
        ``community_id``, ``people`` and groups of the communities then; None without a table.
    roads
        Lines that can be walked by then and not today, WGS 84: ``way_id, name, highway`` and what
        else is known; None where the horizon asks for none.
    sources
        Origin and counts.
    """

    section: HorizonSection
    housing: gpd.GeoDataFrame | None = None
    people: pd.DataFrame | None = None
    roads: gpd.GeoDataFrame | None = None
    sources: tuple[Source, ...] = ()


def horizons_of_study(config: StudyConfig, survey: Survey) -> tuple[HorizonInputs, ...]:
    """
    Read what the files say of every horizon but ``now``.

    Parameters
    ----------
    config
        The study file.
    survey
        What its other files say.

    Returns
    -------
    horizons
        In the order of the study file.

    Raises
    ------
    LifecircleError
        With what is wrong with a file.

    Warns
    -----
    DoubtfulRowsWarning
        If housing has no place on the map: how many people.
    """
    found = []
    gazetteer: Gazetteer | None = None
    for section in config.horizon:
        if section.name == "now":
            continue
        sources: list[Source] = []
        housing = people = roads = None
        if section.housing is not None:
            gazetteer = gazetteer or _gazetteer(config, survey)
            housing, source = _housing(section, section.housing, survey, gazetteer)
            sources.append(source)
        if isinstance(section.people, Path):
            people, source = _people(config, section, survey)
            sources.append(source)
        if set(section.roads) - {"existing"}:
            roads, used = _roads(config, section, survey)
            sources += used
        found.append(
            HorizonInputs(
                section=section,
                housing=housing,
                people=people,
                roads=roads,
                sources=tuple(sources),
            )
        )
    return tuple(found)


def _gazetteer(config: StudyConfig, survey: Survey) -> Gazetteer:
    files = () if config.geocode is None else config.geocode.addresses
    entries = [
        read_addresses(
            one.file,
            columns=one.columns,
            layer=one.layer,
            crs=one.crs,
            encoding=one.encoding,
            datum=one.datum,
        )[0]
        for one in files
    ]
    return build_gazetteer(
        [*entries, *entries_of_survey(survey)],
        communities=survey.communities,
        estates=survey.estates,
        streets=streets_of_survey(survey),
    )


def _housing(
    section: HorizonSection, path: Path, survey: Survey, gazetteer: Gazetteer
) -> tuple[gpd.GeoDataFrame, Source]:
    """Read housing, keep what is lived in by then, and give it a place."""
    table, source = read_new_housing(
        path,
        columns=section.housing_columns,
        layer=section.housing_layer,
        datum=section.housing_datum,
    )
    dwellings = table["dwellings"] * section.people_per_dwelling
    table["people"] = table["people"].where(table["people"].notna(), dwellings)
    aside = table["status"].isin(NOT_TO_COME).to_numpy()
    if aside.any():
        _say(f"{path.name}: {int(aside.sum())} rows exist already or were given up and add nobody")
    later = np.zeros(len(table), dtype=bool)
    if section.year is not None:
        later = (table["year"] > section.year).to_numpy()
    table = table[~aside & ~later].reset_index(drop=True)
    table = _placed(table, survey, gazetteer)
    lost = table["placed"].isna().to_numpy()
    if lost.any():
        names = ", ".join(f"'{one}'" for one in table.loc[lost, "name"].fillna("–").head(3))
        warnings.warn(
            f"{path.name}, horizon {section.name}: {int(lost.sum())} rows of housing with "
            f"{table.loc[lost, 'people'].sum():,.0f} people have no place on the map and are not "
            f"counted ({names}): write their plot, estate or address as the other files do",
            DoubtfulRowsWarning,
            stacklevel=4,
        )
    gone = int(lost.sum())
    return table, replace(
        source, rows_used=source.rows_used - gone, rows_doubtful=source.rows_doubtful + gone
    )


def _placed(table: gpd.GeoDataFrame, survey: Survey, gazetteer: Gazetteer) -> gpd.GeoDataFrame:
    """Place rows by their own shape, else plot, else estate, else by looking them up."""
    shapes = np.asarray(table.geometry.array, dtype=object)
    how = np.full(len(table), "given", dtype=object)
    how[shapely.is_missing(shapes)] = None
    plots = _outlines(None if survey.land is None else survey.land.plots, "plot_id")
    plots |= _outlines(survey.parcels, "parcel_id")
    estates = _outlines(survey.estates, "name")
    for row in np.flatnonzero(pd.isna(how)):
        for key, known, name in (
            (table["plot"].iloc[row], plots, "plot"),
            (table["name"].iloc[row], estates, "estate"),
        ):
            shape = known.get(plain(key)) if isinstance(key, str) else None
            if shape is not None:
                shapes[row], how[row] = shape, name
                break
    left = np.flatnonzero(pd.isna(how))
    if len(left):
        rows = table.iloc[left]
        places = locate(
            gazetteer,
            addresses=_texts(rows["address"]),
            names=_texts(rows["name"]),
            communities=_texts(rows["community"]),
        )
        sure = (places["confidence"] >= ACCEPT).to_numpy() & places.geometry.notna().to_numpy()
        shapes[left[sure]] = np.asarray(places.geometry.array, dtype=object)[sure]
        how[left[sure]] = "looked_up"
    return table.assign(placed=how).set_geometry(gpd.GeoSeries(shapes, crs=geo.WGS84))


def _texts(values: pd.Series) -> list[str | None]:
    return [one if isinstance(one, str) else None for one in values]


def _outlines(table: gpd.GeoDataFrame | None, column: str) -> dict[str, shapely.Geometry]:
    """Index outlines by a name that only one of them has."""
    if table is None:
        return {}
    keys = pd.Series([plain(one) for one in table[column]], index=table.index)
    once = ~keys.duplicated(keep=False) & (keys != "")
    return dict(zip(keys[once], table.geometry[once], strict=True))


def _people(
    config: StudyConfig, section: HorizonSection, survey: Survey
) -> tuple[pd.DataFrame, Source]:
    """Join the people of the horizon's table to communities as today's are."""
    if survey.communities is None:
        raise RuleError(
            Problem(
                what="people are counted by community, and there is no file of them",
                where=f"study.toml, horizon {section.name}",
                remedy="give file = a file of communities under [communities], or growth = …",
            )
        )
    groups = [name for name in survey.communities if str(name).startswith("people")]
    homes = config.homes.model_copy(
        update={
            "table": section.people,
            "table_columns": section.people_columns,
            "sheet": section.people_sheet,
            "grids": None,
        }
    )
    walk = config.communities.model_copy(update={"crosswalk": None})
    asked = config.model_copy(update={"homes": homes, "communities": walk})
    bare = replace(survey, communities=survey.communities.drop(columns=groups), sources=())
    joined = with_people(asked, bare)
    table = pd.DataFrame(joined.communities)
    counted = [name for name in table if str(name).startswith("people")]
    return table[["community_id", *counted]], joined.sources[-1]


def _roads(
    config: StudyConfig, section: HorizonSection, survey: Survey
) -> tuple[gpd.GeoDataFrame, list[Source]]:
    """Gather the roads to come of the statuses the horizon names."""
    parts: list[gpd.GeoDataFrame] = []
    sources = []
    network = config.network
    for status in section.roads:
        if status == "existing" or network.roads is None:
            continue
        with warnings.catch_warnings():  # said where the roads of today are read
            warnings.simplefilter("ignore", LifecircleWarning)
            roads, source = read_roads(
                network.roads,
                columns=network.columns,
                layer=network.layer,
                crs=network.crs,
                encoding=network.encoding,
                status=status,
            )
        if len(roads):
            parts.append(geo.to_crs(roads, geo.WGS84, where=network.roads.name))
            sources.append(replace(source, name=f"{source.name} ({status})"))
    if "planned" in section.roads and survey.land is not None and survey.land.roads is not None:
        parts.append(_of_plan(survey.land.roads))
    if not parts:
        return gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=geo.WGS84)), sources
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=geo.WGS84)
    inside = shapely.intersects(survey.extent, np.asarray(table.geometry.array, dtype=object))
    return table[inside].reset_index(drop=True), sources


def _of_plan(roads: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Take the roads of a detailed plan that are said not to be built."""
    silent = int(roads["built"].isna().sum())
    if silent:
        _say(
            f"{silent} roads of the detailed plan do not say whether they are built and are not "
            "added: fill the column 是否实施"
        )
    coming = roads[(roads["built"] == False).fillna(value=False).to_numpy(dtype=bool)]  # noqa: E712
    shapes = np.asarray(coming.geometry.array, dtype=object)
    lines, owner = shapely.get_parts(shapes, return_index=True)
    number = np.arange(len(owner)) - np.searchsorted(owner, owner)
    ids = coming["road_id"].to_numpy(dtype=object)
    return gpd.GeoDataFrame(
        {
            "way_id": [f"{ids[at]}/{part + 1}" for at, part in zip(owner, number, strict=True)],
            "name": coming["name"].to_numpy(dtype=object)[owner],
            "highway": np.array([_highway(one) for one in coming["class"]], dtype=object)[owner],
        },
        geometry=shapely.force_2d(lines),
        crs=roads.crs,
    )


def _highway(word: object) -> str:
    said = plain(word).casefold()
    return next((code for code, rule in ROAD_CLASSES if re.fullmatch(rule, said)), "residential")


def _say(text: str) -> None:
    warnings.warn(text, DoubtfulRowsWarning, stacklevel=4)
