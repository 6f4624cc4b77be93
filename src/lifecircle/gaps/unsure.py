"""Requirements nobody can judge: what is not known, and which file would settle it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lifecircle.access.doubts import Cause, words_of
from lifecircle.access.supply import LOST_SHARE
from lifecircle.gaps.evidence import too_few_words
from lifecircle.reach.matrix import Reach
from lifecircle.standards import Requirement, Standard


@dataclass(frozen=True, kw_only=True)
class Unsure:
    """
    Why a requirement cannot be judged somewhere.

    Parameters
    ----------
    what
        What is not known.
    cure
        What would settle it.
    """

    what: str
    cure: str


def unsure_of(
    standard: Standard,
    requirement: Requirement,
    reach: Reach,
    causes: tuple[Cause, ...],
    names: pd.Series,
    *,
    lost: float,
    flat: bool,
    blind: bool,
    expected: float,
    language: str,
) -> Unsure:
    """
    Say why a requirement cannot be judged, and what would settle it.

    Parameters
    ----------
    standard
        The standard.
    requirement
        The requirement.
    reach
        Who reaches what.
    causes
        Why single homes cannot be judged.
    names
        Community id to its name.
    lost
        Share of the service's listed facilities that have no place.
    flat
        Whether its group is a declared share of everybody.
    blind
        Whether the data say too little about it everywhere.
    expected
        How many facilities the norm lets one expect; 0 where nobody knows.
    language
        ``zh`` or ``en``.

    Returns
    -------
    unsure
        In words; the first that holds of: a flat group, places lost, too few places, communities
        that did not report and places nobody can find.
    """
    chinese = language == "zh"
    if flat:
        return Unsure(
            what="服务人群只有统一比例，各社区实际人数未知"
            if chinese
            else "its group is one declared share everywhere, not counted",
            cure="补充分社区的该人群人口表（homes.table）"
            if chinese
            else "count the group by community (homes.table)",
        )
    place = (
        "在 gaps.xlsx“待定位”表中填写位置，交回后重新运行"
        if chinese
        else "fill in the places in gaps.xlsx, Places to find, and run again"
    )
    if blind and lost > LOST_SHARE:
        return Unsure(
            what=f"名录中 {lost:.0%} 的设施没有位置"
            if chinese
            else f"{lost:.0%} of its list have no place",
            cure=place,
        )
    if blind:
        what = too_few_words(standard, reach, expected, chinese=chinese)
        kinds = [one for one in standard.types if one.id in requirement.accepted]
        label = standard.service_labels[requirement.service][language]
        if kinds:
            label = ("、" if chinese else ", ").join(
                one.label_zh if chinese else one.label_en for one in kinds
            )
        return Unsure(
            what=what,
            cure=f"向主管部门取得完整名录（{label}），列入 [[facilities.tables]]，"
            "确认齐全后写 complete = true"
            if chinese
            else f"a complete list ({label}) of the body in charge under [[facilities.tables]], "
            "with complete = true once it is",
        )
    everybody = np.arange(len(reach.covered))
    unreported = any(one.kind == "unreported" for one in causes)
    unplaced = any(one.kind == "unplaced" for one in causes)
    report = (
        "由上述社区补报，重新运行前在 study.toml 的 not_reported 中删去"
        if chinese
        else "their report; then take them out of not_reported in the study file"
    )
    return Unsure(
        what=words_of(causes, everybody, names, language=language),
        cure=("；" if chinese else "; ").join([report] * unreported + [place] * unplaced),
    )
