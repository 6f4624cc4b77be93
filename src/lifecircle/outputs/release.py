"""
What may be handed round: `released` turns a run's content into the edition its release asks for.

An internal edition is the content itself; a public one holds no homes, no coordinates or numbers
of parcels, no owners, nothing a planner wrote for colleagues, and no count of people between 0 and
10, nor the figures such a count follows from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd

from lifecircle.outputs.choice_release import choice_released
from lifecircle.outputs.content import Content
from lifecircle.outputs.suppression import (
    FEWEST_SHOWN,
    Flags,
    Held,
    areas_released,
    few,
    find_held,
    held_back,
    rows_of,
    second_in_group,
)
from lifecircle.tables import Entries

SHOWN = frozenset(
    (
        *("title", "language", "release", "secrecy", "map_approval", "crs", "area", "standard"),
        "sources",
        *("entrances", "streets", "isochrones", "backdrop"),
        *("land_from", "spreads", "horizon_names", "everybody"),
    )
)
"""What a public edition shows as it is."""
TREATED = frozenset(
    (
        *("scores", "services", "index", "gaps", "sites", "projects", "programme", "handover"),
        *("norms", "supply", "loads", "checkup", "robustness"),
        *("communities", "homes", "facilities", "parcels", "buildings", "estates"),
        "facility_areas",
        *("units", "unit_services", "advice", "unplaced", "to_place"),
        *("merged", "list_pairs", "last_round", "warnings", "notes", "entries", "overrides"),
        *("remedies", "community_programme", "lacks", "curve", "alternatives", "frequency"),
        *("wishes", "after", "ways"),
        *("opinions", "account", "newly_covered", "coverage", "nearness", "equity", "needs"),
        *("horizons", "horizons_index", "provision", "provision_unjoined", "counts_people"),
        *("tiles", "unsure"),
    )
)
"""
What `released` changes; anything that stands in neither list is left out of a public edition, so
that a table added later cannot give away what nobody thought of.
"""

_COARSE = 3
_PLACE = ("x", "y", "lon", "lat")
_OF_OFFICES = ("parcel_id", "plan_plot", "owner", "note", "cost_wan")
_TEXTS = ("sentence", "evidence", "why", "what")
_NOTES = ("date", "people")
_FEW_PEOPLE = re.compile(
    r"(?<![\d,.])[1-9](?:\.\d+)? ?(?:名|位|处住宅|户|人|people|of whom|elders|children|homes)"
)
_NUMBER = re.compile(r"(?<=[ :])\d+(?:\.\d+)?(?=;|$)")
"""The people of a reason: a number at its end, never one in the name of a barrier."""


def released(content: Content) -> Content:
    """
    Give the edition of a run's content that its release allows.

    Parameters
    ----------
    content
        What the run has to show; not changed.

    Returns
    -------
    edition
        The content itself where ``release`` is ``internal``. Where it is ``public``: homes,
        buildings, parcels, places to find, compared lists, warnings, replaced values, opinions and
        what a planner wrote into a workbook without rows (their years, modes, bodies and states
        stand in the tables); facilities without owners and notes; sites without coordinates,
        numbers of parcels and costs; gaps placed to 0.001°; estates without people; and missing
        values in place of every count of people in (0, `FEWEST_SHOWN`). Where the people covered
        or the people not covered are so few, the covered count, the share and the coverage, score
        and index computed from it are missing too, since each would tell the other; likewise in
        the measures beside them. Where one area alone of those that add up to a known one is held
        back, the smallest other one is too. Estates are not checked in public, and horizons come
        without their causes. The page gets no address of tiles, which may hold a key. A field that
        neither `SHOWN` nor `TREATED` names is empty.

    Notes
    -----
    A count can still follow from tables that count overlapping people, such as two groups of which
    one holds the other; a study whose areas are that small should be published for larger ones.
    """
    if content.release != "public":
        return content
    held = find_held(content)
    edition = replace(
        content,
        scores=_scores(content.scores, held),
        services=_services(content, held),
        index=_index(content, held),
        gaps=_gaps(content.gaps, held),
        sites=_quiet(
            _hidden(_placeless(content.sites), ("newly_covered", "over_people")), content
        ).assign(sentence=None),
        projects=_quiet(_projects(content.projects), content),
        handover=_quiet(content.handover, content),
        norms=_norms(content, held),
        supply=_supply(content.supply, held),
        loads=_loads(content.loads),
        checkup=_checkup(content.checkup, held),
        programme=_programme(_quiet(content.programme, content)),
        communities=_communities(content, held),
        robustness=_masked(
            content.robustness,
            held.of_requirement(content.robustness),
            ("share_low", "share_high", "kept"),
        ),
        counts_people=content.people_known,
        homes=content.homes.iloc[:0].copy(),
        buildings=content.buildings.iloc[:0].copy(),
        estates=_estates(content),
        to_place=content.to_place.iloc[:0].copy(),
        parcels=content.parcels.iloc[:0].copy(),
        newly_covered=_told(content.newly_covered),
        facilities=content.facilities.assign(note=None, owner=None),
        facility_areas=areas_released(content, held),
        units=_units(content, held),
        unit_services=_unit_services(content.unit_services, held),
        advice=_advice(content.advice),
        unplaced=content.unplaced.iloc[:0].copy(),
        merged=content.merged.iloc[:0].copy(),
        list_pairs=content.list_pairs.iloc[:0].copy(),
        last_round=_quiet(content.last_round, content),
        account={},
        warnings=(),
        notes={key: text for key, text in content.notes.items() if key in _NOTES},
        entries=Entries(),
        overrides=content.overrides.iloc[:0].copy(),
        opinions=content.opinions.iloc[:0].copy(),
        coverage=_coverage(content.coverage, held),
        nearness=_masked(
            content.nearness,
            held_back(content.nearness, held.families, per=("requirement",), part=None)[0],
            ("people",),
        ),
        equity=_equity(content.equity, held),
        needs=_hidden(content.needs, ("answers", "named")),
        horizons=None if content.horizons is None else _horizons(content.horizons, held),
        horizons_index=None
        if content.horizons_index is None
        else _masked(
            content.horizons_index,
            held_back(content.horizons_index, held.families, per=("horizon", "minutes"), part=None)[
                0
            ],
            ("people",),
        ),
        **choice_released(content, held),
        provision=None,
        provision_unjoined=None,
        tiles=(),
        unsure={},
    )
    undeclared = {one.name for one in fields(content)} - SHOWN - TREATED
    left_out: dict[str, Any] = {name: _empty(getattr(content, name)) for name in undeclared}
    return replace(edition, **left_out)


def _empty(value: object) -> object:
    if isinstance(value, pd.DataFrame):
        return value.iloc[:0].copy()
    if isinstance(value, tuple):
        return ()
    return {} if isinstance(value, Mapping) else None


def _projects(projects: pd.DataFrame) -> pd.DataFrame:
    """Hide few people, and whose the land or the room is."""
    return _hidden(projects, ("people_served",)).assign(rights=None, owner=None)


def _told(people: float | None) -> float | None:
    return None if people is None or 0 < people < FEWEST_SHOWN else people


def _masked(frame: pd.DataFrame, rows: Flags, columns: tuple[str, ...]) -> pd.DataFrame:
    shown = frame.copy()
    for column in columns:
        if column in shown:
            shown[column] = shown[column].mask(rows)
    return shown


def _hidden(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    shown = frame.copy()
    for column in columns:
        if column in shown:
            shown[column] = shown[column].mask(few(shown[column]))
    return shown


def _placeless(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{column: np.nan for column in _PLACE if column in frame})


def _quiet(frame: pd.DataFrame, content: Content) -> pd.DataFrame:
    """Leave out what is for offices only, and sentences that count the few or name a parcel."""
    shown = frame.assign(**{column: None for column in _OF_OFFICES if column in frame})
    named = set(content.parcels["parcel_id"].astype(str))
    for column in _TEXTS:
        if column in shown:
            shown[column] = [
                None if isinstance(text, str) and _tells(text, named) else text
                for text in shown[column]
            ]
    return shown


def _tells(text: str, parcels: set[str]) -> bool:
    return bool(_FEW_PEOPLE.search(text)) or any(
        re.search(rf"(?<![0-9A-Za-z]){re.escape(name)}(?![0-9A-Za-z])", text) for name in parcels
    )


def _scores(scores: pd.DataFrame, held: Held) -> pd.DataFrame:
    shown = _masked(scores, held.of_requirement(scores, all_people=True), ("people",))
    return _masked(shown, held.of_requirement(scores), ("covered", "share", "supply"))


def _services(content: Content, held: Held) -> pd.DataFrame:
    service = {one.id: one.service for one in content.standard.requirements}
    told = frozenset((level, area, service.get(name, "")) for level, area, name in held.covered)
    rows = rows_of(content.services, ("level", "area_id", "service"), told)
    return _masked(content.services, rows, ("coverage", "score"))


def _index(content: Content, held: Held) -> pd.DataFrame:
    """Hide an index where a score is hidden: with all the others it tells that one."""
    told = frozenset((level, area) for level, area, _ in held.covered)
    shown = _masked(content.index, held.of_area(content.index), ("people",))
    return _masked(shown, rows_of(content.index, ("level", "area_id"), told), ("index",))


def _communities(content: Content, held: Held) -> pd.DataFrame:
    shown = content.communities.copy()
    rows = shown.assign(level="community", area_id=shown["community_id"])
    for name in [one for one in shown if "people" in str(one)]:
        told = few(shown[name])
        if name == "people":
            told = told | held.of_area(rows)
        for one in content.standard.requirements:
            if name == f"people_{one.group}":
                told = told | held.of_requirement(rows.assign(requirement=one.id), all_people=True)
        shown[name] = shown[name].mask(told)
    return shown


def _estates(content: Content) -> pd.DataFrame | None:
    """Estates add up to nothing that is told, so nobody can say which of them may be counted."""
    if content.estates is None:
        return None
    counted = [one for one in content.estates if str(one).startswith(("people", "household"))]
    return content.estates.assign(**{str(name): np.nan for name in counted})


def _units(content: Content, held: Held) -> pd.DataFrame:
    shown = _hidden(content.units, ("people_60plus", "people_0_3"))
    rows = shown.assign(level="unit", area_id=shown["unit_id"])
    return _masked(shown, few(shown["people"]) | held.of_area(rows), ("people",))


def _unit_services(services: pd.DataFrame, held: Held) -> pd.DataFrame:
    rows = services.assign(level="unit", area_id=services["unit_id"])
    shown = _masked(services, held.of_requirement(rows, all_people=True), ("people",))
    return _masked(shown, held.of_requirement(rows), ("covered", "share"))


def _coverage(coverage: pd.DataFrame, held: Held) -> pd.DataFrame:
    people = (coverage["base"] == "people").to_numpy(dtype=bool)
    total, covered = held_back(
        coverage.where(people[:, None] | ~coverage.columns.isin(["total", "covered"])[None, :]),
        held.families,
        per=("requirement", "base", "method"),
        whole="total",
    )
    network = (coverage["method"] == "network").to_numpy(dtype=bool)
    told = people & (covered | (network & held.of_requirement(coverage)))
    shown = coverage.copy()
    shown["total"] = shown["total"].mask(
        people & (total | held.of_requirement(coverage, all_people=True))
    )
    # Nearly all floor of an area is its people's: it tells what they would.
    keys = ["level", "area_id", "requirement", "method"]
    hidden = pd.MultiIndex.from_frame(coverage.loc[told, keys])
    same = np.asarray(pd.MultiIndex.from_frame(coverage[keys]).isin(hidden))
    floor = same & (coverage["base"] == "floor_area").to_numpy(dtype=bool)
    return _masked(shown, told | floor, ("covered", "share"))


def _equity(equity: pd.DataFrame, held: Held) -> pd.DataFrame:
    shown = _hidden(equity, ("of_people", "against_people"))
    told = held.of_requirement(equity)
    shares = (equity["measure"] == "share_gap").to_numpy(dtype=bool)
    for side in ("of", "against"):
        people = pd.to_numeric(equity[f"{side}_people"])
        covered = people * pd.to_numeric(equity[f"{side}_value"])
        told |= few(people) | (shares & (few(covered) | few(people - covered)))
    return _masked(shown, told, ("value", "of_value", "against_value"))


def _horizons(horizons: pd.DataFrame, held: Held) -> pd.DataFrame:
    """Hide few people, and shares of them, in every horizon; the causes count people too."""
    people, covered = held_back(horizons, held.families, per=("horizon", "requirement"))
    shown = _masked(_masked(horizons, people, ("people",)), covered, ("covered", "share", "change"))
    return shown.assign(why=None)


def _advice(advice: pd.DataFrame) -> pd.DataFrame:
    shown = _hidden(advice, ("people", "people_concerned"))
    # A sentence may count few people too: then the code must do.
    told = [isinstance(text, str) and _FEW_PEOPLE.search(text) for text in shown["sentence"]]
    shown["sentence"] = shown["sentence"].mask(np.array(told, dtype=bool))
    return shown


def _norms(content: Content, held: Held) -> pd.DataFrame:
    """Hide what tells the few people a need was worked out from."""
    served = {one.id: one.per / one.at_least for one in content.standard.norms if one.per}
    needed = pd.to_numeric(content.norms["need"])
    people = needed * content.norms["norm"].map(served).astype(float)
    return _masked(
        content.norms, few(people) | held.of_area(content.norms), ("need", "share", "short_by")
    )


def _supply(supply: pd.DataFrame, held: Held) -> pd.DataFrame:
    rows, _ = held_back(supply, held.families, per=("requirement",), part=None)
    return _masked(supply, rows, ("supply_per_1000", "demand_ratio", "people"))


def _checkup(checkup: pd.DataFrame, held: Held) -> pd.DataFrame:
    """Hide shares that rest on few people; areas and land are no people."""
    of_people = (checkup["method"] != "count") & (checkup["base"] == "people")
    known = checkup.assign(
        total=pd.to_numeric(checkup["total"]).where(of_people),
        covered=pd.to_numeric(checkup["covered"]).where(of_people),
    )
    total, covered = held_back(
        known, held.families, per=("indicator", "base", "method"), whole="total"
    )
    return _masked(_masked(checkup, covered, ("value", "covered")), total, ("total",))


def _programme(programme: pd.DataFrame) -> pd.DataFrame:
    """People served of a project's communities add up to those of the project."""
    rows = second_in_group(programme["people_served"], programme["project_id"])
    return _masked(programme, rows, ("people_served",))


def _loads(loads: pd.DataFrame) -> pd.DataFrame:
    return _masked(loads, few(loads["people_nearest"]), ("people_nearest", "load", "over"))


def _gaps(gaps: pd.DataFrame, held: Held) -> pd.DataFrame:
    rows = gaps.assign(level="community", area_id=gaps["community_id"])
    told = held.of_requirement(rows) | few(gaps["people_short"])
    shown = _masked(
        gaps, held.of_requirement(rows, all_people=True) | few(gaps["people"]), ("people",)
    )
    shown = _masked(shown, told, ("people_short",))
    # The place of a gap is the middle of the people it is about: about 100 m is told, no more.
    for column in ("lon", "lat"):
        shown[column] = pd.to_numeric(shown[column]).round(_COARSE).mask(few(gaps["people_short"]))
    shown["reasons"] = [
        _NUMBER.sub(_few_in_text, text) if isinstance(text, str) else text
        for text in shown["reasons"].mask(held.of_requirement(rows))
    ]
    if "evidence" in shown:
        shown["evidence"] = [
            None if isinstance(text, str) and _FEW_PEOPLE.search(text) else text
            for text in shown["evidence"]
        ]
    return shown


def _few_in_text(found: re.Match[str]) -> str:
    return f"<{FEWEST_SHOWN}" if 0 < float(found[0]) < FEWEST_SHOWN else found[0]
