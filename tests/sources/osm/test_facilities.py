import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.errors import SchemaError
from lifecircle.sources.osm.facilities import facilities_from_pois
from lifecircle.tables import FACILITIES

# One thousandth of a degree is 111 m of latitude and 66 m of longitude here.
EAST, NORTH = 13.26, 53.56


def point(east=0.0, north=0.0):
    return shapely.Point(EAST + east / 1000, NORTH + north / 1000)


def box(east=0.0, north=0.0, size=1.0):
    return shapely.box(
        EAST + east / 1000,
        NORTH + north / 1000,
        EAST + (east + size) / 1000,
        NORTH + (north + size) / 1000,
    )


def pois(*rows):
    """Rows of id, tags and shape."""
    return gpd.GeoDataFrame(
        {
            "poi_id": [row[0] for row in rows],
            "name": pd.Series([row[1].get("name") for row in rows], dtype=object),
            "tags": [row[1] for row in rows],
            "source": "OSM",
        },
        geometry=[row[2] for row in rows],
        crs="EPSG:4326",
    )


def merged_ids(*rows):
    table, _ = facilities_from_pois(pois(*rows))
    return dict(zip(table["facility_id"], table["merged"], strict=True))


HOSPITAL = {"amenity": "hospital", "name": "Klinikum Nord"}


def test_missing_columns_are_refused():
    with pytest.raises(SchemaError, match="'tags' is missing"):
        facilities_from_pois(pois(("n1", HOSPITAL, point())).drop(columns="tags"))


def test_columns_also_without_rows():
    for table, duplicates in (
        facilities_from_pois(pois(("n1", {"amenity": "cafe"}, point()))),
        facilities_from_pois(pois(("n1", HOSPITAL, point()))[:0]),
    ):
        assert len(table) == duplicates == 0
        assert list(table.columns) == [*FACILITIES.columns, "merged", "geometry"]
        assert table.crs.to_epsg() == 4326


def test_values_of_one_row():
    tags = {**HOSPITAL, "beds": "120", "operator": "Stadt", "access": "private"}
    frame = pois(("n1", tags, point()))
    before = frame.copy()
    table, duplicates = facilities_from_pois(frame)
    assert duplicates == 0
    row = table.iloc[0]
    assert row["facility_id"] == "n1:medical"
    assert row["place_id"] == "n1"
    assert (row["service"], row["type"]) == ("medical", "medical.hospital")
    assert (row["confidence"], row["rule"]) == (0.6, "tag amenity=hospital")
    assert (row["status"], row["open_to"]) == ("existing", "residents")
    assert (row["beds"], row["owner"], row["source"]) == (120.0, "Stadt", "OSM")
    assert np.isnan(row["floor_m2"])
    assert np.isnan(row["site_m2"])
    assert row["merged"] is None
    assert frame.equals(before)


def test_one_place_may_hold_two_services():
    tags = {"name": "锦绣邻里中心 社区卫生服务站"}
    assert list(merged_ids(("n1", tags, point()))) == ["n1:medical", "n1:service_centre"]


def test_campus_building_and_node_are_one_place():
    rows = [
        ("n3", HOSPITAL, point(0.5, 0.5)),
        ("w1", {"building": "hospital", "name": "Haus A"}, box(0.2, 0.2, 0.1)),
        ("w9", HOSPITAL, box(0, 0, 1)),
        ("w2", {"building": "hospital"}, box(0.6, 0.6, 0.1)),
    ]
    assert merged_ids(*rows) == {"w9:medical": "w9;w1;w2;n3"}
    table, duplicates = facilities_from_pois(pois(*rows))
    assert duplicates == 3
    assert table.geom_type.tolist() == ["Polygon"]


def test_a_practice_inside_a_hospital_stays():
    rows = [
        ("w9", HOSPITAL, box()),
        ("n1", {"amenity": "doctors", "name": "Dr. Weber"}, point(0.5, 0.5)),
        ("n2", {"amenity": "doctors", "name": "Klinikum Nord Radiologie"}, point(0.5, 0.6)),
        ("n3", {"amenity": "doctors"}, point(0.5, 0.7)),
    ]
    assert set(merged_ids(*rows)) == {"w9:medical", "n1:medical", "n2:medical", "n3:medical"}


@pytest.mark.parametrize(("north", "same"), [(0.44, True), (0.46, False)])
def test_the_same_name_counts_up_to_50_m(north, same):
    # 0.44 and 0.46 thousandths of a degree of latitude are 49.0 m and 51.2 m.
    rows = [("n1", HOSPITAL, point()), ("n2", HOSPITAL, point(0, north))]
    assert (len(merged_ids(*rows)) == 1) is same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Klinikum Nord", "klinikum  nord", True),
        ("Klinikum Nord", "Klinikum Nord (Haupthaus)", True),
        ("Klinikum Nord", "Klinikum Nord Neubrandenburg", True),
        ("Klinik", "Klinik Nord", False),
        ("鼓楼医院", "南京鼓楼医院", True),
        ("医院", "鼓楼医院", False),
        ("鼓楼医院", "玄武医院", False),
    ],
)
def test_name_stems(first, second, same):
    rows = [
        ("n1", {"amenity": "hospital", "name": first}, point()),
        ("n2", {"amenity": "hospital", "name": second}, point(0, 0.2)),
    ]
    assert (len(merged_ids(*rows)) == 1) is same


def test_other_services_under_one_name_stay_apart():
    rows = [
        ("n1", {"amenity": "library", "name": "Haus der Kultur"}, point()),
        ("n2", {"leisure": "fitness_centre", "name": "Haus der Kultur"}, point()),
    ]
    assert set(merged_ids(*rows)) == {"n1:culture", "n2:fitness"}


def test_a_nameless_node_joins_only_the_area_it_lies_in():
    pitch = {"leisure": "pitch"}
    inside = [("w1", pitch, box()), ("n1", pitch, point(0.5, 0.5))]
    beside = [("w1", pitch, box()), ("n1", pitch, point(1.1, 0.5))]
    assert merged_ids(*inside) == {"w1:fitness": "w1;n1"}
    assert set(merged_ids(*beside)) == {"w1:fitness", "n1:fitness"}


def test_the_surest_type_and_the_first_name_are_kept():
    rows = [
        ("w1", {"amenity": "clinic", "name": "临江社区卫生服务站"}, point()),
        ("w2", {"building": "clinic", "name": "临江社区卫生服务站"}, box(0, 0, 0.1)),
    ]
    table, _ = facilities_from_pois(pois(*rows))
    row = table.iloc[0]
    assert row["facility_id"] == "w2:medical"
    assert row["confidence"] == 0.95
    nameless = [
        ("w2", {"leisure": "pitch"}, box()),
        ("n1", {"leisure": "pitch", "name": "Bolzplatz"}, point(0.5, 0.5)),
    ]
    assert facilities_from_pois(pois(*nameless))[0]["name"].tolist() == ["Bolzplatz"]


def test_row_order_does_not_matter():
    rows = [
        ("n1", HOSPITAL, point()),
        ("n2", HOSPITAL, point(0, 0.3)),
        ("n3", HOSPITAL, point(0, 0.6)),
        ("w4", {"amenity": "library"}, box(3, 3)),
        ("n5", {"amenity": "library"}, point(3.5, 3.5)),
    ]
    expected, duplicates = facilities_from_pois(pois(*rows))
    for order in ([4, 3, 2, 1, 0], [2, 0, 4, 1, 3]):
        table, again = facilities_from_pois(pois(*[rows[at] for at in order]))
        assert again == duplicates == 2
        assert table.drop(columns="geometry").equals(expected.drop(columns="geometry"))


def test_ids_are_unique():
    rows = [(f"n{at}", HOSPITAL, point(0, at)) for at in range(5)]
    table, _ = facilities_from_pois(pois(*rows))
    assert table["facility_id"].is_unique
    assert len(table) == 5
