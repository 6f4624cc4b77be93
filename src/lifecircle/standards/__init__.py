"""Standards as data: what must be within which walk, each number with its clause and tag."""

from lifecircle.standards.describe import describe
from lifecircle.standards.load import load_standard, packaged_standards
from lifecircle.standards.model import (
    Circle,
    CountRule,
    Evidence,
    FacilityType,
    HomeRules,
    Requirement,
    Standard,
)

__all__ = [
    "Circle",
    "CountRule",
    "Evidence",
    "FacilityType",
    "HomeRules",
    "Requirement",
    "Standard",
    "describe",
    "load_standard",
    "packaged_standards",
]
