"""
Outlines, lines, points and names become one drawing (DXF) that CAD programs open.

The oldest form that is still read everywhere (R12) is written, with Chinese in the code page
Chinese CAD expects, so that names can be read in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import Problem, SourceError

_CODE_PAGE, _ENCODING = "ANSI_936", "gbk"
_LONGEST_TEXT = 120  # signs; a line of text in R12 holds 255 bytes
_LONGEST_LAYER = 31
_DECIMALS = 3
_COLOURS = (1, 3, 5, 6, 30, 4, 2, 8)  # of AutoCAD's index: red, green, blue, magenta, orange …


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """
    What stands on one layer of a drawing.

    Parameters
    ----------
    shapes
        Points, lines and areas, n of them; missing and empty ones are passed over.
    labels
        What is written at each, n texts; None writes nothing.
    """

    shapes: NDArray[np.object_]
    labels: Sequence[str | None]


def write_drawing(layers: Mapping[str, Drawn], path: Path, *, text_m: float = 20.0) -> Path:
    """
    Write a drawing.

    Parameters
    ----------
    layers
        Name of a layer to what stands on it; its labels stand on ``<layer>_text``. A name keeps
        its letters, digits and underlines.
    path
        The ``.dxf`` file.
    text_m
        Height of the labels [m].

    Returns
    -------
    path
        The file written: points as POINT, lines and outlines as POLYLINE, labels as TEXT beside
        the point or inside the area. One outline on a layer is drawn once, however many rows
        have it. Signs the code page lacks are written as a question mark.

    Raises
    ------
    SourceError
        If the file cannot be written.
    """
    named = {_layer_name(name): drawn for name, drawn in layers.items()}
    filled = [one.shapes for one in named.values() if len(one.shapes)]
    bounds = np.array([shapely.total_bounds(shapes) for shapes in filled]).reshape(-1, 4)
    known = bounds[~np.isnan(bounds).any(axis=1)]
    box = (*known[:, :2].min(axis=0), *known[:, 2:].max(axis=0)) if len(known) else (0, 0, 0, 0)
    lines = [*_header(box), *_tables(list(named)), *_section("ENTITIES")]
    for name, drawn in named.items():
        lines += _entities(name, drawn, text_m)
    lines += _pairs((0, "ENDSEC"), (0, "EOF"))
    try:
        path.write_bytes("".join(lines).encode(_ENCODING, errors="replace"))
    except OSError as error:
        raise SourceError(
            Problem(
                what=f"the drawing cannot be written ({error.strerror})",
                where=path.name,
                remedy="close it in CAD and run again",
            )
        ) from error
    return path


def _layer_name(name: str) -> str:
    kept = "".join(one if one.isascii() and (one.isalnum() or one in "_-") else "_" for one in name)
    return kept[: _LONGEST_LAYER - len("_text")]


def _pairs(*pairs: tuple[int, object]) -> list[str]:
    return [f"{code}\n{value}\n" for code, value in pairs]


def _section(name: str) -> list[str]:
    return _pairs((0, "SECTION"), (2, name))


def _at(x: float, y: float, first: int = 10) -> tuple[tuple[int, object], ...]:
    return (first, f"{x:.{_DECIMALS}f}"), (first + 10, f"{y:.{_DECIMALS}f}"), (first + 20, "0.0")


def _header(box: Sequence[float]) -> list[str]:
    lines = _section("HEADER") + _pairs((9, "$ACADVER"), (1, "AC1009"))
    lines += _pairs((9, "$DWGCODEPAGE"), (3, _CODE_PAGE))
    lines += _pairs((9, "$EXTMIN"), *_at(box[0], box[1]))
    lines += _pairs((9, "$EXTMAX"), *_at(box[2], box[3]))
    return lines + _pairs((0, "ENDSEC"))


def _tables(names: Sequence[str]) -> list[str]:
    layers = [one for name in names for one in (name, f"{name}_text")]
    lines = _section("TABLES")
    lines += _pairs((0, "TABLE"), (2, "LTYPE"), (70, 1), (0, "LTYPE"), (2, "CONTINUOUS"), (70, 0))
    lines += _pairs((3, "Solid line"), (72, 65), (73, 0), (40, "0.0"), (0, "ENDTAB"))
    lines += _pairs((0, "TABLE"), (2, "LAYER"), (70, len(layers) + 1))
    for place, name in enumerate(["0", *layers]):
        colour = 7 if place == 0 else _COLOURS[(place - 1) // 2 % len(_COLOURS)]
        lines += _pairs((0, "LAYER"), (2, name), (70, 0), (62, colour), (6, "CONTINUOUS"))
    lines += _pairs((0, "ENDTAB"), (0, "TABLE"), (2, "STYLE"), (70, 1), (0, "STYLE"))
    # The big font is the one every Chinese CAD has.
    lines += _pairs((2, "STANDARD"), (70, 0), (40, "0.0"), (41, "1.0"), (50, "0.0"), (71, 0))
    lines += _pairs((42, "2.5"), (3, "txt"), (4, "gbcbig.shx"), (0, "ENDTAB"))
    return lines + _pairs((0, "ENDSEC"))


def _entities(layer: str, drawn: Drawn, text_m: float) -> Iterator[str]:
    seen: set[bytes] = set()
    for shape, label in zip(drawn.shapes, drawn.labels, strict=True):
        if shape is None or shapely.is_empty(shape):
            continue
        same = shapely.to_wkb(shape) if shapely.get_dimensions(shape) > 0 else b""
        if same and same in seen:
            continue
        seen.add(same)
        for part in shapely.get_parts(shape):
            yield from _part(layer, part)
        words = _words(label)
        if words:
            spot = shapely.point_on_surface(shape)
            yield from _pairs((0, "TEXT"), (8, f"{layer}_text"), *_at(spot.x, spot.y))
            yield from _pairs((40, f"{text_m:g}"), (1, words), (7, "STANDARD"))


def _part(layer: str, part: shapely.Geometry) -> Iterator[str]:
    if part.geom_type == "Point":
        yield from _pairs((0, "POINT"), (8, layer), *_at(part.x, part.y))
        return
    area = part.geom_type == "Polygon"
    for line in [part.exterior, *part.interiors] if area else [part]:
        xy = shapely.get_coordinates(line)
        yield from _pairs((0, "POLYLINE"), (8, layer), (66, 1), *_at(0.0, 0.0), (70, int(area)))
        for x, y in xy[:-1] if area else xy:
            yield from _pairs((0, "VERTEX"), (8, layer), *_at(x, y))
        yield from _pairs((0, "SEQEND"), (8, layer))


def _words(label: str | None) -> str:
    """Keep a text on its line: a control sign would end it, a double percent sign is a command."""
    if label is None:
        return ""
    plain = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in label)
    plain = plain.replace("%%", "% %").replace("\\", "/").strip()
    return plain[:_LONGEST_TEXT].replace("^", "^ ")
