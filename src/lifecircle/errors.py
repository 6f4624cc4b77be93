"""Every error and warning lifecircle raises: what is wrong, where it is, what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """
    One thing that is wrong with an input.

    Parameters
    ----------
    what
        What is wrong, as a plain sentence without a final full stop.
    where
        File, layer, row or key the problem sits in; empty when the whole study is meant.
    remedy
        What the planner can do about it; empty when it is obvious.
    """

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        help_text = f" — {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{help_text}"


class LifecircleError(Exception):
    """
    Root of all errors, carrying every problem found at once.

    Parameters
    ----------
    problems
        A message, one `Problem`, or all the problems that were found in one go.
    """

    def __init__(self, problems: str | Problem | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = [Problem(what=problems)]
        elif isinstance(problems, Problem):
            problems = [problems]
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(LifecircleError, ValueError):
    """A file or a table says something that cannot be used."""


class SchemaError(InputError):
    """A table lacks columns, or rows hold values that are not allowed."""


class CrsError(InputError):
    """Coordinates without a known, fitting reference system."""


class ExtentError(InputError):
    """Inputs that do not lie where they are needed."""


class RuleError(LifecircleError, ValueError):
    """A study file or a standard contradicts itself or names something unknown."""


class SourceError(LifecircleError, OSError):
    """A file or a service that cannot be read."""


class NetworkError(LifecircleError, RuntimeError):
    """A street network nobody can walk on."""


class SitingError(LifecircleError, RuntimeError):
    """A siting question that has no answer."""


class LifecircleWarning(UserWarning):
    """Root of all warnings: a count and what follows from it."""


class FarFromStreetWarning(LifecircleWarning):
    """Points that no street comes near, or that stand on an island of streets."""


class BoundaryWarning(LifecircleWarning):
    """An outline that had to be closed, or places too near the border of the data."""


class DoubtfulRowsWarning(LifecircleWarning):
    """Rows kept aside because a value in them cannot be right."""


class MissingDataWarning(LifecircleWarning):
    """Something the study would need is not in the inputs; results say less without it."""
