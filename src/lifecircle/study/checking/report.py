"""From inputs to what ``check`` says: every file, what it holds, what is doubtful or missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from lifecircle.config import StudyConfig
from lifecircle.network.noding import NodingReport
from lifecircle.outputs.words_of_warnings import warning_in_chinese
from lifecircle.reach.matrix import usable_facilities
from lifecircle.standards import Standard
from lifecircle.study.checking.advice import Advice, advice_on, supplies
from lifecircle.study.checking.components import components_of
from lifecircle.study.checking.files import files_read
from lifecircle.study.checking.people import outline_facts, people_facts
from lifecircle.study.gates import facts_of_gates
from lifecircle.study.inputs import Inputs
from lifecircle.study.joins import example_breaks
from lifecircle.study.land_facts import facts_of_land
from lifecircle.study.merging import merged_sources, merging_facts
from lifecircle.study.records.read import facts_of_records
from lifecircle.study.stages import Stages
from lifecircle.study.waist import Waist


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """
    What a study's inputs hold, before anything is analysed.

    Parameters
    ----------
    facts
        Section to label to value, for people and for ``--json`` alike.
    warnings
        What is doubtful and what follows from it.
    advice
        What is missing for which result, and what to do; what changes most first.
    worded
        The warnings in the study's language, as people read them; empty where that is English.
    """

    facts: dict[str, dict[str, object]]
    warnings: tuple[str, ...]
    advice: tuple[Advice, ...] = ()
    worded: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """
        Give the report as plain data.

        Returns
        -------
        plain
            The facts by section, the advice and the warnings.
        """
        advice = [
            {"missing": one.missing, "follows": one.follows, "do": one.do} for one in self.advice
        ]
        return {**self.facts, "advice": advice, "warnings": list(self.warnings)}

    def __str__(self) -> str:
        lines: list[str] = []
        for section, facts in self.facts.items():
            lines.append(section)
            lines += [f"  {label}: {_said(value)}" for label, value in facts.items()]
        if self.warnings:
            lines.append("doubts")
            lines += [f"  - {text}" for text in self.worded or self.warnings]
        if self.advice:
            lines.append("what to do next")
            lines += [f"  {number}. {one}" for number, one in enumerate(self.advice, start=1)]
        return "\n".join(lines)


def _worded(warnings: Iterable[str], config: StudyConfig, standard: Standard) -> tuple[str, ...]:
    if config.study.language != "zh":
        return ()
    labels = {one.id: one.label_zh for one in standard.types}
    labels |= {one.id: one.label_zh for one in standard.requirements}
    labels |= {service: said["zh"] for service, said in standard.service_labels.items()}
    return tuple(warning_in_chinese(text, labels) or text for text in warnings)


def _said(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_said(one)}" for key, one in value.items())
    return str(value)


def report_on(config: StudyConfig, inputs: Inputs, waist: Waist, stages: Stages) -> CheckReport:
    """
    Describe what was read.

    Parameters
    ----------
    config
        The study file.
    inputs
        What was read.
    waist
        What it became.
    stages
        The warnings collected on the way.

    Returns
    -------
    report
        Facts by section.
    """
    network = waist.network
    homes, facilities = waist.homes.table, waist.facilities.table
    walkable = network.length_m[network.walkable].sum() / 1000
    people = homes["people"].sum()
    breaks = example_breaks(waist.joins)
    gates = waist.joins.gates
    parts = components_of(network, homes, waist.homes.ends.pins)
    lists: dict[str, object] = dict(merging_facts(waist.merged))
    usable = facilities[usable_facilities(facilities)]
    facts: dict[str, dict[str, object]] = {
        "study": {
            "name": config.study.name,
            "standard": inputs.standard.name,
            "crs": inputs.crs.name,
            "area_km2": round(shapely.area(waist.area) / 1e6, 2),
            "area_within_data": round(
                float(
                    shapely.area(shapely.intersection(waist.area, waist.extent))
                    / shapely.area(waist.area)
                ),
                4,
            ),
        },
        "files": {
            source.name: (
                f"{source.rows_in} rows in = {source.rows_used} used + "
                f"{f'{source.rows_merged} merged + ' if source.rows_merged else ''}"
                f"{source.rows_doubtful} doubtful + {source.rows_refused} refused"
            )
            for source in merged_sources(inputs.survey.sources, waist.merged)
        },
        "streets": {
            "nodes": len(network.node_xy),
            "edges": len(network.length_m),
            "walkable_km": round(float(walkable), 1),
            "components": len(parts.length_m),
            "islands": int(parts.island.sum()),
            "nodes_on_islands": int(network.island_nodes.sum()),
            "people_off_the_longest_component": round(waist.concerned.off_main, 3),
            "breaks_under_3_m": len(waist.joins.breaks),
            **({"narrowest_breaks": "; ".join(breaks)} if breaks else {}),
            "breaks_mended": waist.joins.mended,
            "crossings_joined_to_kerbs": waist.joins.at_kerbs,
            "people_on_components": _listed(parts.people),
            "closed_estates": len(waist.compounds.estate_id),
            "closed_estates_from_the_map": (
                len(waist.compounds.estate_id) if waist.joins.detected else 0
            ),
            "homes_straight_to_a_gate": waist.concerned.straight_homes,
        },
        **({} if gates is None or not gates.listed else {"gates": facts_of_gates(gates)}),
        **({"datums": dict(inputs.datums)} if inputs.datums else {}),
        **({} if inputs.noding is None else {"roads": _noding(inputs.noding)}),
        **_columns(config, inputs),
        "homes": {
            "homes": len(homes),
            "people": round(float(people), 3),
            **{
                f"status {status}": int(count)
                for status, count in sorted(homes["status"].value_counts().items())
            },
            **{
                f"people from {origin}": int(count)
                for origin, count in sorted(homes["origin"].value_counts().items())
            },
        },
        "communities": {
            "communities": len(waist.communities),
            "without people": int((waist.communities["people"] == 0).sum()),
            "homes in none": int(homes["community_id"].isna().sum()),
        },
        **{
            name: facts_of
            for name, facts_of in (
                ("people", people_facts(config, inputs, waist)),
                ("outlines", outline_facts(waist)),
            )
            if len(facts_of) > 1 or (name == "outlines" and facts_of)
        },
        "facilities": {
            service: ", ".join(
                f"{kind} {count}"
                for kind, count in sorted(
                    usable.loc[usable["service"] == service, "type"].value_counts().items()
                )
            )
            or "none"
            for service in inputs.standard.services
        },
        **({"lists": lists} if lists else {}),
        **({"places of facility lists": inputs.placing.facts()} if inputs.placing.placed else {}),
    }
    land = facts_of_land(inputs.survey)
    if land:
        facts["land"] = land
    records = facts_of_records(inputs.survey.records)
    if records:
        facts["record"] = records
    found = supplies(inputs, waist)
    facts["expected"] = {
        one.service: "no number to compare with"
        if one.expected is None
        else f"{one.known} of about {one.expected:,.0f}: {one.verdict}"
        for one in found
    }
    return CheckReport(
        facts=facts,
        warnings=tuple(stages.warnings),
        advice=advice_on(config, inputs, waist, found),
        worded=_worded(stages.warnings, config, inputs.standard),
    )


def _columns(config: StudyConfig, inputs: Inputs) -> dict[str, dict[str, object]]:
    """Print how each file is read, and the key by which a column can be named otherwise."""
    read = files_read(config, inputs.area)
    if not read:
        return {}
    columns: dict[str, object] = {f"{one.key} {one.name}": str(one) for one in read}
    columns["where a column is wrong"] = 'write columns = { name = "…" } beside the file; ' + (
        "for people table_columns, for grids grid_columns, for gates gate_columns"
    )
    return {"columns": columns}


def _listed(people: NDArray[np.float64], most: int = 10) -> str:
    """List the people on each part that has any, the longest part first."""
    living = [f"{one:,.0f}" for one in people if one > 0]
    more = f" and {len(living) - most} more" if len(living) > most else ""
    return (" + ".join(living[:most]) or "0") + more


def _noding(report: NodingReport) -> dict[str, object]:
    return {
        "lines": report.lines,
        "doubles_left_out": report.doubles,
        "stubs_left_out": report.stubs,
        "crossings": report.crossings,
        "crossings_kept_apart": report.kept_apart,
        "ends_snapped": report.snapped,
        "breaks": report.breaks,
        "breaks_mended": report.mended,
        "dual_carriageways": report.dual_pairs,
    }
