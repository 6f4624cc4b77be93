"""
The parts a standard is made of: evidence, requirements, facility types and the rule for homes.

A part that exists is consistent in itself, and every number in it stands beside its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from lifecircle.standards.check import Fault, requirement_faults, type_faults

Tag = Literal["V", "C", "R", "N", "P"]

Numbers = Annotated[
    Mapping[str, float],
    AfterValidator(lambda values: MappingProxyType(dict(values))),
    PlainSerializer(dict, return_type=dict[str, float]),
]


class Frozen(BaseModel):
    """Shared settings: nothing unknown, nothing coerced, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    # Read-only mappings can be neither pickled nor copied deeply, so both go round them.
    def __reduce__(self) -> tuple[Callable[[object], Self], tuple[dict[str, object]]]:
        return type(self).model_validate, (self.model_dump(),)

    def __deepcopy__(self, memo: dict[int, object] | None = None) -> Self:
        return self


class Evidence(Frozen):
    """
    Where one value of a standard comes from.

    Parameters
    ----------
    field
        The field it speaks for, such as ``limit_m``.
    clause
        Clause of the text; for a proposal, the clause it leans on.
    source
        Id in `Standard.sources`.
    tag
        ``V`` read in a text, ``C`` recalled and corroborated, ``R`` recalled only, ``N`` not
        published, ``P`` proposal of this project or of the study.
    note
        What a reader has to know before leaning on it.
    """

    field: str = Field(min_length=1)
    clause: str
    source: str = Field(min_length=1)
    tag: Tag
    note: str = ""


class CountRule(Frozen):
    """
    So many facilities of these types within the limit.

    Parameters
    ----------
    types
        Facility types that count.
    at_least
        How many there must be.
    """

    types: tuple[str, ...] = Field(min_length=1)
    at_least: int = Field(ge=1)


class Requirement(Frozen):
    """
    One question a standard asks of every home.

    Parameters
    ----------
    id
        Lower-case letters, digits and underscores; names columns of results.
    service
        Service it belongs to.
    label_zh, label_en
        What people call it.
    types
        Facility types asked for; empty means any type of the service.
    satisfied_by
        Further types that count.
    circle
        The circle it is reported in [min]: 5, 10 or 15.
    minutes, limit_m
        The limit, inclusive: walking time [min] or network distance [m]; exactly one is set.
    profile
        Who walks, a name in `lifecircle.walk.PROFILES`.
    group
        Whose people are counted: ``all``, ``60plus``, ``0_3`` and so on.
    obligation
        ``must`` (▲) or ``as_needed`` (△); only ``must`` makes a shortfall.
    serves
        Whose residents one facility counts for.
    target_share
        Share of the group that must be covered, in (0, 1].
    min_people_short
        Fewest uncovered people that make a shortfall.
    direction
        Which way the walk runs.
    view
        ``base`` for the standard's own limit, ``quality`` for what goes beyond it.
    counts
        Count rules, all of which must hold within the limit; empty when one facility is enough.
    evidence
        One entry for the limit, the target, the fewest people, the profile and the counts.

    Raises
    ------
    ValueError
        If a field is missing, unknown or out of range, or a value stands without evidence
        (pydantic's ``ValidationError``).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    service: str
    label_zh: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    types: tuple[str, ...] = ()
    satisfied_by: tuple[str, ...] = ()
    circle: int = Field(ge=1, le=120)
    minutes: float | None = Field(default=None, gt=0)
    limit_m: float | None = Field(default=None, gt=0)
    profile: str = "gb"
    group: str = Field(default="all", pattern=r"^[a-z0-9_]+$")
    obligation: Literal["must", "as_needed"] = "must"
    serves: Literal["anyone", "community", "subdistrict", "unit"] = "anyone"
    target_share: float = Field(gt=0, le=1)
    min_people_short: float = Field(ge=0)
    direction: Literal["to_facility", "from_facility"] = "to_facility"
    view: Literal["base", "quality"] = "base"
    counts: tuple[CountRule, ...] = ()
    evidence: tuple[Evidence, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse(requirement_faults(self.model_dump()))
        return self

    @property
    def limit(self) -> float:
        """The limit in its own unit: minutes [min] where they are set, else `limit_m` [m]."""
        # _consistent lets exactly one of the two be set.
        return self.minutes if self.minutes is not None else self.limit_m or 0.0

    @property
    def limit_evidence(self) -> Evidence:
        """Evidence of the limit."""
        wanted = "limit_m" if self.minutes is None else "minutes"
        return next(item for item in self.evidence if item.field == wanted)

    @property
    def clause(self) -> str:
        """Clause the limit comes from."""
        return self.limit_evidence.clause

    @property
    def accepted(self) -> tuple[str, ...]:
        """Facility types that count; empty means any type of the service."""
        return self.types + self.satisfied_by


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
    land_code_2023
        Land-use code of the 2023 classification a new one would stand on.
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
    floor_min_m2: float | None = Field(default=None, gt=0)
    site_min_m2: float | None = Field(default=None, gt=0)
    width_min_m: float | None = Field(default=None, gt=0)
    people_per_facility: float | None = Field(default=None, gt=0)
    ground_floor: bool | None = None
    land_code_2023: str = ""
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


def refuse(faults: Iterable[Fault]) -> None:
    """
    Stop a model from being built with faults in it.

    Parameters
    ----------
    faults
        What was found.

    Raises
    ------
    ValueError
        If there is any fault; all of them in one message.
    """
    text = "; ".join(fault.what for fault in faults)
    if text:
        raise ValueError(text)
