"""
How large the map page of 20,000 communities is, and how soon it can be used in a browser.

    python -m benchmarks.webmap [--count N] [--page map.html] [--runs N]

The page is opened in a Chromium without a network and without a graphics card.
Ready is the time until the first view is drawn; the others are from a click, a key or a turn of
the wheel to the next picture. Both the wall's clock and the processor's (the page's main thread)
are told: on a busy machine only the second travels.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.outputs.conftest import _CHINA, make_content
from tests.outputs.webmap.hexagons import hexagons

from lifecircle.outputs.webmap.write import save_map

FLAGS = ["--no-sandbox", "--disable-gpu"]
FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
ACTS = {
    "a click on a community": """const at = lifecircle.facts.communities[0].at;
        lifecircle.map.fire("preclick");
        const spot = lifecircle.map.latLngToContainerPoint(at);
        const box = lifecircle.map.getContainer().getBoundingClientRect();
        const target = document.elementFromPoint(spot.x + box.left, spot.y + box.top);
        const at2 = { clientX: spot.x + box.left, clientY: spot.y + box.top, bubbles: true };
        ["mousedown", "mouseup", "click"].forEach((name) =>
          target.dispatchEvent(new MouseEvent(name, at2)));""",
    "another view (gaps)": "document.querySelector('[data-key=viewgaps]').click();",
    "another view (a service)": "document.querySelector('[data-key=servicemedical]').click();",
    "zoom in": "lifecircle.map.setZoom(lifecircle.map.getZoom() + 1, { animate: false });",
    "zoom out": "lifecircle.map.setZoom(lifecircle.map.getZoom() - 1, { animate: false });",
    "pan by 300 pixels": "lifecircle.map.panBy([300, 0], { animate: false });",
    "10,000 spots asked what lies under them": """const { areas } = lifecircle.layers;
        for (let i = 0; i < 10000; i += 1) areas.at(L.point(i % 900, (7 * i) % 800));""",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=20_000, help="communities")
    parser.add_argument("--page", type=Path, help="measure this page instead")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = options.page
        if page is None:
            page = Path(folder) / "map.html"
            content = hexagons(make_content(language="zh", crs=_CHINA), options.count)
            began = time.process_time()
            save_map(content, page)
            print(f"written in {time.process_time() - began:.1f} s of the processor")
        print(f"{page.stat().st_size / 1e6:.2f} MB\n")
        told = [measured(page.resolve()) for _ in range(options.runs)]
    print("| | wall, s | processor, s |\n|---|---|---|")
    for name in told[0]:
        wall, busy = (statistics.median(one[name][at] for one in told) for at in (0, 1))
        print(f"| {name} | {wall:.2f} | {busy:.2f} |")


def measured(page: Path) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=FLAGS
        )
        context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
        tab = context.new_page()
        tab.on("pageerror", lambda error: print("error:", error))
        tell = context.new_cdp_session(tab)
        tell.send("Performance.enable", {"timeDomain": "threadTicks"})

        def clock() -> tuple[float, float]:
            rows = tell.send("Performance.getMetrics")["metrics"]
            busy = {row["name"]: row["value"] for row in rows}
            return time.perf_counter(), busy["TaskDuration"]

        def passed(name: str, began: tuple[float, float]) -> None:
            found[name] = tuple(now - then for now, then in zip(clock(), began, strict=True))

        began = clock()
        tab.goto(page.as_uri())
        tab.wait_for_selector("body.lc-ready", timeout=120_000)
        tab.evaluate(FRAME)
        passed("ready", began)
        for name, act in ACTS.items():
            began = clock()
            tab.evaluate(f"async () => {{ {act}; await {FRAME}; }}")
            passed(name, began)
        heap = tab.evaluate("performance.memory ? performance.memory.usedJSHeapSize : 0")
        browser.close()
    print(json.dumps({"heap_mb": round(heap / 1e6)}))
    return found


if __name__ == "__main__":
    main()
