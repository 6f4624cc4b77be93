"""Texts of vector files in encodings nobody wrote down."""

from __future__ import annotations

import pytest
from shapely.geometry import box

from lifecircle.errors import (
    LifecircleWarning,
    SourceError,
)
from lifecircle.sources.vectors.layers import read_vector
from tests.sources.vector_making import HANGZHOU, frame, save, shapefile


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [
        ("GB18030", None),
        ("GB18030", "936"),
        ("GB18030", "GBK"),
        ("UTF-8", None),
        ("UTF-8", "UTF-8"),
    ],
)
def test_chinese_shapefiles_are_read_without_being_told(tmp_path, encoding, cpg):
    table, _ = read_vector(shapefile(tmp_path, "城东社区", encoding, cpg=cpg))
    assert table.columns.tolist() == ["名称", "geometry"]
    assert table["名称"].tolist() == ["城东社区"]


def test_a_wrong_cpg_is_seen_through_and_said(tmp_path):
    path = shapefile(tmp_path, "城东社区", "GB18030", cpg="UTF-8")
    with pytest.warns(LifecircleWarning, match="texts are gb18030, not utf-8"):
        table, _ = read_vector(path)
    assert table["名称"].tolist() == ["城东社区"]


def test_declared_encoding_wins_and_is_checked(tmp_path):
    path = shapefile(tmp_path, "城东社区", "GB18030")
    assert read_vector(path, encoding="gbk")[0]["名称"].tolist() == ["城东社区"]
    with pytest.raises(SourceError, match="encoding 'utf-8' does not fit its texts"):
        read_vector(path, encoding="utf-8")
    with pytest.raises(SourceError, match="encoding 'klingon' is not known"):
        read_vector(path, encoding="klingon")


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
def test_a_letter_cut_by_the_width_of_its_field_is_left_out(tmp_path, encoding):
    whole = "a" + "杭州" * 80
    table, _ = read_vector(shapefile(tmp_path, whole, encoding))
    (text,) = table.iloc[:, 0]
    assert whole.startswith(text)
    assert len(text) >= 83


def test_western_texts_are_not_turned_into_chinese(tmp_path):
    path = tmp_path / "a.shp"
    save(frame([box(*HANGZHOU)], k=["IES RAMÓN MENÉNDEZ"]), path, encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink()
    with pytest.warns(LifecircleWarning, match='read as "cp1252"; give encoding'):
        table, _ = read_vector(path)
    assert table["k"].tolist() == ["IES RAMÓN MENÉNDEZ"]


def test_geojson_in_gbk(tmp_path):
    path = tmp_path / "a.geojson"
    text = frame([box(*HANGZHOU)], k=["城东"]).to_json(ensure_ascii=False)
    path.write_bytes(text.encode("gbk"))
    assert read_vector(path)[0]["k"].tolist() == ["城东"]
