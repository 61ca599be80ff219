"""A scorecard in two or three sentences for the runner, made by rules from the facts only."""

from __future__ import annotations

from collections.abc import Iterator

from syncd.domain.clock_time import format_clock
from syncd.domain.day_text import listed
from syncd.domain.scoring.card import Flag, Scorecard, StepRow, StepStatus, Tier
from syncd.domain.scoring.effort import StepEffort
from syncd.domain.scoring.verdict import miss_s_per_km
from syncd.domain.units import Units
from syncd.domain.workout import PaceBand
from syncd.report.rep_text import (
    are,
    capitalised,
    count,
    miss_text,
    rep_sentences,
    reps_of,
    was_run,
)
from syncd.report.score_reasons import part_text

_SHORT_FACTS = {
    Flag.TOO_FAST_EASY: "too fast for easy",
    Flag.SHORT: "cut short",
    Flag.OVERRUN: "longer than planned",
    Flag.EXTRA_REPS: "extra reps",
    Flag.STRIDES_SKIPPED: "strides skipped",
}
_REMARKS = {
    Flag.EXTRA_REPS: "You added reps that were not planned.",
    Flag.STRIDES_SKIPPED: "The strides were left out.",
    Flag.INTERRUPTED: "You stopped on the way: the pace leaves out the time you stood.",
    Flag.HILLY: "It was hilly, so your pace is judged as if on flat ground.",
    Flag.HOT: "It was hot, so a slower pace is fine.",
    Flag.GPS_POOR: "The GPS was poor, so pace is judged with twice the tolerance.",
    Flag.TREADMILL: "Pace is not judged on a treadmill.",
}


def headline_text(card: Scorecard) -> str:
    """For a list: `91 on plan · all 6 reps on pace`."""
    head = "not scored" if card.score is None else f"{card.score} {card.band}"
    facts = ", ".join((*_rep_facts(card), *_flag_facts(card)))
    return f"{head} · {facts}" if facts else head


def summary_text(card: Scorecard, units: Units) -> str:
    """Two or three sentences: the work, what was around it, what to know about the number."""
    if card.legacy_text:
        return card.legacy_text
    sentences = [*(rep_sentences(card, units) or _steady(card, units) or _whole(card)), *_around(card, units)]
    sentences += [remark for flag, remark in _REMARKS.items() if flag in card.flags]
    if not sentences:
        distance = card.part("distance")
        sentences = [
            f"Done as planned: {part_text(distance, units)}."
            if distance.score
            else "Nothing could be judged."
        ]
    if card.score is None:
        sentences.append("There is no overall score.")
    return " ".join(sentences)


def _rep_facts(card: Scorecard) -> Iterator[str]:
    reps = reps_of(card)
    run = [row for row in reps if was_run(row)]
    if len(reps) < 2:
        return
    judged = [row for row in run if row.in_band is not None]
    run_of_all = f"all {len(reps)} reps" if len(run) == len(reps) else f"{len(run)} of {len(reps)} reps"
    if not judged:
        yield run_of_all
    elif all(row.in_band for row in judged):
        yield f"{run_of_all} on pace"
    else:
        if len(run) < len(reps):
            yield run_of_all
        yield f"{card.reps_in_band} of {len(reps)} on pace"
    if Flag.FADED in card.flags:
        yield "faded"


def _flag_facts(card: Scorecard) -> Iterator[str]:
    for flag, text in _SHORT_FACTS.items():
        is_known = flag is Flag.SHORT and not all(map(was_run, reps_of(card)))  # from the reps
        if flag in card.flags and not is_known:
            yield text


def _steady(card: Scorecard, units: Units) -> list[str]:
    """The easy block that is the session."""
    blocks = [row for row in card.steps if row.effort == StepEffort.EASY.value and was_run(row)]
    if not blocks:
        return []
    row = max(blocks, key=lambda block: block.timer_s or 0.0)
    if row.pace_s_per_km is None:
        return []
    if row.planned is None or not isinstance(row.planned.target, PaceBand):
        return _by_effort(card, row, units)
    pace = units.pace(row.pace_s_per_km)
    if Flag.TOO_FAST_EASY in card.flags:
        return [f"{pace} was too fast for an easy run, by {miss_text([row], units)}."]
    if row.in_band:
        return [f"Easy all the way, at {pace}."]
    return [f"At {pace} it was slower than planned: fine on an easy run."]


def _by_effort(card: Scorecard, row: StepRow, units: Units) -> list[str]:
    """A block without a pace target: what was run, and how it went by heart rate or feel."""
    intensity = card.part("intensity")
    run = f"{format_clock(row.timer_s or 0.0)} at {units.pace(row.pace_s_per_km or 0.0)}"
    return [f"{run}." if intensity.score is None else f"{run}: {part_text(intensity, units)}."]


def _whole(card: Scorecard) -> list[str]:
    if card.alignment.tier is not Tier.WHOLE or card.steps:
        return []
    return ["The steps could not be told apart, so the run was judged as a whole."]


def _around(card: Scorecard, units: Units) -> list[str]:
    """A sentence each about recoveries and length, where there is something to say."""
    sentences = _recoveries(card) if len(reps_of(card)) > 1 else []
    ends = [row for row in card.steps if row.effort in {StepEffort.WARMUP.value, StepEffort.COOLDOWN.value}]
    cut = [row for row in ends if row.status in {StepStatus.SHORT, StepStatus.MISSED}]
    if not all(map(was_run, reps_of(card))):
        return sentences  # what is missing is in the sentence about the reps
    if Flag.SHORT in card.flags:
        sentences += [_cut(row) for row in cut] or [f"You did {part_text(card.part('distance'), units)}."]
    if Flag.OVERRUN in card.flags:
        sentences.append(f"You ran longer than planned: {part_text(card.part('distance'), units)}.")
    return sentences


def _cut(row: StepRow) -> str:
    name = "The warm-up" if row.effort == StepEffort.WARMUP.value else "The cool-down"
    if not was_run(row):
        return f"{name} was left out."
    return f"{name} was cut short, after {format_clock(row.timer_s or 0.0)}."


def _recoveries(card: Scorecard) -> list[str]:
    rows = [row for row in card.steps if row.effort == StepEffort.RECOVERY.value and was_run(row)]
    if not rows:
        return []
    short = sum(row.status is StepStatus.SHORT for row in rows)
    quick = sum(row.in_band is False and miss_s_per_km(row) < 0 for row in rows)
    faults = [f"{count(n)} {are(n)} {fault}" for n, fault in ((short, "cut short"), (quick, "too fast")) if n]
    if not faults:
        return ["The recoveries were fine."]
    return [capitalised(f"of {count(len(rows))} recoveries {listed(faults)}.")]
