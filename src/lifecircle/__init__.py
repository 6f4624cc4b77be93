"""lifecircle: who can walk to care, culture and sport, who cannot, and which land would help."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecircle.comparison import compare
    from lifecircle.network.reading import read_streets
    from lifecircle.network.streets import StreetNetwork
    from lifecircle.reach.costs import cost_matrix
    from lifecircle.reach.isochrone import isochrones
    from lifecircle.reach.raster import prepare_raster
    from lifecircle.reach.reached import reached_streets
    from lifecircle.reach.time_field import time_field
    from lifecircle.standards import load_standard
    from lifecircle.study import Findings, Study

_HOMES = {
    "Findings": "lifecircle.study",
    "Study": "lifecircle.study",
    "StreetNetwork": "lifecircle.network.streets",
    "compare": "lifecircle.comparison",
    "cost_matrix": "lifecircle.reach.costs",
    "isochrones": "lifecircle.reach.isochrone",
    "load_standard": "lifecircle.standards",
    "prepare_raster": "lifecircle.reach.raster",
    "reached_streets": "lifecircle.reach.reached",
    "read_streets": "lifecircle.network.reading",
    "time_field": "lifecircle.reach.time_field",
}

__all__ = [
    "Findings",
    "StreetNetwork",
    "Study",
    "__version__",
    "compare",
    "cost_matrix",
    "isochrones",
    "load_standard",
    "prepare_raster",
    "reached_streets",
    "read_streets",
    "time_field",
]

try:
    __version__ = version("lifecircle")
except PackageNotFoundError:  # run from source without an installation
    __version__ = "0+unknown"


def __getattr__(name: str) -> object:
    """Import a name when it is first used, so that ``lifecircle --help`` need not wait."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'lifecircle' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
