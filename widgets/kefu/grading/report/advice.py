"""What the numbers of an item mean in one sentence, and what might be worth changing.

No verdict is given on fewer than `ENOUGH` learners, and every suggestion carries the number and
the interval it comes from. A suggestion is a reason to look at a question again, never to drop it.
"""

from __future__ import annotations

from collections.abc import Iterator

from kefu.grading.report.items import Item
from kefu.quality.sampling import wilson
from kefu.quality.testing import ENOUGH, Estimate
from kefu.text import LANGS, Text, TextJSON

__all__ = ["percent", "ranged", "reading", "short", "signed", "suggestions"]

_SHORT = 24
_LOST = 5  # fewer lost customers are no pattern


def percent(share: float | None) -> str:
    """A share as whole per cent; – where there is none."""
    return "–" if share is None else f"{int(100 * share + 0.5)}%"


def signed(value: float | None) -> str:
    """A correlation with two digits; – where there is none."""
    return "–" if value is None else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def ranged(estimate: Estimate, *, share: bool = True) -> Text:
    """A number with its interval, in brackets."""
    if estimate.value is None:
        return Text("算不出", "undefined")
    said = percent if share else signed
    low, high = said(estimate.low), said(estimate.high)
    return Text(
        f"{said(estimate.value)}（{low} 到 {high}）", f"{said(estimate.value)} ({low} to {high})"
    )


def reading(item: Item) -> Text:
    """What facility and discrimination of an item say together, no more than they can say."""
    if not item.n:
        return Text("还没有人交这一组。", "Nobody has handed in this set yet.")
    if item.facility.value is None:
        return Text("这道题还没有得分。", "There are no scores for this item yet.")
    if item.facility.n < ENOUGH:
        return Text(
            f"只有 {item.facility.n} 人，不到 {ENOUGH} 人：看数字和区间，不下结论。",
            f"Only {item.facility.n} learners, fewer than {ENOUGH}: "
            "look at the numbers and intervals; no conclusion is drawn.",
        )
    hard, apart = _hard(item.facility), _apart(item.discrimination)
    return Text(f"{hard.zh}；{apart.zh}。", f"{hard.en}; {apart.en}.")


def _hard(facility: Estimate) -> Text:
    if facility.low >= 0.9:
        return Text("几乎人人都答得好", "Nearly everyone did well here")
    if facility.high <= 0.3:
        return Text("多数人得不到分", "Most learners earned little here")
    share = percent(facility.value)
    return Text(f"平均得到 {share} 的分", f"Learners earned {share} of the credit on average")


def _apart(found: Estimate) -> Text:
    if found.value is None:
        return Text("大家得分都一样，看不出能否区分", "scores do not vary, so it cannot separate")
    if found.high < 0:
        return Text(
            "别处答得好的人，这道题反而答得差", "those who did well elsewhere did worse here"
        )
    if found.low >= 0.2:
        return Text("能分出强弱", "it separates strong from weak")
    if found.low > 0:
        return Text("和其余得分同方向，强弱程度说不准", "it goes with the rest, how much is unsure")
    if found.high < 0.2:
        return Text("和其余得分几乎无关", "it hardly goes with the rest")
    return Text("区间太宽，看不出能否区分", "the interval is too wide to say whether it separates")


def suggestions(item: Item) -> list[Text]:
    """Reasons to look at an item again; an answer that could not be read is told at any n."""
    found = list[Text]()
    if item.malformed:
        found.append(
            Text(
                f"有 {item.malformed} 份答案读不出来，按 0 分计：看看是不是程序或版本的问题。",
                f"{item.malformed} answers could not be read and count 0: "
                "see whether the program or the version is at fault.",
            )
        )
    if item.facility.n >= ENOUGH:
        found += _of_scores(item)
        found += _of_options(item)
    return found


def _of_scores(item: Item) -> Iterator[Text]:
    apart, blank = ranged(item.discrimination, share=False), ranged(item.blank)
    if item.discrimination.value is not None and item.discrimination.high < 0:
        yield Text(
            f"区分度是负的：{apart.zh}。先核对答案，再看题目有没有两种读法。",
            f"Discrimination is negative: {apart.en}. "
            "Check the key first, then whether the question can be read in two ways.",
        )
    if item.blank.low > 0.2:
        yield Text(
            f"空着的人多：{blank.zh}。是太靠后、太长，还是没看到？",
            f"Many left it blank: {blank.en}. Does it come too late, is it too long or overlooked?",
        )
    sure = item.sure.wrong_though_sure if item.sure else None
    if sure and sure.value is not None and sure.low > 0.5:
        said = ranged(sure)
        yield Text(
            f"有把握的人里，多数答错：{said.zh}（{sure.n} 人）。"
            "可能是普遍的误解，也可能是答案有误。",
            f"Most of those who were sure were wrong: {said.en}, {sure.n} learners. "
            "It may be a common misbelief, or an error in the key.",
        )
    worst = item.talk.worst if item.talk else None
    if worst and worst.lost >= _LOST:
        bounds = wilson(worst.lost, worst.visits)
        said = ranged(Estimate(worst.lost / worst.visits, *bounds, worst.visits))
        yield Text(
            f"第 {worst.number} 处失去客户最多：{worst.lost} 次，占 {said.zh}。"
            "看看那里的话，是难在判断，还是写得不清楚。",
            f"Most customers were lost at node {worst.number}: {worst.lost} times, {said.en}. "
            "See whether what is said there is hard to judge, or unclear.",
        )


def _of_options(item: Item) -> Iterator[Text]:
    if item.asked.card["kind"] != "choice" or not item.options:
        return
    best = max(item.options, key=lambda one: one.credit)
    for one in item.options:
        words, share = short(one.text), ranged(one.pick.share)
        if one.pick.share.n < ENOUGH:
            continue
        if not one.pick.times:
            most = percent(one.pick.share.high)
            yield Text(
                f"没有人选“{words.zh}”（至多 {most} 的人会选）：换一个更像真话的说法，或去掉。",
                f"Nobody picked “{words.en}” (at most {most} would): "
                "make it more plausible, or leave it out.",
            )
        upper, top = one.pick.upper, best.pick.upper
        if one is not best and upper is not None and top is not None and upper > top:
            yield Text(
                f"强的一组更多选“{words.zh}”（{percent(upper)}），而不是最好的那项"
                f"（{percent(top)}）；全体 {share.zh}。",
                f"The strong group picked “{words.en}” more often ({percent(upper)}) than the "
                f"best one ({percent(top)}); all learners {share.en}.",
            )


def short(text: TextJSON) -> Text:
    """The beginning of an option or a criterion, enough to know it by."""
    cut = {lang: text[lang] for lang in LANGS}
    return Text(*(w if len(w) <= _SHORT * n else f"{w[: _SHORT * n]}…"
                  for w, n in ((cut["zh"], 1), (cut["en"], 2))))  # fmt: skip
