"""The repetitions of a scorecard as sentences: how many were run, and which were on pace."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from syncd.domain.clock_time import format_clock
from syncd.domain.day_text import listed
from syncd.domain.scoring.card import Flag, Scorecard, StepRow, StepStatus
from syncd.domain.scoring.verdict import StepOutcome, miss_s_per_km, rep_verdict
from syncd.domain.units import Units

_TEXTS = {StepOutcome.ON_PACE: "on pace", StepOutcome.SLOW: "slow", StepOutcome.QUICK: "too fast"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MOST_GROUPS = 3  # more would be a list, not a sentence


def reps_of(card: Scorecard) -> list[StepRow]:
    """The rows of planned repetitions and single blocks of work."""
    return [row for row in card.steps if row.rep is not None]


def was_run(row: StepRow) -> bool:
    """Planned, and begun in earnest."""
    return row.status in {StepStatus.DONE, StepStatus.SHORT}


def count(number: int) -> str:
    """`three`; digits above ten."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def are(number: int) -> str:
    """`was` or `were`."""
    return "was" if number == 1 else "were"


def capitalised(text: str) -> str:
    """As the beginning of a sentence."""
    return text[0].upper() + text[1:]


def miss_text(rows: Sequence[StepRow], units: Units) -> str:
    """`18 s/km`, or `12-18 s/km` where they differ."""
    misses = sorted(units.seconds(abs(miss_s_per_km(row))) for row in rows)
    low, high = misses[0], misses[-1]
    mean = round(sum(misses) / len(misses))
    seconds = f"{low}-{high}" if high - low > max(5, 0.2 * high) else f"{mean}"
    return f"{seconds} s/{units.name}"


def _verdict_text(outcome: StepOutcome, rows: Sequence[StepRow], units: Units) -> str:
    """The verdict, and by how much."""
    return (
        _TEXTS[outcome]
        if outcome is StepOutcome.ON_PACE
        else f"{_TEXTS[outcome]} by {miss_text(rows, units)}"
    )


def rep_sentences(card: Scorecard, units: Units) -> list[str]:
    """None for a session without work."""
    reps = reps_of(card)
    run = [row for row in reps if was_run(row)]
    if len(reps) == 1:
        return [_of_block(reps[0], units)]
    if not reps or not run:
        return [f"None of the {count(len(reps))} reps was run."] if reps else []
    sentences = _missing(card, reps, run)
    short = [row for row in run if row.status is StepStatus.SHORT]
    if short:
        sentences.append(capitalised(f"{_named(short)} {are(len(short))} cut short."))
    paced = [row for row in run if row.in_band is not None]
    if paced:
        sentences.append(_paces(paced, units, of_all=len(paced) == len(reps), faded=Flag.FADED in card.flags))
    elif not sentences:
        sentences.append(capitalised(f"{_all(len(reps))} were run{_range(run, units)}."))
    return sentences


def _missing(card: Scorecard, reps: Sequence[StepRow], run: Sequence[StepRow]) -> list[str]:
    """Which were not run: the end of the session, or some in between."""
    missed = [row for row in reps if not was_run(row)]
    if not missed:
        return []
    if run[-1].n > missed[0].n:
        return [capitalised(f"{_named(missed)} {are(len(missed))} skipped.")]
    some = f"{count(len(run))} of {count(len(reps))} reps"
    went_on = any(row.n > missed[-1].n and was_run(row) for row in card.steps)
    return [capitalised(f"{some} {are(len(run))} run.") if went_on else f"You stopped after {some}."]


def _all(number: int) -> str:
    return "both reps" if number == 2 else f"all {count(number)} reps"


def _range(rows: Sequence[StepRow], units: Units) -> str:
    """From the first to the last pace, where no pace was asked for."""
    first, last = rows[0].pace_s_per_km, rows[-1].pace_s_per_km
    if first is None or last is None:
        return ""
    return f", the first at {units.pace(first)} and the last at {units.pace(last)}"


def _paces(rows: Sequence[StepRow], units: Units, *, of_all: bool, faded: bool) -> str:
    groups = [
        (outcome, list(same)) for outcome, same in groupby(rows, key=lambda row: rep_verdict(row).outcome)
    ]
    if len(groups) == 1:
        outcome, same = groups[0]
        subject = _all(len(same)) if of_all and len(same) > 1 else _named(same)
        return capitalised(f"{subject} {are(len(same))} {_verdict_text(outcome, same, units)}.")
    if len(groups) > _MOST_GROUPS:
        return _counted(rows, units)
    clauses = [
        f"{_named(same)} {are(len(same))} {_verdict_text(outcome, same, units)}" for outcome, same in groups
    ]
    outcome, same = groups[-1]
    if faded and outcome is StepOutcome.SLOW:
        which = f"the last {count(len(same))}" if len(same) > 1 else "the last one"
        clauses[-1] = f"{which} faded by {miss_text(same, units)}"
    return capitalised(", ".join(clauses)) + "."


def _counted(rows: Sequence[StepRow], units: Units) -> str:
    """Where they alternate too often to name them."""
    clauses = []
    for outcome in _TEXTS:
        same = [row for row in rows if rep_verdict(row).outcome is outcome]
        if same:
            clauses.append(f"{count(len(same))} {are(len(same))} {_verdict_text(outcome, same, units)}")
    return f"Of the {count(len(rows))} reps " + listed(clauses) + "."


def _of_block(row: StepRow, units: Units) -> str:
    if not was_run(row):
        return "The main part was not run."
    length = f"The {format_clock(row.timer_s or 0)} of work"
    if row.in_band is None:
        return f"{length} could not be judged by pace."
    return f"{length} was {_verdict_text(rep_verdict(row).outcome, [row], units)}."


def _named(rows: Sequence[StepRow]) -> str:
    """`rep 3`, `reps 1-4` or `reps 2, 5 and 6`."""
    numbers = [row.rep for row in rows if row.rep is not None]
    if len(numbers) == 1:
        return f"rep {numbers[0]}"
    together = len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1
    return f"reps {numbers[0]}-{numbers[-1]}" if together else f"reps {listed([*map(str, numbers)])}"
