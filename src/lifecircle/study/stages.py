"""A stopwatch for the stages of a run, which also collects what they warn of."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lifecircle.errors import LifecircleWarning

Announce = Callable[[str], None]


class Stages:
    """
    A stopwatch that also collects warnings and announces each stage.

    Parameters
    ----------
    announce
        Called with the name of each stage as it begins.
    """

    def __init__(self, announce: Announce | None = None) -> None:
        self.timings: dict[str, float] = {}
        self.warnings: list[str] = []
        self._announce = announce

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """
        Time a stage.

        Parameters
        ----------
        name
            What it is called.

        Yields
        ------
        nothing
            While the stage runs.
        """
        if self._announce is not None:
            self._announce(name)
        begun = time.perf_counter()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", LifecircleWarning)
            yield
        self.timings[name] = self.timings.get(name, 0.0) + time.perf_counter() - begun
        for one in said:
            if issubclass(one.category, LifecircleWarning):
                self.warnings.append(str(one.message))
            else:
                warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
