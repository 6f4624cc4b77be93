"""A study file turned into one frozen, validated value."""

from lifecircle.config.geocode_section import AddressFile, GeocodeSection
from lifecircle.config.load import load_config
from lifecircle.config.sections import (
    AreaSection,
    CommunitiesSection,
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

__all__ = [
    "AddressFile",
    "AreaSection",
    "CommunitiesSection",
    "EstatesSection",
    "FacilitiesSection",
    "FacilityTable",
    "GeocodeSection",
    "HomesSection",
    "LandSection",
    "NetworkSection",
    "SitingSection",
    "StandardSection",
    "StudyConfig",
    "StudySection",
    "load_config",
]
