"""Horizons and the check of estates in a study file: what is refused, and with which line."""

from __future__ import annotations

import pytest

from lifecircle.config import StudyConfig, load_config
from lifecircle.errors import RuleError

BASE = """\
[study]
name = "Town"
[area]
bbox = [121.0, 30.0, 121.1, 30.1]
[network]
osm = "town.osm.pbf"
"""


def load(folder, text, base=BASE):
    (folder / "town.osm.pbf").write_bytes(b"")
    (folder / "people.csv").write_text("社区,人口\n", encoding="utf-8")
    (folder / "study.toml").write_text(base + text, encoding="utf-8")
    return load_config(folder / "study.toml")


REFUSED = {
    "without what exists": ('facilities = ["building"]', "leaves out what exists today"),
    "roads without what exists": ('roads = ["planned"]', "leaves out what exists today"),
    "people twice": ('people = "people.csv"\ngrowth = 1.1', "counted and multiplied"),
    "drawn communities": ('people = "people.csv"', "the communities are drawn"),
    "no plan": ('people = "plan"', "and there is none"),
    "columns of nothing": ('housing_columns = {name = "x"}', "no effect without housing"),
    "no roads": ('roads = ["existing", "planned"]', "no file says which"),
    "programme": ('programme = "yes"', "a number of years"),
    "no year of programme": ("programme = 0", "a number of years"),
    "a status nobody counts": ('facilities = ["existing", "closed"]', "must be one of"),
    "growth of nothing": ("growth = 0", "greater than 0"),
    "a key nobody knows": ("yaer = 2030", "did you mean 'year'?"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_horizon_that_contradicts_itself_is_refused_with_its_line(case, tmp_path):
    typed, said = REFUSED[case]
    with pytest.raises(RuleError) as told:
        load(tmp_path, f'[[horizon]]\nname = "near"\n{typed}\n')
    assert said in str(told.value)
    assert "line 9" in str(told.value) or "line 10" in str(told.value)


def test_now_takes_a_label_and_a_year_only(tmp_path):
    good = load(tmp_path, '[[horizon]]\nname = "now"\nlabel = "2025"\nyear = 2025\n')
    assert good.horizon[0].year == 2025
    with pytest.raises(RuleError, match="is not for 'now'"):
        load(tmp_path, '[[horizon]]\nname = "now"\ngrowth = 1.1\n')


def test_names_are_told_apart_and_years_in_order(tmp_path):
    with pytest.raises(RuleError) as told:
        load(
            tmp_path,
            '[[horizon]]\nname = "end"\nyear = 2035\n[[horizon]]\nname = "end"\nyear = 2028\n',
        )
    assert "declared twice" in str(told.value)
    assert "is earlier (2028, 2035)" in str(told.value)


def test_a_study_without_horizons_has_none_and_records_none(tmp_path):
    config = load(tmp_path, "")
    assert config.horizon == ()
    assert "horizon" not in config.resolved()
    assert config.provision.handover is None


def test_years_of_the_programme_that_count(tmp_path):
    text = "".join(
        f'[[horizon]]\nname = "{name}"\nprogramme = {value}\n'
        for name, value in (("a", "true"), ("b", "false"), ("c", "2"))
    )
    counted = [one.years_built for one in load(tmp_path, text).horizon]
    assert counted[1:] == [0, 2]
    assert counted[0] > 100


def test_columns_of_a_ledger_need_a_ledger(tmp_path):
    with pytest.raises(RuleError, match="no effect without handover"):
        load(tmp_path, '[provision]\ncolumns = {estate = "x"}\n')


def test_area_per_household_is_never_negative(tmp_path):
    with pytest.raises(RuleError):
        load(tmp_path, "[provision.per_100_households]\nelder_care = -1\n")
    good = load(tmp_path, "[provision.per_100_households]\nelder_care = 30\n")
    assert isinstance(good, StudyConfig)
    assert good.provision.per_100_households == {"elder_care": 30}
