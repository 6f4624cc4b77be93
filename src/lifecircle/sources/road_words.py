"""
Names and words in a planner's road file -> what its columns mean, classes, levels and flags.

The surest name stands first; of the rules for a word the first that fits the whole word decides.
"""

from __future__ import annotations

from collections.abc import Mapping

ROAD_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("way_id", "道路编号", "道路编码", "路段编号", "路段编码", "DLBH", "LDBH", "编号", "BH"),
        *("编码", "id", "osm_id", "BSM", "OBJECTID", "FID"),
    ),
    "name": ("name", "道路名称", "路名", "道路名", "街道名称", "名称", "DLMC", "LM", "MC"),
    "class": (
        *(
            "highway",
            "道路等级",
            "道路类型",
            "道路类别",
            "道路级别",
            "等级",
            "DLDJ",
            "DLLX",
            "DLLB",
        ),
        *("LX", "fclass", "class", "type"),
    ),
    "level": ("layer", "层次", "道路层次", "高程层次", "空间层次", "level", "CC", "DLCC", "SFGJ"),
    "bridge": ("bridge", "是否桥梁", "桥梁", "桥", "SFQL"),
    "tunnel": ("tunnel", "是否隧道", "隧道", "SFSD"),
    "oneway": ("oneway", "是否单向", "单行", "单行线", "单向", "通行方向", "SFDX", "DX"),
    "status": ("status", "道路状态", "建设状态", "现状规划", "状态", "建设情况", "ZT", "JSZT"),
}
"""What the columns of a road file are known by; the keys are those of ``columns = {…}``."""
ROAD_CLASSES = (
    *(
        (one, one)
        for one in (
            *("motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link"),
            *("secondary", "secondary_link", "tertiary", "tertiary_link", "unclassified"),
            *("residential", "living_street", "pedestrian", "service", "road", "busway"),
            *("track", "footway", "cycleway", "path", "steps", "bridleway", "corridor"),
        )
    ),
    ("motorway", ".*高速.*"),
    ("trunk", ".*快速.*|国道.*"),
    ("primary", ".*主干.*|省道.*"),
    ("secondary", ".*次干.*|县道.*"),
    ("steps", ".*(?:台阶|阶梯|梯道|踏步|梯坎|石阶).*"),
    ("cycleway", ".*(?:非机动车|自行车|骑行).*"),
    ("footway", ".*(?:步道|人行|步行|绿道|慢行|天桥|地道).*"),
    ("tertiary", "乡道.*|镇道.*|公路.*"),
    ("track", ".*(?:机耕|田间|生产路).*"),
    ("residential", ".*(?:支路|街巷|街坊|街道).*"),
    ("service", ".*(?:巷|弄|胡同|小区|内部|单位|宅间|宅前|组团).*"),
    ("unclassified", ".*(?:村|通组|通户).*"),
)
"""Classes of roads by Chinese words; an OpenStreetMap class is itself."""
LEVELS = (
    ("1", r"\+?1(?:\.0)?|高架.*|上层|立交|跨线.*|地上.*|是|y|yes|true|bridge|elevated"),
    ("0", r"0(?:\.0)?|地面.*|平面|否|n|no|false|ground|surface"),
    ("-1", r"-1(?:\.0)?|地下.*|隧道.*|下穿.*|下层|tunnel|underground"),
    *((str(one), rf"\+?{one}(?:\.0)?") for one in (*range(2, 6), *range(-5, -1))),
)
"""Levels a road runs at; 是 and 否 answer whether it is elevated."""
FLAGS = (
    ("no", r"否|0|false|no|n|f|无|双向.*|双行.*|both|b"),
    ("back", r"-1|反向.*|逆向.*|reverse"),
    ("yes", r"是|1|true|yes|y|t|有|√|✓|单向.*|单行.*|正向.*|桥.*|隧道.*|viaduct|ft"),
)
"""Whether a road is a bridge, a tunnel or one-way."""
STATES = (
    ("building", ".*(?:在建|施工|construction).*"),
    ("planned", ".*(?:规划|拟建|未建|待建|planned|proposed).*"),
    ("gone", ".*(?:废弃|拆除|停用|封闭|closed|abandoned).*"),
    ("open", ".*(?:现状|已建|建成|通车|使用|existing|open|built).*"),
)
"""Whether a road can be walked on yet, or still; 现状 beside 规划 in one word counts as planned."""
ABOVE = r".*(?:高架(?:路|桥|道路|快速路)?|人行天桥|过街天桥)"
BELOW = r".*(?:隧道|过街地道|地下通道|下穿通道)"
"""Whole names that say a road runs above or below the ground."""
VIADUCT = ".*高架.*"
