"""A drawing other programs read: every shape on its layer, every name readable."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import shapely

from lifecircle.errors import SourceError
from lifecircle.outputs.drawing_file import Drawn, write_drawing


def drawn(*pairs):
    return Drawn(
        shapes=np.array([shape for shape, _ in pairs], dtype=object),
        labels=[label for _, label in pairs],
    )


def read(path):
    return pyogrio.read_dataframe(path)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"a\.dxf: the drawing cannot be written"):
        write_drawing({}, tmp_path / "no" / "a.dxf")


def test_points_lines_and_areas_lie_where_they_are(tmp_path):
    hole = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [[(4, 4), (6, 4), (6, 6), (4, 6)]])
    layers = {
        "points": drawn((shapely.Point(500_000.125, 3_350_000.5), None)),
        "lines": drawn((shapely.LineString([(0, 0), (3, 4)]), None)),
        "areas": drawn((hole, None), (None, "nowhere"), (shapely.Polygon(), "empty")),
    }
    found = read(write_drawing(layers, tmp_path / "a.dxf"))
    assert found["Layer"].tolist() == ["points", "lines", "areas", "areas"]
    assert found.geometry[0].equals(shapely.Point(500_000.125, 3_350_000.5))
    assert found.geometry[1].length == 5
    assert sorted(found.geometry[2:].length) == [8, 40]
    assert found.geometry[2:].is_ring.all()


def test_names_can_be_read_and_are_no_commands(tmp_path):
    labels = ["和平社区 𠮷", "a\nb", "%%uLine", "\\P{x}", "", "长" * 300]
    layer = drawn(*((shapely.Point(place, 0), label) for place, label in enumerate(labels)))
    path = write_drawing({"communities": layer}, tmp_path / "a.dxf")
    found = read(path)
    texts = found[found["Layer"] == "communities_text"]["Text"].tolist()
    assert texts[:2] == ["和平社区 ?", "a b"]
    assert "%%" not in texts[2]
    assert texts[3] == "/P{x}"
    assert texts[4] == "长" * 120
    assert b"ANSI_936" in path.read_bytes()


def test_one_outline_is_drawn_once_and_every_point(tmp_path):
    box, spot = shapely.box(0, 0, 1, 1), shapely.Point(0, 0)
    found = read(
        write_drawing(
            {"areas": drawn((box, None), (box, None)), "spots": drawn((spot, None), (spot, None))},
            tmp_path / "a.dxf",
        )
    )
    assert found["Layer"].tolist() == ["areas", "spots", "spots"]


def test_hostile_names_of_layers_stay_on_their_line(tmp_path):
    layers = {"sites_\n0\nEOF\n社": drawn((shapely.Point(1, 1), None))}
    assert read(write_drawing(layers, tmp_path / "a.dxf"))["Layer"].tolist() == ["sites__0_EOF__"]


def test_nothing_to_draw_is_a_drawing_too(tmp_path):
    assert len(read(write_drawing({}, tmp_path / "a.dxf"))) == 0
    assert len(read(write_drawing({"sites": drawn()}, tmp_path / "b.dxf"))) == 0
