"""Whatever befell the files of the database, no command begins it anew, and each says what to do.

An eighth of all pairs of damage and command by default, all of them many times with SYNCD_SWEEP=full.
"""

import itertools
import random
import shutil
import sqlite3

import pytest

from syncd.cli.main import main
from syncd.paths import locate
from syncd.store import copies, database, page_sums, soundness
from tests.cli.conftest import syncd  # noqa: F401 - a fixture
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
EVERY = 1 if FULL else 8
PAIRS = list(itertools.product(DAMAGES, COMMANDS))


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory):
    """Two nights with a copy each, a run between, and a sync after the last: a home, and what replaces it."""
    home, spare = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("spare")
    inbox, outbox = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("workouts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
        init = ("init", "--yes", "--five-k", "25:00", "--days", "4", "--weekly-km", "20", "--longest-km", "8")
        folders_of = (
            "--source",
            "folder",
            "--sink",
            "folder",
            "--inbox",
            str(inbox),
            "--outbox",
            str(outbox),
        )
        for words in ((*init, *folders_of, "--timezone", "Europe/Rome"), ("sync",), ("tidy",)):
            assert main(words) == 0
        run_what_is_on_the_watch(outbox, inbox, "2026-01-06")
        for at in ("2026-01-06T20:00:00+01:00", "2026-01-07T06:00:00+01:00"):
            patch.setenv("SYNCD_NOW", at)
            assert main(("sync",)) == 0
            assert main(("tidy",)) == 0
        prepare_spare(locate().state, spare)
        shutil.copytree(locate().state, spare / "state")
    return home, spare


@pytest.fixture
def lived(lived_once, home, monkeypatch):
    kept, spare = lived_once
    shutil.copytree(kept, home, dirs_exist_ok=True)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-07T06:00:00+01:00")
    return LivedState(locate().state, spare)


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
    for damage in list(DAMAGES)[:: 1 if FULL else 6]:
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
    "an older one is used": (soundness, "require_newest", never, ("older", ("sync",))),
    "rows may be lost": (soundness, "require_newest", never, ("rows lost", ("sync",))),
    "no sums are compared": (page_sums, "changed", never, ("a bit of a value", ("sync",))),
    "the damaged file is set aside by itself": (
        soundness,
        "require_unchanged",
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
