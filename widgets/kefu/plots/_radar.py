"""A self-audit as a radar: how strong each part of a system is, once or in two rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from kefu.plots._parts import SMALL, Name, high, named, said
from kefu.plots.house import ACCENT, BAD, LINE, PAPER, SERIES, SOFT, Plot, canvas, finish, wrap
from kefu.plots.words import listed, plain, signed
from kefu.quality._given import Floats, numbers, refusal
from kefu.text import Lang, Text

__all__ = ["SYSTEM", "radar"]

SYSTEM: Final = (
    Text("理念", "purpose"),
    Text("制度", "rules"),
    Text("标准", "standards"),
    Text("队伍", "team"),
    Text("测量", "measuring"),
    Text("改进", "improving"),
)
"""The six parts of a service quality system, as the self-audit asks for them."""

_ROUNDS: Final = (Text("第一轮", "round 1"), Text("第二轮", "round 2"))


def radar(
    scores: ArrayLike,
    names: Sequence[Name] = SYSTEM,
    *,
    lang: Lang,
    most: float = 3.0,
    rounds: Sequence[Name] = _ROUNDS,
) -> Plot:
    """How strong each part of a system is, by a self-audit; once, or in two rounds.

    Args:
        scores: one score a part from 0 to `most`; shape (parts,), or (2, parts) for two rounds.
        names: the parts, at least three, clockwise from the top.
        lang: the language of the words.
        most: the greatest score there is.
        rounds: what the rounds are called.

    Raises:
        KefuError: a score out of its bounds; as many names as parts are needed, three or more.
    """
    table = np.atleast_2d(numbers(scores, Text("分数", "the scores"), dims=None, low=0, high=most))
    if table.ndim != 2 or len(table) not in (1, 2):
        raise refusal(
            "雷达图画一轮或两轮", "a radar shows one round or two", "每轮一行", "one row a round"
        )
    parts = named(names, lang, count=table.shape[1], least=3)
    called = [said(each, lang) for each in rounds]
    now = table[-1]
    title, alt = _radar_words(parts, table, called, most, lang)

    turn = np.pi / 2 - 2 * np.pi * np.arange(len(parts)) / len(parts)
    across, up = np.cos(turn), np.sin(turn)
    labels = [
        wrap(part, 14) + "\n" + " → ".join(plain(score) for score in scored)
        for part, scored in zip(parts, table.T, strict=True)
    ]
    inside = 3.5
    with canvas(lang, high=high(title, inside, below=0.1 + 0.2 * (len(table) > 1))) as drawn:
        figure, axes = drawn
        axes.axis("off")
        axes.set_aspect("equal")
        axes.set(xlim=(-1.75, 1.75), ylim=(-1.42 - 0.18 * (len(table) > 1), 1.42))
        for ring in np.linspace(0, most, round(most) + 1 if most == round(most) <= 5 else 5)[1:]:
            share = ring / most
            axes.fill(share * across, share * up, fill=False, ec=LINE, lw=0.9)
        axes.text(0.53 * (across[0] + across[1]), 0.53 * (up[0] + up[1]), plain(most),
                  fontsize=SMALL, color=SOFT, va="bottom")  # fmt: skip
        for x, y in zip(across, up, strict=True):
            axes.plot([0, x], [0, y], color=LINE, lw=0.9)
        for at, scored in enumerate(table):
            share = np.append(scored, scored[0]) / most
            xs, ys = share * np.append(across, across[0]), share * np.append(up, up[0])
            last = at == len(table) - 1
            if last:
                axes.fill(xs, ys, color=ACCENT, alpha=0.13, lw=0)
            axes.plot(xs, ys, "-" if last else "--", color=ACCENT if last else SERIES[1],
                      marker="o" if last else "s", ms=5, lw=2 if last else 1.4,
                      mfc=ACCENT if last else PAPER, clip_on=False)  # fmt: skip
        weakest = int(np.argmin(now)) if now.min() < now.max() else None
        for at, (words, x, y) in enumerate(zip(labels, across, up, strict=True)):
            axes.text(1.12 * x, 1.12 * y, words, fontsize=SMALL, linespacing=1.2,
                      ha="center" if abs(x) < 0.1 else "left" if x > 0 else "right",
                      va="center" if abs(y) < 0.9 else "bottom" if y > 0 else "top",
                      bbox={"boxstyle": "square,pad=0.3", "fc": PAPER, "ec": BAD, "lw": 1.2}
                      if at == weakest else None)  # fmt: skip
        if len(table) > 1:
            axes.plot([-1.7, -1.5], [-1.53] * 2, "--s", color=SERIES[1], mfc=PAPER, ms=5, lw=1.4)
            axes.text(-1.42, -1.53, called[0], fontsize=SMALL, va="center")
            axes.plot([0.1, 0.3], [-1.53] * 2, "-o", color=ACCENT, ms=5.5, lw=2)
            axes.text(0.38, -1.53, called[1], fontsize=SMALL, va="center")
        return finish(figure, title, alt, lang)


def _radar_words(
    parts: Sequence[str], table: Floats, rounds: Sequence[str], most: float, lang: Lang
) -> tuple[str, str]:
    now = table[-1]
    weak = [part for part, score in zip(parts, now, strict=True) if score == now.min()]
    full = plain(most)
    if len(table) == 1:
        each = [f"{part} {plain(score)}" for part, score in zip(parts, now, strict=True)]
    else:
        each = [
            f"{part} {plain(old)} → {plain(new)}"
            for part, old, new in zip(parts, table[0], now, strict=True)
        ]
    if lang == "zh":
        title = (
            f"各部分都是 {plain(now.min())} 分（满分 {full}）"
            if len(weak) == len(parts)
            else f"最弱的是{listed(weak, lang)}：{plain(now.min())} 分（满分 {full}）"
        )
        alt = f"雷达图，满分 {full}：{'；'.join(each)}。"
        said_rounds = f"箭头前是{rounds[0]}，后是{rounds[1]}。" if len(table) > 1 else ""
    else:
        title = (
            f"Every part stands at {plain(now.min())} of {full}"
            if len(weak) == len(parts)
            else f"Weakest: {listed(weak, lang)}, {plain(now.min())} of {full}"
        )
        alt = f"Radar, out of {full}: {'; '.join(each)}."
        said_rounds = f" From {rounds[0]} to {rounds[1]}." if len(table) > 1 else ""
    if len(table) > 1 and (change := now - table[0]).max() > 0:
        best = int(np.argmax(change))
        title += (
            f"；进步最大的是{parts[best]}（{signed(change[best])}）"
            if lang == "zh"
            else f"; most gained: {parts[best]} ({signed(change[best])})"
        )
    return title, alt + said_rounds
