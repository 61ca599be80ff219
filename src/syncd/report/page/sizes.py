"""The sizes of the pictures: drawn from here, and written into the templates from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """A picture with an axis on its left. `top` and `end` hold the values, marks are written below `end`.

    Every measure is in units of the picture's own viewBox.
    """

    height: int
    top: int
    end: int
    marks: int  # where the text below begins
    width: int = 640
    left: int = 46
    right: int = 632

    @property
    def labels(self) -> int:
        """Where the numbers beside the axis end."""
        return self.left - 4

    @property
    def tall(self) -> int:
        """The height that the values have."""
        return self.end - self.top


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
LAST_LABEL = 32  # a mark so near to the edge is written to its left
