"""
Points known in two plane systems -> the turn, scale and shift between them, as a reference system.

Four parameters by least squares; pairs that do not follow the others are left out and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from lifecircle.errors import CrsError, InputError, Problem

_FEW = 90  # points of which every pair is tried
_MOST_PAIRS = 4000  # pairs drawn where there are more
_SCALES = (0.99, 1.01)  # no plane system of a city is stretched by more
_EAST_NORTH = {
    "subtype": "Cartesian",
    "axis": [
        {"name": "E", "abbreviation": "E", "direction": "east", "unit": "metre"},
        {"name": "N", "abbreviation": "N", "direction": "north", "unit": "metre"},
    ],
}
_AFFINE = (
    ("A0", 'LENGTHUNIT["metre",1]', 8623),
    ("A1", 'SCALEUNIT["coefficient",1]', 8624),
    ("A2", 'SCALEUNIT["coefficient",1]', 8625),
    ("B0", 'LENGTHUNIT["metre",1]', 8639),
    ("B1", 'SCALEUNIT["coefficient",1]', 8640),
    ("B2", 'SCALEUNIT["coefficient",1]', 8641),
)


@dataclass(frozen=True, kw_only=True)
class Helmert:
    """
    A turn, a scale and a shift in the plane.

    Parameters
    ----------
    turn
        Scale and rotation as one complex number: target = turn * source + shift.
    shift
        East and north of the shift as one complex number [m].
    swapped
        Whether the source's x is its northing, so that x and y change places first.
    residual_m
        Distance of every pair after the fit [m], shape (n,).
    used
        Pairs the fit rests on, shape (n,).
    """

    turn: complex
    shift: complex
    swapped: bool
    residual_m: NDArray[np.float64]
    used: NDArray[np.bool_]

    def __post_init__(self) -> None:
        self.residual_m.flags.writeable = False
        self.used.flags.writeable = False

    @property
    def scale(self) -> float:
        """How much longer lengths are in the target."""
        return abs(self.turn)

    @property
    def rotation_deg(self) -> float:
        """Counterclockwise turn from source to target [°]."""
        return float(np.degrees(np.angle(self.turn)))

    @property
    def rms_m(self) -> float:
        """Root mean square of the residuals of the pairs used [m]."""
        return float(np.sqrt(np.mean(self.residual_m[self.used] ** 2)))

    def apply(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Move points from source to target.

        Parameters
        ----------
        xy
            Coordinates as the source writes them [m], shape (n, 2).

        Returns
        -------
        xy
            Eastings and northings of the target [m], shape (n, 2).
        """
        moved = self.turn * complex_of(xy, swapped=self.swapped) + self.shift
        return np.column_stack([moved.real, moved.imag])


def complex_of(xy: NDArray[np.float64], *, swapped: bool = False) -> NDArray[np.complex128]:
    """
    Write points of the plane as complex numbers.

    Parameters
    ----------
    xy
        Coordinates [m], shape (n, 2).
    swapped
        Whether x is the northing.

    Returns
    -------
    z
        East + i north, shape (n,).
    """
    east, north = (1, 0) if swapped else (0, 1)
    return np.asarray(xy[:, east] + 1j * xy[:, north], dtype=np.complex128)


def fit_helmert(
    source: NDArray[np.float64],
    target: NDArray[np.float64],
    *,
    tolerance_m: float = 0.5,
    swapped: bool | None = None,
    seed: int = 0,
) -> Helmert:
    """
    Fit four parameters to pairs of points by least squares, some of which may be wrong.

    Parameters
    ----------
    source, target
        The same points in both systems [m], shape (n, 2) each; the target is east, north.
    tolerance_m
        Pairs that lie farther than this from where the best two others put them are not used [m].
    swapped
        Whether the source's x is its northing; both are tried where None and three pairs exist.
    seed
        Seed of the pairs drawn where there are too many to try all.

    Returns
    -------
    fit
        The fit most pairs agree on, refined over them.

    Raises
    ------
    InputError
        If fewer than two pairs are apart, or no two agree at a scale near 1.

    Examples
    --------
    >>> import numpy as np
    >>> from lifecircle.sources.systems.helmert import fit_helmert
    >>> there = np.array([[0.0, 0.0], [1000.0, 0.0], [0.0, 1000.0], [900.0, 900.0]])
    >>> here = there + [500_000.0, 3_370_000.0]
    >>> here[3] += 40.0
    >>> fit = fit_helmert(there, here)
    >>> fit.used.tolist(), round(fit.scale, 6), round(float(fit.residual_m[3]), 1)
    ([True, True, True, False], 1.0, 56.6)
    """
    wanted = (swapped,) if swapped is not None else (False, True) if len(source) > 2 else (False,)
    w = complex_of(target)
    found = [
        fit
        for turned in wanted
        if (fit := _best(complex_of(source, swapped=turned), w, tolerance_m, seed, swapped=turned))
    ]
    if not found:
        raise InputError(
            Problem(
                what="no two points agree on how the systems lie to each other",
                remedy="check which column is which; at least two points apart are needed",
            )
        )
    return max(found, key=lambda fit: (int(fit.used.sum()), -fit.rms_m))


def _best(
    z: NDArray[np.complex128],
    w: NDArray[np.complex128],
    tolerance_m: float,
    seed: int,
    *,
    swapped: bool,
) -> Helmert | None:
    first, second = _every(len(z)) if len(z) <= _FEW else _drawn(len(z), seed)
    base = z[second] - z[first]
    apart = np.abs(base) > 1.0
    first, second, base = first[apart], second[apart], base[apart]
    turn = (w[second] - w[first]) / base
    near = (np.abs(turn) > _SCALES[0]) & (np.abs(turn) < _SCALES[1])
    if not near.any():
        return None
    turn, shift = turn[near], (w[first] - turn * z[first])[near]
    best, most = 0, (-1, 0.0)
    for at in range(len(turn)):  # one hypothesis at a time keeps memory flat
        miss = np.abs(turn[at] * z + shift[at] - w)
        score = (int((miss <= tolerance_m).sum()), -float(np.minimum(miss, tolerance_m).sum()))
        if score > most:
            best, most = at, score
    used = np.abs(turn[best] * z + shift[best] - w) <= tolerance_m
    a, c = turn[best], shift[best]
    for _ in range(5):
        a, c = _least_squares(z[used], w[used])
        now = np.abs(a * z + c - w) <= tolerance_m
        if now.sum() < 2 or (now == used).all():
            break
        used = now
    return Helmert(
        turn=complex(a),
        shift=complex(c),
        swapped=swapped,
        residual_m=np.abs(a * z + c - w),
        used=used,
    )


def _every(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    first, second = np.triu_indices(count, 1)
    return np.asarray(first, dtype=np.intp), np.asarray(second, dtype=np.intp)


def _drawn(count: int, seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    drawn = np.random.default_rng(seed).integers(0, count, size=(2, _MOST_PAIRS))
    return drawn[0].astype(np.intp), drawn[1].astype(np.intp)


def _least_squares(
    z: NDArray[np.complex128], w: NDArray[np.complex128]
) -> tuple[np.complex128, np.complex128]:
    # Around the middles: eastings and northings of millions would eat the digits of the turn.
    z0, w0 = z.mean(), w.mean()
    spread = z - z0
    turn = np.vdot(spread, w - w0) / np.vdot(spread, spread).real
    return np.complex128(turn), np.complex128(w0 - turn * z0)


def helmert_crs(name: str, fit: Helmert, base: CRS) -> CRS:
    """
    Make the fitted system one that every reader and `to_crs` takes.

    Parameters
    ----------
    name
        What it is called.
    fit
        From the system to `base`.
    base
        The metric system the fit leads to.

    Returns
    -------
    crs
        A system derived from `base`.

    Raises
    ------
    CrsError
        If the derived system does not do what the fit says, which a plane system never causes.
    """
    inverse = 1.0 / fit.turn
    moved = -inverse * fit.shift
    east = (moved.real, inverse.real, -inverse.imag)
    north = (moved.imag, inverse.imag, inverse.real)
    rows = (north, east) if fit.swapped else (east, north)
    values = [value for row in rows for value in row]
    parameters = ",".join(
        f'PARAMETER["{key}",{value!r},{unit},ID["EPSG",{code}]]'
        for (key, unit, code), value in zip(_AFFINE, values, strict=True)
    )
    # Without a number and a name of its own nothing can look up an order of axes: east, north.
    plain = base.to_json_dict()
    text = CRS.from_json_dict(
        {
            "type": "ProjectedCRS",
            "name": "base",
            "base_crs": plain["base_crs"],
            "conversion": {**_unnumbered(plain["conversion"]), "name": "base"},
            "coordinate_system": _EAST_NORTH,
        }
    ).to_wkt("WKT2_2019")
    crs = CRS.from_wkt(
        f'DERIVEDPROJCRS["{name.replace(chr(34), "")}",BASE{text[: text.index(",CS[")]}],'
        'DERIVINGCONVERSION["fitted",METHOD["Affine parametric transformation",ID["EPSG",9624]],'
        f'{parameters}],CS[Cartesian,2],AXIS["easting",east,ORDER[1]],'
        'AXIS["northing",north,ORDER[2]],LENGTHUNIT["metre",1]]'
    )
    there = np.array([[0.0, 0.0], [7000.0, -3000.0]])
    there += np.array([fit.shift.real, fit.shift.imag])
    back = (complex_of(there) - fit.shift) / fit.turn
    source = np.column_stack([back.real, back.imag][:: -1 if fit.swapped else 1])
    x, y = Transformer.from_crs(crs, base, always_xy=True).transform(source[:, 0], source[:, 1])
    if not np.allclose(np.column_stack([x, y]), there, rtol=0.0, atol=1e-3):
        raise CrsError(Problem(what=f"the fitted system '{name}' cannot be written down"))
    return crs


def exchanged_axes(crs: CRS) -> CRS:
    """
    Give a metric system whose first coordinate is the northing, as surveys write X.

    Parameters
    ----------
    crs
        A projected system, east before north.

    Returns
    -------
    crs
        The same plane with x and y exchanged.
    """
    none = np.zeros(1)
    same = Helmert(
        turn=1 + 0j, shift=0j, swapped=True, residual_m=none, used=np.ones(1, dtype=bool)
    )
    return helmert_crs(f"{crs.name} (x north)", same, crs)


def _unnumbered(part: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in part.items() if key != "id"}
