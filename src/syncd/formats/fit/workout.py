"""Workout files: what a watch takes from its folder of new files, written and read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from syncd.domain.grammar import with_article
from syncd.domain.workout import Workout, WorkoutError
from syncd.formats.fit import Unreadable
from syncd.formats.fit.decode import decode
from syncd.formats.fit.profile import FILE_KINDS, FIT_EPOCH, SPORTS, WORKOUT_FILE, name_of
from syncd.formats.fit.steps import step_messages, workout_in

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TEXT_BYTES = 254  # a FIT field has 255 bytes; a text ends with a zero

_DEVELOPMENT = 255  # the manufacturer number for software that is not registered with Garmin
_SPORT_NUMBERS = {name: number for number, name in SPORTS.items()}

# The undocumented field, described as the SDK's profile describes fields, so that its encoder can write it.
_FIELD_18: Mapping[str, Any] = {
    "num": 18,
    "name": "skip_last_recovery",
    "type": "enum",
    "base_type": "enum",
    "array": "false",
    "scale": [1],
    "offset": [0],
    "units": "",
    "bits": [],
    "components": [],
    "is_accumulated": False,
    "has_components": False,
    "sub_fields": [],
}


@dataclass(frozen=True, slots=True)
class WorkoutFile:
    """A workout as a file holds it. `problems` says what of it could not be modelled."""

    workout: Workout
    description: str = ""
    serial: int | None = None
    problems: tuple[str, ...] = ()


def encode_workout(workout: Workout, *, description: str, serial: int, created: datetime) -> bytes:
    """A FIT workout file.

    A watch tells files apart by `serial` (1 to 4294967294) and `created` (aware, whole
    seconds). Name and description take up to 254 bytes of UTF-8 each and are never cut: a cut
    description could lose the mark at its end. Raises WorkoutError on what a file cannot hold,
    symbolic zones included.
    """
    for name, text in (("name", workout.name), ("description", description)):
        _check_text(name, text)
    if not 0 < serial < 0xFFFFFFFF:
        raise WorkoutError(f"a serial number goes from 1 to 4294967294, not {serial}")
    sport = _SPORT_NUMBERS.get(workout.sport)
    if sport is None:
        raise WorkoutError(f"FIT has no sport {workout.sport!r}")
    steps = step_messages(workout)
    encoder = workout_encoder()
    encoder.write_mesg(
        {
            "mesg_num": 0,
            "type": WORKOUT_FILE,
            "manufacturer": _DEVELOPMENT,
            "product": 0,
            "serial_number": serial,
            "time_created": int((created - FIT_EPOCH).total_seconds()),
        }
    )
    texts = {"wkt_name": workout.name, "wkt_description": description}
    written = {field: text for field, text in texts.items() if text}
    encoder.write_mesg({"mesg_num": 26, "sport": sport, "num_valid_steps": len(steps), **written})
    for step in steps:
        encoder.write_mesg({"mesg_num": 27, **step})
    return bytes(encoder.close())


def read_workout(data: bytes) -> WorkoutFile | Unreadable:
    """The workout in a FIT workout file. Never raises on content."""
    fit = decode(data)
    file_id = fit.first("file_id")
    kind = file_id.whole("type")
    if kind not in (WORKOUT_FILE, None):
        file_kind = name_of(FILE_KINDS, kind, "file of unknown kind")
        return Unreadable(f"{with_article(file_kind)}, not a workout file")
    read = workout_in(fit)
    if read.workout is None:
        problems = read.problems or fit.problems or ("there is no step in it",)
        return Unreadable(problems[0])
    description = fit.first("workout").text("wkt_description")
    return WorkoutFile(
        read.workout, description, file_id.whole("serial_number"), fit.problems + read.problems
    )


def _check_text(name: str, text: str) -> None:
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_TEXT_BYTES:
        raise WorkoutError(f"the {name} takes {size} bytes, a FIT file holds {MAX_TEXT_BYTES}")
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise WorkoutError(f"the {name} has a character that a FIT file cannot hold: {text!r}")


def workout_encoder() -> Any:
    """An encoder of the SDK that knows field 18. Its profile takes 100 ms to load: only where one writes."""
    from garmin_fit_sdk import Encoder, Profile

    Profile["messages"][27]["fields"].setdefault(18, dict(_FIELD_18))
    return Encoder()
