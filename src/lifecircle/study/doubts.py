"""From waist tables to warnings: what is doubtful, how many it concerns, what follows."""

from __future__ import annotations

import warnings

import geopandas as gpd

from lifecircle.errors import BoundaryWarning, FarFromStreetWarning, MissingDataWarning
from lifecircle.standards import Standard


def warn_of_homes(homes: gpd.GeoDataFrame) -> None:
    """
    Warn of homes that are off the network or beyond the data.

    Parameters
    ----------
    homes
        `tables.HOMES`.
    """
    consequence = {
        "far": "farther than 200 m from any street, counted as not covered",
        "island": "on an island of streets, counted as not covered",
        "edge": "beyond the data, marked as edge",
        "outside": "outside the study area, counted for no community",
    }
    for status, what in consequence.items():
        rows = homes["status"] == status
        if rows.any():
            people = homes.loc[rows, "people"].sum()
            warnings.warn(
                f"homes {what}: {rows.sum():,}, with {people:,.0f} people",
                FarFromStreetWarning if status in ("far", "island") else BoundaryWarning,
                stacklevel=4,
            )


def warn_of_services(standard: Standard, facilities: gpd.GeoDataFrame) -> None:
    """
    Warn of services without any facility.

    Parameters
    ----------
    standard
        The standard.
    facilities
        `tables.FACILITIES`.
    """
    missing = [one for one in standard.services if not (facilities["service"] == one).any()]
    if missing:
        warnings.warn(
            f"no facility of {', '.join(missing)} is in the data",
            MissingDataWarning,
            stacklevel=3,
        )


def warn_of_estates(without_gates: tuple[str, ...]) -> None:
    """
    Warn of closed estates nobody knows a gate of.

    Parameters
    ----------
    without_gates
        Their ids.
    """
    if without_gates:
        warnings.warn(
            f"closed estates without a known gate: {len(without_gates)} "
            f"({', '.join(without_gates[:5])}); every street across their outline is taken as one",
            MissingDataWarning,
            stacklevel=3,
        )
