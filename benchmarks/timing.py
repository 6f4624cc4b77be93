"""Interleaved runs of several tools, their medians and ratios."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tool:
    """
    One way to do a task.

    Parameters
    ----------
    name
        As it stands in the table.
    call
        Does the task once.
    times
        What a call is multiplied by where it does only a part of the task.
    note
        What the reader must know.
    """

    name: str
    call: Callable[[], object]
    times: float = 1.0
    note: str = ""


def seconds(tools: list[Tool], runs: int) -> dict[str, float]:
    """Median of interleaved runs after one to warm up."""
    taken: dict[str, list[float]] = {tool.name: [] for tool in tools}
    for tool in tools:
        tool.call()
    for _ in range(runs):
        for tool in tools:
            gc.collect()
            begun = time.perf_counter()
            tool.call()
            taken[tool.name].append((time.perf_counter() - begun) * tool.times)
    return {name: statistics.median(values) for name, values in taken.items()}


def table(tools: list[Tool], runs: int, *, digits: int = 4) -> str:
    """Rows of a Markdown table; the ratio is to the fastest C++, else to the first tool."""
    taken = seconds(tools, runs)
    native = [value for name, value in taken.items() if name.startswith("C++")]
    base = min(native) if native else next(iter(taken.values()))
    rows = ["| tool | s | x | |", "|---|---|---|---|"]
    for tool in tools:
        value = taken[tool.name]
        rows.append(f"| {tool.name} | {value:.{digits}f} | {value / base:.2f} | {tool.note} |")
    return "\n".join(rows)


def skip(name: str, why: str) -> None:
    print(f"{name} is left out: {why}", file=sys.stderr)
