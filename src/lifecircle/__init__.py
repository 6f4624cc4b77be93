"""lifecircle: who can walk to care, culture and sport, who cannot, and which land would help."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lifecircle.network.streets import StreetNetwork, read_streets
    from lifecircle.reach.isochrone import isochrones
    from lifecircle.standards import load_standard
    from lifecircle.study import Findings, Study

_HOMES = {
    "Findings": "lifecircle.study",
    "Study": "lifecircle.study",
    "StreetNetwork": "lifecircle.network.streets",
    "isochrones": "lifecircle.reach.isochrone",
    "load_standard": "lifecircle.standards",
    "read_streets": "lifecircle.network.streets",
}

__all__ = [
    "Findings",
    "StreetNetwork",
    "Study",
    "__version__",
    "isochrones",
    "load_standard",
    "read_streets",
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
