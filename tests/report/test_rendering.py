"""A sheet on terminals of any width, and in a pipe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from syncd.domain.plain_text import plain
from syncd.report.rendering import rendered
from syncd.report.sheet import Column, Sheet, StyledText, Tone, from_text, sheet_of
from tests.support.terminal import without_codes

ANY_TEXT = st.text(max_size=120)


def table(*rows: tuple[str, ...]) -> Sheet:
    sheet = Sheet()
    sheet.table((Column(whole=True), Column(), Column()), rows)
    return sheet


@given(ANY_TEXT, st.integers(30, 120))
def test_no_line_of_several_words_is_wider_than_the_terminal_and_no_letter_is_lost(
    text: str, width: int
) -> None:
    shown = rendered(from_text(text), width)
    assert [line for line in shown.split("\n") if cell_len(line) > width and len(line.split()) > 1] == []
    assert "".join(shown.split()) == "".join(plain(text).split())


def test_an_address_stays_whole_to_be_copied() -> None:
    address = f"https://example.org/oauth?{'x' * 200}"
    assert address in rendered(from_text(f"Open this:\n\n{address}\nThen go on."), 40)
    assert address in rendered(table(("Open", address, "then go on")), 40)


@given(st.lists(st.tuples(st.text(max_size=8), ANY_TEXT, ANY_TEXT), max_size=5), st.integers(30, 120))
def test_no_row_of_a_table_is_wider_than_the_terminal(rows: list[tuple[str, str, str]], width: int) -> None:
    shown = rendered(table(*rows), width)
    assert max((cell_len(line) for line in shown.split("\n")), default=0) <= max(width, 40)


@given(ANY_TEXT)
def test_a_pipe_gets_each_line_whole_and_without_codes(text: str) -> None:
    lines = [" ".join(line.split()) for line in plain(text).split("\n")]
    shown = str(sheet_of(StyledText(text, Tone.BAD)))
    assert [" ".join(line.split()) for line in shown.split("\n")] == "\n".join(lines).rstrip("\n").split("\n")


def test_colours_are_for_terminals_that_have_them_and_change_no_letter() -> None:
    sheet = Sheet()
    sheet.say(StyledText("91 on plan", Tone.GOOD), " and ", StyledText("so on", Tone.QUIET))
    coloured = rendered(sheet, 80, colours=True)
    assert "\x1b[32m91 on plan" in coloured
    assert without_codes(coloured) == rendered(sheet, 80) == str(sheet) == "91 on plan and so on"


def test_columns_stand_under_each_other_also_with_wide_letters() -> None:
    shown = str(table(("Tue", "8 km easy", "on the watch"), ("Sun", "長距離 🏃", "scheduled")))
    first, second = shown.split("\n")
    assert cell_len(first[: first.index("on the")]) == cell_len(second[: second.index("scheduled")])


def test_a_table_that_does_not_fit_breaks_inside_its_columns() -> None:
    shown = rendered(
        table(("Tue", "3 x 5 min at half-marathon pace, steady and controlled", "on the watch")), 60
    )
    assert shown.split("\n")[1].startswith("     ")
    assert len(shown.split("\n")) == 2


def test_on_a_narrow_terminal_a_row_becomes_lines() -> None:
    shown = rendered(table(("Tue  1 Dec", "3 x 5 min at half-marathon pace", "on the watch")), 40)
    assert shown.split("\n") == ["Tue  1 Dec  3 x 5 min at half-marathon", "       pace  on the watch"]


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\u202eb", "a\nb", "[red]a[/red]", ":smile:"])
def test_names_do_nothing_to_the_terminal(name: str) -> None:
    shown = rendered(table((name, "", "")), 80, colours=True)
    assert not {"\x1b", "\u202e", "\n"} & set(shown)
    assert plain(name).replace("\n", " ") in shown


def test_without_utf_8_the_signs_are_simpler() -> None:
    assert rendered(sheet_of("5 × 1 km · █▌"), None, encoding="ascii") == "5 x 1 km - #"
