"""Which control chart: a few questions about the data, and the chart they lead to."""

from __future__ import annotations

from functools import cache

from kefu.explorers._chart_kinds import KINDS
from kefu.explorers.explorer import Choice, Explorer, Seen, Values
from kefu.plots.charts import control_chart, pair
from kefu.quality import charts
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]

_UNSURE = ("unsure", Text("还没想好", "Not sure yet"))

# What to ask oneself where a question is still open, and which controls come after it.
_ASKS = {
    "kind": Text(
        "先看一个点上的数：是数出来的，还是量出来的？",
        "Look at one point first: was its number counted, or measured?",
    ),
    "counted": Text(
        "问自己：一通电话最多算一次，还是可能算好几次？",
        "Ask yourself: can one call count once at most, or several times?",
    ),
    "sizes": Text(
        "看看每个点的分母：每天听的通数、每周的业务量，是不是都一样？",
        "Look at what each number is out of: is it the same number of calls, or of contacts, "
        "every time?",
    ),
    "rows": Text(
        "看看每个点背后：只有一个数，还是每次抽一组？",
        "Look behind each point: a single number, or a sample each time?",
    ),
}
_HINTS = {
    "kind": Text(
        "“几通有差错”是数出来的，只会是整数；“平均 254 秒”是量出来的，可以有小数。",
        "“Calls with an error” is counted and always whole; “254 seconds on average” is measured "
        "and may have decimals.",
    ),
    "counted": Text(
        "“这通有没有严重差错”只有是或不是；“这通说了几句忌语”可以是 0，也可以是 3。",
        "“Did this call have a critical error” is yes or no; “how many taboo phrases” can be 0, "
        "and can be 3.",
    ),
    "sizes": Text(
        "差一点点也算不一样；拿不准就当不一样，p 图和 u 图两种情形都对。",
        "A small difference is a difference; when in doubt say no, for p and u charts are right "
        "either way.",
    ),
    "rows": Text(
        "每天只报一个平均数，是单个；每天抽 5 通各记时长，是一组。",
        "One mean reported a day is a single value; the times of 5 calls drawn each day are a "
        "sample.",
    ),
}


def _way(values: Values) -> list[str]:
    """The questions that come up, in order; the last one may still be open."""
    way = ["kind"]
    if values["kind"] == "counted":
        way.append("counted")
        if values["counted"] != "unsure":
            way.append("sizes")
            if values["sizes"] != "unsure":
                way.append("spread")
    elif values["kind"] == "measured":
        way.append("rows")
        if values["rows"] != "unsure":
            way.append("drift")
    return way


def _chart(values: Values) -> str:
    """The chart that whole answers lead to."""
    if values["kind"] == "measured":
        if values["drift"] == "slow":
            return "ewma"
        return {"one": "i-mr", "few": "xbar-r"}.get(str(values["rows"]), "xbar-s")
    yes_no = values["counted"] == "yes-no"
    if values["spread"] == "over":
        return "p-prime" if yes_no else "u-prime"
    if values["sizes"] == "same":
        return "np" if yes_no else "c"
    return "p" if yes_no else "u"


@cache
def _example(name: str) -> charts.Chart | charts.Pair:
    return KINDS[name].example()


def see(values: Values, lang: Lang) -> Seen:
    """The next question to ask oneself, or the chart and why."""
    way = _way(values)
    hidden = frozenset(one.name for one in EXPLORER.controls) - set(way)
    if values[way[-1]] == "unsure":
        return Seen(None, (_ASKS[way[-1]], _HINTS[way[-1]]), (), hidden)
    name = _chart(values)
    kind = KINDS[name]
    headline = Text(f"用 {kind.name.zh}。", f"Take {kind.name.en}.")
    example = _example(name)
    if isinstance(example, charts.Pair):
        plot = pair(example, lang=lang, what=kind.what, unit=kind.unit)
    else:
        plot = control_chart(example, lang=lang, what=kind.what, unit=kind.unit)
    return Seen(plot, (headline, kind.why, kind.formula, kind.beware), (), hidden)


EXPLORER = Explorer(
    slug="which-chart",
    title=Text("该用哪张控制图", "Which control chart"),
    lead=Text(
        "想着你手上的一组数，一问一问答下去，最后会看到图的名字、理由、算法和一个例子。",
        "Think of some numbers of yours and answer question by question; in the end there is a "
        "chart, why it is the one, how it is worked out, and an example.",
    ),
    controls=(
        Choice(
            "kind",
            Text("每个点上的数是怎么来的？", "Where does the number of each point come from?"),
            (
                _UNSURE,
                ("counted", Text("数出来的（几通、几次）", "Counted (calls, events)")),
                ("measured", Text("量出来的（秒、分数）", "Measured (seconds, scores)")),
            ),
            "unsure",
        ),
        Choice(
            "counted",
            Text("数的是什么？", "What is counted?"),
            (
                _UNSURE,
                ("yes-no", Text("每通只有是或不是", "Each call: yes or no")),
                (
                    "how-many",
                    Text("次数，一通里可以有好几次", "How many; one call can have several"),
                ),
            ),
            "unsure",
        ),
        Choice(
            "sizes",
            Text("每个点的样本（或业务量）一样大吗？", "Is each point out of the same number?"),
            (
                _UNSURE,
                ("same", Text("每次都一样", "Always the same")),
                ("differ", Text("有大有小", "It differs")),
            ),
            "unsure",
        ),
        Choice(
            "spread",
            Text("平常的点，界限装得下吗？", "Do the limits hold the ordinary points?"),
            (
                ("fits", Text("装得下，或还没画过", "Yes, or not drawn yet")),
                ("over", Text("每点上千，平常日子也到处出界", "No: thousands a point, all over")),
            ),
            "fits",
        ),
        Choice(
            "rows",
            Text("每个点背后有几个数？", "How many numbers stand behind each point?"),
            (
                _UNSURE,
                ("one", Text("只有一个", "One")),
                ("few", Text("一组 2 到 9 个，每组一样多", "A sample of 2 to 9, all of one size")),
                ("many", Text("一组 10 个以上，或多少不一", "10 or more, or differing numbers")),
            ),
            "unsure",
        ),
        Choice(
            "drift",
            Text("最怕漏掉哪种变化？", "Which change must not be missed?"),
            (
                ("jump", Text("突然的大变化", "A sudden large one")),
                ("slow", Text("慢慢的小漂移", "A slow, small drift")),
            ),
            "jump",
        ),
    ),
    see=see,
    question=Text(
        "主管每天报“平均处理时长”和“满意率”两个数。这两个数各该画哪张图？还要向他多要什么？",
        "A supervisor reports “mean handle time” and “share satisfied”, one number each a day. "
        "Which chart for each, and what else would you ask for?",
    ),
    answer=Text(
        "只有一个平均数时，时长画 I-MR 图；能要到每天抽出来的几通各是多少秒，就画 X̄-R 图，"
        "既看平均也看散得厉不厉害。满意率是比例，画 p 图，可是必须要到分母：每天几份答卷。"
        "没有分母的百分数画不出界限，3 份里 2 份满意和 300 份里 200 份满意，不是一回事。"
        "两张图都要先定好界限，再看新的点；不要看到哪个点不顺眼才去挑图。",
        "Given one mean only, handle time goes on an I-MR chart; if you can get the seconds of a "
        "few calls drawn each day, take an X̄-R chart, which shows the scatter as well as the "
        "mean. Share satisfied is a share and goes on a p chart, but only with what it is out "
        "of: how many answered each day. A percentage without that has no limits: 2 of 3 and "
        "200 of 300 are not the same thing. For both, fix the limits before looking at new "
        "points; do not pick a chart because one point looks bad.",
    ),
)
