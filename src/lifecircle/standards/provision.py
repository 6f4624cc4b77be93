"""
What a housing estate has to provide itself: floor area per 100 households, with its evidence.

Beside the editions, which say what people must reach: this is about rooms built with an estate.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from lifecircle.standards.parts import Evidence


@dataclass(frozen=True, kw_only=True)
class ProvisionNorm:
    """
    What is asked of an estate for one service.

    Parameters
    ----------
    service
        Its id.
    new_m2, old_m2
        Floor area per 100 households of new estates and of older ones [m²].
    evidence
        Of both numbers.
    """

    service: str
    new_m2: float
    old_m2: float
    evidence: tuple[Evidence, ...]

    def per_100(self, *, new: bool) -> float:
        """
        Take the number of new or of older estates.

        Parameters
        ----------
        new
            Whether the estate is a new one.

        Returns
        -------
        area_m2
            Per 100 households [m²].
        """
        return self.new_m2 if new else self.old_m2

    def said(self, *, new: bool) -> str:
        """
        Say where a number comes from.

        Parameters
        ----------
        new
            Of new estates or of older ones.

        Returns
        -------
        words
            Clause and tag.
        """
        field = "new_m2" if new else "old_m2"
        found = [one for one in self.evidence if one.field == field]
        return "; ".join(f"{one.clause} ({one.tag})" for one in found)


@dataclass(frozen=True, kw_only=True)
class ProvisionRules:
    """
    What estates have to provide.

    Parameters
    ----------
    new_since
        Estates built in this year or later are new ones (P).
    norms
        Service to its norm.
    """

    new_since: int
    norms: Mapping[str, ProvisionNorm]


def load_provision(
    *, new_since: int | None = None, per_100_households: Mapping[str, float] | None = None
) -> ProvisionRules:
    """
    Load what estates have to provide.

    Parameters
    ----------
    new_since
        Year in place of the packaged one.
    per_100_households
        Service to the area asked for [m²], in place of the packaged numbers or beside them, of new
        and older estates alike; 0 asks for nothing.

    Returns
    -------
    rules
        With the planner's own numbers tagged P.

    Examples
    --------
    >>> from lifecircle.standards.provision import load_provision
    >>> load_provision().norms["elder_care"].per_100(new=True)
    20.0
    >>> own = load_provision(per_100_households={"elder_care": 30}).norms["elder_care"]
    >>> own.per_100(new=False), own.said(new=False)
    (30.0, 'study.toml, provision (P)')
    """
    file = resources.files("lifecircle.standards").joinpath("estates", "provision.toml")
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    norms = {
        row["service"]: ProvisionNorm(
            service=row["service"],
            new_m2=float(row["new_m2"]),
            old_m2=float(row["old_m2"]),
            evidence=tuple(Evidence(**one) for one in row["evidence"]),
        )
        for row in data["norms"]
    }
    for service, area in (per_100_households or {}).items():
        said = tuple(
            Evidence(field=field, clause="study.toml, provision", source="study.toml", tag="P")
            for field in ("new_m2", "old_m2")
        )
        norms[service] = ProvisionNorm(
            service=service, new_m2=float(area), old_m2=float(area), evidence=said
        )
    return ProvisionRules(
        new_since=data["new_since"] if new_since is None else new_since,
        norms={key: norms[key] for key in sorted(norms) if norms[key].new_m2 + norms[key].old_m2},
    )
