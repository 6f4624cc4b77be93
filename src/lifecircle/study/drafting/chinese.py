"""
The comments of a drafted study file in Chinese, where the study speaks Chinese.

Only comments are touched, phrase by phrase: keys and values say the same before and after.
"""

# ruff: noqa: E501  (a phrase and its wording stand on one line)
from __future__ import annotations

import re
import tomllib

_PHRASES = (
    (
        r"^# Drawn up by `lifecircle init` from (.+): files used: (\d+), not used: (\d+) \(listed at the end\)\.",
        r"# 由 `lifecircle init` 根据 \1 起草：采用文件 \2 个，未采用 \3 个（列在文末）。",
    ),
    (r"^# Read it once, then: ", "# 通读一遍后运行："),
    (r"^# Not used:", "# 未采用："),
    (
        r'# "public" holds back what may not be handed round',
        '# 写 "public" 为公开版，不含不宜外传的内容',
    ),
    (
        r"# all communities together; or the outline of the planning area",
        "# 所有社区合起来；也可改为规划范围线",
    ),
    (r"# ends that stop up to 3 m short are joined", "# 相差 3 米以内的断头路予以接通"),
    (
        r"# where communities were split or merged since people were counted: crosswalk = \"a table of 原社区, 现社区, 人口比例\"; where names differ: same_as = \{ \"name in the table\" = \"name of the community\" \}",
        '# 人口统计后社区有拆分合并的：crosswalk = "原社区、现社区、人口比例对照表"；名称写法不同的：same_as = { "表中名称" = "社区名称" }',
    ),
    (
        r"# complete = true under a list says: it holds every facility of its services on the day as_of\. Then what is not in it is missing, and a community without is a gap; without it a thin list gives no verdict\. Ask the bureau before you write it\.",
        "# 名录下写 complete = true 表示：截至 as_of，该类设施已全部列入；未列入即为没有，没有的社区即为短板。不写时，设施过少的服务不作判断。写之前请向主管部门确认。",
    ),
    (
        r"# drawings do not say their reference system: it is found by the buildings they share",
        "# 图纸不带坐标系：按与房屋数据相同的建筑比对得出",
    ),
    (
        r"# drawings do not say their reference system; where you know it take out the #:",
        "# 图纸不带坐标系；已知坐标系的请去掉 #：",
    ),
    (r"# or the name of a system below", "# 或下面坐标系的名称"),
    (r"# a local system, as the survey office says it is", "# 地方坐标系，参数以测绘部门所给为准"),
    (
        r"# estates are checked against it: promised, built, handed over",
        "# 据此核查各小区：承诺、建成、移交",
    ),
    (
        r"# What is there later, beside this study, which is `now`\. The lists hold facilities to come: building (\d+), planned (\d+)\.",
        r"# 除现状（now）外的以后各期。名录中的待建设施：在建 \1 处，规划 \2 处。",
    ),
    (
        r"# What is there later, beside this study, which is `now`\. The lists hold facilities to come: ",
        "# 除现状（now）外的以后各期。名录中的待建设施：",
    ),
    (r"# the latest year the lists name", "# 名录中最晚的建成年份"),
    (r"# what opens later does not count then", "# 更晚建成的届时不计"),
    (
        r"# growth = 1\.02, or people = a table like homes\.table; housing = a list of dwellings",
        "# growth = 1.02（人口增长），或 people = 与 homes.table 同类的表；housing = 新建住宅清单",
    ),
    (r"# of the plan: ", "# 取自规划："),
    (r"# the detailed plan has (\d+) roads that are not built", r"# 详细规划有 \1 条道路尚未建成"),
    (r"# what its units are planned for", "# 采用规划单元的规划人口"),
    (r"# counts the proposed sites as built", "# 把建议选址视为已建成"),
    (
        r"# the file does not say its reference system: give crs = \"EPSG:4549\" or",
        '# 文件没有坐标系：请写 crs = "EPSG:4549"，或 [[systems]] 中的坐标系名称；',
    ),
    (r"# the name of a system of \[\[systems\]\]; the survey office knows it", "# 可问测绘部门"),
    (r"# none known: cells or land stand for them", "# 没有房屋资料：以格网或居住用地代替"),
    (r"# the area lies in Shanghai; see `(.+)`", r"# 研究范围在上海；内容见 `\1`"),
    (r"# the area lies in Zhejiang; see `(.+)`", r"# 研究范围在浙江；内容见 `\1`"),
    (r"# the area lies in China; see `(.+)`", r"# 研究范围在中国；内容见 `\1`"),
    (r"# as 高德 gives them", "# 高德坐标"),
    (r"# it says so; \[\] once all have reported", "# 表中注明；补报齐全后改为 []"),
    (r"# it says: ", "# 表中注明："),
    (
        r"# nothing says where the area is: the middle of the data, at most 10 km a side; better: "
        r"boundary = a file",
        "# 没有范围线，取数据中部，每边最多 10 公里；最好写 boundary = 范围线文件",
    ),
    (
        r"# no outlines were given: each street belongs to the named place nearest to it",
        "# 没有社区界线：道路归入最近的地名",
    ),
    (
        r"# no outlines were given: the boundaries of the extract",
        "# 没有社区界线：采用地图中的行政边界",
    ),
    (
        r"# no outlines were given, and no named places: squares of 500 m",
        "# 没有社区界线和地名：按 500 米方格划分",
    ),
    (
        r"# nobody says how many people live here: every home weighs the same until you write total = the people of the area \(say which: 常住 or 户籍\)",
        "# 人口未知，各住宅等权；请写 total = 区域人口（注明常住或户籍）",
    ),
    (r"# the extract says so, not for which year: check it", "# 地图所注，年份不明，请核对"),
)
_OF_FILES = (
    (r"([\d,]+) outlines? with ", r"\1 个面，列 "),
    (r"([\d,]+) lines? with ", r"\1 条线，列 "),
    (r"([\d,]+) points? with ", r"\1 个点，列 "),
    (r"([\d,]+) rows? with ", r"\1 行，列 "),
    (r"([\d,]+) outlines?(?=[,:])", r"\1 个面"),
    (r", called protected land", "，名称为保护用地"),
    (r": protected land(?=$|;)", "：保护用地"),
    (r": land as surveyed", "：国土变更调查地类"),
    (r": plots of a detailed plan", "：详细规划地块"),
    (
        r": units of a plan; its units could be the column unit of the communities",
        "：规划单元；可作为社区的单元列",
    ),
    (r": units of a plan", "：规划单元"),
    (r": rights to land", "：宗地权属"),
    (r": people of grids", "：网格人口"),
    (r": people of small areas", "：小区域人口"),
    (r": people at points", "：带人口的点"),
    (r": housing estates, and which are closed", "：小区及是否封闭"),
    (r": buildings(?=$|;)", "：房屋"),
    (r": communities and villages", "：社区（村）界线"),
    (r": leftover land", "：存量用地"),
    (r": an outline of the area", "：范围线"),
    (r": named areas", "：有名称的区域"),
    (r": roads that are planned, not built", "：规划未建道路"),
    (r": centrelines of roads", "：道路中心线"),
    (r": addresses with places", "：门牌地址点"),
    (r": gates of estates", "：小区出入口"),
    (r": points of interest of a map service", "：地图服务兴趣点"),
    (r", (\d+)% of them services by their names", r"，其中 \1% 按名称可识别为服务设施"),
    (r", (\d+)% of them now services", r"，其中 \1% 现为服务设施"),
    (r": what became of communities", "：社区沿革"),
    (r": people by community", "：分社区人口"),
    (r": people by subdistrict", "：分街道人口"),
    (r": answers of residents", "：居民问卷"),
    (r": comments of bodies", "：部门意见"),
    (r": projects of the last round", "：上一轮项目"),
    (r": a ledger of leftover land", "：存量用地台账"),
    (r": rooms that could be used", "：可利用的存量用房"),
    (r": rooms handed over with estates", "：小区配套用房移交台账"),
    (r": an OpenStreetMap extract", "：OpenStreetMap 数据"),
    (
        r": cells from (\S+) to (\S+), (\d+)% alike from cell to cell: heights",
        r"：栅格值 \1 至 \2，相邻 \3% 相近：高程",
    ),
    (r": people per cell, by its name", "：按名称为栅格人口"),
    (r": a drawing(?=$|;)", "：图纸"),
    (r"; the table by community says more", "；分社区的表更详细"),
    (r"; (.+) says it better$", r"；以 \1 为准"),
    (r"; but it lies outside the area", "；但在研究范围之外"),
    (r"; but the file does not say its reference system", "；但文件没有坐标系"),
    (r"no sheet has a header and rows below", "没有带表头和数据行的表"),
    (r": is empty$", "：空文件"),
    (r"; this version has no use for it", "；本版本用不到"),
    (r"; nobody walks on them yet", "；尚不能通行"),
    (
        r": the same drawing as (.+), in a format that is not read",
        r"：与 \1 为同一图纸，格式不能读取",
    ),
    (
        r": a text for people; read it for systems, dates and what the lists leave out",
        "：文字说明，请从中查坐标系、日期和名录的缺漏",
    ),
    (r": nothing a study reads was recognised", "：没有识别出可用内容"),
    (r": a drawing that is not read: save it as DXF \(.+\)$", "：图纸格式不能读取，请另存为 DXF"),
    (r": a personal geodatabase is not read: export it to (.+)$", r"：不能读取，请导出为 \1"),
    (r": an archive that (?:is not|cannot be) opened: unpack it", "：压缩包，请解压"),
    (r": holds the same files as lie beside it", "：与旁边的文件相同"),
    (r": holds no layer with shapes(?:: unpack it)?$", "：没有图形"),
    (r": no sheet has a header and rows below", "：没有带表头的数据表"),
    (r": has no data in the area", "：研究范围内没有数据"),
    (r": a picture$", "：图片"),
    (r": a study file$", "：研究文件"),
    (r": a kind of file that is not read", "：不能读取的文件类型"),
    (r": cells from (\S+) to ([\d.,e+-]*\d)", r"：栅格值 \1 至 \2"),
    (r", few whole numbers: a map of classes, not of people", "，为少数整数：是分类图，不是人口"),
    (r": neither heights nor people by its numbers or its name", "：从数值和名称看不是高程或人口"),
    (r": land cover, by its name codes of (\S+)$", r"：地表覆盖，按名称为 \1 编码"),
    (r"; but the file does not say its reference system", "；但文件没有坐标系"),
    (r"; the same rows as (.+)$", r"；与 \1 的行相同"),
    (
        r"; they could stand in for \[communities\] file where there is nothing better",
        "；没有更好的资料时可代替 [communities] 的 file",
    ),
)
_COMMENT = re.compile(r"(?P<head>(?:[^\"#]|\"(?:[^\"\\]|\\.)*\")*)(?P<said>#.*)")


def with_chinese_comments(text: str) -> str:
    r"""
    Word the comments of a study file in Chinese.

    Parameters
    ----------
    text
        The file, as it was drafted.

    Returns
    -------
    text
        The same keys and values; comments nobody has worded stay as they are. Unchanged where the
        study's language is not Chinese.

    Examples
    --------
    >>> from lifecircle.study.drafting.chinese import with_chinese_comments
    >>> text = '[study]\nlanguage = "zh"\n[network]\n# a.shp: 9 lines with MC: centrelines of roads\n'
    >>> print(with_chinese_comments(text).splitlines()[-1])
    # a.shp：9 条线，列 MC：道路中心线
    """
    held = tomllib.loads(text)
    if held.get("study", {}).get("language") != "zh":
        return text
    worded = "\n".join(_line(line) for line in text.split("\n"))
    return worded if tomllib.loads(worded) == held else text


def _line(line: str) -> str:
    found = _COMMENT.fullmatch(line)
    if found is None:
        return line
    said = found["said"]
    for pattern, chinese in _PHRASES:
        said, times = re.subn(pattern, chinese, said)
        if times:
            return found["head"] + said
    plain = said
    for pattern, chinese in _OF_FILES:
        said = re.sub(pattern, chinese, said)
    if said != plain:
        said = re.sub(r"^(# [^：]+?): (?=[\d,]+ [个行条])", r"\1：", said)
    return found["head"] + said
