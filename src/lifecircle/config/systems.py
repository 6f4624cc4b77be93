"""
A city's own reference systems as frozen values.

Whether a table of control points can be read is not known here, only that it is there.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lifecircle.config.bases import Section
from lifecircle.config.fields import Columns, File, Meridian, Word


class SystemTable(Section):
    """
    A city's own reference system, by its parameters or by control points.

    Parameters
    ----------
    name
        What `crs` and `datum` call it elsewhere in the study file, as in 澜浦2000.
    central_meridian
        Of the Gauss-Krüger projection, degrees or ``"121°05′"``.
    false_easting, false_northing
        Added to eastings and northings [m].
    ellipsoid
        Datum it stands on.
    scale
        On the central meridian.
    plane_height
        Height of the projection plane [m].
    control
        Table of points known in this system and in another one, instead of parameters.
    columns, sheet
        Of that table: ``name, x, y`` and what is known, ``known_x, known_y`` or ``lon, lat``.
    crs
        System of the known coordinates, as in ``EPSG:4549``.
    """

    name: Word
    central_meridian: Meridian | None = None
    false_easting: float = Field(default=500_000.0, ge=-1e8, le=1e8)
    false_northing: float = Field(default=0.0, ge=-1e8, le=1e8)
    ellipsoid: Literal["cgcs2000", "wgs84", "beijing54", "xian80"] = "cgcs2000"
    scale: float = Field(default=1.0, ge=0.99, le=1.01)
    plane_height: float = Field(default=0.0, ge=-500, le=9000)
    control: File | None = None
    columns: Columns | None = None
    sheet: Word | None = None
    crs: Word | None = None
