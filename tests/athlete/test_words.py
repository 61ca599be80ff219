"""Whatever is said and taken back: nothing while something forbids it, nothing hard on the way back (9.3)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from syncd.athlete.health import answer, clear
from syncd.athlete.heat import end_heat, enter_heat
from syncd.athlete.pain import enter_pain, pain_in
from syncd.athlete.sessions import OverrideError, move, pin
from syncd.athlete.time_off import pause, resume, sick
from syncd.athlete.undoing import undo
from syncd.cycle.health_answers import health_in_force
from syncd.cycle.run import run
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.athlete import Concern, Health
from syncd.domain.scoring.heat import Weather
from syncd.domain.session import Session, SessionKind, SessionState
from syncd.domain.training.conditions import from_json, newest
from syncd.domain.training.pain import PainSign
from syncd.domain.training.rules.situation import Trouble
from syncd.store.health_answers import ClearedFor
from tests.support.scene import MONDAY, Scene

LEAST_EASY_DAYS = 3  # of any return: half of the shortest one


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


@dataclass
class Life:
    """An athlete who says things, each some minutes after the other."""

    scene: Scene
    day: int = 0
    minute: int = 7 * 60
    ran_on: int = -1
    troubled_on: set[int] = field(default_factory=set)

    @property
    def now(self) -> datetime:
        return self.scene.at(self.day, 0) + timedelta(minutes=self.minute)

    @contextmanager
    def world(self) -> Iterator[World]:
        with self.scene.world(self.now) as world:
            yield replace(world, health=health_in_force(world.store, Health(), on(self.day), ()))

    def say(self, word: Callable[..., Any], *said: Any, **named: Any) -> None:
        """What is refused changes nothing."""
        with self.world() as world, suppress(OverrideError):
            word(world, *said, self.now, **named)

    def do(self, what: str, number: int) -> None:
        today = on(self.day)
        doing: dict[str, Callable[[], None]] = {
            "wait": lambda: self._sleep(number),
            "sync": lambda: self.say(run),
            "run": self._run,
            "sick": lambda: self.say(sick, today, fever=False),
            "fever": lambda: self.say(sick, today, fever=True),
            "hurt": lambda: self.say(sick, today, hurt=True),
            "pause": lambda: self.say(pause, today, today + timedelta(days=number)),
            "resume": lambda: self.say(resume, cleared=bool(number % 2)),
            "pain": lambda: self._pain(number),
            "pain at night": lambda: self._pain(number, PainSign.NIGHT),
            "stop": lambda: self.say(answer, Concern.CHEST_PAIN, today),
            "cleared": lambda: self.say(clear, Concern.CHEST_PAIN, ClearedFor.EVERYTHING, today),
            "heat": lambda: self.say(enter_heat, Weather(32.0), today + timedelta(days=number)),
            "cooler": lambda: self.say(end_heat),
            "undo": lambda: self.say(undo, None),
            "undo by number": lambda: self._undo_by_number(number),
            "nearer": lambda: self._move_nearer(number),
            "pin": self._pin,
        }
        doing[what]()
        self.minute += 10

    def due(self) -> list[Session]:
        return [known.session for known in self.scene.sessions(0, 90) if known.state is SessionState.DUE]

    def forbidden(self) -> list[str]:
        """What stands in the plan and must not."""
        today = on(self.day)
        ahead = [session for session in self.due() if session.day >= today]
        hard = [session for session in ahead if session.hard and session.kind is not SessionKind.RACE]
        with self.world() as world:
            situation = situation_of(world, self.now, covered=False)
            asked = newest(from_json(change.condition or {}) for change in world.store.changes.conditions())
        until = {f"return until {each.hard_from}": each.hard_from for each in asked if each.is_return}
        last = max((day for day in self.troubled_on if day > self.ran_on), default=None)
        if last is not None:
            until[f"in trouble on {on(last)}"] = on(last + 1 + LEAST_EASY_DAYS)
        found = [f"{each.title} on {each.day}, a day off" for each in ahead if situation.is_off(each.day)]
        for why, easy_until in until.items():
            found += [
                f"{each.title} on {each.day}: {why}" for each in hard if each.day < (easy_until or today)
            ]
        return found

    def _sleep(self, nights: int) -> None:
        for _ in range(nights):
            if self._is_troubled():
                self.troubled_on.add(self.day)
            self.day, self.minute = self.day + 1, 7 * 60

    def _is_troubled(self) -> bool:
        today = on(self.day)
        with self.world() as world:
            spells = situation_of(world, self.now, covered=False).spells
        return any(
            spell.trouble is not Trouble.PAUSE and spell.covers(today) and spell.first_day < today
            for spell in spells
        )

    def _run(self) -> None:
        if self.ran_on != self.day:
            self.scene.record(self.day, "4km E", hour=12)
            self.ran_on = self.day
        self.minute = max(self.minute, 14 * 60)
        self.say(run)

    def _pain(self, worst: int, *signs: PainSign) -> None:
        def said(world: World, now: datetime) -> None:
            runs = [each for each in world.store.activities.summaries(on(0), now.date()) if each.is_run]
            pain = pain_in(world, runs[-1].id)
            assert pain is not None
            enter_pain(world, replace(pain, worst=worst, signs=frozenset(signs)), now)

        self.say(said)

    def _pin(self) -> None:
        hard = [session for session in self.due() if session.hard]
        if hard:
            self.say(pin, hard[0].day)

    def _undo_by_number(self, back: int) -> None:
        def undone(world: World, now: datetime) -> None:
            made = world.store.changes.newest(50)
            if made:
                undo(world, made[back % len(made)].id, now)

        self.say(undone)

    def _move_nearer(self, days: int) -> None:
        hard = [session for session in self.due() if session.hard and session.day > on(self.day)]
        if hard:
            self.say(move, hard[0].day, max(on(self.day), hard[0].day - timedelta(days=days)))


@pytest.fixture(scope="module")
def first_sync(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files after the first sync and the first run: made once, copied for each life."""
    life = Life(Scene(tmp_path_factory.mktemp("first")))
    life.do("sync", 0)
    life.do("run", 0)
    return life.scene.folder


def begun(first_sync: Path, folder: Path) -> Life:
    shutil.copytree(first_sync, folder / "life")
    return Life(Scene(folder / "life"), minute=21 * 60, ran_on=0)


STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 9)),
    st.tuples(st.just("undo by number"), st.integers(0, 12)),
    st.tuples(st.just("nearer"), st.integers(1, 6)),
    st.tuples(st.sampled_from(["pain", "pain at night"]), st.integers(0, 5)),
    st.tuples(st.sampled_from(["pause", "heat"]), st.integers(0, 20)),
    st.tuples(
        st.sampled_from(
            [
                "sync",
                "run",
                "sick",
                "fever",
                "hurt",
                "resume",
                "stop",
                "cleared",
                "undo",
                "undo",
                "pin",
                "cooler",
            ]
        ),
        st.integers(0, 1),
    ),
)
A_RETURN = [("sick", 0), ("wait", 6), ("sync", 0), ("resume", 0)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=9))
@example(steps=[*A_RETURN, ("undo by number", 0)])
@example(steps=[*A_RETURN, ("nearer", 6)])
@example(steps=[("pin", 0), *A_RETURN, ("wait", 2), ("sync", 0)])
@example(steps=[("sick", 0), ("pain at night", 1), ("undo by number", 1)])
@example(steps=[("sick", 0), ("wait", 6), ("undo", 0), ("undo by number", 0), ("undo by number", 1)])
@example(steps=[("pause", 5), ("fever", 0), ("wait", 3), ("undo", 0), ("sync", 0)])
@example(steps=[("heat", 12), *A_RETURN, ("cooler", 0), ("undo by number", 2), ("undo", 0)])
@example(steps=[("stop", 0), ("wait", 4), ("cleared", 0), ("undo by number", 1), ("undo by number", 3)])
def test_no_sequence_of_words_and_undos_puts_a_hard_session_into_the_first_half_of_a_return(
    first_sync: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    life = begun(first_sync, tmp_path_factory.mktemp("words"))
    for number, step in enumerate(steps):
        life.do(*step)
        assert life.forbidden() == [], (step, steps[: number + 1])
