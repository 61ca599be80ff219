"""What is wrong with a configuration, in one line for whoever wrote it."""

from __future__ import annotations

import os
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from syncd.config_secrets import is_secret
from syncd.domain.nearest import did_you_mean
from syncd.service_address import AddressError

Sections = dict[str, Any]
_WANTED = {  # by how pydantic calls the fault
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "date": "a day such as 2026-03-12",
    "string": 'text in quotes, such as "25:00"',
    "tuple": 'a list such as ["a", "b"]',
    "path": "a path in quotes",
}


def explain(error: ValidationError, settings: type[BaseModel], file: str, text: str) -> str:
    """The first fault, as `config.toml line 14: [plan] days = 9, must be 2 to 7`."""
    first = error.errors()[0]
    keys = [str(part) for part in first["loc"] if not isinstance(part, int)]
    sections: Sections = {name: field.annotation for name, field in settings.model_fields.items()}
    section, key = _placed(keys, sections)
    variable = f"SYNCD_{section}__{key}".replace(".", "__").upper()
    line = None if variable in os.environ else _line_of(text, section, key)
    where = variable if variable in os.environ else f"{file} line {line}" if line else file
    more = f" (and {len(error.errors()) - 1} more)" if len(error.errors()) > 1 else ""
    return f"{where}: {_fault(first, section, key, sections, settings)}{more}"


def _placed(keys: list[str], sections: Sections) -> tuple[str, str]:
    """Section and key; a section inside another one, `[strava.webhook]`, joins the known ones."""
    section, key, inner = [*keys, "", "", ""][:3]
    fields = getattr(sections.get(section), "model_fields", {})
    kind = fields[key].annotation if key in fields else None
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return section, key
    sections[f"{section}.{key}"] = kind
    return f"{section}.{key}", inner


def _fault(fault: Any, section: str, key: str, sections: Sections, settings: type[BaseModel]) -> str:
    name = f"[{section}] {key}" if key else f"[{section}]"
    kind = fault["type"]
    if kind == "extra_forbidden":
        return f"{name} is not a setting{_nearest(section, key, sections)}"
    if isinstance(fault.get("ctx", {}).get("error"), AddressError):
        return f"{name}: {fault['ctx']['error']}"
    if is_secret(key, settings):
        return f"{name} must be text in quotes, or a list of it"  # its value is nobody's business
    context = fault.get("ctx", {})
    value = fault.get("input")
    if "ge" in context or "le" in context:
        low, high = _bounds(sections[section], key)
        return f"{name} = {value}, must be {low:g} to {high:g}"
    if kind in {"literal_error", "enum"}:
        allowed = str(context.get("expected"))
        near = did_you_mean(str(value), re.findall("'([^']*)'", allowed))
        return f"{name} = {value!r}, must be {allowed}{near}"
    if "error" in context and not kind.startswith("date"):
        return f"{name}: {context['error']}"
    if wanted := next((text for start, text in _WANTED.items() if kind.startswith(start)), ""):
        return f"{name} = {value!r}, must be {wanted}"
    return f"{name} = {value!r}: {fault['msg'][:1].lower()}{fault['msg'][1:]}"


def _bounds(model: type[BaseModel], key: str) -> tuple[float, float]:
    limits = model.model_fields[key].metadata
    low = next((rule.ge for rule in limits if hasattr(rule, "ge")), 0)
    high = next((rule.le for rule in limits if hasattr(rule, "le")), 0)
    return float(low), float(high)


def _nearest(section: str, key: str, sections: Sections) -> str:
    homes = [name for name, model in sections.items() if not key and section in model.model_fields]
    if homes:
        return f"; it belongs below [{homes[0]}]"
    known = list(sections[section].model_fields) if key and section in sections else list(sections)
    return did_you_mean(key or section, known) or f"; known are {', '.join(known)}"


def _line_of(text: str, section: str, key: str) -> int | None:
    """The line that sets the key (or opens the section), from 1."""
    inside = False
    opened = None
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            inside = header[1] == section
            opened = number if inside else opened
        elif (inside if key else opened is None) and re.match(rf"\s*{re.escape(key or section)}\s*=", line):
            return number
    return opened
