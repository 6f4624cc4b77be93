"""The words of the map page's tools: print view, names for those who hear the page."""

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
    }
)
"""Key to (Chinese, English)."""
