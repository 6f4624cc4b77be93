"""The strokes pictures are made of: framed maps, filled areas, dots, legends, fonts that fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.printing import Picture, font_of, new_figure, png_of
from lifecircle.provenance import OSM_CREDIT

_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
_LABEL = 5.2
_MAP_POINTS = 330.0  # about how wide a map is printed [points]


def draw_map(
    content: Content,
    names: Names,
    draw: Callable[[Axes], list[object]],
    *,
    caption: str,
    values: Sequence[str] | None = None,
) -> Picture:
    """
    Draw a map of the study area: what is asked for, then water, roads, outlines and names.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.
    draw
        Draws into the axes and gives the entries of the legend.
    caption
        What the map shows.
    values
        Written under the names of communities, one each.

    Returns
    -------
    picture
        With legend, scale, north and credit.
    """
    figure = new_figure()
    axes = figure.add_axes((0.01, 0.05, 0.76, 0.94))
    west, south, east, north = shapely.bounds(content.area)
    pad = 0.03 * max(east - west, north - south)
    axes.set_xlim(west - pad, east + pad)
    axes.set_ylim(south - pad, north + pad)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_color("#9a9a9a")
    handles = draw(axes)
    water = content.backdrop[content.backdrop["kind"] == "water"]
    fill(axes, water, [style.BASE_COLOURS["water"]] * len(water), edge="none", order=2.5)
    main = content.streets[content.streets["highway"].isin(_MAIN)]
    _lines(axes, main.geometry, colour="#8f8b82", width=0.55)
    _lines(axes, content.communities.boundary, colour="#5b6068", width=0.5)
    _name_communities(axes, content, values)
    _scale(axes, west, south, east - west)
    legend = axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        fontsize=6.5,
        frameon=False,
        borderaxespad=0,
    )
    legend.set_zorder(9)
    axes.annotate(
        "N",
        xy=(0.965, 0.985),
        xytext=(0.965, 0.925),
        xycoords="axes fraction",
        ha="center",
        va="top",
        fontsize=7,
        arrowprops={"arrowstyle": "-|>", "color": "#333333", "linewidth": 0.8},
        zorder=9,
    )
    figure.text(0.012, 0.018, _credit(content, names), fontsize=5, color="#555555")
    return Picture(caption=caption, png=png_of(figure, names))


def _credit(content: Content, names: Names) -> str:
    parts = [content.crs.name]
    if any("ODbL" in source.licence for source in content.sources):
        parts.append(OSM_CREDIT)
    if content.release == "public":
        parts.append(names.say("边界为示意", "boundaries are a sketch"))
    if names.language == "zh" and font_of("zh") is None:
        return "; ".join([content.crs.name, "no Chinese font on this machine"])
    return "；".join(parts) if names.language == "zh" else "; ".join(parts)


def fill(
    axes: Axes,
    frame: gpd.GeoDataFrame,
    colours: Sequence[str],
    *,
    edge: str = "none",
    order: float = 2.0,
) -> None:
    """
    Fill areas with colours.

    Parameters
    ----------
    axes
        Where.
    frame
        Polygons; other shapes are passed over.
    colours
        One per row.
    edge
        Colour of outlines.
    order
        What is drawn above what.
    """
    paths, faces = [], []
    for shape, colour in zip(frame.geometry, colours, strict=True):
        for part in _polygons(shape):
            paths.append(_outline(part))
            faces.append(colour)
    axes.add_collection(
        PathCollection(paths, facecolors=faces, edgecolors=edge, linewidths=0.3, zorder=order)
    )


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    if shape is None or shape.is_empty:
        return []
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def _outline(part: shapely.Polygon) -> Outline:
    rings = [part.exterior, *part.interiors]
    points = np.concatenate([np.asarray(ring.coords)[:, :2] for ring in rings])
    codes = np.full(len(points), Outline.LINETO, dtype=Outline.code_type)
    start = 0
    for ring in rings:
        codes[start] = Outline.MOVETO
        start += len(ring.coords)
        codes[start - 1] = Outline.CLOSEPOLY
    return Outline(points, codes)


def _lines(axes: Axes, shapes: gpd.GeoSeries, *, colour: str, width: float) -> None:
    parts = shapely.get_parts(np.asarray(shapes.array, dtype=object))
    lines = [shapely.get_coordinates(one) for one in parts if one is not None]
    axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, zorder=3))


def dots(axes: Axes, frame: gpd.GeoDataFrame, colour: str) -> None:
    """
    Mark places.

    Parameters
    ----------
    axes
        Where.
    frame
        Points or outlines.
    colour
        Of the marks.
    """
    if len(frame):
        xy = shapely.get_coordinates(shapely.centroid(frame.geometry.to_numpy()))
        axes.scatter(
            xy[:, 0], xy[:, 1], s=11, color=colour, edgecolor="white", linewidth=0.6, zorder=5
        )


def dot(colour: str, text: str) -> Line2D:
    """
    Make a legend's entry for places.

    Parameters
    ----------
    colour
        Of the mark.
    text
        What it means.

    Returns
    -------
    entry
        For the legend.
    """
    return Line2D([], [], marker="o", linestyle="", color=colour, markersize=4, label=text)


def share_colour(share: float) -> str:
    """
    Choose the colour of a share.

    Parameters
    ----------
    share
        0 to 1, or NaN where there is none.

    Returns
    -------
    colour
        ``#rrggbb``.
    """
    if np.isnan(share):
        return style.GRADE_COLOURS["none"]
    return next(
        style.GRADE_COLOURS[grade] for least, grade in style.SHARE_CLASSES if share >= least
    )


def share_legend(names: Names) -> list[Patch]:
    """
    Make the entries of a legend of shares.

    Parameters
    ----------
    names
        Words of the run.

    Returns
    -------
    entries
        Best class first, then what has none.
    """
    classes = style.SHARE_CLASSES
    highest = [1.0, *(least for least, _ in classes)]
    patches = [
        Patch(facecolor=style.GRADE_COLOURS[grade], label=f"{least:.0%}–{top:.0%}")
        for (least, grade), top in zip(classes, highest, strict=False)
    ]
    nothing = names.say("无人口或数据不足", "nobody there, or too little data")
    return [*patches, Patch(facecolor=style.GRADE_COLOURS["none"], label=nothing)]


def _name_communities(axes: Axes, content: Content, values: Sequence[str] | None = None) -> None:
    """Name communities, the largest first; a name that would cover another is left out."""
    metres = (axes.get_xlim()[1] - axes.get_xlim()[0]) / _MAP_POINTS  # per point of print
    taken: list[shapely.Geometry] = []
    order = np.argsort(-shapely.area(content.communities.geometry.to_numpy()), kind="stable")
    for row in order:
        shape = content.communities.geometry.iloc[row]
        name = content.communities["name"].iloc[row]
        if not isinstance(name, str) or shape is None or shape.is_empty:
            continue
        x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        text = cut(short_name(name), 10)
        half = 0.5 * _LABEL * metres * sum(1.0 if ord(one) > 0x2E80 else 0.6 for one in text)
        high = (0.6 if values is None else 1.2) * _LABEL * metres
        box = shapely.box(x - half, y - high, x + half, y + high)
        if values is not None and values[row]:
            text = f"{text}\n{values[row]}"
        if any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        label = axes.text(
            x,
            y,
            text.replace("$", r"\$"),  # a dollar sign would start a formula
            fontsize=_LABEL,
            ha="center",
            va="center",
            color="#222222",
            zorder=8,
        )
        label.set_path_effects([withStroke(linewidth=1.2, foreground="white")])


def short_name(name: str) -> str:
    """
    Shorten a community's name as people do on a map.

    Parameters
    ----------
    name
        Its full name.

    Returns
    -------
    short
        Without what every committee is called.

    Examples
    --------
    >>> from lifecircle.outputs.report.plots import short_name
    >>> short_name("瑞景社区居民委员会"), short_name("东升村")
    ('瑞景社区', '东升村')
    """
    for tail in ("居民委员会", "村民委员会", "居委会", "村委会"):
        if name.endswith(tail) and len(name) > len(tail):
            head = name.removesuffix(tail)
            return head + "村" if tail.startswith("村") and not head.endswith("村") else head
    return name


def _scale(axes: Axes, west: float, south: float, width: float) -> None:
    length = max(
        one for one in (100, 200, 500, 1000, 2000, 5000, 10_000) if one <= width / 3 or one == 100
    )
    axes.plot([west, west + length], [south, south], color="#333333", linewidth=1.6, zorder=9)
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length} m"
    axes.text(west + length / 2, south + 0.012 * width, text, fontsize=6, ha="center", zorder=9)


def span(least: int, end: int | None) -> str:
    """
    Write a class of counts.

    Parameters
    ----------
    least
        Its lower end.
    end
        Its upper end; None where there is none.

    Returns
    -------
    text
        Such as ``2–3`` or ``≥6``.
    """
    if end is None:
        return f"≥{least}"
    return str(least) if least == end else f"{least}–{end}"


def cut(text: str, most: int = 26) -> str:
    """
    Shorten a text.

    Parameters
    ----------
    text
        Any text.
    most
        Most characters kept.

    Returns
    -------
    text
        With an ellipsis where something is missing.
    """
    return text if len(text) <= most else text[: most - 1] + "…"
