"""What is not heard: those who complain as the tip of an iceberg, areas in proportion."""

from __future__ import annotations

import numpy as np
from matplotlib.patches import Polygon

from kefu.plots._parts import HATCH, high
from kefu.plots.house import ACCENT, INK, PALE, PAPER, TINT, Plot, canvas, finish
from kefu.plots.words import counted, percent, plain
from kefu.quality._given import Floats, number
from kefu.text import Lang, Text

__all__ = ["iceberg"]

_PEOPLE = Text("位", "customer")

# The outline of a berg, from its tip down its right side and up its left: how far out at what
# depth, the whole berg 1 deep.
_BERG = np.array([
    (0.02, 0.0), (0.07, 0.05), (0.10, 0.06), (0.17, 0.14), (0.21, 0.15), (0.33, 0.30),
    (0.41, 0.42), (0.45, 0.58), (0.40, 0.72), (0.30, 0.86), (0.14, 0.95), (0.02, 1.0),
    (-0.12, 0.93), (-0.27, 0.84), (-0.38, 0.70), (-0.44, 0.55), (-0.37, 0.38), (-0.25, 0.27),
    (-0.22, 0.22), (-0.12, 0.15), (-0.09, 0.10), (-0.03, 0.04),
])  # fmt: skip


def iceberg(heard: float, unheard: float, *, lang: Lang, unit: Text = _PEOPLE) -> Plot:
    """How many complained, above the water, and how many stayed silent, below; areas in scale.

    Args:
        heard: how many said so.
        unheard: how many did not, as from `kefu.quality.costs.hidden` less the complaints.
        lang: the language of the words.
        unit: who they are; the English word in the singular.

    Raises:
        KefuError: a number that is negative, missing or infinite.
    """
    name = Text("人数", "the numbers")
    loud, quiet = number(heard, name, low=0), number(unheard, name, low=0)
    total, zh = loud + quiet, lang == "zh"
    share = loud / total if total else 0.0
    told, silent = counted(loud, unit, lang), counted(quiet, unit, lang)
    if not total:
        title = "没有人不满意" if zh else "Nobody is dissatisfied"
    elif not quiet:
        title = f"{told}不满意，全都说出来了" if zh else f"All of {told} spoke up"
    elif not loud:
        title = (
            f"约 {silent}不满意，没有一位说出来" if zh else f"About {silent}, and nobody spoke up"
        )
    else:
        title = (
            f"听到 {told}，水下大约还有 {silent}：说出来的只占 {percent(share)}" if zh
            else f"{told} heard, about {plain(quiet, 0)} more below the water: "
            f"{percent(share)} speak up"
        )  # fmt: skip
    alt = (
        f"一座冰山。水上是说出来的 {told}，水下是没说的约 {silent}；面积和人数成比例。" if zh
        else f"An iceberg: above the water {told} who spoke up, below about {silent} who did not; "
        "areas are in proportion."
    )  # fmt: skip
    with canvas(lang, high=high(title, 3.3, below=0.05)) as (figure, axes):
        axes.axis("off")
        # The water lies where the part of the berg above it has that share of its area.
        low, up = 0.0, 1.0
        for _ in range(40):
            middle = (low + up) / 2
            low, up = (middle, up) if _above_water(middle) < share else (low, middle)
        water = 0.5 * (low + up)
        bottom = max(1.04, water + 0.28) if quiet else 1.08
        axes.set(xlim=(-0.72, 0.72), ylim=(bottom, min(-0.06, water - 0.2)))
        axes.axhspan(water, bottom, color=TINT, lw=0, zorder=0)
        if quiet:
            axes.add_patch(Polygon(_cut(water, True), fc=PALE, ec=ACCENT, lw=1.2, hatch=HATCH))
        if loud:
            axes.add_patch(Polygon(_cut(water, False), fc=PAPER, ec=INK, lw=1.6, zorder=3))
        axes.plot([-0.72, 0.72], [water, water], color=ACCENT, lw=1.6, zorder=2)
        if total:  # high up at the left, where the berg is still narrow
            axes.annotate(
                f"说出来的\n{told}（{percent(share)}）"
                if zh
                else f"{told}\nspoke up ({percent(share)})",
                (-0.7, min(water, 0.16)), xytext=(0, 5), textcoords="offset points", va="bottom",
                fontsize=10, linespacing=1.2,
            )  # fmt: skip
        if quiet:
            deep = water < 0.7
            axes.text(0 if deep else -0.68, (water + 1) / 2 if deep else water + 0.04,
                      f"没说出来的\n约 {silent}" if zh else f"about {silent}\nsaid nothing",
                      ha="center" if deep else "left", va="center" if deep else "top",
                      fontsize=10, zorder=5, linespacing=1.2,
                      bbox={"fc": PAPER, "ec": ACCENT} if deep else None)  # fmt: skip
        return finish(figure, title, alt, lang)


def _cut(water: float, below: bool) -> Floats:
    """The part of the berg on one side of the water."""
    kept: list[tuple[float, float]] = []
    sign = 1 if below else -1
    for here, there in zip(_BERG, np.roll(_BERG, -1, axis=0), strict=True):
        a, b = sign * (here[1] - water), sign * (there[1] - water)
        if a >= 0:
            kept.append((here[0], here[1]))
        if a * b < 0:
            part = a / (a - b)
            kept.append((here[0] + part * (there[0] - here[0]), water))
    return np.array(kept).reshape(-1, 2)


def _area(corners: Floats) -> float:
    x, y = corners.T
    return 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))


def _above_water(water: float) -> float:
    return _area(_cut(water, False)) / _area(_BERG)
