"""
A run that was written, or one still in memory -> the tables a comparison needs.

A folder is read only as far as it is what the run wrote: a table somebody edited is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pydantic
import pyogrio
import pyproj
from pyproj import CRS

from lifecircle.errors import Problem, SourceError
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.release import released
from lifecircle.provenance import sha256_of
from lifecircle.standards import Standard
from lifecircle.tables import GAPS, INDEX, SCORES

RECORD = "run.json"
LAYERS = "results.gpkg"
_TABLES: Mapping[str, tuple[str, ...]] = {"scores": SCORES, "index": INDEX, "gaps": GAPS}
_LATER = frozenset(("lacking",))  # columns that runs of earlier versions may lack
_TEXTS = frozenset(
    (
        *("level", "area_id", "area_name", "service", "requirement", "profile", "group"),
        *("obligation", "verdict", "grade", "weakest_service", "gap_id", "community_id"),
        *("community", "subdistrict", "unit_id", "kind", "reason", "nearest_facility_id"),
        *("site_id", "project_id", "remedy", "reasons", "existing", "required", "robust"),
    )
)
_FACILITY = ("facility_id", "name", "service", "type", "status", "open_to", "community_id")
_HOME = ("home_id", "community_id", "lon", "lat", "people")
_EDITED = "was changed after the run was written"
_AGAIN = "run the study again, or put the file of the run back"


@dataclass(frozen=True, kw_only=True)
class Run:
    """
    One run, as far as it is compared.

    Parameters
    ----------
    title, language, release, version
        Of the study; `version` of the program that wrote it.
    standard
        The standard that was asked.
    crs
        Metric system of the layers.
    scores, index, gaps
        The tables of the run.
    communities, facilities
        Layers of the run, in `crs`; facilities as points.
    homes
        Homes with their walks in `crs`; None where the release holds none.
    streets
        Number and total length [m] of the street edges, a mark of the network.
    licences
        Of its inputs.
    warnings
        What there is to say of its files.
    """

    title: str
    language: str
    release: str
    version: str
    standard: Standard
    crs: CRS
    scores: pd.DataFrame
    index: pd.DataFrame
    gaps: pd.DataFrame
    communities: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    homes: gpd.GeoDataFrame | None
    streets: tuple[int, float]
    licences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def run_of(content: Content) -> Run:
    """
    Take what a comparison needs from a run in memory.

    Parameters
    ----------
    content
        What the run has to show; of a public release, what it may show.

    Returns
    -------
    run
        With the rounded figures of the files it would write.
    """
    edition = released(content)
    facilities = edition.facilities.copy()
    facilities.geometry = facilities.geometry.representative_point()
    return Run(
        title=content.title,
        language=content.language,
        release=content.release,
        version="",
        standard=content.standard,
        crs=content.crs,
        scores=_typed(in_order(edition.scores, "scores")),
        index=_typed(in_order(edition.index, "index")),
        gaps=_typed(in_order(edition.gaps, "gaps")),
        communities=edition.communities,
        facilities=facilities,
        homes=None if content.release == "public" else _homes_in_memory(edition.homes),
        streets=_streets(edition.streets["length_m"]),
        licences=tuple(source.licence for source in content.sources),
    )


def read_run(folder: Path | str) -> Run:
    """
    Read the folder of a run.

    Parameters
    ----------
    folder
        What ``lifecircle run`` wrote.

    Returns
    -------
    run
        Its tables and layers.

    Raises
    ------
    SourceError
        With everything that is wrong: it is no run, files are missing or were changed, or an
        older version wrote them.
    """
    folder = Path(folder)
    record = _record(folder)
    problems, notes = _faults(folder, record)
    if problems:
        raise SourceError(problems)
    where = f"{folder.name}/{RECORD}"
    versions = record.get("versions")
    version = str(versions.get("lifecircle", "")) if isinstance(versions, dict) else ""
    old = f"written by another version of lifecircle ({version or 'unknown'}): run the study again"
    try:
        standard = Standard.model_validate_json(json.dumps(record["standard"]))
        crs = CRS.from_user_input(record["crs"])
    except (KeyError, pydantic.ValidationError, pyproj.exceptions.CRSError, TypeError) as error:
        raise SourceError(
            Problem(what="standard or system are missing or not known", where=where, remedy=old)
        ) from error
    tables = {name: _table(folder / "tables" / f"{name}.csv", old) for name in _TABLES}
    layers = folder / LAYERS
    communities = _layer(layers, "communities", ("community_id", "name"), old)
    facilities = _layer(layers, "facilities", _FACILITY, old)
    scored = tables["scores"]
    known = set(scored.loc[scored["level"] == "community", "area_id"])
    if known != set(communities["community_id"]):
        raise SourceError(
            Problem(
                what="the communities of the layers are not those of the scores",
                where=f"{folder.name}/{LAYERS}",
                remedy=_AGAIN,
            )
        )
    homes = folder / "tables" / "homes.parquet"
    streets = pyogrio.read_dataframe(
        layers, layer="streets", columns=["length_m"], read_geometry=False
    )
    return Run(
        title=str(record.get("title", folder.name)),
        language=str(record.get("language", "zh")),
        release=str(record.get("release", "internal")),
        version=version,
        standard=standard,
        crs=crs,
        scores=scored,
        index=tables["index"],
        gaps=tables["gaps"],
        communities=communities,
        facilities=facilities,
        homes=_homes(homes, crs, old) if homes.exists() else None,
        streets=_streets(streets["length_m"]),
        licences=_licences(record.get("sources")),
        warnings=notes,
    )


def _record(folder: Path) -> dict[str, object]:
    path = folder / RECORD
    what = ""
    if not folder.is_dir():
        what = "there is no such folder"
    elif not path.exists():
        what = f"is no run: it holds no {RECORD}"
    else:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            record = None
        if isinstance(record, dict) and isinstance(record.get("files"), dict):
            return record
        what = f"its {RECORD} is not the record of a run"
    raise SourceError(
        Problem(what=what, where=str(folder), remedy="name a folder that lifecircle run wrote")
    )


def _faults(folder: Path, record: Mapping[str, object]) -> tuple[list[Problem], tuple[str, ...]]:
    problems = []
    files = record["files"]
    hashes = files if isinstance(files, dict) else {}
    needed = {f"tables/{name}.csv" for name in _TABLES} | {LAYERS}
    needed |= {"tables/homes.parquet"} & hashes.keys()
    notes = []
    for name in sorted(needed):
        where = f"{folder.name}/{name}"
        path = folder / name
        if name not in hashes:
            problems.append(
                Problem(what="the run did not write it", where=where, remedy="run the study again")
            )
        elif not path.exists():
            problems.append(Problem(what="is missing", where=where, remedy=_AGAIN))
        elif sha256_of(path) != hashes[name]:
            if name == LAYERS:  # a GIS changes a GeoPackage by opening it
                notes.append(f"{where} {_EDITED} (a GIS does so when it opens it); read as it is")
            else:
                problems.append(Problem(what=_EDITED, where=where, remedy=_AGAIN))
    return problems, tuple(notes)


def _table(path: Path, old: str) -> pd.DataFrame:
    where = f"{path.parent.parent.name}/tables/{path.name}"
    wanted = _TABLES[path.stem]
    try:
        frame = pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise SourceError(Problem(what="cannot be read", where=where, remedy=_AGAIN)) from error
    lacking = [name for name in wanted if name not in frame and name not in _LATER]
    if lacking:
        raise SourceError(Problem(what=f"lacks {', '.join(lacking)}", where=where, remedy=old))
    return _typed(frame.map(_plain).where(lambda cells: cells != "", None))


def _plain(cell: str) -> str:
    # Texts that a spreadsheet would take for a formula were written with an apostrophe.
    return (
        cell[1:]
        if cell.startswith("'") and cell[1:].lstrip()[:1] in tuple("=+-@＝＋－＠")
        else cell
    )


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Give numbers as numbers, texts as texts or None."""
    columns = {}
    for name in frame.columns:
        values = frame[name]
        if name in _TEXTS:
            texts = [None if pd.isna(one) else str(one) for one in values]
            columns[name] = pd.Series(texts, dtype=object)
        else:
            numbers = pd.to_numeric(values, errors="coerce")
            columns[name] = pd.Series(numbers.to_numpy(dtype=np.float64, na_value=np.nan))
    return pd.DataFrame(columns)


def _layer(path: Path, layer: str, columns: tuple[str, ...], old: str) -> gpd.GeoDataFrame:
    where = f"{path.parent.name}/{path.name}, layer {layer}"
    try:
        frame = pyogrio.read_dataframe(path, layer=layer)
    except (OSError, ValueError, RuntimeError) as error:
        raise SourceError(Problem(what="cannot be read", where=where, remedy=_AGAIN)) from error
    lacking = [name for name in columns if name not in frame]
    if lacking or not isinstance(frame, gpd.GeoDataFrame):
        raise SourceError(Problem(what=f"lacks {', '.join(lacking)}", where=where, remedy=old))
    return frame


def _homes(path: Path, crs: CRS, old: str) -> gpd.GeoDataFrame:
    where = f"{path.parent.parent.name}/tables/{path.name}"
    try:
        table = pq.read_table(path).to_pandas()
    except (OSError, pa.ArrowInvalid) as error:
        raise SourceError(Problem(what="cannot be read", where=where, remedy=_AGAIN)) from error
    lacking = [name for name in (*_HOME, "x", "y") if name not in table]
    if lacking:
        raise SourceError(Problem(what=f"lacks {', '.join(lacking)}", where=where, remedy=old))
    points = gpd.points_from_xy(table["x"], table["y"], crs=crs)
    return gpd.GeoDataFrame(table.drop(columns=["x", "y"]), geometry=points)


def _homes_in_memory(homes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return homes.sort_values("home_id", kind="stable").reset_index(drop=True)


def _licences(sources: object) -> tuple[str, ...]:
    known = sources if isinstance(sources, list) else []
    return tuple(str(one.get("licence", "")) for one in known if isinstance(one, dict))


def _streets(length_m: pd.Series) -> tuple[int, float]:
    return len(length_m), round(float(length_m.sum()), 1)
