"""The words of codes about land: reasons and checks, what is near, consents, what fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

LAND_LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "land_note": {
            "permanent_farmland": ("永久基本农田", "permanent basic farmland"),
            "ecological_red_line": ("生态保护红线", "ecological red line"),
            "heritage_protection": ("文物保护范围", "heritage protection zone"),
            "heritage_control": ("文物建设控制地带", "heritage building control zone"),
            "river_line": ("河道蓝线", "river line"),
            "green_line": ("绿线", "green line"),
            "utility_line": ("市政廊道", "utility corridor"),
            "hazard_zone": ("地质灾害隐患区", "hazard zone"),
            "excluded": ("禁止建设", "excluded"),
            "contaminated": ("土壤污染或调查未完成", "polluted, or soil survey unfinished"),
            "farmland": ("现状农用地", "farmland"),
            "forest": ("现状林地", "forest"),
            "meadow": ("现状草地", "meadow"),
            "wetland": ("现状湿地", "wetland"),
            "water": ("现状水面", "water"),
            "road": ("现状道路", "road"),
            "railway": ("现状铁路", "railway"),
            "transport": ("现状交通设施", "transport land"),
            "park": ("现状公园绿地", "park"),
            "square": ("现状广场", "square"),
            "special": ("特殊用地", "special land"),
            "quarry": ("采矿用地", "quarry"),
            "planned_park": ("规划公园绿地", "planned park"),
            "planned_green": ("规划防护绿地", "planned green belt"),
            "planned_square": ("规划广场", "planned square"),
            "planned_road": ("规划道路", "planned road"),
            "planned_water": ("规划水域", "planned water"),
            "planned_farmland": ("规划农用地", "planned farmland"),
            "planned_forest": ("规划林地", "planned forest"),
            "planned_special": ("规划特殊用地", "planned special land"),
            "built": ("现状建筑", "buildings"),
            "street": ("道路红线推定范围", "corridor of a street"),
            "too_small": ("面积过小", "too small"),
            "no_outline": ("无图形，仅按坐落定位", "no outline, placed by its address"),
            "no_place": ("位置待核实", "place not known"),
            "no_area": ("无面积", "no area"),
            "not_located": ("坐落未能定位", "address not found"),
            "place_uncertain": ("坐落定位把握不足", "placed only roughly"),
            "area_differs": ("台账与图形面积不符", "ledger and outline differ in area"),
            "outline_matched": ("图形按变更调查匹配", "outline matched in the land survey"),
            "partly_excluded": ("已扣除不可用部分", "part of it cut off"),
            "buildings_drawn": (
                "已拆，但房屋数据仍有建筑",
                "cleared, but buildings are still drawn",
            ),
            "soil_check": ("须先做土壤污染状况调查", "soil survey needed first"),
            "hazard": ("备注有隐患", "note tells of a hazard"),
            "temporary": ("临时使用，限不建房的设施", "temporary: nothing with a building"),
            "short_term": (
                "可用期限短，不建房、不改造（本项目口径）",
                "free for too short to build or fit out (our rule)",
            ),
            "rented": ("正在出租或占用", "let or in use"),
            "term": ("租期待商定或将到期", "term open or ending"),
            "storey": ("楼层不明", "storey not known"),
            "collective": ("集体土地或资产，须村集体同意", "collective: its consent is needed"),
            "owners_consent": ("须业主（住户）同意", "consent of owners needed"),
            "private_owner": ("企业权属，须协商或收储", "company-owned: to be negotiated"),
            "rights_differ": ("权属来源不一致", "sources differ about rights"),
            "steep": ("坡度15%以上（DEM推算）", "slope of 15 % or more (from the DEM)"),
            "too_steep": ("坡度25%以上（DEM推算）", "slope of 25 % or more (from the DEM)"),
            "sport_only": ("仅限无建筑的体育健身设施", "sport without a building only"),
            "under_bridge": ("高架桥下空间", "ground under an elevated road"),
            "along_rail": ("铁路沿线", "along a railway"),
            "along_river": ("河道沿线", "along a river"),
            "seen_water": ("遥感影像多为水面", "mostly water, seen from above"),
            "seen_wetland": ("遥感影像多为湿地", "mostly wetland, seen from above"),
            "seen_crop": ("遥感影像多为耕地", "mostly crops, seen from above"),
            "seen_trees": ("遥感影像多为林木", "mostly trees, seen from above"),
            "stilted": (
                "架空层：须业主共同决定，围合使用须规划核实",
                "open ground floor: its owners in common decide, and planning if it is closed in",
            ),
        },
        "cover": {
            "built": ("建成", "built"),
            "bare": ("裸地", "bare"),
            "grass": ("草地", "grass"),
            "trees": ("林木", "trees"),
            "crop": ("耕地", "crops"),
            "water": ("水面", "water"),
            "wetland": ("湿地", "wetland"),
        },
        "near": {
            "fuel_station": ("加油站50米内", "fuel station within 50 m"),
            "substation": ("变电设施30米内", "substation within 30 m"),
            "railway": ("铁路50米内（噪声）", "railway within 50 m (noise)"),
            "motorway": ("快速路50米内（噪声）", "fast road within 50 m (noise)"),
        },
        "misfit": {
            "small": ("面积不足", "too small"),
            "narrow": ("宽度不足", "too narrow"),
            "open_ground": ("须有室外场地", "needs open ground"),
            "floor": ("首层面积不足或不明", "ground floor too small or not known"),
            "sport_only": ("仅限无建筑的体育设施", "sport without a building only"),
            "no_building": ("临时或期限短，不宜建房", "temporary or short term: no building"),
            "short_term": ("可用期限短，不宜改造", "free for too short to be fitted out"),
        },
    }
)
"""Kind of code to code to its label."""

# Phrases of `evidence` as they are put together where land is found, and their Chinese.
_EVIDENCE = tuple(
    (re.compile(phrase), chinese)
    for phrase, chinese in (
        (
            r"outline: land survey, same community and area",
            "图形取自国土变更调查（同社区、面积相符）",
        ),
        (r"land survey: (.*?) \(3diao\), ", r"国土变更调查：\1（三调分类），图斑 "),
        (r"land survey: (.*?) \(2023\), ", r"国土变更调查：\1（2023年分类），图斑 "),
        (r"land survey: ", "国土变更调查："),
        (
            r"residual land of a block; open ground in residential land",
            "街坊内剩余地块，居住用地内空地",
        ),
        (r"residual land of a block; no use mapped", "街坊内剩余地块，地图未标用途"),
        (r"residual land of a block; ", "街坊内剩余地块，地图标注："),
        (r"ground below an elevated road", "高架桥下空间"),
        (r"; between blocks of flats, owners' consent needed", "；位于住宅楼之间，须业主同意"),
        (r"; along_river: sport without a building only", "；沿河，只宜作不建房的体育场地"),
        (r"; along_rail: sport without a building only", "；沿铁路，只宜作不建房的体育场地"),
        (r"; under_bridge: sport without a building only", "；只宜作不建房的体育场地"),
        (r"; (address|door|building|name|street|estate) (\d\.\d+); ", r"；按坐落定位（把握 \2）："),
        (r"^疑似: ", "疑似："),
    )
)


def land_evidence(text: str, language: str) -> str:
    """
    Word what speaks for a plot or a room.

    Parameters
    ----------
    text
        Files, codes and set phrases, as land was found with them.
    language
        ``zh`` or ``en``.

    Returns
    -------
    words
        The phrases in that language; all else as it stands.

    Examples
    --------
    >>> from lifecircle.outputs.words_of_land import land_evidence
    >>> land_evidence("land survey: 1201 空闲地 (3diao), 33010600017", "zh")
    '国土变更调查：1201 空闲地（三调分类），图斑 33010600017'
    >>> land_evidence("疑似: residual land of a block; no use mapped", "en")
    'lead: residual land of a block; no use mapped'
    """
    if language != "zh":
        return re.sub("^疑似: ", "lead: ", text)
    for phrase, chinese in _EVIDENCE:
        text = phrase.sub(chinese, text)
    return text
