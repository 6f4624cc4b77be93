"""
The gates of a study at the hour it is made for.

Those of the map are shut where streets run, and what is doubtful is told with its people.
"""

from __future__ import annotations

import warnings
from dataclasses import replace

import geopandas as gpd
import numpy as np

from lifecircle.config import EstatesSection
from lifecircle.errors import DoubtfulRowsWarning, LifecircleWarning, MissingDataWarning
from lifecircle.network.pins import GATE_REACH_M
from lifecircle.places.gates import FAR_GATE_M, DoubtfulGates, GatesInUse, is_open
from lifecircle.sources.facilities.opening_hours import minutes_asked
from lifecircle.tables import NODE_KINDS, Survey

_NAMED = 5  # gates or estates named in a warning


def with_shut_gates(survey: Survey, section: EstatesSection) -> Survey:
    """
    Shut the gates of the map that are not open at the hour of the study.

    Parameters
    ----------
    survey
        What the map says; not changed.
    section
        The section of the study file.

    Returns
    -------
    survey
        The survey in which these gates have the access ``no``, and nobody passes the nodes of
        streets they stand on.

    Warns
    -----
    LifecircleWarning
        If there are any.
    """
    asked = minutes_asked(section.open_at)
    hours = survey.gates["hours"]
    shut = np.array([text is not None and not is_open(text, asked) for text in hours], dtype=bool)
    if not shut.any():
        return survey
    ids = set(survey.gates.loc[shut, "gate_id"])
    kind = survey.streets.node_kind.copy()
    kind[[f"n{one}" in ids for one in survey.streets.node_id]] = NODE_KINDS.index("blocked")
    warnings.warn(
        f"gates of the map shut at {section.open_at}: {shut.sum()}; nobody passes them",
        LifecircleWarning,
        stacklevel=3,
    )
    gates = survey.gates.assign(access=survey.gates["access"].mask(shut, "no"))
    return replace(survey, gates=gates, streets=replace(survey.streets, node_kind=kind))


def warn_of_gates(used: GatesInUse, homes: gpd.GeoDataFrame, *, open_at: str) -> None:
    """
    Warn of gates that are not used, or used for want of better, with the people behind them.

    Parameters
    ----------
    used
        The gates.
    homes
        `tables.HOMES`, each with its estate.
    open_at
        Hour of the study.
    """
    for one in used.doubts:
        count, consequence = _told(one, open_at)
        people = homes.loc[homes["estate_id"].isin(one.estate_ids), "people"].sum()
        lived = (
            f"; closed or open, these are {len(one.estate_ids)} estates with {people:,.0f} people"
            if one.doubt == "far"
            else f"; {len(one.estate_ids)} closed estates with {people:,.0f} people"
        )
        warnings.warn(
            f"gates {count}: {one.gates} ({_some(one.names)}){lived if one.estate_ids else ''}; "
            f"{consequence}",
            MissingDataWarning if one.doubt == "all_shut" else DoubtfulRowsWarning,
            stacklevel=3,
        )


def _told(one: DoubtfulGates, open_at: str) -> tuple[str, str]:
    return {
        "no_walkers": (
            "for emergencies (消防, 应急) or cars only, or shut for good",
            "nobody walks through them",
        ),
        "shut": (f"shut at {open_at}", "nobody walks through them (estates.open_at)"),
        "all_shut": (
            f"shut at {open_at} like every other gate of their estate",
            "they are kept open, for people live there",
        ),
        "off_outline": (
            f"more than {GATE_REACH_M:g} m from the outline of their estate",
            "they are used where they are",
        ),
        "far": (
            f"more than {FAR_GATE_M:g} m from the outline of the estate they name",
            "they are not used: check names, coordinates and estates.gate_datum",
        ),
        "unknown_estate": (
            "of estates that estates.file does not know",
            f"those within {GATE_REACH_M:g} m of an outline are taken for gates of that estate, "
            "others lead nowhere",
        ),
        "nowhere": (
            f"that name no estate and stand on no outline (within {GATE_REACH_M:g} m)",
            "they lead nowhere",
        ),
    }[one.doubt]


def _some(names: tuple[str, ...]) -> str:
    named = ", ".join(name[:30] for name in names[:_NAMED])
    return f"{named}, …" if len(names) > _NAMED else named


def facts_of_gates(used: GatesInUse) -> dict[str, object]:
    """
    Count the gates a planner listed.

    Parameters
    ----------
    used
        The gates.

    Returns
    -------
    facts
        Label to count, for ``check``.
    """
    return {
        "listed": used.listed,
        "in_use": len(used.gates),
        "of_open_estates": used.of_open_estates,
        "by_card": used.by_card,
        **{one.doubt: one.gates for one in used.doubts},
    }
