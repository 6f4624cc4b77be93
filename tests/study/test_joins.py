"""How the streets of a study hang together, and whom doubts about it concern."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely

from lifecircle.config import EstatesSection
from lifecircle.errors import LifecircleWarning
from lifecircle.network.compounds import enclose
from lifecircle.network.mending import find_breaks
from lifecircle.study import Study
from lifecircle.study.joins import Joins, count_concerned, example_breaks
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist
from tests.making import estate_table, gate_table, homes_at, open_town, streets
from tests.small_town import SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town


def toytown(*, estates=False, detect=True):
    """The toy town without the planner's estates: what the map alone says of them."""
    study = Study.toytown()
    survey = study.given.survey
    given = study.given
    if not estates:
        given = dataclasses.replace(given, survey=dataclasses.replace(survey, estates=None))
    config = study.config.model_copy(update={"estates": EstatesSection(detect=detect)})
    stages = Stages()
    return build_waist(config, given, stages), stages.warnings


def joins_of(network, **changes):
    nothing = np.empty(0, dtype=object)
    parts = {
        "whole": network,
        "mended": 0,
        "breaks": find_breaks(network, obstacles=nothing, closed_xy=np.empty((0, 2))),
        "compounds": open_town(network),
        "estates": None,
        "detected": False,
    }
    return Joins(**{**parts, **changes})


# -- estates -----------------------------------------------------------------------------------
def test_given_estates_win_entirely():
    waist, said = toytown(estates=True)
    assert waist.joins.detected is False
    assert waist.compounds.estate_id == ("A", "B", "C")
    assert not any("found on the map" in one for one in said)


def test_a_walled_estate_with_its_gate_is_found_and_its_people_counted():
    waist, said = toytown()
    assert waist.joins.detected is True
    assert waist.compounds.estate_id == ("map/estate_A",)
    assert waist.compounds.walled_streets == 0
    (text,) = [one for one in said if "found on the map" in one]
    # h03 with 240 people and h04 with 200
    assert "1 (map/estate_A), with 440 people in 2 homes, of which 0 walk straight" in text
    assert "estates.detect = false" in text
    assert waist.survey["estates"]["evidence"].notna().all()


def test_a_study_may_keep_all_open():
    waist, said = toytown(detect=False)
    assert waist.joins.detected is False
    assert waist.compounds.estate_id == ()
    assert not any("found on the map" in one for one in said)


def test_homes_without_a_path_to_a_gate_are_counted():
    yard = shapely.box(0, 0, 100, 100)
    ring = [(-10, 50), (-10, -10), (110, -10), (110, 110), (-10, 110), (-10, 50)]
    network = streets(ring, [(-10, 50), (30, 50)], [(60, 20), (60, 21)])
    town = enclose(network, estate_table(yard), gate_table((0, 50)))
    homes = homes_at(town, (30, 55), (60, 25), (-5, 5), people=[7.0, 5.0, 3.0])
    concerned = count_concerned(joins_of(network, compounds=town), homes)
    # the first has a path; beside the second is a stub that leads nowhere
    assert (concerned.straight_homes, concerned.straight_people) == (1, 5.0)


# -- breaks ------------------------------------------------------------------------------------
def test_people_beside_cut_off_streets_are_counted_and_told():
    main = [(0, 0), (1000, 0)]
    short, far = [(500, 2), (500, 300)], [(500, -500), (600, -500)]
    network = streets(main, short, far)
    homes = homes_at(network, (100, 10), (505, 200), (550, -505), people=[100.0, 20.0, 3.0])
    with pytest.warns(LifecircleWarning, match="1, of which 1 cut streets off, with 20 people"):
        concerned = count_concerned(joins_of(network), homes)
    assert (concerned.off_main, concerned.cut_off) == (23.0, 20.0)


def test_whole_streets_concern_nobody():
    network = streets([(0, 0), (100, 0)], [(100, 0), (100, 90)])
    concerned = count_concerned(joins_of(network), homes_at(network, (10, 5)))
    assert dataclasses.astuple(concerned) == (0.0, 0.0, 0, 0.0)
    assert example_breaks(joins_of(network)) == []


def test_examples_name_those_that_cut_off_first():
    network = streets(
        [(0, 0), (1000, 0)], [(500, 2), (500, 300)], [(100, 1), (100, 50), (0, 50), (0, 0)]
    )
    first, second = example_breaks(joins_of(network))
    assert first.startswith("2.00 m at ")
    assert second.startswith("1.00 m at ")
    assert len(example_breaks(joins_of(network), most=1)) == 1


# -- from a study file -------------------------------------------------------------------------
def broken_town(folder, network):
    """The small town with a street that ends 2 m east of its last column."""
    path = write_town(folder)
    text = path.read_text(encoding="utf-8")
    east, row = WEST + STEP_LON * 5 + 0.00003, SOUTH + STEP_LAT * 2.5
    added = (
        f'<node id="7001" version="1" lon="{east:.7f}" lat="{row:.7f}"/>'
        f'<node id="7002" version="1" lon="{east + 0.002:.7f}" lat="{row:.7f}"/>'
    )
    way = (
        '<way id="7003" version="1"><nd ref="7001"/><nd ref="7002"/>'
        '<tag k="highway" v="footway"/></way>'
    )
    at = text.index("<way ")
    text = text[:at] + added + text[at:]
    path.write_text(text.replace("</osm>", way + "</osm>"), encoding="utf-8")
    return Study.load(write_study(folder, network=network))


def test_a_break_is_reported_and_mended_on_request(tmp_path):
    report = broken_town(tmp_path, 'osm = "town.osm"').check()
    streets_ = report.facts["streets"]
    assert (streets_["breaks_under_3_m"], streets_["breaks_mended"]) == (1, 0)
    assert streets_["components"] == 2
    assert streets_["narrowest_breaks"].endswith("53.00225")
    mended = broken_town(tmp_path, 'osm = "town.osm"\nmend_m = 3').check().facts["streets"]
    assert (mended["breaks_under_3_m"], mended["breaks_mended"]) == (0, 1)
    assert mended["components"] == 1
    assert "narrowest_breaks" not in mended
    assert mended["walkable_km"] == pytest.approx(streets_["walkable_km"], abs=0.05)
