"""What a comparison's map draws beside directions: changed shares, facilities come and gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.comparison.comparing import Comparison
from lifecircle.comparison.words import say
from lifecircle.geo import WGS84

STEPS = ("#0072b2", "#9ccbe8", "#e8e6df", "#f3b98d", "#d55e00")
"""Colours of a change of share: up much and little, none at all, down little and much."""
_MUCH = 0.1
"""A change of at least so much of the share is much (P)."""
COME = ("added", "opened")
GONE = ("removed", "closed")
_COLOURS = {"come": "#0b7a5b", "gone": "#8c1d2c"}


def changed_shares(comparison: Comparison) -> list[dict[str, Any]]:
    """
    Gather how shares of communities changed, requirement by requirement.

    Parameters
    ----------
    comparison
        The comparison.

    Returns
    -------
    requirements
        ``id``, ``label`` and ``areas``: community to class of `STEPS` (missing where it cannot be
        told), share before and after. A community that is not named is as it was; requirements
        that changed nowhere are left out.
    """
    table = comparison.changes[comparison.changes["level"] == "community"]
    named = {
        one.id: str(getattr(one, f"label_{comparison.language}"))
        for run in comparison.runs
        for one in run.standard.requirements
    }
    found = []
    for requirement in comparison.requirements:
        rows = table[(table["requirement"] == requirement) & (table["why"] != "rule")]
        if rows.empty:
            continue
        areas = {
            str(row.area_id): [
                _step(row.change, str(row.direction)),
                _plain(row.share_a),
                _plain(row.share_b),
            ]
            for row in rows.itertuples(index=False)
        }
        label = named.get(requirement, requirement)
        found.append({"id": requirement, "label": label, "areas": areas})
    return found


def changed_facilities(comparison: Comparison) -> list[dict[str, Any]]:
    """
    Gather facilities that are in one run only, or open in one run only.

    Parameters
    ----------
    comparison
        The comparison.

    Returns
    -------
    groups
        What is opened or added, then what is closed or gone: ``word``, ``colour`` and ``places``
        with latitude, longitude and what a facility is called.
    """
    both, language = comparison.facilities, comparison.language
    kinds = {
        kind.id: str(getattr(kind, f"label_{language}"))
        for run in comparison.runs
        for kind in run.standard.types
    }
    groups = []
    for key, codes, run in (("come", COME, 1), ("gone", GONE, 0)):
        table = both.tables[run]
        rows = [at for at in range(len(table)) if both.change_of(run, at) in codes]
        places = []
        if rows:
            points = gpd.GeoDataFrame(
                geometry=table.geometry.iloc[rows].representative_point(), crs=table.crs
            )
            lonlat = shapely.get_coordinates(points.to_crs(WGS84).geometry.array)
            for at, (lon, lat) in zip(rows, lonlat.tolist(), strict=True):
                places.append([round(lat, 6), round(lon, 6), _called(table.iloc[at], kinds)])
        word = say(f"map_{key}", language)
        groups.append({"word": word, "colour": _COLOURS[key], "places": places})
    return groups


def _called(row: pd.Series, kinds: Mapping[str, str]) -> str:
    """Name a facility by its name and its type, in words where a standard has them."""
    kind = kinds.get(str(row["type"]), str(row["type"]))
    return f"{row['name']} · {kind}" if isinstance(row["name"], str) and row["name"] else kind


def _step(change: object, direction: str) -> int | None:
    value = _plain(change)
    # A share may stay while only now, or no longer, anything can be said of it.
    if value is None or direction == "unknown":
        return None
    if value == 0:
        return 2
    if value > 0:
        return 0 if value >= _MUCH else 1
    return 4 if value <= -_MUCH else 3


def _plain(value: object) -> float | None:
    number = float(str(value)) if value is not None else np.nan
    return None if np.isnan(number) else round(number, 4)
