"""
The report's chapter on measures beside the headline: bases, equity, what residents ask for.

Sentences state figures of the run; nothing is computed here but differences and counts of rows.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.report.parts import Writer
from lifecircle.outputs.workbook.grid import Block, Field, Row
from lifecircle.outputs.workbook.measures import (
    asked,
    judged,
    share_fields,
    shares_of,
    study_shares,
)
from lifecircle.outputs.workbook.needs import needs_block

_THIN = 0.8  # land that fewer of the people live on is thinly known (P)
_WORTH_TELLING = 0.005  # less than half a point is told as no difference (P)


def measures_part(writer: Writer, content: Content, names: Names, first: int) -> None:
    """
    Write what stands beside the results.

    Parameters
    ----------
    writer
        The document.
    content
        What the run has to show.
    names
        Its words.
    first
        Number of the first heading within chapter 5.
    """
    say = names.say
    number = first
    if len(content.coverage):
        writer.heading(say(f"5.{number} 覆盖率口径比较", f"5.{number} Coverage by base"), level=2)
        writer.text(*bases_told(content, names))
        writer.table(bases_table(content, names))
        number += 1
    if len(content.equity):
        writer.heading(say(f"5.{number} 公平性", f"5.{number} Equity"), level=2)
        writer.text(*equity_told(content, names))
        number += 1
    needs = needs_block(content, names)
    if needs is not None:
        writer.heading(
            say(f"5.{number} 居民需求与得分对照", f"5.{number} Needs and scores"), level=2
        )
        writer.text(needs_told(content, names))
        writer.table(needs)


def bases_table(content: Content, names: Names) -> Block:
    """
    Lay out the shares of the whole area on every base.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per required item.
    """
    found = study_shares(content)
    rows: tuple[Row, ...] = tuple(
        (names.requirements[one.id], *shares_of(found, one.id, names)[:-2])
        for one in asked(content)
    )
    return Block(
        title=names.say("全域覆盖率口径比较", "Coverage of the whole area by base"),
        fields=(
            Field(heading=names.heading("requirement"), form="wide"),
            *share_fields(names)[:-2],
        ),
        rows=rows,
        empty=names.say("没有应配建要求。", "Nothing is required."),
    )


def bases_told(content: Content, names: Names) -> list[str]:
    """
    Say where land comes from and how much the straight line flatters.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sentences
        With the widest difference between straight line and streets.
    """
    say = names.say
    table = content.coverage
    whole = table[(table["level"] == "study") & (table["base"] == "people")]
    known = judged(content)
    shares = {
        (row.requirement, row.method): float(row.share)
        for row in whole.itertuples()
        if pd.notna(row.share) and known("study", row.area_id, row.requirement)
    }
    gaps = {
        one.id: shares[one.id, "radius"] - shares[one.id, "network"]
        for one in asked(content)
        if (one.id, "radius") in shares and (one.id, "network") in shares
    }
    said = [
        say(
            "判定以路网步行的覆盖率为准；直线半径不考虑河流、铁路、围墙和绕行，仅供与旧口径比较。",
            "Verdicts rest on walks along streets; the straight line knows no river, railway, wall"
            " or detour and is shown for comparison with older figures.",
        )
    ]
    if gaps:
        widest = max(gaps, key=lambda one: (gaps[one], one))
        on_foot, straight = shares[widest, "network"], shares[widest, "radius"]
        said.append(
            say(
                f"两者相差最大的是“{names.requirements[widest]}”：直线半径 {straight:.1%}，"
                f"路网步行 {on_foot:.1%}。",
                f"They differ most for “{names.requirements[widest]}”: {straight:.1%} in a"
                f" straight line, {on_foot:.1%} along streets.",
            )
        )
    if content.land_from is not None:
        said.append(_of_land(content, names))
    return said


def _of_land(content: Content, names: Names) -> str:
    source = names.label("land_from", content.land_from)
    table = content.coverage
    whole = table[(table["level"] == "study") & (table["base"] == "residential_land")]
    text = names.say(f"居住用地取自{source}", f"Residential land is that of the {source}")
    known = whole["known"].dropna()
    if len(known):
        part = known.iloc[0]
        text += names.say(f"，{part:.1%} 的人口居住其上", f"; {part:.1%} of the people live on it")
        if part < _THIN:
            text += names.say(
                "，用地资料不全，该口径仅供参考",
                ": the land is known too thinly for this base to mean much",
            )
    return text + names.say("。", ".")


def equity_told(content: Content, names: Names) -> list[str]:
    """
    Say in sentences who is served worse in the whole area.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sentences
        Groups against everybody, villages against towns, the worst tenth, the most uneven item.
    """
    say = names.say
    table = content.equity
    known = judged(content)
    items = [one.id for one in asked(content)]
    whole = table[(table["level"] == "study") & table["requirement"].isin(items)]
    keep = [known("study", row.area_id, row.requirement) for row in whole.itertuples()]
    whole = whole[keep]
    shares = whole[whole["measure"] == "share_gap"]
    groups = sorted(set(shares.loc[shares["against"] == "all", "of"]) - {"worst_tenth"})
    said = [_compared(shares, group, names.label("group", group), names) for group in groups]
    village = shares[shares["of"] == "village"]
    if (village["note"] == "unknown").all():
        said.append(
            say("未提供社区的城乡属性，不作城乡比较。", "Towns and villages are not told apart.")
        )
    else:
        said.append(_compared(shares, "village", names.label("equity_side", "village"), names))
    said.append(_worst(shares[shares["of"] == "worst_tenth"], names))
    uneven = whole[(whole["measure"] == "gini") & whole["value"].notna()]
    if len(uneven):
        top = uneven.sort_values(["value", "requirement"], ascending=[False, True]).iloc[0]
        named = names.requirements[top["requirement"]]
        said.append(
            say(
                f"步行时间差异最大的是“{named}”（基尼系数 {top['value']:.2f}）。",
                f"Walks differ most for “{named}” (Gini {top['value']:.2f}).",
            )
        )
    return said


def _compared(shares: pd.DataFrame, side: str, label: str, names: Names) -> str:
    say = names.say
    rows = shares[shares["of"] == side]
    if len(rows) and (rows["note"] == "flat_share").all():
        return say(
            f"{label}人口按统一比例推算，与全体人口的分布相同，不作比较。",
            f"{label}: one declared share everywhere, so not compared.",
        )
    rows = rows[rows["value"].notna()].sort_values(["value", "requirement"])
    if len(rows) == 0:
        return ""
    against = rows["against"].iloc[0]
    other = names.label("equity_side" if side == "village" else "group", against)
    worse = int((rows["value"] < -_WORTH_TELLING).sum())
    first = rows.iloc[0]
    text = say(
        f"{label}的覆盖率在 {len(rows)} 项应配建要求中有 {worse} 项低于{other}",
        f"{label}: below {other} in {worse} of {len(rows)} required items",
    )
    if worse:
        text += say(
            f"，差距最大的是“{names.requirements[first['requirement']]}”"
            f"（{first['of_value']:.1%}，{other} {first['against_value']:.1%}）",
            f", most for “{names.requirements[first['requirement']]}”"
            f" ({first['of_value']:.1%}, {other} {first['against_value']:.1%})",
        )
    return text + say("。", ".")


def _worst(rows: pd.DataFrame, names: Names) -> str:
    rows = rows[rows["of_value"].notna()]
    if len(rows) == 0:
        return ""
    none = int((rows["of_value"] <= 0).sum())
    return names.say(
        f"步行最远的10%人口，在 {len(rows)} 项可判断的要求中有 {none} 项完全未被覆盖。",
        f"The tenth with the longest walks is not covered at all in {none} of {len(rows)} items.",
    )


def needs_told(content: Content, names: Names) -> str:
    """
    Say how far needs and scores agree.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sentence
        Communities that answered, and those whose first need is not among the weakest services.
    """
    first = content.needs[content.needs["rank"] == 1]
    judged_here = first[first["disagrees"].notna()]
    differ = int(judged_here["disagrees"].astype(bool).sum())
    return names.say(
        f"{len(first)} 个社区有问卷，其中 {len(judged_here)} 个的首位需求可与服务得分对照，"
        f"{differ} 个的首位需求不在本社区得分最低的两类服务之中，须现场核实。问卷不参与评分。",
        f"{len(first)} communities answered; the first need of {len(judged_here)} can be held"
        f" against a score, and in {differ} it is not among the two lowest services: look there."
        " Answers change no score.",
    )
