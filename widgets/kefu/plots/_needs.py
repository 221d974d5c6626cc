"""What customers need: where service falls short of what they expect, and what it is to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text as Words
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

from kefu.plots._parts import CLEAR, SMALL, Name, above, fitting, high, named, said
from kefu.plots.house import ACCENT, BAD, INK, LINE, PAPER, SOFT, Plot, canvas, finish, headed, wrap
from kefu.plots.words import plain, signed
from kefu.quality._given import numbers, refusal
from kefu.quality.kano import Kano
from kefu.quality.servqual import Gaps
from kefu.text import Lang, Text

__all__ = ["gaps", "kano"]


def gaps(
    found: Gaps,
    expected: ArrayLike,
    perceived: ArrayLike,
    names: Sequence[Name],
    *,
    lang: Lang,
    weights: Sequence[float] | None = None,
    scale: tuple[float, float] = (1, 7),
) -> Plot:
    """What was expected and what was felt, by dimension; the gap between, and its weighted part.

    Args:
        found: as from `kefu.quality.servqual.gaps`.
        expected: the mean of each dimension, in points of the scale.
        perceived: the same.
        names: the dimensions.
        lang: the language of the words.
        weights: as given to `gaps`; None: all alike, and no weighted parts are shown.
        scale: the least and the greatest score.

    Raises:
        KefuError: as many names, numbers and weights as gaps are needed; a score off the scale.
    """
    size = len(found.gaps)
    called = named(names, lang, count=size)
    name = Text("评分", "the scores")
    wished, felt = (
        numbers(each, name, low=scale[0], high=scale[1], missing=True)
        for each in (expected, perceived)
    )
    shares = np.full(size, 1 / size)
    if weights is not None:
        given = numbers(weights, Text("权重", "the weights"), low=0)
        shares = given / given.sum() if given.sum() else given
    if not len(wished) == len(felt) == len(shares) == size:
        raise refusal(
            "期望、感受、权重和维度的个数不一样",
            "expected, perceived, weights and gaps differ in number",
            "每个维度各一个数", "give one number of each for every dimension",
        )  # fmt: skip
    parts = [
        None if gap is None or np.isnan(a + b) else gap * share
        for gap, share, a, b in zip(found.gaps, shares, wished, felt, strict=True)
    ]
    known = [at for at, part in enumerate(parts) if part is not None]
    zh = lang == "zh"
    if not known:
        title = "还没有人回答" if zh else "Nobody has answered yet"
    else:
        worst = min(known, key=lambda at: parts[at] or 0.0)
        gap = found.gaps[worst] or 0.0
        by = ("加权后" if zh else ", weighted,") if weights is not None else ""
        if gap >= 0:
            title = (
                "没有一个维度不如期望" if zh else "No dimension falls short of what was expected"
            )
        elif zh:
            title = f"{by}差得最多的是{called[worst]}：期望 {plain(wished[worst])}，感受 "
            title += plain(felt[worst])
        else:
            title = (
                f"{called[worst]} falls shortest{by.rstrip(',')}: {plain(wished[worst])} expected, "
                f"{plain(felt[worst])} felt"
            )
    figures = []
    for gap_found, part in zip(found.gaps, parts, strict=True):
        words = "–" if gap_found is None else signed(gap_found)
        if weights is not None and part is not None:
            words += f"，加权 {signed(part, 2)}" if zh else f", weighted {signed(part, 2)}"
        figures.append(words)
    joined = [
        one + _none(lang)
        if part is None
        else Text(
            f"{one}：期望 {plain(a)}，感受 {plain(b)}，差 {words}",
            f"{one}: expected {plain(a)}, felt {plain(b)}, gap {words}",
        )[lang]
        for one, a, b, part, words in zip(called, wished, felt, parts, figures, strict=True)
    ]
    alt = ("；".join(joined) + "。") if zh else ("; ".join(joined) + ".")
    if found.weighted is not None and weights is not None:
        alt += (
            f"加权平均差 {signed(found.weighted, 2)}。"
            if zh
            else f" Weighted mean gap {signed(found.weighted, 2)}."
        )

    rows = fitting(called, figures, band=0.12, start=0.3)
    with canvas(lang, high=high(title, rows.high, below=0.5)) as (figure, axes):
        rows.label(axes, scale[0], scale[1], figures)
        axes.set_xlim(
            scale[0] - 0.02 * (scale[1] - scale[0]), scale[1] + 0.02 * (scale[1] - scale[0])
        )
        for at, band in enumerate(rows.bands):
            axes.plot(scale, [band, band], color=LINE, lw=0.8, zorder=0)
            if parts[at] is None:
                continue
            short = felt[at] < wished[at]
            axes.plot([wished[at], felt[at]], [band, band], color=BAD if short else ACCENT, lw=2.6,
                      ls="-" if short else (0, (2, 1)), zorder=1)  # fmt: skip
            axes.plot(wished[at], band, "o", mfc=PAPER, mec=INK, mew=1.6, ms=8, zorder=2)
            axes.plot(
                felt[at],
                band,
                "o",
                color=ACCENT,
                ms=8 if not np.isclose(wished[at], felt[at]) else 4.5,
                zorder=3,
            )
        left, step = scale[0], scale[1] - scale[0]
        axes.plot(left + 0.01 * step, 0.12, "o", mfc=PAPER, mec=INK, mew=1.6, ms=8)
        axes.text(
            left + 0.04 * step, 0.12, "期望" if zh else "expected", fontsize=SMALL, va="center"
        )
        axes.plot(left + 0.26 * step, 0.12, "o", color=ACCENT, ms=8)
        axes.text(left + 0.29 * step, 0.12, "感受" if zh else "felt", fontsize=SMALL, va="center")
        axes.text(scale[1], 0.12, "差 = 感受 − 期望" if zh else "gap = felt − expected",
                  fontsize=SMALL, va="center", ha="right", color=SOFT)  # fmt: skip
        axes.set_xlabel(f"分（{plain(scale[0])} 到 {plain(scale[1])}）" if zh
                        else f"points ({plain(scale[0])} to {plain(scale[1])})")  # fmt: skip
        return finish(figure, title, alt, lang)


_Feature = TypeVar("_Feature", bound=Name)  # a mapping of texts is none of names, for mypy
_QUARTERS = {
    "A": Text("魅力：有了惊喜", "attractive: a delight"),
    "O": Text("期望：越好越满意", "one-dimensional: more is better"),
    "I": Text("无差异：有没有都行", "indifferent: hardly noticed"),
    "M": Text("必备：没有就不满", "must-be: missed if absent"),
}


def kano(found: Mapping[_Feature, Kano], *, lang: Lang) -> Plot:
    """How much having each feature pleases, against how much lacking it displeases.

    Args:
        found: each feature with what `kefu.quality.kano.kano` says of it; those without a
            `better` are named under the plot only.
        lang: the language of the words.

    Raises:
        KefuError: there is no feature.
    """
    if not found:
        raise refusal("没有服务项", "there is no feature", "至少给一项", "give at least one")
    zh = lang == "zh"
    points = [
        (said(name, lang), -each.worse + 0.0, each.better)
        for name, each in found.items()
        if each.better is not None and each.worse is not None
    ]
    kinds: dict[str, list[str]] = {kind: [] for kind in _QUARTERS}
    for name, worse, better in points:
        kinds[
            ("M" if worse >= 0.5 else "I") if better < 0.5 else ("O" if worse >= 0.5 else "A")
        ].append(name)
    if not points:
        title = "还分不出类别" if zh else "Nothing can be sorted yet"
    elif kinds["M"]:
        title = (
            f"必备的先做到：{'、'.join(kinds['M'])}" if zh
            else f"Must-be, so first of all: {', '.join(kinds['M'])}"
        )  # fmt: skip
    else:
        best = max(points, key=lambda each: each[2])
        title = (
            f"没有必备项；有了最让人满意的是{best[0]}"
            if zh
            else f"No must-be; {best[0]} pleases most"
        )
    listed = [
        Text(
            f"{name}：有了更满意 {plain(b, 2)}，没有更不满 {plain(w, 2)}",
            f"{name}: better {plain(b, 2)}, worse {plain(w, 2)}",
        )[lang]
        for name, w, b in points
    ]
    names = {"A": "魅力", "O": "期望", "I": "无差异", "M": "必备"} if zh else {
        "A": "attractive", "O": "one-dimensional", "I": "indifferent", "M": "must-be"}  # fmt: skip
    sorted_words = [f"{names[kind]}{'：' if zh else ': '}{('、' if zh else ', ').join(each)}"
                    for kind, each in kinds.items() if each]  # fmt: skip
    alt = ("散点图。" + "；".join(sorted_words + listed) + "。") if zh else (
        "Scatter plot. " + "; ".join(sorted_words + listed) + ".")  # fmt: skip
    with canvas(lang, high=high(title, 3.5, below=0.55)) as (figure, axes):
        axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axes.axhline(0.5, color=SOFT, lw=1, ls="--", zorder=0)
        axes.axvline(0.5, color=SOFT, lw=1, ls="--", zorder=0)
        corners = {"A": (0, 1), "O": (1, 1), "I": (0, 0), "M": (1, 0)}
        taken = [
            axes.text(
                x * 1.04 - 0.02,
                y * 1.04 - 0.02,
                wrap(_QUARTERS[kind][lang], 24),
                color=SOFT,
                fontsize=SMALL,
                ha="right" if x else "left",
                va="top" if y else "bottom",
                linespacing=1.1,
            )
            for kind, (x, y) in corners.items()
        ]
        axes.set_xlabel(
            "没有它时更不满的程度（0 到 1）" if zh else "how much lacking it displeases (0 to 1)"
        )
        above(axes, "有它时更满意的程度（0 到 1）" if zh else "how much having it pleases (0 to 1)")
        headed(figure, title)  # room for it, before labels find their places
        for _, worse, better in points:
            axes.plot(worse, better, "o", color=ACCENT, ms=7, mec=PAPER, zorder=3)
        _label(figure, axes, points, taken)
        return finish(figure, title, alt, lang)


def _label(
    figure: Figure, axes: Axes, points: Sequence[tuple[str, float, float]], taken: Sequence[Words]
) -> None:
    """Writes each name beside its point, where it covers no other name and no point."""
    figure.draw_without_rendering()
    to_pixel = axes.transData.transform
    inside = axes.get_window_extent()
    dots = [to_pixel((x, y)) for _, x, y in points]
    busy = [each.get_window_extent().padded(1) for each in taken]
    busy += [Bbox.from_bounds(x - 6, y - 6, 12, 12) for x, y in dots]
    x, y = to_pixel((0.5, 0.5))
    busy += [Bbox.from_bounds(x - 1, 0, 2, 1e4), Bbox.from_bounds(0, y - 1, 1e4, 2)]
    for (name, _, _), (x, y) in zip(points, dots, strict=True):
        words = axes.text(0, 0, wrap(name, 18), fontsize=SMALL, linespacing=1.1, zorder=2,
                          bbox=CLEAR)  # fmt: skip
        size = words.get_window_extent()
        best: tuple[float, float, float] | None = None
        for far in (9, 16, 26, 40, 58, 80):
            for angle in (0, 180, 90, 270, 45, 315, 135, 225, 20, 340, 160, 200):
                across, up = np.cos(np.radians(angle)), np.sin(np.radians(angle))
                left = x + far * across + size.width * (across - 1) / 2
                low = y + far * up + size.height * (up - 1) / 2
                box = Bbox.from_bounds(left, low, size.width, size.height)
                covered = sum(_shared(box, each) for each in busy)
                out = box.width * box.height - _shared(box, inside)
                cost = covered + 4 * out + far / 50
                if best is None or cost < best[0]:
                    best = (cost, left, low)
            if best is not None and best[0] < far / 50 + 0.5:
                break
        assert best is not None
        _, left, low = best
        words.set_position(tuple(axes.transData.inverted().transform((left, low))))
        words.set_verticalalignment("bottom")
        box = Bbox.from_bounds(left, low, size.width, size.height)
        busy.append(box.padded(1))
        near = (min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1))
        if np.hypot(near[0] - x, near[1] - y) > 13:
            there = axes.transData.inverted().transform([(x, y), near])
            axes.plot(*there.T, color=SOFT, lw=0.7, zorder=1)


def _shared(one: Bbox, other: Bbox) -> float:
    both = Bbox.intersection(one, other)
    return float(both.width * both.height) if both else 0.0


def _none(lang: Lang) -> str:
    return "：没有值" if lang == "zh" else ": no value"
