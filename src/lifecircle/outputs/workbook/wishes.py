"""Gaps that stay open with all projects become tables: by reason and service, and one by one."""

from __future__ import annotations

from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.sentences import wish_evidence
from lifecircle.outputs.workbook.grid import Block, Field, Row, records

_MOST_LISTED = 200
_MOST_NAMED = 3


def wish_totals(content: Content, names: Names) -> Block:
    """
    Add up gaps that stay open by reason and service.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per reason and service, most gaps first. A gap counts under each of its reasons;
        people of a community who have one reason for several gaps count once (the largest).
    """
    head, say = names.heading, names.say
    rows: list[Row] = []
    keys = ["why", "would_help", "service"]
    for (why, helps, service), part in content.wishes.groupby(keys, sort=True):
        most = part.groupby("community")["people_left"].max().fillna(0.0).round(6)
        order = sorted(most.items(), key=lambda one: (-float(one[1]), str(one[0])))
        known = part["people_left"].notna().all()
        shown = say("、", ", ").join(str(name) for name, _ in order[:_MOST_NAMED])
        more = say(f"等{len(order)}个", f" and {len(order) - _MOST_NAMED} more")
        rows.append(
            (
                names.label("wish", why),
                names.services.get(str(service), str(service)),
                float(part["gap_id"].nunique()),
                float(len(order)),
                float(most.sum()) if known else None,
                shown + more * (len(order) > _MOST_NAMED),
                names.label("would_help", helps),
            )
        )
    rows.sort(key=lambda row: (-float(row[2] or 0.0), str(row[0]), str(row[1])))
    return Block(
        title=say(
            "项目实施后仍未解决的短板：原因与途径", "Gaps that stay open: why, and what would help"
        ),
        fields=(
            Field(heading=say("未解决原因", "why"), form="wide"),
            Field(heading=head("service")),
            Field(heading=say("涉及短板（条）", "gaps"), form="number"),
            Field(heading=say("涉及社区（个）", "communities"), form="number"),
            Field(heading=say("未覆盖人口（每社区取最大）", "people, each once"), form="people"),
            Field(heading=say("主要社区", "mostly in"), form="wide"),
            Field(heading=head("would_help"), form="wide"),
        ),
        rows=tuple(rows),
        empty=say("全部短板均由项目解决。", "The projects close every gap."),
    )


def wish_block(content: Content, names: Names) -> Block:
    """
    List the gaps that stay open with their reasons.

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    table
        One row per gap, most people first, at most two hundred: the reason most of its people
        have, with the others behind it.
    """
    head, say = names.heading, names.say
    wishes = in_order(content.wishes, "wishes").sort_values(
        "people_left", ascending=False, kind="stable"
    )
    by_gap: dict[str, list[dict[str, object]]] = {}
    for row in records(wishes):
        by_gap.setdefault(str(row["gap_id"]), []).append({**row})
    told = [(_people(mine), gap, mine) for gap, mine in by_gap.items()]
    told.sort(key=lambda one: (-(one[0] or 0.0), one[1]))
    left = max(len(told) - _MOST_LISTED, 0)
    rows = tuple(
        (
            str(mine[0]["community"]),
            names.listed(names.requirements, mine[0]["requirement"]),
            people,
            names.label("wish", mine[0]["why"]),
            wish_evidence(mine[0], names),
            say("；", "; ").join(_other(one, names) for one in mine[1:]),
            names.label("would_help", mine[0]["would_help"]),
            gap,
        )
        for people, gap, mine in told[:_MOST_LISTED]
    )
    return Block(
        title=say("项目实施后仍未解决的短板（逐条）", "Gaps that stay open, one by one")
        + say(
            f"：人数最多的{_MOST_LISTED}条，另有{left}条见 tables/wishes.csv",
            f": the largest {_MOST_LISTED}; {left} more in tables/wishes.csv",
        )
        * (left > 0),
        fields=(
            Field(heading=head("community"), form="wide"),
            Field(heading=head("requirement")),
            Field(heading=head("people_left"), form="people"),
            Field(heading=say("主要原因", "main reason"), span=2),
            Field(heading=head("evidence"), span=2),
            Field(heading=say("其他原因", "other reasons"), span=2),
            Field(heading=head("would_help"), span=2),
            Field(heading=head("gap_id")),
        ),
        rows=rows,
        empty=say("全部短板均由项目解决。", "The projects close every gap."),
    )


def _people(mine: list[dict[str, object]]) -> float | None:
    """Add up the people of a gap; None where some are held back."""
    counts = [one["people_left"] for one in mine]
    known = [float(one) for one in counts if isinstance(one, int | float)]
    return sum(known) if len(known) == len(counts) else None


def _other(one: dict[str, object], names: Names) -> str:
    people = one["people_left"]
    said = names.label("wish", one["why"])
    if not isinstance(people, int | float):
        return said
    return names.say(f"{said} {people:,.0f}人", f"{said}: {people:,.0f} people")
