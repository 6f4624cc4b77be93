"""What the files of land hold, in a few counts, for the answer of ``check``."""

from __future__ import annotations

from lifecircle.tables import Survey


def facts_of_land(survey: Survey) -> dict[str, object]:
    """
    Say what the files of land hold, in a few counts.

    Parameters
    ----------
    survey
        What the files say.

    Returns
    -------
    facts
        Label to value; empty without such files.
    """
    land = survey.land
    facts: dict[str, object] = {}
    if land is None:
        return facts
    if survey.parcels is not None:
        rooms = survey.parcels["kind"] == "stock_room"
        for label, part in (("parcels", survey.parcels[~rooms]), ("rooms", survey.parcels[rooms])):
            facts[label] = len(part)
            facts[f"{label}_doubtful"] = int((part["status"] == "doubtful").sum())
    facts["rows_without_a_place"] = len(land.unplaced)
    if land.cover is not None:
        facts["land_survey_vacant"] = int((land.cover["kind"] == "vacant").sum())
        facts["land_survey_codes"] = str(land.cover["code_system"].iloc[0])
    if land.units is not None:
        facts["plan_units"] = len(land.units)
        facts["people_planned"] = float(land.units["people_planned"].sum())
    if land.plots is not None:
        facts["plan_plots"] = len(land.plots)
        facts["plan_plots_not_built"] = int((land.plots["built"] == False).sum())  # noqa: E712
    if land.roads is not None:
        facts["plan_roads_not_walked"] = len(land.roads)
    if land.promised is not None:
        states = land.promised["status"].value_counts()
        facts["plan_facilities"] = ", ".join(f"{one} {states[one]}" for one in sorted(states.index))
    if land.rights is not None:
        kinds = land.rights["rights"].fillna("unknown").value_counts()
        facts["rights"] = ", ".join(f"{one} {kinds[one]}" for one in sorted(kinds.index))
    if land.protected is not None:
        reasons = land.protected["reason"].value_counts()
        facts["never_proposed"] = ", ".join(
            f"{one} {reasons[one]}" for one in sorted(reasons.index)
        )
    return facts
