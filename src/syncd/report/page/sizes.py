"""The sizes of the pictures: drawn from here, and written into the templates from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """A picture between labels that keep their size, so that a phone shows them as large as a desk does.

    Heights are pixels. Widths are stretched to whatever room there is: lines and bars by the browser,
    the place of a label as a share of the width. `top` and `end` hold the values, marks are below `end`.
    """

    height: int
    top: int
    end: int
    marks: int  # the line on which the text below stands
    width: int = 600

    @property
    def tall(self) -> int:
        """The height that the values have."""
        return self.end - self.top

    def across(self, x: float) -> str:
        """A place as a share of the width: `12.5%`."""
        return f"{100 * x / self.width:.1f}%".replace(".0%", "%")


@dataclass(frozen=True, slots=True)
class Small:
    """A picture in a list: no axis, no text."""

    width: int = 120
    height: int = 36


RUN = ChartFrame(height=252, top=8, end=150, marks=246)
HEART_TOP, HEART_END = 168, 228  # of a run's picture, below its pace
TREND = ChartFrame(height=172, top=8, end=150, marks=166)
STRIPS = ChartFrame(height=190, top=8, end=150, marks=166)  # with the names of phases below
STRIP_NAMES = 184
SMALL = Small()
BASELINE = 4  # from the middle of a line of text to where it stands
LAST_LABEL = 20  # a mark so near to an edge is written to the side that has room
PHONE_PX, DESK_PX = 270, 840  # our defaults: the width of a picture on a phone, and on a large screen
CHARACTER_PX = 7.0  # of a label, on average
