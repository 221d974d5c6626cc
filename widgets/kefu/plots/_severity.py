"""Who is strict and who is mild among raters, and who becomes so as the weeks go by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from kefu.plots._parts import SMALL, Name, above, fitting, high, named, spread
from kefu.plots.house import ACCENT, INK, LINE, PAPER, SERIES, SOFT, Plot, canvas, finish, wrap
from kefu.plots.words import counted, plain, signed
from kefu.quality._given import Floats, numbers, refusal
from kefu.text import Lang, Text

__all__ = ["severity"]

_POINTS = Text("分", "point")


def severity(
    values: ArrayLike,
    names: Sequence[Name],
    *,
    lang: Lang,
    weeks: Sequence[Name] | None = None,
    unit: Text = _POINTS,
) -> Plot:
    """How far each rater's mean is from everyone's; below 0 are the strict.

    Args:
        values: one number a rater, as from `kefu.quality.raters.severity`; or a table with a row
            a week and a column a rater, NaN where a rater scored nothing.
        names: the raters, one a column.
        lang: the language of the words.
        weeks: what the rows of a table are called; None: 1, 2, 3 and so on.
        unit: that of the scores; the English word in the singular.

    Raises:
        KefuError: no numbers, or of another shape; not one name for each rater or week.
    """
    found = numbers(values, Text("松严", "the severities"), dims=None, missing=True)
    if found.ndim == 2:
        return _drift(found, names, weeks, unit, lang)
    if found.ndim != 1:
        raise refusal(
            "松严的排列不对", "the severities are not arranged as needed",
            "每人一个数，或每周一行、每人一列", "give one a rater, or a row a week",
        )  # fmt: skip
    called = named(names, lang, count=len(found))
    there = ~np.isnan(found)
    low, up = (float(np.nanmin(found)), float(np.nanmax(found))) if there.any() else (0.0, 0.0)
    if plain(low) == plain(up) == "0":
        title = "几位评分人松严一样" if lang == "zh" else "All raters are equally strict"
    else:
        strict, mild = (called[int(pick(found))] for pick in (np.nanargmin, np.nanargmax))
        title = (
            f"{strict}最严，比大家平均低 {_measure(-low, unit, lang)}；{mild}最松，高 "
            f"{_measure(up, unit, lang)}"
            if lang == "zh"
            else f"{strict} is strictest, {_measure(-low, unit, lang)} below everyone’s mean; "
            f"{mild} mildest, {_measure(up, unit, lang)} above"
        )
    order = np.argsort(np.where(there, found, np.inf), kind="stable")
    listed = [f"{called[at]} {signed(found[at]) if there[at] else '–'}" for at in order]
    alt = (
        f"每位评分人的平均分减去大家的平均分（{unit.zh}），从严到松：{'；'.join(listed)}。"
        if lang == "zh"
        else f"Each rater’s mean less everyone’s, in {unit.en}s, strictest first: "
        f"{'; '.join(listed)}."
    )

    figures = [signed(found[at]) if there[at] else "–" for at in order]
    rows = fitting([called[at] for at in order], figures, band=0.1)
    reach = max(-low, up) * 1.08 or 1.0
    with canvas(lang, high=high(title, rows.high, below=0.5)) as (figure, axes):
        rows.label(axes, -reach, reach, figures)
        axes.set_xlim(-reach, reach)
        axes.plot([0, 0], [0, rows.high], color=SOFT, lw=1, zorder=0)
        for at, band in zip(order, rows.bands, strict=True):
            axes.plot([-reach, reach], [band, band], color=LINE, lw=0.8, zorder=0)
            if there[at]:
                axes.plot([0, found[at]], [band, band], color=ACCENT, lw=3, solid_capstyle="butt")
                axes.plot(found[at], band, "v" if found[at] < 0 else "^" if found[at] else "o",
                          color=ACCENT, ms=7, clip_on=False)  # fmt: skip
        axes.set_xlabel(
            f"← 偏严　　和大家平均差多少（{unit.zh}）　　偏松 →"
            if lang == "zh"
            else f"← strict      {unit.en}s from everyone’s mean      mild →"
        )
        return finish(figure, title, alt, lang)


def _drift(
    table: Floats, names: Sequence[Name], weeks: Sequence[Name] | None, unit: Text, lang: Lang
) -> Plot:
    called = named(names, lang, count=table.shape[1])
    numbered = [str(at + 1) for at in range(len(table))]
    labels = named(weeks if weeks is not None else numbered, lang, count=len(table))
    ends = []  # first and last week with scores
    for column in table.T:
        there = np.flatnonzero(~np.isnan(column))
        ends.append((int(there[0]), int(there[-1])) if there.size else (0, 0))
    moved = np.array([
        column[last] - column[first]
        for column, (first, last) in zip(table.T, ends, strict=True)
    ])  # fmt: skip
    drifter = int(np.nanargmax(np.abs(moved))) if not np.isnan(moved).all() else 0
    first, last = ends[drifter]
    start, end = table[first, drifter], table[last, drifter]
    change = end - start
    if np.isnan(change) or plain(change) == "0":
        title = "没有谁的松严变了" if lang == "zh" else "Nobody became stricter or milder"
    elif lang == "zh":
        title = (
            f"{called[drifter]}越评越{'松' if change > 0 else '严'}：和大家平均的差从 "
            f"{signed(start)} 变成 {signed(end)} {unit.zh}"
        )
    else:
        title = (
            f"{called[drifter]} became {'milder' if change > 0 else 'stricter'}: from "
            f"{signed(start)} to {signed(end)} {unit.en}s from everyone’s mean"
        )
    listed = [
        f"{name} "
        + (f"{signed(column[a])} → {signed(column[b])}" if not np.isnan(column[a]) else _none(lang))
        for name, column, (a, b) in zip(called, table.T, ends, strict=True)
    ]
    alt = (
        f"每位评分人每周的平均分减去大家的平均分（{unit.zh}），从第一周到最后一周：{'；'.join(listed)}。"
        if lang == "zh"
        else f"Each rater’s weekly mean less everyone’s, in {unit.en}s, first to last week: "
        f"{'; '.join(listed)}."
    )
    with canvas(lang, high=high(title, max(2.3, 0.18 * len(called)), below=0.55)) as (figure, axes):
        across = np.arange(len(table))
        axes.axhline(0, color=SOFT, lw=1)
        marks, dashes = "sD^v", ("--", ":", "-.", (0, (5, 1, 1, 1)))
        others = 0
        for at, column in enumerate(table.T):
            if at == drifter:
                axes.plot(across, column, "o-", color=ACCENT, lw=2.4, ms=6, zorder=3)
                continue
            axes.plot(across, column, ls=dashes[others % 4], marker=marks[others % 4], ms=4,
                      lw=1.1, color=SERIES[1 + others % 3], mfc=PAPER)  # fmt: skip
            others += 1
        shown = table[~np.isnan(table)]
        low, up = (float(shown.min()), float(shown.max())) if shown.size else (0.0, 0.0)
        low, up = min(low, 0), max(up, 0)
        room = 0.12 * (up - low) or 1.0
        axes.set_ylim(low - room, up + room)
        gap = 0.165 * (up - low + 2 * room) / 2.2
        rest = [column[b] if not np.isnan(column[b]) else 0.0
                for column, (_, b) in zip(table.T, ends, strict=True)]  # fmt: skip
        for at, place in enumerate(spread(rest, gap)):
            words = wrap(called[at], 14).split("\n")
            axes.annotate(words[0] + ("…" if len(words) > 1 else ""), (len(table) - 1, rest[at]),
                          xytext=(len(table) - 0.75, place), fontsize=SMALL, va="center",
                          color=ACCENT if at == drifter else INK, annotation_clip=False,
                          arrowprops={"arrowstyle": "-", "color": LINE, "lw": 0.8})  # fmt: skip
        every = -(-len(labels) // 8)
        axes.set_xticks(across[::every], [wrap(each, 8) for each in labels[::every]])
        axes.set_xlabel("周" if lang == "zh" else "week")
        axes.set_xlim(-0.3, len(table) - 0.85)
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(lambda value, _: signed(value, 2))
        above(axes, f"和大家平均差多少（{unit.zh}）：上松下严" if lang == "zh"
              else f"{unit.en}s from everyone’s mean: mild above, strict below")  # fmt: skip
        return finish(figure, title, alt, lang)


def _measure(value: float, unit: Text, lang: Lang) -> str:
    return counted(round(value, 1), unit, lang, 1)


def _none(lang: Lang) -> str:
    return "没有值" if lang == "zh" else "no value"
