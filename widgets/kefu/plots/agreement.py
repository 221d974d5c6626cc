"""Raters: where two of them differ, who agrees with whom, who is strict, and who drifts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from kefu.plots._parts import SMALL, Name, high, named, on, said
from kefu.plots._severity import severity
from kefu.plots.house import (
    ACCENT,
    BAD,
    INK,
    PAPER,
    SOFT,
    TINT,
    WIDE,
    Plot,
    canvas,
    finish,
    wrap,
)
from kefu.plots.house import LINE as HAIR
from kefu.plots.words import counted, percent, plain
from kefu.quality._given import Floats, numbers, refusal
from kefu.text import Lang, Text

__all__ = ["disagreement", "raters", "severity"]

_CALLS = Text("通", "call")
_ONE, _OTHER = Text("甲", "rater A"), Text("乙", "rater B")
_INSIDE = WIDE - 0.1
_SHADES = LinearSegmentedColormap.from_list("kefu", [PAPER, TINT, "#a9cdc9", ACCENT])


def disagreement(
    table: ArrayLike,
    levels: Sequence[Name],
    *,
    lang: Lang,
    one: Name = _ONE,
    other: Name = _OTHER,
    unit: Text = _CALLS,
) -> Plot:
    """One rater's levels against the other's: how often each pair of levels was given.

    Args:
        table: counts, a square; row: what `one` gave, column: what `other` gave.
        levels: the levels of the scale in their order, one a row.
        lang: the language of the words.
        one: who gave the rows.
        other: who gave the columns.
        unit: what was scored; the English word in the singular.

    Raises:
        KefuError: no square of whole counts, or not one level for each row.
    """
    counts = _square(table, Text("计数", "the counts"), low=0.0)
    names = named(levels, lang, count=len(counts))
    first, second, total = said(one, lang), said(other, lang), counts.sum()
    apart = counts * (1 - np.eye(len(counts)))
    row, column = np.unravel_index(int(apart.argmax()), apart.shape)
    most, agreed = apart.max(), float(np.trace(counts))
    many = counted(total, unit, lang)
    if lang == "zh":
        title = f"{many}里两人一致 {counted(agreed, unit, lang)}"
        if not total:
            title = "还没有两人都评过的内容"
        elif not most:
            title = f"{many}，两人判得全都一样"
        else:
            title += (
                f"（{percent(agreed / total)}）；最常见的分歧：{first}判“{names[row]}”，"
                f"{second}判“{names[column]}”，{counted(most, unit, lang)}"
            )
        alt = f"方表：{first}判的是行，{second}判的是列，对角线上是一致的。"
        each_row = "{}判“{}”的，{}判：{}。"
    else:
        title = f"They agree on {plain(agreed, 0)} of {many}"
        if not total:
            title = "Nothing has been scored by both yet"
        elif not most:
            title = f"{many}, and they agree on every one"
        else:
            title += (
                f" ({percent(agreed / total)}); most often they split “{names[row]}” "
                f"({first}) and “{names[column]}” ({second}): {plain(most, 0)}"
            )
        alt = f"A square table: {first} in rows, {second} in columns, agreement on the diagonal."
        each_row = " Where {} says “{}”, {} says {}."
    for name, line in zip(names, counts, strict=True):
        given = [f"{of} {plain(count, 0)}" for of, count in zip(names, line, strict=True) if count]
        if given:
            alt += each_row.format(
                first, name, second, ("、" if lang == "zh" else ", ").join(given)
            )

    left = 1.02
    wide = (_INSIDE - left) / len(counts)
    rows = [wrap(name, 14) for name in names]
    heads = [wrap(name, max(int(wide / 0.068), 4)) for name in names]
    tall = max(0.44, *(0.16 * (words.count("\n") + 1) + 0.12 for words in rows))
    over = 0.3 + 0.16 * (max(words.count("\n") for words in heads) + 1)
    inside = over + tall * len(counts) + 0.05
    with canvas(lang, high=high(title, inside, below=0.05)) as (figure, axes):
        axes.axis("off")
        axes.set(xlim=(0, _INSIDE), ylim=(inside, 0))
        down = wrap(f"{first} ↓", 14)
        axes.text(0.04, over - 0.06, down, fontsize=SMALL, color=SOFT, va="bottom")
        axes.text(left + 0.04, 0.1, f"{second} →", fontsize=SMALL, color=SOFT, va="center")
        for at, (row_name, head) in enumerate(zip(rows, heads, strict=True)):
            axes.text(left - 0.08, over + (at + 0.5) * tall, row_name, ha="right", va="center",
                      fontsize=SMALL, linespacing=1.15)  # fmt: skip
            axes.text(left + (at + 0.5) * wide, over - 0.06, head, ha="center", va="bottom",
                      fontsize=SMALL, linespacing=1.15)  # fmt: skip
        for (i, j), number in np.ndenumerate(counts):
            ground = to_hex(_SHADES(number / counts.max())) if total else PAPER
            corner = (left + j * wide, over + i * tall)
            axes.add_patch(Rectangle(corner, wide, tall, fc=ground, ec=HAIR, lw=0.8))
            axes.text(corner[0] + wide / 2, corner[1] + tall / 2, plain(number, 0), ha="center",
                      va="center", fontsize=11, color=on(ground) if number else SOFT)  # fmt: skip
        for at in range(len(counts)):
            _frame(axes, left + at * wide, over + at * tall, wide, tall, INK, "-")
        if most:
            _frame(axes, left + column * wide, over + row * tall, wide, tall, BAD, (0, (3, 1.5)))
        return finish(figure, title, alt, lang)


def _frame(
    axes: Axes, x: float, y: float, wide: float, tall: float, colour: str,
    dash: str | tuple[int, tuple[float, float]],
) -> None:  # fmt: skip
    """A frame within a cell, so that neighbours' frames do not cover each other."""
    for ink, thick, line in ((PAPER, 3.4, "-"), (colour, 1.8, dash)):
        axes.add_patch(Rectangle((x + 0.03, y + 0.03), wide - 0.06, tall - 0.06, fill=False,
                                 ec=ink, lw=thick, ls=line))  # fmt: skip


def raters(kappas: ArrayLike, names: Sequence[Name], *, lang: Lang) -> Plot:
    """Who agrees with whom: each pair of raters with its kappa.

    Args:
        kappas: a square that is the same on both sides of its diagonal, which is not looked at;
            NaN or None where a kappa has no value.
        names: the raters, two or more, one a row.
        lang: the language of the words.

    Raises:
        KefuError: no such square; a kappa above 1 or below -1; not one name for each row.
    """
    table = _square(kappas, Text("κ", "the kappas"), low=-1.0, high=1.0, missing=True)
    called = named(names, lang, count=len(table), least=2)
    pairs = [(float(table[i, j]), i, j) for i in range(len(table)) for j in range(i)]
    known = sorted(each for each in pairs if not np.isnan(each[0]))
    joint = "和" if lang == "zh" else " and "

    def two(pair: tuple[float, int, int]) -> str:
        return f"{called[pair[2]]}{joint}{called[pair[1]]}"

    if not known:
        title = "还说不出谁和谁一致" if lang == "zh" else "Nothing can be said about agreement yet"
    elif len(known) == 1:
        title = f"{two(known[0])}{'：' if lang == 'zh' else ': '}κ = {_kappa(known[0][0])}"
    elif lang == "zh":
        title = (
            f"最一致的是{two(known[-1])}（κ = {_kappa(known[-1][0])}），"
            f"最不一致的是{two(known[0])}（{_kappa(known[0][0])}）"
        )
    else:
        title = (
            f"{two(known[-1])} agree most (κ = {_kappa(known[-1][0])}), "
            f"{two(known[0])} least ({_kappa(known[0][0])})"
        )
    listed = [
        f"{two(each)} {_none(lang) if np.isnan(each[0]) else _kappa(each[0])}" for each in pairs
    ]
    alt = (
        f"每两位评分人的 κ：{'；'.join(listed)}。"
        if lang == "zh"
        else f"Kappa of each pair of raters: {'; '.join(listed)}."
    )

    # The last name needs a width of its own; the others stand on the diagonal.
    wide = min((_INSIDE - 0.75) / (len(table) - 1), 1.3)
    tall = 0.42
    inside = tall * len(table) + 0.05
    with canvas(lang, high=high(title, inside, below=0.05)) as (figure, axes):
        axes.axis("off")
        axes.set(xlim=(0, _INSIDE), ylim=(inside, 0))
        for at, name in enumerate(called):
            last = at == len(called) - 1
            room = 0.75 if last else min(wide * 1.6, 1.3)
            axes.text(at * wide + 0.06, (at + 0.5) * tall, wrap(name, int(room / 0.066)),
                      va="center", fontsize=SMALL, linespacing=1.1)  # fmt: skip
        for kappa, i, j in pairs:
            ground = PAPER if np.isnan(kappa) else to_hex(_SHADES(max(kappa, 0.0)))
            corner = (j * wide, i * tall)
            axes.add_patch(Rectangle(corner, wide, tall, fc=ground, ec=HAIR, lw=0.8))
            axes.text(corner[0] + wide / 2, corner[1] + tall / 2,
                      "–" if np.isnan(kappa) else _kappa(kappa), ha="center", va="center",
                      fontsize=10, color=on(ground))  # fmt: skip
        if len(known) > 1:
            _frame(axes, known[0][2] * wide, known[0][1] * tall, wide, tall, BAD, (0, (3, 1.5)))
            _frame(axes, known[-1][2] * wide, known[-1][1] * tall, wide, tall, INK, "-")
        return finish(figure, title, alt, lang)


def _kappa(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _none(lang: Lang) -> str:
    return "没有值" if lang == "zh" else "no value"


def _square(
    given: ArrayLike, name: Text, *, low: float, high: float = 1e12, missing: bool = False
) -> Floats:
    table = numbers(given, name, dims=2, low=low, high=high, whole=not missing, missing=missing)
    if not table.size or table.shape[0] != table.shape[1]:
        raise refusal(
            f"{name.zh}不是方表", f"{name.en} are not a square",
            "行和列一样多，顺序相同", "give as many rows as columns, in one order",
        )  # fmt: skip
    return table
