"""
What a standard asks for: one frozen value that every later stage is given.

A `Standard` that exists is consistent: unique ids, known types and profiles, one limit to a
requirement, and evidence beside each number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from lifecircle.errors import Problem, RuleError
from lifecircle.standards.check import standard_faults
from lifecircle.standards.faults import closest
from lifecircle.standards.kinds import Circle, FacilityType, HomeRules
from lifecircle.standards.parts import (
    CountRule,
    Evidence,
    Frozen,
    Norm,
    Numbers,
    Requirement,
    Tag,
    Texts,
    refuse,
)
from lifecircle.walk import PROFILES

__all__ = [
    "Circle",
    "CountRule",
    "Evidence",
    "FacilityType",
    "HomeRules",
    "Norm",
    "Requirement",
    "Standard",
    "Tag",
]

_Value = TypeVar("_Value")
_Labels = Annotated[
    Mapping[str, Texts],
    AfterValidator(lambda values: MappingProxyType(dict(values))),
    PlainSerializer(
        lambda labels: {key: dict(texts) for key, texts in labels.items()},
        return_type=dict[str, dict[str, str]],
    ),
]


class Standard(Frozen):
    """
    Everything one edition asks for, with the rules that turn answers into verdicts.

    Parameters
    ----------
    name, title_zh, title_en, edition
        How it is called; `name` is what a study file types.
    services
        Service ids in the order of every report.
    service_labels
        Service id to its labels, ``zh`` and ``en``.
    weights
        Service id to its relative weight in the index.
    index_mean
        How the index joins the scores: ``arithmetic``, or ``geometric``, so that one missing
        service cannot be bought by another.
    requirements
        The questions, in report order.
    norms
        So much of something per so many people, in report order.
    types
        Facility types of its services.
    home_rules
        Rule for buildings nobody described.
    circles
        How many people a circle is for, where that is known.
    grades
        Grade codes with the least score they need, best first, the last from 0.
    weak_below
        Service score under which a service is called weak.
    no_data_factor
        Mapped supply below this share of the norm counts as far below it.
    evidence
        One entry for the weights, `index_mean`, the grades, `weak_below` and `no_data_factor`.
    sources
        Source id to the full text or place it stands for.
    notes
        What a reader has to know, Chinese and English in one sentence each.
    checkup
        Whether it is an annual check-up, whose indicators a run writes into a table of their own.

    Raises
    ------
    ValueError
        If anything in it contradicts something else (pydantic's ``ValidationError``).

    Examples
    --------
    >>> from lifecircle.standards import load_standard
    >>> standard = load_standard("basic")
    >>> standard.requirement("medical_15").limit
    15.0
    """

    name: str = Field(min_length=1)
    title_zh: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    edition: str
    services: tuple[str, ...] = Field(min_length=1)
    service_labels: _Labels
    weights: Numbers
    index_mean: Literal["arithmetic", "geometric"] = "arithmetic"
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    norms: tuple[Norm, ...] = ()
    types: tuple[FacilityType, ...]
    home_rules: HomeRules
    circles: tuple[Circle, ...] = ()
    grades: tuple[tuple[str, float], ...]
    weak_below: float = Field(ge=0, le=100)
    no_data_factor: float = Field(ge=0, le=1)
    evidence: tuple[Evidence, ...]
    sources: Texts
    notes: tuple[str, ...] = ()
    checkup: bool = False

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse(standard_faults(self.model_dump()))
        return self

    def requirement(self, requirement_id: str) -> Requirement:
        """
        Look a requirement up.

        Parameters
        ----------
        requirement_id
            Its id.

        Returns
        -------
        requirement
            The requirement.

        Raises
        ------
        RuleError
            If the standard has none of that id.
        """
        return _find(self.requirements, requirement_id, "requirement", self.name)

    def requirements_of(self, service: str, circle: int | None = None) -> tuple[Requirement, ...]:
        """
        List the requirements of a service, in report order.

        Parameters
        ----------
        service
            Service id.
        circle
            Only this circle [min]; None for all.

        Returns
        -------
        requirements
            Empty where the standard asks nothing there.
        """
        return tuple(
            requirement
            for requirement in self.requirements
            if requirement.service == service and circle in (None, requirement.circle)
        )

    def norm(self, norm_id: str) -> Norm:
        """
        Look a norm up.

        Parameters
        ----------
        norm_id
            Its id.

        Returns
        -------
        norm
            The norm.

        Raises
        ------
        RuleError
            If the standard has none of that id.
        """
        return _find(self.norms, norm_id, "norm", self.name)

    def type(self, type_id: str) -> FacilityType:
        """
        Look a facility type up.

        Parameters
        ----------
        type_id
            Its id, such as ``medical.station``.

        Returns
        -------
        facility_type
            The type.

        Raises
        ------
        RuleError
            If the standard has none of that id.
        """
        return _find(self.types, type_id, "facility type", self.name)

    def unverified(self) -> tuple[tuple[str, Evidence], ...]:
        """
        List what must be checked against the printed text before a statutory plan uses it.

        Returns
        -------
        pairs
            Owner (a requirement or norm id, ``type.<type id>``, ``circle.<minutes>``,
            ``home_rules`` or ``standard``) and the evidence, for every entry whose tag is neither
            ``V`` nor ``C``.
        """
        owners: list[tuple[str, tuple[Evidence, ...]]] = [
            (requirement.id, requirement.evidence) for requirement in self.requirements
        ]
        owners += [(norm.id, norm.evidence) for norm in self.norms]
        owners += [(f"type.{kind.id}", kind.evidence) for kind in self.types]
        owners += [(f"circle.{circle.minutes}", circle.evidence) for circle in self.circles]
        owners += [("home_rules", self.home_rules.evidence), ("standard", self.evidence)]
        return tuple(
            (owner, item)
            for owner, entries in owners
            for item in entries
            if item.tag not in ("V", "C")
        )

    def inconsistencies(self) -> tuple[str, ...]:
        """
        List where the standard contradicts itself: one demand as a time and as another distance.

        Returns
        -------
        sentences
            One per pair of requirements that differ in nothing but the unit of their limit, where
            the time at the profile's own speed and the distance differ by more than 1 m. Both
            stay separate requirements; neither is derived from the other.
        """
        sentences = []
        for timed in self.requirements:
            for measured in self.requirements:
                if timed.minutes is None or measured.limit_m is None:
                    continue
                if _demand(timed) != _demand(measured):
                    continue
                walked_m = PROFILES[timed.profile].metres(timed.minutes)
                if abs(walked_m - measured.limit_m) > 1:
                    sentences.append(
                        f"{timed.id} asks for {timed.minutes:g} min ({walked_m:.0f} m at the speed "
                        f"of '{timed.profile}'), {measured.id} for {measured.limit_m:g} m"
                    )
        return tuple(sentences)


def _find(items: Iterable[_Value], wanted: str, noun: str, standard: str) -> _Value:
    known = {getattr(item, "id", ""): item for item in items}
    if wanted in known:
        return known[wanted]
    raise RuleError(
        Problem(
            what=f"no {noun} '{wanted}'",
            where=f"standard '{standard}'",
            remedy=closest(wanted, tuple(known)),
        )
    )


def _demand(requirement: Requirement) -> tuple[object, ...]:
    return (
        requirement.service,
        requirement.accepted,
        requirement.circle,
        requirement.profile,
        requirement.group,
        requirement.serves,
        requirement.direction,
        requirement.view,
        requirement.counts,
        requirement.where,
    )
