"""From findings to what a notebook shows of them: cover, gaps, sites and years at one glance."""

from __future__ import annotations

from html import escape

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.style import BASE_COLOURS, REASON_COLOURS, label, service_colour
from lifecircle.siting.sites import Sites


def overview(content: Content, found: Sites, warnings: int) -> str:
    """
    Write what an analyst asks first as HTML.

    Parameters
    ----------
    content
        What the run has to show.
    found
        The proposed sites with their proof.
    warnings
        How much there is to say about the inputs.

    Returns
    -------
    html
        One ``<table>``, a row per requirement: who is covered beside the target, how many fall
        short, in how many communities and mainly why. Below it what the sites bring and when.
    """
    words = _WORDS[content.language]
    scores = content.scores[content.scores["level"] == "study"]
    people = float(scores["people"].max()) if len(scores) else 0.0
    head = words["head"].format(
        name=content.title,
        communities=len(content.communities),
        people=people,
        unit=words["people" if content.people_known else "homes"],
        facilities=len(content.facilities),
    )
    rows = [_row(content, score) for score in scores.to_dict("records")]
    titles = "".join(
        f"<th style='text-align:left'>{words[name]}</th>"
        for name in ("service", "asked", "covered", "target", "verdict", "short", "gaps", "why")
    )
    foot = "<br>".join(escape(line) for line in _below(content, found, warnings))
    return (
        f"<table><caption style='text-align:left'><b>{escape(head)}</b></caption>"
        f"<thead><tr>{titles}</tr></thead><tbody>{''.join(rows)}</tbody>"
        f"<tfoot><tr><td colspan='8' style='text-align:left'>{foot}</td></tr></tfoot></table>"
    )


def _row(content: Content, score: dict[str, object]) -> str:
    language = content.language
    asked = content.standard.requirement(str(score["requirement"]))
    gaps = content.real_gaps
    mine = gaps[gaps["requirement"] == asked.id]
    service = content.standard.service_labels[asked.service][language]
    colour = service_colour(asked.service, content.standard.services)
    people, covered, target = (
        float(str(score[name])) for name in ("people", "covered", "target_share")
    )
    short = "–" if pd.isna(covered) else f"{people - covered:,.0f}"
    cells = (
        escape(service),
        escape(asked.label_zh if language == "zh" else asked.label_en),
        _bar(float(str(score["share"])), target, colour),
        f"{target:.0%}",
        escape(label("verdict", score["verdict"], language)),
        short,
        str(len(mine)) if len(mine) else "",
        _main_reason(mine, language),
    )
    pale = "" if asked.makes_gaps else " style='opacity:0.6'"
    row = "".join(f"<td style='text-align:left'>{cell}</td>" for cell in cells)
    return f"<tr{pale}>{row}</tr>"


def _bar(share: float, target: float, colour: str) -> str:
    """Draw a share as a bar with a tick at the target, and write it beside it."""
    if pd.isna(share):
        return "–"
    return (
        "<span style='display:inline-block;position:relative;width:90px;height:10px;"
        f"background:{BASE_COLOURS['built']};vertical-align:middle'>"
        f"<span style='position:absolute;left:0;top:0;height:10px;width:{90 * share:.0f}px;"
        f"background:{colour}'></span>"
        f"<span style='position:absolute;left:{90 * target - 1:.0f}px;top:-2px;height:14px;"
        "width:2px;background:#222'></span></span>"
        f" {share:.1%}"
    )


def _main_reason(gaps: pd.DataFrame, language: str) -> str:
    """Name the reason most gaps have, and how many have it."""
    if len(gaps) == 0:
        return ""
    counts = gaps["reason"].value_counts()
    code = min(counts.index, key=lambda one: (-counts[one], one))
    mark = f"<span style='color:{REASON_COLOURS.get(code, '#222')}'>■</span>"
    return f"{mark} {escape(label('reason', code, language))} {counts[code]}"


def _below(content: Content, found: Sites, warnings: int) -> list[str]:
    words = _WORDS[content.language]
    unit = words["people" if content.people_known else "homes"]
    gaps = content.real_gaps
    told = [
        words["gap_line"].format(
            gaps=len(gaps),
            communities=gaps["community_id"].nunique(),
            unknown=len(content.gaps) - len(gaps),
        )
    ]
    if len(content.sites):
        proof = 0.0 if found.solution is None else found.solution.gap
        told.append(
            words["site_line"].format(
                sites=len(content.sites), people=found.newly_covered, unit=unit, gap=proof
            )
        )
    years = content.projects["year"].dropna().astype(int).value_counts().sort_index()
    if len(years):
        told.append(
            words["year_line"].format(
                years=words["between"].join(f"{year}: {count}" for year, count in years.items())
            )
        )
    if not all(one.makes_gaps for one in content.standard.requirements):
        told.append(words["pale"])
    if warnings:
        told.append(words["warning_line"].format(count=warnings))
    told.append(words["next"])
    return told


_WORDS = {
    "en": {
        "head": "{name}: {communities} communities, {people:,.0f} {unit}, {facilities} facilities",
        "people": "people",
        "homes": "homes (no population is known)",
        "service": "service",
        "asked": "asked",
        "covered": "covered",
        "target": "target",
        "verdict": "verdict",
        "short": "not covered",
        "gaps": "gaps",
        "why": "mainly because",
        "gap_line": "{gaps} gaps in {communities} communities; {unknown} more cannot be judged",
        "site_line": "{sites} sites bring {people:,.0f} {unit} inside, proved within {gap:.2%} of "
        "the best choice",
        "year_line": "projects by year: {years}",
        "between": ", ",
        "pale": "pale rows make no gaps: quality, or as needed",
        "warning_line": "{count} warnings about the inputs: .warnings",
        "next": "more: .gaps  .sites  .programme  .scorecard  .map()  .save(folder)",
    },
    "zh": {
        "head": "{name}：{communities} 个社区，{people:,.0f} {unit}，{facilities} 处设施",
        "people": "人",
        "homes": "处住宅（人口未知）",
        "service": "服务",
        "asked": "配置要求",
        "covered": "人口覆盖率",
        "target": "目标",
        "verdict": "结论",
        "short": "未覆盖",
        "gaps": "短板",
        "why": "主要原因",
        "gap_line": "短板 {gaps} 条，涉及 {communities} 个社区；"
        "另有 {unknown} 条数据不足、无法判断",
        "site_line": "选址 {sites} 处，新增覆盖 {people:,.0f} {unit}，"
        "与最优解的差距已证明不超过 {gap:.2%}",
        "year_line": "分年度项目数：{years}",
        "between": "，",
        "pale": "浅色行为提升性或按需配置的要求，不计短板",
        "warning_line": "关于输入数据的提示 {count} 条：.warnings",
        "next": "更多：.gaps  .sites  .programme  .scorecard  .map()  .save(文件夹)",
    },
}
