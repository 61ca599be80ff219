"""What goes over the wire to Strava for each operation, through the library; and no secret does."""

import pytest
import yaml
from vcr.request import Request

from tests.support.strava_cassettes import (
    HOST,
    OPERATIONS,
    folder_of_version,
    outcome,
    record,
    recorder,
    session_on,
)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_each_operation_sends_what_is_recorded_and_makes_of_the_answer_what_it_must(tmp_path, name):
    operation = OPERATIONS[name]
    path = folder_of_version() / f"{name}.yaml"
    if not path.exists():
        pytest.skip(f"no cassettes of {path.parent.name}: run scripts/record-cassettes")
    with recorder("none").use_cassette(str(path)) as cassette:
        found = outcome(operation, session_on(tmp_path), tmp_path)
    assert operation.gives(found), found
    assert cassette.all_played
    assert cassette.play_count == operation.requests


def test_recording_again_gives_the_same_files(tmp_path):
    record(tmp_path)
    kept = {path.name: path.read_text() for path in folder_of_version().glob("*.yaml")}
    assert {path.name: path.read_text() for path in tmp_path.glob("*.yaml")} == kept


def test_every_request_goes_to_strava_alone():
    for path in folder_of_version().glob("*.yaml"):
        for each in yaml.safe_load(path.read_text())["interactions"]:
            assert each["request"]["uri"].startswith(f"https://{HOST}/"), path.name


def test_the_secrets_of_app_and_login_are_scrubbed_before_a_request_is_kept():
    form = "client_id=1&client_secret=canary-1&refresh_token=canary-2&grant_type=refresh_token&code=canary-3"
    uri = f"http://127.0.0.1:8765/api/v3/push_subscriptions?{form}"
    kept = recorder("none").before_record_request(
        Request("POST", uri, form, {"Authorization": "Bearer canary-4", "Accept": "*/*"})
    )
    assert "canary" not in f"{kept.uri} {kept.body!r} {kept.headers}"
    assert b"grant_type=refresh_token" in kept.body


def test_tokens_in_an_answer_are_not_kept():
    answer = b'{"access_token":"canary-1","refresh_token":"canary-2","expires_at":9}'
    kept = recorder("none").before_record_response(
        {"headers": {"Set-Cookie": ["canary-3"]}, "body": {"string": answer}}
    )
    assert "canary" not in str(kept)
