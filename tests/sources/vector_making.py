"""Small vector files for tests: written plainly, in an encoding and a system one can choose."""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
HANGZHOU = (120.10, 30.20, 120.20, 30.30)


def real(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout")
    return path


def frame(shapes: list, crs: object = 4326, **columns: list) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"n": range(len(shapes)), **columns}, geometry=shapes, crs=crs)


def save(table: gpd.GeoDataFrame, path: Path, **how: object) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL speaks of cut names and missing systems
        table.to_file(path, **how)
    return path


def shapefile(folder: Path, name: str, encoding: str, *, cpg: str | None = None) -> Path:
    """Write one square with a Chinese column and a text, in an encoding the .cpg may deny."""
    path = folder / "区.shp"
    table = gpd.GeoDataFrame({"名称": [name]}, geometry=[box(*HANGZHOU)], crs=4326)
    save(table, path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path
