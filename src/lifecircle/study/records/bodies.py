"""The table of bodies that a study names."""

from __future__ import annotations

from lifecircle.config import StudyConfig
from lifecircle.provenance import Source
from lifecircle.sources.records.bodies import read_bodies
from lifecircle.standards import Standard
from lifecircle.tables.bodies import Bodies


def bodies_of_study(config: StudyConfig, standard: Standard) -> tuple[Bodies, tuple[Source, ...]]:
    """
    Read the table of bodies a study names.

    Parameters
    ----------
    config
        The study file.
    standard
        What is asked.

    Returns
    -------
    bodies
        Empty where it names none.
    sources
        Origin of the table.

    Raises
    ------
    LifecircleError
        With what is wrong with the file.
    """
    part = config.programme
    if part.bodies is None:
        return Bodies(), ()
    bodies, source = read_bodies(part.bodies, standard, columns=part.columns, sheet=part.sheet)
    return bodies, (source,)
