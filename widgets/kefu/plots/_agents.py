"""How many agents it takes, by service level and by rings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from kefu.plots._drawn import HALO
from kefu.plots._parts import above, spread
from kefu.plots.house import ACCENT, INK, PAPER, SERIES, TINT, Plot, canvas, finish
from kefu.plots.words import few, percent, short
from kefu.quality._given import Floats, number, numbers, refusal, same_length
from kefu.quality.staffing import Service
from kefu.text import Lang, Text

__all__ = ["rings", "staffing"]


def staffing(
    agents: Sequence[int],
    services: Sequence[Service],
    *,
    seconds: float,
    level: float,
    lang: Lang,
    cap: float = 1.0,
) -> Plot:
    """Service level and occupancy against the number of agents, the fewest that do marked.

    Args:
        agents: how many, ascending.
        services: what comes of each number.
        seconds: within which a call counts as answered in time.
        level: the service level that is wanted, from 0 to 1.
        lang: the language of all words.
        cap: the highest occupancy that is wanted; 1: none.

    Raises:
        KefuError: no number of agents; columns of different lengths.
    """
    ns = numbers(agents, Text("坐席数", "the agents"), low=0, whole=True, least=1)
    levels = numbers([one.level for one in services], Text("服务水平", "the levels"), low=0, high=1)
    busy = numbers([one.occupancy for one in services], Text("占用率", "the occupancy"), low=0)
    same_length(ns, levels, busy)
    want = number(level, Text("目标", "the target"), low=0, high=1)
    most = number(cap, Text("占用率上限", "the occupancy cap"), low=0, high=1)
    fit = np.flatnonzero((levels >= want - 1e-12) & (busy <= most + 1e-12)).tolist()
    zh, first = lang == "zh", fit[0] if fit else None
    time = f"{short(seconds)} {'秒' if zh else 's'}"
    aim = f"{percent(want)} 在 {time}内接听" if zh else f"{percent(want)} within {time}"
    if most < 1:
        aim += f"、占用率不过 {percent(most)}" if zh else f" and at most {percent(most)} busy"
    if first is None:
        top = f"{ns[-1]:.0f}"
        title = f"{top} 人还做不到 {aim}" if zh else f"{top} agents are too few for {aim}"
    else:
        n = int(ns[first])
        title = f"要 {aim}，至少 {n} 人" if zh else f"{aim} takes {few(n, 'agent', 'agents')}"
    with canvas(lang) as (figure, axes):
        if first is not None:
            axes.axvspan(ns[first] - 0.4, ns[first] + 0.4, color=TINT, zorder=0)
            axes.annotate(
                f"{n} 人" if zh else few(n, "agent", "agents"), (ns[first], 118), (0, -3), va="top",
                textcoords="offset points", ha="center", path_effects=HALO, zorder=5,
            )  # fmt: skip
        lines: list[tuple[Floats, str, str, Text]] = [
            (levels, ACCENT, "o", Text("服务水平", "service\nlevel")),
            (busy, SERIES[1], "s", Text("占用率", "occupancy")),
        ]
        ends = spread([100 * float(line[-1]) for line, *_ in lines], 8 if zh else 12)
        for (line, colour, shape, name), place in zip(lines, ends, strict=True):
            axes.plot(ns, 100 * line, shape + "-" if len(ns) <= 40 else "-", color=colour,
                      markersize=4.5, mfc=colour if shape == "o" else PAPER)  # fmt: skip
            axes.annotate(name[lang], (1, place), (4, 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center", fontsize=9)  # fmt: skip
        drawn = [(want, f"{'目标' if zh else 'target'} {percent(want)}", (0, (5, 2)))]
        if most < 1:
            words = "占用上限" if zh else "busy at most"
            drawn.append((most, f"{words} {percent(most)}", (0, (1, 2))))
        x, side = _clear(levels, busy, [at for at, *_ in drawn])
        drawn.sort(key=lambda one: one[0])
        for rank, (at, words, dashes) in enumerate(drawn):
            # Of two lines near each other the lower one is named below.
            under = rank == 0 and len(drawn) > 1 and drawn[1][0] - at < 0.1
            axes.axhline(100 * at, color=INK, linestyle=dashes, linewidth=1.2, zorder=1)
            axes.annotate(words, (x, 100 * at), (3 if x == 0 else -3, -2 if under else 2), ha=side,
                          xycoords=("axes fraction", "data"), textcoords="offset points", zorder=5,
                          va="top" if under else "bottom", size=9, path_effects=HALO)  # fmt: skip
        axes.set(xlim=(ns[0] - 0.6, ns[-1] + 0.6), ylim=(0, 118))
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))
        axes.set_xlabel("坐席数" if zh else "agents")
        above(
            axes, f"{time}内接听和占用率（%）" if zh else f"answered within {time}; occupancy (%)"
        )
        told = [
            f"{n:.0f} 人 {percent(a)}、占用 {percent(b)}"
            if zh
            else f"{n:.0f}: {percent(a)}, occupancy {percent(b)}"
            for n, a, b in zip(ns, levels, busy, strict=True)
        ]
        some = ("；" if zh else "; ").join(told[:: max(1, len(told) // 8)])
        if zh:
            alt = f"曲线，服务水平和占用率随坐席数变化：{some}。{title}。"
        else:
            alt = f"Curves: service level and occupancy by number of agents. {some}. {title}."
        return finish(figure, title, alt, lang)


def _clear(levels: Floats, busy: Floats, at: list[float]) -> tuple[float, Literal["left", "right"]]:
    """At which end of the lines `at` no curve is near: where on the axis, and on which side."""
    third = max(1, len(levels) // 3)
    left, right = (
        min(float(np.abs(line[part] - one).min()) for line in (levels, busy) for one in at)
        for part in (slice(0, third), slice(-third, None))
    )
    return (0, "left") if left >= right else (1, "right")


def rings(
    shares: Mapping[int, ArrayLike], *, lang: Lang, standard: int = 3, cadence: float = 5.0
) -> Plot:
    """How many calls are answered within so many rings, for a few numbers of agents.

    Args:
        shares: for each number of agents (at most 4) the share answered within 1, 2, … rings.
        lang: the language of all words.
        standard: within how many rings calls are to be answered.
        cadence: seconds from one ring to the next.

    Raises:
        KefuError: no or more than 4 numbers of agents, curves of different lengths, fewer rings
            than the standard.
    """
    curves = {
        n: numbers(one, Text("比例", "the shares"), low=0, high=1) for n, one in shares.items()
    }
    lengths = {len(one) for one in curves.values()}
    if not 1 <= len(curves) <= 4 or len(lengths) != 1 or not 1 <= standard <= min(lengths):
        raise refusal(
            "要 1 到 4 条一样长的曲线，至少画到标准的声数",
            "one to four curves of one length are needed, at least as long as the standard",
            "请检查坐席数和声数",
            "check the numbers of agents and of rings",
        )
    zh, steps = lang == "zh", np.arange(1, min(lengths) + 1)
    with canvas(lang) as (figure, axes):
        ends = spread([100 * float(one[-1]) for one in curves.values()], 8)
        for (n, one), colour, shape, end in zip(curves.items(), SERIES, "osD^", ends, strict=False):
            axes.plot(steps, 100 * one, shape + "-", color=colour, markersize=5)
            axes.annotate(f"{n} 人" if zh else few(n, "agent", "agents"), (1, end), (5, 0),
                          xycoords=("axes fraction", "data"), textcoords="offset points",
                          va="center", fontsize=9)  # fmt: skip
        time, each = short(standard * cadence), short(cadence)
        axes.axvline(standard, color=INK, linestyle=(0, (5, 2)), linewidth=1.2, zorder=1)
        held = f"{standard} 声，{time} 秒" if zh else f"{few(standard, 'ring', 'rings')}, {time} s"
        axes.annotate(held, (standard, 0), (4, 3), textcoords="offset points", fontsize=9,
                      path_effects=HALO)  # fmt: skip
        axes.set(xlim=(steps[0] - 0.2, steps[-1] + 0.2), ylim=(0, 103))
        axes.xaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))
        axes.set_xlabel(
            f"铃响几声之内（每声 {each} 秒）" if zh else f"within so many rings ({each} s each)"
        )
        above(axes, "接听的比例（%）" if zh else "share answered (%)")
        at = {n: percent(float(one[standard - 1])) for n, one in curves.items()}
        if zh:
            title = f"{standard} 声之内接听：{'，'.join(f'{n} 人 {one}' for n, one in at.items())}"
            alt = (
                f"曲线，{len(curves)} 种坐席数下铃响 1 到 {len(steps)} 声之内接听的比例。{title}。"
            )
        else:
            told = ", ".join(f"{one} with {n}" for n, one in at.items())
            title = f"Answered within {few(standard, 'ring', 'rings')}: {told} agents"
            alt = f"Curves of the share answered within 1 to {len(steps)} rings. {title}."
        return finish(figure, title, alt, lang)
