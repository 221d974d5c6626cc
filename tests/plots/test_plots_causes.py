"""Law. Causes: the fishbone, the chain of whys and the radar of the self-audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from kefu.errors import KefuError
from kefu.plots.causes import SYSTEM, fishbone, radar, whys
from kefu.plots.house import Plot
from kefu.text import Lang, Text

EFFECT = Text("午间电话难打通", "Nobody answers at lunch")
ALONE = Text("午休只留一个人", "One person left over lunch")
BRANCHES: Mapping[Text, Sequence[Text]] = {
    Text("人员", "People"): [
        ALONE,
        Text("新人还不会转接", "New staff cannot transfer yet"),
        Text("请假没人顶", "Nobody covers for leave"),
    ],
    Text("流程", "Process"): [
        Text("每通都要填两张表", "Two forms for every call"),
        Text("退款要主管批", "A supervisor approves refunds"),
        Text("转接没有交接内容", "Transfers carry no notes"),
    ],
    Text("系统", "Systems"): [
        Text("查单要切三个窗口", "Three windows to look up one order"),
        Text("来电不弹客户资料", "No customer record pops up"),
        Text("录音系统常卡", "The recorder often freezes"),
    ],
    Text("标准", "Standards"): [
        Text("只写“及时”，没有秒数", "It says “promptly”, no seconds"),
        Text("没有回拨的时限", "No deadline for calling back"),
        Text("午间不算服务时间", "Lunch is outside service hours"),
    ],
    Text("客户与来电", "Customers and calls"): [
        Text("账单日来电翻倍", "Calls double on billing day"),
        Text("同一问题打两三次", "The same question two or three times"),
        Text("不知道可以在网上查", "Few know they can look it up online"),
    ],
    Text("环境", "Surroundings"): [
        Text("话务区吵", "The floor is noisy"),
        Text("耳机旧", "Old headsets"),
        Text("座位离主管远", "Far from the supervisor"),
    ],
}
LONG = Text(
    "客户在午间打进来以后要等很久才有人接听，等不及的已经挂了",
    "Customers who call at lunch wait for a very long time and many of them hang up",
)
CHAIN = [
    Text("等了 40 秒才接", "Forty seconds until someone answered"),
    Text("只有一个人在接", "Only one person was answering"),
    Text("其他人同时去吃饭", "All the others went to lunch together"),
    Text("排班没有按来电量定", "The rota does not follow the calls"),
]
AUDIT = [[2.1, 1.8, 1.2, 2.4, 0.9, 1.5], [2.2, 2.0, 2.3, 2.4, 1.3, 1.5]]

Draw = Callable[[Lang], Plot]

KEPT: dict[str, Draw] = {
    "fishbone": lambda lang: fishbone(EFFECT, BRANCHES, lang=lang, proven=[ALONE]),
    "whys": lambda lang: whys(CHAIN, lang=lang),
    "radar": lambda lang: radar(AUDIT, lang=lang),
}
EXTREME: dict[str, Draw] = {
    "one-cause": lambda lang: fishbone(EFFECT, {SYSTEM[3]: [ALONE]}, lang=lang),
    "no-cause-yet": lambda lang: fishbone(EFFECT, {SYSTEM[3]: [], SYSTEM[0]: []}, lang=lang),
    "long": lambda lang: fishbone(LONG, {LONG: [LONG, ALONE], SYSTEM[0]: [LONG]}, lang=lang),
    "long-whys": lambda lang: whys([LONG] * 6, lang=lang),
    "one-why": lambda lang: whys(CHAIN[:2], lang=lang),
    "one-round": lambda lang: radar(AUDIT[0], lang=lang),
    "all-zero": lambda lang: radar([0] * 6, lang=lang),
    "all-full": lambda lang: radar([[0] * 6, [3] * 6], lang=lang),
    "three-parts": lambda lang: radar([10, 90, 45], SYSTEM[:3], lang=lang, most=100),
}


def test_every_cause_is_told_to_a_listener() -> None:
    """The alternative text names the effect, each kind with its causes, and what is proven."""
    alt = KEPT["fishbone"]("zh").alt
    causes = [cause.zh for each in BRANCHES.values() for cause in each]
    assert [cause for cause in [EFFECT.zh, *causes] if cause not in alt] == []
    assert "午休只留一个人（已证实）" in alt


def test_the_weakest_part_is_named() -> None:
    """The radar's title names the weakest part of the last round and what gained most."""
    title = KEPT["radar"]("en").title
    assert title == "Weakest: measuring, 1.3 of 3; most gained: standards (+1.1)"


@pytest.mark.parametrize("draw", [
    lambda: fishbone(EFFECT, {}, lang="zh"),
    lambda: fishbone(EFFECT, {"人员": ["甲"]}, lang="zh", proven=["乙"]),
    lambda: whys(["等了很久"], lang="zh"),
    lambda: radar([1, 2, 4, 1, 1, 1], lang="zh"),
    lambda: radar([1, 2], SYSTEM[:2], lang="zh"),
    lambda: radar([1, 2, 3], lang="zh"),
    lambda: radar([[1] * 6] * 3, lang="zh"),
    lambda: radar([float("nan")] * 6, lang="zh"),
])  # fmt: skip
def test_causes_refuse_what_cannot_be(draw: Callable[[], Plot]) -> None:
    """No branch, a proven cause that is not there, no answer, a score off the scale: refused."""
    with pytest.raises(KefuError):
        draw()
