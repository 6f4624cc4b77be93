"""The words of codes about gaps that stay open once sites are chosen, as a plain table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CHOICE_LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "wish": {
            "several": ("须数处达标，不在选址范围", "several places are asked for"),
            "plan_only": ("只能由规划落位", "only a plan can place it"),
            "size": ("规模问题，非选址可解", "a matter of size, not of sites"),
            "cut_off": (
                "路网数据中住处与道路不相连（数据问题）",
                "homes without a street in the data",
            ),
            "one_more": ("有地，选址数或投资已用完", "there is land; sites or budget are used up"),
            "room_taken": ("入选地块已排满", "the chosen land is full"),
            "tier": (
                "中心级设施按街道配置，不再逐点增设",
                "centres go by subdistrict; no further one",
            ),
            "too_small": ("候选用地用房面积不足", "candidates are too small"),
            "unsuited": ("候选用地用房条件不合", "candidates do not suit"),
            "other_area": ("候选在其他社区（单元）", "candidates lie in another community or unit"),
            "lead": ("仅有疑似线索，未参与选址", "only leads, which did not compete"),
            "doubtful": ("用地存疑", "land in doubt"),
            "refused": ("用地不可用", "land that was refused"),
            "no_land": ("限值内无候选用地用房", "no candidate within the limit"),
        },
        "would_help": {
            "second_place": ("成组配置多处设施", "plan several places together"),
            "plan": ("在详细规划中落位", "place it in the detailed plan"),
            "enlarge": ("改扩建或提升现有设施", "enlarge what is there"),
            "check_streets": (
                "补测村内、小区内道路和桥梁后重算",
                "survey lanes and bridges there, then run again",
            ),
            "more_sites": ("增加选址数或投资", "more sites or budget"),
            "larger_land": ("寻找更大地块或减小规模分设", "larger land, or smaller branches"),
            "lower_tier": (
                "由现有（拟建）中心下设站点、巡回服务，或调整服务范围",
                "branches or visiting hours of the centre, or other bounds",
            ),
            "other_shape": ("寻找更宽、可建房或首层的用地用房", "wider land or ground-floor rooms"),
            "share_areas": ("跨社区共享或在本区域找地", "share across areas, or land inside"),
            "check_lead": ("现场核实疑似线索后参与选址", "check the leads and let them compete"),
            "settle_doubt": ("核清用地存疑事项", "settle what is in doubt"),
            "free_land": ("调整用地限制或另找用地", "lift what stands against it, or other land"),
            "find_land": (
                "普查存量用地用房，或共享改建现有场所",
                "look for land or rooms, or share",
            ),
        },
    }
)
"""Pairs (Chinese, English), as in `words.LABELS`, which holds them too."""
