"""One layer in every format reads to one table; what no format helps is refused with a way out."""

from __future__ import annotations

import warnings
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from lifecircle.errors import InputError, LifecircleWarning, SourceError
from lifecircle.sources.people.rasters import read_population
from lifecircle.sources.planner_tables import read_buildings
from lifecircle.sources.sheets.spreadsheets import read_sheet
from lifecircle.sources.vectors.foreign import refuse_foreign
from lifecircle.sources.vectors.layers import read_vector
from tests.sources.planner_files import heard, is_balanced

LATIN = {"编号": "BH", "名称": "MC", "层数": "CS", "人口": "RK", "用途": "YT"}
MIF = """Version 300
Charset "WindowsSimpChinese"
Delimiter ","
CoordSys Earth Projection 1, 104
Columns 5
  编号 Char(10)
  名称 Char(40)
  层数 Integer
  人口 Float
  用途 Char(20)
Data

"""


def layer():
    return gpd.GeoDataFrame(
        {
            "编号": ["01", "02", "03"],
            "名称": ["城东1幢", "砖塔里2幢", "(老)社区用房"],
            "层数": [6, 2, 18],
            "人口": [12.5, None, 0.0],
            "用途": ["住宅", "商业", None],
        },
        geometry=[box(120.1 + 0.001 * i, 30.2, 120.1005 + 0.001 * i, 30.2005) for i in range(3)],
        crs="EPSG:4490",
    )


def written(path, driver, *, names=None, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL speaks of what a format cannot hold
        table = layer() if names is None else layer().rename(columns=names)
        table.to_file(path, driver=driver, **options)
    return path


def shapes(folder, encoding, *, cpg=True, prj=True):
    path = written(folder / "楼.shp", "ESRI Shapefile", encoding=encoding)
    for part, wanted in ((".cpg", cpg), (".prj", prj)):
        if not wanted:
            path.with_suffix(part).unlink()
    return path


def geojson(folder, encoding):
    path = written(folder / "楼.geojson", "GeoJSON")
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    return path


def mif(folder):
    """As Chinese software writes it."""
    text, table = MIF, layer()
    for shape in table.geometry:
        corners = shape.exterior.coords
        text += f"Region 1\n  {len(corners)}\n"
        text += "".join(f"{x} {y}\n" for x, y in corners)
    path = folder / "楼.mif"
    path.write_text(text, encoding="gbk")
    rows = table.drop(columns="geometry").astype(object).to_numpy().tolist()
    said = [",".join("" if one is None else f'"{one}"' for one in row) for row in rows]
    said[1] = '"02","砖塔里2幢",2,,"商业"'
    path.with_suffix(".mid").write_text("\n".join(said) + "\n", encoding="gbk")
    return path


def zipped(path, *, names="utf-8"):
    """Pack a file with its parts, or a folder; GBK names are those of Chinese Windows."""
    parts = sorted(path.iterdir()) if path.is_dir() else sorted(path.parent.glob(f"{path.stem}.*"))
    inside = f"abcd/{path.name}/" if path.is_dir() else "abcd/"
    target = path.parent / "packed.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for part in parts:
            name = part.name if part.name.isascii() else f"ef{part.suffix}"
            archive.write(part, inside + name)
    # Names are outside the check sums, so that they can be written over in any encoding.
    chinese = {b"abcd": "资料", b"ef.": "楼."} if names == "gbk" else {}
    data = target.read_bytes()
    for plain, word in chinese.items():
        data = data.replace(plain, word.encode("gbk")[: len(plain)].ljust(len(plain), b"_"))
    target.write_bytes(data)
    return target


def parquet(folder):
    layer().to_parquet(folder / "楼.parquet")
    return folder / "楼.parquet"


def kmz(folder):
    """As globe programs pack it."""
    plain = written(folder / "楼.kml", "KML")
    with zipfile.ZipFile(folder / "楼.kmz", "w") as archive:
        archive.write(plain, "doc.kml")
    return folder / "楼.kmz"


NO_EMPTY_NUMBERS = ("tab", "mif")  # MapInfo writes 0 for what is missing
FORMATS = {
    "shp": lambda at: shapes(at, "UTF-8"),
    "shp in GBK without cpg": lambda at: shapes(at, "GBK", cpg=False),
    "shp in GB18030": lambda at: shapes(at, "GB18030"),
    "gpkg": lambda at: written(at / "楼.gpkg", "GPKG"),
    "gdb": lambda at: written(at / "楼.gdb", "OpenFileGDB"),
    "geojson": lambda at: geojson(at, "utf-8"),
    "geojson with a mark": lambda at: geojson(at, "utf-8-sig"),
    "geojson in GBK": lambda at: geojson(at, "gbk"),
    "geojson in UTF-16": lambda at: geojson(at, "utf-16"),
    "parquet": parquet,
    "fgb": lambda at: written(at / "楼.fgb", "FlatGeobuf"),
    "kml": lambda at: written(at / "楼.kml", "LIBKML"),
    "kmz": kmz,
    "kmz as GDAL packs it": lambda at: written(at / "lou.kmz", "LIBKML"),
    "gml": lambda at: written(at / "楼.gml", "GML"),
    "tab": lambda at: written(at / "楼.tab", "MapInfo File", names=LATIN, encoding="CP936"),
    "mif": mif,
    "zipped shp": lambda at: zipped(shapes(at, "GBK", cpg=False)),
    "zipped shp, names in GBK": lambda at: zipped(shapes(at, "GBK", cpg=False), names="gbk"),
    "zipped gdb": lambda at: zipped(written(at / "楼.gdb", "OpenFileGDB")),
    "zipped gdb, names in GBK": lambda at: zipped(
        written(at / "lou.gdb", "OpenFileGDB"), names="gbk"
    ),
    "zipped gml": lambda at: zipped(written(at / "楼.gml", "GML")),
    "zipped kml": lambda at: zipped(written(at / "楼.kml", "KML")),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_layer_reads_to_the_same_table(tmp_path, kind):
    path = FORMATS[kind](tmp_path)
    before = {entry.name: entry.stat().st_mtime_ns for entry in tmp_path.iterdir()}
    with heard() as said:
        table, source = read_buildings(path)
    assert said == []
    expected = pd.DataFrame(
        {
            "building_id": ["01", "02", "03"],
            "use": ["residential", "商业", None],
            "name": ["城东1幢", "砖塔里2幢", "(老)社区用房"],
            "levels": [6.0, 2.0, 18.0],
            "flats": [np.nan] * 3,
            "people": [12.5, 0.0 if kind in NO_EMPTY_NUMBERS else np.nan, 0.0],
        }
    )
    found = pd.DataFrame(table.drop(columns="geometry"))
    pd.testing.assert_frame_equal(
        found.astype({"use": object, "name": object}).where(found.notna(), None),
        expected.astype({"use": object, "name": object}).where(expected.notna(), None),
        check_dtype=False,
    )
    assert np.allclose(table.bounds, layer().bounds, rtol=0, atol=1e-7)
    assert (source.rows_in, source.rows_used) == (3, 3)
    assert is_balanced(source)
    after = {entry.name: entry.stat().st_mtime_ns for entry in tmp_path.iterdir()}
    assert after == before


# -- parts that are missing --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "part", "said"),
    [
        ("shp", ".shx", r"its \.shx is missing beside it — copy \.shp, \.shx, \.dbf together"),
        ("tab", ".map", r"its \.map is missing beside it — copy \.tab, \.dat, \.map, \.id"),
        ("tab", ".dat", r"its \.dat is missing beside it — copy \.tab"),
    ],
)
def test_a_part_that_is_missing_is_named(tmp_path, make, part, said):
    path = FORMATS[make](tmp_path)
    path.with_suffix(part).unlink()
    with pytest.raises(SourceError, match=said):
        read_vector(path)


def test_shapes_without_their_table_are_told(tmp_path):
    path = FORMATS["shp"](tmp_path)
    path.with_suffix(".dbf").unlink()
    with pytest.warns(LifecircleWarning, match=r"its \.dbf is missing beside it: the shapes have"):
        table, source = read_vector(path)
    assert table.columns.tolist() == ["geometry"]
    assert source.rows_used == 3


def test_a_geodatabase_that_lost_its_ending(tmp_path):
    path = FORMATS["gdb"](tmp_path)
    path.rename(tmp_path / "楼盘")
    with pytest.raises(
        SourceError, match=r"holds a file geodatabase, .* — call the folder 楼盘\.gdb"
    ):
        read_vector(tmp_path / "楼盘")


# -- files of other programs -------------------------------------------------------------------
FOREIGN = [
    ("地形图.dwg", b"AC1015", "a DWG drawing, as .dwg says", "save it as DXF"),
    ("地形图.dxf", b"AC1032\0\0", "a DWG drawing, whatever its ending says", "save it as DXF"),
    ("宗地.mdb", b"", "a personal geodatabase", r"file geodatabase \(\.gdb\)"),
    ("宗地.gdb.shp", b"\0\x01\0\0Standard Jet DB\0", "a personal geodatabase", "export it"),
    ("a.accdb", b"x", "an Access database", "a table to .xlsx"),
    ("规划.mpk", b"7z", "a map package", "open it in ArcGIS"),
    ("规划.mxd", b"x", "a map or project document", "name the files it shows"),
    ("规划.qgz", b"PK", "a map or project document", "name the files it shows"),
    ("规划.lyr", b"x", "a layer file", "name the file it shows"),
    ("资料.rar", b"Rar!\x1a\x07\0", "a RAR archive, as .rar says", "pack it as .zip"),
    ("资料.zip", b"Rar!\x1a\x07\x01\0", "a RAR archive, whatever its ending", "pack it as .zip"),
    ("资料.7z", b"7z\xbc\xaf\x27\x1c", "a 7z archive", "pack it as .zip"),
    ("资料.tar", b"x", "a packed archive", "pack it as .zip"),
    ("名单.et", b"\xd0\xcf\x11\xe0", "a WPS sheet", "open it in WPS and save it as .xlsx"),
    ("名单.wps", b"\xd0\xcf\x11\xe0", "a document", "copy the table into a workbook"),
    ("名单.docx", b"PK\x03\x04", "a document", "copy the table into a workbook"),
    ("名单.pdf", b"%PDF-1.7", "a PDF", "copy the table into a workbook .*ask for its data"),
    ("名单.xlsx", b"%PDF-1.7", "a PDF, whatever its ending says", "copy the table"),
    ("图.jpg", b"\xff\xd8\xff\xe0", "a picture", "ask for the data it was drawn from"),
    ("图.geojson", b"\x89PNG\r\n\x1a\n", "a picture, whatever its ending", "ask for the data"),
    ("数据.udb", b"x", "a map of SuperMap or MapGIS", r"export the layer to \.shp or \.gpkg"),
]


@pytest.mark.parametrize(("name", "data", "what", "remedy"), FOREIGN)
def test_files_of_other_programs_name_the_way_out(tmp_path, name, data, what, remedy):
    path = tmp_path / name
    path.write_bytes(data)
    for read in (read_vector, lambda one: read_sheet(one, wanted={"name": ("名称",)})):
        with pytest.raises(SourceError, match=f"{name}: is {what}.* — .*{remedy}") as caught:
            read(path)
        assert len(caught.value.problems) == 1
        assert str(tmp_path) not in str(caught.value)


def test_a_raster_is_no_layer_and_a_layer_no_raster(tmp_path):
    (tmp_path / "dem.tif").write_bytes(b"II*\x00")
    with pytest.raises(SourceError, match="a raster is no layer of shapes"):
        read_vector(tmp_path / "dem.tif")
    with pytest.raises((SourceError, InputError), match=r"楼\.gpkg: "):
        read_population(FORMATS["gpkg"](tmp_path), bounds=(120, 30, 121, 31))


def test_what_is_not_foreign_passes(tmp_path):
    refuse_foreign(tmp_path / "nowhere.shp", where="nowhere.shp")
    refuse_foreign(FORMATS["gpkg"](tmp_path), where="楼.gpkg")
