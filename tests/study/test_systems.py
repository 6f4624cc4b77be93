"""Local systems of a study file: made once, and written wherever it names them."""

from __future__ import annotations

import pytest

from lifecircle import geo
from lifecircle.config import load_config
from lifecircle.errors import CrsError, RuleError
from lifecircle.study.systems import systems_of, with_systems
from tests.config_making import fill, write
from tests.sources.sheet_making import book

OWN = '\n[[systems]]\nname = "甲2000"\ncentral_meridian = "121°05′"\nfalse_northing = -3000000\n'


# -- bad input ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lines", "match"),
    [
        ('name = "甲"', "gives neither central_meridian nor control"),
        ('name = "甲"\ncentral_meridian = 121\ncontrol = "poi.csv"', "gives both"),
        ('name = "甲"\ncentral_meridian = "east"', "is no angle"),
        ('name = "甲"\ncentral_meridian = true', "must be an angle"),
        ('name = "gcj02"\ncentral_meridian = 121', "name of a datum everybody knows"),
        ('name = "甲"\ncentral_meridian = 121\nfalse_easting = 500', "500000 for 500 km"),
        ('name = "甲"\ncentral_meridian = 121\nsheet = "1"', "has no effect beside"),
        ('name = "甲"\ncontrol = "poi.csv"\nscale = 1.0', "has no effect beside control"),
        ('name = "甲"\ncentral_meridian = 121\nellipsoid = "bessel"', "must be one of"),
        ('name = "甲"\ncentral_meridian = 121\nscale = 3', "less than or equal"),
    ],
)
def test_what_a_system_must_not_say(tmp_path, lines, match):
    path = write(fill(tmp_path), extra=f"\n[[systems]]\n{lines}\n")
    with pytest.raises(RuleError, match=match):
        load_config(path)


def test_a_name_twice_and_a_name_nobody_declared(tmp_path):
    with pytest.raises(RuleError, match="'甲2000' is declared twice"):
        load_config(write(fill(tmp_path), extra=OWN + OWN))
    lists = '\n[[facilities.tables]]\nfile = "poi.csv"\ndatum = "乙2000"\n'
    with pytest.raises(RuleError, match="'乙2000' is no known datum") as caught:
        load_config(write(tmp_path, extra=OWN + lists))
    assert "[[systems]]" in str(caught.value)


def test_control_points_that_cannot_be_used_are_refused(tmp_path):
    fill(tmp_path)
    book(tmp_path, [["点号", "X", "Y"], ["K1", 1.0, 2.0]], name="control.xlsx")
    system = '\n[[systems]]\nname = "甲"\ncontrol = "control.xlsx"\n'
    config = load_config(write(tmp_path, extra=system))
    with pytest.raises(CrsError, match="no columns of known coordinates"):
        systems_of(config)
    config = load_config(write(tmp_path, extra=system + 'crs = "EPSG:1"\n'))
    with pytest.raises(CrsError, match="crs 'EPSG:1' is not known"):
        systems_of(config)


# -- hand-worked -------------------------------------------------------------------------------
def test_a_system_is_written_where_it_is_named(tmp_path):
    sections = {
        "communities": 'file = "communities.gpkg"\ncrs = "甲２０００"',
        "network": 'roads = "roads.shp"\ncrs = "甲2000"',
        "estates": 'file = "Area.gpkg"\ncrs = "EPSG:4549"\n'
        'gates = "poi.csv"\ngate_datum = "甲2000"',
    }
    lists = '\n[[facilities.tables]]\nfile = "poi.csv"\ndatum = "甲2000"\n'
    config = load_config(write(fill(tmp_path), extra=OWN + lists, **sections))
    systems = systems_of(config)
    written = with_systems(config, systems)
    for text in (
        written.communities.crs,
        written.network.crs,
        written.estates.gate_datum,
        written.facilities.tables[0].datum,
    ):
        assert geo.CRS.from_user_input(text).name == "甲2000"
    assert written.estates.crs == "EPSG:4549"
    assert written.communities.file == config.communities.file
    # What a run records of the study is what was typed.
    assert config.resolved()["communities"]["crs"] == "甲２０００"
    assert "as declared" in systems.words["甲2000"]


def test_a_study_without_systems_stays_as_it_is(tmp_path):
    config = load_config(write(fill(tmp_path)))
    assert with_systems(config, systems_of(config)) is config
    assert "systems" not in config.resolved()
