"""Installing twice is installing once; what was changed is told exactly."""

from dataclasses import dataclass, field

import pytest

from syncd.service.installing import InstallReport, Unit, install, state_of, uninstall
from syncd.service.systemd import CommandResult, ServiceError, Systemctl


@dataclass
class Manager:
    """Answers like systemctl, and remembers."""

    starts: bool = True
    active: set[str] = field(default_factory=set)
    enabled: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __call__(self, *argv):
        words = [each for each in argv[1:] if each not in ("--user", "--quiet")]
        self.asked.append(" ".join(words))
        verb, unit = words[0], words[-1]
        if verb in ("start", "restart"):
            if not self.starts:
                return CommandResult(1, "", "Job failed")
            self.active.add(unit)
        elif verb == "stop":
            self.active.discard(unit)
        elif verb == "enable":
            self.enabled.add(unit)
        elif verb == "disable":
            self.enabled.discard(unit)
        elif verb == "is-enabled":
            return CommandResult(0 if unit in self.enabled else 1, "", "")
        elif verb == "is-active":
            return CommandResult(0 if unit in self.active else 3, "", "")
        elif verb == "show":
            return self._shown(words[1])
        elif verb in ("list-units", "list-unit-files"):
            return CommandResult(0, "\n".join(sorted(self.enabled)), "")
        return CommandResult(0, "", "")

    def _shown(self, unit):
        known = unit in self.active or unit in self.enabled
        values = {
            "LoadState": "loaded" if known else "not-found",
            "ActiveState": "active" if unit in self.active else "inactive",
            "StatusText": "no configuration: run syncd init" if not self.starts else "Checking for new runs",
            "NRestarts": "2",
            "UnitFileState": "enabled" if unit in self.enabled else "",
        }
        return CommandResult(0, "\n".join(f"{key}={value}" for key, value in values.items()), "")


def unit(folder, text="a", name="syncd.service", file="syncd.service"):
    return Unit(name, file, folder, text)


def changed(manager, wanted):
    done = InstallReport()
    install(wanted, Systemctl(user=True, commands=manager), done)
    return done.changed


def test_the_first_time_it_is_written_enabled_and_started_then_nothing_changes(tmp_path):
    manager = Manager()
    path = tmp_path / "units/syncd.service"
    wanted = unit(tmp_path / "units")
    assert changed(manager, wanted) == [
        f"wrote {path}",
        "enabled syncd.service: it starts when the machine does",
        "started syncd.service",
    ]
    assert path.stat().st_mode & 0o777 == 0o644
    asked = len(manager.asked)
    assert changed(manager, wanted) == []
    assert all(each.startswith("is-") for each in manager.asked[asked:])


def test_after_an_upgrade_the_unit_is_replaced_and_the_service_restarted(tmp_path):
    manager = Manager()
    changed(manager, unit(tmp_path))
    assert changed(manager, unit(tmp_path, "b")) == [
        f"replaced {tmp_path / 'syncd.service'}",
        "restarted syncd.service",
    ]
    assert "daemon-reload" in manager.asked


def test_a_stopped_one_is_started_again(tmp_path):
    manager = Manager()
    changed(manager, unit(tmp_path))
    manager.active.clear()
    assert changed(manager, unit(tmp_path)) == ["started syncd.service"]


def test_it_tells_whether_it_was_started_just_now(tmp_path):
    systemctl = Systemctl(user=True, commands=Manager())
    assert install(unit(tmp_path), systemctl, InstallReport())
    assert not install(unit(tmp_path), systemctl, InstallReport())


def test_one_that_does_not_start_says_why(tmp_path):
    with pytest.raises(ServiceError, match="does not start: no configuration: run syncd init"):
        changed(Manager(starts=False), unit(tmp_path))


def test_taken_away_it_is_stopped_disabled_removed_and_the_second_time_there_is_nothing(tmp_path):
    manager = Manager()
    systemctl = Systemctl(user=True, commands=manager)
    changed(manager, unit(tmp_path))
    done, path = InstallReport(), tmp_path / "syncd.service"
    uninstall("syncd.service", path, systemctl, done)
    assert done.changed == ["stopped syncd.service", "disabled syncd.service", f"removed {path}"]
    again = InstallReport()
    uninstall("syncd.service", path, systemctl, again)
    assert again.changed == []


def test_a_template_stays_while_another_of_the_household_uses_it(tmp_path):
    manager = Manager()
    systemctl = Systemctl(user=False, commands=manager)
    for name in ("anna", "ben"):
        changed(manager, unit(tmp_path, name=f"syncd@{name}.service", file="syncd@.service"))
    path = tmp_path / "syncd@.service"
    uninstall("syncd@anna.service", path, systemctl, InstallReport())
    assert path.exists()
    assert manager.active == {"syncd@ben.service"}
    uninstall("syncd@ben.service", path, systemctl, InstallReport())
    assert not path.exists()


def test_how_it_stands_is_what_systemd_says(tmp_path):
    manager = Manager()
    changed(manager, unit(tmp_path))
    state = state_of("syncd.service", Systemctl(user=True, commands=manager))
    assert (state.installed, state.active, state.status, state.restarts) == (
        True,
        "active",
        "Checking for new runs",
        2,
    )
    silent = state_of(
        "syncd.service", Systemctl(user=True, commands=lambda *argv: CommandResult(1, "", "no bus"))
    )
    assert (silent.installed, silent.active) == (False, "unknown")
