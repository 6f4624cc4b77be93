"""
Rows of facility lists without a place become one sheet a planner fills in and returns (待定位).

A later run reads it back by its keys, so they and the headings of coordinates must stay.
"""

from __future__ import annotations

import pandas as pd

from lifecircle.outputs.content import Content
from lifecircle.outputs.names import Names
from lifecircle.outputs.workbook.grid import Block, Cell, Field, Row, Worksheet, records

_DEGREE_DIGITS = 6  # 0.1 m


def place_sheet(content: Content, names: Names) -> Worksheet | None:
    """
    Lay out the rows that have no place (待定位).

    Parameters
    ----------
    content
        What the run has to show.
    names
        Its words.

    Returns
    -------
    sheet
        One row per row of a list, with the best guess and empty cells for its place; None where
        every row has one. Places a planner gave are in it, so that the next run finds them again.
    """
    if not len(content.to_place):
        return None
    say, head = names.say, names.heading
    fields = (
        Field(heading=say("定位编号", "place_key")),
        Field(heading=say("名录", "list"), form="wide"),
        Field(heading=say("行号", "row"), form="number"),
        Field(heading=head("name"), form="wide"),
        Field(heading=say("地址", "address"), form="wide"),
        Field(heading=head("services"), form="wide"),
        Field(heading=say("推测经度", "guessed longitude")),
        Field(heading=say("推测纬度", "guessed latitude")),
        Field(heading=say("推测方法", "guessed by"), form="wide"),
        Field(heading=say("把握", "certainty"), form="ratio"),
        Field(heading=head("evidence"), form="wide"),
        Field(heading=say("疑点", "doubts"), form="wide"),
        Field(heading=say("经度", "lon"), planner=True),
        Field(heading=say("纬度", "lat"), planner=True),
        Field(heading=say("备注", "note"), form="wide", planner=True),
    )
    table = content.to_place.sort_values(["list", "row"], kind="stable")
    return Worksheet(
        name=say("待定位", "Places to find"),
        note=say(
            "这些设施没有坐标，地址也查不准，未进入评价。请在黄色列填经纬度（WGS 84，或在 study"
            ".toml 里写明坐标系），把本表填入 geocode.placed 后重新运行；定位编号请勿改动。",
            "These facilities have no coordinates and no address that is sure enough, and are left"
            " out. Fill in the yellow columns (WGS 84, or declare the datum), name this file under"
            " geocode.placed and run again; leave the keys as they are.",
        ),
        blocks=(
            Block(
                title=say("待定位", "Places to find"),
                fields=fields,
                rows=tuple(_row(one, names) for one in records(table)),
            ),
        ),
        pages_wide=2,
        held=1,
    )


def _row(one: dict[str, Cell], names: Names) -> Row:
    doubts = str(one["doubts"] or "").split(";")
    return (
        one["place_key"],
        one["list"],
        one["row"],
        one["name"],
        one["address"],
        names.listed(names.services, str(one["services"])),
        _degrees(one["guess_lon"]),
        _degrees(one["guess_lat"]),
        names.label("placed", one["method"]),
        one["confidence"],
        one["evidence"],
        names.say("；", "; ").join(names.label("place_doubt", doubt) for doubt in doubts if doubt),
        _degrees(one["lon"]),
        _degrees(one["lat"]),
        None,
    )


def _degrees(value: Cell) -> Cell:
    if value is None or isinstance(value, str) or pd.isna(value):
        return None
    return round(float(value), _DEGREE_DIGITS)
