"""Which messages and fields of FIT are read, and the names behind their numbers.

Numbers, scales and names are those of Garmin's public FIT profile (21.x), except
`workout_step` field 18, which it leaves out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)  # times are seconds since then
EARLIEST_TIME = 0x10000000  # what is smaller counts from when the device was switched on

RECORD = 20
NO_PACK = b"\xff\xff\xff"
_TEXT = 7

# Low five bits of a base type -> struct letter, bytes, and the value that means "nothing".
# 64-bit integers and floats are left out: no field read here has them in the profile.
_SIGNED = MappingProxyType({1: ("b", 1, 0x7F), 3: ("h", 2, 0x7FFF), 5: ("i", 4, 0x7FFFFFFF)})
_UNSIGNED = MappingProxyType(
    {
        0: ("B", 1, 0xFF),
        2: ("B", 1, 0xFF),
        4: ("H", 2, 0xFFFF),
        6: ("I", 4, 0xFFFFFFFF),
        10: ("B", 1, 0),
        11: ("H", 2, 0),
        12: ("I", 4, 0),
        13: ("B", 1, 0xFF),
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message: value = raw / scale. Text has no scale; only `signed` can be negative."""

    name: str
    scale: int = 1
    is_text: bool = False
    signed: bool = False

    def read_as(self, size: int, base_type: int) -> tuple[str, int | bytes] | None:
        """The struct format of the field as a file defines it, and its "nothing".

        None when it is not what the profile says (an array, a float, another sign, an odd size): such a
        field is stepped over.
        """
        if self.is_text:
            return (f"{size}s", b"") if base_type & 31 == _TEXT else None
        integer = (_SIGNED if self.signed else _UNSIGNED).get(base_type & 31)
        if integer is None or integer[1] != size:
            return None
        return integer[0], integer[2]


@dataclass(frozen=True, slots=True)
class PackedField:
    """Three bytes that hold two numbers: `compressed_speed_distance`."""

    name: str

    def read_as(self, size: int, _base_type: int) -> tuple[str, int | bytes] | None:
        """As for `Field`."""
        return ("3s", NO_PACK) if size == 3 else None


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A message that is read: its name, and its fields by number."""

    name: str
    fields: Mapping[int, Field | PackedField]


def _text(name: str) -> Field:
    return Field(name, is_text=True)


_TIMESTAMP = Field("timestamp")
_INDEX = Field("message_index")

MESSAGES = MappingProxyType(
    {
        0: MessageKind(
            "file_id",
            {
                0: Field("type"),
                1: Field("manufacturer"),
                2: Field("product"),
                3: Field("serial_number"),
                4: Field("time_created"),
                8: _text("product_name"),
            },
        ),
        12: MessageKind("sport", {0: Field("sport"), 1: Field("sub_sport")}),
        18: MessageKind(
            "session",
            {
                254: _INDEX,
                253: _TIMESTAMP,
                2: Field("start_time"),
                5: Field("sport"),
                6: Field("sub_sport"),
                7: Field("total_elapsed_time", 1000),
                8: Field("total_timer_time", 1000),
                9: Field("total_distance", 100),
                16: Field("avg_heart_rate"),
                17: Field("max_heart_rate"),
                22: Field("total_ascent"),
                23: Field("total_descent"),
                25: Field("first_lap_index"),
                26: Field("num_laps"),
                192: Field("workout_feel"),
                193: Field("workout_rpe"),
            },
        ),
        19: MessageKind(
            "lap",
            {
                254: _INDEX,
                253: _TIMESTAMP,
                2: Field("start_time"),
                7: Field("total_elapsed_time", 1000),
                8: Field("total_timer_time", 1000),
                9: Field("total_distance", 100),
                15: Field("avg_heart_rate"),
                16: Field("max_heart_rate"),
                21: Field("total_ascent"),
                23: Field("intensity"),
                24: Field("lap_trigger"),
                25: Field("sport"),
                71: Field("wkt_step_index"),
            },
        ),
        21: MessageKind("event", {253: _TIMESTAMP, 0: Field("event"), 1: Field("event_type")}),
        26: MessageKind(
            "workout",
            {
                4: Field("sport"),
                6: Field("num_valid_steps"),
                8: _text("wkt_name"),
                11: Field("sub_sport"),
                17: _text("wkt_description"),
            },
        ),
        27: MessageKind(
            "workout_step",
            {
                254: _INDEX,
                0: _text("wkt_step_name"),
                1: Field("duration_type"),
                2: Field("duration_value"),
                3: Field("target_type"),
                4: Field("target_value"),
                5: Field("custom_target_value_low"),
                6: Field("custom_target_value_high"),
                7: Field("intensity"),
                8: _text("notes"),
                18: Field("skip_last_recovery"),
            },
        ),
        34: MessageKind(
            "activity",
            {
                253: _TIMESTAMP,
                0: Field("total_timer_time", 1000),
                1: Field("num_sessions"),
                5: Field("local_timestamp"),
            },
        ),
    }
)

RECORD_FIELDS: Mapping[int, Field | PackedField] = MappingProxyType(
    {
        253: _TIMESTAMP,
        5: Field("distance"),
        6: Field("speed"),
        73: Field("enhanced_speed"),
        2: Field("altitude"),
        78: Field("enhanced_altitude"),
        3: Field("heart_rate"),
        4: Field("cadence"),
        53: Field("fractional_cadence"),
        0: Field("position_lat", signed=True),
        8: PackedField("compressed_speed_distance"),
    }
)

TIMER_EVENT = 0
TIMER_START = 0
TIMER_STOPS = frozenset({1, 4, 8, 9})  # stop, stop_all, stop_disable, stop_disable_all

INDEX_MASK = 0x0FFF  # the upper bits of a message index are flags


def name_of(names: Mapping[int, str], number: int | None, unknown: str) -> str:
    """The name of a number, `unknown` when there is neither."""
    return unknown if number is None else names.get(number, unknown)


ACTIVITY_FILE = 4
WORKOUT_FILE = 5
FILE_KINDS = MappingProxyType(
    {
        1: "device description",
        2: "settings file",
        3: "sport settings file",
        4: "recorded activity",
        5: "workout file",
        6: "course",
        7: "schedule",
        9: "weight file",
        10: "file of totals",
        11: "file of goals",
        14: "blood pressure file",
        15: "daily monitoring file",
        20: "activity summary",
        28: "daily monitoring file",
        32: "daily monitoring file",
        34: "segment",
        35: "segment list",
    }
)

_SPORTS_FROM_0 = (
    "generic running cycling transition fitness_equipment swimming basketball soccer tennis "
    "american_football training walking cross_country_skiing alpine_skiing snowboarding rowing "
    "mountaineering hiking multisport paddling flying e_biking motorcycling boating driving golf "
    "hang_gliding horseback_riding hunting fishing inline_skating rock_climbing sailing ice_skating "
    "sky_diving snowshoeing snowmobiling stand_up_paddleboarding surfing wakeboarding water_skiing "
    "kayaking rafting windsurfing kitesurfing tactical jumpmaster boxing floor_climbing"
)
SPORTS = MappingProxyType(
    dict(enumerate(_SPORTS_FROM_0.split()))
    | {53: "diving", 62: "hiit", 64: "racket", 65: "wheelchair_push_walk", 66: "wheelchair_push_run"}
)

_SUB_SPORTS_FROM_0 = (
    "generic treadmill street trail track spin indoor_cycling road mountain downhill recumbent "
    "cyclocross hand_cycling track_cycling indoor_rowing elliptical stair_climbing lap_swimming "
    "open_water flexibility_training strength_training warm_up match exercise challenge indoor_skiing "
    "cardio_training indoor_walking e_bike_fitness bmx casual_walking speed_walking "
    "bike_to_run_transition run_to_bike_transition swim_to_bike_transition"
)
SUB_SPORTS = MappingProxyType(
    dict(enumerate(_SUB_SPORTS_FROM_0.split()))
    | {43: "yoga", 44: "pilates", 45: "indoor_running", 46: "gravel_cycling", 58: "virtual_activity"}
    | {59: "obstacle", 67: "ultra", 70: "hiit", 78: "triathlon", 79: "duathlon", 80: "brick", 81: "swim_run"}
)
