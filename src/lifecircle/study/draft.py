"""
Files that were recognised -> a study file that works as it stands, with a word on every line.

Every file is named: beside the key it serves, or at the end with the reason why nothing reads it.
"""

from __future__ import annotations

import json
import os
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import shapely

from lifecircle.config import StudyConfig
from lifecircle.errors import LifecircleError, Problem, SourceError
from lifecircle.sources.looks import Bounds
from lifecircle.sources.people_sheets import date_in
from lifecircle.study.draft_sources import Extract, look_at_extract, look_at_raster
from lifecircle.study.folder import Found, look_through
from lifecircle.study.places_of_law import standard_of

KEYS: Mapping[str, tuple[str, str]] = {
    "boundary": ("area", "boundary"),
    "roads": ("network", "roads"),
    "osm": ("network", "osm"),
    "dem": ("network", "dem"),
    "communities": ("communities", "file"),
    "crosswalk": ("communities", "crosswalk"),
    "buildings": ("homes", "buildings"),
    "people": ("homes", "table"),
    "raster": ("homes", "raster"),
    "grids": ("homes", "grids"),
    "estates": ("estates", "file"),
    "gates": ("estates", "gates"),
    "facilities": ("facilities", "tables"),
    "addresses": ("geocode", "addresses"),
    "parcels": ("land", "parcels"),
    "ledger": ("land", "parcels"),
    "survey_land": ("land", "survey"),
    "plan": ("land", "detailed_plan"),
    "rights": ("land", "rights"),
    "stock_rooms": ("land", "stock_rooms"),
    "exclude": ("land", "exclude"),
    "survey": ("record", "survey"),
    "projects": ("record", "projects"),
    "opinions": ("record", "opinions"),
    "drawing": ("drawings", "file"),
}
"""What a file may be to the key of a study that reads it."""

_COULD = {
    "units": "its units could be the column unit of the communities",
    "planned_roads": "nobody walks on them yet",
    "subdistricts": "the table by community says more",
    "zones": "they could stand in for [communities] file where there is nothing better",
    "handover": "rooms in it that are let or empty could be listed as stock rooms",
}
_SEVERAL = ("facilities", "addresses", "parcels", "ledger", "exclude", "rights", "drawing")
"""Kinds of which every file is used; of the others the one with most rows."""

_COUNTY = re.compile(r"(.{1,12}?[市县区旗]).+(?:街道|镇|乡|管委会)$")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """
    A study file that is not written yet.

    Parameters
    ----------
    text
        Its text.
    used, unused
        How many files it names, and how many it only lists.
    """

    text: str
    used: int
    unused: int


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
        return _of_place(str(source))
    path = path.resolve()
    found = list(look_through(path))
    around = _around(found)
    extract = _extract(found, around)
    if around is None and extract is not None:
        around = _bounds(extract.area)
    if around is not None:
        found = [_settled(one, around) for one in found]
    used, unused = _sorted_out(found)
    return _Writer(used, unused, target.resolve().parent, path, extract, around).draft()


def _of_place(name: str) -> Draft:
    lines = [
        f"# Drawn up by `lifecircle init` for {_one_line(name)}: everything is looked up online.",
        "[study]",
        f"name = {_quoted(name)}",
        "online = true                     # without it nothing touches the internet",
        "",
        "[area]",
        f"place = {_quoted(name)}",
        "",
        "[network]",
        "online = true",
        "",
        "[communities]",
        'draw = "places"                   # better: file = the outlines of the communities',
        "",
        "[standard]",
        'name = "basic"                    # or "gb50180", "zhejiang"',
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


def _extract(found: Sequence[Found], around: Bounds | None) -> Extract | None:
    paths = [one.path for one in found if one.kind == "osm"]
    return look_at_extract(paths[0], around) if paths else None


def _bounds(shape: shapely.Geometry) -> Bounds:
    west, south, east, north = shape.bounds
    return float(west), float(south), float(east), float(north)


def _settled(one: Found, around: Bounds) -> Found:
    """Look into a raster, and leave aside what lies elsewhere."""
    if one.kind == "raster":
        seen = look_at_raster(one.path, around)
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
            unused += [replace(one, why=f"{one.why}; this version has no use for it") for one in those]
            continue
        unplaced = [one for one in those if one.look is not None and not one.look.placed]
        best = [one for one in those if one not in unplaced]
        unused += [
            replace(one, why=f"{one.why}; but the file does not say its reference system")
            for one in unplaced
        ]
        if kind not in _SEVERAL and len(best) > 1:
            best = sorted(best, key=_rank, reverse=True)
            first = best[0]
            unused += [
                replace(one, why=f"{one.why}; {first.path.name}{_part(first)} says it better")
                for one in best[1:]
            ]
            best = best[:1]
        if best:
            used[kind] = best
    return used, sorted(unused, key=lambda one: one.path.name)


def _rank(one: Found) -> tuple[bool, tuple[int, int, int], int]:
    if one.look is None:
        return False, (0, 0, 0), 0
    dated = (date_in(one.look.words) or (0, 0, 0)) if one.kind == "people" else (0, 0, 0)
    named = bool(re.search("bound|border|limit|边界|界线|范围", one.path.stem.casefold()))
    return named, dated, len(one.look)


def reads(section: str, key: str) -> bool:
    """
    Tell whether a study file has a key.

    Parameters
    ----------
    section, key
        As in a study file.

    Returns
    -------
    reads
        Whether it does.
    """
    field = StudyConfig.model_fields.get(section)
    if field is None:
        return False
    if section == "drawings":
        return True
    model = next(
        (
            one
            for one in (field.annotation, *getattr(field.annotation, "__args__", ()))
            if hasattr(one, "model_fields")
        ),
        None,
    )
    return model is not None and key in model.model_fields


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()


def _part(one: Found) -> str:
    return "" if one.look is None or not one.look.part else f", {one.look.part}"


class _Writer:
    """A study file, section by section."""

    def __init__(
        self,
        used: Mapping[str, Sequence[Found]],
        unused: Sequence[Found],
        folder: Path,
        source: Path,
        extract: Extract | None,
        around: Bounds | None,
    ) -> None:
        self.used, self.unused, self.folder = used, unused, folder
        self.source, self.extract, self.around = source, extract, around
        self.lines: list[str] = []

    def draft(self) -> Draft:
        if not (self.used.get("roads") or self.used.get("osm")):
            raise SourceError(
                Problem(
                    what="no file with streets was recognised, and without streets nobody walks",
                    where=self.source.name,
                    remedy="add an OpenStreetMap extract (.osm.pbf) or centrelines of roads with "
                    "their classes; recognised: "
                    + (", ".join(sorted(self.used)) or "nothing a study reads"),
                )
            )
        kept = [one for those in self.used.values() for one in those]
        names = {one.path for one in kept}
        left = {one.path for one in self.unused} - names
        self.lines += [
            f"# Drawn up by `lifecircle init` from {_one_line(self.source.name)}: "
            f"files used: {len(names)}, not used: {len(left)} (listed at the end).",
            "# Read it once, then:  lifecircle check study.toml,  lifecircle run study.toml",
        ]
        for section in (
            self._study,
            self._area,
            self._network,
            self._communities,
            self._homes,
            self._estates,
            self._facilities,
            self._geocode,
            self._land,
            self._record,
            self._drawings,
            self._standard,
        ):
            section()
        self._not_used()
        return Draft(text="\n".join(self.lines) + "\n", used=len(names), unused=len(left))

    # -- lines ---------------------------------------------------------------------------------
    def _head(self, name: str) -> None:
        self.lines += ["", name]

    def _say(self, text: str) -> None:
        self.lines.append(f"# {_one_line(text)}")

    def _path(self, path: Path) -> str:
        try:
            relative = Path(os.path.relpath(path, self.folder))
        except ValueError:  # another drive
            return _quoted(path.as_posix())
        apart = len(Path(os.path.commonpath([path, self.folder])).parts) < 2
        return _quoted((path if apart else relative).as_posix())

    def _file(self, kind: str, key: str | None = None) -> bool:
        """Write the key of a kind, with why, and the layer where there are several."""
        those = self.used.get(kind)
        if not those:
            return False
        one = those[0]
        section, own = KEYS[kind]
        self._why(one)
        self.lines.append(f"{key or own} = {self._path(one.path)}")
        layer = {"file": "layer", "roads": "layer", "grids": "grid_layer", "table": "sheet"}
        name = layer.get(key or own, "layer" if own == "boundary" else "")
        if one.look is not None and one.look.part and name and reads(section, name):
            self.lines.append(f"{name} = {_quoted(one.look.part)}")
        return True

    def _why(self, one: Found) -> None:
        self._say(f"{one.path.name}{_part(one)}: {one.why}")

    # -- sections ------------------------------------------------------------------------------
    def _study(self) -> None:
        name = self.extract.name if self.extract is not None else ""
        if self.used.get("communities"):
            name = _county(self.used["communities"][0]) or name
        self._head("[study]")
        self.lines += [
            f"name = {_quoted(_one_line(name or self.source.stem.split('.')[0]))}",
            f"language = {_quoted('en' if self._law() == 'basic' else 'zh')}",
            'release = "internal"              # "public" holds back what may not be handed round',
        ]

    def _law(self) -> str:
        if self.around is None:
            return "basic"
        west, south, east, north = self.around
        return standard_of((west + east) / 2, (south + north) / 2)

    def _area(self) -> None:
        self._head("[area]")
        if self.used.get("boundary") and not self.used.get("communities"):
            self._file("boundary")
            return
        if self.used.get("communities"):
            one = self.used["communities"][0]
            self._say("all communities together; or the outline of the planning area")
            self.lines.append(f"boundary = {self._path(one.path)}")
            if one.look is not None and one.look.part:
                self.lines.append(f"layer = {_quoted(one.look.part)}")
            return
        if self.extract is not None and self.extract.relation:
            self._say(f"the boundary of {self.extract.name or 'the largest area'} in the extract")
            self.lines.append(f"relation = {self.extract.relation}")
            return
        self._say("no file says where the area is: the middle of the data; better: boundary = a file")
        box = self.around if self.extract is None else _bounds(self.extract.area)
        corners = (0.0, 0.0, 0.0, 0.0) if box is None else box
        self.lines.append(f"bbox = [{', '.join(f'{value:.5f}' for value in corners)}]")

    def _network(self) -> None:
        self._head("[network]")
        if self._file("roads"):
            self.lines.append(
                "mend_m = 3.0                      # ends that stop up to 3 m short are joined"
            )
        self._file("osm")
        self._file("dem")

    def _communities(self) -> None:
        self._head("[communities]")
        if self._file("communities"):
            self._file("crosswalk")
            if not self.used.get("crosswalk") and self.used.get("people"):
                self._say(
                    'where communities were split or merged since people were counted: crosswalk = '
                    '"a table of 原社区, 现社区, 人口比例"; where names differ: same_as = '
                    '{ "name in the table" = "name of the community" }'
                )
            return
        drawn = self.extract
        if drawn is not None and drawn.place_kinds:
            self._say("no outlines were given: each street belongs to the named place nearest to it")
            kinds = ", ".join(_quoted(kind) for kind in drawn.place_kinds)
            self.lines += ['draw = "places"', f"place_kinds = [{kinds}]"]
        elif drawn is not None and drawn.admin_level:
            self._say("no outlines were given: the boundaries of the extract")
            self.lines += ['draw = "admin"', f"admin_level = {drawn.admin_level}"]
        else:
            self._say("no outlines were given, and no named places: squares of 500 m")
            self.lines += ['draw = "grid"', "cell_m = 500"]

    def _homes(self) -> None:
        self._head("[homes]")
        mapped = self.extract is not None and self.extract.has_homes
        if not self._file("buildings"):
            self.lines.append(
                'buildings = "osm"'
                if mapped
                else "buildings = false                 # none are known: cells or land stand for homes"
            )
        self._file("people")
        if not self._file("grids"):
            self._file("raster")
        counted = self.used.keys() & {"people", "grids", "raster"}
        if not counted and self.extract is not None and self.extract.people:
            self._say("the extract says so, not for which year: check it")
            self.lines.append(f"total = {self.extract.people}")
        elif not counted:
            self._say(
                "nobody says how many people live here: every home weighs the same until you write "
                "total = the people of the area (say which: 常住 or 户籍)"
            )

    def _estates(self) -> None:
        if not self.used.get("estates"):
            return
        self._head("[estates]")
        self._file("estates")
        self._file("gates")

    def _facilities(self) -> None:
        self._head("[facilities]")
        lists = self.used.get("facilities", [])
        self.lines.append(f"osm = {_true(bool(self.used.get('osm')))}")
        if lists:
            self._say(
                "complete = true under a list says: it holds every facility of its services on the "
                "day as_of. Then what is not in it is missing, and a community without is a gap; "
                "without it a thin list gives no verdict. Ask the bureau before you write it."
            )
        for one in lists:
            self._list(one)

    def _list(self, one: Found) -> None:
        look = one.look
        self._head("[[facilities.tables]]")
        self._why(one)
        self.lines.append(f"file = {self._path(one.path)}")
        if look is None:
            return
        if look.part:
            self.lines.append(f"layer = {_quoted(look.part)}")
        amap = "points of interest" in one.why
        said = _datum_said(look.titles + look.columns)
        if amap:
            self.lines += ['codes = "amap"', 'datum = "gcj02"                   # as 高德 gives them']
        elif said:
            self.lines.append(f"datum = {_quoted(said[0])}  # it says: {_one_line(said[1])}")
        day = date_in(" ".join(look.titles))
        self.lines.append("complete = false")
        if day and day[1]:
            self.lines.append(f"# as_of = {day[0]:04d}-{day[1]:02d}-{day[2] or _last(day):02d}")

    def _geocode(self) -> None:
        those = self.used.get("addresses", [])
        if not those:
            return
        self._head("[geocode]")
        for one in those:
            self._why(one)
        self.lines.append(f"addresses = [{', '.join(self._path(one.path) for one in those)}]")

    def _land(self) -> None:
        self._head("[land]")
        self.lines.append(f"osm = {_true(bool(self.used.get('osm')))}")
        parcels = [*self.used.get("parcels", []), *self.used.get("ledger", [])]
        self._listed("parcels", parcels)
        for kind in ("survey_land", "plan"):
            self._file(kind)
        self._listed("rights", self.used.get("rights", []))
        self._file("stock_rooms")
        self._listed("exclude", self.used.get("exclude", []))

    def _listed(self, key: str, those: Sequence[Found]) -> None:
        """Write a key that takes several files, each once."""
        if not those:
            return
        for one in those:
            self._why(one)
        paths = list(dict.fromkeys(self._path(one.path) for one in those))
        self.lines.append(f"{key} = [{', '.join(paths)}]")

    def _record(self) -> None:
        kinds = [kind for kind in ("survey", "projects", "opinions") if self.used.get(kind)]
        if kinds:
            self._head("[record]")
        for kind in kinds:
            self._file(kind)

    def _drawings(self) -> None:
        those = self.used.get("drawing", [])
        if not those:
            return
        self.lines.append("")
        self._say("drawings do not say their reference system; where you know it take out the #:")
        for one in those:
            self.lines += [
                "# [[drawings]]",
                f"# file = {self._path(one.path)}",
                '# crs = "EPSG:4549"               # or the name of a system below',
            ]
        self.lines += [
            "#",
            "# [[systems]]                      # a local system, as the survey office describes it",
            '# name = "local2000"',
            '# central_meridian = "121°05′"',
            "# false_easting = 500000",
            "# false_northing = -3000000",
        ]

    def _standard(self) -> None:
        name = self._law()
        where = {
            "zhejiang": "the area lies in Zhejiang",
            "gb50180": "the area lies in China",
            "basic": "four services, 1,000 m in 15 minutes",
        }
        self._head("[standard]")
        self.lines += [f"name = {_quoted(name)}  # {where[name]}; see `lifecircle standards {name}`"]
        self._head("[siting]")
        self.lines += ["years = 3", "max_sites = 12"]

    def _not_used(self) -> None:
        if not self.unused:
            return
        self.lines += ["", "# Not used:"]
        for one in self.unused:
            could = f"; {_COULD[one.kind]}" if one.kind in _COULD else ""
            self._say(f"{one.path.name}{_part(one)}: {one.why}{could}")


def _true(flag: bool) -> str:  # noqa: FBT001
    return "true" if flag else "false"


def _last(day: tuple[int, int, int]) -> int:
    return monthrange(day[0], day[1])[1]


def _county(one: Found) -> str:
    """Take the county all communities name before their subdistrict, if it is one."""
    if one.look is None:
        return ""
    for column in one.look.columns:
        texts = one.look.cells[column].dropna().astype(str)
        found = {match[1] for text in texts if (match := _COUNTY.match(text))}
        if len(found) == 1 and len(texts) == len(one.look):
            return found.pop()
    return ""


def _datum_said(texts: Sequence[str]) -> tuple[str, str] | None:
    """Find the datum a list says it is in, and where."""
    for text in texts:
        for pattern, datum in (
            (r"高德|腾讯|gcj-?02|火星坐标", "gcj02"),
            (r"百度|bd-?09", "bd09"),
            (r"国家\s*2000|2000国家|cgcs\s*2000|大地2000|天地图", "cgcs2000"),
            (r"wgs-?\s*84|\bgps\b", "wgs84"),
        ):
            if re.search(pattern, text, re.IGNORECASE):
                return datum, text
    return None
