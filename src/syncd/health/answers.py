"""The answers about health: dates that cannot be so, or that are missing. What they are about is not said."""

from __future__ import annotations

from datetime import date

from syncd.domain.athlete import Concern, HealthAnswer
from syncd.domain.health_dates import HealthDateError
from syncd.health.check import Check, Command, fail, ok, warn
from syncd.health.examination import Examination
from syncd.store import Store

_NAME, _SHOW = "health", Command("syncd health")


def dates_in_file(case: Examination) -> list[Check]:
    """What the configuration says of births and years can be so, and has its dates."""
    if case.settings is None:
        return []
    try:
        case.settings.health_answers(case.today)
    except HealthDateError as error:
        return [fail(_NAME, f"config.toml: {error}", "put it right in [health] of config.toml")]
    if "birth" in case.settings.health.concerns and case.settings.health.gave_birth is None:
        remedy = "add gave_birth = YYYY-MM-DD to [health] of config.toml"
        return [warn(_NAME, "a birth without its date: it counts from the day it was first read", remedy)]
    return []


def kept_dates(case: Examination, store: Store) -> list[Check]:
    """What is kept began before today, and was cleared after it began."""
    answers = store.health.in_force()
    odd = [answer for answer in answers if is_odd(answer, case.today)]
    if odd:
        text = "an answer has a date that cannot be: it begins in the future, or was cleared before it began"
        return [warn(_NAME, text, _SHOW)]
    return [ok(_NAME, "every answer has its date")] if answers else []


def is_odd(answer: HealthAnswer, today: date) -> bool:
    """Whether the dates of an answer contradict each other."""
    ends = [day for day in (answer.easy_from, answer.free_from, answer.over_on) if day is not None]
    before = any(day < answer.since for day in ends) and answer.concern is not Concern.BIRTH
    return answer.since > today or before or any(day > today for day in ends)
