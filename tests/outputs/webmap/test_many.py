"""A page of very many communities: small, quick to be asked, the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle.outputs import style
from tests.outputs.webmap.hexagons import hexagons

COUNT = 800
MIDDLE = "lifecircle.layers.areas.boundsOf(%d).getCenter()"
pytestmark = pytest.mark.browser


@pytest.fixture
def shown(opened, content, tmp_path):
    opened(content).close()
    few = (tmp_path / "map.html").stat().st_size
    many = hexagons(content, COUNT)
    tab = opened(many)
    return tab, many, (tmp_path / "map.html").stat().st_size - few


def test_many_communities_are_small_found_at_once_and_coloured_right(shown):
    tab, many, more_bytes = shown
    assert more_bytes / COUNT < 180, "20,000 have to stay below 4 MB"
    assert tab.evaluate("Object.keys(lifecircle.map._layers).length") < COUNT / 2
    found_at_once(tab)
    opens_its_own(tab, many)
    coloured(tab, many)


def found_at_once(tab):
    """The raster names the community under a spot, and moving the mouse draws nothing."""
    found = tab.evaluate(
        """() => {
            const { map, layers: { areas } } = lifecircle;
            const found = [];
            for (let i = 0; i < areas.count; i += 1)
                found.push(areas.at(map.latLngToLayerPoint(areas.boundsOf(i).getCenter())));
            return found;
        }"""
    )
    assert found == list(range(COUNT))
    most = """() => { const { start } = lifecircle.layers.areas._raster();
        return Math.max(...start.map((at, cell) => (cell ? at - start[cell - 1] : 0))); }"""
    assert tab.evaluate(most) <= 12, "outlines looked at for one spot"
    tab.evaluate(
        """() => {
            const { areas } = lifecircle.layers;
            window.drawn = 0;
            const trace = areas._trace;
            areas._trace = function (...given) { window.drawn += 1; trace.apply(this, given); };
        }"""
    )
    for place in (10, 400):
        tab.mouse.move(*spot_of(tab, place))
        tab.wait_for_timeout(60)
        assert tab.inner_text(".leaflet-tooltip") == f"第{place + 1}社区"
    assert tab.evaluate("window.drawn") == 0


def opens_its_own(tab, many):
    tab.mouse.click(*spot_of(tab, 400))
    card = tab.inner_text(".lc-card")
    assert "第401社区" in card
    assert f"{many.communities['people'].iloc[400]:,.0f} 人" in card


def coloured(tab, many):
    """From afar and close up the picture has the colours of the table."""
    index = many.index[(many.index["level"] == "community") & (many.index["minutes"] == 15)]
    grade = index.set_index("area_id")["grade"]
    tab.click("[data-key=layernames]")
    for nearer in (1, 3):
        for place in (12, 400, 731):
            pixel = tab.evaluate(
                f"""async () => {{
                    const {{ map, layers: {{ areas, groups }} }} = lifecircle;
                    const at = {MIDDLE % place};
                    map.setView(at, map.getMinZoom() + {nearer}, {{ animate: false }});
                    ["streets", "water"].forEach((name) => groups[name].remove());
                    const frame = () => new Promise((done) => requestAnimationFrame(done));
                    await frame();
                    await frame();
                    const {{ _container, _bounds }} = areas._renderer;
                    const spot = map.latLngToLayerPoint(at).subtract(_bounds.min);
                    const one = document.createElement("canvas").getContext("2d");
                    one.drawImage(_container, spot.x, spot.y, 1, 1, 0, 0, 1, 1);
                    return [...one.getImageData(0, 0, 1, 1).data];
                }}"""
            )
            code = grade[f"h{place:05d}"]
            wanted = style.GRADE_COLOURS[code if isinstance(code, str) else "none"]
            rgb = [int(wanted[at : at + 2], 16) for at in (1, 3, 5)]
            assert np.abs(np.array(pixel[:3]) - rgb).max() < 15, (place, nearer)
            assert pixel[3] > 0


def spot_of(tab, place):
    return tab.evaluate(
        f"""() => {{
            const spot = lifecircle.map.latLngToContainerPoint({MIDDLE % place});
            const box = lifecircle.map.getContainer().getBoundingClientRect();
            return [spot.x + box.left, spot.y + box.top];
        }}"""
    )
