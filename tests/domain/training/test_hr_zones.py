"""Heart-rate zones: only from measurements, by sex where that is known, never narrower than 10 bpm."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from syncd.domain.training.hr_zones import (
    LEAST_BAND_BPM,
    HeartMeasurements,
    HeartRateError,
    Sex,
    friel_zones,
    heart_rate_zones,
    karvonen_bpm,
)


@st.composite
def measurements(draw) -> HeartMeasurements:
    top = draw(st.none() | st.integers(120, 230))
    lthr = draw(st.none() | st.integers(90, 220))
    rest = draw(st.none() | st.integers(25, 110))
    sex = draw(st.none() | st.sampled_from(Sex))
    try:
        return HeartMeasurements(top, rest, lthr, sex)
    except HeartRateError:
        assume(False)
        raise


def test_nothing_measured_means_no_zones() -> None:
    assert heart_rate_zones(HeartMeasurements()) is None


@pytest.mark.parametrize("known", [HeartMeasurements(hr_rest=50), HeartMeasurements(sex=Sex.MALE)])
def test_a_resting_rate_or_a_sex_alone_makes_no_zones(known: HeartMeasurements) -> None:
    assert heart_rate_zones(known) is None


@pytest.mark.parametrize(
    ("sex", "lt1", "lt2"),
    [(Sex.MALE, 149, 171), (Sex.FEMALE, 158, 174), (None, 149, 171)],
    ids=["men 78.9 and 89.9 %", "women 83.6 and 91.7 %", "unknown: the lower ceiling"],
)
def test_thresholds_of_a_measured_maximum_of_190(sex: Sex | None, lt1: int, lt2: int) -> None:
    zones = heart_rate_zones(HeartMeasurements(hr_max=190, sex=sex))
    assert zones is not None
    assert (zones.easy_max, zones.lt1, zones.lt2, zones.max) == (lt1, lt1, lt2, 190)


@pytest.mark.parametrize(("sex", "lt1"), [(Sex.MALE, 149), (Sex.FEMALE, 157)])
def test_with_a_resting_rate_the_ceiling_comes_from_the_reserve(sex: Sex, lt1: int) -> None:
    zones = heart_rate_zones(HeartMeasurements(hr_max=190, hr_rest=50, sex=sex))
    assert zones is not None
    assert zones.lt1 == lt1  # 50 + 71.3 or 76.5 % of 140
    assert zones.source == f"measured maximum 190 and resting rate 50 ({sex.value})"


def test_a_threshold_alone_gives_friels_zones_and_no_maximum() -> None:
    zones = heart_rate_zones(HeartMeasurements(lthr=170))
    assert zones is not None
    assert (zones.easy_max, zones.lt2, zones.max) == (151, 170, None)
    assert zones.source == "measured threshold 170"


def test_a_measured_threshold_outranks_the_share_of_the_maximum() -> None:
    zones = heart_rate_zones(HeartMeasurements(hr_max=190, lthr=176))
    assert zones is not None
    assert (zones.lt1, zones.lt2) == (149, 176)


def test_karvonen() -> None:
    assert karvonen_bpm(0.7, rest=60, top=190) == pytest.approx(151)
    assert (karvonen_bpm(0, rest=60, top=190), karvonen_bpm(1, rest=60, top=190)) == (60, 190)


def test_friels_seven_zones_of_a_threshold_of_170() -> None:
    assert friel_zones(170) == (
        ("1", None, 143),
        ("2", 144, 152),
        ("3", 153, 161),
        ("4", 162, 169),
        ("5a", 170, 174),
        ("5b", 175, 181),
        ("5c", 182, None),
    )


@given(measurements())
def test_the_zones_are_in_order_and_each_band_spans_ten_beats(measured: HeartMeasurements) -> None:
    zones = heart_rate_zones(measured)
    assume(zones is not None)
    assert zones is not None
    assert zones.easy_max <= zones.lt1 <= zones.lt2 - LEAST_BAND_BPM
    assert zones.max is None or zones.lt2 < zones.max
    for band in (zones.easy, zones.steady, zones.hard):
        assert band.high_bpm - band.low_bpm >= LEAST_BAND_BPM
    assert zones.easy.high_bpm == zones.easy_max


@given(measurements())
def test_the_ceiling_of_a_woman_is_never_below_that_of_a_man(measured: HeartMeasurements) -> None:
    her, his = (
        heart_rate_zones(HeartMeasurements(measured.hr_max, measured.hr_rest, measured.lthr, sex))
        for sex in (Sex.FEMALE, Sex.MALE)
    )
    assert (her is None) == (his is None)
    if her and his:
        assert her.easy_max >= his.easy_max


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"hr_max": 119}, "highest heart rate of 119"),
        ({"hr_max": 231}, "120 to 230"),
        ({"hr_rest": 24}, "resting heart rate of 24"),
        ({"lthr": 89}, "threshold heart rate of 89"),
        ({"hr_max": 180, "lthr": 180}, "not below the highest"),
        ({"hr_max": 120, "hr_rest": 81}, "too close to 120"),
    ],
)
def test_what_cannot_be_is_refused(values: dict[str, int], message: str) -> None:
    with pytest.raises(HeartRateError, match=message):
        HeartMeasurements(**values)


@pytest.mark.parametrize("values", [{"hr_max": 120}, {"hr_max": 230}, {"hr_max": 180, "lthr": 179}])
def test_what_can_just_be_is_taken(values: dict[str, int]) -> None:
    assert heart_rate_zones(HeartMeasurements(**values)) is not None
