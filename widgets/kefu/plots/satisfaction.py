"""Surveys: who answered what, how much a score wavers, where service falls short, what it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex
from numpy.typing import ArrayLike

from kefu.plots._needs import gaps, kano
from kefu.plots._nps import nps_noise, nps_over_time
from kefu.plots._parts import HATCH, Key, Name, fitting, high, named, number_in
from kefu.plots.house import ACCENT, BAD, INK, LINE, PALE, PAPER, Plot, canvas, finish
from kefu.plots.words import percent, plain, span
from kefu.quality._given import Floats, number, numbers
from kefu.quality.sampling import difference, wilson
from kefu.text import Lang, Text

__all__ = ["gaps", "kano", "nps_noise", "nps_over_time", "stacked"]

_ANSWERS = LinearSegmentedColormap.from_list("kefu", [ACCENT, PALE, "#eceee9", "#e3ad8b", BAD])


def stacked(
    counts: ArrayLike,
    names: Sequence[Name],
    answers: Sequence[Name],
    *,
    lang: Lang,
    top: int = 2,
    confidence: float = 0.95,
) -> Plot:
    """The share of each answer as one bar for each group, the best answer first.

    Below each bar stands the interval (Wilson) of the best `top` answers together.

    Args:
        counts: a table; one row a group, one column an answer.
        names: the groups.
        answers: the answers, the worst first, as the columns are.
        lang: the language of the words.
        top: how many of the best answers count as satisfied.
        confidence: of the interval, between 0 and 1.

    Raises:
        KefuError: no table of whole counts; names or answers that do not fit it; a `top` that
            is not from 1 to the number of answers.
    """
    table = numbers(counts, Text("回答数", "the counts"), dims=2, low=0, whole=True)
    groups = named(names, lang, count=len(table))
    said_answers = named(answers, lang, count=table.shape[1], least=2)[::-1]
    best = int(number(top, Text("top", "top"), low=1, high=table.shape[1], whole=True))
    table = table[:, ::-1]
    ns, tops = table.sum(axis=1), table[:, :best].sum(axis=1)
    found = wilson(tops, ns, confidence)
    shares = np.divide(tops, ns, out=np.zeros_like(tops), where=ns > 0)
    asked = np.flatnonzero(ns)
    joint = _either(said_answers[:best], lang)
    if not asked.size:
        title = "还没有人回答" if lang == "zh" else "Nobody has answered yet"
    elif asked.size == 1:
        at = int(asked[0])
        interval = span(found.low[at], found.high[at])
        title = (
            f"{groups[at]}：{percent(shares[at])} 答了{joint}（{interval}）"
            if lang == "zh"
            else f"{groups[at]}: {percent(shares[at])} said {joint} ({interval})"
        )
    else:
        up = int(asked[np.argmax(shares[asked])])
        low = int(asked[::-1][np.argmin(shares[asked[::-1]])])  # another one, also in a tie
        title = _two(groups, table, best, (up, low), confidence, lang)
        title = Text(f"答{joint}的：{title}", f"Said {joint}: {title}")[lang]
    around = "{}（{}） n = {}" if lang == "zh" else "{} ({})  n = {}"
    figures = [
        around.format(percent(share), span(low, up), plain(n, 0)) if n else "n = 0"
        for share, low, up, n in zip(shares, found.low, found.high, ns, strict=True)
    ]
    alt = _stacked_alt(groups, said_answers, table, figures, joint, lang)

    inks = [to_hex(_ANSWERS(at / (len(said_answers) - 1))) for at in range(len(said_answers))]
    worst = [at >= max(best, len(said_answers) - best) for at in range(len(said_answers))]
    key = Key(said_answers, inks, worst)
    rows = fitting(groups, figures, band=0.32, start=0.04 + key.high)
    with canvas(lang, high=high(title, rows.high, below=0.5)) as (figure, axes):
        rows.label(axes, 0, 100, figures)
        axes.set_xlim(0, 100)
        key.draw(axes, 100)
        for at, band in enumerate(rows.bands):
            left = 0.0
            for place, count in enumerate(table[at] if ns[at] else []):
                wide = 100 * count / ns[at]
                axes.barh(band - 0.04, wide, 0.2, left, color=inks[place], ec=PAPER, lw=1,
                          hatch=HATCH if worst[place] else None)  # fmt: skip
                if wide >= 7:
                    number_in(axes, left + wide / 2, band - 0.04, plain(wide, 0), inks[place])
                left += wide
            if ns[at]:
                ends = [100 * found.low[at], 100 * found.high[at]]
                for mark in ("-", "|"):
                    axes.plot(ends, [band + 0.115] * 2, mark, color=INK, lw=1.4, ms=6, mew=1.4,
                              clip_on=False)  # fmt: skip
            else:
                axes.barh(band - 0.04, 100, 0.2, fill=False, ec=LINE, lw=0.8)
        axes.set_xlabel(
            f"%；每条下面的线是{joint}的区间"
            if lang == "zh"
            else f"%; the line below each bar: interval of {joint}"
        )
        return finish(figure, title, alt, lang)


def _two(
    groups: Sequence[str],
    table: Floats,
    best: int,
    which: tuple[int, int],
    confidence: float,
    lang: Lang,
) -> str:
    """Of two groups the difference with its interval; of more the two ends, each with its own."""
    told, counts = [], []
    for at in which:
        n, top = int(table[at].sum()), int(table[at, :best].sum())
        counts += [top, n]
        interval = span(*wilson(top, n, confidence))
        around = f"（{interval}）" if lang == "zh" else f", {interval}"
        told.append((percent(top / n), groups[at], around if len(groups) > 2 else ""))
    (one, first, near), (other, second, close) = told
    if len(groups) > 2:
        if lang == "zh":
            return f"最高的是{first}，{one}{near}；最低的是{second}，{other}{close}"
        return f"{one} ({first}{near}) at the most, {other} ({second}{close}) at the least"
    up, up_n, low, low_n = counts
    gap = difference(low, low_n, up, up_n, confidence)
    by, least, most = (plain(100 * each, 0) for each in gap)
    if lang == "zh":
        return f"{first}占 {one}，{second}占 {other}，差 {by} 个百分点（{least} 到 {most}）"
    return f"{one} ({first}), {other} ({second}), {by} points apart ({least} to {most})"


def _either(names: Sequence[str], lang: Lang) -> str:
    return ("或" if lang == "zh" else " or ").join(f"“{name}”" for name in names)


def _stacked_alt(
    groups: Sequence[str], answers: Sequence[str], table: Floats, figures: Sequence[str],
    joint: str, lang: Lang,
) -> str:  # fmt: skip
    told = []
    for group, row, words in zip(groups, table, figures, strict=True):
        shares = [
            f"{answer} {percent(count / row.sum())}"
            for answer, count in zip(answers, row, strict=True)
        ] if row.sum() else []  # fmt: skip
        told.append((group, ("、" if lang == "zh" else ", ").join(shares), words))
    if lang == "zh":
        return f"每组一条，按回答分段；先说{joint}合计和区间。" + "".join(
            f"{group}：{words}{'；' if shares else ''}{shares}。" for group, shares, words in told
        )
    return f"One bar a group, in parts by answer; first {joint} together, with interval." + "".join(
        f" {group}: {words}{'; ' if shares else ''}{shares}." for group, shares, words in told
    )
