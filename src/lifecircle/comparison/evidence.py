"""What changed an area's share, in words: facilities by name, people, walks, borders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.comparison.areas import Areas, Pair
from lifecircle.comparison.causes import Causes
from lifecircle.comparison.facilities import BothFacilities
from lifecircle.comparison.homes import BothHomes
from lifecircle.comparison.words import say
from lifecircle.standards import Standard

_NAMED = 4


@dataclass(frozen=True, kw_only=True)
class Teller:
    """
    Puts causes into words.

    Parameters
    ----------
    language
        ``zh`` or ``en``.
    standard
        B's, for the names of types.
    homes, facilities
        Of both runs.
    """

    language: str
    standard: Standard
    homes: BothHomes
    facilities: BothFacilities

    def walks(self, areas: Areas, causes: Causes, people: NDArray[np.float64]) -> dict[int, str]:
        """
        Tell per area of B which facilities and ways gained or lost its people a service.

        Parameters
        ----------
        areas
            Areas of a level.
        causes
            Of one requirement.
        people
            People of the group in B, shape (homes,).

        Returns
        -------
        texts
            Place of the area in B to words, those that concern most people first.
        """
        at = np.flatnonzero((causes.cause != None) & (people > 0) & (areas.of_home[:, 1] >= 0))  # noqa: E711
        if len(at) == 0:
            return {}
        table = pd.DataFrame(
            {
                "area": areas.of_home[at, 1],
                "cause": causes.cause[at].astype(str),
                "run": causes.run[at],
                "row": causes.row[at],
                "people": people[at],
            }
        )
        summed = table.groupby(["area", "cause", "run", "row"], as_index=False)["people"].sum()
        summed = summed.sort_values(
            ["area", "people", "cause", "run", "row"], ascending=[True, False, True, True, True]
        )
        texts = {}
        for area, part in summed.groupby("area"):
            told = [
                self._walk(*one) for one in part.head(_NAMED).itertuples(index=False, name=None)
            ]
            if len(part) > _NAMED:
                told.append(say("more", self.language).format(count=len(part) - _NAMED))
            texts[int(str(area))] = say("joint", self.language).join(told)
        return texts

    def _walk(self, _area: int, cause: str, run: int, row: int, people: float) -> str:
        gained = say("gained" if run else "lost", self.language).format(people=f"{people:,.0f}")
        if row < 0:
            return f"{say('cause_other', self.language)}{gained}"
        name = self.name_of(run, row)
        if cause == "facilities":
            change = self.facilities.change_of(run, row) or "set"
            return f"{say(f'change_{change}', self.language)}{name}{gained}"
        return f"{say(f'cause_{cause}', self.language).format(name=name)}{gained}"

    def name_of(self, run: int, row: int) -> str:
        """
        Name a facility with its type.

        Parameters
        ----------
        run
            0 for A, 1 for B.
        row
            Its row.

        Returns
        -------
        text
            Name and type; the id where it has no name.
        """
        facility = self.facilities.tables[run].iloc[row]
        name = facility["name"]
        shown = name if isinstance(name, str) and name else str(facility["facility_id"])
        labels = {one.id: getattr(one, f"label_{self.language}") for one in self.standard.types}
        kind = labels.get(facility["type"])
        return shown if kind is None else say("kind", self.language).format(name=shown, kind=kind)


def told_people(before: float, after: float, language: str) -> str:
    """
    Tell how many people there were and are.

    Parameters
    ----------
    before, after
        People of the group.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        Empty where nothing changed or is known.
    """
    if np.isnan(before) or np.isnan(after) or abs(after - before) < 0.05:
        return ""
    return say("people", language).format(
        before=f"{before:,.0f}",
        after=f"{after:,.0f}",
        more=f"{after - before:+,.0f}",
    )


def told_area(pair: Pair, areas: Areas, language: str) -> str:
    """
    Tell what an area was before.

    Parameters
    ----------
    pair
        The area and what it was.
    areas
        Its level.
    language
        ``zh`` or ``en``.

    Returns
    -------
    text
        Empty where it is as it was.
    """
    if pair.relation == "same":
        return ""
    old = areas.names[0][pair.old] if pair.old >= 0 else ""
    if pair.relation == "recoded":
        old = areas.ids[0][pair.old]
    return say(f"area_{pair.relation}", language).format(name=old, part=f"{pair.part:.0%}")
