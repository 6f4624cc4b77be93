"""The words of what is handed on to detailed plans, as a plain table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PLAN_LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "setting": {
            "own": ("应独立占地", "a site of its own"),
            "own_preferred": ("宜独立占地", "better on a site of its own"),
            "joint": ("可联合建设", "may share a building"),
        },
        "target_note": {
            "type": ("按设施类型建议", "proposed by type"),
            "rural": ("乡村社区，按农村用途建议", "rural community, rural use proposed"),
            "park": ("兼容设置于公园绿地，用地代码不变", "in a park, whose code stays"),
            "room": (
                "利用存量用房，沿用所在用地代码，按兼容用途",
                "a room: the code it stands on stays, as a compatible use",
            ),
            "as_is": ("用途不变", "the use stays"),
            "no_code": ("无建议代码", "no code proposed"),
        },
        "size_met": {
            "met": ("满足", "met"),
            "short": ("面积不足", "too small"),
            "narrow": ("宽度不足", "too narrow"),
        },
        "plan_action": {
            "none": ("无需", "nothing"),
            "compatible": ("核实用途兼容", "check that the uses agree"),
            "adjust_plan": ("调整控规", "change the detailed plan"),
            "make_plan": ("纳入详细规划编制", "make a detailed plan"),
            "change_use": ("房屋用途变更", "change the use of the room"),
            "check_plan": ("无控规资料，待核", "no plan was given: check"),
        },
    }
)
"""Pairs (Chinese, English), as in `words.LABELS`, which holds them too."""
