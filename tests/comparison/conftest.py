"""Runs of the toy town with one thing changed, each computed once."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.comparison import run_of
from lifecircle.geo import WGS84, unproject
from lifecircle.sources import toytown_drawing as drawing
from lifecircle.sources.toytown import TOYTOWN_CRS, TOYTOWN_ORIGIN
from lifecircle.study import Study


def with_survey(study: Study, **tables: object) -> Study:
    survey = dataclasses.replace(study.given.survey, **tables)
    return dataclasses.replace(study, given=dataclasses.replace(study.given, survey=survey))


def place(x: float, y: float) -> shapely.Point:
    at = np.array([[x, y]], dtype=float) + np.array(TOYTOWN_ORIGIN)
    return shapely.Point(unproject(at, TOYTOWN_CRS)[0])


def facility_added(study: Study) -> Study:
    """K3, a library 20 m from home h16."""
    known = study.given.survey.facilities
    row = known[known["facility_id"] == "K1"].iloc[0].to_dict()
    row |= {"facility_id": "K3", "place_id": "K3", "name": "东乡文化站", "type": "culture.station"}
    row |= {"geometry": place(950, 90)}
    more = gpd.GeoDataFrame([{k: row[k] for k in known.columns}], geometry="geometry", crs=WGS84)
    return with_survey(
        study, facilities=gpd.GeoDataFrame(pd.concat([known, more], ignore_index=True), crs=WGS84)
    )


def people_doubled(study: Study) -> Study:
    homes = study.given.survey.homes.copy()
    homes.loc[homes["home_id"] == "h03", "people"] *= 2
    return with_survey(study, homes=homes)


@pytest.fixture(scope="session")
def base(toy_findings):
    return run_of(toy_findings.content)


@pytest.fixture(scope="session")
def richer():
    return run_of(facility_added(Study.toytown()).run().content)


@pytest.fixture(scope="session")
def fuller():
    return run_of(people_doubled(Study.toytown()).run().content)


@pytest.fixture(scope="session")
def bridge_down():
    with pytest.MonkeyPatch.context() as patch:
        ways = [line for line in drawing.WAYS.splitlines() if not line.startswith("bridge ")]
        patch.setattr(drawing, "WAYS", "\n".join(ways) + "\n")
        study = Study.toytown()
    return run_of(study.run().content)


@pytest.fixture(scope="session")
def divided():
    """Community c1 lost its east to c5; c2 has another name and id."""
    with pytest.MonkeyPatch.context() as patch:
        text = drawing.COMMUNITIES.replace("-50 250 820 550", "-50 250 600 550")
        text = text.replace("c2 南岸社区", "x2 南岸新社区")
        text += "c5 北岸东社区 北街道 玩具县 玩具市 u1 True 600 250 820 550\n"
        patch.setattr(drawing, "COMMUNITIES", text)
        study = Study.toytown()
    return run_of(study.run().content)


@pytest.fixture(scope="session")
def everything():
    """All of it at once."""
    with pytest.MonkeyPatch.context() as patch:
        ways = [line for line in drawing.WAYS.splitlines() if not line.startswith("bridge ")]
        patch.setattr(drawing, "WAYS", "\n".join(ways) + "\n")
        text = drawing.COMMUNITIES.replace("-50 250 820 550", "-50 250 600 550")
        text += "c5 北岸东社区 北街道 玩具县 玩具市 u1 True 600 250 820 550\n"
        patch.setattr(drawing, "COMMUNITIES", text)
        study = facility_added(people_doubled(Study.toytown()))
    return run_of(study.run().content)
