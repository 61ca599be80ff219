"""What goes over the wire for each operation, with each version of the library; and no secret does."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from tests.support.cassettes import (
    FOLDER,
    NO_FILE,
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
from tests.support.shared import shared_path

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
BEARER = re.compile(r"(bearer|basic) [\w.+/=-]{8,}", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+(@|%40)(?!example\.org)[\w-]+\.[a-z]{2,}", re.IGNORECASE)
POSITION = re.compile(r'"\w*(lat|lon|lng|latitude|longitude)":\s*-?[0-9.]*[1-9]', re.IGNORECASE)
PERSON = re.compile(
    r'"\w*(user|full|display)name":\s*"(?!synthetic"|sandbox|runner@example\.org")', re.IGNORECASE
)
APP = re.compile(r"(client_secret|refresh_token|access_token|code)=(?!SCRUBBED)[^&]", re.IGNORECASE)
SECRETS = {
    "a secret of an app": APP,
    "a token": JWT,
    "a login": BEARER,
    "an e-mail": EMAIL,
    "a position": POSITION,
    "a person": PERSON,
}
SECRET_HEADERS = {"authorization", "cookie", "set-cookie"}


def texts(value: Any) -> Iterator[str]:
    """Every text and file in it, as it was before YAML folded and quoted it."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from (name, *texts(each))
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str | bytes):
        yield value.decode("latin-1") if isinstance(value, bytes) else value


def told_by(cassette: str) -> set[str]:
    """What a cassette tells that belongs to somebody."""
    interactions = yaml.safe_load(cassette)["interactions"]
    headers = {name.lower() for each in interactions for side in each.values() for name in side["headers"]}
    found = set(headers & SECRET_HEADERS)
    for text in texts(interactions):
        found |= {what for what, pattern in SECRETS.items() if pattern.search(text)}
    if cassette.startswith(SCRUBBED_MARK):
        bodies = [each["response"]["body"]["string"] for each in interactions]
        found |= {"a file" for body in bodies if isinstance(body, bytes) and body != NO_FILE}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_cassette_says_what_it_is_and_holds_no_secret(path):
    text = path.read_text()
    assert text.startswith((SYNTHETIC.partition(":")[0], SCRUBBED_MARK))
    assert told_by(text) == set()


def cassette_of(body: object, headers: dict[str, list[str]] | None = None) -> str:
    request = {"method": "GET", "uri": "https://connectapi.garmin.com/x", "body": None, "headers": {}}
    response = {"status": {"code": 200}, "headers": headers or {}, "body": {"string": body}}
    whole = {"interactions": [{"request": request, "response": response}]}
    return SCRUBBED_MARK + yaml.safe_dump(whole)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"token":"eyJhbGciOiJSUzI1.eyJleHAi.x"}', "a token"),
        ("Authorization: Bearer abcdefghijkl", "a login"),
        ("Basic YW5uYTpzZWNyZXQ=", "a login"),
        ('{"who":"anna@gmail.com"}', "an e-mail"),
        ("username=anna%40gmail.com", "an e-mail"),
        ("client_id=1&client_secret=abcdef", "a secret of an app"),
        ("grant_type=refresh_token&refresh_token=abcdef", "a secret of an app"),
        ('{"startLatitude":45.72}', "a position"),
        ('{"startLongitude":-0.19}', "a position"),
        ('{"maxLat":51.5,"say":"\u00e4 \\" and more, so that YAML quotes and folds it"}', "a position"),
        ('{"userProfileFullName":"Anna"}', "a person"),
        (b"PK\x03\x04\xff", "a file"),
    ],
)  # fmt: skip
def test_the_check_finds_planted_secrets(body, told):
    assert told_by(cassette_of(body)) == {told}


def test_the_check_finds_headers_that_log_in():
    assert told_by(cassette_of("{}", {"Set-Cookie": ["a=b"]})) == {"set-cookie"}


def test_the_scrubber_leaves_shape_and_types_and_nothing_that_tells_who_or_where():
    canary = "canary-4711"
    hidden = base64.b64encode(canary.encode()).decode()
    answer = {
        "access_token": canary,
        "profileId": 113_739_130,
        "userProfileFullName": canary,
        "aFieldOfTomorrow": hidden,
        "activityName": quote(canary + " ö"),
        "birthDate": "1980-01-18",
        "rows": [{"ownerDisplayName": canary, "startLatitude": 45.72, "ownerId": 70_000, "distance": 8000.0}],
        "activityType": {"typeId": 1, "typeKey": "running"},
        "startTimeLocal": "2026-03-17 07:00:00",
        "geoPolylineDTO": {"polyline": [{"lat": 45.72, "lon": -0.19}]},
        "metricDescriptors": [{"metricsIndex": 1, "key": "directLatitude"}],
        "activityDetailMetrics": [{"metrics": [8000.0, 45.72]}],
        "nothing": None,
    }
    clean = scrubbed(answer)
    text = json.dumps(clean)
    for form in (canary, hidden, quote(canary), "45.72", "0.19", "113739130", "70000", "1980"):
        assert form not in text
    assert clean["rows"][0]["distance"] == clean["activityDetailMetrics"][0]["metrics"][0] == 8000.0
    assert clean["activityType"] == answer["activityType"]
    assert clean["startTimeLocal"] == answer["startTimeLocal"]
    assert [type(each) for each in clean.values()] == [type(each) for each in answer.values()]


def test_an_answer_of_a_real_account_that_is_no_data_is_not_kept():
    kept = recorder("none", real=True).before_record_response(
        {"headers": {"Set-Cookie": ["a=b"]}, "body": {"string": b"PK\x03\x04 where I live"}}
    )
    assert kept == {"headers": {}, "body": {"string": NO_FILE}}


WHO = re.compile(
    r"paolo|matin|redacted@|bricerosenzweig|113739130|82413233|2591602|3020883|3c9af3f5|heathrow|bergamo"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|https?://|birthDate\": \"\d",
    re.IGNORECASE,
)


def test_nothing_of_real_athletes_passes_the_scrubber():
    folder = shared_path("recordings", "garmin")
    files = [*folder.glob("athlete-?/*.json"), *folder.glob("api-library/*.json")]
    found: set[str] = set()
    for path in files:
        whole = json.loads(path.read_text())
        answer = whole.get("json", whole) if isinstance(whole, dict) else whole
        found |= {each[0] for each in WHO.finditer(json.dumps(scrubbed(answer)))}
    assert files
    assert found == set()


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
