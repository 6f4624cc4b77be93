"""
Ledgers and drawn outlines of the same land -> parcels, and the rows that have no outline.

A row joins one outline or none: by its id in any spelling, then by the place both name, then a plot
of the land survey that is vacant, in the same community and of the same size.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle import geo
from lifecircle.errors import DoubtfulRowsWarning
from lifecircle.provenance import Source
from lifecircle.sources.land.ledgers import plain_id, read_land_ledgers
from lifecircle.sources.land.parcels import read_parcels
from lifecircle.sources.people.community_names import named_in
from lifecircle.sources.sheets.files import SHEET_SUFFIXES
from lifecircle.tables import PARCELS, UNPLACED, check

AREAS_DIFFER = 0.2
"""Ledger and outline that differ by more than this share of the outline are told (P)."""
_SAME_M2, _SAME_SHARE, _ABOUT_SHARE = 7.0, 0.01, 0.05
"""A ledger rounds to 0.01 亩 (7 m²); 约 to about one part in twenty."""
_TEXTS = ("kind", "list", "owner", "rights", "available", "note")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """
    Listed land.

    Parameters
    ----------
    parcels
        `tables.PARCELS` in WGS 84: the outlines, with what the ledgers say of them.
    unplaced
        `tables.UNPLACED`: rows of ledgers without an outline, ``reason`` is ``no_outline`` or
        ``no_place``.
    sources
        Origin and counts.
    """

    parcels: gpd.GeoDataFrame
    unplaced: pd.DataFrame
    sources: tuple[Source, ...]


def read_listing(
    paths: Sequence[Path],
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    code_system: str | None = None,
) -> Listing:
    """
    Read the planner's lists of land, drawn and not drawn.

    Parameters
    ----------
    paths
        Vector files of outlines or points, and workbooks or text tables of rows without any.
    columns, layer, crs, encoding
        As for `read_parcels`, of the vector files; of the tables where there are only these.
    code_system
        Which land-use codes the files carry, where they do not tell.

    Returns
    -------
    listing
        Parcels, rows without an outline, and where both come from.

    Raises
    ------
    LifecircleError
        As `read_parcels` and `read_land_ledgers`.

    Warns
    -----
    DoubtfulRowsWarning
        If rows have no outline, outlines no row, or both differ in area or kind.
    """
    drawn = [path for path in paths if path.suffix.lower() not in SHEET_SUFFIXES]
    written = [path for path in paths if path.suffix.lower() in SHEET_SUFFIXES]
    parts, sources = [], []
    for path in drawn:
        frame, source = read_parcels(
            path,
            columns=columns,
            layer=layer,
            crs=crs,
            encoding=encoding,
            code_system=code_system,
        )
        parts.append(geo.to_crs(frame, geo.WGS84, where=path.name))
        sources.append(source)
    parcels = _together(parts)
    left = []
    for path in written:
        rows, source = read_land_ledgers(
            path, columns=None if drawn else columns, sheet=None if drawn else layer
        )
        parcels, rows = _joined(parcels, rows)
        left.append(rows)
        lost = int((rows["reason"] == "no_outline").sum())
        sources.append(
            replace(
                source,
                rows_used=source.rows_used - lost,
                rows_doubtful=source.rows_doubtful + lost,
            )
        )
    if written and drawn:
        _tell_of_lonely(parcels, [path.name for path in drawn])
    unplaced = pd.concat(left, ignore_index=True) if left else pd.DataFrame(columns=list(UNPLACED))
    return Listing(parcels=parcels, unplaced=unplaced, sources=tuple(sources))


def _together(parts: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    columns = [*PARCELS.columns, "geometry"]
    if not parts:
        return gpd.GeoDataFrame({name: [] for name in columns}, geometry="geometry", crs=geo.WGS84)
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=geo.WGS84)
    table["parcel_id"] = distinct(table["parcel_id"].tolist())
    return check(table, PARCELS, where="land.parcels")


def distinct(names: list[str]) -> list[str]:
    """
    Give every name a number where it is there more than once.

    Parameters
    ----------
    names
        Names.

    Returns
    -------
    names
        The same, the second one with ``#2`` behind it.

    Examples
    --------
    >>> from lifecircle.sources.land.listing import distinct
    >>> distinct(["a", "b", "a"])
    ['a', 'b', 'a#2']
    """
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return found


def _joined(parcels: gpd.GeoDataFrame, rows: pd.DataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    known = rows["reason"].isna().to_numpy(dtype=bool)
    partner = np.full(len(rows), -1, dtype=np.int64)
    ids = [plain_id(one) for one in rows["row_id"]]
    _pair(partner, known, ids, [plain_id(one) for one in parcels["parcel_id"]])
    places = [plain_id(one) if isinstance(one, str) else "" for one in rows["address"]]
    names = [plain_id(one) if isinstance(one, str) else "" for one in parcels["name"]]
    _pair(partner, known, places, names)
    joined = parcels.copy()
    at = np.flatnonzero(partner >= 0)
    told = _taken_over(joined, rows.iloc[at], partner[at])
    _tell_of_areas(told)
    left = rows[partner < 0].reset_index(drop=True)
    left["reason"] = left["reason"].where(left["reason"].notna(), "no_outline")
    return joined, left


def _pair(
    partner: NDArray[np.int64], known: NDArray[np.bool_], mine: list[str], theirs: list[str]
) -> None:
    """Join what is there exactly once on both sides and not joined yet."""
    taken = set(partner[partner >= 0].tolist())
    places: dict[str, list[int]] = {}
    for at, key in enumerate(theirs):
        if key and at not in taken:
            places.setdefault(key, []).append(at)
    rows: dict[str, list[int]] = {}
    for row, key in enumerate(mine):
        if known[row] and partner[row] < 0 and key:
            rows.setdefault(key, []).append(row)
    for key, here in rows.items():
        there = places.get(key, [])
        if len(here) == 1 and len(there) == 1:
            partner[here[0]] = there[0]


def _taken_over(
    parcels: gpd.GeoDataFrame, rows: pd.DataFrame, at: NDArray[np.int64]
) -> list[tuple[str, float, float]]:
    """Write what a ledger says beside its outlines; give what differs in area."""
    told = []
    for place, row in zip(at.tolist(), rows.to_dict("records"), strict=True):
        for name in _TEXTS:
            if isinstance(row[name], str):
                parcels.at[place, name] = row[name]
        parcels.at[place, "evidence"] = f"{row['source']}; {parcels.at[place, 'evidence']}"
        if isinstance(row["address"], str):
            parcels.at[place, "name"] = row["address"]
        drawn = float(parcels.at[place, "area_m2"])
        listed = float(row["area_m2"])
        if np.isfinite(listed) and abs(listed - drawn) > AREAS_DIFFER * drawn:
            told.append((str(row["row_id"]), listed, drawn))
            parcels.at[place, "checks"] = "area_differs"
    return told


def _tell_of_areas(told: list[tuple[str, float, float]], most: int = 5) -> None:
    if told:
        some = ", ".join(
            f"{name}: {listed:,.0f} m² listed, {drawn:,.0f} m² drawn"
            for name, listed, drawn in told[:most]
        )
        more = f" and {len(told) - most} more" if len(told) > most else ""
        warnings.warn(
            f"land.parcels: {len(told)} plots differ by more than {AREAS_DIFFER:.0%} between "
            f"ledger and outline, which counts ({some}{more})",
            DoubtfulRowsWarning,
            stacklevel=4,
        )


def _tell_of_lonely(parcels: gpd.GeoDataFrame, files: list[str], most: int = 5) -> None:
    lonely = parcels.loc[parcels["evidence"].isin(files), "parcel_id"].tolist()
    if lonely:
        more = f" and {len(lonely) - most} more" if len(lonely) > most else ""
        warnings.warn(
            f"land.parcels: {len(lonely)} outlines are in no ledger and stand alone "
            f"({', '.join(lonely[:most])}{more})",
            DoubtfulRowsWarning,
            stacklevel=3,
        )


def outlines_of_survey(
    listing: Listing, cover: gpd.GeoDataFrame, communities: gpd.GeoDataFrame
) -> Listing:
    """
    Take the outline of a row without one from a vacant plot of the land survey.

    Parameters
    ----------
    listing
        Listed land; not changed.
    cover
        `tables.LAND_COVER`, WGS 84.
    communities
        `tables.COMMUNITIES`, WGS 84.

    Returns
    -------
    listing
        With the rows joined that name a community in which exactly one vacant plot, not listed
        yet, has their size (within 7 m² or 1 %, with 约 5 %), and which no other row could mean.

    Notes
    -----
    Such a plot is a candidate by itself; the ledger only adds its list, owner and term, so a wrong
    match invents no land.
    """
    vacant = cover[cover["kind"] == "vacant"].reset_index(drop=True)
    rows = listing.unplaced
    if len(vacant) == 0 or len(rows) == 0:
        return listing
    spots = vacant.geometry.representative_point()
    metric = geo.metric_crs(float(spots.x.mean()), float(spots.y.mean()))
    size = geo.to_crs(vacant, metric, where="land.survey").area.to_numpy(dtype=np.float64)
    drawn = listing.parcels.geometry.to_numpy()
    listed = np.zeros(len(vacant), dtype=bool)
    listed[shapely.STRtree(drawn).query(spots.to_numpy(), predicate="intersects")[0]] = True
    names = communities["name"].tolist()
    zone = np.full(len(vacant), -1, dtype=np.int64)
    point, area = shapely.STRtree(communities.geometry.to_numpy()).query(
        spots.to_numpy(), predicate="intersects"
    )
    zone[point[::-1]] = area[::-1]
    fits = [_alike(row, names, zone, size, listed) for row in rows.to_dict("records")]
    claims = pd.Series([at for one in fits for at in one]).value_counts()
    sure = [one[0] if len(one) == 1 and claims[one[0]] == 1 else -1 for one in fits]
    return _with_outlines(listing, vacant, size, np.array(sure, dtype=np.int64))


def _alike(
    row: dict[str, object],
    names: list[str],
    zone: NDArray[np.int64],
    size: NDArray[np.float64],
    listed: NDArray[np.bool_],
) -> list[int]:
    address, area = row["address"], row["area_m2"]
    if row["reason"] != "no_outline" or not isinstance(address, str) or not isinstance(area, float):
        return []
    here = named_in(address, names)
    if here < 0 or not np.isfinite(area):
        return []
    share = _ABOUT_SHARE if row["area_about"] else _SAME_SHARE
    near = np.abs(size - area) <= max(_SAME_M2, share * area)
    return np.flatnonzero(near & (zone == here) & ~listed).tolist()


def _with_outlines(
    listing: Listing, vacant: gpd.GeoDataFrame, size: NDArray[np.float64], sure: NDArray[np.int64]
) -> Listing:
    at = np.flatnonzero(sure >= 0)
    if not len(at):
        return listing
    rows, plots = listing.unplaced.iloc[at], vacant.iloc[sure[at]]
    found = gpd.GeoDataFrame(
        {
            "parcel_id": rows["row_id"].to_numpy(),
            "name": rows["address"].to_numpy(),
            **{name: rows[name].to_numpy() for name in _TEXTS},
            "origin": "listed",
            "evidence": [
                f"{source}; outline: land survey, same community and area"
                for source in rows["source"]
            ],
            "area_m2": size[sure[at]],
            "code": plots["code"].to_numpy(),
            "code_system": plots["code_system"].to_numpy(),
            "checks": "outline_matched",
        },
        geometry=plots.geometry.to_numpy(),
        crs=geo.WGS84,
    )
    counts = rows["source"].value_counts()
    sources = tuple(
        replace(
            one,
            rows_used=one.rows_used + int(counts.get(one.name, 0)),
            rows_doubtful=one.rows_doubtful - int(counts.get(one.name, 0)),
        )
        for one in listing.sources
    )
    return Listing(
        parcels=_together([listing.parcels, check(found, PARCELS, where="land.parcels")])
        if len(listing.parcels)
        else _together([found]),
        unplaced=listing.unplaced[sure < 0].reset_index(drop=True),
        sources=sources,
    )
