"""Community outlines: ids, names and levels out of whatever the columns are called."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, box

from lifecircle.errors import DoubtfulRowsWarning, MissingDataWarning, SchemaError
from lifecircle.sources.people.communities import read_communities
from lifecircle.tables import COMMUNITIES

SHARED = Path(__file__).resolve().parents[3] / "../shared/data"


def save(folder: Path, shapes: list | None = None, **columns: list) -> Path:
    count = len(next(iter(columns.values()))) if columns else 3
    shapes = shapes or [box(13 + i, 53, 14 + i, 54) for i in range(count)]
    path = folder / "areas.gpkg"
    gpd.GeoDataFrame(columns, geometry=shapes, crs=4326).to_file(path)
    return path


def real(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout")
    return path


def test_doubled_and_empty_ids_are_said_together(tmp_path):
    path = save(tmp_path, id=["a", "b", "a", None], name=["East", "West", "East 2", "North"])
    with pytest.raises(SchemaError) as caught:
        read_communities(path)
    texts = [str(one) for one in caught.value.problems]
    assert texts == [
        "areas.gpkg, row 4: column 'community_id' is empty — give every row an id",
        "areas.gpkg, row 1, 3: id 'a' stands in 2 rows (East, East 2) — "
        "merge the parts into one shape, or correct an id",
    ]


def test_doubled_ids_alone(tmp_path):
    with pytest.raises(SchemaError, match="id '7' stands in 2 rows") as caught:
        read_communities(save(tmp_path, id=[7, 7], name=["x", "y"]))
    assert len(caught.value.problems) == 1


def test_lines_are_no_communities(tmp_path):
    path = save(tmp_path, [box(13, 53, 14, 54), LineString([(13, 53), (14, 54)])], id=["a", "b"])
    with pytest.raises(SchemaError, match=r"row 2: geometry must be Polygon or MultiPolygon"):
        read_communities(path)


def test_given_column_that_is_missing(tmp_path):
    with pytest.raises(SchemaError, match=r"column 'DM', given for id, is missing .* found: code"):
        read_communities(save(tmp_path, code=["a"]), columns={"id": "DM"})


def test_unknown_words_for_urban(tmp_path):
    path = save(tmp_path, id=["a", "b"], name=["x", "y"], urban=["城镇", "maybe"])
    with pytest.raises(SchemaError, match=r"row 2: 'maybe' is neither urban nor rural"):
        read_communities(path)


def test_missing_ids_are_numbered_alike_whatever_the_order_of_rows(tmp_path):
    names = ["West", "East", "North"]
    shapes = [box(13 + i, 53, 14 + i, 54) for i in range(3)]
    found = []
    for order in ([0, 1, 2], [2, 0, 1]):
        path = save(tmp_path, [shapes[i] for i in order], name=[names[i] for i in order])
        with pytest.warns(MissingDataWarning, match="the 3 communities are numbered"):
            table, _ = read_communities(path)
        found.append(dict(zip(table["community_id"], table["name"], strict=True)))
        path.unlink()
    assert found == [{"1": "East", "2": "North", "3": "West"}] * 2


def test_missing_names_are_the_ids(tmp_path):
    with pytest.warns(MissingDataWarning, match="1 of 2 communities have no name"):
        table, _ = read_communities(save(tmp_path, id=["a", "b"], name=["East", None]))
    assert table["name"].tolist() == ["East", "b"]


def test_columns_types_and_order(tmp_path):
    path = save(tmp_path, id=["b", "a"], name=["y", "x"], other=[1, 2])
    table, source = read_communities(path)
    assert list(table.columns) == [*COMMUNITIES.columns, "geometry"]
    assert table["community_id"].tolist() == ["a", "b"]
    assert table.geometry.iloc[0].bounds == (14, 53, 15, 54)
    assert table["urban"].dtype == "boolean"
    assert table["urban"].isna().all()
    assert table["county"].tolist() == [None, None]
    assert (source.rows_in, source.rows_used) == (2, 2)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"SQDM": ["1"], "SQMC": ["东村"], "JDMC": ["镇"], "XQMC": ["区"]}, ("东村", "镇", "区")),
        ({"XZQDM": ["1"], "XZQMC": ["东村"], "ZLDWMC": ["西镇"]}, ("东村", "西镇", None)),
        ({"ZLDWDM": ["1"], "ZLDWMC": ["东村"]}, ("东村", None, None)),
        ({"代码": ["1"], "社区": ["东村"], "街道": ["镇"], "县": ["甲县"]}, ("东村", "镇", "甲县")),
        ({"SQDM": ["1"], "SQMC": ["东村"], "XZQMC": ["甲县"]}, ("东村", None, "甲县")),
        (
            {"id": ["1"], "name": ["东村"], "ZLDWMC": ["杭州市西湖区北山街道"]},
            ("东村", "西湖区北山街道", "杭州市"),
        ),
        (
            {"id": ["1"], "name": ["东村"], "JDMC": ["西湖区北山街道"]},
            ("东村", "北山街道", "西湖区"),
        ),
    ],
)
def test_levels_under_known_names(tmp_path, columns, expected):
    table, _ = read_communities(save(tmp_path, **columns))
    assert table["community_id"].tolist() == ["1"]
    assert tuple(table.loc[0, ["name", "subdistrict", "county"]]) == expected


def test_urban_words_and_statistical_codes(tmp_path):
    words = ["111", "220", "是", "乡村", None]
    table, _ = read_communities(save(tmp_path, id=list("abcde"), name=list("abcde"), CXFLDM=words))
    assert table["urban"].tolist()[:4] == [True, False, True, False]
    assert table["urban"].isna().tolist() == [False] * 4 + [True]


def test_numbers_as_ids_lose_no_digit(tmp_path):
    table, _ = read_communities(
        save(tmp_path, id=[339901001001.0, 339901001002.0], name=["x", "y"], unit=["U1", "U2"])
    )
    assert table["community_id"].tolist() == ["339901001001", "339901001002"]
    assert table["unit_id"].tolist() == ["U1", "U2"]


def test_chinese_office_shapefile():
    table, source = read_communities(real("cn_lanpu/01_社区界线.shp"))
    assert source.rows_used == len(table) == 45
    assert table.crs.to_epsg() == 4549
    assert set(table["county"]) == {"澜浦区"}
    assert sorted(set(table["subdistrict"])) == ["望潮街道", "横浦镇", "浦东门街道", "澜城街道"]
    first = table.iloc[0]
    assert (first["community_id"], first["name"]) == ("339901001001", "瑞景社区居民委员会")


def test_repaired_outline_is_said():
    with pytest.warns(DoubtfulRowsWarning, match="1 of 12 rows cross themselves"):
        table, _ = read_communities(real("cn_lanpu_small/01_社区界线.shp"))
    assert table.is_valid.all()


def test_catchments_with_columns_cut_by_a_shapefile():
    table, _ = read_communities(real("es_las_palmas/secondary_school_catchments.geojson"))
    assert len(table) == 29
    assert "IES FRANCHY ROCA" in table["name"].tolist()


def test_districts_without_names():
    path = real("cn_hangzhou_admin/hangzhou_city_and_districts_gcj02.geojson")
    with pytest.warns(MissingDataWarning, match="14 of 14 communities have no name"):
        table, _ = read_communities(path)
    assert table["community_id"].iloc[0] == table["name"].iloc[0] == "330100"


def test_people_of_the_communities_are_read_where_the_file_counts_them(tmp_path):
    names = {"id": ["a", "b", "c"], "name": ["A", "B", "C"]}
    table, _ = read_communities(save(tmp_path, **names, 常住人口=["1,200", "0", None]))
    assert table["people"].tolist()[:2] == [1200.0, 0.0]
    assert table["people"].isna().tolist() == [False, False, True]


def test_people_that_are_no_number_are_told_with_their_rows(tmp_path):
    names = {"id": ["a", "b", "c"], "name": ["A", "B", "C"]}
    with pytest.raises(SchemaError) as caught:
        read_communities(save(tmp_path, **names, people=["about 100", "-3", "5"]))
    assert [one.where for one in caught.value.problems] == [
        "areas.gpkg, row 1",
        "areas.gpkg, row 2",
    ]
    assert caught.value.problems[0].what == "'about 100' is no number of people"
