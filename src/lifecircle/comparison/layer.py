"""A comparison -> one row per community, with its outline and which way it went."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from lifecircle.comparison.comparing import Comparison
from lifecircle.comparison.words import label, say
from lifecircle.errors import Problem, SourceError
from lifecircle.outputs import qml
from lifecircle.outputs.layers import finish_geopackage

COLOURS = {
    "better": "#0072b2",
    "worse": "#d55e00",
    "mixed": "#cc79a7",
    "same": "#e8e6df",
    "unknown": "#9a9a9a",
}
"""Direction to colour: blue and vermilion stay apart without colour vision (Okabe and Ito)."""
_TOLD = 12


def community_layer(comparison: Comparison) -> gpd.GeoDataFrame:
    """
    Sum a comparison up by community.

    Parameters
    ----------
    comparison
        The comparison.

    Returns
    -------
    communities
        ``community_id, name, direction, relation, better, worse, unknown`` (verdicts that
        changed so), ``share_up, share_down`` (requirements whose share did), ``why`` (the
        commonest cause), ``grade_a, grade_b`` of the largest circle, ``evidence`` and outlines,
        in B's system. The direction goes by verdicts, and by shares where none changed.
    """
    a, b = comparison.runs
    table = comparison.changes[comparison.changes["level"] == "community"]
    grades = comparison.grades[comparison.grades["level"] == "community"]
    if len(grades):
        grades = grades[grades["minutes"] == grades["minutes"].max()]
    grade = grades.drop_duplicates("area_id").set_index("area_id")
    old = a.communities.to_crs(b.crs).set_index("community_id").geometry
    shapes = b.communities.set_index("community_id").geometry
    of_area = dict(tuple(table.groupby("area_id")))
    rows, outlines = [], []
    for level in comparison.areas:
        if level.level != "community":
            continue
        seen: set[str] = set()
        for pair in sorted(level.pairs, key=lambda one: (one.new < 0, one.new, one.old)):
            run, place = (1, pair.new) if pair.new >= 0 else (0, pair.old)
            area, name = level.ids[run][place], level.names[run][place]
            if area in seen:
                continue
            seen.add(area)
            part = of_area.get(area, table.iloc[:0])
            known = grade.loc[area] if area in grade.index else None
            rows.append(
                {
                    "community_id": area,
                    "name": name,
                    **_counted(part),
                    "relation": pair.relation,
                    "why": _commonest(part["why"]),
                    "grade_a": None if known is None else known["grade_a"],
                    "grade_b": None if known is None else known["grade_b"],
                    "evidence": _told(part, comparison),
                }
            )
            outlines.append(shapes.get(area) if pair.new >= 0 else old.get(area))
    columns = ["community_id", "name", "direction", "better", "worse", "unknown", "share_up"]
    columns += ["share_down", "relation", "why", "grade_a", "grade_b", "evidence"]
    frame = pd.DataFrame(rows, columns=columns)
    layer = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(outlines, crs=b.crs), crs=b.crs)
    return layer.sort_values("community_id", kind="stable").reset_index(drop=True)


def _counted(part: pd.DataFrame) -> dict[str, object]:
    ruled = part["why"] == "rule"
    turned = (part["verdict_a"].fillna("") != part["verdict_b"].fillna("")) & ~ruled
    said = part.loc[turned, "direction"].value_counts()
    change = pd.to_numeric(part["change"])
    up, down = int((change > 0).sum()), int((change < 0).sum())
    better, worse = int(said.get("better", 0)), int(said.get("worse", 0))
    unknown = int(said.get("unknown", 0))
    plus, minus = (better, worse) if better or worse else (up, down)
    if plus and minus:
        direction = "mixed"
    elif plus or minus:
        direction = "better" if plus else "worse"
    else:
        direction = "unknown" if unknown or bool(ruled.any()) else "same"
    return {
        "direction": direction,
        "better": better,
        "worse": worse,
        "unknown": unknown,
        "share_up": up,
        "share_down": down,
    }


def _commonest(codes: pd.Series) -> str | None:
    counts = codes.dropna().value_counts()
    best = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return str(best[0][0]) if best else None


def _told(part: pd.DataFrame, comparison: Comparison) -> str | None:
    language = comparison.language
    names = {
        one.id: getattr(one, f"label_{language}")
        for run in comparison.runs
        for one in run.standard.requirements
    }
    strength = part.assign(size=pd.to_numeric(part["change"]).abs().fillna(0.0))
    ordered = strength.sort_values(["size", "requirement"], ascending=[False, True])
    lines = [
        f"{names.get(row.requirement, row.requirement)}: {_figures(row.share_a, row.share_b)}"
        + (f" ({label('why', row.why, language)}) " if isinstance(row.why, str) else " ")
        + (row.evidence if isinstance(row.evidence, str) else "")
        for row in ordered.head(_TOLD).itertuples()
    ]
    if len(ordered) > _TOLD:
        lines.append(say("more", language).format(count=len(ordered) - _TOLD))
    return "\n".join(line.strip() for line in lines) or None


def _figures(before: float, after: float) -> str:
    shown = ["–" if np.isnan(one) else f"{one:.1%}" for one in (before, after)]
    return " → ".join(shown)


def write_layer(comparison: Comparison, path: Path) -> Path:
    """
    Write the communities of a comparison with their QGIS style.

    Parameters
    ----------
    comparison
        The comparison.
    path
        The ``.gpkg`` file; one that is there already is replaced.

    Returns
    -------
    path
        The file written, layer ``changes``.

    Raises
    ------
    SourceError
        If it cannot be written.
    """
    layer = community_layer(comparison)
    symbols = [
        qml.Symbol(
            value=code,
            label=label("direction", code, comparison.language),
            colour=colour,
            outline="#333333",
            opacity=0.8,
        )
        for code, colour in COLOURS.items()
    ]
    try:
        path.unlink(missing_ok=True)
        pyogrio.write_dataframe(
            layer,
            path,
            layer="changes",
            driver="GPKG",
            geometry_type="MultiPolygon",
            promote_to_multi=True,
        )
        style = qml.qml("fill", symbols, column="direction", caption="name")
        finish_geopackage(path, {"changes": style})
    except (OSError, sqlite3.Error, DataSourceError, DataLayerError) as error:
        raise SourceError(
            Problem(
                what="the layer cannot be written",
                where=path.name,
                remedy="close it in QGIS, or check that the folder is there",
            )
        ) from error
    return path
