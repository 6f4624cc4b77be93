from __future__ import annotations

import importlib.metadata

import pytest

from lifecircle.errors import LifecircleError
from lifecircle.outputs.webmap import offline

LEAFLET = '<script src="https://cdn.example/leaflet@1.9/dist/leaflet.js"></script>'
STYLE = '<link rel="stylesheet" href="https://cdn.example/dist/leaflet.css"/>'


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://cdn.example/heat.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/font.css"/>',
        "<style>body{background:url( 'http://cdn.example/a.png' )}</style>",
        "<style>@import 'https://cdn.example/a.css';</style>",
        "<img SRC=https://cdn.example/a.png>",
    ],
)
def test_what_would_be_loaded_is_refused_and_named(element):
    with pytest.raises(LifecircleError, match=r"cdn\.example"):
        offline.inline(f"<html>{element}</html>")


def test_every_remote_address_is_reported_at_once():
    page = '<img src="http://a.example/1"><img src="http://b.example/2">'
    with pytest.raises(LifecircleError) as caught:
        offline.refuse_remote(page)
    assert len(caught.value.problems) == 2


def test_an_address_in_plain_text_is_no_load():
    offline.refuse_remote("<p>see https://www.openstreetmap.org/copyright</p>")


def test_leaflet_moves_into_the_page_with_its_images():
    page = offline.inline(f"<html><head>{LEAFLET}{STYLE}</head></html>")
    assert "Leaflet 1.9" in page
    assert page.count("data:image/png;base64,") == 3
    assert "leaflet.js.map" not in page
    assert "images/layers.png" not in page


def test_a_missing_wheel_is_named_with_its_remedy(monkeypatch):
    def absent(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", absent)
    with pytest.raises(LifecircleError, match="XStatic-Leaflet"):
        offline.inline(LEAFLET)


def test_an_asset_cannot_end_its_element(monkeypatch):
    monkeypatch.setattr(offline, "asset", lambda name: 'let a = "</script><b>";')
    page = offline.inline(offline.ASSET_MARK.format(name="map_data.js"))
    assert page.count("</script") == 1
    assert page.endswith("</script>")


def test_packing_is_exact_and_the_same_twice():
    value = {"名": ["</script>", 1, 2.5, None, True]}
    assert offline.unpack(offline.pack(value)) == value
    assert offline.pack(value) == offline.pack(value)
    assert "<" not in offline.pack(value)


def test_a_number_the_page_cannot_know_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        offline.pack({"a": float("nan")})
