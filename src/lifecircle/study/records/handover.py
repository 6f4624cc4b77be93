"""The ledger of rooms handed over with estates that a study names."""

from __future__ import annotations

import pandas as pd

from lifecircle.config import StudyConfig
from lifecircle.provenance import Source
from lifecircle.sources.records.handover import read_handover


def handover_of_study(config: StudyConfig) -> tuple[pd.DataFrame | None, tuple[Source, ...]]:
    """
    Read the ledger of rooms handed over with estates.

    Parameters
    ----------
    config
        The study file.

    Returns
    -------
    rooms
        From `read_handover`; None where the study names no ledger.
    sources
        Its origin, as far as it is not read as a list of facilities already.

    Raises
    ------
    LifecircleError
        With what is wrong with the file.
    """
    part = config.provision
    if part.handover is None:
        return None, ()
    rooms, source = read_handover(part.handover, columns=part.columns, sheet=part.sheet)
    listed = any(one.file == part.handover for one in config.facilities.tables)
    return rooms, () if listed else (source,)
