"""What goes over the wire for each operation, with each version of the library; and no secret does."""

import base64
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from tests.support.cassettes import (
    FOLDER,
    OPERATIONS,
    SCRUBBED_MARK,
    SYNTHETIC,
    folder_of_version,
    outcome,
    recorder,
    scrubbed,
    session_on,
    without_curl,
)

FILES = sorted(FOLDER.rglob("*.yaml"))
VERSIONS = ("garminconnect-0.3.2", "garminconnect-0.3.20")
REQUESTS = {"activities": 1, "download": 1, "expired": 3}


def played(name: str) -> Path:
    path = folder_of_version() / f"{name}.yaml"
    if not path.exists():
        pytest.skip(f"no cassettes of {path.parent.name}: run scripts/record-cassettes")
    return path


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_operation_sends_what_is_recorded_and_makes_of_the_answer_what_it_must(tmp_path, name):
    operation = OPERATIONS[name]
    with without_curl(), recorder("none").use_cassette(str(played(name))) as cassette:
        found = outcome(operation, session_on(tmp_path))
    assert operation.gives(found), found
    assert cassette.all_played
    assert cassette.play_count == REQUESTS.get(name, 1)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_is_recorded_for_each_version_of_the_library(version):
    assert {path.stem for path in (FOLDER / version).glob("*.yaml")} == set(OPERATIONS)


def test_both_versions_send_the_same_requests():
    def sent(path: Path) -> list:
        whole = yaml.safe_load(path.read_text())
        return [(each["request"]["method"], each["request"]["uri"]) for each in whole["interactions"]]

    for name in OPERATIONS:
        first, second = (sent(FOLDER / version / f"{name}.yaml") for version in VERSIONS)
        assert first == second, name


# --- nothing that belongs to anybody

JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.")
BEARER = re.compile(r"bearer [\w.-]{8,}", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@(?!example\.org)[\w-]+\.[a-z]{2,}", re.IGNORECASE)
POSITION = re.compile(r'(latitude|longitude)":\s*-?\d*[1-9]', re.IGNORECASE)
SECRETS = {"a token": JWT, "a bearer token": BEARER, "an e-mail": EMAIL, "a position": POSITION}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_cassette_says_what_it_is_and_holds_no_secret(path):
    text = path.read_text()
    assert text.startswith((SYNTHETIC, SCRUBBED_MARK))
    assert {what for what, pattern in SECRETS.items() if pattern.search(text)} == set()
    for each in yaml.safe_load(text)["interactions"]:
        headers = {name.lower() for name in {**each["request"]["headers"], **each["response"]["headers"]}}
        assert not headers & {"authorization", "cookie", "set-cookie"}


@pytest.mark.parametrize(
    "planted",
    [
        '"token": "eyJhbGciOiJSUzI1.eyJleHAi.x"',
        "Authorization: Bearer abcdefghijkl",
        '"who": "anna@gmail.com"',
        '"startLatitude": 45.72',
    ],
)
def test_the_check_finds_planted_secrets(planted):
    assert any(pattern.search(planted) for pattern in SECRETS.values())


def test_the_scrubber_leaves_shape_and_types_and_nothing_that_tells_who_or_where():
    canary = "canary-4711"
    answer = {
        "access_token": canary,
        "profileId": 113_739_130,
        "fullName": canary,
        "rows": [{"ownerDisplayName": canary, "startLatitude": 45.72, "ownerId": 7, "distance": 8000.0}],
        "geoPolylineDTO": {"polyline": canary},
        "nothing": None,
    }
    clean = scrubbed(answer)
    text = json.dumps(clean)
    for form in (canary, base64.b64encode(canary.encode()).decode(), quote(canary), "45.72", "113739130"):
        assert form not in text
    assert clean["rows"][0]["distance"] == 8000.0
    assert [type(each) for each in clean.values()] == [type(each) for each in answer.values()]


def test_a_request_is_scrubbed_before_it_is_kept():
    from vcr.request import Request

    request = Request(
        "POST",
        "http://127.0.0.1:8765/di-oauth2-service/oauth/token",
        "grant_type=refresh_token&refresh_token=canary-1",
        {"Authorization": "Basic canary-2", "Accept": "*/*"},
    )
    kept = recorder("none").before_record_request(request)
    assert kept.uri == "https://diauth.garmin.com/di-oauth2-service/oauth/token"
    assert "canary" not in f"{kept.body!r} {kept.headers}"
