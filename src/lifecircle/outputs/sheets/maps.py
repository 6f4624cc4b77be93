"""Maps on a sheet: a round scale, the ground, communities, places, sites, names, legend."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.plots import cut, fill, short_name
from lifecircle.outputs.sheets.page import Page

SCALES = tuple(
    step * power
    for power in (100, 1_000, 10_000, 100_000)
    for step in (10, 15, 20, 25, 30, 40, 50, 60, 80)
)
"""Denominators a map may have."""
_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
_RAIL = "#8f8b82"
_HALO = (withStroke(linewidth=1.4, foreground="white"),)


def scale_for(bounds: tuple[float, float, float, float], width: float, height: float) -> int:
    """
    Choose the largest round scale at which an extent fits.

    Parameters
    ----------
    bounds
        West, south, east, north [m].
    width, height
        Of the map on paper [mm].

    Returns
    -------
    scale
        Denominator.

    Examples
    --------
    >>> from lifecircle.outputs.sheets.maps import scale_for
    >>> scale_for((0, 0, 2_700, 1_900), 270.0, 200.0)
    10000
    """
    west, south, east, north = bounds
    least = max((east - west) / width, (north - south) / height) * 1000
    return next((one for one in SCALES if one >= least * (1 - 1e-9)), int(np.ceil(least)))


def open_map(
    page: Page,
    box: tuple[float, float, float, float],
    bounds: tuple[float, float, float, float],
    content: Content,
    *,
    scale: int | None = None,
) -> tuple[Axes, int]:
    """
    Open a map with the ground drawn.

    Parameters
    ----------
    page
        The sheet.
    box
        Upper left corner, width and height on the sheet [mm].
    bounds
        What it must hold: west, south, east, north [m].
    content
        What the run has to show.
    scale
        Denominator; None takes the largest round one.

    Returns
    -------
    axes, scale
        The map, and its scale.
    """
    axes = page.axes(*box)
    if scale is None:
        scale = scale_for(bounds, box[2], box[3])
    west, south, east, north = bounds
    half = np.array([box[2], box[3]]) * scale / 2000
    centre = np.array([(west + east) / 2, (south + north) / 2])
    low, high = centre - half, centre + half
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    view = shapely.box(*low, *high)
    _ground(axes, content, view, close=scale <= 25_000)
    _north_and_bar(axes, low, high, scale)
    return axes, scale


def _seen(frame: gpd.GeoDataFrame, view: shapely.Geometry) -> gpd.GeoDataFrame:
    return frame.iloc[np.sort(frame.sindex.query(view))] if len(frame) else frame


def _ground(axes: Axes, content: Content, view: shapely.Geometry, *, close: bool) -> None:
    backdrop = _seen(content.backdrop, view)
    for kind, order in (("built", 0.5), ("green", 0.6), ("water", 0.7)):
        part = backdrop[backdrop["kind"] == kind]
        fill(axes, part, [style.BASE_COLOURS[kind]] * len(part), order=order)
        lines(axes, part, colour=style.BASE_COLOURS[kind], width=1.2, order=order)
    rail = backdrop[backdrop["kind"] == "rail"]
    lines(axes, rail, colour=_RAIL, width=0.9, order=3.1, dashed=True)
    if close and len(content.buildings):
        part = _seen(content.buildings, view)
        fill(axes, part, [style.BASE_COLOURS["building"]] * len(part), order=2.6)
    streets = _seen(content.streets, view)
    main = streets["highway"].isin(_MAIN)
    lines(axes, streets[~main], colour="#b3aea3", width=0.35, order=3.0)
    lines(axes, streets[main], colour="#8f8b82", width=0.9, order=3.0)


def lines(
    axes: Axes,
    frame: gpd.GeoDataFrame,
    *,
    colour: str,
    width: float,
    order: float,
    dashed: bool = False,
) -> None:
    """
    Draw lines; other shapes are passed over.

    Parameters
    ----------
    axes
        Where.
    frame
        Lines.
    colour, width
        Of the strokes, in points.
    order
        What is drawn above what.
    dashed
        Whether the strokes are broken.
    """
    parts = shapely.get_parts(np.asarray(frame.geometry.array, dtype=object))
    held = [shapely.get_coordinates(one) for one in parts if one.geom_type == "LineString"]
    axes.add_collection(
        LineCollection(
            held,
            colors=colour,
            linewidths=width,
            zorder=order,
            linestyles="dashed" if dashed else "solid",
        )
    )


def outline(
    axes: Axes, frame: gpd.GeoDataFrame, *, colour: str = "#5b6068", width: float = 0.6
) -> None:
    """
    Draw outlines of areas.

    Parameters
    ----------
    axes
        Where.
    frame
        Areas.
    colour, width
        Of the strokes, in points.
    """
    edges = gpd.GeoDataFrame(geometry=frame.boundary, crs=frame.crs)
    lines(axes, edges, colour=colour, width=width, order=4.0)


def places(
    axes: Axes, facilities: gpd.GeoDataFrame, content: Content, names: Names, *, size: float = 20.0
) -> list[Line2D]:
    """
    Mark facilities in the colours of their services.

    Parameters
    ----------
    axes
        Where.
    facilities
        Which of them.
    content
        What the run has to show.
    names
        Its words.
    size
        Area of a mark [points²].

    Returns
    -------
    entries
        For the legend, services in the order of the standard.
    """
    entries = []
    for service in content.standard.services:
        part = facilities[facilities["service"] == service]
        if len(part):
            colour = style.service_colour(service, content.standard.services)
            xy = shapely.get_coordinates(shapely.centroid(part.geometry.to_numpy()))
            axes.scatter(xy[:, 0], xy[:, 1], s=size, color=colour, edgecolor="white",
                         linewidth=0.6, zorder=5)  # fmt: skip
            entries.append(
                _mark("o", colour, f"{names.services.get(service, service)} {len(part)}")
            )
    return entries


def sites(axes: Axes, table: pd.DataFrame, numbers: dict[str, int], names: Names) -> list[Line2D]:
    """
    Mark proposed sites with their numbers.

    Parameters
    ----------
    axes
        Where.
    table
        Sites with places, `tables.SITES`.
    numbers
        Site to the number it has in every table.
    names
        Words of the run.

    Returns
    -------
    entries
        For the legend; none without sites.
    """
    shown = table.dropna(subset=["x", "y"])
    if len(shown) == 0:
        return []
    colour = style.BASE_COLOURS["site"]
    axes.scatter(shown["x"], shown["y"], s=62, color=colour, edgecolor="white", linewidth=0.9,
                 zorder=6)  # fmt: skip
    for row in shown.itertuples():
        axes.annotate(
            str(numbers[row.site_id]),
            (row.x, row.y),
            color="white",
            fontsize=5.5,
            ha="center",
            va="center",
            zorder=7,
            annotation_clip=True,
        )
    return [
        _mark("o", colour, names.say("建议选址（序号同表）", "proposed site (number as in tables)"))
    ]


def name_areas(axes: Axes, frame: gpd.GeoDataFrame, *, size: float = 6.5) -> None:
    """
    Name areas, the largest first; a name that would cover another is left out.

    Parameters
    ----------
    axes
        Where.
    frame
        Areas with ``name``.
    size
        Of the letters [points].
    """
    low, high = axes.get_xlim()
    metres = (high - low) / (axes.get_window_extent().width * 72 / axes.figure.dpi)
    view = shapely.box(low, axes.get_ylim()[0], high, axes.get_ylim()[1])
    taken: list[shapely.Geometry] = []
    order = np.argsort(-shapely.area(frame.geometry.to_numpy()), kind="stable")
    for row in order:
        name = frame["name"].iloc[row]
        seen = shapely.intersection(frame.geometry.iloc[row], view)
        if not isinstance(name, str) or seen.is_empty:
            continue
        x, y = shapely.get_coordinates(shapely.point_on_surface(seen))[0]
        text = cut(short_name(name), 12)
        half = 0.5 * size * metres * sum(1.0 if ord(one) > 0x2E80 else 0.6 for one in text)
        box = shapely.box(x - half, y - 0.6 * size * metres, x + half, y + 0.6 * size * metres)
        if any(box.intersects(other) for other in taken) or not view.contains(box):
            continue
        taken.append(box)
        label = axes.text(
            x, y, text.replace("$", r"\$"), fontsize=size, ha="center", va="center",
            color="#222222", zorder=8,
        )  # fmt: skip
        label.set_path_effects(list(_HALO))


def put_legend(axes: Axes, entries: Sequence[object], *, size: float = 6.5) -> None:
    """
    Put a legend into the lower left of a map.

    Parameters
    ----------
    axes
        The map.
    entries
        What it explains.
    size
        Of the letters [points].
    """
    if entries:
        axes.legend(
            handles=list(entries),
            loc="lower left",
            fontsize=size,
            framealpha=0.92,
            edgecolor="#8b9098",
            fancybox=False,
            borderpad=0.7,
        ).set_zorder(9)


def _mark(marker: str, colour: str, text: str) -> Line2D:
    return Line2D([], [], marker=marker, linestyle="", color=colour, markersize=4.5, label=text)


def _north_and_bar(axes: Axes, low: np.ndarray, high: np.ndarray, scale: int) -> None:
    wide, tall = high - low
    axes.annotate(
        "N",
        xy=(0.975, 0.985),
        xytext=(0.975, 0.985 - 9 * scale / 1000 / tall),
        xycoords="axes fraction",
        ha="center",
        va="top",
        fontsize=8,
        arrowprops={"arrowstyle": "-|>", "color": "#333333", "linewidth": 0.9},
        zorder=9,
    )
    most = 0.25 * wide
    length = max(
        (one for one in (50, 100, 200, 500, 1000, 2000, 5000, 10_000) if one <= most), default=50
    )
    x, y = high[0] - 0.03 * wide - length, low[1] + 4 * scale / 1000
    bar = axes.plot([x, x + length], [y, y], color="#333333", linewidth=2, zorder=9)
    bar[0].set_path_effects(list(_HALO))
    text = f"{length / 1000:g} km" if length >= 1000 else f"{length} m"
    above = (x + length / 2, y + 1.2 * scale / 1000)
    label = axes.text(*above, text, fontsize=6.5, ha="center", va="bottom", zorder=9)
    label.set_path_effects(list(_HALO))
