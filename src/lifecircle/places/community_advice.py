"""
Communities -> what there is to advise on their size and their borders (社区规模与边界建议).

Advice is a lead for those who decide: it says what is seen, counts the people, proposes to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from lifecircle.network.router import Router
from lifecircle.network.streets import StreetNetwork
from lifecircle.network.walks import Ends
from lifecircle.places.outlines import only_valid
from lifecircle.places.unit_graph import STRAIGHT, centre_homes, only
from lifecircle.places.units import Band
from lifecircle.tables import ADVICE
from lifecircle.walk import PROFILES

LEAST_PEOPLE = 100.0
"""Fewer people who cannot walk across a barrier are not told of (P)."""
SMALL_SHARE = 0.5
"""A community under this share of the band's lower end is small (P)."""
WIDE_MINUTES = 15.0
WIDE_SHARE = 0.3
"""A community is wide when this share of its people walk longer than that to its middle (P)."""
LEAST_PART_M2 = 1000.0
"""A smaller part of an outline is a slip of the pen [m²] (P)."""
ACROSS_MINUTES = 5.0
_DIVIDES = ("road", "rail", "water")
_VILLAGE = re.compile(r"(村|村委会|村民委员会)$")
_KIND_WORDS = {
    "road": ("主干路", "a main road"),
    "rail": ("铁路", "a railway"),
    "water": ("河流水面", "water"),
}


def advise(
    communities: gpd.GeoDataFrame,
    homes: gpd.GeoDataFrame,
    ends: Ends,
    network: StreetNetwork,
    *,
    barriers: Mapping[str, NDArray[np.object_]],
    band: Band | None,
    language: str = "zh",
) -> pd.DataFrame:
    """
    Find communities whose size or border deserves a look.

    Parameters
    ----------
    communities
        `tables.COMMUNITIES` with ``people``.
    homes, ends
        `tables.HOMES` with their pins.
    network
        The streets.
    barriers
        ``road, rail, water`` to lines in the network's system.
    band
        How many people a 5-minute circle is for; None where the standard does not say.
    language
        Of the sentences.

    Returns
    -------
    advice
        `tables.ADVICE`, most people concerned first. ``code``: ``large`` and ``small`` (against the
        band), ``wide``, ``cut`` (a barrier runs through: the people on its smaller sides),
        ``exclave``. Villages are never called small or wide.
    """
    table = communities.sort_values("community_id", kind="stable").reset_index(drop=True)
    living = homes.groupby("community_id").indices
    shapes = only_valid(np.asarray(table.geometry.array, dtype=object))
    points = homes.geometry.to_numpy()
    people = homes["people"].to_numpy(dtype=float)
    centre = centre_homes(table["community_id"].to_numpy(dtype=object), homes, ends)
    router = Router(network=network, profile=PROFILES["gb"])
    lines = {kind: barriers.get(kind, np.array([], dtype=object)) for kind in _DIVIDES}
    trees = {kind: shapely.STRtree(some) for kind, some in lines.items() if len(some)}
    rows: list[dict[str, object]] = []
    for place, one in enumerate(table.to_dict("records")):
        here = np.asarray(living.get(one["community_id"], ()), dtype=np.int64)
        middle = None if centre[place] < 0 else points[centre[place]]
        told = [
            *_sizes(one, band, language),
            *_wide(one, points[here], people[here], middle, language),
            *_exclave(shapes[place], points[here], people[here], language),
            *_cut(shapes[place], here, points, people, trees, ends, router, language),
        ]
        rows += [
            {
                "community_id": one["community_id"],
                "community": one["name"],
                "subdistrict": one["subdistrict"],
                "people": one["people"],
                "area_m2": float(shapely.area(shapes[place])),
                **found,
            }
            for found in told
        ]
    frame = pd.DataFrame(rows, columns=list(ADVICE))
    by = ["people_concerned", "community_id", "code"]
    return frame.sort_values(by, ascending=[False, True, True], ignore_index=True)


def _say(language: str, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def _is_village(one: Mapping[str, object]) -> bool:
    urban = one.get("urban")
    if urban is not None and not pd.isna(urban):
        return not urban
    return isinstance(one["name"], str) and bool(_VILLAGE.search(one["name"]))


def _sizes(
    one: Mapping[str, object], band: Band | None, language: str
) -> Iterator[dict[str, object]]:
    people = float(str(one["people"]))
    if band is None or people <= 0:
        return
    if band.side(people) == "above":
        yield {
            "code": "large",
            "people_concerned": people - band.people_max,
            "sentence": _say(
                language,
                f"人口{people:,.0f}人，超过{band.minutes}分钟生活圈{band.people_max:,.0f}人的上限，"
                "建议研究拆分社区或增设服务站点。",
                f"{people:,.0f} people are more than the {band.people_max:,.0f} a "
                f"{band.minutes}-minute circle is for: it is suggested to look into dividing the "
                "community or adding a second service point.",
            ),
        }
    elif people < SMALL_SHARE * band.people_min and not _is_village(one):
        yield {
            "code": "small",
            "people_concerned": people,
            "sentence": _say(
                language,
                f"人口{people:,.0f}人，不足{band.minutes}分钟生活圈{band.people_min:,.0f}人下限的"
                "一半，建议研究与相邻社区合并或合用设施。",
                f"{people:,.0f} people are under half of the {band.people_min:,.0f} a "
                f"{band.minutes}-minute circle is for: it is suggested to look into joining it "
                "with a neighbour or sharing facilities.",
            ),
        }


def _wide(
    one: Mapping[str, object],
    points: NDArray[np.object_],
    people: NDArray[np.float64],
    middle: shapely.Geometry | None,
    language: str,
) -> Iterator[dict[str, object]]:
    if middle is None or _is_village(one):
        return
    whole = float(people.sum())
    limit_m = PROFILES["gb"].metres(WIDE_MINUTES) / STRAIGHT
    far = float(people[shapely.distance(points, middle) > limit_m].sum())
    if far < LEAST_PEOPLE or far < WIDE_SHARE * whole:
        return
    yield {
        "code": "wide",
        "people_concerned": far,
        "sentence": _say(
            language,
            f"约{far:,.0f}人（{far / whole:.0%}）步行到社区居住中心超过{WIDE_MINUTES:g}分钟，"
            "建议研究调整边界或分设服务点。",
            f"about {far:,.0f} people ({far / whole:.0%}) walk over {WIDE_MINUTES:g} minutes to "
            "the middle of the community: it is suggested to look into its border or a second "
            "service point.",
        ),
    }


def _exclave(
    shape: shapely.Geometry,
    points: NDArray[np.object_],
    people: NDArray[np.float64],
    language: str,
) -> Iterator[dict[str, object]]:
    parts = shapely.get_parts(shape)
    parts = parts[shapely.area(parts) >= LEAST_PART_M2]
    if len(parts) < 2:
        return
    there = _people_in(parts, points, people)
    away = float(there.sum() - there.max())
    yield {
        "code": "exclave",
        "people_concerned": away,
        "sentence": _say(
            language,
            f"范围由{len(parts)}块不相连的部分组成，主体以外约{away:,.0f}人，建议核对界线或研究调整"
            "边界。",
            f"its outline has {len(parts)} parts apart from one another, about {away:,.0f} people "
            "outside the largest: it is suggested to check the outline or look into its border.",
        ),
    }


def _people_in(
    parts: NDArray[np.object_], points: NDArray[np.object_], people: NDArray[np.float64]
) -> NDArray[np.float64]:
    at = _part_of(parts, points)
    known = at >= 0
    there = np.bincount(at[known], weights=people[known], minlength=len(parts))
    return np.asarray(there, dtype=np.float64)


def _part_of(parts: NDArray[np.object_], points: NDArray[np.object_]) -> NDArray[np.int64]:
    point, part = shapely.STRtree(parts).query(points, predicate="intersects")
    found = np.full(len(points), -1, dtype=np.int64)
    found[point[::-1]] = part[::-1]
    return found


def _cut(
    shape: shapely.Geometry,
    here: NDArray[np.int64],
    points: NDArray[np.object_],
    people: NDArray[np.float64],
    trees: Mapping[str, shapely.STRtree],
    ends: Ends,
    router: Router,
    language: str,
) -> Iterator[dict[str, object]]:
    """Divide an outline along what crosses it, and count who lives off the largest side."""
    if not len(here):
        return
    crossing = {
        kind: shapely.intersection(
            tree.geometries[np.sort(tree.query(shape, predicate="intersects"))], shape
        )
        for kind, tree in trees.items()
    }
    crossing = {kind: lines for kind, lines in crossing.items() if len(lines)}
    small = _off_side(shape, np.concatenate([*crossing.values(), []]), points[here], people[here])
    if small is None:
        return
    off, main = here[small > 0], here[small == 0]
    alone = [
        kind
        for kind, lines in crossing.items()
        if len(crossing) == 1 or _off_side(shape, lines, points[here], people[here]) is not None
    ]
    both = only(ends, np.concatenate([off, main]))
    across = np.arange(both.n) < len(off)
    found = router.nearest(
        both.select(across), both.select(~across), limit=round(ACROSS_MINUTES * 6000)
    )
    apart = float(people[off][found.to[: len(off)] < 0].sum())
    if apart < LEAST_PEOPLE:
        return
    kinds = alone or list(crossing)
    side = float(people[off].sum())
    words = [_KIND_WORDS[kind][0 if language == "zh" else 1] for kind in kinds]
    yield {
        "code": "cut",
        "people_concerned": side,
        "cut_by": ";".join(kinds),
        "sentence": _say(
            language,
            f"被{'、'.join(words)}分隔，较小一侧约{side:,.0f}人，其中{apart:,.0f}人"
            f"{ACROSS_MINUTES:g}分钟内走不到另一侧，建议研究调整边界或分侧配置设施。",
            f"divided by {' and '.join(words)}, with about {side:,.0f} people on the smaller side, "
            f"{apart:,.0f} of whom cannot walk across within {ACROSS_MINUTES:g} minutes: it is "
            "suggested to look into its border or facilities on both sides.",
        ),
    }


def _off_side(
    shape: shapely.Geometry,
    lines: NDArray[np.object_],
    points: NDArray[np.object_],
    people: NDArray[np.float64],
) -> NDArray[np.int8] | None:
    """Tell which homes are off the largest side: 0 on it, 1 off it, -1 on a side of too few."""
    if not len(lines):
        return None
    edges = shapely.union_all([shapely.boundary(shape), *lines])
    faces = shapely.get_parts(shapely.polygonize([edges]))
    faces = faces[shapely.intersects(shape, shapely.point_on_surface(faces))]
    if len(faces) < 2:
        return None
    at = _part_of(faces, points)
    there = _people_in(faces, points, people)
    many = there >= LEAST_PEOPLE
    if many.sum() < 2:
        return None
    side = np.where(many, 1, -1).astype(np.int8)
    side[int(there.argmax())] = 0
    return np.where(at >= 0, side[at], -1).astype(np.int8)
