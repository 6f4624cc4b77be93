"""Names a study file gives to places, services and groups, held against what is there."""

from __future__ import annotations

import geopandas as gpd

from lifecircle.config import SitingSection
from lifecircle.errors import Problem, RuleError
from lifecircle.siting.ways import Ways
from lifecircle.standards import Standard


def check_names(
    standard: Standard, parcels: gpd.GeoDataFrame, ways: Ways | None, config: SitingSection
) -> None:
    """
    Refuse names of the study file that nothing answers to.

    Parameters
    ----------
    standard
        The standard, whose services and groups can be weighed.
    parcels
        `tables.PARCELS`.
    ways
        Ways that need no land.
    config
        What must and must not be used, and weights.

    Raises
    ------
    RuleError
        With all of them.
    """
    listed = (
        {} if ways is None else dict(zip(ways.table["way_id"], ways.table["competes"], strict=True))
    )
    known = {*parcels["parcel_id"], *listed}
    weighable = {*standard.services, *(one.group for one in standard.requirements)}
    problems = [
        Problem(
            what=f"there is no parcel '{name}'",
            where=f"study.toml, siting.{key}",
            remedy="take the id from sites.csv, results.gpkg, layer parcels, or remedies.csv",
        )
        for key, names in (("must", config.must), ("never", config.never))
        for name in names
        if name not in known
    ]
    problems += [
        Problem(
            what=f"parcel '{row.parcel_id}' is {row.status} ({row.reasons or row.checks})",
            where="study.toml, siting.must",
            remedy="take it out of siting.must, or correct the lists of land",
        )
        for row in parcels.itertuples()
        if row.parcel_id in config.must and row.status in ("refused", "doubtful")
    ]
    problems += [
        Problem(
            what=f"way '{name}' is only listed and does not compete",
            where="study.toml, siting.must",
            remedy="take it out of siting.must",
        )
        for name in config.must
        if name in listed and not listed[name]
    ]
    problems += [
        Problem(
            what=f"there is no service or group '{name}' to weigh",
            where="study.toml, siting.weights",
            remedy=f"known: {', '.join(sorted(weighable))}",
        )
        for name in config.weights
        if name not in weighable
    ]
    if problems:
        raise RuleError(problems)
