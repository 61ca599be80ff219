"""`--help`: commands by purpose, words for values, examples that can be typed."""

import re
import shlex

import pytest

from syncd.cli.examples import EXAMPLES
from syncd.cli.help_pages import SECTIONS
from syncd.cli.program import hoisted
from tests.support.commands import LEAVES as ALL
from tests.support.commands import PROGRAM

LEAVES = {words: command for words, command in ALL.items() if not command.hidden}
PAGES = ["", *dict.fromkeys(" ".join(name.split()[:n]) for name in LEAVES for n in (1, 2, 3))]


def page(syncd, monkeypatch: pytest.MonkeyPatch, words: str, columns: int) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    said = syncd(*words.split(), "--help")
    assert (said.code, said.err) == (0, "")
    return said.out


def test_every_command_has_one_to_three_examples():
    assert set(EXAMPLES) == set(LEAVES)
    assert all(1 <= len(lines) <= 3 for lines in EXAMPLES.values())


@pytest.mark.parametrize("words", sorted(EXAMPLES))
def test_an_example_is_a_line_that_the_program_can_read(words: str) -> None:
    for line in EXAMPLES[words]:
        typed = shlex.split(line.removeprefix("sudo "))
        assert typed[: 1 + len(words.split())] == ["syncd", *words.split()]
        context = PROGRAM.make_context("syncd", hoisted(typed[1:]))
        rest = [*context._protected_args, *context.args]
        for _ in words.split():
            name, command, rest = context.command.resolve_command(context, rest)
            context = command.make_context(name, rest, parent=context)
            rest = [*getattr(context, "_protected_args", ()), *context.args]


@pytest.mark.parametrize(
    ("words", "lacks"),
    [
        (words, part)
        for words, lines in EXAMPLES.items()
        for line in lines
        for part in re.findall(r"\d{4}-\d\d-\d\d", line)
    ],
)
def test_a_day_in_an_example_is_a_day(words: str, lacks: str) -> None:
    from datetime import date

    assert date.fromisoformat(lacks)


@pytest.mark.parametrize(
    "line",
    [
        "zones --five-k 25:00",
        "zones --five-k 25:00 --hr-max 188",
        "plan --five-k 25:00 --weekly-km 20 --longest-km 8",
    ],
)
def test_examples_that_need_no_set_up_work_as_they_stand(syncd, line: str) -> None:
    assert any(f"syncd {line}" in lines for lines in EXAMPLES.values())
    assert syncd(*line.split()).code == 0


@pytest.mark.parametrize("words", sorted(EXAMPLES))
def test_each_example_stands_on_a_line_of_its_own_at_the_end(syncd, monkeypatch, words: str) -> None:
    for columns in (60, 80):
        text = page(syncd, monkeypatch, words, columns)
        end = text[text.index("Examples:") :].splitlines()[1:]
        assert [line.strip() for line in end] == list(EXAMPLES[words])


@pytest.mark.parametrize("columns", [60, 80])
def test_no_line_of_any_page_is_wider_than_the_terminal(syncd, monkeypatch, columns: int) -> None:
    for words in PAGES:
        assert [
            line for line in page(syncd, monkeypatch, words, columns).splitlines() if len(line) > columns
        ] == []


@pytest.mark.parametrize("words", PAGES)
def test_values_are_named_in_words_and_a_default_of_nothing_is_not_shown(syncd, monkeypatch, words) -> None:
    text = page(syncd, monkeypatch, words, 80)
    assert not re.search(r"<(str|int|float|path|bool)>", text)
    assert not re.search(
        r"\[default: (0|0\.0)\]", text.replace("--seed N", "") if words != "sandbox simulate" else ""
    )


def test_every_command_stands_in_one_section():
    listed = [name for names in SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(name for name, each in PROGRAM.commands.items() if not each.hidden)


def test_the_first_page_has_a_line_for_each_command_under_what_one_wants_to_do(syncd, monkeypatch) -> None:
    text = page(syncd, monkeypatch, "", 80)
    places = [text.index(f"{title}:\n") for title in SECTIONS]
    assert places == sorted(places)
    commands = [line for line in text[places[0] :].splitlines() if line and not line.endswith(":")]
    assert len(commands) == sum(map(len, SECTIONS.values()))
    for names in SECTIONS.values():
        for name in names:
            (line,) = [each for each in commands if each.split()[0] == name]
            assert len(line.split()) > 3
            assert not line.endswith("...")


def test_help_is_asked_for_with_a_short_word_too(syncd) -> None:
    assert syncd("plan", "-h").out == syncd("plan", "--help").out
    assert syncd("-h").out == syncd("--help").out


def test_the_program_says_which_version_it_is(syncd) -> None:
    from importlib.metadata import version

    said = syncd("--version")
    assert (said.code, said.out, said.err) == (0, f"syncd {version('syncd')}\n", "")
