"""What a standard says beside its requirements: facility types, circles and the rule for homes."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from lifecircle.standards.check import type_faults
from lifecircle.standards.parts import Evidence, Frozen, Numbers, Texts, refuse

LAND_CODE = r"^(\d{2}|\d{4}|\d{6})?$"
"""Codes of the 2023 classification have two, four or six digits."""


class FacilityType(Frozen):
    """
    A kind of facility and what a new one needs.

    Parameters
    ----------
    id
        ``<service>.<kind>``, such as ``medical.station``.
    service
        Service it belongs to.
    label_zh, label_en
        What people call it.
    circle
        Tier it is listed at [min]; None where the standard lists none.
    floor_min_m2, site_min_m2
        Least floor area and least site [m²]; None where no number is known.
    width_min_m
        Least width of a usable site [m].
    people_per_facility
        Upper end of the population one facility serves.
    ground_floor
        Whether rooms for it must lie on the ground floor; None where nothing is said.
    proposed
        Whether sites are proposed for it; not for what leftover land never holds.
    tags, names, codes
        What facilities of the type are recognised by, any of them: tables of OSM tags that must
        all be there (``*`` for any value); regular expressions for names, spaces and case aside;
        type codes or type words of map services. They go before the general rules.
    setting
        Whether it has to have a site of its own (``own``), had better have one
        (``own_preferred``), or may share a building (``joint``); None where nothing is said.
    land_code_2023, land_code_rural
        Land-use code of the 2023 classification a new one would stand on, and the one it takes in
        the countryside where that is another.
    lead_body_zh, lead_body_en, cooperating_body_zh, cooperating_body_en
        Suggested responsible bodies: proposals, to be settled by the plan.
    evidence
        One entry per number that is set.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")
    service: str
    label_zh: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    circle: int | None = Field(default=None, ge=1, le=120)
    proposed: bool = True
    tags: tuple[Texts, ...] = ()
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    floor_min_m2: float | None = Field(default=None, gt=0)
    site_min_m2: float | None = Field(default=None, gt=0)
    width_min_m: float | None = Field(default=None, gt=0)
    people_per_facility: float | None = Field(default=None, gt=0)
    ground_floor: bool | None = None
    setting: Literal["own", "own_preferred", "joint"] | None = None
    land_code_2023: str = Field(default="", pattern=LAND_CODE)
    land_code_rural: str = Field(default="", pattern=LAND_CODE)
    lead_body_zh: str = ""
    lead_body_en: str = ""
    cooperating_body_zh: str = ""
    cooperating_body_en: str = ""
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse(type_faults(self.model_dump()))
        return self


class Circle(Frozen):
    """
    How many people a circle is for.

    Parameters
    ----------
    minutes
        The circle [min].
    people_min, people_max
        Both ends of its population, inclusive.
    evidence
        One entry for each end.

    Raises
    ------
    ValueError
        If the ends are no band or one stands without evidence (pydantic's ``ValidationError``).
    """

    minutes: int = Field(ge=1, le=120)
    people_min: float = Field(gt=0)
    people_max: float = Field(gt=0)
    evidence: tuple[Evidence, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        told = [item.field for item in self.evidence]
        for name in ("people_min", "people_max"):
            if told.count(name) != 1:
                raise ValueError(f"circle of {self.minutes} min: {name} stands without evidence")
        if self.people_min >= self.people_max:
            raise ValueError(f"circle of {self.minutes} min: people_min is not below people_max")
        return self


class HomeRules(Frozen):
    """
    The declared rule for buildings nobody described.

    Parameters
    ----------
    residential_uses
        OSM ``building`` values that are homes.
    untagged_min_m2
        Footprint from which a ``building=yes`` may be a home [m²].
    untagged_only_in_residential
        Whether it must stand on residential land for that.
    levels_default
        Storeys of a building whose storeys are not given, by use, and under ``default``.
    evidence
        One entry per field.
    """

    residential_uses: tuple[str, ...] = Field(min_length=1)
    untagged_min_m2: float = Field(ge=0)
    untagged_only_in_residential: bool
    levels_default: Numbers
    evidence: tuple[Evidence, ...]
