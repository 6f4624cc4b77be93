"""
A whole study as one frozen value.

Its sections never exclude each other, and what a run records of it holds no absolute path.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ValidationInfo, model_validator

from lifecircle.config.bases import Section
from lifecircle.config.contradictions import find_contradictions
from lifecircle.config.export_section import ExportSection
from lifecircle.config.horizon_sections import HorizonSection, ProvisionSection
from lifecircle.config.land_sections import LandSection, RecordSection
from lifecircle.config.list_sections import (
    FacilitiesSection,
    GeocodeSection,
)
from lifecircle.config.programme_section import ProgrammeSection
from lifecircle.config.sections import (
    AreaSection,
    CommunitiesSection,
    DrawingFile,
    EstatesSection,
    HomesSection,
    NetworkSection,
    OnlineSection,
    SitingSection,
    StandardSection,
    StudySection,
    UnitsSection,
)
from lifecircle.config.sheets_section import SheetsSection
from lifecircle.config.systems import SystemTable


class StudyConfig(Section):
    """
    A whole study file.

    Parameters
    ----------
    path
        The study file, absolute.
    study, area, network, online, communities, homes, facilities, geocode, estates, units, land,
    drawings
        Its sections; those a study leaves out take their defaults, `geocode` and `estates` are
        None.
    standard, siting, programme, record, export, sheets
        Six more, with their defaults.
    horizon, provision
        Moments to come, each a ``[[horizon]]``; what estates had to provide.
    systems
        Reference systems of its own, which `crs` and `datum` may name in any section.

    Raises
    ------
    pydantic.ValidationError
        If values are wrong or exclude each other; `load_config` makes them readable.

    Examples
    --------
    >>> from pathlib import Path
    >>> from lifecircle.config import AreaSection, NetworkSection, StudyConfig, StudySection
    >>> config = StudyConfig(
    ...     path=Path("town/study.toml"),
    ...     study=StudySection(name="Town"),
    ...     area=AreaSection(bbox=(13.2, 53.5, 13.3, 53.6)),
    ...     network=NetworkSection(osm=Path("town/town.osm.pbf")),
    ... )
    >>> config.homes.buildings, config.siting.max_sites, config.resolved()["network"]["osm"]
    ('osm', 12, 'town.osm.pbf')
    """

    path: Path
    study: StudySection
    area: AreaSection
    network: NetworkSection
    online: OnlineSection = OnlineSection()
    communities: CommunitiesSection = CommunitiesSection(draw="places")
    homes: HomesSection = HomesSection()
    facilities: FacilitiesSection = FacilitiesSection()
    geocode: GeocodeSection | None = None
    estates: EstatesSection | None = None
    units: UnitsSection = UnitsSection()
    land: LandSection = LandSection()
    drawings: tuple[DrawingFile, ...] = ()
    standard: StandardSection = StandardSection()
    siting: SitingSection = SitingSection()
    programme: ProgrammeSection = ProgrammeSection()
    systems: tuple[SystemTable, ...] = ()
    record: RecordSection = RecordSection()
    export: ExportSection = ExportSection()
    sheets: SheetsSection = SheetsSection()
    horizon: tuple[HorizonSection, ...] = ()
    provision: ProvisionSection = ProvisionSection()

    @model_validator(mode="after")
    def _agrees_with_itself(self, info: ValidationInfo) -> Self:
        if not (info.context or {}).get("contradictions_known"):
            found = find_contradictions(self.model_dump(exclude_unset=True))
            if found:
                raise ValueError("; ".join(one.what for one in found))
        return self

    @property
    def folder(self) -> Path:
        """Folder of the study file."""
        return self.path.parent

    @property
    def has_osm(self) -> bool:
        """Whether there are any OSM data, from a file or a download."""
        return self.network.osm is not None or self.network.online

    def resolved(self) -> dict[str, object]:
        """
        Spell out the study as a run records it.

        Returns
        -------
        plain
            Section to key to value, defaults included, of nothing but dicts, lists, texts, numbers
            and None; `systems` and `horizon` only where there are any. Paths are relative to the
            study folder, with forward slashes; a path outside of it is given by its name only, so
            that none is absolute.
        """
        names = [name for name in type(self).model_fields if name != "path"]
        plain = {name: _plain(getattr(self, name), self.folder) for name in names}
        own = ("systems", "horizon")
        return {key: value for key, value in plain.items() if key not in own or value}


def _plain(value: object, folder: Path) -> object:
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name), folder) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(key): _plain(item, folder) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, folder) for item in value]
    if isinstance(value, Path):
        inside = value.is_relative_to(folder)
        return value.relative_to(folder).as_posix() if inside else value.name
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value
