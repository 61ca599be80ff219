"""What the environment may change about a request, and what it may not."""

import ssl
from pathlib import Path

import pytest
import requests

from syncd.connectors.garmin.client import lack_of_library
from syncd.connectors.garmin.wire import Wire
from syncd.connectors.messages import call_heartbeat
from syncd.connectors.pinned_session import NotAsked, PinnedSession, may_follow
from syncd.http_server import QuietHandler, QuietServer

CERTIFICATE = Path(__file__).parents[1] / "support" / "tls" / "of_nobody.pem"
SECRET = {"Authorization": "Bearer canary"}
PROXIES = (
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
)


class Heard(QuietServer):
    """A server, or a proxy, that notes what it is asked."""

    def __init__(self):
        self.lines = lines = []

        class Handler(QuietHandler):
            def do_GET(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                lines.append((self.requestline, self.headers.get("Authorization")))
                self.send(200, {"Content-Type": "application/json", "Content-Length": "2"}, b"{}")

            do_POST = do_GET

            def do_CONNECT(self):  # noqa: N802 - the name the base class calls
                lines.append((self.requestline, self.headers.get("Authorization")))
                self.send(502, {"Content-Length": "0"})

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture
def service():
    server = Heard()
    with server.served(0.01):
        yield server


@pytest.fixture
def proxy():
    server = Heard()
    with server.served(0.01):
        yield server


@pytest.fixture
def tls():
    """A server whose certificate nobody vouches for."""
    server = Heard()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("of_nobody.key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.certificate = CERTIFICATE
    with server.served(0.01):
        yield server


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    for name in (*PROXIES, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def of_requests(_wire):
    return PinnedSession()


def of_the_library(wire):
    return wire.session()


def of_curl(wire):
    curl_wire = pytest.importorskip("syncd.connectors.garmin.curl_wire")
    return curl_wire.WiredCurl(wire, impersonate="chrome")


KINDS = pytest.mark.parametrize("kind", [of_requests, of_the_library, of_curl])


def wire_to(server) -> Wire:
    url = f"http://127.0.0.1:{server.port}"
    return Wire(places={"connectapi": url, "sso": url})


@KINDS
def test_netrc_takes_no_login_away_and_adds_none(service, kind, tmp_path, monkeypatch):
    for name in (".netrc", "_netrc"):
        (tmp_path / name).write_text("default login other password canary\n")
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    session = kind(wire_to(service))
    session.get(f"http://127.0.0.1:{service.port}/a", headers=SECRET)
    session.post(f"http://127.0.0.1:{service.port}/b", data={"a": "b"})
    assert [given for _, given in service.lines] == ["Bearer canary", None]


@KINDS
@pytest.mark.parametrize("name", [name for name in PROXIES if "NO" not in name.upper()])
def test_no_proxy_comes_between_this_machine_and_itself(service, proxy, kind, name, monkeypatch):
    monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    kind(wire_to(service)).get(f"http://127.0.0.1:{service.port}/a", headers=SECRET)
    assert len(service.lines) == 1
    assert proxy.lines == []


@KINDS
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_is_asked_for_a_tunnel_and_sees_no_login(proxy, kind, name, monkeypatch):
    monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    with pytest.raises(OSError, match=r".*"):
        kind(Wire()).get("https://connectapi.garmin.com/a", headers=SECRET, timeout=5)
    assert {line.split()[0] for line, _ in proxy.lines} == {"CONNECT"}
    assert {given for _, given in proxy.lines} == {None}


@KINDS
def test_an_address_that_is_not_https_is_not_asked(kind, proxy):
    wire = Wire(places={"connectapi": "http://connectapi.garmin.com"})
    with pytest.raises(NotAsked):
        kind(wire).get("http://connectapi.garmin.com/a", headers=SECRET)


@KINDS
@pytest.mark.parametrize("value", ["", "0", "false"])
@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PYTHONHTTPSVERIFY"])
def test_nothing_in_the_environment_stops_the_check_of_certificates(kind, name, value, monkeypatch, tls):
    monkeypatch.setenv(name, value)
    with pytest.raises(OSError, match=r".*"):
        kind(wire_of(tls)).get(f"https://127.0.0.1:{tls.port}/a", headers=SECRET, timeout=5)
    assert tls.lines == []


@KINDS
def test_nobody_can_ask_for_no_check_of_certificates(kind, tls):
    session = kind(wire_of(tls))
    session.verify = False if kind is not of_curl else session.verify
    with pytest.raises(OSError, match=r".*"):
        session.get(f"https://127.0.0.1:{tls.port}/a", headers=SECRET, timeout=5, verify=False)
    assert tls.lines == []


@KINDS
@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_that_the_environment_vouches_for_is_trusted(kind, name, monkeypatch, tls):
    monkeypatch.setenv(name, str(tls.certificate))
    kind(wire_of(tls)).get(f"https://127.0.0.1:{tls.port}/a", headers=SECRET, timeout=5)
    assert tls.lines == [("GET /a HTTP/1.1", "Bearer canary")]


@KINDS
def test_certificates_that_are_not_there_are_an_error_of_the_network(kind, monkeypatch, tls):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    errors = requests.RequestException if kind is not of_curl else OSError
    with pytest.raises(errors):
        kind(wire_of(tls)).get(f"https://127.0.0.1:{tls.port}/a", headers=SECRET, timeout=5)
    assert tls.lines == []


def wire_of(tls) -> Wire:
    return Wire(places={"connectapi": f"https://127.0.0.1:{tls.port}"})


@pytest.mark.parametrize(
    ("url", "target", "follows"),
    [
        ("https://sso.garmin.com/a", "https://sso.garmin.com/b", True),
        ("https://sso.garmin.com/a", "https://SSO.garmin.com:443/b", True),
        ("https://sso.garmin.com/a", "http://sso.garmin.com/b", False),
        ("https://sso.garmin.com/a", "https://sso.garmin.com:444/b", False),
        ("https://sso.garmin.com/a", "https://sso.garmin.com.example.org/b", False),
        ("https://sso.garmin.com/a", "https://sso.garmin.com@example.org/b", False),
        ("https://sso.garmin.com/a", "ftp://sso.garmin.com/b", False),
        ("https://sso.garmin.com/a", "https://[::1", False),
    ],
)
def test_only_the_same_service_is_gone_on_to_and_only_without_a_login(url, target, follows):
    assert may_follow("GET", {"Accept": "*/*"}, url, target) == follows
    assert not may_follow("POST", {}, url, target)
    assert not may_follow("GET", {"authorization": "Bearer canary"}, url, target)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a",
        "https://garmin.com.example.org/a",
        "https://evilgarmin.com/a",
        "file:///etc/passwd",
    ],
)
def test_the_library_asks_only_hosts_of_the_service(url):
    with pytest.raises(NotAsked):
        Wire().address(url)


def test_a_host_of_the_service_that_a_later_release_needs_is_asked():
    assert Wire().address("https://auth.garmin.com/a?b=c") == "https://auth.garmin.com/a?b=c"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_monitor_on_this_machine_is_called_without_a_proxy(service, proxy, name, monkeypatch):
    monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    call_heartbeat(f"http://127.0.0.1:{service.port}/ping/canary", "")
    assert len(service.lines) == 1
    assert proxy.lines == []


def test_certificates_that_are_not_there_say_nothing_about_the_library(monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    assert lack_of_library() == ""


def test_a_place_that_is_configured_is_asked_beside_those_that_are_not():
    wire = Wire(places={"connectapi": "", "sso": "http://127.0.0.1:8765"})
    assert wire.address("http://127.0.0.1:8765/page") == "http://127.0.0.1:8765/page"
