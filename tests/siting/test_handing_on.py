"""What detailed plans take over, worked by hand: one site of every kind."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.siting.handing_on import hand_on
from lifecircle.standards import load_standard
from lifecircle.tables import HANDOVER, SITES, LandFiles

CRS = "EPSG:4549"


def box(at, size=100):
    return shapely.box(at, 0, at + size, size)


@pytest.fixture(scope="module")
def standard():
    return load_standard("zhejiang")


@pytest.fixture
def communities():
    return gpd.GeoDataFrame(
        {
            "community_id": ["c1", "c2"],
            "name": ["和平社区", "东山村"],
            "subdistrict": ["北街道", "东镇"],
            "urban": [True, False],
        },
        geometry=[shapely.box(0, -500, 1000, 500), shapely.box(1000, -500, 2000, 500)],
        crs=CRS,
    )


@pytest.fixture
def land():
    """Plots: a public one, a dwelling plot, a park; a survey below the first two."""
    plots = gpd.GeoDataFrame(
        {
            "plot_id": ["A-01", "A-02", "A-03"],
            "code": ["080302", "070102", "1401"],
            "code_system": "2023",
        },
        geometry=[box(0), box(200), box(400)],
        crs=CRS,
    )
    units = gpd.GeoDataFrame(
        {"unit_id": ["LP01"]}, geometry=[shapely.box(-50, -50, 700, 200)], crs=CRS
    )
    cover = gpd.GeoDataFrame(
        {"code": ["1201", "0702"], "code_system": "3diao", "kind": ["vacant", "residential"]},
        geometry=[box(0), box(200)],
        crs=CRS,
    )
    return LandFiles(plots=plots, units=units, cover=cover)


def parcel(name, at, kind="vacant", **more):
    room = kind == "stock_room"
    return {
        "parcel_id": name,
        "kind": kind,
        "community_id": "c1",
        "code": None,
        "code_system": None,
        "rights": "state",
        "inscribed_m": np.nan if room else 100.0,
        "geometry": shapely.Point(at + 50, 50) if room else box(at),
    } | more


def site(name, types, *, parcel_id=None, kind="vacant", conforms=None, **more):
    values = dict.fromkeys(SITES) | {
        "site_id": name,
        "parcel_id": parcel_id or name,
        "kind": kind,
        "types": types,
        "project_id": f"x-{name}",
        "conforms": conforms,
        "x": np.nan,
        "y": np.nan,
        "area_m2": 10_000.0,
    }
    return values | more


def handed(standard, sites, parcels, communities, land):
    table = pd.DataFrame(sites, columns=list(SITES))
    frame = gpd.GeoDataFrame(
        parcels or {"parcel_id": [], "geometry": []}, geometry="geometry", crs=CRS
    )
    before = table.copy(), frame.copy()
    found = hand_on(standard, table, parcels=frame, communities=communities, land=land)
    assert list(found.columns) == list(HANDOVER)
    assert before[0].equals(table)
    assert before[1].equals(frame)
    return found


def test_no_site_is_an_empty_table_with_every_column(standard, communities, land):
    assert len(handed(standard, [], [], communities, land)) == 0
    assert len(handed(standard, [], [], communities, LandFiles())) == 0


def test_land_takes_the_code_of_its_type_and_says_what_the_plan_needs(standard, communities, land):
    found = handed(
        standard,
        [
            site("p1", "culture.center; medical.station", conforms="conform"),
            site("p2", "elder_care.daycare", conforms="adjust"),
            site("p3", "medical.center", conforms="not_covered"),
        ],
        [parcel("p1", 0), parcel("p2", 200), parcel("p3", 5_000)],
        communities,
        land,
    ).set_index(["site_id", "type"])
    culture, station = found.loc[("p1", "culture.center")], found.loc[("p1", "medical.station")]
    # The plan says 080302 there: right for the centre, another public use for the station.
    assert (culture["target_code"], culture["action"]) == ("080302", "none")
    assert (station["target_code"], station["action"]) == ("0702", "compatible")
    assert culture["main_code"] == station["main_code"] == "080302"
    assert (culture["present_code"], culture["present_system"]) == ("1201", "3diao")
    assert (culture["plan_unit"], culture["plan_plot"]) == ("LP01", "A-01")
    assert (culture["site_min_m2"], culture["needed_m2"], culture["size"]) == (3000, 3120, "met")
    assert culture["rights"] == "state"
    care = found.loc[("p2", "elder_care.daycare")]
    assert (care["plan_code"], care["target_code"], care["action"]) == (
        "070102",
        "0702",
        "adjust_plan",
    )
    # 0702 is a rural dwelling in the survey's system: the systems tell them apart.
    assert (care["present_code"], care["present_system"]) == ("0702", "3diao")
    far = found.loc[("p3", "medical.center")]
    assert (far["target_code"], far["action"]) == ("080602", "make_plan")
    assert far[["plan_unit", "plan_plot", "plan_code", "present_code"]].isna().all()


def test_the_countryside_has_codes_of_its_own(standard, communities):
    rural = [parcel("p1", 1_200, community_id="c2")]
    found = handed(
        standard, [site("p1", "culture.station; medical.center")], rural, communities, LandFiles()
    ).set_index("type")
    assert found.loc["culture.station", ["target_code", "target_note"]].tolist() == [
        "0704",
        "rural",
    ]
    assert found.loc["medical.center", "target_code"] == "080602"
    assert set(found["action"]) == {"check_plan"}
    assert set(found["community"]) == {"东山村"}
    unknown = communities.assign(urban=None)
    again = handed(standard, [site("p1", "culture.station")], rural, unknown, LandFiles())
    assert again["target_code"].tolist() == ["0702"]


def test_an_outdoor_ground_in_a_park_keeps_the_parks_code(standard, communities, land):
    found = handed(
        standard,
        [site("p1", "fitness.outdoor; culture.station", conforms="adjust")],
        [parcel("p1", 400)],
        communities,
        land,
    ).set_index("type")
    outdoor = found.loc["fitness.outdoor"]
    assert (outdoor["target_code"], outdoor["target_note"], outdoor["action"]) == (
        "1401",
        "park",
        "none",
    )
    assert found.loc["culture.station", "action"] == "adjust_plan"


def test_a_room_keeps_the_code_it_stands_on(standard, communities, land):
    room = site("r1", "elder_care.daycare", kind="stock_room", conforms="adjust", floor_m2=300.0)
    row = handed(standard, [room], [parcel("r1", 200, "stock_room")], communities, land).iloc[0]
    assert (row["target_code"], row["target_system"], row["target_note"]) == (
        "0702",
        "3diao",
        "room",
    )
    assert row["action"] == "change_use"
    assert (row["needed_m2"], row["size"]) == (350, "short")


def test_what_needs_no_land_keeps_its_use(standard, communities, land):
    ways = [
        site("w1", "fitness.court", kind="share", x=50.0, y=50.0, area_m2=np.nan),
        site("w2", "medical.station", kind="extension", x=250.0, y=50.0, area_m2=np.nan),
        site("w3", None, kind="gate", x=1_500.0, y=0.0, area_m2=np.nan),
    ]
    found = handed(standard, ways, [], communities, land).set_index("site_id")
    assert set(found["action"]) == {"none"}
    assert set(found["target_note"]) == {"as_is"}
    assert found["size"].isna().all()
    assert found.loc["w1", ["plan_plot", "community_id"]].tolist() == ["A-01", "c1"]
    assert found.loc["w3", "community"] == "东山村"
    assert found.loc["w3", ["type", "service", "clause", "target_code"]].isna().all()


def test_sizes_are_compared_with_all_types_together(standard, communities):
    court = site("p1", "fitness.court; fitness.outdoor", area_m2=919.0)
    narrow = site("p2", "fitness.court", area_m2=900.0)
    parcels = [parcel("p1", 0), parcel("p2", 200, inscribed_m=11.9)]
    found = handed(standard, [court, narrow], parcels, communities, LandFiles())
    # 770 m² and 150 m² are 920 m²; a court has to be 12 m wide.
    assert found["needed_m2"].tolist() == [920, 920, 770]
    assert found["size"].tolist() == ["short", "short", "narrow"]
    enough = handed(standard, [court | {"area_m2": 920.0}], parcels[:1], communities, LandFiles())
    assert set(enough["size"]) == {"met"}


def test_every_number_names_its_clause_and_a_proposal_none(standard, communities):
    row = handed(
        standard, [site("p1", "fitness.court")], [parcel("p1", 0)], communities, LandFiles()
    ).iloc[0]
    parts = row["clause"].split("; ")
    assert "site_min_m2 GB 50180-2018 附录C [R]" in parts
    assert "width_min_m [P]" in parts
    assert "setting GB 50180-2018 附录B [R]" in parts
    assert row["setting"] == "own_preferred"


def test_a_type_without_a_code_says_so(standard, communities):
    bare = [
        one.model_copy(update={"land_code_2023": ""}) if one.id == "medical.station" else one
        for one in standard.types
    ]
    own = standard.model_copy(update={"types": tuple(bare)})
    row = handed(
        own, [site("p1", "medical.station")], [parcel("p1", 0)], communities, LandFiles()
    ).iloc[0]
    assert row["target_code"] is None
    assert row["target_note"] == "no_code"


def test_order_of_plots_changes_nothing(standard, communities, land):
    sites = [site("p1", "culture.center", conforms="conform")]
    turned = dataclasses.replace(land, plots=land.plots.iloc[::-1], cover=land.cover.iloc[::-1])
    parcels = [parcel("p1", 0)]
    one = handed(standard, sites, parcels, communities, land)
    assert one.equals(handed(standard, sites, parcels, communities, turned))
