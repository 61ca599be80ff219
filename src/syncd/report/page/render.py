"""The page as one file: templates, styles and pictures put together, every text escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from syncd.domain.plain_text import one_line
from syncd.domain.scoring.card import ScoreBand
from syncd.report.page import sizes
from syncd.report.page.model import RunCard, Story
from syncd.report.page.trend_charts import TrendPicture, fitness_picture, line_picture, weeks_picture

if TYPE_CHECKING:
    from jinja2 import Environment

_TONES = {ScoreBand.ON_PLAN: "good", ScoreBand.CLOSE: "fair"}


def render(story: Story) -> str:
    """The whole HTML file."""
    from markupsafe import Markup

    environment = _environment()
    metres, name = story.unit
    environment.filters["distance"] = lambda value: "" if value is None else f"{value / metres:.1f} {name}"
    style = Markup(_style())  # noqa: S704 - our own file
    return environment.get_template("page.html").render(
        story=story, style=style, policy=policy(), **_pictures(story)
    )


def policy() -> str:
    """Nothing may be loaded, run or sent; the one style sheet is named by its hash."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _pictures(story: Story) -> dict[str, TrendPicture | None]:
    weeks, (metres, name) = story.weeks, story.unit
    if not weeks:
        return {"weeks": None, "long_runs": None, "fitness": None, "efficiency": None}
    span = (weeks[0].start, weeks[-1].start + timedelta(weeks=1))
    longest = [(week.start, week.longest_m / metres) for week in weeks if week.longest_m > 0]
    easy = [(week.start, week.efficiency) for week in weeks if week.efficiency is not None]
    return {
        "weeks": weeks_picture(weeks, story.unit, story.this_week),
        "long_runs": line_picture(longest, span, _of(longest, f"Longest run of each week, {name}")),
        "fitness": fitness_picture(story.fitness, _with_results(span, story)),
        "efficiency": line_picture(
            easy, span, _of(easy, "Metres per heartbeat on easy runs"), "{:.2f}".format
        ),
    }


def _with_results(span: tuple[date, date], story: Story) -> tuple[date, date]:
    """Results may be older than the first week."""
    return (min([span[0], *(point.day for point in story.fitness)]), span[1])


def _of(points: Sequence[tuple[date, float]], what: str) -> str:
    return f"{what}: from {points[0][1]:.1f} to {points[-1][1]:.1f}." if points else what


def _tone(run: RunCard) -> str:
    """A class that goes with the text, never instead of it."""
    return "soft" if run.band is None else _TONES.get(run.band, "poor")


@cache
def _style() -> str:
    from importlib.resources import files

    return files("syncd.report.page").joinpath("templates/style.css").read_text(encoding="utf-8")


def _harmless(value: object) -> object:
    return one_line(value) if type(value) is str else value


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("syncd.report.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tone"] = _tone
    environment.globals["size"] = sizes
    return environment
