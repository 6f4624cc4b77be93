"""
The choice of sites in plain sentences a planner can paste: one per site, one of the curve.

Everything said stands in the result tables; the words follow the planner's own years and names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names

UNLIVED = (
    "没有住宅数据，无法判断短板。",
    "No home is known: whether there are gaps cannot be told.",
)
"""What is said of gaps where nobody is known to live, in Chinese and in English."""

_MOST_NAMED = 3
_LEADS = ("residual", "tagged")
_TO_SETTLE = frozenset(
    {
        *("soil_check", "hazard", "temporary", "short_term", "rented", "term"),
        *("collective", "owners_consent"),
        *("private_owner", "rights_differ", "buildings_drawn", "no_outline", "area_differs"),
    }
)
"""Checks of land that somebody has to settle before it is used; the others only tell of it."""
_AGREED = frozenset(("collective", "owners_consent", "private_owner"))
"""Checks that name who has to agree: it is not said twice."""

Row = Mapping[str, object]


def with_sentences(content: Content) -> Content:
    """
    Say of each site in one sentence what it is.

    Parameters
    ----------
    content
        What the run has to show; not changed.

    Returns
    -------
    content
        With ``sentence`` of every site, in the content's language.
    """
    told = site_sentences(content, content.language)
    sentences = pd.Series(told, index=content.sites.index, dtype=object)
    return replace(content, sites=content.sites.assign(sentence=sentences))


def site_sentences(content: Content, language: str) -> list[str]:
    """
    Say of each site in one sentence what it is, in a language.

    Parameters
    ----------
    content
        What the run has to show; not changed.
    language
        ``zh`` or ``en``.

    Returns
    -------
    sentences
        One per site, in their order.
    """
    names = Names.of(replace(content, language=language))
    parcels = _by(content.parcels, "parcel_id")
    ways = _by(content.ways, "way_id")
    projects = _by(content.projects, "project_id")
    gaps = _by(content.gaps, "gap_id")
    programme = dict(tuple(content.programme.groupby("project_id")))
    return [
        _site(
            site,
            {**parcels.get(site["parcel_id"], {}), **ways.get(site["parcel_id"], {})},
            _places(programme.get(site["project_id"])),
            _asked(projects.get(site["project_id"], {}), gaps, names),
            names,
        )
        for site in content.sites.to_dict("records")
    ]


def _by(frame: pd.DataFrame, key: str) -> dict[object, Row]:
    if key not in frame:
        return {}
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    return {row[key]: row for row in plain.to_dict("records")}


def _places(rows: pd.DataFrame | None) -> list[str]:
    """Name the communities a site serves, those with most people first."""
    if rows is None:
        return []
    most = rows.sort_values(["people_served", "community_id"], ascending=[False, True])
    return [str(name) for name in most["community"] if isinstance(name, str)]


def _asked(project: Row, gaps: Mapping[object, Row], names: Names) -> list[str]:
    """Name what the gaps of a project ask for, in the order of the standard."""
    held = {gaps.get(one, {}).get("requirement") for one in _codes(project.get("gap_ids"))}
    return [label for one, label in names.requirements.items() if one in held]


def _codes(cell: object) -> list[str]:
    return [one.strip() for one in cell.split(";") if one.strip()] if isinstance(cell, str) else []


def _some(texts: list[str], names: Names, counted: str) -> str:
    """List the first few, and how many there are where that is not all."""
    shown = names.say("、", ", ").join(texts[:_MOST_NAMED])
    if len(texts) <= _MOST_NAMED:
        return shown
    more = len(texts) - _MOST_NAMED
    return names.say(f"{shown}等{len(texts)}{counted}", f"{shown} and {more} more")


def _number(value: object) -> str | None:
    if not isinstance(value, int | float) or pd.isna(value):
        return None
    return f"{value:,.0f}"


def _site(site: Row, ground: Row, places: list[str], asked: list[str], names: Names) -> str:
    say = names.say
    kind = names.label("site_kind", site["kind"])
    name, community = ground.get("name"), names.communities.get(str(ground.get("community_id")))
    called = name if isinstance(name, str) and name not in ("", kind) else site["parcel_id"]
    types = names.listed(names.types, site["types"])
    area = _number(ground.get("area_m2", site["area_m2"]))
    size = say(f"，约{area}平方米", f", about {area} m²") if area else ""
    floor = _number(site["floor_m2"] or None)
    year, people = _number(site["year"]), _number(site["newly_covered"])
    where = community or say("研究范围内", "the study area")
    deed = {
        "stock_room": say(
            f"利用{kind}（{called}{size}）设置{types}",
            f"put {types} into idle premises ({called}{size})",
        ),
        "share": say(f"开放共享{called}，作为{types}", f"open {called} to everybody as {types}"),
        "extension": say(f"改扩建{called}，提供{types}", f"extend {called} to provide {types}"),
        "gate": say(f"打通{called}处出入口", f"open a link at {called}"),
    }.get(
        str(site["kind"]),
        say(
            f"利用{kind}（{called}{size}）建设{types}", f"build {types} on {kind} ({called}{size})"
        ),
    )
    parts = [say(f"在{where}{deed}", f"In {where}, {deed}")]
    if floor and types and site["kind"] not in ("gate", "share"):
        parts.append(say(f"建筑面积约{floor}平方米", f"about {floor} m² of floor"))
    outdoor = _number(site.get("outdoor_m2") or None)
    if outdoor:
        parts.append(say(f"室外场地约{outdoor}平方米", f"about {outdoor} m² of open-air ground"))
    if year:
        parts.append(say(f"第{year}年实施", f"in year {year}"))
    first = say("，", ", ").join(parts)
    gain = say(
        f"建成后新增覆盖{people}人"
        + (f"，主要为{_some(places, names, '个社区')}居民" if places else ""),
        f"{people} people are newly covered"
        + (f", mostly of {_some(places, names, '')}" if places else ""),
    )
    if asked:
        quoted = [f"“{one}”" for one in asked]
        gain += say(
            f"，针对{_some(quoted, names, '项要求的')}短板",
            f"; it answers gaps of {_some(quoted, names, '')}",
        )
    gain += _beyond(site, names)
    needed = _before(site, ground, names)
    last = say(f"；前提：{'；'.join(needed)}", f"; first: {'; '.join(needed)}") if needed else ""
    return f"{first}{say('；', '; ')}{gain if people else ''}{last}{say('。', '.')}"


def _beyond(site: Row, names: Names) -> str:
    """Say where more people are newly covered than what is built can serve."""
    over = site.get("over_people")
    if not isinstance(over, float) or not over >= 0.5:  # missing is not
        return ""
    held, more = _number(site["capacity"]), _number(over)
    return names.say(
        f"，其中{more}人超出其服务能力（{held}人），宜扩大规模或就近增设",
        f", {more} of them beyond the {held} it can serve: build larger or a second one nearby",
    )


def _before(site: Row, ground: Row, names: Names) -> list[str]:
    """List what has to be settled before anything is built."""
    say, found = names.say, []
    if site["conforms"] in ("adjust", "no"):
        found.append(say("调整详细规划", "change the detailed plan"))
    elif site["conforms"] == "not_covered":
        found.append(say("编制详细规划（现无覆盖）", "a detailed plan (there is none)"))
    found += [
        names.label("land_note", code)
        for code in _codes(ground.get("checks"))
        if code in _TO_SETTLE
    ]
    consent = ground.get("consent")
    told = _AGREED & {*_codes(ground.get("checks"))}
    if isinstance(consent, str) and consent and not told:
        found.append(_consent(consent, names))
    owner = ground.get("owner")
    if isinstance(owner, str) and owner and not found:
        found.append(say(f"产权人同意（{owner}）", f"consent of the owner ({owner})"))
    if ground.get("origin") in _LEADS:
        found.append(
            say("现场、权属与规划核实（疑似用地）", "checks on site and in the register (a lead)")
        )
    return list(dict.fromkeys(found))


def _consent(code: str, names: Names) -> str:
    """Name who has to agree; a code nobody declared is told without its word."""
    if "consent" in style.domains() and code in style.codes("consent"):
        return names.label("consent", code)
    return names.say("产权人或管理单位同意", "consent of whoever owns or runs it")


def curve_sentence(content: Content, names: Names) -> str:
    """
    Say in one sentence where more sites begin to bring less.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sentence
        Empty where nothing was chosen, or people are held back.
    """
    say, curve = names.say, content.curve
    plan = curve[curve["planned"] == True] if len(curve) else curve  # noqa: E712 - objects
    if not len(plan) or plan["people"].isna().any():
        return ""
    total, n = float(plan["people"].iloc[-1]), len(plan)
    said = say(
        f"全部 {n} 处选址共新增覆盖 {total:,.0f} 人",
        f"All {n} sites together newly cover {total:,.0f} people",
    )
    bend = plan[plan["knee"] == True]  # noqa: E712
    if len(bend):
        k, people = int(bend["sites"].iloc[0]), float(bend["people"].iloc[0])
        rest = (total - people) / max(n - k, 1)
        said += say(
            f"；前 {k} 处已覆盖其中 {people:,.0f} 人（{people / total:.0%}），"
            f"其后每处平均再增 {rest:,.0f} 人",
            f"; the first {k} of them bring {people:,.0f} ({people / total:.0%}), each further one "
            f"{rest:,.0f} on average",
        )
    following = curve[curve["planned"] == False]  # noqa: E712
    if len(following) and pd.notna(following["added"].iloc[0]):
        one = following.iloc[0]
        called = names.parcels.get(one["parcel_id"], one["parcel_id"])
        said += say(
            f"；再增 1 处（{called}）可再增 {one['added']:,.0f} 人",
            f"; one more ({called}) would bring {one['added']:,.0f}",
        )
    if content.everybody is not None:
        said += _for_all(*content.everybody, names)
    return said + say("。", ".")


def _for_all(n: int, least: int, names: Names) -> str:
    return names.say(
        f"；要让备选用地用房所能服务的未覆盖居民全部覆盖，需 {n} 处"
        + ("（已证最少）" if n == least else f"（至少 {least} 处）"),
        f"; everybody whom any candidate could serve takes {n} sites "
        + ("(proved fewest)" if n == least else f"(at least {least})"),
    )


def wish_evidence(wish: Row, names: Names) -> str:
    """
    Say what speaks for the reason why a gap stays open.

    Parameters
    ----------
    wish
        A row of `tables.WISHES`.
    names
        The run's words.

    Returns
    -------
    text
        Empty where the reason says it all.
    """
    say, why = names.say, wish["why"]
    parcel, needs, found = wish["parcel_id"], _number(wish["needs_m2"]), _number(wish["found_m2"])
    parcel = names.parcels.get(str(parcel), parcel)
    gain = _number(wish["gain"])
    brings = say(f"，可新增覆盖{gain}人", f": would bring {gain} people") if gain else ""
    if why == "one_more":
        return f"{parcel}{brings}"
    if why == "too_small":
        return say(
            f"需{needs}㎡，最合适的{parcel}仅{found}㎡",
            f"needs {needs} m², the best, {parcel}, has {found} m²",
        )
    if why == "unsuited":
        return say(
            f"{parcel}形状、楼层或期限不适用", f"{parcel}: its shape, floor or term does not suit"
        )
    if why in ("refused", "doubtful", "lead"):
        codes = _codes(wish["evidence"])
        told = say("、", ", ").join(
            say("研究文件指定不用", "ruled out in the study file")
            if one == "never"
            else names.label("land_note", one)
            for one in codes
        )
        return f"{parcel}{say('：', ': ') + told if told else ''}{brings}"
    if why == "no_land":
        return (
            say(
                f"限值内没有候选用地用房，需{needs}㎡",
                f"no candidate within the limit; {needs} m² needed",
            )
            if needs
            else ""
        )
    return str(parcel) if isinstance(parcel, str) else ""


def open_sentence(content: Content, names: Names) -> str:
    """
    Say how many gaps stay open once all projects are done, and why most of them do.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sentence
        Empty where there are no gaps. A gap counts by the reason most of its people have.
    """
    say = names.say
    now = content.real_gaps["gap_id"].nunique()
    if not now:
        return ""
    first = main_reasons(content.wishes)
    counts = sorted(first["why"].value_counts().items(), key=lambda one: (-one[1], str(one[0])))
    left = len(first)
    unit = say(" 条", "")
    parts = [f"{names.label('wish', why)} {count}{unit}" for why, count in counts[:_MOST_NAMED]]
    why = say("：", ": ") + say("、", ", ").join(parts) if parts else ""
    more = len(counts) > _MOST_NAMED
    return say(
        f"{now} 条短板中，全部项目实施后消除 {now - left} 条，仍余 {left} 条{why}"
        + ("等。" if more else "。"),
        f"Of {now} gaps all projects close {now - left}; {left} stay open{why}"
        + (" and others." if more else "."),
    )


def main_reasons(wishes: pd.DataFrame) -> pd.DataFrame:
    """
    Keep, of each gap, the reason that most of its people have.

    Parameters
    ----------
    wishes
        `tables.WISHES`.

    Returns
    -------
    first
        One row per gap.
    """
    order = wishes.sort_values(
        ["people_left", "gap_id", "why"], ascending=[False, True, True], kind="stable"
    )
    return order.drop_duplicates("gap_id")
