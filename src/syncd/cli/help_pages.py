"""The layout of `--help`: commands grouped by purpose, one line each, and examples at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

from syncd.cli.examples import EXAMPLES
from syncd.cli.exits import UsageFault

if TYPE_CHECKING:
    import typer

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "Set up": ("init", "auth", "import", "service", "demo"),
    "Every day": ("status", "next", "plan", "why", "watch", "score", "zones", "report", "sync"),
    "Change the plan": ("goal", "phase", "move", "skip", "pin", "pause", "sick", "resume", "health", "undo"),
    "Add missing information": ("answer", "pain", "heat", "result", "rpe", "match", "fix", "ignore"),
    "Maintenance": ("doctor", "run", "tidy", "rescore", "strava"),
    "Your data": ("calendar", "export", "forget"),
    "Sandbox and testing": ("sandbox",),
}
_FIRST = re.compile(r"(.*?[.;?])(\s|$)")  # up to the first stop


class CommandGroup(TyperGroup):
    """A group of commands with sections in its help, and with suggestions for misspelt ones."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One section per purpose; in a group of commands, a single section."""
        shown = {name: command for name, command in self.commands.items() if not command.hidden}
        for title, names in (SECTIONS if ctx.parent is None else {"Commands": tuple(shown)}).items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(_WIDEST), shown[name].short_help) for name in names])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As typer does. Raises UsageFault for an unknown command, with the nearest one."""
        name = args[0]
        if name not in self.commands and not name.startswith("-") and not ctx.resilient_parsing:
            raise UsageFault(
                f"there is no command {name}{self._meant(ctx, name)} ({ctx.command_path} --help)"
            )
        return super().resolve_command(ctx, args)

    def _meant(self, ctx: Any, name: str) -> str:
        from syncd.domain.nearest import did_you_mean

        subcommands = {path.split()[-1]: path for path in EXAMPLES if " " in path and ctx.parent is None}
        if name in subcommands:
            return f"; did you mean {subcommands[name]}?"
        return did_you_mean(name, [*self.commands, "--help", "--version"])


def dress(app: typer.Typer, path: tuple[str, ...] = ()) -> None:
    """Give every command of `app` a summary, for lists, and its examples, at the end of its help."""
    for command in app.registered_commands:
        assert command.callback is not None  # noqa: S101 - typer registers functions
        name = command.name or command.callback.__name__.replace("_", "-")
        command.short_help = summary(command.callback.__doc__ or "")
        command.epilog = epilog(EXAMPLES.get(" ".join((*path, name)), ()))
    for group in app.registered_groups:
        if group.typer_instance is not None and isinstance(group.name, str):
            group.short_help = summary(str(group.typer_instance.info.help))
            dress(group.typer_instance, (*path, group.name))


def epilog(examples: tuple[str, ...]) -> str | None:
    """The end of a page; the mark in front keeps every example on its own line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in examples)]) if examples else None


def summary(text: str) -> str:
    """The first part of a command's description."""
    match = _FIRST.match(" ".join(text.split()))
    return match[1].rstrip(".;") if match else ""


_WIDEST = max(len(name) for names in SECTIONS.values() for name in names)
