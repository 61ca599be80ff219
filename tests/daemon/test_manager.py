import os

from syncd.daemon.manager import ServiceManager


def test_ready_and_status_reach_the_manager_and_children_cannot_speak_for_us(mailbox):
    path, received = mailbox
    environ = {"NOTIFY_SOCKET": path}
    manager = ServiceManager(environ)
    manager.ready("Started")
    assert received() == "READY=1\nSTATUS=Started"
    assert environ == {}


def test_the_same_status_is_told_once(mailbox):
    path, received = mailbox
    manager = ServiceManager({"NOTIFY_SOCKET": path})
    for text in ("one", "one", "two"):
        manager.status(text)
    assert [received(), received()] == ["STATUS=one", "STATUS=two"]


def test_a_status_with_line_ends_cannot_forge_another_field(mailbox):
    path, received = mailbox
    manager = ServiceManager({"NOTIFY_SOCKET": path})
    manager.status("bad\nREADY=1")
    assert received() == "STATUS=bad READY=1"


def test_the_watchdog_is_fed_at_half_its_limit_only_when_it_means_us(mailbox):
    path, received = mailbox
    watched = {"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}
    manager = ServiceManager({"NOTIFY_SOCKET": path, **watched})
    assert manager.report_every_s == 45
    manager.alive()
    assert received() == "WATCHDOG=1"
    assert ServiceManager({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1"}).report_every_s is None
    assert ServiceManager({"WATCHDOG_USEC": "nonsense"}).report_every_s is None


def test_reloading_carries_the_monotonic_time(mailbox):
    path, received = mailbox
    manager = ServiceManager({"NOTIFY_SOCKET": path})
    manager.reloading()
    first, second = received().split("\n")
    assert first == "RELOADING=1"
    assert second.removeprefix("MONOTONIC_USEC=").isdigit()


def test_without_a_manager_or_with_a_dead_one_nothing_happens(tmp_path):
    for environ in ({}, {"NOTIFY_SOCKET": str(tmp_path / "nobody")}, {"NOTIFY_SOCKET": "nonsense"}):
        manager = ServiceManager(dict(environ))
        manager.ready("Started")
        manager.alive()
        manager.stopping("Stopping")
        assert manager.report_every_s is None
    assert list(tmp_path.iterdir()) == []
