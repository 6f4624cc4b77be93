"""
Colours and labels become QGIS layer styles (QML), the default look of ``results.gpkg``.

A style names only columns its layer has, and every text in it is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

Shape = Literal["fill", "line", "marker"]

_SYMBOL_CLASS = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
_GEOMETRY_CODE = {"marker": "0", "line": "1", "fill": "2"}
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """
    How one class of features is drawn.

    Parameters
    ----------
    value
        Value of the column; empty for all features or for those without a value.
    label
        What the legend says.
    colour
        ``#rrggbb`` of fill, line or marker.
    outline
        ``#rrggbb`` of the edge of a fill or a marker.
    size_mm
        Width of a line or an outline, diameter of a marker [mm].
    opacity
        From 0 (nothing) to 1.
    """

    value: str
    label: str
    colour: str
    outline: str = "#ffffff"
    size_mm: float = 0.3
    opacity: float = 1.0


def qml(shape: Shape, symbols: Sequence[Symbol], *, column: str = "", caption: str = "") -> str:
    """
    Write a layer style.

    Parameters
    ----------
    shape
        What the layer holds.
    symbols
        One per class; exactly one where there is no `column`.
    column
        Column the classes are values of; empty draws every feature alike.
    caption
        Column features are labelled with; empty for none.

    Returns
    -------
    text
        A QML document, read by QGIS 3.

    Examples
    --------
    >>> from lifecircle.outputs.qml import Symbol, qml
    >>> look = qml("line", [Symbol(value="", label="street", colour="#444444")])
    >>> 'type="singleSymbol"' in look
    True
    """
    root = ET.Element(
        "qgis", {"version": "3.28.0", "styleCategories": "Symbology|Labeling", "labelsEnabled": "0"}
    )
    kind = "categorizedSymbol" if column else "singleSymbol"
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        {"type": kind, "symbollevels": "0", "enableorderby": "0", "forceraster": "0"},
    )
    if column:
        renderer.set("attr", column)
        categories = ET.SubElement(renderer, "categories")
        for number, symbol in enumerate(symbols):
            ET.SubElement(
                categories,
                "category",
                {
                    "symbol": str(number),
                    "value": symbol.value,
                    "label": symbol.label,
                    "type": "string",
                    "render": "true",
                },
            )
    drawn = ET.SubElement(renderer, "symbols")
    for number, symbol in enumerate(symbols):
        _symbol(drawn, str(number), shape, symbol)
    if caption:
        root.set("labelsEnabled", "1")
        labelling = ET.SubElement(root, "labeling", {"type": "simple"})
        settings = ET.SubElement(labelling, "settings")
        style = {
            "fieldName": caption,
            "isExpression": "0",
            "fontSize": "9",
            "fontSizeUnit": "Point",
            "textColor": "40,44,52,255",
        }
        text = ET.SubElement(settings, "text-style", style)
        halo = {"bufferDraw": "1", "bufferSize": "0.8", "bufferColor": "255,255,255,220"}
        ET.SubElement(text, "text-buffer", halo)
    ET.SubElement(root, "layerGeometryType").text = _GEOMETRY_CODE[shape]
    ET.indent(root)
    return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def _symbol(parent: ET.Element, name: str, shape: Shape, symbol: Symbol) -> None:
    holder = ET.SubElement(
        parent,
        "symbol",
        {
            "name": name,
            "type": shape,
            "alpha": f"{symbol.opacity:g}",
            "clip_to_extent": "1",
            "force_rhr": "0",
        },
    )
    layer = ET.SubElement(
        holder,
        "layer",
        {"class": _SYMBOL_CLASS[shape], "enabled": "1", "locked": "0", "pass": "0"},
    )
    # QGIS reads the options since 3.20 and the props before; both say the same.
    options = ET.SubElement(layer, "Option", {"type": "Map"})
    for key, value in _properties(shape, symbol).items():
        ET.SubElement(options, "Option", {"name": key, "type": "QString", "value": value})
    for key, value in _properties(shape, symbol).items():
        ET.SubElement(layer, "prop", {"k": key, "v": value})


def _properties(shape: Shape, symbol: Symbol) -> dict[str, str]:
    colour, edge = _rgba(symbol.colour), _rgba(symbol.outline)
    size = f"{symbol.size_mm:g}"
    if shape == "line":
        return {
            "line_color": colour,
            "line_style": "solid",
            "line_width": size,
            "line_width_unit": "MM",
            "capstyle": "round",
            "joinstyle": "round",
        }
    common = {"color": colour, "outline_color": edge, "outline_style": "solid"}
    if shape == "fill":
        return {**common, "style": "solid", "outline_width": size, "outline_width_unit": "MM"}
    return {
        **common,
        "name": "circle",
        "size": size,
        "size_unit": "MM",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
    }


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"{red},{green},{blue},255"
