"""A study of many small communities: hexagons in rows, with people, shares, grades and gaps."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifecircle.outputs.content import Content

SIDE_M = 150.0


def hexagons(small: Content, count: int) -> Content:
    """Put `count` hexagons into the place of the communities of `small`; always the same ones."""
    draw = np.random.default_rng(8)
    wide = int(np.ceil(np.sqrt(count * 0.9)))
    row, column = np.divmod(np.arange(count), wide)
    x = (column + 0.5 * (row % 2)) * SIDE_M * np.sqrt(3.0)
    y = row * SIDE_M * 1.5
    origin = np.array(small.area.bounds[:2])
    centre = origin + np.column_stack([x, y])
    turn = np.pi / 6 + np.pi / 3 * np.arange(6)
    corner = np.column_stack([np.cos(turn), np.sin(turn)]) * SIDE_M
    shapes = shapely.polygons(centre[:, None, :] + corner[None, :, :])
    key = [f"h{place:05d}" for place in range(count)]
    # People thin out from the middle, as they do.
    far = np.hypot(*((centre - centre.mean(axis=0)) / np.ptp(centre, axis=0).max()).T)
    people = np.round(draw.gamma(2.0, 400.0, count) * np.exp(-3.0 * far))
    communities = gpd.GeoDataFrame(
        {
            "community_id": key,
            "name": [f"第{place + 1}社区" for place in range(count)],
            "subdistrict": [f"{place // 200 + 1}街道" for place in range(count)],
            "county": "测试县",
            "city": "测试市",
            "unit_id": "u1",
            "urban": True,
            "people": people,
        },
        geometry=shapes,
        crs=small.crs,
    )
    reach = np.clip(1.1 - far * draw.uniform(0.5, 2.0, count), 0.0, 1.0)
    return dataclasses.replace(
        small,
        area=shapely.box(*shapely.total_bounds(shapes)),
        communities=communities,
        homes=_homes(small, key, centre, people),
        facilities=_facilities(small, centre[draw.choice(count, count // 10, replace=False)]),
        streets=_streets(small, centre[::7]),
        scores=_scores(small, key, people, reach, draw),
        index=_index(small, key, people, reach),
        gaps=_gaps(small, key, people, reach),
        buildings=small.buildings.iloc[:0],
        isochrones=small.isochrones.iloc[:0],
        remedies=small.remedies.iloc[:0],
        units=small.units.iloc[:0],
        unit_services=small.unit_services.iloc[:0],
        after=small.after.iloc[:0],
        loads=small.loads.iloc[:0],
        robustness=small.robustness.iloc[:0],
    )


def _repeated(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    return frame.iloc[np.arange(count) % len(frame)].reset_index(drop=True)


def _homes(small, key, centre, people):
    frame = _repeated(small.homes, len(key))
    frame = frame.assign(home_id=key, community_id=key, people=people, people_60plus=people / 4)
    return frame.set_geometry(gpd.GeoSeries(shapely.points(centre), crs=small.crs))


def _facilities(small, spots):
    frame = _repeated(small.facilities, len(spots))
    ids = [f"f{place:04d}" for place in range(len(spots))]
    frame = frame.assign(facility_id=ids, place_id=ids, name=[f"设施 {one}" for one in ids])
    return frame.set_geometry(gpd.GeoSeries(shapely.points(spots), crs=small.crs))


def _streets(small, spots):
    ends = np.stack([spots[:-1], spots[1:]], axis=1)
    frame = _repeated(small.streets, len(ends))
    frame = frame.assign(edge_id=np.arange(len(ends)))
    return frame.set_geometry(gpd.GeoSeries(shapely.linestrings(ends), crs=small.crs))


def _scores(small, key, people, reach, draw):
    study = small.scores[small.scores["level"] == "study"]
    tables = [study]
    for row in study.to_dict("records"):
        share = np.clip(reach + draw.normal(0.0, 0.1, len(key)), 0.0, 1.0)
        covered = np.round(people * share)
        share = np.where(people > 0, covered / np.maximum(people, 1), np.nan)
        met = np.where(share >= row["target_share"], "met", "short")
        tables.append(
            pd.DataFrame(
                {
                    **row,
                    "level": "community",
                    "area_id": key,
                    "area_name": key,
                    "people": people,
                    "covered": covered,
                    "share": share,
                    "verdict": np.where(people > 0, met, "empty"),
                    "median_s": np.where(people > 0, np.round(1200 * (1.2 - share)), np.nan),
                    "robust": np.where(
                        np.abs(share - row["target_share"]) < 0.05, "marginal", "robust"
                    ),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _index(small, key, people, reach):
    study = small.index[small.index["level"] == "study"]
    tables = [study]
    for row in study.to_dict("records"):
        value = np.where(people > 0, np.round(100 * reach, 1), np.nan)
        least = np.array([least for _, least in small.standard.grades])
        codes = np.array([code for code, _ in small.standard.grades], dtype=object)
        place = np.argmax(np.nan_to_num(value)[:, None] >= least, axis=1)
        tables.append(
            pd.DataFrame(
                {
                    **row,
                    "level": "community",
                    "area_id": key,
                    "area_name": key,
                    "people": people,
                    "index": value,
                    "grade": np.where(people > 0, codes[place], None),
                    "gaps": np.where(reach < 0.6, 2, 0),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _gaps(small, key, people, reach):
    short = np.flatnonzero((reach < 0.6) & (people > 0))
    tables = []
    for place, row in enumerate(small.gaps.drop_duplicates("requirement").to_dict("records")[:2]):
        tables.append(
            pd.DataFrame(
                {
                    **row,
                    "gap_id": [f"g{place}{at:05d}" for at in short],
                    "community_id": np.array(key, dtype=object)[short],
                    "people_short": np.round(people[short] * (1 - reach[short])),
                    "nearest_s": np.round(900 + 900 * (1 - reach[short])),
                    "nearest_facility_id": [f"f{at // 10:04d}" for at in short],
                    "site_id": None,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
