"""What `--json` prints is documented: every command, in the states that a runner meets, against its schema.

The fixture `syncd` holds each output of every test of the command line to its schema; here every
command is made to print, in states that show what a shape can hold.
"""

import json
import os
import shlex
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache, partial, reduce
from typing import NamedTuple

import pytest
from jsonschema import Draft202012Validator

from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.cycle.withdrawing import withdraw
from syncd.daemon import journal
from syncd.daemon.state_file import DaemonState, DaemonStateFile, only_service
from syncd.domain.arrival import PayloadOutcome
from syncd.domain.delivery.watch_state import OnWatch
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.card import Flag, StepStatus, Tier
from syncd.domain.scoring.prescription import PrescriptionOrigin
from syncd.domain.session import Phase, SessionKind, SessionState, WeekKind
from syncd.domain.units import KILOMETRES
from syncd.domain.workout import PaceZone, Role
from syncd.health.check import State
from syncd.paths import locate
from syncd.report.history import stored_score
from syncd.report.sync_report import sync_payload
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.seasons.athletes import SimulatedAthlete
from syncd.sandbox.seasons.habits import Habit
from syncd.sandbox.seasons.season import live
from syncd.sandbox.simulation import simulate
from syncd.service.systemd import Systemctl
from syncd.store import Store
from syncd.store.overrides import TIME_OFF
from tests.cli.test_auth import EMAIL, PASSWORD, fresh, library_folder  # noqa: F401 - fixtures
from tests.cli.test_auth_strava import KNOWN, athlete, with_secret  # noqa: F401
from tests.cli.test_auth_strava import strava as on_strava  # noqa: F401
from tests.cli.test_care import listening
from tests.cli.test_plan_options import COACH
from tests.cli.test_service import start  # noqa: F401
from tests.cli.test_strava_loop import begin
from tests.cli.test_strava_loop import strava as strava_runs  # noqa: F401
from tests.cli.test_strava_webhook import hooks, port, subscriptions  # noqa: F401
from tests.cli.test_strava_webhook import strava as public_address  # noqa: F401
from tests.cli.test_watch import pushed, synced  # noqa: F401
from tests.cycle.test_joined import parts_of_first_hard, record
from tests.cycle.test_replaced import RACE, hard_session
from tests.service.test_installing import Manager
from tests.support.commands import LEAVES
from tests.support.exports import garmin_files, gpx, strava_files, zip_bytes
from tests.support.json_schemas import (
    ROOT,
    UNNAMED,
    assert_documented,
    faults,
    file_of,
    objects_in,
    part,
    printed_names,
    schemas,
)
from tests.support.scene import Scene
from tests.support.tracks import gpx as track
from tests.support.tracks import steady
from tests.support.watch import run_what_is_on_the_watch

# --- the schemas themselves


@pytest.mark.parametrize("file", sorted(schemas()))
def test_every_schema_is_a_schema(file: str) -> None:
    schema = schemas()[file]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert schema["description"]


def test_there_is_a_schema_for_every_name_that_is_printed_and_for_no_other():
    assert {file_of(name) for name in printed_names()} == set(schemas()) - UNNAMED


@pytest.mark.parametrize("file", sorted(schemas()))
def test_every_object_is_closed_and_says_of_every_key_what_it_is_and_whether_it_is_always_there(
    file: str,
) -> None:
    # who refers to a session adds keys, and closes it; the facts of a cause depend on its code
    open_on_purpose = {"parts.json/$defs/session", "parts.json/$defs/cause"}
    found = dict(objects_in(schemas()[file], file))
    assert found
    for place, schema in found.items():
        closed = False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties"))
        assert closed or place in open_on_purpose, place
        assert set(schema.get("required", [])) <= set(schema["properties"]), place
        unsaid = [key for key, each in schema["properties"].items() if not _says_what_it_is(each)]
        assert unsaid == [], place


def _says_what_it_is(schema: dict) -> bool:
    """Here, or where it refers to."""
    return "description" in schema or "$ref" in schema


@pytest.mark.parametrize("file", sorted(schemas()))
def test_every_reference_leads_somewhere(file: str) -> None:
    for place in _references(schemas()[file]):
        assert "description" in part(file + place if place.startswith("#") else place), place


def _references(schema):
    if isinstance(schema, list):
        for each in schema:
            yield from _references(each)
    elif isinstance(schema, dict):
        yield from [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        for each in schema.values():
            yield from _references(each)


def test_the_page_leads_to_every_schema():
    page = (ROOT / "docs/reference/json.md").read_text(encoding="utf-8")
    assert [file for file in schemas() if f"](schemas/{file})" not in page] == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("parts.json#/$defs/session_kind", SessionKind),
        ("parts.json#/$defs/attribution_method", Method),
        ("parts.json#/$defs/arrived/properties/outcome", PayloadOutcome),
        ("plan-1.json#/properties/weeks/items/properties/phase", Phase),
        ("plan-1.json#/properties/weeks/items/properties/kind", WeekKind),
        ("score-1.json#/properties/prescription/properties/origin", PrescriptionOrigin),
        ("score-1.json#/properties/alignment/properties/tier", [*Tier, "none"]),
        ("score-1.json#/properties/flags/items", Flag),
        ("score-1.json#/$defs/step/properties/status", StepStatus),
        ("score-1.json#/$defs/step/properties/role", [*Role, ""]),
        ("why-1.json#/properties/sessions/items/properties/state", SessionState),
        ("parts.json#/$defs/time_off/items/properties/kind", TIME_OFF),
        ("watch-1.json#/properties/sessions/items/properties/state", OnWatch),
        ("doctor-1.json#/properties/checks/items/properties/state", State),
        ("log-line.json#/properties/priority", [each.name.lower() for each in journal.LogPriority]),
    ],
)
def test_the_words_that_a_schema_allows_are_those_of_the_program(place: str, words) -> None:
    assert sorted(part(place)["enum"]) == sorted(words)


def test_the_zones_of_the_schema_are_those_of_the_program():
    assert list(schemas()["zones-1.json"]["$defs"]["paces"]["properties"]) == list(PaceZone)


# --- what a schema notices


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"extra": 1}, "'extra' was unexpected"),
        ({"runs": None}, "None is not of type 'integer'"),
        ({"runs": -1}, "-1 is less than the minimum of 0"),
        ({"now": "2026-01-06T20:00:00"}, "is not a 'date-time'"),
        ({"today": "6 Jan"}, "is not a 'date'"),
        ({"last_sync_outcome": "fine"}, "'fine' is not one of"),
    ],
)
def test_what_is_not_documented_is_noticed(syncd, initialised, change, complaint: str) -> None:
    syncd("sync")
    told = syncd("status", "--json").json
    assert faults(told, "status-1.json") == []
    assert complaint in "\n".join(faults(told | change, "status-1.json"))


def test_a_key_that_is_missing_or_too_much_inside_a_shared_part_is_noticed(syncd) -> None:
    told = syncd("plan", "--five-k", "25:00", "--weeks", 1, "--json").json
    session = told["weeks"][0]["sessions"][0]
    session["extra"] = 1
    del session["title"]
    complaints = "\n".join(faults(told, "plan-1.json"))
    assert "'title' is a required property" in complaints
    assert "'extra'" in complaints


# --- the commands


class Case(NamedTuple):
    """A command in a state; `shows` is a place in its output where there must be something."""

    state: str
    line: str
    shows: str = "schema"
    code: int = 0

    @property
    def command(self) -> str:
        """The words of the command without its arguments."""
        words = self.line.split()
        return next(name for n in (3, 2, 1) if (name := " ".join(words[:n])) in LEAVES)


ANYBODY = "plan --five-k 25:00 --weekly-km 20 --longest-km 8 --start 2026-01-05"
CASES = [
    # with nothing but files
    Case("desk", "zones --five-k 25:00", "equivalents.marathon.range_s.0"),
    Case("desk", "zones --vdot 60 --hr-max 190 --hr-rest 50 --sex female", "hr.max"),
    Case("desk", "zones --five-k 25:00 --lthr 170", "hr.lt2"),
    Case("desk", f"{ANYBODY} --goal 10k --race 2026-04-26", "weeks.15.sessions"),
    Case("desk", "plan --weekly-km 12 --longest-km 4 --weeks 8", "weeks.0.notes"),
    Case("desk", f"{ANYBODY.replace('plan', 'plan export', 1)}", "text"),
    Case("desk", f"{ANYBODY.replace('plan', 'plan export plan.txt', 1)}", "file"),
    Case("desk", "score run.fit", "steps.0.planned.pace_s_per_km"),
    Case("desk", "score run.fit --workout 40min@HR140-150", "steps.0.planned.hr_bpm"),
    Case("desk", "score run.gpx", "notes.0"),
    Case("desk", "sandbox fit --workout '20min E' --out made.fit", "distance_m"),
    Case("desk", "sandbox simulate --seasons 2 --weeks 30", "habits.1.with"),
    Case("unblocked", "sandbox serve --port 0 --state stand-in", "tokens"),
    Case("unblocked", "sandbox serve --port 0 --state stand-in --strava --strava-port 0", "strava.client_id"),
    Case("desk", "demo runs --five-k 25:00", "text.0"),
    Case(
        "desk", "init --yes --five-k 25:00 --weekly-km 20 --longest-km 8 --inbox runs --outbox out", "config"
    ),
    Case("desk", "auth status", "problem", 3),
    # before the first look
    Case("initialised", "sync --dry-run", "actions.0.date"),
    Case("initialised", "watch"),
    Case("initialised", "plan", "weeks.3"),
    Case("initialised", "zones", "paces.5K"),
    Case("initialised", "rescore"),
    Case("initialised", "doctor", "checks.0.words"),
    Case("initialised", "report", "bytes"),
    Case("initialised", "calendar"),
    Case("initialised", "goal", "goal"),
    Case("initialised", "phase", "phase"),
    Case("initialised", "forget --yes"),
    # a week with a run in it
    Case("with_a_run_to_read", "sync", "changes.0.evidence.sessions"),
    Case("with_files_nobody_reads", "sync", "arrived.0.reason"),
    Case("after_files_nobody_reads", "status", "unreadable.0"),
    Case("a_week_later", "sync", "missed.0"),
    Case("a_week_later", "sync --dry-run", "committed.0"),
    Case("without_inbox", "sync", "problems", 1),
    Case("lived", "sync"),
    Case("lived", "pain 2026-01-06 2 --where 'left knee'", "pains.0.grade"),
    Case("planned", "heat 32 --dew-point 21 --until friday", "changes.1.evidence.heat"),
    Case("planned", "heat 20", "known.0.until"),
    Case("in_heat", "heat", "known.0.until"),
    Case("in_heat", "heat --over", "changes.0.evidence.word"),
    Case("in_heat", "status", "heat.0.too_hot"),
    Case("in_heat", "why 2026-01-06", "heat.0.temperature_c"),
    Case("in_heat", "undo", "undone.1.evidence.because"),
    Case("lived", "health --new kidney_or_diabetes", "answers.0"),
    Case("lived", "status", "last.band"),
    Case("watched_over", "status", "service.needs.0"),
    Case("lived", "watch", "sessions"),
    Case("lived", "next", "on_watch"),
    Case("planned", "next --easier", "changes.0.after"),
    Case("lived", "why", "sessions"),
    Case("lived", "why 2026-01-13", "sessions.0.changes.0.was_on"),
    Case("lived", "score", "recordings.0.counts_for"),
    Case("lived", "score 2026-01-06", "strain.held_s"),
    Case("lived", "match 1 2026w02-1", "attribution.session"),
    Case("lived", "rescore --all", "rescored"),
    Case("scored_otherwise", "rescore --all", "changed.0.before"),
    Case("lived", "rpe 1 7.5", "rpe"),
    Case("lived", "fix 1 --distance 7km --trim 9:00 --kind trail --start 2026-01-06T17:00", "corrections.3"),
    Case("lived", "ignore 1", "corrections.0"),
    Case("ignored", "score 1", "corrections.0.by"),
    Case("with_a_ride_of_no_type", "sync", "arrived.0.doubt.code"),
    Case("with_a_ride_of_no_type", "sync", "asked.0.default_at"),
    Case("after_a_ride_of_no_type", "status", "doubtful.0.activity"),
    Case("after_a_ride_of_no_type", "status", "questions.0.text"),
    Case("after_a_ride_of_no_type", "next", "questions.0.activity"),
    Case("after_a_ride_of_no_type", "answer", "questions.0.asked_at"),
    Case("after_a_ride_of_no_type", "answer 1", "questions.0.default"),
    Case("after_a_ride_of_no_type", "answer 1 no", "questions.0.answered_by"),
    Case("lived", "undo", "undone.0.id"),
    Case("lived", "plan export mine.txt", "weeks"),
    Case("lived", "plan import coach.txt", "added.0"),
    Case("lived", "result 10k 50:00 --date 2026-01-04", "change"),
    Case("with_a_result", "zones", "results.0.why"),
    Case("lived", "export mine", "rows.recordings"),
    Case("lived", "forget folder --yes", "runs"),
    Case("lived", "tidy", "backup"),
    Case("tidied", "doctor", "checks"),
    Case("tidied", "doctor --restore", "kept.0"),
    Case("lived", "import runs", "arrived.0.activity"),
    Case("lived", "import garmin.zip", "not_runs"),
    Case("lived", "import strava.zip", "remarks.0"),
    Case("with_both_exports", "score 2025-03-04", "recordings.1.remote_id"),
    # your word
    Case("planned", "move 2026-01-06 2026-01-10", "warnings.0"),
    Case("planned", "move 2026-01-06 2026-01-08", "changes.1.evidence.because"),
    Case("planned", "skip 2026-01-06", "changes.0.was_on"),
    Case("planned", "pin 2026-01-06", "changes.0.after"),
    Case("planned", "pause --until 2026-01-08", "changes"),
    Case("planned", "sick --fever", "text"),
    Case("planned", "goal 10k --race 2026-06-07", "changes.0.evidence.word"),
    Case("planned", "phase speed", "changes.0.evidence.word"),
    Case("ill", "why 2026-01-06", "time_off.0.from"),
    Case("ill", "resume", "text"),
    Case("paused", "resume", "changes.0.evidence.word"),
    Case("well_again", "why", "conditions.0.evidence.days_off"),
    # Garmin Connect
    Case("on_garmin", "sync", "actions"),
    Case("on_garmin", "auth status", "valid_until"),
    Case("on_garmin", "doctor", "checks"),
    Case("synced_watch", "watch", "device.synced_at"),
    Case("logged_out", "sync", "needs_human", 3),
    Case("logged_out", "watch", "problems.0", 3),
    Case("logged_out", "status", "sources.0.needs_human"),
    Case("logged_out", "doctor --offline", "checks", 3),
    Case("logged_out", "auth status", "problem", 3),
    Case("at_the_door", "auth garmin", "name"),
    Case("with_library_tokens", "auth garmin --tokens tokens", "logged_in"),
    Case("blocked", "auth status", "login_blocked_until", 3),
    Case("on_garmin", "auth logout", "was_logged_in"),
    # Strava
    Case("at_stravas_door", " ".join(KNOWN), "agreed.at"),
    Case("on_both", "auth status", "strava.agreed.version", 3),
    Case("on_both", "auth logout strava", "told"),
    Case("with_strava_runs", "sync", "arrived.0"),
    Case("read_from_strava", "status", "sources.0.budget"),
    Case("read_from_strava", "forget strava --yes", "runs"),
    Case("public_address", "strava webhook create", "created"),
    Case("knocking", "strava webhook list", "subscriptions.0.address"),
    Case("knocking", "strava webhook delete", "ended"),
    # what keeps it going
    Case("systemd", "service install", "changed.0"),
    Case("systemd", "service status", "unit", 1),
    Case("installed", "service status", "status"),
    Case("installed", "service uninstall", "changed.0"),
    Case("with_somebody_to_tell", "doctor --notify", "messages"),
    Case("with_somebody_to_tell", "tell --trouble 'Garmin wants you to log in' --human", "sent.0"),
]
ELSEWHERE = {"run"}  # prints its log, a line an event: below


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.state}: {case.line}")
def test_what_a_command_prints_as_json_is_what_is_documented(
    syncd, desk, request: pytest.FixtureRequest, case: Case
) -> None:
    request.getfixturevalue(case.state)
    said = syncd(*shlex.split(case.line), "--json")
    assert said.code == case.code, said.err
    assert_documented(said.json)
    assert at(said.json, case.shows) not in (None, [], {}, ""), said.json


def at(payload, place: str):
    """`changes.0.id`: the value there; None where there is none."""
    try:
        return reduce(
            lambda value, key: value[int(key) if key.isdecimal() else key], place.split("."), payload
        )
    except LookupError:
        return None


def test_every_command_that_prints_json_is_among_them():
    speaking = {name for name, command in LEAVES.items() if _speaks_json(command)}
    assert speaking - {case.command for case in CASES} == ELSEWHERE


def _speaks_json(command) -> bool:
    return "--json" in {option for parameter in command.params for option in parameter.opts}


def test_every_line_of_the_log_is_what_is_documented(initialised, start) -> None:  # noqa: F811
    service = start("--json").until("sync: ")
    assert service.end()[0] == 0
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    assert any("exit" in line and "cycle" in line for line in lines)
    assert [faults(line, "log-line.json") for line in lines] == [[]] * len(lines)


# --- runs and changes that take a longer story


def told(scene: Scene, day: int, report) -> list[dict]:
    """What a look says, and the score of every run."""
    with scene.world(scene.at(day)) as world:
        runs = [each.id for each in world.store.activities.newest(9)]
        scores = [
            found.payload
            for each in runs
            if (found := stored_score(world, KILOMETRES, str(each))) is not None
        ]
    return [sync_payload(report, KILOMETRES, dry_run=False), *scores]


def test_a_session_that_was_recorded_in_parts(tmp_path) -> None:
    scene = Scene(tmp_path)
    day, parts = parts_of_first_hard(scene)
    for minute, piece in zip((0, 30, 75), parts, strict=True):
        record(scene, day, minute, piece)
    printed = told(scene, day, scene.sync(day))
    assert [each for each in printed if at(each, "attribution.part_of")]
    for each in printed:
        assert_documented(each)


def test_a_race_in_the_place_of_a_session_which_then_does_not_count(tmp_path) -> None:
    scene = Scene(tmp_path)
    day, _ = hard_session(scene)
    scene.record(day, RACE)
    printed = told(scene, day, scene.sync(day))
    with scene.world(scene.at(day)) as world:
        withdraw(world, 1, Reason(WithdrawalCause.DELETED), scene.at(day))
        found = stored_score(world, KILOMETRES, "1")
    assert found is not None
    printed.append(found.payload)
    assert [at(each, "attribution.method") for each in printed] == [None, "replaced", "withdrawn"]
    for each in printed:
        assert_documented(each)


def test_what_the_rules_look_at_is_documented_whoever_runs() -> None:
    decided = {}
    for number in range(0, len(Habit), 2):  # half of the habits have every rule decide
        for _, decision in live(SimulatedAthlete.of(number), weeks=24).plan.decisions:
            decided.setdefault(decision.rule, []).append(dict(decision.proposal.evidence))
    assert len(decided) > 10
    for rule, found in decided.items():
        for evidence in found:
            assert faults(json.loads(json.dumps(evidence)), "parts.json#/$defs/evidence") == [], rule


# --- the states


@cache
def desk_files() -> dict[str, bytes]:
    planned = parse_workout("10min @6:20-7:00/km + 3x(3min @4:40-4:50/km + 2min jog)")
    recording = simulate(planned, Runner(vdot=38.3), Scenario.PERFECT, seed=3)
    began = datetime(2025, 12, 20, 17, tzinfo=UTC)
    run = write_activity(recording, start=began, utc_offset=timedelta(hours=1))
    return {
        "run.fit": run,
        "runs/run.fit": run,
        "run.gpx": gpx(0),
        "coach.txt": COACH.encode(),
        "garmin.zip": zip_bytes(garmin_files()),
        "strava.zip": zip_bytes(strava_files()),
    }


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder to work in, with recordings, exports and a coach's plan."""
    folder = tmp_path / "desk"
    for name in ("runs", "out"):
        (folder / name).mkdir(parents=True)
    for name, content in desk_files().items():
        (folder / name).write_bytes(content)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def unblocked(monkeypatch):
    """Who serves until it is ended is ended at once."""
    monkeypatch.setattr("syncd.cli.sandbox_commands._until_stopped", lambda: lambda: True)


@pytest.fixture
def with_a_run_to_read(planned, monkeypatch):
    inbox, outbox = planned
    run_what_is_on_the_watch(outbox, inbox, "2026-01-06", Scenario.FADING)
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")


@pytest.fixture
def a_week_later(planned, monkeypatch):
    """Nothing was run."""
    monkeypatch.setenv("SYNCD_NOW", "2026-01-13T08:00:00+01:00")


@pytest.fixture
def ignored(syncd, lived):
    assert syncd("ignore", 1).code == 0


@pytest.fixture
def with_a_ride_of_no_type(planned):
    inbox, _ = planned
    path = inbox / "ride.gpx"
    path.write_bytes(track(steady(3600, 7.0, hr=None), kind="", start=datetime(2026, 1, 4, 9, tzinfo=UTC)))
    os.utime(path, (1, 1))


@pytest.fixture
def after_a_ride_of_no_type(syncd, with_a_ride_of_no_type):
    assert syncd("sync").code == 0


@pytest.fixture
def with_files_nobody_reads(planned):
    inbox, _ = planned
    (inbox / "broken.fit").write_bytes(b"no recording")


@pytest.fixture
def after_files_nobody_reads(syncd, with_files_nobody_reads):
    assert syncd("sync").code == 0


@pytest.fixture
def without_inbox(initialised):
    initialised[0].rmdir()


@pytest.fixture
def watched_over(lived):
    """The service runs, and needs somebody."""
    state = locate().state
    with only_service(state):
        needs = ("the configuration is broken",)
        DaemonStateFile(state).write(DaemonState(pid=1, next_look="2026-01-06T19:40:00+00:00", needs=needs))
        yield


@pytest.fixture
def scored_otherwise(lived):
    """An earlier version of the scoring thought less of the run."""
    with Store.open(locate().state) as store:
        store.run("UPDATE scores SET score = 12")


@pytest.fixture
def with_a_result(syncd, planned):
    assert syncd("result", "10k", "50:00", "--date", "2026-01-04").code == 0


@pytest.fixture
def tidied(syncd, lived):
    assert syncd("tidy").code == 0


@pytest.fixture
def with_both_exports(syncd, initialised):
    for name in ("strava.zip", "garmin.zip"):
        assert syncd("import", name).code == 0


@pytest.fixture
def in_heat(syncd, planned):
    assert syncd("heat", "32", "--until", "friday").code == 0


@pytest.fixture
def ill(syncd, planned):
    assert syncd("sick").code == 0


@pytest.fixture
def paused(syncd, planned):
    assert syncd("pause", "--until", "2026-01-20").code == 0


@pytest.fixture
def well_again(syncd, lived, monkeypatch):
    """Ten days without running are over."""
    monkeypatch.setenv("SYNCD_NOW", "2026-01-07T08:00:00+01:00")
    assert syncd("sick", "--fever").code == 0
    monkeypatch.setenv("SYNCD_NOW", "2026-01-17T08:00:00+01:00")
    assert syncd("resume").code == 0


@pytest.fixture
def synced_watch(pushed):  # noqa: F811
    synced(pushed, "2026-01-05T07:00")


@pytest.fixture
def logged_out(syncd, pushed):  # noqa: F811
    """Garmin wants a new login, and a look has met that."""
    (locate().logins / "garmin.json").unlink()
    assert syncd("sync").code == 3


@pytest.fixture
def at_the_door(fresh, typed):  # noqa: F811
    typed(EMAIL, PASSWORD)


@pytest.fixture
def with_library_tokens(fresh, desk):  # noqa: F811
    library_folder(fresh, desk / "tokens")


@pytest.fixture
def blocked(syncd, at_the_door, fresh):  # noqa: F811
    fresh.account.login_blocked = "429"
    assert syncd("auth", "garmin").code == 1


@pytest.fixture
def at_stravas_door(on_strava, with_secret, athlete):  # noqa: F811
    athlete(None)


@pytest.fixture
def on_both(syncd, at_stravas_door):
    """Logged in to Strava, and not to Garmin."""
    assert syncd(*KNOWN).code == 0


@pytest.fixture
def with_strava_runs(syncd, folders, strava_runs):  # noqa: F811
    begin(syncd, folders, "strava")
    StravaTokenFile(locate().logins / "strava.json").save(strava_runs[1])


@pytest.fixture
def read_from_strava(syncd, with_strava_runs):
    assert syncd("sync").code == 0


@pytest.fixture
def knocking(syncd, public_address):  # noqa: F811
    assert syncd("strava", "webhook", "create").code == 0


@pytest.fixture
def systemd(initialised, monkeypatch):
    """A service manager that does what it is told."""
    manager = Manager()
    monkeypatch.setattr("syncd.service.systemd.is_there", lambda user: True)
    monkeypatch.setattr("syncd.service.systemd.run", manager)
    monkeypatch.setattr("syncd.service.systemd.Systemctl", partial(Systemctl, commands=manager))


@pytest.fixture
def installed(syncd, systemd):
    assert syncd("service", "install").code == 0


@pytest.fixture
def with_somebody_to_tell(planned, monkeypatch):
    with ExitStack() as stack:
        address, _ = stack.enter_context(listening())
        monkeypatch.setenv("SYNCD_NOTIFY__URLS", f"json://{address}/messages")
        monkeypatch.setenv("SYNCD_DAEMON__HEARTBEAT_URL", f"http://{address}/beat")
        yield
