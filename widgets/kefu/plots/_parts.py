"""What several plots are put together from: names, numbers in words, rows and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from kefu.plots.house import INK, PAPER, SOFT, wrap
from kefu.quality._given import refusal
from kefu.text import Lang, Text

__all__ = [
    "CLEAR", "HATCH", "LINE", "SMALL", "Key", "Name", "Rows", "above",
    "fitting", "high", "named", "number_in", "on", "said",
    "spread",
]  # fmt: skip

Name = Text | str
"""What a learner calls a thing: in both languages, or as it stands in the data."""

SMALL: Final = 9
HATCH: Final = "///"
CLEAR: Final = {"boxstyle": "square,pad=0.1", "fc": PAPER, "ec": "none"}
"""Paper behind letters that may lie on a line."""
LINE: Final = 0.165
"""Inches from one line of small letters to the next."""
_BAND: Final = 0.21
_APART: Final = 0.15
_ACROSS: Final = 62
"""Columns of small letters across a whole figure."""


def said(name: Name, lang: Lang) -> str:
    """The name in `lang`, or as it is."""
    return name[lang] if isinstance(name, Text) else name


def named(names: Sequence[Name], lang: Lang, *, count: int, least: int = 1) -> list[str]:
    """The names in `lang`: as many as `count`, and at least `least`.

    Raises:
        KefuError: their number is another.
    """
    if len(names) != count or count < least:
        raise refusal(
            f"名称有 {len(names)} 个，数据有 {count} 行，至少要 {least} 行",
            f"there are {len(names)} names for {count} rows, where at least {least} is needed",
            "每行数据写一个名称",
            "give one name for each row of the data",
        )
    return [said(name, lang) for name in names]


def on(ground: str) -> str:
    """The ink that can be read on a ground of this colour."""
    red, green, blue = to_rgb(ground)
    return PAPER if 0.3 * red + 0.59 * green + 0.11 * blue < 0.55 else INK


def above(axes: Axes, words: str) -> None:
    """What the upright axis counts, written level above it."""
    top = axes.secondary_xaxis("top")
    top.set_xticks([])
    top.spines["top"].set_visible(False)
    top.set_xlabel(words, loc="left", fontsize=SMALL, color=SOFT, labelpad=2)


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The same places in the same order, moved until no two are nearer than `gap`."""
    order = sorted(range(len(places)), key=lambda at: places[at])
    # Neighbours too near become one block, which rests at the mean of where its members would be.
    blocks: list[list[float]] = []  # [sum of wished starts, members]
    for rank, at in enumerate(order):
        blocks.append([places[at] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, members = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += members
    starts = [total / members for total, members in blocks for _ in range(int(members))]
    found = [0.0] * len(places)
    for rank, at in enumerate(order):
        found[at] = starts[rank] + rank * gap
    return found


class Rows(NamedTuple):
    """Rows one below the other, each a name above its band; all in inches from the top."""

    names: list[str]
    tops: list[float]
    bands: list[float]
    high: float

    def label(self, axes: Axes, left: float, right: float, figures: Sequence[str] = ()) -> None:
        """Writes the names at `left`, and what belongs to each at `right`."""
        for name, top in zip(self.names, self.tops, strict=True):
            axes.text(left, top, name, fontsize=SMALL, va="top", linespacing=1.25)
        for words, top in zip(figures, self.tops, strict=False):
            axes.text(right, top, words, fontsize=SMALL, va="top", ha="right", color=INK)
        axes.set_ylim(self.high, 0)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)


def fitting(
    names: Sequence[str], figures: Sequence[str] = (), *, band: float = _BAND, start: float = 0.04
) -> Rows:
    """Room for rows of these names; long ones take several lines beside their figures."""
    room = _ACROSS - max((len(each) for each in figures), default=0) - 4
    wrapped = [wrap(name, room) for name in names]
    tops, bands, at = [], [], start
    for name in wrapped:
        tops.append(at)
        at += LINE * (name.count("\n") + 1) + 0.02
        bands.append(at + band / 2)
        at += band + _APART
    return Rows(wrapped, tops, bands, at - _APART / 2)


def high(title: str, inside: float, *, below: float = 0.5) -> float:
    """The height of a figure: its title, `inside` inches of drawing, and what stands below."""
    lines = wrap(title, 55).count("\n") + 1
    return inside + 0.19 * lines + 0.2 + below


class Key:
    """Small patches with their words, in lines across the top of a drawing made of rows."""

    def __init__(self, words: Sequence[str], inks: Sequence[str], hatched: Sequence[bool]) -> None:
        self.words, self.inks, self.hatched = words, inks, hatched
        self.lines: list[list[int]] = [[]]
        room = 1.0
        for at, each in enumerate(words):
            if self._share(each) > room and self.lines[-1]:
                self.lines.append([])
                room = 1.0
            self.lines[-1].append(at)
            room -= self._share(each)
        self.high = 0.2 * len(self.lines) + 0.06

    @staticmethod
    def _share(words: str) -> float:
        """Of the figure's width: a patch, the words and what parts them from the next."""
        columns = sum(2 if ord(each) > 0x2E7F else 1 for each in words)
        latin = sum(ord(each) < 0x2E80 for each in words)
        return (5.2 + columns - 0.05 * latin) / 68

    def draw(self, axes: Axes, across: float) -> None:
        """Draws it; `across` is how far the axes reach from 0, their inches begin at the top."""
        for row, line in enumerate(self.lines):
            at, y = 0.0, 0.1 + 0.2 * row
            for each in line:
                axes.barh(y, 0.03 * across, 0.12, at, color=self.inks[each], ec=PAPER, lw=0.6,
                          hatch=HATCH if self.hatched[each] else None)  # fmt: skip
                axes.text(at + 0.038 * across, y, self.words[each], fontsize=SMALL, va="center")
                at += self._share(self.words[each]) * across


def number_in(axes: Axes, x: float, y: float, words: str, ground: str) -> None:
    """A number within a bar; no hatching runs through it."""
    axes.text(x, y, words, fontsize=SMALL, ha="center", va="center", color=on(ground),
              bbox={"boxstyle": "square,pad=0.2", "fc": ground, "ec": "none"})  # fmt: skip
