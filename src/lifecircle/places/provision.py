"""
Estates against what they had to provide: promised, built, handed over, asked for, short.

Only what lies in an estate's outline is counted as its own; an estate is never blamed for what
nobody asked of it, and rows that fit no estate are kept apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from lifecircle.sources.geocoding.text import plain
from lifecircle.standards.provision import ProvisionRules
from lifecircle.tables import PROVISION

OTHER = "other"
"""Stands for the service of a room that serves none."""
UNJOINED = ("source", "row_id", "estate", "name", "floor_m2", "reason")
"""Columns of the rows that fit no estate."""

Row = dict[Hashable, Any]
_NOTHING: tuple[Row, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Provision:
    """
    What became of what estates had to provide.

    Parameters
    ----------
    table
        Columns of `tables.PROVISION`, one row per estate and service, those in order first.
    unjoined
        Columns of `UNJOINED`: ``no_estate`` (no estate of that name, or none where the plot lies)
        or ``several_estates``.
    """

    table: pd.DataFrame
    unjoined: pd.DataFrame


def provision_of(
    estates: gpd.GeoDataFrame,
    *,
    facilities: pd.DataFrame,
    promised: pd.DataFrame,
    handover: pd.DataFrame,
    rules: ProvisionRules,
    people: Mapping[str, float],
    communities: Mapping[str, tuple[str, str]],
    language: str = "en",
) -> Provision:
    """
    Check every estate.

    Parameters
    ----------
    estates
        `tables.ESTATES` with ``year_built`` and ``dwellings`` where they are known.
    facilities
        Those that exist, with ``estate_id, service, type, name, floor_m2, site_m2, community_id``.
    promised
        What plots of the detailed plan had to provide: ``plot_id, name, service`` (`OTHER` for
        rooms of no service) and ``estate_id`` (missing where no estate is).
    handover
        From `sources.records.handover.read_handover`.
    rules
        What is asked.
    people
        Estate to the people who live in it.
    communities
        Estate to the id and the name of its community.
    language
        ``zh`` or ``en``: of the evidence, the one text of the table.

    Returns
    -------
    provision
        The table and the rows that fit no estate.

    Notes
    -----
    ``status`` of a room that was handed over and serves no service: ``let``, ``idle``,
    ``use_unknown``, ``other_use``, and of property management ``title_open`` or ``met``. Else the
    first that applies: ``not_built`` what the plan promised is not there; ``not_handed_over`` it
    is, and the ledger says it was not handed over; ``title_open`` handed over, title or acceptance
    are open; ``short`` smaller than asked for, ``absent`` nothing there at all, of new and of older
    estates alike against the number for each; ``size_unknown`` its size, or the number of
    households, is not known; ``met``. ``no_record``: property rooms were promised, and no ledger
    tells of them.
    """
    rows_of, lost = _joined(estates, handover)
    plan = _records(promised[promised["estate_id"].notna()], "estate_id")
    built = _records(facilities, "estate_id")
    nearby = _floor_by_community(facilities)
    table: list[Row] = []
    for estate in estates.sort_values("estate_id", kind="stable").to_dict("records"):
        key = estate["estate_id"]
        community = communities.get(key, (None, None))
        year, dwellings = _number(estate, "year_built"), _number(estate, "dwellings")
        new = None if np.isnan(year) else bool(year >= rules.new_since)
        head: Row = {
            "estate_id": key,
            "estate": estate.get("name"),
            "community_id": community[0],
            "community": community[1],
            "year_built": year,
            "dwellings": dwellings,
            "people": people.get(key, 0.0),
            "new": new,
        }
        mine = plan.get(key, _NOTHING), built.get(key, _NOTHING), rows_of.get(key, _NOTHING)
        for service in _services(rules, *mine):
            parts = [[one for one in part if service in _of(one)] for part in mine]
            asked = _asked(rules, service, dwellings, new=new)
            found = _checked(parts[0], parts[1], parts[2], asked[0])
            near = nearby.get((community[0], service), 0.0)
            said = _evidence(
                parts, asked[1], near if found["status"] in _LACKING else 0.0, _WORDS[language]
            )
            own: Row = {"service": service, **found, "evidence": said}
            table.append(head | own)
        table += [head | one for one in _rooms(mine[0], mine[2], _WORDS[language])]
    away = promised[promised["estate_id"].isna()]
    lost += [
        ("detailed plan", row.plot_id, None, row.name_, np.nan, "no_estate")
        for row in away.rename(columns={"name": "name_"}).itertuples()
    ]
    return Provision(
        table=pd.DataFrame(table, columns=list(PROVISION)),
        unjoined=pd.DataFrame(lost, columns=list(UNJOINED)).astype({"estate": object}),
    )


_LACKING = ("short", "absent", "not_built")
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "en": ("plan {}: {}", "built: {}", "its community has {:.0f} m²"),
    "zh": ("详规{}：{}", "现有：{}", "所在社区共有{:.0f}㎡"),
}


def _joined(
    estates: gpd.GeoDataFrame, handover: pd.DataFrame
) -> tuple[dict[Hashable, list[Row]], list[tuple[object, ...]]]:
    """Join the rows of a ledger to estates by name; what fits none or several is kept apart."""
    by_name: dict[str, list[str]] = {}
    for key, name in zip(estates["estate_id"], estates["name"], strict=True):
        if isinstance(name, str):
            by_name.setdefault(plain(name), []).append(key)
    rows: dict[Hashable, list[Row]] = {}
    lost: list[tuple[object, ...]] = []
    for row in handover.to_dict("records"):
        found = by_name.get(plain(row["estate"]), []) if isinstance(row["estate"], str) else []
        if len(found) == 1:
            rows.setdefault(found[0], []).append(row)
            continue
        reason = "several_estates" if found else "no_estate"
        said = (row["row_id"], row["estate"], row["name"], row["floor_m2"], reason)
        lost.append(("ledger", *said))
    return rows, lost


def _records(table: pd.DataFrame, key: str) -> dict[Hashable, list[Row]]:
    rows: dict[Hashable, list[Row]] = {}
    for row in pd.DataFrame(table).to_dict("records"):
        name = row[key]
        rows.setdefault(name if isinstance(name, str) else None, []).append(row)
    return rows


def _floor_by_community(facilities: pd.DataFrame) -> dict[tuple[object, object], float]:
    sums: dict[tuple[object, object], float] = {}
    once = facilities.drop_duplicates(["place_id", "service"])
    for row in pd.DataFrame(once).to_dict("records"):
        key = (row["community_id"], row["service"])
        sums[key] = sums.get(key, 0.0) + float(np.nan_to_num(_number(row, "floor_m2")))
    return sums


def _number(row: Mapping[Hashable, Any], key: str) -> float:
    value = row.get(key)
    return float("nan") if value is None or pd.isna(value) else float(value)


def _of(row: Row) -> tuple[str, ...]:
    services = row.get("services")
    return tuple(services.split("; ")) if isinstance(services, str) else (row["service"],)


def _services(rules: ProvisionRules, *parts: list[Row] | tuple[Row, ...]) -> list[str]:
    """List what an estate is asked for, was promised, or was handed over; not all it has."""
    plan, _, rooms = parts
    found = {one["service"] for one in plan if one["service"] != OTHER}
    found |= {service for one in rooms for service in _of(one) if service}
    return sorted(found | set(rules.norms))


def _asked(
    rules: ProvisionRules, service: str, dwellings: float, *, new: bool | None
) -> tuple[float, str]:
    norm = rules.norms.get(service)
    if norm is None:
        return float("nan"), ""
    # An estate of unknown age is asked for the smaller number.
    young = bool(new) if new is not None else norm.new_m2 < norm.old_m2
    area = norm.per_100(new=young)
    said = f"{area:g} m²/100: {norm.said(new=young)}"
    return area * dwellings / 100.0, said


def _checked(plan: list[Row], built: list[Row], rooms: list[Row], required: float) -> Row:
    """Compare what was promised, built, handed over and asked for, for one service."""
    places = {str(one.get("place_id") or one["facility_id"]): one for one in built}
    sizes = np.array([_size(one) for one in places.values()], dtype=np.float64)
    floor = float(sizes.sum()) if len(sizes) and np.isfinite(sizes).all() else float("nan")
    handed = _handed(rooms)
    over = [_number(one, "floor_m2") for one in rooms]
    if not built:  # a room of the ledger that no list of facilities puts here is there all the same
        floor = float(np.sum(over))
    wanted = [_number(one, "promised_m2") for one in rooms]
    short = max(required - floor, 0.0) if np.isfinite(required) else float("nan")
    if plan and not built and not rooms:
        status = "not_built"
    elif handed == "no":
        status = "not_handed_over"
    elif handed == "partly":
        status = "title_open"
    elif np.isfinite(short) and short > 0:
        status = "short" if built or rooms else "absent"
    elif np.isnan(floor) or (not built and not rooms and np.isnan(required)):
        status = "size_unknown"
    else:
        status = "met"
    return {
        "types": "; ".join(sorted({str(one["type"]) for one in built})) or None,
        "promised": bool(plan),
        "promised_m2": float(np.nansum(wanted)) if np.isfinite(wanted).any() else np.nan,
        "built_m2": floor,
        "handed_over": handed,
        "handed_over_m2": float(np.nansum(over)) if np.isfinite(over).any() else np.nan,
        "handed_over_on": "; ".join(str(one["date"]) for one in rooms if one["date"]) or None,
        "required_m2": required,
        "short_m2": short,
        "status": status,
    }


def _size(row: Row) -> float:
    floor = _number(row, "floor_m2")
    return _number(row, "site_m2") if np.isnan(floor) else floor


def _handed(rooms: list[Row]) -> str:
    states = {one["handed_over"] for one in rooms}
    if not states:
        return "unknown"
    if len(states) == 1:
        return str(states.pop())
    return "partly" if states & {"partly", "no"} else "yes"


def _rooms(
    plan: list[Row] | tuple[Row, ...],
    rooms: list[Row] | tuple[Row, ...],
    words: tuple[str, str, str],
) -> list[Row]:
    """Tell of rooms that serve no service: handed over, or promised and in no ledger."""
    asked = [one for one in plan if one["service"] == OTHER]
    found = [_room(one, promised=bool(asked)) for one in rooms if not one["services"]]
    if asked and not found:
        said = "; ".join(words[0].format(one["plot_id"], one["name"]) for one in asked)
        blank: Row = dict.fromkeys(("promised_m2", "built_m2", "required_m2", "short_m2"), np.nan)
        found.append(
            blank
            | {
                "service": OTHER,
                "promised": True,
                "handed_over": "unknown",
                "status": "no_record",
                "evidence": said,
            }
        )
    return found


def _room(row: Row, *, promised: bool) -> Row:
    use = row["use"] if isinstance(row["use"], str) else None
    status = "use_unknown" if use is None else "other_use" if use == "other" else use
    if use == "property":
        status = "title_open" if row["handed_over"] in ("partly", "no") else "met"
    note = f", {row['note']}" if isinstance(row["note"], str) else ""
    return {
        "service": OTHER,
        "types": None,
        "promised": promised and use == "property",
        "promised_m2": _number(row, "promised_m2"),
        "built_m2": _number(row, "floor_m2"),
        "handed_over": row["handed_over"],
        "handed_over_m2": _number(row, "floor_m2"),
        "handed_over_on": row["date"],
        "required_m2": np.nan,
        "short_m2": np.nan,
        "status": status,
        "evidence": f"{row['row_id']}: {row['name'] or '–'}{note}",
    }


def _evidence(
    parts: list[list[Row]], norm: str, near: float, words: tuple[str, str, str]
) -> str | None:
    plan, built, rooms = parts
    said = [words[0].format(one["plot_id"], one["name"]) for one in plan]
    said += dict.fromkeys(words[1].format(one["name"] or one["type"]) for one in built)
    said += [f"{one['row_id']}: {one['name']}" for one in rooms]
    if norm:
        said.append(norm)
    if near > 0:
        said.append(words[2].format(near))
    return "; ".join(said) or None
