"""What the documentation names exists: commands, settings, shapes of JSON."""

import re
from pathlib import Path

import pytest

from syncd.config import Settings
from tests.support.commands import COMMANDS, LEAVES
from tests.support.json_schemas import printed_names

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_is_shown_exists(page: Path) -> None:
    text = page.read_text()
    blocks = "\n".join(re.findall(r"(?ms)^```\w*\n(.*?)^```", text))
    shown = re.findall(r"`syncd ([a-z]+)", text) + re.findall(r"(?m)^(?:\$ )?syncd ([a-z]+)", blocks)
    assert set(shown) <= set(COMMANDS)


def test_every_command_is_in_the_readme():
    text = (ROOT / "README.md").read_text()
    shown = [name for name, command in COMMANDS.items() if not command.hidden]
    assert [name for name in shown if not re.search(rf"`?\b{name}\b", text)] == []


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_every_command_says_what_it_does_and_speaks_json(name: str) -> None:
    command = LEAVES[name]
    assert command.help
    assert "--json" in {option for parameter in command.params for option in parameter.opts}


def test_every_shape_of_json_that_is_printed_is_documented():
    printed = printed_names()
    page = (ROOT / "docs/reference/json.md").read_text()
    assert len(printed) > 20
    assert {name for name in printed if name not in page} == set()


def test_every_setting_is_in_the_example():
    text = (ROOT / "config.example.toml").read_text()
    missing = []
    for section, field in Settings.model_fields.items():
        assert f"[{section}]" in text
        for key, inner in field.annotation.model_fields.items():
            if isinstance(inner.annotation, type) and hasattr(inner.annotation, "model_fields"):
                missing += [
                    f"{section}.{key}.{each}" for each in inner.annotation.model_fields if each not in text
                ]
            elif not re.search(rf"^#? ?{key} = ", text, re.MULTILINE):
                missing.append(f"{section}.{key}")
    addresses = {"garmin.sso_url", "garmin.token_url", "strava.api_url", "strava.oauth_url"}  # for stand-ins
    assert set(missing) <= addresses | {"strava.client_secret"}  # which does not belong in a file
