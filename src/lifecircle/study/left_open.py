"""What a programme leaves open in every community, why, and what would help: in plain words."""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.sentences import main_reasons
from lifecircle.outputs.style import label

_MOST_REASONS = 2


def with_reasons(table: pd.DataFrame, wishes: pd.DataFrame, language: str) -> pd.DataFrame:
    """
    Say of each community why gaps stay open once the programme is done.

    Parameters
    ----------
    table
        `tables.COMMUNITY_PROGRAMME`; not changed.
    wishes
        `tables.WISHES`: gaps that nothing closes, each with its reasons.
    language
        ``zh`` or ``en``.

    Returns
    -------
    table
        With ``why`` telling, for each community with gaps left, the reasons that stand first for
        most of its gaps (that which most people have), and what would help.
    """
    chinese = language == "zh"
    by_community = dict(tuple(main_reasons(wishes).groupby("community_id")))
    told = []
    for row in table.to_dict("records"):
        mine, left = by_community.get(row["community_id"]), row["gaps_left"]
        if mine is None or not left:
            told.append(row["why"])
            continue
        counts = mine["why"].value_counts(sort=False)
        order = sorted(counts.items(), key=lambda one: (-int(one[1]), str(one[0])))[:_MOST_REASONS]
        helps = dict(zip(mine["why"], mine["would_help"], strict=True))
        many = "{}（{}）" if chinese else "{} ({})"
        reasons = [many.format(label("wish", why, language), count) for why, count in order]
        ways = list(dict.fromkeys(label("would_help", helps[why], language) for why, _ in order))
        if chinese:
            rest = f"余{left:.0f}条短板，主因：{'、'.join(reasons)}；可行途径：{'；'.join(ways)}"
            told.append(f"{row['why']}；{rest}")
        else:
            rest = f"{left:.0f} gaps left, mostly: {', '.join(reasons)}; would help: "
            told.append(f"{row['why']}; {rest}{'; '.join(ways)}")
    return table.assign(why=told)
