"""Two clauses of one rule: separate requirements, told as one gap."""

from __future__ import annotations

import pandas as pd
import pytest

from lifecircle.outputs.names import Names
from lifecircle.outputs.siblings import counted_once, families, joined_label, twice_listed
from lifecircle.standards import load_standard

ZHEJIANG = load_standard("zhejiang")


def gaps(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["community_id", "requirement"])


def test_only_one_rule_in_minutes_and_in_metres_is_a_family():
    family = families(ZHEJIANG)
    assert family["culture_circle_1km"] == family["culture_circle_15"]
    assert set(families(load_standard("basic"))) == set()  # 5 and 15 minutes are two circles
    for name, first in family.items():
        one, two = ZHEJIANG.requirement(name), ZHEJIANG.requirement(first)
        assert (one.counts, one.types, one.circle) == (two.counts, two.types, two.circle)


def test_a_pair_counts_once_where_both_fall_short_and_only_there():
    table = gaps(
        ("a", "culture_circle_15"),
        ("b", "culture_circle_1km"),
        ("a", "culture_circle_1km"),
        ("a", "medical_center_15"),
    )
    other = twice_listed(ZHEJIANG, table)
    assert other.dropna().to_dict() == {0: "culture_circle_1km", 2: "culture_circle_15"}
    assert counted_once(ZHEJIANG, table) == 3


@pytest.mark.parametrize("table", [gaps(), gaps(("a", "medical_center_15"))])
def test_without_pairs_every_row_counts(table):
    assert twice_listed(ZHEJIANG, table).isna().all()
    assert counted_once(ZHEJIANG, table) == len(table)


def test_labels_that_share_nothing_stand_beside_each_other(content):
    names = Names.of(content)
    both = joined_label(names, "medical_5", "culture_15")
    assert both == f"{names.requirements['medical_5']}；{names.requirements['culture_15']}"
