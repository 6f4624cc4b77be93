"""Official roads make the streets of a study, beside OSM data or without them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.errors import ExtentError, InputError
from lifecircle.study import Study
from lifecircle.study.checking.components import components_of
from lifecircle.study.stages import Stages
from lifecircle.study.waist import build_waist
from tests.small_town import BBOX, SOUTH, STEP_LAT, STEP_LON, WEST, write_study, write_town

BOTH = 'osm = "town.osm"\nroads = "roads.gpkg"'
ROADS = 'roads = "roads.gpkg"'
GRID = 'draw = "grid"\ncell_m = 400'


def at(i, j):
    return WEST + STEP_LON * i, SOUTH + STEP_LAT * j


def write_roads(folder, *, extra=(), move=0.0):
    """The twelve streets of the town as whole lines that cross, and others."""
    lines = [shapely.LineString([at(i, 0), at(i, 5)]) for i in range(6)]
    lines += [shapely.LineString([at(0, j), at(5, j)]) for j in range(6)]
    lines += [line for line, _ in extra]
    names = [*(f"Street {n}" for n in range(12)), *(name for _, name in extra)]
    table = gpd.GeoDataFrame(
        {"BH": [f"{n:02d}" for n in range(len(lines))], "DLMC": names, "DLDJ": "支路"},
        geometry=lines,
        crs="EPSG:4326",
    )
    table.geometry = table.translate(move, 0)
    table.to_file(folder / "roads.gpkg")


def write_own(folder):
    """Files of buildings and facilities that say what the map would."""
    boxes = [
        shapely.box(x, y, x + 0.0001, y + 0.0001)
        for x, y in (at(i + 0.5, j + 0.1) for i in range(5) for j in range(6))
    ]
    gpd.GeoDataFrame(
        {"id": [f"h{n:02d}" for n in range(30)], "用途": "住宅"}, geometry=boxes, crs="EPSG:4326"
    ).to_file(folder / "houses.gpkg")
    gpd.GeoDataFrame(
        {"id": ["1"], "name": ["社区卫生服务站"]},
        geometry=[shapely.Point(at(2.3, 2.05))],
        crs="EPSG:4326",
    ).to_file(folder / "clinics.gpkg")


def study_of(folder, network, **sections):
    return Study.load(write_study(folder, network=network, **sections))


def own_study(folder, **sections):
    return study_of(
        folder,
        ROADS,
        communities=GRID,
        **{"homes": 'buildings = "houses.gpkg"\ntotal = 300', **sections},
        facilities='[[facilities.tables]]\nfile = "clinics.gpkg"\nservice = "medical"',
    )


def waist_of(study):
    stages = Stages()
    with stages.stage("read"):
        inputs = study._inputs(stages)
    return build_waist(study.config, inputs, stages), inputs, stages.warnings


# -- what is refused ---------------------------------------------------------------------------
def test_roads_somewhere_else_are_refused(tmp_path):
    write_town(tmp_path)
    write_roads(tmp_path, move=1.0)
    with pytest.raises(ExtentError, match=r"roads\.gpkg: no road lies near the study area"):
        study_of(tmp_path, BOTH)._inputs(Stages())


def test_without_osm_homes_must_come_from_a_file(tmp_path):
    write_roads(tmp_path)
    write_own(tmp_path)
    with pytest.raises(InputError, match=r"homes\.buildings"):
        waist_of(own_study(tmp_path, homes="total = 300"))


# -- beside OSM data ---------------------------------------------------------------------------
def test_crossing_lines_give_the_streets_the_map_has(tmp_path):
    write_town(tmp_path)
    write_roads(tmp_path)
    mapped, _, _ = waist_of(study_of(tmp_path, 'osm = "town.osm"'))
    official, inputs, said = waist_of(study_of(tmp_path, BOTH))
    assert said == []
    assert (len(official.network.node_xy), len(official.network.length_m)) == (36, 60)
    assert official.network.length_m.sum() == pytest.approx(mapped.network.length_m.sum(), abs=0.5)
    assert official.homes.table["pin_leg_m"].to_numpy() == pytest.approx(
        mapped.homes.table["pin_leg_m"].to_numpy(), abs=0.02
    )
    assert len(official.facilities.table) == len(mapped.facilities.table) == 4
    assert [one.name for one in inputs.survey.sources] == ["town.osm", "roads.gpkg"]
    # Corners meet at ends, sides are touched by ends, only inner crossings are crossings.
    assert inputs.noding.crossings == 16


def test_both_ways_to_the_streets_give_the_same_shares(tmp_path):
    write_town(tmp_path)
    write_roads(tmp_path)
    mapped = study_of(tmp_path, 'osm = "town.osm"').run().scorecard.scores
    official = study_of(tmp_path, BOTH).run().scorecard.scores
    keys = ["level", "area_id", "requirement", "people", "covered", "share"]
    pd.testing.assert_frame_equal(mapped[keys], official[keys])


def test_an_elevated_road_by_declaration_meets_no_street(tmp_path):
    write_town(tmp_path)
    viaduct = shapely.LineString([at(-1, 2.5), at(6, 2.5)])
    write_roads(tmp_path, extra=[(viaduct, "Ring")])
    ground, _, _ = waist_of(study_of(tmp_path, BOTH))
    above, inputs, _ = waist_of(study_of(tmp_path, BOTH + '\nelevated = ["Ring"]'))
    assert len(ground.network.node_xy) == 36 + 6 + 2
    assert len(above.network.node_xy) == 36 + 2
    assert inputs.noding.kept_apart == 6
    assert len(above.network.walkable) == 60
    assert len(ground.network.walkable) > 60


def test_breaks_are_told_and_mended_on_request(tmp_path):
    write_town(tmp_path)
    gap = 2.5 * STEP_LON / 100
    stub = shapely.LineString([(at(5, 5)[0] + gap, at(5, 5)[1]), at(7, 5)])
    write_roads(tmp_path, extra=[(stub, "Lane")])
    waist, inputs, said = waist_of(study_of(tmp_path, BOTH))
    assert inputs.noding.breaks == 1
    told = next(text for text in said if "network.mend_m = 3 closes them" in text)
    lon, lat = at(5, 5)
    assert told.startswith("roads.gpkg: 1 dead ends stop less than 3 m short of another road (")
    assert f"({lon:.5f}, {lat:.5f})" in told or f"({lon + gap:.5f}, {lat:.5f})" in told
    assert len(np.unique(waist.network.component)) == 2
    waist, inputs, said = waist_of(study_of(tmp_path, BOTH + "\nmend_m = 3.0"))
    assert inputs.noding.mended == 1
    assert any("1 up to 3 m wide were closed" in text for text in said)
    assert len(np.unique(waist.network.component)) == 1


# -- without OSM data --------------------------------------------------------------------------
def test_roads_alone_carry_a_study(tmp_path):
    write_roads(tmp_path)
    write_own(tmp_path)
    found = own_study(tmp_path).run()
    waist = found.results.waist
    assert waist.homes.table["people"].sum() == pytest.approx(300)
    assert (waist.homes.table["status"] == "ok").all()
    assert set(waist.facilities.table["service"]) == {"medical"}
    share = found.scorecard.scores.set_index(["level", "requirement"])["share"]
    assert share["study", "medical_15"] == 1.0
    # Nothing maps the ground, so no land is proposed from it.
    assert len(found.results.parcels) == 0
    hull = shapely.convex_hull(shapely.union_all(waist.network.lines))
    assert shapely.covers(waist.extent, hull)
    assert shapely.hausdorff_distance(waist.extent, hull) == pytest.approx(200, abs=1)


def test_check_tells_of_roads_and_of_parts_with_their_people(tmp_path):
    write_roads(tmp_path, extra=[(shapely.LineString([at(6.2, 0), at(6.2, 5)]), "Far")])
    write_own(tmp_path)
    report = own_study(tmp_path).check()
    assert report.facts["roads"]["lines"] == 13
    assert report.facts["roads"]["crossings"] == 16
    assert report.facts["streets"]["components"] == 2
    assert report.facts["streets"]["people_on_components"] == "300"


# -- components and legs -----------------------------------------------------------------------
def test_everybody_near_a_street_is_on_one_part():
    study = Study.toytown()
    waist = build_waist(study.config, study.given, Stages())
    homes = waist.homes.table
    parts = components_of(waist.network, homes, waist.homes.ends.pins)
    assert parts.island.tolist() == [False, True]
    assert parts.people.tolist() == [2088.0 - 16 - 8, 16.0]
    walkable = waist.network.length_m[waist.network.walkable]
    assert parts.length_m.sum() == pytest.approx(walkable.sum())


@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_the_leg_factor_lengthens_the_way_to_the_gate(factor, tmp_path):
    study = Study.toytown()
    write_town(tmp_path)
    gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.box(*BBOX)], crs=4326).to_file(
        tmp_path / "e.gpkg"
    )
    typed = Study.load(
        write_study(tmp_path, estates=f'file = "e.gpkg"\nleg_factor = {factor}')
    ).config.estates
    config = study.config.model_copy(update={"estates": typed})
    stages = Stages()
    homes = build_waist(config, study.given, stages).homes.table.set_index("home_id")
    # Home h10 is 40 m in a straight line from either gate of B, where a street begins.
    assert homes.loc["h10", "pin_leg_m"] == pytest.approx(40 * factor, abs=0.01)
    assert any(text.endswith(f"{factor:g} times the straight line") for text in stages.warnings)
