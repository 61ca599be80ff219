"""Files that come with the program: the units, and the example of a configuration."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: str) -> str:
    """The text of `systemd/...` or `config.example.toml`: from the wheel, or from the working copy.

    Raises FileNotFoundError where the installation is incomplete.
    """
    places = (_PACKAGE / "shipped" / name, _PACKAGE.parents[1] / name)
    for place in places:
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise FileNotFoundError(2, "missing from this installation: reinstall syncd", str(places[0]))
