"""
The sections of a study file about land, and about what is kept beside the map.

They only name files: what the files hold is checked where they are read.
"""

from __future__ import annotations

from typing import Literal

from lifecircle.config.bases import Section
from lifecircle.config.fields import Columns, File, Files, Word


class LandSection(Section):
    """
    Which land and rooms could take a facility.

    Parameters
    ----------
    osm
        Whether tagged and residual land of the map is looked at.
    leads
        Whether leads, which only shapes and tags of the map suggest, compete for sites; None where
        they do so only in a study that names no land of its own.
    parcels
        The planner's parcels: one file or several, outlines and ledgers without any.
    columns, layer, crs, encoding
        What has to be said of the outlines, else of the ledgers, where they do not say it.
    survey
        Land survey: what every piece of ground is.
    rights
        Parcels of the register, and `rights_crs`, their reference system where the file has none.
    stock_rooms
        Lists of rooms that could be used.
    detailed_plan
        Units, plots and roads of the detailed plan.
    exclude
        Files of land that is never proposed.
    cover
        Raster of land cover, evidence of what candidates look like from above.
    cover_codes
        What the numbers of `cover` mean: a product, or codes of the land survey (``3diao``).
    code_system
        Which land-use codes the files carry, where they do not tell.
    """

    columns: Columns | None = None
    layer: Word | None = None
    crs: Word | None = None
    encoding: Word | None = None
    osm: bool = True
    leads: bool | None = None
    parcels: Files = ()
    survey: File | None = None
    rights: File | None = None
    rights_crs: Word | None = None
    stock_rooms: Files = ()
    detailed_plan: File | None = None
    exclude: Files = ()
    code_system: Literal["2023", "3diao"] | None = None
    cover: File | None = None
    cover_codes: Literal["worldcover", "clcd", "globeland30", "esri", "corine", "3diao"] | None = (
        None
    )


class RecordSection(Section):
    """
    What a planner keeps beside the map, and what he changes by hand.

    Parameters
    ----------
    survey
        Answers of residents.
    projects
        Projects of an earlier round.
    opinions
        Opinions of departments.
    overrides
        Single values that replace those of facilities, communities and land, on every run.
    returned
        Workbooks of earlier runs with what a planner filled in; where two say something of one
        cell, the later one in the list wins.
    """

    survey: File | None = None
    projects: File | None = None
    opinions: File | None = None
    overrides: File | None = None
    returned: Files = ()
