"""Two raters: the same share of agreement, and quite another kappa."""

from __future__ import annotations

from typing import NamedTuple

from kefu.explorers.explorer import Explorer, Seen, Slider, Values
from kefu.plots import house
from kefu.plots._drawn import HALO
from kefu.plots.words import percent
from kefu.quality.agreement import cohen_kappa
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]

_CALLS = 100


class _Table(NamedTuple):
    """100 calls by what both raters said: pass or fail, A first."""

    both: int
    only_a: int
    only_b: int
    neither: int

    @property
    def by_chance(self) -> float:
        """The share they would agree on, were each only to keep their own share of passes."""
        a, b = (self.both + self.only_a) / _CALLS, (self.both + self.only_b) / _CALLS
        return a * b + (1 - a) * (1 - b)

    @property
    def kappa(self) -> float | None:
        """None where both only ever said one thing."""
        a = "p" * (self.both + self.only_a) + "f" * (self.only_b + self.neither)
        b = "p" * self.both + "f" * self.only_a + "p" * self.only_b + "f" * self.neither
        return cohen_kappa(a, b)


def _table(agree: int, passed: float, lean: float) -> _Table:
    """The table of so many calls rated alike.

    Args:
        agree: how many that is.
        passed: the share that both let pass on average, per cent.
        lean: of the calls they differ on, the share that A lets pass, per cent.
    """
    apart = _CALLS - agree
    both = min(max(round(passed - apart / 2), 0), agree)
    only_a = round(apart * lean / 100)
    return _Table(both, only_a, apart - only_a, agree - both)


def see(values: Values, lang: Lang) -> Seen:
    """What the agreement is worth, once chance is taken out."""
    agree, passed, lean = int(values["agree"]), int(values["passed"]), int(values["lean"])
    table = _table(agree, passed, lean)
    kappa, chance = table.kappa, f"{table.by_chance * 100:.0f}%"
    either = _CALLS - table.both
    if kappa is None:
        headline = Text(
            "两人全都判合格，kappa 没有值：没有一通差的，就看不出他们分不分得清。",
            "Both passed every call, so kappa has no value: without one bad call, nobody can "
            "tell whether they would notice.",
        )
    else:
        headline = Text(
            f"一致率 {agree}%，kappa {kappa:.2f}。", f"{agree}% agreement, kappa {kappa:.2f}."
        )
    said = [headline]
    if kappa is not None:
        said.append(
            Text(
                f"就算两人不听录音，只按各自的合格比例随手判，也有 {chance} 会碰巧一样；"
                "kappa 只算比碰巧多出来的部分。",
                "Had they not listened at all, only kept to their own shares of passes, they would "
                f"have agreed on {chance} by luck; kappa counts what lies beyond that.",
            )
        )
    if either and agree < _CALLS:
        said.append(
            Text(
                f"至少一人判不合格的有 {either} 通，两人都判不合格的是 {table.neither} 通："
                "真正要紧的那几通，看这里。",
                f"At least one of them failed {either} calls; both failed {table.neither}. "
                "The calls that matter most are in there.",
            )
        )
    if agree <= 95 and abs(lean - 50) >= 20:
        soft, strict = ("A", "B") if lean > 50 else ("B", "A")
        said.append(
            Text(
                f"分歧大多朝一边：{soft} 手松，{strict} 手紧。先一起对标准，再看 kappa。",
                f"They mostly differ one way: {soft} is lenient, {strict} strict. Go over the "
                "standard together first, then look at kappa.",
            )
        )
    at = (2 * table.both + table.only_a + table.only_b) / 2
    if abs(at - passed) > 1:
        said.append(
            Text(
                f"有这么多分歧，判合格的到不了 {passed}%，这里按 {at:.0f}% 算。",
                f"With so many differences the share passed cannot be {passed}%; "
                f"{at:.0f}% is taken here.",
            )
        )
    calls = [
        (Text("都判合格", "Both pass"), table.both),
        (Text("只有 A 判合格", "Only A passes"), table.only_a),
        (Text("只有 B 判合格", "Only B passes"), table.only_b),
        (Text("都判不合格", "Both fail"), table.neither),
    ]
    known = f"{kappa:.2f}" if kappa is not None else None
    figures = (
        (Text("kappa", "Kappa"), Text(known or "没有值", known or "no value")),
        (Text("碰巧一致", "By chance"), Text(chance, chance)),
        *((name, Text(f"{n} 通", f"{n} calls")) for name, n in calls),
    )
    return Seen(_draw(agree, lean, table, kappa, lang), tuple(said[:4]), figures)


def _draw(agree: int, lean: int, table: _Table, kappa: float | None, lang: Lang) -> house.Plot:
    # Only tables that there can be: the calls they differ on lie on both sides.
    half = (_CALLS - agree) / 2
    tables = [_table(agree, at, lean) for at in range(round(half), round(_CALLS - half) + 1)]
    # Where a rater's passes stand, on average.
    at = table.both + half
    same = percent(agree / _CALLS)
    points = [(one.both + half, one.kappa) for one in tables]
    with house.canvas(lang) as (figure, axes):
        axes.axhline(0, color=house.LINE)
        axes.plot(
            [x for x, y in points if y is not None],
            [y for _, y in points if y is not None],
            color=house.ACCENT,
        )
        axes.axhline(agree / _CALLS, color=house.SOFT, linestyle="--", linewidth=1.2)
        axes.annotate(
            Text(f"一致率 {same}，一直不变", f"agreement {same} throughout")[lang],
            (0, agree / _CALLS),
            textcoords="offset points",
            xytext=(4, 5),
            color=house.SOFT,
        )
        if kappa is not None:
            axes.plot(at, kappa, "o", color=house.BAD, markersize=9)
            axes.annotate(
                f"kappa {kappa:.2f}",
                (at, kappa),
                textcoords="offset points",
                xytext=(0, -18),
                ha="right" if at > 70 else "left" if at < 30 else "center",
                color=house.BAD,
                path_effects=HALO,
            )
        axes.set_xlim(0, 100)
        axes.set_ylim(min(-0.25, (kappa or 0) - 0.2), 1.15)
        axes.set_xlabel(
            Text("判合格的占多少（%，两人平均）", "share passed (%, mean of both)")[lang]
        )
        axes.set_ylabel("kappa")
        none = Text("全判合格，kappa 没有值", "All calls passed: kappa has no value")
        shown = f"{kappa:.2f}" if kappa is not None else ""
        title = none
        if kappa is not None:
            title = Text(
                f"一致率都是 {same}，kappa 却随合格的多少变：现在是 {shown}",
                f"Agreement stays at {same}, yet kappa moves with how many pass: it is {shown} now",
            )
        alt = Text(
            f"曲线：一致率固定在 {same}，kappa 在合格与不合格各半时最高，越偏向一边越低。"
            f"现在判合格的占 {percent(at / _CALLS)}，kappa {shown or '没有值'}。",
            f"A curve: with agreement fixed at {same}, kappa is highest where half the calls "
            f"pass, and falls towards either side. At {percent(at / _CALLS)} passed it is "
            f"{shown or 'without a value'}.",
        )
        return house.finish(figure, title[lang], alt[lang], lang)


EXPLORER = Explorer(
    slug="two-raters",
    title=Text("两位评分员和 kappa", "Two raters and kappa"),
    lead=Text(
        "两人各评同样的 100 通电话，只判合格或不合格。一致率先别动，把合格的比例从 50% 拉到 88%，"
        "再让分歧偏向一边。",
        "Two people rate the same 100 calls, pass or fail. Leave the agreement alone, take the "
        "share that pass from 50% to 88%, then let the differences lean one way.",
    ),
    controls=(
        Slider(
            "agree",
            Text("100 通里评得一样的", "Rated alike, of 100 calls"),
            50,
            100,
            1,
            85,
            Text("通", "calls"),
        ),
        Slider(
            "passed",
            Text("判合格的占多少（两人平均）", "Share passed (mean of both)"),
            1,
            99,
            1,
            50,
            Text("%", "%"),
        ),
        Slider(
            "lean",
            Text("评得不一样的，由 A 判合格的占", "Where they differ, passed by A"),
            0,
            100,
            1,
            50,
            Text("%", "%"),
        ),
    ),
    see=see,
    question=Text(
        "经理说：“我们的一致率有 85%，校准没问题。”你会再要哪几个数，才肯点头？",
        "A manager says: “We agree on 85%, our calibration is fine.” Which other numbers would you "
        "want before you nod?",
    ),
    answer=Text(
        "先要那张四格表，再看 kappa。100 通里若有 88 通两人本来就都会判合格，随手判也能一致近八成，"
        "85% 几乎不说明什么。更要紧的是差的那几通：至少一人判不合格的里面，两人都判不合格的有几通？"
        "分歧是不是总朝一边？反过来，kappa 低也不等于两人不行：样本里差的太少，kappa 自然低，"
        "那就专门挑一些有争议的录音，两人分开各评至少 30 通，再一起读不一样的那几通。",
        "First the table of four, then kappa. If 88 of 100 calls pass anyway, two people who only "
        "guess agree on almost 80%, so 85% says little. What matters more is the bad calls: of "
        "those that either failed, how many did both fail, and do the differences always lean one "
        "way? The other way round, a low kappa does not mean that they are poor raters: with few "
        "bad calls in the sample it is bound to be low. Then choose some doubtful calls on "
        "purpose, let each rate 30 or more alone, and read together the ones that came out "
        "differently.",
    ),
)
