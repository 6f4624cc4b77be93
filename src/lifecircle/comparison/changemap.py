"""A comparison becomes one HTML map that opens with no network."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import branca.element
import folium

from lifecircle.comparison.comparing import Comparison
from lifecircle.comparison.layer import COLOURS, community_layer
from lifecircle.comparison.mapviews import STEPS, changed_facilities, changed_shares
from lifecircle.comparison.words import label, say
from lifecircle.geo import WGS84
from lifecircle.outputs.webmap import offline
from lifecircle.outputs.webmap.shapes import polygons
from lifecircle.provenance import OSM_CREDIT

_ASSETS = ("compare_map.css", "map_data.js", "map_shapes.js", "compare_map.js")
_TOLERANCE_M = 2.0


class _Page(branca.element.Figure):
    """The HTML document around the map."""

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 - branca's signature
        return offline.inline(super().render(**kwargs))


class _Parts(branca.element.Element):
    """Our style, scripts and packed data, and the call that starts them."""

    def __init__(self, *, packed: str, starting: str) -> None:
        super().__init__()
        self.packed = packed
        self.starting = starting

    def render(self, **_kwargs: Any) -> str:  # noqa: ANN401 - branca's signature
        page: Any = self.get_root()
        marks = "\n".join(offline.ASSET_MARK.format(name=name) for name in _ASSETS)
        data = f'<script type="text/plain" id="lc-changes">{self.packed}</script>'
        page.html.add_child(branca.element.Element(f"{data}\n{marks}"), name="comparison_data")
        page.script.add_child(branca.element.Element(self.starting), name="comparison_start")
        return ""


def change_map(comparison: Comparison) -> folium.Map:
    """
    Draw what changed.

    Parameters
    ----------
    comparison
        The comparison.

    Returns
    -------
    map
        Communities by direction, or by how a requirement's share changed, and the facilities that
        opened or closed; a click tells what changed and why. Names are written as text.

    Raises
    ------
    LifecircleError
        If Leaflet's files are not installed.
    """
    language = comparison.language
    a, b = comparison.runs
    layer = community_layer(comparison)
    west, south, east, north = (float(one) for one in layer.to_crs(WGS84).total_bounds)
    shown = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=12,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.25,
    )
    shown.default_js = [pair for pair in shown.default_js if pair[0] == "leaflet"]
    shown.default_css = [pair for pair in shown.default_css if pair[0] == "leaflet_css"]
    shown._id = "comparison"  # branca numbers elements at random
    title = f"{a.title} → {b.title}" if a.title != b.title else b.title
    page = _Page(title=html.escape(title), height="100%")
    page.add_child(shown)
    facts = {
        "title": title,
        "heading": say("title", language),
        "pick": say("map_pick", language),
        "bounds": [[south, west], [north, east]],
        "notes": list(comparison.notes),
        "credit": OSM_CREDIT if _from_osm(comparison) else "",
        "legend": [
            [colour, label("direction", code, language)] for code, colour in COLOURS.items()
        ],
        "views": [say("map_all", language), say("map_requirement", language)],
        "steps": list(STEPS),
        "step_words": [say(f"map_step_{place}", language) for place in range(len(STEPS))],
        "unknown": [COLOURS["unknown"], label("direction", "unknown", language)],
        "requirements": changed_shares(comparison),
        "facilities": changed_facilities(comparison),
        "areas": [
            {
                "id": row.community_id,
                "name": row.name,
                "colour": COLOURS[row.direction],
                "direction": label("direction", row.direction, language),
                "relation": ""
                if row.relation == "same"
                else label("relation", row.relation, language),
                "lines": row.evidence.split("\n") if isinstance(row.evidence, str) else [],
                "rings": rings,
            }
            for row, rings in zip(
                layer.itertuples(index=False),
                polygons(layer, tolerance_m=_TOLERANCE_M),
                strict=True,
            )
        ],
    }
    starting = f"lifecircle.startChanges({shown.get_name()});"
    parts = _Parts(packed=offline.pack(facts), starting=starting)
    parts._id = "parts"
    shown.add_child(parts)
    return shown


def save_change_map(comparison: Comparison, path: Path) -> Path:
    """
    Write the map of a comparison as one file.

    Parameters
    ----------
    comparison
        The comparison.
    path
        The HTML file.

    Returns
    -------
    path
        The file written; the same comparison gives the same bytes.
    """
    page = change_map(comparison).get_root().render()
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def _from_osm(comparison: Comparison) -> bool:
    return any("ODbL" in licence for run in comparison.runs for licence in run.licences)
