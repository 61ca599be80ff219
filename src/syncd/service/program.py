"""Where the `syncd` program of this installation is."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path


def program_path() -> Path:
    """The script beside this interpreter; without one, the program that was called."""
    script = Path(sysconfig.get_path("scripts")) / "syncd"
    return script if script.exists() else Path(sys.argv[0]).absolute()
