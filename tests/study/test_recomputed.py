"""Every number of a run's scores follows from its homes alone, summed by other code."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from benchmarks.recomputed import differences, recompute


def test_every_row_of_the_toy_towns_scores_follows_from_its_homes(toy_folder):
    found = recompute(toy_folder)
    scores = pd.read_csv(toy_folder / "tables" / "scores.csv")
    assert len(found) == len(scores) > 0
    assert set(found["level"]) == set(scores["level"]) >= {"estate", "community", "study"}
    wrong = differences(found)
    assert wrong.empty, wrong.to_string()


def test_a_wrong_number_is_found(toy_folder, tmp_path):
    (tmp_path / "tables").mkdir()
    for name in ("run.json", "tables/scores.csv", "tables/homes.parquet"):
        (tmp_path / name).write_bytes((toy_folder / name).read_bytes())
    scores = pd.read_csv(tmp_path / "tables" / "scores.csv")
    row = scores.index[(scores["level"] == "community") & (scores["covered"] > 0)][0]
    scores.loc[row, "covered"] -= 1
    scores.to_csv(tmp_path / "tables" / "scores.csv", index=False)
    assert len(differences(recompute(tmp_path))) == 1


@pytest.mark.parametrize("level", ["estate", "community", "subdistrict", "county"])
def test_levels_hold_the_people_of_their_homes(toy_folder, level):
    homes = pd.read_parquet(toy_folder / "tables" / "homes.parquet")
    column = level if level in ("subdistrict", "county") else f"{level}_id"
    index = pd.read_csv(toy_folder / "tables" / "index.csv", dtype={"area_id": str})
    told = index[(index["level"] == level) & (index["minutes"] == 15)]
    told = told.set_index("area_id")["people"]
    sums = homes.groupby(column)["people"].sum()
    assert len(told) > 0
    assert sums.to_dict() == pytest.approx(
        told[told > 0].to_dict() | dict.fromkeys(sums[sums == 0].index, 0.0)
    )


# -- the fictional district --------------------------------------------------------------------
SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
DISTRICTS = ("cn_lanpu", "cn_lanpu_small")
COUNTS = {"60plus": 5, "65plus": 6, "80plus": 7, "0_3": 8, "3_6": 9}
RESIDENTS = 4


def cells_of(district):
    """The latest sheet as it stands in the file, and its sums, read without lifecircle."""
    calamine = pytest.importorskip("python_calamine")
    path = SHARED / district / "03_人口.xls"
    if not path.exists():
        pytest.skip(f"{district} is not beside the checkout")
    book = calamine.CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_name("公安2025").to_python()


def homes_of(district):
    """Homes of the study `init` draws up, shared out but not searched."""
    import warnings  # noqa: PLC0415

    from lifecircle.errors import LifecircleWarning  # noqa: PLC0415
    from lifecircle.sources.people.communities import read_communities  # noqa: PLC0415
    from lifecircle.sources.people.joining import join_people  # noqa: PLC0415
    from lifecircle.sources.people.tables import read_people_table  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LifecircleWarning)
        outlines, _ = read_communities(SHARED / district / "01_社区界线.shp")
        people = read_people_table(SHARED / district / "03_人口.xls")
        return join_people(outlines, people)[0]


@pytest.mark.parametrize("district", DISTRICTS)
def test_communities_have_the_people_of_the_sheet_to_the_person(district):
    rows = cells_of(district)
    whole = next(row for row in rows if row[0] == "合计")
    communities = homes_of(district)
    assert communities["people"].sum() == pytest.approx(whole[RESIDENTS], abs=1e-6)
    for group, column in COUNTS.items():
        assert communities[f"people_{group}"].sum() == pytest.approx(whole[column], abs=1e-6)
    by_code = communities.set_index("community_id")
    told = [row for row in rows if str(row[11]).isdigit() and row[RESIDENTS] != ""]
    assert len(told) > 5
    for row in told:
        community = by_code.loc[str(row[11])]
        assert community["people"] == row[RESIDENTS]
        for group, column in COUNTS.items():
            assert community[f"people_{group}"] == row[column]


@pytest.mark.parametrize("district", DISTRICTS)
def test_subdistricts_have_the_sums_of_the_sheet_where_no_zone_is_counted_apart(district):
    rows = cells_of(district)
    communities = homes_of(district)
    zone = False
    sums: dict[str, float] = {}
    within: dict[str, str] = {}
    name = ""
    names = dict(zip(communities["community_id"], communities["subdistrict"], strict=True))
    for row in rows:
        if row[0] and row[1]:
            name = row[0]
        zone = "管委会" in name
        code = str(row[11])
        if row[1] == "小计" and not zone:
            sums[name] = sums.get(name, 0) + row[RESIDENTS]
        elif code in names and zone and row[RESIDENTS] != "":
            within[code] = names[code]
            sums[names[code]] = sums.get(names[code], 0) + row[RESIDENTS]
    assert within
    found = communities.groupby("subdistrict")["people"].sum().to_dict()
    assert found == pytest.approx(sums, abs=1e-6)


@pytest.mark.parametrize("district", DISTRICTS)
def test_communities_are_urban_and_villages_rural(district):
    rows = cells_of(district)
    communities = homes_of(district)
    villages = {str(row[11]) for row in rows if str(row[1]).endswith("村")}
    known = communities[communities["community_id"].isin({str(row[11]) for row in rows})]
    assert known["urban"].notna().all()
    assert set(known.loc[~known["urban"].astype(bool), "community_id"]) == {
        one for one in villages if one in set(known["community_id"])
    }
