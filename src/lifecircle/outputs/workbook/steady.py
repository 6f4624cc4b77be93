"""
How steady verdicts are, in one sentence each, and as a sheet (结论稳健性).

The sentence stands beside a gap in workbook and map, so that nobody quotes a verdict that a slower
step would turn.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Field, Row, Worksheet, records

_TIPS = {
    "speed": ("步速", "the pace"),
    "pin": ("位置误差", "where homes and facilities are"),
    "facilities": ("设施名录出入", "a facility that is not there"),
    "threshold": ("目标覆盖率高低", "the target share"),
    "edge": ("相邻区县设施", "facilities beyond the border of the data"),
}


def steady_sentence(row: Mapping[str, object], language: str) -> str | None:
    """
    Say how steady a verdict is.

    Parameters
    ----------
    row
        A row of `tables.ROBUSTNESS`.
    language
        ``zh`` or ``en``.

    Returns
    -------
    sentence
        None where there is no verdict.

    Examples
    --------
    >>> from lifecircle.outputs.workbook.steady import steady_sentence
    >>> steady_sentence({"kept": 0.62, "tips": "speed", "speed_tip": -0.03}, "en")
    'marginal: kept in 62% of draws; 3% slower turns it'
    """
    kept, tips = row["kept"], row["tips"]
    if not isinstance(kept, int | float) or kept != kept or not isinstance(tips, str):  # noqa: PLR0124
        return None
    zh = language == "zh"
    alone = [one for one in tips.split(";") if one in _TIPS]
    if kept >= _KEPT and not alone:
        return f"稳健：{kept:.0%}的扰动下结论不变" if zh else f"robust: kept in {kept:.0%} of draws"
    said = [f"临界：{kept:.0%}的扰动下结论不变" if zh else f"marginal: kept in {kept:.0%} of draws"]
    change = row.get("speed_tip")
    if "speed" in alone and isinstance(change, int | float) and change == change:  # noqa: PLR0124
        alone.remove("speed")
        if zh:
            said.append(f"步速{'慢' if change < 0 else '快'}{abs(change):.0%}即翻转")
        else:
            said.append(f"{abs(change):.0%} {'slower' if change < 0 else 'faster'} turns it")
    if alone:
        joined = ("、" if zh else ", ").join(_TIPS[one][not zh] for one in alone)
        said.append(f"{joined}单独即可使其翻转" if zh else f"{joined} alone can turn it")
    elif len(said) == 1:
        said.append("多项误差叠加时可能翻转" if zh else "several doubts together can turn it")
    return ("；" if zh else "; ").join(said)


_KEPT = 0.95
"""As `access.robustness.KEPT`: what the sentence calls robust."""


def sentences_of(content: Content, language: str) -> dict[tuple[str, str], str]:
    """
    Say it for every community and requirement.

    Parameters
    ----------
    content
        What the run has to show.
    language
        ``zh`` or ``en``.

    Returns
    -------
    sentences
        By community id and requirement id; only where there is a verdict.
    """
    table = content.robustness
    said = {}
    for row in table[table["level"] == "community"].to_dict("records"):
        sentence = steady_sentence(row, language)
        if sentence is not None:
            said[str(row["area_id"]), str(row["requirement"])] = sentence
    return said


def steady_counts(content: Content) -> tuple[int, int]:
    """
    Count the gaps that are steady and those that are not.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    robust, marginal
        Of the gaps of the service.
    """
    codes = content.real_gaps["robust"]
    return int((codes == "robust").sum()), int((codes == "marginal").sum())


def steady_sheet(content: Content, names: Names) -> Worksheet:
    """
    Lay out how steady the verdicts are (结论稳健性).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Every verdict of a base must that fewer than 95 % of draws keep, or that hangs on the border
        of the data, from community up, the least steady first.
    """
    say, head = names.say, names.heading
    table = content.robustness
    musts = {one.id for one in content.standard.requirements if one.makes_gaps}
    base = table[table["requirement"].isin(musts) & table["kept"].notna()]
    shaky = base[(base["kept"] < _KEPT) | base["tips"].str.contains("edge", na=False)]
    rows: list[Row] = [
        (
            names.label("level", row["level"]),
            row["area_id"],
            row["area_name"],
            names.listed(names.requirements, row["requirement"]),
            names.label("verdict", row["verdict"]),
            row["kept"],
            row["share_low"],
            row["share_high"],
            steady_sentence(row, names.language),
        )
        for row in sorted(
            records(in_order(shaky, "robustness")),
            key=lambda row: float(row["kept"]),  # type: ignore[arg-type]
        )
    ]
    steady = len(base) - len(shaky)
    return Worksheet(
        name=say("结论稳健性", "Steadiness"),
        note=say(
            f"底线口径应配建要求的结论共 {len(base)} 条，稳健 {steady} 条；下表为临界的。"
            "扰动为本项目设定（P）：步速、位置、设施是否存在、目标覆盖率同时随机变动。",
            f"{len(base)} verdicts on required items of the base view, {steady} of them robust;"
            " below are the marginal ones. Pace, places, facilities and target share are drawn"
            " together; the spreads are this project's own (P).",
        ),
        blocks=(
            Block(
                title=say("临界的结论", "Marginal verdicts"),
                fields=(
                    Field(heading=head("level")),
                    Field(heading=head("area_id")),
                    Field(heading=head("area_name"), form="wide"),
                    Field(heading=head("requirement"), form="wide"),
                    Field(heading=head("verdict")),
                    Field(heading=head("kept"), form="share"),
                    Field(heading=head("share_low"), form="share"),
                    Field(heading=head("share_high"), form="share"),
                    Field(heading=say("说明", "what could turn it"), form="wide"),
                ),
                rows=tuple(rows),
                empty=say("没有临界的结论。", "No verdict is marginal."),
            ),
        ),
        paper="A4",
    )


def edge_count(gaps: pd.DataFrame) -> int:
    """
    Count the gaps whose main reason is the border of the data.

    Parameters
    ----------
    gaps
        `tables.GAPS`.

    Returns
    -------
    count
        How many.
    """
    return int(np.count_nonzero(gaps["reason"] == "edge")) if "reason" in gaps else 0
