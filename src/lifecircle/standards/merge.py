"""
Layers of one standard (common rules, the edition extended, the file itself) become one draft.

A later layer wins; a number keeps only evidence from the layer that typed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lifecircle.standards.check import STANDARD_NUMBERS
from lifecircle.standards.document import Document, Loc

DEFAULTS = "requirement_defaults"

_OWN = ("name", "title_zh", "title_en", "edition", "extends")
_TABLES = ("sources", "service_labels", "weights")
_ROWS = ("requirements", "norms", "types")
_FILLED = ("target_share", "min_people_short", "profile")

_Row = tuple[object, Document, int]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """
    A standard before it is checked.

    Parameters
    ----------
    values
        Its fields, as plain values.
    origins
        Which file each key and row of them came from, and where it stands there.
    top
        The file that was asked for.
    """

    values: Mapping[str, object]
    origins: Mapping[Loc, tuple[Document, Loc]]
    top: Document

    def where(self, loc: Loc) -> str:
        """
        Say where a value was typed.

        Parameters
        ----------
        loc
            Keys and positions in `values`.

        Returns
        -------
        place
            File, line and the line itself, as far as known.
        """
        document, start, rest = self._origin(loc)
        return document.where((*start, *rest))

    def order(self, loc: Loc) -> tuple[bool, int]:
        """
        Give a value's rank in reading order.

        Parameters
        ----------
        loc
            Keys and positions in `values`.

        Returns
        -------
        rank
            Sorts problems of the file that was asked for first, by line.
        """
        document, start, rest = self._origin(loc)
        return document is not self.top, document.line((*start, *rest)) or 0

    def _origin(self, loc: Loc) -> tuple[Document, Loc, Loc]:
        for length in (2, 1):
            if loc[:length] in self.origins:
                document, start = self.origins[loc[:length]]
                return document, start, loc[length:]
        return self.top, loc, ()


def merge(common: Document, layers: Sequence[Document]) -> Draft:
    """
    Lay the files of one standard over each other.

    Parameters
    ----------
    common
        Rules every edition starts from, with the defaults of requirements.
    layers
        The edition extended, if any, and then the file that was asked for.

    Returns
    -------
    draft
        Requirements, norms and types replace those of the same id; what is inherited remains only
        where its service is asked; missing weights are equal; missing targets are the common ones.
    """
    values: dict[str, object] = {}
    origins: dict[Loc, tuple[Document, Loc]] = {}
    rows: dict[str, list[_Row]] = {key: [] for key in _ROWS}
    for layer in (common, *layers):
        for key in _OWN:
            values.pop(key, None)
        values["evidence"] = _evidence(values, layer)
        for key, value in layer.values.items():
            before = values.get(key)
            if key in ("evidence", "extends") or (key == DEFAULTS and layer is common):
                continue
            if key in _ROWS and isinstance(value, tuple):
                rows[key] = _replaced(rows[key], value, layer)
                continue
            if key in _TABLES and isinstance(value, Mapping) and isinstance(before, Mapping):
                values[key] = {**before, **value}
            elif key == "notes" and isinstance(value, tuple) and isinstance(before, tuple):
                values[key] = (*before, *value)
            else:
                values[key] = value
            origins[(key,)] = (layer, (key,))
            if isinstance(value, Mapping):
                origins.update({(key, name): (layer, (key, name)) for name in value})
    _settle_services(values, rows, common=common, top=layers[-1])
    rows["requirements"] = [
        (_filled(row, common.values[DEFAULTS]), layer, typed_at)
        for row, layer, typed_at in rows["requirements"]
    ]
    for key, found in rows.items():
        # Something that is no list of tables stands there already: the models tell it.
        values.setdefault(key, tuple(row for row, _, _ in found))
        for position, (_, layer, typed_at) in enumerate(found):
            origins[(key, position)] = (layer, (key, typed_at))
    return Draft(values=values, origins=origins, top=layers[-1])


def _replaced(before: list[_Row], rows: tuple[object, ...], layer: Document) -> list[_Row]:
    # Rows of one id inside one file both stay: that is a fault to be told, not to be mended.
    typed = [_text(row, "id") for row in rows]
    kept = [entry for entry in before if _text(entry[0], "id") not in typed]
    return [*kept, *((row, layer, position) for position, row in enumerate(rows))]


def _evidence(values: Mapping[str, object], layer: Document) -> object:
    typed = layer.values.get("evidence", ())
    before = values.get("evidence", ())
    if not isinstance(typed, tuple) or not isinstance(before, tuple):
        return typed
    renewed = [_text(entry, "field") for entry in typed]
    renewed += [key for key in STANDARD_NUMBERS if layer.values.get(key) not in (None, {}, ())]
    # The layer's own entries come first, so that their positions are those in its file.
    return (*typed, *(entry for entry in before if _text(entry, "field") not in renewed))


def _settle_services(
    values: dict[str, object], rows: dict[str, list[_Row]], *, common: Document, top: Document
) -> None:
    services = values.get("services")
    if not isinstance(services, tuple):
        return
    # What is inherited and belongs to a service nobody asks for goes; what the file itself typed
    # stays, so that a slip in it is told.
    for key, found in rows.items():
        rows[key] = [
            entry for entry in found if entry[1] is top or _text(entry[0], "service") in services
        ]
    # Report order: by service, then as typed; what names no service is told later, from the end.
    for key in ("requirements", "norms"):
        rows[key].sort(
            key=lambda entry: [_text(entry[0], "service") == name for name in services],
            reverse=True,
        )
    labels, catalogue = values.get("service_labels"), common.values["service_labels"]
    if isinstance(labels, Mapping) and isinstance(catalogue, Mapping):
        values["service_labels"] = {
            name: texts
            for name, texts in labels.items()
            if name in services or texts is not catalogue.get(name)
        }
    weights = values.get("weights", {})
    if isinstance(weights, Mapping):
        equal = {name: 1.0 for name in services if isinstance(name, str)}
        values["weights"] = {**equal, **weights}


def _filled(row: object, defaults: object) -> object:
    if not isinstance(row, Mapping) or not isinstance(defaults, tuple):
        return row
    proved = row.get("evidence", ())
    if not isinstance(proved, tuple):
        return row
    # A circle without a target of its own still walks like everybody else.
    default = next(
        (entry for entry in defaults if entry["circle"] == row.get("circle")),
        {key: value for key, value in defaults[-1].items() if key != "target_share"},
    )
    told = [_text(entry, "field") for entry in proved]
    # Evidence without its number is a slip to be told; a default must not slide under it.
    keys = [key for key in _FILLED if key in default and key not in row and key not in told]
    added = (entry for entry in default["evidence"] if entry["field"] in keys)
    return {**row, **{key: default[key] for key in keys}, "evidence": (*proved, *added)}


def _text(row: object, key: str) -> object:
    return row.get(key) if isinstance(row, Mapping) else None
