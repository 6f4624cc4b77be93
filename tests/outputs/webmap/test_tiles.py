"""Tiles from the internet: only where the study names some, and only once somebody asks."""

from __future__ import annotations

import dataclasses

import pytest

from lifecircle.outputs.release import released
from lifecircle.outputs.webmap import write as webmap

ADDRESS = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.fixture(scope="module")
def tiled(content):
    return dataclasses.replace(content, tiles=(ADDRESS, "测绘局 <b>GS</b>"))


def test_a_public_edition_tells_no_address(content_public):
    shown = dataclasses.replace(content_public, tiles=(ADDRESS, "key"))
    assert released(shown).tiles == ()


@pytest.mark.browser
def test_without_tiles_there_is_no_switch(opened, content):
    assert opened(content).locator("[data-key=tiles]").count() == 0


@pytest.mark.browser
def test_nothing_is_asked_for_before_the_reader_wants_tiles(chromium, tiled, tmp_path):
    file = tmp_path / "map.html"
    webmap.save_map(tiled, file)
    assert "tiles.example" not in file.read_text(encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    asked = []
    tab = context.new_page()
    tab.route("https://**/*", lambda route: (asked.append(route.request.url), route.abort()))
    tab.goto(file.as_uri())
    tab.wait_for_selector("body.lc-ready", timeout=20_000)
    tab.click("[data-key=servicemedical]")
    tab.wait_for_timeout(300)
    assert asked == []
    ground = "getComputedStyle(lifecircle.map.getPane('ground')).display"
    assert tab.evaluate(ground) == "block"
    with tab.expect_request("https://tiles.example/**"):
        tab.click("[data-key=tiles]")
    assert all(url.startswith("https://tiles.example/") for url in asked)
    assert tab.evaluate(ground) == "none"
    assert "测绘局 <b>GS</b>" in tab.inner_text(".leaflet-control-attribution")
    tab.click("[data-key=tiles]")
    assert tab.evaluate(ground) == "block"
    streets = "lifecircle.map.hasLayer(lifecircle.layers.groups.streets)"
    assert tab.evaluate(streets)
    assert "测绘局" not in tab.inner_text(".leaflet-control-attribution")
    context.close()
