"""What a study knows of sizes: norms judged, supply shared out, loads and gaps of size."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from lifecircle.access.competition import shared_supply
from lifecircle.access.levels import Level
from lifecircle.access.loads import loads_of
from lifecircle.access.norms import Listing, judge_norms
from lifecircle.access.supply import LOST_SHARE
from lifecircle.gaps.diagnosis import Gaps
from lifecircle.gaps.undersized import add_size_gaps
from lifecircle.reach.matrix import Reach
from lifecircle.sources.geocoding.text import community_key
from lifecircle.standards import Standard
from lifecircle.study.placing import Placing
from lifecircle.study.waist import Waist


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """
    What sizes say.

    Parameters
    ----------
    norms, supply, loads
        `tables.NORMS`, `tables.SUPPLY` and `tables.LOADS`.
    listing
        How whole the lists are.
    """

    norms: pd.DataFrame
    supply: pd.DataFrame
    loads: pd.DataFrame
    listing: Listing


def sizes_of_study(
    standard: Standard,
    reaches: Mapping[str, Reach],
    waist: Waist,
    levels: tuple[Level, ...],
    placing: Placing,
    *,
    complete: Collection[str],
    lost_shares: Mapping[str, float],
    people_known: bool,
) -> Sizes:
    """
    Judge the norms of a study and share its supply out.

    Parameters
    ----------
    standard
        The standard.
    reaches
        Requirement id to its reach.
    waist
        Streets, homes, facilities and communities.
    levels
        The areas.
    placing
        What became of rows without coordinates.
    complete
        Services whose list is declared complete.
    lost_shares
        Service to the share of its rows that have no place.
    people_known
        Whether homes hold people.

    Returns
    -------
    sizes
        The three tables; where no population is known only norms, which say so.
    """
    listing = Listing(
        complete=frozenset(complete),
        lost_shares=lost_shares,
        lost_rows=_lost_rows(placing, waist.communities),
    )
    both = {"homes": waist.homes, "facilities": waist.facilities}
    norms = judge_norms(standard, **both, levels=levels, listing=listing, people_known=people_known)
    nothing = standard.model_copy(update={"requirements": ()})
    asked = standard if people_known else nothing
    return Sizes(
        norms=norms,
        supply=shared_supply(asked, reaches, **both, network=waist.network, levels=levels),
        loads=loads_of(asked, reaches, **both),
        listing=listing,
    )


def with_size_gaps(
    gaps: Gaps,
    sizes: Sizes,
    standard: Standard,
    reaches: Mapping[str, Reach],
    waist: Waist,
    levels: tuple[Level, ...],
    *,
    language: str,
) -> Gaps:
    """
    Put gaps of size beside those of access.

    Parameters
    ----------
    gaps
        Gaps of access.
    sizes
        What sizes say.
    standard
        The standard.
    reaches
        Requirement id to its reach.
    waist
        Homes, facilities and communities.
    levels
        The areas.
    language
        Of the texts in the list.

    Returns
    -------
    gaps
        Both kinds.
    """
    listing = sizes.listing
    return add_size_gaps(
        gaps,
        standard,
        sizes.norms,
        sizes.loads,
        reaches,
        homes=waist.homes,
        facilities=waist.facilities,
        communities=waist.communities,
        levels=levels,
        listed=frozenset(
            one for one in listing.complete if listing.lost_shares.get(one, 0.0) <= LOST_SHARE
        ),
        language=language,
    )


def _lost_rows(placing: Placing, communities: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Count facilities without a place by service and community; "" where none is known."""
    ids: dict[str, list[str]] = {}
    for name, community_id in zip(communities["name"], communities["community_id"], strict=True):
        ids.setdefault(community_key(name), []).append(str(community_id))
    lost: dict[str, dict[str, int]] = {}
    unplaced = placing.unplaced
    for services, community in zip(unplaced["services"], unplaced["community"], strict=True):
        mine = ids.get(community_key(community if isinstance(community, str) else None), [])
        # A name two communities share tells neither of them.
        where = mine[0] if len(mine) == 1 else ""
        for service in set(services.split(";")):
            of_service = lost.setdefault(service, {})
            of_service[where] = of_service.get(where, 0) + 1
    return lost
