"""
Everything a study names about land is read: lists, survey, plan, rights, rooms and exclusions.

A row that names no place on the map is kept apart with its reason, and counted as doubtful.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from lifecircle import geo
from lifecircle.config.land_sections import LandSection
from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.provenance import Source
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.facilities.tagging import classify_name
from lifecircle.sources.geocoding.gazetteer import Gazetteer, build_gazetteer
from lifecircle.sources.geocoding.locate import ACCEPT, locate
from lifecircle.sources.land.detailed_plan import promised_names, read_detailed_plan
from lifecircle.sources.land.exclusions import read_exclusions
from lifecircle.sources.land.listing import Listing, outlines_of_survey, read_listing
from lifecircle.sources.land.rights import read_rights
from lifecircle.sources.land.stock_rooms import read_stock_rooms
from lifecircle.sources.land.survey import read_land_survey
from lifecircle.tables import FACILITIES, PARCELS, UNPLACED, LandFiles, Survey, check


@dataclass(frozen=True, kw_only=True)
class Land:
    """
    What a study says of land, WGS 84.

    Parameters
    ----------
    parcels
        `tables.PARCELS`: listed land and rooms that have a place; None without lists.
    files
        The rest.
    promised
        `tables.FACILITIES` the plan's plots have to provide, ``promised`` where the plot is built
        and ``planned`` where it is not; none of them counts.
    sources
        Origin and counts.
    """

    parcels: gpd.GeoDataFrame | None
    files: LandFiles
    promised: gpd.GeoDataFrame | None
    sources: tuple[Source, ...]


def with_land(
    section: LandSection,
    survey: Survey,
    gazetteer: Gazetteer | None = None,
    *,
    accept: float = ACCEPT,
    own: Recognition = NO_RULES,
) -> Survey:
    """
    Add what a study says of land to its survey.

    Parameters
    ----------
    section
        The section of the study file.
    survey
        What the other files say; not changed.
    gazetteer
        Places that addresses can be looked up in; made of the communities and estates of the
        survey where none is given.
    accept
        Least confidence of a place a room is proposed at.
    own
        What the standard recognises facilities of the detailed plan by.

    Returns
    -------
    survey
        With parcels, the other files of land and their sources.

    Raises
    ------
    LifecircleError
        As `read_land`.
    """
    if gazetteer is None and (section.stock_rooms or section.parcels):
        gazetteer = build_gazetteer([], communities=survey.communities, estates=survey.estates)
    land = read_land(
        section, communities=survey.communities, gazetteer=gazetteer, accept=accept, own=own
    )
    if land is None:
        return survey
    return replace(
        survey,
        parcels=land.parcels,
        land=replace(land.files, promised=land.promised),
        sources=(*survey.sources, *land.sources),
    )


def land_in(files: LandFiles | None, crs: CRS) -> LandFiles:
    """
    Move everything said of land into a metric system.

    Parameters
    ----------
    files
        What offices say, WGS 84; None where they say nothing.
    crs
        The system.

    Returns
    -------
    files
        The same in `crs`.
    """
    if files is None:
        return LandFiles()
    moved = {
        one.name: geo.to_crs(table, crs, where=f"land, {one.name}")
        for one in fields(files)
        if isinstance(table := getattr(files, one.name), gpd.GeoDataFrame)
    }
    return replace(files, **moved)


def read_land(
    section: LandSection,
    *,
    communities: gpd.GeoDataFrame | None,
    gazetteer: Gazetteer | None,
    accept: float = ACCEPT,
    own: Recognition = NO_RULES,
) -> Land | None:
    """
    Read what a study says of land.

    Parameters
    ----------
    section
        The section of the study file.
    communities
        `tables.COMMUNITIES`, WGS 84; None where they are drawn.
    gazetteer
        Places that addresses can be looked up in; None without any.
    accept
        Least confidence of a place a room is proposed at.

    Returns
    -------
    land
        What was read; None where the study names no land.

    Raises
    ------
    LifecircleError
        With what is wrong with a file.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no place on the map, or a doubtful one.
    """
    named = (section.parcels, section.stock_rooms, section.exclude)
    if not any(named) and not any((section.survey, section.rights, section.detailed_plan)):
        return None
    sources: list[Source] = []
    files = _ground(section, sources)
    parcels, unplaced = [], []
    if section.parcels:
        listing = read_listing(
            section.parcels,
            columns=section.columns,
            layer=section.layer,
            crs=section.crs,
            encoding=section.encoding,
            code_system=section.code_system,
        )
        if files.cover is not None and communities is not None:
            listing = outlines_of_survey(listing, files.cover, communities)
        points, left = _listed_points(listing, gazetteer)
        parcels += [listing.parcels, points]
        unplaced.append(left)
        sources += listing.sources
    for path in section.stock_rooms:
        rooms, source = read_stock_rooms(path)
        placed, left, lost = _rooms(rooms, gazetteer, accept)
        parcels.append(placed)
        unplaced.append(left)
        sources.append(
            replace(
                source,
                rows_used=source.rows_used - lost,
                rows_doubtful=source.rows_doubtful + lost,
            )
        )
    known = [part for part in parcels if len(part)]
    return Land(
        parcels=_one_table(known) if known else None,
        files=replace(files, unplaced=_apart(unplaced)),
        promised=None if files.plots is None else _promised(files.plots, own),
        sources=tuple(sources),
    )


def _ground(section: LandSection, sources: list[Source]) -> LandFiles:
    cover = rights = plan = None
    if section.survey is not None:
        cover, source = read_land_survey(section.survey, code_system=section.code_system)
        sources.append(source)
    if section.detailed_plan is not None:
        plan = read_detailed_plan(section.detailed_plan)
        sources.append(plan.source)
    if section.rights is not None:
        shapes = [one for one in (None if plan is None else plan.plots, cover) if one is not None]
        rights, source = read_rights(section.rights, crs=section.rights_crs, alike=tuple(shapes))
        sources.append(source)
    protected = []
    for path in section.exclude:
        found, source = read_exclusions(path)
        protected.append(found)
        sources.append(source)
    return LandFiles(
        cover=cover,
        units=None if plan is None else plan.units,
        plots=None if plan is None else plan.plots,
        roads=None if plan is None else plan.roads,
        rights=rights,
        protected=gpd.GeoDataFrame(pd.concat(protected, ignore_index=True), crs=geo.WGS84)
        if protected
        else None,
    )


def _one_table(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=geo.WGS84)
    return check(table, PARCELS, where="land")


def _apart(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(UNPLACED))
    table = pd.concat(filled, ignore_index=True)
    return table.reindex(columns=list(UNPLACED))


def _found(rows: pd.DataFrame, gazetteer: Gazetteer | None) -> gpd.GeoDataFrame | None:
    if gazetteer is None or len(rows) == 0:
        return None
    texts = [one if isinstance(one, str) else None for one in rows["address"]]
    names = [one if isinstance(one, str) else None for one in rows["name"]]
    return locate(gazetteer, addresses=texts, names=names)


def _listed_points(
    listing: Listing, gazetteer: Gazetteer | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Show rows without an outline as doubtful points where their address is known."""
    rows = listing.unplaced
    found = _found(rows, gazetteer)
    if found is None:
        return gpd.GeoDataFrame(), rows
    shown = (
        found.geometry.notna().to_numpy()
        & (rows["reason"] == "no_outline").to_numpy()
        & rows["area_m2"].notna().to_numpy()
    )
    table = _as_parcels(rows[shown], found[shown], kind=rows.loc[shown, "kind"].tolist())
    table["area_m2"] = rows.loc[shown, "area_m2"].to_numpy(dtype=np.float64)
    table["name"] = rows.loc[shown, "address"].to_numpy(dtype=object)
    table["status"] = "doubtful"
    table["reasons"] = "no_outline"
    return table, rows[~shown]


def _rooms(
    rooms: pd.DataFrame, gazetteer: Gazetteer | None, accept: float
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, int]:
    """Place rooms by their address; give the rest, and how many of the good rows are in doubt."""
    good = rooms["reason"].isna().to_numpy()
    found = _found(rooms, gazetteer)
    if found is None:
        at = np.zeros(len(rooms), dtype=bool)
        sure = at
    else:
        at = good & found.geometry.notna().to_numpy()
        sure = at & (found["confidence"] >= accept).to_numpy()
    left = rooms[~at].assign(kind="stock_room")
    left["reason"] = left["reason"].where(left["reason"].notna(), "not_located")
    _tell_of_rooms(rooms, good & ~sure, at & ~sure)
    if found is None:
        return gpd.GeoDataFrame(), left, int(good.sum())
    placed = rooms[at]
    table = _as_parcels(placed, found[at], kind="stock_room")
    table["area_m2"] = placed["floor_m2"].to_numpy(dtype=np.float64)
    table["status"] = np.where(sure[at], "candidate", "doubtful")
    table["reasons"] = [None if one else "place_uncertain" for one in sure[at]]
    table["checks"] = placed["checks"].to_numpy(dtype=object)
    table["storeys"] = placed["storeys"].to_numpy(dtype=object)
    table["ground_floor"] = placed["ground_floor"].array
    table["ground_m2"] = placed["ground_m2"].to_numpy(dtype=np.float64)
    return table, left, int((good & ~sure).sum())


def _tell_of_rooms(rooms: pd.DataFrame, doubtful: np.ndarray, vague: np.ndarray) -> None:
    if doubtful.any():
        some = ", ".join(f"'{one}'" for one in rooms.loc[doubtful, "address"].head(3))
        warnings.warn(
            f"{rooms['source'].iloc[0]}: {int(doubtful.sum())} of {len(rooms)} rooms are not "
            f"proposed, for their address is not found or only roughly "
            f"({int(vague.sum())} of them roughly; {some})",
            DoubtfulRowsWarning,
            stacklevel=4,
        )


def _as_parcels(
    rows: pd.DataFrame, found: gpd.GeoDataFrame, *, kind: str | list[str]
) -> gpd.GeoDataFrame:
    texts: Mapping[str, object] = {
        name: rows[name].to_numpy(dtype=object) if name in rows else None
        for name in ("name", "list", "floor_m2", "owner", "rights", "available", "note")
    }
    table = gpd.GeoDataFrame(
        {
            "parcel_id": rows["row_id"].to_numpy(dtype=object),
            **texts,
            "kind": kind,
            "origin": "listed",
            "evidence": [
                f"{source}; {address}; {how} {sure:.2f}; {said}"
                for source, address, how, sure, said in zip(
                    rows["source"],
                    rows["address"],
                    found["method"],
                    found["confidence"],
                    found["evidence"],
                    strict=True,
                )
            ],
        },
        geometry=found.geometry.to_numpy(),
        crs=geo.WGS84,
    )
    for name in ("rights", "owner", "list", "available", "note", "name"):
        table[name] = table[name].where(table[name].notna(), None)
    return table


def _promised(plots: gpd.GeoDataFrame, own: Recognition) -> gpd.GeoDataFrame | None:
    """List what plots have to provide; names of no service (物业用房) are no facility."""
    rows = []
    spots = plots.geometry.representative_point()
    for plot, spot in zip(plots.to_dict("records"), spots, strict=True):
        names = promised_names(plot["facilities"])
        for number, name in enumerate(names, start=1):
            for one in classify_name(name, own):
                place = f"plan:{plot['plot_id']}:{number}"
                rows.append(
                    {
                        "facility_id": f"{place}:{one.service}",
                        "place_id": place,
                        "name": f"{plot['plot_id']} {name}",
                        "service": one.service,
                        "type": one.type,
                        "confidence": one.confidence,
                        "rule": f"detailed plan: {one.rule}",
                        "status": "promised" if plot["built"] is True else "planned",
                        "source": "detailed plan",
                        "geometry": spot,
                    }
                )
    if not rows:
        return None
    return check(gpd.GeoDataFrame(rows, crs=geo.WGS84), FACILITIES, where="land.detailed_plan")
