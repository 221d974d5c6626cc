"""NPS drawn again and again while nothing changes: how far it wanders by itself."""

from __future__ import annotations

import random
from itertools import pairwise
from math import ceil, sqrt

from kefu.explorers.explorer import Explorer, Press, Seen, Slider, Values
from kefu.plots.satisfaction import nps_noise as draw
from kefu.plots.words import signed
from kefu.quality._given import z
from kefu.quality.satisfaction import Nps, nps
from kefu.text import Lang, Text

__all__ = ["EXPLORER"]

_MONTHS = 24
_MOVE = 4
"""The rise in points that someone would like to celebrate."""


def _surveys(promoters: float, detractors: float, n: int, seed: int) -> list[Nps]:
    """The NPS of each month, each from `n` answers out of the same customers."""
    chance = random.Random(seed).random
    found = []
    for _ in range(_MONTHS):
        draws = [chance() for _ in range(n)]
        liked = sum(one < promoters for one in draws)
        disliked = sum(one >= 1 - detractors for one in draws)
        found.append(nps(liked, n - liked - disliked, disliked))
    return found


def see(values: Values, lang: Lang) -> Seen:
    """Two years of surveys among customers who never change their minds."""
    promoters, n = int(values["promoters"]) / 100, int(values["n"])
    detractors = min(int(values["detractors"]) / 100, round(1 - promoters, 2))
    true = 100 * (promoters - detractors)
    # Of one answer, in points: +100, 0 or -100.
    deviation = 100 * sqrt(promoters + detractors - (promoters - detractors) ** 2)
    half = z(0.95) * deviation / sqrt(n)
    surveys = _surveys(promoters, detractors, n, int(values["again"]))
    months = [one.value for one in surveys if one.value is not None]
    moves = [after - before for before, after in pairwise(months)]
    jumps = sum(abs(move) >= _MOVE for move in moves)
    enough = ceil(2 * (z(0.95) * deviation / _MOVE) ** 2)
    low, high = signed(min(months), 0), signed(max(months), 0)
    said = [
        Text(
            f"客户一点没变，真正的 NPS 一直是 {signed(true, 0)}；"
            f"{_MONTHS} 个月量出来却从 {low} 到 {high}。",
            f"The customers never changed and the true NPS is {signed(true, 0)} throughout; "
            f"the {_MONTHS} months came out from {low} to {high}.",
        ),
        Text(
            f"每月 {n:,} 份答卷，单月的误差大约 ±{half:.0f} 分，两个月之差的误差大约 "
            f"±{half * sqrt(2):.0f} 分。",
            f"With {n:,} answers a month, one month is good to about ±{half:.0f} points, "
            f"and the change between two months to about ±{half * sqrt(2):.0f}.",
        ),
        Text(
            f"{len(moves)} 次环比里有 {jumps} 次变了 {_MOVE} 分以上，全是碰巧；"
            + (
                f"要看准 {_MOVE} 分的变化，每月得有大约 {enough:,} 份。"
                if enough > n
                else f"而这么多答卷，{_MOVE} 分已经看得准。"
            ),
            f"Of {len(moves)} changes from month to month, {jumps} were of {_MOVE} points or more, "
            "all by chance; "
            + (
                f"to tell {_MOVE} points from noise takes about {enough:,} answers a month."
                if enough > n
                else f"yet with so many answers, {_MOVE} points can be told from noise."
            ),
        ),
    ]
    if detractors < int(values["detractors"]) / 100:
        said.append(
            Text(
                f"推荐者已占 {promoters:.0%}，贬损者最多 {detractors:.0%}，就按这个算。",
                f"With {promoters:.0%} promoters there can be at most {detractors:.0%} detractors, "
                "so that is what was drawn.",
            )
        )
    figures = (
        (Text("真正的 NPS", "True NPS"), Text(*[signed(true, 0)] * 2)),
        (Text("单月误差", "Margin of one month"), Text(f"±{half:.0f} 分", f"±{half:.0f} points")),
        (
            Text("两月之差的误差", "Margin of a change"),
            Text(f"±{half * sqrt(2):.0f} 分", f"±{half * sqrt(2):.0f} points"),
        ),
        (
            Text(f"看准 {_MOVE} 分要", f"To see {_MOVE} points"),
            Text(f"每月 {enough:,} 份", f"{enough:,} answers a month"),
        ),
    )
    return Seen(draw(surveys, true, lang=lang), tuple(said), figures)


EXPLORER = Explorer(
    slug="nps-noise",
    title=Text("NPS 自己会跳多少", "How far NPS jumps by itself"),
    lead=Text(
        "NPS 是推荐者（9–10 分）的百分比减去贬损者（0–6 分）的百分比。这里客户的看法完全不变，"
        "只是每月抽一批人来问。看它自己会跳多少。",
        "NPS is the per cent of promoters (9–10) less the per cent of detractors (0–6). Here the "
        "customers never change their minds; each month some of them are asked. See how far it "
        "jumps by itself.",
    ),
    controls=(
        Slider(
            "promoters",
            Text("真正的推荐者", "True promoters"),
            5,
            95,
            1,
            50,
            Text("%", "%"),
        ),
        Slider(
            "detractors",
            Text("真正的贬损者", "True detractors"),
            0,
            90,
            1,
            20,
            Text("%", "%"),
        ),
        Slider(
            "n",
            Text("每月收到的答卷", "Answers a month"),
            20,
            1500,
            10,
            100,
            Text("份", "answers"),
        ),
        Press("again", Text("再过两年看看", "Draw another two years")),
    ),
    see=see,
    question=Text(
        "上个月 NPS 是 26，这个月 30，各 100 份答卷。老板想发奖金庆祝“涨了 4 分”。你怎么说？",
        "NPS was 26 last month and is 30 this month, from 100 answers each. The boss wants to pay "
        "a bonus for “up 4 points”. What do you say?",
    ),
    answer=Text(
        "先别庆祝。各 100 份时，两个月之差本来就有大约 ±22 分的误差，涨 4 分和跌 4 分都是常事；"
        "这样发奖金，下个月就得罚款，两次都没道理。可以做的是：把答卷攒到一个季度再看，"
        "画成带界限的图，推荐者和贬损者分开画；更要去读那些留言。"
        "还要看是谁在答：只请满意的客户、或者开口讨分，得来的上涨比噪声更糟，因为它是假的。",
        "Not yet. With 100 answers each, the change between two months carries about ±22 points of "
        "its own; up 4 and down 4 are both everyday. Pay a bonus for this and next month you owe "
        "a fine, and neither has a reason. Better: put the answers of a quarter together, draw "
        "them with limits, promoters and detractors apart, and read what people wrote. And look "
        "at who answered: a rise got by inviting only pleased customers, or by begging for "
        "scores, is worse than noise, for it is not true.",
    ),
)
