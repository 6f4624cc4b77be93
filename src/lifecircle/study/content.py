"""From results to the bundle every output is written from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.access.checkup import checkup_table
from lifecircle.config import StudyConfig
from lifecircle.outputs.content import Content
from lifecircle.outputs.sentences import with_sentences
from lifecircle.outputs.style import label
from lifecircle.siting.handing_on import hand_on
from lifecircle.study.horizons.tables import NOW, horizon_index, horizon_scores
from lifecircle.study.inputs import Inputs
from lifecircle.study.merging import merged_sources
from lifecircle.study.people_account import account_of_people, told_account
from lifecircle.study.records.last_round import Today, assess_last_round
from lifecircle.study.results import Results
from lifecircle.tables import LAST_ROUND

AROUND_M = 1500.0
"""How far around the area the map's backdrop is drawn [m]."""

_GREEN = ("forest", "meadow", "grass", "park", "garden", "allotments", "cemetery", "farmland")
_WATER = ("water", "wetland")
_BUILT = ("residential", "commercial", "retail", "industrial")
_SIMPLIFY_M = 2.0


def content_of(config: StudyConfig, inputs: Inputs, results: Results) -> Content:
    """
    Bundle what a run has to show.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    results
        What was found.

    Returns
    -------
    content
        Tables and layers of the run.
    """
    waist = results.waist
    near = shapely.buffer(shapely.envelope(waist.area), AROUND_M)
    streets = waist.network.to_frame()
    account = account_of_people(config, inputs, waist)
    content = Content(
        title=config.study.name,
        language=config.study.language,
        release=config.study.release,
        secrecy=config.study.secrecy or "",
        map_approval=config.study.map_approval or "",
        tiles=(config.online.tiles, config.online.tiles_credit or "")
        if config.online.tiles
        else (),
        crs=inputs.crs,
        area=waist.area,
        standard=results.standard,
        scores=results.scorecard.scores,
        services=results.scorecard.services,
        index=results.scorecard.index,
        gaps=results.gaps.table,
        unsure=results.gaps.unsure,
        sites=results.sites.table,
        projects=results.programme.projects,
        programme=results.programme.programme,
        community_programme=results.community_programme,
        communities=waist.communities,
        homes=homes_with_walks(results),
        facilities=waist.facilities.table,
        entrances=waist.entrances,
        streets=streets[shapely.intersects(near, streets.geometry.to_numpy())],
        isochrones=results.isochrones,
        facility_areas=results.facility_areas,
        parcels=results.parcels,
        backdrop=_backdrop(results, near),
        buildings=_buildings(results),
        estates=_estates(results),
        units=results.units,
        unit_services=results.unit_services,
        advice=results.advice,
        lacks=results.sites.lacks,
        unplaced=waist.land.unplaced,
        to_place=inputs.placing.to_place,
        sources=merged_sources(inputs.survey.sources, waist.merged),
        merged=waist.merged.report,
        list_pairs=waist.merged.pairs,
        remedies=results.remedies,
        last_round=_last_round(inputs, results, config.study.language),
        warnings=results.warnings,
        entries=inputs.entries,
        overrides=results.overrides.rows,
        opinions=inputs.survey.records.get("opinions", pd.DataFrame()),
        notes={
            **_notes(results, config.study.language),
            **told_account(account, config.study.language),
        },
        account=account,
        newly_covered=results.sites.newly_covered,
        norms=results.sizes.norms,
        supply=results.sizes.supply,
        loads=results.sizes.loads,
        coverage=results.measures.coverage,
        nearness=results.measures.nearness,
        equity=results.measures.equity,
        needs=results.measures.needs,
        land_from=results.measures.land_from,
        robustness=results.steadiness.table,
        spreads=asdict(results.steadiness.spreads),
        checkup=checkup_table(
            results.standard,
            results.scorecard.scores,
            coverage=results.measures.coverage,
            norms=results.sizes.norms,
            language=config.study.language,
        ),
        handover=hand_on(
            results.standard,
            results.sites.table,
            parcels=results.parcels,
            communities=waist.communities,
            land=waist.land,
        ),
        **_of_choice(results),
        **_to_come(config, results),
    )
    return with_sentences(content)


def _of_choice(results: Results) -> dict[str, Any]:
    """Take what is told of the choice of sites."""
    names = ("curve", "alternatives", "frequency", "wishes", "after")
    everybody = results.sites.everybody
    return {name: getattr(results.choice, name) for name in names if results.choice is not None} | {
        "ways": pd.DataFrame(results.ways.table.drop(columns="geometry")),
        "everybody": None if everybody is None else (everybody.sites, everybody.at_least),
    }


def _to_come(config: StudyConfig, results: Results) -> dict[str, Any]:
    """Put horizons beside today, and take the check of estates."""
    found: dict[str, Any] = {}
    if results.provision is not None:
        found["provision"] = results.provision.table
        found["provision_unjoined"] = results.provision.unjoined
    if not results.horizons or results.today is None:
        return found
    named = {one.name: one for one in config.horizon}
    names = {}
    for moment in (NOW, *(one.section.name for one in results.horizons)):
        section = named.get(moment)
        said = None if section is None else section.label
        year = None if section is None or section.year is None else str(section.year)
        plain = said or label("horizon", moment, config.study.language)
        in_brackets = f"（{year}年）" if config.study.language == "zh" else f" ({year})"
        names[moment] = plain if year is None or year in plain else plain + in_brackets
    parts = (results.standard, results.today, results.horizons, config.horizon)
    return found | {
        "horizons": horizon_scores(*parts),
        "horizons_index": horizon_index(*parts),
        "horizon_names": names,
    }


def _last_round(inputs: Inputs, results: Results, language: str) -> pd.DataFrame:
    projects = inputs.survey.records.get("projects")
    if projects is None:
        return pd.DataFrame(columns=list(LAST_ROUND))
    today = Today(
        standard=results.standard,
        facilities=results.waist.facilities.table,
        gaps=results.gaps.table,
        scores=results.scorecard.scores,
        communities=results.waist.communities,
        complete=results.waist.complete,
        language=language,
    )
    return assess_last_round(projects, today)


def homes_with_walks(results: Results) -> gpd.GeoDataFrame:
    """
    Put every requirement's walk beside each home.

    Parameters
    ----------
    results
        What was found.

    Returns
    -------
    homes
        `tables.HOMES` with ``<requirement>_s``, ``<requirement>_m`` and
        ``<requirement>_facility_id``, missing where nothing is within twice the limit, with
        ``<requirement>_covered`` and, where there are gaps, ``<requirement>_reason``.
    """
    homes = results.waist.homes.table
    ids = results.waist.facilities.table["facility_id"].to_numpy(dtype=object)
    walks: dict[str, NDArray[Any]] = {}
    for name, reach in results.reaches.items():
        walks[f"{name}_s"] = reach.walk_s
        walks[f"{name}_m"] = reach.length_m
        nearest = np.full(len(homes), None, dtype=object)
        known = reach.facility >= 0
        nearest[known] = ids[reach.facility[known]]
        walks[f"{name}_facility_id"] = nearest
        walks[f"{name}_covered"] = reach.covered
        if name in results.gaps.home_reason:
            walks[f"{name}_reason"] = results.gaps.home_reason[name]
    table = pd.DataFrame(walks, index=homes.index)
    return gpd.GeoDataFrame(pd.concat([homes, table], axis=1), crs=homes.crs)


def _backdrop(results: Results, near: shapely.Geometry) -> gpd.GeoDataFrame:
    """Gather what is drawn under everything: water, green, built-up ground, railways."""
    ground = results.waist.survey["ground"]
    barriers = results.waist.survey["barriers"]
    parts = []
    for kind, codes in (("built", _BUILT), ("green", _GREEN), ("water", _WATER)):
        shapes = ground.geometry[ground["kind"].isin(codes)]
        parts.append(gpd.GeoDataFrame({"kind": kind}, geometry=shapes, index=shapes.index))
    for kind in ("water", "rail"):
        shapes = barriers.geometry[barriers["kind"] == kind]
        parts.append(gpd.GeoDataFrame({"kind": kind}, geometry=shapes, index=shapes.index))
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=ground.crs)
    table = table[shapely.intersects(near, table.geometry.to_numpy())]
    clipped = shapely.intersection(shapely.simplify(table.geometry.to_numpy(), _SIMPLIFY_M), near)
    table = table.set_geometry(gpd.GeoSeries(clipped, index=table.index, crs=ground.crs))
    return table[~table.geometry.is_empty].reset_index(drop=True)


def _buildings(results: Results) -> gpd.GeoDataFrame:
    buildings = results.waist.survey["buildings"]
    inside = shapely.intersects(results.waist.area, buildings.geometry.to_numpy())
    return gpd.GeoDataFrame(
        geometry=buildings.geometry[inside].reset_index(drop=True), crs=buildings.crs
    )


def _estates(results: Results) -> gpd.GeoDataFrame | None:
    estates = results.waist.survey.get("estates")
    if estates is None or len(estates) == 0:
        return None
    homes = results.waist.homes.table
    people = homes.groupby("estate_id")["people"].sum()
    return estates.assign(people=estates["estate_id"].map(people).fillna(0.0).astype(float))


def _notes(results: Results, language: str) -> dict[str, str]:
    """State facts of the run that no table holds, labelled in the study's language."""
    homes = results.waist.homes.table
    people = homes["people"].sum()
    facts = [
        ("人口（人）", "people", f"{people:,.0f}"),
        ("住宅（处）", "homes", f"{len(homes):,}"),
        ("住宅状态", "homes on the network", _counted(homes["status"], "home_status", language)),
        ("封闭小区（个）", "closed estates", str(len(results.waist.compounds.estate_id))),
        *_estate_facts(results),
        (
            "被小区围墙截断的道路（条）",
            "streets cut by estate walls",
            str(results.waist.compounds.walled_streets),
        ),
    ]
    solution = results.sites.solution
    if solution is not None:
        facts += [
            ("选址求解方式", "siting method", label("siting_method", solution.method, language)),
            ("选址与最优解的已证明差距", "proved gap of the sites", f"{solution.gap:.2%}"),
            (
                "全部选址新增覆盖人口（人）",
                "people newly covered by all sites",
                f"{results.sites.newly_covered:,.0f}",
            ),
        ]
    shown = results.isochrones.dropna(subset=["wrongly_in"])
    if len(shown):
        facts.append(
            (
                "服务圈图形误差（最大值）：误入、误出人口",
                "drawn circles, people wrongly inside and outside (worst)",
                f"{shown['wrongly_in'].max():.1%}, {shown['wrongly_out'].max():.1%}",
            )
        )
    return {(zh if language == "zh" else en): value for zh, en, value in facts}


def _estate_facts(results: Results) -> list[tuple[str, str, str]]:
    """Say what closed estates rest on, where it is the map or a straight line."""
    joins, concerned = results.waist.joins, results.waist.concerned
    facts = []
    if joins.detected:
        facts.append(
            (
                "其中由地图推定（个），依据见图层 estates",
                "of them found on the map (evidence in layer estates)",
                str(len(joins.compounds.estate_id)),
            )
        )
    if concerned.straight_homes:
        facts.append(
            (
                "小区内无路通门、按直线走到大门的住宅（处，人）",
                "homes that walk straight to a gate for want of a path (homes, people)",
                f"{concerned.straight_homes:,}, {concerned.straight_people:,.0f}",
            )
        )
    if joins.mended:
        facts.append(("接通的断头路（处）", "breaks of streets joined", str(joins.mended)))
    return facts


def _counted(codes: pd.Series, domain: str, language: str) -> str:
    counts = sorted(codes.value_counts().items(), key=lambda item: (-item[1], str(item[0])))
    return ", ".join(f"{label(domain, code, language)} {count:,}" for code, count in counts)
