from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
import shapely

from lifecircle.outputs import style
from lifecircle.outputs.webmap import write as webmap
from lifecircle.sources.geocoding.placing import read_placed
from lifecircle.standards import load_standard
from tests.outputs.conftest import FORMULA, HOSTILE_COMMUNITY, HOSTILE_FACILITY, without_rows
from tests.outputs.workbook.test_places import ROWS
from tests.study.test_placing import GEOCODE, read, town

VIEWS = ("index", "gaps", "sites", "land")
SERVICES = ("medical", "culture", "fitness", "elder_care")
pytestmark = pytest.mark.browser


def click_place(tab, script):
    """Click the map where a [latitude, longitude] of the page's facts lies."""
    spot = tab.evaluate(
        f"""() => {{
            const spot = lifecircle.map.latLngToContainerPoint({script});
            const box = lifecircle.map.getContainer().getBoundingClientRect();
            return [spot.x + box.left, spot.y + box.top];
        }}"""
    )
    tab.mouse.click(*spot)


def each_view(tab):
    for view in VIEWS:
        tab.click(f"[data-key=view{view}]")
        yield view
    for service in SERVICES:
        tab.click(f"[data-key=service{service}]")
        yield service


def test_every_view_switches_and_explains_itself(opened, content):
    tab = opened(content)
    said = set()
    for _view in each_view(tab):
        assert tab.locator(".lc-view[aria-pressed=true]").count() == 1
        said.add(tab.inner_text(".lc-explain >> nth=0"))
        assert tab.locator(".lc-legend li").count() >= 2
    assert len(said) == len(VIEWS) + len(SERVICES)


def test_colours_are_the_grades(opened, content):
    tab = opened(content)
    colour = "lifecircle.layers.communities.get('%s').fill.options.fillColor"
    index = content.index[content.index["level"] == "community"]
    for minutes in (15, 5):
        tab.click(f"[data-key=circle{minutes}]")
        for row in index[index["minutes"] == minutes].itertuples():
            grade = row.grade if isinstance(row.grade, str) else "none"
            assert tab.evaluate(colour % row.area_id) == style.GRADE_COLOURS[grade]
    tab.click("[data-key=circle15]")
    tab.click("[data-key=servicemedical]")
    assert tab.evaluate(colour % "c1") == style.GRADE_COLOURS["excellent"]
    assert tab.evaluate(colour % "c2") == style.GRADE_COLOURS["poor"]


def test_what_cannot_be_judged_is_no_failure(opened, content):
    scores = content.scores.copy()
    unknown = (scores["service"] == "culture") & (scores["verdict"] != "empty")
    scores.loc[unknown, "verdict"] = "unknown"
    scores.loc[unknown, "share"] = 0.0
    scores.loc[unknown & (scores["area_id"] == "c2"), "verdict"] = "met"  # by its few people
    index = content.index.assign(index=np.nan, grade=None)
    tab = opened(dataclasses.replace(content, scores=scores, index=index))
    pressed = tab.locator(".lc-view[aria-pressed=true]")
    assert pressed.get_attribute("data-key") == "servicemedical", "opens on what can be judged"
    assert "%" in tab.inner_text(".lc-headline")
    tab.click("[data-key=serviceculture]")
    assert "%" not in tab.inner_text(".lc-headline")
    assert "数据不足" in tab.inner_text(".lc-more")
    colours = tab.evaluate(
        "[...lifecircle.layers.communities.values()].map((c) => c.fill.options.fillColor)"
    )
    assert set(colours) == {style.GRADE_COLOURS["none"]}
    assert tab.locator(".lc-list button").count() == 0


def test_a_click_on_a_community_opens_its_numbers(opened, content):
    tab = opened(content)
    click_place(tab, "lifecircle.facts.communities[0].at")
    assert tab.inner_text(".lc-card h2") == "和平社区"
    card = tab.inner_text(".lc-card")
    assert "2,000 人" in card
    assert tab.locator(".lc-grade strong").all_inner_texts() == ["12", "77"]
    shares = content.scores[content.scores["area_id"] == "c1"].set_index("requirement")["share"]
    wanted = [f"{100 * shares[f'{name}_{n}']:.0f}%" for name in SERVICES for n in (5, 15)]
    assert tab.locator(".lc-bar-value").all_inner_texts() == wanted
    assert tab.locator(".lc-gaps > li").count() == 6
    assert "1,600 人未覆盖" in card
    assert "建议：新建设施" in card
    tab.keyboard.press("Escape")
    assert not tab.is_visible(".lc-card")


def test_a_click_on_a_facility_draws_its_areas_and_counts_the_people_there(opened, content):
    tab = opened(content)
    drawn = "lifecircle.layers.groups.isochrones.getLayers().map((one) => one.options.fillColor)"
    tab.click("[data-key=servicemedical]")
    before = tab.evaluate(drawn)
    at = "lifecircle.facts.facilities.findIndex((one) => one.service === 'medical')"
    click_place(tab, f"lifecircle.facts.facilities[{at}].at")
    assert len(set(tab.evaluate(drawn))) == 2
    # Five of the homes of c1 stand within 333 m of the health station, as in its share.
    card = tab.inner_text(".lc-card")
    people = content.facility_areas.set_index(["facility_id", "minutes"])["people"]
    station = tab.evaluate(f"lifecircle.facts.facilities[{at}].facility_id")
    assert people[station, 5.0] == 400.0
    assert "5 分钟内 400 人" in card
    assert f"15 分钟内 {people[station, 15.0]:,.0f} 人" in card
    assert "所选设施 15 分钟圈" in tab.inner_text(".lc-legend-extra")
    tab.keyboard.press("Escape")
    assert tab.evaluate(drawn) == before


def test_hostile_names_are_text_everywhere(opened, content):
    tab = opened(content)
    tab.click("[data-key=serviceculture]")
    click_place(tab, "lifecircle.facts.facilities[1].at")
    assert tab.inner_text(".lc-card h2") == HOSTILE_FACILITY
    tab.fill("input[type=search]", "</SCRIPT")
    tab.click(".lc-hits button")
    assert tab.inner_text(".lc-card h2") == HOSTILE_COMMUNITY
    tab.hover("[data-key=viewindex]")
    click_place(tab, "lifecircle.facts.communities[1].at")
    tab.wait_for_timeout(200)
    assert tab.locator("img[src=x]").count() == 0
    assert tab.locator("body b").count() == 0


def test_a_site_says_what_it_brings(opened, content):
    tab = opened(content)
    tab.click("[data-key=viewsites]")
    assert tab.locator(".lc-site").count() == len(content.sites)
    assert "845" in tab.inner_text("body")  # not the sum over sites
    tab.locator(".lc-list button").first.click()
    card = tab.inner_text(".lc-card")
    assert "+840" in card
    assert "第 1 年" in card
    assert "卫生健康局" in card


def test_gaps_of_one_requirement_show_their_homes(opened, content):
    tab = opened(content)
    tab.click("[data-key=viewgaps]")
    assert tab.inner_text(".lc-headline strong") == str(len(content.gaps))
    tab.select_option("[data-key=pick]", "medical_15")
    assert tab.inner_text(".lc-headline strong") == "1"
    drawn = tab.evaluate("lifecircle.layers.dots._colours.filter(Boolean).length")
    late = ~(content.homes["medical_15_s"] <= 900)
    assert drawn == late.sum()


def test_refused_land_is_switched_on_and_its_names_are_text(opened, content):
    parcels = content.parcels.copy()
    parcels["status"] = ["refused", *["candidate"] * (len(parcels) - 1)]
    parcels["reasons"] = ["water", *[None] * (len(parcels) - 1)]
    parcels["name"] = HOSTILE_FACILITY
    tab = opened(dataclasses.replace(content, parcels=parcels))
    tab.click("[data-key=viewland]")
    assert "不可用" not in tab.inner_text(".lc-legend >> nth=0")
    tab.click("[data-key=showrefused]")
    assert "不可用" in tab.inner_text(".lc-legend >> nth=0")
    tab.locator(".lc-list button").first.click()
    assert tab.inner_text(".lc-card h2") == HOSTILE_FACILITY
    assert tab.locator("img[src=x]").count() == 0


def test_gaps_are_told_by_reason(opened, content):
    tab = opened(content)
    tab.click("[data-key=viewgaps]")
    for reason, rows in content.real_gaps.groupby("reason"):
        tab.select_option("[data-key=reason]", reason)
        assert tab.inner_text(".lc-headline strong") == str(len(rows))
    tab.select_option("[data-key=reason]", "main")
    assert tab.locator(".lc-legend >> nth=0").locator("li").count() >= 2


def test_the_language_switches_everything_but_names(opened, content, content_en):
    tab = opened(content)
    click_place(tab, "lifecircle.facts.communities[0].at")
    tab.click("[data-key=language]")
    assert tab.evaluate("document.documentElement.lang") == "en"
    assert tab.inner_text("[data-key=viewgaps]") == "Gaps"
    assert tab.inner_text(".lc-card h2") == "和平社区"
    assert "2,000 people" in tab.inner_text(".lc-card")
    left = re.findall(r"[\u4e00-\u9fff]+", tab.inner_text(".lc-views"))
    assert left == []
    other = opened(content_en)
    assert other.inner_text("[data-key=viewgaps]") == "Gaps"


def test_the_keyboard_is_enough(opened, content):
    tab = opened(content)
    for key in ("Tab", "Tab", "ArrowRight", "ArrowDown"):
        tab.keyboard.press(key)
    focused = "document.activeElement.dataset.key"
    assert tab.evaluate(focused) == "serviceculture"
    tab.keyboard.press("Home")
    assert tab.evaluate(focused) == "viewindex"
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate(focused) == "viewunits", "the views are a ring"
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    assert tab.evaluate(focused) == "serviceculture"
    assert tab.locator(".lc-view[tabindex='0']").count() == 1, "one stop for the keyboard"
    tab.keyboard.press("Enter")
    assert tab.evaluate(focused) == "serviceculture"
    assert tab.get_attribute("[data-key=serviceculture]", "aria-pressed") == "true"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert tab.evaluate(outline) == "solid"
    tab.focus("input[type=search]")
    tab.keyboard.type("南湖")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert tab.inner_text(".lc-card h2") == "南湖社区"


def test_typing_a_name_keeps_the_field(opened, content):
    tab = opened(content)
    tab.focus("input[type=search]")
    tab.keyboard.type("社区")
    assert tab.input_value("input[type=search]") == "社区"
    assert tab.locator(".lc-hits button").count() == 4


@pytest.mark.parametrize("name", ["content", "content_public"])
def test_empty_layers_break_nothing(opened, request, name):
    tab = opened(without_rows(request.getfixturevalue(name)))
    for _view in each_view(tab):
        assert tab.is_visible(".lc-headline")


def test_layers_can_be_switched(opened, content):
    tab = opened(content)
    tab.click("[data-key=servicemedical]")
    count = "Object.keys(lifecircle.layers.groups.%s._layers).length"
    group = "lifecircle.layers.groups." + "%s.getLayers().length"
    assert tab.evaluate(group % "facilities") == 1
    assert tab.evaluate(count % "isochrones") == 1
    for layer in ("facilities", "isochrones", "homes"):
        tab.click(f"[data-key=layer{layer}]")
    assert tab.evaluate(group % "facilities") == 0
    assert tab.evaluate(group % "isochrones") == 0
    assert tab.evaluate(group % "homes") == 1


def test_a_public_edition_keeps_its_silence(opened, content_public):
    tab = opened(content_public)
    assert tab.locator("[data-key=layerhomes]").count() == 0
    for _view in each_view(tab):
        assert tab.locator(".lc-site").count() == 0
    tab.click("[data-key=viewindex]")
    click_place(tab, "lifecircle.facts.communities[2].at")
    assert "— 人" in tab.inner_text(".lc-card")
    assert "边界为示意" in tab.inner_text(".leaflet-control-attribution")


@pytest.mark.parametrize("edition", ["gb50180", "zhejiang"])
def test_other_standards_have_views_too(opened, content, edition):
    tab = opened(dataclasses.replace(content, standard=load_standard(edition)))
    for service in tab.evaluate("lifecircle.facts.services.map((row) => row[0])"):
        button = tab.locator(f"[data-key=service{service}]")
        if button.count():
            button.click()
            assert tab.locator(".lc-legend li").count() >= 1


def test_a_phone_has_room(opened, content):
    tab = opened(content, width=390, height=844)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    credit = tab.locator(".leaflet-control-attribution").bounding_box()
    panel = tab.locator(".lc-panel").bounding_box()
    assert credit["y"] + credit["height"] <= panel["y"] + 1
    assert panel["y"] > 844 / 2
    assert not tab.is_visible("input[type=search]")
    tab.click("[data-key=fold]")
    assert tab.is_visible("input[type=search]")
    tab.fill("input[type=search]", "和平")
    tab.click(".lc-hits button >> nth=0")
    card = tab.locator(".lc-card").bounding_box()
    assert card["width"] == 390
    assert card["y"] > 0.3 * 844
    tab.wait_for_timeout(600)
    spot = tab.evaluate("lifecircle.map.latLngToContainerPoint(lifecircle.facts.communities[0].at)")
    assert 0 < spot["y"] < card["y"]


def test_a_notebook_frame_draws_the_map(opened, content):
    shown = webmap.web_map(content)._repr_html_()
    tab = opened(None, text=f"<!DOCTYPE html><html><body>{shown}</body></html>")
    frame = tab.frame_locator("iframe")
    frame.locator("body.lc-ready").wait_for(timeout=20_000)
    assert frame.locator("h1").inner_text() == content.title


def test_a_row_without_a_place_is_clicked_onto_the_map_and_handed_back(opened, content, tmp_path):
    shown = dataclasses.replace(content, to_place=ROWS)
    tab = opened(shown)
    tab.click("[data-key=viewplaces]")
    assert tab.locator(".lc-list button").count() == 2
    tab.locator(".lc-list button", has_text=FORMULA).click()
    card = tab.inner_text(".lc-card")
    assert "点击地图上它的位置" in card
    tab.mouse.click(900, 500)  # on a community: the place counts, the community does not open
    assert "place" in tab.evaluate("window.lifecircle.state.selected.kind")
    with tab.expect_download() as handed:
        tab.click("[data-key=saveplaces]")
    file = tmp_path / "places.csv"
    handed.value.save_as(file)
    given = read_placed(file)
    assert set(given) == {"p1", "p2"}
    assert given["p1"] == (121.5, 30.5)  # placed by hand before
    lon, lat = given["p2"]
    west, south, east, north = content.communities.to_crs(4326).total_bounds
    assert west - 0.02 < lon < east + 0.02
    assert south - 0.02 < lat < north + 0.02
    assert f"\"'{FORMULA}" in file.read_text(encoding="utf-8-sig").replace('""', '"')
    tab.click("[data-key=clearplace]")
    assert "(1" in tab.inner_text("[data-key=saveplaces]").replace("（", "(")


def test_where_every_row_has_a_place_there_is_nothing_to_find(opened, content):
    assert opened(content).locator("[data-key=viewplaces]").count() == 0


def test_the_file_of_the_map_places_the_rows_of_the_next_run(opened, content, tmp_path):
    folder = tmp_path / "town"
    folder.mkdir()
    placing = read(town(folder))[0].placing
    assert placing.to_place["row"].tolist() == [3, 4]
    tab = opened(dataclasses.replace(content, to_place=placing.to_place))
    tab.click("[data-key=viewplaces]")
    spots = []
    for place, pixel in enumerate(((900, 500), (1000, 400))):
        tab.locator(".lc-list button").nth(place).click()
        tab.mouse.click(*pixel)
        spots.append(tab.evaluate("lifecircle.placeSpot(lifecircle.state.selected.id)")[::-1])
    with tab.expect_download() as handed:
        tab.click("[data-key=saveplaces]")
    handed.value.save_as(folder / "places.csv")
    inputs, _ = read(town(folder, GEOCODE + 'placed = "places.csv"\n'))
    care = inputs.survey.facilities.set_index("name")
    by_hand = care[care["placed"] == "planner"]
    assert by_hand.index.tolist() == placing.to_place["name"].tolist()
    assert shapely.get_coordinates(by_hand.geometry).tolist() == [pytest.approx(s) for s in spots]
