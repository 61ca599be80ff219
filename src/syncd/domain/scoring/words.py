"""A scorecard in two or three sentences that a runner reads. By rules, from the facts only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from syncd.domain.clock_time import format_clock
from syncd.domain.scoring.card import Flag, Scorecard, StepRow, StepStatus, Tier
from syncd.domain.scoring.effort import Effort
from syncd.domain.workout import PaceBand

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LEAST_S_PER_KM = 1  # smaller differences are not said


def headline(card: Scorecard) -> str:
    """For a list: `91 on plan · reps even, recoveries fine`."""
    head = "not scored" if card.score is None else f"{card.score} {card.band}"
    facts = ", ".join(_facts(card))
    return f"{head} · {facts}" if facts else head


def describe(card: Scorecard) -> str:
    """Two or three sentences: the work, what was around it, what to know about the number."""
    work = _reps(card) or _steady(card) or _whole(card)
    sentences = [*work, *_around(card), *_remarks(card)]
    if card.score is None:
        sentences.append("There is no total: too little of it could be judged.")
    return " ".join(sentences)


def _facts(card: Scorecard) -> Iterator[str]:
    reps = _reps_of(card)
    run = [row for row in reps if _was_run(row)]
    if len(reps) > 1:
        if len(run) < len(reps):
            yield f"{len(run)} of {len(reps)} reps"
        if Flag.FADED in card.flags:
            yield "faded"
        elif run and all(row.in_band for row in run):
            yield "reps on pace"
        elif any(row.in_band is not None for row in run):
            yield f"{card.reps_in_band} of {len(reps)} on pace"
        elif len(run) == len(reps):
            yield f"all {len(reps)} reps"
    for flag in (Flag.TOO_FAST_EASY, Flag.SHORT, Flag.OVERRUN, Flag.EXTRA_REPS, Flag.STRIDES_SKIPPED):
        if flag in card.flags:
            yield _FLAG_WORDS[flag]


_FLAG_WORDS = {
    Flag.TOO_FAST_EASY: "too fast for easy",
    Flag.SHORT: "cut short",
    Flag.OVERRUN: "longer than planned",
    Flag.EXTRA_REPS: "extra reps",
    Flag.STRIDES_SKIPPED: "strides skipped",
}


def _reps_of(card: Scorecard) -> list[StepRow]:
    return [row for row in card.steps if row.rep is not None]


def _was_run(row: StepRow) -> bool:
    return row.status in {StepStatus.DONE, StepStatus.SHORT}


def _reps(card: Scorecard) -> list[str]:
    """How many were done, and which were on pace."""
    reps = _reps_of(card)
    if not reps:
        return []
    run = [row for row in reps if _was_run(row)]
    if len(reps) == 1:
        return [_verdict_of_block(reps[0])]
    out = []
    if not run:
        out.append(f"None of the {_count(len(reps))} reps was run.")
    elif len(run) < len(reps):
        out.append(f"{_count(len(run)).capitalize()} of {_count(len(reps))} reps were run.")
    short = [row for row in run if row.status is StepStatus.SHORT]
    if short:
        out.append(f"{_named(short)} {'was' if len(short) == 1 else 'were'} cut short.")
    paced = [row for row in run if row.in_band is not None]
    if paced:
        out.append(_pace_of_reps(paced, everything=len(paced) == len(reps), faded=Flag.FADED in card.flags))
    elif len(run) == len(reps) and not short:
        out.append(f"All {_count(len(reps))} reps were run.")
    return out


def _pace_of_reps(rows: Sequence[StepRow], *, everything: bool, faded: bool) -> str:
    groups = [(verdict, list(same)) for verdict, same in groupby(rows, key=_verdict)]
    if len(groups) == 1:
        verdict, same = groups[0]
        subject = f"All {_count(len(same))} reps" if everything else "The reps that were run"
        return f"{subject} were {_with_miss(verdict, same)}."
    if len(groups) > 4:
        return _counted(rows)
    last = groups[-1]
    clauses = [f"{_named(same)} {_be(same)} {_with_miss(verdict, same)}" for verdict, same in groups]
    if faded and last[0] == "slow":
        clauses[-1] = f"the last {_some(len(last[1]))}faded by {_miss_words(last[1])}"
    return _listed(clauses) + "."


def _counted(rows: Sequence[StepRow]) -> str:
    """Where they alternate too often to name them."""
    parts = []
    for verdict in ("on pace", "slow", "quick"):
        same = [row for row in rows if _verdict(row) == verdict]
        if same:
            parts.append(f"{_count(len(same))} {_be(same)} {_with_miss(verdict, same)}")
    return _listed([f"of the {_count(len(rows))} reps " + parts[0], *parts[1:]]) + "."


def _verdict(row: StepRow) -> str:
    if row.in_band:
        return "on pace"
    return "quick" if _miss(row) < 0 else "slow"


def _miss(row: StepRow) -> float:
    """Seconds per km beyond the band: positive is slow, negative quick."""
    band = row.planned.target if row.planned else None
    if not isinstance(band, PaceBand) or row.pace_s_per_km is None:
        return 0.0
    return max(row.pace_s_per_km - band.slow_s_per_km, 0.0) - max(band.fast_s_per_km - row.pace_s_per_km, 0.0)


def _with_miss(verdict: str, rows: Sequence[StepRow]) -> str:
    if verdict == "on pace":
        return verdict
    return f"{'too ' if verdict == 'quick' else ''}{verdict} by {_miss_words(rows)}"


def _miss_words(rows: Sequence[StepRow]) -> str:
    misses = sorted(round(abs(_miss(row))) for row in rows)
    low, high = misses[0], misses[-1]
    spread = f"{low}-{high}" if high - low > max(2, 0.1 * high) else f"{round(sum(misses) / len(misses))}"
    return f"{spread} s/km"


def _verdict_of_block(row: StepRow) -> str:
    if not _was_run(row):
        return "The work was not run."
    length = f"The {format_clock(row.timer_s or 0)} of work"
    if row.in_band is None:
        return f"{length} could not be judged by pace."
    return f"{length} was {_with_miss(_verdict(row), [row])}."


def _steady(card: Scorecard) -> list[str]:
    """The easy block that is the session."""
    easy = [row for row in card.steps if row.effort == Effort.EASY.value and _was_run(row)]
    if not easy:
        return []
    row = max(easy, key=lambda each: each.timer_s or 0.0)
    out = []
    if row.pace_s_per_km is not None and isinstance(row.planned.target if row.planned else None, PaceBand):
        pace = f"{format_clock(row.pace_s_per_km)}/km"
        if Flag.TOO_FAST_EASY in card.flags:
            out.append(f"{pace} was too quick for an easy run, by {_miss_words([row])}.")
        elif row.in_band:
            out.append(f"Easy all the way, at {pace}.")
        else:
            out.append(f"At {pace} it was slower than planned, which is free on an easy run.")
    return out


def _whole(card: Scorecard) -> list[str]:
    if card.alignment.tier is not Tier.WHOLE:
        return []
    return ["No steps could be told apart, so the run was judged as a whole."]


def _around(card: Scorecard) -> list[str]:
    """Recoveries and the distance, in a sentence each where there is something to say."""
    out = []
    recoveries = [row for row in card.steps if row.effort == Effort.RECOVERY.value and _was_run(row)]
    if recoveries and len(_reps_of(card)) > 1:
        short = sum(row.status is StepStatus.SHORT for row in recoveries)
        quick = sum(row.credit is not None and row.credit < 1 for row in recoveries)
        if short:
            out.append(
                f"{_count(short).capitalize()} of {_count(len(recoveries))} recoveries {_were(short)} cut short."
            )
        elif quick:
            out.append(
                f"{_count(quick).capitalize()} of {_count(len(recoveries))} recoveries {_were(quick)} too quick."
            )
        else:
            out.append("The recoveries were fine.")
    distance = card.part("distance")
    if Flag.SHORT in card.flags:
        out.append(f"You did {distance.why}.")
    if Flag.OVERRUN in card.flags:
        out.append(f"You ran longer than planned: {distance.why}.")
    return out


def _remarks(card: Scorecard) -> list[str]:
    out = []
    if Flag.EXTRA_REPS in card.flags:
        out.append("You added reps: the plan had enough.")
    if Flag.STRIDES_SKIPPED in card.flags:
        out.append("The strides were left out.")
    if Flag.INTERRUPTED in card.flags:
        out.append("You had to stop on the way; standing was left out of the pace.")
    if Flag.TREADMILL in card.flags:
        out.append("On a treadmill pace and distance are not judged.")
    return out


def _count(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def _some(number: int) -> str:
    return f"{_count(number)} " if number > 1 else "one "


def _named(rows: Sequence[StepRow]) -> str:
    numbers = [row.rep for row in rows if row.rep is not None]
    if len(numbers) == 1:
        return f"rep {numbers[0]}"
    together = numbers[-1] - numbers[0] == len(numbers) - 1
    return f"reps {numbers[0]}-{numbers[-1]}" if together else "reps " + _joined([str(n) for n in numbers])


def _be(rows: Sequence[StepRow]) -> str:
    return "was" if len(rows) == 1 else "were"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _listed(clauses: Sequence[str]) -> str:
    text = ", ".join(clauses)
    return text[0].upper() + text[1:]
