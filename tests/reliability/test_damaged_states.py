"""Whatever befell the files of the database, no command begins it anew, and each says what to do.

A fifth of all pairs of damage and command by default, all of them many times with SYNCD_SWEEP=full.
"""

import itertools
import random
import shutil
import sqlite3

import pytest

from syncd.paths import locate
from syncd.store import copies, database, page_sums
from tests.cli.conftest import folders, initialised, syncd  # noqa: F401 - fixtures
from tests.reliability.damaged_states import (
    COMMANDS,
    DAMAGES,
    LOGS,
    LivedState,
    prepare_spare,
    wrong_about,
)
from tests.support.sweep import FULL
from tests.support.watch import run_what_is_on_the_watch

ROUNDS = 5 if FULL else 1
EVERY = 1 if FULL else 5
PAIRS = list(itertools.product(DAMAGES, COMMANDS))


@pytest.fixture
def lived(syncd, initialised, tmp_path, monkeypatch):  # noqa: F811
    """Two nights with a copy each, a run between, and a sync after the last."""
    inbox, outbox = initialised
    assert syncd("sync").code == 0
    assert syncd("tidy").code == 0
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
    for at in ("2026-01-06T20:00:00+01:00", "2026-01-07T06:00:00+01:00"):
        monkeypatch.setenv("SYNCD_NOW", at)
        assert syncd("sync").code == 0
        assert syncd("tidy").code == 0
    spare = tmp_path / "spare"
    spare.mkdir()
    state = locate().state
    prepare_spare(state, spare)
    shutil.copytree(state, spare / "state", symlinks=True)
    return LivedState(state, spare)


def again(it):
    shutil.rmtree(it.state)
    shutil.copytree(it.spare / "state", it.state)


def attacked(syncd, it, damage, command, seed, tmp_path):  # noqa: F811
    """What is wrong after that command on a state with that damage."""
    again(it)
    DAMAGES[damage](it, random.Random(f"{damage} {command} {seed}"))
    before = it.content()
    target = tmp_path / "exported"
    shutil.rmtree(target, ignore_errors=True)
    said = syncd(*(word.format(tmp=target) for word in command))
    text = said.out if command[0] == "doctor" else said.err
    return wrong_about(damage, command, said.code, text, it, before)


def test_no_command_makes_anything_worse(syncd, lived, tmp_path):  # noqa: F811
    wrong = {}
    tries = 0
    for seed in range(ROUNDS):
        for number, (damage, command) in enumerate(PAIRS):
            if (number + seed) % EVERY == 0:
                tries += 1
                found = attacked(syncd, lived, damage, command, seed, tmp_path)
                if found:
                    wrong[damage, command, seed] = found
    print(f"\n{tries} damaged states, {len(wrong)} wrong")  # noqa: T201 - with -s
    assert wrong == {}, "\n".join(f"{case}: {found}" for case, found in wrong.items())


def test_after_each_the_way_that_is_named_leads_back(syncd, lived):  # noqa: F811
    whole = lived.rows()
    for damage in list(DAMAGES)[:: 1 if FULL else 4]:
        again(lived)
        DAMAGES[damage](lived, random.Random(damage))
        assert syncd("doctor", "--restore").code == 0, damage
        said = syncd("sync")
        assert said.code == 0, (damage, said.err)
        assert lived.rows() >= whole - 1, damage  # the last run may come again as one
        assert not said.err


def never(*_, **__):
    return None


PLANTED = {
    "an empty file is begun": (database, "require_begun", never, ("empty", ("sync",))),
    "an older one is used": (database, "_require_newest", never, ("older", ("sync",))),
    "rows may be lost": (database, "_require_newest", never, ("rows lost", ("sync",))),
    "no sums are compared": (page_sums, "changed", never, ("a bit of a value", ("sync",))),
    "the damaged file is set aside by itself": (
        database,
        "_require_unchanged",
        lambda _, path, __: path.unlink(),
        ("a bit", ("sync",)),
    ),
    "copies go with the database": (
        copies,
        "_require_no_poorer",
        lambda _, state: shutil.rmtree(state / "backups"),
        ("killed", ("tidy",)),
    ),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_bug_that_is_put_in_is_found(syncd, lived, tmp_path, monkeypatch, bug):  # noqa: F811
    module, name, instead, (damage, command) = PLANTED[bug]
    monkeypatch.setattr(module, name, instead)
    assert attacked(syncd, lived, damage, command, 0, tmp_path) != []


@pytest.mark.parametrize("damage", LOGS)
def test_what_is_no_loss_stops_nothing(syncd, lived, damage):  # noqa: F811
    again(lived)
    rows = lived.rows()
    DAMAGES[damage](lived, random.Random(damage))
    said = syncd("sync")
    if said.code:  # a log of another day may tear the database: then that is said
        assert damage == "a log of another day"
        assert "--restore" in said.err
        return
    assert lived.rows() >= rows
    with sqlite3.connect(lived.database) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
