"""Text from outside stays what it is, less what would make more of it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.plain_text import json_text, one_line, plain
from tests.support.hostile_text import BREAKS, FORGED, HOSTILE, SIGNS, harm_of

ANY = st.text(st.characters(codec=None))


@given(ANY)
def test_one_line_is_one_line_and_nothing_but_letters(text):
    line = one_line(text)
    assert line.splitlines() in ([], [line])
    assert harm_of(line.replace(FORGED, ""), allowed="") == []
    assert one_line(line) == line


@given(ANY)
def test_plain_text_keeps_its_line_ends_only(text):
    assert harm_of(plain(text).replace(FORGED, "")) == []


@given(
    st.recursive(ANY | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(ANY, inner))
)
def test_json_reads_the_same_and_shows_no_control_sign(value):
    for indent in (None, 2):
        text = json_text(value, indent=indent)
        assert json.loads(text) == value
        assert text.replace("\n", "").isprintable()
        assert indent is not None or "\n" not in text


def test_letters_of_every_language_stay_as_they_are():
    assert plain("\U0003fffe\u3000\xa0\ue000") == "\U0003fffe\u3000\xa0\ue000"  # no letters, and no harm
    name = "Dauerlauf über Åre, 長距離走, бег 10 км × 2 – 4′ 🏃"
    assert (plain(name), one_line(name), json_text(name)) == (name, name, f'"{name}"')


# --- the search of the harness finds what was put there


@pytest.mark.parametrize("line_end", BREAKS, ids=repr)
def test_a_forged_line_is_found(line_end):
    assert any(found.startswith(FORGED) for found in harm_of(f"run Easy{line_end}{FORGED} 100 on plan"))


@pytest.mark.parametrize("sign", SIGNS, ids=repr)
def test_a_sign_that_is_no_letter_is_found(sign):
    assert harm_of(f"Easy{sign}")


def test_a_harmless_name_is_no_harm():
    assert harm_of(f"run Easy {FORGED} inside\nanother line") == []
    assert harm_of(one_line(HOSTILE)) == []
