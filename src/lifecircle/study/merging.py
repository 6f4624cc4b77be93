"""
The lists of a study and its map to one table of facilities, and to what became of every row.

Which services a list declared complete speaks for is decided here.
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from lifecircle.config import StudyConfig
from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.places.merging import Merged, merge_facilities
from lifecircle.provenance import Source

COVERS_SHARE = 0.1
"""A list speaks for a service that this share of its places offers: one pharmacy is none (P)."""


def merge_of_study(
    config: StudyConfig,
    given: gpd.GeoDataFrame | None,
    mapped: gpd.GeoDataFrame,
    *,
    complete: frozenset[str],
    area: shapely.Geometry,
) -> Merged:
    """
    Make one table of a study's lists and its map.

    Parameters
    ----------
    config
        The study file.
    given
        `tables.FACILITIES` of all lists in a metric system; None without any.
    mapped
        The same of the map.
    complete
        Services whose lists are declared complete.
    area
        Outline of the study area.

    Returns
    -------
    merged
        The table and what was done.

    Warns
    -----
    DoubtfulRowsWarning
        If places stay apart that may be one, lists contradict each other, or a place of a
        complete service is on the map only.
    """
    given = mapped.iloc[:0] if given is None else given
    listed = set(given.loc[given["origin"].fillna("bureau").eq("bureau"), "service"])
    doubt = config.facilities.unlisted == "doubtful"
    merged = merge_facilities(given, mapped, complete=complete & listed if doubt else (), area=area)
    _warn(merged)
    return merged


def complete_services(config: StudyConfig, given: gpd.GeoDataFrame | None) -> frozenset[str]:
    """
    Find the services whose lists are declared complete.

    Parameters
    ----------
    config
        The study file.
    given
        `tables.FACILITIES` of all lists, as they were read; None without any.

    Returns
    -------
    services
        Those named under ``facilities.complete``, and those a complete list speaks for: its
        ``service``, else what at least `COVERS_SHARE` of its places offer.
    """
    services = set(config.facilities.complete)
    for part in config.facilities.tables:
        if not part.complete or given is None:
            continue
        rows = given[given["source"] == part.file.name]
        places = rows["place_id"].nunique()
        offer = rows.groupby("service")["place_id"].nunique()
        services |= set(offer.index[offer >= COVERS_SHARE * places])
    return frozenset(services)


def merged_sources(sources: Iterable[Source], merged: Merged) -> tuple[Source, ...]:
    """
    Tell of every source how many of its rows another list has too.

    Parameters
    ----------
    sources
        Origin of every input.
    merged
        What was done with the lists.

    Returns
    -------
    sources
        The same; `rows_in` stays the sum of all that became of the rows.
    """
    return tuple(
        replace(
            one,
            rows_used=one.rows_used - merged.merged[one.name] - merged.doubtful[one.name],
            rows_merged=one.rows_merged + merged.merged[one.name],
            rows_doubtful=one.rows_doubtful + merged.doubtful[one.name],
        )
        if one.name in merged.merged and one.rows_used >= merged.merged[one.name]
        else one
        for one in sources
    )


def merging_facts(merged: Merged) -> Mapping[str, str]:
    """
    Put a merge into lines for ``check``.

    Parameters
    ----------
    merged
        What was done with the lists.

    Returns
    -------
    facts
        Every two lists to what both and what one has, and the decisions counted; empty where
        there is only one list.
    """
    if len(merged.pairs) == 0:
        return {}
    facts = {
        f"{row.list_a} / {row.list_b}": f"{row.both} in both, {row.only_a} only in the first, "
        f"{row.only_b} only in the second"
        for row in merged.pairs.itertuples()
    }
    counts = merged.report["decision"].value_counts()
    for decision in ("merged", "single", "unconfirmed", "doubtful"):
        facts[f"facilities {decision}" if decision != "doubtful" else "pairs in doubt"] = str(
            int(counts.get(decision, 0))
        )
    return facts


def _warn(merged: Merged) -> None:
    report = merged.report
    pairs = report[report["decision"] == "doubtful"]
    if len(pairs):
        told = "; ".join(f"{row['members']} ({row['distance_m']:.0f} m)" for row in _some(pairs))
        _say(f"facilities that may be one place and stay two: {len(pairs)} ({told})")
    apart = report[report["evidence"].str.contains("status_differs")]
    if len(apart):
        told = ", ".join(f"'{row['name']}' {row['status']}" for row in _some(apart))
        _say(
            "facilities of which lists do not agree whether they exist, where the first bureau's "
            f"list holds: {len(apart)} ({told})"
        )
    left = report[report["decision"] == "unconfirmed"]
    if len(left):
        told = ", ".join(f"'{row['name']}'" for row in _some(left))
        _say(
            "places of a service declared complete that no bureau's list has, which are not "
            f'counted: {len(left)} ({told}); facilities.unlisted = "count" counts them'
        )


def _some(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return list(rows.head(3).to_dict("records"))


def _say(text: str) -> None:
    warnings.warn(text, DoubtfulRowsWarning, stacklevel=4)
