"""Heat in words: how warm it was or is, and what follows."""

from __future__ import annotations

from datetime import date

from syncd.domain.day_text import day_text
from syncd.domain.units import Units
from syncd.report.fact_forms import Facts, Wording


def in_heat(what: str) -> Wording:
    """What follows from heat: `it was 31 C at your run on Sun 5 Apr: hard running waits`."""

    def text(facts: Facts, units: Units) -> str:
        ran = facts["day"]
        warm = degrees_text(facts["temperature_c"], facts["dew_point_c"], units)
        how = (
            f"it was {warm} at your run on {day_text(date.fromisoformat(ran))}"
            if ran
            else f"you entered {warm}"
        )
        return f"{how}: {what}"

    return text


def heat_said(facts: Facts, units: Units) -> str:
    """The athlete's word."""
    warm = degrees_text(facts["temperature_c"], facts["dew_point_c"], units)
    until = day_text(date.fromisoformat(facts["last_day"]))
    if facts["first_day"] == facts["last_day"]:
        return f"you entered {warm} for {until}"
    return f"you entered {warm} until {until}"


def degrees_text(temperature_c: float, dew_point_c: float | None, units: Units) -> str:
    """`27 C with a dew point of 20 C`."""
    dew_point = "" if dew_point_c is None else f" with a dew point of {units.temperature(dew_point_c)}"
    return f"{units.temperature(temperature_c)}{dew_point}"
