"""
The sentences of the map page, in Chinese and English, as a plain table.

Every entry is a pair (Chinese, English); ``{n}``-like places are filled in by the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

MAP_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "view_index": ("综合评价", "Overall grade"),
        "view_gaps": ("短板", "Gaps"),
        "view_sites": ("选址", "Sites"),
        "view_land": ("存量用地", "Leftover land"),
        "view_units": ("公共服务基本单元", "Service units"),
        "unit": ("公共服务基本单元", "Service unit"),
        "unit_set": ("单元方案", "Set of units"),
        "unit_members": ("社区", "Communities"),
        "unit_size": ("人口规模", "Size"),
        "unit_cut": ("内部分隔", "Cut by"),
        "unit_walk": ("社区间步行", "Between centres"),
        "unit_whole": ("相连", "Hangs together"),
        "unit_apart": ("否", "no"),
        "unit_services": ("达标项目", "Services met"),
        "unit_inside": ("单元内 {n} 处", "{n} inside"),
        "largest_units": ("人口最多的单元", "Largest units"),
        "legend_units": (
            "整社区组合成的服务单元；边线颜色为人口规模，填色只为区分。“本次建议”供比选，"
            "不是划定结果。点选社区查看所在单元。",
            "Service units of whole communities; the line tells their size, the fill only sets "
            "them apart. Proposals are there to choose from, nothing is decided. Click a "
            "community for its unit.",
        ),
        "view_places": ("待定位", "Places to find"),
        "views": ("视图", "Views"),
        "services": ("服务覆盖", "Services"),
        "circle": ("生活圈", "Circle"),
        "minutes": ("{n} 分钟", "{n} min"),
        "metres": ("{n} 米", "{n} m"),
        "requirement": ("配置要求", "Requirement"),
        "search": ("搜索社区或设施", "Find a community or facility"),
        "no_match": ("没有找到", "Nothing found"),
        "panel_open": ("显示面板", "Show the panel"),
        "panel_close": ("收起面板", "Hide the panel"),
        "language": ("English", "中文"),
        "language_hint": ("Switch to English", "切换到中文"),
        "legend": ("图例", "Legend"),
        "layers": ("图层", "Layers"),
        "facilities": ("设施", "Facilities"),
        "facility_suffix": ("设施", " facilities"),
        "isochrones": ("步行可达范围", "Walking range"),
        "homes": ("住户点", "Homes"),
        "buildings": ("建筑", "Buildings"),
        "names": ("社区名称", "Community names"),
        "whole_area": ("研究范围", "Whole area"),
        "people": ("{n} 人", "{n} people"),
        "index": ("指数", "index"),
        "legend_index": (
            "{m} 分钟生活圈公共服务评价指数（满分 100）。本项目自有方法，非官方指数。",
            "Service index of the {m}-minute circle, out of 100. A method of this project, "
            "not an official one.",
        ),
        "legend_service": (
            "各社区中，{limit}内能步行到达「{service}」设施的人口比例（{group}）。逐户判定，"
            "不以范围图形判定。",
            "Share of people ({group}) who walk to {service} within {limit}. Decided home by "
            "home, never by the outline.",
        ),
        "unknown_gaps": ("另有 {n} 项数据不足，未计入", "{n} more: too little data"),
        "legend_gaps": (
            "每个社区的短板数量（只计底线要求）。",
            "Number of gaps in each community (base requirements only).",
        ),
        "legend_gap": (
            "「{label}」：着色的社区存在该项短板，圆点为未覆盖的住户，按原因着色。",
            "{label}: coloured communities fall short of it; dots are the homes not covered, "
            "by reason.",
        ),
        "legend_sites": (
            "建议选址，圆越大新增覆盖的人越多；底色为 {m} 分钟生活圈等级。",
            "Proposed sites: the larger, the more people newly covered. Ground: grade of the "
            "{m}-minute circle.",
        ),
        "legend_sites_public": (
            "每个社区的建议选址数量（公开版不显示地块位置）。",
            "Proposed sites per community (a public edition shows no plots).",
        ),
        "legend_before": (
            "「{label}」：现状各社区人口覆盖率。",
            "{label}: share of people covered today, by community.",
        ),
        "legend_after": (
            "「{label}」：全部选址建成后各社区人口覆盖率。",
            "{label}: share of people covered once all sites are built, by community.",
        ),
        "by_grade": ("底色：生活圈等级", "Ground: grade of the circle"),
        "before_after": ("选址前后", "Before and after"),
        "before_sites": ("选址前", "Before"),
        "after_sites": ("选址后", "After"),
        "best_change": ("新增覆盖最多的社区", "Communities that gain most"),
        "chosen_in": ("扰动下入选比例", "Chosen in draws"),
        "legend_land": (
            "可能用于补短板的存量用地与用房。「疑似」为线索，需现场核实。",
            "Land and premises that could close gaps. What is called a lead must be checked "
            "on site.",
        ),
        "legend_land_public": (
            "每个社区的存量用地数量（公开版不显示地块位置）。",
            "Leftover plots per community (a public edition shows no plots).",
        ),
        "legend_places": (
            "名录中没有坐标、地址也查不准的设施，未进入评价。点选一行，再点地图上的位置；全部标好后导出文件，"
            "在研究文件 geocode.placed 中写明，重新运行即采用。",
            "Rows of lists without coordinates or an address that is sure enough: they are left "
            "out. Choose one, click its place on the map, and save the file; name it under "
            "geocode.placed in the study file and run again.",
        ),
        "place": ("待定位设施", "Place to find"),
        "place_click": ("点击地图上它的位置。", "Click its place on the map."),
        "place_guess": ("推测位置", "best guess"),
        "place_take": ("采用推测位置", "Take the guess"),
        "place_clear": ("清除", "Clear"),
        "place_given": ("已标定", "placed"),
        "place_save": ("导出（{n} 处）", "Save ({n})"),
        "list_row": ("名录与行号", "List and row"),
        "address": ("地址", "Address"),
        "certainty": ("把握", "Certainty"),
        "position": ("位置", "Place"),
        "at_least": ("≥ {n}", "≥ {n}"),
        "below": ("< {n}", "< {n}"),
        "between": ("{a}–{b}", "{a}–{b}"),
        "no_people": ("无人口或无法评价", "nobody, or not assessable"),
        "unjudged": ("数据不足，无法判断", "too little data to judge"),
        "count_communities": ("{n} 个社区", "{n} communities"),
        "worst_index": ("得分最低", "Lowest index"),
        "worst_service": ("未覆盖人口最多", "Most people not covered"),
        "worst_gaps": ("短板最多", "Most gaps"),
        "best_sites": ("新增覆盖最多", "Most people newly covered"),
        "largest_land": ("面积最大", "Largest"),
        "not_covered": ("{n} 人未覆盖", "{n} not covered"),
        "gaps_n": ("{n} 项", "{n}"),
        "home_covered": ("已覆盖", "covered"),
        "home_uncovered": ("未覆盖", "not covered"),
        "all_gaps": ("全部短板", "All gaps"),
        "gap_filter": ("按要求筛选", "Show one requirement"),
        "isochrone_note": (
            "可达范围只用于示意：{a}% 的人被误划入，{b}% 被误划出。",
            "The range is a drawing: {a}% of people are wrongly in it, {b}% wrongly out.",
        ),
        "card": ("详情", "Details"),
        "close": ("关闭", "Close"),
        "community": ("社区/村", "Community"),
        "facility": ("设施", "Facility"),
        "site": ("建议选址", "Proposed site"),
        "parcel": ("存量用地", "Leftover land"),
        "unnamed": ("（无名称）", "(no name)"),
        "reach": ("步行可达的人口比例", "People within reach"),
        "target": ("目标", "target"),
        "grade": ("等级", "Grade"),
        "weakest": ("最薄弱", "Weakest"),
        "no_index": (
            "指数空缺：{n} 项要求无法判断（点开看所需资料）",
            "No index: {n} requirements cannot be judged (open for what it would take)",
        ),
        "median": ("中位步行 {n} 分钟", "median walk {n} min"),
        "no_gaps": ("没有短板。", "No gaps."),
        "gap_people": ("{n} 人未覆盖", "{n} people not covered"),
        "nearest": ("最近：{name}，步行 {n} 分钟", "nearest: {name}, {n} min on foot"),
        "nearest_bare": ("最近设施步行 {n} 分钟", "nearest {n} min on foot"),
        "remedy": ("建议：{text}", "proposed: {text}"),
        "remedy_brings": (
            "建议：{text}（可纳入 {n} 人）",
            "proposed: {text} ({n} people inside)",
        ),
        "solved_by": ("选址 {id} 可改善", "helped by site {id}"),
        "service": ("服务", "Service"),
        "type": ("类型", "Type"),
        "status": ("状态", "Status"),
        "open_to": ("开放对象", "Open to"),
        "floor": ("建筑面积", "Floor area"),
        "land_area": ("用地面积", "Land"),
        "beds": ("床位", "Beds"),
        "load": ("负荷", "Load"),
        "load_of": (
            "{n} 人以此为最近，可服务约 {m} 人（{p}）",
            "nearest for {n} people, serves about {m} ({p})",
        ),
        "gap_size": ("{n} 人未达指标", "{n} people without their share"),
        "source": ("来源", "Source"),
        "confidence": ("归类把握", "Certainty of type"),
        "placed": ("定位方式与把握", "Placed by, certainty"),
        "also_here": ("同址还有", "Also here"),
        "kind": ("类型", "Kind"),
        "brings": ("新增覆盖", "Newly covered"),
        "year": ("实施年度", "Year"),
        "year_n": ("第 {n} 年", "year {n}"),
        "project": ("项目", "Project"),
        "mode": ("建设方式", "Mode"),
        "lead_body": ("责任单位", "Lead body"),
        "conforms": ("控规符合性", "Detailed plan"),
        "origin": ("来源方式", "Origin"),
        "evidence": ("依据", "Evidence"),
        "land_code": ("用地代码", "Land code"),
        "rectangle": ("最大内接矩形（米）", "Largest rectangle (m)"),
        "fits": ("可建设施类型", "Room for"),
        "consent": ("须征得同意", "Consent needed"),
        "near": ("邻近危险与噪声源", "Danger and noise near"),
        "closes": ("改善短板", "Helps gaps"),
        "sites_here": ("本社区建议选址", "Sites in this community"),
        "m2": ("{n} 平方米", "{n} m²"),
        "few": (
            "人数少于 10 的及可由其推算的不公布",
            "Counts under 10, and those they follow from, are not told",
        ),
        "about": ("数据说明", "About the data"),
        "data_of": ("数据日期 {date}", "data of {date}"),
        "standard": ("采用标准：{name}", "Standard: {name}"),
        "sources": ("来源", "Sources"),
        "warnings": ("提示", "Notes"),
        "china_note": (
            "OpenStreetMap 数据仅供研究参考，不作为法定依据。",
            "OpenStreetMap data are for research and are no statutory basis.",
        ),
        "sketch": ("边界为示意，不作为划界依据。", "Boundaries are a sketch and settle none."),
        "approval": ("审图号：{n}", "Map approval number: {n}"),
        "secrecy": ("密级：{n}", "Secrecy level: {n}"),
        "pending": ("（待填）", "(to be filled in)"),
        "empty": ("这里没有数据。", "There is nothing to show here."),
        "zoom_in": ("放大", "Zoom in"),
        "zoom_out": ("缩小", "Zoom out"),
        "fit": ("全图", "Whole area"),
        "buildings_hint": ("放大后显示", "shown when zoomed in"),
        "map": ("地图", "Map"),
    }
)
"""Key to its sentence."""

HOME_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "people": ("{n} 处住宅", "{n} homes"),
        "not_covered": ("{n} 处住宅未覆盖", "{n} homes not covered"),
        "gap_people": ("{n} 处住宅未覆盖", "{n} homes not covered"),
        "reach": ("步行可达的住宅比例", "Homes within reach"),
        "worst_service": ("未覆盖住宅最多", "Most homes not covered"),
        "best_sites": ("新增覆盖住宅最多", "Most homes newly covered"),
    }
)
"""Sentences that differ where no population is known and homes are counted instead."""
