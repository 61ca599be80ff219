"""The program on a terminal of its own, as a person has it."""

import os
import pty
import re
import select
import signal
import sys
import time


def without_codes(shown: str) -> str:
    """What is left of coloured text."""
    return re.sub(r"\x1b\[[\d;]*m", "", shown)


class Terminal:
    """The program on a terminal of its own; what it shows is collected, echoes included."""

    def __init__(self, *arguments):
        self.pid, self.end = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job has it ignored
            os.execv(sys.executable, [sys.executable, "-m", "syncd", *arguments])  # noqa: S606
        self.shown = ""
        self.over = False

    def until(self, words, patience_s=30.0):
        ends = time.monotonic() + patience_s
        while words not in self.shown:
            if time.monotonic() > ends or not self._more(ends):
                raise AssertionError(f"never said {words!r}: {self.shown}")
        return self

    def type(self, line):
        os.write(self.end, f"{line}\n".encode())

    def code(self):
        while self._more(time.monotonic() + 30):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def interrupted(self):
        """Ctrl-C, and again where the first fell between two waits, as a person would."""
        for _ in range(10):
            os.kill(self.pid, signal.SIGINT)
            while self._more(time.monotonic() + 3):
                pass
            if self.over:
                return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        raise AssertionError(f"it goes on in spite of Ctrl-C: {self.shown}")

    def _more(self, ends):
        if not select.select([self.end], [], [], max(0.0, ends - time.monotonic()))[0]:
            return False
        try:
            more = os.read(self.end, 4096)
        except OSError:
            more = b""
        self.over = not more
        self.shown += more.decode().replace("\r\n", "\n")
        return bool(more)
