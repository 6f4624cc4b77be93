"""A vector file of any kind -> the names of its layers with shapes."""

from __future__ import annotations

from pathlib import Path

import pyogrio
from pyogrio.errors import DataSourceError

from lifecircle.sources.vectors.files import PARQUET, openable, unreadable


def layers_of(path: Path) -> tuple[str, ...]:
    """
    Name the layers with shapes of a vector file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    layers
        Their names, in the order of the file.

    Raises
    ------
    SourceError
        If it cannot be opened.
    InputError
        If it is a zip file with several vector files.
    """
    with openable(path, layer=None, where=path.name) as file:
        if file.suffix.lower() in PARQUET:
            return (file.stem,)
        try:
            found = pyogrio.list_layers(file)
        except DataSourceError as error:
            raise unreadable(file, error, path.name) from error
    return tuple(str(name) for name, kind in found if kind is not None)
