"""
The scores of a run once more, from its homes alone: is every number what it says?

    python -m benchmarks.recomputed RUN [RUN …]

Nothing of lifecircle is imported: `tables/homes.parquet` is summed by plain pandas and compared
with `tables/scores.csv` on every level, row by row. Limits come from `scores.csv` itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

AREA = {
    "estate": "estate_id",
    "community": "community_id",
    "unit": "unit_id",
    "subdistrict": "subdistrict",
    "county": "county",
    "city": "city",
}
ALLOWED = {"people": 0.0501, "covered": 0.0501, "share": 5.1e-5, "median_s": 0.0051}
"""Half of the last decimal the table is written with."""


def recompute(run: Path) -> pd.DataFrame:
    """Every row of a run's scores beside the same numbers from its homes: columns ``…_again``."""
    homes = pd.read_parquet(run / "tables" / "homes.parquet")
    scores = pd.read_csv(run / "tables" / "scores.csv", dtype={"area_id": str})
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    only = {one["id"]: one["where"] for one in record["standard"]["requirements"]}
    rural = homes["where"] == "rural"
    parts = []
    for (level, requirement), rows in scores.groupby(["level", "requirement"], sort=False):
        first = rows.iloc[0]
        column = "people" if first["group"] == "all" else f"people_{first['group']}"
        if column not in homes:
            continue
        asked = {"urban": ~rural, "rural": rural}.get(only[requirement], rural | ~rural)
        people = homes[column].where(asked, 0.0)
        if pd.notna(first["minutes"]):
            covered = homes[f"{requirement}_s"] <= first["minutes"] * 60
        else:
            covered = homes[f"{requirement}_m"] <= first["limit_m"]
        frame = pd.DataFrame(
            {
                "area_id": "study" if level == "study" else homes[AREA[level]],
                "people": people,
                "covered": people.where(covered, 0.0),
                "walk": homes[f"{requirement}_s"],
            }
        ).dropna(subset=["area_id"])
        sums = frame.groupby("area_id")[["people", "covered"]].sum()
        sums["share"] = sums["covered"] / sums["people"].where(sums["people"] > 0)
        lived = frame[frame["people"] > 0]
        sums["median_s"] = pd.Series(
            {area: _median(part) for area, part in lived.groupby("area_id")}, dtype=float
        )
        again = sums.add_suffix("_again")
        part = rows.merge(again, left_on="area_id", right_index=True, how="left")
        part[["people_again", "covered_again"]] = part[["people_again", "covered_again"]].fillna(0)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _median(part: pd.DataFrame) -> float:
    """The walk of the person in the middle; missing where that person reaches nothing."""
    ordered = part.sort_values("walk", na_position="last")
    running = ordered["people"].cumsum().to_numpy()
    at = int(np.searchsorted(running, running[-1] / 2 * (1 - 1e-12)))
    return float(ordered["walk"].iloc[at])


def differences(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of which a number is not the same."""
    wrong = np.zeros(len(found), dtype=bool)
    for name, allowed in ALLOWED.items():
        ours, again = found[name], found[f"{name}_again"]
        wrong |= (ours.isna() != again.isna()) | ((ours - again).abs() > allowed)
    return found[wrong]


def main() -> None:
    print("| run | people | levels | rows compared | largest difference | rows that differ |")
    print("|---|---|---|---|---|---|")
    for name in sys.argv[1:]:
        run = Path(name)
        found = recompute(run)
        wrong = differences(found)
        whole = found[found["level"] == "study"].iloc[0]
        most = max(
            ((found[one] - found[f"{one}_again"]).abs().max(), one) for one in ("people", "covered")
        )
        print(
            f"| {run.name} | {whole['people']:,.0f} | {found['level'].nunique()} "
            f"| {len(found):,} | {most[0]:.3f} people | {len(wrong)} |"
        )


if __name__ == "__main__":
    main()
