"""TCX and GPX that nobody wrote: whatever is changed in them, there are runs or one line that says why not.

Some hundreds of changed files of each by default; a hundred thousand of each with SYNCD_SWEEP=full.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from math import isfinite, isnan

import pytest

from syncd.domain.activity import Activity, Samples
from syncd.formats.fit import Unreadable
from syncd.formats.recording import read_recordings
from tests.support.sweep import FULL, FULL_ROUNDS, Sweep, changed_bytes
from tests.support.tracks import (
    WrittenLap,
    gpx,
    gpx_file,
    gpx_track,
    moved,
    steady,
    tcx,
    tcx_activity,
    tcx_file,
    tcx_of,
)

ROUNDS = FULL_ROUNDS if FULL else 400
MOST_CHARACTERS = 400_000
pytestmark = pytest.mark.long

ODD_NUMBERS = (
    "", "0", "-0", "-1", "1e999", "-1e999", "nan", "inf", "NaN", "-inf", "9" * 400,
    "0." + "0" * 300 + "1", "1e308", "180.0001", "-180", "90", "90.0000001", "0.0000001", "1,5",
    "1.234,5", "1'000", "12 m", "\u0661\u0662", "0x10", "1_0", "255", "250.5", "65535", "4294967295",
    "-2147483648", "1e7", "9999999.9", "٫5", "--5", "+5", "5-", "½", "1e-320",
)  # fmt: skip
ODD_TIMES = (
    "", "0", "1", "now", "2026-01-20", "2026-01-20T17:00", "2026-01-20T24:00:00Z",
    "2026-01-20T25:00:00Z", "T17:00:00Z", "2026-02-30T17:00:00Z", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-18:00", "2569-01-20T17:00:00Z", "2026-01-20T17:00:60Z",
    "2026-01-20T17:00:00.999999999999Z", "2026-01-20T17:00:00+99:99", "2026-01-20T17:00:00 -0000",
    "1768928400", "1768928400000", "1768928400000000000", "9" * 19, "20/01/2026 17:00:00",
    "01/02/2026 17:00:00", "Tue Jan 20 17:00:00 CET 2026", "2026-01-20T17:00:00" + "0" * 60,
    "2026-01-20T17:00:00[Europe/Rome]", "1980-01-01T00:00:00Z", "2099-12-31T23:59:59Z",
    "2026-01-20T05:00:00 PM", "2026-01-20T17h00", "٢٠٢٦-٠١-٢٠T17:00:00Z", "2026-01-20T17:00:00\u2212005",
)  # fmt: skip
ODD_TEXTS = (
    "", " ", "\n" * 500, "x" * 5_000, "جري الصباح", "\u202e\u200f", "\U0001f3c3" * 300, "a" + "\u0301" * 500,
    "&", "&#0;", "&#x110000;", "&nosuch;", "<", "]]>", "<![CDATA[", "<!--", "-->", "<?x", "<!DOCTYPE x>",
    "<!DOCTYPE x [", "\0", "\x1b[2J", "\ufeff", "\ufffe", "Running", "Biking", "9", "run", "Laufen",
    "<b>", "</trkseg>", "</gpx>", "<Lap>", "</Activity>", "<trk><trkseg>",
)  # fmt: skip
NAMES = (
    "trk", "trkseg", "trkpt", "time", "ele", "hr", "extensions", "Activity", "Lap", "Track",
    "Trackpoint", "Time", "Position", "DistanceMeters", "HeartRateBpm", "Value", "TotalTimeSeconds",
    "MultiSportSession", "Id", "gpx", "rte", "wpt", "heartRate", "a:b:c", "x", "ä", "cadence", "speed",
    "Course", "Notes", "Creator", "name", "type", "TriggerMethod", "StartTime", "metadata",
)  # fmt: skip
TOKEN = re.compile(r"<[^>]*>|[^<]+")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')


def changed_tokens(dice: random.Random, tokens: list[str]) -> list[str]:
    """A tag, value or stretch of them dropped, doubled, moved or replaced."""
    tokens = list(tokens)
    place = dice.randrange(len(tokens))
    end = min(place + dice.choice((1, 1, 2, 5, 40)), len(tokens))
    match dice.randrange(12):
        case 0:
            del tokens[place:end]
        case 1:
            tokens[place:place] = tokens[place:end] * dice.choice((1, 1, 2, 30, 300))
        case 2:
            taken = tokens[place:end]
            del tokens[place:end]
            other = dice.randrange(len(tokens) + 1)
            tokens[other:other] = taken
        case 3:
            tokens[place:end] = reversed(tokens[place:end])
        case 4:
            name = dice.choice(NAMES)
            tokens[place:place] = [f"<{name}>"] * dice.choice((1, 1, 3, 70))
        case 5:
            tokens[place] = f"</{dice.choice(NAMES)}>"
        case 6:
            old, new = named(tokens[place]), dice.choice(NAMES)
            if old:
                tokens = [re.sub(rf"^(</?){re.escape(old)}\b", rf"\1{new}", token) for token in tokens]
        case 7 | 8:
            change_attribute(dice, tokens)
        case _:
            change_value(dice, tokens)
    return tokens or [""]


def named(tag: str) -> str:
    found = re.match(r"</?([\w:]+)", tag)
    return found[1] if found else ""


def change_value(dice: random.Random, tokens: list[str]) -> None:
    """A text between tags, or of all tags of that name."""
    texts = [place for place in range(1, len(tokens)) if not tokens[place].startswith("<")]
    if not texts:
        return
    place = dice.choice(texts)
    before = tokens[place - 1]
    every = [other for other in texts if tokens[other - 1] == before] if dice.random() < 0.2 else [place]
    for other in every:
        tokens[other] = odd_value(dice, before, tokens[other])


def odd_value(dice: random.Random, tag: str, value: str) -> str:
    if dice.random() < 0.15:
        return dice.choice(ODD_TEXTS)
    if "ime>" in tag or tag == "<Id>":
        return dice.choice(ODD_TIMES) if dice.random() < 0.4 else moved_time(dice, value)
    if dice.random() < 0.5:
        return dice.choice(ODD_NUMBERS)
    return str(dice.choice((1, -1, 1000, 0.001)) * dice.uniform(0, 500))


def moved_time(dice: random.Random, value: str) -> str:
    """Some of its digits are others."""
    digits = [place for place, letter in enumerate(value) if letter.isdigit()]
    for place in dice.sample(digits, min(len(digits), dice.choice((1, 1, 2, 5)))):
        value = value[:place] + str(dice.randrange(10)) + value[place + 1 :]
    return value


def change_attribute(dice: random.Random, tokens: list[str]) -> None:
    """An attribute dropped, doubled, renamed or with another value."""
    places = [place for place, token in enumerate(tokens) if "=" in token and token.startswith("<")]
    if not places:
        return
    place = dice.choice(places)
    found = dice.choice(list(ATTRIBUTE.finditer(tokens[place])) or [None])
    if found is None:
        return
    name, value = found.groups()
    new = dice.choice(
        (
            "",
            f"{found[0]} {found[0]}",
            f'{dice.choice(NAMES)}="{value}"',
            f'{name}="{dice.choice((*ODD_NUMBERS, *ODD_TIMES, *ODD_TEXTS))}"',
            f"{name}={value}",
            f"{name}='{value}'",
        )
    )
    tokens[place] = tokens[place].replace(found[0], new)


ODD_BYTES = (b"\0", b"<", b">", b"&", b'"', b"\xff\xfe", b"\xef\xbb\xbf", b"\r")
ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "shift_jis",
    "gb18030",
    "koi8-r",
)


def changed(dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    """A file with one to six changes of its structure, its encoding and its bytes."""
    tokens = TOKEN.findall(dice.choice(seeds).decode())
    if dice.random() < 0.1:  # a stretch of another
        other = TOKEN.findall(dice.choice(seeds).decode())
        begin = dice.randrange(len(other))
        place = dice.randrange(len(tokens))
        tokens[place:place] = other[begin : begin + dice.randrange(1, 200)]
    for _ in range(dice.choice((0, 1, 1, 2, 3, 6))):
        fewer = changed_tokens(dice, tokens)
        tokens = fewer if sum(map(len, fewer)) < MOST_CHARACTERS else tokens
    text = "".join(tokens)
    encoding = dice.choice(ENCODINGS) if dice.random() < 0.15 else "utf-8"
    declared = dice.choice((*ENCODINGS, "nonsense")) if dice.random() < 0.1 else "UTF-8"
    data = text.replace("UTF-8", declared, 1).encode(encoding, "replace")
    return changed_bytes(dice, data, ODD_BYTES) if dice.random() < 0.3 else data


SHORT = steady(300, every=20)
LATER = moved(steady(300, every=20, from_m=900), 900)
GPX_SEEDS = (
    gpx(SHORT, name="Läufe &amp; Kaffee"),
    gpx(SHORT, LATER, kind="9"),
    gpx_file(gpx_track(SHORT), gpx_track(LATER, kind="cycling"), gpx_track(moved(SHORT, 86_400))),
    gpx(steady(20, every=1), kind=""),
)
TCX_SEEDS = (
    tcx_of(SHORT, total_s=300, distance_m=900),
    tcx([WrittenLap(SHORT, 0, 300, 900), WrittenLap(LATER, 900, 290, 880, "Distance")]),
    tcx_file(tcx_activity([WrittenLap(SHORT)]), tcx_activity([WrittenLap(LATER, 900)], sport="Biking")),
    tcx([WrittenLap((), 0, 100, 300, tracks=[SHORT[:6], SHORT[10:]])]),
    tcx([WrittenLap((), 0, 1800, 5400)]),
)


@pytest.mark.parametrize(("name", "seeds"), [("GPX", GPX_SEEDS), ("TCX", TCX_SEEDS)], ids=["gpx", "tcx"])
def test_of_no_changed_text_comes_anything_but_runs_or_a_line(name: str, seeds: Sequence[bytes]) -> None:
    dice = random.Random(17)
    for seed in seeds:
        assert isinstance(read_recordings(seed), tuple)
    sweep = Sweep(ROUNDS)
    read = 0
    for number in range(ROUNDS):
        data = changed(dice, seeds)
        found = sweep.time(partial(read_recordings, data))
        try:
            assert_sound(found)
        except AssertionError:
            raise AssertionError(f"number {number}: {data[:2000]!r}") from None
        read += isinstance(found, tuple)
    assert read > ROUNDS / 3
    sweep.check(name)


def assert_sound(found: tuple[Activity, ...] | Unreadable) -> None:
    """Activities whose numbers can be, or one line."""
    if isinstance(found, Unreadable):
        assert_one_line(found.reason)
        return
    assert found
    for activity in found:
        assert activity.start.tzinfo is not None
        assert isfinite(activity.timer_s)
        assert isfinite(activity.elapsed_s)
        assert 0 <= activity.timer_s <= activity.elapsed_s + 10
        assert activity.distance_m is None or (isfinite(activity.distance_m) and activity.distance_m >= 0)
        assert all(lap.end_s >= lap.start_s >= 0 for lap in activity.laps)
        for problem in activity.problems:
            assert_one_line(problem)
        assert_columns(activity.samples)


def assert_columns(samples: Samples) -> None:
    columns = [getattr(samples, name) for name in Samples.__dataclass_fields__]
    assert {len(column) for column in columns} == {len(samples)}
    assert all(before < after for before, after in pairwise(samples.elapsed_s))
    assert all(before <= after for before, after in pairwise(samples.timer_s))
    metres = [value for value in samples.distance_m if not isnan(value)]
    assert all(before <= after + 1e-6 for before, after in pairwise(metres))
    assert all(isnan(value) or isfinite(value) for column in columns for value in column)


def assert_one_line(text: str) -> None:
    assert text
    assert text.isprintable(), text
    assert len(text) < 300
