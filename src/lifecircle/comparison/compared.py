"""What two runs differ in, as a planner holds it: tables, a page of text, a map, a folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from lifecircle.comparison.changemap import change_map
from lifecircle.comparison.comparing import Comparison, compare_runs
from lifecircle.comparison.layer import community_layer
from lifecircle.comparison.run import Run, read_run
from lifecircle.comparison.writing import RECORD, summary_lines, write_comparison
from lifecircle.outputs.swap import claim, make_fresh, swap_in

if TYPE_CHECKING:
    import folium


@dataclass(frozen=True, kw_only=True, repr=False)
class Compared:
    """
    What changed between two runs.

    Parameters
    ----------
    comparison
        The tables behind it.
    """

    comparison: Comparison

    @property
    def changes(self) -> pd.DataFrame:
        """Every share and verdict that changed, taken apart (columns `results.CHANGES`)."""
        return self.comparison.changes

    @property
    def grades(self) -> pd.DataFrame:
        """Indices and grades side by side."""
        return self.comparison.grades

    @property
    def gaps(self) -> pd.DataFrame:
        """Gaps that closed, are new or stay."""
        return self.comparison.gaps

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said beside every figure."""
        return self.comparison.notes

    @cached_property
    def communities(self) -> gpd.GeoDataFrame:
        """One row per community: better, worse, both, the same or unknown."""
        return community_layer(self.comparison)

    def summary(self) -> str:
        """
        Write the page a comparison prints.

        Returns
        -------
        text
            Counts, causes, and what has to be said beside them.
        """
        return "\n".join((*summary_lines(self.comparison), *self.notes)) + "\n"

    def map(self) -> folium.Map:
        """
        Draw the map.

        Returns
        -------
        map
            Shows itself in a notebook, with no network.
        """
        return change_map(self.comparison)

    def save(self, out: Path | str) -> tuple[Path, ...]:
        """
        Write every file of the comparison.

        Parameters
        ----------
        out
            Its folder; a comparison already there becomes ``OUT.previous``.

        Returns
        -------
        edited
            Where files a planner had edited were copied to.

        Raises
        ------
        SourceError
            If the folder holds something else or a file in it is open in another program.
        """
        place = claim(Path(out), RECORD)
        fresh = make_fresh(place)
        write_comparison(self.comparison, fresh)
        return swap_in(fresh, place, RECORD)

    def __repr__(self) -> str:
        return repr(self.comparison)

    def _repr_html_(self) -> str:
        return self.comparison._repr_html_()


def compare(
    earlier: Run | Path | str,
    later: Run | Path | str,
    *,
    across_standards: bool = False,
    language: str | None = None,
) -> Compared:
    """
    Say what changed between two runs.

    Parameters
    ----------
    earlier, later
        Folders that ``lifecircle run`` wrote, or runs in memory.
    across_standards
        Whether they may have been measured by different standards: then only requirements both
        define alike are compared, and every output says so.
    language
        ``zh`` or ``en``; the later run's when None.

    Returns
    -------
    compared
        Which areas changed, by how much and why.

    Raises
    ------
    SourceError
        If a folder is no run, files are missing or were changed.
    RuleError
        If the runs are of different places or standards.
    """
    a, b = (one if isinstance(one, Run) else read_run(one) for one in (earlier, later))
    found = compare_runs(a, b, across_standards=across_standards, language=language)
    return Compared(comparison=found)
