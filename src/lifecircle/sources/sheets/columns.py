"""
Tables with columns under any name -> which column means what, and cells as clean text.

A column the planner names is never overruled, and none is given two meanings by recognising.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from lifecircle.errors import Problem, SchemaError

_CUT_BYTES = 10  # width of a column name in a .dbf
_NOTHING = ("", "<null>", "null", "nan", "none", "无数据", "-", "--", "—", "——", "/", "n/a")
_BRACKETS = r"[(\[【].*?[)\]】]"
# Words in front of a name that say of what, never of which other thing (not 街道, 社区, 项目 ...).
_OF_WHAT = re.compile(
    r"(?:养老|助餐|托育|托幼|医疗|卫生|健康|文化|体育|健身|便民|公共|服务|设施|机构|场地|场馆|场所|阵地"
    r"|站点|网点|点位|单位|房屋|用房|业务|房产|资产|建筑|土地|地块|宗地|详细|具体|实际|现有|所在|您|的)+"
)
# Signs without width, those that turn the direction of writing, and control but for tab and breaks.
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\xad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]"
)


def recognise_columns(
    frame: pd.DataFrame,
    wanted: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str] | None,
    where: str,
) -> dict[str, str]:
    """
    Find which column of a table means what.

    Parameters
    ----------
    frame
        The table.
    wanted
        Meaning to the names such a column is known by, the surest first.
    given
        Meaning to the column the planner says; goes before all recognising.
    where
        Name for messages.

    Returns
    -------
    columns
        Meaning to column, in the order of `wanted`, of those that were found. No column is given
        two meanings by recognising.

    Raises
    ------
    SchemaError
        If a column the planner names is not there, or a meaning is unknown.

    Notes
    -----
    Names are compared without regard to case, width, blanks and underscores; then without what
    stands in brackets, so that 面积（㎡） is 面积; then as a shapefile cuts them, at ten bytes.
    Last, where one column alone fits, by the lower half of a heading of two rows, and without
    words in front that say of what it is: 养老机构名称 is 机构名称, 房屋坐落 is 坐落.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.sources.sheets.columns import recognise_columns
    >>> table = pd.DataFrame(columns=["SQDM", "社区 名称"])
    >>> known = {"id": ("代码", "sqdm"), "name": ("社区名称", "名称"), "county": ("县",)}
    >>> recognise_columns(table, known, None, "communities.shp")
    {'id': 'SQDM', 'name': '社区 名称'}
    """
    columns = [str(name) for name in frame.columns if name != "geometry"]
    given = given or {}
    found = _given_columns(columns, wanted, given, where)
    taken = set(found.values())
    for same in (_same_name, _same_but_brackets, _same_but_cut):
        for meaning, names in wanted.items():
            if meaning in found:
                continue
            match = _first_match([c for c in columns if c not in taken], names, same)
            if match is not None:
                found[meaning] = match
                taken.add(match)
    for alike in (_same_lower_half, _same_but_of_what):
        for meaning, names in wanted.items():
            left = [c for c in columns if c not in taken]
            fits = [c for c in left if meaning not in found and any(alike(c, n) for n in names)]
            if len(fits) == 1:
                found[meaning] = fits[0]
                taken.add(fits[0])
    return {meaning: found[meaning] for meaning in wanted if meaning in found}


def _given_columns(
    columns: list[str],
    wanted: Mapping[str, tuple[str, ...]],
    given: Mapping[str, str],
    where: str,
) -> dict[str, str]:
    listed = f"columns found: {', '.join(columns) or 'none'}"
    found: dict[str, str] = {}
    problems = []
    for meaning, name in given.items():
        alike = [column for column in columns if _plain(column) == _plain(name)]
        if meaning not in wanted:
            known = ", ".join(wanted)
            problems.append(
                Problem(
                    what=f"no column can mean '{meaning}'", where=where, remedy=f"known: {known}"
                )
            )
        elif name in columns or alike:
            found[meaning] = name if name in columns else alike[0]
        else:
            problems.append(
                Problem(
                    what=f"column '{name}', given for {meaning}, is missing",
                    where=where,
                    remedy=listed,
                )
            )
    if problems:
        raise SchemaError(problems)
    return found


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", seen_text(name))).casefold()


def _same_name(column: str, known: str) -> bool:
    return _plain(column) == _plain(known)


def _same_but_brackets(column: str, known: str) -> bool:
    bare = re.sub(_BRACKETS, "", unicodedata.normalize("NFKC", column))
    return bool(_plain(bare)) and _plain(bare) == _plain(known)


def _same_but_cut(column: str, known: str) -> bool:
    if len(column) >= len(known) or not known.casefold().startswith(column.casefold()):
        return False
    # A letter of several bytes that did not fit any more is gone as a whole.
    longer = known[: len(column) + 1]
    return any(
        len(column.encode(codec)) <= _CUT_BYTES < len(longer.encode(codec))
        for codec in ("utf-8", "gb18030")
    )


def _same_lower_half(column: str, known: str) -> bool:
    _, _, lower = column.rpartition(" ")
    return lower != column and len(lower) > 1 and _same_but_brackets(lower, known)


def _same_but_of_what(column: str, known: str) -> bool:
    bare = _plain(re.sub(_BRACKETS, "", unicodedata.normalize("NFKC", column)))
    known = _plain(known)
    if len(known) < 2 or known.isascii() or not bare.endswith(known):
        return False
    if known[-2:] in ("人口", "人数", "户数"):  # those served are not those who live there
        return False
    return _OF_WHAT.fullmatch(bare.removesuffix(known)) is not None


def _first_match(
    columns: Sequence[str], names: Sequence[str], same: Callable[[str, str], bool]
) -> str | None:
    for known in names:
        alike = [column for column in columns if same(column, known)]
        if alike:
            return known if known in alike else alike[0]
    return None


def seen_text(text: str) -> str:
    r"""
    Take out what nobody sees in a text.

    Parameters
    ----------
    text
        What a cell holds.

    Returns
    -------
    seen
        Without signs of no width, of direction and of control, and without blanks at its ends;
        blanks of other kinds are plain ones, breaks of lines stay.

    Examples
    --------
    >>> from lifecircle.sources.sheets.columns import seen_text
    >>> seen_text("\ufeff城\u200b东\u00a0 "), seen_text("a\u00a0b\nc")
    ('城东', 'a b\nc')
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return _UNSEEN.sub("", text.replace("\u00a0", " ").replace("\u3000", " ")).strip()


def unit_above(notes: Sequence[str], known: Iterable[str]) -> str:
    """
    Read the unit a sheet says for its numbers, as in 单位：亩.

    Parameters
    ----------
    notes
        Lines around its records.
    known
        Units that could be meant, in small letters of half width.

    Returns
    -------
    unit
        The one of them that is said; empty where none is, or several are.

    Examples
    --------
    >>> from lifecircle.sources.sheets.columns import unit_above
    >>> unit_above(["截至2025年  单位：亩"], ("亩", "m2")), unit_above(["单位：城建局"], ("亩",))
    ('亩', '')
    """
    lines = (unicodedata.normalize("NFKC", line).casefold() for line in notes)
    said = {
        unit for line in lines for unit in re.findall(r"(?<!填报)单位[:为]\s*([^\s,;。)]+)", line)
    }
    fits = said & set(known)
    return fits.pop() if len(fits) == 1 else ""


def clean_text(values: pd.Series) -> pd.Series:
    """
    Turn cells into text as a person reads them.

    Parameters
    ----------
    values
        Any cells: codes that came as numbers lose their decimal point, not their digits.

    Returns
    -------
    texts
        Text without blanks around it, None for an empty cell; same index.

    Examples
    --------
    >>> import pandas as pd
    >>> from lifecircle.sources.sheets.columns import clean_text
    >>> clean_text(pd.Series([330109001001.0, " 城东 ", None, "<Null>"], dtype=object)).tolist()
    ['330109001001', '城东', None, None]
    """
    return pd.Series([_clean(value) for value in values], index=values.index, dtype=object)


def _clean(value: object) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer():
            return str(int(value))
    text = seen_text(str(value))
    return None if text.casefold() in _NOTHING else text
