"""From the communities of a study to the advice on their size and their borders."""

from __future__ import annotations

import pandas as pd

from lifecircle.config import StudyConfig
from lifecircle.places.community_advice import advise
from lifecircle.study.units import dividing_lines
from lifecircle.study.waist import Waist
from lifecircle.tables import ADVICE


def advice_of_study(config: StudyConfig, waist: Waist) -> pd.DataFrame:
    """
    Advise on the size and the borders of communities.

    Parameters
    ----------
    config
        The study file.
    waist
        The tables of the study.

    Returns
    -------
    advice
        `tables.ADVICE`; empty where communities are drawn around places or as squares.
    """
    if config.communities.draw in ("places", "grid"):  # nobody's borders
        return pd.DataFrame(columns=list(ADVICE))
    return advise(
        waist.communities,
        waist.homes.table,
        waist.homes.ends,
        waist.network,
        barriers=dividing_lines(waist.network, waist.survey["barriers"], waist.land),
        band=waist.units.bands.get(5),
        language=config.study.language,
    )
