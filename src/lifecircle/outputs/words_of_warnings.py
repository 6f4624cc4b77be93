"""
Warnings of a run in Chinese, with their numbers and names as they stand.

A warning is raised in English, where it is found, and kept so in run.json. What a planner reads in
a Chinese report, workbook or map is looked up here: sentences with gaps, each beside its Chinese
wording; ``{}`` takes what stands there. A warning without a wording stays English.
"""

# ruff: noqa: E501  (a sentence and its wording stand on one line)
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from lifecircle.outputs.names import Names

_ROWS: Mapping[str, str] = MappingProxyType(
    {
        "are kept off the ground for their names ({})": "因名称按高架或隧道处理，不与地面道路相接（{0}）",
        "are drawn on top of another row and are left out": "与另一行重叠，未采用",
        "are numbered by place, for no column of ids was found; the numbers change when shapes do: give columns = {}": "没有编号列，按位置编号；图形改动后编号会变，请用 columns 指定编号列",
        "have no id and are numbered by place": "没有编号，按位置编号",
        "share an id with another row and get a number behind it": "编号与另一行相同，已加后缀区分",
        "have a code a spreadsheet cut to a power of ten; its last digits are lost and the name must do": "代码被表格软件改成科学计数，末位丢失，改按名称对应",
        "have no number of people, but a sum that leaves exactly one: it is taken ({})": "未填人口，按合计数反推采用（{0}）",
        "have no number of people and share what their sum leaves: it is taken ({})": "未填人口，按合计数的余数分摊采用（{0}）",
        "have no number of people and are left out ({})": "未填人口，未采用（{0}）",
        "have no number of people and are left out": "未填人口，未采用",
        "have no number in '{}': estimated, households x {}, the mean of the other rows ({})": "“{0}”未填，按户数乘以其他行平均户规模 {1} 估算（{2}）",
        "count more in '{}' than people, taken as missing": "“{0}”多于总人口，按缺失处理",
        "count more in '{}' than in '{}', of which they are part; both stand": "“{0}”多于其上级“{1}”，两数均保留",
        "count no people: their households are taken times {}": "未填人口，按户数乘以 {0} 计",
        "name no community and are left out": "没有社区名称，未采用",
        "name no community of the study ({})": "社区名称与研究范围对不上（{0}）",
        "name no community of the study": "社区名称与研究范围对不上",
        "cannot be classified by name and are left out ({}): {}": "从名称看不出属于哪类设施，未采用（{0}）；整表同类的请写 service 和 type，否则在名称中写明",
        "have no coordinates and no address that is sure enough, and are left out: fill in the sheet of places to find and name it under geocode.placed": "没有坐标，地址也不足以定位，未上图：请在“待定位”表中填写位置，并在 geocode.placed 中写明该表",
        "cross themselves and were repaired": "图形自相交，已修复",
        "enclose nothing and are left out": "图形不闭合成面，未采用",
        "have no shape and are left out": "没有图形，未采用",
        "have coordinates that are no numbers and are left out": "坐标不是数字，未采用",
        "lie more than 100 km from the others; check their coordinates": "与其余相距 100 公里以上，请核对坐标",
        "lie more than 100 km from the others; check their coordinates ({})": "与其余相距 100 公里以上，请核对坐标（{0}）",
        "have the outline of an earlier row; both are kept": "图形与前面一行相同，两行均保留",
        "have no known place and are shown as doubtful, never proposed": "位置不明，列为存疑，不作建议",
        "are of no known kind of land and are taken as vacant": "存量类型不明，按空闲地处理",
        "are points without an area and are left out": "只有点位没有面积，未采用",
        "list an area less than half or more than double that of the outline, which is kept as listed; if it is 亩 or 公顷, say so in the column's name": "所列面积不足图形面积一半或超过两倍，按所列保留；单位是亩或公顷的请写在列名中",
        "do not say whether the state or a collective owns the land": "未注明国有或集体",
        "have no address or no floor area and are never proposed": "没有地址或建筑面积，不作建议",
        "have no land-use code and are left out": "没有地类代码，未采用",
        "have a status nobody knows, which is left missing: write 现状, 在建, 规划, 承诺 or 关闭": "状态无法识别，按未填处理：请写现状、在建、规划、承诺或关闭",
        "do not say in known words whom they are open to, which is left missing: write 对外开放 or 仅限居民": "开放对象无法识别，按未填处理：请写对外开放或仅限居民",
        "have a note on moving: check which place the row stands for": "备注提到搬迁：请核对所列是新址还是旧址",
        "have opening hours that are no plain daily rule ({}): kept open": "开放时间不是每日固定时段（{0}），按全天开放处理",
        "were cancelled and are kept apart": "已取消，另行列出",
        "have a state nobody knows: write 在建, 已完成, 未启动 or 取消": "进展无法识别：请写在建、已完成、未启动或取消",
        "say neither dwellings nor people and are left out": "户数、人口均未填，未采用",
        "have a status nobody knows and are taken as to come": "状态无法识别，按待建处理",
        "are planned or being built and are left out": "为规划或在建，未采用",
        "are closed or given up and are left out": "已关闭或废弃，未采用",
        "have an unknown status and are taken as existing roads": "状态无法识别，按现状道路处理",
        "have no length and are left out": "长度为零，未采用",
        "are of a class nobody knows ({}), taken as residential": "等级无法识别（{0}），按支路处理",
        "do not say their class and are taken as residential": "未填等级，按支路处理",
        "are at a level nobody knows and are taken to lie on the ground": "层次无法识别，按地面道路处理",
        "do not say in words that are known whether they are one-way": "单行方向无法识别",
        "do not say whether the estate is closed and are taken as open": "未注明是否封闭，按开放小区处理",
        "do not say whether the estate is closed and are taken as open: give columns = {}": "未注明是否封闭，按开放小区处理：请用 columns 指定该列",
        "are {}, not {}, and are left out": "是{0}而不是{1}，未采用",
        "hold {} in '{}', which {}": "“{1}”一列写作 {0}，无法识别",
        "hold {} in '{}' ('{}'), taken as missing": "“{1}”一列有无效值（“{2}”），按未填处理",
        "say otherwise than an earlier row; the first one holds": "与前面一行矛盾，以前一行为准",
        "name no type or service of the standard ({}) and are left out: write its label or id": "类型不在标准中（{0}），未采用：请写标准中的名称或代码",
        "say not why or by whom; they are applied all the same": "未写理由或经办人，仍已采用",
        "say a way of building nobody knows and are left out": "建设方式无法识别，未采用",
        "have no price, or one without a unit (万元/处, 元/㎡), and are left out": "没有单价或单价没有单位（万元/处、元/㎡），未采用",
        "name a type and a way of building again: the first row counts": "类型与建设方式重复，以第一行为准",
        "name no type of the standard and are left out ({})": "类型不在标准中，未采用（{0}）",
        "name no body and are left out": "没有单位名称，未采用",
        "have more cells than the header and are refused: put texts with commas into quotes": "单元格多于表头，未读入：含逗号的文字请加引号",
    }
)
"""What may follow ``N of M rows``."""

_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "{} lines are shorter than about 1 m and are left out": "{0} 条线短于约 1 米，未采用",
        "{} lines run on top of another one and are left out": "{0} 条线与另一条重合，未采用",
        "{} dead ends stop less than 3 m short of another road ({}); {} up to {} m wide were closed (network.mend_m)": "{0} 处断头路距另一条路不足 3 米（{1}）；其中不超过 {3} 米的 {2} 处已接通（network.mend_m）",
        "{} dead ends stop less than 3 m short of another road ({}); {}": "{0} 处断头路距另一条路不足 3 米（{1}）；可用 network.mend_m 接通",
        "nothing says what its metres are; they are taken as CGCS2000 by the zone in their easting; give the datum to be sure": "未注明坐标系；按横坐标带号视为国家 2000（CGCS2000），请补写 datum 确认",
        "nothing says what its metres are; they are taken as those of {}; give the datum to be sure": "未注明坐标系；视为与 {0} 相同，请补写 datum 确认",
        "north and east stand in each other's column and are taken so: '{}' is north, '{}' is east ({})": "纵横坐标列名颠倒，已按实际读取：“{0}”为纵坐标（北），“{1}”为横坐标（东）（{2}）",
        "has one column of coordinates only ('{}'), which places nothing: its rows are looked up by address and name": "只有一列坐标（“{0}”），无法据此定位，各行改按地址和名称查找",
        "north and east are exchanged in {} rows only, which are taken the right way round (row {})": "有 {0} 行纵横坐标（经纬度）颠倒，已按正确次序读取，请核对（第 {1} 行）",
        "coordinates are taken as {}, for it says '{}'; give datum to be sure": "按表中说明“{1}”视为 {0}，请补写 datum 确认",
        "nobody declares the datum of its coordinates; they are taken as {}: {}; give datum to be sure": "未注明坐标系；经比对视为 {0}（{1}），请补写 datum 确认",
        "x is north and y is east in its columns ({}), and they are taken so": "X 列为北、Y 列为东（{0}），已按此读取",
        "{} is declared, and the list speaks of {}": "声明为 {0}，表中却写 {1}，请核对",
        "is not complete, for it says '{}'": "名录不完整，表中注明“{0}”",
        "people that are left out are divided as homes.grids counts them ({})": "漏填的人口按网格人口比例分摊（{0}）",
        "its rows make {} people, its total says {}; the rows stand (row {})": "各行合计 {0} 人，合计行写 {1} 人，以各行为准（第 {2} 行）",
        "the file of communities counts {} people of its own, which are not used": "社区界线文件另有人口 {0} 人，未采用",
        "{} rows under a development zone repeat communities that stand under their subdistrict, and are not counted again ({})": "开发区名下有 {0} 行与街道名下重复，不重复计（{1}）",
        "sheet '{}' is read, the latest ({}); others: {}": "读取最新的“{0}”表（{1}）；其他表：{2}",
        "sheet '{}' is read; sheets with such columns too: {}; name another one in the study file if it is meant": "读取“{0}”表；列相似的还有：{1}；如应读取其他表，请在研究文件中写明",
        "column '{}' is there more than once; the first is read": "“{0}”列重复，读取第一列",
        "has no reference system and is placed by its shapes: {}: {} of {} shapes are matched, {} m apart (root mean square); declare land.rights_crs where it is known": "没有坐标系，按图形与已知图层比对定位：{0}，{2} 个图形中 {1} 个吻合，均方根误差 {3} 米；已知坐标系的请写 land.rights_crs",
        "names no reference system and none is declared; compared with the buildings it is in {}: {} of {} shapes are matched, {} m apart (root mean square); give crs to be sure": "没有坐标系也未声明；与房屋比对为{0}，{2} 个图形中 {1} 个吻合，均方根误差 {3} 米；请补写 crs 确认",
        "layers that are not read: {}": "未读取的图层：{0}",
        "{} texts on layers of buildings and labels are no storeys (at {})": "房屋与注记图层上 {0} 处文字不是层数（坐标 {1}）",
        "{} outlines {} (at {})": "{0} 个房屋图形有误，已按图面处理或未采用（坐标 {2}）",
        "{} buildings without storeys take those of the drawing; {} buildings are on the drawing only and are added, their use unknown": "{0} 栋未填层数的房屋采用地形图层数；{1} 栋只在地形图上有，已补入，用途不明",
        "its {} gates are not used, estates.gates is; {} of them lie more than {} m from every gate listed there": "图上 {0} 处大门未采用，以 estates.gates 为准；其中 {1} 处距名录中任何大门 {2} 米以上",
        "{} of {} pieces of street ({} km) have no heights: they count as flat": "{1} 段道路中 {0} 段（{2} 公里）没有高程，按平路计",
        "network.dem changes nothing: no requirement of the standard '{}' is asked of a profile that slopes slow down": "高程未起作用：标准“{0}”没有受坡度影响的步行要求",
        "facilities that may be one place and stay two: {} ({})": "可能为同一处、仍按两处计的设施 {0} 组（{1}）",
        "facilities of which lists do not agree whether they exist, where the first bureau's list holds: {} ({})": "各名录对是否现状存在说法不一、以首个部门名录为准的设施 {0} 处（{1}）",
        'places of a service declared complete that no bureau\'s list has, which are not counted: {} ({}); facilities.unlisted = "count" counts them': '名录已声明完整、只在地图上出现而未计入的设施 {0} 处（{1}）；如要计入，写 facilities.unlisted = "count"',
        "facilities on no street within 200 m, or on an island of streets, counted as reached by nobody: {} ({})": "200 米内没有道路或位于孤立路网、按无人可达计的设施 {0} 处（{1}）",
        "no facility of {} is in the data": "数据中没有任何设施的服务：{0}",
        "communities that count their own people: {}; the file of grids only says where in them they live": "{0} 个社区有自己的人口数；网格文件只用于确定社区内人口分布",
        "communities that count their own people: {}; {} only says where in them they live": "{0} 个社区有自己的人口数；{1} 只用于确定社区内人口分布",
        "communities with people and without a known home: {}, with {} people, who are put where homes may be ({}): check the buildings there": "{0} 个社区有人口而没有住宅（{1} 人），已放在可能的居住处（{2}）：请核对当地房屋",
        "communities whose buildings count other people than the community itself: {} (together {}); the buildings' counts stand": "{0} 个社区的楼栋人口与社区人口不一致（合计相差 {1} 人），以楼栋为准",
        "homes no grid speaks of: {}; they are taken to be as densely lived in as those of their community that grids count": "没有网格的住宅 {0} 处，按本社区其他住宅的居住密度计",
        "homes in no community whose people are known: {}; they count nobody": "不在任何有人口数的社区内的住宅 {0} 处，不计人口",
        "no population is known: {} homes weigh the same, and every count of people is a count of homes": "人口未知：{0} 处住宅等权，所有人数均为住宅处数",
        "homes farther than 200 m from any street, counted as not covered: {}, with {} people": "距道路 200 米以上的住宅 {0} 处、{1} 人，计为未覆盖",
        "homes on an island of streets, counted as not covered: {}, with {} people; {} of {} parts of the streets are islands": "位于孤立路网的住宅 {0} 处、{1} 人，计为未覆盖；路网 {3} 片中 {2} 片孤立",
        "homes beyond the data, counted as not covered: {}, with {} people": "位于数据范围之外的住宅 {0} 处、{1} 人，计为未覆盖",
        "homes every street within 200 m of which lies beyond a railway, water, a wall or a motorway: {}, with {} people; they are taken to get there": "200 米内道路均隔着铁路、水面、围墙或快速路的住宅 {0} 处、{1} 人，按可以走到计",
        "gates for emergencies (消防, 应急) or cars only, or shut for good: {} ({}); {} closed estates with {} people; nobody walks through them": "消防、应急、车行专用或长期关闭的大门 {0} 处（{1}），涉及 {2} 个封闭小区 {3} 人；行人不得通过",
        "gates {}: {} ({}); {} closed estates with {} people; {}": "开放时间或位置有疑问的大门 {1} 处（{2}），涉及 {3} 个封闭小区 {4} 人",
        "{} facilities are more than {}: the map does not draw the area of each": "设施 {0} 处，超过 {1} 处，地图不逐处绘制服务范围",
        "gates of the map shut at {}: {}; nobody passes them": "地图上 {0} 时关闭的大门 {1} 处，行人不得通过",
        "closed estates without known paths inside: {}; the way of {} homes, with {} people ({}), to the gates is taken as {} times the straight line": "内部道路不明的封闭小区 {0} 个；其中 {1} 处住宅、{2} 人（{3}）到大门按直线距离的 {4} 倍计",
        "closed estates without a known gate: {} ({}), with {} people; {}": "大门不明的封闭小区 {0} 个（{1}），{2} 人；凡道路穿过边界处均按大门计",
        "closed estates found on the map: {} ({}), with {} people in {} homes, of which {} walk straight to a gate for want of a mapped path (give estates.file, or set estates.detect = false to keep all open)": "从地图识别的封闭小区 {0} 个（{1}），{3} 处住宅、{2} 人，其中 {4} 处因没有内部道路直线走到大门（可用 estates.file 提供名单，或写 estates.detect = false 全部按开放处理）",
        "streets that end within {} m of another one without meeting it: {}, of which {} cut streets off, with {} people beside them (set network.mend_m = {} to join them)": "距另一条路不足 {0} 米而未相接的断头路 {1} 处，其中 {2} 处使道路不通，涉及 {3} 人（写 network.mend_m = {4} 可接通）",
        "facilities without a place, and therefore not on the map: {}; under {} of each service, so verdicts stand but where homes near them decide; gaps of the communities they belong to carry less confidence": "没有位置、未上图的设施：{0}；各类均不足 {1}，结论不变，但其附近住户可左右结论的除外；所属社区的短板置信度降低",
        "facilities without a place, and therefore not on the map: {}; {}": "没有位置、未上图的设施：{0}；占比过高的服务不作判断，请先在“待定位”表中补位置",
        "too few facilities are known to judge {}: no verdict is given (declare a list complete under facilities.complete if it is)": "已知设施过少，无法判断：{0}；名录确已齐全的，请写 complete = true",
        "group {} is the same declared share of everybody everywhere (homes.groups), which says nothing of where they live: no shortfall and no gap is drawn for them; count them by community (homes.table) to get one": "人群 {0} 各处均按同一比例推算，不能说明分布，不据此认定短板；请补分社区人口表（homes.table）",
        "{} communities did not report; they are not judged in {} unless what is known covers them": "{0} 个社区未报送，除已知设施已覆盖的外，{1}不作判断",
        "of those that did not report, {} are no community of this study, or could be several ({}): name them under not_reported of the list as the communities file does": "未报送名单中 {0} 个对不上或对应多个社区（{1}）：请在 not_reported 中按社区界线文件的名称书写",
        "is declared complete, but {} of its {} rows are not used: services may look worse than they are": "声明为完整名录，但 {1} 行中有 {0} 行未采用，结果可能偏差",
        "sizes are known for under {} of what {} reach: how much supply people share is not told there (add floor areas, sites, beds or places)": "规模已知不足 {0}、不计算人均可及供给的要求：{1}（请补建筑面积、用地、床位或学位）",
        "nobody counts whom {} speaks of: these norms are not judged (give their number in the table of people)": "指标 {0} 所指人群没有人数，不作判断（请在人口表中补充）",
        "rooms and promises that fit no estate: {} ({}); they are listed, and no estate is said to have them": "与任何小区都对不上的配套用房或承诺 {0} 条（{1}），只列出，不计入任何小区",
        "{} homes with {} people stand on {} plots that are listed as cleared ({}): the file of buildings is probably older": "{2} 宗已拆地块（{3}）上仍有住宅 {0} 处、{1} 人：房屋数据可能较旧",
        "{} leads found on the map are shown and not proposed, for the study names land of its own: they are mostly yards and verges (leads = true under [land] lets them compete)": "地图推断的疑似地块 {0} 宗只显示、不作建议（已有存量用地清单；多为院落与路边地，写 [land] leads = true 可参与选址）",
        "land.parcels: {} plots differ by more than {} between ledger and outline, which counts ({})": "存量用地：{0} 宗台账面积与图形面积相差超过 {1}，以图形为准（{2}）",
        "land.parcels: {} outlines are in no ledger and stand alone ({})": "存量用地：{0} 个图形不在任何台账中，单独计（{1}）",
        "of {} services that areas lack altogether and that go first, {} get no site: {}": "优先补齐的完全缺项 {0} 项中，{1} 项没有选址，原因见 tables/lacks.csv 与选址论证表",
        "{} of {} sites newly cover more people than what is built there can serve, {} in all ({}): build larger or a second one nearby, or choose with siting.capacity = true": "{1} 处选址中 {0} 处新增覆盖人口超出所建设施的服务能力，共超 {2} 人（{3}）：宜扩大规模或就近增设，也可用 siting.capacity = true 按服务能力选址",
        "{} of {} projects, for {} people, fit no year of the programme and are listed as a reserve (储备) without a year: raise siting.years, per_year or budget_per_year, or give them a year by hand": "{1} 个项目中 {0} 个（服务 {2} 人）排不进各年度，列为储备：可增加年限、每年数量或预算，或人工填写年度",
        "{} of {} projects have no price and take nothing of the yearly budget: add their types and modes to siting.unit_costs": "{1} 个项目中 {0} 个没有单价，不占年度预算：请在单价表中补充",
        "people of {} units of the detailed plan are those it is planned for ({}, today {}); the {} people outside its units stay as they are": "详细规划 {0} 个单元采用规划人口（{1} 人，现状 {2} 人）；单元以外 {3} 人按现状计",
        "{} facilities to come do not say when they open and count by {}; {} open later and do not": "{0} 处待建设施未写建成年份，按 {1} 年已建成计；{2} 处更晚建成，不计",
        "{} roads to come meet no street and lead nowhere": "{0} 条规划道路与现状道路不相接，不起作用",
        "{} people of new housing lie outside the study area": "新建住宅中有 {0} 人在研究范围之外",
        "whether their community is urban or rural is not known for {} people, who are judged as urban by {}: give the communities a column 'urban' (城乡分类代码)": "{0} 人所在社区城乡属性不明，{1}按城镇评价：请在社区文件中补城乡分类代码",
        "no unit is given: for {} a facility serves the proposed unit of the {}-minute circle it lies in (give the column unit of the communities)": "没有提供公共服务基本单元：{0}按建议的 {1} 分钟单元服务（可在社区文件中补单元列）",
        "administrative boundaries are incomplete; {} areas are left out because too much of their outline is not in the file": "行政边界不完整，{0} 个区域因边界缺失过多未采用",
        "{} of the area lies beyond the streets' data: homes there are marked as edge": "研究范围有 {0} 在道路数据之外，其中住宅标为邻近数据边界",
        "subdistricts written in several ways, taken as one: {}": "街道名称写法不一，按同一街道处理：{0}",
        "{} of {} rooms are not proposed, for their address is not found or only roughly ({} of them roughly; {})": "{1} 处存量用房中 {0} 处地址查不到或只能粗略定位（其中粗略 {2} 处；{3}），不作建议",
        "its texts are {}, not {} as stated beside it": "文字编码实为 {0}，而不是旁注的 {1}",
        "{} texts were cut to the {} bytes of a shapefile, or hold signs GBK lacks; results.gpkg has them whole": "{0} 处文字超过 shapefile 的 {1} 字节或含 GBK 没有的字，已截断；results.gpkg 中完整",
        "{} computed cells were overwritten by hand ({}): they are listed and not taken over; give them as overrides under [record]": "{0} 个计算单元格被手工改写（{1}），已列出、未采用；需要采用的请写入 [record] 的人工修改表",
        "{} overrides name a row that is not there ({}): they are listed and change nothing": "{0} 条人工修改指向不存在的行（{1}），已列出、不起作用",
    }
)
"""Whole warnings, or what follows the file they are about."""

_IN_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "closed": "关闭",
        "planned": "规划",
        "no name": "无名称",
        "m² listed": "平方米（台账）",
        "m² drawn": "平方米（图形）",
        "root mean square": "均方根",
        "without any candidate there, ": "项当地没有备选地，",
    }
)
_ROW = re.compile(
    r"(?P<where>.+?): (?P<n>[\d,]+) of (?P<all>[\d,]+) rows (?P<what>.+?)"
    r"(?: \(row (?P<rows>[\d, ]+?)(?: and (?P<more>[\d,]+) more)?(?P<among>, counted among those "
    r"with a shape)?\))?"
)
_SHEET = re.compile(r", sheet '(.+)'$")
_CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*")


_LEADING = re.compile(r"^\(\.\+\?\)")
"""A gap at the beginning, which must not take the file a warning is about."""


def _compiled(table: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(_LEADING.sub("([^:]+?)", _pattern(english))), chinese)
        for english, chinese in table.items()
    )


def _pattern(english: str) -> str:
    return "(.+?)".join(re.escape(part) for part in english.split("{}"))


_OF_ROWS, _OF_TEXTS = _compiled(_ROWS), _compiled(_TEXTS)


def told_warnings(warnings: Iterable[str], names: Names) -> tuple[list[str], list[str]]:
    """
    Word warnings in the language of a run.

    Parameters
    ----------
    warnings
        As they were raised.
    names
        Words of the run.

    Returns
    -------
    worded, left
        Those in its language, in their order, and those that have no wording in it, in English.
    """
    if names.language != "zh":
        return list(warnings), []
    labels = {**names.types, **names.services, **names.requirements}
    worded: list[str] = []
    left: list[str] = []
    for text in warnings:
        chinese = warning_in_chinese(text, labels)
        (left if chinese is None else worded).append(chinese or text)
    return worded, left


def warning_in_chinese(text: str, labels: Mapping[str, str]) -> str | None:
    """
    Word a warning in Chinese.

    Parameters
    ----------
    text
        The warning, as it was raised.
    labels
        Ids of services, types and requirements to what they are called.

    Returns
    -------
    words
        With its numbers, names and rows; None where no wording is known.

    Examples
    --------
    >>> from lifecircle.outputs.words_of_warnings import warning_in_chinese
    >>> warning_in_chinese("a.shp: 6 of 9 rows cross themselves and were repaired (row 1, 2)", {})
    'a.shp：9 行中有 6 行图形自相交，已修复（第 1, 2 行）'
    >>> warning_in_chinese("nobody has worded this", {}) is None
    True
    """
    found = _ROW.fullmatch(text)
    what = None if found is None else _worded(found["what"], _OF_ROWS, labels)
    if found is not None and what is not None:
        more = f" 行等，另有 {found['more']} 行" if found["more"] else " 行"
        rows = f"（第 {found['rows']}{more}）" if found["rows"] else ""
        return f"{_place(found['where'])}：{found['all']} 行中有 {found['n']} 行{what}{rows}"
    whole = _worded(text, _OF_TEXTS, labels)
    if whole is not None:
        return whole
    for cut in re.finditer(": ", text):
        rest = _worded(text[cut.end() :], _OF_TEXTS, labels)
        if rest is not None:
            return f"{_place(text[: cut.start()])}：{rest}"
    return None


def _worded(
    text: str, table: tuple[tuple[re.Pattern[str], str], ...], labels: Mapping[str, str]
) -> str | None:
    for pattern, chinese in table:
        found = pattern.fullmatch(text)
        if found is not None:
            return chinese.format(*(_named(part, labels) for part in found.groups()))
    return None


def _place(where: str) -> str:
    where = re.sub(r"^horizon (.+)$", r"分期“\1”", where)
    return _SHEET.sub(r"“\1”表", where)


def _named(part: str, labels: Mapping[str, str]) -> str:
    """Put labels in place of ids, and Chinese in place of the few English words of a list."""
    part = re.sub(r" and ([\d,]+) more", r" 等，另 \1 处", part)
    for english, chinese in _IN_NAMES.items():
        part = re.sub(rf"\b{english}\b", chinese, part)
    part = re.sub(
        r"a Gauss-Krüger system with central meridian (\S+), false easting (.+?) and false northing "
        r"(.+)",
        r"高斯—克吕格投影（中央子午线 \1，东偏 \2，北偏 \3）",
        part,
    )
    return _CODE.sub(lambda found: labels.get(found[0], found[0]), part)
