"""
From scores to the gap list: which community falls short of what, and why, home by home.

Only a base requirement that must be met makes a gap. The reason is decided per uncovered home, the
first that applies; a row's reason is the one with most people, and all are kept with their people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lifecircle.access.doubts import Cause, doubted_homes, straight_limit_m
from lifecircle.access.scorecard import Scorecard
from lifecircle.access.supply import expected_facilities
from lifecircle.gaps.asked import lacking_words, required_words
from lifecircle.gaps.confidence import Lost, confidence_of
from lifecircle.gaps.evidence import evidence_of
from lifecircle.gaps.evidence_of_walks import home_told
from lifecircle.gaps.marks import gap_id, middle_of
from lifecircle.gaps.reasons import REASONS, Surroundings, Why, reasons_of
from lifecircle.gaps.unsure import Unsure, unsure_of
from lifecircle.network.streets import StreetNetwork
from lifecircle.places.asked import is_asked, people_asked, share_asked
from lifecircle.places.groups import people_of
from lifecircle.reach.matrix import Pinned, Reach
from lifecircle.standards import Requirement, Standard
from lifecircle.tables import GAPS
from lifecircle.tables.shown import shown

_OPENABLE = ("estate", "wall", "fence", "hedge")
"""Barriers a link could be opened through; a river or a railway takes a bridge."""

_NAMED = 4
"""Barriers told by name in a row; the people behind the others are told together."""


_NOTHING_LOST = Lost()


@dataclass(frozen=True, kw_only=True, repr=False)
class Gaps:
    """
    The gap list.

    Parameters
    ----------
    table
        One row per gap with the columns of `tables.GAPS`.
    home_reason
        Requirement id to the reason each home is not covered for, shape (homes,); None where a
        home is covered. Only requirements with gaps are in it.
    unsure
        Requirement id to why it cannot be judged somewhere, and what would settle it.
    """

    table: pd.DataFrame
    home_reason: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    unsure: Mapping[str, Unsure] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        areas = self.table["community_id"].nunique()
        return f"<Gaps: {len(self)} in {areas} communities>"

    def for_service(self, service: str) -> pd.DataFrame:
        """
        List the gaps of a service.

        Parameters
        ----------
        service
            Its id, such as ``elder_care``.

        Returns
        -------
        gaps
            Rows of the table, most people short first.
        """
        rows = self.table[self.table["service"] == service]
        return rows.sort_values(["people_short", "gap_id"], ascending=[False, True])

    def _repr_html_(self) -> str:
        worst = self.table.sort_values(["people_short", "gap_id"], ascending=[False, True])
        worst = worst.assign(nearest_min=worst["nearest_s"] / 60)
        columns = ["community", "requirement", "reason", "people_short", "nearest_min", "remedy"]
        reasons = ", ".join(
            f"{reason} {count}" for reason, count in self.table["reason"].value_counts().items()
        )
        areas = self.table["community_id"].nunique()
        lead = f"{len(self)} gaps in {areas} communities" + (f" ({reasons})" if reasons else "")
        return shown(worst[columns], lead=lead)


def diagnose(
    standard: Standard,
    scorecard: Scorecard,
    reaches: Mapping[str, Reach],
    *,
    homes: Pinned,
    facilities: Pinned,
    communities: gpd.GeoDataFrame,
    network: StreetNetwork,
    surroundings: Surroundings,
    unknown: frozenset[str],
    complete: Collection[str],
    causes: Mapping[str, tuple[Cause, ...]] | None = None,
    lost: Lost = _NOTHING_LOST,
    flat: frozenset[str] = frozenset(),
    counted: bool = True,
    language: str = "en",
) -> Gaps:
    """
    List every shortfall of every community with its reasons.

    Parameters
    ----------
    standard
        The standard.
    scorecard
        How communities do.
    reaches
        Requirement id to its reach.
    homes, facilities
        Both sides.
    communities
        `tables.COMMUNITIES`.
    network
        The streets.
    surroundings
        Border of the data and barriers.
    unknown
        Requirements the data say too little about: listed with the reason ``no_data``, never
        counted as a gap of the service.
    complete
        Services whose list of facilities is declared complete.
    causes
        Requirement id to the homes that cannot be judged, and why.
    lost
        Listed facilities without a place: they lower the confidence of gaps of their service, and
        most where the community itself has one.
    flat
        Groups that are a declared share of everybody: they get no gap.
    counted
        Whether people are known. Where they are not, a count is one of homes, and a gap of fewer
        than `confidence.SURE_HOMES` of them is the less sure the fewer they are.
    language
        ``zh`` or ``en``: of what is required, the one text of the table.

    Returns
    -------
    gaps
        One row per community and requirement that falls short, most people short first.
    """
    scores = scorecard.scores
    rows: list[dict[str, object]] = []
    home_reason: dict[str, NDArray[np.object_]] = {}
    unsure: dict[str, Unsure] = {}
    living = homes.table.groupby("community_id").indices
    standing = facilities.table.groupby("community_id").indices
    about = communities.set_index("community_id", drop=False)
    nobody = np.empty(0, dtype=np.int64)
    names = communities.set_index("community_id")["name"]
    for requirement in standard.requirements:
        if not requirement.makes_gaps:
            continue
        mine = scores[
            (scores["level"] == "community")
            & (scores["requirement"] == requirement.id)
            & scores["verdict"].isin(["short", "unknown"])
        ]
        if len(mine) == 0:
            continue
        reach = reaches[requirement.id]
        blind = requirement.id in unknown
        silent = () if blind else (causes or {}).get(requirement.id, ())
        expected = expected_facilities(
            standard,
            requirement,
            people=float(np.nan_to_num(people_of(homes.table, "all")).sum()) if counted else None,
            share=share_asked(homes.table, requirement),
        )
        if (mine["verdict"] == "unknown").any():
            unsure[requirement.id] = unsure_of(
                standard,
                requirement,
                reach,
                silent,
                names,
                lost=lost.shares.get(requirement.service, 0.0),
                flat=requirement.group in flat,
                blind=blind,
                expected=expected,
                language=language,
            )
        if requirement.group in flat:
            continue
        doubted = doubted_homes(silent, len(homes)) | blind
        why = reasons_of(
            requirement,
            reach,
            homes,
            facilities,
            network,
            surroundings,
            doubted=doubted,
            language=language,
        )
        told = why.reason.copy()
        told[reach.covered | ~is_asked(homes.table, requirement)] = None
        home_reason[requirement.id] = told
        people = np.nan_to_num(people_asked(homes.table, requirement))
        for score in mine.itertuples():
            at = living.get(score.area_id, nobody)
            at = at[~reach.covered[at] & (people[at] > 0)]
            if len(at) == 0:
                continue
            here = standing.get(score.area_id, nobody)
            here = here[reach.counting[here]]
            community = about.loc[score.area_id]
            row = _row(
                requirement, reach, why, people, at, score, community, homes, facilities, here
            )
            lacking = lacking_words(standard, reach, people, at, language)
            row["lacking"] = lacking
            row["evidence"] = evidence_of(
                standard,
                reach,
                why,
                str(row["reason"]),
                at,
                people,
                homes,
                facilities,
                silent,
                surroundings,
                names,
                language,
                expected=expected,
                here=here,
                lacking=lacking,
            )
            row["confidence"] = confidence_of(
                requirement,
                score,
                blind=blind,
                complete=complete,
                lost=lost,
                homes=None if counted else float(people[at].sum()),
            )
            row["required"] = required_words(standard, requirement, language)
            rows.append(row)
    table = pd.DataFrame(rows, columns=list(GAPS))
    if len(table):
        table = table.sort_values(["people_short", "gap_id"], ascending=[False, True])
        counted = (table["reason"] != "no_data").to_numpy()
        table["priority"] = np.where(counted, np.cumsum(counted), np.nan)
    table = table.reset_index(drop=True)
    return Gaps(table=table, home_reason=home_reason, unsure=unsure)


def _row(
    requirement: Requirement,
    reach: Reach,
    why: Why,
    people: NDArray[np.float64],
    at: NDArray[np.int64],
    score: object,
    community: pd.Series,
    homes: Pinned,
    facilities: Pinned,
    here: NDArray[np.int64],
) -> dict[str, object]:
    """Describe one gap; `here` are the places of the community itself that count."""
    # A shortfall that stands whatever is not known is told by what is known of it.
    judged = [code for code in REASONS if code != "no_data"]
    codes = ["no_data"] if getattr(score, "verdict", None) == "unknown" else judged
    by_code = {code: float(people[at[why.reason[at] == code]].sum()) for code in codes}
    reason = max(codes, key=lambda code: by_code[code])
    reasons = sorted(_totals(why, people, at), key=lambda item: (-item[1], item[0]))
    typical = _typical(reach, home_told(reach, why, reason, at, people))
    covered_any = getattr(score, "covered", 0.0) > 0
    kind = "access" if len(here) or covered_any else "missing"
    lon, lat = middle_of(homes.table, people, at)
    names = facilities.table["name"].iloc[here]
    listed = sorted(str(name) for name in names if isinstance(name, str) and name)
    existing = "; ".join(listed[:5]) + (f" … (+{len(listed) - 5})" if len(listed) > 5 else "")
    unnamed = len(here) - len(listed)
    if unnamed:
        existing = f"{existing}{'; ' if existing else ''}×{unnamed}"
    return {
        "gap_id": gap_id(community["community_id"], requirement.id),
        "community_id": community["community_id"],
        "community": community["name"],
        "subdistrict": community["subdistrict"],
        "unit_id": community["unit_id"],
        "service": requirement.service,
        "requirement": requirement.id,
        "obligation": requirement.obligation,
        "minutes": np.nan if requirement.minutes is None else requirement.minutes,
        "limit_m": np.nan if requirement.limit_m is None else requirement.limit_m,
        "group": requirement.group,
        "kind": kind,
        "reason": reason,
        "reasons": "; ".join(f"{code} {count:.0f}" for code, count in reasons),
        "people": getattr(score, "people", np.nan),
        "people_short": float(people[at].sum()),
        "missing_m": typical[1],
        "nearest_s": typical[0],
        "nearest_facility_id": (
            facilities.table["facility_id"].iloc[typical[2]] if typical[2] >= 0 else None
        ),
        "existing": existing,
        "remedy": _remedy(reason, kind, _main_barrier(why, people, at)),
        "site_id": None,
        "project_id": None,
        "year": np.nan,
        "clause": requirement.clause,
        "robust": getattr(score, "robust", None),
        "lon": lon,
        "lat": lat,
    }


def _totals(
    why: Why, people: NDArray[np.float64], at: NDArray[np.int64]
) -> Iterator[tuple[str, float]]:
    """Count people per reason, a barrier with its name where it holds many of them."""
    for code in REASONS:
        rows = at[why.reason[at] == code]
        if len(rows) == 0:
            continue
        if code != "barrier":
            yield code, float(people[rows].sum())
            continue
        held = pd.Series(people[rows]).groupby(why.barrier[rows].astype(str)).sum()
        ranked = sorted(held.items(), key=lambda one: (-one[1], one[0]))
        for name, count in ranked[:_NAMED]:
            yield f"barrier({name})", float(count)
        if ranked[_NAMED:]:
            yield "barrier", float(sum(count for _, count in ranked[_NAMED:]))


def _typical(reach: Reach, home: int | None) -> tuple[float, float, int]:
    """Give the walk, the metres too many and the facility of the home a gap is told by."""
    if home is None or reach.facility[home] < 0:
        return np.nan, np.nan, -1
    missing = max(float(reach.length_m[home]) - straight_limit_m(reach.requirement), 0.0)
    return float(reach.walk_s[home]), missing, int(reach.facility[home])


def _main_barrier(why: Why, people: NDArray[np.float64], at: NDArray[np.int64]) -> str:
    """Name the kind of barrier most people stand behind."""
    held: dict[str, float] = {}
    for row in at[why.reason[at] == "barrier"]:
        kind = str(why.barrier[row]).split(":", maxsplit=1)[0]
        held[kind] = held.get(kind, 0.0) + people[row]
    return max(sorted(held), key=lambda kind: held[kind], default="")


def _remedy(reason: str, kind: str, barrier: str) -> str:
    if reason in ("no_data", "edge"):
        return "survey"
    if reason == "tier_missing":
        return "upgrade"
    if reason == "barrier" and barrier in _OPENABLE:
        return "open"
    return "new" if kind == "missing" or reason == "none" else "extend"
