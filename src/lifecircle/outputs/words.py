"""
The words of codes, in Chinese and English, as plain tables.

Every entry is a pair (Chinese, English); nothing is looked up here, that is `outputs.style`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lifecircle.outputs.words_of_choice import CHOICE_LABELS
from lifecircle.outputs.words_of_land import LAND_LABELS
from lifecircle.outputs.words_of_lists import LIST_LABELS
from lifecircle.outputs.words_of_plans import PLAN_LABELS
from lifecircle.outputs.words_of_remedies import REMEDY_LABELS

LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        **LIST_LABELS,
        **PLAN_LABELS,
        **REMEDY_LABELS,
        **CHOICE_LABELS,
        **LAND_LABELS,
        "grade": {
            "excellent": ("优", "excellent"),
            "good": ("良", "good"),
            "fair": ("中", "fair"),
            "low": ("低", "low"),
            "poor": ("差", "poor"),
            "none": ("无人口或无法评价", "nobody lives here, or not assessable"),
        },
        "gap_kind": {
            "missing": ("缺项", "missing"),
            "access": ("可达不足", "out of reach"),
            "size": ("规模不足", "too small"),
        },
        "reason": {
            "no_data": ("数据不足", "too little data"),
            "edge": ("邻近数据边界", "near the edge of the data"),
            "tier_missing": ("缺该层级设施", "this tier is missing"),
            "barrier": ("有阻隔需绕行", "cut off by a barrier"),
            "too_far": ("设施过远", "too far"),
            "none": ("两倍限值内没有设施", "none within twice the limit"),
            "undersized": ("规模低于指标", "smaller than the norm"),
            "over_capacity": ("超负荷", "over capacity"),
            "uncovered": ("未覆盖", "not covered"),
        },
        "site_kind": {
            "corner": ("边角地", "corner plot"),
            "interlocked": ("插花地", "interlocked plot"),
            "enclosed": ("夹心地", "enclosed plot"),
            "underused": ("低效地", "underused land"),
            "vacant": ("空闲地", "vacant land"),
            "in_estate": ("小区内用地", "land inside an estate"),
            "stock_room": ("存量用房", "idle premises"),
            "extension": ("扩建", "extension"),
            "share": ("共享", "shared premises"),
            "gate": ("打通出入口", "opened link"),
        },
        "parcel_origin": {
            "listed": ("规划部门清单", "planner's list"),
            "surveyed": ("国土变更调查", "land survey"),
            "tagged": ("地图标注（疑似）", "mapped as such (lead)"),
            "residual": ("剩余地块（疑似）", "left over between uses (lead)"),
        },
        "facility_status": {
            "existing": ("现状", "existing"),
            "building": ("在建", "being built"),
            "planned": ("规划", "planned"),
            "promised": ("承诺配建", "promised"),
            "closed": ("已关闭", "closed"),
            "unconfirmed": ("待核实（未计入）", "unconfirmed, not counted"),
        },
        "home_status": {
            "ok": ("正常", "on the network"),
            "far": ("离路过远", "too far from any street"),
            "island": ("孤立路网", "on an island of streets"),
            "edge": ("邻近数据边界", "near the edge of the data"),
            "outside": ("范围之外", "outside the area"),
        },
        "home_origin": {
            "people": ("人口数据", "counted people"),
            "flats": ("户数推算", "from dwellings"),
            "floor_area": ("住宅建筑面积推算", "from residential floor area"),
            "raster": ("人口栅格推算", "from a population raster"),
            "grid": ("网格人口推算", "from the people of a grid"),
            "residential_land": ("居住用地推算", "from residential land"),
            "community": ("社区中心点代替", "the middle of the community"),
            "equal": ("平均分配", "shared equally"),
        },
        "urban": {
            "urban": ("城镇", "urban"),
            "rural": ("乡村", "rural"),
            "unknown": ("未分类", "not classed"),
        },
        "urban_evidence": {
            "code": ("城乡分类代码", "code of the statistics"),
            "word": ("城乡属性文字", "word in a column"),
            "name": ("名称", "name"),
        },
        "open_to": {
            "anyone": ("对外开放", "anyone"),
            "residents": ("仅限居民", "residents only"),
            "members": ("仅限内部人员", "members or staff only"),
        },
        "audience": {
            "community": ("本社区居民", "people of its community"),
            "subdistrict": ("本街道、镇居民", "people of its subdistrict"),
            "unit": ("本单元居民", "people of its unit"),
            "residents": ("本小区居民", "residents of its estate"),
        },
        "profile": {
            "gb": ("步行", "on foot"),
            "adult": ("成人步行", "adults on foot"),
            "elder": ("老人步行", "elders on foot"),
            "child": ("儿童步行", "children on foot"),
            "wheelchair": ("轮椅", "by wheelchair"),
            "stroller": ("推婴儿车", "with a stroller"),
            "bike": ("骑行", "by bike"),
            "drive": ("车行", "by car"),
        },
        "entrance_origin": {
            "given": ("已提供", "given"),
            "entrance": ("地图出入口", "mapped entrance"),
            "gate": ("大门", "gate"),
            "street": ("街道与边界交点", "street meets the outline"),
            "outline": ("边界", "outline"),
            "point": ("点位", "point"),
        },
        "group": {
            "all": ("全部人口", "everybody"),
            "60plus": ("60岁及以上", "aged 60 and over"),
            "65plus": ("65岁及以上", "aged 65 and over"),
            "80plus": ("80岁及以上", "aged 80 and over"),
            "0_3": ("0—3岁", "aged 0 to 3"),
            "3_6": ("3—6岁", "aged 3 to 6"),
        },
        "level": {
            "estate": ("小区", "estate"),
            "community": ("社区/村", "community"),
            "unit": ("公共服务基本单元", "service unit"),
            "subdistrict": ("街道/镇", "subdistrict"),
            "county": ("县（市、区）", "county"),
            "city": ("市", "city"),
            "study": ("研究范围", "whole area"),
        },
        "unit_origin": {
            "given": ("已划定", "given"),
            "plan": ("详细规划单元", "unit of the detailed plan"),
            "proposed": ("本次建议", "proposed"),
        },
        "in_band": {
            "below": ("低于标准", "below the band"),
            "within": ("符合标准", "within the band"),
            "above": ("高于标准", "above the band"),
        },
        "barrier": {
            "road": ("主干路", "main road"),
            "rail": ("铁路", "railway"),
            "water": ("河流水面", "water"),
            "plan": ("规划单元线", "planning unit line"),
        },
        "advice": {
            "large": ("人口过多", "many people"),
            "small": ("人口过少", "few people"),
            "wide": ("范围过大", "wide"),
            "cut": ("被分隔", "divided"),
            "exclave": ("飞地", "in several parts"),
        },
        "obligation": {
            "must": ("▲ 应配建", "▲ required"),
            "as_needed": ("△ 按需配建", "△ as needed"),
        },
        "obligation_mark": {"must": ("▲", "▲"), "as_needed": ("△", "△")},
        "measure": {
            "facilities": ("处", "facilities"),
            "floor_m2": ("建筑面积（平方米）", "floor area (m²)"),
            "site_m2": ("用地面积（平方米）", "site (m²)"),
            "beds": ("床位（张）", "beds"),
            "places": ("托位、座位（个）", "places"),
        },
        "verdict": {
            "met": ("达标", "met"),
            "short": ("未达标", "short"),
            "empty": ("无服务人口", "nobody to serve"),
            "unknown": ("无法判断", "cannot be judged"),
        },
        "robust": {
            "robust": ("稳健", "robust"),
            "marginal": ("临界", "marginal"),
            "True": ("稳健", "robust"),
            "False": ("临界", "marginal"),
        },
        "chosen": {"True": ("已入选", "chosen"), "False": ("未入选", "not chosen")},
        "flag": {"True": ("是", "yes"), "False": ("否", "no")},
        "mode": {
            "new": ("新建", "new building"),
            "extend": ("改扩建", "extension"),
            "purchase": ("购置", "purchase"),
            "exchange": ("置换", "exchange"),
            "lease": ("租赁", "lease"),
            "share": ("共享", "sharing"),
            "open": ("打通通道", "opening a link"),
            "survey": ("核实数据", "checking the data"),
        },
        "project_status": {
            "proposed": ("拟建", "proposed"),
            "unsited": ("待选址", "no site yet"),
            "approved": ("已批", "approved"),
            "building": ("在建", "being built"),
            "done": ("已完成", "done"),
            "reserve": ("储备", "reserve"),
        },
        "estate_kind": {"new": ("新建类", "new-build"), "old": ("旧改类", "old estates")},
        "community_kind": {
            "leading": ("引领型（建议）", "leading (proposed)"),
            "basic": ("普惠型（建议）", "basic (proposed)"),
        },
        "claimed": {
            "done": ("已完成", "done"),
            "building": ("在建", "being built"),
            "not_started": ("未启动", "not started"),
            "cancelled": ("取消", "cancelled"),
        },
        "last_round": {
            "done": ("已实施", "done"),
            "building": ("在建", "being built"),
            "rolled_on": ("转入本轮", "rolled on"),
            "lapsed": ("取消或不再需要", "lapsed"),
            "not_done": ("未实施", "not done"),
            "unconfirmed": ("待核实", "to be checked"),
        },
        "conforms": {
            "conform": ("符合", "conforms"),
            "adjust": ("需调整", "needs a change"),
            "not_covered": ("未覆盖控规", "no plan there"),
            "yes": ("符合", "conforms"),
            "no": ("需调整", "needs a change"),
            "unknown": ("待核", "to be checked"),
        },
        "parcel_status": {
            "candidate": ("可选", "candidate"),
            "doubtful": ("存疑", "doubtful"),
            "refused": ("不可用", "refused"),
        },
        "rights": {"state": ("国有", "state"), "collective": ("集体", "collective")},
        "base": {
            "people": ("人口", "people"),
            "residential_land": ("居住用地", "residential land"),
            "floor_area": ("住宅建筑面积", "floor area of homes"),
        },
        "coverage_method": {
            "network": ("路网步行", "along streets"),
            "radius": ("直线半径", "straight line"),
        },
        "land_from": {
            "survey": ("国土变更调查", "land survey"),
            "map": ("地图标注", "map"),
            "plan": ("详细规划", "detailed plan"),
        },
        "equity_measure": {
            "share_gap": ("覆盖率差", "difference of shares"),
            "median_gap_s": ("步行时间中位数差（秒）", "difference of median walks (s)"),
            "gini": ("步行时间基尼系数", "Gini of the walks"),
            "concentration": ("未覆盖人口集中度", "concentration of people not covered"),
        },
        "equity_side": {
            "village": ("村", "villages"),
            "town": ("城镇社区", "towns"),
            "worst_tenth": ("步行最远的10%人口", "the tenth with the longest walks"),
            "uncovered": ("未覆盖人口", "people not covered"),
        },
        "equity_note": {
            "flat_share": (
                "按统一比例推算，不作比较",
                "one declared share everywhere: not compared",
            ),
            "nobody": ("无此类人口", "nobody"),
            "not_reached": ("超出搜索范围", "beyond the search"),
            "unknown": ("城乡属性未知", "town or village not known"),
        },
        "horizon": {
            "now": ("现状", "now"),
            "near": ("近期", "near"),
            "end": ("远期", "end"),
        },
        "handed_over": {
            "yes": ("已移交", "yes"),
            "no": ("未移交", "no"),
            "partly": ("手续未完", "title or acceptance open"),
            "unknown": ("未登记", "not on record"),
        },
        "provision_status": {
            "met": ("符合", "in order"),
            "short": ("面积不足", "too small"),
            "absent": ("小区内无", "none in the estate"),
            "not_built": ("应配未建", "promised, not built"),
            "not_handed_over": ("建而未交", "built, not handed over"),
            "title_open": ("移交手续未完", "handed over, title or acceptance open"),
            "let": ("移交后出租", "handed over, let"),
            "idle": ("移交后闲置", "handed over, idle"),
            "other_use": ("改作他用", "handed over, used otherwise"),
            "use_unknown": ("移交后用途不明", "handed over, use unknown"),
            "no_record": ("应配，无移交记录", "promised, on no ledger"),
            "size_unknown": ("面积或户数不明", "size or households unknown"),
        },
        "unjoined": {
            "no_estate": ("没有对应的小区", "no such estate"),
            "several_estates": ("有多个同名小区", "several estates of that name"),
        },
        "view": {"base": ("底线", "base"), "quality": ("提升", "quality")},
        "release": {
            "internal": ("内部工作稿", "internal working copy"),
            "public": ("公开版", "public edition"),
        },
    }
)
"""Kind of code to code to its label."""
