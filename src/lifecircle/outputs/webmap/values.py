"""Values of tables as the map page takes them, and counts of people told or held back."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import SupportsFloat, cast

import pandas as pd

FEW = 10
"""People below this are not told in a public edition."""


@dataclass(frozen=True, kw_only=True)
class Teller:
    """
    Says counts of people, or holds them back.

    Parameters
    ----------
    public
        Whether the edition may be handed round.
    """

    public: bool

    def people(self, value: object) -> float | int | str | None:
        """
        Tell a count of people.

        Parameters
        ----------
        value
            The count; may be missing.

        Returns
        -------
        told
            The count, or ``<10`` where it is held back.
        """
        number = plain(value, 1)
        if self.public and number is not None and 0 < number < FEW:
            return f"<{FEW}"
        return number

    def few(self, value: object) -> bool:
        """
        Tell whether a count is held back.

        Parameters
        ----------
        value
            The count; may be missing.

        Returns
        -------
        few
            Whether it is.
        """
        number = plain(value, 3)
        return self.public and number is not None and 0 < number < FEW

    def share(self, value: object) -> float | int | None:
        """
        Tell a share, less finely in a public edition.

        Parameters
        ----------
        value
            The share; may be missing.

        Returns
        -------
        share
            0 to 1, or None.
        """
        return plain(value, 2 if self.public else 4)


def listed(value: object) -> list[str]:
    """
    Split a cell that may hold several ids.

    Parameters
    ----------
    value
        Text, a sequence, or missing.

    Returns
    -------
    ids
        Each by itself.

    Examples
    --------
    >>> from lifecircle.outputs.webmap.values import listed
    >>> listed("medical; culture")
    ['medical', 'culture']
    """
    if isinstance(value, str):
        return [part.strip() for part in value.replace(",", ";").split(";") if part.strip()]
    if isinstance(value, Iterable):
        return [str(part) for part in value]
    return []


def text(value: object) -> str | None:
    """
    Take a cell as text.

    Parameters
    ----------
    value
        Anything.

    Returns
    -------
    text
        None where it is missing.
    """
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value)


def plain(value: object, decimals: int) -> float | int | None:
    """
    Take a cell as a number that is short to write.

    Parameters
    ----------
    value
        A number, or missing.
    decimals
        Decimals kept.

    Returns
    -------
    number
        Whole where it is; None where it is missing or not finite.
    """
    if value is None or value is pd.NA:
        return None
    number = float(cast(SupportsFloat, value))
    if not math.isfinite(number):
        return None
    rounded = round(number, decimals)
    return int(rounded) if rounded == int(rounded) else rounded
