"""
A file of community outlines -> the communities table in the file's own reference system.

Every community has an id of its own and a name; nothing is merged or dropped to get there.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from lifecircle.errors import MissingDataWarning, Problem, SchemaError
from lifecircle.provenance import Source
from lifecircle.sources.people.area_spelling import one_spelling
from lifecircle.sources.people.urban_rural import classes_of
from lifecircle.sources.sheets.columns import clean_text, recognise_columns
from lifecircle.sources.vectors.layers import read_vector
from lifecircle.tables import COMMUNITIES, check

COLUMN_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("community_id", "社区代码", "社区编码", "社区编号", "村代码", "村编码", "SQDM", "SQBM"),
        *("村社区代码", "社区村代码", "统计用区划代码", "行政区划代码", "行政区代码", "区划代码"),
        *("XZQDM", "ZLDWDM", "代码", "编码", "编号", "code", "id", "adcode", "codigo", "BSM"),
    ),
    "name": (
        *("community", "community_name", "社区名称", "村名称", "社区村名称", "村社区名称", "SQMC"),
        *("社区", "村", "村社区", "社区村", "村居", "CMC", "行政区名称", "XZQMC", "名称", "MC"),
        *("name", "ZLDWMC", "denominacion", "nombre"),
    ),
    "subdistrict": (
        *("subdistrict", "街道", "乡镇", "镇街", "街镇", "街道乡镇", "乡镇街道", "所属街道"),
        *("所属乡镇", "街道名称", "乡镇名称", "JDMC", "XZMC", "XZJDMC", "SSJD", "镇", "乡"),
        *("township", "town", "ZLDWMC"),
    ),
    "county": (
        *("county", "县", "区", "县区", "区县", "县市区", "区县名称", "所属区县", "QXMC", "XQMC"),
        *("XMC", "district", "XZQMC"),
    ),
    "city": ("city", "市", "地市", "城市", "设区市", "DSMC", "SMC"),
    "unit": (
        *("unit_id", "unit", "公共服务基本单元", "服务单元", "单元编号", "单元代码", "单元名称"),
        *("单元", "DYBH", "DYDM", "DYBM"),
    ),
    "urban": (
        *("urban", "城乡分类代码", "城乡分类码", "城乡分类", "城乡划分代码", "城乡划分"),
        *("城乡属性", "城乡", "是否城镇", "城乡类型", "村居类型", "CXFLDM", "CXFLM", "CXFL"),
        *("CXHFDM", "CXSX"),
    ),
    "people": ("people", "常住人口", "常住人口数", "人口", "人口数", "population", "pop", "CZRK"),
}
"""What the columns of a community file are known by; the keys are those of ``columns = {…}``."""


def read_communities(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
) -> tuple[gpd.GeoDataFrame, Source]:
    """
    Read the outlines of communities.

    Parameters
    ----------
    path
        Vector file, one row per community.
    columns
        Column of ``id, name, subdistrict, county, city, unit, urban, people`` where its name is
        not recognised.
    layer, crs, encoding
        As for `read_vector`.

    Returns
    -------
    communities
        The columns of `tables.COMMUNITIES` and the outlines, in the file's reference system, in
        the order of the ids. Where county and subdistrict stand in one column they are told apart.
        Where the file counts people there is a column ``people``, missing where a cell is empty.
    source
        Origin and counts.

    Raises
    ------
    SchemaError
        With every problem: a named column that is missing, ids that are empty or given twice,
        shapes that are no areas, a word that is neither urban nor rural, people that are no
        number.
    SourceError, InputError, CrsError
        As for `read_vector`.

    Warns
    -----
    MissingDataWarning
        If there are no ids, and a running number serves instead; if names are missing, and the
        id does.

    Notes
    -----
    `urban` takes yes and no in words, and the three-figure urban-rural codes of China's statistics;
    where no column says it, the ending of the name does (`urban_rural.classes_of`), and
    ``urban_evidence`` tells which of them it was.
    """
    where = path.name
    layer_table, source = read_vector(path, layer=layer, crs=crs, encoding=encoding)
    found = recognise_columns(layer_table, COLUMN_NAMES, columns, where)
    texts = {meaning: clean_text(layer_table[column]) for meaning, column in found.items()}
    table = gpd.GeoDataFrame(geometry=layer_table.geometry, crs=layer_table.crs)
    for name in ("name", "subdistrict", "county", "city"):
        table[name] = texts.get(name)
    table["unit_id"] = texts.get("unit")
    spelt = one_spelling(pd.DataFrame(table[["subdistrict", "county"]]), where)
    table["subdistrict"], table["county"] = spelt["subdistrict"], spelt["county"]
    table["community_id"] = texts["id"] if "id" in texts else _running_ids(table, where)
    problems = _doubled_ids(table, where)
    classes = classes_of(texts.get("urban"), table["name"], where)
    table["urban"], table["urban_evidence"] = classes.urban, classes.evidence
    problems += classes.problems
    if "people" in texts:
        table["people"], unreadable = _people(texts["people"], where)
        problems += unreadable
    try:
        table = check(table, COMMUNITIES, where=where, row_offset=1)
    except SchemaError as error:
        # The rows of doubled ids are named with their ids already.
        told = [one for one in error.problems if "the same id twice" not in one.what]
        raise SchemaError([*told, *problems]) from error
    if problems:
        raise SchemaError(problems)
    _name_the_nameless(table, where)
    return table.sort_values("community_id", ignore_index=True), source


def _running_ids(table: gpd.GeoDataFrame, where: str) -> pd.Series:
    warnings.warn(
        f"{where}: no column of ids was found; the {len(table)} communities are numbered, and the "
        'numbers change when outlines do: give columns = {id = "…"}',
        MissingDataWarning,
        stacklevel=3,
    )
    # By name and place, so that the order of the rows does not matter.
    box = table.geometry.bounds
    keys = pd.DataFrame(
        {
            "subdistrict": table["subdistrict"].fillna(""),
            "name": table["name"].fillna(""),
            "x": box["minx"],
            "y": box["miny"],
        }
    )
    order = keys.sort_values(["subdistrict", "name", "x", "y"], kind="stable").index
    width = len(str(len(table)))
    numbers = [f"{number:0{width}d}" for number in range(1, len(table) + 1)]
    return pd.Series(numbers, index=order, dtype=object).reindex(table.index)


def _doubled_ids(table: gpd.GeoDataFrame, where: str) -> list[Problem]:
    ids = table["community_id"]
    doubled = ids[ids.notna() & ids.duplicated(keep=False)]
    return [
        Problem(
            what=f"id '{community}' stands in {len(rows)} rows "
            f"({', '.join(str(name) for name in table.loc[rows.index, 'name'])})",
            where=f"{where}, row {', '.join(str(row + 1) for row in rows.index)}",
            remedy="merge the parts into one shape, or correct an id",
        )
        for community, rows in doubled.groupby(doubled)
    ]


def _people(texts: pd.Series, where: str) -> tuple[pd.Series, list[Problem]]:
    numbers = pd.to_numeric(texts.str.replace(",", ""), errors="coerce").astype(float)
    bad = texts.notna() & ~numbers.between(0, 1e9)
    problems = [
        Problem(
            what=f"'{text}' is no number of people",
            where=f"{where}, row {row + 1}",
            remedy="correct or empty the cell",
        )
        for row, text in texts[bad].items()
    ]
    return numbers, problems


def _name_the_nameless(table: gpd.GeoDataFrame, where: str) -> None:
    nameless = table["name"].isna()
    if nameless.any():
        warnings.warn(
            f"{where}: {int(nameless.sum())} of {len(table)} communities have no name and are "
            'called by their id; give columns = {name = "…"} if there is one',
            MissingDataWarning,
            stacklevel=3,
        )
        table["name"] = table["name"].where(~nameless, table["community_id"])
