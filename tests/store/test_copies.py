"""Copies of every night: seven, checked, and put in place when the database is damaged or lost."""

import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from syncd.store import Store, StoreDamaged, StoreError, copies
from syncd.store.copies import KEPT, back_up, backups, damaged_copies, restore

TODAY = date(2026, 1, 6)
NOW = datetime(2026, 1, 6, tzinfo=UTC)


def put(state, value):
    with Store.open(state) as store:
        store.meta.set("what", value)


def kept(state):
    with Store.open(state) as store:
        return store.meta.get("what")


def test_seven_nights_are_kept_the_newest_and_nothing_half_written(tmp_path):
    with Store.open(tmp_path) as store:
        for day in range(10):
            store.back_up(TODAY + timedelta(days=day))
    assert [each.name for each in backups(tmp_path)] == [
        f"syncd-2026-01-{day:02}.db" for day in range(15, 8, -1)
    ]
    assert len(backups(tmp_path)) == KEPT == len(list((tmp_path / "backups").iterdir()))
    assert (tmp_path / "backups").stat().st_mode & 0o777 == 0o700


def test_a_clock_that_went_back_removes_no_newer_copy(tmp_path):
    with Store.open(tmp_path) as store:
        for day in range(7):
            store.back_up(TODAY + timedelta(days=day))
        store.back_up(TODAY - timedelta(days=365))
    assert backups(tmp_path)[0].name == "syncd-2026-01-12.db"
    assert len(backups(tmp_path)) == 7


def test_a_damaged_database_is_replaced_by_the_newest_copy_and_kept_beside_it(tmp_path):
    put(tmp_path, "before")
    with Store.open(tmp_path) as store:
        store.back_up(TODAY)
    database = tmp_path / "syncd.db"
    database.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreDamaged, match="syncd doctor --restore"):
        kept(tmp_path)
    copy, aside = restore(database, tmp_path, NOW)
    assert copy.name == "syncd-2026-01-06.db"
    assert [each.name for each in aside] == ["syncd.db.before-20260106T000000"]
    assert kept(tmp_path) == "before"
    assert database.stat().st_mode & 0o777 == 0o600


def test_a_stale_write_ahead_log_never_meets_the_restored_database(tmp_path):
    put(tmp_path, "before")
    with Store.open(tmp_path) as store:
        store.back_up(TODAY)
    store = Store.open(tmp_path)
    store.meta.set("what", "after")  # in the log only: nobody has written it back
    assert (tmp_path / "syncd.db-wal").exists()
    restore(tmp_path / "syncd.db", tmp_path, NOW)
    assert not (tmp_path / "syncd.db-wal").exists()
    store.close()
    assert kept(tmp_path) == "before"


def test_a_damaged_copy_is_passed_over_for_an_older_one(tmp_path):
    put(tmp_path, "older")
    with Store.open(tmp_path) as store:
        store.back_up(TODAY)
    (tmp_path / "backups/syncd-2026-01-07.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    copy, _ = restore(tmp_path / "syncd.db", tmp_path, NOW)
    assert copy.name == "syncd-2026-01-06.db"


def test_without_a_good_copy_nothing_is_touched(tmp_path):
    put(tmp_path, "still here")
    with pytest.raises(StoreError, match="nothing was changed"):
        restore(tmp_path / "syncd.db", tmp_path, NOW)
    assert kept(tmp_path) == "still here"


def test_a_lost_database_is_not_begun_anew_while_there_are_copies(tmp_path):
    put(tmp_path, "before")
    with Store.open(tmp_path) as store:
        store.back_up(TODAY)
    (tmp_path / "syncd.db").unlink()
    with pytest.raises(
        StoreError, match="is missing, but there are copies of it: run syncd doctor --restore"
    ):
        kept(tmp_path)
    assert not (tmp_path / "syncd.db").exists()
    restore(tmp_path / "syncd.db", tmp_path, NOW)
    assert kept(tmp_path) == "before"


def test_a_copy_that_cannot_be_written_leaves_the_earlier_one(tmp_path):
    put(tmp_path, "before")
    with Store.open(tmp_path) as store:
        store.back_up(TODAY)
        before = backups(tmp_path)[0].read_bytes()
        store.meta.set("what", "after")
        (tmp_path / "backups" / f"syncd-2026-01-06.db.{os.getpid()}.part").mkdir()
        with pytest.raises(StoreError):
            back_up(store._database._connection, tmp_path, TODAY)
    assert backups(tmp_path)[0].read_bytes() == before


def flip_last_byte(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def copied(state, day, value):
    put(state, value)
    with Store.open(state) as store:
        return store.back_up(TODAY + timedelta(days=day))


def test_a_copy_that_changed_later_is_named_and_passed_over(tmp_path):
    older, newer = copied(tmp_path, 0, "older"), copied(tmp_path, 1, "newer")
    flip_last_byte(newer)
    assert damaged_copies(tmp_path) == [newer]
    assert restore(tmp_path / "syncd.db", tmp_path, NOW)[0] == older


def test_the_last_good_copy_stays_however_many_damaged_ones_are_newer(tmp_path):
    for day in range(KEPT):
        flip_last_byte(copied(tmp_path, day, "value"))
    older = tmp_path / "backups/syncd-2025-12-31.db"
    older.write_bytes(b"damaged too")
    good = copied(tmp_path, -400, "value")  # by a clock that went back: it is the oldest
    assert good in backups(tmp_path)
    assert older not in backups(tmp_path)
    assert restore(tmp_path / "syncd.db", tmp_path, NOW)[0] == good


def test_a_good_copy_is_made_again_after_all_were_damaged(tmp_path):
    for day in range(3):
        flip_last_byte(copied(tmp_path, day, "value"))
    newest = copied(tmp_path, 3, "value")
    assert [copy for copy in backups(tmp_path) if copy not in damaged_copies(tmp_path)] == [newest]


def test_copies_are_checked_by_sha256sum_too(tmp_path):
    copied(tmp_path, 0, "value")
    done = subprocess.run(["sha256sum", "-c", "backups.sums"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "backups/syncd-2026-01-06.db: OK\n")


def test_a_copy_of_an_earlier_version_has_no_sum_and_is_looked_through(tmp_path):
    copy = copied(tmp_path, 0, "value")
    (tmp_path / "backups.sums").unlink()
    assert damaged_copies(tmp_path) == []
    copy.write_bytes(copy.read_bytes()[:-5000])
    assert damaged_copies(tmp_path) == [copy]


def test_copies_of_an_earlier_version_get_their_sums_with_the_next_one(tmp_path):
    copy = copied(tmp_path, 0, "value")
    (tmp_path / "backups.sums").unlink()
    copied(tmp_path, 1, "value")
    assert damaged_copies(tmp_path) == []
    content = copy.read_bytes()
    copy.write_bytes(content.replace(b"value", b"valve"))
    assert damaged_copies(tmp_path) == [copy]


@pytest.mark.parametrize("line", [0, 1])
def test_sums_that_are_damaged_themselves_condemn_no_copy(tmp_path, line):
    copied(tmp_path, 0, "value")
    lines = (tmp_path / "backups.sums").read_text().splitlines(keepends=True)
    lines[line] = lines[line].translate(str.maketrans("0123456789", "1234567890"))
    (tmp_path / "backups.sums").write_text("".join(lines))
    assert damaged_copies(tmp_path) == []


def test_a_copy_that_does_not_hold_what_it_was_made_of_is_none(tmp_path, monkeypatch):
    """A disk that loses a bit while the copy is written; SQLite's own check is content with it."""
    put(tmp_path, "before")
    with Store.open(tmp_path) as store:
        earlier = store.back_up(TODAY).read_bytes()
        store.meta.set("what", "after")
        seen = iter(("what is there", "what was written"))
        monkeypatch.setattr(copies, "content_of", lambda _: next(seen))
        with pytest.raises(StoreDamaged, match="would not be what it was made of"):
            store.back_up(TODAY)
    assert backups(tmp_path)[0].read_bytes() == earlier
    assert damaged_copies(tmp_path) == []


def test_what_a_copy_is_compared_by_sees_a_changed_value(tmp_path):
    put(tmp_path, "before")
    with closing(sqlite3.connect(tmp_path / "syncd.db")) as connection:
        before = copies.content_of(connection)
        assert copies.content_of(connection) == before
        connection.execute("UPDATE meta SET value = 'befora' WHERE key = 'what'")
        assert copies.content_of(connection) != before
