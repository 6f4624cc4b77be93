"""Topographic maps as DXF: what is refused, what is told, and what the labels and lines say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.errors import CrsError, InputError, SourceError
from lifecircle.sources.drawings.read import read_drawing
from lifecircle.sources.drawings.words import kind_of_layer, read_label
from lifecircle.sources.planner_tables import read_buildings
from lifecircle.sources.roads import read_roads
from tests.sources.drawing_making import (
    CRS,
    X,
    Y,
    drawing,
    insert,
    old_polyline,
    polyline,
    post,
    ring,
    text,
)
from tests.sources.planner_files import LANPU, heard, is_balanced

HOUSE = (ring(0, 0), text(5, 5, "混6"))
LANPU_CRS = "+proj=tmerc +lon_0=121.08333333333333 +x_0=500000 +y_0=-3000000 +ellps=GRS80"


def at(*places):
    """How a warning names places, told from the corner of the drawing."""
    return " (at " + "; ".join(f"{X + x:.1f}, {Y + y:.1f}" for x, y in places) + ")"


# -- what is refused ---------------------------------------------------------------------------
def test_a_drawing_never_says_its_system(tmp_path):
    with pytest.raises(CrsError, match=r"图\.dxf: has no coordinate reference system"):
        read_drawing(drawing(tmp_path, *HOUSE))
    with pytest.raises(CrsError, match="its coordinates are metres"):
        read_drawing(drawing(tmp_path, *HOUSE), crs="EPSG:4490")


def test_other_files_and_drawings_of_nothing(tmp_path):
    plan = drawing(tmp_path, ring(0, 0, layer="DLSS"))
    with (
        heard(),
        pytest.raises(InputError, match=r"holds no building, wall or gate; .*DLSS.*layers = "),
    ):
        read_drawing(plan, crs=CRS)
    (tmp_path / "a.geojson").write_text(
        '{"type": "Feature", "properties": {}, '
        '"geometry": {"type": "Point", "coordinates": [1, 1]}}'
    )
    with pytest.raises(InputError, match="is no drawing"):
        read_drawing(tmp_path / "a.geojson")
    (tmp_path / "b.dxf").write_bytes(b"")
    with pytest.raises((SourceError, InputError), match=r"b\.dxf: "):
        read_drawing(tmp_path / "b.dxf", crs=CRS)


def test_named_layers_must_be_there(tmp_path):
    plan = drawing(tmp_path, *HOUSE)
    with pytest.raises(InputError) as caught:
        read_drawing(plan, crs=CRS, layers={"walls": "WALLS", "housing": "JMD"})
    assert [str(one) for one in caught.value.problems] == [
        "图.dxf: 'housing' is no kind of layer — buildings, labels, walls, fences, hedges, gates",
        "图.dxf: has no layer 'WALLS' — layers: JMD",
    ]


# -- labels and layers -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "levels", "structure", "use"),
    [
        ("混6", 6, "混", None),
        ("砼18", 18, "砼", None),
        ("砖", 1, "砖", None),
        (" 混 ６ ", 6, "混", None),
        ("砼18-2", 18, "砼", None),
        ("混6/-1", 6, "混", None),
        ("混6(1)", 6, "混", None),
        ("混6层", 6, "混", None),
        ("混凝土3", 3, "砼", None),
        ("砖木2", 2, "砖木", None),
        (r"{\fSimSun|b0|i0;混5}", 5, "混", None),
        (r"\U+6DF74", 4, "混", None),
        ("简", 1, "简", "hut"),
        ("棚", 1, "棚", "shed"),
        ("破2", 2, "破", "ruins"),
        ("建", None, "建", "construction"),
        ("在建", None, "建", "construction"),
    ],
)
def test_labels(words, levels, structure, use):
    label = read_label(words)
    assert label is not None
    assert (label.levels, label.structure, label.use) == (levels, structure, use)


@pytest.mark.parametrize(
    "words", ["6", "12.5", "红旗小学", "混0", "混999", "混3-18", "砖厂", "", "混6.5", "-1", "砼-1"]
)
def test_texts_that_are_no_labels(words):
    assert read_label(words) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("JMD", "buildings"),
        ("jzw", "buildings"),
        ("居民地", "buildings"),
        ("现状房屋", "buildings"),
        ("RESA", "buildings"),
        ("房屋注记", "labels"),
        ("ZJ", "labels"),
        ("围墙", "walls"),
        ("YZH", "walls"),
        ("铁栅栏", "fences"),
        ("活树篱笆", "hedges"),
        ("门墩", "gates"),
        ("小区大门", "gates"),
        ("DLSS", "roads"),
        ("SXSS", "water"),
        ("GCD", "ground"),
        ("图层1", None),
        ("门廊", None),
        ("建筑控制线", None),
    ],
)
def test_layers(name, kind):
    assert kind_of_layer(name) == kind


# -- buildings ---------------------------------------------------------------------------------
def test_outlines_take_the_labels_inside(tmp_path):
    plan = drawing(
        tmp_path,
        ring(100, 0),
        text(105, 5, "砖"),
        *HOUSE,
        old_polyline([(200, 0), (220, 0), (220, 10), (200, 10)], layer="房屋"),
        text(205, 5, "棚"),
        text(5, 7, "12号"),
    )
    with heard() as said:
        found = read_drawing(plan, crs=CRS)
    assert said == [
        "DoubtfulRowsWarning: 图.dxf: 1 texts on layers of buildings and labels are no storeys"
        + at((5, 7))
    ]
    table = found.buildings
    assert table["building_id"].tolist() == ["图/b1", "图/b2", "图/b3"]
    assert table["levels"].tolist() == [6.0, 1.0, 1.0]
    assert table["structure"].tolist() == ["混", "砖", "棚"]
    assert table["use"].fillna("").tolist() == ["", "", "shed"]
    assert table.area.tolist() == pytest.approx([200.0] * 3)
    assert table.crs.to_epsg() == 4549
    assert (found.source.rows_in, found.source.rows_used, found.source.rows_doubtful) == (7, 6, 1)
    assert len(found.walls) == len(found.gates) == 0


def test_a_label_belongs_to_the_smallest_outline_around_it(tmp_path):
    plan = drawing(
        tmp_path, ring(0, 0, 40, 40), text(2, 2, "砖2"), ring(10, 10, 8, 8), text(12, 12, "砖5")
    )
    assert read_drawing(plan, crs=CRS).buildings["levels"].tolist() == [2.0, 5.0]


def test_outlines_and_labels_in_doubt_are_told(tmp_path):
    plan = drawing(
        tmp_path,
        *HOUSE,
        text(8, 5, "混7"),  # a second label
        ring(0, 0),  # drawn twice
        ring(100, 0, gap=0.04),  # closed; its label stands beside it
        text(120.5, 5, "砖3"),
        ring(200, 0, gap=0.5),  # open
        ring(300, 0, 0.5, 0.5),  # a symbol
        ring(400, 0),  # no label
        text(900, 0, "混2"),  # in no outline
        polyline([(500, 0), (520, 10), (520, 0), (500, 10)], layer="JMD", closed=True),
        text(502, 5, "砖4"),
    )
    with heard() as said:
        found = read_drawing(plan, crs=CRS)
    assert [one.removeprefix("DoubtfulRowsWarning: 图.dxf: ") for one in said] == [
        "1 outlines had a gap of at most 0.05 m and are closed" + at((100, 0)),
        "1 outlines cross themselves and were repaired" + at((500, 0)),
        "1 lines on layers of buildings are not closed, no outlines" + at((200, 0)),
        "1 outlines are under 1 m² and are left out" + at((300, 0)),
        "1 outlines are drawn on top of another one and are left out" + at((0, 0)),
        "1 labels stand beside the outline they are given to" + at((120.5, 5)),
        "1 labels stand in no outline" + at((900, 0)),
        "1 outlines hold labels with different storeys; the highest counts" + at((0, 0)),
        "1 outlines have no label; their storeys are unknown" + at((400, 0)),
    ]
    levels = found.buildings["levels"].tolist()
    assert levels[:2] == [7.0, 3.0]
    assert np.isnan(levels[2])
    assert levels[3] == 4.0
    assert found.buildings.is_valid.all()
    assert is_balanced(found.source)
    assert (found.source.rows_in, found.source.rows_doubtful) == (12, 4)


def test_lines_that_meet_end_to_end_make_an_outline(tmp_path):
    corners = [(0, 0), (20, 0), (20, 10), (0, 10), (0, 0)]
    sides = [polyline([one, two], layer="JMD") for one, two in pairwise(corners)]
    plan = drawing(tmp_path, *sides, text(5, 5, "砖3"), polyline([(50, 0), (60, 0)], layer="JMD"))
    with heard() as said:
        found = read_drawing(plan, crs=CRS)
    assert said == [
        "DoubtfulRowsWarning: 图.dxf: 4 lines make outlines only together, end to end"
        + at((0, 0), (20, 0), (0, 10)).replace(")", "; …)"),
        "DoubtfulRowsWarning: 图.dxf: 1 lines on layers of buildings are not closed, no outlines"
        + at((50, 0)),
    ]
    assert found.buildings["levels"].tolist() == [3.0]
    assert found.buildings.area.tolist() == pytest.approx([200.0])
    assert (found.source.rows_in, found.source.rows_used) == (6, 5)
    assert is_balanced(found.source)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"AutoCAD Binary DXF\r\n\x1a\0", "as text, not binary"),
        (b"hello", "cannot be read as a vector file"),
        (None, "cannot be read as a vector file"),  # cut off in the middle
    ],
)
def test_drawings_that_cannot_be_read(tmp_path, data, what):
    plan = drawing(tmp_path, *HOUSE)
    plan.write_bytes(plan.read_bytes()[: len(plan.read_bytes()) * 3 // 4] if data is None else data)
    with pytest.raises(SourceError, match=what) as caught:
        read_drawing(plan, crs=CRS)
    assert ".cpp" not in str(caught.value)
    assert "/opt" not in str(caught.value)


def test_curved_outlines_symbols_and_the_printed_sheet(tmp_path):
    round_house = [(0, "LWPOLYLINE"), (8, "JMD"), (90, 2), (70, 1)]
    round_house += [(10, X), (20, Y), (42, 1), (10, X + 20), (20, Y), (42, 1)]
    frame = [*ring(300, 0), (67, 1)]
    symbol = polyline(
        [(-X, -Y), (20 - X, -Y), (20 - X, 10 - Y), (-X, 10 - Y)], layer="0", closed=True
    )
    plan = drawing(
        tmp_path,
        round_house,
        text(10, 0, r"\A1;\H1.5x;砼\P18", kind="MTEXT"),
        insert(50, 50, "H", layer="JMD"),
        text(55, 55, "砖2"),
        frame,
        blocks=[("H", [symbol])],
    )
    with heard() as said:
        found = read_drawing(plan, crs=CRS)
    assert said == ["LifecircleWarning: 图.dxf: layers that are not read: JMD (1)"]
    assert found.buildings["levels"].tolist() == [18.0, 2.0]
    assert found.buildings.area.tolist() == pytest.approx([np.pi * 100, 200.0], rel=0.01)


def test_texts_in_any_encoding_whatever_the_header_says(tmp_path):
    for encoding, page, release in [
        ("gbk", "ANSI_936", "AC1015"),
        ("gbk", "ANSI_1252", "AC1015"),
        ("gbk", "", "AC1009"),
        ("utf-8", "ANSI_936", "AC1021"),
        ("utf-8", "ANSI_1252", "AC1032"),
    ]:
        plan = drawing(
            tmp_path,
            ring(0, 0, layer="房屋"),
            text(5, 5, "砼18", layer="房屋"),
            encoding=encoding,
            page=page,
            release=release,
        )
        table = read_drawing(plan, crs=CRS).buildings
        assert table[["levels", "structure"]].to_numpy().tolist() == [[18.0, "砼"]]


def test_texts_of_a_drawing_without_a_header(tmp_path):
    plan = drawing(tmp_path, ring(0, 0, layer="房屋"), text(5, 5, "混6", layer="房屋"))
    *_, entities = plan.read_bytes().split(b"ENDSEC\r\n", 2)
    plan.write_bytes(entities)
    table = read_drawing(plan, crs=CRS).buildings
    assert table[["levels", "structure"]].to_numpy().tolist() == [[6.0, "混"]]


def test_few_texts_follow_the_header(tmp_path):
    # In GBK 砖 has the bytes of a Hebrew letter in UTF-8.
    table = read_drawing(drawing(tmp_path, ring(0, 0), text(5, 5, "砖2")), crs=CRS).buildings
    assert table["levels"].tolist() == [2.0]


def test_layers_a_planner_names_are_the_only_ones_of_their_kind(tmp_path):
    plan = drawing(tmp_path, ring(90, 0, layer="8"), text(95, 5, "混5", layer="文8"), *HOUSE)
    with heard() as said:
        found = read_drawing(plan, crs=CRS, layers={"buildings": "8", "labels": "文8"})
    assert found.buildings["levels"].tolist() == [5.0]
    assert [one.partition("layers that")[2] for one in said] == [
        ' are not read: JMD (2); if one holds buildings, walls or gates: layers = {buildings = "…"}'
    ]


def test_drawings_serve_as_files_of_buildings(tmp_path):
    table, source = read_buildings(drawing(tmp_path, *HOUSE), crs=CRS)
    assert table["levels"].tolist() == [6.0]
    assert source.rows_used == 2
    with heard():
        table, _ = read_buildings(
            drawing(tmp_path, ring(0, 0, layer="8"), text(5, 5, "混6", layer="ZJ")),
            layer="8",
            crs=CRS,
        )
    assert table["levels"].tolist() == [6.0]


def test_one_layer_of_a_drawing_is_a_layer(tmp_path):
    centre = polyline([(0, 0), (200, 0)], layer="道路中心线")
    plan = drawing(tmp_path, *HOUSE, centre)
    with pytest.raises(
        InputError, match=r"has several layers: JMD, 道路中心线 — name one with lay"
    ):
        read_roads(plan, crs=CRS)
    with pytest.raises(InputError, match=r"has no layer '道路'; layers: JMD, 道路中心线 — name"):
        read_roads(plan, layer="道路", crs=CRS)
    with heard():
        roads, source = read_roads(plan, layer="道路中心线", crs=CRS)
    assert roads.length.tolist() == pytest.approx([200.0])
    assert (source.rows_in, source.rows_used) == (1, 1)


# -- walls and gates ---------------------------------------------------------------------------
def test_walls_and_gates(tmp_path):
    leaf = [(0, "LINE"), (8, "0"), (10, -2), (20, 0), (11, 2), (21, 0)]
    plan = drawing(
        tmp_path,
        polyline([(0, 0), (50, 0), (50, 50)], layer="围墙"),
        polyline([(0, 60), (50, 60)], layer="铁栅栏"),
        ring(60, 0, layer="围墙"),
        post(0, 4),
        post(0, 11),
        text(0, 7.5, "小门", layer="大门"),
        text(300, 0, "大门", layer="大门"),  # no posts
        post(400, 0),  # no second one
        insert(500, 0, "GATE", layer="大门"),
        text(501, 3, "大门", layer="大门"),
        ring(0, 0, layer="DLSS"),
        blocks=[("GATE", [leaf, leaf])],
    )
    with heard() as said:
        found = read_drawing(plan, crs=CRS)
    assert said == [
        "LifecircleWarning: 图.dxf: layers that are not read: DLSS (1)",
        "DoubtfulRowsWarning: 图.dxf: 1 gate posts have no second one; each is taken for a gate"
        + at((400, 0)),
    ]
    assert found.others == {"DLSS": 1}
    assert found.walls["kind"].tolist() == ["wall", "fence", "wall"]
    assert found.walls.length.tolist() == pytest.approx([100.0, 50.0, 60.0])
    xy = shapely.get_coordinates(found.gates.geometry.array) - [X, Y]
    assert np.allclose(xy, [[0, 7.5], [300, 0], [400, 0], [500, 0]], atol=1e-6)
    assert found.gates["kind"].tolist() == ["wicket", "gate", "gate", "gate"]
    assert found.gates["access"].isna().all()
    assert len(found.buildings) == 0
    assert "structure" in found.buildings
    assert is_balanced(found.source)


def test_reading_leaves_no_trace(tmp_path):
    plan = drawing(tmp_path, *HOUSE)
    before = plan.read_bytes()
    first, second = (read_drawing(plan, crs=CRS) for _ in range(2))
    pd.testing.assert_frame_equal(first.buildings, second.buildings)
    assert plan.read_bytes() == before


@pytest.mark.parametrize("folder", ["cn_lanpu", "cn_lanpu_small"])
def test_storeys_agree_with_the_survey_of_buildings(folder):
    files = LANPU.parent / folder
    if not files.exists():
        pytest.skip(f"{folder} is not beside the checkout")
    with heard():
        found = read_drawing(files / "05_地形图.dxf", crs=LANPU_CRS)
        surveyed, _ = read_buildings(files / "04_房屋调查.gdb")
    drawn = found.buildings.to_crs(surveyed.crs)
    assert is_balanced(found.source)
    assert drawn["levels"].notna().all()
    ours, theirs = (np.asarray(one.geometry.array, dtype=object) for one in (drawn, surveyed))
    row, other = shapely.STRtree(theirs).query(ours, predicate="intersects")
    common = shapely.area(shapely.intersection(ours[row], theirs[other]))
    same = common > 0.95 * np.maximum(shapely.area(ours[row]), shapely.area(theirs[other]))
    assert len(set(row[same])) > 0.99 * len(drawn)
    levels = surveyed["levels"].to_numpy()[other[same]]
    known = levels > 0
    assert (levels == drawn["levels"].to_numpy()[row[same]])[known].mean() > 0.99
