"""Shares, waits, margins, before and after, as they look and as they are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.errors import KefuError
from kefu.plots.house import Plot
from kefu.plots.shares import before_after, margins, shares, waits
from kefu.text import Lang, Text

MET = Text("按标准做到的比例", "share that met the standard")
SOLVED = Text("一次解决", "solved at first contact")
ANSWERED = Text("接听", "answered")
STANDARDS = [
    Text("三声内接听", "answered in 3 rings"),
    Text("问好并报姓名", "greeting with name"),
    Text("复述需求", "need restated"),
    Text("挂机前确认满意", "asked if satisfied"),
    Text("24 小时内受理投诉", "complaint acknowledged within 24 h"),
    Text("午休接听", "answered at lunch"),
]
WAITS = [-14 * float(np.log(1 - (at + 0.5) / 400)) for at in range(400)]


def people(n: int, lang: Lang) -> list[str]:
    """Names of so many people."""
    return [f"员工 {at}" if lang == "zh" else f"agent {at}" for at in range(1, n + 1)]


def drawn_standards(lang: Lang) -> Plot:
    """Standards against a target: missed, met, undecided, and one that nobody looked at."""
    names = [name[lang] for name in STANDARDS]
    return shares(
        names, [80, 4, 158, 60, 33, 0], [100, 5, 160, 90, 40, 0], lang=lang, what=MET, target=0.9
    )


def drawn_people(lang: Lang) -> Plot:
    """Eight people of whom nothing can be told but noise."""
    return shares(
        people(8, lang), [66, 24, 26, 27, 29, 64, 70, 49], [76, 25, 32, 36, 32, 76, 80, 60],
        lang=lang, what=MET,
    )  # fmt: skip


KEPT: dict[str, Callable[[Lang], Plot]] = {
    "shares-target": drawn_standards,
    "shares-people": drawn_people,
    "waits": lambda lang: waits(WAITS, target=20, goal=0.9, lang=lang, what=ANSWERED),
    "margins": lambda lang: margins(385, cost=3, lang=lang),
    "before-after": lambda lang: before_after((82, 120), (101, 130), lang=lang, what=SOLVED),
}


@cache
def drawn(name: str, lang: Lang) -> Plot:
    """One of them, drawn once."""
    return KEPT[name](lang)


EXTREME: dict[str, Callable[[Lang], Plot]] = {
    "sixty": lambda lang: shares(people(60, lang), [40] * 59 + [9], [50] * 60, lang=lang, what=MET),
    "one": lambda lang: shares(["A"], [0], [10**7], lang=lang, what=MET),
    "none": lambda lang: shares(["A", "B"], [0, 0], [0, 0], lang=lang, what=MET, target=0.9),
    "at-once": lambda lang: waits([0, 0, 0], target=20, goal=0.8, lang=lang, what=ANSWERED),
    "late": lambda lang: waits([1000], target=20, goal=0.8, lang=lang, what=ANSWERED),
    "one-call": lambda lang: margins(1, cost=0, lang=lang),
    "nearly-all": lambda lang: margins(100, population=250, lang=lang),
    "million": lambda lang: margins(10**6, share=0.01, cost=12, lang=lang),
    "nothing-found": lambda lang: before_after((0, 10), (0, 10**6), lang=lang, what=SOLVED),
    "all-found": lambda lang: before_after((1, 1), (1, 1), lang=lang, what=SOLVED),
}


def test_surely_below_the_target_has_another_shape(lang: Lang) -> None:
    """Only whose whole interval lies below the target is a diamond; undecided ones are hollow."""
    lines = drawn("shares-target", lang).figure.axes[0].lines
    assert sum(line.get_marker() == "D" for line in lines) == 2
    assert sum(line.get_markerfacecolor() == "#ffffff" for line in lines) == 2


def test_a_ranking_of_noise_is_called_so() -> None:
    """Where every interval holds the share of all, the title says what the order is worth."""
    assert "名次只是噪声" in drawn("shares-people", "zh").title
    assert "noise" in drawn("shares-people", "en").title


def test_of_many_some_differ_by_chance() -> None:
    """Of 60 people one apart is fewer than chance alone brings, and the title says how many."""
    plot = shares(people(60, "en"), [45] * 59 + [20], [50] * 60, lang="en", what=MET)
    assert plot.title == "1 of 60 differ from all together; chance alone would give about 3"
    assert plot.alt.index("agent 60") < plot.alt.index("agent 1:")


def test_the_share_within_the_target_is_said(lang: Lang) -> None:
    """The curve's title has the share in time and its interval, and the text when the goal is."""
    plot = drawn("waits", lang)
    assert "76\u00a0%" in plot.title
    assert "72–80\u00a0%" in plot.title
    assert ("90\u00a0% 的在 32" if lang == "zh" else "90\u00a0% within 32") in plot.alt


def test_half_the_margin_is_four_times_the_cost() -> None:
    """The text of the margins has both numbers of calls and what each costs."""
    alt = drawn("margins", "zh").alt
    assert "385 通：±5 个百分点，1,155 元" in alt
    assert "1,540 通：±2.5 个百分点，4,620 元" in alt


@pytest.mark.parametrize(
    ("before", "inside"), [((82, 120), True), ((60, 120), False)], ids=["inside", "outside"]
)
def test_whether_0_is_inside_is_said(before: tuple[int, int], inside: bool) -> None:
    """A difference whose interval holds 0 is not called a change; another one is."""
    zh = before_after(before, (101, 130), lang="zh", what=SOLVED).title
    en = before_after(before, (101, 130), lang="en", what=SOLVED).title
    assert ("，含 0：还不能说变了" in zh) is inside
    assert ("，不含 0：" in zh) is not inside
    assert ("0 is inside" in en) is inside


def test_what_cannot_be_is_refused() -> None:
    """More hits than calls, no row, no wait, no call: refused with words."""
    with pytest.raises(KefuError):
        shares(["A"], [5], [4], lang="zh", what=MET)
    with pytest.raises(KefuError):
        shares([], [], [], lang="zh", what=MET)
    with pytest.raises(KefuError):
        waits([], target=20, lang="zh", what=ANSWERED)
    with pytest.raises(KefuError):
        margins(0, lang="zh")
    with pytest.raises(KefuError):
        before_after((0, 0), (1, 2), lang="zh", what=SOLVED)


@settings(max_examples=5)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(9, 10**6)), min_size=1, max_size=6))
def test_any_counts_can_be_drawn(rows: list[tuple[int, int]]) -> None:
    """Whatever was counted, there is a picture, a title and a text, and never a NaN."""
    names = [f"{at}" for at in range(len(rows))]
    plot = shares(names, [a for a, _ in rows], [n for _, n in rows], lang="en", what=MET)
    assert "nan" not in (plot.alt + plot.title).lower()
