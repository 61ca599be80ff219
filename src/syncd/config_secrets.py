"""Which settings are secret, and a configuration that can be shown to others."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

# Words in the name of a key that make it a secret, whoever wrote it there.
_SECRET_WORDS = frozenset(
    {"secret", "secrets", "token", "tokens", "password", "passwords", "passwd", "passphrase", "pass", "pwd"}
    | {"pin", "key", "keys", "apikey", "credential", "credentials", "auth", "authorization", "cookie"}
    | {"private"}
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class ShareableConfig:
    """The text, valid TOML, and the names of what it leaves out."""

    text: str
    left_out: tuple[str, ...]


def is_secret(name: str, settings: type[BaseModel]) -> bool:
    """Whether the value of a key of that name must not be shown, wherever it stands."""
    words = {word.lower() for word in _WORD.findall(name)}
    return name.lower() in _secret_fields(settings) or bool(words & _SECRET_WORDS)


def shareable(text: str, settings: type[BaseModel]) -> ShareableConfig:
    """The settings without secrets, and without what syncd does not know: that may be one.

    Comments are left out too. Raises ValueError for what is no TOML.
    """
    left_out: list[str] = []
    values = _cleaned(tomllib.loads(text), settings, settings, (), left_out)
    lines = ["# Your settings, without secrets and without comments."]
    lines += [f"# left out: {name}" for name in left_out]
    return ShareableConfig("\n".join([*lines, *_written(values, ())]).strip() + "\n", tuple(left_out))


def _secret_fields(settings: type[BaseModel]) -> frozenset[str]:
    """The names of all fields that the model keeps secret, in every section."""
    found: set[str] = set()
    for name, field in settings.model_fields.items():
        inner = _section(field.annotation)
        if inner is not None:
            found |= _secret_fields(inner)
        elif "SecretStr" in str(field.annotation):
            found.add(name)
    return frozenset(found)


def _section(annotation: Any) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _cleaned(
    table: Mapping[str, Any],
    known: type[BaseModel],
    settings: type[BaseModel],
    above: tuple[str, ...],
    left_out: list[str],
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in table.items():
        place = (*above, key)
        field = known.model_fields.get(key)
        inner = None if field is None else _section(field.annotation)
        if field is not None and inner is not None and isinstance(value, Mapping):
            kept[key] = _cleaned(value, inner, settings, place, left_out)
        elif field is None or inner is not None or is_secret(key, settings) or _carries_login(value):
            left_out.append(_dotted(place))
        else:
            kept[key] = value
    return kept


def _carries_login(value: Any) -> bool:
    """An address with a name or a password in it, or a question mark that a key may follow; also in lists."""
    if isinstance(value, Mapping):
        return any(is_word or _carries_login(inner) for is_word, inner in _pairs(value))
    if isinstance(value, list):
        return any(map(_carries_login, value))
    if not isinstance(value, str) or "://" not in value:
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return True
    return "@" in parts.netloc or bool(parts.query or parts.fragment)


def _pairs(table: Mapping[str, Any]) -> Iterator[tuple[bool, Any]]:
    for key, value in table.items():
        yield bool({word.lower() for word in _WORD.findall(key)} & _SECRET_WORDS), value


def _written(table: Mapping[str, Any], above: tuple[str, ...]) -> list[str]:
    """The lines of a table: its values first, then the tables in it."""
    inner = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    own = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if key not in inner]
    header = ["", f"[{_dotted(above)}]"] if above and (own or not inner) else []
    return [*header, *own, *(line for key in inner for line in _written(inner[key], (*above, key)))]


def _dotted(place: tuple[str, ...]) -> str:
    return ".".join(map(_key, place))


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    """A JSON string is a basic string of TOML, but for what TOML wants escaped too."""
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case float():
            return repr(value) if math.isfinite(value) else str(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return "{" + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + "}"
        case date() | time():  # a moment is a date too
            return value.isoformat()
    return str(value)
