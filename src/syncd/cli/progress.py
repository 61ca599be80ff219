"""A progress bar: on stderr, after the first second, removed at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO, TypeVar

from syncd.cli.output import has_colours, is_screen

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_QUIET_S = 1.0  # shorter work needs no bar
_EVERY_S = 0.2  # how often it is redrawn

T = TypeVar("T")


class Bars:
    """A `Watching` that draws bars; a pipe and a dumb terminal get nothing.

    It draws only between two items, without a thread of its own, so that Ctrl-C interrupts the work
    itself.
    """

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._begun = clock()
        self._drawn = self._begun
        self._progress: Progress | None = None

    def over(self, items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
        """Pass on the items one by one, and show the progress."""
        if not is_screen(self._stream):
            yield from items
            return
        task: TaskID | None = None
        try:
            for done, item in enumerate(items):
                if self._clock() - self._begun >= _QUIET_S:
                    progress = self._shown()
                    task = progress.add_task(what, total=total) if task is None else task
                    progress.update(task, completed=done)
                    self._draw(progress)
                yield item
        finally:
            if self._progress is not None and task is not None:
                self._progress.remove_task(task)
                if not self._progress.tasks:
                    self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        """Leave an empty line where the bars were."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _draw(self, progress: Progress) -> None:
        now = self._clock()
        if now - self._drawn >= _EVERY_S:
            self._drawn = now
            progress.refresh()

    def _shown(self) -> Progress:
        if self._progress is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            console = Console(
                file=self._stream,
                no_color=not has_colours(self._stream),
                force_terminal=True,
                highlight=False,
            )
            self._progress = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=20),
                MofNCompleteColumn(),
                TimeRemainingColumn(compact=True),
                TextColumn("left", markup=False),
                console=console,
                auto_refresh=False,
                transient=True,
                get_time=self._clock,
            )
            self._progress.start()
        return self._progress
