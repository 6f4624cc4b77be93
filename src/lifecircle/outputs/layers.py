"""
Results become one GeoPackage (``results.gpkg``) that QGIS opens with its styles on.

Attributes are the rounded figures of the CSV files; every layer is there with its columns even
when it has no rows, in the study's reference system.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from lifecircle.errors import Problem, SourceError
from lifecircle.outputs import qml, style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import DECIMALS, in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.release import released

_WRITTEN = "2000-01-01T00:00:00.000Z"
_NUMBERS = frozenset(
    {
        *DECIMALS,
        *("year", "priority", "minutes", "limit_m", "gaps", "floor_m2", "site_m2", "beds"),
        "places",
        *("pin_leg_m", "length_m", "wrongly_in", "wrongly_out", "inscribed_m", "compactness"),
        "frontage_m",
    }
)
_STYLES_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT,
    styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT, ui TEXT, update_time DATETIME
)
"""


def write_geopackage(content: Content, path: Path) -> Path:
    """
    Write the layers of a run.

    Parameters
    ----------
    content
        What the run has to show; the public edition is made here where it is asked for.
    path
        The ``.gpkg`` file; one that is there already is replaced.

    Returns
    -------
    path
        The file written, layers in the content's `crs`:

        ``communities`` (areas) with people, and for every circle ``index_<minutes>``,
        ``grade_<minutes>``, ``gaps_<minutes>``, for every requirement ``<requirement>_share``;
        ``homes`` (points) with their walks; ``facilities`` (points; an outline's inner point);
        ``streets`` (lines); ``isochrones`` (areas); ``facility_areas`` (areas of each facility,
        simplified, where they are drawn); ``gaps`` (the area of the gap's community,
        one row per gap); ``parcels`` (areas) and, where there are any without an outline,
        ``parcel_points``; ``sites`` (points); ``handover`` (their points, a row per type) and
        ``units`` (areas, both tiers in one layer) where there are any. Each has a QGIS style in
        ``layer_styles``.

        A public edition has neither ``homes`` nor ``parcels``; its sites have no geometry.

    Raises
    ------
    SourceError
        If the file is there and cannot be replaced, or cannot be written.

    Notes
    -----
    The same content gives the same bytes with the same versions of GDAL and SQLite: dates of
    writing are set to 2000-01-01.
    """
    edition = released(content)
    layers = _layers(edition)
    try:
        path.unlink(missing_ok=True)
        for name, frame in layers.items():
            pyogrio.write_dataframe(
                frame,
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                geometry_type=_geometry_type(name),
                promote_to_multi=name not in _POINTS,
            )
        finish_geopackage(path, _styles(edition, layers))
    except (OSError, sqlite3.Error, DataSourceError, DataLayerError) as error:
        raise SourceError(
            Problem(
                what="the layers cannot be written",
                where=path.name,
                remedy="close it in QGIS, or check that the folder is there",
            )
        ) from error
    return path


_POINTS = ("homes", "facilities", "parcel_points", "sites", "handover")


def _geometry_type(layer: str) -> str:
    if layer in _POINTS:
        return "Point"
    return "MultiLineString" if layer == "streets" else "MultiPolygon"


def _layers(content: Content) -> dict[str, gpd.GeoDataFrame]:
    public = content.release == "public"
    facilities = _plain(content.facilities, "facility_id")
    facilities.geometry = facilities.geometry.representative_point()
    layers = {"communities": _communities(content)}
    if not public:
        layers["homes"] = _homes(content)
    layers |= {"facilities": facilities, "streets": _plain(content.streets, "edge_id")}
    layers["isochrones"] = _plain(content.isochrones, "requirement", "minutes", "facility_id")
    if len(content.facility_areas):
        areas = content.facility_areas
        drawn = areas.set_geometry(areas.simplify(style.AREA_TOLERANCE_M))
        layers["facility_areas"] = _plain(drawn, "facility_id", "minutes", "limit_m")
    layers["gaps"] = _gaps(content)
    if not public:
        parcels = _plain(content.parcels, "parcel_id")
        usable = parcels["status"].fillna("candidate") == "candidate"
        parcels.insert(0, "drawn_as", parcels["kind"].where(usable, parcels["status"]))
        point = np.asarray(parcels.geometry.geom_type == "Point", dtype=bool)
        layers["parcels"] = parcels[~point]
        if point.any():
            layers["parcel_points"] = parcels[point]
    layers["sites"] = _sites(content)
    if len(content.handover):
        layers["handover"] = _handover(content, layers["sites"])
    if content.estates is not None:
        layers["estates"] = _plain(content.estates, "estate_id")
    if len(content.units):
        units = _plain(content.units, "origin", "tier", "unit_id")
        tier = units["tier"].map("{:g}".format)
        units.insert(0, "drawn_as", tier.where(units["origin"] == "proposed", units["origin"]))
        layers["units"] = units
    return layers


def _homes(content: Content) -> gpd.GeoDataFrame:
    table = _plain(content.homes, "home_id")
    ordered = content.homes.sort_values("home_id", kind="stable")
    for name in ordered.columns:
        if str(name).startswith("people"):  # unrounded: summed homes must give the total
            table[name] = pd.to_numeric(ordered[name]).to_numpy(dtype=float, na_value=np.nan)
    return table


def _plain(frame: gpd.GeoDataFrame, *order: str) -> gpd.GeoDataFrame:
    # One type per column, so that an empty layer has the columns of a full one.
    ordered = frame.sort_values(list(order), kind="stable").reset_index(drop=True)
    columns = {
        str(name): _column(ordered[name], str(name))
        for name in ordered.columns
        if name != ordered.geometry.name
    }
    return gpd.GeoDataFrame(columns, geometry=ordered.geometry.array, crs=frame.crs)


def _column(values: pd.Series, name: str) -> pd.Series:
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("boolean")
    if pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("int64") if not values.isna().any() else values.astype("float64")
    number = name in _NUMBERS or name.startswith("people") or name.endswith(("_s", "_m", "_share"))
    if number or pd.api.types.is_float_dtype(values.dtype):
        numbers = pd.to_numeric(values, errors="coerce").astype("float64")
        known = numbers.notna() | values.isna()
        if known.all():  # text in a column of figures stays text: nothing is dropped
            return numbers.round(DECIMALS.get(name, 4))
    texts = [None if value is None or value != value else str(value) for value in values]  # noqa: PLR0124
    return pd.Series(texts, dtype=object, index=values.index)


def _communities(content: Content) -> gpd.GeoDataFrame:
    table = _plain(content.communities, "community_id")
    index = in_order(content.index, "index")
    index = index[index["level"] == "community"]
    for circle in _circles(content):
        of_circle = index[index["minutes"] == circle].set_index("area_id")
        for name in ("index", "grade", "gaps"):
            joined = table["community_id"].map(of_circle[name].to_dict())
            table[f"{name}_{circle:g}"] = (
                joined.astype("float64") if name != "grade" else _column(joined, name)
            )
    scores = in_order(content.scores, "scores")
    scores = scores[scores["level"] == "community"]
    for requirement in content.standard.requirements:
        shares = scores[scores["requirement"] == requirement.id].set_index("area_id")["share"]
        joined = table["community_id"].map(shares.to_dict())
        table[f"{requirement.id}_share"] = joined.astype("float64")
    if content.release == "public":
        names = Names.of(content)
        table["boundary"] = names.say("边界为示意", "boundary is a sketch")
    return table


def _circles(content: Content) -> list[float]:
    return sorted({float(value) for value in content.index["minutes"].dropna()})


def _gaps(content: Content) -> gpd.GeoDataFrame:
    gaps = in_order(content.gaps, "gaps")
    known = content.communities.set_index("community_id").geometry
    shapes = [known.get(key) for key in gaps["community_id"]]
    table = pd.DataFrame({name: _column(gaps[name], name) for name in gaps.columns})
    geometry = gpd.GeoSeries(shapes, crs=content.crs, index=table.index)
    return gpd.GeoDataFrame(table, geometry=geometry, crs=content.crs)


def _sites(content: Content) -> gpd.GeoDataFrame:
    # A sentence is longer than a field of a shapefile holds; sites.csv has it.
    sites = in_order(content.sites, "sites").drop(columns="sentence")
    table = pd.DataFrame({name: _column(sites[name], name) for name in sites.columns})
    xy = table[["x", "y"]].to_numpy(dtype=float)
    shapes = [shapely.Point(at) if np.isfinite(at).all() else None for at in xy]
    geometry = gpd.GeoSeries(shapes, crs=content.crs, index=table.index)
    return gpd.GeoDataFrame(table, geometry=geometry, crs=content.crs)


def _handover(content: Content, sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = in_order(content.handover, "handover")
    columns = {name: _column(table[name], name) for name in table.columns}
    known = sites.drop_duplicates("site_id").set_index("site_id").geometry
    shapes = [known.get(key) for key in table["site_id"]]
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=content.crs))


def _styles(content: Content, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, str]:
    names = Names.of(content)
    base = style.BASE_COLOURS
    circles = _circles(content)
    grades = [
        qml.Symbol(
            value="" if code == "none" else code,
            label=names.label("grade", code),
            colour=colour,
            opacity=0.75,
        )
        for code, colour in style.GRADE_COLOURS.items()
    ]
    services = [
        qml.Symbol(
            value=service,
            label=names.listed(names.services, service),
            colour=style.service_colour(service, content.standard.services),
            size_mm=2.4,
        )
        for service in content.standard.services
    ]
    kinds = [
        qml.Symbol(
            value=kind, label=names.label("site_kind", kind), colour=colour, outline="#333333"
        )
        for kind, colour in style.SITE_KIND_COLOURS.items()
    ] + [
        qml.Symbol(
            value=status,
            label=names.label("parcel_status", status),
            colour="#9a9a9a",
            outline="#b3262e",
            opacity=0.35,
        )
        for status in ("doubtful", "refused")
    ]
    reasons = [
        qml.Symbol(value=code, label=names.label("reason", code), colour=colour, opacity=0.55)
        for code, colour in style.REASON_COLOURS.items()
        if code != "uncovered"
    ]

    def single(label: str, colour: str, size_mm: float, opacity: float = 1.0) -> list[qml.Symbol]:
        return [
            qml.Symbol(
                value="",
                label=label,
                colour=colour,
                outline=colour,
                size_mm=size_mm,
                opacity=opacity,
            )
        ]

    grade = f"grade_{circles[-1]:g}" if circles else ""
    say = names.say

    def outline(level: str, size_mm: float) -> list[qml.Symbol]:
        return [
            qml.Symbol(
                value="",
                label=names.label("level", level),
                colour="#ffffff",
                outline="#333333",
                size_mm=size_mm,
                opacity=0.25,
            )
        ]

    drawn: dict[str, Callable[[], str]] = {
        "communities": lambda: qml.qml(
            "fill", grades if grade else grades[-1:], column=grade, caption="name"
        ),
        "homes": lambda: qml.qml(
            "marker", single(say("住户点", "homes"), base["covered_home"], 0.8)
        ),
        "facilities": lambda: qml.qml("marker", services, column="service"),
        "streets": lambda: qml.qml("line", single(say("道路", "streets"), "#9a958a", 0.26)),
        "isochrones": lambda: qml.qml(
            "fill", single(say("等时圈", "isochrones"), base["isochrone"], 0.3, 0.15)
        ),
        "gaps": lambda: qml.qml("fill", reasons, column="reason"),
        "parcels": lambda: qml.qml("fill", kinds, column="drawn_as"),
        "parcel_points": lambda: qml.qml(
            "marker", [replace(symbol, size_mm=2.6) for symbol in kinds], column="drawn_as"
        ),
        "sites": lambda: qml.qml(
            "marker",
            single(say("规划选址", "proposed sites"), base["site"], 4.0),
            caption="site_id",
        ),
    }
    drawn["facility_areas"] = drawn["isochrones"]
    drawn["handover"] = drawn["sites"]
    drawn["units"] = lambda: qml.qml(
        "fill", _unit_symbols(names), column="drawn_as", caption="name"
    )
    drawn["estates"] = lambda: qml.qml("fill", outline("estate", 0.3), caption="name")
    return {name: drawn[name]() for name in layers}


def _unit_symbols(names: Names) -> list[qml.Symbol]:
    """Draw the longer circle with the thicker line: one lies over the other."""
    unit = names.label("level", "unit")
    return [
        qml.Symbol(
            value=value,
            label=f"{unit} {told}",
            colour="#ffffff",
            outline=colour,
            size_mm=size_mm,
            opacity=0.6,
        )
        for value, told, colour, size_mm in (
            ("15", names.say("15 分钟", "15 min"), "#5b2a86", 1.2),
            ("5", names.say("5 分钟", "5 min"), "#1f5fa8", 0.6),
            ("given", names.label("unit_origin", "given"), "#333333", 0.8),
            ("plan", names.label("unit_origin", "plan"), "#777777", 0.8),
        )
    ]


def finish_geopackage(path: Path, styles: Mapping[str, str]) -> None:
    """
    Give the layers of a GeoPackage their styles, and the file no date.

    Parameters
    ----------
    path
        The file, with its layers.
    styles
        Layer to QML.
    """
    with closing(sqlite3.connect(path)) as base:
        base.execute(_STYLES_TABLE)
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
            " update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', ?)",
            [(name, name, text, _WRITTEN) for name, text in styles.items()],
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
            " last_change) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (_WRITTEN,),
        )
        base.execute("UPDATE gpkg_contents SET last_change = ?", (_WRITTEN,))
        base.commit()
        base.execute("VACUUM")
