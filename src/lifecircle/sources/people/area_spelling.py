"""
Names of subdistricts and counties as offices write them -> one spelling for each area.

澜浦区澜城街道, 澜城街道 and 澜城街道办事处 are one subdistrict; which were taken as one is told.
"""

from __future__ import annotations

import re
import unicodedata
import warnings

import pandas as pd

from lifecircle.errors import DoubtfulRowsWarning

# County and subdistrict written as one, as in 西湖区北山街道.
_COUNTY_FIRST = re.compile(r"^(.{1,12}?[市县区旗])(.+(?:街道|镇|乡|管委会|办事处))$")
_BLANKS = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_OFFICE = re.compile(r"(?<=街道)办事处$|(?<=[镇乡])人民政府$|(?<=街)道?办$")


def one_spelling(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """
    Tell county and subdistrict apart, and write each subdistrict in one way.

    Parameters
    ----------
    table
        With text columns ``subdistrict`` and ``county``; not changed.
    where
        Name for messages.

    Returns
    -------
    table
        A county that stands before a subdistrict is in ``county``, where every row has one, or
        the rest is itself a subdistrict of another row. Of several spellings the most frequent.

    Warns
    -----
    DoubtfulRowsWarning
        Which spellings are taken as one.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.sources.people.area_spelling import one_spelling
    >>> rows = pd.DataFrame({"subdistrict": ["西湖区北山街道", "西湖区转塘街道"], "county": None})
    >>> one_spelling(rows, "communities.shp").values.tolist()
    [['北山街道', '西湖区'], ['转塘街道', '西湖区']]
    """
    result = table.copy()
    result["subdistrict"] = _texts(table["subdistrict"])
    result["county"] = _texts(table["county"])
    before = result["subdistrict"].copy()
    _split_county(result)
    places = list(zip(result["county"], map(_plain, result["subdistrict"]), strict=True))
    groups: dict[tuple[object, str], list[int]] = {}
    for row, (county, plain) in enumerate(places):
        if plain is not None:
            groups.setdefault((county, plain), []).append(row)
    told = []
    column = result.columns.get_loc("subdistrict")
    for rows in groups.values():
        counts = result["subdistrict"].iloc[rows].value_counts()
        best = sorted(counts.index, key=lambda text: (-counts[text], len(text), text))[0]
        result.iloc[rows, column] = best
        written = sorted(set(before.iloc[rows]))
        split = all(text.endswith(best) for text in written)
        if len(written) > 1 and not (split and _every_county(before)):
            told.append(" = ".join(f"'{text}'" for text in written))
    if told:
        warnings.warn(
            f"{where}: subdistricts written in several ways, taken as one: {'; '.join(told[:5])}"
            + (f" and {len(told) - 5} more" if len(told) > 5 else ""),
            DoubtfulRowsWarning,
            stacklevel=3,
        )
    return result


def _texts(values: pd.Series) -> pd.Series:
    texts = [None if pd.isna(text) else _BLANKS.sub("", str(text).strip()) for text in values]
    return pd.Series(texts, index=values.index, dtype=object)


def _plain(text: object) -> str | None:
    if not isinstance(text, str):
        return None
    return _OFFICE.sub("", unicodedata.normalize("NFKC", text).casefold()).replace("街道", "街")


def _every_county(texts: pd.Series) -> bool:
    return all(_COUNTY_FIRST.match(text) for text in texts.dropna())


def _split_county(table: pd.DataFrame) -> None:
    texts = table["subdistrict"]
    if not texts.notna().any():
        return
    every = _every_county(texts) and not table["county"].notna().any()
    alone = {_plain(text) for text in texts.dropna()}
    for row, text in texts.items():
        found = _COUNTY_FIRST.match(text) if isinstance(text, str) else None
        if found is None:
            continue
        county = table["county"].at[row]
        if every or county == found[1] or (county is None and _plain(found[2]) in alone):
            table.loc[row, "subdistrict"] = found[2]
            table.loc[row, "county"] = found[1]
    if every:
        return
    # Where one county is named at all, a subdistrict it was split from is in it everywhere.
    for _, rows in table.groupby(table["subdistrict"].map(_plain)):
        counties = set(rows["county"].dropna())
        if len(counties) == 1:
            table.loc[rows.index, "county"] = counties.pop()
