"""A study file turned into one frozen, validated value."""

from lifecircle.config.geocode_section import AddressFile, GeocodeSection
from lifecircle.config.land_sections import LandSection, RecordSection
from lifecircle.config.load import load_config
from lifecircle.config.sections import (
    AreaSection,
    CommunitiesSection,
    EstatesSection,
    FacilitiesSection,
    FacilityTable,
    HomesSection,
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
    "RecordSection",
    "SitingSection",
    "StandardSection",
    "StudyConfig",
    "StudySection",
    "load_config",
]
