"""One sentence per site, in both languages, from what the tables say."""

from __future__ import annotations

import dataclasses

import pytest

from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import (
    curve_sentence,
    site_sentences,
    wish_evidence,
    with_sentences,
)


def one_site(content, **ground):
    """The first site on a parcel that says what it is told to."""
    parcels = content.parcels.copy()
    at = parcels.index[parcels["parcel_id"] == "l1"][0]
    for name, value in ground.items():
        if name in parcels:
            parcels.loc[at, name] = value
    sites = content.sites.head(1).assign(
        **{name: value for name, value in ground.items() if name in content.sites}
    )
    return dataclasses.replace(content, parcels=parcels, sites=sites)


def test_a_sentence_says_where_what_when_and_for_whom(content):
    town = one_site(
        content,
        name="东门旧厂",
        kind="vacant",
        origin="listed",
        area_m2=1234.0,
        floor_m2=370.0,
        conforms="adjust",
        checks="soil_check; partly_excluded",
        owner=None,
        community_id="c1",
    )
    said = site_sentences(town, "zh")[0]
    home = content.communities.set_index("community_id").loc["c1", "name"]
    assert said.startswith(f"在{home}利用空闲地（东门旧厂，约1,234平方米）建设")
    assert "建筑面积约370平方米，第1年实施；建成后新增覆盖840人" in said
    # What was cut off is told elsewhere: nobody has to settle it.
    assert said.endswith("；前提：调整详细规划；须先做土壤污染状况调查。")
    english = site_sentences(town, "en")[0]
    assert "840 people are newly covered" in english
    assert english.endswith("; first: change the detailed plan; soil survey needed first.")


@pytest.mark.parametrize(
    ("kind", "zh", "en"),
    [
        ("stock_room", "利用存量用房（", "put "),
        ("share", "开放共享", "open "),
        ("extension", "改扩建", "extend "),
        ("gate", "打通", "open a link at "),
    ],
)
def test_each_kind_has_its_own_words(content, kind, zh, en):
    town = one_site(content, kind=kind)
    assert zh in site_sentences(town, "zh")[0]
    assert en in site_sentences(town, "en")[0]


def test_an_owner_is_asked_and_a_lead_is_checked(content):
    owned = one_site(content, owner="镇政府", origin="listed", conforms=None, checks=None)
    assert site_sentences(owned, "zh")[0].endswith("前提：产权人同意（镇政府）。")
    lead = one_site(content, owner=None, origin="residual", conforms=None, checks=None)
    assert site_sentences(lead, "en")[0].endswith(
        "first: checks on site and in the register (a lead)."
    )


def test_what_is_missing_is_left_out(content):
    town = one_site(
        content, owner=None, origin="listed", conforms=None, checks=None, floor_m2=float("nan")
    )
    said = site_sentences(town, "zh")[0]
    assert "nan" not in said
    assert "None" not in said
    assert "建筑面积" not in said
    assert "前提" not in said


@pytest.mark.parametrize(
    ("over", "told"), [(300.0, True), (0.0, False), (0.4, False), (float("nan"), False)]
)
def test_people_beyond_what_a_site_can_serve_are_told(content, over, told):
    full = dataclasses.replace(
        content, sites=content.sites.assign(capacity=12000.0, over_people=over)
    )
    assert ("其中300人超出其服务能力（12,000人）" in site_sentences(full, "zh")[0]) == told
    assert ("300 of them beyond the 12,000 it can serve" in site_sentences(full, "en")[0]) == told
    assert told or "can serve" not in site_sentences(full, "en")[0]


def test_inputs_stay_as_they_are(content):
    before = content.sites.copy()
    told = with_sentences(content)
    assert told.sites["sentence"].notna().all()
    assert content.sites.equals(before)


def test_without_sites_there_is_no_sentence(content_empty):
    assert site_sentences(content_empty, "zh") == []
    assert curve_sentence(content_empty, Names.of(content_empty)) == ""


def test_the_curve_in_a_sentence(content, content_en):
    said = curve_sentence(content, Names.of(content))
    assert said == (
        "全部 2 处选址共新增覆盖 845 人；前 1 处已覆盖其中 840 人（99%），其后每处平均再增 5 人"
        "；再增 1 处（l3）可再增 55 人。"
    )
    assert "the first 1 of them bring 840 (99%), each further one 5 on average" in curve_sentence(
        content_en, Names.of(content_en)
    )


def test_what_speaks_for_a_reason(content):
    names = Names.of(content)
    small, refused = content.wishes.to_dict("records")
    assert wish_evidence(small, names) == "需350㎡，最合适的站前空地仅210㎡"
    assert wish_evidence(refused, names) == "=l9：现状农用地，可新增覆盖6人"
    assert wish_evidence(refused | {"evidence": "never"}, names).startswith("=l9：研究文件指定不用")
    assert wish_evidence(small | {"why": "cut_off", "parcel_id": None}, names) == ""
