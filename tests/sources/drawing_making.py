"""Small DXF drawings for tests, written group by group."""

from __future__ import annotations

from pathlib import Path

CRS = "EPSG:4549"
X, Y = 500_000.0, 3_370_000.0


def ring(x, y, wide=20.0, deep=10.0, *, layer="JMD", closed=True, gap=0.0):
    """An outline; with a gap its last corner stops short of the first."""
    corners = [(x, y), (x + wide, y), (x + wide, y + deep), (x, y + deep)]
    if gap or not closed:
        corners.append((x, y + gap))
    return polyline(corners, layer=layer, closed=closed and not gap)


def polyline(corners, *, layer, closed=False):
    groups = [(0, "LWPOLYLINE"), (8, layer), (90, len(corners)), (70, int(closed))]
    for x, y in corners:
        groups += [(10, X + x), (20, Y + y)]
    return groups


def old_polyline(corners, *, layer, closed=True):
    """A polyline as releases before R14 write it, corner by corner."""
    groups = [(0, "POLYLINE"), (8, layer), (66, 1), (70, int(closed)), (10, 0), (20, 0), (30, 0)]
    for x, y in corners:
        groups += [(0, "VERTEX"), (8, layer), (10, X + x), (20, Y + y), (30, 0)]
    return [*groups, (0, "SEQEND"), (8, layer)]


def text(x, y, words, *, layer="JMD", kind="TEXT"):
    return [(0, kind), (8, layer), (10, X + x), (20, Y + y), (30, 0), (40, 1.5), (1, words)]


def post(x, y, *, layer="门墩"):
    return [(0, "CIRCLE"), (8, layer), (10, X + x), (20, Y + y), (30, 0), (40, 0.4)]


def insert(x, y, name, *, layer):
    return [(0, "INSERT"), (8, layer), (2, name), (10, X + x), (20, Y + y), (30, 0)]


def drawing(
    folder: Path,
    *entities,
    encoding: str = "gbk",
    page: str = "ANSI_936",
    release: str = "AC1015",
    blocks=(),
    name: str = "图.dxf",
) -> Path:
    """Write a drawing; `blocks` are pairs of a name and the entities of a symbol."""
    groups = [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, release)]
    groups += [(9, "$DWGCODEPAGE"), (3, page), (0, "ENDSEC"), (0, "SECTION"), (2, "BLOCKS")]
    for title, parts in blocks:
        groups += [(0, "BLOCK"), (8, "0"), (2, title), (70, 0), (10, 0), (20, 0), (30, 0)]
        groups += [group for part in parts for group in part]
        groups += [(0, "ENDBLK"), (8, "0")]
    groups += [(0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
    groups += [group for entity in entities for group in entity]
    groups += [(0, "ENDSEC"), (0, "EOF")]
    path = folder / name
    lines = [line for code, value in groups for line in (f"{code:3d}", str(value))]
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path
