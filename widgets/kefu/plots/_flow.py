"""The cases on hand: how old the open ones are, and how many come and go day by day."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from kefu.plots._parts import CLEAR, HATCH, SMALL, Name, above, high, named, spread
from kefu.plots.house import ACCENT, BAD, INK, PAPER, PART, SERIES, TINT, Plot, canvas, finish, wrap
from kefu.plots.words import counted, plain
from kefu.quality._given import number, numbers, refusal
from kefu.text import Lang, Text

__all__ = ["ageing", "cumulative_flow"]

_CASES = Text("件", "complaint")
_DAYS = Text("天", "day")


def ageing(
    ages: ArrayLike,
    *,
    lang: Lang,
    target: float | None = None,
    edges: Sequence[float] = (3, 7, 14, 30, 60),
    unit: Text = _DAYS,
) -> Plot:
    """Open cases by how long they have been open; those beyond the target are marked.

    Args:
        ages: how long each open case has been open.
        lang: the language of the words.
        target: how long a case may be open; it becomes an edge.
        edges: where the bands end, each with its end; ascending.
        unit: of the ages; the English word in the singular.

    Raises:
        KefuError: ages or edges that are negative, missing or infinite.
    """
    old = numbers(ages, Text("时长", "the ages"), low=0)
    due = None if target is None else number(target, Text("时限", "the target"), low=0)
    ends = np.unique(numbers([*edges, *([] if due is None else [due])],
                             Text("分档", "the edges"), low=0, least=1))  # fmt: skip
    zh = lang == "zh"
    counts = np.bincount(np.searchsorted(ends, old, side="left"), minlength=len(ends) + 1)
    labels = [f"≤ {plain(ends[0])}"]
    labels += [f"{plain(a)}–{plain(b)}" for a, b in pairwise(ends)]
    labels.append(f"> {plain(ends[-1])}")
    cases, be = counted(old.size, _CASES, lang), "is" if old.size == 1 else "are"
    if not old.size:
        title = "没有还没办结的投诉" if zh else "No complaint is open"
    else:
        oldest = counted(float(old.max()), unit, lang, 1)
        title = f"{cases}还没办结，最久的 {oldest}" if zh else (
            f"{cases} {be} open, the oldest for {oldest}")  # fmt: skip
        if due is not None:
            beyond = int((old > due).sum())
            title = (
                f"{cases}还没办结，{beyond} 件超过 {counted(due, unit, lang, 1)}；"
                f"最久的 {oldest}" if zh
                else f"{cases} {be} open, {beyond} beyond "
                f"{counted(due, unit, lang, 1)}; the oldest for {oldest}"
            )  # fmt: skip
    listed = [f"{words} {unit[lang]}{'' if zh else 's'}{'：' if zh else ': '}{n}"
              for words, n in zip(labels, counts, strict=True)]  # fmt: skip
    alt = (
        f"还没办结的投诉按已过时长分档。{'；'.join(listed)}。" if zh
        else f"Open complaints by age. {'; '.join(listed)}."
    )  # fmt: skip
    with canvas(lang, high=high(title, 2.1, below=0.55)) as (figure, axes):
        in_time = len(counts) if due is None else int(np.searchsorted(ends, due)) + 1
        for at, n in enumerate(counts):
            axes.bar(at, n, 0.78, color=ACCENT if at < in_time else BAD, ec=PAPER,
                     hatch=None if at < in_time else HATCH)  # fmt: skip
            axes.annotate(f"{n}", (at, n), xytext=(0, 2), textcoords="offset points", ha="center",
                          va="bottom", fontsize=10)  # fmt: skip
        axes.set_ylim(0, max(int(counts.max()), 1) * (1.16 if due is None else 1.32))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xticks(range(len(labels)), labels)
        if due is not None:
            axes.axvline(in_time - 0.5, color=INK, lw=1, ls=":")
            axes.annotate(f"时限 {plain(due)}" if zh else f"target {plain(due)}",
                          (in_time - 0.5, 1), xycoords=("data", "axes fraction"),
                          xytext=(4, 0), va="top",
                          textcoords="offset points", fontsize=SMALL)  # fmt: skip
        label = Text(
            f"收到后几{unit.zh}（含右端）", f"{unit.en}s since received (upper end included)"
        )
        late = Text("；斜纹：超过时限", "; hatched: late")[lang] if due is not None else ""
        axes.set_xlabel(label[lang] + late)
        above(axes, "件" if zh else "complaints")
        return finish(figure, title, alt, lang)


def cumulative_flow(
    received: ArrayLike,
    closed: ArrayLike,
    *,
    lang: Lang,
    before: float = 0,
    unit: Text = _DAYS,
    rows: Sequence[Name] | None = None,
) -> Plot:
    """How many were received and how many closed, day by day, added up; between them lie the open.

    Args:
        received: how many came on each day.
        closed: how many were closed on each day.
        lang: the language of the words.
        before: how many were open when the days began.
        unit: what a row is; the English word in the singular.
        rows: what the days are called; None: 1, 2, 3 and so on.

    Raises:
        KefuError: counts that are negative or not whole; none, or not as many of each; more
            closed than there were.
    """
    name = Text("件数", "the counts")
    came = numbers(received, name, low=0, whole=True, least=1)
    done = numbers(closed, name, low=0, whole=True, least=1)
    start = number(before, name, low=0, whole=True)
    if len(came) != len(done) or (start + np.cumsum(came) - np.cumsum(done)).min() < 0:
        raise refusal(
            "收到和办结的对不上", "received and closed do not fit together",
            "每天各一个数；办结的不会比收到的多",
            "give one of each a day, never more closed than came",
        )  # fmt: skip
    came, done = start + np.cumsum(came), np.cumsum(done)
    called = named(rows or [str(at + 1) for at in range(len(came))], lang, count=len(came))
    still = came - done
    peak, zh = int(np.argmax(still)), lang == "zh"
    day = called[peak] if rows is not None else (
        f"第 {called[peak]} {unit.zh}" if zh else f"{unit.en} {called[peak]}")  # fmt: skip
    total, closed_all, most, now = (
        plain(each, 0) for each in (came[-1], done[-1], still[peak], still[-1])
    )
    title = (
        f"收到 {total} 件，办结 {closed_all} 件，还开着 {now} 件" if zh
        else f"{total} received, {closed_all} closed, {now} still open"
    )  # fmt: skip
    if still[peak] > still[-1]:
        title += f"；{day}最多，{most} 件" if zh else f"; most on {day}: {most}"
    alt = (
        f"两条累计线，中间的高度是还开着的件数。{title}。" if zh
        else f"Two running totals; the height between them is what is open. {title}."
    )  # fmt: skip
    with canvas(lang, high=high(title, 2.5, below=0.55)) as (figure, axes):
        x = np.arange(len(came))
        axes.fill_between(x, done, came, color=TINT, lw=0)
        mark = {"marker": "o", "ms": 4} if len(came) == 1 else {}
        axes.plot(x, came, color=SERIES[1], lw=1.8, ls="--", **mark)  # type: ignore[arg-type]
        axes.plot(x, done, color=ACCENT, lw=2.2, **mark)  # type: ignore[arg-type]
        top = max(float(came[-1]), 1.0)
        axes.set(ylim=(0, 1.06 * top), xlim=(x[0] - 0.02 * len(x), x[-1] + 0.02 * len(x)))
        if still[peak]:
            axes.annotate("", (peak, came[peak]), (peak, done[peak]),
                          arrowprops={"arrowstyle": "<->", "color": INK, "lw": 1.2, "shrinkA": 0,
                                      "shrinkB": 0})  # fmt: skip
            right = peak < 0.6 * len(x)
            if still[peak] > 0.2 * top:  # in the middle of a wide gap, else below it or above
                place, up, va = (came[peak] + done[peak]) / 2, 0, "center"
            elif done[peak] > 0.25 * top:
                place, up, va = done[peak], -4, "top"
            else:
                place, up, va, right = came[peak], 10, "bottom", peak < 0.3 * len(x)
            axes.annotate(f"{day}\n{most} 件" if zh else f"{day}\n{most} open", (peak, place),
                          xytext=(6 if right else -6, up), textcoords="offset points", va=va,
                          ha="left" if right else "right", fontsize=SMALL, linespacing=1.15,
                          bbox=CLEAR)  # fmt: skip
        words = (f"办结 {closed_all}", f"收到 {total}") if zh else (
            f"closed {closed_all}", f"received {total}")  # fmt: skip
        ends = spread([float(done[-1]), float(came[-1])], 0.08 * top)
        for place, label, colour in zip(ends, words, (ACCENT, PART), strict=True):
            axes.annotate(label, (1, place), xycoords=("axes fraction", "data"), xytext=(4, 0),
                          textcoords="offset points", fontsize=SMALL, va="center", color=colour,
                          linespacing=1.1, annotation_clip=False)  # fmt: skip
        every = -(-len(called) // 8)
        axes.set_xticks(x[::every], [wrap(each, 9) for each in called[::every]])
        axes.set_xlabel(unit[lang])
        above(axes, "累计件数" if zh else "complaints, running total")
        return finish(figure, title, alt, lang)
