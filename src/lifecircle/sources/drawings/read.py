"""
A topographic map as a DXF drawing -> buildings with storeys, walls and gates.

A drawing has layers and texts instead of columns; what of them is not understood is told.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.errors import DoubtfulRowsWarning, InputError, LifecircleWarning, Problem
from lifecircle.provenance import Source
from lifecircle.sources.drawings.shapes import CLOSE_M, LEAST_M2, gates_of, outlines_of
from lifecircle.sources.drawings.words import LAYERS, USED, Label, kind_of_layer, read_label
from lifecircle.sources.vectors.foreign import refuse_foreign
from lifecircle.sources.vectors.layers import ALL_LAYERS, read_vector
from lifecircle.tables import BARRIERS, BUILDINGS, GATES, check, empty

BESIDE_M = 2.0
"""A label this near an outline without one is its own: it did not fit inside [m] (P)."""

_BARRIERS = {"walls": "wall", "fences": "fence", "hedges": "hedge"}
_WICKETS = ("小门", "侧门", "边门", "便门", "人行")


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """
    What a topographic map says.

    Parameters
    ----------
    buildings
        The columns of `tables.BUILDINGS` and ``structure``, the word for it as written. `use` is
        missing but for sheds, huts, ruins and buildings under construction.
    walls
        `tables.BARRIERS`: walls, fences and hedges.
    gates
        `tables.GATES`; `kind` is ``wicket`` beside the words 小门 or 侧门, else ``gate``.
    source
        Origin and counts of the entities on the layers that are read.
    others
        Layer to number of entities that are not read.
    """

    buildings: gpd.GeoDataFrame
    walls: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    source: Source
    others: Mapping[str, int]


def read_drawing(
    path: Path,
    *,
    crs: str | None = None,
    layers: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Drawing:
    r"""
    Read a topographic map.

    Parameters
    ----------
    path
        DXF file.
    crs
        Its reference system, in metres: a drawing never says it.
    layers
        Layer of ``buildings, labels, walls, fences, hedges, gates`` where its name is not
        recognised; several are divided by commas.
    encoding
        Of its texts; found out where it is not given.

    Returns
    -------
    drawing
        Buildings, walls and gates in the drawing's system, in the order of their place. Storeys
        come from the labels inside the outlines (混6, 砖, 砼18-2).

    Raises
    ------
    InputError
        If a kind of layer is unknown, a named layer is not there, or there is neither a building,
        nor a wall, nor a gate; else as `read_vector`.
    CrsError
        If `crs` is not given or does not fit.

    Warns
    -----
    DoubtfulRowsWarning
        If outlines are not closed, too small or drawn twice, or labels stand in none of them.
    LifecircleWarning
        Which layers are not read.

    Notes
    -----
    Labels are read as maps after GB/T 20257.1 write them: structure and storeys, one storey where
    no number stands. An outline whose ends lie within 0.05 m of each other is closed, lines that
    meet end to end are pieced together. A label belongs to the smallest outline around it, else to
    one without a label within 2 m. A gate stands between two posts.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from lifecircle.sources.drawings.read import read_drawing
    >>> ring = "0 LWPOLYLINE 8 JMD 90 4 70 1 10 500000 20 3370000 10 500020 20 3370000 "
    >>> ring += "10 500020 20 3370010 10 500000 20 3370010 "
    >>> label = "0 TEXT 8 JMD 10 500005 20 3370005 30 0 40 1.5 1 混6 "
    >>> words = f"0 SECTION 2 ENTITIES {ring}{label}0 ENDSEC 0 EOF".split()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "map.dxf"
    ...     _ = file.write_text("\n".join(words) + "\n", encoding="gbk")
    ...     drawing = read_drawing(file, crs="EPSG:4549")
    >>> drawing.buildings[["levels", "structure"]].values.tolist()
    [[6.0, '混']]
    """
    where = path.name
    refuse_foreign(path, where=where)
    if path.suffix.lower() not in (".dxf", ".zip"):
        raise InputError(Problem(what="is no drawing", where=where, remedy="name a .dxf file"))
    table, source = read_vector(path, layer=ALL_LAYERS, crs=crs, encoding=encoding)
    if not {"Layer", "Text"} <= set(table.columns):
        raise InputError(Problem(what="is no drawing", where=where, remedy="name a .dxf file"))
    names = table["Layer"].fillna("").astype(str).to_numpy(dtype=object)
    kinds = _kinds(names, layers, where)
    if "PaperSpace" in table.columns:  # frames and legends of the printed sheet
        kinds[table["PaperSpace"].eq(1).to_numpy(dtype=bool)] = "sheet"
    parts = _Parts(
        shape=np.asarray(table.geometry.array, dtype=object),
        kind=kinds,
        text=np.array([str(one) if isinstance(one, str) else None for one in table["Text"]]),
        where=where,
        stem=path.stem,
        crs=table.crs,
    )
    others = _others(names, kinds, where)
    buildings, building_rows = _buildings(parts)
    walls, wall_rows = _walls(parts)
    gates, gate_rows = _gates(parts)
    if not (len(buildings) or len(walls) or len(gates)):
        raise InputError(
            Problem(
                what="holds no building, wall or gate; layers: "
                + ", ".join(sorted(set(names))[:20]),
                where=where,
                remedy='say which is which: layers = {buildings = "…", walls = "…", gates = "…"}',
            )
        )
    read, used = int(np.isin(kinds, USED).sum()), building_rows + wall_rows + gate_rows
    lost = source.rows_in - source.rows_used
    return Drawing(
        buildings=buildings,
        walls=walls,
        gates=gates,
        source=Source(
            name=source.name,
            sha256=source.sha256,
            rows_in=read + lost,
            rows_used=used,
            rows_doubtful=read - used + source.rows_doubtful,
            rows_refused=source.rows_refused,
        ),
        others=others,
    )


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """The entities of a drawing: shape, kind and text of each, shape (n,)."""

    shape: NDArray[np.object_]
    kind: NDArray[np.object_]
    text: NDArray[np.object_]
    where: str
    stem: str
    crs: object

    @property
    def written(self) -> NDArray[np.bool_]:
        return np.array([text is not None for text in self.text], dtype=bool)

    def rows(self, *kinds: str) -> NDArray[np.bool_]:
        return np.isin(self.kind, kinds)

    def warn(self, bad: NDArray[np.object_], what: str, most: int = 3) -> None:
        """Tell how many shapes are meant, and where the first of them stand."""
        if not len(bad):
            return
        west, south, *_ = shapely.bounds(bad[:most]).T
        places = "; ".join(f"{x:.1f}, {y:.1f}" for x, y in zip(west, south, strict=True))
        more = "; …" if len(bad) > most else ""
        warnings.warn(
            f"{self.where}: {len(bad):,} {what} (at {places}{more})",
            DoubtfulRowsWarning,
            stacklevel=5,
        )


def _kinds(
    names: NDArray[np.object_], layers: Mapping[str, str] | None, where: str
) -> NDArray[np.object_]:
    there = sorted(set(names))
    known = {name: kind_of_layer(name, layers) for name in there}
    problems = [
        Problem(what=f"'{kind}' is no kind of layer", where=where, remedy=", ".join(USED))
        for kind in layers or {}
        if kind not in LAYERS
    ]
    problems += [
        Problem(
            what=f"has no layer '{said}'",
            where=where,
            remedy=f"layers: {', '.join(there[:20])}",
        )
        for kind, said in (layers or {}).items()
        if not any(found == kind for found in known.values())
    ]
    if problems:
        raise InputError(problems)
    return np.array([known[name] or "unknown" for name in names], dtype=object)


def _others(
    names: NDArray[np.object_], kinds: NDArray[np.object_], where: str, most: int = 12
) -> Mapping[str, int]:
    unread = ~np.isin(kinds, USED)
    counts = Counter(names[unread].tolist())
    if counts:
        named = ", ".join(f"{name} ({count:,})" for name, count in counts.most_common(most))
        more = f" and {len(counts) - most} more" if len(counts) > most else ""
        unknown = (
            '; if one holds buildings, walls or gates: layers = {buildings = "…"}'
            if (kinds == "unknown").any()
            else ""
        )
        warnings.warn(
            f"{where}: layers that are not read: {named}{more}{unknown}",
            LifecircleWarning,
            stacklevel=4,
        )
    return dict(sorted(counts.items()))


def _buildings(parts: _Parts) -> tuple[gpd.GeoDataFrame, int]:
    """Read outlines and the labels in them; also how many entities were of use."""
    lines = parts.rows("buildings") & ~parts.written
    drawn = parts.shape[lines]
    found = outlines_of(drawn)
    parts.warn(drawn[found.closed], f"outlines had a gap of at most {CLOSE_M:g} m and are closed")
    parts.warn(drawn[found.pieced], "lines make outlines only together, end to end")
    parts.warn(drawn[found.repaired], "outlines cross themselves and were repaired")
    parts.warn(drawn[found.open], "lines on layers of buildings are not closed, no outlines")
    parts.warn(drawn[found.small], f"outlines are under {LEAST_M2:g} m² and are left out")
    parts.warn(drawn[found.again], "outlines are drawn on top of another one and are left out")
    labels, words, used = _labels(parts, found.shape)
    several = np.array([len({one.levels for one in some}) > 1 for some in labels], dtype=bool)
    silent = np.array([not some for some in labels], dtype=bool)
    parts.warn(
        found.shape[several], "outlines hold labels with different storeys; the highest counts"
    )
    parts.warn(found.shape[silent], "outlines have no label; their storeys are unknown")
    best = [max(some, key=lambda one: one.levels or 0) if some else None for some in labels]
    order = _by_place(found.shape)
    table = gpd.GeoDataFrame(
        {
            "building_id": _ids(parts, "b", len(order)),
            "use": [one.use if one else None for one in (best[at] for at in order)],
            "name": None,
            "levels": [one.levels if one else None for one in (best[at] for at in order)],
            "structure": [one.structure if one else None for one in (best[at] for at in order)],
        },
        geometry=found.shape[order],
        crs=parts.crs,
    )
    if not len(table):
        table = empty(BUILDINGS, parts.crs).assign(structure=None)
    parts.warn(words, "texts on layers of buildings and labels are no storeys")
    of_use = int((~(found.open | found.small | found.again)).sum())
    return check(table, BUILDINGS, where=parts.where), of_use + used


def _labels(
    parts: _Parts, outlines: NDArray[np.object_]
) -> tuple[list[list[Label]], NDArray[np.object_], int]:
    """Give labels to outlines; also which texts are no labels, and how many were given."""
    rows = np.flatnonzero(parts.rows("buildings", "labels") & parts.written)
    read = [read_label(str(parts.text[row])) for row in rows]
    kept = [at for at, one in enumerate(read) if one is not None]
    points = shapely.centroid(parts.shape[rows[kept]])
    of = np.full(len(kept), -1, dtype=np.int64)
    tree = shapely.STRtree(outlines)
    label, outline = tree.query(points, predicate="intersects")
    order = np.argsort(-shapely.area(outlines[outline]), kind="stable")
    of[label[order]] = outline[order]  # the smallest is written last
    lost = np.flatnonzero(of < 0)
    blank = np.setdiff1d(np.arange(len(outlines)), of)
    if len(lost) and len(blank):
        near = shapely.STRtree(outlines[blank])
        label, outline = near.query_nearest(points[lost], max_distance=BESIDE_M)
        of[lost[label]] = blank[outline]
        parts.warn(
            points[lost[np.unique(label)]], "labels stand beside the outline they are given to"
        )
    parts.warn(points[of < 0], "labels stand in no outline")
    given: list[list[Label]] = [[] for _ in outlines]
    for at, to in zip(kept, of.tolist(), strict=True):
        one = read[at]
        if to >= 0 and one is not None:
            given[to].append(one)
    return given, parts.shape[np.delete(rows, kept)], int((of >= 0).sum())


def _walls(parts: _Parts) -> tuple[gpd.GeoDataFrame, int]:
    rows = np.flatnonzero(parts.rows(*_BARRIERS) & ~parts.written)
    shapes = parts.shape[rows]
    areas = shapely.get_dimensions(shapes) == 2
    shapes = np.where(areas, shapely.boundary(shapes), shapes)
    lines = np.isin(shapely.get_type_id(shapes), (1, 5)) & (shapely.length(shapes) > 0)
    parts.warn(shapes[~lines], "entities on layers of walls are no lines and are left out")
    rows, shapes = rows[lines], shapes[lines]
    if not len(rows):
        return empty(BARRIERS, parts.crs), 0
    order = _by_place(shapes)
    table = gpd.GeoDataFrame(
        {
            "barrier_id": _ids(parts, "w", len(order)),
            "kind": [_BARRIERS[str(parts.kind[row])] for row in rows[order]],
        },
        geometry=shapes[order],
        crs=parts.crs,
    )
    return check(table, BARRIERS, where=parts.where), len(rows)


def _gates(parts: _Parts) -> tuple[gpd.GeoDataFrame, int]:
    rows = np.flatnonzero(parts.rows("gates"))
    if not len(rows):
        return empty(GATES, parts.crs), 0
    xy, names, alone = gates_of(parts.shape[rows], parts.text[rows])
    parts.warn(shapely.points(alone), "gate posts have no second one; each is taken for a gate")
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    wicket = [any(word in str(name) for word in _WICKETS) for name in names[order]]
    table = gpd.GeoDataFrame(
        {
            "gate_id": _ids(parts, "g", len(order)),
            "kind": np.where(wicket, "wicket", "gate"),
        },
        geometry=shapely.points(xy[order]),
        crs=parts.crs,
    )
    return check(table, GATES, where=parts.where), len(rows)


def _by_place(shapes: NDArray[np.object_]) -> NDArray[np.intp]:
    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    return np.lexsort((north, east, south, west))


def _ids(parts: _Parts, prefix: str, count: int) -> list[str]:
    width = len(str(count))
    return [f"{parts.stem}/{prefix}{at:0{width}d}" for at in range(1, count + 1)]
