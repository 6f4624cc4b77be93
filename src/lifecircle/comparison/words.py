"""The words of a comparison, in Chinese and English, as plain tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "joint": ("；", "; "),
        "kind": ("“{name}”（{kind}）", "“{name}” ({kind})"),
        "more": ("另有 {count} 项", "{count} more"),
        "gained": ("，新增覆盖 {people} 人", ": {people} people gained"),
        "lost": ("，不再覆盖 {people} 人", ": {people} people lost"),
        "change_added": ("新增设施", "new in the data: "),
        "change_removed": ("不再有设施", "no longer in the data: "),
        "change_opened": ("投用", "opened: "),
        "change_closed": ("停用", "closed: "),
        "change_reclassified": ("改变类别：", "reclassified: "),
        "change_audience": ("改变开放对象：", "opened to others: "),
        "change_moved": ("迁址：", "moved: "),
        "change_set": ("同类设施增减，计至", "the facilities counted changed, up to "),
        "cause_streets": ("至{name}的步行路径变化", "the way to {name} changed"),
        "cause_areas": ("与{name}分属不同单元", "{name} now belongs to another area"),
        "cause_other": ("设施与路网同时变化，无法区分", "facilities and streets both changed"),
        "people": ("人口 {before} → {after}（{more}）", "people {before} → {after} ({more})"),
        "area_renamed": ("原名“{name}”", "was called “{name}”"),
        "area_recoded": ("原编号 {name}", "had the id {name}"),
        "area_split": (
            "由“{name}”析出（含其原人口的 {part}）",
            "split from “{name}” ({part} of it)",
        ),
        "area_merged": ("“{name}”并入（其人口的 {part}）", "“{name}” was merged in ({part} of it)"),
        "area_redrawn": (
            "界线调整（原“{name}”人口的 {part}）",
            "redrawn (holds {part} of “{name}”)",
        ),
        "area_new": ("新设单元", "a new area"),
        "area_gone": ("单元已不存在", "the area is gone"),
        "no_homes": (
            "缺逐户数据（公开版成果），无法区分人口与其他因素",
            "no homes were saved (public release): people and the rest cannot be told apart",
        ),
        "unmatched": (
            "逐户数据与评分表不一致，无法分解",
            "homes do not give the saved scores: the change is not taken apart",
        ),
        "rule": ("标准口径不同：{words}", "the rule differs: {words}"),
        "data": ("数据可判性变化", "what the data can tell changed"),
        "across": (
            "注意：两次评价采用不同标准（{words}），仅比较定义完全一致的要求",
            "Note: the runs used different standards ({words}); only requirements both define "
            "alike are compared",
        ),
        "summary_head": ("{a} → {b}", "{a} → {b}"),
        "summary_counts": (
            "比较 {areas} 个社区、{requirements} 项要求：{better} 个社区有改善，{worse} 个有退步，"
            "{mixed} 个有升有降，{same} 个不变，{unknown} 个无法判断",
            "{areas} communities, {requirements} requirements compared: {better} better, "
            "{worse} worse, {mixed} both, {same} the same, {unknown} unknown",
        ),
        "summary_verdicts": ("结论变化（社区）", "Verdicts changed (communities)"),
        "summary_gaps": (
            "短板：消除 {closed}，新增 {new}，仍在 {stays}，其中无法判断 {unknown}",
            "gaps: {closed} closed, {new} new, {stays} stay, {unknown} cannot be told",
        ),
        "summary_why": ("主要原因（社区—要求）", "Main causes (community and requirement)"),
        "summary_facilities": ("设施变化", "Facilities that changed"),
        "summary_areas": ("单元变化", "Areas that changed"),
        "summary_same": ("两次评价结果一致", "nothing differs"),
        "title": ("评价结果变化", "what changed"),
        "sheet_changes": ("变化明细", "changes"),
        "sheet_grades": ("指数与等级变化", "index and grades"),
        "sheet_gaps": ("短板变化", "gaps"),
        "sheet_notes": ("比较说明", "how to read this"),
        "note": (
            "覆盖率变化按“单元界线→人口→设施→路网”的固定顺序逐项替换分解，各项之和等于总变化"
            "（本项目方法）。",
            "A change of share is taken apart by swapping areas, people, facilities and streets in "
            "this fixed order; the parts add up to it (this project's method).",
        ),
        "empty": ("无变化", "nothing differs"),
        "map_all": ("全部要求：变化方向", "All requirements: which way"),
        "map_requirement": ("查看", "Show"),
        "map_step_0": ("覆盖率提高 10 个百分点以上", "share up by 10 points or more"),
        "map_step_1": ("覆盖率提高不足 10 个百分点", "share up by less than 10 points"),
        "map_step_2": ("不变", "the same"),
        "map_step_3": ("覆盖率下降不足 10 个百分点", "share down by less than 10 points"),
        "map_step_4": ("覆盖率下降 10 个百分点以上", "share down by 10 points or more"),
        "map_come": ("新增或投用的设施", "facility added or opened"),
        "map_gone": ("减少或停用的设施", "facility gone or closed"),
        "map_pick": ("点选社区查看变化及原因", "Pick a community to see what changed and why"),
    }
)
LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "direction": {
            "better": ("改善", "better"),
            "worse": ("退步", "worse"),
            "mixed": ("有升有降", "both"),
            "same": ("不变", "the same"),
            "unknown": ("无法判断", "unknown"),
        },
        "why": {
            "people": ("人口变化", "people"),
            "facilities": ("设施变化", "facilities"),
            "streets": ("路网变化", "streets"),
            "areas": ("单元界线变化", "areas"),
            "rule": ("标准口径不同", "another rule"),
            "data": ("数据可判性变化", "what the data tell"),
            "other": ("无法区分", "cannot be told apart"),
            "balanced": ("相互抵消", "causes cancel out"),
        },
        "relation": {
            "same": ("不变", "the same"),
            "renamed": ("更名", "renamed"),
            "recoded": ("编号变更", "recoded"),
            "split": ("析出", "split"),
            "merged": ("合并", "merged"),
            "redrawn": ("界线调整", "redrawn"),
            "new": ("新设", "new"),
            "gone": ("撤销", "gone"),
        },
        "state": {
            "closed": ("已消除", "closed"),
            "new": ("新增", "new"),
            "stays": ("仍在", "stays"),
            "unknown": ("无法判断", "cannot be told"),
        },
    }
)
HEADINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "verdict_a": ("结论（前）", "verdict before"),
        "verdict_b": ("结论（后）", "verdict after"),
        "share_a": ("覆盖率（前）", "share before"),
        "share_b": ("覆盖率（后）", "share after"),
        "change": ("变化", "change"),
        "by_people": ("其中：人口", "by people"),
        "by_facilities": ("其中：设施", "by facilities"),
        "by_streets": ("其中：路网", "by streets"),
        "by_areas": ("其中：单元界线", "by areas"),
        "by_other": ("其中：无法区分", "not told apart"),
        "why": ("主要原因", "main cause"),
        "evidence": ("依据", "evidence"),
        "direction": ("变化方向", "direction"),
        "relation": ("单元关系", "area"),
        "area_a": ("原单元编号", "area id before"),
        "name_a": ("原单元名称", "area before"),
        "people_a": ("人口（前）", "people before"),
        "people_b": ("人口（后）", "people after"),
        "index_a": ("指数（前）", "index before"),
        "index_b": ("指数（后）", "index after"),
        "index_change": ("指数变化", "change of index"),
        "grade_a": ("等级（前）", "grade before"),
        "grade_b": ("等级（后）", "grade after"),
        "state": ("短板变化", "state"),
        "gap_id_a": ("短板编号（前）", "gap id before"),
        "gap_id_b": ("短板编号（后）", "gap id after"),
        "kind_a": ("类型（前）", "kind before"),
        "kind_b": ("类型（后）", "kind after"),
        "reason_a": ("原因（前）", "reason before"),
        "reason_b": ("原因（后）", "reason after"),
        "people_short_a": ("未覆盖人口（前）", "people short before"),
        "people_short_b": ("未覆盖人口（后）", "people short after"),
    }
)


def say(key: str, language: str) -> str:
    """
    Write a sentence of a comparison.

    Parameters
    ----------
    key
        One of `WORDS`.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        The sentence, with braces for what belongs into it.
    """
    return WORDS[key][language != "zh"]


def label(domain: str, code: object, language: str) -> str:
    """
    Name a code.

    Parameters
    ----------
    domain
        One of `LABELS`.
    code
        The code; missing gives empty text, one nobody declared is shown as it stands.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        Its label.
    """
    if not isinstance(code, str):
        return ""
    pair = LABELS[domain].get(code)
    return code if pair is None else pair[language != "zh"]
