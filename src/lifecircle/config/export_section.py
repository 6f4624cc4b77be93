"""The section of a study file that says which further files a run writes, and under which names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from lifecircle.config.bases import Section
from lifecircle.config.fields import Columns

Layer = Literal["communities", "facilities", "gaps", "parcels", "sites", "handover", "units"]
EXPORTED: tuple[Layer, ...] = get_args(Layer)
"""Layers of ``results.gpkg`` that are handed on; homes and streets stay there."""


def _known(schema: Mapping[str, Columns]) -> Mapping[str, Columns]:
    unknown = sorted(set(schema) - set(EXPORTED))
    if unknown:
        raise ValueError(f"no layer {', '.join(unknown)}: layers are {', '.join(EXPORTED)}")
    return schema


class ExportSection(Section):
    """
    Files for other programs, beside ``results.gpkg``, in the study's reference system.

    Parameters
    ----------
    formats
        ``shp`` (field names of 10 bytes, GBK), ``gdb``, ``gpkg`` and ``dxf``.
    layers
        Which layers, of `EXPORTED`.
    renamed
        Layer to column to the field it becomes, the words of a local database standard; written
        ``[export.schema.<layer>]`` in the study file. Columns that are not named keep their names.
    """

    formats: tuple[Literal["shp", "gdb", "gpkg", "dxf"], ...] = ()
    layers: tuple[Layer, ...] = EXPORTED
    renamed: Annotated[Mapping[str, Columns], AfterValidator(_known)] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _schema_is_renamed(cls, data: object) -> object:
        # A model has a method of the name a planner knows these tables by.
        if isinstance(data, dict) and "schema" in data:
            return {("renamed" if key == "schema" else key): value for key, value in data.items()}
        return data
