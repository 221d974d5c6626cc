"""Compensation: how much an offer may cost, when what it keeps is only a guess."""

from __future__ import annotations

from math import ceil

from kefu.explorers._offer import Three, draw, money, points, signed
from kefu.explorers.explorer import Explorer, Seen, Slider, Values
from kefu.quality.costs import break_even, lifetime_value, worth
from kefu.quality.sizes import size_for_difference
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]


def see(values: Values, lang: Lang) -> Seen:
    """What the customer is worth, how far an offer may go, and what this one leaves."""
    retention, offer, owed = int(values["retention"]) / 100, int(values["offer"]), values["owed"]
    value = lifetime_value(int(values["margin"]), retention, int(values["discount"]) / 100)
    guess, doubt = int(values["gain"]) / 100, int(values["doubt"]) / 100
    # Nobody can stay more surely than surely, nor leave more.
    gains = Three(*(min(max(g, -retention), 1 - retention)
                     for g in (guess - doubt, guess, guess + doubt)))  # fmt: skip
    most = Three(*(break_even(gain, value) for gain in gains))
    left = Three(*(worth(offer, gain, value) for gain in gains))
    up_to = max(most.mid, 0)
    said = [
        _headline(value, gains.mid, up_to),
        _doubts(gains, most, retention, guess + doubt > 1 - retention + 1e-9),
        _verdict(offer, left, retention, gains),
        _owed(int(owed), offer),
    ]
    figures = (
        (Text("客户往后还值", "Worth from here on"), _yuan(money(value))),
        (Text("补偿最多", "Most to spend"), _yuan(money(up_to))),
        (
            Text("把疑问算进去", "With the doubts"),
            _yuan(money(max(most.low, 0)), money(max(most.high, 0))),
        ),
        (Text("这一笔净得", "This offer leaves"), _yuan(signed(left.low), signed(left.high))),
        (Text("欠的，照退", "Owed, to be refunded"), _yuan(money(int(owed)))),
    )
    return Seen(draw(value, gains, most, offer, left, lang), tuple(said), figures)


def _yuan(low: str, high: str | None = None) -> Text:
    if high is None or high == low:
        return Text(f"{low} 元", f"{low} yuan")
    return Text(f"{low} 到 {high} 元", f"{low} to {high} yuan")


def _headline(value: float, gain: float, up_to: float) -> Text:
    zh = f"一位客户往后还值约 {money(value)} 元；"
    en = f"A customer is worth about {money(value)} yuan from here on; "
    if gain <= 0:
        return Text(
            f"{zh}要是给了也留不住更多的人，就不必另给。",
            f"{en}if an offer keeps nobody more, there is no reason for one.",
        )
    return Text(
        f"{zh}若多留住 {points(gain)} 个百分点，补偿最多花 {money(up_to)} 元才不亏。",
        f"{en}if {points(gain)} in 100 more of them stay, an offer may cost {money(up_to)} yuan "
        "at most.",
    )


def _doubts(gains: Three, most: Three, retention: float, cut: bool) -> Text:
    if gains.low == gains.high and cut:
        most_more = points(gains.high)
        return Text(
            f"本来就有 {retention:.0%} 会再来，再好的补偿最多再多留住 {most_more} 个百分点。",
            f"{retention:.0%} stay anyway; the best of offers can keep {most_more} in 100 more.",
        )
    if gains.low == gains.high:
        return Text(
            "这里一点疑问也没留。多留住几个百分点，有谁真的数过吗？",
            "No doubt is left here. Has anyone ever counted how many more stay?",
        )
    low, high = points(gains.low), points(gains.high)
    note = (
        Text(
            "（本来就会留下的留不了第二遍，所以最多这么些）",
            " (those who stay anyway cannot be kept twice, so no more than that)",
        )
        if cut
        else Text("", "")
    )
    if gains.low <= 0:
        return Text(
            f"可多留住的是 {low} 到 {high} 个百分点{note.zh}：最坏时一分也不值，"
            f"最好时值到 {money(most.high)} 元。",
            f"But the gain is anything from {low} to {high} in 100{note.en}: at worst no offer "
            f"pays, at best up to {money(most.high)} yuan.",
        )
    return Text(
        f"可多留住的是 {low} 到 {high} 个百分点{note.zh}："
        f"上限从 {money(most.low)} 元到 {money(most.high)} 元都说得通。",
        f"But the gain is anything from {low} to {high} in 100{note.en}, so the limit may "
        f"be anywhere from {money(most.low)} to {money(most.high)} yuan.",
    )


def _verdict(offer: int, left: Three, retention: float, gains: Three) -> Text:
    if left.low >= 0:
        return Text(
            f"花 {offer} 元：就算最坏，每位也还剩 {money(left.low)} 元，可以给。",
            f"Spend {offer} yuan: even at worst it leaves {money(left.low)} yuan a customer, "
            "so it pays.",
        )
    if left.high < 0:
        return Text(
            f"花 {offer} 元：就算最好，每位也要亏 {money(-left.high)} 元；这样的补偿买不回来。",
            f"Spend {offer} yuan: even at best each costs {money(-left.high)} yuan more than it "
            "keeps.",
        )
    zh = f"花 {offer} 元：每位从亏 {money(-left.low)} 元到赚 {money(left.high)} 元都可能。"
    en = f"Spend {offer} yuan: anything from {money(left.low)} to {signed(left.high)} yuan a "
    en += "customer. "
    if gains.mid <= 0:
        return Text(f"{zh}先弄清多留住几位，再谈给多少。", f"{en}First find out how many it keeps.")
    n = ceil(size_for_difference(retention, retention + gains.mid))
    return Text(
        f"{zh}先试：随机一半给，一半不给，数谁还来；要看准 {points(gains.mid)} 个百分点，"
        f"两边各约 {n:,} 位。",
        f"{en}Try it: give it to a random half and count who stays; to see "
        f"{points(gains.mid)} in 100 takes about {n:,} in each half.",
    )


def _owed(owed: int, offer: int) -> Text:
    if not owed:
        return Text(
            "这里不欠客户的钱。要是欠，先照退，再谈补偿。",
            "Here nothing is owed. Where something is, refund it first, then speak of offers.",
        )
    return Text(
        f"欠客户的 {owed} 元照退：那是还债，不进这笔账，代金券也抵不了。两样加起来，一共付出 "
        f"{owed + offer} 元。",
        f"The {owed} yuan owed are refunded in any case: that is a debt and no part of this sum, "
        f"and no voucher replaces it. Both together come to {owed + offer} yuan.",
    )


def _slider(name: str, zh: str, en: str, bounds: tuple[int, int, int, int], unit: Text) -> Slider:
    low, high, step, start = bounds
    return Slider(name, Text(zh, en), low, high, step, start, unit)


_YUAN, _PERCENT, _POINT = Text("元", "yuan"), Text("%", "%"), Text("个百分点", "points")

EXPLORER = Explorer(
    slug="compensation",
    title=Text("补偿花到多少为止", "How far an offer may go"),
    lead=Text(
        "出了差错，除了该退的，还想另给一点。多留住的客人值多少，就最多花多少；"
        "可“多留住几位”多半是猜的，把疑问也拉一拉。",
        "Something went wrong, and beyond what is owed you want to offer a little. It may cost "
        "what the customers it keeps are worth; but how many it keeps is mostly a guess, so move "
        "the doubt as well.",
    ),
    controls=(
        _slider(
            "margin",
            "一位客户一年的毛利",
            "Margin of a customer, a year",
            (20, 2000, 10, 100),
            _YUAN,
        ),
        _slider(
            "retention",
            "不另给，一年后还来的",
            "Still here after a year, without it",
            (10, 95, 1, 80),
            _PERCENT,
        ),
        _slider(
            "discount",
            "折现率（明年的钱打几折）",
            "Discount rate (later money is worth less)",
            (0, 20, 1, 10),
            _PERCENT,
        ),
        _slider(
            "gain",
            "给了，能多留住（猜）",
            "With it, more of them stay (a guess)",
            (0, 40, 1, 8),
            _POINT,
        ),
        _slider("doubt", "这个猜测上下差多少", "That guess may be off by", (0, 30, 1, 6), _POINT),
        _slider("offer", "打算给", "You mean to offer", (5, 500, 5, 20), _YUAN),
        _slider(
            "owed",
            "本来就欠客户的（退款、差价）",
            "Owed anyway (refund, overcharge)",
            (0, 500, 10, 60),
            _YUAN,
        ),
    ),
    see=see,
    question=Text(
        "店长说：“书上讲，补救得好的客人比没出过事的还满意，所以出点错不怕，多发代金券就是了。”"
        "退款也想一并折成代金券。哪几处不对？",
        "The manager says: “They say a customer well recovered is happier than one who never had "
        "trouble. So mistakes do no harm, just hand out vouchers”, in place of the refunds too. "
        "What is wrong there?",
    ),
    answer=Text(
        "一，欠的就是欠的：退款、差价照原样退，客户自己愿意换券另说；拿券顶退款，是把债说成人情，"
        "法律上怎么算，问法务。二，“补救悖论”只对了一半：把许多研究合起来看（de Matos 等，2007），"
        "满意度是高了一些，回头、口碑却没有显出提高；满意不等于再来，更不是出错的理由。"
        "三，人人都发，大半发给了本来就会留下的人，“多留住几个百分点”会变得很小，也教会一些人专门来闹。"
        "四，这里的每个数都是估的：毛利、留存、折现，最虚的是多留住几位；拿得过券的人和没拿过的人比，"
        "比不出来，他们本来就不是一样的人，得随机分两半来试。更常见的情形是，道歉、说清楚、当场办好，"
        "比多给二十元更留人，可这张图上看不到；而修好出错的那一步，下一位就不必补偿了。",
        "One: what is owed is owed. Refunds and overcharges go back as they are, unless the "
        "customer would rather have a voucher; to pay a debt with a voucher is to sell it as a "
        "favour (for the law, ask counsel). Two: the recovery paradox is half true. Over many "
        "studies (de Matos et al. 2007) satisfaction does come out higher, but coming back and "
        "word of mouth do not show it; so it is never a reason to let things go wrong. Three: "
        "given to everyone, most of it goes to those who would have stayed, the gain shrinks, and "
        "some learn to complain for it. Four: every number here is an estimate, most of all how "
        "many more stay. Those who got vouchers cannot be compared with those who did not, they "
        "were other people to begin with: split at random. And an apology, a plain explanation "
        "and a matter settled at once may keep more than twenty yuan do, though no line here "
        "shows it; mend the step that failed, and the next customer needs no compensation.",
    ),
)
