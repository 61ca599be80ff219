"""Programs of the system are asked as they are found, and what they say becomes an answer or an error."""

from pathlib import Path

import pytest

from syncd.service.systemd import CommandResult, ServiceError, Systemctl, is_there, run


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Put a program of this name and text where programs are looked for."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    def made(name: str, text: str) -> None:
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)

    return made


def test_what_a_program_says_and_its_code_are_the_answer(program):
    program("loginctl", '#!/bin/sh\necho "asked: $*"\necho "no session" >&2\nexit 3\n')
    assert run("loginctl", "show-user", "runa") == CommandResult(3, "asked: show-user runa", "no session")


def test_a_program_that_is_missing_answers_like_a_shell(program):
    assert run("syncd-has-no-such-program") == CommandResult(127, "", "syncd-has-no-such-program: not found")


def test_a_program_that_cannot_be_started_is_an_answer_too(program):
    program("loginctl", "#!/nowhere/sh\n")
    found = run("loginctl")
    assert (found.code, found.out) == (1, "")
    assert "No such file" in found.err


def test_a_person_asks_the_manager_of_the_person(program):
    program("systemctl", '#!/bin/sh\necho "$*"\n')
    assert Systemctl(user=True).do("start", "syncd.service") == "--user start syncd.service"
    assert Systemctl(user=False).do("start", "syncd.service") == "start syncd.service"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("echo 'Job failed.\nSee the journal.' >&2; exit 1", "Job failed. See the journal."),
        ("echo 'Unit masked.'; exit 1", "Unit masked."),
        ("exit 5", "code 5"),
    ],
)
def test_an_error_is_one_line_with_what_was_asked(program, text, said):
    program("systemctl", f"#!/bin/sh\n{text}\n")
    with pytest.raises(ServiceError) as error:
        Systemctl(user=False).do("start", "syncd.service")
    assert str(error.value) == f"systemctl start syncd.service: {said}"


@pytest.mark.parametrize(
    ("there", "of_a_person", "of_the_system"),
    [
        (set(), False, False),
        ({"/run/systemd/system"}, False, True),
        ({"/run/systemd/system", "/run/user/1000/systemd"}, True, True),
    ],
)
def test_a_persons_manager_needs_a_session_beside_the_systems(monkeypatch, there, of_a_person, of_the_system):
    monkeypatch.setattr("os.getuid", lambda: 1000)
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) in there)
    assert (is_there(user=True), is_there(user=False)) == (of_a_person, of_the_system)


def test_where_the_manager_of_a_user_may_not_be_looked_at_there_is_none(monkeypatch):
    def closed(self: Path) -> bool:
        if str(self).startswith("/run/user/"):
            raise PermissionError(13, "Permission denied", str(self))
        return True

    monkeypatch.setattr(Path, "is_dir", closed)
    assert is_there(user=False)
    assert not is_there(user=True)
