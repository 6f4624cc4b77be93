"""
From who is covered to shares on several bases: people, residential land, floor area of homes.

Editions and offices divide by different things and measure along streets or as the crow flies; the
figures stand side by side here, and the one the edition names is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.levels import Level
from lifecircle.access.measures import sum_by
from lifecircle.places.asked import is_asked, people_asked
from lifecircle.places.groups import people_of
from lifecircle.places.homes import LAND_CELL_M
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Standard
from lifecircle.tables import COVERAGE

BASES = ("people", "residential_land", "floor_area")
METHODS = ("network", "radius")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """
    Rows that can be covered: homes, or cells of residential land.

    Parameters
    ----------
    rows
        The rows on the streets.
    levels
        The areas they lie in; the same areas for homes and for cells.
    reaches
        Requirement id to its reach.
    circles
        Requirement id to who has it as the crow flies, shape (rows,).
    """

    rows: Pinned
    levels: tuple[Level, ...]
    reaches: Mapping[str, Reach]
    circles: Mapping[str, NDArray[np.bool_]]


def coverage_by_base(
    standard: Standard,
    homes: Ground,
    land: Ground | None,
    *,
    cell_m2: float = 0.0,
    on_land: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """
    Put the covered shares of every base and method side by side.

    Parameters
    ----------
    standard
        The standard.
    homes
        Homes, with every requirement's reach.
    land
        Cells of residential land; None where no residential land is known.
    cell_m2
        Land a cell stands for [m²].
    on_land
        Which homes stand on that land, shape (homes,).

    Returns
    -------
    coverage
        With the columns of `tables.COVERAGE`, on every level but the estates: `total` and
        `covered` in people of the requirement's group or m²; `share` missing where the total is
        0. `official` marks the one row of a requirement whose base and method the edition names.
        `known` is the share of the area's people the base speaks of: those in homes whose floor
        area is known, or that stand on the residential land; missing where nobody lives.
    """
    everybody = people_of(homes.rows.table, "all")
    floor = known_floor(homes.rows.table)
    rows = _Rows()
    for place, level in enumerate(homes.levels):
        if level.name == "estate":
            continue
        n = len(level.area_id)
        living = sum_by(everybody, level.of_home, n)
        told = {
            "people": np.where(living > 0, 1.0, np.nan),
            "floor_area": _share(sum_by(everybody * ~np.isnan(floor), level.of_home, n), living),
        }
        if land is not None and on_land is not None:
            told["residential_land"] = _share(sum_by(everybody * on_land, level.of_home, n), living)
        for one in standard.requirements:
            people = people_asked(homes.rows.table, one)
            asked = is_asked(homes.rows.table, one)
            official = (one.official_base, one.official_method)
            weights: list[tuple[str, Ground, NDArray[np.float64]]] = []
            if not np.isnan(people).all() or len(people) == 0:
                weights.append(("people", homes, np.nan_to_num(people)))
            if land is not None:
                cells = np.where(is_asked(land.rows.table, one), cell_m2, 0.0)
                weights.append(("residential_land", land, cells))
            if not np.isnan(floor).all():
                weights.append(("floor_area", homes, np.nan_to_num(floor) * asked))
            for base, ground, weight in weights:
                of_row = ground.levels[place].of_home
                total = sum_by(weight, of_row, n)
                for method, covered in (
                    ("network", ground.reaches[one.id].covered),
                    ("radius", ground.circles[one.id]),
                ):
                    part = np.minimum(sum_by(weight * covered, of_row, n), total)
                    texts = (one.service, one.id, base, method)
                    told_of = (total, part, _share(part, total), told[base])
                    rows.add(level, texts, told_of, official=(base, method) == official)
    return rows.frame()


@dataclass(kw_only=True)
class _Rows:
    """Rows of the table while it grows, by column: many small frames would cost more than it."""

    texts: list[tuple[str, str, str, str, str, str, str, bool]] = field(default_factory=list)
    numbers: list[NDArray[np.float64]] = field(default_factory=list)

    def add(
        self,
        level: Level,
        texts: tuple[str, str, str, str],
        numbers: tuple[NDArray[np.float64], ...],
        *,
        official: bool,
    ) -> None:
        self.texts += [
            (level.name, area_id, name, *texts, official)
            for area_id, name in zip(level.area_id, level.area_name, strict=True)
        ]
        self.numbers.append(np.column_stack(numbers))

    def frame(self) -> pd.DataFrame:
        named = ["level", "area_id", "area_name", "service", "requirement", "base", "method"]
        table = pd.DataFrame(self.texts, columns=[*named, "official"])
        numbers = np.concatenate([np.empty((0, 4)), *self.numbers])
        for place, name in enumerate(("total", "covered", "share", "known")):
            table[name] = numbers[:, place]
        return table[list(COVERAGE)]


def known_floor(homes: pd.DataFrame) -> NDArray[np.float64]:
    """
    Take the floor area of homes that is one.

    Parameters
    ----------
    homes
        `tables.HOMES`.

    Returns
    -------
    floor
        Floor area [m²], shape (homes,); missing where it is not known and where points of
        residential land stand for homes, whose `floor_m2` is land.
    """
    floor = np.asarray(homes["floor_m2"], dtype=np.float64).copy()
    stand_in = (homes["origin"] == "residential_land").to_numpy()
    if len(homes) and (floor == LAND_CELL_M**2).all():
        stand_in = np.ones(len(homes), dtype=bool)
    floor[stand_in | ~(floor > 0)] = np.nan
    return floor


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share
