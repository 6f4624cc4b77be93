"""Zip files: one vector file out of whatever was packed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from shapely.geometry import box

from lifecircle.errors import (
    InputError,
    SourceError,
)
from lifecircle.sources.vectors.layers import read_vector
from tests.sources.vector_making import HANGZHOU, frame, save


def zipped(folder: Path, *names: str) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            for part in sorted((folder / "in").glob(f"{name}.*")):
                archive.write(part, f"资料/{part.name}")
    return path


def test_zip_files(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("区", "路"):
        save(frame([box(*HANGZHOU)], k=[name]), tmp_path / "in" / f"{name}.shp", encoding="UTF-8")
    table, source = read_vector(zipped(tmp_path, "区"))
    assert table["k"].tolist() == ["区"]
    assert source.name == "a.zip"
    with pytest.raises(InputError, match=r"several vector files: 区\.shp, 路\.shp"):
        read_vector(zipped(tmp_path, "区", "路"))
    assert read_vector(zipped(tmp_path, "区", "路"), layer="路")[0]["k"].tolist() == ["路"]
    with pytest.raises(SourceError, match="holds no vector file"):
        read_vector(zipped(tmp_path))
    (tmp_path / "b.zip").write_text("no zip", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be unpacked"):
        read_vector(tmp_path / "b.zip")


def test_zip_files_packed_under_chinese_windows(tmp_path):
    save(frame([box(*HANGZHOU)], k=["a"]), tmp_path / "ab12.gpkg")
    save(frame([box(*HANGZHOU)], k=["b"]), tmp_path / "cd34.gpkg")
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("ab12", "cd34"):
            archive.write(tmp_path / f"{name}.gpkg", f"{name}.gpkg")
    content = path.read_bytes()
    for name, chinese in ((b"ab12", "道路"), (b"cd34", "小区")):
        # Names are outside the check sums; the layers inside keep theirs by another ending.
        content = content.replace(name + b".gpkg", chinese.encode("gbk") + b".gpkg")
    path.write_bytes(content)
    assert read_vector(path, layer="小区")[0]["k"].tolist() == ["b"]


def test_zip_files_cannot_write_outside(tmp_path):
    path = tmp_path / "deep" / "er" / "a.zip"
    path.parent.mkdir(parents=True)
    source = save(frame([box(*HANGZHOU)]), tmp_path / "x.gpkg")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(source, "../../escaped.gpkg")
        archive.write(source, "/etc/../b/c.gpkg")
    with pytest.raises(InputError, match=r"several vector files: c\.gpkg, escaped\.gpkg"):
        read_vector(path)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["deep", "x.gpkg"]
