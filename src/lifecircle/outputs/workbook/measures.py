"""
Coverage becomes a sheet of all its bases (覆盖率口径比较表), with how near things are below it.

They explain a verdict and never make one; a requirement nobody can judge shows no share here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lifecircle.outputs import style
from lifecircle.outputs.content import Content
from lifecircle.outputs.csvs import in_order
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records, rows_by
from lifecircle.standards import Requirement

WAYS = tuple(
    (base, method)
    for base in ("people", "residential_land", "floor_area")
    for method in ("network", "radius")
)
"""Bases and methods in the order of the columns."""

Lookup = Mapping[tuple[Cell, ...], Mapping[str, Cell]]


def asked(content: Content) -> list[Requirement]:
    """
    List the requirements that must be met.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    requirements
        Those of the base view, in report order.
    """
    return [one for one in content.standard.requirements if one.makes_gaps]


def coverage_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the covered shares of every base side by side (覆盖率口径比较表).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        Areas by required item, from the whole study down to the community, then how near each
        item is in the whole study; None where nothing was measured.
    """
    if len(content.coverage) == 0:
        return None
    say, head = names.say, names.heading
    where = rows_by(content.communities, "community_id")
    rows: list[Row] = []
    for level, area_id, area_name, of_area in _areas(content):
        subdistrict = where.get(area_id, {}).get("subdistrict") if level == "community" else None
        for one in asked(content):
            cells = shares_of(of_area, one.id, names)
            place = (names.label("level", level), subdistrict, area_name)
            rows.append((*place, names.requirements[one.id], *cells))
    return Worksheet(
        name=say("覆盖率口径比较表", "Coverage by base"),
        note=say(
            "路网步行为判定所用；直线半径不考虑河流、铁路和围墙，仅供比较。居住用地按20米网格"
            "逐格计算，步行规则与住户点相同；全部要求与层级见 tables/coverage.csv。",
            "Verdicts rest on walks along streets; the straight line knows no rivers, railways or"
            " walls and is for comparison only. Residential land is asked cell by cell (20 m) by"
            " the rule of homes; all requirements are in tables/coverage.csv.",
        ),
        blocks=(
            Block(
                title=say("覆盖率口径比较表", "Coverage by base"),
                fields=(
                    Field(heading=head("level")),
                    Field(heading=head("subdistrict")),
                    Field(heading=head("area_name")),
                    Field(heading=head("requirement"), form="wide"),
                    *share_fields(names),
                ),
                rows=tuple(rows),
                empty=say("没有应配建要求。", "Nothing is required."),
            ),
            _nearness(content, names),
        ),
        held=4,
    )


def share_fields(names: Names) -> tuple[Field, ...]:
    """
    Name the columns of `shares_of`.

    Parameters
    ----------
    names
        Words of the run.

    Returns
    -------
    fields
        One per base and method, then what the edition names and how many people the bases
        speak of.
    """
    say, label = names.say, names.label
    return (
        *(
            Field(
                heading=f"{label('base', base)}\n{label('coverage_method', method)}", form="share"
            )
            for base, method in WAYS
        ),
        Field(heading=names.heading("official")),
        Field(heading=say("居住用地上\n的人口比例", "people on\nresidential land"), form="share"),
        Field(
            heading=say("建筑面积已知\n的人口比例", "people whose\nfloor area is known"),
            form="share",
        ),
    )


def shares_of(of_area: Lookup, requirement: str, names: Names) -> tuple[Cell, ...]:
    """
    Give the shares of one requirement in one area.

    Parameters
    ----------
    of_area
        Requirement, base and method to the row of `tables.COVERAGE`.
    requirement
        Its id.
    names
        Words of the run.

    Returns
    -------
    cells
        As `share_fields` names them.
    """
    found = {way: of_area.get((requirement, *way), {}) for way in WAYS}
    official = next((way for way, row in found.items() if row.get("official")), None)
    told = None
    if official is not None:
        told = names.say("、", ", ").join(
            (names.label("base", official[0]), names.label("coverage_method", official[1]))
        )
    return (
        *(row.get("share") for row in found.values()),
        told,
        found["residential_land", "network"].get("known"),
        found["floor_area", "network"].get("known"),
    )


def judged(content: Content) -> Callable[[Cell, Cell, Cell], bool]:
    """
    Say which shares may be shown: those of requirements that can be judged.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    known
        Asked with level, area and requirement.
    """
    scores = content.scores
    rows = scores[scores["verdict"] == "unknown"]
    hidden = set(zip(rows["level"], rows["area_id"], rows["requirement"], strict=True))
    return lambda level, area, requirement: (level, area, requirement) not in hidden


def study_shares(content: Content) -> Lookup:
    """
    Look up the shares of the whole study.

    Parameters
    ----------
    content
        What the run has to show.

    Returns
    -------
    of_area
        As `shares_of` takes it.
    """
    return next((found for level, _, _, found in _areas(content) if level == "study"), {})


def _areas(content: Content) -> list[tuple[str, Cell, Cell, Lookup]]:
    table = in_order(content.coverage, "coverage")
    known = judged(content)
    found: list[tuple[str, Cell, Cell, Lookup]] = []
    for level in reversed(style.codes("level")):
        for area_id, part in table[table["level"] == level].groupby("area_id", sort=True):
            rows = [
                row for row in records(part) if known(level, row["area_id"], row["requirement"])
            ]
            lookup: Lookup = {(row["requirement"], row["base"], row["method"]): row for row in rows}
            found.append((level, area_id, part.iloc[0]["area_name"], lookup))
    return found


def _nearness(content: Content, names: Names) -> Block:
    head, say = names.heading, names.say
    known = judged(content)
    table = in_order(content.nearness, "nearness")
    of_study = rows_by(table[table["level"] == "study"], "requirement")
    rows: list[Row] = []
    for one in content.standard.requirements:
        row = of_study.get(one.id)
        if row is None or not known("study", row["area_id"], one.id):
            continue
        rows.append(
            (
                names.requirements[one.id],
                names.label("group", one.group),
                *(
                    minutes(row[name])
                    for name in ("median_s", "p90_s", "nearest_2_s", "nearest_3_s")
                ),
                row["within"],
            )
        )
    return Block(
        title=say(
            "就近程度（全域，分钟；空白为两倍限值内步行不到）",
            "How near (whole area, minutes; blank: not within twice the limit)",
        ),
        fields=(
            Field(heading=head("requirement"), form="wide"),
            Field(heading=head("group")),
            Field(heading=say("最近\n中位数", "nearest\nmedian"), form="minutes"),
            Field(heading=say("最近\n九成人口不超过", "nearest\nnine in ten"), form="minutes"),
            Field(heading=say("第二近\n中位数", "second\nmedian"), form="minutes"),
            Field(heading=say("第三近\n中位数", "third\nmedian"), form="minutes"),
            Field(heading=head("within"), form="ratio"),
        ),
        rows=tuple(rows),
        column=3,
    )


def minutes(seconds: Cell) -> float | None:
    """
    Turn seconds into minutes.

    Parameters
    ----------
    seconds
        A time [s] or missing.

    Returns
    -------
    minutes
        [min]; None where it is missing.
    """
    return None if seconds is None or isinstance(seconds, str) else float(seconds) / 60.0
