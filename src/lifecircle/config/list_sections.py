"""
The sections of a study file about lists of facilities, and how their rows are placed.

As in `sections`, every key a planner may type is a field here.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from lifecircle.config.bases import Described, Section
from lifecircle.config.fields import Datum, Day, File, Word


class FacilityTable(Described):
    """
    One list of facilities.

    Parameters
    ----------
    file
        Spreadsheet, text table or vector file, which `columns`, `layer` (or sheet), `crs` and
        `encoding` describe.
    datum
        ``wgs84``, ``gcj02``, ``bd09``, ``cgcs2000`` or ``epsg:N`` of its coordinate columns.
    codes
        Whose types it carries: ``amap`` or ``baidu``.
    complete, as_of
        Whether the list holds every facility of its services, and on which day it did.
    service, type
        What every row is, where the table does not say.
    not_reported
        Names of communities that are not in the list because they did not report; without it
        what the list's own notes say holds, and an empty one says that all have reported.
    """

    file: File
    datum: Datum | None = None
    codes: Word | None = None
    complete: bool = False
    as_of: Day | None = None
    service: Word | None = None
    type: Word | None = None
    not_reported: tuple[Word, ...] | None = None


class FacilitiesSection(Section):
    """
    Where facilities come from.

    Parameters
    ----------
    osm
        Whether those on the map count.
    complete, as_of
        Services whose lists together are declared complete, and the day this is said for.
    unlisted
        What becomes of a place of a complete service that no bureau's list has, only a map:
        ``doubtful`` (told, not counted) or ``count``.
    tables
        The planner's lists.
    """

    osm: bool = True
    unlisted: Literal["doubtful", "count"] = "doubtful"
    complete: tuple[Word, ...] = ()
    as_of: Day | None = None
    tables: tuple[FacilityTable, ...] = ()


class AddressFile(Described):
    """
    A file of addresses, or of places with names, and where they are.

    Parameters
    ----------
    file
        Vector file, spreadsheet or text table, which `columns`, `layer` (or sheet), `crs` and
        `encoding` describe; where nothing else has to be said its name alone stands for it.
    datum
        As for a list of facilities.
    """

    file: File
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
