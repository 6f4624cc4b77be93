"""
How a run's numbers came about, in plain words, for the sheets and the report.

What differs from run to run (speeds, grades, weights) is taken from the standard that was asked.
"""

from __future__ import annotations

from lifecircle.access.measures import LEAST_SCORE
from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.walk import PROFILES


def method(content: Content) -> tuple[tuple[str, str], ...]:
    """
    Describe the method of a run.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    steps
        Heading and text of every step, in the content's language.
    """
    steps = _ZH if content.language == "zh" else _EN
    facts = {
        "speeds": _speeds(content),
        "grades": _grades(content),
        "weights": _weights(content),
        "mean": _mean(content),
        "weak": f"{content.standard.weak_below:g}",
    }
    return tuple((heading, text.format(**facts)) for heading, text in steps)


def _speeds(content: Content) -> str:
    zh = content.language == "zh"
    used = sorted({item.profile for item in content.standard.requirements})
    said = []
    for name in used:
        profile = PROFILES.get(name)
        if profile is None:
            continue
        called = style.label("walker", name, content.language)
        if profile.class_kmh:
            elsewhere = f"{profile.speed_mps * 3.6:.0f}"
            said.append(
                f"{called}：按道路等级取值，其余 {elsewhere} 千米/小时"
                if zh
                else f"{called}: by class of road, {elsewhere} km/h elsewhere"
            )
        else:
            speed = f"{profile.speed_mps * 60:.1f}"
            metres = f"{profile.metres(15):.0f}"
            said.append(
                f"{called}：{speed} 米/分钟（15 分钟 {metres} 米）"
                if zh
                else f"{called}: {speed} m/min ({metres} m in 15 minutes)"
            )
    return ("；" if zh else "; ").join(said)


def _grades(content: Content) -> str:
    zh = content.language == "zh"
    return ("，" if zh else ", ").join(
        f"{style.label('grade', code, content.language)} ≥ {least:g}"
        for code, least in content.standard.grades
    )


def _weights(content: Content) -> str:
    zh = content.language == "zh"
    standard = content.standard
    weights = [float(standard.weights.get(service, 1.0)) for service in standard.services]
    if len(set(weights)) <= 1:
        return "各类服务等权" if zh else "all services weigh the same"
    return ("，" if zh else ", ").join(
        f"{standard.service_labels[service][content.language]} {weight:g}"
        for service, weight in zip(standard.services, weights, strict=True)
    )


def _mean(content: Content) -> str:
    zh = content.language == "zh"
    if content.standard.index_mean == "arithmetic":
        return "加权算术平均" if zh else "weighted mean"
    least = f"{LEAST_SCORE:g}"
    return (
        f"加权几何平均（缺一类服务不能由其他服务补足；低于 {least} 分按 {least} 分计）"
        if zh
        else "weighted geometric mean (a missing service is not bought by another; scores below"
        f" {least} count as {least})"
    )


_ZH = (
    (
        "研究对象",
        "以社区（村）为评价单元，住户点为起点，医疗、文化、健身、养老等服务设施的出入口为终点，"
        "在步行路网上计算每个住户点到最近设施的步行时间。",
    ),
    (
        "人口",
        "优先采用户籍或网格登记到楼栋的人数、户数；没有时按住宅建筑面积分摊所在最小统计单元的人口，"
        "再没有时用居住用地推算；人口完全未知时各住宅等权，所有人数均为住宅处数。各级合计与总量一致。",
    ),
    (
        "路网与时间",
        "读取全部道路，按步行可通行部分计算；采用官方道路中心线时，仅同一层次相交处打断为路口，"
        "高架道路不与地面道路误连。时间以百分之一秒计。速度：{speeds}。"
        "台阶、过街等候和路面按人群计，给出高程时另按上下坡方向计坡度；底线口径（规划步速）均不计。"
        "时间要求与距离要求分别评价，互不换算。",
    ),
    (
        "接入路网",
        "住户点与出入口接到附近路段（不超过 200 米），连线不穿越铁路、水面或围墙。"
        "离路过远、孤立路网或范围外的点保留在表中，计为未覆盖。",
    ),
    (
        "封闭小区",
        "封闭小区只能经大门进出，内部道路不供穿行；小区内设施默认对外开放，注明仅限居民的除外。"
        "未提供小区名单时，只认地图上围墙、大门、内部道路标注都无疑义的封闭小区，"
        "依据见图层 estates；"
        "无路通往的大门按直线距离的 1.3 倍计。",
    ),
    (
        "覆盖判定",
        "逐个住户点判定：步行时间（或距离）不超过要求的上限即为覆盖，含等于。"
        "等时圈只用于制图，不参与判定。",
    ),
    (
        "两种口径",
        "底线口径按标准自身的时间或距离、对全部人口评价；提升口径考虑老年人步速、坡度（给出高程时）、台阶和过街。"
        "两者并列，不混合；只有底线口径下的应配建（▲）要求才形成短板，按需配建（△）不形成短板。",
    ),
    (
        "短板",
        "某社区某项要求的人口覆盖率低于目标值，且未覆盖人口不少于计入下限，即列为短板。"
        "原因按未覆盖住户点逐个判断，取人数最多者为主因：数据不足、邻近数据边界、缺该层级设施、"
        "有阻隔需绕行、设施过远、两倍限值内没有设施。数据不足的不计为服务短板。"
        "最近设施、步行时间与依据均取主因居民的中位住户点。"
        "未报送的社区、列名但位置不明的设施，凡可左右结论的，结论为“无法判断”。"
        "稳健性：步速、住户点与设施位置、设施是否存在、目标覆盖率同时随机变动 200 次，"
        "幅度为本项目设定；结论至少 95% 不变的为稳健，否则为临界。",
    ),
    (
        "规模与供给",
        "千人指标按单元内现状设施的规模合计判定，逐级汇总，不取平均；同一场所只计一次。"
        "规模未填超过 20%、名录未声明完整或无坐标记录过多的，不足时记为“无法判断”。"
        "应配建（▲）指标在社区或基本单元不足的列为规模不足。"
        "人均可及供给采用增强型两步移动搜索法（E2SFCA），上限的前、中、后三分之一权重为 "
        "1、0.68、0.22（建议值），规模已知不足 80% 的要求不计算。"
        "设施负荷为覆盖范围内以其为最近的人口与服务能力之比，能力多为建议值，单凭负荷不形成短板。",
    ),
    (
        "评价指数",
        "服务得分 = 100 ×（0.6 × 覆盖 + 0.25 × 规模充足 + 0.15 × 数量规则）；"
        "参与计分的项对全部社区一致，未采用的项按剩余权重折算，"
        "规模信息不足供给的 80% 时全部不计规模。指数为各服务得分的{mean}，{weights}；"
        "应配建项无法计算时不给指数。等级：{grades}。"
        "得分低于 {weak} 记为薄弱，薄弱不等于短板。"
        "指数和等级是本项目自定方法，不是任何机构发布的官方指数，仅作附表。",
    ),
    (
        "覆盖率的其他口径",
        "人口口径以外，另按住宅建筑面积和居住用地计算覆盖率：用地取自国土变更调查（没有时取地图，"
        "再没有时取详细规划的居住地块），按 20 米网格逐格与住户点同样接入路网、同样判定。"
        "直线半径法以住户点（网格）到设施出入口的直线距离不超过限值计，时间限值按规划步速折算为米，"
        "不考虑河流、铁路、围墙，仅供比较。结论只采用标准规定的口径。",
    ),
    (
        "就近程度",
        "步行时间中位数、九成人口不超过的时间按人口加权，取实际住户点的数值，不作内插；"
        "第二、第三近设施反映一处停用后的选择。两倍限值内步行不到的记为空白。",
    ),
    (
        "公平性",
        "比较老年人、儿童与全体人口，村与城镇社区，步行最远的10%人口与评价人群的覆盖率；"
        "按统一比例推算的人群不作比较。基尼系数按人口加权的步行时间计算，"
        "两倍限值内步行不到的按两倍限值计；未覆盖人口集中度为未覆盖人口与全部人口在各社区分布的"
        "相异指数：0 为各社区一致，越接近 1 越集中于少数社区。均不参与判定。",
    ),
    (
        "汇总层级",
        "街道、县、市和全范围的数值都由住户点重新汇总，不对下级平均值再取平均。",
    ),
    (
        "存量用地与用房",
        "先用编制单位提供的清单；地图推断的地块一律标为“疑似”，须现场与权属核实。"
        "耕地、林地、公园、水域、道路、墓地、特殊用地，以及禁建文件、规划绿地和土壤污染所及的用地不作建议；"
        "未提供禁建文件的，永久基本农田、文物等须另行核对。"
        "插花地须有权属数据，夹心地须毗邻项目边界，低效用地只取自清单。",
    ),
    (
        "选址",
        "在用地（用房）面积和选址数量约束下使新增覆盖人口最多；已有设施固定不动；"
        "中心级设施按街道配置，一处用地同类服务只设一级，期限短的用地用房不建房、不改造（本项目口径）。"
        "结果注明与理论上界的差距，并重新计算步行时间复核。"
        "“入选比例”为步速、位置、设施名录与权重随机变动后仍入选的抽样比例；拐点取曲线离首末连线最远处（本项目方法）。",
    ),
    (
        "项目与年度计划",
        "同一选址、同类措施的短板合并为一个项目；共享、改扩建、打通通道本身即可消除短板的，"
        "不占选址名额，直接列为项目；年度按新增覆盖人口排序分配。"
        "责任单位为建议，须由编制单位核定。",
    ),
)
_EN = (
    (
        "What is asked",
        "Communities are evaluated. Homes are where walks start, entrances of medical, culture,"
        " fitness and elder-care facilities are where they end; the walking time from every home"
        " to its nearest facility is found on the walkable streets.",
    ),
    (
        "People",
        "Counted people or dwellings of buildings and grid cells come first; else the people of"
        " the smallest known area are shared out by residential floor area; else residential land"
        " is used; where no population is known every home weighs the same and counts of people"
        " are counts of homes. Totals are kept.",
    ),
    (
        "Streets and time",
        "All roads are read, the walkable ones used; official centrelines become junctions only"
        " where lines of one level meet. Times are in hundredths of a second."
        " Speeds: {speeds}. Stairs, crossings and surfaces, and slopes by direction where heights"
        " are given, slow those whose profile says so, never the planning speed of the base view."
        " Time limits and distance"
        " limits are separate requirements and never derived from each other.",
    ),
    (
        "Joining places to streets",
        "Homes and entrances are joined to streets nearby, 200 m at most, not across rail, water"
        " or walls. A place too far off, on an island of streets or outside the data stays in the"
        " tables and counts as not covered.",
    ),
    (
        "Closed estates",
        "A closed estate is entered through its gates and leads nowhere else; facilities inside"
        " serve anyone unless they are marked for residents only. Without a list of estates only"
        " those are closed whose walls, gates and private streets on the map leave no doubt"
        " (evidence in layer estates). To a gate no path leads to, 1.3 times the straight line.",
    ),
    (
        "Coverage",
        "Decided home by home: covered is who walks no longer than the limit, the limit included."
        " Isochrones are drawings and decide nothing.",
    ),
    (
        "Two views",
        "The base view takes the standard's own limit for everybody; the quality view takes the"
        " pace of older people, slopes where heights are given, stairs and crossings. They stand"
        " side by side. Only required items (▲) of the base view make a gap; items as needed (△)"
        " never do.",
    ),
    (
        "Gaps",
        "A requirement falls short in a community when the share of people covered is below its"
        " target and enough people are left out. The reason is decided for every home left out;"
        " the one with most people is the main one: too little data, edge of the data, tier"
        " missing, barrier, too far, no facility. Too little data is never counted as a gap of the"
        " service. Where a community did not report, or a listed"
        " facility has no place, and that could decide, there is no verdict. Pace, places,"
        " whether facilities are there and the target share are drawn 200 times together (the"
        " spreads are ours): a verdict that 95 % of the draws keep is robust, else marginal.",
    ),
    (
        "Sizes and supply",
        "Norms are judged on the sizes of what stands in an area today, each place once, and summed"
        " from level to level, never averaged. Where over 20% of the sizes, a complete list or too"
        " many places are missing, too little cannot be judged. A required norm that falls short in"
        " a community or unit is a gap of size. Supply within reach is shared among all who compete"
        " for it (E2SFCA) with weights 1, 0.68 and 0.22 for the thirds of the limit (proposed),"
        " only where 80% of the sizes are known. A load is the covered people whose nearest a"
        " facility is over those it serves; most capacities are proposals, and a load alone makes"
        " no gap.",
    ),
    (
        "Index",
        "Service score = 100 × (0.6 coverage + 0.25 adequacy + 0.15 count rule); the terms are"
        " the same for all communities, the weights of terms left out go to the others, and"
        " adequacy counts only where sizes are known for 80 % of the supply. The index is the"
        " {mean} of the scores ({weights}), missing where a required item is unknown."
        " Grades: {grades}. A score"
        " below {weak} is weak, which is not a gap. Index and grades are this project's own"
        " method, published by no authority and not official; they belong in an annex.",
    ),
    (
        "Other bases of coverage",
        "Beside people, coverage is worked out on the floor area of homes and on residential land:"
        " that of the land survey, else of the map, else the residential plots of the detailed"
        " plan, asked every 20 m by the rule homes are pinned and judged by. The straight line"
        " runs from a home or a cell to an entrance; time limits become metres at the flat speed"
        " of the walker. It knows no river, railway or wall and is for comparison only: verdicts"
        " take the base the standard names.",
    ),
    (
        "How near",
        "Median walks, and the walk nine in ten do not exceed, weigh people and are somebody's"
        " walk, nothing interpolated; the second and third nearest tell what is left when one"
        " closes. Blank where that person reaches nothing within twice the limit.",
    ),
    (
        "Equity",
        "Older people and children against everybody, villages against towns, the tenth with the"
        " longest walks against those asked; a group that is one declared share everywhere is not"
        " compared. The Gini is that of walks weighted by people, twice the limit for those who"
        " reach nothing within it. Concentration is the index of dissimilarity between people not"
        " covered and people over communities: 0 where communities are alike, towards 1 where a"
        " few hold them all. None of it decides a verdict.",
    ),
    (
        "Larger areas",
        "Figures of subdistricts, counties, cities and the whole area are added up from homes"
        " again, never averaged from smaller areas.",
    ),
    (
        "Leftover land and premises",
        "The planner's lists come first; land found on the map is always marked as a lead and"
        " needs checking on site and in the register. Farmland, woods, parks, water, roads,"
        " graveyards and special land are never proposed, nor what files of exclusions, planned"
        " green and polluted ground take; without such files protected farmland and heritage must"
        " be checked besides. Interlocked plots need"
        " rights data, enclosed ones a project boundary, underused land the planner's list.",
    ),
    (
        "Sites",
        "As many newly covered people as the room on parcels and the number of sites allow,"
        " existing facilities fixed. A subdistrict gets a centre only where it lacks one, a plot"
        " one tier of a service, and land or rooms free for a few years no building. The"
        " distance to the proved bound is stated and every solution checked by a fresh search."
        " How often a site is chosen is counted over draws of pace, places, lists and weights; the"
        " knee is where the curve lies farthest from its chord (rules of this project).",
    ),
    (
        "Projects and programme",
        "Gaps with the same site and remedy become one project; what closes a gap by itself without"
        " land is one beside the sites; years follow the people newly covered. Bodies are"
        " suggestions for the planner to settle.",
    ),
)
