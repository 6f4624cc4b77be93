"""The words of the map page for ages, for projects without a site, for what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

GROUP_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "view_elders": ("一老一小", "Old and young"),
        "legend_elders": (
            "「{label}」：各社区{group}中能步行到达的比例，"
            "按其步速与路线判定（提升性要求，不构成短板）。",
            "{label}: share of {group} who get there on foot, at their own pace and on ways fit "
            "for them (a quality requirement: no gap follows from it).",
        ),
        "legend_elders_base": (
            "「{label}」：各社区{group}中能步行到达的比例（底线要求）。",
            "{label}: share of {group} who get there on foot (a base requirement).",
        ),
        "elders_everybody": ("全体居民底线 {n}", "everybody, base: {n}"),
        "elders_beside": (
            "斜线后为全体居民的底线覆盖率：「{label}」。",
            "After the slash: the base share of everybody, {label}.",
        ),
        "elders_all": ("各项要求", "All requirements"),
        "elders_short": ("缺 {n} 人", "{n} short"),
        "worst_elders": ("未覆盖最多（{group}）", "Most not covered ({group})"),
        "elders_uncounted": (
            "没有分年龄的人口：资料中未见老年人或儿童人数，所以不评价，也不按零计。"
            "在人口表中补充 60 岁及以上等列后重新运行。",
            "Nobody counted people by age: the data hold no numbers of old people or children, so "
            "nothing is judged here, and nothing taken for zero. Add a column such as people of 60 "
            "and over to the table of people and run again.",
        ),
        "elders_unasked": (
            "所用标准没有专门针对老年人或儿童的要求，这里没有可评价的内容。",
            "The standard asks nothing for old people or children apart: there is nothing to "
            "judge.",
        ),
        "easy": ("不需选址的项目", "Project without a site"),
        "easy_all": ("不需选址的项目（服务人口）", "Projects without a site (people served)"),
        "easy_symbol": (
            "共享、改扩建、打通（不需选址）",
            "sharing, raising, links: no site needed",
        ),
        "easy_n": ("另有 {n} 个项目不需选址", "{n} more projects need no site"),
        "easy_by": ("由项目改善：{name}", "helped by: {name}"),
        "easy_people": ("服务人口", "People served"),
        "cooperating_body": ("配合单位", "Cooperating body"),
        "untold": (
            "没有住户或人口数据，无法判断有无短板。",
            "Nobody is known to live here, or too little is known: whether there are gaps cannot "
            "be told.",
        ),
        "no_index_bare": ("没有社区能算出指数。", "No community has an index."),
        "no_index_why": (
            "没有社区能算出指数：{n} 项必配要求资料不足，无法判断（{list}）。"
            "点开社区可看所需资料。",
            "No community has an index: {n} requirements cannot be judged for want of data "
            "({list}). A community's card says what it would take.",
        ),
    }
)
"""Key to (Chinese, English)."""
