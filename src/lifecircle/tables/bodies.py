"""Who leads, helps with and runs what is built: by type or service, and by subdistrict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

BODIES = ("type", "service", "subdistrict", "lead", "cooperating", "operator", "row")
"""
Columns of `Bodies.table`: type of facility, or the service of all its types (both missing: every
type); subdistrict (missing: everywhere); the three bodies, missing where the planner names none;
and the row of the file.
"""


@dataclass(frozen=True, kw_only=True)
class Bodies:
    """
    Bodies a planner names.

    Parameters
    ----------
    table
        One row per type or service and subdistrict, columns `BODIES`.
    """

    table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(BODIES)))

    def __len__(self) -> int:
        return len(self.table)

    def of(self, role: str, type_id: str, service: str, subdistrict: str | None) -> str | None:
        """
        Look up one body.

        Parameters
        ----------
        role
            ``lead``, ``cooperating`` or ``operator``.
        type_id, service
            Type of facility and its service.
        subdistrict
            Where it stands; None where nobody knows.

        Returns
        -------
        body
            Of the row that says most: the type before the service before every type, and of each
            the own subdistrict before everywhere. None where no such row names one.

        Examples
        --------
        >>> import pandas as pd
        >>> from lifecircle.tables.bodies import BODIES, Bodies
        >>> rows = [
        ...     (None, "medical", None, "卫健局", "街道", None, 2),
        ...     ("medical.station", "medical", "东门街道", "东门街道办事处", None, None, 3),
        ... ]
        >>> bodies = Bodies(table=pd.DataFrame(rows, columns=list(BODIES)))
        >>> bodies.of("lead", "medical.station", "medical", "东门街道")
        '东门街道办事处'
        >>> bodies.of("cooperating", "medical.station", "medical", "东门街道")
        '街道'
        """
        if len(self.table) == 0:
            return None
        for rows in self._nearest(type_id, service, subdistrict):
            named = rows[role].dropna()
            if len(named):
                return str(named.iloc[0])
        return None

    def _nearest(
        self, type_id: str, service: str, subdistrict: str | None
    ) -> Iterator[pd.DataFrame]:
        """Give the rows that fit, the narrowest first."""
        table = self.table
        typed = table["type"] == type_id
        served = table["type"].isna() & (table["service"] == service)
        any_type = table["type"].isna() & table["service"].isna()
        for fits in (typed, served, any_type):
            if subdistrict is not None:
                yield table[fits & (table["subdistrict"] == subdistrict)]
            yield table[fits & table["subdistrict"].isna()]
