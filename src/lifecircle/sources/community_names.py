"""
Names of communities as files write them -> what they are called and what they are.

城东社区居民委员会, 城东社区 and 城东居委会 are one; 塘湾村 and 塘湾社区 are two.
"""

from __future__ import annotations

import re

from lifecircle.sources.people_tables import plain_words

_ENDINGS = (
    ("社区", re.compile(r"社区(?:居民委员会|居委会|居委)?$|(?:居民委员会|居委会|居委)$")),
    ("村", re.compile(r"村(?:村民委员会|民委员会|村委会|委会)?$|(?:村民委员会|村委会)$")),
)


def name_key(name: str) -> tuple[str, str]:
    """
    Bring the name of a community into its stem and what it is.

    Parameters
    ----------
    name
        As a file writes it.

    Returns
    -------
    stem, kind
        Kind is ``社区``, ``村`` or empty.

    Examples
    --------
    >>> from lifecircle.sources.community_names import name_key
    >>> name_key("城东居委会"), name_key("城东社区居民委员会"), name_key("塘湾村民委员会")
    (('城东', '社区'), ('城东', '社区'), ('塘湾', '村'))
    """
    plain = re.sub(r"\([^()]*\)$", "", plain_words(name))
    for kind, ending in _ENDINGS:
        stem = ending.sub("", plain)
        if stem and stem != plain:
            return stem, kind
    return plain, ""
