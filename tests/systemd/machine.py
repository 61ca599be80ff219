"""A throw-away machine with a real systemd: a container on a tmpfs overlay, without network."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


def why_not(folder: Path | None) -> str:
    """Why no machine can be booted here; "" where it can."""
    if os.geteuid() != 0:
        return "needs root (namespaces and mounts)"
    if folder is None:
        return "SYNCD_TEST_MACHINE names no folder made by scripts/test-machine"
    if not (folder / "root/.whole").exists() or not list(folder.glob("wheels/syncd-*.whl")):
        return f"{folder} was not made by scripts/test-machine"
    for tool, package in (("systemd-nspawn", "systemd-container"), ("nsenter", "util-linux")):
        if not shutil.which(tool):
            return f"{tool} is missing: apt install {package}"
    tried = subprocess.run(
        ["unshare", "--mount", "--pid", "--net", "--fork", "mount", "-t", "tmpfs", "none", "/mnt"],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"namespaces or mounts are refused here: {tried.stderr.strip()}" if tried.returncode else ""


class NoBootError(Exception):
    """No machine can be booted here."""


class Machine:
    """Boot it in a `with`; everything is gone afterwards."""

    def __init__(self, folder: Path) -> None:
        self._console = tempfile.NamedTemporaryFile("w+", prefix="console", suffix=".log")  # noqa: SIM115
        # Own cgroup bookkeeping: neither systemd nor D-Bus is needed on the outside.
        self._process = subprocess.Popen(
            [
                *("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network"),
                *("--volatile=overlay", "--console=pipe", f"--bind-ro={folder / 'wheels'}:/srv/wheels"),
                *("-D", folder / "root", "--boot", "systemd.unit=multi-user.target"),
                *("systemd.mask=console-getty.service", "systemd.mask=getty@tty1.service"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._console,
            stderr=self._console,
            start_new_session=True,
        )
        self._leader = 0

    def __enter__(self) -> Machine:
        """Raises NoBootError where no machine comes up: that has nothing to do with syncd."""
        try:
            return self._booted()
        except AssertionError as error:
            self.__exit__()
            raise NoBootError(str(error)) from None

    def _booted(self) -> Machine:
        self._leader = self.until("the machine's first process", self._find_leader)
        self.until("boot", lambda: self.run("systemctl", "is-system-running", check=False) in _BOOTED)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            if self._leader:
                os.kill(self._leader, signal.SIGRTMIN + 3)  # an orderly halt
                self._process.wait(20)
        except (subprocess.TimeoutExpired, ProcessLookupError):
            self._process.kill()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._console.close()

    def run(
        self, *argv: str, check: bool = True, stdin: str = "", user: str = "", timeout: float = 120
    ) -> str:
        """What a command in there prints, both streams; with `user`, as that person with a session bus."""
        inside = ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "--"]
        if user:
            uid = self.run("id", "-u", user)
            inside += [
                "runuser",
                "-u",
                user,
                "--",
                "env",
                f"XDG_RUNTIME_DIR=/run/user/{uid}",
                f"HOME=/home/{user}",
            ]
        done = subprocess.run(
            [*inside, *argv],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            env=ENVIRONMENT,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout[-3000:]}")
        return done.stdout.strip()

    def code(self, *argv: str, stdin: str = "") -> int:
        """How it ends."""
        inside = ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "--"]
        done = subprocess.run(
            [*inside, *argv],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            env=ENVIRONMENT,
            check=False,
        )
        return done.returncode

    def path(self, inside: str) -> Path:
        """A file of the machine, seen from outside."""
        return Path(f"/proc/{self._leader}/root{inside}")

    def write(self, inside: str, text: str, mode: int = 0o644) -> None:
        target = self.path(inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def show(self, unit: str, name: str) -> str:
        return self.run("systemctl", "show", unit, "-p", name, "--value")

    def journal(self, unit: str) -> list[dict[str, object]]:
        lines = self.run("journalctl", "-u", unit, "-o", "json", "--no-pager").splitlines()
        return [json.loads(line) for line in lines]

    def until(self, what: str, test: Callable[[], object], seconds: float = 30) -> object:
        """Look again and again; real time passes in there."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = test()
            if found:
                return found
            time.sleep(0.1)
        said = Path(self._console.name).read_text()[-1000:]
        log = self.run("journalctl", "-n", "40", "--no-pager", check=False) if self._leader else ""
        raise AssertionError(f"{what}: not within {seconds} s\n{log}\n{said}")

    def _find_leader(self) -> int:
        """PID 1 of the machine as it is called outside."""
        for pid in (kid for child in _children(self._process.pid) for kid in (child, *_children(child))):
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            inner = fields["NSpid"].split()
            if fields["Name"] == "systemd" and len(inner) > 1 and inner[-1] == "1":
                return int(pid)
        if self._process.poll() is not None:
            raise AssertionError(f"it did not start: {Path(self._console.name).read_text()[-1000:]}")
        return 0


_BOOTED = ("running", "degraded")


def _children(pid: int | str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
