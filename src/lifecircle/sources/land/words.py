"""
Codes and words of land -> kinds, code systems, owners and hazards.

Two code systems share numbers with other meanings, so no code is read without its system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from lifecircle.errors import InputError, Problem

_SURVEY_NAMES = ("DLBM", "DLMC", "DLTB", "KCDLBM", "地类编码", "地类名称", "地类图斑")
_PLAN_NAMES = ("YDDM", "YDMC", "GHYDDM", "YDYHFLDM", "GHDK", "用地代码", "规划用地代码")
_SURVEY_ONLY = re.compile(r"\d{2}H[12](?:A|B)?|\d{4}[A-Z]\d?|0[1234]0[1-9]K")
# Six digits, and classes the survey does not have.
_PLAN_ONLY = re.compile(r"\d{6}|(?:14|15|16|17|18|19|2[0-4])(?:\d{2})?|080[3-7]")

# Longer codes first; what stands here of 三调 is the second digit level or finer.
_SURVEY_KINDS: tuple[tuple[str, str], ...] = (
    ("0810A", "square"),
    ("0810", "park"),
    ("08", "public"),
    ("0303", "wetland"),
    ("0304", "wetland"),
    ("0306", "wetland"),
    ("0402", "wetland"),
    ("0603", "wetland"),
    ("1105", "wetland"),
    ("1106", "wetland"),
    ("1108", "wetland"),
    ("01", "farmland"),
    ("02", "farmland"),
    ("03", "forest"),
    ("04", "meadow"),
    ("05", "commercial"),
    ("0602", "quarry"),
    ("06", "industrial"),
    ("07", "residential"),
    ("09", "special"),
    ("1001", "railway"),
    ("1002", "railway"),
    ("1005", "transport"),
    ("10", "road"),
    ("1103", "water"),
    ("11", "water"),
    ("1201", "vacant"),
    ("1202", "farmland"),
    ("12", "bare"),
)
_PLAN_KINDS: tuple[tuple[str, str], ...] = (
    ("01", "farmland"),
    ("02", "farmland"),
    ("03", "forest"),
    ("04", "meadow"),
    ("05", "wetland"),
    ("06", "farmland"),
    ("0702", "service"),
    ("0704", "service"),
    ("0803", "service"),
    ("0805", "service"),
    ("0806", "service"),
    ("0807", "service"),
    ("07", "residential"),
    ("08", "public"),
    ("09", "commercial"),
    ("1002", "quarry"),
    ("10", "industrial"),
    ("11", "industrial"),
    ("1201", "railway"),
    ("1206", "railway"),
    ("1208", "transport"),
    ("12", "road"),
    ("13", "utility"),
    ("1401", "park"),
    ("1402", "green_belt"),
    ("1403", "square"),
    ("15", "special"),
    ("16", "reserved"),
    ("17", "water"),
    ("18", "water"),
    ("2301", "vacant"),
    ("23", "bare"),
    ("24", "water"),
)
_KINDS: Mapping[str, tuple[tuple[str, str], ...]] = {"3diao": _SURVEY_KINDS, "2023": _PLAN_KINDS}

_BODY = re.compile(
    r"公司|集团|企业|[局委办厅处科院校园馆站所部会社厂店队]$|中心|政府|街道|村|居民|小组|"
    r"学校|医院|银行|合作|机关|事务|储备|大学|基金|业主共有"
)
_PEOPLE = re.compile(r"[*＊某×]|等\s*\d*\s*[户人]|先生|女士")
_HOUSEHOLDS = re.compile(r"\d+\s*[户人]")
_POLLUTED = re.compile(r"污染|重金属|毒|化工|印染|电镀|农药|制革|冶炼|焦化|加油站|危废|填埋")
_UNDONE = re.compile(r"未|待|尚|不(?:合格|达标|符合)|正在|没有")
_DONE = re.compile(r"(?:已|均)?(?:完成|通过|合格|达标|修复|符合)")
_HAZARD = re.compile(
    r"滑坡|塌陷|地质灾害|地灾|高压|燃气管|输油|爆炸|易燃|洪|淹|行洪|查封|抵押|诉讼|纠纷|争议|"
    r"危房|[CD]级|鉴定|违法|违建|文物|考古"
)
_STILTED = re.compile(r"(?<![非无])架空(?!.{0,3}[线管缆])")
_TEMPORARY = re.compile(r"临时|短期|过渡")


def plain_code(text: str) -> str:
    """
    Bring a land-use code into one spelling.

    Parameters
    ----------
    text
        What a cell says.

    Returns
    -------
    code
        Half width, capital letters, no blanks.

    Examples
    --------
    >>> from lifecircle.sources.land.words import plain_code
    >>> plain_code(" ０８h1 ")
    '08H1'
    """
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def code_system_of(
    columns: Iterable[str], codes: Iterable[str], *, declared: str | None, where: str
) -> str | None:
    """
    Tell which land-use codes a layer carries.

    Parameters
    ----------
    columns
        Names of its columns, and of the layer.
    codes
        Its codes.
    declared
        What the study file says, if anything.
    where
        Name for messages.

    Returns
    -------
    code_system
        ``2023`` or ``3diao``; None where nothing tells them apart and nothing is declared.

    Raises
    ------
    InputError
        If the codes contradict what is declared, or what the columns say.

    Notes
    -----
    The names of columns go first (DLBM is of the survey, YDDM of the plan), then codes only one
    system has. 0702 and 1207 are in both and decide nothing.

    Examples
    --------
    >>> from lifecircle.sources.land.words import code_system_of
    >>> code_system_of(["DLBM"], ["1201", "0702"], declared=None, where="survey.gdb")
    '3diao'
    """
    names = {plain_code(name) for name in columns}
    plain = [plain_code(code) for code in codes]
    survey_only = sum(bool(_SURVEY_ONLY.fullmatch(code)) for code in plain)
    plan_only = sum(bool(_PLAN_ONLY.fullmatch(code)) for code in plain)
    by_code = None
    if survey_only != plan_only:
        by_code = "3diao" if survey_only > plan_only else "2023"
    by_name = [
        system
        for system, known in (("3diao", _SURVEY_NAMES), ("2023", _PLAN_NAMES))
        if names & set(known)
    ]
    said = declared or (by_name[0] if len(by_name) == 1 else None)
    if said is not None and by_code is not None and said != by_code:
        raise InputError(
            Problem(
                what=f"its land-use codes look like those of {by_code}, and "
                f"{'the study file says' if declared else 'its column names say'} {said}",
                where=where,
                remedy="set or correct land.code_system, or the columns",
            )
        )
    return said or by_code


def kind_of_code(code: str, system: str) -> str:
    """
    Name the kind of ground a land-use code stands for.

    Parameters
    ----------
    code
        A code.
    system
        ``2023`` or ``3diao``.

    Returns
    -------
    kind
        A word such as ``farmland``, ``water``, ``road``, ``park``, ``vacant``, ``residential``;
        ``other`` where nothing is known.

    Examples
    --------
    >>> from lifecircle.sources.land.words import kind_of_code
    >>> kind_of_code("1207", "2023"), kind_of_code("1207", "3diao"), kind_of_code("1201", "3diao")
    ('road', 'bare', 'vacant')
    """
    plain = plain_code(code)
    fits = [(len(start), kind) for start, kind in _KINDS[system] if plain.startswith(start)]
    return max(fits)[1] if fits else "other"


def owner_words(text: str | None) -> str | None:
    """
    Name an owner without naming a person.

    Parameters
    ----------
    text
        What a cell says.

    Returns
    -------
    owner
        Name of a body as it stands; 个人, with the number of households where it is said, for
        people; None for nothing.

    Examples
    --------
    >>> from lifecircle.sources.land.words import owner_words
    >>> owner_words("沈**等48户"), owner_words("百乐村经济合作社"), owner_words("张三")
    ('个人（48户）', '百乐村经济合作社', '个人')
    """
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if _BODY.search(plain) and not _PEOPLE.search(plain):
        return plain
    many = _HOUSEHOLDS.search(plain)
    return f"个人（{many[0].replace(' ', '')}）" if many else "个人"


def rights_of(text: str | None) -> str | None:
    """
    Tell whether land is owned by the state or by a collective.

    Parameters
    ----------
    text
        A word such as 国有, a code of the land survey (10, 20: state; 30 to 40: collective), or
        the name of an owner.

    Returns
    -------
    rights
        ``state``, ``collective``, or None where it does not say.
    """
    plain = "" if text is None else unicodedata.normalize("NFKC", text).strip()
    if re.search(r"国有|储备|国家|^(?:10|20|21)$|GB", plain):
        return "state"
    if re.search(r"集体|合作社|村民|经济联合|^(?:30|31|32|33|34|40)$|JB|JC", plain):
        return "collective"
    return None


def hazards_of(*texts: str | None) -> tuple[str, ...]:
    """
    Find what a note says against building on a plot or using a room.

    Parameters
    ----------
    texts
        Notes and terms.

    Returns
    -------
    hazards
        Of ``contaminated`` (polluted, or not yet looked at), ``soil_check`` (a past use that asks
        for it), ``hazard`` and ``temporary``; none where nothing is said.

    Examples
    --------
    >>> from lifecircle.sources.land.words import hazards_of
    >>> hazards_of("原印染企业，土壤污染状况调查未完成"), hazards_of("2年(临时)"), hazards_of("")
    (('contaminated',), ('temporary',), ())
    """
    plain = unicodedata.normalize("NFKC", "；".join(text for text in texts if text))
    found = []
    if _POLLUTED.search(plain):
        if _UNDONE.search(plain) or (re.search("污染|毒", plain) and not _DONE.search(plain)):
            found.append("contaminated")
        elif not _DONE.search(plain):
            found.append("soil_check")
    if _HAZARD.search(plain):
        found.append("hazard")
    if _TEMPORARY.search(plain):
        found.append("temporary")
    return tuple(found)


def is_stilted(*texts: str | None) -> bool:
    """
    Tell whether a room is the open floor a building stands over (架空层).

    Parameters
    ----------
    texts
        Name, use or storey of the room.

    Returns
    -------
    stilted
        Whether one of them says so.

    Examples
    --------
    >>> from lifecircle.sources.land.words import is_stilted
    >>> is_stilted("3幢架空层", None), is_stilted("3幢一层"), is_stilted("架空高压线下空地")
    (True, False, False)
    """
    return any(_STILTED.search(text) for text in texts if text)
