"""The section of a study file about who does what, and from which year on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lifecircle.config.bases import Section
from lifecircle.config.fields import Columns, File, Word


class ProgrammeSection(Section):
    """
    Who does what, and when the programme begins.

    Parameters
    ----------
    bodies
        Table of bodies by type of facility or service, and by subdistrict where it says one, with
        `columns` and `sheet`.
    first_year
        Calendar year of the programme's first year; without it no year on a list of land can be
        compared with the programme's.
    """

    bodies: File | None = None
    columns: Columns | None = None
    sheet: Word | None = None
    first_year: Annotated[int, Field(ge=1990, le=2200)] | None = None
