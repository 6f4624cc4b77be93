"""What if, asked of the findings of a run."""

from __future__ import annotations

from functools import cached_property

from lifecircle.config import StudyConfig
from lifecircle.study.inputs import Inputs
from lifecircle.study.results import Results
from lifecircle.study.whatif import WhatIf


class Trying:
    """
    Findings on which changes can be tried, one after the other.

    Examples
    --------
    >>> from lifecircle.study import Study
    >>> found = Study.toytown().run()
    >>> tried = found.without_facility("M2").with_site(lon=123.0073, lat=30.4042,
    ...     type="medical.station")
    >>> tried.difference()["area_id"].unique().tolist()
    ['c2', 'c3']
    """

    config: StudyConfig
    inputs: Inputs
    results: Results

    @cached_property
    def what_if(self) -> WhatIf:
        """The run as it is, to try changes on."""
        return WhatIf.of(self.config, self.inputs, self.results)

    def with_site(self, *, lon: float, lat: float, type: str) -> WhatIf:  # noqa: A002
        """Put a facility of a type somewhere: `WhatIf.with_site`."""
        return self.what_if.with_site(lon=lon, lat=lat, type=type)

    def without_facility(self, facility_id: str) -> WhatIf:
        """Take a facility away: `WhatIf.without_facility`."""
        return self.what_if.without_facility(facility_id)

    def with_gate(self, *, lon: float, lat: float, estate_id: str | None = None) -> WhatIf:
        """Open a gate of a closed estate: `WhatIf.with_gate`."""
        return self.what_if.with_gate(lon=lon, lat=lat, estate_id=estate_id)

    def with_link(self, start: tuple[float, float], end: tuple[float, float]) -> WhatIf:
        """Open a footpath between two streets: `WhatIf.with_link`."""
        return self.what_if.with_link(start, end)
