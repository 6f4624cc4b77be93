"""The words of codes about lists of facilities, places and replaced values, as a plain table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LIST_LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "merge_decision": {
            "merged": ("多源合并", "in several lists, merged"),
            "single": ("仅一处清单", "in one list only"),
            "unconfirmed": ("部门清单未列，待核实", "not in the bureau's list, unconfirmed"),
            "doubtful": ("疑似同一处，未合并", "perhaps one place, kept apart"),
        },
        "merge_evidence": {
            "same_row": ("同表重复行", "same row twice"),
            "same_address_and_size": (
                "同表同址同面积（一处两名）",
                "same address and size in one list (two names)",
            ),
            "same_name": ("名称一致且位置相近", "same name, near"),
            "former_name": ("备注注明曾用名或更名", "former name in a note"),
            "nearby": ("同类型且相距不足50米，一方无名称", "same type within 50 m, one unnamed"),
            "same_door": ("同一门牌、同一主体，名称不同", "same door and owner, other name"),
            "status_differs": (
                "各清单状态不一，以部门清单为准",
                "lists differ on the status; the bureau's holds",
            ),
            "near_other_name": ("相距不足50米，名称不同", "within 50 m, other name"),
            "same_name_apart": ("名称相同，位置相距较远", "same name, far apart"),
        },
        "placed": {
            "surveyed": ("原有坐标", "given coordinates"),
            "picked": ("地图拾取坐标", "picked on a map service"),
            "mapped": ("OSM 标注", "mapped in OSM"),
            "planner": ("人工定位", "placed by hand"),
            "building": ("小区楼幢", "building of an estate"),
            "address": ("门牌地址", "address"),
            "gate": ("小区出入口", "gate of an estate"),
            "crossing": ("道路交叉口", "crossing"),
            "name": ("同名地点", "same name"),
            "similar_name": ("近似名称", "similar name"),
            "interpolated": ("门牌内插", "between two numbers"),
            "nearest_number": ("邻近门牌", "nearest number"),
            "estate": ("小区范围", "estate"),
            "estate_side": ("小区一侧", "side of an estate"),
            "street": ("社区内路段", "stretch of a street"),
            "street_elsewhere": ("路段（他处）", "street, elsewhere"),
            "community": ("社区范围", "community only"),
        },
        "place_doubt": {
            "nowhere": ("没有可用的位置文字", "says no place"),
            "not_found": ("地名库中查不到", "not found"),
            "two_places": ("地址与名称指向两处", "address and name mean two places"),
            "several_places": ("同一文字对应多处", "several places fit"),
            "other_subdistrict": ("街道（镇）不符", "in another subdistrict"),
            "other_community": ("社区不符", "in another community"),
            "outside_community": ("落点在所属社区之外", "outside its community"),
            "old_address": ("旧门牌", "an old number"),
            "no_number": ("没有门牌号", "no number"),
            "number_unknown": ("门牌号查不到", "number not known"),
            "only_community": ("只知社区", "only the community is known"),
        },
        "override_table": {
            "facilities": ("设施", "facilities"),
            "communities": ("社区", "communities"),
            "parcels": ("用地用房", "land and rooms"),
        },
        "override_state": {
            "applied": ("已套用", "applied"),
            "same": ("原值相同", "was so already"),
            "no_row": ("未找到编号", "id not found"),
        },
    }
)
"""Pairs (Chinese, English), as in `words.LABELS`, which holds them too."""
