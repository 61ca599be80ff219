"""What is installed with syncd is known beforehand: each package, its files by their hashes, its licence."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "constraints-run.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = ("x86_64", "aarch64")


def _locked():
    spec = importlib.util.spec_from_file_location("locked", ROOT / "scripts/locked.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["locked"] = module
    spec.loader.exec_module(module)
    return module


locked = _locked()
PINS = locked.pins_in(LOCK)


def environment(python: str, machine: str) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_system": "Linux",
        "python_full_version": f"{python}.1",
        "python_version": python,
        "sys_platform": "linux",
    }


def needed(names: list[str], there: dict[str, str], pins) -> tuple[set[str], list[str]]:
    """What is needed in an environment, and what of it the pins do not give in an allowed version."""
    given = {
        pin.name: pin
        for pin in pins
        if not pin.marker or Requirement(f"x; {pin.marker}").marker.evaluate(there)
    }
    seen: set[tuple[str, str]] = set()
    missing: list[str] = []
    waiting = [(Requirement(name), "") for name in names]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({**there, "extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        pin = given.get(name)
        if pin is None or pin.version not in requirement.specifier:
            missing.append(str(requirement))
            continue
        for wanted in ("", *requirement.extras):
            if (name, wanted) in seen:
                continue
            seen.add((name, wanted))
            waiting += [(Requirement(text), wanted) for text in _requires(name, pin.version)]
    return {name for name, _ in seen}, missing


def _requires(name: str, number: str) -> list[str]:
    """What that version needs, as far as it is the installed one."""
    try:
        return list(requires(name) or ()) if version(name) == number else []
    except PackageNotFoundError:
        return []


WANTED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["notify"]]


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_gives_all_that_is_needed_in_an_allowed_version(python, machine):
    names, missing = needed(WANTED, environment(python, machine), PINS)
    assert missing == []
    assert len(names) > 30


def test_the_lock_holds_nothing_that_nobody_needs():
    assert {pin.name for pin in PINS if not pin.wanted_by} == set()
    ours = {canonicalize_name(Requirement(text).name) for text in WANTED}
    assert {pin.name for pin in PINS if any("pyproject.toml" in name for name in pin.wanted_by)} == ours


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (r"jinja2==\S+", "jinja2==2.0", "jinja2"),
        (r"(?m)^urllib3==", "urllib4==", "urllib3"),
    ],
)
def test_a_lock_that_lacks_a_package_or_has_a_version_too_old_is_noticed(before, after, complaint):
    worse = locked.pins_in(re.sub(before, after, LOCK, count=1))
    _, missing = needed(WANTED, environment("3.11", "x86_64"), worse)
    assert any(text.startswith(complaint) for text in missing)


def test_a_pin_without_a_hash_is_refused():
    first = PINS[0]
    bare = LOCK.replace("".join(f"    --hash=sha256:{total} \\\n" for total in first.sums[:-1]), "", 1)
    bare = bare.replace(f"    --hash=sha256:{first.sums[-1]}\n", "", 1)
    with pytest.raises(ValueError, match=f"without a hash: {first.name}"):
        locked.pins_in(bare)


def test_what_builds_syncd_is_locked_with_all_that_it_needs():
    pins = locked.pins_in((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    build = {pin.name for pin in locked.needed_by(["hatchling"], pins)}
    _, missing = needed(["hatchling"], environment("3.11", "x86_64"), pins)
    assert missing == []
    assert {"hatchling", "packaging", "pathspec", "pluggy"} <= build
    assert "pytest" not in build


def test_the_installation_fetches_nothing_but_what_is_locked():
    """Each call of pip checks hashes, or asks no index at all."""
    script = (ROOT / "scripts/install").read_text(encoding="utf-8")
    (options,) = re.findall(r'^locked="(.*)"$', script, re.MULTILINE)
    assert {"--no-deps", "--require-hashes", "--only-binary"} <= set(options.split())
    calls = re.findall(r"-m pip (.*)", script)
    assert len(calls) == 4
    for call in calls:
        assert call.startswith("$locked ") or {"--no-deps", "--no-index"} <= set(call.split()), call
    container = (ROOT / "Containerfile").read_text(encoding="utf-8")
    assert "pip" not in container
    assert "RUN scripts/install /opt/syncd" in container


# --- bill of materials and licences


BILL = json.loads((ROOT / "bill-of-materials.cdx.json").read_text(encoding="utf-8"))


def test_the_bill_names_each_pin_once_with_its_hashes_and_its_licence():
    parts = {part["bom-ref"]: part for part in BILL["components"]}
    assert len(parts) == len(BILL["components"]) == len(PINS)
    for pin in PINS:
        part = parts[f"pkg:pypi/{pin.name}@{pin.version}"]
        sums = [entry["value"] for entry in part["properties"] if entry["name"] == "syncd:lock:sha256"]
        assert tuple(sums) == pin.sums
        (licence,) = part["licenses"]
        assert licence.get("expression") or licence["license"]["name"]


def test_the_bill_says_what_depends_on_what_and_names_only_what_is_in_it():
    known = {part["bom-ref"] for part in BILL["components"]}
    ours = BILL["metadata"]["component"]["bom-ref"]
    depends = {entry["ref"]: set(entry["dependsOn"]) for entry in BILL["dependencies"]}
    assert (BILL["bomFormat"], BILL["specVersion"]) == ("CycloneDX", "1.6")
    assert set(depends) == known | {ours}
    assert set().union(*depends.values()) == known


def test_the_only_licence_that_is_not_free_is_explained():
    page = (ROOT / "docs/reference/licences.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"(?m)^\| `([^`]+)` \| [^|]+ \| ([^|]+) \|", page))
    free = re.compile(r"(MIT|MIT-0|BSD-[23]-Clause|Apache-2\.0|ISC|MPL-2\.0|PSF-2\.0)( (AND|OR) .*)?$")
    odd = {name for name, licence in rows.items() if not free.match(licence.strip())}
    assert odd == {"garmin-fit-sdk"}
    assert "FIT Protocol License" in page


# --- the audit


@contextmanager
def answering(answer) -> Iterator[tuple[str, list]]:
    """A database of weaknesses on this machine; `answer` makes the reply of what is asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            asked.extend(queries)
            body = answer(queries)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def audit(service: str, *files: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "SYNCD_AUDIT_SERVICE": service}
    return subprocess.run(
        [sys.executable, ROOT / "scripts/audit", *files], capture_output=True, text=True, env=environ
    )


def known(weak: dict[str, list[str]]):
    def answer(queries):
        found = [[{"id": name} for name in weak.get(query["package"]["name"], ())] for query in queries]
        return json.dumps({"results": [{"vulns": ids} if ids else {} for ids in found]}).encode()

    return answer


def test_an_audit_asks_for_each_pin_of_both_locks_and_is_content_where_nothing_is_known():
    with answering(known({})) as (service, asked):
        done = audit(service)
    assert (done.returncode, done.stderr) == (0, "")
    names = {(query["package"]["name"], query["version"]) for query in asked}
    assert {(pin.name, pin.version) for pin in PINS} < names
    assert done.stdout == f"{len(names)} packages checked, 0 with known weaknesses\n"


def test_an_audit_names_what_is_weak():
    with answering(known({"jinja2": ["PYSEC-2", "GHSA-1"]})) as (service, _):
        done = audit(service, ROOT / "constraints-run.txt")
    assert done.returncode == 1
    assert re.match(r"jinja2 \S+: GHSA-1, PYSEC-2 \(https://osv\.dev/vulnerability/GHSA-1\)\n", done.stdout)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"results": []}', b'{"results": null}'])
def test_an_answer_that_is_none_is_no_reason_to_be_content(body):
    with answering(lambda _: body) as (service, _):
        done = audit(service)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing was checked" in done.stderr


def test_without_a_network_nothing_was_checked():
    done = audit("http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "scripts/audit: nothing was checked, OSV could not be asked ([Errno 111] Connection refused). "
        "Run it on a machine with a network\n"
    )


def test_an_empty_lock_is_not_a_clean_one(tmp_path):
    (tmp_path / "lock.txt").write_text("# nothing\n")
    done = audit("http://127.0.0.1:9", tmp_path / "lock.txt")
    assert (done.returncode, "there is no pin in" in done.stderr) == (2, True)
