"""One account of the stand-in: its workouts, calendar, activities and logins. No HTTP here."""

from __future__ import annotations

import base64
import calendar
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from syncd.durable import write_whole
from syncd.sandbox.garmin.stored import stored_workout

OWNER = 99_999_999
_FIRST_ID = 1_000_000


class Missing(KeyError):  # noqa: N818 - the name says what it is
    """Something that is not there; the service answers with a 404."""


@dataclass(slots=True)
class StandInGarminAccount:
    """Plain values only, so that it can be kept as one JSON file.

    Activities are rows of the list, newest first; `details` and `files` (FIT, base64) are by
    activity id; `archives` (base64 too) are served as they are, instead. `others` are calendar
    items other than workouts of the library. `cascade`: whether deleting a workout takes its
    calendar entries along (reports disagree). `mfa_code` is asked for where it is
    set. The login: see `sso.py`.
    """

    workouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)
    activities: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    archives: dict[str, str] = field(default_factory=dict)
    next_id: int = _FIRST_ID
    cascade: bool = True
    last_upload_ms: int = 0
    device_id: int = 3_444_000_001
    device_name: str = "Sandbox"
    messages: list[dict[str, Any]] = field(default_factory=list)
    access: dict[str, float] = field(default_factory=dict)
    refresh: str = ""
    token_lasts_s: float = 14_400.0
    email: str = "runner@example.org"
    password: str = "sandbox"  # noqa: S105 - of nobody
    mfa_code: str = ""
    mfa_method: str = "email"
    sso_sessions: dict[str, str] = field(default_factory=dict)
    open_ways: list[str] = field(default_factory=lambda: ["mobile"])
    page_first: bool = False
    ticket: str = ""
    ticket_service: str = ""
    ticket_lost: bool = False
    locked: bool = False
    login_blocked: str = ""
    owner: int = OWNER
    full_name: str = "Sandbox Runner"
    measurement_system: str = "metric"

    # --- workouts

    def create_workout(self, sent: object) -> dict[str, Any]:
        """Keep a new one. Raises BadWorkout."""
        return self._keep(sent, self.new_id())

    def replace_workout(self, workout_id: str, sent: object) -> None:
        """Other content under the same id; its calendar entries stay. Raises Missing, BadWorkout."""
        self.workout(workout_id)
        self._keep(sent, int(workout_id))

    def workout(self, workout_id: str) -> dict[str, Any]:
        """One, with its steps. Raises Missing."""
        if workout_id not in self.workouts:
            raise Missing(workout_id)
        return self.workouts[workout_id]

    def delete_workout(self, workout_id: str) -> None:
        """Raises Missing."""
        self.workout(workout_id)
        del self.workouts[workout_id]
        if self.cascade:
            self.schedules = {
                number: entry
                for number, entry in self.schedules.items()
                if entry["workoutId"] != int(workout_id)
            }

    def library(self, start: int, limit: int) -> list[dict[str, Any]]:
        """Rows without steps, newest first."""
        rows = [
            {
                "workoutId": workout["workoutId"],
                "ownerId": OWNER,
                "workoutName": workout["workoutName"],
                "description": workout["description"],
                "updateDate": workout["updatedDate"],
                "createdDate": workout["createdDate"],
                "sportType": workout["sportType"],
            }
            for workout in reversed(self.workouts.values())
        ]
        return rows[start : start + limit]

    def _keep(self, sent: object, workout_id: int) -> dict[str, Any]:
        workout = stored_workout(sent, self._ids(), workout_id, OWNER)
        before = self.workouts.get(str(workout_id), {})
        workout["createdDate"] = before.get("createdDate") or self._stamp()
        workout["updatedDate"] = self._stamp()
        self.workouts[str(workout_id)] = workout
        return workout

    # --- calendar

    def schedule(self, workout_id: str, day: str) -> dict[str, Any]:
        """One more entry, even if there is one already. Raises Missing, ValueError."""
        self.workout(workout_id)
        entry = {
            "id": self.new_id(),
            "workoutId": int(workout_id),
            "date": date.fromisoformat(day).isoformat(),
            "protected": False,
        }
        self.schedules[str(entry["id"])] = entry
        return self.scheduled(str(entry["id"]))

    def scheduled(self, schedule_id: str) -> dict[str, Any]:
        """An entry with the whole workout. Raises Missing."""
        if schedule_id not in self.schedules:
            raise Missing(schedule_id)
        entry = self.schedules[schedule_id]
        return {
            "workoutScheduleId": entry["id"],
            "workout": self.workouts.get(str(entry["workoutId"])),
            "calendarDate": entry["date"],
            "createdDate": entry["date"],
            "ownerId": OWNER,
            "protected": entry["protected"],
            "race": False,
            "newName": None,
            "associatedActivityId": None,
        }

    def reschedule(self, schedule_id: str, day: str) -> dict[str, Any]:
        """Another day for an entry. Raises Missing, ValueError."""
        self.scheduled(schedule_id)
        self.schedules[schedule_id]["date"] = date.fromisoformat(day).isoformat()
        return self.scheduled(schedule_id)

    def unschedule(self, schedule_id: str) -> None:
        """Raises Missing."""
        self.scheduled(schedule_id)
        del self.schedules[schedule_id]

    def month(self, year: int, zero_based_month: int) -> dict[str, Any]:
        """The month's page: whole weeks, so days of the neighbours too; ids, no descriptions."""
        days = {day.isoformat() for day in calendar.Calendar().itermonthdates(year, zero_based_month + 1)}
        items = [*map(self._item, self.schedules.values()), *map(_activity_item, self.activities)]
        shown = [item for item in (*items, *self.others) if item.get("date") in days]
        return {"month": zero_based_month, "year": year, "calendarItems": shown}

    def summaries(self, first: str, last: str) -> list[dict[str, Any]]:
        """What the graph query returns: keys without a value are left out."""
        return [
            {
                "scheduledWorkoutId": entry["id"],
                "workoutId": entry["workoutId"],
                "workoutName": self._name_of(entry),
                "scheduleDate": entry["date"],
            }
            for entry in self.schedules.values()
            if first <= entry["date"] <= last
        ]

    def _item(self, entry: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": entry["id"],
            "itemType": "workout",
            "date": entry["date"],
            "title": self._name_of(entry),
            "sportTypeKey": "running",
            "workoutId": entry["workoutId"],
            "atpPlanId": None,
            "protectedWorkoutSchedule": entry["protected"],
        }

    def _name_of(self, entry: dict[str, Any]) -> str | None:
        workout = self.workouts.get(str(entry["workoutId"]))
        return None if workout is None else str(workout["workoutName"])

    # --- activities

    def add_activity(
        self,
        row: dict[str, Any],
        detail: dict[str, Any],
        fit: bytes | None,
        parts: dict[str, Any] | None = None,
    ) -> None:
        """A recorded run, at its place in the list: newest start first.

        `parts` are its further data: `splits`, `details`, `weather`.
        """
        number = str(row["activityId"])
        self.activities.append(row)
        self.activities.sort(key=lambda activity: str(activity["startTimeGMT"]), reverse=True)
        self.details[number] = detail
        self.parts[number] = parts or {}
        if fit is not None:
            self.files[number] = base64.b64encode(fit).decode()

    def activity(self, number: str) -> dict[str, Any]:
        """Its detail. Raises Missing."""
        if number not in self.details:
            raise Missing(number)
        return self.details[number]

    def part(self, number: str, name: str, nothing: dict[str, Any]) -> dict[str, Any]:
        """Splits, details or weather; `nothing` where there is none. Raises Missing."""
        self.activity(number)
        part: dict[str, Any] = self.parts.get(number, {}).get(name, nothing)
        return part

    def delete_activity(self, number: str) -> None:
        """The owner deletes it. Raises Missing."""
        self.activity(number)
        self.activities = [row for row in self.activities if str(row["activityId"]) != number]
        for table in (self.details, self.parts, self.files, self.archives):
            table.pop(number, None)

    def archive(self, number: str) -> bytes:
        """The zip with the original file. Raises Missing, also for one entered by hand."""
        if number in self.archives:
            return base64.b64decode(self.archives[number])
        if number not in self.files:
            raise Missing(number)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            entry = zipfile.ZipInfo(f"{number}_ACTIVITY.fit")  # a fixed time: same bytes each time
            archive.writestr(entry, base64.b64decode(self.files[number]), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    # --- the watch

    def sync_watch(self, at: datetime) -> None:
        """The watch exchanges everything with the service: its queue of messages is empty afterwards."""
        self.last_upload_ms = max(self.last_upload_ms, int(at.timestamp() * 1000))
        self.messages.clear()

    def devices(self) -> list[dict[str, Any]]:
        """The watches of the account; none where it has none (`device_id` 0)."""
        if not self.device_id:
            return []
        return [{"deviceId": self.device_id, "productDisplayName": self.device_name, "maxWorkoutCount": 100}]

    # --- logins

    def issue(self, now_s: float) -> dict[str, Any]:
        """A new pair of tokens; the earlier refresh token is spent."""
        number = self.new_id()
        claims = {"exp": int(now_s + self.token_lasts_s), "client_id": "SANDBOX", "jti": number}
        access = ".".join((_segment({"alg": "RS256"}), _segment(claims), "sandbox"))
        self.access[access] = now_s + self.token_lasts_s
        self.refresh = f"refresh-{number}"
        return {"access_token": access, "refresh_token": self.refresh, "token_type": "Bearer"}

    def new_sso_session(self) -> str:
        """Somebody opens a login page; the number goes into a cookie."""
        number = f"sso-{self.new_id()}"
        self.sso_sessions[number] = "page"
        return number

    def new_ticket(self, service: str) -> str:
        """The ticket of a login: good for tokens once, for the service it was requested for."""
        ticket = f"ST-{self.new_id()}-sandbox"
        self.ticket, self.ticket_service = "" if self.ticket_lost else ticket, service
        return ticket

    def redeemed(self, ticket: str, service: str) -> bool:
        """Whether the ticket is good; it works only once."""
        good = bool(ticket) and (ticket, service) == (self.ticket, self.ticket_service)
        if good:
            self.ticket = ""
        return good

    def profile(self) -> dict[str, Any]:
        """The owner of the account."""
        return {
            "id": self.owner + 1,
            "profileId": self.owner,
            "displayName": f"sandbox-{self.owner}",
            "fullName": self.full_name,
            "userName": self.email,
        }

    def library_tokens(self, now_s: float) -> str:
        """A new login, as the garminconnect library writes it."""
        issued = self.issue(now_s)
        tokens = {
            "di_token": issued["access_token"],
            "di_refresh_token": issued["refresh_token"],
            "di_client_id": "SANDBOX",
        }
        return json.dumps(tokens)

    def accepts(self, access: str, now_s: float) -> bool:
        """Whether the access token is one of ours and has not expired."""
        return self.access.get(access, 0.0) > now_s

    # --- as a file

    def save(self, path: Path) -> None:
        """Keep everything as one file."""
        write_whole(path, json.dumps(asdict(self)).encode())

    @classmethod
    def load(cls, path: Path) -> StandInGarminAccount:
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text()))

    def new_id(self) -> int:
        """The next number that the service assigns."""
        self.next_id += 1
        return self.next_id

    def _ids(self) -> Iterator[int]:
        while True:
            yield self.new_id()

    def _stamp(self) -> str:
        """A time that advances with every write: the clock of the account, not of the machine."""
        written = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.new_id() - _FIRST_ID)
        return written.strftime("%Y-%m-%dT%H:%M:%S.0")


def _segment(claims: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


def _activity_item(row: dict[str, Any]) -> dict[str, Any]:
    """The calendar gives an activity in milliseconds and centimetres."""
    return {
        "id": row["activityId"],
        "itemType": "activity",
        "date": str(row["startTimeLocal"])[:10],
        "title": row["activityName"],
        "duration": float(row["duration"]) * 1000,
        "distance": float(row["distance"]) * 100,
        "workoutId": row.get("workoutId"),
    }
