"""
The sections of a study file about what is to come: horizons, and what estates have to provide.

As in `sections`, every key a planner may type is a field here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo

from lifecircle.config.bases import Section
from lifecircle.config.fields import (
    Columns,
    Datum,
    File,
    Positive,
    Word,
    describe,
    resolved_path,
    wrong,
)

PLAN = "plan"
"""The word that takes the people the units of the detailed plan are planned for."""

_PEOPLE_PER_DWELLING = 2.62


def _plan_or_file(value: object, info: ValidationInfo) -> object:
    return value if value == PLAN else resolved_path(value, info)


def _programme(value: object) -> object:
    if isinstance(value, bool):
        return value
    if not isinstance(value, int) or value < 1:
        raise wrong(
            f"must be true, false or a number of years, not {describe(value)}",
            "write programme = 2 for what the first two years of the programme build",
        )
    return value


FacilityStatus = Literal["existing", "building", "planned", "promised"]
RoadStatus = Literal["existing", "building", "planned"]
HorizonName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
Year = Annotated[int, Field(ge=1950, le=2200)]


class HorizonSection(Section):
    """
    One moment of the plan, and what will be there by then beside what is there now.

    Parameters
    ----------
    name
        ``now``, ``near``, ``end`` or any other word; small letters and digits. ``now`` is the run
        itself and takes a label and a year only.
    label
        What tables and reports call it; the usual words for ``now``, ``near`` and ``end``.
    year
        What opens, is built or moved into after this year does not count yet.
    facilities
        Statuses of facilities that count, ``existing`` among them.
    housing
        Dwellings to come: a layer, a workbook or a text table, which `housing_columns`,
        `housing_layer` (or sheet) and `housing_datum` describe.
    people_per_dwelling
        People of a dwelling where the list of housing says none. 2.62 is the mean household of
        the census of 2020, recalled and no clause: a value of this project (P).
    people
        People by community at this moment, all of them: a table as under ``homes.table``, with
        `people_columns` and `people_sheet`; or ``plan``: what the units of the detailed plan are
        planned for.
    growth
        What the people of every home are multiplied by.
    roads
        Statuses of roads that can be walked, ``existing`` among them: those of ``network.roads``
        and of the detailed plan.
    programme
        Whether the proposed sites count as built; a number: those of its first years.
    """

    name: HorizonName
    label: Word | None = None
    year: Year | None = None
    facilities: tuple[FacilityStatus, ...] = ("existing",)
    housing: File | None = None
    housing_columns: Columns | None = None
    housing_layer: Word | None = None
    housing_datum: Datum | None = None
    people_per_dwelling: Positive = _PEOPLE_PER_DWELLING
    people: Annotated[Literal["plan"] | File | None, BeforeValidator(_plan_or_file)] = None
    people_columns: Columns | None = None
    people_sheet: Word | None = None
    growth: Positive | None = None
    roads: tuple[RoadStatus, ...] = ("existing",)
    programme: Annotated[bool | int, BeforeValidator(_programme)] = False

    @property
    def years_built(self) -> int:
        """Years of the programme that count as built: 0 for none, a large number for all."""
        if isinstance(self.programme, bool):
            return 10_000 if self.programme else 0
        return self.programme


class ProvisionSection(Section):
    """
    What estates were to provide, and what became of it.

    Parameters
    ----------
    handover
        Ledger of rooms handed over with estates, with `columns` and `sheet`.
    new_since
        Estates built in this year or later are new ones; None takes the packaged year (P).
    per_100_households
        Service to the floor area asked for per 100 households [m²], in place of the packaged
        numbers; 0 asks for nothing.
    """

    handover: File | None = None
    columns: Columns | None = None
    sheet: Word | None = None
    new_since: Year | None = None
    per_100_households: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(
        default_factory=dict
    )
