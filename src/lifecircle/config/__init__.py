"""A study file turned into one frozen, validated value."""

from lifecircle.config.load import load_config
from lifecircle.config.sections import (
    AreaSection,
    CommunitiesSection,
    DrawingFile,
    EstatesSection,
    FacilitiesSection,
    FacilityTable,
    HomesSection,
    LandSection,
    NetworkSection,
    SitingSection,
    StandardSection,
    StudySection,
)
from lifecircle.config.study_config import StudyConfig
from lifecircle.config.systems import SystemTable

__all__ = [
    "AreaSection",
    "CommunitiesSection",
    "DrawingFile",
    "EstatesSection",
    "FacilitiesSection",
    "FacilityTable",
    "HomesSection",
    "LandSection",
    "NetworkSection",
    "SitingSection",
    "StandardSection",
    "StudyConfig",
    "StudySection",
    "SystemTable",
    "load_config",
]
