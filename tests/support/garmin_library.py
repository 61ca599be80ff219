"""The garminconnect library as a later release might be: something is called otherwise."""

from types import SimpleNamespace
from typing import Any

import garminconnect
import pytest
from garminconnect.client import Client


def without(*names: str) -> Any:
    """A client of the installed library that does not have these names."""
    gone: set[str] = set()

    class Renamed(Client):
        def __getattribute__(self, name: str) -> Any:
            if name in gone:
                raise AttributeError(name)
            return super().__getattribute__(name)

    made = Renamed()
    gone.update(names)
    return made


def install_without(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """From now on the library gives out such clients."""
    monkeypatch.setattr(garminconnect, "Garmin", lambda is_cn: SimpleNamespace(client=without(*names)))
