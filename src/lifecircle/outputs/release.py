"""
What may be handed round: `released` turns a run's content into the edition its release asks for.

An internal edition is the content itself; a public one holds no homes, no coordinates of parcels
or sites, and no count of people between 0 and 10, nor the figures such a count follows from.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.outputs.content import Content

FEWEST_SHOWN = 10
"""Counts of people above zero and below this are not published (project rule, P)."""

_COARSE = 3
_PLACE = ("x", "y", "lon", "lat")
_FEW_PEOPLE = re.compile(r"(?<![\d,.])[1-9] ?(人|people|of whom)")
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
        parcels and places to find without rows, facilities without the notes of lists, sites
        without coordinates, gaps placed to 0.001°, and missing values in place of every count of
        people in (0, `FEWEST_SHOWN`); where the people covered or the people not covered are so
        few, the covered count, the share and the coverage and score computed from it are missing
        too, since each would tell the other; likewise in the measures beside them. Estates are
        not checked in public, and horizons come without their causes.

    Notes
    -----
    A count can still follow from the totals of several published tables; a study whose areas are
    that small should be published for larger areas.
    """
    if content.release != "public":
        return content
    scores, told = _scores(content.scores)
    return replace(
        content,
        scores=scores,
        services=_services(content.services, told),
        index=_hidden(content.index, ("people",)),
        gaps=_gaps(content.gaps),
        sites=_hidden(_placeless(content.sites), ("newly_covered",)),
        projects=_hidden(content.projects, ("people_served",)),
        norms=_norms(content),
        supply=_supply(content.supply),
        loads=_loads(content.loads),
        checkup=_checkup(content.checkup),
        programme=_hidden(content.programme, ("people_served",)),
        communities=_hidden(
            content.communities, tuple(name for name in content.communities if "people" in name)
        ),
        robustness=_robustness(content.robustness, content.scores),
        homes=content.homes.iloc[:0].copy(),
        to_place=content.to_place.iloc[:0].copy(),
        parcels=content.parcels.iloc[:0].copy(),
        newly_covered=_told(content.newly_covered),
        facilities=content.facilities.assign(note=None),
        units=_hidden(content.units, ("people", "people_60plus", "people_0_3")),
        unit_services=_unit_services(content.unit_services),
        advice=_advice(content.advice),
        unplaced=content.unplaced.iloc[:0].copy(),
        account={},
        coverage=_coverage(content.coverage),
        nearness=_hidden(content.nearness, ("people",)),
        equity=_equity(content.equity),
        needs=_hidden(content.needs, ("answers", "named")),
        horizons=None if content.horizons is None else _horizons(content.horizons),
        horizons_index=None
        if content.horizons_index is None
        else _hidden(content.horizons_index, ("people",)),
        provision=None,
        provision_unjoined=None,
    )


def _told(people: float | None) -> float | None:
    return None if people is None or 0 < people < FEWEST_SHOWN else people


def _few(values: pd.Series) -> NDArray[np.bool_]:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.asarray((numbers > 0) & (numbers < FEWEST_SHOWN))


def _hidden(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    shown = frame.copy()
    for column in columns:
        if column in shown:
            shown[column] = shown[column].mask(_few(shown[column]))
    return shown


def _placeless(frame: pd.DataFrame) -> pd.DataFrame:
    shown = frame.copy()
    for column in _PLACE:
        if column in shown:
            shown[column] = np.nan
    return shown


def _scores(scores: pd.DataFrame) -> tuple[pd.DataFrame, set[tuple[object, ...]]]:
    uncovered = pd.to_numeric(scores["people"]) - pd.to_numeric(scores["covered"])
    told = _few(scores["people"]) | _few(scores["covered"]) | _few(uncovered)
    shown = _hidden(scores, ("people",))
    for column in ("covered", "share", "supply"):
        shown[column] = shown[column].mask(told)
    keys = scores.loc[told, ["level", "area_id", "service"]]
    return shown, set(keys.itertuples(index=False, name=None))


def _coverage(coverage: pd.DataFrame) -> pd.DataFrame:
    people = (coverage["base"] == "people").to_numpy(dtype=bool)
    left = pd.to_numeric(coverage["total"]) - pd.to_numeric(coverage["covered"])
    told = people & (_few(coverage["total"]) | _few(coverage["covered"]) | _few(left))
    shown = coverage.copy()
    shown["total"] = shown["total"].mask(people & _few(shown["total"]))
    for column in ("covered", "share"):
        shown[column] = shown[column].mask(told)
    # Nearly all floor of an area is its people's: it tells what they would.
    keys = ["level", "area_id", "requirement", "method"]
    hidden = pd.MultiIndex.from_frame(coverage.loc[told, keys])
    same = pd.MultiIndex.from_frame(coverage[keys]).isin(hidden)
    floor = same & (coverage["base"] == "floor_area").to_numpy(dtype=bool)
    for column in ("covered", "share"):
        shown[column] = shown[column].mask(floor)
    return shown


def _equity(equity: pd.DataFrame) -> pd.DataFrame:
    shown = _hidden(equity, ("of_people", "against_people"))
    told = np.zeros(len(equity), dtype=bool)
    shares = (equity["measure"] == "share_gap").to_numpy(dtype=bool)
    for side in ("of", "against"):
        people = pd.to_numeric(equity[f"{side}_people"])
        covered = people * pd.to_numeric(equity[f"{side}_value"])
        told |= _few(people) | (shares & (_few(covered) | _few(people - covered)))
    for column in ("value", "of_value", "against_value"):
        shown[column] = shown[column].mask(told)
    return shown


def _robustness(table: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Hide what the few could be read from, as in the scores."""
    people, covered = pd.to_numeric(scores["people"]), pd.to_numeric(scores["covered"])
    told = scores[_few(people) | _few(covered) | _few(people - covered)]
    keys = set(told[["level", "area_id", "requirement"]].itertuples(index=False, name=None))
    mine = table[["level", "area_id", "requirement"]].itertuples(index=False, name=None)
    hide = np.fromiter((key in keys for key in mine), dtype=bool, count=len(table))
    shown = table.copy()
    for column in ("share_low", "share_high", "kept"):
        shown[column] = pd.to_numeric(shown[column]).mask(hide)
    return shown


def _horizons(horizons: pd.DataFrame) -> pd.DataFrame:
    """Hide few people, and shares of them, in every horizon; the causes count people too."""
    uncovered = pd.to_numeric(horizons["people"]) - pd.to_numeric(horizons["covered"])
    told = _few(horizons["people"]) | _few(horizons["covered"]) | _few(uncovered)
    shown = _hidden(horizons, ("people",))
    for column in ("covered", "share", "change"):
        shown[column] = shown[column].mask(told)
    shown["why"] = None
    return shown


def _unit_services(services: pd.DataFrame) -> pd.DataFrame:
    uncovered = pd.to_numeric(services["people"]) - pd.to_numeric(services["covered"])
    told = _few(services["people"]) | _few(services["covered"]) | _few(uncovered)
    shown = _hidden(services, ("people",))
    for column in ("covered", "share"):
        shown[column] = shown[column].mask(told)
    return shown


def _advice(advice: pd.DataFrame) -> pd.DataFrame:
    shown = _hidden(advice, ("people", "people_concerned"))
    # A sentence may count few people too: then the code must do.
    told = [isinstance(text, str) and _FEW_PEOPLE.search(text) for text in shown["sentence"]]
    shown["sentence"] = shown["sentence"].mask(np.array(told, dtype=bool))
    return shown


def _services(services: pd.DataFrame, told: set[tuple[object, ...]]) -> pd.DataFrame:
    shown = services.copy()
    keys = services[["level", "area_id", "service"]].itertuples(index=False, name=None)
    hide = np.fromiter((key in told for key in keys), dtype=bool, count=len(services))
    for column in ("coverage", "score"):
        shown[column] = shown[column].mask(hide)
    return shown


def _norms(content: Content) -> pd.DataFrame:
    """Hide what tells the few people a need was worked out from."""
    shown = content.norms.copy()
    served = {one.id: one.per / one.at_least for one in content.standard.norms if one.per}
    people = pd.to_numeric(shown["need"]) * shown["norm"].map(served).astype(float)
    for column in ("need", "share", "short_by"):
        shown[column] = shown[column].mask(_few(people))
    return shown


def _supply(supply: pd.DataFrame) -> pd.DataFrame:
    shown = supply.copy()
    for column in ("supply_per_1000", "demand_ratio", "people"):
        shown[column] = shown[column].mask(_few(supply["people"]))
    return shown


def _checkup(checkup: pd.DataFrame) -> pd.DataFrame:
    """Hide shares that rest on few people; areas and land are no people."""
    of_people = (checkup["method"] != "count") & (checkup["base"] == "people")
    total, covered = pd.to_numeric(checkup["total"]), pd.to_numeric(checkup["covered"])
    told = of_people & (_few(total) | _few(covered) | _few(total - covered))
    shown = checkup.copy()
    for column in ("value", "covered"):
        shown[column] = shown[column].mask(told)
    shown["total"] = shown["total"].mask(of_people & _few(total))
    return shown


def _loads(loads: pd.DataFrame) -> pd.DataFrame:
    shown = loads.copy()
    for column in ("people_nearest", "load", "over"):
        shown[column] = shown[column].mask(_few(loads["people_nearest"]))
    return shown


def _gaps(gaps: pd.DataFrame) -> pd.DataFrame:
    shown = _hidden(gaps, ("people", "people_short"))
    # The place of a gap is the middle of the people it is about: about 100 m is told, no more.
    for column in ("lon", "lat"):
        shown[column] = pd.to_numeric(shown[column]).round(_COARSE)
    shown["reasons"] = [
        _NUMBER.sub(_few_in_text, text) if isinstance(text, str) else text
        for text in shown["reasons"]
    ]
    return shown


def _few_in_text(found: re.Match[str]) -> str:
    return f"<{FEWEST_SHOWN}" if 0 < float(found[0]) < FEWEST_SHOWN else found[0]
