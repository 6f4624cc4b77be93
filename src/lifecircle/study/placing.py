"""
A study's files -> what rows without coordinates are placed by, and what became of them.

Without a section [geocode] nothing is looked up, and such rows are left out with a warning.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from lifecircle.config import StudyConfig
from lifecircle.errors import LifecircleWarning, MissingDataWarning
from lifecircle.provenance import Source
from lifecircle.sources.facilities.lists import locate_facility_list
from lifecircle.sources.facilities.recognition import NO_RULES, Recognition
from lifecircle.sources.geocoding.gazetteer import build_gazetteer
from lifecircle.sources.geocoding.gazetteer_files import (
    entries_of_list,
    entries_of_survey,
    read_addresses,
    streets_of_survey,
)
from lifecircle.sources.geocoding.placing import TO_PLACE, FacilityList, Placer, read_placed
from lifecircle.sources.geocoding.text import community_key
from lifecircle.study.unreported import Unreported, unreported_of
from lifecircle.tables import Survey

NOT_COUNTING = ("closed", "planned", "promised", "building")
"""A row of this status would count for nobody even if its place were known."""


@dataclass(frozen=True, kw_only=True)
class Placing:
    """
    What became of the rows of facility lists.

    Parameters
    ----------
    placed
        List to how its rows were placed (`FacilityList.placed`) to their number.
    to_place
        Rows without a place or with one a planner gave, of all lists (`FacilityList.to_place`).
    unreported
        Lists that leave out communities which did not report.
    """

    placed: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    to_place: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=[*TO_PLACE, "services", "types", "status"])
    )
    unreported: tuple[Unreported, ...] = ()

    @property
    def unplaced(self) -> pd.DataFrame:
        """Rows without a place that would count if they had one."""
        table = self.to_place
        return table[table["lon"].isna() & ~table["status"].isin(NOT_COUNTING)]

    def lost(self) -> dict[str, int]:
        """
        Count what is missing from the map.

        Returns
        -------
        lost
            Service to the number of rows without a place that would count.
        """
        counts = Counter(one for row in self.unplaced["services"] for one in set(row.split(";")))
        return dict(sorted(counts.items()))

    def facts(self) -> dict[str, object]:
        """
        Say of every list how its rows were placed.

        Returns
        -------
        facts
            List to a sentence.
        """
        facts: dict[str, object] = {}
        for name, placed in self.placed.items():
            rows = self.to_place[(self.to_place["list"] == name) & self.to_place["lon"].isna()]
            guessed = int(rows["guess_lon"].notna().sum())
            parts = [f"{how} {count}" for how, count in placed.items() if how == "coordinates"]
            parts += [f"{how} {count}" for how, count in placed.items() if how != "coordinates"]
            parts += [f"doubtful {guessed}"] if guessed else []
            parts += [f"unplaced {len(rows) - guessed}"] if len(rows) > guessed else []
            facts[name] = ", ".join(parts)
        return facts


def placer_of_study(config: StudyConfig, survey: Survey) -> tuple[Placer | None, list[Source]]:
    """
    Gather what a study knows of places.

    Parameters
    ----------
    config
        The study file.
    survey
        What its other files say.

    Returns
    -------
    placer
        What rows without coordinates are placed by; None without a section [geocode].
    sources
        Origin of the files of addresses.

    Raises
    ------
    LifecircleError
        With what is wrong with these files.
    """
    part = config.geocode
    if part is None:
        return None, []
    entries, sources = [], []
    for one in part.addresses:
        frame, source = read_addresses(
            one.file,
            columns=one.columns,
            layer=one.layer,
            crs=one.crs,
            encoding=one.encoding,
            datum=one.datum,
        )
        entries.append(frame)
        sources.append(source)
    entries += [
        entries_of_list(
            one.file,
            datum=one.datum,
            columns=one.columns,
            layer=one.layer,
            crs=one.crs,
            encoding=one.encoding,
        )
        for one in config.facilities.tables
    ]
    gazetteer = build_gazetteer(
        [*entries, *entries_of_survey(survey)],
        communities=survey.communities,
        estates=survey.estates,
        streets=streets_of_survey(survey),
    )
    given = {}
    if part.placed is not None:
        given = read_placed(part.placed, datum=part.placed_datum, sheet=part.placed_sheet)
    return Placer(gazetteer=gazetteer, accept=part.accept, given=given), sources


def facility_lists_of_study(
    config: StudyConfig, placer: Placer | None, own: Recognition = NO_RULES
) -> Iterator[FacilityList]:
    """
    Read the lists of facilities a study names.

    Parameters
    ----------
    config
        The study file.
    placer
        What rows without coordinates are placed by; None leaves them out.
    own
        What the standard recognises its facilities by.

    Yields
    ------
    found
        Each list.

    Warns
    -----
    MissingDataWarning
        If a list that is declared complete has rows that are not used.
    """
    for number, part in enumerate(config.facilities.tables, start=1):
        as_of = part.as_of or config.facilities.as_of
        found = locate_facility_list(
            part.file,
            placer=placer,
            datum=part.datum,
            columns=part.columns,
            layer=part.layer,
            crs=part.crs,
            encoding=part.encoding,
            service=part.service,
            kind=part.type,
            codes=part.codes,
            number=number,
            own=own,
        )
        source = found.source
        unused = source.rows_in - source.rows_used
        if part.complete and unused:
            warnings.warn(
                f"{source.name}: is declared complete, but {unused:,} of its {source.rows_in:,} "
                "rows are not used: services may look worse than they are",
                MissingDataWarning,
                stacklevel=4,
            )
        dated = source if as_of is None else replace(source, date=as_of.isoformat())
        silent = found.not_reported if part.not_reported is None else part.not_reported
        yield replace(found, source=dated, not_reported=silent)


def placing_of(lists: Sequence[FacilityList], placer: Placer | None) -> Placing:
    """
    Put together what became of the rows of all lists.

    Parameters
    ----------
    lists
        The lists.
    placer
        What their rows were placed by.

    Returns
    -------
    placing
        Per list and over all.

    Warns
    -----
    LifecircleWarning
        If places a planner gave belong to no row.
    """
    unreported = unreported_of(lists)
    if placer is None:
        return Placing(unreported=unreported)
    used = sum(one.placed.get("planner", 0) for one in lists)
    idle = len(placer.given) - used
    if idle > 0:
        warnings.warn(
            f"geocode.placed: {idle} of {len(placer.given)} places belong to no row without "
            "coordinates: the lists have changed, or their rows have coordinates now",
            LifecircleWarning,
            stacklevel=4,
        )
    frames = [one.to_place for one in lists if len(one.to_place)]
    placed = {one.source.name: one.placed for one in lists}
    if not frames:
        return Placing(placed=placed, unreported=unreported)
    return Placing(
        placed=placed, to_place=pd.concat(frames, ignore_index=True), unreported=unreported
    )


def lost_shares(placing: Placing, facilities: pd.DataFrame) -> dict[str, float]:
    """
    Measure how much of each service is missing from the map for want of a place.

    Parameters
    ----------
    placing
        What became of the rows.
    facilities
        `tables.FACILITIES`: those with a place.

    Returns
    -------
    shares
        Service to rows without a place over all rows, of what would count; services that lost
        nothing are not there.
    """
    status = facilities["status"]
    counting = ~status.isin(NOT_COUNTING)
    here = facilities.loc[counting, "service"].value_counts()
    lost = placing.lost()
    return {service: count / (count + int(here.get(service, 0))) for service, count in lost.items()}


def warn_of_lost(shares: Mapping[str, float], lost: Mapping[str, int], *, most: float) -> None:
    """
    Warn of services that cannot be judged because too many of their rows have no place.

    Parameters
    ----------
    shares
        As `lost_shares`.
    lost
        Service to the number of such rows.
    most
        Largest share with which a service is judged.
    """
    said = [
        f"{service} {lost[service]} ({share:.0%})"
        for service, share in sorted(shares.items())
        if share > 0
    ]
    if not said:
        return
    over = sorted(service for service, share in shares.items() if share > most)
    then = (
        f"of {', '.join(over)} over {most:.0%} are missing, so nobody is said to be short of it "
        "(no_data)"
        if over
        else f"under {most:.0%} of each service, so verdicts stand but where homes near them "
        "decide; gaps of the communities they belong to carry less confidence"
    )
    warnings.warn(
        f"facilities without a place, and therefore not on the map: {', '.join(said)}; {then}",
        MissingDataWarning,
        stacklevel=3,
    )


def lost_communities(placing: Placing, communities: pd.DataFrame) -> dict[str, frozenset[str]]:
    """
    Find the communities whose own facilities are missing from the map.

    Parameters
    ----------
    placing
        What became of the rows.
    communities
        `tables.COMMUNITIES`.

    Returns
    -------
    ids
        Service to the ids of communities a row without a place speaks of.
    """
    ids: dict[str, set[str]] = {}
    for name, community_id in zip(communities["name"], communities["community_id"], strict=True):
        ids.setdefault(community_key(name), set()).add(str(community_id))
    found: dict[str, set[str]] = {}
    unplaced = placing.unplaced
    for services, community in zip(unplaced["services"], unplaced["community"], strict=True):
        for service in services.split(";"):
            known = community if isinstance(community, str) else None
            found.setdefault(service, set()).update(ids.get(community_key(known), ()))
    return {service: frozenset(those) for service, those in sorted(found.items()) if those}
