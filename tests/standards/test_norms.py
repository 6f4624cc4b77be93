import copy
import pickle

import pytest
from pydantic import ValidationError

from lifecircle.errors import RuleError
from lifecircle.standards import Norm, describe, load_standard

HEAD = """\
extends = "gb50180"
name = "ours"
title_zh = "本市标准"
title_en = "Our standard"
edition = "2026"

[sources]
ours = "resolution of the city council"
"""
BEDS = """
[[norms]]
id = "elder_beds"
service = "elder_care"
label_zh = "养老床位"
label_en = "Beds for the elderly"
types = ["elder_care.institution"]
measure = "beds"
at_least = 40
per = 1000
of = "60plus"
level = "county"
evidence = [
  { field = "at_least", clause = "5.2", source = "ours", tag = "V" },
]
"""
ROOM = """
[[norms]]
id = "culture_room"
service = "culture"
label_zh = "文化活动用房"
label_en = "Rooms for culture"
measure = "floor_m2"
at_least = 100
obligation = "as_needed"
evidence = [
  { field = "at_least", clause = "6.1", source = "ours", tag = "R" },
]
"""


def written(tmp_path, text):
    file = tmp_path / "ours.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


def loaded(tmp_path, text, override=None):
    return load_standard(file=written(tmp_path, text), override=override)


def problems(tmp_path, text, override=None):
    with pytest.raises(RuleError) as caught:
        loaded(tmp_path, text, override)
    return [str(problem) for problem in caught.value.problems]


# old text -> new text, what is told, the line it must be told of
BAD = {
    "unknown service": ('"elder_care"\n', '"elder"\n', "unknown service 'elder'", 12),
    "unknown type": (
        '["elder_care.institution"]',
        '["elder_care.instituton"]',
        "unknown facility type 'elder_care.instituton'",
        15,
    ),
    "unknown measure": ('"beds"\nat', '"bed"\nat', "measure", 16),
    "nothing asked": ("at_least = 40", "at_least = 0", "greater than 0", 17),
    "text for a number": ("at_least = 40", 'at_least = "40"', "valid number", 17),
    "per nobody": ("per = 1000", "per = 0", "greater than 0", 18),
    "a group per area": ("per = 1000\n", "", "not per how many of them", 18),
    "unknown level": ('"county"', '"city"', "level", 20),
    "unknown key": ("per = 1000", "pr = 1000", "unknown key 'pr'", 18),
    "no number": ("at_least = 40\n", "", "'at_least' is missing", 10),
    "no evidence": ('field = "at_least"', 'field = "per"', "stands without evidence", 17),
    "evidence for nothing known": (
        '"V" },',
        '"V" },\n  { field = "limit_m", clause = "", source = "ours", tag = "V" },',
        "evidence for an unknown field 'limit_m'",
        23,
    ),
    "unknown source": ('source = "ours"', 'source = "theirs"', "the source 'theirs'", 22),
    "id of a requirement": (
        'id = "elder_beds"',
        'id = "culture_station_5"',
        "has the id of a requirement",
        11,
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_slip_is_told_with_its_line(tmp_path, case):
    old, new, what, line = BAD[case]
    told = problems(tmp_path, BEDS.replace(old, new))
    assert any(what in text and f"line {line} " in text for text in told), told


def test_a_norm_typed_twice_is_told(tmp_path):
    assert any("norm 'elder_beds' is typed twice" in t for t in problems(tmp_path, BEDS + BEDS))


def test_two_numbers_for_one_question_are_told(tmp_path):
    other = BEDS.replace('id = "elder_beds"', 'id = "more_beds"').replace("= 40", "= 45")
    told = problems(tmp_path, BEDS + other)
    assert len(told) == 1
    assert "norm 'more_beds' asks for 45 where norm 'elder_beds' asks for 40" in told[0]
    # A wish beside a duty is no contradiction, nor is a number per area beside one per 1000.
    loaded(tmp_path, BEDS + other.replace("of =", 'obligation = "as_needed"\nof ='))
    loaded(tmp_path, BEDS + other.replace("per = 1000\n", "").replace('of = "60plus"\n', ""))


def test_all_slips_at_once(tmp_path):
    told = problems(tmp_path, BEDS.replace("= 40", "= 0") + ROOM.replace("100", "-1"))
    assert len(told) == 2


def test_a_norm_cannot_be_built_wrong():
    proof = {"field": "at_least", "clause": "1", "source": "ours", "tag": "P"}
    values = {
        "id": "beds",
        "service": "elder_care",
        "label_zh": "床位",
        "label_en": "Beds",
        "measure": "beds",
        "at_least": 40.0,
    }
    with pytest.raises(ValidationError, match="at_least stands without evidence"):
        Norm.model_validate({**values, "evidence": ()})
    with pytest.raises(ValidationError, match="not per how many"):
        Norm.model_validate({**values, "of": "60plus", "evidence": (proof,)})


def test_values_and_defaults(tmp_path):
    standard = loaded(tmp_path, BEDS + ROOM)
    beds, room = standard.norm("elder_beds"), standard.norm("culture_room")
    assert (beds.at_least, beds.per, beds.of, beds.level) == (40, 1000, "60plus", "county")
    assert (beds.obligation, beds.clause, beds.types) == (
        "must",
        "5.2",
        ("elder_care.institution",),
    )
    assert beds.need(2500) == 100
    assert (room.per, room.of, room.level, room.types) == (None, "all", "community", ())
    assert room.need(2500) == room.need(0) == 100
    # Report order is by service, as of requirements.
    assert [norm.id for norm in standard.norms] == ["culture_room", "elder_beds"]
    assert pickle.loads(pickle.dumps(standard)) == standard
    assert copy.deepcopy(beds) == beds


def test_an_unknown_norm_is_told(tmp_path):
    with pytest.raises(RuleError, match=r"no norm 'elder_bed'.*elder_beds"):
        loaded(tmp_path, BEDS).norm("elder_bed")


def test_what_was_not_read_is_listed(tmp_path):
    owners = {owner for owner, _ in loaded(tmp_path, BEDS + ROOM).unverified()}
    assert "culture_room" in owners
    assert "elder_beds" not in owners


def test_a_norm_of_a_service_nobody_asks_for_is_a_slip_of_the_file(tmp_path):
    file = written(tmp_path, BEDS)
    text = file.read_text("utf-8").replace('edition = "2026"', 'services = ["culture"]')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match="norm 'elder_beds': unknown service 'elder_care'"):
        load_standard(file=file)


def test_single_numbers_can_be_overridden(tmp_path):
    key = {"elder_beds.at_least": 45, "elder_beds.per": 500, "elder_beds.level": "community"}
    norm = loaded(tmp_path, BEDS, key).norm("elder_beds")
    assert (norm.at_least, norm.per, norm.level) == (45, 500, "community")
    assert (norm.number_evidence.tag, norm.clause) == ("P", "override")
    assert (
        loaded(tmp_path, BEDS, {"elder_beds": {"at_least": 45}}).norm("elder_beds").at_least == 45
    )
    told = problems(tmp_path, ROOM, {"culture_room.per": 1000, "culture_room.at_leat": 5})
    assert "unknown key 'culture_room.per'" in told[0]
    assert "closest: culture_room.at_least" in told[1]
    told = problems(tmp_path, BEDS, {"elder_beds.at_least": -1})
    assert 'study.toml [standard.override] "elder_beds.at_least"' in told[0]


def test_rows_for_people(tmp_path):
    standard = loaded(tmp_path, BEDS + ROOM)
    rows = describe(standard, "en")
    assert len(rows) == len(standard.requirements) + 2
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    room, beds = rows[-2:]
    assert (beds["requirement"], beds["label"]) == ("elder_beds", "Beds for the elderly")
    assert beds["limit"] == "at least 40 beds per 1,000 people of 60 and older"
    assert (beds["clause"], beds["source"], beds["tag"]) == (
        "5.2",
        "resolution of the city council",
        "V",
    )
    assert (room["limit"], room["unverified"]) == (
        "at least 100 m² of floor area in every community",
        True,
    )
    assert describe(standard, "zh")[-1]["limit"] == "每1000名60岁及以上老年人不少于40张床位"
    assert describe(standard, "zh")[-2]["limit"] == "每社区（村）不少于100㎡建筑面积"
