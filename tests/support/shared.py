"""Real recordings that live beside the checkout, never inside it.

They belong to real people. Every test that reads one goes through here and is skipped, with
the reason, where the folder is absent.
"""

from functools import cache
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared_path(*parts: str) -> Path:
    """The path of a recording; skips the test when the recordings are not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no recordings beside the checkout: {'/'.join(('shared', *parts))}")
    return path


@cache
def fit_files() -> tuple[Path, ...]:
    """Every real FIT file, in a stable order; empty where there are none (tests then skip)."""
    return tuple(sorted((SHARED / "fit").glob("*/*.fit")))


def fit_file(identity: str) -> Path:
    """The FIT file whose name starts with `identity`."""
    shared_path("fit")
    found = [path for path in fit_files() if path.stem.startswith(identity)]
    if len(found) != 1:
        pytest.skip(f"no recording {identity} beside the checkout")
    return found[0]
