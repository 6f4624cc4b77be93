import re
from importlib import resources

import pytest

from lifecircle.errors import RuleError, SourceError
from lifecircle.standards import load_standard

GOOD = """\
name = "ours"
title_zh = "本市标准"
title_en = "Our standard"
edition = "2026"
services = ["medical"]

[sources]
ours = "resolution of the city council"

[[requirements]]
id = "station"
service = "medical"
label_zh = "卫生服务站"
label_en = "Health station"
types = ["medical.station"]
circle = 5
limit_m = 400
evidence = [
  { field = "limit_m", clause = "3.1", source = "ours", tag = "V" },
]
"""
HEAD, *TABLES = GOOD.split("\n[")
EXTENDING = """\
extends = "gb50180"
name = "ours"
title_zh = "本市标准"
title_en = "Our standard"
edition = "2026"
"""


def write(tmp_path, text, name="ours.toml"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def problems(tmp_path, text):
    with pytest.raises(RuleError) as caught:
        load_standard(file=write(tmp_path, text))
    return caught.value.problems


def test_unknown_name():
    with pytest.raises(RuleError, match=r"no packaged standard 'zhejang'.*zhejiang"):
        load_standard("zhejang")
    with pytest.raises(RuleError, match="no packaged standard 'common'"):
        load_standard("common")


def test_missing_file(tmp_path):
    with pytest.raises(SourceError, match=r"nowhere\.toml: the file does not exist"):
        load_standard(file=tmp_path / "nowhere.toml")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        load_standard(file=tmp_path)


def test_text_that_is_not_utf8(tmp_path):
    file = write(tmp_path, GOOD.encode("gb18030"))
    with pytest.raises(SourceError, match="line 2 is not UTF-8 text — save the file as UTF-8"):
        load_standard(file=file)


# old text -> new text, what is told, the line it must be told of
BAD = {
    "two limits": ("limit_m = 400", "limit_m = 400\nminutes = 5", "two limits", 17),
    "no limit": ("limit_m = 400\n", "", "has no limit", 10),
    "unknown profile": (
        "circle = 5",
        'circle = 5\nprofile = "gp"',
        "unknown profile 'gp'",
        17,
    ),
    "unknown type": ('"medical.station"', '"medical.statoin"', "unknown facility type", 15),
    "unknown service": (
        'service = "medical"',
        'service = "medcal"',
        "unknown service 'medcal'",
        12,
    ),
    "share of 0": ("circle = 5", "circle = 5\ntarget_share = 0", "target_share", 17),
    "share above 1": ("circle = 5", "circle = 5\ntarget_share = 85", "target_share", 17),
    "number without evidence": (
        "circle = 5",
        "circle = 5\ntarget_share = 0.9",
        "target_share stands without evidence",
        17,
    ),
    "limit without evidence": (
        'field = "limit_m"',
        'field = "types"',
        "limit_m stands without evidence",
        17,
    ),
    "evidence without its number": (
        'field = "limit_m", clause = "3.1", source = "ours", tag = "V" },',
        'field = "limit_m", clause = "3.1", source = "ours", tag = "V" },\n'
        '  { field = "target_share", clause = "3.2", source = "ours", tag = "V" },',
        "'target_share' is missing",
        10,
    ),
    "evidence for nothing known": (
        '"V" },',
        '"V" },\n  { field = "limit", clause = "", source = "ours", tag = "V" },',
        "evidence for an unknown field 'limit'",
        20,
    ),
    "unknown tag": ('tag = "V"', 'tag = "X"', "'V', 'C', 'R', 'N' or 'P'", 19),
    "unknown source": ('source = "ours"', 'source = "theirs"', "the source 'theirs'", 19),
    "unknown key of a requirement": ("circle = 5", "circel = 5", "unknown key 'circel'", 16),
    "unknown key at the top": ('edition = "2026"', 'edition = "2026"\nversion = 3', "'version'", 5),
    "defaults are not for own files": (
        'edition = "2026"',
        'edition = "2026"\nrequirement_defaults = []',
        "unknown key 'requirement_defaults'",
        5,
    ),
    "text for a number": ("limit_m = 400", 'limit_m = "400"', "valid number", 17),
    "true for a number": ("limit_m = 400", "limit_m = true", "valid number", 17),
    "negative limit": ("limit_m = 400", "limit_m = -1", "greater than 0", 17),
    "limit without end": ("limit_m = 400", "limit_m = inf", "finite", 17),
    "id that names no column": ('id = "station"', 'id = "our station"', "requirements.id|id =", 11),
    "one pair of brackets": ("[[requirements]]", "[requirements]", "[[…]]", 10),
    "obligation": ("circle = 5", 'circle = 5\nobligation = "may"', "'must' or 'as_needed'", 17),
    "satisfied_by alone": (
        'types = ["medical.station"]',
        'satisfied_by = ["medical.center"]',
        "takes any type of its service",
        15,
    ),
    "a label missing": ('label_en = "Health station"\n', "", "'label_en' is missing", 10),
    "weight of nothing": (
        "[sources]",
        "[weights]\nmedicine = 2\n\n[sources]",
        "weight of an unknown service 'medicine'",
        8,
    ),
    "weight without evidence": (
        "[sources]",
        "[weights]\nmedical = 2\n\n[sources]",
        "weights stands without evidence",
        7,
    ),
    "rising grades": (
        'edition = "2026"',
        'edition = "2026"\ngrades = [["poor", 0], ["good", 80]]',
        "grades must fall",
        5,
    ),
    "a service twice": (
        '["medical"]',
        '["medical", "medical"]',
        "service 'medical' is typed twice",
        5,
    ),
    "a service without labels": (
        '["medical"]',
        '["medical", "school"]',
        "service 'school' has no label",
        None,
    ),
    "count rule of nothing": (
        "circle = 5",
        "circle = 5\ncounts = [{ types = [], at_least = 1 }]",
        "at least 1 item",
        17,
    ),
    "neither urban nor rural": (
        "circle = 5",
        'circle = 5\nwhere = "town"',
        "'urban' or 'rural'",
        17,
    ),
    "unknown official base": (
        "circle = 5",
        'circle = 5\nofficial_base = "jobs"',
        "'people', 'residential_land' or 'floor_area'",
        17,
    ),
    "official base without evidence": (
        "circle = 5",
        'circle = 5\nofficial_base = "residential_land"',
        "official_base stands without evidence",
        17,
    ),
    "official method without evidence": (
        "circle = 5",
        'circle = 5\nofficial_method = "radius"',
        "official_method stands without evidence",
        17,
    ),
    "checkup in words": ('edition = "2026"', 'edition = "2026"\ncheckup = "yes"', "checkup", 5),
    "not TOML": ("circle = 5", "circle 5", "not TOML", 16),
    "a key twice": (
        "limit_m = 400",
        "limit_m = 400\nlimit_m = 300",
        "a key stands there twice",
        18,
    ),
    "unknown edition to extend": (
        'name = "ours"',
        'name = "ours"\nextends = "gb50181"',
        "no packaged standard 'gb50181' to extend",
        2,
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_its_line(tmp_path, case):
    old, new, told, line = BAD[case]
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    found = problems(tmp_path, text)
    matching = [p for p in found if told in f"{p.what} — {p.remedy}" or re.search(told, p.what)]
    assert matching, [str(problem) for problem in found]
    if line is not None:
        typed = text.splitlines()[line - 1].strip()
        assert any(f"ours.toml, line {line} ({typed}" in p.where for p in matching), [
            str(problem) for problem in matching
        ]


WITH_TYPE = f"""{GOOD}
[[types]]
id = "medical.room"
service = "medical"
label_zh = "医务室"
label_en = "Medical room"
tags = [
  {{ amenity = "room" }},
]
names = ["医务室"]
codes = ["090300"]
"""
BAD_RULES = {
    "no regular expression": ('"医务室"]', '"医务室("]', "is no regular expression", 30),
    "fits every name": ('["医务室"]', '["医务室|"]', "fits every name", 30),
    "one name, not a list": ('["医务室"]', '"医务室"', "a list", 30),
    "no tags in a table": ('{ amenity = "room" }', "{ }", "tags without a key or a value", 28),
    "a number as tag": ('{ amenity = "room" }', "{ capacity = 3 }", "valid string", 28),
    "an empty value": ('amenity = "room"', 'amenity = ""', "tags without a key or a value", 28),
    "an empty code": ('["090300"]', '[" "]', "an empty code", 31),
    "a slip in the key": ("names =", "name =", "unknown key 'name'", 30),
}


def test_a_type_may_say_what_it_is_recognised_by(tmp_path):
    kind = load_standard(file=write(tmp_path, WITH_TYPE)).type("medical.room")
    assert [dict(one) for one in kind.tags] == [{"amenity": "room"}]
    assert (kind.names, kind.codes, kind.proposed) == (("医务室",), ("090300",), True)


@pytest.mark.parametrize("case", BAD_RULES)
def test_a_bad_rule_of_recognition_is_refused_with_its_line(tmp_path, case):
    old, new, told, line = BAD_RULES[case]
    assert WITH_TYPE.count(old) == 1
    text = WITH_TYPE.replace(old, new)
    found = [one for one in problems(tmp_path, text) if told in one.what]
    assert found
    typed = text.splitlines()[line - 1].strip()
    assert any(f"ours.toml, line {line} ({typed}" in one.where for one in found), found


def test_every_problem_is_told_at_once_in_reading_order(tmp_path):
    text = GOOD.replace('service = "medical"', 'service = "medcal"')
    text = text.replace("circle = 5", 'circle = 5\nprofile = "gp"\ntarget_share = 2\nwidth = 3')
    text = text.replace("limit_m = 400", "limit_m = 400\nminutes = 5")
    found = problems(tmp_path, text)
    lines = [int(re.search(r"line (\d+)", problem.where).group(1)) for problem in found]
    assert lines == sorted(lines)
    told = "\n".join(str(problem) for problem in found)
    for part in ("'medcal'", "'gp'", "target_share = 2", "'width'", "two limits"):
        assert part in told


def test_one_id_typed_twice_with_two_limits(tmp_path):
    again = GOOD[GOOD.index("[[requirements]]") :].replace("400", "500")
    (problem,) = problems(tmp_path, f"{GOOD}\n{again}")
    assert problem.what == "requirement 'station' is typed twice, with 400 m and with 500 m"
    assert "line 22 ([[requirements]])" in problem.where


@pytest.mark.parametrize("garbage", ["0", '"x"', "[]", "[0]", "{}", "true", "[[0]]", "{ a = [1] }"])
@pytest.mark.parametrize(
    "key",
    [
        "services",
        "requirements",
        "types",
        "evidence",
        "weights",
        "home_rules",
        "grades",
        "sources",
        "service_labels",
        "notes",
        "weak_below",
        "extends",
    ],
)
def test_nonsense_is_refused_readably_or_harmless(tmp_path, key, garbage):
    head = "\n".join(row for row in HEAD.splitlines() if not row.startswith(key))
    tables = [part for part in TABLES if not part.strip("[").startswith(key)]
    text = "\n[".join([f"{key} = {garbage}\n{head}\n", *tables])
    harmless = {
        ("types", "[]"),
        ("evidence", "[]"),
        ("weights", "{}"),
        ("service_labels", "{}"),
        ("notes", "[]"),
    }
    if (key, garbage) in harmless:
        assert load_standard(file=write(tmp_path, text)).name == "ours"
    else:
        assert problems(tmp_path, text)


@pytest.mark.parametrize("text", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")])
def test_a_good_file_loads(tmp_path, text):
    file = write(tmp_path, text)
    before = file.read_bytes()
    standard = load_standard(file=file)
    assert file.read_bytes() == before
    assert (standard.name, standard.services) == ("ours", ("medical",))
    (requirement,) = standard.requirements
    assert (requirement.limit_m, requirement.target_share, requirement.profile) == (400, 0.6, "gb")
    assert requirement.limit_evidence.tag == "V"
    told = {item.field: item.tag for item in requirement.evidence}
    assert told["target_share"] == "P"
    assert [kind.id for kind in standard.types] == [
        "medical.hospital",
        "medical.center",
        "medical.station",
        "medical.clinic",
    ]
    assert dict(standard.weights) == {"medical": 1.0}


def test_a_circle_of_ones_own_needs_a_target_of_ones_own(tmp_path):
    text = GOOD.replace("circle = 5", "circle = 20")
    (problem,) = problems(tmp_path, text)
    assert problem.what == "'target_share' is missing"
    proof = '"V" },\n  { field = "target_share", clause = "3.2", source = "ours", tag = "V" },'
    text = text.replace("circle = 20", "circle = 20\ntarget_share = 0.5").replace('"V" },', proof)
    requirement = load_standard(file=write(tmp_path, text)).requirement("station")
    assert (requirement.circle, requirement.target_share) == (20, 0.5)
    assert (requirement.profile, requirement.min_people_short) == ("gb", 100)


def test_a_file_wins_over_a_name(tmp_path):
    assert load_standard("basic", file=write(tmp_path, GOOD)).name == "ours"


def test_without_a_name_it_is_basic():
    assert load_standard() == load_standard("basic")


def test_packaged_files_are_valid_own_files(tmp_path):
    for name in ("basic", "gb50180", "zhejiang"):
        text = resources.files("lifecircle.standards").joinpath(f"{name}.toml").read_text("utf-8")
        assert load_standard(file=write(tmp_path, text, f"{name}.toml")) == load_standard(name)


def test_extending_replaces_by_id_and_keeps_the_rest(tmp_path):
    text = f"""{EXTENDING}
[sources]
ours = "resolution of the city council"

[[requirements]]
id = "medical_station_5"
service = "medical"
label_zh = "卫生服务站"
label_en = "Health station"
types = ["medical.station"]
circle = 5
limit_m = 400
evidence = [
  {{ field = "limit_m", clause = "3.1", source = "ours", tag = "V" }},
]
"""
    base = load_standard("gb50180")
    standard = load_standard(file=write(tmp_path, text))
    assert standard.requirement("medical_station_5").limit_m == 400
    assert standard.requirement("medical_station_5").satisfied_by == ()
    assert {r.id for r in standard.requirements} == {r.id for r in base.requirements}
    assert standard.requirement("culture_station_5") == base.requirement("culture_station_5")
    assert standard.title_en == "Our standard"
    assert set(base.sources) < set(standard.sources)


def test_extending_does_not_borrow_the_name(tmp_path):
    (problem,) = problems(tmp_path, EXTENDING.replace('name = "ours"\n', ""))
    assert problem.what == "'name' is missing"


def test_extending_with_fewer_services_drops_what_belongs_to_the_others(tmp_path):
    text = f'{EXTENDING}services = ["elder_care", "medical"]\n'
    standard = load_standard(file=write(tmp_path, text))
    assert {r.service for r in standard.requirements} == {"elder_care", "medical"}
    assert standard.requirements[0].service == "elder_care"
    assert {kind.service for kind in standard.types} == {"elder_care", "medical"}
    assert set(standard.service_labels) == set(standard.weights) == {"elder_care", "medical"}


def test_a_number_of_ones_own_needs_evidence_of_ones_own(tmp_path):
    text = f"{EXTENDING}weak_below = 50\n"
    (problem,) = problems(tmp_path, text)
    assert problem.what == "the standard: weak_below stands without evidence"
    assert "line 6 (weak_below = 50)" in problem.where
    proof = '[[evidence]]\nfield = "weak_below"\nclause = "3"\nsource = "ours"\ntag = "V"\n'
    sources = '[sources]\nours = "council"\n'
    standard = load_standard(file=write(tmp_path, f"{text}{proof}{sources}"))
    assert standard.weak_below == 50
    (item,) = [item for item in standard.evidence if item.field == "weak_below"]
    assert item.tag == "V"
