from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from lifecircle import tables
from lifecircle.errors import RuleError
from lifecircle.outputs import style
from lifecircle.outputs.headings import HEADINGS
from lifecircle.outputs.webmap.words import MAP_WORDS
from lifecircle.outputs.words import LABELS

HEX = re.compile(r"#[0-9a-f]{6}")
RESULTS = ("SCORES", "SERVICES", "INDEX", "GAPS", "SITES", "PROJECTS", "PROGRAMME")
LAYERS = ("HOMES", "FACILITIES", "COMMUNITIES", "PARCELS")
# Viénot, Brettel and Mollon 1999: linear RGB as protanopes and deuteranopes see it.
COLOUR_BLIND = {
    "protanope": [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]],
    "deuteranope": [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
}


@pytest.mark.parametrize("language", ["fr", "", "ZH"])
def test_an_unknown_language_is_refused(language):
    with pytest.raises(RuleError, match="unknown language"):
        style.label("grade", "good", language)
    with pytest.raises(RuleError, match="unknown language"):
        style.heading("people", language)


def test_an_unknown_domain_is_refused_and_the_known_ones_named():
    with pytest.raises(RuleError, match=r"grades.*gap_kind"):
        style.label("grades", "good", "zh")
    with pytest.raises(RuleError, match="unknown kind"):
        style.codes("grades")


def test_what_nobody_declared_is_shown_as_it_stands():
    assert style.label("group", "7_12", "zh") == "7_12"
    assert style.heading("medical_15_s", "en") == "medical_15_s"
    assert style.label("reason", None, "zh") == ""
    assert style.label("reason", float("nan"), "zh") == ""


@pytest.mark.parametrize("table", [LABELS[name] for name in LABELS] + [HEADINGS, MAP_WORDS])
def test_every_entry_has_words_in_both_languages(table):
    for code, pair in table.items():
        assert len(pair) == 2, code
        assert all(text.strip() for text in pair), code


def test_places_to_fill_in_are_the_same_in_both_languages():
    for key, (zh, en) in MAP_WORDS.items():
        assert set(re.findall(r"\{(\w+)\}", zh)) == set(re.findall(r"\{(\w+)\}", en)), key


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_column_has_a_heading(name):
    assert set(getattr(tables, name)) <= set(HEADINGS)


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_column_has_a_heading(name):
    assert set(getattr(tables, name).columns) <= set(HEADINGS)


@pytest.mark.parametrize(
    ("domain", "schema", "column"),
    [
        ("site_kind", tables.PARCELS, "kind"),
        ("parcel_origin", tables.PARCELS, "origin"),
        ("facility_status", tables.FACILITIES, "status"),
        ("open_to", tables.FACILITIES, "open_to"),
        ("home_status", tables.HOMES, "status"),
        ("home_origin", tables.HOMES, "origin"),
        ("entrance_origin", tables.FACILITY_ENTRANCES, "origin"),
    ],
)
def test_labels_cover_what_the_schemas_allow(domain, schema, column):
    assert set(schema.columns[column].allowed) <= set(style.codes(domain))


def test_levels_are_the_levels_of_the_tables():
    assert set(style.codes("level")) == set(tables.LEVELS)


def test_hand_checked_words():
    zh = [style.label("grade", code, "zh") for code in ("excellent", "good", "fair", "low", "poor")]
    assert zh == ["优", "良", "中", "低", "差"]
    assert style.label("gap_kind", "missing", "zh") == "缺项"
    assert style.label("site_kind", "interlocked", "zh") == "插花地"
    assert style.label("obligation", "must", "zh").startswith("▲")
    assert style.label("obligation", "as_needed", "en").startswith("△")
    assert style.heading("share", "zh") == "人口覆盖率"


def test_colours_are_whole_and_cover_their_codes():
    assert set(style.GRADE_COLOURS) == set(style.codes("grade")) == set(style.GRADE_INK)
    assert set(style.REASON_COLOURS) == set(style.codes("reason"))
    assert set(style.SITE_KIND_COLOURS) == set(tables.SITE_KINDS)
    colours = [
        *style.GRADE_COLOURS.values(),
        *style.REASON_COLOURS.values(),
        *style.SITE_KIND_COLOURS.values(),
        *style.BASE_COLOURS.values(),
        *(colour for _, colour in style.GAP_COUNT_COLOURS),
    ]
    assert all(HEX.fullmatch(colour) for colour in colours)


@pytest.mark.parametrize(
    ("counts", "starts"),
    [
        ([], [0, 1, 2, 4, 6]),
        ([0, 0], [0, 1, 2, 4, 6]),
        ([0, 1, 1, 2, 3], [0, 1, 2, 4, 6]),
        ([12] * 9, [0, 1, 2, 4, 6]),
        ([1, 9, 10, 11, 12, 13, 14, 15], [0, 1, 10, 12, 14]),
        ([8, 11, *[12] * 5, *[13] * 15, *[14] * 17], [0, 8, 12, 13, 14]),
        ([12, 12, 12, 17], [0, 12, 17]),
        ([12, 12, 13, 13, 13, 17, 17, 17], [0, 12, 13, 17]),
        ([2, 2, 2, 2, 3, 3], [0, 2, 3]),
    ],
)
def test_classes_of_gaps_tell_communities_apart(counts, starts):
    classes = style.gap_classes(counts)
    assert [least for least, _ in classes] == starts
    colours = [colour for _, colour in classes]
    assert colours[0] == style.GAP_COUNT_COLOURS[0][1]
    assert len(set(colours)) == len(colours)


@pytest.mark.parametrize("eyes", ["trichromat", *COLOUR_BLIND])
def test_classes_of_gaps_grow_darker_for_all_eyes(eyes):
    seen = [_lab(colour, eyes) for _, colour in style.GAP_COUNT_COLOURS]
    for one, other in itertools.pairwise(seen):
        assert one[0] - other[0] > 4  # lighter by itself, hue or not
        assert np.linalg.norm(one - other) > 12


@pytest.mark.parametrize("eyes", ["trichromat", *COLOUR_BLIND])
def test_grades_stay_apart_without_colour_vision(eyes):
    seen = {code: _lab(colour, eyes) for code, colour in style.GRADE_COLOURS.items()}
    for one, other in itertools.combinations(seen, 2):
        # A just noticeable difference is 2.3; neighbours on a map need several times that.
        assert np.linalg.norm(seen[one] - seen[other]) > 12, (one, other)


def test_text_on_a_grade_can_be_read():
    for code, colour in style.GRADE_COLOURS.items():
        light, dark = sorted((_light(colour), _light(style.GRADE_INK[code])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, code  # WCAG 2.1, 1.4.3


def test_services_without_a_colour_of_their_own_take_different_spare_ones():
    services = ["medical", "a", "b", "c"]
    colours = [style.service_colour(service, services) for service in services]
    assert len(set(colours)) == 4
    assert style.service_colour("b", services) == style.service_colour("b", tuple(services))


def _linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _light(colour):
    return float(_linear(colour) @ [0.2126, 0.7152, 0.0722])


def _lab(colour, eyes):
    rgb = _linear(colour)
    if eyes in COLOUR_BLIND:
        rgb = np.clip(np.array(COLOUR_BLIND[eyes]) @ rgb, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(np.array(to_xyz) @ rgb / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
