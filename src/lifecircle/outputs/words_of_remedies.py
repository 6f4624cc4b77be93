"""The words of codes about remedies: what is done, where, and who has to agree."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REMEDY_LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "remedy": {
            "share": ("共享现有场所", "share existing premises"),
            "open": ("打通阻隔", "open a link through the barrier"),
            "extend": ("改扩建现有设施", "extend an existing facility"),
            "upgrade": ("提升现有设施层级", "raise an existing facility to the tier"),
            "convert": ("利用存量用房", "convert a stock room"),
            "new": ("新建设施", "build a facility"),
            "survey": ("核实设施数据", "check the facility data"),
            "none_found": ("未找到可行措施，待另行选址", "none found: land is to be looked for"),
        },
        "remedy_what": {
            "open_up": ("对外开放", "open it to everybody"),
            "open_grounds": ("学校场地错时开放", "open school grounds after hours"),
            "raise": ("提升为所需类型", "raise it to the type asked for"),
            "take_in": ("增设所需功能", "add the service to it"),
            "enlarge": ("扩大规模", "enlarge it"),
            "street": ("打通断头道路", "open a cut-off street"),
            "park": ("增设公园出入口", "open a way into a park"),
            "campus": ("协商开放单位通道", "open a way through a campus"),
            "estate": ("建议协商增设步行出入口", "a further gate, proposed for negotiation"),
            "corner": ("利用边角地新建", "build on a corner plot"),
            "interlocked": ("利用插花地新建", "build on interlocked land"),
            "enclosed": ("利用夹心地新建", "build on enclosed land"),
            "underused": ("利用低效地新建", "build on underused land"),
            "vacant": ("利用空闲地新建", "build on vacant land"),
            "in_estate": ("利用小区内用地新建", "build on land of an estate"),
            "stock_room": ("改造存量用房", "convert a stock room"),
            "extension": ("改扩建", "extend"),
            "share": ("共享", "share"),
            "gate": ("打通通道", "open a link"),
        },
        "consent": {
            "school": (
                "学校体育设施错时开放，须经学校及教育部门同意",
                "school sports grounds after hours: the school has to agree",
            ),
            "owners": (
                "涉及小区的，须经业主共同决定（业主大会表决）",
                "in an estate: its owners have to agree, by a vote",
            ),
            "owner": ("须经产权单位同意", "whoever owns it has to agree"),
            "operator": ("须经运营单位及主管部门同意", "its operator and authority have to agree"),
            "park": ("须经绿化主管部门同意", "the parks authority has to agree"),
            "campus": ("须经所在单位同意", "the institution has to agree"),
            "collective": ("须村集体同意", "consent of the village collective"),
            "subdistrict": ("须街道（镇）同意", "consent of the subdistrict"),
            "right_holder": ("须产权人同意", "consent of who holds the right"),
            "road_keeper": (
                "须道路桥梁管理单位同意并满足安全距离",
                "consent of the keeper of the road, safe distances kept",
            ),
            "railway_keeper": (
                "须铁路管理单位同意并满足安全距离",
                "consent of the railway, safe distances kept",
            ),
            "river_keeper": ("须河道管理单位同意", "consent of the keeper of the river"),
            "none": ("无须他方同意", "nobody else has to agree"),
        },
    }
)
"""Pairs (Chinese, English), as in `words.LABELS`, which holds them too."""
