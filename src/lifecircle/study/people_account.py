"""
From homes and inputs to one account of people: how many, from what, where, and who is nowhere.

`check`, ``run.json`` and the data sheet read the same account.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.config import StudyConfig
from lifecircle.outputs.style import label
from lifecircle.places.groups import GROUP_PREFIX
from lifecircle.sources.people.tables import read_people_table
from lifecircle.study.inputs import Inputs
from lifecircle.study.waist import Waist

_DECIMALS = 3
_NAMED = 20  # communities without people that are named
_EVIDENCE = ("code", "word", "name")


def account_of_people(config: StudyConfig, inputs: Inputs, waist: Waist) -> dict[str, object]:
    """
    Count people by what they rest on.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    waist
        Homes and communities.

    Returns
    -------
    account
        ``people`` of all homes and of each group; ``by_origin`` and ``by_status``: homes and
        people; ``assumed_use`` and ``assumed_storeys``: homes whose use the rule for untagged
        buildings decided, and whose share of people rests on storeys by rule; ``classes``: urban,
        rural and unknown communities with their people, and by what ``evidence``;
        ``in_no_community``; ``communities_without_people``; ``table``: people the table counts,
        those its communities got and those who found none.
    """
    homes = waist.homes.table
    people = homes["people"].to_numpy(dtype=np.float64)
    groups = [str(name) for name in homes if str(name).startswith(GROUP_PREFIX)]
    by_floor = (homes["origin"] == "floor_area").to_numpy()
    outside = homes["community_id"].isna().to_numpy()
    empty = waist.communities[waist.communities["people"] == 0]
    account: dict[str, object] = {
        "people": _sum(people),
        "groups": {name.removeprefix(GROUP_PREFIX): _sum(homes[name]) for name in groups},
        "by_origin": _by(homes["origin"], people),
        "by_status": _by(homes["status"], people),
        "assumed_use": _part(_flag(homes, "assumed_use"), people),
        "assumed_storeys": _part(_flag(homes, "assumed_storeys") & by_floor, people),
        "classes": _classes(waist.communities),
        "in_no_community": _part(outside, people),
        "communities_without_people": {
            "communities": len(empty),
            "named": [str(name) for name in empty["name"].head(_NAMED)],
        },
    }
    before = inputs.survey.communities
    if config.homes.table is not None and before is not None and "people" in before:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # told when it was read
            table = read_people_table(
                config.homes.table, columns=config.homes.table_columns, sheet=config.homes.sheet
            )
        counted, placed = float(table.table["people"].sum()), float(before["people"].sum())
        account["table"] = {
            "counts": _sum([counted]),
            "in_communities": _sum([placed]),
            "in_none": _sum([counted - placed]),
        }
    return account


def told_account(account: Mapping[str, object], language: str) -> dict[str, str]:
    """
    Put an account of people into words.

    Parameters
    ----------
    account
        As `account_of_people` gives it.
    language
        ``zh`` or ``en``.

    Returns
    -------
    facts
        Label to text; what there is nothing of is left out, but for what is assumed.
    """
    total = _number(account["people"])
    rows = [
        (
            "住宅人口来源",
            "where homes' people come from",
            _parts(account["by_origin"], "home_origin", language, total),
        ),
        (
            "按规则推定为住宅的建筑所占人口比例",
            "share of people in buildings taken for homes by rule",
            _share(account["assumed_use"], total),
        ),
        (
            "按推定层数分摊的人口比例",
            "share of people that rests on assumed storeys",
            _share(account["assumed_storeys"], total),
        ),
    ]
    classes = _mapping(account["classes"])
    if any(name in classes for name in ("urban", "rural")):
        rows.append(("城乡人口", "urban and rural people", _told_classes(classes, language)))
    outside = _mapping(account["in_no_community"])
    if outside["homes"]:
        told = f"{_number(outside['homes']):,.0f}, {_number(outside['people']):,.0f}"
        rows.append(
            ("不在任何社区内的住宅（处，人）", "homes in no community (homes, people)", told)
        )
    if "table" in account:
        table = _mapping(account["table"])
        told = " = ".join(
            (
                f"{_number(table['counts']):,.0f}",
                f"{_number(table['in_communities']):,.0f} + {_number(table['in_none']):,.0f}",
            )
        )
        rows.append(
            (
                "人口表（合计 = 落到社区 + 未落到社区）",
                "table of people (all = in communities + in none)",
                told,
            )
        )
    return {(zh if language == "zh" else en): text for zh, en, text in rows}


def _sum(values: object) -> float:
    return round(float(np.nansum(np.asarray(values, dtype=np.float64))), _DECIMALS) + 0.0


def _part(rows: np.ndarray, people: np.ndarray) -> dict[str, object]:
    return {"homes": int(rows.sum()), "people": _sum(people[rows])}


def _by(codes: pd.Series, people: np.ndarray) -> dict[str, object]:
    values = codes.to_numpy(dtype=object)
    return {str(code): _part(values == code, people) for code in sorted(set(values))}


def _flag(homes: pd.DataFrame, name: str) -> np.ndarray:
    if name not in homes:
        return np.zeros(len(homes), dtype=bool)
    return np.asarray(homes[name].fillna(value=False).astype(bool))


def _classes(communities: gpd.GeoDataFrame) -> dict[str, object]:
    urban = communities["urban"].astype("boolean")
    people = communities["people"].to_numpy(dtype=np.float64)
    found: dict[str, object] = {}
    for name, rows in (
        ("urban", urban.fillna(value=False)),
        ("rural", ~urban.fillna(value=True)),
        ("unknown", urban.isna()),
    ):
        chosen = rows.to_numpy(dtype=bool)
        if chosen.any():
            found[name] = {"communities": int(chosen.sum()), "people": _sum(people[chosen])}
    if "urban_evidence" in communities:
        counts = communities["urban_evidence"].value_counts()
        evidence = {way: int(counts[way]) for way in _EVIDENCE if way in counts}
        if evidence:
            found["evidence"] = evidence
    return found


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _share(part: object, total: float) -> str:
    return f"{_number(_mapping(part)['people']) / total:.1%}" if total > 0 else "–"


def _parts(parts: object, domain: str, language: str, total: float) -> str:
    rows = sorted(_mapping(parts).items(), key=lambda one: -_number(_mapping(one[1])["people"]))
    homes = "处" if language == "zh" else " homes"
    return ", ".join(
        f"{label(domain, code, language)} {_number(_mapping(part)['homes']):,.0f}{homes} "
        f"{_share(part, total)}"
        for code, part in rows
    )


def _told_classes(classes: Mapping[str, object], language: str) -> str:
    parts = []
    for name in ("urban", "rural", "unknown"):
        if name in classes:
            one = _mapping(classes[name])
            count, people = _number(one["communities"]), _number(one["people"])
            said = label("urban", name, language)
            parts.append(
                f"{said} {people:,.0f} 人（{count:,.0f} 个社区、村）"
                if language == "zh"
                else f"{said} {people:,.0f} in {count:,.0f} communities"
            )
    ways = _mapping(classes.get("evidence"))
    if ways:
        told = ", ".join(f"{label('urban_evidence', way, language)} {ways[way]}" for way in ways)
        parts.append(f"依据：{told}" if language == "zh" else f"by {told}")
    return ("；" if language == "zh" else "; ").join(parts)
