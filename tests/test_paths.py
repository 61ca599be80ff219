"""Where things live: XDG for a person, systemd's directories for a service, a folder per profile."""

from pathlib import Path

import pytest

from syncd.paths import PathError, locate


def test_a_person_has_xdg_directories(home: Path) -> None:
    paths = locate()
    assert paths.config == home / ".config/syncd/config.toml"
    assert paths.state == home / ".local/state/syncd"
    assert paths.athlete_key == "me"


def test_a_service_has_the_directories_that_systemd_gives(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("CONFIGURATION_DIRECTORY", str(tmp_path / "etc"))
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "var"))
    paths = locate()
    assert (paths.config, paths.state) == (tmp_path / "etc/config.toml", tmp_path / "var")


def test_a_profile_has_its_own_everything(home: Path) -> None:
    paths = locate("anna")
    assert paths.config == home / ".config/syncd/anna/config.toml"
    assert paths.state == home / ".local/state/syncd/anna"
    assert paths.athlete_key == "anna"


def test_a_configuration_named_by_hand_keeps_its_state_beside_it(tmp_path: Path) -> None:
    assert locate(config=tmp_path / "my.toml").state == tmp_path / "state"


@pytest.mark.parametrize("name", ["../anna", "a/b", ".hidden", "x" * 41, "an na"])
def test_a_profile_name_is_never_a_path(name: str) -> None:
    with pytest.raises(PathError, match="use letters"):
        locate(name)
