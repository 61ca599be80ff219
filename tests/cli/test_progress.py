"""Bars for people who wait: late, rarely, and gone without a trace."""

import io
import re

import pytest

from syncd.cli.progress import Bars


class Screen(io.StringIO):
    """A terminal that takes whatever is written."""

    def __init__(self, *, terminal: bool = True) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    @property
    def shown(self) -> str:
        return re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", self.getvalue())


class Clock:
    """A clock that the work itself moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def worked(screen: Screen, count: int, each_s: float, total: int | None = None) -> list[int]:
    clock = Clock()
    done = []
    with Bars(screen, clock) as bars:
        for item in bars.over(iter(range(count)), "runs", total):
            clock.now += each_s
            done.append(item)
    return done


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")


def test_what_takes_no_second_shows_nothing() -> None:
    screen = Screen()
    assert worked(screen, 9, 0.1, 9) == list(range(9))
    assert screen.getvalue() == ""


def test_a_longer_one_says_how_far_it_is_and_how_long_it_will_take() -> None:
    screen = Screen()
    worked(screen, 400, 0.5, 400)
    assert "200/400" in screen.shown
    assert re.search(r"200/400 0?1:40 left", screen.shown)


def test_without_a_total_it_counts() -> None:
    screen = Screen()
    worked(screen, 50, 0.5)
    assert re.search(r"runs .* 30/\?", screen.shown)


def test_nothing_of_it_stays_on_the_screen() -> None:
    screen = Screen()
    worked(screen, 50, 0.5, 50)
    assert screen.getvalue().endswith("\x1b[2K\x1b[?25h\r")


def test_it_is_drawn_five_times_a_second_at_most() -> None:
    screen = Screen()
    worked(screen, 3000, 0.001, 3000)
    assert 1 <= len(re.findall(r"\d+/3000", screen.shown)) <= 12


def test_a_pipe_sees_nothing() -> None:
    screen = Screen(terminal=False)
    assert worked(screen, 50, 0.5, 50) == list(range(50))
    assert screen.getvalue() == ""


def test_a_terminal_that_only_knows_lines_sees_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    assert worked(screen, 50, 0.5, 50) == list(range(50))
    assert screen.getvalue() == ""


def test_work_that_breaks_off_leaves_the_terminal_as_it_was() -> None:
    def interrupted() -> None:
        with Bars(screen, clock) as bars:
            for item in bars.over(range(50), "runs", 50):
                clock.now += 1
                if item == 20:
                    raise KeyboardInterrupt

    screen, clock = Screen(), Clock()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert screen.getvalue().count("\x1b[?25l") == screen.getvalue().count("\x1b[?25h") > 0


def test_two_loops_after_each_other_each_have_their_bar() -> None:
    screen, clock = Screen(), Clock()
    with Bars(screen, clock) as bars:
        for what in ("runs", "workouts"):
            for _ in bars.over(range(30), what, 30):
                clock.now += 1
    assert "runs" in screen.shown
    assert "workouts" in screen.shown
