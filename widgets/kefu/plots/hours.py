"""The day and the week of a contact centre: where it is full, and how many agents it takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from kefu.plots._agents import rings, staffing
from kefu.plots._parts import above, on, spread
from kefu.plots.house import ACCENT, BAD, INK, LINE, PALE, PAPER, SOFT, Plot, canvas, finish
from kefu.plots.words import across, capital, few, footnote, higher, listed, percent, short
from kefu.quality._given import numbers, refusal, same_length
from kefu.text import Lang, Text

__all__ = ["day", "heat", "rings", "staffing"]

_DARKER = LinearSegmentedColormap.from_list("kefu", ["#f3f8f7", PALE, ACCENT, "#052e2b"])
"""From light to dark in even steps of lightness, so that it reads without colour."""


def heat(
    table: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    lang: Lang,
    what: Text,
    share: bool = False,
    low_is_bad: bool = False,
    unit: Text | None = None,
) -> Plot:
    """A table such as weekday by half-hour, the darker the worse, the worst cell in a frame.

    The longer side goes down, so that the numbers have room on a phone.

    Args:
        table: one number a cell, NaN where there is none (closed, no call).
        rows: names of the table's rows, such as weekdays.
        columns: names of its columns, such as half-hours.
        lang: the language of all words.
        what: what is counted.
        share: whether the numbers are shares from 0 to 1, written in per cent.
        low_is_bad: whether the least is the worst, as for a service level.
        unit: of the numbers, where they are no shares.

    Raises:
        KefuError: names and table of different sizes; a table with no number in it.
    """
    cells = numbers(table, Text("表格", "the table"), dims=2, missing=True)
    if cells.shape != (len(rows), len(columns)) or np.isnan(cells).all():
        raise refusal(
            f"表格的形状是 {cells.shape}，名称是 {len(rows)} 行 {len(columns)} 列",
            f"the table is {cells.shape}, its names are {len(rows)} by {len(columns)}",
            "请给每行每列一个名称，表里至少有一个数",
            "name each row and column, and have one number at least",
        )
    zh = lang == "zh"
    at = divmod(int(np.nanargmin(cells) if low_is_bad else np.nanargmax(cells)), len(columns))
    worst, best = float(cells[at]), float((np.nanmax if low_is_bad else np.nanmin)(cells))
    where = f"{rows[at[0]]} {columns[at[1]]}"
    of = f" {unit[lang]}" if unit else ""

    def written(value: float) -> str:
        return percent(value) if share else short(value) + of

    flip = len(columns) > len(rows)
    shown = cells.T if flip else cells
    down, over = (columns, rows) if flip else (rows, columns)
    spot = (at[0], at[1]) if flip else (at[1], at[0])
    dark = (best - shown if low_is_bad else shown - best) / (abs(worst - best) or 1)
    words = [
        ["" if np.isnan(one) else short(100 * one if share else one, 2) for one in row]
        for row in shown
    ]
    longest = max(len(word) for row in words for word in row)
    room = 54 / len(over) >= longest + 0.6
    tall = 0.21 if len(down) > 7 else 0.3
    end = ("最低" if low_is_bad else "最高") if zh else ("lowest" if low_is_bad else "highest")
    note = ""
    if worst != best and zh:
        note = f"颜色越深，数越{'小' if low_is_bad else '大'}；框里是{end}的。"
    elif worst != best:
        note = f"The darker the {'lower' if low_is_bad else 'higher'}; the frame is the {end}. "
    if np.isnan(cells).any():
        note += "空白没有数。" if zh else "Blank: no number."
    with canvas(lang, high=0.95 + tall * len(down) + higher(note)) as (figure, axes):
        axes.pcolormesh(np.ma.masked_invalid(dark), cmap=_DARKER, vmin=0, vmax=1, edgecolors=PAPER,
                        linewidth=0.6)  # fmt: skip
        for y, row in enumerate(words):
            for x, word in enumerate(row):
                if room and word:
                    axes.text(x + 0.5, y + 0.5, word, ha="center", va="center_baseline", fontsize=9,
                              color=on(to_hex(_DARKER(float(dark[y, x])))))  # fmt: skip
        if worst != best:
            axes.add_patch(Rectangle(spot, 1, 1, fill=False, edgecolor=BAD, lw=2.4, zorder=4))
        axes.set_yticks(np.arange(len(down)) + 0.5, down)
        across(axes, over, list(np.arange(len(over)) + 0.5))
        axes.set(xlim=(0, len(over)), ylim=(len(down), 0))
        axes.tick_params(length=0)
        axes.spines[["left", "bottom"]].set_visible(False)
        inner = "%" if share else unit[lang] if unit else ""
        label = f"{what.zh}（{inner}）" if zh else f"{capital(what.en)} ({inner})"
        above(axes, label if inner else what[lang])
        footnote(figure, note, SOFT)
        name = f"{what.zh}：" if zh else f"{capital(what.en)}: "
        if worst == best:
            title = name + (f"处处都是 {written(worst)}" if zh else f"{written(worst)} everywhere")
            tail = title
        else:
            title = name + (
                f"{where} {end}，{written(worst)}" if zh else f"{end} on {where}, {written(worst)}"
            )
            told = []
            for index in np.argsort(np.where(np.isnan(dark), -1, dark), axis=None)[:-6:-1]:
                y, x = divmod(int(index), len(over))
                of_row, of_column = (over[x], down[y]) if flip else (down[y], over[x])
                if words[y][x]:
                    told.append(f"{of_row} {of_column} {written(float(shown[y, x]))}")
            tail = f"{end}的依次是 " if zh else f"The {end} in order: "
            tail += ("；" if zh else "; ").join(told)
        if zh:
            alt = f"热图，{what.zh}，{len(rows)} 行 {len(columns)} 列，"
            alt += f"从 {written(min(best, worst))} 到 {written(max(best, worst))}。{tail}。"
        else:
            alt = f"Heat map of {what.en}, {few(len(rows), 'row', 'rows')} by "
            alt += f"{few(len(columns), 'column', 'columns')}, from {written(min(best, worst))} "
            alt += f"to {written(max(best, worst))}. {tail}."
        return finish(figure, title, alt, lang)


def day(
    times: Sequence[str],
    offered: ArrayLike,
    capacity: ArrayLike,
    *,
    lang: Lang,
    lunch: tuple[int, int] | None = None,
) -> Plot:
    """A day by half-hour: the calls that come against those that the agents there can take.

    Args:
        times: when each interval begins, such as “08:00”.
        offered: how many calls come in it.
        capacity: how many can be taken in it.
        lang: the language of all words.
        lunch: the first interval of the lunch break and the first one after it, from 0.

    Raises:
        KefuError: no interval, a negative number, columns of different lengths.
    """
    calls = numbers(offered, Text("来电", "the calls"), low=0, least=1)
    able = numbers(capacity, Text("能接的", "the capacity"), low=0)
    same_length(calls, able, np.empty(len(times)))
    n, zh, edges = len(calls), lang == "zh", np.arange(len(calls) + 1.0)
    most = float(max(calls.max(), able.max())) or 1
    with canvas(lang) as (figure, axes):
        if lunch is not None:
            axes.axvspan(*lunch, color=LINE, alpha=0.6, linewidth=0, zorder=0)
            axes.annotate(
                "午饭" if zh else "lunch", (sum(lunch) / 2, 1), (0, -2), ha="center", va="top",
                xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=9,
            )  # fmt: skip
        full = calls > able
        axes.stairs(np.where(full, calls, able), edges, baseline=able, fill=True, facecolor="none",
                    edgecolor=BAD, hatch="////", linewidth=0)  # fmt: skip
        axes.stairs(able, edges, baseline=None, color=INK, linestyle=(0, (5, 2)), linewidth=1.6)
        axes.plot(edges[:-1] + 0.5, calls, "o-", color=ACCENT, markersize=4 if n <= 30 else 3)
        if full.any():
            axes.plot(edges[:-1][full] + 0.5, calls[full], "D", color=BAD, markersize=6.5,
                      markeredgecolor=PAPER, zorder=4)  # fmt: skip
        lines = ((calls, Text("来电", "calls")), (able, Text("能接的", "capacity")))
        ends = spread([float(line[-1]) for line, _ in lines], 0.07 * most)
        for (_, words), place in zip(lines, ends, strict=True):
            axes.annotate(words[lang], (1, place), (4, 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center", fontsize=9)  # fmt: skip
        axes.set(xlim=(0, n), ylim=(0, 1.18 * most))
        across(axes, times, list(edges[:-1] + 0.5))
        above(axes, "每个时段的通话数" if zh else "calls in each interval")
        lost = float((calls - able)[full].sum())
        if not lost:
            title = "全天都接得过来" if zh else "Capacity covers the calls all day"
        elif zh:
            title = f"来电比能接的多 {short(lost)} 通：{_spans(full, times, 'zh')}"
        else:
            title = f"Calls exceed capacity by {short(lost)}: {_spans(full, times, 'en')}"
        peak = int(np.argmax(calls))
        first, last, busy = times[0], times[-1], times[peak]
        if zh:
            alt = f"折线，{n} 个时段的来电和能接的通话数，从 {first} 到 {last}，"
            alt += f"来电最多在 {busy}，{short(float(calls[peak]))} 通。{title}。"
        else:
            alt = f"Lines: calls and capacity in {few(n, 'interval', 'intervals')} from {first} "
            alt += f"to {last}; most calls at {busy}, {short(float(calls[peak]))}. {title}."
        return finish(figure, title, alt, lang)


def _spans(full: NDArray[np.bool_], times: Sequence[str], lang: Lang) -> str:
    """The stretches of full intervals, each to where the next one begins."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], full.astype(int), [0]]))).tolist()
    said = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop < len(times):
            said.append(f"{times[start]}–{times[stop]}")
        else:
            said.append(f"{times[start]} 起" if lang == "zh" else f"from {times[start]}")
    return listed(said, lang, 3)
