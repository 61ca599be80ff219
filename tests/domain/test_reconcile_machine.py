"""Any sequence of replanning, the athlete's hand, crashes and lost databases ends in the right calendar.

The model service keeps a library and a calendar. Its calendar shows ids only; marks are seen
when the library is listed, which happens after a crash and after a lost database. Creating and
scheduling are two requests, and creating the same thing twice makes two of it. Labels arrive with
the content; they say something else whenever the athlete chooses other units.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from syncd.domain.delivery.actions import Action, Adopt, Forget, Put, Release, Remove, Update
from syncd.domain.delivery.labels import with_fingerprints
from syncd.domain.delivery.observation import Reading, observe
from syncd.domain.delivery.ownership import Installation, tell_apart
from syncd.domain.delivery.reconcile import reconcile
from syncd.domain.delivery.remote import Desired, LedgerRow, LedgerState, OwnerKey, RemoteWorkout

SESSIONS = [f"2026w12-{n}" for n in range(1, 6)]
PLANS = st.dictionaries(
    st.sampled_from(SESSIONS), st.tuples(st.integers(0, 9), st.sampled_from("012")), max_size=5
)


class Killed(Exception):  # noqa: N818
    """The process died here."""


@dataclass
class Entry:
    day: date | None
    key: OwnerKey | None
    edited: bool = False
    words: str | None = None


def _but_for_words(entry: Entry | None) -> Entry | None:
    """What is known of its words may be forgotten; the entry stays as the athlete left it."""
    return entry and replace(entry, words=None)


class Calendars(RuleBasedStateMachine):
    updates_in_place = True

    @initialize()
    def begin(self):
        self.now = datetime(2026, 3, 16, 12, tzinfo=UTC)
        self.entries: dict[str, Entry] = {}
        self.ledger: dict[tuple[str, str], LedgerRow] = {}
        self.plan: dict[str, tuple[date, str]] = {}
        self.taken: dict[str, tuple[str, Entry | None]] = {}  # session -> what the athlete made of it
        self.strangers: dict[str, Entry] = {}
        self.ids = 0
        self.lives = 0
        self.library_due = self.is_new = True
        self.stale: dict[str, bool] = {}
        self.units = "km"

    # --- what happens around us

    @rule(plan=PLANS)
    def replan(self, plan):
        self.plan = {s: (self.today + timedelta(days=d), v * 12) for s, (d, v) in plan.items()}

    @rule(units=st.sampled_from(["km", "mi"]))
    def the_athlete_chooses_units(self, units):
        self.units = units

    @rule()
    def an_earlier_version_kept_no_fingerprints(self):
        """Its rows take over what is told now, right or not: nothing is written for an upgrade."""
        self.ledger = {known: replace(row, fingerprint=None) for known, row in self.ledger.items()}
        for entry in self.entries.values():
            entry.words = None

    @rule(minutes=st.sampled_from([1, 12, 60, 24 * 60]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(day=st.integers(0, 9))
    def the_athlete_adds_their_own(self, day):
        self.ids += 1
        stranger = Entry(self.today + timedelta(days=day), None)
        self.entries[f"own{self.ids}"] = stranger
        self.strangers[f"own{self.ids}"] = replace(stranger)

    @rule(data=st.data(), how=st.sampled_from(["delete", "move", "edit"]))
    def the_athlete_changes_one_of_ours(self, data, how):
        ours = {
            row.remote_id: row
            for row in self.ledger.values()
            if row.state is LedgerState.DONE and row.remote_id in self.entries and row.day >= self.today
        }
        if not ours:
            return
        identity = data.draw(st.sampled_from(sorted(ours)))
        session = ours[identity].key.session
        if session in self.taken:
            return
        entry = self.entries[identity]
        if how == "delete":
            del self.entries[identity]
        elif how == "move":
            entry.day = ours[identity].day + timedelta(days=1)
        else:
            entry.edited = True
        self.taken[session] = (identity, None if how == "delete" else replace(entry))

    @rule()
    def the_database_is_lost(self):
        if self.taken or any(stranger.key for stranger in self.strangers.values()):
            return  # what the athlete did, and what is theirs, is known from the ledger alone
        self.ledger = {}
        self.library_due = self.is_new = True
        for entry in self.entries.values():
            entry.words = None

    @rule(data=st.data())
    def the_athlete_copies_one_of_ours(self, data):
        """A copy of an earlier version, with our mark: it is theirs."""
        ours = sorted(i for i, e in self.entries.items() if e.key and i not in self.strangers)
        if ours and not self.is_new:
            self.ids += 1
            copied = self.entries[data.draw(st.sampled_from(ours))]
            copy = replace(copied, key=replace(copied.key, version="c" * 12), words=None)
            self.entries[f"own{self.ids}"] = copy
            self.strangers[f"own{self.ids}"] = replace(copy)
            self.library_due = True  # every night, at the latest

    @rule(data=st.data())
    def a_listing_lags_behind(self, data):
        """It leaves out, or shows on the day before, one that we know to be there."""
        done = {row.remote_id for row in self.ledger.values() if row.state is LedgerState.DONE}
        theirs = {identity for identity, _ in self.taken.values()}
        known = sorted(done & (set(self.entries) - theirs))
        if not known or any(r.missing_since for r in self.ledger.values()):
            return
        self.lives = 10_000
        self.stale = {data.draw(st.sampled_from(known)): data.draw(st.booleans())}
        self._cycle()
        self.stale = {}
        self.library_due = True
        self.now += timedelta(minutes=1)
        self._cycle()

    @rule(after=st.integers(0, 12))
    def a_cycle_is_killed(self, after):
        self.lives = after
        try:
            self._cycle()
        except Killed:
            self.library_due = True
        self._forget_the_past()  # what it forgot before it died may be planned again

    @rule()
    def a_cycle_ends(self):
        self.lives = 10_000
        if not self._cycle():
            return
        again = self._cycle()
        if again is None:
            return  # nothing of ours is left there: it looks like a broken listing, and is left alone
        assert again == ()
        self._check()

    # --- one cycle

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def relabel_from(self) -> date:
        return self.today + timedelta(days=2)

    def _cycle(self) -> tuple[Action, ...] | None:
        month = timedelta(days=30)
        rows = tuple(self.ledger.values())
        listed = tell_apart(self._listing(), rows, Installation(is_new=self.is_new)).ours
        observed = observe(
            rows, listed, Reading(self.now, self.today - month, self.today + month), self.today
        )
        rows = observed.rows
        if observed.several:
            self.ledger = {row.key.identity: row for row in rows}
            return None
        desired = [
            Desired(OwnerKey("me", s, v), day, s, fingerprint=self.units) for s, (day, v) in self.plan.items()
        ]
        rows = with_fingerprints(rows, desired)
        self.ledger = {row.key.identity: row for row in rows}
        actions = reconcile(
            desired,
            listed,
            rows,
            today=self.today,
            updates_in_place=self.updates_in_place,
            relabel_from=self.relabel_from,
        )
        for action in actions:
            self._carry_out(action)
        self.library_due = self.is_new = False
        return actions

    def _listing(self) -> tuple[RemoteWorkout, ...]:
        marked = self.library_due or any(row.state is LedgerState.INTENDED for row in self.ledger.values())
        listed = []
        for identity, e in self.entries.items():
            day = e.day - timedelta(days=1) if self.stale.get(identity) and e.day else e.day
            if (marked or day is not None) and self.stale.get(identity) is not False:
                listed.append(RemoteWorkout(identity, day, e.key if marked else None, intact=not e.edited))
        return tuple(listed)

    def _carry_out(self, action: Action) -> None:
        match action:
            case Forget(row):
                self._step()
                del self.ledger[row.key.identity]
            case Release(key, day, remote):
                self._write(LedgerRow(key, day, LedgerState.RELEASED, remote and remote.remote_id))
            case Adopt(remote, want):
                self._done(want, remote.remote_id)
            case Remove(remote, key):
                row = self.ledger.get(key.identity)
                if row is not None and not action.spare:
                    self._write(replace(row, state=LedgerState.REMOVING))
                self._step()
                del self.entries[remote.remote_id]
                if row is not None and not action.spare:
                    self._step()
                    del self.ledger[key.identity]
            case Update(remote, want, labels_only=True):
                assert want.day >= self.relabel_from
                assert self.entries[remote.remote_id].key == want.key
                self._schedule(remote.remote_id, want)
            case Update(remote, want):
                known = self.ledger.get(want.key.identity)
                words = known.fingerprint if known else None
                self._write(
                    LedgerRow(want.key, want.day, LedgerState.INTENDED, remote.remote_id, fingerprint=words)
                )
                self._schedule(remote.remote_id, want)
            case Put(want):
                self._write(LedgerRow(want.key, want.day, LedgerState.INTENDED, fingerprint=want.fingerprint))
                self._step()
                self.ids += 1
                self.entries[f"r{self.ids}"] = Entry(None, want.key, words=want.fingerprint)
                self._schedule(f"r{self.ids}", want)

    def _schedule(self, identity: str, want: Desired) -> None:
        self._step()
        self.entries[identity].key = want.key
        self.entries[identity].words = want.fingerprint
        self._step()
        self.entries[identity].day = want.day
        self._done(want, identity)

    def _done(self, want: Desired, identity: str) -> None:
        self._write(LedgerRow(want.key, want.day, LedgerState.DONE, identity, fingerprint=want.fingerprint))

    def _write(self, row: LedgerRow) -> None:
        self._step()
        self.ledger[row.key.identity] = row

    def _step(self) -> None:
        if self.lives == 0:
            raise Killed
        self.lives -= 1

    # --- what must hold

    def _check(self) -> None:
        for identity, stranger in self.strangers.items():
            assert self.entries[identity] == stranger
        self._forget_the_past()
        for session, (identity, entry) in self.taken.items():
            assert _but_for_words(self.entries.get(identity)) == _but_for_words(entry), session
        left_alone = {identity for identity, _ in self.taken.values()} | set(self.strangers)
        calendar = sorted(
            (e.key.session, e.day, e.key.version) for i, e in self.entries.items() if i not in left_alone
        )
        assert calendar == sorted(
            (session, day, version)
            for session, (day, version) in self.plan.items()
            if day >= self.today and session not in self.taken
        )

        for identity, entry in self.entries.items():
            far = entry.day is not None and entry.day >= self.relabel_from
            if identity not in left_alone and far and entry.words is not None:
                assert entry.words == self.units, entry

    def _forget_the_past(self) -> None:
        """A deletion is remembered until its day is over; then the session may be planned again."""
        for session, (_, entry) in list(self.taken.items()):
            if entry is None and ("me", session) not in self.ledger:
                del self.taken[session]


class CalendarsWithoutUpdates(Calendars):
    updates_in_place = False


TestCalendars = Calendars.TestCase
TestCalendars.settings = settings(max_examples=300, stateful_step_count=50)
TestCalendarsWithoutUpdates = CalendarsWithoutUpdates.TestCase
TestCalendarsWithoutUpdates.settings = settings(max_examples=150, stateful_step_count=50)
