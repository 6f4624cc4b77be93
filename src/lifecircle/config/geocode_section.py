"""The section of a study file that says how rows without coordinates are placed."""

from __future__ import annotations

from pydantic import Field, model_validator

from lifecircle.config.fields import Columns, Datum, File, Word
from lifecircle.config.sections import Section


class AddressFile(Section):
    """
    A file of addresses, or of places with names, and where they are.

    Parameters
    ----------
    file
        Vector file, spreadsheet or text table; where nothing else has to be said its name alone
        stands for it.
    columns, layer, crs, encoding, datum
        As for a list of facilities.
    """

    file: File
    columns: Columns | None = None
    layer: Word | None = None
    crs: Word | None = None
    encoding: Word | None = None
    datum: Datum | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, data: object) -> object:
        return {"file": data} if isinstance(data, str) else data


class GeocodeSection(Section):
    """
    How rows without coordinates are placed: looked up, offline, in all the study knows by name.

    Parameters
    ----------
    addresses
        Files of addresses and named places beside what the other sections name.
    placed
        The sheet of places to find as the planner filled it in, with `placed_datum` (WGS 84 where
        nothing is said) and `placed_sheet`.
    accept
        Least confidence of a place that is used.
    """

    addresses: tuple[AddressFile, ...] = ()
    placed: File | None = None
    placed_datum: Datum | None = None
    placed_sheet: Word | None = None
    accept: float = Field(default=0.6, ge=0, le=1)
