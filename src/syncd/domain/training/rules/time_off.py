"""Time off: a gap without running (A2), illness and injury (A3), and what it costs a race (A20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from syncd.domain.athlete import Goal
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.evidence import no_run_fact, ran_fact, spell_fact
from syncd.domain.training.facts import Fact
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.gaps import (
    LEAST_DAYS,
    Before,
    Gap,
    before_gap,
    days_run,
    gaps,
    least_off_days,
    usual_days,
    whole_gap_days,
)
from syncd.domain.training.rules.situation import LIGHT, Edit, RuleProposal, Situation, Spell, Trouble

LEAST_MISSED = 2
UNPLANNED_DAYS = 10  # our default: without a plan nothing is missed, and ten days are a gap all the same
PLANNED_BREAK_DAYS = 14  # our default: a pause up to here is a planned break
NO_TEST_DAYS = 14
SHORT_DAYS, MIDDLE_DAYS = 28, 56
# How long a return is, and its first and last share of the volume and of the longest run (TRAINING 9.3;
# after eight weeks it is our default).
MIDDLE_RETURN_DAYS, LONG_RETURN_DAYS = 56, 84
SHORT_RISE, LONG_RISE = (0.5, 1.0), (0.33, 0.85)
HURT_TIMES, MOST_HURT_DAYS = 2, 28
SPACED_DAYS = 7  # of a return after being hurt or ill, or 28 days: a day between two runs
WALKS_AFTER_HURT_DAYS = 14
RUN_THROUGH_DAYS = 4  # our default: easy runs without a walk come before anything hard
SYMPTOM_FREE_DAYS, AFTER_FEVER_DAYS = 1, 2  # the last ones of an illness: 24 hours, 48 after a fever (A3)
FEVER_EASY_DAYS = 7  # our default: nothing hard for a week after a fever
LATE_START_DAYS = 4  # our default: a return whose first run comes so late begins with that run
FEWEST_EASY_DAYS, MOST_EASY_DAYS = 3, 14
FIRST_RUN_S = 1800.0
RACE_BLOCK = timedelta(weeks=12)
COST = ((28, 8.0), (21, 7.5), (14, 6.0), (7, 4.25))  # % of the finish time of a marathon (Feely 2023)
_CAUSES = {Trouble.ILL: Cause.BACK_FROM_ILLNESS, Trouble.HURT: Cause.BACK_FROM_INJURY}
_GRAVER = (Trouble.ILL, Trouble.HURT, Trouble.STOP, Trouble.BIRTH)
_OPEN_DAYS = SHORT_DAYS  # an open return ends by itself, and is renewed while the gap goes on


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The first day of a return; `key`: what tells it from the same one begun on another day."""

    day: date
    key: str = ""
    rests_on: tuple[Fact, ...] = ()


def gap_return(situation: Situation) -> Iterator[RuleProposal]:
    """A2: after eight days off, or more for who runs seldom, with two sessions missed: an even rise."""
    for gap in gaps(situation):
        back_on = gap.back_on or situation.today
        only_late = situation.late_days if gap.back_on is None else 0  # unknown, not off
        if gap.days - only_late < least_off_days(situation, gap.last):
            continue
        if gap.back_on is None and situation.is_off(situation.today):
            continue  # nothing is planned, and how long it is shows when it is over
        if any(spell.trouble is not Trouble.PAUSE and _meets(spell, gap) for spell in situation.spells):
            continue  # A3 leads back
        whole = whole_gap_days(situation, gap.last, gap.days)
        if (situation.today - back_on).days >= return_days(whole):
            continue
        if not _is_open(situation, gap) and not _is_time_off(situation, gap):
            continue
        key = f"A2:{gap.last}:{gap.days if gap.back_on else _while_off_key(whole)}"
        since = {"first_day": (gap.last + timedelta(days=1)).isoformat(), "days": gap.days}
        if gap.back_on is None:
            reason = Reason(Cause.STILL_OFF, since)
            asked = _while_off(situation, gap, whole)
        else:
            last_day = (back_on - timedelta(days=1)).isoformat()
            reason = Reason(Cause.BACK_FROM_BREAK, since | {"last_day": last_day})
            before = before_gap(situation, gap.last)
            asked = returning(f"A2:{gap.last}", back_on, gap.days, before, gap_days=whole)
        evidence = {"last_run": gap.last.isoformat(), "days_off": gap.days}
        yield RuleProposal("A2", key, reason, evidence, (), asked, rests_on=_facts_of(situation, gap))


def returning(
    group: str,
    back_on: date,
    days_off: int,
    before: Before,
    *,
    trouble: Trouble | None = None,
    gap_days: int | None = None,
    fever: bool = False,
) -> Condition:
    """The return after so many days without a run; `gap_days` where it is as after another number of them."""
    gap = days_off if gap_days is None else gap_days
    length = return_days(gap, trouble)
    last_day = back_on + timedelta(days=length - 1)
    half = back_on + timedelta(days=-(-length // 2))
    troubled = trouble not in (None, Trouble.PAUSE)
    walks_until = _walks_until(back_on, length, gap, trouble, fever=fever)
    hard_from = half
    if walks_until is not None:
        hard_from = max(hard_from, walks_until + timedelta(days=RUN_THROUGH_DAYS))
    if fever:
        hard_from = max(hard_from, back_on + timedelta(days=FEVER_EASY_DAYS))
    gentle = troubled or gap >= SHORT_DAYS
    return Condition(
        asked=Demanded.RETURN,
        group=group,
        first_day=back_on,
        last_day=last_day,
        rising=SHORT_RISE if gap <= SHORT_DAYS else LONG_RISE,
        of_m=round(before.week_m),
        longest_m=round(before.longest_m),
        hard_from=hard_from,
        no_test_before=max(hard_from, back_on + timedelta(days=NO_TEST_DAYS)),
        days_off=days_off,
        first_run_s=FIRST_RUN_S if gentle else None,
        spaced_until=back_on + timedelta(days=SPACED_DAYS) if gentle else None,
        walks_until=walks_until,
    )


def return_days(gap_days: int, trouble: Trouble | None = None) -> int:
    """How long a return lasts: as long as the gap, twice as long when hurt, at least six days; eight weeks
    after four, twelve after eight."""
    if gap_days > MIDDLE_DAYS:
        return LONG_RETURN_DAYS
    if gap_days > SHORT_DAYS:
        return MIDDLE_RETURN_DAYS
    if trouble in (Trouble.HURT, Trouble.STOP):
        return max(min(HURT_TIMES * gap_days, MOST_HURT_DAYS), LEAST_DAYS)
    return max(gap_days, LEAST_DAYS)


def _walks_until(
    back_on: date, length: int, gap_days: int, trouble: Trouble | None, *, fever: bool
) -> date | None:
    """The first day without walks in a run. How long they last is our default: the first half of the return
    after a birth or being hurt, else its first third, a week at least; a week after a fever."""
    days = 0
    if trouble is Trouble.BIRTH or (
        trouble in (Trouble.HURT, Trouble.STOP) and gap_days > WALKS_AFTER_HURT_DAYS
    ):
        days = -(-length // 2)
    elif gap_days > SHORT_DAYS:
        days = max(SPACED_DAYS, length // 3)
    if fever:
        days = max(days, SPACED_DAYS)
    return back_on + timedelta(days=days) if days else None


def illness(situation: Situation) -> Iterator[RuleProposal]:
    """A3: nothing while it lasts; then back in steps, and nothing hard for as many days."""
    for spell in situation.spells:
        if spell.trouble is Trouble.PAUSE:
            continue
        troubled = {"trouble": spell.trouble.value, "day": spell.first_day.isoformat()}
        for entry in situation.due:
            if spell.covers(entry.session.day):
                key = f"A3:{spell.id}:{entry.session.id}"
                reason = Reason(Cause.TROUBLED, troubled)
                edits, rests_on = (Edit(entry.session, None),), (spell_fact(spell.id),)
                yield RuleProposal("A3", key, reason, {"spell": spell.id}, edits, rests_on=rests_on)
        if spell.last_day is not None:
            back = _after_illness(situation, spell)
            if back is not None:
                yield back


def race_cost(situation: Situation) -> Iterator[RuleProposal]:
    """A20: what a week or more off before a half or a marathon costs, and no cramming."""
    race = situation.race
    if race is None or race.goal not in {Goal.HALF, Goal.MARATHON} or race.day < situation.today:
        return
    inside = [gap for gap in gaps(situation) if (gap.back_on or situation.today) > race.day - RACE_BLOCK]
    worst = max(inside, key=lambda gap: gap.days, default=None)
    if worst is None or worst.days < COST[-1][0]:
        return
    least, percent = next(step for step in COST if worst.days >= step[0])
    facts = {"days": worst.days, "day": race.day.isoformat()}
    reason = Reason(Cause.RACE_COSTS_TIME, facts)
    if race.goal is Goal.MARATHON:
        reason = Reason(Cause.MARATHON_COSTS_TIME, facts | {"percent": percent})
    key = f"A20:{race.day}:{worst.last}:{least}"
    evidence = {"days_off": worst.days, "race": race.day.isoformat()}
    yield RuleProposal("A20", key, reason, evidence, rests_on=_facts_of(situation, worst))


def _after_illness(situation: Situation, spell: Spell) -> RuleProposal | None:
    if spell.last_day is None:
        return None
    run_on = days_run(situation)
    before = max((day for day in run_on if day < spell.first_day), default=None)
    together = _without_a_run_between(situation, spell, before)
    if any(_is_over_later(other, spell) for other in together):
        return None  # one return, of the whole gap
    last = before or spell.first_day - timedelta(days=1)
    begins = _begins(situation, spell.last_day + timedelta(days=1), last)
    back_on = begins.day
    gravest = max(together, key=lambda other: (_GRAVER.index(other.trouble), _place(other)))
    trouble = gravest.trouble
    days_off = (back_on - last).days - 1
    gap_days = whole_gap_days(situation, last, days_off)
    if trouble is Trouble.BIRTH:
        gap_days = max(gap_days, MIDDLE_DAYS + 1)
    if situation.today >= back_on + timedelta(days=return_days(gap_days, trouble)):
        return None
    asked = returning(
        f"A3:{gravest.id}",
        back_on,
        days_off,
        before_gap(situation, last),
        trouble=trouble,
        gap_days=gap_days,
        fever=any(other.fever for other in together),
    )
    days = {day for other in together for day in _days_of(other)}
    easy_days = min(max(len(days), FEWEST_EASY_DAYS), MOST_EASY_DAYS)
    hard_from = max(asked.hard_from or back_on, back_on + timedelta(days=easy_days))
    no_test = max(asked.no_test_before or hard_from, hard_from)
    asked = replace(asked, hard_from=hard_from, strides_from=hard_from, no_test_before=no_test)
    ill = {day for other in together if other.trouble is trouble for day in _days_of(other, waiting=False)}
    cause = _CAUSES.get(trouble, Cause.BACK_FROM_STOP)
    reason = Reason(cause, {"days": len(ill), "hard_from": hard_from.isoformat()})
    evidence = {"spell": spell.id, "days_ill": len(ill), "days_off": days_off}
    rests_on = [
        spell_fact(other.id, first_day=other.first_day, last_day=other.last_day) for other in together
    ]
    if before is not None:
        rests_on.append(ran_fact(before))
        if before + timedelta(days=1) < spell.first_day:
            rests_on.append(no_run_fact(before + timedelta(days=1), spell.first_day - timedelta(days=1)))
    rests_on.extend(begins.rests_on)
    key = f"A3:{spell.id}:back:{spell.last_day}{begins.key}"
    return RuleProposal("A3", key, reason, evidence, (), asked, rests_on=tuple(rests_on))


def _without_a_run_between(situation: Situation, spell: Spell, before: date | None) -> tuple[Spell, ...]:
    """The spell, and the others of the same days without a run."""
    after = min(
        (day for day in days_run(situation) if day > (spell.last_day or spell.first_day)), default=None
    )
    return tuple(
        other
        for other in situation.spells
        if other.trouble is not Trouble.PAUSE
        and other.first_day <= situation.today
        and (before is None or (other.last_day or other.first_day) > before)
        and (after is None or other.first_day < after)
    )


def _is_over_later(other: Spell, spell: Spell) -> bool:
    if other.last_day is None or spell.last_day is None:
        return other.last_day is None
    return _place(other) > _place(spell)


def _place(spell: Spell) -> tuple[date, date, str]:
    """What orders those that are over: the last one leads back."""
    return spell.last_day or date.max, spell.first_day, spell.id


def _days_of(spell: Spell, *, waiting: bool = True) -> Iterator[date]:
    """Its days; `waiting`: those without symptoms at the end of an illness too. One day at least."""
    days = spell.days
    if not waiting and spell.trouble is Trouble.ILL:
        days -= AFTER_FEVER_DAYS if spell.fever else SYMPTOM_FREE_DAYS
    return (spell.first_day + timedelta(days=number) for number in range(max(1, days)))


def _begins(situation: Situation, well_on: date, last: date) -> _Beginning:
    """When the return begins: on the first day without trouble, or with the first run where that is late.

    As long as nothing was run it begins anew, every so many days: no return is over before its first run. It
    begins anew too where the gap since the run of `last` gets so long meanwhile that another return follows.
    """
    late = timedelta(days=max(LATE_START_DAYS, ceil(usual_days(situation, well_on)) + 1))
    past = [last + timedelta(days=limit + 2) for limit in (SHORT_DAYS, MIDDLE_DAYS)]
    first = next((day for day in days_run(situation) if day >= well_on), None)
    if first is not None:
        if first - well_on < late and not any(well_on < day <= first for day in past):
            return _Beginning(well_on)
        nothing = no_run_fact(well_on, first - timedelta(days=1))
        return _Beginning(first, f":{first}", (nothing, ran_fact(first)))
    times = (situation.today - well_on) // late
    renewed = well_on + times * late
    day = max(renewed, *(day for day in past if day <= situation.today), date.min)
    if day <= well_on or not situation.covered or situation.is_off(situation.today):
        return _Beginning(well_on)
    key = f":off{times}" if day == renewed else f":off:{day}"
    return _Beginning(day, key, (no_run_fact(well_on, day - timedelta(days=1)),))


def _facts_of(situation: Situation, gap: Gap) -> tuple[Fact, ...]:
    """What makes the gap: a run before it, none in it, and the one that ended it."""
    end = gap.back_on or situation.today
    nothing = no_run_fact(gap.last + timedelta(days=1), end - timedelta(days=1))
    return (ran_fact(gap.last), nothing, *(() if gap.back_on is None else (ran_fact(gap.back_on),)))


def _while_off_key(gap_days: int) -> str:
    """`off`, then `off1`, `off2` with each renewal: on the eve of more than 28 days, of 56, and so on."""
    renewed = gap_days // _OPEN_DAYS
    return f"off{renewed}" if renewed > 0 else "off"


def _while_off(situation: Situation, gap: Gap, gap_days: int) -> Condition:
    """Until the first run shows how long it was: the first day of the return, day after day, nothing hard.

    It is the return of who runs tomorrow: then the run is right also where the next sync comes after it.
    """
    today = situation.today
    over = today + timedelta(days=_OPEN_DAYS)
    begun = returning(
        f"A2:{gap.last}", today, gap.days, before_gap(situation, gap.last), gap_days=gap_days + 1
    )
    share = begun.share_on(today)
    return replace(
        begun,
        last_day=over - timedelta(days=1),
        rising=(share, share),
        hard_from=over,
        no_test_before=over,
        spaced_until=over if begun.spaced_until else None,
        walks_until=over if begun.walks_until else None,
    )


def _is_open(situation: Situation, gap: Gap) -> bool:
    """Whether a return was begun while it lasted: then it ends as one, whatever was said since."""
    return any(asked.group == f"A2:{gap.last}" for asked in situation.returns)


def _is_time_off(situation: Situation, gap: Gap) -> bool:
    """Whether sessions were missed in it, none were planned, or a pause was long.

    A pause of up to a fortnight excuses the days that it covers, no others.
    """
    pauses = [spell for spell in situation.spells if spell.trouble is Trouble.PAUSE and _meets(spell, gap)]
    if pauses and gap.days > PLANNED_BREAK_DAYS:
        return True
    days = [gap.last + timedelta(days=number) for number in range(1, gap.days + 1)]
    left = [day for day in days if not any(pause.covers(day) for pause in pauses)]
    if pauses and not _could_have_run(situation, gap, left):
        return False
    inside = [entry for entry in situation.entries if entry.session.day in left]
    if not inside:
        return len(left) >= UNPLANNED_DAYS
    counted = [entry for entry in inside if situation.kind_of(entry.session.day) not in LIGHT]
    return sum(entry.state is SessionState.MISSED for entry in counted) >= LEAST_MISSED


def _could_have_run(situation: Situation, gap: Gap, left: Sequence[date]) -> bool:
    """Whether so many of the days beside a pause come together that a run was usual in them."""
    usual = max(1, ceil(usual_days(situation, gap.last)))
    pairs = zip(left, left[usual - 1 :], strict=False)
    return any((later - first).days == usual - 1 for first, later in pairs)


def _meets(spell: Spell, gap: Gap) -> bool:
    """Whether some of its days are in the gap."""
    over = gap.last + timedelta(days=gap.days)
    return spell.first_day <= over and (spell.last_day is None or spell.last_day > gap.last)
