"""`zones`: heart rates where they were measured, and race equivalents that do not pretend."""

import re
from pathlib import Path

import pytest

FIVE_K = ("zones", "--five-k", "25:00")


def test_heart_rates_given_as_options(syncd) -> None:
    said = syncd(*FIVE_K, "--hr-max", 190, "--hr-rest", 50, "--sex", "female", "--json").json
    assert said["hr"] == {
        "easy_max": 157,
        "lt1": 157,
        "lt2": 174,
        "max": 190,
        "source": "measured maximum 190 and resting rate 50 (female)",
    }


def test_heart_rates_in_words(syncd) -> None:
    said = syncd(*FIVE_K, "--lthr", 170).out
    assert "Heart rate, from a measured threshold 170:" in said
    assert "easy            up to 151 bpm" in said
    assert "No heart-rate zones" in syncd(*FIVE_K).out


def test_race_equivalents_are_ranges_and_a_marathon_above_four_hours_is_only_a_range(syncd) -> None:
    said = syncd(*FIVE_K, "--json").json["equivalents"]
    assert list(said) == ["5K", "10K", "half", "marathon"]
    assert said["5K"] == {"distance_m": 5000.0, "time_s": 1500, "range_s": [1500, 1500]}
    assert said["marathon"]["time_s"] is None
    assert said["marathon"]["range_s"][0] < 4 * 3600 < said["marathon"]["range_s"][1]
    assert said["half"]["range_s"][0] == said["half"]["time_s"] < said["half"]["range_s"][1]


def test_race_equivalents_in_words(syncd) -> None:
    assert "marathon        3:57:55 to 4:22:40" in syncd(*FIVE_K).out


def test_paces_by_the_mile(syncd) -> None:
    said = syncd(*FIVE_K, "--units", "mi").out
    assert "min/mi" in said
    assert re.search(r"(?m)^5K +8:03 +7:51-8:15 ", said)
    assert syncd(*FIVE_K, "--units", "yd").code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--hr-max", "500"), "highest heart rate of 500 bpm is not possible: expected 120 to 230"),
        (("--hr-max", "-1"), "not possible"),
        (("--hr-max", "170", "--lthr", "171"), "not below the highest heart rate"),
        (("--hr-max", "170", "--sex", "x"), "--sex x: choose female or male"),
    ],
)
def test_heart_rates_that_cannot_be(syncd, arguments, message) -> None:
    said = syncd(*FIVE_K, *arguments)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert message in said.err


def test_the_own_zones_know_the_heart_rates_of_the_configuration(syncd, initialised, home: Path) -> None:
    path = home / ".config/syncd/config.toml"
    path.write_text(path.read_text().replace("[athlete]\n", "[athlete]\nhr_max = 190\n"))
    assert syncd("zones", "--json").json["hr"]["max"] == 190
    said = syncd("zones", "--hr-max", 200, "--sex", "male", "--json").json["hr"]
    assert (said["max"], said["easy_max"]) == (200, 157)
