"""The page for everybody: read aloud, by keyboard, on paper, without motion, on a phone."""

from __future__ import annotations

import dataclasses
import importlib.resources
import re

import pytest

from tests.outputs.workbook.test_places import ROWS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def axe():
    package = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    return (importlib.resources.files(package) / "axe.min.js").read_text(encoding="utf-8")


def complaints(tab, axe):
    tab.evaluate(f"() => {{ if (!window.axe) {{ {axe} }} }}")
    found = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [(one["id"], node["html"][:120]) for one in found for node in one["nodes"]]


def test_axe_has_nothing_to_say_of_the_views(opened, content, axe):
    tab = opened(dataclasses.replace(content, to_place=ROWS))
    for key in ("viewindex", "viewsites", "viewunits", "viewplaces"):
        tab.click(f"[data-key={key}]")
        tab.evaluate("document.querySelector('.lc-list button').click()")
        assert tab.is_visible(".lc-card"), key
        assert complaints(tab, axe) == [], key
    tab.click("[data-key=language]")
    tab.click("[data-key=servicemedical]")
    tab.evaluate("document.querySelector('details').open = true")
    assert complaints(tab, axe) == []
    tab.click("[data-key=print]")
    assert complaints(tab, axe) == []


def test_axe_has_nothing_to_say_on_a_phone(opened, content, axe):
    tab = opened(content, width=390, height=844)
    tab.click("[data-key=fold]")
    assert complaints(tab, axe) == []


def test_fingers_find_their_targets(opened, content):
    tab = opened(dataclasses.replace(content, to_place=ROWS), width=390, height=844)
    tab.click("[data-key=fold]")
    small = """[...document.querySelectorAll("button, select, input[type=search], summary, label")]
        .map((node) => [node.dataset.key || node.tagName, node.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 44 || box.width < 44))
        .map(([key, box]) => key + " " + box.width + " x " + box.height)"""
    for view in ("index", "sites", "places"):
        tab.click(f"[data-key=view{view}]")
        assert tab.evaluate(small) == [], view
        assert tab.evaluate("document.documentElement.scrollWidth") == 390


def test_escape_gives_the_keyboard_back(opened, content):
    tab = opened(content)
    first = tab.locator(".lc-list button").first
    key = first.get_attribute("data-key")
    first.focus()
    tab.keyboard.press("Enter")
    focused = "document.activeElement.dataset.key"
    assert tab.evaluate(focused) == "close"
    tab.keyboard.press("Escape")
    assert not tab.is_visible(".lc-card")
    assert tab.evaluate(focused) == key


def test_the_map_moves_by_keys_and_says_so(opened, content):
    tab = opened(content, reduced_motion="reduce")
    assert "方向键" in tab.get_attribute("[role=main]", "aria-label")
    tab.focus("[role=main]")
    before = tab.evaluate("lifecircle.map.getCenter().lng")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_timeout(400)
    assert tab.evaluate("lifecircle.map.getCenter().lng") > before
    tab.click("[data-key=viewsites]")
    names = tab.locator(".lc-site").evaluate_all("(all) => all.map((n) => n.ariaLabel)")
    assert all("s" in name and "·" in name for name in names)
    # Whoever wants no motion is brought there at once.
    tab.evaluate("document.querySelector('.lc-list button').click()")
    assert tab.evaluate("lifecircle.map._animatingZoom || false") is False


def test_pins_do_not_cover_one_another(opened, content):
    sites = content.sites.assign(lon=content.sites["lon"].iloc[0], lat=content.sites["lat"].iloc[0])
    tab = opened(dataclasses.replace(content, sites=sites), width=390, height=844)
    tab.click("[data-key=viewsites]")
    boxes = [pin.bounding_box() for pin in tab.locator(".lc-site").all()]
    assert len(boxes) == 2
    middle = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    apart = ((middle[0][0] - middle[1][0]) ** 2 + (middle[0][1] - middle[1][1]) ** 2) ** 0.5
    assert apart >= (boxes[0]["width"] + boxes[1]["width"]) / 2 - 1


def test_a_sheet_holds_title_legend_scale_date_credits_and_north(opened, content):
    tab = opened(content)
    tab.click("[data-key=servicemedical]")
    west = tab.evaluate("lifecircle.map.getBounds().getWest()")
    tab.click("[data-key=print]")
    for paper, sides in (("A4", (842, 595)), ("A3", (1191, 842))):
        tab.click(f"[data-key=paper{paper}]")
        sheet = tab.inner_text(".lc-sheet")
        said = (content.title, "医疗卫生", "图例", "1:", paper, "2026-03-15", "OpenStreetMap", "北")
        assert [word for word in said if word not in sheet] == []
        pdf = tab.pdf(prefer_css_page_size=True, print_background=True)
        assert pdf.count(b"/Type /Page\n") == 1
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
        assert [float(side) for side in box.groups()] == pytest.approx(sides, abs=2)
    tab.keyboard.press("Escape")
    assert not tab.is_visible(".lc-sheet")
    assert tab.is_visible(".lc-panel")
    assert tab.evaluate("lifecircle.map.getBounds().getWest()") == pytest.approx(west, abs=0.02)


def test_printing_without_asking_for_the_sheet_gives_it(opened, content):
    tab = opened(content)
    asked = tab.evaluate(
        "() => { window.dispatchEvent(new Event('beforeprint')); "
        "return document.body.classList.contains('lc-paper'); }"
    )
    assert asked
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not tab.is_visible(".lc-sheet")
