"""
What if: one facility more or less, one more gate or link, and what that does to every community.

Only what can differ is computed again, by the very stages of a run: the answer is that of a run
whose inputs were changed. How steady verdicts are, sites and the programme are not asked again.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape

import numpy as np
import pandas as pd

from lifecircle.access.scorecard import Scorecard
from lifecircle.config import StudyConfig
from lifecircle.errors import LifecircleWarning
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.reach.matrix import Reach, concerned, reach_of
from lifecircle.study.inputs import Inputs
from lifecircle.study.judging import Judged, gaps_judged, judge, sizes_judged
from lifecircle.study.opening import with_opened
from lifecircle.study.results import Results
from lifecircle.study.supply import with_size_gaps
from lifecircle.study.tried import Rank, gate_at, link_between, with_facility, without_row
from lifecircle.study.waist import Waist


@dataclass(frozen=True, kw_only=True, repr=False)
class WhatIf:
    """
    A study with something changed.

    Parameters
    ----------
    config, inputs
        The study.
    results
        What the run found, which is compared with.
    steps
        What was changed, in order.
    waist
        Streets, homes and facilities after it.
    reaches
        Requirement id to who reaches what.
    scorecard
        How every area does; ``robust`` is missing.
    gaps
        What falls short; without sites, projects and years.

    Examples
    --------
    >>> from lifecircle.study import Study
    >>> found = Study.toytown().run()
    >>> tried = found.without_facility("M2")
    >>> tried
    <WhatIf of Toytown: without M2; 2 communities change, 888 people lose a service>
    """

    config: StudyConfig
    inputs: Inputs
    results: Results
    steps: tuple[str, ...]
    waist: Waist
    reaches: Mapping[str, Reach]
    scorecard: Scorecard
    gaps: Gaps

    @classmethod
    def of(cls, config: StudyConfig, inputs: Inputs, results: Results) -> WhatIf:
        """
        Begin with a run as it is.

        Parameters
        ----------
        config, inputs, results
            Of the run.

        Returns
        -------
        unchanged
            Nothing is changed yet.
        """
        return cls(
            config=config,
            inputs=inputs,
            results=results,
            steps=(),
            waist=results.waist,
            reaches=results.reaches,
            scorecard=results.scorecard,
            gaps=results.gaps,
        )

    def with_site(self, *, lon: float, lat: float, type: str) -> WhatIf:  # noqa: A002
        """
        Put a facility somewhere.

        Parameters
        ----------
        lon, lat
            Where its door is, WGS 84 [°].
        type
            One of the standard's types.

        Returns
        -------
        tried
            The study with it, open to everybody.

        Raises
        ------
        RuleError
            If the standard has no such type, or the point lies outside the study area or on no
            street.
        """
        waist, rank = with_facility(self.waist, self.inputs.standard, lon, lat, type)
        rows = np.arange(len(waist.facilities))
        new = waist.facilities.table.iloc[np.setdiff1d(rows, rank)]
        return self._again(waist, rank, new, f"with {type} at {lon:.5f}, {lat:.5f}")

    def without_facility(self, facility_id: str) -> WhatIf:
        """
        Take a facility away.

        Parameters
        ----------
        facility_id
            Its id, as in the layer ``facilities``.

        Returns
        -------
        tried
            The study without it.

        Raises
        ------
        RuleError
            If there is no such facility.
        """
        gone = self.waist.facilities.table
        waist, rank = without_row(self.waist, facility_id)
        return self._again(waist, rank, gone[rank < 0], f"without {facility_id}")

    def with_gate(self, *, lon: float, lat: float, estate_id: str | None = None) -> WhatIf:
        """
        Open a gate of a closed estate.

        Parameters
        ----------
        lon, lat
            Where in its wall, WGS 84 [°].
        estate_id
            The estate; None takes the one whose wall is nearest.

        Returns
        -------
        tried
            The study with the gate.

        Raises
        ------
        RuleError
            If there is no such closed estate, its wall is more than 20 m away, or none of its
            gates is known, so that every street passes already.
        """
        gate = gate_at(self.waist, lon, lat, estate_id)
        waist = with_opened(self.waist, self.inputs.standard, gates=gate)
        return self._again(waist, None, None, f"with a gate of {gate['estate_id'].iloc[0]}")

    def with_link(self, start: tuple[float, float], end: tuple[float, float]) -> WhatIf:
        """
        Open a straight footpath between two streets.

        Parameters
        ----------
        start, end
            Longitude and latitude of its ends, WGS 84 [°]; each is joined to the nearest street.

        Returns
        -------
        tried
            The study with the link. Nothing is asked of the ground between its ends.

        Raises
        ------
        RuleError
            If an end lies outside the area or more than 50 m from every street.
        """
        ends = link_between(self.waist, start, end)
        waist = with_opened(self.waist, self.inputs.standard, links=ends[None])
        metres = float(np.hypot(*(ends[0] - ends[1])))
        return self._again(waist, None, None, f"with a link of {metres:.0f} m")

    def difference(self, level: str = "community") -> pd.DataFrame:
        """
        Say what became better and what worse.

        Parameters
        ----------
        level
            One of `tables.LEVELS`.

        Returns
        -------
        difference
            One row per area and requirement whose covered people or verdict changed, most people
            first: ``area_id, area_name, service, requirement, people, share_before, share_after,
            verdict_before, verdict_after, people_gained``.
        """
        key = ["level", "area_id", "requirement"]
        before = self.results.scorecard.scores.set_index(key)
        after = self.scorecard.scores.set_index(key)
        table = after[["area_name", "service", "people"]].copy()
        table["share_before"], table["share_after"] = before["share"], after["share"]
        table["verdict_before"], table["verdict_after"] = before["verdict"], after["verdict"]
        table["people_gained"] = after["covered"] - before["covered"]
        moved = (table["people_gained"].abs() > 1e-9) | (
            table["verdict_before"] != table["verdict_after"]
        )
        table = table[moved].reset_index()
        table = table[table["level"] == level].drop(columns="level")
        order = np.lexsort(
            (table["requirement"], table["area_id"], -table["people_gained"].abs().to_numpy())
        )
        columns = ["area_id", "area_name", "service", "requirement"]
        return table.iloc[order][
            [*columns, *(name for name in table.columns if name not in columns)]
        ].reset_index(drop=True)

    def _again(
        self, waist: Waist, rank: Rank | None, changed: pd.DataFrame | None, step: str
    ) -> WhatIf:
        """Compute again what the change concerns."""
        standard = self.inputs.standard
        reaches, touched = {}, set()
        for one in standard.requirements:
            if rank is None or changed is None or concerned(one, changed):
                reaches[one.id] = reach_of(one, waist.homes, waist.facilities, waist.network)
                touched.add(one.service)
            else:
                reaches[one.id] = _renumbered(self.reaches[one.id], rank, len(waist.facilities))
        if changed is not None:
            touched |= set(changed["service"])
        with warnings.catch_warnings():  # the run has said all of it
            warnings.simplefilter("ignore", LifecircleWarning)
            judged = judge(self.config, self.inputs, waist, reaches)
            gaps = self._gaps(waist, reaches, judged, frozenset(touched))
        blank = judged.scorecard.scores.assign(robust=None)
        return replace(
            self,
            steps=(*self.steps, step),
            waist=waist,
            reaches=reaches,
            scorecard=replace(judged.scorecard, scores=blank),
            gaps=gaps,
        )

    def _gaps(
        self, waist: Waist, reaches: Mapping[str, Reach], judged: Judged, touched: frozenset[str]
    ) -> Gaps:
        """List gaps anew for the services that are touched, and keep the others."""
        standard = self.inputs.standard
        asked = tuple(one for one in standard.requirements if one.service in touched)
        some = standard.model_copy(update={"requirements": asked})
        blank = judged.scorecard.scores.assign(robust=None)
        judged = replace(judged, scorecard=replace(judged.scorecard, scores=blank))
        fresh = gaps_judged(self.config, waist, reaches, judged, some)
        kept = self.gaps.table[
            (self.gaps.table["kind"] != "size") & ~self.gaps.table["service"].isin(touched)
        ]
        table = _together(kept, fresh.table)
        names = {one.id for one in asked}
        reason = {
            **{name: one for name, one in self.gaps.home_reason.items() if name not in names},
            **fresh.home_reason,
        }
        gaps = Gaps(
            table=table,
            home_reason={
                one.id: reason[one.id] for one in standard.requirements if one.id in reason
            },
        )
        sizes = sizes_judged(self.inputs, waist, reaches, judged)
        return with_size_gaps(
            gaps,
            sizes,
            standard,
            reaches,
            waist,
            judged.levels,
            language=self.config.study.language,
        )

    def _told(self) -> str:
        gained = self.difference("study")["people_gained"]
        areas = self.difference()["area_id"].nunique()
        best, worst = gained.max() if len(gained) else 0, gained.min() if len(gained) else 0
        said = [f"{areas} communities change"]
        if best > 0:
            said.append(f"{best:,.0f} people gain a service")
        if worst < 0:
            said.append(f"{-worst:,.0f} people lose a service")
        return ", ".join(said)

    def __repr__(self) -> str:
        steps = ", ".join(self.steps) or "nothing changed"
        return f"<WhatIf of {self.config.study.name}: {steps}; {self._told()}>"

    def _repr_html_(self) -> str:
        steps = escape(", ".join(self.steps) or "nothing changed")
        html: str = self.difference().to_html(
            index=False, na_rep="–", escape=True, float_format=lambda value: f"{value:,.3g}"
        )
        return f"<p><b>{escape(self.config.study.name)}</b>: {steps}; {self._told()}</p>{html}"


def _together(kept: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    """Put gaps that stand and new ones in the order of a run, and number them as one."""
    kept = kept.assign(
        remedy=None,
        site_id=None,
        project_id=None,
        year=np.nan,
        closes=None,
        robust=None,
        priority=np.nan,
    )
    parts = [one for one in (kept, fresh) if len(one)]
    table = pd.concat(parts) if parts else kept
    if len(table) == 0:
        return table
    table = table.sort_values(["people_short", "gap_id"], ascending=[False, True])
    counted = (table["reason"] != "no_data").to_numpy()
    table["priority"] = np.where(counted, np.cumsum(counted), np.nan)
    return table.reset_index(drop=True)


def _renumbered(reach: Reach, rank: Rank, count: int) -> Reach:
    """Let a reach that does not change name its facilities by their new rows."""
    counting = np.zeros(count, dtype=bool)
    counting[rank[rank >= 0]] = reach.counting[rank >= 0]
    known = reach.facility >= 0
    facility = np.full(len(reach.facility), -1, dtype=np.int32)
    facility[known] = rank[reach.facility[known]]
    return replace(reach, facility=facility, counting=counting)
