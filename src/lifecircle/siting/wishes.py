"""
Gaps that no site closes: who stays outside, why, and what would help.

The reason is decided per home, the one nearest to an answer first, so that people add up to those
who are left over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.places.asked import people_asked
from lifecircle.reach.matrix import Pinned
from lifecircle.siting.brought import Brought
from lifecircle.siting.options import accepts
from lifecircle.standards import Requirement, Standard
from lifecircle.tables import WISHES

WHY = (
    *("several", "plan_only", "size", "cut_off", "one_more", "room_taken", "tier"),
    *("too_small", "unsuited", "other_area", "lead", "doubtful", "refused", "no_land"),
)
"""Why nothing closes a gap, in the order it is decided in."""

HELP: Mapping[str, str] = {
    "several": "second_place",
    "plan_only": "plan",
    "size": "enlarge",
    "cut_off": "check_streets",
    "one_more": "more_sites",
    "room_taken": "larger_land",
    "tier": "lower_tier",
    "too_small": "larger_land",
    "unsuited": "other_shape",
    "other_area": "share_areas",
    "lead": "check_lead",
    "doubtful": "settle_doubt",
    "refused": "free_land",
    "no_land": "find_land",
}
"""Why to what would help, codes of the labels."""


@dataclass(frozen=True, kw_only=True)
class Land:
    """
    Land a wish can be explained by.

    Parameters
    ----------
    found
        Whom it could bring inside.
    status
        ``lead``, ``doubtful`` or ``refused``, what kept each parcel out, shape (parcels,).
    codes
        What it was refused or doubted for, or has to be checked, shape (parcels,).
    """

    found: Brought
    status: NDArray[np.object_]
    codes: NDArray[np.object_]

    @classmethod
    def of(cls, found: Brought, parcels: gpd.GeoDataFrame) -> Land:
        """
        Take what parcels say of themselves.

        Parameters
        ----------
        found
            Whom they could bring inside.
        parcels
            `tables.PARCELS` in the same order.

        Returns
        -------
        land
            Both.
        """
        status = parcels["status"].to_numpy(dtype=object)
        refused = status == "refused"
        codes = np.where(refused, parcels["reasons"], parcels["checks"])
        return cls(
            found=found,
            status=np.where(np.isin(status, ("refused", "doubtful")), status, "lead"),
            codes=codes.astype(object),
        )


def wishes_of(
    standard: Standard,
    gaps: pd.DataFrame,
    covered: Mapping[str, NDArray[np.bool_]],
    *,
    homes: Pinned,
    land: Land,
    aside: Land,
    opened: Collection[str],
    never: Collection[str],
) -> pd.DataFrame:
    """
    Explain every gap that stays open.

    Parameters
    ----------
    standard
        The standard.
    gaps
        `tables.GAPS`: those that stay open once all sites are there.
    covered
        Requirement id to who is covered then, shape (homes,).
    homes
        Where people live.
    land, aside
        What competed for sites, and what did not: refused, in doubt, or shown as a lead only.
    opened, never
        Ids of parcels that became sites, and of those that must not.

    Returns
    -------
    wishes
        Columns of `tables.WISHES`, one row per gap and reason, most people first. `needs_m2` is
        the room the smallest fitting type takes, `found_m2` what there is on `parcel_id`, `gain`
        the people of the gap that this parcel alone would bring inside. `evidence` holds the codes
        the parcel was refused or doubted for.
    """
    living = homes.table.groupby("community_id").indices
    nobody = np.empty(0, dtype=np.int64)
    status = homes.table["status"].isin(["far", "island"]).to_numpy()
    rows: list[dict[str, object]] = []
    for name, part in gaps.groupby("requirement", sort=True):
        asked = next((one for one in standard.requirements if one.id == name), None)
        told = _Asked(standard, asked, land, aside, opened, never) if asked is not None else None
        people = np.zeros(len(homes)) if asked is None else _people(homes, asked)
        for gap in part.to_dict("records"):
            if asked is None or told is None or gap["kind"] == "size":
                rows.append(_wish(gap, "size", float(gap["people_short"])))
                continue
            at = living.get(gap["community_id"], nobody)
            at = at[~covered[asked.id][at] & (people[at] > 0)]
            rows += told.explain(gap, at, people, status)
    table = pd.DataFrame(rows, columns=list(WISHES))
    return table.sort_values(
        ["people_left", "gap_id", "why"], ascending=[False, True, True], ignore_index=True
    )


def _people(homes: Pinned, asked: Requirement) -> NDArray[np.float64]:
    return np.nan_to_num(people_asked(homes.table, asked))


def _wish(
    gap: Mapping[str, object],
    why: str,
    people: float,
    *,
    needs: float = np.nan,
    parcel: tuple[object, float] = (None, np.nan),
    gain: float = np.nan,
    evidence: object = None,
) -> dict[str, object]:
    return {
        "gap_id": gap["gap_id"],
        "community_id": gap["community_id"],
        "community": gap["community"],
        "service": gap["service"],
        "requirement": gap["requirement"],
        "people_left": people,
        "why": why,
        "needs_m2": needs if np.isfinite(needs) else np.nan,
        "found_m2": parcel[1] if np.isfinite(parcel[1]) else np.nan,
        "parcel_id": parcel[0],
        "gain": gain,
        "evidence": evidence,
        "would_help": HELP[why],
    }


class _Asked:
    """Everything around one requirement: which land lies near whom, and what it has room for."""

    def __init__(
        self,
        standard: Standard,
        asked: Requirement,
        land: Land,
        aside: Land,
        opened: Collection[str],
        never: Collection[str],
    ) -> None:
        self.several = bool(asked.counts)
        self.proposed = any(accepts(asked, one) for one in standard.types)
        self.land, self.aside = _Near(land, asked), _Near(aside, asked)
        ids = land.found.ids
        self.opened = np.isin(ids.astype(str), sorted(opened))
        self.never = np.isin(ids.astype(str), sorted(never))

    def explain(
        self,
        gap: Mapping[str, object],
        at: NDArray[np.int64],
        people: NDArray[np.float64],
        cut_off: NDArray[np.bool_],
    ) -> list[dict[str, object]]:
        """Tell why the people in some homes stay outside."""
        whole = float(people[at].sum())
        if not whole:
            return []
        if self.several or not self.proposed:
            return [_wish(gap, "several" if self.several else "plan_only", whole)]
        left = np.zeros(len(people), dtype=bool)
        left[at] = True
        rows: list[dict[str, object]] = []
        rows += self._take(gap, "cut_off", left, people, left & cut_off)
        near, aside = self.land, self.aside
        fits = near.fits & ~self.never
        for why, here, which in (
            ("one_more", near, fits & ~self.opened),
            ("room_taken", near, fits & self.opened),
            ("tier", near, ~near.fits & (near.least <= near.room)),
            ("too_small", near, np.isfinite(near.least) & (near.least > near.room)),
            ("unsuited", near, ~near.fits & ~np.isfinite(near.least)),
        ):
            rows += self._near(gap, why, here, which, left, people)
        rows += self._near(gap, "other_area", near, fits, left, people, own=False)
        for why in ("lead", "doubtful", "refused"):
            rows += self._near(gap, why, aside, aside.fits & (aside.status == why), left, people)
        forbidden = near.fits & self.never
        rows += self._near(gap, "refused", near, forbidden, left, people, evidence="never")
        return rows + self._take(gap, "no_land", left, people, left)

    def _take(
        self,
        gap: Mapping[str, object],
        why: str,
        left: NDArray[np.bool_],
        people: NDArray[np.float64],
        mine: NDArray[np.bool_],
    ) -> list[dict[str, object]]:
        if not mine.any():
            return []
        told = float(people[mine].sum())
        needs = self.land.smallest if why == "no_land" else np.nan
        left[mine] = False
        return [_wish(gap, why, told, needs=needs)]

    def _near(
        self,
        gap: Mapping[str, object],
        why: str,
        here: _Near,
        which: NDArray[np.bool_],
        left: NDArray[np.bool_],
        people: NDArray[np.float64],
        *,
        own: bool = True,
        evidence: str | None = None,
    ) -> list[dict[str, object]]:
        """Take the people who have such land within the limit, and name the best piece of it."""
        hit = which[here.candidate] & left[here.home] & (here.own | (not own))
        if not hit.any():
            return []
        gain = np.bincount(
            here.candidate[hit], weights=people[here.home[hit]], minlength=len(which)
        )
        seen = gain > 0
        if why == "too_small":  # the piece that lacks least
            share = np.divide(here.room, here.least, where=seen, out=np.full(len(which), -1.0))
            best = int(np.argmax(share))
        elif why == "unsuited":
            best = int(np.argmax(np.where(seen, here.room, -1.0)))
        else:
            best = int(np.argmax(np.round(gain, 6)))
        mine = np.zeros(len(left), dtype=bool)
        mine[here.home[hit]] = True
        told = float(people[mine].sum())
        left[mine] = False
        codes = evidence or (here.codes[best] if best < len(here.codes) else None)
        return [
            _wish(
                gap,
                why,
                told,
                needs=float(here.least[best]),
                parcel=(here.ids[best], float(here.room[best])),
                gain=float(gain[best])
                if why in ("one_more", "refused", "doubtful", "lead")
                else np.nan,
                evidence=codes if why in ("lead", "doubtful", "refused") else None,
            )
        ]


class _Near:
    """Walks within the limit of one requirement, and what there is room for at their ends."""

    def __init__(self, land: Land, asked: Requirement) -> None:
        found = land.found
        wanted = [one.id for one in found.wanted]
        self.ids, self.room = found.ids, found.room
        n = len(found.ids)
        self.candidate = np.empty(0, dtype=np.int64)
        self.home = np.empty(0, dtype=np.int32)
        self.own = np.empty(0, dtype=bool)
        self.least, self.fits = np.full(n, np.inf), np.zeros(n, dtype=bool)
        self.smallest = np.inf
        self.status, self.codes = land.status, land.codes
        if asked.id not in wanted:
            return
        place = wanted.index(asked.id)
        groups = found.groups[:, place]
        if n:
            self.least = found.smallest[:, groups].min(axis=1, initial=np.inf)
            self.fits = np.isfinite(found.need[:, groups].min(axis=1, initial=np.inf))
            self.smallest = float(self.least.min())
        first, last = found.ptr[place :: len(wanted)][:n], found.ptr[place + 1 :: len(wanted)]
        size = last - first
        at = np.repeat(first - np.cumsum(size) + size, size) + np.arange(int(size.sum()))
        near = found.cost[at] <= found.limits[place]
        self.candidate = np.repeat(np.arange(n), size)[near]
        self.home, self.own = found.home[at][near], found.own[at][near]
