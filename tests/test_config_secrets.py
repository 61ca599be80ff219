"""A configuration that is shown to others: valid, the same settings, and no secret in whatever form."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.cli.main import main
from syncd.config import Settings
from syncd.config_secrets import is_secret, shareable

CANARY = "canary-4711"
FORMS = {
    "one": f'[notify]\nurls = "tgram://{CANARY}/1"',
    "a list": f'[notify]\nurls = ["tgram://{CANARY}/1", "mailto://x:{CANARY}@y"]',
    "a list over lines": f'[notify]\nurls = [\n  "tgram://{CANARY}/1",\n  "json://{CANARY}",\n]',
    "dotted": f'notify.urls = ["tgram://{CANARY}"]',
    "quoted": f'["notify"]\n"urls" = ["tgram://{CANARY}"]',
    "quoted and escaped": f'[notify]\n"\\u0075rls" = ["tgram://{CANARY}"]',
    "an inline table": f'notify = {{ urls = ["tgram://{CANARY}"], weekly = false }}',
    "text over lines": f'[daemon]\nheartbeat_url = """\nhttps://hc.example/{CANARY}"""',
    "literal": f"[daemon]\nheartbeat_url = 'https://hc.example/{CANARY}'",
    "literal over lines": f"[daemon]\nheartbeat_url = '''\nhttps://hc.example/{CANARY}'''",
    "an array of tables": f'[[notify]]\nurls = ["{CANARY}"]\n[[notify]]\nurls = ["{CANARY}"]',
    "a section inside": f'[strava.webhook]\nport = 8790\nverify_token = "{CANARY}"',
    "the app": f'[strava]\nclient_secret = "{CANARY}"\nclient_id = "12345"',
    "a mistyped key": f'[notify]\nurl = "tgram://{CANARY}"',
    "a mistyped section": f'[notifications]\nurls = ["tgram://{CANARY}"]',
    "another program": f'[garmin]\nemail = "a@b.c"\npassword = "{CANARY}"',
    "a name in camels": f'[garmin]\naccessToken = "{CANARY}"',
    "a comment": f'[plan]\ndays = 4  # {CANARY}\n# urls = "{CANARY}"',
    "a login in an address": f'[garmin]\napi_url = "https://me:{CANARY}@proxy.example"',
    "a key in an address": f'[garmin]\napi_url = "https://proxy.example/?key={CANARY}"',
    "below an unknown one": f'[[extra.deep]]\nlist = [{{ name = "{CANARY}" }}]',
    "as the name of a key": f'[notify]\n"{CANARY} =\\n[athlete]" = 1',
}


@pytest.mark.parametrize("form", sorted(set(FORMS) - {"as the name of a key"}))
def test_a_secret_stays_out_in_every_form_that_toml_allows(form):
    text = f'{FORMS[form]}\n[athlete]\ntimezone = "Europe/Rome"\n'
    found = shareable(text, Settings)
    assert CANARY not in found.text
    assert tomllib.loads(found.text)["athlete"] == {"timezone": "Europe/Rome"}
    Settings(**tomllib.loads(found.text))


def test_the_name_of_a_key_forges_no_line():
    found = shareable(FORMS["as the name of a key"], Settings)
    assert tomllib.loads(found.text) == {"notify": {}}


def test_what_is_no_secret_stays_as_it_is():
    text = """
        [athlete]
        timezone = "Europe/Rome"
        [fitness]
        five_k = "25:00"
        five_k_date = 2026-01-01
        [plan]
        weekdays = ["monday", "thursday"]
        weekly_km = 20.5
        blocked = [2026-03-01, 2026-03-02]
        [folder]
        inbox = 'C:\\runs "mine" \\n'
        [strava]
        client_id = 12345
        [strava.webhook]
        public_url = "https://runner.example.org"
        port = 8790
    """
    found = shareable(text, Settings)
    assert tomllib.loads(found.text) == tomllib.loads(text)
    assert found.left_out == ()


@given(
    st.dictionaries(
        st.sampled_from(["inbox", "outbox"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda text: "://" not in text),
    )
)
def test_any_text_is_written_so_that_it_reads_the_same(folder):
    values = {"folder": folder}
    quoted = "\n".join(f"{key} = {_basic(text)}" for key, text in folder.items())
    assert tomllib.loads(shareable(f"[folder]\n{quoted}\n", Settings).text) == values


def _basic(text):
    return '"' + "".join(f"\\U{ord(sign):08x}" for sign in text) + '"'


@pytest.mark.parametrize("text", ["[notify", 'urls = "a', "a = 1\na = 2", "\x00"])
def test_what_is_no_toml_is_refused(text):
    with pytest.raises(tomllib.TOMLDecodeError):
        shareable(text, Settings)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("urls", True),
        ("heartbeat_url", True),
        ("client_secret", True),
        ("API_KEY", True),
        ("refreshToken", True),
        ("client_id", False),
        ("public_url", False),
        ("keyboard", False),
        ("passing", False),
        ("five_k", False),
    ],
)
def test_a_secret_is_known_by_its_field_or_by_a_word_in_its_name(name, secret):
    assert is_secret(name, Settings) is secret


@pytest.mark.parametrize(
    "text",
    [
        f'[daemon]\nheartbeat_url = ["https://{CANARY}"]',
        f'[daemon]\nheartbeat_url = "ftp://{CANARY}"',
        f'[notify]\nurls = {{ a = "{CANARY}" }}',
        f'[notify]\nurls = [["{CANARY}"]]',
        f'[notify]\nurl = "{CANARY}"',
        f'[notify]\ntoken = "{CANARY}"',
        f'[strava]\nclient_secret = ["{CANARY}"]',
        f'[notify]\nurls = "{CANARY}',
    ],
    ids=repr,
)
def test_a_configuration_that_is_refused_is_refused_without_its_secrets(text, home, capsys):
    config = home / ".config/syncd/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(text)
    config.chmod(0o600)
    assert main(["sync"]) == 2
    said = capsys.readouterr()
    assert CANARY not in said.err + said.out
