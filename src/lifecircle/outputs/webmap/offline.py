"""
A folium page becomes one file that needs no network: scripts, styles and data move into it.

Invariant: what `inline` gives back loads nothing from anywhere; it refuses a page that would.
"""

from __future__ import annotations

import base64
import gzip
import importlib.metadata
import importlib.resources
import json
import re
from collections.abc import Iterable

from lifecircle.errors import LifecircleError, Problem
from lifecircle.outputs.webmap.tabled import rows_again, tabled

ASSET_MARK = "<!--lifecircle:{name}-->"
"""Stands in a rendered page where `inline` puts the asset `name`."""

_LEAFLET_WHEEL = "XStatic-Leaflet"
_SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"/>')
_FIXED_ZOOM = re.compile(r",\s*maximum-scale=1\.0,\s*user-scalable=no")
_REMOTE = re.compile(
    r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//[^"'\s>]+"""
    r"""|url\(\s*["']?(?:https?:)?//[^)]+\)"""
    r"""|@import\s+["'](?:https?:)?//[^"']+""",
    re.IGNORECASE,
)


def inline(page: str) -> str:
    """
    Put Leaflet and our own assets into a rendered folium page.

    Parameters
    ----------
    page
        The page as folium renders it, with a script and a style link to Leaflet and with
        `ASSET_MARK` where an asset of our own belongs.

    Returns
    -------
    page
        The same page with everything in it.

    Raises
    ------
    LifecircleError
        If something in the page would still be loaded from the net, naming each address, or if
        the installed Leaflet wheel lacks a file.
    """
    # Whoever needs larger letters may zoom the page.
    page = _FIXED_ZOOM.sub("", page)
    page = _SCRIPT.sub(lambda found: _script(found.group(0), found.group(1)), page)
    page = _STYLE.sub(lambda found: _style(found.group(0), found.group(1)), page)
    for name in _asset_names():
        mark = ASSET_MARK.format(name=name)
        if mark in page:
            page = page.replace(mark, _wrapped(name, asset(name)))
    refuse_remote(page)
    return page


def refuse_remote(page: str) -> None:
    """
    Check that a page loads nothing from the net.

    Parameters
    ----------
    page
        The finished page.

    Raises
    ------
    LifecircleError
        Naming every address that would be loaded.
    """
    found = sorted({match.group(0) for match in _REMOTE.finditer(page)})
    if found:
        raise LifecircleError(
            [
                Problem(
                    what=f"the map would load {text[:120]} from the net",
                    remedy="leave out the folium element that brings it",
                )
                for text in found
            ]
        )


def asset(name: str) -> str:
    """
    Read one of the page's own scripts or styles.

    Parameters
    ----------
    name
        File in ``lifecircle/outputs/assets``.

    Returns
    -------
    text
        What the file holds.
    """
    folder = importlib.resources.files("lifecircle.outputs") / "assets"
    return (folder / name).read_text(encoding="utf-8")


def pack(value: object) -> str:
    """
    Pack plain data for the page: rows as columns, JSON, gzip, base64.

    Parameters
    ----------
    value
        Dictionaries, lists, text, numbers, None. NaN is refused: the page knows only null.

    Returns
    -------
    text
        Base64; the same value gives the same text, and no byte of it can end a script element.

    Examples
    --------
    >>> unpack(pack({"name": "</script>"}))
    {'name': '</script>'}
    """
    columns = tabled(value)
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def unpack(text: str) -> object:
    """
    Undo `pack`.

    Parameters
    ----------
    text
        What `pack` gave.

    Returns
    -------
    value
        The plain data.
    """
    return rows_again(json.loads(gzip.decompress(base64.b64decode(text))))


def _asset_names() -> Iterable[str]:
    folder = importlib.resources.files("lifecircle.outputs") / "assets"
    return sorted(file.name for file in folder.iterdir() if file.name.endswith((".css", ".js")))


def _wrapped(name: str, text: str) -> str:
    tag = "style" if name.endswith(".css") else "script"
    return f"<{tag}>\n{_closed(text)}</{tag}>"


def _closed(text: str) -> str:
    # A script or style element ends at the first "</script" or "</style", even inside a string.
    return re.sub(r"</(?=script|style)", r"<\\/", text, flags=re.IGNORECASE)


def _script(tag: str, address: str) -> str:
    if not address.endswith("/leaflet.js"):
        return tag
    # The wheel's file names a source map and its project's site; neither may be asked for.
    text = _leaflet_text("leaflet.js").replace('<a href="https://leafletjs.com"', "<a")
    text = re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
    return f"<script>{_closed(text)}</script>"


def _style(tag: str, address: str) -> str:
    if not address.endswith("/leaflet.css"):
        return tag
    text = re.sub(
        r"url\((images/[\w.-]+\.png)\)",
        lambda found: f"url({_leaflet_image(found.group(1))})",
        _leaflet_text("leaflet.css"),
    )
    return f"<style>{_closed(text)}</style>"


def _leaflet_image(path: str) -> str:
    data = base64.b64encode(_leaflet_bytes(path)).decode()
    return f"data:image/png;base64,{data}"


def _leaflet_text(path: str) -> str:
    return _leaflet_bytes(path).decode("utf-8")


def _leaflet_bytes(path: str) -> bytes:
    try:
        files = importlib.metadata.files(_LEAFLET_WHEEL) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.as_posix().endswith(f"xstatic/pkg/leaflet/data/{path}"):
            return file.read_binary()
    raise LifecircleError(
        Problem(
            what=f"Leaflet's file {path} is not installed",
            where=_LEAFLET_WHEEL,
            remedy=f"install the package {_LEAFLET_WHEEL}",
        )
    )
