"""What a control chart says: its title, its alternative text, the rules under it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from kefu.plots.words import capital, few, listed, percent, short
from kefu.quality._given import Floats, refusal
from kefu.quality.charts import Chart
from kefu.quality.rules import RULES, Signal
from kefu.text import Lang, Text

__all__ = ["SPREAD", "Seen", "legend"]

KINDS: Final[Mapping[str, Text]] = {
    "p": Text("p 图", "a p chart"),
    "np": Text("np 图", "an np chart"),
    "c": Text("c 图", "a c chart"),
    "u": Text("u 图", "a u chart"),
    "p-prime": Text("Laney p′ 图", "a Laney p′ chart"),
    "u-prime": Text("Laney u′ 图", "a Laney u′ chart"),
    "xbar": Text("均值图", "an X-bar chart"),
    "r": Text("极差图（R 图）", "a range (R) chart"),
    "s": Text("标准差图（S 图）", "a standard deviation (S) chart"),
    "individuals": Text("单值图", "a chart of individual values"),
    "moving-range": Text("移动极差图", "a moving range chart"),
    "ewma": Text("EWMA 图", "an EWMA chart"),
}
SPREAD: Final[Mapping[str, Text]] = {
    "r": Text("极差", "range"),
    "s": Text("标准差", "standard deviation"),
    "moving-range": Text("移动极差", "moving range"),
}
OUTSIDE: Final = "we-1"
"""The rule of a point beyond a limit, where nobody named a rule."""
BEYOND: Final = Text("一点落在控制限之外", "one point beyond a limit")
"""The first rule by the limits of the chart, of whatever width they are."""


@dataclass(frozen=True)
class Seen:
    """A chart with what it takes to speak about it; points are counted from 0."""

    chart: Chart
    lang: Lang
    what: Text
    unit: Text | None
    rows: Sequence[str] | None
    signals: Sequence[Signal]
    phase: int | None

    @cached_property
    def names(self) -> Sequence[str]:
        """What each point is called.

        Raises:
            KefuError: there is no point; there are not as many names as rows of the data.
        """
        first, n = self.chart.first, len(self.chart.points)
        if not n:
            raise refusal("图上没有点", "the chart has no point", "请先给数据", "give some data")
        if self.rows is None:
            return [self.count(at + 1) for at in range(first, first + n)]
        if len(self.rows) != first + n:
            raise refusal(
                f"名称有 {len(self.rows)} 个，数据有 {first + n} 行",
                f"there are {len(self.rows)} names for {first + n} rows",
                "请给每行一个名称",
                "give one name a row",
            )
        return self.rows[first:]

    @cached_property
    def marks(self) -> dict[int, tuple[str, ...]]:
        """The points that signal, in order, each with its rules; those beyond a limit always."""
        found: dict[int, list[str]] = {}
        for one in self.signals:
            found.setdefault(one.at, []).append(one.rule)
        for at in self.chart.outside:
            found.setdefault(at, [OUTSIDE])
        return {at: tuple(dict.fromkeys(found[at])) for at in sorted(found)}

    @property
    def others(self) -> list[int]:
        """The points of a pattern that do not complete one."""
        return sorted({at for one in self.signals for at in one.points} - set(self.marks))

    @property
    def share(self) -> bool:
        """Whether the points are shares, written in per cent."""
        return self.chart.kind in ("p", "p-prime")

    @property
    def begins(self) -> int | None:
        """The first point that is watched with limits from before it, if there are such."""
        first, base = self.phase, self.chart.baseline
        if first is None and base and base == tuple(range(base[0], base[-1] + 1)):
            first = base[-1] + 1 if base[0] <= self.chart.first else None
        at = 0 if first is None else first - self.chart.first
        return at if 0 < at < len(self.chart.points) else None

    def count(self, number: int) -> str:
        """What a point without a name is called."""
        return f"第 {number} 点" if self.lang == "zh" else f"point {number}"

    def number(self, value: float) -> str:
        """A number of this chart as it is written."""
        return percent(value, 3) if self.share else short(value)

    def label(self) -> str:
        """What is charted, with its unit."""
        unit = "%" if self.share else self.unit[self.lang] if self.unit else ""
        what = self.what[self.lang]
        if not unit:
            return what
        return f"{what}（{unit}）" if self.lang == "zh" else f"{what} ({unit})"

    def title(self) -> str:
        """The sentence that the chart supports."""
        n, more, zh = len(self.chart.points), len(self.marks), self.lang == "zh"
        what = f"{self.what.zh}：" if zh else f"{capital(self.what.en)}: "
        if n == 1 and not more:
            return what + ("只有 1 个点，还看不出什么" if zh else "one point alone tells little")
        if not more:
            return what + (
                f"{n:,} 个点没有信号，都是平常的波动"
                if zh
                else f"no signal in {n:,} points, only ordinary variation"
            )
        first = self.names[min(self.marks)]
        if more == 1:
            return what + (
                f"{first}有信号，值得查一查原因" if zh else f"{first} signals; look for its cause"
            )
        return what + (
            f"{more:,} 个点有信号，从{first}查起"
            if zh
            else f"{more:,} points signal; start from {first}"
        )

    def alt(self) -> str:
        """Kind, range, center, limits, and which points signal and why."""
        chart, n, zh = self.chart, len(self.chart.points), self.lang == "zh"
        kind = KINDS[chart.kind][self.lang]
        lines = [self._span(line) for line in (chart.center, chart.lower, chart.upper)]
        before = None if self.begins is None else self.names[self.begins]
        why = listed(self._why(), self.lang, 8)
        if zh:
            rows = f"从{self.names[0]}到{self.names[-1]}" if n > 1 else self.names[0]
            said = f"{kind}，{self.label()}，{n:,} 个点，{rows}。值 {self._span(chart.points)}，"
            said += f"中心线 {lines[0]}，下控制限 {lines[1]}，上控制限 {lines[2]}。"
            said += f"控制限来自{before}之前的点。" if before else ""
            return said + (f"有信号的点：{why}。" if why else "没有信号。")
        rows = f"from {self.names[0]} to {self.names[-1]}" if n > 1 else self.names[0]
        said = f"{capital(kind)} of {self.label()}, {few(n, 'point', 'points')}, {rows}. "
        said += f"Values {self._span(chart.points)}, center line {lines[0]}, "
        said += f"lower limit {lines[1]}, upper limit {lines[2]}. "
        said += f"The limits come from the points before {before}. " if before else ""
        return said + (f"Points that signal: {why}." if why else "No signal.")

    def _why(self) -> list[str]:
        """Each stretch of points that signal by the same rules, with the rules."""
        runs: list[list[int]] = []
        for at, rules in self.marks.items():
            if runs and runs[-1][-1] == at - 1 and self.marks[at - 1] == rules:
                runs[-1].append(at)
            else:
                runs.append([at])
        return [self._run(run[0], run[-1]) for run in runs]

    def _run(self, first: int, last: int) -> str:
        rules = listed([tag(each, self.marks.values()) for each in self.marks[first]], self.lang)
        value = self._span(self.chart.points[first : last + 1])
        if self.lang == "zh":
            name = self.names[first] + (f"到{self.names[last]}" if last > first else "")
            return f"{name}（{value}，规则 {rules}）"
        name = self.names[first] + (f" to {self.names[last]}" if last > first else "")
        word = "rule" if len(self.marks[first]) == 1 else "rules"
        return f"{name} ({value}, {word} {rules})"

    def _span(self, line: Floats) -> str:
        low, high = self.number(float(np.min(line))), self.number(float(np.max(line)))
        return low if low == high else f"{low} {'到' if self.lang == 'zh' else 'to'} {high}"


def tag(rule: str, among: Iterable[Sequence[str]]) -> str:
    """The number of a rule, as it stands beside a point: 4; N5 where other rules are about."""
    family, number = rule.rsplit("-", 1)
    alone = len({each.rsplit("-", 1)[0] for rules in among for each in rules}) == 1
    return number if alone else f"{family[0].upper()}{number}"


def legend(charts: Sequence[Seen]) -> str:
    """The rules that fired, in words, for the foot of the figure; nothing where none did."""
    marks = [rules for one in charts for rules in one.marks.values()]
    lang = charts[0].lang
    fired = sorted({each for rules in marks for each in rules}, key=list(RULES).index)
    # Of one number in both sets, such as W1 and N1, the words may be the same, and stand once.
    tags: dict[str, list[str]] = {}
    for each in fired:
        words = BEYOND if each.endswith("-1") else RULES[each]
        tags.setdefault(words[lang], []).append(tag(each, marks))
    hollow = any(one.others for one in charts)
    if not fired:
        return ""
    if lang == "zh":
        rules = "；".join(f"{'、'.join(by)} = {words}" for words, by in tags.items())
        return f"菱形：有信号的点和它的规则。{rules}。" + ("空心：同一串的点。" if hollow else "")
    rules = "; ".join(f"{', '.join(by)} = {words}" for words, by in tags.items())
    said = f"Diamond: a point that signals, and its rule. {rules}."
    return said + (" Hollow: points of the same pattern." if hollow else "")
