"""What a planner says things cost: by type of facility and by the way it is brought about."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

UNIT_COSTS = ("type", "mode", "each_wan", "per_m2_wan", "row")
"""
Columns of `UnitCosts.table`: type of facility, mode (missing: any), cost of one [10,000 CNY], cost
of a square metre of its floor, or of its site where it has no floor [10,000 CNY/m²], and the row
of the file. One of the two costs is set, or both, which then add up.
"""


GATE = "gate"
"""What stands in the place of a type for a link that is opened."""


@dataclass(frozen=True, kw_only=True)
class UnitCosts:
    """
    Unit costs of a planner.

    Parameters
    ----------
    table
        One row per type and mode, columns `UNIT_COSTS`.
    """

    table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNIT_COSTS)))

    def __len__(self) -> int:
        return len(self.table)

    def of(self, type_id: str, mode: str, area_m2: float) -> float | None:
        """
        Work out what one facility costs.

        Parameters
        ----------
        type_id
            Type of facility.
        mode
            How it is brought about: ``new, extend, lease, share, open …``.
        area_m2
            Its floor, or its site where it has no floor [m²].

        Returns
        -------
        cost
            In 10,000 CNY; None where the planner names none for it.

        Examples
        --------
        >>> import pandas as pd
        >>> from lifecircle.tables.costs import UNIT_COSTS, UnitCosts
        >>> rows = [("day_care", None, 20.0, 0.5, 2), ("day_care", "lease", None, 0.2, 3)]
        >>> costs = UnitCosts(table=pd.DataFrame(rows, columns=list(UNIT_COSTS)))
        >>> costs.of("day_care", "new", 400.0), costs.of("day_care", "lease", 400.0)
        (220.0, 80.0)
        """
        rows = self.table[self.table["type"] == type_id]
        own = rows[rows["mode"] == mode]
        rows = own if len(own) else rows[rows["mode"].isna()]
        if len(rows) == 0:
            return None
        row = rows.iloc[0]
        each, metre = row["each_wan"], row["per_m2_wan"]
        cost = 0.0 if pd.isna(each) else float(each)
        return cost if pd.isna(metre) else cost + float(metre) * area_m2
