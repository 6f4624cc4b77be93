"""Standards as data: what must be within which walk, each number with its clause and tag."""

from lifecircle.standards.describe import describe
from lifecircle.standards.load import load_standard, packaged_standards
from lifecircle.standards.model import (
    Circle,
    CountRule,
    Evidence,
    FacilityType,
    HomeRules,
    Norm,
    Requirement,
    Standard,
)
from lifecircle.standards.page import TAG_WORDS, evidence_counts, standards_page

__all__ = [
    "TAG_WORDS",
    "Circle",
    "CountRule",
    "Evidence",
    "FacilityType",
    "HomeRules",
    "Norm",
    "Requirement",
    "Standard",
    "describe",
    "evidence_counts",
    "load_standard",
    "packaged_standards",
    "standards_page",
]
