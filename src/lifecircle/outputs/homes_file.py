"""
Homes and their walks become one Parquet file.

Rows are by id and decimals fixed, so that the same homes give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from lifecircle.errors import Problem, SchemaError
from lifecircle.geo import unproject
from lifecircle.outputs.content import Content

_AREAS = ("unit_id", "subdistrict", "county", "city")


def write_homes(content: Content, path: Path) -> Path:
    """
    Write homes and their walks.

    Parameters
    ----------
    content
        What the run has to show.
    path
        The Parquet file.

    Returns
    -------
    path
        The file written: ``home_id, community_id, estate_id, x, y, lon, lat, status,
        pin_leg_m, people``, every group column (``people_…``, by name), and for every
        requirement of the standard ``<requirement>_s`` [s], ``<requirement>_m`` [m] and
        ``<requirement>_facility_id``, missing where nothing is reached; then the ids of the areas
        above (``unit_id, subdistrict, county, city``), the `origin` of the people, and whether
        use and storeys are assumed by rule (``assumed_use, assumed_storeys``), and `where` the home
        lies (``urban``, ``rural`` or missing). `x` and `y` are metres in the study's system, `lon`
        and `lat` WGS 84. Rows by `home_id`.

    Raises
    ------
    SchemaError
        If homes lack one of their own columns.
    """
    homes = content.homes.sort_values("home_id", kind="stable")
    own = ("home_id", "community_id", "estate_id", "status", "pin_leg_m", "people")
    absent = [name for name in own if name not in homes.columns]
    if absent:
        raise SchemaError(
            [Problem(what=f"column '{name}' is missing", where="homes") for name in absent]
        )
    xy = np.column_stack([homes.geometry.x, homes.geometry.y]).reshape(-1, 2)
    lonlat = unproject(xy, content.crs)
    groups = sorted(name for name in homes.columns if str(name).startswith("people_"))
    columns: dict[str, pa.Array] = {
        "home_id": _texts(homes["home_id"]),
        "community_id": _texts(homes["community_id"]),
        "estate_id": _texts(homes["estate_id"]),
        "x": _numbers(xy[:, 0], 2),
        "y": _numbers(xy[:, 1], 2),
        "lon": _numbers(lonlat[:, 0], 6),
        "lat": _numbers(lonlat[:, 1], 6),
        "status": _texts(homes["status"]),
        "pin_leg_m": _numbers(homes["pin_leg_m"], 2),
    }
    for name in ("people", *groups):
        columns[name] = _numbers(homes[name], None)
    for requirement in content.standard.requirements:
        for unit, make in (("s", _metric), ("m", _metric), ("facility_id", _texts)):
            name = f"{requirement.id}_{unit}"
            values = homes.get(name, pd.Series([None] * len(homes), dtype=object))
            columns[name] = make(values)
    nothing = pd.Series([None] * len(homes), dtype=object)
    for name in _AREAS:
        columns[name] = _texts(homes.get(name, nothing))
    columns["origin"] = _texts(homes.get("origin", nothing))
    for name in ("assumed_use", "assumed_storeys"):
        columns[name] = _flags(homes.get(name, nothing))
    columns["where"] = _texts(homes.get("where", nothing))
    pq.write_table(pa.table(columns), path, compression="zstd", store_schema=False)
    return path


def _texts(values: pd.Series) -> pa.Array:
    return pa.array([None if pd.isna(v) else str(v) for v in values.tolist()], type=pa.string())


def _flags(values: pd.Series) -> pa.Array:
    return pa.array([None if pd.isna(v) else bool(v) for v in values.tolist()], type=pa.bool_())


def _metric(values: pd.Series) -> pa.Array:
    return _numbers(values, 2)


def _numbers(values: pd.Series | NDArray[np.float64], decimals: int | None) -> pa.Array:
    numbers = pd.to_numeric(pd.Series(values)).to_numpy(dtype=np.float64, na_value=np.nan)
    if decimals is not None:
        numbers = np.round(numbers, decimals) + 0.0
    return pa.array(numbers, type=pa.float64(), mask=np.isnan(numbers))
