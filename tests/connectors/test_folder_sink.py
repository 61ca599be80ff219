"""Workouts as files in a directory that others use too."""

import json
import os
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.connectors.base import CalendarWriter, Rejected, Unavailable
from syncd.connectors.delivery import DeliveryReport
from syncd.connectors.folder import FolderSink
from syncd.connectors.folder.naming import encoded, file_name
from syncd.domain.delivery.actions import Release
from syncd.domain.delivery.remote import LedgerState
from syncd.formats.fit.workout import read_workout
from syncd.formats.ics import CalendarEntry
from syncd.store import Store
from tests.connectors.contract import EASY, TUESDAY, WINDOW, SinkContract, key, synchronise, workout

NAME = "2026-03-17 w12-3 3 x 8 min HM.fit"


class TestFolderSink(SinkContract):
    @pytest.fixture
    def sink_of(self, tmp_path):
        return lambda athlete: FolderSink(tmp_path, athlete)

    @pytest.fixture
    def away(self, tmp_path):
        return FolderSink(tmp_path / "GARMIN" / "NEWFILES", "me")


@pytest.fixture
def sink(tmp_path):
    return FolderSink(tmp_path, "me")


@pytest.fixture
def store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("state")) as opened:
        yield opened


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def put(sink: FolderSink, name: str = "3 x 8 min HM") -> str:
    made = workout(name=name)
    return sink.put(TUESDAY, made, key(made))


# --- the files


def test_the_name_tells_day_session_and_title(sink):
    assert put(sink) == NAME


def test_the_description_tells_the_notation_and_carries_the_mark(tmp_path, sink):
    put(sink)
    notation = "15min @6:00-6:30/km + 3x(8min @5:05-5:23/km + 90s jog) + 10min @6:00-6:30/km"
    found = read_workout((tmp_path / NAME).read_bytes())
    assert found.description == f"{notation} {key(workout()).marker}"


def test_a_long_workout_never_costs_the_mark_its_room(tmp_path, sink):
    made = workout(" + ".join(f"{n}min @5:05-5:23/km" for n in range(2, 40)))
    name = sink.put(TUESDAY, made, key(made))
    assert read_workout((tmp_path / name).read_bytes()).description.endswith(f"... {key(made).marker}")


def test_the_same_workout_and_key_are_the_same_bytes(tmp_path):
    contents = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        contents.append((tmp_path / folder / put(FolderSink(tmp_path / folder, "me"))).read_bytes())
    assert contents[0] == contents[1]


def test_two_sessions_with_the_same_workout_are_two_different_files_for_the_watch(tmp_path, sink):
    made = workout()
    files = [sink.put(TUESDAY, made, key(made, slot)) for slot in (1, 2)]
    serials = {read_workout((tmp_path / name).read_bytes()).serial for name in files}
    assert len(serials) == 2


@given(title=st.text(max_size=80))
def test_a_file_name_is_plain_ascii_that_every_file_system_takes(title):
    name = file_name(TUESDAY, title, key(workout()))
    assert name.isascii()
    assert name.startswith("2026-03-17 w12-3")
    assert name.endswith(".fit")
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert len(name) <= 80
    assert not name.removesuffix(".fit").endswith((" ", "."))


def test_nothing_is_written_again_when_nothing_changed(tmp_path, sink):
    put(sink)
    before = (tmp_path / NAME).stat().st_mtime_ns, (tmp_path / ".syncd.json").stat().st_mtime_ns
    put(sink)
    assert before == ((tmp_path / NAME).stat().st_mtime_ns, (tmp_path / ".syncd.json").stat().st_mtime_ns)


def test_nothing_half_written_stays_behind(tmp_path, sink):
    put(sink)
    assert names(tmp_path) == [".syncd.json", NAME]


# --- what is not ours


def test_a_file_of_somebody_else_under_our_name_is_left_alone(tmp_path, sink):
    (tmp_path / NAME).write_bytes(b"theirs")
    name = put(sink)
    assert name == "2026-03-17 w12-3 3 x 8 min HM (2).fit"
    assert put(sink) == name
    sink.remove(name)
    assert (tmp_path / NAME).read_bytes() == b"theirs"


def test_a_file_that_was_changed_is_listed_as_changed_and_left_alone(tmp_path, sink):
    name = put(sink)
    (tmp_path / name).write_bytes(b"edited by hand")
    (remote,) = sink.list_owned(WINDOW)
    assert not remote.intact
    made = workout(EASY)
    for attempt in (
        lambda: sink.remove(name),
        lambda: sink.update(name, TUESDAY, made, key(made)),
        lambda: sink.put(TUESDAY, made, key(made)),
    ):
        with pytest.raises(Rejected, match="not as syncd wrote it: it is left alone"):
            attempt()
    assert (tmp_path / name).read_bytes() == b"edited by hand"


def test_a_copy_of_our_file_is_the_athletes(tmp_path, sink):
    name = put(sink)
    (tmp_path / "my copy.fit").write_bytes((tmp_path / name).read_bytes())
    assert [remote.remote_id for remote in sink.list_owned(WINDOW)] == [name]
    with pytest.raises(Rejected):
        sink.remove("my copy.fit")


@pytest.mark.parametrize("name", ["../x.fit", ".hidden.fit", "a/b.fit", "syncd.ics", ".syncd.json"])
def test_a_remote_id_is_never_a_path(sink, name):
    with pytest.raises(Rejected, match="not the name of a workout file"):
        sink.remove(name)


def test_an_index_that_names_other_files_reaches_none_of_them(tmp_path):
    (tmp_path / "outbox").mkdir()
    (tmp_path / "secret.fit").write_bytes(b"secret")
    sink = FolderSink(tmp_path / "outbox", "me")
    put(sink)
    index = tmp_path / "outbox" / ".syncd.json"
    body = json.loads(index.read_text())
    entry = dict(body["files"][NAME][0], sha256=sha256(b"secret").hexdigest())
    body["files"]["../secret.fit"] = [entry]
    index.write_text(json.dumps(body))
    assert [remote.remote_id for remote in sink.list_owned(WINDOW)] == [NAME]


# --- a lost index


@pytest.mark.parametrize("index", [None, "", "{", "[]", '{"schema": "other/1", "files": {}}'])
def test_without_an_index_the_marks_tell_what_is_ours(tmp_path, sink, index):
    name = put(sink)
    (tmp_path / "mine.fit").write_bytes(b"theirs")
    (tmp_path / "my copy.fit").write_bytes((tmp_path / name).read_bytes())
    if index is None:
        (tmp_path / ".syncd.json").unlink()
    else:
        (tmp_path / ".syncd.json").write_text(index)
    (remote,) = sink.list_owned(WINDOW)
    assert (remote.remote_id, remote.day, remote.key) == (name, TUESDAY, key(workout()))
    assert remote.intact
    assert put(sink) == name


def test_without_an_index_a_workout_that_was_edited_is_not_ours(tmp_path, sink):
    mark = key(workout())
    (tmp_path / NAME).write_bytes(encoded(workout(EASY), mark))
    assert sink.list_owned(WINDOW) == ()
    (tmp_path / NAME).write_bytes(encoded(workout(), mark))
    assert [remote.key for remote in sink.list_owned(WINDOW)] == [mark]


def test_without_an_index_a_file_of_another_athlete_is_not_ours(tmp_path, sink):
    put(sink)
    (tmp_path / ".syncd.json").unlink()
    assert FolderSink(tmp_path, "anna").list_owned(WINDOW) == ()


# --- a watch that takes what it is given


def test_what_the_watch_took_is_not_written_again_until_it_changes(tmp_path, sink, store):
    made, changed = workout(), workout(EASY, "easy")
    synchronise(sink, store, {key(made): (made, TUESDAY)})
    (tmp_path / NAME).unlink()
    assert synchronise(sink, store, {key(made): (made, TUESDAY)}) == DeliveryReport()
    synchronise(sink, store, {key(changed): (changed, TUESDAY)})
    assert [remote.key for remote in sink.list_owned(WINDOW)] == [key(changed)]


def test_a_watch_that_takes_the_index_too_changes_nothing(tmp_path, sink, store):
    made = workout()
    synchronise(sink, store, {key(made): (made, TUESDAY)})
    for path in tmp_path.iterdir():
        path.unlink()
    assert synchronise(sink, store, {key(made): (made, TUESDAY)}) == DeliveryReport()


def test_a_session_that_is_over_is_forgotten_after_the_watch_took_it(tmp_path, sink, store):
    made = workout()
    synchronise(sink, store, {key(made): (made, TUESDAY)})
    (tmp_path / NAME).unlink()
    synchronise(sink, store, {})
    assert store.ledger.rows("folder") == ()


def test_an_edited_workout_is_released_and_stays(tmp_path, sink, store):
    made, changed = workout(), workout(EASY)
    synchronise(sink, store, {key(made): (made, TUESDAY)})
    (tmp_path / NAME).write_bytes(b"edited by hand")
    report = synchronise(sink, store, {key(changed): (changed, TUESDAY)})
    assert [type(action) for action in report.done] == [Release]
    assert [row.state for row in store.ledger.rows("folder")] == [LedgerState.RELEASED]
    assert synchronise(sink, store, {key(changed): (changed, TUESDAY)}) == DeliveryReport()
    assert (tmp_path / NAME).read_bytes() == b"edited by hand"


# --- a directory that cannot be used


def test_a_directory_that_is_away_is_told_in_one_sentence(tmp_path):
    with pytest.raises(Unavailable, match="is not there: plug the watch in, create the directory"):
        FolderSink(tmp_path / "absent", "me").list_owned(WINDOW)


WITHOUT_ROOM = """
import pathlib, resource, sys
from syncd.connectors.base import Unavailable
from syncd.connectors.folder import FolderSink
from tests.connectors.contract import TUESDAY, WINDOW, key, workout
sink = FolderSink(pathlib.Path(sys.argv[1]), "me")
made = workout()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    sink.put(TUESDAY, made, key(made))
except Unavailable as error:
    print(error)
print(sink.list_owned(WINDOW))
"""


@pytest.mark.parametrize("room", [10, 300])
def test_a_full_directory_is_told_in_one_sentence_and_nothing_half_written_stays(tmp_path, room):
    done = python(WITHOUT_ROOM, tmp_path, room)
    assert done.stdout == f"{tmp_path} is full: make room, the next sync goes on\n()\n", done.stderr
    assert [name for name in names(tmp_path) if name != ".syncd.json"] == []


FORBIDDEN = """
import os, pathlib, sys
from syncd.connectors.base import Unavailable
from syncd.connectors.folder import FolderSink
from tests.connectors.contract import TUESDAY, key, workout
made = workout()
sink = FolderSink(pathlib.Path(sys.argv[1]), "me")
sink.put(TUESDAY, made, key(made))
os.chmod(sys.argv[1], 0o555)
if os.geteuid() == 0:  # root may write anywhere
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
for attempt in (lambda: sink.put(TUESDAY, made, key(made, 4)), lambda: sink.remove(sys.argv[2])):
    try:
        attempt()
    except Unavailable as error:
        print(error)
"""


def test_a_directory_that_may_not_be_written_is_told_in_one_sentence():
    with tempfile.TemporaryDirectory() as folder:
        done = python(FORBIDDEN, folder, NAME)
        Path(folder).chmod(0o700)
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stderr
    assert all(
        "Permission denied; give syncd the right to it, or set [folder] outbox" in line for line in lines
    )


# --- crashes


@pytest.mark.parametrize("losing", ["nothing", "database", "index"])
def test_a_kill_at_any_point_leaves_neither_doubles_nor_gaps_after_the_next_cycle(tmp_path, losing):
    """Every third point here; each one with SYNCD_SWEEP=full."""
    step = "1" if os.environ.get("SYNCD_SWEEP") == "full" else "3"
    done = python_module("tests.connectors.killed_deliveries", tmp_path, losing, step)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["points"] > 40
    assert told["wrong"] == []


# --- the calendar


ENTRY = CalendarEntry("2026w12-3.me@syncd", TUESDAY, "3 x 8 min HM", EASY, "the hour pace")


def test_the_calendar_is_written_only_when_it_changes(tmp_path, sink):
    assert isinstance(sink, CalendarWriter)
    assert sink.write_calendar([ENTRY])
    before = (tmp_path / "syncd.ics").stat().st_mtime_ns
    assert not sink.write_calendar([ENTRY])
    assert (tmp_path / "syncd.ics").stat().st_mtime_ns == before
    assert sink.write_calendar([])


def test_a_calendar_of_another_program_is_left_alone(tmp_path, sink):
    (tmp_path / "syncd.ics").write_bytes(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    with pytest.raises(Rejected, match="was not written by syncd: move it away"):
        sink.write_calendar([ENTRY])


def test_each_athlete_of_a_household_has_a_calendar(tmp_path):
    for athlete in ("me", "anna"):
        FolderSink(tmp_path, athlete).write_calendar([ENTRY])
    assert names(tmp_path) == ["syncd-anna.ics", "syncd.ics"]


def python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return _run(["-c", code, *map(str, arguments)])


def python_module(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return _run(["-m", name, *map(str, arguments)])


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
        timeout=120,
    )
