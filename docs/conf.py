"""How the documentation is built: Markdown and docstrings into pages that load nothing remote."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx.errors import SphinxError

import lifecircle

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "lifecircle"
author = "lifecircle developers"
copyright = "lifecircle developers, MIT"  # noqa: A001  Sphinx calls it so
version = release = lifecircle.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
suppress_warnings = ["epub"]

napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_attr_annotations = False
napoleon_use_rtype = False  # what is returned has a name here, and its type in the signature
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "lifecircle"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_show_sphinx = False
html_copy_source = False
html_show_search_summary = False  # it would fetch pages, which a browser forbids from disk
html_math_renderer = "mathml"
html_theme_options = {"navigation_with_keys": True}


def _mathml(writer: object, node: nodes.Element, *, block: bool) -> None:
    """Write a formula as MathML, which browsers set by themselves: no script, no font to load."""
    writer.body.append(latex2mathml.tex2mathml(node.astext(), as_block=block))
    raise nodes.SkipNode


def _inline(writer: object, node: nodes.Element) -> None:
    _mathml(writer, node, block=False)


def _display(writer: object, node: nodes.Element) -> None:
    _mathml(writer, node, block=True)


# What a browser fetches by itself: offices have no internet, so none of it may be remote.
_LOADS = re.compile(
    r"""<(?:script|img|iframe|source|audio|video)\b[^>]*?\ssrc\s*=\s*["']?(?:https?:)?//
    |<link\b(?![^>]*\brel\s*=\s*["']?canonical)[^>]*?\shref\s*=\s*["']?(?:https?:)?//
    |@import\s+(?:url\()?["']?(?:https?:)?//
    |url\(\s*["']?(?:https?:)?//""",
    re.IGNORECASE | re.VERBOSE,
)


def _refuse_remote(app: Sphinx, failed: Exception | None) -> None:
    """Fail when a page, a style or a script of the site would load something remote."""
    if failed is not None or app.builder.format != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*")):
        if path.suffix in {".html", ".css", ".js"}:
            hit = _LOADS.search(path.read_text(encoding="utf-8"))
            if hit:
                raise SphinxError(f"{path.name} loads something remote: {hit.group()}")


def _join_lines(_: Sphinx, page: str, source: list[str]) -> None:
    """Join lines of Chinese: a browser would show a blank where the line ended."""
    if not page.startswith("zh/"):
        return
    after, before = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", "[\u4e00-\u9fff“（《]"
    parts = re.split(r"(^```.*?^```)", source[0], flags=re.MULTILINE | re.DOTALL)
    parts[::2] = [re.sub(rf"(?<={after})\n *(?={before})", "", text) for text in parts[::2]]
    source[0] = "".join(parts)


def _keep_inside(_: Sphinx, page: str, source: list[str]) -> None:
    """Turn links to files of the checkout, which the site does not hold, into their names."""

    def plain(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link["path"]))
        return f"{link['text']} (`{target[3:]}`)" if target.startswith("../") else link.group()

    source[0] = re.sub(r"\[(?P<text>[^\]]+)\]\((?P<path>\.\.[^)#\s]*)[^)]*\)", plain, source[0])


def setup(app: Sphinx) -> None:
    """Add the links, the formulas and the check to the build."""
    app.connect("source-read", _join_lines)
    app.connect("source-read", _keep_inside)
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    app.connect("build-finished", _refuse_remote)
