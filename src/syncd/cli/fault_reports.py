"""Reports of errors in syncd itself: the traceback without secrets; of a service the newest are kept."""

from __future__ import annotations

import os
import re
import tempfile
import traceback
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from syncd.durable import private_folder
from syncd.paths import CYCLE_VARIABLE, PathError, locate

KEPT = 20  # our default: the same error comes back with every sync
_HIDDEN = "[hidden]"
_NAMES = (
    r"token|tkn|secret|password|passwd|pwd|authz?|authorization|cookie|ticket|session|api[_-]?key|key|code|"
    r"jwt|assertion|verifier|signature|credentials?"
)
_NAMED = re.compile(
    rf"(?i)(?P<name>\b[\w-]*(?:{_NAMES})\b[\"']?\s*(?:[=:]|%3D|%3A)\s*)(?:(?:bearer|basic)(?:\s+|%20|\+))?"
    r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s,;&)\]}\"']+)"
)
_SCHEME = re.compile(r"(?i)\b(bearer|basic)(\s+|%20|\+)[\w.~+/=%-]+")
_LOGIN_IN_URL = re.compile(r"(\w+://)[^/\s@\"']+@")
_QUERY = re.compile(r"(\w+://[^\s?\"']+)\?[^\s\"']+")
# What has a digit in so many letters in a row is no word of a program; a path has slashes between.
_LONG = re.compile(r"(?=[\w+=-]{0,200}\d)[A-Za-z0-9_+=-]{24,}(?:\.[A-Za-z0-9_+=-]+)*")


def without_secrets(text: str) -> str:
    """The text with everything hidden that may be a secret: named so, in an address, or long and random."""
    text = _LOGIN_IN_URL.sub(rf"\1{_HIDDEN}@", text)
    text = _QUERY.sub(rf"\1?{_HIDDEN}", text)
    text = _SCHEME.sub(rf"\1 {_HIDDEN}", text)
    text = _NAMED.sub(rf"\g<name>{_HIDDEN}", text)
    return _LONG.sub(_HIDDEN, text)


def kept_report(error: Exception) -> str:
    """Where the report of this error is; "" where none can be written."""
    folder = _folder()
    text = without_secrets("".join(traceback.format_exception(error)))
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="syncd-fault-", suffix=".txt", delete=False, dir=folder
        ) as file:
            file.write(f"syncd {version('syncd')}\n{text}")
    except OSError:
        return ""
    if folder is not None:
        _keep_newest(folder)
    return file.name


def _folder() -> Path | None:
    """A service's temporary files disappear with it, so its reports are kept with its state."""
    if not os.environ.get(CYCLE_VARIABLE):
        return None
    try:
        folder = locate().faults
        private_folder(folder)
    except (OSError, PathError):
        return None
    return folder


def _keep_newest(folder: Path) -> None:
    with suppress(OSError):
        reports = sorted(folder.glob("*.txt"), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in reports[KEPT:]:
            old.unlink(missing_ok=True)
