"""From findings to the page a run prints: how the area does, where it falls short, what helps."""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import UNLIVED, open_sentence
from lifecircle.outputs.style import label
from lifecircle.siting.sites import Sites


def summarise(content: Content, found: Sites) -> str:
    """
    Write the page a run prints.

    Parameters
    ----------
    content
        What the run has to show.
    found
        The proposed sites with their proof.

    Returns
    -------
    text
        A plain page in the study's language.
    """
    words = _ZH if content.language == "zh" else _EN
    if not content.people_known:
        words = words | (_ZH_HOMES if content.language == "zh" else _EN_HOMES)
    blocks = [_head(content, words), _services(content, words), _worst(content, words)]
    blocks += [_gaps(content, words), _sites(content, found, words)]
    blocks.append(open_sentence(content, Names.of(content)))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _head(content: Content, words: dict[str, str]) -> str:
    index = content.index
    study = index[index["level"] == "study"]
    people = float(study["people"].iloc[0])
    counts = words["counts"].format(
        communities=len(content.communities),
        homes=len(content.homes),
        people=f"{people:,.0f}",
        facilities=len(content.facilities),
    )
    lines = [content.title, counts]
    for minutes, value, grade in zip(study["minutes"], study["index"], study["grade"], strict=True):
        shown = words["unknown"] if pd.isna(value) else f"{value:.1f}"
        lines.append(
            words["index"].format(
                minutes=int(minutes), value=shown, grade=_grade(grade, content.language)
            )
        )
    return "\n".join(lines)


def _services(content: Content, words: dict[str, str]) -> str:
    scores = content.scores[content.scores["level"] == "study"]
    names = content.standard.service_labels
    rows = []
    for score in scores.itertuples():
        requirement = content.standard.requirement(score.requirement)
        title = requirement.label_zh if content.language == "zh" else requirement.label_en
        unjudged = pd.isna(score.share) or score.verdict == "unknown"
        share = "–" if unjudged else f"{score.share:.1%}"
        rows.append(
            [
                names[score.service][content.language],
                title,
                share,
                f"{score.target_share:.0%}",
                label("verdict", score.verdict, content.language),
            ]
        )
    return _grid(words["services"], rows)


def _worst(content: Content, words: dict[str, str]) -> str:
    index = content.index
    circle = index["minutes"].max()
    rows = index[(index["level"] == "community") & (index["minutes"] == circle)]
    rows = rows.dropna(subset=["index"]).sort_values(["index", "area_id"]).head(5)
    table = [
        [str(name), f"{people:,.0f}", f"{value:.1f}", _grade(grade, content.language)]
        for name, people, value, grade in zip(
            rows["area_name"], rows["people"], rows["index"], rows["grade"], strict=True
        )
    ]
    return _grid(words["worst"].format(minutes=int(circle)), table) if table else ""


def _gaps(content: Content, words: dict[str, str]) -> str:
    gaps = content.real_gaps
    unknown = len(content.gaps) - len(gaps)
    rest = words["unknown_gaps"].format(count=unknown) if unknown else ""
    if len(gaps) == 0:
        return words["unlived" if content.unlived else "no_gaps"] + rest
    rows = []
    for service in content.standard.services:
        mine = gaps[gaps["service"] == service]
        if len(mine) == 0:
            continue
        reasons = mine["reason"].value_counts()
        rows.append(
            [
                content.standard.service_labels[service][content.language],
                str(len(mine)),
                ", ".join(
                    f"{label('reason', code, content.language)} {count}"
                    for code, count in sorted(reasons.items(), key=lambda one: (-one[1], one[0]))
                ),
            ]
        )
    return _grid(words["gaps"].format(count=len(gaps)) + rest, rows)


def _sites(content: Content, found: Sites, words: dict[str, str]) -> str:
    sites = content.sites
    if len(sites) == 0:
        return words["no_sites"]
    rows = [
        [
            "–" if pd.isna(site.year) else str(int(site.year)),
            label("site_kind", site.kind, content.language),
            "; ".join(
                content.standard.service_labels[one][content.language]
                for one in str(site.services).split("; ")
                if one
            ),
            "" if pd.isna(site.area_m2) else f"{site.area_m2:,.0f} m²",
            words["gains"].format(people=f"{site.newly_covered:,.0f}"),
        ]
        for site in sites.sort_values(["year", "site_id"]).itertuples()
    ]
    gap = found.solution.gap if found.solution is not None else 0.0
    head = words["sites"].format(
        count=len(sites), people=f"{found.newly_covered:,.0f}", gap=f"{gap:.2%}"
    )
    return _grid(head, rows)


def _grade(code: object, language: str) -> str:
    return label("grade", code if isinstance(code, str) else "none", language)


def _grid(head: str, rows: list[list[str]]) -> str:
    """Align columns by the width of what is seen: a Chinese character takes two places."""
    widths = [max(_width(row[k]) for row in rows) for k in range(len(rows[0]))] if rows else []
    lines = [head]
    for row in rows:
        cells = [
            text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


_EN = {
    "counts": "{communities} communities, {homes:,} homes, {people} people, "
    "{facilities} facilities",
    "index": "service index within {minutes} minutes: {value} ({grade}; this project's own method)",
    "unknown": "unknown",
    "services": "People covered",
    "worst": "Lowest index within {minutes} minutes",
    "gaps": "{count} gaps",
    "no_gaps": "No gaps.",
    "unlived": UNLIVED[1],
    "unknown_gaps": " ({count} more cannot be judged: too little data)",
    "sites": "{count} sites bring {people} people inside (proved within {gap} of the best choice)",
    "no_sites": "No site is proposed.",
    "gains": "+{people} people",
}
_ZH = {
    "counts": "{communities} 个社区，{homes:,} 处住宅，{people} 人，{facilities} 处设施",
    "index": "{minutes}分钟服务指数：{value}（{grade}；本项目方法，非官方指数）",
    "unknown": "无法评价",
    "services": "人口覆盖率",
    "worst": "{minutes}分钟指数最低的社区",
    "gaps": "短板 {count} 条",
    "no_gaps": "没有短板。",
    "unlived": UNLIVED[0],
    "unknown_gaps": "（另有 {count} 条数据不足，无法判断，不计为短板）",
    "sites": "选址 {count} 处，共新增覆盖 {people} 人（与最优解的差距已证明不超过 {gap}）",
    "no_sites": "没有选址建议。",
    "gains": "新增覆盖 {people} 人",
}
_EN_HOMES = {
    "counts": "{communities} communities, {homes:,} homes (no population is known), "
    "{facilities} facilities",
    "services": "Homes covered",
    "sites": "{count} sites bring {people} homes inside (proved within {gap} of the best choice)",
    "gains": "+{people} homes",
}
_ZH_HOMES = {
    "counts": "{communities} 个社区，{homes:,} 处住宅（人口未知），{facilities} 处设施",
    "services": "住宅覆盖率",
    "sites": "选址 {count} 处，共新增覆盖住宅 {people} 处（与最优解的差距已证明不超过 {gap}）",
    "gains": "新增覆盖住宅 {people} 处",
}
