"""
Files that were recognised -> a study file that works as it stands, with a word on every line.

Every file is named: beside the key it serves, or at the end with the reason why nothing reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import shapely

from lifecircle.errors import Problem, SourceError
from lifecircle.sources.people.sheets import date_in
from lifecircle.sources.vectors.looks import Bounds
from lifecircle.study.drafting.folder import Found, look_through
from lifecircle.study.drafting.keys import KEYS, SEVERAL, reads
from lifecircle.study.drafting.offers import (
    Extract,
    box_of,
    cover_codes_of,
    look_at_cover,
    look_at_extract,
    look_at_raster,
    middle_of,
)
from lifecircle.study.drafting.texts import one_line, part_of, quoted
from lifecircle.study.drafting.writing import Draft, Writer

_ALIKE = frozenset(("survey_land", "plan"))
_OF_A_PLAN = ("units", "planned_roads")


def draft_study(source: Path | str, target: Path) -> Draft:
    """
    Draw up a study file.

    Parameters
    ----------
    source
        A folder of files, an extract, or the name of a place.
    target
        Where the study file will lie: paths are relative to its folder where they can be.

    Returns
    -------
    draft
        Its text.

    Raises
    ------
    LifecircleError
        If there is nothing to draw it up from: no files, or none that says where streets are.
    """
    path = Path(source)
    if not path.exists() and not path.suffix and len(path.parts) == 1:
        _refuse_slip(path)
        return _of_place(str(source))
    path = path.resolve()
    found = list(look_through(path))
    around = _around(found)
    extract = _extract(found, around)
    if around is None and extract is not None:
        around = box_of(extract.area)
    if around is None:
        around = _middle_of_roads(found)
    if around is not None:
        found = [_settled(one, around) for one in found]
    used, unused = _sorted_out(found)
    return Writer(used, unused, target.resolve().parent, path, extract, around).draft()


def _refuse_slip(path: Path) -> None:
    """Refuse a name that is almost that of something here: it was hardly meant as a place."""
    here = [entry.name for entry in Path().iterdir()]
    alike = get_close_matches(path.name, here, n=1, cutoff=0.75)
    if alike:
        raise SourceError(
            Problem(
                what=f"there is no '{one_line(path.name)}' here",
                where=str(path),
                remedy=f"did you mean '{alike[0]}'? To look up a place of that name write it with "
                "its county or country, as in 'Xihu, Hangzhou'",
            )
        )


def _of_place(name: str) -> Draft:
    lines = [
        f"# Drawn up by `lifecircle init` for {one_line(name)}: everything is looked up online.",
        "[study]",
        f"name = {quoted(name)}",
        "online = true                     # without it nothing touches the internet",
        "",
        "[area]",
        f"place = {quoted(name)}",
        "",
        "[network]",
        "online = true",
        "",
        "[communities]",
        'draw = "places"                   # better: file = the outlines of the communities',
        "",
        "[standard]",
        'name = "basic"                    # or "zhejiang" and others: lifecircle standards',
        "",
    ]
    return Draft(text="\n".join(lines), used=0, unused=0)


def _around(found: Sequence[Found]) -> Bounds | None:
    """Take the box of the best file that says where the study is."""
    for kind in ("communities", "boundary", "estates", "buildings", "grids"):
        boxes = [
            one.look.bounds
            for one in found
            if one.kind == kind and one.look is not None and one.look.bounds is not None
        ]
        if boxes and (kind != "grids" or not any(one.kind == "osm" for one in found)):
            return boxes[0]
    return None


def _middle_of_roads(found: Sequence[Found]) -> Bounds | None:
    """Leave out the edge of centrelines: beyond it nobody knows the streets."""
    boxes = [one.look.bounds for one in found if one.kind == "roads" and one.look is not None]
    if not boxes or boxes[0] is None:
        return None
    return middle_of(boxes[0])


def _extract(found: Sequence[Found], around: Bounds | None) -> Extract | None:
    paths = [one.path for one in found if one.kind == "osm"]
    return look_at_extract(paths[0], around) if paths else None


def _settled(one: Found, around: Bounds) -> Found:
    """Look into a raster, and leave aside what lies elsewhere."""
    if one.kind == "raster":
        look = look_at_cover if cover_codes_of(one.path) else look_at_raster
        seen = look(one.path, around)
        return replace(one, kind=seen.kind, why=seen.why)
    box = None if one.look is None else one.look.bounds
    if one.kind and box is not None and not shapely.box(*around).intersects(shapely.box(*box)):
        return replace(one, kind="", why=f"{one.why}; but it lies outside the area")
    return one


def _sorted_out(found: Sequence[Found]) -> tuple[dict[str, list[Found]], list[Found]]:
    """Keep the best file of each kind, and say of the others why not."""
    used: dict[str, list[Found]] = {}
    unused = [one for one in found if one.kind not in KEYS]
    for kind, (section, key) in KEYS.items():
        those = [one for one in found if one.kind == kind]
        if not those:
            continue
        if not reads(section, key):
            unused += [
                replace(one, why=f"{one.why}; this version has no use for it") for one in those
            ]
            continue
        unplaced = [one for one in those if one.look is not None and not one.look.placed]
        if kind == "communities" and len(unplaced) == len(those):
            unplaced = []  # the study asks for their system; without them nothing fits together
        if kind == "rights" and used.keys() & _ALIKE:
            unplaced = []  # their outlines are found among those of the survey or the plan
        copied = _copies([one for one in those if one not in unplaced])
        unused += copied
        here = {(one.path, part_of(one)) for one in (*unplaced, *copied)}
        best = [one for one in those if (one.path, part_of(one)) not in here]
        unused += [
            replace(one, why=f"{one.why}; but the file does not say its reference system")
            for one in unplaced
        ]
        if kind not in SEVERAL and len(best) > 1:
            best = sorted(best, key=_rank, reverse=True)
            first = best[0]
            unused += [
                replace(one, why=f"{one.why}; {first.path.name}{part_of(first)} says it better")
                for one in best[1:]
            ]
            best = best[:1]
        if best:
            used[kind] = best
    along = [one for one in unused if _read_along(one, used)]
    unused = [one for one in unused if one not in along]
    for kind in _OF_A_PLAN:
        if those := [one for one in along if one.kind == kind]:
            used[kind] = those
    return used, sorted(unused, key=lambda one: one.path.name)


def _copies(those: Sequence[Found]) -> list[Found]:
    """Give those that repeat the rows of another file, the longer name being the copy."""
    copied, kept = [], list[Found]()
    for one in sorted(those, key=lambda one: (len(one.path.name), one.path.name)):
        first = next((other for other in kept if _same_rows(one, other)), None)
        if first is None:
            kept.append(one)
        else:
            copied.append(replace(one, why=f"{one.why}; the same rows as {first.path.name}"))
    return copied


def _same_rows(one: Found, other: Found) -> bool:
    if one.look is None or other.look is None or one.path == other.path:
        return False
    same_place = one.look.shape == other.look.shape and np.array_equal(
        one.look.lonlat, other.look.lonlat
    )
    return (
        same_place and len(one.look) == len(other.look) and one.look.cells.equals(other.look.cells)
    )


def _read_along(one: Found, used: Mapping[str, Sequence[Found]]) -> bool:
    """Whether a layer is read with another one of its file."""
    return one.kind in _OF_A_PLAN and any(one.path == plan.path for plan in used.get("plan", ()))


def _rank(one: Found) -> tuple[bool, tuple[int, int, int], int]:
    if one.look is None:
        return False, (0, 0, 0), 0
    dated = (date_in(one.look.words) or (0, 0, 0)) if one.kind == "people" else (0, 0, 0)
    named = bool(re.search("bound|border|limit|边界|界线|范围", one.path.stem.casefold()))
    return named, dated, len(one.look)
