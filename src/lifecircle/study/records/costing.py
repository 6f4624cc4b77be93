"""The table of unit costs that a study names."""

from __future__ import annotations

from lifecircle.config import SitingSection
from lifecircle.provenance import Source
from lifecircle.sources.records.costs import read_costs
from lifecircle.standards import Standard
from lifecircle.tables.costs import UnitCosts


def costs_of_study(
    config: SitingSection, standard: Standard
) -> tuple[UnitCosts, tuple[Source, ...]]:
    """
    Read what things cost.

    Parameters
    ----------
    config
        The section of sites.
    standard
        Whose types the table names.

    Returns
    -------
    costs
        Unit costs; empty where the study names no table.
    source
        Its origin.

    Raises
    ------
    LifecircleError
        With what is wrong with the file.
    """
    if config.unit_costs is None:
        return UnitCosts(), ()
    costs, source = read_costs(config.unit_costs, standard)
    return costs, (source,)
