"""Plurals and articles, as sentences need them."""

import pytest

from syncd.domain.grammar import counted, with_article


@pytest.mark.parametrize(
    ("number", "noun", "plural", "text"),
    [
        (0, "run", "", "0 runs"),
        (1, "run", "", "1 run"),
        (2, "run", "", "2 runs"),
        (1, "activity", "activities", "1 activity"),
        (1204, "activity", "activities", "1,204 activities"),
    ],
)
def test_a_number_and_its_noun_agree(number, noun, plural, text):
    assert counted(number, noun, plural) == text


@pytest.mark.parametrize(
    "text",
    ["a pace", "an effort", "a race", "an activity file", "a 5K", "an 8 km run", "an 11 km run", "a 10K",
     "a 110 km week", "an 18 km run", "an 80 km week", "a 21.1 km race", "a "],
)  # fmt: skip
def test_the_article_fits_the_first_sound(text):
    assert with_article(text.split(" ", 1)[1]) == text
