"""What a project stands on, and from which year it can be used."""

from __future__ import annotations

import numpy as np
import pytest

from lifecircle.programme import Ground, Grounds
from lifecircle.programme.grounds import first_year_of


@pytest.mark.parametrize(
    ("said", "year"),
    [
        (None, 1),
        ("", 1),
        ("长期", 1),
        ("面议", 1),
        ("3年", 1),
        ("2027年底到期", 1),  # for so long it may be used
        ("2025年起", 1),
        ("2026年起", 1),
        ("2027年起可用", 2),
        ("2027年6月腾空", 2),
        ("2027.10后", 3),
        ("2027年底交付", 3),
        ("2028年收回", 3),
    ],
)
def test_the_first_year_of_a_place(said, year):
    assert first_year_of(said, 2026) == year
    assert first_year_of(said, None) == 1


def test_nothing_known_is_nothing_said():
    empty = Grounds()
    assert empty.of_site("p1", np.nan, np.nan, {"medical"}) == Ground()
    assert empty.owed(["e1"], {"medical"}) is None
