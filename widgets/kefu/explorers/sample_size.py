"""How many calls to listen to: the margin wanted, and what it costs in hours."""

from __future__ import annotations

from kefu.explorers.explorer import Choice, Explorer, Seen, Slider, Values
from kefu.plots.shares import margins
from kefu.quality.sizes import size_for_share
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]

_CALLS = Text("通", "calls")


def _hours(calls: int, minutes: int) -> Text:
    """How long it takes to listen to that many calls."""
    hours = calls * minutes / 60
    said = f"{hours:,.0f}" if hours >= 10 else f"{hours:.1f}"
    return Text(f"{said} 小时", "1 hour" if said == "1.0" else f"{said} hours")


def _percent(share: float) -> str:
    return f"{share * 100:.3g}%"


def see(values: Values, lang: Lang) -> Seen:
    """How many calls it takes, and what half the margin would cost."""
    margin, share = float(values["margin"]) / 100, float(values["share"]) / 100
    confidence, minutes = float(values["confidence"]) / 100, int(values["minutes"])
    population = int(values["population"])

    def size(of: float, among: int = population) -> int:
        return size_for_share(of, share=share, confidence=confidence, population=among)

    n, half, wide = size(margin), size(margin / 2), size(margin, population * 10)
    time, more = _hours(n, minutes), _hours(half, minutes)
    said = [
        Text(
            f"要把误差压到 ±{_percent(margin)}，得听 {n:,} 通，约 {time.zh}。",
            f"For a margin of ±{_percent(margin)}, listen to {n:,} calls: about {time.en}.",
        ),
        Text(
            f"想把误差再减一半，就得听 {half:,} 通，约 {more.zh}：是现在的 {half / n:.1f} 倍。",
            f"Half that margin takes {half:,} calls, about {more.en}: "
            f"{half / n:.1f} times the work.",
        ),
    ]
    if wide > n:
        said.append(
            Text(
                f"总量多十倍，只多听 {wide - n:,} 通：准不准，主要看听了多少通，不看占总量几成。",
                f"Ten times as many calls in all takes only {wide - n:,} more: what counts is how "
                "many you hear, hardly what share of the whole they are.",
            )
        )
    if share != 0.5:
        cautious = size_for_share(margin, confidence=confidence, population=population)
        said.append(
            Text(
                f"这里押了合格率约 {_percent(share)}；心里没底就按 50% 算，得听 {cautious:,} 通。",
                f"This bets on a share near {_percent(share)}; if you cannot tell, take 50%, "
                f"which needs {cautious:,} calls.",
            )
        )
    figures = (
        (Text("要听", "To listen to"), Text(f"{n:,} 通", f"{n:,} calls")),
        (Text("要花", "It takes"), time),
        (Text("占总量", "Share of all calls"), Text(*[_percent(n / population)] * 2)),
        (Text("误差减半要听", "Half the margin"), Text(f"{half:,} 通", f"{half:,} calls")),
    )
    plot = margins(
        n,
        lang=lang,
        share=share,
        confidence=confidence,
        population=population,
        cost=minutes / 60,
        money=Text("小时", "hours"),
    )
    return Seen(plot, tuple(said), figures)


EXPLORER = Explorer(
    slug="sample-size",
    title=Text("听多少通才够", "How many calls are enough"),
    lead=Text(
        "抽听一部分通话来估计合格率：想要多准，就得听多少，花多少小时？拖动看看。",
        "You listen to some calls to estimate the share that pass. How exact do you want to be, "
        "and how many hours will it take? Move the controls and see.",
    ),
    controls=(
        Slider(
            "margin",
            Text("想要的误差（正负）", "Margin you want (plus or minus)"),
            1,
            15,
            0.5,
            5,
            Text("%", "%"),
        ),
        Choice(
            "confidence",
            Text("多大把握", "How sure"),
            tuple((each, Text(f"{each}%", f"{each}%")) for each in ("90", "95", "99")),
            "95",
        ),
        Slider(
            "share",
            Text("合格率大约是（没底就 50%）", "The share is probably near (50% if unknown)"),
            5,
            95,
            5,
            50,
            Text("%", "%"),
        ),
        Slider("population", Text("总共有多少通", "Calls in all"), 100, 20_000, 100, 3000, _CALLS),
        Slider(
            "minutes",
            Text("听一通要几分钟", "Minutes to listen to one"),
            1,
            30,
            1,
            8,
            Text("分钟", "min"),
        ),
    ),
    see=see,
    question=Text(
        "小店每月 200 通，大店每月 20,000 通，都规定抽听 5%。哪家的合格率更靠得住？"
        "同样的总工时，你会怎么分？",
        "A small shop has 200 calls a month, a large one 20,000; both must listen to 5%. "
        "Whose share of passes can be trusted more? With the same hours in all, how would you "
        "divide them?",
    ),
    answer=Text(
        "大店。5% 在小店只有 10 通，误差大约 ±30 个百分点，说明不了什么；在大店是 1,000 通，"
        "误差约 ±3 个百分点，多半用不着这么准。按“占几成”分工时，是把力气花在已经知道的地方。"
        "先问每个数字要拿来做什么决定、要多准，再倒推通数。"
        "还要记得：这里算的是整家店；要看一位员工，或要抓严重差错，得另外抽。",
        "The large one. At the small shop 5% is 10 calls, a margin of about ±30 points, which says "
        "little; at the large one it is 1,000 calls and about ±3 points, more exact than anyone "
        "needs. A fixed share spends the hours where you already know. Ask first what will be "
        "decided with each number and how exact it must be, then work back to the calls. And "
        "this is for the shop as a whole: to coach one person, or to catch critical errors, "
        "draw separate samples.",
    ),
)
