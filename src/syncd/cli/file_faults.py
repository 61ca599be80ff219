"""What the system says of a file, with what to do about it."""

from __future__ import annotations

import errno

_HELP = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "a part of that path is a file, not a folder",
    errno.EISDIR: "that is a folder: name a file",
    errno.EACCES: "not allowed: look who owns it",
    errno.EPERM: "not allowed: look who owns it",
    errno.EROFS: "the disk can only be read: name another place",
    errno.ENOSPC: "the disk is full: make room",
    errno.EDQUOT: "your share of the disk is full: make room",
    errno.ENAMETOOLONG: "the name is too long",
}


def of_system(error: OSError) -> str:
    """One line: which file, and how it is."""
    said = _HELP.get(error.errno or 0, error.strerror or str(error))
    return f"{error.filename}: {said}" if error.filename else said
