"""The gap list: every reason worked by hand, people counted once, ids that stay."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from lifecircle.access.doubts import Silence, causes_of, doubted_homes
from lifecircle.access.levels import levels_of
from lifecircle.access.scorecard import score
from lifecircle.gaps.confidence import Lost
from lifecircle.gaps.diagnosis import Gaps, diagnose
from lifecircle.gaps.reasons import REASONS, Surroundings
from lifecircle.reach.matrix import reach_of
from lifecircle.standards import CountRule
from lifecircle.tables import BARRIERS, GAPS, check, empty
from tests.making import (
    CRS,
    community_table,
    facilities_at,
    homes_at,
    requirement,
    standard,
    streets,
)
from tests.toytown_answers import EXPECTED_GAPS

# Fifteen minutes are 1,000 m; what is nearer than 1,000 / 1.3 = 769 m by air should be reached.
STREET = streets([(0, 0), (5000, 0)])
# One street that turns round at x = 2,000: its arms are 100 m apart by air, 4,100 m on foot.
HAIRPIN = streets([(0, 0), (2000, 0)], [(2000, 0), (2000, 100)], [(2000, 100), (0, 100)])
EVERYWHERE = shapely.box(-90_000, -90_000, 90_000, 90_000)


def barriers(*rows: tuple[str, str | None, list[tuple[float, float]]]) -> gpd.GeoDataFrame:
    if not rows:
        return empty(BARRIERS, CRS)
    return check(
        gpd.GeoDataFrame(
            {
                "barrier_id": [f"b{k}" for k in range(len(rows))],
                "kind": [row[0] for row in rows],
                "name": [row[1] for row in rows],
            },
            geometry=[shapely.LineString(row[2]) for row in rows],
            crs=CRS,
        ),
        BARRIERS,
        where="barriers",
    )


def gaps_of(
    homes,
    town,
    *asked,
    network=STREET,
    communities=None,
    extent=EVERYWHERE,
    lines=None,
    unknown=(),
    complete=(),
    lost=None,
    flat=(),
    silence=None,
    counted=True,
    language="en",
) -> Gaps:
    rule = standard(*(asked or (requirement(),)))
    communities = community_table("c1") if communities is None else communities
    reaches = {one.id: reach_of(one, homes, town, network) for one in rule.requirements}
    causes = {one.id: causes_of(one, homes, silence or Silence()) for one in rule.requirements}
    card = score(
        rule,
        reaches,
        homes=homes,
        facilities=town,
        levels=levels_of(communities, homes, town, study_name="Town"),
        unknown=frozenset(unknown),
        doubted={name: doubted_homes(those, len(homes)) for name, those in causes.items()},
    )
    return diagnose(
        rule,
        card,
        reaches,
        homes=homes,
        facilities=town,
        communities=communities,
        network=network,
        surroundings=Surroundings(extent=extent, barriers=barriers() if lines is None else lines),
        unknown=frozenset(unknown),
        complete=complete,
        lost=lost or Lost(),
        flat=frozenset(flat),
        causes=causes,
        counted=counted,
        language=language,
    )


def only(gaps: Gaps) -> pd.Series:
    assert len(gaps) == 1
    return gaps.table.iloc[0]


# -- what makes a gap --------------------------------------------------------------------------
def test_nothing_short_gives_an_empty_table_with_all_columns():
    homes = homes_at(STREET, (100, 0), people=500.0)
    gaps = gaps_of(homes, facilities_at(STREET, (0, 0)))
    assert len(gaps) == 0
    assert list(gaps.table.columns) == list(GAPS)
    assert len(gaps.for_service("medical")) == 0
    assert isinstance(gaps._repr_html_(), str)


def test_only_base_requirements_that_must_be_met_make_gaps():
    homes, town = homes_at(STREET, (1500, 0), people=500.0), facilities_at(STREET, (0, 0))
    for changes in ({"obligation": "as_needed"}, {"view": "quality"}):
        # one that must be met stands beside it, so that there is something to score
        met = requirement("medical_5", minutes=60)
        assert len(gaps_of(homes, town, met, requirement(**changes))) == 0
    assert len(gaps_of(homes, town)) == 1


def test_a_met_community_with_some_people_left_out_has_no_gap():
    homes = homes_at(STREET, (100, 0), (1500, 0), people=[900.0, 99.0])
    assert len(gaps_of(homes, facilities_at(STREET, (0, 0)))) == 0


# -- reasons, first that applies ---------------------------------------------------------------
def test_too_far_is_within_twice_the_limit():
    homes = homes_at(STREET, (1500, 0), people=500.0)
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0), name=["Station"])))
    assert gap["reason"] == "too_far"
    assert gap["reasons"] == "too_far 500"
    assert gap["nearest_s"] == 1350.0
    assert gap["missing_m"] == pytest.approx(500.0)
    assert gap["nearest_facility_id"] == "f000"
    assert (gap["kind"], gap["remedy"]) == ("access", "extend")
    assert gap["existing"] == "Station"
    assert gap["people"] == gap["people_short"] == 500.0
    at_twice = gaps_of(homes_at(STREET, (2000, 0), people=500.0), facilities_at(STREET, (0, 0)))
    assert only(at_twice)["reason"] == "too_far"


def test_none_is_beyond_twice_the_limit():
    homes = homes_at(STREET, (2001, 0), people=500.0)
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0), community="c9")))
    assert gap["reason"] == "none"
    assert np.isnan(gap["nearest_s"])
    assert np.isnan(gap["missing_m"])
    assert gap["nearest_facility_id"] is None
    assert (gap["kind"], gap["remedy"], gap["existing"]) == ("missing", "new", "")


RIVER = ("water", "大河", [(-100, 50), (1900, 50)])
WALL = ("wall", None, [(-100, 60), (1900, 60)])
RAIL = ("rail", "Line 1", [(-100, 55), (1900, 55)])


@pytest.mark.parametrize(
    ("lines", "told", "remedy"),
    [
        ([], "barrier(no_street) 500", "extend"),
        ([RIVER], "barrier(water: 大河) 500", "extend"),
        ([WALL], "barrier(wall) 500", "open"),
        ([WALL, RIVER], "barrier(water: 大河) 500", "extend"),
        ([RIVER, RAIL, WALL], "barrier(rail: Line 1) 500", "extend"),
        ([("water", "elsewhere", [(-100, 150), (1900, 150)])], "barrier(no_street) 500", "extend"),
    ],
)
def test_near_by_air_and_far_on_foot_names_what_stands_between(lines, told, remedy):
    homes = homes_at(HAIRPIN, (100, 0), people=500.0)
    town = facilities_at(HAIRPIN, (100, 100))
    gap = only(gaps_of(homes, town, network=HAIRPIN, lines=barriers(*lines)))
    assert gap["reason"] == "barrier"
    assert gap["reasons"] == told
    assert gap["remedy"] == remedy


def test_behind_a_barrier_is_only_who_the_facility_serves():
    # The clinic over the river is another community's; their own is 1,950 m along the street.
    asked = requirement(serves="community")
    homes = homes_at(HAIRPIN, (100, 0), people=500.0, community="c1")
    for owner, reason in (("c1", "barrier"), ("c2", "none")):
        town = facilities_at(HAIRPIN, (100, 100), community=owner)
        gap = only(gaps_of(homes, town, asked, network=HAIRPIN, lines=barriers(RIVER)))
        assert gap["reason"] == reason
    both = facilities_at(HAIRPIN, (100, 100), (2000, 50), community=["c2", "c1"])
    gap = only(gaps_of(homes, both, asked, network=HAIRPIN, lines=barriers(RIVER)))
    assert gap["reason"] == "too_far"


def test_a_barrier_needs_the_facility_within_the_limit_by_the_usual_detour():
    for x, reason in ((769.0, "barrier"), (770.0, "too_far")):
        # the street runs 200 m north and back between the two
        bent = streets([(0, 0), (0, 400)], [(0, 400), (x, 400)], [(x, 400), (x, 0)])
        homes = homes_at(bent, (0, 0), people=500.0)
        gap = only(gaps_of(homes, facilities_at(bent, (x, 0)), network=bent))
        assert gap["reason"] == reason
        assert gap["nearest_s"] == pytest.approx((800 + x) * 0.9, abs=0.02)


def test_another_tier_within_the_limit_is_told_before_the_barrier():
    asked = requirement(types=("medical.center",))
    homes = homes_at(HAIRPIN, (100, 0), people=500.0)
    kinds = ["medical.center", "medical.station"]
    town = facilities_at(HAIRPIN, (100, 100), (1100, 0), kind=kinds)
    gap = only(gaps_of(homes, town, asked, network=HAIRPIN))
    assert (gap["reason"], gap["remedy"]) == ("tier_missing", "upgrade")
    farther = facilities_at(HAIRPIN, (100, 100), (1101, 0), kind=kinds)
    assert only(gaps_of(homes, farther, asked, network=HAIRPIN))["reason"] == "barrier"
    planned = facilities_at(HAIRPIN, (100, 100), (1100, 0), kind=kinds, status=[None, "planned"])
    assert only(gaps_of(homes, planned, asked, network=HAIRPIN))["reason"] == "barrier"
    other = facilities_at(HAIRPIN, (100, 100), (200, 0), kind=[kinds[0], "culture.library"])
    assert only(gaps_of(homes, other, asked, network=HAIRPIN))["reason"] == "barrier"


def test_the_border_of_the_data_is_told_before_the_tier():
    asked = requirement(types=("medical.center",))
    homes = homes_at(STREET, (2000, 0), people=500.0)
    town = facilities_at(STREET, (2100, 0))
    for north, reason in ((1000.1, "tier_missing"), (999.9, "edge")):
        extent = shapely.box(-90_000, -90_000, 90_000, north)
        gap = only(gaps_of(homes, town, asked, extent=extent))
        assert gap["reason"] == reason
    assert gap["remedy"] == "survey"


@pytest.mark.parametrize(
    ("north", "reason"), [(300.0, "barrier"), (100.0, "barrier"), (99.9, "edge")]
)
def test_the_border_is_told_only_where_an_unknown_place_could_be_the_nearer_one(north, reason):
    # The place is 100 m away in a straight line and a long walk round: nothing the neighbour
    # lists is nearer than that unless the border is.
    homes, town = homes_at(HAIRPIN, (100, 0), people=500.0), facilities_at(HAIRPIN, (100, 100))
    extent = shapely.box(-90_000, -north, 90_000, 90_000)
    gap = only(gaps_of(homes, town, network=HAIRPIN, extent=extent))
    assert gap["reason"] == reason
    if reason == "barrier":
        assert gap["evidence"].endswith(
            f"nearer to the border of the data than the limit ({north:.0f} m at least)"
        )


def test_near_by_air_and_out_of_reach_on_foot_is_a_barrier():
    # 900 m by air are more than the usual detour allows for, and 2,900 m on foot no detour at all
    bent = streets([(0, 0), (0, 1000)], [(0, 1000), (900, 1000)], [(900, 1000), (900, 0)])
    homes, town = homes_at(bent, (0, 0), people=500.0), facilities_at(bent, (900, 0))
    gap = only(gaps_of(homes, town, network=bent))
    assert (gap["reason"], gap["reasons"]) == ("barrier", "barrier(no_street) 500")
    assert gap["evidence"] == (
        "median resident concerned: an unnamed place (Community health station) is 900 m by air, "
        "between them no street through; out of reach on foot within 30 min"
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            '"Station" is 100 m by air, between them water (大河); '
            "3900 m, 58.5 min on foot, 39.0 times that",
        ),
        (
            "zh",
            "“Station”直线 100 米，其间为河流水面（大河）；"
            "步行 3900 米、58.5 分钟，为直线的 39.0 倍",
        ),
    ],
)  # fmt: skip
def test_what_blocks_the_detour_and_the_place_are_told(language, told):
    homes = homes_at(HAIRPIN, (100, 0), people=500.0)
    town = facilities_at(HAIRPIN, (100, 100), name=["Station"])
    asked = requirement(minutes=30)
    gap = only(
        gaps_of(homes, town, asked, network=HAIRPIN, lines=barriers(RIVER), language=language)
    )
    assert gap["reason"] == "barrier"
    whose = "主因居民的中位住户点：" if language == "zh" else "median resident concerned: "
    assert gap["evidence"] == whose + told


def test_every_reason_rests_on_a_place_and_its_distance():
    kinds = ["medical.center", "medical.station"]
    asked = requirement(types=("medical.center",))
    homes = homes_at(STREET, (2000, 0), people=500.0)
    town = facilities_at(STREET, (4800, 0), (1600, 0), kind=kinds, name=["Far", "Near"])
    gap = only(gaps_of(homes, town, asked))
    assert gap["reason"] == "tier_missing"
    assert gap["evidence"] == (
        "median resident concerned: within the limit only another tier of the service: "
        '"Near", 400 m on foot; no right place within 30 min on foot'
    )
    gap = only(gaps_of(homes, facilities_at(STREET, (800, 0), name=["Far"])))
    assert gap["evidence"] == (
        'median resident concerned: the nearest right place is "Far": 1200 m, 18.0 min on foot '
        "(3.0 min over the limit), 1200 m by air"
    )


def test_too_little_data_is_told_by_the_norm():
    # one place for 1,000 people (made up) and 9,000 people: 9 are expected and 1 is known
    homes = homes_at(STREET, (1500, 0), people=90_000_000.0)
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0)), unknown=["medical_15"]))
    assert gap["reason"] == "no_data"
    assert gap["evidence"].startswith("1 places are in the data, about ")
    nothing = facilities_at(STREET, (0, 0), kind="culture.library")
    gap = only(gaps_of(homes, nothing, unknown=["medical_15"], language="zh"))
    assert gap["evidence"] == "数据中没有一处该类设施，名录未声明完整，无法判断"


def test_few_homes_where_nobody_counted_are_less_sure():
    town = facilities_at(STREET, (0, 0))
    many = homes_at(STREET, *((1500 + k, 0) for k in range(200)), people=1.0)
    full = only(gaps_of(many, town))["confidence"]
    assert only(gaps_of(many, town, counted=False))["confidence"] == full
    small = (requirement(min_people_short=1.0),)
    few = homes_at(STREET, *((1500 + k, 0) for k in range(10)), people=1.0)
    assert only(gaps_of(few, town, *small))["confidence"] == full
    assert only(gaps_of(few, town, *small, counted=False))["confidence"] == full / 2


def test_many_barriers_are_told_by_the_largest_and_the_rest_together():
    # walls between x and x + 100, one for every 100 m, each with 100, 200, … people behind it
    places = [(100.0 * k, 0.0) for k in range(1, 7)]
    homes = homes_at(HAIRPIN, *places, people=[100.0 * k for k in range(1, 7)])
    town = facilities_at(HAIRPIN, *((x, 100.0) for x, _ in places))
    lines = barriers(
        *(("wall", f"W{k}", [(100 * k - 40, 50), (100 * k + 40, 50)]) for k in range(1, 7))
    )
    gap = only(gaps_of(homes, town, network=HAIRPIN, lines=lines))
    assert gap["reasons"] == (
        "barrier(wall: W6) 600; barrier(wall: W5) 500; barrier(wall: W4) 400; barrier 300; "
        "barrier(wall: W3) 300"
    )


def test_homes_beyond_the_data_are_at_the_edge_however_far_out():
    homes = homes_at(STREET, (4500, 0), people=500.0)
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0)), extent=shapely.box(0, -9, 1000, 9)))
    assert gap["reason"] == "edge"


def test_what_is_not_known_is_listed_first_and_never_counted():
    homes = homes_at(STREET, (1500, 0), people=[500.0])
    town = facilities_at(STREET, (0, 0), (10, 0), kind=["medical.station", "culture.library"])
    asked = requirement("medical_15"), requirement("culture_15")
    gaps = gaps_of(homes, town, *asked, unknown=["medical_15"], extent=shapely.box(0, -9, 9, 9))
    table = gaps.table.set_index("requirement")
    assert table["reason"].to_dict() == {"medical_15": "no_data", "culture_15": "edge"}
    assert table.loc["medical_15", "remedy"] == "survey"
    assert np.isnan(table.loc["medical_15", "priority"])
    assert table.loc["culture_15", "priority"] == 1
    confidence = table["confidence"]
    assert confidence["medical_15"] < confidence["culture_15"]
    declared = gaps_of(homes, town, *asked, complete={"culture"}).table.set_index("requirement")
    assert declared.loc["culture_15", "confidence"] > confidence["culture_15"]


def test_a_community_that_did_not_report_has_no_gap_and_the_list_is_named():
    homes = homes_at(STREET, (500, 0), (1500, 0), people=[500.0, 500.0], community=["c1", "c2"])
    areas = community_table("c1", "c2")
    silence = Silence(unreported={"medical": {"c1": "sports.xlsx"}})
    town = facilities_at(STREET, (4900, 0))
    table = gaps_of(homes, town, communities=areas, silence=silence).table
    table = table.set_index("community_id")
    assert table["reason"].to_dict() == {"c1": "no_data", "c2": "none"}
    assert table.loc["c1", "remedy"] == "survey"
    assert np.isnan(table.loc["c1", "priority"])
    assert table.loc["c1", "confidence"] == pytest.approx(0.3)
    assert table.loc["c1", "evidence"] == (
        "did not report: Community c1 (sports.xlsx); settled by their report or its place"
    )
    assert table.loc["c2", "evidence"] == (
        "median resident concerned: no right place within 30 min on foot; by air the nearest "
        "right place is an unnamed place (Community health station), 3400 m"
    )
    # what another list knows covers its people, and is not taken back
    near = facilities_at(STREET, (500, 0), (4900, 0))
    assert "c1" not in set(
        gaps_of(homes, near, communities=areas, silence=silence).table["community_id"]
    )


def test_a_gap_that_stands_whatever_is_not_known_is_told_by_what_is_known():
    # 600 m from c1's only home: it might be served from there, the other two could not
    homes = homes_at(
        STREET,
        *((500, 0), (1100, 0), (3500, 0), (3600, 0)),
        people=[500.0, 900.0, 200.0, 300.0],
        community=["c1", "c2", "c2", "c2"],
    )
    silence = Silence(unreported={"medical": {"c1": "sports.xlsx"}})
    gaps = gaps_of(
        homes,
        facilities_at(STREET, (4900, 0)),
        communities=community_table("c1", "c2"),
        silence=silence,
        language="zh",
    )
    gap = gaps.table.set_index("community_id").loc["c2"]
    assert gap["reason"] == "too_far"
    assert gap["reasons"] == "no_data 900; too_far 500"
    assert gap["evidence"] == (
        "主因居民的中位住户点：最近的合格设施为一处无名称的社区卫生服务站："
        "步行 1300 米、19.5 分钟（超出限值 4.5 分钟），直线 1300 米；"
        "另有住户点受其影响：未报送：Community c1（sports.xlsx）"
    )
    assert gaps.home_reason["medical_15"].tolist() == ["no_data", "no_data", "too_far", "too_far"]


def test_the_edge_is_told_with_its_side_and_what_settles_it():
    homes = homes_at(STREET, (1500, 0), (1700, 0), people=500.0)
    extent = shapely.box(-9000, -9000, 2000, 9000)
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0)), extent=extent, language="zh"))
    assert gap["reason"] == "edge"
    assert gap["evidence"].startswith("数据在东侧边界处终止，最近处距未覆盖住户点 300 米")
    beyond = shapely.box(-9000, -9000, 1000, 9000)  # the homes lie outside the data
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0)), extent=beyond))
    assert gap["evidence"].startswith("the data end on the east side, 0 m from")


def test_what_has_no_place_lowers_the_confidence_most_where_it_belongs():
    homes = homes_at(STREET, (1500, 0), people=[500.0])
    town = facilities_at(STREET, (0, 0))
    plain = only(gaps_of(homes, town))["confidence"]
    elsewhere = Lost(shares={"medical": 0.1}, communities={"medical": frozenset({"c9"})})
    assert only(gaps_of(homes, town, lost=elsewhere))["confidence"] == pytest.approx(0.9 * plain)
    here = Lost(shares={"medical": 0.1}, communities={"medical": frozenset({"c1"})})
    assert only(gaps_of(homes, town, lost=here))["confidence"] == pytest.approx(0.3)
    other = Lost(shares={"culture": 0.9}, communities={"culture": frozenset({"c1"})})
    assert only(gaps_of(homes, town, lost=other))["confidence"] == plain


def test_of_several_places_the_one_that_lacks_is_told():
    rule = CountRule(types=("culture.library",), at_least=2)
    asked = requirement("culture_15", counts=(rule,))
    homes = homes_at(STREET, (100, 0), people=500.0)
    lines = barriers(("wall", None, [(50, -9), (50, 9)]))
    # One is there behind a wall, but no second one: nothing stands between it and the home.
    gap = only(
        gaps_of(homes, facilities_at(STREET, (0, 0), kind="culture.library"), asked, lines=lines)
    )
    assert gap["reason"] == "none"
    assert np.isnan(gap["missing_m"])
    assert gap["nearest_facility_id"] is None
    assert gap["lacking"].endswith("≥2")
    # The second one is what is too far, by what the walk to it has too much.
    two = facilities_at(STREET, (0, 0), (1400, 0), kind="culture.library")
    gap = only(gaps_of(homes, two, asked, lines=lines))
    assert (gap["reason"], gap["nearest_facility_id"]) == ("too_far", "f001")
    assert gap["missing_m"] == pytest.approx(300.0)
    # Both are near by air and the second not on foot: the wall between is named.
    near = facilities_at(HAIRPIN, (0, 0), (100, 100), kind="culture.library")
    homes = homes_at(HAIRPIN, (100, 0), people=500.0)
    lines = barriers(("wall", "city wall", [(-9, 50), (1900, 50)]))
    gap = only(gaps_of(homes, near, asked, lines=lines, network=HAIRPIN))
    assert (gap["reason"], gap["reasons"]) == ("barrier", "barrier(wall: city wall) 500")


def test_what_is_asked_for_once_leaves_nothing_to_be_told_as_lacking():
    homes = homes_at(STREET, (1500, 0), people=500.0)
    assert only(gaps_of(homes, facilities_at(STREET, (0, 0))))["lacking"] is None


def test_a_gym_for_residents_is_not_behind_a_barrier():
    homes = homes_at(STREET, (100, 0), people=500.0)
    town = facilities_at(STREET, (0, 0), kind="fitness.hall", open_to=["residents"])
    gap = only(gaps_of(homes, town, requirement("fitness_15")))
    assert gap["reason"] == "none"


# -- one row per community and requirement -----------------------------------------------------
def test_the_row_takes_the_reason_with_most_people_and_keeps_the_others():
    # 60 too far, 40 + 10 with none; another community's people do not mix in
    homes = homes_at(
        STREET,
        (1500, 0), (2500, 0), (2600, 0), (4000, 0), (100, 0), (1600, 0),
        people=[60.0, 40.0, 10.0, 500.0, 20.0, 0.0],
        community=["c1", "c1", "c1", "c2", "c1", "c1"],
    )  # fmt: skip
    town = facilities_at(STREET, (0, 0))
    gaps = gaps_of(homes, town, communities=community_table("c1", "c2"))
    table = gaps.table.set_index("community_id")
    assert table.index.tolist() == ["c2", "c1"]  # most people short first
    assert table["priority"].tolist() == [1, 2]
    gap = table.loc["c1"]
    assert (gap["reason"], gap["reasons"]) == ("too_far", "too_far 60; none 50")
    assert (gap["people"], gap["people_short"]) == (130.0, 110.0)
    assert gap["kind"] == "access"
    assert table.loc["c2", "kind"] == "missing"
    reasons = gaps.home_reason["medical_15"]
    assert reasons.tolist() == ["too_far", "none", "none", "none", None, "too_far"]


def test_missing_means_no_facility_there_and_nobody_covered():
    homes = homes_at(STREET, (1500, 0), people=500.0)
    elsewhere = facilities_at(STREET, (0, 0), community="c2")
    assert only(gaps_of(homes, elsewhere))["kind"] == "missing"
    here = facilities_at(STREET, (0, 0), community="c1")
    assert only(gaps_of(homes, here))["kind"] == "access"
    planned = facilities_at(STREET, (0, 0), community="c1", status=["planned"])
    assert only(gaps_of(homes, planned))["kind"] == "missing"
    some = homes_at(STREET, (100, 0), (1500, 0), people=[1.0, 500.0])
    assert only(gaps_of(some, elsewhere))["kind"] == "access"


def test_the_numbers_of_a_row_are_those_of_the_median_person_its_reason_holds_for():
    spots = ((1100, 0), (1300, 0), (1900, 0), (3000, 0))
    homes = homes_at(STREET, *spots, people=[100.0, 300.0, 100.0, 900.0])
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0), name=["Far"])))
    assert gap["reasons"] == "none 900; too_far 500"
    assert gap[["nearest_s", "missing_m", "nearest_facility_id"]].isna().all()
    assert gap["evidence"] == (
        "median resident concerned: no right place within 30 min on foot; by air the nearest right "
        'place is "Far", 3000 m'
    )
    # why another place of the community itself is no help to them is told, too
    town = facilities_at(STREET, (0, 0), (0, 0), name=["Far", "Further"])
    assert only(gaps_of(homes, town))["evidence"].endswith(
        'the community has 2 ("Far", …), beyond that for them or not open to them'
    )
    homes = homes_at(STREET, *spots, people=[100.0, 300.0, 100.0, 100.0])
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0), name=["Far"])))
    assert "1300 m, 19.5 min on foot (4.5 min over the limit)" in gap["evidence"]
    assert gap["nearest_s"] == 1170.0
    assert gap["missing_m"] == pytest.approx(300.0)
    assert (gap["lon"], gap["lat"]) == pytest.approx(
        tuple(homes.table.to_crs(4326).geometry.iloc[2].coords[0]), abs=1e-9
    )  # the home nearest to the people's centre, at x = 2,300


def test_a_distance_clause_is_diagnosed_in_metres():
    asked = requirement("medical_5", minutes=None, limit_m=300.0)
    homes = homes_at(STREET, (450, 0), (700, 0), people=[500.0, 10.0])
    gap = only(gaps_of(homes, facilities_at(STREET, (0, 0)), asked))
    assert gap["reasons"] == "too_far 500; none 10"
    assert np.isnan(gap["minutes"])
    assert gap["limit_m"] == 300.0
    assert gap["missing_m"] == pytest.approx(150.0)
    assert "≤300 m" in gap["required"]


def test_what_is_there_is_listed_by_name_and_the_nameless_are_counted():
    names = ["F", "E", "D", "C", "B", "A", None, ""]
    homes = homes_at(STREET, (1500, 0), people=500.0)
    town = facilities_at(STREET, *((k, 0) for k in range(8)), name=names)
    assert only(gaps_of(homes, town))["existing"] == "A; B; C; D; E … (+1); ×2"


def test_ids_hang_on_community_and_requirement_alone():
    town = facilities_at(STREET, (0, 0))
    both = community_table("c1", "c2")
    homes = homes_at(STREET, (1500, 0), (1600, 0), people=500.0, community=["c1", "c2"])
    asked = requirement("medical_15"), requirement("medical_5")
    first = gaps_of(homes, town, *asked, communities=both).table
    assert first["gap_id"].is_unique
    again = gaps_of(
        homes_at(STREET, (1700, 0), people=999.0, community="c2"),
        facilities_at(STREET, (0, 0), (9, 0)),
        asked[0],
        communities=both.iloc[::-1].reset_index(drop=True),
    ).table
    where = (first["community_id"] == "c2") & (first["requirement"] == "medical_15")
    assert again["gap_id"].tolist() == first.loc[where, "gap_id"].tolist()
    assert first["gap_id"].str.fullmatch("g[0-9a-f]+").all()


def test_a_service_is_listed_with_most_people_first():
    homes = homes_at(STREET, (1500, 0), (1600, 0), people=[200.0, 500.0], community=["c1", "c2"])
    gaps = gaps_of(homes, facilities_at(STREET, (0, 0)), communities=community_table("c1", "c2"))
    assert gaps.for_service("medical")["community_id"].tolist() == ["c2", "c1"]
    assert len(gaps.for_service("culture")) == 0


def test_names_are_escaped_where_the_table_is_shown():
    communities = community_table("c1").assign(name=["<img src=x onerror=alert(1)>"])
    homes = homes_at(STREET, (1500, 0), people=500.0)
    shown = gaps_of(homes, facilities_at(STREET, (0, 0)), communities=communities)._repr_html_()
    assert "<img" not in shown
    assert "&lt;img" in shown


def test_inputs_stay_as_they_were():
    homes, town = homes_at(STREET, (1500, 0), people=500.0), facilities_at(STREET, (0, 0))
    before = homes.table.copy(deep=True), town.table.copy(deep=True)
    gaps_of(homes, town)
    pd.testing.assert_frame_equal(homes.table, before[0])
    pd.testing.assert_frame_equal(town.table, before[1])


# -- the toy town ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "gap", EXPECTED_GAPS, ids=lambda gap: f"{gap.community_id}-{gap.requirement}"
)
def test_the_toy_towns_reasons_are_those_worked_by_hand(gap, toy_findings):
    table = toy_findings.gaps.table.set_index(["community_id", "requirement"])
    assert table.loc[(gap.community_id, gap.requirement), "reasons"] == gap.reasons, gap.why


def test_the_toy_towns_gaps_conserve_people_and_name_the_river(toy_findings):
    table = toy_findings.gaps.table
    scores = toy_findings.scorecard.scores
    short = scores[(scores["level"] == "community") & (scores["verdict"] == "short")]
    keys = ["community_id", "requirement"]
    merged = short.rename(columns={"area_id": "community_id"}).merge(
        table, on=keys, suffixes=("_score", "_gap")
    )
    assert len(merged) == len(short) == len(table)
    np.testing.assert_allclose(
        merged["people_short"], merged["people_score"] - merged["covered"], rtol=1e-9
    )
    assert set(table["reason"]) <= set(REASONS)
    river = table.set_index(keys).loc[("c2", "culture_15")]
    assert (river["reason"], river["reasons"]) == ("barrier", "barrier(water: 大河) 448")
    assert river["nearest_s"] == pytest.approx(946.8, abs=0.05)
    told = table["reasons"].str.findall(r" (\d+)(?:;|$)").map(lambda found: sum(map(int, found)))
    np.testing.assert_array_equal(told, table["people_short"])
