"""A study file turned into one frozen, validated value."""

from lifecircle.config.horizon_sections import HorizonSection, ProvisionSection
from lifecircle.config.land_sections import LandSection, RecordSection
from lifecircle.config.list_sections import (
    AddressFile,
    FacilitiesSection,
    FacilityTable,
    GeocodeSection,
)
from lifecircle.config.load import load_config
from lifecircle.config.programme_section import ProgrammeSection
from lifecircle.config.sections import (
    AreaSection,
    CommunitiesSection,
    DrawingFile,
    EstatesSection,
    HomesSection,
    NetworkSection,
    SitingSection,
    StandardSection,
    StudySection,
    UnitsSection,
)
from lifecircle.config.study_config import StudyConfig
from lifecircle.config.systems import SystemTable

__all__ = [
    "AddressFile",
    "AreaSection",
    "CommunitiesSection",
    "DrawingFile",
    "EstatesSection",
    "FacilitiesSection",
    "FacilityTable",
    "GeocodeSection",
    "HomesSection",
    "HorizonSection",
    "LandSection",
    "NetworkSection",
    "ProgrammeSection",
    "ProvisionSection",
    "RecordSection",
    "SitingSection",
    "StandardSection",
    "StudyConfig",
    "StudySection",
    "SystemTable",
    "UnitsSection",
    "load_config",
]
