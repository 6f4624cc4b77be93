"""Gaps and sites become projects, a programme by year and a programme of communities."""

from lifecircle.programme.grounds import Ground, Grounds
from lifecircle.programme.needs import Need, needs_of
from lifecircle.programme.projects import Programme, Terms, draw_up
from lifecircle.programme.schedule import Limits, Task, schedule

__all__ = [
    "Ground",
    "Grounds",
    "Limits",
    "Need",
    "Programme",
    "Task",
    "Terms",
    "draw_up",
    "needs_of",
    "schedule",
]
