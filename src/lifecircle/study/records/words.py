"""What is said of a project of the last round, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "joint": ("；", "; "),
        "found_name": ("现状名录有同名设施“{facility}”", "“{facility}” is listed by this name"),
        "found_parts": (
            "现状名录有“{facility}”，归属与类别一致",
            "“{facility}” is listed: same owner and kind",
        ),
        "found_former_name": ("“{facility}”曾用此名", "“{facility}” had this name"),
        "found_spelling": (
            "现状名录有“{facility}”，名称写法略有出入",
            "“{facility}” is listed, spelt a little otherwise",
        ),
        "found_kind": (
            "本社区有同类设施“{facility}”，名称不同",
            "“{facility}” is of this kind and owner, under another name",
        ),
        "only_type": (
            "未见同名设施；本社区另有同类设施“{facility}”",
            "not listed by name; “{facility}” is of the type in this community",
        ),
        "cancelled": ("项目库标注取消", "the list says it was cancelled"),
        "but_exists": (
            "矛盾：标注取消，但名录中已有该设施，请核实",
            "contradiction: cancelled, yet the facility is listed; check",
        ),
        "renewal_unseen": (
            "改造提升是否完成，名录不能证实",
            "whether it was renewed no list can tell",
        ),
        "renewal_open": ("设施现状存在，改造未实施", "the facility is there, not renewed"),
        "list_building": ("名录标注在建", "the facility list says it is being built"),
        "list_planned": ("名录标注为规划（未建）", "the facility list says it is planned"),
        "list_closed": ("名录标注已停用", "the facility list says it has closed"),
        "claim_done_differs": (
            "矛盾：项目库标注已完成，请核实",
            "contradiction: the list of projects says done; check",
        ),
        "claim_building_differs": (
            "矛盾：项目库标注在建，请核实",
            "contradiction: the list of projects says it is being built; check",
        ),
        "claim_not_started_differs": (
            "矛盾：项目库标注未启动，请核实",
            "contradiction: the list of projects says not started; check",
        ),
        "claim_none_differs": ("项目库未注明状态", "the list of projects gives no state"),
        "claim_building_exists": (
            "矛盾：项目库标注在建，名录已列为现状，请核实",
            "contradiction: said to be under construction, listed as existing; check",
        ),
        "claim_not_started_exists": (
            "矛盾：项目库标注未启动，名录已列为现状，请核实",
            "contradiction: said not to be started, listed as existing; check",
        ),
        "claim_none_exists": ("项目库未注明状态", "the list of projects gives no state"),
        "claim_done_unknown": (
            "矛盾：项目库标注已完成，但现状名录未见该设施",
            "contradiction: said to be done, but no such facility is known",
        ),
        "list_incomplete": (
            "名录未声明完整，可能漏报，请核实",
            "the lists are not declared complete and may lack it; check",
        ),
        "claim_only": ("仅据项目库标注，名录未见", "by the list of projects alone"),
        "no_claim": ("项目库未注明状态，名录未见", "no state given and not listed"),
        "still_gap": ("未实施，短板仍在，转入本轮", "not built, still a gap: rolled on"),
        "met_without": ("未实施，现状已达标，不再需要", "not built, met without it"),
        "not_known_needed": (
            "未实施，现状是否仍需要无法判断",
            "not built; whether it is still needed cannot be told",
        ),
        "gap": ("对应短板 {gap}（{requirement}）", "gap {gap} ({requirement})"),
        "type_disputed": (
            "项目库类型栏写“{disputed}”，与名称不符，按名称计",
            "the list's type says {disputed}, the name says otherwise and goes first",
        ),
        "no_community": ("未能对应到社区", "names no community of the study"),
    }
)


def say(word: str, language: str) -> str:
    """
    Write a sentence.

    Parameters
    ----------
    word
        Its key.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        The sentence, with braces for what belongs into it.
    """
    return _WORDS[word][language != "zh"]
