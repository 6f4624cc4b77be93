"""The words of the map page's tools: print view, colours, tiles, names for those who hear it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TOOL_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "panel": ("视图与图例", "Views and legend"),
        "map_hint": (
            "地图：方向键移动，加减号缩放；社区可在搜索和列表中打开",
            "Map: arrow keys move it, plus and minus zoom; communities open from search and lists",
        ),
        "print": ("打印视图", "Print view"),
        "print_now": ("打印或存为 PDF", "Print or save as PDF"),
        "print_close": ("返回地图", "Back to the map"),
        "paper": ("纸张", "Paper"),
        "north": ("北", "N"),
        "scale_of": ("比例尺约 1:{n}（{paper} 横幅）", "Scale about 1:{n} ({paper} landscape)"),
        "printed": ("数据日期 {date}", "Data of {date}"),
        "tiles": ("在线底图", "Online base map"),
        "tiles_hint": ("需联网，勾选后才连接", "needs the internet, asked for only now"),
        "palette": ("配色", "Colours"),
        "five": ("五色", "Five colours"),
        "five_hint": (
            "蓝绿黄橙红五级，色觉障碍者也能分辨",
            "Blue to red in five classes, told apart without colour vision too",
        ),
        "lights": ("红黄绿", "Traffic lights"),
        "lights_hint": (
            "绿黄红三级，相邻两级合并",
            "Green, yellow, red: neighbouring classes put together",
        ),
    }
)
"""Key to (Chinese, English)."""
