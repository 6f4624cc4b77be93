"""A browser without a network for the tests of the map page."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecircle.outputs.webmap import write as webmap


@pytest.fixture
def opened(chromium, tmp_path):
    """Open contents without a network; afterwards nothing may have gone wrong or been asked for."""
    troubles = []
    contexts = []

    def start(shown, *, width=1440, height=900, text=None, **more):
        file = tmp_path / "map.html"
        if text is None:
            webmap.save_map(shown, file)
        else:
            file.write_text(text, encoding="utf-8")
        context = chromium.new_context(viewport={"width": width, "height": height}, **more)
        contexts.append(context)

        def gate(route):
            if route.request.url.startswith("file:"):
                route.continue_()
            else:
                troubles.append(f"asked for {route.request.url}")
                route.abort()

        context.route("**/*", gate)
        tab = context.new_page()
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("dialog", lambda dialog: troubles.append(f"dialog {dialog.message}"))
        tab.on(
            "console",
            lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None,
        )
        tab.goto(Path(file).as_uri())
        if text is None:
            tab.wait_for_selector("body.lc-ready", timeout=20_000)
        return tab

    yield start
    for context in contexts:
        context.close()
    assert troubles == []
