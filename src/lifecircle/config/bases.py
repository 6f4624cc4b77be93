"""
What every section of a study file is made of.

Nothing in a section may change, be unknown or be of another kind than its field says.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from lifecircle.config.fields import Columns, Word


class Section(BaseModel):
    """A table of the study file: nothing in it may change, be unknown or be of another kind."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Described(Section):
    """
    A section with one main file, and what has to be said where that does not say it itself.

    Parameters
    ----------
    columns
        Meaning to column name, where names are not recognised.
    layer
        Layer or sheet, where there are several.
    crs
        Reference system, where the file has none.
    encoding
        Of its texts, where it cannot be told.
    """

    columns: Columns | None = None
    layer: Word | None = None
    crs: Word | None = None
    encoding: Word | None = None
