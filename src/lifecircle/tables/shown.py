"""Tables as a notebook shows them: the first rows, escaped, under a line that sums them up."""

from __future__ import annotations

from html import escape

import pandas as pd

MOST = 10
"""Rows shown where nobody says."""


def shown(table: pd.DataFrame, *, lead: str, most: int = MOST) -> str:
    """
    Write the first rows of a table as HTML.

    Parameters
    ----------
    table
        What is shown, in order; missing values become a dash, names stay text.
    lead
        A line above it.
    most
        Rows at the most; how many are left out is told below.

    Returns
    -------
    html
        One ``<table>``.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.tables.shown import shown
    >>> html = shown(pd.DataFrame({"name": ["<b>", "x"]}), lead="2 names", most=1)
    >>> "&lt;b&gt;" in html, "1 more" in html
    (True, True)
    """
    rows = table.head(most)
    html: str = rows.to_html(
        index=False, na_rep="–", escape=True, border=0, float_format=_short, justify="left"
    )
    head, rest = html.split(">", 1)
    caption = f"<caption style='text-align:left'><b>{escape(lead)}</b></caption>"
    foot = ""
    if len(table) > len(rows):
        more = f"… {len(table) - len(rows):,} more: .table"
        foot = f"<tfoot><tr><td colspan='{len(table.columns)}'>{more}</td></tr></tfoot>"
    return f"{head}>{caption}{rest.removesuffix('</table>')}{foot}</table>"


def _short(value: float) -> str:
    """Whole numbers from ten on, shares and minutes with what tells them apart."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.3g}"
