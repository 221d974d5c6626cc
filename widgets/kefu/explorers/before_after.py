"""Before and after: what two shares say of a change, and what they cannot say."""

from __future__ import annotations

from math import ceil

from kefu.explorers._two_worlds import WORLDS, draw, draws, in_points, signed
from kefu.explorers.explorer import Choice, Explorer, Seen, Slider, Values
from kefu.plots import shares
from kefu.plots.words import plain
from kefu.quality.sampling import Difference, difference
from kefu.quality.sizes import size_for_difference
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]

_WHAT = Text("合格率", "share that pass")


def _percent(share: float) -> str:
    return f"{plain(100 * share)}%"


def see(values: Values, lang: Lang) -> Seen:
    """The difference with its interval, and how often chance alone does as much."""
    ns = int(values["n_before"]), int(values["n_after"])
    before, after = (
        round(n * int(values[name]) / 100) for n, name in zip(ns, ("before", "after"), strict=True)
    )
    one, two, worst = before / ns[0], after / ns[1], int(values["worst"])
    gap = difference(before, ns[0], after, ns[1])
    # Where nothing changed: one share for both; what was picked as the worst says little of it.
    calm = two if worst > 1 else (before + after) / sum(ns)
    chance = draws((calm, calm), ns, worst, 1)
    as_far = chance <= gap.value + 1e-9 if gap.value < 0 else chance >= gap.value - 1e-9
    often = int(as_far.sum())
    said = [
        _headline(one, two, gap, worst > 1),
        _worlds(gap, often, worst),
        _enough(one, two, ns, gap),
        _else(worst),
    ]
    figures = [
        (Text("差", "Difference"), in_points(gap.value)),
        (
            Text("95% 区间", "95% interval"),
            Text(f"{signed(gap.low)} 到 {signed(gap.high)}",
                 f"{signed(gap.low)} to {signed(gap.high)}"),
        ),
    ]  # fmt: skip
    if signed(gap.value) != "0":
        times = Text(f"{WORLDS:,} 次里 {often:,} 次", f"{often:,} times in {WORLDS:,}")
        figures.append((Text("没变也会这样", "As much by chance"), times))
        n = ceil(size_for_difference(one, two))
        figures.append(
            (Text("要看准，前后各", "To see it, each time"), Text(f"{n:,} 通", f"{n:,} calls"))
        )
    if values["picture"] == "interval":
        # Of a month that was picked the plot's own sentence would say too much.
        told = Text("“改进前”是挑出来的，这个区间不可信", "“Before” was picked: do not trust this")
        plot = shares.before_after(
            (before, ns[0]), (after, ns[1]),
            lang=lang, what=_WHAT, title=told if worst > 1 else None,
        )  # fmt: skip
    else:
        real = (one, two) if one != two else (one, min(one + gap.high, 1.0))
        plot = draw(gap, chance, as_far, real, draws(real, ns, 1, 2), ns, lang)
    return Seen(plot, tuple(said), tuple(figures))


def _headline(one: float, two: float, gap: Difference[float], picked: bool) -> Text:
    moved = in_points(gap.value)
    zh = f"从 {_percent(one)} 到 {_percent(two)}，{moved.zh}"
    en = f"From {_percent(one)} to {_percent(two)}, {moved.en}"
    reach = f"{signed(gap.low)} 到 {signed(gap.high)}"
    if picked and (gap.low > 0 or gap.high < 0):
        return Text(
            f"{zh}；区间 {reach}，看着不含 0：可“改进前”是挑出来的，先别信它。",
            f"{en}; the interval, {signed(gap.low)} to {signed(gap.high)}, seems to leave 0 out, "
            "but “before” was picked: do not trust it yet.",
        )
    if gap.low > 0 or gap.high < 0:
        return Text(
            f"{zh}；区间 {reach}，不含 0：前后确有差别，是不是因为你们做的事，另说。",
            f"{en}; the interval, {signed(gap.low)} to {signed(gap.high)}, leaves 0 out: the "
            "two do differ. Whether because of what you did is another matter.",
        )
    return Text(
        f"{zh}；可区间是 {reach}，0 在里面：还不能说变了。",
        f"{en}; but the interval is {signed(gap.low)} to {signed(gap.high)} with 0 inside: "
        "that is no change you can speak of yet.",
    )


def _worlds(gap: Difference[float], often: int, worst: int) -> Text:
    """What may be true, and how often nothing at all looks like this."""
    low, high = _side(gap.low), _side(gap.high)
    zh = f"从{low.zh}到{high.zh}，都可能是真相"
    en = f"The truth may be anything from {low.en} to {high.en}"
    if not gap.value:
        return Text(
            f"{zh}：差是 0，也不等于什么都没变。",
            f"{en}: a difference of 0 does not mean that nothing changed.",
        )
    way = Text("涨", "up") if gap.value > 0 else Text("跌", "down")
    picked = (
        Text(
            f"、只是“改进前”挑了 {worst} 个月里最差那个月",
            f" and “before” is the worst of {worst} months",
        )
        if worst > 1
        else Text("", "")
    )
    times = Text(f"有 {often:,} 次", f"{often:,}")
    if not often:
        times = Text("一次也没有", "not one")
    return Text(
        f"{zh}。在什么都没变{picked.zh}的世界里重来 {WORLDS:,} 次，"
        f"{way.zh}这么多或更多的{times.zh}。",
        f"{en}. Where nothing changed{picked.en}, {times.en} of {WORLDS:,} repeats "
        f"{'goes' if often < 2 else 'go'} {way.en} by as much or more.",
    )


def _side(share: float) -> Text:
    size = in_points(share).map(lambda said: said[1:])
    if signed(share) == "0":
        return Text("没变", "no change")
    if share > 0:
        return Text(f"涨了 {size.zh}", f"a rise of {size.en}")
    return Text(f"跌了 {size.zh}", f"a fall of {size.en}")


def _enough(one: float, two: float, ns: tuple[int, int], gap: Difference[float]) -> Text:
    if signed(gap.value) == "0":
        return Text(
            "先想好多大的变化才值得在意，再算要听多少通；听完了再想，就晚了。",
            "First settle what change would matter, then how many calls it takes; afterwards is "
            "too late.",
        )
    n = ceil(size_for_difference(one, two))
    size = in_points(abs(gap.value)).map(lambda said: said[1:])
    zh = f"真有 {size.zh}的变化，要有八成把握看出来，前后各得约 {n:,} 通"
    en = f"To see a true change of {size.en} four times out of five takes about {n:,} calls "
    en += "each time"
    if min(ns) >= n:
        return Text(f"{zh}，这里够了。", f"{en}; that you have.")
    have = f"{ns[0]:,}" if ns[0] == ns[1] else f"{ns[0]:,}/{ns[1]:,}"
    return Text(f"{zh}，现在是 {have}。", f"{en}; you have {have}.")


def _else(worst: int) -> Text:
    if worst > 1:
        return Text(
            f"挑 {worst} 个月里最差的那个月动手，下个月多半自己就会好一些（向均值回归）；"
            "区间不知道你挑过，会显得太有把握。",
            f"Start from the worst of {worst} months, and the next is likely to be better by "
            "itself (regression to the mean); the interval does not know that you picked, and is "
            "too sure.",
        )
    return Text(
        "同一个月里还变了什么？淡季、新系统、换了打分的人，都会留下同样的两个数；"
        "两个点分不出来，一条控制图才看得出是哪天变的。",
        "What else changed that month? A quiet season, a new system, another rater leave the same "
        "two numbers. Two points cannot tell them apart; a control chart shows when it moved.",
    )


_PERCENT, _CALLS = Text("%", "%"), Text("通", "calls")

EXPLORER = Explorer(
    slug="before-after",
    title=Text("真的变好了吗", "Did it really get better"),
    lead=Text(
        "做了改进，抽听一些通话，合格率涨了。是改进有用，还是碰巧？拉一拉通数，再换一张图看。",
        "Something was improved, some calls were listened to, and more of them pass. Did it work, "
        "or is it chance? Move the numbers of calls, then look at the other picture.",
    ),
    controls=(
        Choice(
            "picture",
            Text("看哪张图", "Which picture"),
            (
                ("interval", Text("差和它的区间", "The difference and its interval")),
                ("worlds", Text("两个世界", "Two worlds")),
            ),
            "interval",
        ),
        Slider("before", Text("改进前合格的", "Passed before"), 1, 99, 1, 82, _PERCENT),
        Slider("n_before", Text("改进前听了", "Calls before"), 20, 3000, 10, 100, _CALLS),
        Slider("after", Text("改进后合格的", "Passed after"), 1, 99, 1, 85, _PERCENT),
        Slider("n_after", Text("改进后听了", "Calls after"), 20, 3000, 10, 100, _CALLS),
        Slider(
            "worst",
            Text(
                "“改进前”是几个月里最差的一个月（1：没有挑）",
                "“Before” was the worst of so many months (1: not picked)",
            ),
            1,
            12,
            1,
            1,
            Text("个月", ""),
        ),
    ),
    see=see,
    question=Text(
        "三月合格率是全年最低的 74%，四月做了培训，五月回到 83%，各听了 200 通。培训有用吗？"
        "你还要看什么才肯说？",
        "In March the share that pass was the year's lowest, 74%; in April there was training; in "
        "May it was 83%, from 200 calls each. Did the training work? What else must you see?",
    ),
    answer=Text(
        "差 9 个百分点，区间不含 0，“变了”说得过去；“培训有用”还差得远。三月是挑出来的最低点，"
        "什么都不做，下一次也多半会回升：把上面最后一个滑块拉到 12，看碰巧的次数涨到多少。"
        "再问同时还变了什么：淡旺季、新系统、打分的人换了、抽的是不是同一类通话。"
        "要分得清，先把一年的合格率画成控制图：若三月没出下限，它只是平常的低点，不值得为它开一次培训；"
        "若四月以后一连串点稳稳地高出来，才像真的变了。更好的是从一开始就留个对照：先培训一半的组，"
        "另一半晚一个月，一起看两条线。变了多少、要听多少通，都在动手以前定好。",
        "The difference is 9 points and the interval leaves 0 out, so “it changed” will do; “the "
        "training worked” is far off. March was picked for being lowest, and after the lowest the "
        "next is likely to be higher whatever you do: move the last slider to 12 and see how often "
        "chance does it. Then ask what else changed: season, system, raters, the sort of calls. To "
        "tell, draw the year as a control chart: if March was inside the limits it was an ordinary "
        "low and no reason for a training; if from April on a run of points stays higher, that "
        "looks like a change. Better still, keep a comparison from the start: train half of the "
        "teams, the others a month later, and watch both lines. And settle beforehand which change "
        "would matter and how many calls it takes to see it.",
    ),
)
