"""From inputs to what `check` says of people and communities: sums by level, faults of outlines."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd

from lifecircle.config import StudyConfig
from lifecircle.places.communities import community_of
from lifecircle.places.outline_faults import outline_faults, pieces_across
from lifecircle.places.upper_areas import PARENTS, upper_areas
from lifecircle.sources.people.tables import BESIDE_COLUMNS, PeopleTable, read_people_table
from lifecircle.study.inputs import Inputs
from lifecircle.study.people_account import account_of_people, told_account
from lifecircle.study.waist import Waist

ZONE = re.compile(r"管委会|管理委员会|开发区|高新区|园区|度假区")
"""Bodies that are counted beside subdistricts and are none."""


def people_facts(config: StudyConfig, inputs: Inputs, waist: Waist) -> dict[str, object]:
    """
    Sum people by level, and beside them what their table says.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    waist
        Homes and communities.

    Returns
    -------
    facts
        Label to number, or to words.
    """
    communities = waist.communities
    facts: dict[str, object] = {}
    if config.homes.table is not None and communities["people"].sum() > 0:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # told when it was read
            table = read_people_table(
                config.homes.table, columns=config.homes.table_columns, sheet=config.homes.sheet
            )
        facts |= _of_table(table)
    homes = waist.homes.table
    facts["people of all homes"] = round(float(homes["people"].sum()), 3)
    for level in PARENTS:
        areas = upper_areas(communities, level)
        for key, name in areas.names.items():
            people = communities.loc[areas.of_community == key, "people"].sum()
            facts[f"{level} {name}"] = round(float(people), 3)
    account = account_of_people(config, inputs, waist)
    groups = account["groups"]
    if isinstance(groups, dict):
        facts |= {f"group {group}": people for group, people in groups.items()}
    return facts | told_account(account, "en")


def _of_table(people: PeopleTable) -> dict[str, object]:
    table = people.table
    facts: dict[str, object] = {
        f"{people.where}: residents (常住)": round(float(table["people"].sum()), 3)
    }
    words = {"registered": "registered (户籍)", "floating": "floating (流动)"}
    for key in BESIDE_COLUMNS:
        if key in table and key in words:
            facts[f"{words[key]}, not mixed in"] = round(float(table[key].sum()), 3)
    zones = table["subdistrict"].map(lambda name: bool(ZONE.search(str(name or ""))))
    for zone, rows in table[zones].groupby("subdistrict"):
        facts[f"{zone}, no subdistrict"] = (
            f"{rows['people'].sum():,.0f} people in {len(rows)} communities, counted once, in the "
            "subdistricts the outlines say"
        )
    return facts


def outline_facts(waist: Waist) -> dict[str, object]:
    """
    Describe what is wrong with outlines and grids, with areas and people.

    Parameters
    ----------
    waist
        Homes and communities.

    Returns
    -------
    facts
        Label to text; empty where all is well.
    """
    communities = waist.communities.reset_index(drop=True)
    names = communities["name"].to_numpy(dtype=object)
    faults = outline_faults(communities)
    homes = waist.homes.table
    points = homes.geometry.to_numpy()
    people = homes["people"].to_numpy(dtype=np.float64)
    facts: dict[str, object] = {}
    if faults.overlaps:
        worst = sorted(faults.overlaps, key=lambda one: -one[2])[:3]
        facts["overlaps"] = (
            f"{len(faults.overlaps)}, {faults.overlap_m2:,.0f} m², where the lower id counts ("
            + "; ".join(f"{names[a]} and {names[b]} {area:,.0f} m²" for a, b, area in worst)
            + ")"
        )
    if faults.gaps:
        import geopandas as gpd  # noqa: PLC0415

        gaps = gpd.GeoDataFrame(geometry=list(faults.gaps), crs=communities.crs)
        held = people[community_of(points, gaps) >= 0].sum() if len(points) else 0.0
        facts["gaps"] = (
            f"{len(faults.gaps)}, {faults.gap_m2:,.0f} m² between outlines, with {held:,.0f} people"
        )
    for row, count, area in faults.parts:
        facts[f"in {count} parts: {names[row]}"] = f"{area:,.0f} m² apart from the largest"
    grids = waist.survey.get("grids")
    if grids is not None:
        facts |= _across(grids, communities)
    return facts


def _across(grids: pd.DataFrame, communities: pd.DataFrame) -> dict[str, object]:
    across = pieces_across(grids, communities)
    if not across:
        return {}
    names = communities["name"].to_numpy(dtype=object)
    ids = grids["cell_id"].to_numpy(dtype=object)
    people = np.nan_to_num(grids["people"].to_numpy(dtype=np.float64))
    rows = [row for row, _ in across]
    some = "; ".join(
        f"{ids[row]} ({people[row]:,.0f} people): "
        + ", ".join(f"{names[at]} {share:.0%}" for at, share in parts)
        for row, parts in across[:3]
    )
    return {
        "grids across communities": (
            f"{len(across)}, with {people[rows].sum():,.0f} people, who live in the homes of each "
            f"side ({some})"
        )
    }
