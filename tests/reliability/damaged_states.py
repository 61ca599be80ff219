"""Everything that can befall the files of a database, and what every command must make of it.

A damage is done to a copy of a state that has lived: two nights with a copy each, a run, a sync after
the last night. Then one command is run, and `wrong_about` says what it did that it must not.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from syncd.store import Store
from syncd.store.database import open_database

Damage = Callable[["LivedState", random.Random], None]
NEW_FILES = "the database was begun anew"
_PAGE = 4096


@dataclass(frozen=True)
class LivedState:
    """`state` is the folder that is damaged; `spare` holds what it is replaced by."""

    state: Path
    spare: Path

    @property
    def database(self) -> Path:
        return self.state / "syncd.db"

    def content(self) -> dict[str, bytes]:
        """The database and its copies, as they lie there."""
        files = [self.database, *(self.state / "backups").glob("*.db")]
        return {str(file): file.read_bytes() for file in files if file.is_file()}

    def rows(self) -> int:
        """How many rows of what must not be lost can be read."""
        if not self.database.exists():
            return 0
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as connection:
            tables = ("activities", "sessions", "scores")
            return sum(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables)  # noqa: S608


def prepare_spare(state: Path, spare: Path) -> None:
    """An older database, the same state as it lies when its writer is killed, and a log of another day."""
    shutil.copy(min((state / "backups").glob("*.db")), spare / "older.db")
    killed = spare / "killed"
    killed.mkdir()
    shutil.copy(state / "syncd.db", killed)
    database = open_database(killed / "syncd.db")
    database.run("INSERT INTO meta VALUES ('said', 'last')")
    for ending in ("", "-wal"):
        shutil.copy(killed / f"syncd.db{ending}", spare / f"killed.db{ending}")
    database.close()
    other = spare / "other"
    other.mkdir()
    shutil.copy(spare / "older.db", other / "syncd.db")
    database = open_database(other / "syncd.db")
    for number in range(300):
        database.run("INSERT INTO meta VALUES (?, ?)", (f"k{number}", "x" * 300))
    shutil.copy(other / "syncd.db-wal", spare / "stale-wal")
    database.close()
    begun = spare / "begun"
    begun.mkdir()
    Store.open(begun).close()


def _missing(it: LivedState, _: random.Random) -> None:
    it.database.unlink()


def _empty(it: LivedState, _: random.Random) -> None:
    it.database.write_bytes(b"")


def _one_byte(it: LivedState, _: random.Random) -> None:
    it.database.write_bytes(b"S")


def _begun_anew(it: LivedState, _: random.Random) -> None:
    shutil.copy(it.spare / "begun/syncd.db", it.database)


def _older(it: LivedState, _: random.Random) -> None:
    shutil.copy(it.spare / "older.db", it.database)


def _older_with_sums(it: LivedState, dice: random.Random) -> None:
    _older(it, dice)
    (it.state / "syncd.db.sums").unlink(missing_ok=True)


def _cut(it: LivedState, dice: random.Random) -> None:
    size = it.database.stat().st_size
    with it.database.open("r+b") as file:
        file.truncate(dice.randrange(1, size))


def _zeroed_page(it: LivedState, dice: random.Random) -> None:
    _write(it, dice.randrange(it.database.stat().st_size // _PAGE) * _PAGE, bytes(_PAGE))


def _zeroed_end(it: LivedState, dice: random.Random) -> None:
    size = it.database.stat().st_size
    place = dice.randrange(size // 2, size - 1)
    _write(it, place, bytes(size - place))


def _noise(it: LivedState, dice: random.Random) -> None:
    _write(it, dice.randrange(it.database.stat().st_size - 600), dice.randbytes(512))


def _flipped(it: LivedState, dice: random.Random) -> None:
    place = dice.randrange(28, it.database.stat().st_size)
    _write(it, place, bytes([it.database.read_bytes()[place] ^ (1 << dice.randrange(8))]))


def _flipped_in_a_value(it: LivedState, dice: random.Random) -> None:
    content = it.database.read_bytes()
    places = [place for place in range(len(content)) if content.startswith(b"2026-0", place)]
    place = dice.choice(places) + dice.randrange(6)
    _write(it, place, bytes([content[place] ^ (1 << dice.randrange(8))]))


def _swapped_pages(it: LivedState, dice: random.Random) -> None:
    content = bytearray(it.database.read_bytes())
    one, other = (number * _PAGE for number in dice.sample(range(len(content) // _PAGE), 2))
    first, second = content[one : one + _PAGE], content[other : other + _PAGE]
    content[one : one + _PAGE], content[other : other + _PAGE] = second, first
    it.database.write_bytes(content)


def _killed(it: LivedState, _: random.Random) -> None:
    """No damage: a writer was killed, and what it wrote last is in the log."""
    for ending in ("", "-wal"):
        shutil.copy(it.spare / f"killed.db{ending}", it.state / f"syncd.db{ending}")


def _log_lost(it: LivedState, _: random.Random) -> None:
    """What was written last is gone, and nothing can tell."""
    shutil.copy(it.spare / "killed.db", it.database)


def _log_cut(it: LivedState, dice: random.Random) -> None:
    _killed(it, dice)
    log = it.state / "syncd.db-wal"
    log.write_bytes(log.read_bytes()[: dice.randrange(log.stat().st_size)])


def _log_of_another(it: LivedState, _: random.Random) -> None:
    shutil.copy(it.spare / "stale-wal", it.state / "syncd.db-wal")


def _log_of_noise(it: LivedState, dice: random.Random) -> None:
    (it.state / "syncd.db-wal").write_bytes(dice.randbytes(5000))


def _empty_beside_its_log(it: LivedState, dice: random.Random) -> None:
    _killed(it, dice)
    _empty(it, dice)


def _lost_rows(it: LivedState, _: random.Random) -> None:
    with closing(sqlite3.connect(it.database)) as connection, connection:
        connection.execute("DELETE FROM activities")


def _newest_copy_flipped(it: LivedState, dice: random.Random) -> None:
    """The database is well, and stays in use."""
    copy = max((it.state / "backups").glob("*.db"))
    content = bytearray(copy.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    copy.write_bytes(content)


def _missing_with_a_damaged_copy(it: LivedState, dice: random.Random) -> None:
    _newest_copy_flipped(it, dice)
    _missing(it, dice)


def _write(it: LivedState, place: int, content: bytes) -> None:
    with it.database.open("r+b") as file:
        file.seek(place)
        file.write(content)


LOST: dict[str, Damage] = {
    "missing": _missing,
    "missing, the newest copy damaged": _missing_with_a_damaged_copy,
    "empty": _empty,
    "empty beside its log": _empty_beside_its_log,
    "one byte": _one_byte,
    "begun anew": _begun_anew,
    "older": _older,
    "older, without sums": _older_with_sums,
    "rows lost": _lost_rows,
}
CHANGED: dict[str, Damage] = {
    "cut off": _cut,
    "a page of zeros": _zeroed_page,
    "zeros at the end": _zeroed_end,
    "noise": _noise,
    "a bit": _flipped,
    "a bit of a value": _flipped_in_a_value,
    "two pages swapped": _swapped_pages,
}
LOGS: dict[str, Damage] = {
    "killed": _killed,
    "killed, the log lost": _log_lost,
    "killed, the log cut": _log_cut,
    "a log of another day": _log_of_another,
    "a log of noise": _log_of_noise,
    "the newest copy flipped": _newest_copy_flipped,
}
DAMAGES = {**LOST, **CHANGED, **LOGS}
READING = (
    ("status",),
    ("plan",),
    ("next",),
    ("why",),
    ("score",),
    ("export", "{tmp}"),
    ("sync", "--dry-run"),
)
WRITING = (("sync",), ("tidy",), ("skip", "2026-01-10"), ("doctor", "--offline"))
COMMANDS = (*READING, *WRITING)


def wrong_about(
    damage: str, command: tuple[str, ...], code: int, said: str, it: LivedState, before: dict[str, bytes]
) -> list[str]:
    """What a command did with a damaged state that it must not; `before` is what lay there."""
    wrong = []
    if "Traceback" in said or "error in syncd itself" in said:
        wrong.append(f"a fault: {said}")
    after = it.content()
    newest = max(name for name in before if "backups" in name)
    wrong += [
        f"{Path(name).name} was removed or changed"
        for name, content in before.items()
        if "backups" in name
        and after.get(name) != content
        and not (command == ("tidy",) and name == newest)  # today's is made again
    ]
    must_refuse = damage in LOST or (damage in CHANGED and command in WRITING)
    if must_refuse and code == 0:
        wrong.append("went on as if nothing were wrong")
    if must_refuse and after.get(str(it.database)) != before.get(str(it.database)):
        wrong.append("the damaged database was not left as it is")
    if must_refuse and "--restore" not in said and damage != "empty beside its log":
        wrong.append(f"did not say what to do: {said}")
    if (
        must_refuse
        and len(said.strip().splitlines()) > 1
        and command[0] != "doctor"
        and "offline" not in said
    ):
        wrong.append(f"more than a line: {said}")
    return wrong
