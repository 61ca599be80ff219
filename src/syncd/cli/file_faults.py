"""Errors of the system about a file, with what to do about them."""

from __future__ import annotations

import errno

_HELP = {
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "part of that path is a file, not a folder",
    errno.EISDIR: "this is a folder: give a file",
    errno.EACCES: "permission denied: check who owns it",
    errno.EPERM: "permission denied: check who owns it",
    errno.EROFS: "the disk is read-only: choose another place",
    errno.ENOSPC: "the disk is full: free some space",
    errno.EDQUOT: "your disk quota is used up: free some space",
    errno.ENAMETOOLONG: "the name is too long",
}


def of_system(error: OSError) -> str:
    """One line: which file, and what is wrong."""
    problem = _HELP.get(error.errno or 0, error.strerror or str(error))
    return f"{error.filename}: {problem}" if error.filename else problem
