"""How a place is got: the mode of a project from its kind and from who owns it."""

from __future__ import annotations

import re

_BY_KIND = {"share": "share", "gate": "open", "extension": "extend"}
_PEOPLE = re.compile(r"个人")
_PUBLIC_COMPANY = re.compile(r"国资|国有|城投|城建|交投|水务|公用|建设投资|投资发展|经营管理|资产")
_COMPANY = re.compile(
    r"公司|集团|企业|银行|酒店|商场|厂$|店$|\b(?:ltd|inc|gmbh|co)\b", re.IGNORECASE
)
_COLLECTIVE = re.compile(r"合作社|集体|村民|经济联合|村$|村委|村股份")
_OFFICE = re.compile(
    r"[局委办署院校]$|中心$|政府|街道|办事处|机关|学校|医院|社区|所$|\b(?:city|town)\b", re.I
)
_TERM = re.compile(r"\d+(?:\.\d+)?\s*(?:年|个月|月)|到期|year|month", re.IGNORECASE)


def mode_of(
    kind: str,
    *,
    rights: str | None = None,
    owner: str | None = None,
    available: str | None = None,
) -> str:
    """
    Suggest how a place is got.

    Parameters
    ----------
    kind
        One of `tables.SITE_KINDS`.
    rights
        ``state`` or ``collective``; None where nobody says.
    owner
        The owner's words; never a person's name.
    available
        For how long, in the list's own words.

    Returns
    -------
    mode
        ``share``, ``open`` and ``extend`` for sharing, links and extensions. Land is built on:
        ``new``, whoever owns it. A stock room that is offered for a term is leased (``lease``);
        else one of a company is bought (``purchase``), one of a public office changes hands within
        the public side (``exchange``), and one of a state company, a collective, a household or an
        unknown owner is leased. The rule is this project's (P); what a planner enters wins.

    Examples
    --------
    >>> from lifecircle.siting.modes import mode_of
    >>> mode_of("vacant"), mode_of("stock_room", owner="区机关事务服务中心")
    ('new', 'exchange')
    >>> mode_of("stock_room", owner="浙江东浦置业有限公司")
    'purchase'
    >>> mode_of("stock_room", owner="浙江东浦置业有限公司", available="5年")
    'lease'
    """
    if kind != "stock_room":
        return _BY_KIND.get(kind, "new")
    said = owner or ""
    if (available and _TERM.search(available)) or _PEOPLE.search(said):
        return "lease"
    if rights == "collective" or _COLLECTIVE.search(said) or _PUBLIC_COMPANY.search(said):
        return "lease"
    if _COMPANY.search(said):
        return "purchase"
    return "exchange" if _OFFICE.search(said) else "lease"
