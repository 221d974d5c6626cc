"""Pareto: which complaints come first, by how many, by what they cost, by how bad they are."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.explorers.explorer import Choice, Explorer, Seen, Slider, Switch, Values
from kefu.plots import complaints
from kefu.quality.complaints import Pareto, pareto
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]


@dataclass(frozen=True)
class _Cause:
    """A row of the made-up table: cases in three months; yuan and points of severity each."""

    called: Text
    count: int
    cost: int
    severity: int


_TABLE = {
    "wait": _Cause(Text("电话等太久", "Long waits"), 95, 15, 1),
    "fee": _Cause(Text("扣费看不懂", "Unclear charges"), 52, 35, 2),
    "wrong": _Cause(Text("前后说法不一", "Two different answers"), 24, 60, 3),
    "late": _Cause(Text("送货晚了", "Late delivery"), 16, 45, 2),
    "promise": _Cause(Text("答应的没做到", "A promise not kept"), 12, 120, 4),
    "repair": _Cause(Text("修了又坏", "Repaired, broken again"), 11, 280, 4),
    "hot": _Cause(Text("充电器发烫", "Charger gets hot"), 2, 800, 0),
}
_OUTAGE = 70
_BY = {
    "count": Text("按件数", "by count"),
    "cost": Text("按花费", "by cost"),
    "severity": Text("按严重程度", "by severity"),
}
_UNITS = {
    "count": Text("件", "complaint"),
    "cost": Text("元", "yuan"),
    "severity": Text("分", "point"),
}


def _weights(values: Values) -> dict[str, dict[str, float]]:
    """The three tables of weights that come of one table of complaints."""
    counts = {name: row.count for name, row in _TABLE.items()}
    counts |= {name: int(values[name]) for name in ("wait", "repair", "hot")}
    if values["outage"]:
        counts["fee"] += _OUTAGE
    points = {name: row.severity for name, row in _TABLE.items()} | {"hot": int(values["danger"])}
    return {
        "count": dict(counts),
        "cost": {name: n * _TABLE[name].cost for name, n in counts.items()},
        "severity": {name: n * points[name] for name, n in counts.items()},
    }


def _called(name: str) -> Text:
    called = _TABLE[name].called
    return Text(f"“{called.zh}”", f"“{called.en}”")


def see(values: Values, lang: Lang) -> Seen:
    """One order of the causes, and how it differs from the other two."""
    chosen, limit = str(values["by"]), int(values["share"]) / 100
    found = {by: pareto(weights) for by, weights in _weights(values).items()}
    here = found[chosen]
    few = next(at for at, sum_ in enumerate(here.cumulative, 1) if sum_ >= limit - 1e-9)
    said = [
        _first(found, chosen, bool(values["outage"])),
        _vital(here, few, limit),
        _danger(found, int(values["hot"])),
    ]
    if values["outage"]:
        said.append(
            Text(
                f"“扣费看不懂”里有 {_OUTAGE} 件是系统故障那一周来的：不是常有的事，"
                "把它排进名次会看错；先用控制图看稳不稳，再画帕累托图。",
                f"{_OUTAGE} of the complaints about charges came in the one week of an outage. "
                "That is no habit, and to rank it misleads: look at a control chart first, "
                "then draw the Pareto chart.",
            )
        )
    plot = complaints.pareto(
        here, lang=lang, unit=_UNITS[chosen], share=limit,
        called={name: row.called for name, row in _TABLE.items()},
    )  # fmt: skip
    figures = [
        (
            Text(f"{words.zh}第一", f"First {words.en}"),
            _TABLE[found[by].names[0]].called,
        )
        for by, words in _BY.items()
    ]
    figures.append(
        (
            Text(f"占到 {limit:.0%} 要几类", f"Causes that make {limit:.0%}"),
            Text(f"{len(here.names)} 类里的 {few} 类", f"{few} of {len(here.names)}"),
        )
    )
    return Seen(plot, tuple(said), tuple(figures))


def _first(found: dict[str, Pareto], chosen: str, outage: bool) -> Text:
    words = _BY[chosen]
    first = found[chosen].names[0]
    name = _called(first)
    others = [by for by in _BY if by != chosen and found[by].names[0] != first]
    if not others:
        return Text(
            f"{words.zh}排第一的是{name.zh}，换另外两种排法也是它"
            + ("；不过先看看是什么时候来的。" if outage else "：先办它，没有争议。"),
            f"First {words.en} is {name.en}, and so it is in both other orders"
            + ("; but look first at when they came." if outage else ": begin there."),
        )
    zh = "，".join(f"{_BY[by].zh}是{_called(found[by].names[0]).zh}" for by in others)
    en = ", ".join(f"{_BY[by].en} {_called(found[by].names[0]).en}" for by in others)
    return Text(
        f"{words.zh}排第一的是{name.zh}；{zh}。同一张表，先办什么全看按什么排。",
        f"First {words.en} is {name.en}; {en}. One table, and what comes first depends on what "
        "you count.",
    )


def _vital(here: Pareto, few: int, limit: float) -> Text:
    many = len(here.names)
    told = f"{100 * here.cumulative[few - 1]:.0f}%"
    zh = f"要占到 {limit:.0%}，得数到第 {few} 类（{told}）"
    if few == 1:
        zh = f"要占到 {limit:.0%}，光第一类就够了（{told}）"
    en = f"To make {limit:.0%} takes {few} of the {many} causes ({told})"
    if few / many > 0.3:
        return Text(
            f"{zh}，是 {many} 类的 {few / many:.0%}：“八成来自两成”只是常见，不是定律，"
            "分得粗一点细一点，它就变了。",
            f"{en}, or {few / many:.0%} of them: “80% from 20%” is common, no law, and it moves "
            "with how finely you sort.",
        )
    return Text(
        f"{zh}：这一回少数几类真占了大头。换一种排法还是这几类吗？",
        f"{en}: this time a few do make up most of it. Are they the same few in another order?",
    )


def _danger(found: dict[str, Pareto], hot: int) -> Text:
    name = _called("hot")
    if not hot:
        return Text(
            f"{name.zh}这三个月一件也没有，图上就看不见它；看不见不等于没有危险，可能只是没人报。",
            f"There was no complaint of {name.en} in these three months, so the chart does not "
            "show it. That does not mean there is no danger: perhaps nobody reported it.",
        )
    ranks = {by: each.names.index("hot") + 1 for by, each in found.items()}
    return Text(
        f"{name.zh}{'只有' if hot < 5 else '有'} {hot} 件：按件数第 {ranks['count']}，"
        f"按严重程度第 {ranks['severity']}。"
        "可能伤人的，一件就先办，不等排名。",
        f"{name.en} ({hot} in all) is number {ranks['count']} by count and number "
        f"{ranks['severity']} by severity. What may hurt somebody is acted on at the first case, "
        "whatever its rank.",
    )


EXPLORER = Explorer(
    slug="pareto",
    title=Text("先办哪一类投诉", "Which complaints come first"),
    lead=Text(
        "一家手机店三个月的投诉，分成七类，件数、花费和严重分都是编的。换一种排法，"
        "看谁排到第一；再加上出故障的那一周。",
        "Three months of complaints at a phone shop in seven causes; counts, costs and severity "
        "are made up. Change what they are ranked by and see who comes first, then add the week "
        "of the outage.",
    ),
    controls=(
        Choice("by", Text("按什么排", "Ranked by"), tuple(_BY.items()), "count"),
        Slider(
            "danger",
            Text(
                "可能伤人的，一件算几分（添点麻烦算 1 分）",
                "Points for one that may hurt somebody (a nuisance is 1)",
            ),
            1,
            200,
            1,
            100,
            Text("分", ""),
        ),
        Slider("hot", Text("充电器发烫", "Charger gets hot"), 0, 20, 1, 2, Text("件", "")),
        Slider("wait", Text("电话等太久", "Long waits"), 0, 150, 1, 95, Text("件", "")),
        Slider("repair", Text("修了又坏", "Repaired, broken again"), 0, 60, 1, 11, Text("件", "")),
        Slider(
            "share",
            Text("“少数几类”要占到", "The vital few make up"),
            50,
            95,
            5,
            80,
            Text("%", "%"),
        ),
        Switch(
            "outage",
            Text(
                "算上出故障的那一周（多 70 件扣费投诉）",
                "With the week of the outage (70 more about charges)",
            ),
            False,
        ),
    ),
    see=see,
    question=Text(
        "例会上有人说：“帕累托图上充电器那一类连 1% 都不到，先放放；把前三类办了，八成问题就没了。”"
        "这句话里有几处站不住？",
        "At the meeting someone says: “On the Pareto chart the charger is hardly 1%, let it wait; "
        "do the first three and 80% of our trouble is gone.” How many things are wrong with that?",
    ),
    answer=Text(
        "至少四处。一，件数不是危害：两个发烫的充电器该当天停卖、上报、通知买过的人，排名和它无关。"
        "二，前三类够不够八成要数，不能背；这里按件数恰好够，按花费、按严重程度都得数到第五类。三，投诉少了八成不等于问题少了八成："
        "多数不满的人不开口，一类投诉办得再好也不会归零。四，先得问数据稳不稳：一次故障、一次促销，"
        "就能把平时排第三的顶到第一；分类若是两个人各编各的码，名次也会变，抽一成让第二个人再编一遍。"
        "严重分是人定的，所以要在看图之前定好、写下来；把 100 分改成 20 分，看看名次还在不在："
        "经不起改的名次，不能当理由。",
        "Four at least. One: a count is no harm; two hot chargers mean stop selling, report, and "
        "tell the buyers, the same day, whatever the rank. Two: whether three causes make 80% has "
        "to be counted, not recited; here they just do by count, while by cost and by severity it "
        "takes five. Three: 80% of the complaints is not 80% of the trouble; most who are "
        "dissatisfied say nothing, and no cause goes to zero because it was worked on. Four: is "
        "this an ordinary period? One outage or one promotion lifts what is usually third to the "
        "top; and if two people code differently, "
        "ranks move too, so have a second person code a tenth again. Points for severity are a "
        "judgement: settle them before you look, and write them down. Change 100 to 20 and see "
        "whether the rank stays; one that does not stay is no reason.",
    ),
)
