"""
The parts a standard is made of: evidence, requirements and norms.

A part that exists is consistent in itself, and every number in it stands beside its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from lifecircle.standards.check import requirement_faults
from lifecircle.standards.faults import Fault
from lifecircle.standards.norm_check import norm_faults

Tag = Literal["V", "C", "R", "N", "P"]

Numbers = Annotated[
    Mapping[str, float],
    AfterValidator(lambda values: MappingProxyType(dict(values))),
    PlainSerializer(dict, return_type=dict[str, float]),
]

Texts = Annotated[
    Mapping[str, str],
    AfterValidator(lambda values: MappingProxyType(dict(values))),
    PlainSerializer(dict, return_type=dict[str, str]),
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
    where
        Whose communities are asked: ``urban`` or ``rural`` ones; None for both.
    official_base, official_method
        What the official indicator behind it is a share of (``people``, ``residential_land`` or
        ``floor_area``), and how it measures (``network`` or ``radius``).
    evidence
        One entry for the limit, the target, the fewest people, the profile and the counts, and
        for an official base or method that is not the default.

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
    where: Literal["urban", "rural"] | None = None
    official_base: Literal["people", "residential_land", "floor_area"] = "people"
    official_method: Literal["network", "radius"] = "network"
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
    def makes_gaps(self) -> bool:
        """Whether a shortfall of it is a gap: what is asked of everybody, and not as needed."""
        return self.view == "base" and self.obligation == "must"

    @property
    def accepted(self) -> tuple[str, ...]:
        """Facility types that count; empty means any type of the service."""
        return self.types + self.satisfied_by


class Norm(Frozen):
    """
    So much of something per so many people of an area, or per area.

    Parameters
    ----------
    id
        Lower-case letters, digits and underscores; no requirement may have the same.
    service
        Service it belongs to.
    label_zh, label_en
        What people call it.
    types
        Facility types that count; empty means any type of the service.
    measure
        What is counted or summed: ``facilities``, floor area ``floor_m2`` [m²], site ``site_m2``
        [m²], ``beds`` or ``places``.
    at_least
        How much there must be, per `per` people or per area.
    per
        Number of people `at_least` is asked for; None where it is asked of every area.
    of
        Whose number `per` is: ``all``, ``60plus``, ``0_3``, ``households`` and so on.
    level
        The smallest areas it is judged in; it is judged in all larger ones too.
    obligation
        ``must`` (▲) or ``as_needed`` (△); only ``must`` makes a shortfall.
    evidence
        One entry for the number.

    Raises
    ------
    ValueError
        If a field is missing, unknown or out of range, or the number stands without evidence
        (pydantic's ``ValidationError``).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    service: str
    label_zh: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    types: tuple[str, ...] = ()
    measure: Literal["facilities", "floor_m2", "site_m2", "beds", "places"]
    at_least: float = Field(gt=0)
    per: float | None = Field(default=None, gt=0)
    of: str = Field(default="all", pattern=r"^[a-z0-9_]+$")
    level: Literal["community", "unit", "subdistrict", "county", "study"] = "community"
    obligation: Literal["must", "as_needed"] = "must"
    evidence: tuple[Evidence, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse(norm_faults(self.model_dump()))
        return self

    @property
    def number_evidence(self) -> Evidence:
        """Evidence of `at_least`."""
        return next(item for item in self.evidence if item.field == "at_least")

    @property
    def clause(self) -> str:
        """Clause the number comes from."""
        return self.number_evidence.clause

    def need(self, people: float) -> float:
        """
        How much an area needs.

        Parameters
        ----------
        people
            People of the group `of` who live there.

        Returns
        -------
        need
            In the unit of `measure`; not rounded up.
        """
        return self.at_least if self.per is None else self.at_least * people / self.per


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
