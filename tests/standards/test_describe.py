import pytest

from lifecircle.errors import RuleError
from lifecircle.standards import describe, load_standard

COLUMNS = [
    "requirement",
    "service",
    "label",
    "circle",
    "limit",
    "profile",
    "group",
    "view",
    "obligation",
    "target_share",
    "clause",
    "source",
    "tag",
    "target_tag",
    "unverified",
    "others",
]


def test_unknown_language():
    with pytest.raises(RuleError, match="no labels in 'fr'; known: en, zh"):
        describe(load_standard("basic"), "fr")


def test_rows_and_columns():
    standard = load_standard("zhejiang")
    rows = describe(standard, "zh")
    asked = [*standard.requirements, *standard.norms]
    assert [row["requirement"] for row in rows] == [one.id for one in asked]
    assert all(list(row) == COLUMNS for row in rows)


def test_values():
    by_id = {row["requirement"]: row for row in describe(load_standard("gb50180"), "en")}
    row = by_id["medical_station_5"]
    assert row["limit"] == "300 m"
    assert row["label"] == "Community health station within 300 m"
    assert (row["service"], row["circle"]) == ("Medical care", 5)
    assert (row["tag"], row["target_tag"], row["unverified"]) == ("C", "P", False)
    assert row["source"].startswith("public life-circle rule files")
    assert row["others"] == {"obligation": "R", "satisfied_by": "V"}
    assert by_id["fitness_field_15"]["unverified"] is True
    assert by_id["medical_center_15_elder"]["limit"] == "15 min"


def test_chinese_labels_and_units():
    by_id = {row["requirement"]: row for row in describe(load_standard("zhejiang"), "zh")}
    assert by_id["culture_station_5"]["limit"] == "500 米"
    assert by_id["culture_circle_15"]["limit"] == "15 分钟"
    assert by_id["culture_circle_15"]["label"].startswith("15分钟品质文化生活圈")
    assert by_id["culture_circle_15"]["tag"] == "V"


def test_an_override_shows_as_the_studys_own():
    standard = load_standard("gb50180", override={"culture_station_5.limit_m": 600})
    row = next(row for row in describe(standard, "en") if row["requirement"] == "culture_station_5")
    assert (row["limit"], row["tag"], row["unverified"]) == ("600 m", "P", True)
    assert "override" in row["source"]
