"""Whole studies on a hill and on wheels: what the planning speed shrugs off and others pay for."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from lifecircle.errors import ExtentError
from lifecircle.study import Study
from tests.small_town import SOUTH, WEST, write_study, write_town

PROFILES = """
[standard.override]
"medical_15.profile" = "elder"
"culture_15.profile" = "bike"
"fitness_15.profile" = "drive"
"fitness_15.direction" = "from_facility"
"""


def save_hill(path, west=WEST - 0.07, height_of=lambda column: 1500 - 100 * column):
    """Cells of 0.01 x 0.01 degrees, 670 m wide, falling to the east: 100 m each are 15 %."""
    values = np.tile(height_of(np.arange(15.0)), (15, 1)).astype("float32")
    place = rasterio.Affine(0.01, 0, west, 0, -0.01, SOUTH + 0.08)
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=15, width=15, dtype="float32",
        crs="EPSG:4326", transform=place,
    ) as raster:  # fmt: skip
        raster.write(values, 1)


def walks_of(folder, *, dem: bool, extra=PROFILES):
    write_town(folder)
    save_hill(folder / "dem.tif")
    network = 'osm = "town.osm"' + ('\ndem = "dem.tif"' if dem else "")
    study = Study.load(write_study(folder, extra, network=network))
    found = study.run()
    return {name: reach.walk_s for name, reach in found.results.reaches.items()}, found


def test_a_hill_is_for_those_who_climb_it(tmp_path_factory):
    flat, _ = walks_of(tmp_path_factory.mktemp("flat"), dem=False)
    hilly, found = walks_of(tmp_path_factory.mktemp("hilly"), dem=True)
    assert found.results.waist.network.edges["rise_m"].notna().all()
    for name in ("medical_5", "culture_5", "culture_15", "fitness_15", "elder_care_15"):
        np.testing.assert_array_equal(flat[name], hilly[name])
    times = hilly["medical_15"] / flat["medical_15"]
    # going up at 15 % takes exp(3.5 · 0.15) = 1.69 times as long, down exp(3.5 · 0.05) = 1.19
    # times; the clinic stands in the west, and legs and streets along the slope stay flat
    assert 1.3 < times.max() < 1.7
    assert (times >= 1.0).all()
    assert len(np.unique(times.round(2))) > 3
    used = [source for source in found.inputs.survey.sources if source.name == "dem.tif"]
    assert [source.rows_doubtful for source in used] == [0]


def test_wheels_are_faster_than_feet_and_a_lift_to_the_door(tmp_path):
    walks, _ = walks_of(tmp_path, dem=False)
    on_foot, _ = walks_of(tmp_path, dem=False, extra="")
    # residential streets: 15 km/h against 4, 25 km/h against 4
    ratio = np.nanmedian(on_foot["culture_15"] / walks["culture_15"])
    assert ratio == pytest.approx(15 / 4, rel=0.02)
    ratio = np.nanmedian(on_foot["fitness_15"] / walks["fitness_15"])
    assert 25 / 4 < ratio < 30 / 4


def test_heights_of_elsewhere_are_refused(tmp_path):
    write_town(tmp_path)
    save_hill(tmp_path / "dem.tif", west=40.0)
    path = write_study(tmp_path, network='osm = "town.osm"\ndem = "dem.tif"')
    with pytest.raises(ExtentError, match=r"dem\.tif: does not meet the area"):
        Study.load(path).run()


def test_heights_that_nobody_asks_for_are_told(tmp_path):
    walks, found = walks_of(tmp_path, dem=True, extra="")
    assert [text for text in found.warnings if "network.dem changes no walk" in text]
    bare, told = walks_of(tmp_path, dem=False, extra="")
    assert not [text for text in told.warnings if "network.dem" in text]
    for name in bare:
        np.testing.assert_array_equal(bare[name], walks[name])
