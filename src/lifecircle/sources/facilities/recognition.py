"""
What a standard says the facilities of its types are recognised by, ready to be asked.

Rules of a standard are explicit, so they go before the general ones of `tagging`; what
they read in a name is taken out of it, so that its words mean nothing else as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lifecircle.standards import FacilityType

ANY = "*"
"""In place of a tag's value: whatever it is."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """
    How one type is recognised.

    Parameters
    ----------
    type
        Id of the type.
    tags
        Tables of OSM tags, all of which must be there.
    names
        What a plain name may hold.
    codes
        Type codes or type words of map services.
    """

    type: str
    tags: tuple[Mapping[str, str], ...] = ()
    names: tuple[re.Pattern[str], ...] = ()
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """
    The rules of a standard, in its order of types.

    Parameters
    ----------
    rules
        One per type that says how it is recognised.
    sited
        Types that are land: a standard asks a site of them and no floor.

    Examples
    --------
    >>> from lifecircle.sources.facilities.recognition import Recognition
    >>> from lifecircle.standards import FacilityType
    >>> toilets = FacilityType(
    ...     id="toilet.public", service="toilet", label_zh="公厕", label_en="Public toilets",
    ...     tags=({"amenity": "toilets"},), names=("公厕|公共厕所",),
    ... )
    >>> rules = Recognition.of([toilets])
    >>> list(rules.by_tags({"amenity": "toilets", "fee": "no"}))
    [('toilet.public', 'tag amenity=toilets')]
    >>> rules.read_name("临江公厕(东)")
    ((('toilet.public', '公厕'),), '临江|(东)')
    """

    rules: tuple[Rule, ...] = ()
    sited: frozenset[str] = frozenset()

    @classmethod
    def of(cls, types: Iterable[FacilityType]) -> Recognition:
        """
        Make the rules of facility types ready.

        Parameters
        ----------
        types
            The types of a standard.

        Returns
        -------
        recognition
            Its rules.
        """
        types = tuple(types)
        return cls(
            rules=tuple(
                Rule(
                    type=one.id,
                    tags=one.tags,
                    names=tuple(_pattern(text) for text in one.names),
                    codes=frozenset(_plain_code(code) for code in one.codes),
                )
                for one in types
                if one.tags or one.names or one.codes
            ),
            sited=frozenset(
                one.id for one in types if one.site_min_m2 is not None and one.floor_min_m2 is None
            ),
        )

    def read_name(self, plain: str) -> tuple[tuple[tuple[str, str], ...], str]:
        """
        Find types in a name.

        Parameters
        ----------
        plain
            A name in the spelling of `tagging.plain_name`.

        Returns
        -------
        found
            Type and the words that say it, in the order of the standard.
        rest
            The name with ``|`` in place of these words.
        """
        found = []
        for rule in self.rules:
            for pattern in rule.names:
                hit = pattern.search(plain)
                if hit is not None and hit.group():
                    plain = f"{plain[: hit.start()]}|{plain[hit.end() :]}"
                    found.append((rule.type, hit.group()))
                    break
        return tuple(found), plain

    def by_tags(self, tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """
        Find types in OSM tags.

        Parameters
        ----------
        tags
            Tags of a node or an area.

        Yields
        ------
        found
            Type and the tags that say it.
        """
        for rule in self.rules:
            for asked in rule.tags:
                if all(_has(tags, key, value) for key, value in asked.items()):
                    said = " ".join(f"{key}={tags[key]}" for key in asked)
                    yield rule.type, f"tag {said}"
                    break

    def by_code(self, text: str) -> Iterator[tuple[str, str]]:
        """
        Find types in the type code or the type words of a map service.

        Parameters
        ----------
        text
            Six digits or words (``风景名胜;公园广场;公园``); several are divided by ``|``.

        Yields
        ------
        found
            Type and the code or word that says it.
        """
        if not any(rule.codes for rule in self.rules):
            return
        whole = [_plain_code(part) for part in text.split("|")]
        said = {*whole, *(word for part in whole for word in re.split("[;,]", part))}
        for rule in self.rules:
            for code in sorted(rule.codes & said):
                yield rule.type, f"code {code}"
                break


NO_RULES = Recognition()
"""A standard that leaves everything to the general rules."""


def _pattern(text: str) -> re.Pattern[str]:
    # Names are asked without spaces and in lower case, so the pattern is read the same way.
    return re.compile("".join(text.split()), re.IGNORECASE)


def _plain_code(text: str) -> str:
    return "".join(text.split()).replace("；", ";")


def _has(tags: Mapping[str, str], key: str, value: str) -> bool:
    return key in tags and (value == ANY or value in tags[key].split(";"))
