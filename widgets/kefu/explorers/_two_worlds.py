"""The two worlds of `before_after`: one where nothing changed and one where it did."""

from __future__ import annotations

from math import lcm

import numpy as np
from numpy.typing import NDArray

from kefu.plots import house, words
from kefu.quality._given import Floats
from kefu.quality.sampling import Difference
from kefu.text import Lang, Text

__all__ = ["WORLDS", "draw", "draws", "in_points", "signed"]

WORLDS = 1000
"""So many times each world is tried."""


def signed(share: float) -> str:
    """A difference of shares in percentage points, with its sign."""
    return words.signed(100 * share)


def in_points(share: float) -> Text:
    """So many percentage points."""
    said = signed(share)
    return Text(f"{said} 个百分点", f"{said} point{'' if said[1:] == '1' else 's'}")


def draws(truth: tuple[float, float], ns: tuple[int, int], worst: int, seed: int) -> Floats:
    """Differences in worlds where the shares are those; before is the worst of so many months."""
    chance = np.random.default_rng(seed)
    first = chance.binomial(ns[0], truth[0], (WORLDS, worst)).min(axis=1) / ns[0]
    return np.asarray(chance.binomial(ns[1], truth[1], WORLDS) / ns[1] - first)


def draw(
    gap: Difference[float],
    calm: Floats,
    as_far: NDArray[np.bool_],
    real: tuple[float, float],
    changed: Floats,
    ns: tuple[int, int],
    lang: Lang,
) -> house.Plot:
    """Two worlds one above the other; in the upper one what is as far off is hatched."""
    both = np.concatenate([calm, changed, [gap.value]]) * 100
    # Differences go in steps: bars are some steps wide, and one begins where the hatching does.
    step, finest, seen = 100 / min(ns), 100 / lcm(*ns), 100 * gap.value
    width = step * max(1, round(float(np.ptp(both)) / 30 / step))
    edge = seen - (-0.5 if gap.value < 0 else 0.5) * finest
    first_bin, last = np.floor((both.min() - edge) / width), np.ceil((both.max() - edge) / width)
    bins = edge + width * np.arange(first_bin, last + 1.5)
    shift = in_points(real[1] - real[0])
    often = int(as_far.sum())
    words = (
        Text("世界一：什么都没变", "world 1: nothing changed"),
        Text(f"世界二：真的变了 {shift.zh}", f"world 2: a true change of {shift.en}"),
    )
    with house.canvas(lang, high=3.6) as (figure, first):
        first.remove()
        panels = figure.subplots(2, 1, sharex=True)
        for axes, found, colour, name in zip(
            panels, (calm, changed), (house.PALE, house.ACCENT), words, strict=True
        ):
            axes.hist(100 * found, bins, color=colour)
            axes.axvline(seen, color=house.INK, linestyle=(0, (5, 2)), linewidth=1.4)
            axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
            axes.text(0.01, 0.97, name[lang], transform=axes.transAxes, va="top", fontsize=9,
                      bbox={"fc": house.PAPER, "ec": "none", "pad": 1})  # fmt: skip
            axes.set_ylabel(Text("次", "times")[lang])
        if gap.value:
            panels[0].hist(100 * calm[as_far], bins, color=house.BAD, hatch="///",
                           edgecolor=house.PAPER, linewidth=0)  # fmt: skip
        panels[1].set_xlabel(
            Text("“改进后”减“改进前”（百分点），虚线是这一次",
                 "after less before (percentage points); dashed: yours")[lang]
        )  # fmt: skip
        title = Text(
            f"什么都没变，{WORLDS:,} 次里也有 {often:,} 次这样（斜线）",
            f"Nothing changed, yet {often:,} of {WORLDS:,} look like this (hatched)",
        )
        if not gap.value:
            title = Text("差是 0，两个世界都说得通", "A difference of 0 may come from either world")
        elif not often:
            title = Text(
                f"什么都没变的世界，{WORLDS:,} 次里一次也不像这样",
                f"Where nothing changed, not one of {WORLDS:,} looks like this",
            )
        spans = [
            (signed(float(lo)), signed(float(hi)))
            for lo, hi in (np.quantile(one, (0.025, 0.975)) for one in (calm, changed))
        ]
        alt = Text(
            f"两张直方图，各 {WORLDS:,} 次重来的差；这一次是 {signed(gap.value)} 个百分点。"
            + "；".join(f"{name.zh}，多数在 {lo} 到 {hi} 之间"
                       for name, (lo, hi) in zip(words, spans, strict=True))
            + f"。{title.zh}。",
            f"Two histograms of the differences of {WORLDS:,} repeats each; yours is "
            f"{in_points(gap.value).en}. "
            + "; ".join(f"{name.en}, mostly {lo} to {hi}"
                        for name, (lo, hi) in zip(words, spans, strict=True))
            + f". {title.en}.",
        )  # fmt: skip
        return house.finish(figure, title[lang], alt[lang], lang)
