"""What is left on a disk when the power fails: only what was synced, and of the rest whatever chance leaves.

A program runs once under strace. From the trace the disk is made again as it would be if the power had
failed after any of its calls, without running the program again.

The disk is a strict one: what was written to a file is there once the file was synced, and that a name
exists, is another or is gone holds once its folder was synced. Files that a map of memory changes (SQLite's
`-shm`) are left out: nothing relies on them.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CALLS = (
    "open,openat,creat,close,read,pread64,write,pwrite64,lseek,ftruncate,fsync,fdatasync,"
    "mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,link,linkat,sendto"
)
_LINE = re.compile(r"^(?:\d+\s+)?(?P<call>\w+)\((?P<arguments>.*)\)\s+= (?P<result>-?\d+)")
_UNFINISHED = re.compile(r"^(?P<pid>\d+)\s+(?P<begun>\w+\(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(?P<pid>\d+)\s+<\.\.\. \w+ resumed>(?P<rest>.*)$")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_OF_DESCRIPTOR = re.compile(r"^(\d+)<([^>]*)>")
_REQUEST = re.compile(rb"^(GET|POST|PUT|DELETE) ")
_PAGE = 512  # what a disk writes as a whole


@dataclass(frozen=True, slots=True)
class DiskEvent:
    """One thing that a program did to its files, or a request that it sent.

    `kind` is write, cut (to a size), sync, entry (`other` is the file of that name), gone, renamed (to
    `other`), folder, folder-sync or request.
    """

    kind: str
    path: str = ""
    at: int = 0
    content: bytes = b""
    other: str = ""
    file: int = 0


@dataclass
class _KeptFile:
    """What the disk holds of a file, and what was written to it since."""

    content: bytearray = field(default_factory=bytearray)
    pending: list[DiskEvent] = field(default_factory=list)

    def settle(self) -> None:
        for event in self.pending:
            _put(self.content, event)
        self.pending.clear()


def _put(content: bytearray, event: DiskEvent) -> None:
    if event.kind == "cut":
        del content[event.at :]
    content.extend(bytes(max(0, event.at - len(content))))
    if event.kind == "write":
        content[event.at : event.at + len(event.content)] = event.content


@dataclass
class Disk:
    """Files by number and names by path, as the disk holds them and as the program sees them."""

    files: dict[int, _KeptFile] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    pending_names: list[tuple[str, int | None]] = field(default_factory=list)  # path, its file or None: gone
    folders: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Path) -> Disk:
        """What is there before the program begins: all of it synced."""
        disk = cls()
        for path in sorted(root.rglob("*")):
            if path.is_dir():
                disk.folders.add(str(path))
            elif path.is_file():
                number = len(disk.files)
                disk.files[number] = _KeptFile(bytearray(path.read_bytes()))
                disk.seen[str(path)] = disk.kept[str(path)] = number
        return disk

    def take(self, event: DiskEvent) -> None:
        """One more thing that the program did."""
        match event.kind:
            case "entry":
                self.files[event.file] = _KeptFile()
                self._name(event.path, event.file)
            case "gone":
                self._name(event.path, None)
            case "renamed":
                number = self.seen[event.path]
                self._name(event.other, number)
                self._name(event.path, None)
            case "write" | "cut":
                self.files[event.file].pending.append(event)
            case "sync":
                self.files[event.file].settle()
            case "folder":
                self.folders.add(event.path)
            case "folder-sync":
                self._settle_names(event.path)

    def file_at(self, path: str) -> int | None:
        """The number of the file that the program sees there."""
        return self.seen.get(path)

    def _name(self, path: str, number: int | None) -> None:
        if number is None:
            self.seen.pop(path, None)
        else:
            self.seen[path] = number
        self.pending_names.append((path, number))

    def _settle_names(self, folder: str) -> None:
        of_folder = [entry for entry in self.pending_names if str(Path(entry[0]).parent) == folder]
        self.pending_names = [entry for entry in self.pending_names if entry not in of_folder]
        for path, number in of_folder:
            _rename(self.kept, path, number)

    def leave(self, root: Path, chance: random.Random | None) -> None:
        """Put in the place of `root` what a power cut leaves now.

        Without `chance` nothing that was not synced; with it, any beginning of the changes to names,
        and of each file's changes any, of the last of them perhaps a part.
        """
        names = dict(self.kept)
        if chance is not None:
            for path, number in self.pending_names[: chance.randint(0, len(self.pending_names))]:
                _rename(names, path, number)
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        for folder in sorted(self.folders):
            Path(folder).mkdir(parents=True, exist_ok=True)
        for path, number in names.items():
            if path.endswith("-shm"):
                continue
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(self._survived(self.files[number], chance))
            Path(path).chmod(0o600)

    def _survived(self, file: _KeptFile, chance: random.Random | None) -> bytes:
        content = bytearray(file.content)
        for event in file.pending if chance is not None else ():
            if chance.random() < 0.5:
                _put(content, event)
            elif event.kind == "write" and len(event.content) > _PAGE and chance.random() < 0.5:
                whole_pages = chance.randrange(len(event.content) // _PAGE + 1) * _PAGE
                _put(content, DiskEvent("write", event.path, event.at, event.content[:whole_pages]))
        return bytes(content)


def _rename(names: dict[str, int], path: str, number: int | None) -> None:
    if number is None:
        names.pop(path, None)
    else:
        names[path] = number


def require_strace() -> None:
    """Skip the test where processes cannot be traced."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: nothing is tried inside system calls")
    probe = subprocess.run(["strace", "-f", "-o", os.devnull, "true"], capture_output=True, text=True)
    if probe.returncode:
        pytest.skip(f"processes cannot be traced here: {probe.stderr.strip()[-100:]}")


def events_of(root: Path, program: Sequence[str | Path], log: Path, **options) -> list[DiskEvent]:
    """What a program did below `root`, and the requests it sent. Raises AssertionError where it failed."""
    before = Disk.of(root)
    command = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-o", log, "-e", f"trace={CALLS}", *program]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stderr[-2000:]
    return list(_Reader(str(root), before).events(_whole_lines(log)))


def _whole_lines(log: Path) -> Iterator[str]:
    """Calls that another thread interrupted, put together again."""
    begun: dict[str, str] = {}
    with log.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if unfinished := _UNFINISHED.match(line.rstrip("\n")):
                begun[unfinished["pid"]] = unfinished["begun"]
            elif resumed := _RESUMED.match(line.rstrip("\n")):
                yield f"{resumed['pid']} {begun.pop(resumed['pid'])}{resumed['rest']}"
            else:
                yield line


@dataclass
class _Reader:
    """Follows descriptors, places in files and names through a trace."""

    root: str
    disk: Disk
    open: dict[int, tuple[int, int, bool]] = field(default_factory=dict)  # descriptor: file, place, appends

    def events(self, lines: Iterator[str]) -> Iterator[DiskEvent]:
        for line in lines:
            call = _LINE.match(line)
            if call is None or int(call["result"]) < 0:
                continue
            for event in self._events(call["call"], call["arguments"], int(call["result"])):
                self.disk.take(event)
                yield event

    def _events(self, call: str, arguments: str, result: int) -> Iterator[DiskEvent]:
        match call:
            case "sendto":
                if _REQUEST.match(sent := _strings(arguments)[0]):
                    yield DiskEvent("request", content=sent[:80])
            case "open" | "openat" | "creat":
                yield from self._opened(arguments, result)
            case "mkdir" | "mkdirat":
                if (path := self._paths(arguments)[0]) is not None:
                    yield DiskEvent("folder", path)
            case "unlink" | "unlinkat":
                path = self._paths(arguments)[0]
                if path is not None and self.disk.file_at(path) is not None:
                    yield DiskEvent("gone", path)
            case "rename" | "renameat" | "renameat2":
                source, target = self._paths(arguments)[:2]
                if source is not None and target is not None:
                    assert self.disk.file_at(source) is not None, f"a folder is renamed: {source}"
                    yield DiskEvent("renamed", source, other=target)
            case "link" | "linkat":
                assert all(path is None for path in self._paths(arguments)), "hard links are not followed"
            case _:
                yield from self._on_descriptor(call, arguments, result)

    def _opened(self, arguments: str, result: int) -> Iterator[DiskEvent]:
        path = self._paths(arguments)[0]
        self.open.pop(result, None)
        if path is None or "O_DIRECTORY" in arguments or path in self.disk.folders:
            return
        if self.disk.file_at(path) is None:
            yield DiskEvent("entry", path, file=len(self.disk.files))
        number = self.disk.seen[path]
        if "O_TRUNC" in arguments:
            yield DiskEvent("cut", path, file=number)
        self.open[result] = (number, 0, "O_APPEND" in arguments)

    def _on_descriptor(self, call: str, arguments: str, result: int) -> Iterator[DiskEvent]:
        found = _OF_DESCRIPTOR.match(arguments)
        descriptor, path = (int(found[1]), _unquoted(found[2])) if found else (-1, "")
        if call in ("fsync", "fdatasync") and path in {*self.disk.folders, self.root}:
            yield DiskEvent("folder-sync", path)
        if descriptor not in self.open:
            return
        number, place, appends = self.open[descriptor]
        match call:
            case "close":
                del self.open[descriptor]
            case "lseek":
                self.open[descriptor] = (number, result, appends)
            case "read":
                self.open[descriptor] = (number, place + result, appends)
            case "write":
                content = _strings(arguments)[0][:result]
                place = self._size(number) if appends else place
                self.open[descriptor] = (number, place + result, appends)
                yield DiskEvent("write", path, place, content, file=number)
            case "pwrite64":
                at = int(arguments.rsplit(",", 1)[1])
                yield DiskEvent("write", path, at, _strings(arguments)[0][:result], file=number)
            case "ftruncate":
                yield DiskEvent("cut", path, int(arguments.rsplit(",", 1)[1]), file=number)
            case "fsync" | "fdatasync":
                yield DiskEvent("sync", path, file=number)

    def _size(self, number: int) -> int:
        file = self.disk.files[number]
        content = bytearray(file.content)
        for event in file.pending:
            _put(content, event)
        return len(content)

    def _paths(self, arguments: str) -> list[str | None]:
        """The names in a call, whole; None for those elsewhere."""
        whole = []
        for found in re.finditer(r'(?:(?:AT_FDCWD|\d+)(?:<([^>]*)>)?, )?"((?:\\x[0-9a-f]{2})*)"', arguments):
            path = os.path.normpath(Path(_unquoted(found[1] or "")) / _unquoted(found[2]))
            whole.append(path if path.startswith(f"{self.root}/") else None)
        return whole


def _strings(arguments: str) -> list[bytes]:
    found = _QUOTED.findall(arguments)
    assert not any(cut for _, cut in found), "the trace was cut short"
    return [bytes.fromhex(text.replace("\\x", "")) for text, _ in found]


def _unquoted(text: str) -> str:
    if "\\x" not in text:
        return text
    return re.sub(r"(?:\\x[0-9a-f]{2})+", lambda m: bytes.fromhex(m[0].replace("\\x", "")).decode(), text)
