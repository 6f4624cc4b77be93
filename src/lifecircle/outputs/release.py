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
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


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
        too, since each would tell the other.

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
        programme=_hidden(content.programme, ("people_served",)),
        communities=_hidden(content.communities, ("people",)),
        homes=content.homes.iloc[:0].copy(),
        to_place=content.to_place.iloc[:0].copy(),
        parcels=content.parcels.iloc[:0].copy(),
        newly_covered=_told(content.newly_covered),
        facilities=content.facilities.assign(note=None),
        units=_hidden(content.units, ("people", "people_60plus", "people_0_3")),
        unit_services=_unit_services(content.unit_services),
        advice=_advice(content.advice),
        unplaced=content.unplaced.iloc[:0].copy(),
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
