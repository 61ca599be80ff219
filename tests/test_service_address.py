"""Which addresses a login may travel to: every library must read the same host in them."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from syncd.service_address import check_address, check_base, is_loopback, origin_of


@pytest.mark.parametrize(
    "url",
    [
        "https://connectapi.garmin.com",
        "https://connectapi.garmin.com:8443/a/b",
        "https://[2001:db8::1]/a",
        "http://127.0.0.1:8765",
        "http://localhost",
        "http://[::1]:80/a",
        "https://www.strava.com/api/v3",
    ],
)
def test_an_address_of_a_service_is_taken(url):
    check_base(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "http://127.0.0.1.example.org",
        "http://127.0.0.2",
        "http://0.0.0.0",
        "http://127.0.0.1@example.org",
        "https://runner:canary@example.org",
        "https://runner@example.org",
        "https://@example.org",
        "https://example.org\\@127.0.0.1",
        "https://example.org\\.evil.org",
        "https://exam ple.org",
        "https://example.org\n.evil.org",
        "https://example.org:port",
        "https://example.org:99999",
        "https://",
        "https:///a",
        "https:example.org",
        "//example.org",
        "example.org",
        "ftp://example.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[::1",
        "https://ex\u0430mple.org",
        "https://example.org\x00.evil.org",
    ],
)
def test_any_other_is_refused(url):
    with pytest.raises(ValueError, match="must"):
        check_address(url)


@pytest.mark.parametrize("url", ["https://example.org/?a=b", "https://example.org/a#b"])
def test_nothing_can_be_put_behind_a_query(url):
    check_address(url)
    with pytest.raises(ValueError, match="must end with"):
        check_base(url)


@given(st.text(alphabet="https:/@\\?#.[]127localx0 \t\n%:-_", max_size=40))
def test_what_is_taken_leads_where_the_library_goes(tail):
    for scheme in ("https://", "http://"):
        url = scheme + tail
        try:
            check_address(url)
        except ValueError:
            continue
        try:
            prepared = requests.Request("GET", url).prepare()
        except requests.RequestException:
            continue
        assert origin_of(prepared.url) == origin_of(url)
        assert scheme == "https://" or is_loopback(prepared.url)
