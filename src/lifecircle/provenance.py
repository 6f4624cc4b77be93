"""Where a table comes from: a `Source` follows each input from the file to the report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

OSM_CREDIT = "© OpenStreetMap contributors, ODbL"


@dataclass(frozen=True, kw_only=True)
class Source:
    """
    Origin of one input.

    Parameters
    ----------
    name
        File name without its folder, or the name of a service: never an absolute path.
    licence
        Licence or terms, as far as known.
    date
        Date the data stand for (ISO), as far as known.
    sha256
        Hash of the bytes read; empty when there was no file.
    rows_in, rows_used, rows_merged, rows_doubtful, rows_refused
        What became of the rows; `rows_in` is always the sum of the others. Merged rows tell of a
        place another row or list has already.
    """

    name: str
    licence: str = ""
    date: str = ""
    sha256: str = ""
    rows_in: int = 0
    rows_used: int = 0
    rows_doubtful: int = 0
    rows_refused: int = 0
    rows_merged: int = 0


def sha256_of(path: Path) -> str:
    """
    Hash a file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    digest
        Hexadecimal SHA-256 of its bytes.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
