"""
A study: its file, its run and what it found.

`Study` loads, checks and runs; `Findings` shows, saves and compares. Everything else is a stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd

from lifecircle import geo
from lifecircle.access.scorecard import Scorecard
from lifecircle.comparison import Compared, compare, run_of
from lifecircle.config import (
    AreaSection,
    CommunitiesSection,
    NetworkSection,
    StudyConfig,
    StudySection,
    load_config,
)
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.outputs.content import Content
from lifecircle.outputs.webmap.write import web_map
from lifecircle.programme import Programme
from lifecircle.siting.sites import Sites
from lifecircle.sources.toytown import toytown, toytown_area
from lifecircle.standards import load_standard
from lifecircle.study.checking.report import CheckReport, report_on
from lifecircle.study.content import content_of
from lifecircle.study.demo_data import demo_file
from lifecircle.study.drafting.write import Drafted, write_draft
from lifecircle.study.inputs import Inputs, read_inputs
from lifecircle.study.overview import overview
from lifecircle.study.pipeline import run_stages
from lifecircle.study.results import Results
from lifecircle.study.save import save_run
from lifecircle.study.stages import Announce, Stages
from lifecircle.study.summary import summarise
from lifecircle.study.trying import Trying
from lifecircle.study.waist import build_waist

if TYPE_CHECKING:
    import folium


@dataclass(frozen=True, kw_only=True)
class Study:
    """
    A study, ready to run.

    Parameters
    ----------
    config
        The validated study file.
    given
        Inputs that are there already; None when they are to be read.

    Examples
    --------
    >>> from lifecircle.study import Study
    >>> found = Study.toytown().run()
    >>> found.scorecard.worst(1)["area_id"].tolist()
    ['c3']
    """

    config: StudyConfig
    given: Inputs | None = None

    @classmethod
    def load(cls, path: Path | str) -> Study:
        """
        Load a study file.

        Parameters
        ----------
        path
            ``study.toml``.

        Returns
        -------
        study
            Nothing but the study file itself is read yet.

        Raises
        ------
        SourceError, RuleError
            With everything that is wrong with the file.
        """
        return cls(config=load_config(Path(path)))

    @classmethod
    def demo(cls, *, language: str | None = None) -> Study:
        """
        Load an embedded study.

        Parameters
        ----------
        language
            ``en`` (or None): Neubrandenburg, a real town of 63,437 people from one OSM file.
            ``zh``: Lanpu, a fictional district of Zhejiang in the files offices hand over.

        Returns
        -------
        study
            The study, as its file says it.

        Raises
        ------
        SourceError
            If there is no study in that language, or this installation lacks it.
        """
        return cls(config=load_config(demo_file(language or "en")))

    @classmethod
    def toytown(cls, *, standard: str = "basic", language: str = "en") -> Study:
        """
        Load the toy town, whose answers are worked by hand.

        Parameters
        ----------
        standard
            A packaged standard.
        language
            ``zh`` or ``en``.

        Returns
        -------
        study
            Eighteen homes, all four services.
        """
        area = toytown_area()
        crs = geo.metric_crs(area.centroid.x, area.centroid.y)
        folder = Path("toytown")
        config = StudyConfig.model_validate(
            {
                "path": folder / "study.toml",
                "study": StudySection.model_validate({"name": "Toytown", "language": language}),
                "area": AreaSection(bbox=area.bounds),
                "network": NetworkSection(osm=folder / "streets"),
                "communities": CommunitiesSection(file=folder / "communities"),
            }
        )
        inputs = Inputs(survey=toytown(), area=area, crs=crs, standard=load_standard(standard))
        return cls(config=config, given=inputs)

    @classmethod
    def init(cls, source: Path | str, *, out: Path | str | None = None) -> Drafted:
        """
        Draw up a study file from a folder of files, an extract or the name of a place.

        Parameters
        ----------
        source
            The folder, the file or the name.
        out
            Study file to write; ``study.toml`` in the folder (beside the file) by default, and
            here for a place.

        Returns
        -------
        drafted
            The file, its text, and how many files it uses.

        Raises
        ------
        SourceError
            If there is a study file already, it cannot be written, or there is nothing to draw
            it up from.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from lifecircle.study import Study
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Study.init("Neubrandenburg", out=Path(folder) / "study.toml").text.splitlines()[2]
        'name = "Neubrandenburg"'
        """
        return write_draft(source, None if out is None else Path(out))

    def check(self, announce: Announce | None = None) -> CheckReport:
        """
        Read everything and report on it, without analysing anything.

        Parameters
        ----------
        announce
            Called with the name of each stage as it begins.

        Returns
        -------
        report
            What the files hold and what is doubtful.

        Raises
        ------
        LifecircleError
            With everything that cannot be used.
        """
        stages = Stages(announce)
        inputs = self._inputs(stages)
        return report_on(self.config, inputs, build_waist(self.config, inputs, stages), stages)

    def run(self, announce: Announce | None = None) -> Findings:
        """
        Run the study.

        Parameters
        ----------
        announce
            Called with the name of each stage as it begins.

        Returns
        -------
        findings
            Scores, gaps, sites and programme.

        Raises
        ------
        LifecircleError
            With everything that cannot be used.
        """
        stages = Stages(announce)
        inputs = self._inputs(stages)
        results = run_stages(self.config, inputs, stages)
        return Findings(config=self.config, inputs=inputs, results=results, stages=stages)

    def _inputs(self, stages: Stages) -> Inputs:
        if self.given is not None:
            return self.given
        with stages.stage("read"):
            return read_inputs(self.config)


@dataclass(frozen=True, kw_only=True)
class Findings(Trying):
    """
    What a run found; `Trying` asks what if.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    results
        What every stage gave.
    stages
        Stopwatch of the run.
    """

    config: StudyConfig
    inputs: Inputs
    results: Results
    stages: Stages

    @property
    def scorecard(self) -> Scorecard:
        """How every area does."""
        return self.results.scorecard

    @property
    def gaps(self) -> Gaps:
        """The gap list."""
        return self.results.gaps

    @property
    def sites(self) -> Sites:
        """The proposed sites."""
        return self.results.sites

    @property
    def programme(self) -> Programme:
        """Projects and the programme by year."""
        return self.results.programme

    @property
    def communities(self) -> gpd.GeoDataFrame:
        """Communities with their people."""
        return self.results.waist.communities

    @property
    def homes(self) -> gpd.GeoDataFrame:
        """Homes with their walks."""
        return self.content.homes

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to say about the inputs and, once saved, about what a planner wrote."""
        return tuple(self.stages.warnings)

    @cached_property
    def content(self) -> Content:
        """The bundle every output is written from."""
        return content_of(self.config, self.inputs, self.results)

    def summary(self) -> str:
        """
        Write the page a run prints.

        Returns
        -------
        text
            How the area does, where it falls short and what would help.
        """
        return summarise(self.content, self.sites)

    def map(self) -> folium.Map:
        """
        Draw the map.

        Returns
        -------
        map
            Shows itself in a notebook, with no network.
        """
        return web_map(self.content)

    def save(self, out: Path | str) -> tuple[Path, ...]:
        """
        Write every file of the run.

        Parameters
        ----------
        out
            The run's folder; a run already there becomes ``OUT.previous``.

        Returns
        -------
        edited
            Where files a planner had edited in the old run were copied to.

        Raises
        ------
        SourceError
            If the folder holds something else or a file in it is open in another program.
        """
        return save_run(
            self.content,
            Path(out),
            study=self.config.resolved(),
            seeds={
                "siting": self.config.siting.seed,
                "robustness": int(self.content.spreads.get("seed", 0)),
            },
            stages=self.stages,
            export=self.config.export,
            sheets=self.config.sheets,
        )

    def compare(
        self, earlier: Findings | Path | str, *, across_standards: bool = False
    ) -> Compared:
        """
        Say what changed since an earlier run.

        Parameters
        ----------
        earlier
            Findings, or the folder of a run.
        across_standards
            Whether the runs may have been measured by different standards.

        Returns
        -------
        compared
            Which areas changed, by how much and why.

        Raises
        ------
        LifecircleError
            If the earlier run cannot be used, or is of another place or standard.

        Examples
        --------
        >>> from lifecircle.study import Study
        >>> found = Study.toytown().run()
        >>> len(found.compare(found).changes)
        0
        """
        before = run_of(earlier.content) if isinstance(earlier, Findings) else earlier
        return compare(before, run_of(self.content), across_standards=across_standards)

    def _repr_html_(self) -> str:
        return overview(self.content, self.sites, len(self.warnings))

    def __repr__(self) -> str:
        counts = (
            f"{len(self.communities)} communities, {len(self.gaps)} gaps, {len(self.sites)} sites"
        )
        return f"<Findings of {self.config.study.name}: {counts}>"
