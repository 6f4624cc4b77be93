"""
Files by what they are -> the text of a study file, section by section.

Every line says where it comes from; names from files are hostile text and stay on one line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lifecircle.errors import Problem, SourceError
from lifecircle.sources.facilities.not_reported import names_not_reported
from lifecircle.sources.people.sheets import date_in
from lifecircle.sources.vectors.looks import Bounds
from lifecircle.study.drafting.cells import named
from lifecircle.study.drafting.folder import Found
from lifecircle.study.drafting.horizons import to_come
from lifecircle.study.drafting.keys import COULD, KEYS, reads
from lifecircle.study.drafting.offers import Extract, box_of, cover_codes_of
from lifecircle.study.drafting.places_of_law import standard_of
from lifecircle.study.drafting.recognise import ESTATE_OF, USED_AS
from lifecircle.study.drafting.texts import (
    county_of,
    datum_said,
    last_day,
    one_line,
    part_of,
    quoted,
    truth,
)


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


class Writer:
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
        self.used, self.unused, self.folder = used, list(unused), folder
        self.source, self.extract, self.around = source, extract, around
        self.lines: list[str] = []

    def draft(self) -> Draft:
        """
        Write all sections.

        Returns
        -------
        draft
            The study file.

        Raises
        ------
        SourceError
            If no file has streets.
        """
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
        drawn = () if self.used.get("buildings") else self.used.get("drawing", ())
        kept = [one for those in self.used.values() for one in those if one not in drawn]
        self.unused += [
            replace(one, why=f"{one.why} without a reference system: see [[drawings]] above")
            for one in drawn
        ]
        names = {one.path for one in kept}
        left = {one.path for one in self.unused} - names
        self.lines += [
            f"# Drawn up by `lifecircle init` from {one_line(self.source.name)}: "
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
            self._to_come,
            self._standard,
        ):
            section()
        self._not_used()
        return Draft(text="\n".join(self.lines) + "\n", used=len(names), unused=len(left))

    # -- lines ---------------------------------------------------------------------------------
    def _head(self, name: str) -> None:
        self.lines += ["", name]

    def _say(self, text: str) -> None:
        self.lines.append(f"# {one_line(text)}")

    def _path(self, path: Path) -> str:
        try:
            relative = Path(os.path.relpath(path, self.folder))
        except ValueError:  # another drive
            return quoted(path.as_posix())
        apart = len(Path(os.path.commonpath([path, self.folder])).parts) < 2
        return quoted((path if apart else relative).as_posix())

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
            self.lines.append(f"{name} = {quoted(one.look.part)}")
        return True

    def _why(self, one: Found) -> None:
        self._say(f"{one.path.name}{part_of(one)}: {one.why}")

    # -- sections ------------------------------------------------------------------------------
    def _study(self) -> None:
        name = self.extract.name if self.extract is not None else ""
        if self.used.get("communities"):
            name = county_of(self.used["communities"][0]) or name
        self._head("[study]")
        self.lines += [
            f"name = {quoted(one_line(name or self.source.stem.split('.')[0]))}",
            f"language = {quoted('en' if self._law() == 'basic' else 'zh')}",
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
                self.lines.append(f"layer = {quoted(one.look.part)}")
            return
        if self.extract is not None and self.extract.relation:
            self._say(f"the boundary of {self.extract.name or 'the largest area'} in the extract")
            self.lines.append(f"relation = {self.extract.relation}")
            return
        self._say(
            "nothing says where the area is: the middle of the data, at most 10 km a side; better: "
            "boundary = a file"
        )
        box = self.around if self.extract is None else box_of(self.extract.area)
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
            if not getattr(self.used["communities"][0].look, "placed", True):
                self._say('the file does not say its reference system: give crs = "EPSG:4549" or')
                self._say("the name of a system of [[systems]]; the survey office knows it")
            self._file("crosswalk")
            if not self.used.get("crosswalk") and self.used.get("people"):
                self._say(
                    "where communities were split or merged since people were counted: crosswalk = "
                    '"a table of 原社区, 现社区, 人口比例"; where names differ: same_as = '
                    '{ "name in the table" = "name of the community" }'
                )
            return
        drawn = self.extract
        if drawn is not None and drawn.place_kinds:
            self._say(
                "no outlines were given: each street belongs to the named place nearest to it"
            )
            kinds = ", ".join(quoted(kind) for kind in drawn.place_kinds)
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
                else "buildings = false                 # none known: cells or land stand for them"
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
        lists = [*self.used.get("facilities", []), *self.used.get("handover", [])]
        self.lines.append(f"osm = {truth(bool(self.used.get('osm')))}")
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
            self.lines.append(f"layer = {quoted(look.part)}")
        if one in self.used.get("handover", ()):
            name, estate = named(look.cells, *USED_AS), named(look.cells, *ESTATE_OF)
            self.lines += [
                f"columns = {{ name = {quoted(str(name))}, address = {quoted(str(estate))} }}",
                "complete = false",
            ]
            return
        amap = "points of interest" in one.why
        said = datum_said(look.titles + look.columns)
        if amap:
            self.lines += [
                'codes = "amap"',
                'datum = "gcj02"                   # as 高德 gives them',
            ]
        elif said:
            self.lines.append(f"datum = {quoted(said[0])}  # it says: {one_line(said[1])}")
        day = date_in(" ".join(look.titles))
        silent = names_not_reported(look.titles)
        if silent:
            names = ", ".join(quoted(one) for one in silent)
            self.lines.append(f"not_reported = [{names}]  # it says so; [] once all have reported")
        self.lines.append("complete = false")
        if day and day[1]:
            self.lines.append(f"# as_of = {day[0]:04d}-{day[1]:02d}-{day[2] or last_day(day):02d}")

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
        self.lines.append(f"osm = {truth(bool(self.used.get('osm')))}")
        parcels = [*self.used.get("parcels", []), *self.used.get("ledger", [])]
        self._listed("parcels", parcels)
        for kind in ("survey_land", "plan"):
            self._file(kind)
        self._file("rights")
        self._listed("stock_rooms", self.used.get("stock_rooms", []))
        self._listed("exclude", self.used.get("exclude", []))
        if self._file("cover"):
            codes = cover_codes_of(self.used["cover"][0].path)
            self.lines.append(f"cover_codes = {quoted(codes or '')}")

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

    def _to_come(self) -> None:
        self.lines += to_come(self.used, self._path)

    def _drawings(self) -> None:
        those = self.used.get("drawing", [])
        if not those:
            return
        self.lines.append("")
        found = bool(self.used.get("buildings"))
        self._say(
            "drawings do not say their reference system: it is found by the buildings they share"
            if found
            else "drawings do not say their reference system; where you know it take out the #:"
        )
        mark = "" if found else "# "
        for one in those:
            self.lines += [f"{mark}[[drawings]]", f"{mark}file = {self._path(one.path)}"]
            self.lines.append('# crs = "EPSG:4549"               # or the name of a system below')
        self.lines += [
            "#",
            "# [[systems]]                      # a local system, as the survey office says it is",
            '# name = "local2000"',
            '# central_meridian = "120°30′"',
            "# false_easting = 500000",
            "# false_northing = 0",
        ]

    def _standard(self) -> None:
        name = self._law()
        where = {
            "shanghai": "the area lies in Shanghai",
            "zhejiang": "the area lies in Zhejiang",
            "gb50180": "the area lies in China",
            "basic": "four services, 1,000 m in 15 minutes",
        }
        self._head("[standard]")
        self.lines += [f"name = {quoted(name)}  # {where[name]}; see `lifecircle standards {name}`"]
        self._head("[siting]")
        self.lines += ["years = 3", "max_sites = 12"]

    def _not_used(self) -> None:
        if not self.unused:
            return
        self.lines += ["", "# Not used:"]
        for one in self.unused:
            could = f"; {COULD[one.kind]}" if one.kind in COULD else ""
            self._say(f"{one.path.name}{part_of(one)}: {one.why}{could}")
