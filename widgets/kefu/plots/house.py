"""The house style: one font, one ink, one way from a figure to a page.

A figure is drawn inside `canvas` and given to `finish`. It is sized for a phone held upright;
on a larger screen and in print it is scaled up, since it is made of lines, not of dots.
Colours differ in lightness as well as in hue, and never say anything alone.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as Words

from kefu.text import Lang

__all__ = [
    "ACCENT", "BAD", "GOOD", "HIGH", "INK", "LINE", "PALE", "PAPER", "PART", "SERIES", "SOFT",
    "TINT", "WIDE", "Plot", "canvas", "finish", "headed", "wrap",
]  # fmt: skip

INK, SOFT, PAPER, LINE = "#1c2730", "#52616b", "#ffffff", "#d9dcd6"
ACCENT, TINT, PALE = "#0f6b66", "#e6f2f0", "#a9cdc9"
GOOD, PART, BAD = "#22663a", "#7a5200", "#9c2f1b"
SERIES: Final = (ACCENT, "#c8791c", "#5b4a8a", SOFT)
"""Up to four things side by side; each also has a marker, a dash or a label of its own."""

WIDE, HIGH = 4.8, 3.2
"""Inches: at 390 px a letter is then 11 px high, on a desktop 20 px."""

_FONT: Final = Path(__file__).with_name("kefu-sans.otf")
# Where 中文 meets a Latin letter or a digit.
_JOINT = re.compile("(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9−])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")
# The font's curly quotation marks are those of 中文, as wide as a character.
_NARROW: Final = str.maketrans("‘’“”", "''\"\"")
_OTHERS: Final = ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC")


@cache
def _families() -> list[str]:
    """The house's font, then one of this machine's for rare characters, then matplotlib's own."""
    font_manager.fontManager.addfont(_FONT)
    there = {font.name for font in font_manager.fontManager.ttflist}
    return ["Kefu Sans SC", *[name for name in _OTHERS if name in there][:1], "DejaVu Sans"]


def _style() -> Any:  # matplotlib's type for it is a literal of three hundred names
    return {
        "font.family": _families(),
        "font.size": 10,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "axes.titlepad": 10,
        "axes.labelsize": 10,
        "xtick.labelsize": 9,
        "ytick.labelsize": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": SOFT,
        "axes.labelcolor": SOFT,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "text.color": INK,
        "axes.titlecolor": INK,
        "axes.facecolor": PAPER,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "figure.autolayout": False,
        "figure.constrained_layout.use": False,
        "grid.color": LINE,
        "lines.linewidth": 1.6,
        "axes.unicode_minus": True,
        "axes.formatter.useoffset": False,
        "svg.fonttype": "path",  # a page then needs no font
        "svg.hashsalt": "kefu",
        "path.simplify": True,
    }


@dataclass(frozen=True)
class Plot:
    """A figure, the sentence it supports, and what a listener is told instead of it.

    `title` and `alt` are in the language `lang`. The same numbers give the same bytes with the
    same version of matplotlib.
    """

    figure: Figure
    title: str
    alt: str
    lang: Lang

    def svg(self) -> str:
        """The figure as SVG, letters drawn as outlines."""
        made = BytesIO()
        with mpl.rc_context(_style()):
            self.figure.savefig(made, format="svg", metadata={"Date": None})
        return made.getvalue().decode()

    def png(self, dpi: int = 144) -> bytes:
        """The figure as PNG, `dpi` dots an inch."""
        made = BytesIO()
        with mpl.rc_context(_style()):
            self.figure.savefig(made, format="png", dpi=dpi, metadata={"Software": None})
        return made.getvalue()

    def data(self) -> str:
        """The SVG as the source of an `<img>`, in which it can neither run nor fetch anything."""
        return f"data:image/svg+xml;base64,{b64encode(self.svg().encode()).decode()}"

    def _repr_html_(self) -> str:
        return (
            f'<img lang="{self.lang}" alt="{escape(self.alt)}" src="{self.data()}" '
            'style="width:100%;max-width:40rem">'
        )


@contextmanager
def canvas(lang: Lang, *, wide: float = WIDE, high: float = HIGH) -> Iterator[tuple[Figure, Axes]]:
    """An empty figure and its axes, `wide` by `high` inches, in the house style.

    What is drawn must be drawn inside: fonts and colours are settled when a thing is made.
    """
    with mpl.rc_context(_style()):
        figure = Figure(figsize=(wide, high), layout="constrained")
        axes = figure.subplots()
        yield figure, axes


def finish(figure: Figure, title: str, alt: str, lang: Lang) -> Plot:
    """The figure with the sentence it supports above it.

    Args:
        figure: what was drawn.
        title: the sentence, in `lang`; broken into lines to fit.
        alt: what a listener is told instead: what is shown, and what it says.
        lang: the language of both.
    """
    if lang == "zh":
        # Names that came in from outside stand apart from 中文 as they should.
        title, alt = _JOINT.sub(" ", title), _JOINT.sub(" ", alt)
    with mpl.rc_context(_style()):
        headed(figure, title)
        # All has its place then, and every picture of it is the same. No engine, rather than one
        # called "none": for that one matplotlib draws everything twice.
        if engine := figure.get_layout_engine():
            engine.execute(figure)
        figure.set_layout_engine(None)
        if lang == "en":
            for one in figure.findobj(Words):
                one.set_text(one.get_text().translate(_NARROW))
    return Plot(figure, title, alt, lang)


def headed(figure: Figure, title: str) -> None:
    """Writes the sentence above the figure, over its whole width."""
    across = int(figure.get_figwidth() * 12)
    figure.suptitle(wrap(title, across), x=0.01, ha="left", fontsize=11)


def wrap(words: str, across: int) -> str:
    """`words` in lines of at most `across` columns; a Chinese character takes two.

    English is broken between words, 中文 between characters but never before a closing mark.
    """
    lines, line, room = [], "", across
    for piece in _pieces(words):
        size = _columns(piece.rstrip())
        if size > room and line:
            lines.append(line.rstrip())
            line, room = "", across
            piece = piece.lstrip()
        line += piece
        room -= _columns(piece)
    return "\n".join([*lines, line.rstrip()])


def _columns(words: str) -> int:
    return sum(2 if _is_wide(each) else 1 for each in words)


def _is_wide(each: str) -> bool:
    # The font's curly quotation marks are as wide as a character.
    return unicodedata.east_asian_width(each) in "WF" or each in "‘’“”"


def _pieces(words: str) -> list[str]:
    """What must stay on one line: a word with its space, a character with its closing marks."""
    pieces: list[str] = []
    for each in words:
        last = pieces[-1] if pieces else ""
        wide = _is_wide(each)
        joins = last and (
            each in "，。；：？！、”）》" + " "
            or last[-1] in "“（《"
            or (not wide and not last.endswith(" ") and _columns(last[-1]) == 1)
        )
        if joins:
            pieces[-1] += each
        else:
            pieces.append(each)
    return pieces
