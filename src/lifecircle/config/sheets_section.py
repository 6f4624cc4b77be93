"""The section of a study file that says which sheets are printed, and what their frame says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lifecircle.config.bases import Section
from lifecircle.config.fields import Word


class SheetsSection(Section):
    """
    Sheets for print, written to ``sheets/`` of a run.

    Parameters
    ----------
    draw
        ``atlas`` (图集: one A3 a subject), ``units`` (单元图则: one A3 a unit), ``cards``
        (社区体检卡: one A4 a community).
    formats
        ``pdf`` (one file a kind) and ``png`` (one file a sheet).
    organisation
        Who draws the plan up (编制单位).
    date
        As it is to be printed.
    number
        What sheet numbers begin with (图号).
    dpi
        Points per inch of PNG sheets.
    """

    draw: tuple[Literal["atlas", "units", "cards"], ...] = ()
    formats: tuple[Literal["pdf", "png"], ...] = ("pdf",)
    organisation: Word | None = None
    date: Word | None = None
    number: Word | None = None
    dpi: int = Field(default=150, ge=50, le=600)
