"""
The facility lists of a study -> the datum each is in, declared, said by the list or found out.

A declared datum is checked against the ground as well; what is not sure is asked for.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from lifecircle import geo
from lifecircle.config import FacilityTable, StudyConfig
from lifecircle.errors import (
    CrsError,
    DoubtfulRowsWarning,
    LifecircleError,
    LifecircleWarning,
    Problem,
)
from lifecircle.sources.sheets.files import SHEET_SUFFIXES
from lifecircle.sources.systems.clues import Clues, ground_of
from lifecircle.sources.systems.datums import Candidate, Verdict, judge_datum
from lifecircle.sources.systems.frames import is_system, named
from lifecircle.sources.systems.helmert import exchanged_axes
from lifecircle.sources.systems.listed_points import ListedPoints, read_listed_points
from lifecircle.sources.systems.readings import Reading, readings_of
from lifecircle.tables import Survey

_SHIFTS = ("wgs84", "gcj02", "bd09")
_SAME = {"cgcs2000": "wgs84"}  # to a metre, which no street can tell
_AREA_SLACK = 0.03  # how far outside the study area places of a list may lie [°]
_MUCH_WORSE = 6.0  # log odds by which another datum must fit better than the declared one
_FEW = 5  # points below which nothing is held against a declaration


@dataclass(frozen=True, kw_only=True)
class Settled:
    """
    Facility lists with their datums settled.

    Parameters
    ----------
    config
        The study file, ``datum`` filled in where it was found out.
    words
        Name of a file to how its datum is known and how well it fits.
    """

    config: StudyConfig
    words: Mapping[str, str]


def settle_datums(
    config: StudyConfig,
    survey: Survey,
    *,
    crs: CRS,
    box: tuple[float, float, float, float],
    systems: Mapping[str, CRS],
) -> Settled:
    """
    Find or check the datum of every facility list.

    Parameters
    ----------
    config
        The study file, its local systems already written into it; not changed.
    survey
        Streets, buildings, communities and mapped places the points are compared with.
    crs
        Metric system of the study.
    box
        West, south, east and north of the study area, WGS 84 [°].
    systems
        The study's own systems by name.

    Returns
    -------
    settled
        The study file, and what is known of the datums of its lists.

    Raises
    ------
    CrsError
        With every list that declares no datum and whose points do not tell it surely.

    Warns
    -----
    LifecircleWarning
        If a datum was found out, or the one that is declared or said fits much worse than another.
    DoubtfulRowsWarning
        If some rows of a list fit another datum than the rest.

    Notes
    -----
    Lists whose datum is known come first: their places help with the others.
    """
    tables = config.facilities.tables
    if not tables:
        return Settled(config=config, words={})
    west, south, east, north = box
    wide = (west - _AREA_SLACK, south - _AREA_SLACK, east + _AREA_SLACK, north + _AREA_SLACK)
    judge = _Judge(survey, crs=crs, box=wide, systems=systems)
    order = sorted(range(len(tables)), key=lambda at: tables[at].datum in (None, "auto"))
    settled = list(tables)
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for at in order:
        part = tables[at]
        try:
            datum, said = judge.settle(part)
        except CrsError as error:
            problems += error.problems
            continue
        if datum != part.datum:
            settled[at] = part.model_copy(update={"datum": datum})
        if said:
            found[part.file.name] = said
    if problems:
        raise CrsError(problems)
    words = {part.file.name: found[part.file.name] for part in tables if part.file.name in found}
    facilities = config.facilities.model_copy(update={"tables": tuple(settled)})
    return Settled(config=config.model_copy(update={"facilities": facilities}), words=words)


class _Judge:
    """The ground, widened by the places of every list whose datum is settled."""

    def __init__(
        self,
        survey: Survey,
        *,
        crs: CRS,
        box: tuple[float, float, float, float],
        systems: Mapping[str, CRS],
    ) -> None:
        self._crs, self._box, self._systems = crs, box, systems
        self._ground = ground_of(
            crs=crs,
            buildings=survey.buildings,
            streets=survey.streets,
            communities=survey.communities,
            places=survey.pois,
        )
        self._clues = Clues(self._ground)

    def settle(self, part: FacilityTable) -> tuple[str | None, str]:
        """Give the datum to read a list with, and what to say of it."""
        open_to_all = part.datum in (None, "auto")
        if not self._ground:
            return (None if open_to_all else part.datum), ""
        try:
            with warnings.catch_warnings():  # the list is read again, and tells then
                warnings.simplefilter("ignore", LifecircleWarning)
                points = read_listed_points(
                    part.file,
                    columns=part.columns,
                    layer=part.layer,
                    crs=part.crs,
                    encoding=part.encoding,
                )
        except LifecircleError:  # so does what is wrong with it
            return (None if open_to_all else part.datum), ""
        if points is None:
            return (None if open_to_all else part.datum), ""
        readings = readings_of(*points.xy.T, box=self._box, systems=self._systems)
        candidates = self._candidates(points, readings)
        verdict = None
        if candidates:
            rows = self._clues.rows(points.names, points.addresses)
            verdict = judge_datum([one for one, _ in candidates], self._clues, rows)
        return self._decide(part, points, candidates, verdict)

    def _candidates(
        self, points: ListedPoints, readings: Sequence[Reading]
    ) -> list[tuple[Candidate, str]]:
        """Lay the points out under every datum, each with what a study file calls it."""
        if points.lonlat is not None:
            return self._shifted(points.lonlat, "" if points.lonlat_said else "wgs84")
        found: list[tuple[Candidate, str]] = []
        for one in readings:
            if one.degrees:
                found += self._shifted(np.array(one.lonlat), "wgs84")
                continue
            local = self._systems.get(one.datum)
            label = datum = one.datum
            if local is not None:
                crs = exchanged_axes(local) if one.swapped else local
                label, datum = str(crs.name), crs.to_wkt("WKT2_2019")
            xy = geo.project(np.where(one.inside[:, None], one.lonlat, np.nan), self._crs)
            found.append((Candidate(datum=label, xy=xy), datum))
        return found

    def _shifted(self, lonlat: NDArray[np.float64], plain: str) -> list[tuple[Candidate, str]]:
        gcj02 = geo.gcj02_to_wgs84(lonlat)
        bd09 = geo.gcj02_to_wgs84(geo.bd09_to_gcj02(lonlat))
        places = (lonlat, gcj02, bd09) if geo.in_china(lonlat) else (lonlat,)
        return [
            (Candidate(datum=datum, xy=geo.project(spots, self._crs)), plain if not at else datum)
            for at, (datum, spots) in enumerate(zip(_SHIFTS, places, strict=False))
        ]

    def _decide(
        self,
        part: FacilityTable,
        points: ListedPoints,
        candidates: Sequence[tuple[Candidate, str]],
        verdict: Verdict | None,
    ) -> tuple[str | None, str]:
        name = part.file.name
        declared = _typed(part) or points.said
        if declared is None and points.lonlat_said and part.datum is None:
            declared = "wgs84"  # the file's own system, which goes before all guessing
        if declared is not None:
            return self._checked(part, points, declared, candidates, verdict)
        if verdict is None:
            return None, ""
        alone = len(candidates) == 1
        if alone or verdict.decided:
            taken = next(datum for one, datum in candidates if one.datum == verdict.best.datum)
            self._learn(points, candidates, verdict)
            why = (
                "nothing else puts its coordinates into the study area"
                if alone
                else f"{verdict.points} points, {verdict.sure:.0%} sure; {_compared(verdict)}"
            )
            warnings.warn(
                f"{name}: nobody declares the datum of its coordinates; they are taken as "
                f"{_label(verdict.best.datum)}: {why}; give datum to be sure",
                LifecircleWarning,
                stacklevel=5,
            )
            self._tell_mixed(name, points, verdict)
            return taken or None, f"found out: {_label(verdict.best.datum)} ({why})"
        raise CrsError(
            Problem(
                what="nobody declares the datum of its coordinates, and its "
                f"{verdict.points} points do not tell it surely ({verdict.sure:.0%}): "
                f"{_compared(verdict)}",
                where=name,
                remedy=f'give datum = "{candidates_named(verdict)}" or another one',
            )
        )

    def _checked(
        self,
        part: FacilityTable,
        points: ListedPoints,
        declared: str,
        candidates: Sequence[tuple[Candidate, str]],
        verdict: Verdict | None,
    ) -> tuple[str | None, str]:
        name = part.file.name
        how = "declared" if _typed(part) else "said by the list"
        keep = None if part.datum == "auto" else part.datum
        metres = [datum for one, datum in candidates if one.datum not in _SHIFTS]
        if declared == "cgcs2000" and len(metres) == 1 and metres[0].startswith("epsg:"):
            # Metres that do not say their zone: the study area does.
            keep = metres[0]
        if is_system(declared) and not declared.startswith("epsg:"):
            keep = declared = self._either_order(name, declared, candidates, verdict)
        if verdict is None:
            return keep, f"{how}: {_label(declared)}"
        own = verdict.of(_SAME.get(declared, _named(declared))) or (
            verdict.best if len(candidates) == 1 else None
        )
        best = verdict.best
        if own is None:
            return keep, f"{how}: {_label(declared)}"
        if verdict.points >= _FEW and verdict.decided and best.score - own.score > _MUCH_WORSE:
            warnings.warn(
                f"{name}: {_label(declared)} is {how}, and {_label(best.datum)} fits much better: "
                f"{_compared(verdict, own.datum)}; check datum",
                LifecircleWarning,
                stacklevel=6,
            )
            return keep, f"{how}: {_label(declared)}, but {_label(best.datum)} fits much better"
        if best is own:
            self._tell_mixed(name, points, verdict)
            if verdict.decided:
                self._learn(points, candidates, verdict)
        return keep, f"{how}: {_label(declared)} ({own.words})"

    def _either_order(
        self,
        name: str,
        declared: str,
        candidates: Sequence[tuple[Candidate, str]],
        verdict: Verdict | None,
    ) -> str:
        """Find whether x is the northing in metres of a local system: their size never tells."""
        local = named(declared)
        turned = str(exchanged_axes(CRS.from_wkt(declared)).name)
        found = {one.datum: text for one, text in candidates if one.datum in (local, turned)}
        if turned not in found:
            return declared
        if local in found and verdict is not None:
            straight, other = verdict.of(local), verdict.of(turned)
            if straight is None or other is None or other.score <= straight.score:
                return declared
        warnings.warn(
            f"{name}: x is north and y is east in its columns ({local}), and they are taken so",
            LifecircleWarning,
            stacklevel=7,
        )
        return found[turned]

    def _learn(
        self,
        points: ListedPoints,
        candidates: Sequence[tuple[Candidate, str]],
        verdict: Verdict,
    ) -> None:
        """Let the places of a settled list help with the next ones."""
        best = next(one for one, _ in candidates if one.datum == verdict.best.datum)
        placed = np.isfinite(best.xy).all(axis=1)
        more = gpd.GeoDataFrame({"name": points.names})[placed]
        self._ground = replace(
            self._ground,
            places_xy=np.vstack([self._ground.places_xy, best.xy[placed]]),
            place_names=np.append(self._ground.place_names, more["name"].to_numpy(dtype=object)),
        )
        self._clues = Clues(self._ground)

    def _tell_mixed(self, name: str, points: ListedPoints, verdict: Verdict) -> None:
        if verdict.other is None:
            return
        rows = [str(points.row[at]) for at in verdict.other_rows]
        more = ", …" if len(rows) > 8 else ""
        warnings.warn(
            f"{name}: {len(rows)} rows fit {_label(verdict.other)}, the others "
            f"{_label(verdict.best.datum)}, more than chance explains (row "
            f"{', '.join(rows[:8])}{more}): the list may be of two datums; divide it",
            DoubtfulRowsWarning,
            stacklevel=6,
        )


def _typed(part: FacilityTable) -> str | None:
    """Give the datum a study file declares: of a table without shapes its crs is one, too."""
    if part.datum not in (None, "auto"):
        return part.datum
    if part.crs is None or part.file.suffix.lower() not in SHEET_SUFFIXES:
        return None
    return part.crs if "CRS[" in part.crs.upper() else part.crs.strip().casefold().replace("-", "")


def _compared(verdict: Verdict, other: str | None = None) -> str:
    fits = [verdict.best, *(one for one in verdict.fits[1:] if other in (None, one.datum))][:2]
    return "; ".join(f"{_label(one.datum)}: {one.words}" for one in fits)


def candidates_named(verdict: Verdict) -> str:
    """
    Name the best two candidates of a verdict.

    Parameters
    ----------
    verdict
        The verdict.

    Returns
    -------
    names
        As a study file writes them.
    """
    return '" or datum = "'.join(one.datum for one in verdict.fits[:2])


def _named(datum: str) -> str:
    return named(datum) if is_system(datum) else datum


def _label(datum: str) -> str:
    return "wgs84 or cgcs2000" if datum == "wgs84" else _named(datum)
