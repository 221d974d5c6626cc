"""Limits and rules: what a set of rules finds, and how often it cries wolf for nothing."""

from __future__ import annotations

from dataclasses import replace

from kefu.explorers._false_alarms import MONTHS, MOST, alarms, false_alarms, notices, series
from kefu.explorers.explorer import Choice, Explorer, Press, Seen, Slider, Values
from kefu.plots import house
from kefu.plots.charts import control_chart
from kefu.plots.words import few
from kefu.quality.charts import i_mr
from kefu.quality.rules import NELSON, WESTERN_ELECTRIC, Signal
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]

_DAYS = 56
_CENTER, _SIGMA = 300, 15
_SETS = {"one": WESTERN_ELECTRIC[:1], "western": WESTERN_ELECTRIC, "nelson": NELSON}
_NAMES = {
    "one": Text("只用规则 1", "rule 1 alone"),
    "western": Text("西电规则 1–4", "Western Electric 1–4"),
    "nelson": Text("Nelson 规则 1–8", "Nelson 1–8"),
}
_CALM = {"one": 370.4, "western": 91.75, "nelson": 73.5}
"""Mean points to a false alarm: Champ & Woodall 1987; for Nelson's eight, 120,000 runs of ours."""


def _days(days: float) -> Text:
    """About so many days; under ten to the tenth."""
    said = f"{days:.0f}" if days >= 10 else f"{days:.1f}".removesuffix(".0")
    return Text(f"{said} 天", f"{said} day" + ("" if said == "1" else "s"))


def see(values: Values, lang: Lang) -> Seen:
    """Eight weeks on a chart, and what the rules say of them."""
    chosen, press = str(values["rules"]), int(values["again"])
    shift, day, charts = float(values["shift"]), int(values["day"]), int(values["charts"])
    rules, calm = _SETS[chosen], _CALM[chosen]
    drawn = series(press)[:_DAYS]
    z = tuple(one + shift * (at >= day - 1) for at, one in enumerate(drawn))
    raised = alarms(z, rules)
    true = [alarm[0].at + 1 for alarm in raised if shift and alarm[0].at >= day - 1]
    false = len(raised) - len(true)
    counted = range(max(0, press + 1 - MOST), press + 1)
    total, months = sum(false_alarms(one, rules) for one in counted), MONTHS * len(counted)
    yearly = charts * 365 / calm
    said = [
        _headline(shift, day, true, false),
        Text(
            f"一共模拟了 {months:,} 个月，一天也没变过：误报 {total:,} 次。"
            f"长远看，一张图平均 {calm:.0f} 天误报一次。",
            f"In {months:,} simulated months in which nothing ever changed there were "
            f"{few(total, 'false alarm', 'false alarms')}. In the long run one chart "
            f"cries wolf about every {calm:.0f} days.",
        ),
        _price(chosen, charts, yearly),
    ]
    figures = [
        (Text("这张图上的误报", "False alarms here"), Text(f"{false} 次", str(false))),
        (
            Text(f"{months:,} 个太平月里的误报", f"False alarms in {months:,} calm months"),
            Text(f"{total:,} 次", f"{total:,}"),
        ),
        (Text("平均多久误报一次", "Mean time to a false alarm"), _days(calm)),
        (
            Text("一年白查", "Searches in vain a year"),
            Text(f"约 {yearly:.0f} 次", f"~{yearly:.0f}"),
        ),
    ]
    if shift:
        mine, alone = _days(notices(rules, shift)), _days(notices(_SETS["one"], shift))
        said.append(
            Text(
                f"要发现 {shift:g}σ 的变化，只用规则 1 平均得等 {alone.zh}"
                + ("：越小的变化，它看得越慢。" if chosen == "one" else f"，这一套 {mine.zh}。"),
                f"To notice a shift of {shift:g}σ takes rule 1 alone {alone.en} on average"
                + (
                    ": the smaller the change, the slower it is."
                    if chosen == "one"
                    else f", and this set {mine.en}."
                ),
            )
        )
        figures.append((Text("平均多久发现", "Mean time to notice"), mine))
    else:
        said.append(
            Text(
                "控制限是过程自己的波动算出来的，不是目标：点都在限内，只说明和平常一样，不说明够好。",
                "The limits come from the process's own ups and downs, they are no target: points "
                "within them say that things are as usual, not that they are good enough.",
            )
        )
    plot = _draw(z, raised, shift, day, true, false, lang)
    return Seen(plot, tuple(said), tuple(figures), frozenset() if shift else frozenset({"day"}))


def _headline(shift: float, day: int, true: list[int], false: int) -> Text:
    if not shift and not false:
        return Text(
            "这 8 周什么都没变，图上也没有报警。",
            "In these 8 weeks nothing changed, and the chart raised no alarm.",
        )
    if not shift:
        return Text(
            f"这 8 周什么都没变，图上却报了 {false} 次警：{'全' if false > 1 else ''}是误报，"
            "查也查不出原因。",
            f"In these 8 weeks nothing changed, yet the chart raised "
            f"{few(false, 'alarm', 'alarms')}: false, with no cause to be found.",
        )
    before = (
        Text(f"在那以前有 {false} 次误报。", f" Before that, false alarms: {false}.")
        if false
        else Text("", "")
    )
    if not true:
        return Text(
            f"第 {day} 天起真的变了 {shift:g}σ，到第 8 周末还没有报警。{before.zh}",
            f"From day {day} on it did change, by {shift:g}σ; by the end of week 8 no alarm had "
            f"come.{before.en}",
        )
    late = true[0] - day
    after = Text("当天就报了警", "the alarm came that very day")
    if late:
        after = Text(f"{late} 天后报了警", f"the alarm came {few(late, 'day', 'days')} later")
    return Text(
        f"第 {day} 天起真的变了 {shift:g}σ，{after.zh}。{before.zh}",
        f"From day {day} on it did change, by {shift:g}σ; {after.en}.{before.en}",
    )


def _price(chosen: str, charts: int, yearly: float) -> Text:
    alone = charts * 365 / _CALM["one"]
    zh = f"盯 {charts} 张这样的图，一年大约白查 {yearly:.0f} 次"
    en = f"Watch {few(charts, 'such chart', 'such charts')}, and about {yearly:.0f} times a year"
    en += " somebody looks for a cause that is not there"
    if chosen == "one":
        all_eight = charts * 365 / _CALM["nelson"]
        return Text(
            f"{zh}；要是把 Nelson 八条全开，就是 {all_eight:.0f} 次。",
            f"{en}; with all eight of Nelson's rules it would be {all_eight:.0f}.",
        )
    return Text(f"{zh}；只用规则 1 是 {alone:.0f} 次。", f"{en}; with rule 1 alone, {alone:.0f}.")


def _draw(
    z: tuple[float, ...],
    raised: list[list[Signal]],
    shift: float,
    day: int,
    true: list[int],
    false: int,
    lang: Lang,
) -> house.Plot:
    points = [_CENTER + _SIGMA * one for one in z]
    chart = i_mr(points, center=_CENTER, sigma=_SIGMA).location
    hits = [hit for alarm in raised for hit in alarm]
    what, unit = Text("日均处理时长", "mean handle time of a day"), Text("秒", "s")
    if not shift:
        title = Text(
            f"什么都没变，8 周里误报 {false} 次" if false else "什么都没变，8 周里没有报警",
            f"Nothing changed: {few(false, 'false alarm', 'false alarms')} in 8 weeks"
            if false
            else "Nothing changed, and no alarm in 8 weeks",
        )
    else:
        seen = Text("8 周里没报出来", "no alarm within 8 weeks")
        if true:
            seen = Text(f"第 {true[0]} 天报警", f"alarm on day {true[0]}")
        title = Text(
            f"第 {day} 天（竖点线）起变了 {shift:g}σ：{seen.zh}",
            f"Up {shift:g}σ from day {day} (dotted): {seen.en}",
        )
    plot = control_chart(chart, lang=lang, what=what, unit=unit, signals=hits, title=title)
    axes = plot.figure.axes[0]
    axes.xaxis.label.set_text(Text("第几天", "day")[lang])
    if shift:
        axes.axvline(day - 0.5, color=house.INK, linestyle=":", linewidth=1.2)
    stop = Text("。", ". ")
    return replace(plot, alt=f"{title[lang]}{stop[lang]}{plot.alt}")


EXPLORER = Explorer(
    slug="limits-and-rules",
    title=Text("控制限和判异规则", "Limits and rules"),
    lead=Text(
        "一家客服中心的日均处理时长，只有平常的波动。多抽几次看误报，换一套规则再看；"
        "然后让它真的变一点，看多久才被发现。",
        "The mean handle time of a contact centre, day by day, with ordinary ups and downs only. "
        "Draw it a few times and see the false alarms, change the rules, then let it really shift "
        "a little and see how long that goes unnoticed.",
    ),
    controls=(
        Choice("rules", Text("用哪些规则", "Which rules"), tuple(_NAMES.items()), "western"),
        Press("again", Text("再抽 8 周", "Draw another 8 weeks")),
        Slider(
            "shift",
            Text("真的变长了多少", "It really gets longer by"),
            0,
            3,
            0.25,
            0,
            Text("σ", "σ"),
        ),
        Slider("day", Text("从第几天起", "From day"), 1, 50, 1, 29, Text("天", "")),
        Slider(
            "charts",
            Text("一共盯几张这样的图", "Such charts that you watch"),
            1,
            50,
            1,
            10,
            Text("张", "charts"),
        ),
    ),
    see=see,
    question=Text(
        "主管把目标“不超过 290 秒”画到图上当上限，超过的每一天都要写说明；他还想八条规则全开，"
        "“宁可多查”。会发生什么？",
        "A supervisor draws the target, “at most 290 seconds”, as the upper limit and wants an "
        "explanation for each day above it; and all eight rules on, “better safe than sorry”. What "
        "will happen?",
    ),
    answer=Text(
        "这个过程平均就是 300 秒，四天里大约有三天会超过 290 秒，于是天天写说明，"
        "写的却是平常的波动。"
        "人很快学会的不是改进，而是把电话转走、提前挂断。够不到目标又没有信号，"
        "说明要改的是过程本身（系统慢、知识库难找），不是去问昨天谁慢了。"
        "八条全开，一张图两三个月就误报一次，盯十张，每周都有一次；查了几回都是空的，真信号来了也没人信。"
        "所以：看数据之前先选好规则，规则 1 加一条连串规则往往就够；"
        "报警了先核数据，再稳住，再问什么变了，"
        "查不到也照实记下。这里的点互不相干、均值和 σ 都已知；真实数据里天天相连，限是估出来的，"
        "误报还要多些。",
        "The process takes 300 seconds on average, so three days out of four lie above 290, and "
        "every explanation explains ordinary ups and downs. What people learn is not to improve "
        "but to transfer calls and cut them short. Out of reach of a target and without a signal, "
        "it is the process that has to change (slow system, answers hard to find), not whoever "
        "was slow yesterday. With all eight rules one chart cries wolf every two to three months, "
        "ten charts nearly every week; after a few searches in vain nobody believes the real "
        "signal. So choose the rules before you look at the data; rule 1 and one rule for runs "
        "will often do. At an alarm check the data first, contain, then ask what changed, and "
        "write it down even if nothing is found. Here points are independent, mean and σ known; "
        "in real data days hang together, limits are estimates, and false alarms are more.",
    ),
)
