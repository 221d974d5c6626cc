"""Whether a figure's words can be read: none on another, none beyond the edge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from matplotlib.text import Text as Words
from matplotlib.transforms import Bbox

from kefu.plots.house import Plot

__all__ = ["clear", "noted"]

DPI = 100
TOUCH = 0.15
"""So much of a word's height may reach into the next one: letters fill their box but seldom."""


@contextmanager
def noted() -> Iterator[dict[int, tuple[str, Bbox, float]]]:
    """All words drawn meanwhile, where, and in how many points; each once, however often drawn."""
    drawn: dict[int, tuple[str, Bbox, float]] = {}
    draw: Any = vars(Words)["draw"]

    def noting(self: Words, renderer: Any, *args: Any, **named: Any) -> None:
        if self.get_visible() and self.get_text().strip():
            # An annotation's own extent would hold its arrow and point as well.
            place = Words.get_window_extent(self, renderer)
            drawn[id(self)] = self.get_text(), place, float(self.get_fontsize())
        draw(self, renderer, *args, **named)

    with patch.object(Words, "draw", noting):
        yield drawn


def clear(plot: Plot) -> None:
    """Asserts that no words are drawn over others or beyond the figure's edge.

    The plot also has a title, a text for those who cannot see it, no letter smaller than 9 points
    and no NaN in its words.
    """
    assert plot.title
    assert plot.alt
    with noted() as words_and_places:
        plot.png(DPI)
    drawn = [(words, box) for words, box, _ in words_and_places.values()]
    assert min(size for *_, size in words_and_places.values()) >= 9
    assert not [words for words in (plot.title, plot.alt, *dict(drawn)) if "nan" in words]
    wide, high = (DPI * inches for inches in plot.figure.get_size_inches())
    beyond = [
        words
        for words, box in drawn
        if box.x0 < -1 or box.y0 < -1 or box.x1 > wide + 1 or box.y1 > high + 1
    ]
    assert beyond == [], "these words reach beyond the figure"
    over = [
        (one, other)
        for at, (one, box) in enumerate(drawn)
        for other, two in drawn[:at]
        if _overlap(box, two)
    ]
    assert over == [], "these words stand on each other"


def _overlap(one: Bbox, two: Bbox) -> bool:
    across = min(one.x1, two.x1) - max(one.x0, two.x0)
    up = min(one.y1, two.y1) - max(one.y0, two.y0)
    return bool(across > 1 and up > max(1.5, TOUCH * min(one.height, two.height)))
