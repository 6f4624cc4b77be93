from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import folium
import pytest

from lifecircle.errors import LifecircleError
from lifecircle.outputs.webmap import offline
from lifecircle.outputs.webmap import write as webmap
from tests.outputs.conftest import HOSTILE_COMMUNITY, HOSTILE_FACILITY, without_rows


class _Elements(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def packed(page, name):
    found = re.search(rf'<script type="text/plain" id="lc-{name}">([^<]*)</script>', page)
    return None if found is None else offline.unpack(found.group(1))


@pytest.fixture(scope="module")
def page(content):
    return webmap.web_map(content).get_root().render()


def test_nothing_is_loaded_from_anywhere(page):
    elements = _Elements(page).found
    loading = [
        (tag, attrs) for tag, attrs in elements if {"src", "href", "srcset", "data"} & attrs.keys()
    ]
    assert loading == []
    assert not re.search(r"url\(\s*[\"']?(?!data:|#)", page)
    assert not re.search(r"\b(?:fetch|XMLHttpRequest|importScripts|WebSocket)\s*\(", page)


@pytest.mark.parametrize("library", ["jquery", "bootstrap", "awesome", "cdn"])
def test_only_leaflet_is_in_the_page(page, library):
    scripts = re.sub(r'<script type="text/plain".*?</script>|base64,[\w+/=]+', "", page)
    assert library not in scripts.lower()
    assert "Leaflet 1.9" in scripts


def test_names_from_files_never_become_markup(page):
    assert HOSTILE_FACILITY not in page
    assert HOSTILE_COMMUNITY not in page
    titles = re.findall(r"<title>(.*?)</title>", page)
    assert titles == ["测试镇 &lt;15分钟&gt; &amp; 生活圈"]
    tags = [tag for tag, _ in _Elements(page).found]
    assert tags.count("script") == page.count("</script>")
    assert "img" not in tags


def test_a_title_is_no_template(content):
    tricky = dataclasses.replace(content, title="{{ 7 * 7 }}{% raw %}</title><b>")
    page = webmap.web_map(tricky).get_root().render()
    assert "<title>{{ 7 * 7 }}{% raw %}&lt;/title&gt;&lt;b&gt;</title>" in page


def test_the_page_carries_the_facts_and_every_word_it_asks_for(page, content):
    facts = packed(page, "facts")
    assert len(facts["communities"]) == len(content.communities)
    assert packed(page, "homes")["people"]
    asked = set()
    for name in webmap.SCRIPTS:
        text = offline.asset(name)
        asked |= set(re.findall(r'lc\.t\(\s*"(\w+)"', text))
        for either in re.findall(r"lc\.t\(\s*\w+ \? (\"\w+\" : \"\w+\")", text):
            asked |= set(re.findall(r'"(\w+)"', either))
    assert "legend_service" in asked
    assert asked - {"view_"} <= set(facts["words"])


def test_layers_are_folium_groups_in_drawing_order(content):
    shown = webmap.web_map(content)
    groups = [child for child in shown._children.values() if isinstance(child, folium.FeatureGroup)]
    assert isinstance(shown, folium.Map)
    assert tuple(group.tile_name for group in groups) == webmap.LAYERS
    assert shown.options["prefer_canvas"] is True


def test_saving_gives_the_same_bytes_twice(content, tmp_path):
    one, two = tmp_path / "one.html", tmp_path / "two.html"
    webmap.save_map(content, one)
    webmap.save_map(content, two)
    assert one.read_bytes() == two.read_bytes()
    assert len(one.read_bytes()) < 400_000


def test_a_folium_element_from_the_net_is_refused(content):
    shown = webmap.web_map(content)
    folium.Marker([30.28, 120.21], icon=folium.CustomIcon("https://tiles.example/a.png")).add_to(
        shown
    )
    shown.get_root().header.add_child(folium.Element('<script src="https://x.example/y.js">'))
    with pytest.raises(LifecircleError, match=r"x\.example"):
        shown.get_root().render()


def test_a_notebook_gets_the_whole_page_in_a_frame(content):
    shown = webmap.web_map(content)._repr_html_()
    (frame,) = [attrs for tag, attrs in _Elements(shown).found if tag == "iframe"]
    assert packed(frame["srcdoc"], "facts")["meta"]["title"] == content.title


def test_public_editions_carry_no_homes_and_no_plots(content_public):
    page = webmap.web_map(content_public).get_root().render()
    assert packed(page, "homes") is None
    assert 'id="lc-homes"' not in page
    facts = packed(page, "facts")
    assert all("rings" not in row and "at" not in row for row in facts["parcels"])
    assert all("at" not in row for row in facts["sites"])


@pytest.mark.parametrize("name", ["content", "content_public"])
def test_empty_tables_make_a_page(request, name):
    page = webmap.web_map(without_rows(request.getfixturevalue(name))).get_root().render()
    assert packed(page, "facts")["communities"] == []
