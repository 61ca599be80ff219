"""Which connectors there are: packages declare them under the entry point group `syncd.connectors`."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from syncd.connectors.base import Connector, Rejected

GROUP = "syncd.connectors"


def connector(name: str) -> Connector:
    """The connector of that name. Raises Rejected where none, or a broken one, is installed."""
    entries = tuple(entry_points(group=GROUP, name=name))
    if not entries:
        known = ", ".join(sorted(entry.name for entry in entry_points(group=GROUP)))
        raise Rejected(f"no connector named {name!r} is installed (there is: {known})")
    return loaded(entries[0])


def loaded(entry: EntryPoint) -> Connector:
    """The connector that a package declares. Raises Rejected where it is broken."""
    try:
        found = entry.load()
    except (ImportError, AttributeError) as error:
        raise Rejected(f"the connector {entry.name!r} cannot be loaded: {error}") from error
    if not isinstance(found, Connector):
        raise Rejected(f"{entry.value} is not a connector")
    return found
