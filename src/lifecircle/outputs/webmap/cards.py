"""What a card says beside the scores: remedies of a gap, the nearest facility."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.style import AREA_TOLERANCE_M
from lifecircle.outputs.webmap import shapes
from lifecircle.outputs.webmap.values import Teller, listed, plain, text
from lifecircle.places.asked import is_asked

MOST_REMEDIES = 3
"""Remedies of a gap on its card, best first; what was chosen comes on top of them."""

_SAME_AREA = 0.01  # of an area: less cannot be seen


def remedies(content: Content, teller: Teller) -> dict[str, list[dict[str, Any]]]:
    """
    Gather what would close each gap.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told: a public edition tells no remedies, for they name plots.

    Returns
    -------
    remedies
        Gap id to its best remedies and the chosen one: ``kind, what, name, types, people,
        closes, consent, chosen``.
    """
    if teller.public or content.remedies.empty:
        return {}
    frame = content.remedies.sort_values(["gap_id", "rank"], kind="stable")
    shown = frame[(pd.to_numeric(frame["rank"]) <= MOST_REMEDIES) | _flags(frame["chosen"])]
    found: dict[str, list[dict[str, Any]]] = {}
    for row in shown.to_dict("records"):
        told: dict[str, Any] = {
            name: text(row[name]) for name in ("kind", "what", "name", "facility_id")
        }
        told["types"] = listed(row["types"])
        told["people"] = teller.people(row["people"])
        told["closes"], told["chosen"] = _flag(row["closes"]), _flag(row["chosen"])
        told["consent"] = listed(row["consent"])
        found.setdefault(str(row["gap_id"]), []).append(told)
    return found


def nearest(content: Content) -> dict[str, dict[str, str]]:
    """
    Find the facility that is the nearest one for most people of a community.

    Parameters
    ----------
    content
        What the run has to show; a public edition has no homes and tells nothing here.

    Returns
    -------
    nearest
        Community to requirement to facility id; of equals the first id.
    """
    homes = content.homes
    found: dict[str, dict[str, str]] = {}
    if content.release == "public" or homes.empty:
        return found
    for requirement in content.standard.requirements:
        column = f"{requirement.id}_facility_id"
        if column not in homes:
            continue
        named = homes[homes[column].notna()]
        people = named.groupby(["community_id", column])["people"].sum().reset_index()
        people = people.sort_values(
            ["community_id", "people", column], ascending=[True, False, True], kind="stable"
        ).drop_duplicates("community_id")
        for community, facility in zip(people["community_id"], people[column], strict=True):
            found.setdefault(str(community), {})[requirement.id] = str(facility)
    return found


def runs_of_nearest(content: Content, homes: pd.DataFrame) -> dict[str, list[int]]:
    """
    Pack which facility is the nearest one of every home.

    Parameters
    ----------
    content
        What the run has to show.
    homes
        Its homes, in the order the page holds them.

    Returns
    -------
    runs
        Requirement to pairs of a facility (its place among the ids in order, -1 for none) and how
        many homes on end have it, one list.
    """
    order = {name: at for at, name in enumerate(sorted(content.facilities["facility_id"]))}
    found = {}
    for requirement in content.standard.requirements:
        column = f"{requirement.id}_facility_id"
        if column not in homes:
            continue
        at = homes[column].map(order).fillna(-1).to_numpy(dtype=np.int64)
        starts = np.flatnonzero(np.diff(at, prepend=-2))
        counts = np.diff(np.append(starts, len(at)))
        found[requirement.id] = np.column_stack([at[starts], counts]).ravel().tolist()
    return found


def served(content: Content, teller: Teller) -> dict[str, list[list[Any]]]:
    """
    Count the people of each facility: those it is the nearest one of, and of them the covered.

    Parameters
    ----------
    content
        What the run has to show; a public edition has no homes and tells nothing here.
    teller
        What may be told.

    Returns
    -------
    served
        Facility id to triples of a requirement, its people and those within the limit.
    """
    homes = content.homes
    found: dict[str, list[list[Any]]] = {}
    if teller.public:
        return found
    for requirement in content.standard.requirements:
        near, covered = f"{requirement.id}_facility_id", f"{requirement.id}_covered"
        group = "people" if requirement.group == "all" else f"people_{requirement.group}"
        if not {near, covered, group} <= set(homes.columns):
            continue
        asked = homes[is_asked(homes, requirement)]
        inside = asked[group].where(asked[covered].fillna(value=False).astype(bool), 0.0)
        sums = pd.DataFrame({"all": asked[group], "inside": inside}).groupby(asked[near]).sum()
        for facility, everybody, some in sums.itertuples():
            told = [requirement.id, teller.people(everybody), teller.people(some)]
            found.setdefault(str(facility), []).append(told)
    return found


def areas(content: Content, teller: Teller) -> dict[str, list[list[Any]]]:
    """
    Pack the areas of each facility.

    Parameters
    ----------
    content
        What the run has to show.
    teller
        What may be told.

    Returns
    -------
    areas
        Facility id to lists of limits (minutes, metres, one of them None, and people), profile,
        audience and rings, the smallest area first. Limits with as good as the same area share
        one: 1,000 m are 15 minutes at the planning speed.
    """
    frame = content.facility_areas
    outlines = shapes.polygons(frame, tolerance_m=AREA_TOLERANCE_M) if len(frame) else []
    size = frame.geometry.area.to_numpy()
    found: dict[str, list[list[Any]]] = {}
    last: dict[str, float] = {}
    rows = frame.drop(columns=frame.geometry.name).to_dict("records")
    for place in np.argsort(size, kind="stable"):
        row, name = rows[place], str(rows[place]["facility_id"])
        limit = [plain(row["minutes"], 1), plain(row["limit_m"], 0), teller.people(row["people"])]
        mine = found.setdefault(name, [])
        who = [row["profile"], row["audience"]]
        if mine and mine[-1][1:3] == who and size[place] <= last[name] * (1 + _SAME_AREA):
            mine[-1][0].append(limit)
        else:
            mine.append([[limit], *who, outlines[place]])
            last[name] = size[place]
    return found


def _flag(value: object) -> bool | None:
    return None if value is None or value is pd.NA or value != value else bool(value)  # noqa: PLR0124


def _flags(column: pd.Series) -> pd.Series:
    return column.map(_flag).eq(True)  # noqa: FBT003 - a mask, missing is no
