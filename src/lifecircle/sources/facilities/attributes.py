"""
The columns of a facility list -> status, audience, sizes, hours: what is said of each place.

A note goes before the column it contradicts, for it was written later and by hand.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from lifecircle.sources.facilities.notes import open_days, read_name_notes, read_note
from lifecircle.sources.facilities.openings import opening_year, year_in
from lifecircle.sources.sheets.cells import (
    Layer,
    areas_of,
    codes_of,
    numbers_of,
    texts_of,
    warn_of_rows,
)

_STATUS = (
    ("closed", "(?:.*(?:关闭|停用|停业|停办|停止|暂停|撤销|注销|拆除|已拆).*|closed)"),
    ("promised", "(?:.*承诺.*|promised)"),
    ("building", "(?:.*(?:在建|施工|建设中).*|building|construction|under construction)"),
    ("planned", "(?:.*(?:规划|拟建|待建|筹建|未建|新建).*|planned|proposed)"),
    (
        "existing",
        "(?:.*(?:现状|现有|已建|建成|保留|营业|在用|(?<![未不])运营|正常).*|existing|open|active)",
    ),
)
_OPEN_TO = (
    ("members", ".*(?:会员|职工|员工|本单位|学生|师生).*|members|staff"),
    ("residents", "否|0|false|no|n|.*(?:仅限|不对外|不开放|内部|业主|居民).*|residents|private"),
    ("anyone", "是|1|true|yes|y|√|✓|.*(?:对外|开放|公众|公共|公益).*|anyone|public"),
)


def attributes_of(cells: Layer) -> pd.DataFrame:
    """
    Read the columns that describe a place.

    Parameters
    ----------
    cells
        The list, with the meanings of its columns.

    Returns
    -------
    attributes
        One row per row: ``name, status, open_to, floor_m2, site_m2, area_m2`` (an area that is not
        said to be either), ``beds, places, opens`` (year), ``hours, open_workdays,
        open_weekends, owner, address, note`` and ``said``, the words of a name or a note that
        decided on status and audience.

    Warns
    -----
    DoubtfulRowsWarning
        If cells hold words or numbers nobody can use, or a note speaks of moving.
    """
    status, odd = codes_of(cells, "status", _STATUS)
    warn_of_rows(
        cells,
        odd,
        "have a status nobody knows, which is left missing: write 现状, 在建, 规划, 承诺 or 关闭",
    )
    open_to, odd = codes_of(cells, "open_to", _OPEN_TO)
    warn_of_rows(
        cells,
        odd,
        "do not say in known words whom they are open to, which is left "
        "missing: write 对外开放 or 仅限居民",
    )
    names, notes, hours = (texts_of(cells, one) for one in ("name", "note", "hours"))
    said = [""] * len(cells)
    moved = np.zeros(len(cells), dtype=bool)
    for at, (name, note) in enumerate(zip(names, notes, strict=True)):
        moved[at] = note is not None and "迁" in note
        # The last to speak is the surest.
        for where, words in (("name", read_name_notes(name)), ("note", read_note(note))):
            if words.status is not None:
                status[at] = words.status
                said[at] += f"; {words.status}: {where} {words.status_words}"
            if words.open_to is not None:
                open_to[at] = words.open_to
                said[at] += f"; {words.open_to}: {where} {words.open_words}"
    warn_of_rows(cells, moved, "have a note on moving: check which place the row stands for")
    days = [open_days(text) for text in hours]
    opens = [
        year_in(cell) if pd.isna(told := opening_year(note)) else told
        for cell, note in zip(texts_of(cells, "opens"), notes, strict=True)
    ]
    return pd.DataFrame(
        {
            "name": names,
            "status": status,
            "open_to": open_to,
            "floor_m2": areas_of(cells, "floor", about=True),
            "site_m2": areas_of(cells, "site", about=True),
            "area_m2": areas_of(cells, "area", about=True),
            "beds": numbers_of(cells, "beds", about=True),
            "places": numbers_of(cells, "places", about=True),
            "opens": opens,
            "hours": hours,
            "open_workdays": pd.array([one for one, _ in days], dtype="boolean"),
            "open_weekends": pd.array([one for _, one in days], dtype="boolean"),
            "owner": texts_of(cells, "owner"),
            "address": texts_of(cells, "address"),
            "note": notes,
            "said": said,
        }
    )
