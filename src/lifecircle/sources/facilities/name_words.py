"""The words of Chinese names: which say a place is a service, and which say that it is none."""

from __future__ import annotations

import re

# What a name may hold that means the place is something else, or only a part or the way to it.
NOT_IT = re.compile(
    "宠物|动物|兽|停车|超市药|口腔|牙科|牙医|美容|整形|培训|售票|装修|养生|足浴|推拿|台球|书店|"
    "公交|地铁|宿舍|家属|工地|筹建处|(?<!老年)棋牌|(?<!业主)(?<!小区)(?<!住户)会所|"
    r"[东南西北正侧后前大]\d*门$|[出入]口$|"
    r"\([^()]*(?:门|[出入]口)\)$"
)
"""Words of a name that is no service at all, in the spelling of `plain_name`."""
# Read from the top: the first pattern of a service that fits gives its type; a type may come
# twice, its sure words before another type's, its loose ones after. A fitting stretch is taken
# out of the name before the next pattern is asked, so that 社区卫生服务中心 is no 社区服务中心
# and 老年活动中心 no place of culture.
_NAMES: tuple[tuple[str, str], ...] = (
    ("medical.center", "社区卫生服务中心|卫生院|街道医院"),
    (
        "medical.station",
        "社区卫生服务站|卫生服务[站点]|村?卫生[室所]|卫生站|(?:社区)?医疗服务[站点]|"
        "智慧健康站|健康驿站|健康小屋",
    ),
    ("medical.hospital", r"(?:医院|医学中心)(?:\([^()]*\)|[^()]{0,3}院区|总院|分院|本部)?$"),
    ("medical.clinic", r"诊所|门诊部|中医馆|医务室"),
    ("elder_care.canteen", "老年食堂|社区食堂|长者食堂|幸福食堂|共享食堂|助餐|敬老食堂|爱心食堂"),
    (
        "elder_care.daycare",
        "日间照料(?:服务)?(?:中心|站)?|托老所|居家养老(?:服务)?(?:照料)?(?:中心|站)?|"
        "(?:综合)?养老服务(?:综合体|中心|站|驿站)|养老驿站|照料中心|乐龄|互助养老|颐养之家|"
        "长者(?:服务|照护)(?:中心|站)",
    ),
    (
        "elder_care.institution",
        "养老院|敬老院|(?<!儿童)(?<!儿童社会)福利院|颐养(?:院|中心)?|养护院|护理院|老年公寓|"
        "养老公寓|养老中心|康养中心",
    ),
    ("elder_care.activity", "老年(?:人)?(?:活动(?:中心|室|站)?|学堂|大学|之家)|老人活动"),
    ("culture.library", "图书馆|图书室"),
    (
        "culture.station",
        "城市书房|书房|书屋|文化驿站|文化礼堂|文化家园|文化活动室|会客厅|阅览室|图书流通[站点]",
    ),
    (
        "culture.center",
        "文化馆|文化宫|文化艺术中心|(?:综合)?文化站|(?:社区)?文化(?:活动)?中心|群艺馆|"
        "(?:青少年|妇女儿童)活动中心|少年宫",
    ),
    ("culture.venue", "博物馆|博物院|美术馆|纪念馆|科技馆|大剧院|剧院|音乐厅|陈列馆"),
    ("fitness.court", "笼式|多功能运动场|门球|(?:篮|网|排|羽毛)球场"),
    ("fitness.field", "体育场(?!馆|路|站)|田径场|足球场|运动场"),
    (
        "fitness.center",
        "体育(?:馆|中心|公园)|健身中心|游泳(?:馆|池|中心)|文体中心",
    ),
    ("fitness.hall", "健身房|健身俱乐部|健身工作室|羽毛球馆|乒乓球馆|篮球馆|网球馆|球类馆"),
    ("fitness.outdoor", "健身(?:苑|点|广场|驿站|步道|路径|角|公园)"),
    ("fitness.court", "球场(?!馆|路|站)"),
    ("childcare.kindergarten", "幼儿园|幼稚园"),
    ("childcare.nursery", "托育|托儿所|照护驿站|向日葵|宝宝屋|亲子园"),
    ("service_centre.community", "(?:社区|村)(?:党群|综合|便民|公共)*服务(?:中心|站)"),
    (
        "service_centre.street",
        "(?:街道|镇|乡)(?:党群|便民|公共|综合|政务|为民)*服务(?:中心|大厅)|"
        "(?:便民|行政|政务|公共)服务(?:中心|大厅)",
    ),
    (
        "service_centre.community",
        "党群服务(?:中心|站|驿站)|便民服务站|邻里(?:中心|汇)|居委会|居民委员会|村委会|"
        "村民委员会|社区综合体",
    ),
    ("daily.market", "菜市场|农贸(?:市场|中心)|生鲜(?:市场|超市)|菜场|集贸市场|农产品市场"),
    ("daily.pharmacy", "药店|药房|药堂"),
    ("daily.shop", "超市|便利店|便民店|小卖部|小卖铺"),
)
NAME_RULES = tuple((kind, re.compile(text)) for kind, text in _NAMES)
"""Type and the words of a name that say it, in the order they are asked."""
