"""
Names and words in a planner's buildings, estates, gates and parcels -> meanings and codes.

The surest name stands first; of the rules for a word the first that fits the whole word decides.
"""

from __future__ import annotations

from collections.abc import Mapping

from lifecircle.tables import SITE_KINDS

BUILDING_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("building_id", "房屋编号", "建筑编号", "楼栋编号", "幢编号", "房屋代码", "建筑物编号"),
        *("编号", "FWBH", "JZBH", "LDBH", "FWDM", "FWBM", "ZRZH", "BH", "编码", "代码", "id"),
        *("osm_id", "BSM", "OBJECTID", "FID"),
    ),
    "name": (
        *(
            "name",
            "建筑名称",
            "楼栋名称",
            "房屋名称",
            "名称",
            "JZMC",
            "LDMC",
            "FWMC",
            "JZWMC",
            "MC",
        ),
    ),
    "use": (
        *("use", "房屋用途", "建筑用途", "规划用途", "用途", "使用性质", "FWYT", "JZYT", "GHYT"),
        *("YT", "building", "房屋类型", "建筑类型", "FWLX", "JZLX"),
    ),
    "levels": (
        *(
            "levels",
            "building:levels",
            "地上层数",
            "地上楼层数",
            "总层数",
            "层数",
            "楼层",
            "楼层数",
        ),
        *("DSCS", "ZCS", "CS", "LC", "LCS", "FLOORS", "FLOOR"),
    ),
    "flats": (
        *("flats", "building:flats", "户数", "总户数", "住户数", "套数", "总套数", "住宅套数"),
        *("HS", "ZHS", "TS", "ZTS", "households"),
    ),
    "people": (
        *(
            "people",
            "人口",
            "人口数",
            "人数",
            "常住人口",
            "居住人口",
            "总人口",
            "RK",
            "RKS",
            "CZRK",
        ),
        *("pop", "population"),
    ),
    "people_60plus": (
        *("people_60plus", "60岁以上", "60岁及以上", "60岁以上人口", "60岁及以上人口"),
        *("老年人口", "老年人", "老人数", "LNRK", "pop60plus", "pop_60"),
    ),
    "people_65plus": ("people_65plus", "65岁以上", "65岁及以上", "65岁以上人口", "65岁及以上人口"),
    "people_0_3": (
        *("people_0_3", "0-3岁", "0-3岁人口", "0~3岁", "3岁以下", "3岁以下婴幼儿", "婴幼儿"),
        "婴幼儿人口",
    ),
}
"""What the columns of a building file are known by; the keys are those of ``columns = {…}``."""
ESTATE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("estate_id", "小区编号", "小区代码", "小区编码", "XQBH", "XQDM", "XQBM", "编号", "BH"),
        *("编码", "代码", "id", "osm_id", "BSM", "OBJECTID", "FID"),
    ),
    "name": (
        *("estate_name", "小区名称", "小区名", "小区", "住宅区名称", "XQMC", "name", "名称", "MC"),
    ),
    "closed": (
        *("closed", "是否封闭", "是否封闭管理", "是否为封闭小区", "封闭", "封闭管理", "封闭情况"),
        *("封闭类型", "管理方式", "开放情况", "SFFB", "SFFBGL", "gated", "type"),
    ),
    "year_built": (
        *(
            "year_built",
            "建成年代",
            "建成年份",
            "建成时间",
            "竣工年份",
            "交付时间",
            "交付年份",
            "建造年代",
        ),
        *("JCND", "JCNF", "JCSJ", "start_date"),
    ),
    "dwellings": (
        *("dwellings", "户数", "总户数", "住宅套数", "套数", "住宅户数", "规划户数", "HS", "ZHS"),
        "households",
    ),
}
"""What the columns of an estate file are known by."""
GATE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("gate_id", "出入口编号", "大门编号", "CRKBH", "编号", "BH", "编码", "id", "osm_id"),
        *("BSM", "OBJECTID", "FID"),
    ),
    "name": (*("name", "出入口名称", "大门名称", "出入口", "大门", "名称", "CRKMC", "DMMC", "MC"),),
    "kind": (
        *("kind", "出入口类型", "大门类型", "类型", "出入口类别", "类别", "CRKLX", "LX", "barrier"),
        *("type", "通行方式"),
    ),
    "access": (
        *("access", "通行权限", "通行", "是否开放", "是否对外开放", "开放情况", "SFKF", "foot"),
        *("是否刷卡", "刷卡", "门禁", "是否门禁", "SFSK"),
    ),
    "hours": (
        *("hours", "开放时段", "开放时间", "开启时间", "开启时段", "通行时间", "通行时段"),
        *("开门时间", "KFSD", "KFSJ", "opening_hours"),
    ),
    "estate_id": (
        *("estate_id", "小区编号", "小区代码", "小区编码", "所属小区编号", "所属小区代码"),
        *("XQBH", "XQDM", "XQBM", "SSXQBH", "所属小区", "SSXQ", "小区名称", "小区名", "小区"),
        *("XQMC", "estate", "estate_name"),
    ),
}
"""What the columns of a list of gates are known by; ``estate_id`` may hold names as well."""
PARCEL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("parcel_id", "地块编号", "地块编码", "宗地代码", "宗地编号", "宗地号", "DKBH", "DKBM"),
        *("DKDM", "ZDDM", "ZDBH", "编号", "BH", "编码", "代码", "id", "osm_id", "BSM", "OBJECTID"),
        "FID",
    ),
    "name": (
        *("name", "地块名称", "宗地名称", "项目名称", "名称", "DKMC", "ZDMC", "XMMC", "MC", "坐落"),
        *("地块坐落", "宗地坐落", "土地坐落", "位置", "地址", "ZL", "TDZL", "ZDZL"),
    ),
    "kind": (
        *("kind", "地块类型", "存量类型", "空间类型", "土地类型", "类型", "类别", "DKLX", "CLLX"),
        *("LX", "LB", "site_kind"),
    ),
    "area": (
        *("area_m2", "地块面积", "用地面积", "宗地面积", "土地面积", "占地面积", "面积", "面积亩"),
        *("亩数", "DKMJ", "YDMJ", "ZDMJ", "TDMJ", "MJ", "MJ_MU", "area", "area_mu", "area_ha"),
    ),
    "floor": ("floor_m2", "建筑面积", "房屋面积", "总建筑面积", "JZMJ", "floor_area"),
    "code": (
        *("code", "地类编码", "地类代码", "用地代码", "规划用地代码", "用地性质代码", "用途代码"),
        *("DLBM", "DLDM", "YDDM", "GHYDDM", "YDXZDM", "YDYHFLDM", "TDYTDM"),
    ),
    "owner": ("owner", "权属", "权属单位", "权利人", "使用权人", "产权单位", "QLRMC", "QSDW"),
    "available": ("available", "可用年限", "可使用年限", "使用期限", "可租期"),
    "note": ("note", "备注", "说明", "存在问题", "BZ"),
}
"""What the columns of a file of parcels are known by; one of areas in 亩 must say so itself."""

USES = (
    ("apartments", r"apartments?|(?!.*(?:非|配套|物业)).*(?:公寓|宿舍).*"),
    (
        "residential",
        r"residential|住|商住.*|"
        r"(?!.*(?:非住|非居|配套|物业|附属|车库|车棚)).*(?:住宅|居住|住房|民居|农居).*",
    ),
)
"""Uses of buildings people live in; 非成套住宅 is one, 非住宅 and 住宅配套用房 are not."""
_NO = r"否|0|false|no|n|f|×|无|不封闭.*|未封闭.*|非封闭.*|开放.*|open.*"
_YES = r"是|1|true|yes|y|t|√|✓|有|(?:全|完全)?封闭.*|closed.*|gated.*"
CLOSED = (("no", _NO), ("yes", _YES))
"""Whether an estate is closed. 半封闭 is neither."""
OPEN_GATE = (
    ("no", r"关闭.*|封闭|封堵.*|常闭.*|长期关闭|停用.*|no|closed"),
    ("private", r"否|0|false|n|×|仅限.*|不开放|不对外.*|居民.*|业主.*|刷卡.*|门禁.*|private"),
    ("yes", r"是|1|true|y|√|✓|开放.*|对外.*|自由.*|全天.*|yes|public|permissive|open"),
)
"""Who a gate is open to, where the column asks whether it is open."""
CARD_GATE = (
    ("private", r"是|1|true|yes|y|√|✓|有|刷卡.*|门禁.*"),
    ("yes", r"否|0|false|no|n|×|无|不刷卡|自由.*"),
)
"""Who a gate is open to, where the column asks whether a card is needed."""
NOT_ON_FOOT = r".*(?:消防|应急|紧急|疏散|逃生|emergency|fire).*"
"""Gates that open in an emergency only."""
CARS_ONLY = (
    r".*(?:仅限?(?:机动)?车|(?:机动车|车辆|货车)专用|(?:禁止|严禁|不准|限制)行人|地库|车库).*"
)
"""Gates nobody may walk through; a plain 车行 gate is not one: people walk in beside the cars."""
KINDS_OF_LAND = (
    *((kind, kind.replace("_", "[ _-]?")) for kind in SITE_KINDS),
    ("stock_room", ".*(?:用房|存量房|闲置房|房屋|架空层).*"),
    ("in_estate", ".*小区内.*"),
    ("corner", ".*边角.*"),
    ("interlocked", ".*插花.*"),
    ("enclosed", ".*夹心.*"),
    ("underused", ".*低效.*"),
    ("vacant", ".*(?:空闲|闲置|批而未供|批而未用|供而未用|空地).*"),
)
"""Kinds of leftover land and idle space; an English code is itself."""
