"""
A run becomes one HTML map that opens with no network: folium builds it, the page draws it.

Invariant: nothing in the page is loaded from anywhere, and no name from a file ever becomes
markup: data travel packed and are written as text.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import branca.element
import folium

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.release import released
from lifecircle.outputs.webmap import facts, offline, shapes
from lifecircle.outputs.webmap.group_words import GROUP_WORDS
from lifecircle.outputs.webmap.tool_words import TOOL_WORDS
from lifecircle.outputs.webmap.words import HOME_WORDS, MAP_WORDS
from lifecircle.outputs.words import LABELS

LAYERS = (
    "ground",
    "communities",
    "water",
    "isochrones",
    "buildings",
    "streets",
    "outlines",
    "homes",
    "parcels",
    "facilities",
    "sites",
    "names",
)
"""Layers of the page from bottom to top."""
STYLES = ("map_panel.css", "map_cards.css", "map_palette.css", "map_phone.css", "map_print.css")
"""Our own styles, in the order they overrule one another."""
SCRIPTS = (
    "map_data.js",
    "map_shapes.js",
    "map_names.js",
    "map_pins.js",
    "map_layers.js",
    "map_views.js",
    "map_gaps.js",
    "map_cards.js",
    "map_near.js",
    "map_refused.js",
    "map_served.js",
    "map_places.js",
    "map_units.js",
    "map_choice.js",
    "map_elders.js",
    "map_easy.js",
    "map_palette.js",
    "map_tiles.js",
    "map_parts.js",
    "map_print.js",
    "map_moves.js",
    "map_panel.js",
)
"""Our own scripts, in the order the page runs them."""


class _Page(branca.element.Figure):
    """The HTML document around the map."""

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 - branca's signature
        return offline.inline(super().render(**kwargs))


class _Viewer(branca.element.Element):
    """Our styles, scripts and packed data, and the call that starts them."""

    def __init__(self, *, packed: dict[str, str], starting: str) -> None:
        super().__init__()
        self.packed = packed
        self.starting = starting

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401 - branca's signature
        page: Any = self.get_root()
        # branca reads what it is given as a template, so files come in later, through marks.
        styles = "\n".join(offline.ASSET_MARK.format(name=name) for name in STYLES)
        scripts = "\n".join(offline.ASSET_MARK.format(name=name) for name in SCRIPTS)
        data = "\n".join(
            f'<script type="text/plain" id="lc-{name}">{text}</script>'
            for name, text in self.packed.items()
        )
        page.header.add_child(branca.element.Element(styles), name="lifecircle_styles")
        page.html.add_child(branca.element.Element(f"{data}\n{scripts}"), name="lifecircle_data")
        page.script.add_child(branca.element.Element(self.starting), name="lifecircle_start")
        return ""


def web_map(content: Content) -> folium.Map:
    """
    Build the map of a run.

    Parameters
    ----------
    content
        What the run has to show. A ``public`` release carries no homes and no plots, and holds
        back what `released` does.

    Returns
    -------
    map
        A folium map; it shows itself in a notebook and opens from a file without a network.
        The same content gives the same bytes.

    Raises
    ------
    LifecircleError
        If Leaflet's files are not installed.
    """
    content = released(content)
    told = {
        **facts.facts(content),
        "words": {
            **MAP_WORDS,
            **TOOL_WORDS,
            **GROUP_WORDS,
            **({} if content.people_known else HOME_WORDS),
        },
        "labels": {domain: dict(pairs) for domain, pairs in LABELS.items()},
        "colours": _colours(content),
    }
    (south, west), (north, east) = told["meta"]["bounds"]
    shown = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=13,
        zoom_control=False,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.25,
        zoom_delta=0.5,
        wheel_px_per_zoom_level=100,
    )
    # folium's other scripts serve popups and icons, which this page does without.
    shown.default_js = [pair for pair in shown.default_js if pair[0] == "leaflet"]
    shown.default_css = [pair for pair in shown.default_css if pair[0] == "leaflet_css"]
    _name(shown, "lifecircle")
    page = _Page(title=html.escape(content.title), height="640px")
    page.add_child(shown)
    groups = {}
    for name in LAYERS:
        group = folium.FeatureGroup(name=name, control=False)
        _name(group, name)
        group.add_to(shown)
        groups[name] = group.get_name()
    packed = {"facts": offline.pack(told), "base": offline.pack(shapes.base_map(content))}
    homes = facts.homes(content)
    if homes is not None:
        packed["homes"] = offline.pack(homes)
    layers = ", ".join(f"{name}: {variable}" for name, variable in groups.items())
    starting = f"lifecircle.start({shown.get_name()}, {{ {layers} }});"
    viewer = _Viewer(packed=packed, starting=starting)
    _name(viewer, "viewer")
    shown.add_child(viewer)
    return shown


def save_map(content: Content, path: Path) -> None:
    """
    Write the map of a run as one file.

    Parameters
    ----------
    content
        What the run has to show.
    path
        The HTML file; written over where it is there already.

    Raises
    ------
    LifecircleError
        If Leaflet's files are not installed.
    """
    path.write_text(web_map(content).get_root().render(), encoding="utf-8", newline="\n")


def _name(element: branca.element.Element, name: str) -> None:
    # branca numbers elements at random; the same run must give the same bytes.
    element._id = name


def _colours(content: Content) -> dict[str, Any]:
    services = content.standard.services
    return {
        "palettes": {
            "five": _palette(style.GRADE_COLOURS, style.GRADE_INK),
            "lights": _palette(style.LIGHT_COLOURS, style.LIGHT_INK),
        },
        "count": [list(pair) for pair in style.GAP_COUNT_COLOURS],
        "gap_count": [list(pair) for pair in style.gap_classes(content.gap_counts.tolist())],
        "reason": dict(style.REASON_COLOURS),
        "site_kind": dict(style.SITE_KIND_COLOURS),
        "base": dict(style.BASE_COLOURS),
        "service": {service: style.service_colour(service, services) for service in services},
    }


def _palette(grades: Mapping[str, str], ink: Mapping[str, str]) -> dict[str, Any]:
    return {
        "grade": dict(grades),
        "ink": dict(ink),
        "share": [[least, grades[grade]] for least, grade in style.SHARE_CLASSES],
    }
