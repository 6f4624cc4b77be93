"""
Horizons of the toy town, worked by hand; laws that hold for any of them.

Today the health centre M1 is being built here, so that only M2 (on the other bank) serves; with M1
every walk is the one of `sources.toytown`.
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point

from lifecircle import geo
from lifecircle.config import HorizonSection
from lifecircle.sources.toytown import TOYTOWN_CRS, TOYTOWN_ORIGIN, toytown
from lifecircle.study import Study
from lifecircle.study.content import content_of
from lifecircle.study.horizons.inputs import HorizonInputs
from lifecircle.study.horizons.tables import NOW, horizon_index, horizon_scores
from lifecircle.tables import HORIZONS, HORIZONS_INDEX


def section(name="near", **keys):
    return HorizonSection.model_validate({"name": name, **keys})


def town(*, building=(), opens=None):
    survey = toytown()
    facilities = survey.facilities.copy()
    mine = facilities["facility_id"].isin(building)
    facilities["status"] = facilities["status"].mask(mine, "building")
    facilities["opens"] = np.where(mine, np.nan if opens is None else opens, np.nan)
    return dataclasses.replace(survey, facilities=facilities)


def run(*horizons, survey=None, language="en"):
    study = Study.toytown(language=language)
    given = dataclasses.replace(study.given, survey=survey or toytown(), horizons=tuple(horizons))
    config = study.config.model_copy(update={"horizon": tuple(one.section for one in horizons)})
    return dataclasses.replace(study, config=config, given=given).run()


def at(x, y):
    lonlat = geo.unproject(np.array([[x, y]]) + np.array(TOYTOWN_ORIGIN), TOYTOWN_CRS)
    return Point(*lonlat[0])


def housing(*rows):
    return gpd.GeoDataFrame(
        {
            "row_id": [f"new{number}" for number, *_ in enumerate(rows, start=1)],
            "name": None,
            "people": [float(row[1]) for row in rows],
            "placed": ["given" if row[0] is not None else None for row in rows],
        },
        geometry=gpd.GeoSeries([row[0] for row in rows], crs=geo.WGS84),
        crs=geo.WGS84,
    )


def tables(found):
    results = found.results
    parts = (results.standard, results.today, results.horizons, found.config.horizon)
    return horizon_scores(*parts), horizon_index(*parts)


def row(scores, horizon, area, requirement):
    mine = scores[
        (scores["horizon"] == horizon)
        & (scores["area_id"] == area)
        & (scores["requirement"] == requirement)
    ]
    assert len(mine) == 1
    return mine.iloc[0]


@pytest.fixture(scope="module")
def opening():
    near = HorizonInputs(section=section(year=2028, facilities=("existing", "building")))
    return run(near, survey=town(building=["M1"], opens=2027))


def test_a_clinic_that_opens_covers_whom_it_covers_in_the_hand_worked_town(opening):
    scores, _ = tables(opening)
    now = row(scores, NOW, "c1", "medical_5")
    near = row(scores, "near", "c1", "medical_5")
    assert now["covered"] == 0
    assert near["covered"] == 240  # h06 and h07, 198 s each
    assert near["people"] == 1040
    assert near["change"] == pytest.approx(240 / 1040)
    assert near["why"] == "opens M1 240"
    assert row(scores, "near", "c1", "medical_15")["covered"] == 1040
    assert near["year"] == 2028


def test_communities_that_gain_nothing_have_no_cause(opening):
    scores, _ = tables(opening)
    far = row(scores, "near", "c3", "medical_5")
    assert far["change"] == 0
    assert pd.isna(far["why"])


def test_a_gap_that_closes_by_itself_says_when(opening):
    gaps = opening.gaps.table.set_index(["community_id", "requirement"])
    assert gaps.loc[("c1", "medical_15"), "closes"] == "near"
    assert pd.isna(gaps.loc[("c1", "medical_5"), "closes"])  # 240 of 1,040 are too few
    _, index = tables(opening)
    whole = index[(index["horizon"] == "near") & (index["level"] == "study")].set_index("minutes")
    assert whole.loc[15, "closed"] == 1
    assert whole.loc[15, "new"] == 0


def test_what_opens_after_the_year_does_not_count_yet():
    near = HorizonInputs(section=section(year=2026, facilities=("existing", "building")))
    scores, _ = tables(run(near, survey=town(building=["M1"], opens=2027)))
    assert row(scores, "near", "c1", "medical_5")["covered"] == 0


def test_what_says_no_year_counts_and_is_told_of():
    near = HorizonInputs(section=section(year=2026, facilities=("existing", "building")))
    found = run(near, survey=town(building=["M1"]))
    scores, _ = tables(found)
    assert row(scores, "near", "c1", "medical_5")["covered"] == 240
    assert any("1 facilities to come do not say when" in text for text in found.warnings)


def _verdicts(table):
    """Leave out how steady today is, which no later moment is asked."""
    return table.drop(columns="robust", errors="ignore")


def test_a_horizon_with_nothing_new_is_today():
    found = run(HorizonInputs(section=section()), HorizonInputs(section=section("end", growth=1.0)))
    results = found.results
    for one in results.horizons:
        for name in ("scores", "services", "index"):
            pd.testing.assert_frame_equal(
                _verdicts(getattr(one.scorecard, name)), _verdicts(getattr(results.scorecard, name))
            )
    scores, index = tables(found)
    assert (scores["change"].dropna() == 0).all()
    assert scores["why"].isna().all()
    assert index[["closed", "new"]].fillna(0).to_numpy().sum() == 0


def test_new_housing_without_services_makes_new_gaps():
    # Beside h18, whom no street is near: 300 people more in c3, none of them covered.
    near = HorizonInputs(section=section(), housing=housing((at(1150, -40), 300)))
    found = run(near)
    scores, index = tables(found)
    now, then = (row(scores, name, "c3", "elder_care_15") for name in (NOW, "near"))
    assert (now["people"], now["covered"], now["verdict"]) == (184, 160, "met")
    assert (then["people"], then["covered"], then["verdict"]) == (484, 160, "short")
    assert then["why"] == "people +300"
    whole = index[(index["horizon"] == "near") & (index["level"] == "study")].set_index("minutes")
    assert whole.loc[15, "new"] == 2  # medical and elder care of c3
    assert found.gaps.table["closes"].isna().all()


def test_people_of_new_housing_are_conserved_on_every_level_and_told_apart():
    rows = housing((at(650, 210), 90), (at(110, 10), 60.5), (None, 40), (at(5000, 5000), 7))
    found = run(HorizonInputs(section=section(), housing=rows))
    horizon = found.results.horizons[0]
    assert horizon.expected.notes == {
        "today": 2088,
        "new_housing": 150.5,
        "then": 2238.5,
        "without_a_place": 40,
    }
    scores = horizon.scorecard.scores
    everybody = scores[(scores["group"] == "all") & (scores["requirement"] == "medical_15")]
    sums = everybody.groupby("level")["people"].sum()
    for level in ("community", "study"):
        assert sums[level] == pytest.approx(2238.5, abs=1e-9)
    assert any("7 people of new housing lie outside" in text for text in found.warnings)
    sixty = horizon.homes.table["people_60plus"]
    assert sixty.iloc[18:].sum() > 0


def test_growth_multiplies_people_and_groups_and_leaves_shares():
    found = run(HorizonInputs(section=section(growth=1.25)))
    horizon, today = found.results.horizons[0], found.results.scorecard.scores
    scores = horizon.scorecard.scores
    np.testing.assert_allclose(scores["people"], today["people"] * 1.25)
    np.testing.assert_allclose(scores["share"], today["share"])


def test_a_table_of_people_counts_everybody_of_a_community():
    people = pd.DataFrame({"community_id": ["c1", "c2"], "people": [1000.0, np.nan]})
    rows = housing((at(150, 410), 60))
    found = run(HorizonInputs(section=section(), people=people, housing=rows))
    table = found.results.horizons[0].homes.table
    sums = table.groupby("community_id")["people"].sum()
    assert sums["c1"] == pytest.approx(1000)
    assert sums["c2"] == 864
    assert table["people"].iloc[-1] == pytest.approx(60 * 1000 / 1100)
    assert any("says nothing of 1 communities" in text for text in found.warnings)


def test_a_bridge_to_come_shortens_the_walks_over_the_river():
    corner = np.array(TOYTOWN_ORIGIN)
    bridge = LineString(np.array([(600.0, 200.0), (600.0, 300.0)]) + corner)
    roads = gpd.GeoDataFrame(
        {"way_id": ["b"], "highway": ["residential"]}, geometry=[bridge], crs=TOYTOWN_CRS
    ).to_crs(geo.WGS84)
    found = run(HorizonInputs(section=section(), roads=roads))
    horizon = found.results.horizons[0]
    homes = horizon.homes.table["home_id"].tolist()
    walks = dict(zip(homes, horizon.reaches["culture_15"].walk_s, strict=True))
    # h08: 10 + 50 + 100 + 40 m; h09 another block further; h01 does not cross the river.
    assert walks["h08"] == pytest.approx(180, abs=0.05)
    assert walks["h09"] == pytest.approx(270, abs=0.05)
    assert walks["h01"] == pytest.approx(450, abs=0.05)
    scores, _ = tables(found)
    assert row(scores, "near", "c2", "culture_5")["why"].startswith("roads ")
    today = found.results.reaches["culture_15"].walk_s
    assert (
        np.nan_to_num(horizon.reaches["culture_15"].walk_s, nan=9e9)
        <= np.nan_to_num(today, nan=9e9) + 0.05
    ).all()


def test_sites_of_the_programme_count_only_where_they_are_asked_for():
    found = run(
        HorizonInputs(section=section()), HorizonInputs(section=section("end", programme=True))
    )
    assert len(found.sites)
    near, end = found.results.horizons
    shares = [
        one.scorecard.scores.set_index(["level", "area_id", "requirement"])["share"]
        for one in (near, end)
    ]
    assert (shares[1].fillna(0) >= shares[0].fillna(0) - 1e-12).all()
    assert (shares[1].fillna(0) > shares[0].fillna(0)).any()
    pd.testing.assert_frame_equal(_verdicts(end.promised.scores), _verdicts(found.scorecard.scores))
    assert found.gaps.table["closes"].isna().all()
    scores, _ = tables(found)
    causes = scores.loc[scores["horizon"] == "end", "why"].dropna()
    assert causes.str.startswith("site ").all()
    served = found.sites.table.set_index("site_id")["newly_covered"]
    assert (served > 0).all()


@pytest.mark.parametrize("status", ["building", "planned"])
def test_more_facilities_never_lower_a_share(status):
    kinds = ("existing", status)
    found = run(
        HorizonInputs(section=section(facilities=kinds)), survey=town(building=["M1", "K1"])
    )
    before = found.scorecard.scores["share"].fillna(0)
    after = found.results.horizons[0].scorecard.scores["share"].fillna(0)
    assert (after >= before - 1e-12).all()


def test_tables_have_their_columns_and_leave_estates_out(opening):
    scores, index = tables(opening)
    assert tuple(scores.columns) == HORIZONS
    assert tuple(index.columns) == HORIZONS_INDEX
    assert "estate" not in set(scores["level"]) | set(index["level"])


def test_outputs_get_horizons_only_where_there_are_any(opening):
    bare = run()
    content = content_of(bare.config, bare.inputs, bare.results)
    assert content.horizons is None
    assert content.horizon_names == {}
    told = content_of(opening.config, opening.inputs, opening.results)
    assert list(told.horizon_names.items()) == [("now", "now"), ("near", "near (2028)")]
