"""Law. Surveys' plots: answers, the noise of NPS, gaps to what is expected, Kano's quadrants."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kefu.errors import KefuError
from kefu.plots.house import Plot
from kefu.plots.satisfaction import gaps, kano, nps_noise, nps_over_time, stacked
from kefu.quality import satisfaction as quality
from kefu.quality.kano import kano_of
from kefu.quality.servqual import Gaps
from kefu.quality.servqual import gaps as gaps_of
from kefu.text import Lang, Text

NAN = float("nan")
ANSWERS = [
    Text("很不满意", "very dissatisfied"), Text("不满意", "dissatisfied"),
    Text("一般", "neutral"), Text("满意", "satisfied"), Text("很满意", "very satisfied"),
]  # fmt: skip
GROUPS = [
    Text("电话", "Phone"), Text("在线", "Chat"), Text("门店", "Shop"),
    Text("退款与售后争议处理专席（含夜班外包）", "Refunds and disputes, with the night shift"),
]  # fmt: skip
COUNTS = [[4, 6, 20, 50, 40], [10, 12, 30, 44, 20], [0, 1, 2, 3, 4], [0, 0, 0, 0, 0]]
SURVEYS = [
    quality.nps(up, 100 - up - down, down)
    for up, down in [(50, 20), (44, 25), (61, 11), (52, 14), (47, 26), (55, 21), (40, 31), (58, 18)]
]
PERIODS = ([60, 58, 66, 61, 57, 30, 63], [40, 38, 30, 36, 41, 30, 35], [20, 24, 24, 23, 22, 60, 22])
WEEKS = [Text(f"第 {at} 周", f"week {at}") for at in range(1, 8)]
DIMENSIONS = [
    Text("有形", "tangibles"), Text("可靠", "reliability"), Text("响应", "responsiveness"),
    Text("保证", "assurance"), Text("关怀", "empathy"),
]  # fmt: skip
EXPECTED, FELT = [5.5, 6.6, 6.3, 6.1, 5.9], [5.8, 5.2, 5.6, 6.1, 5.4]
WEIGHTS = [11, 32, 22, 19, 16]
FEATURES = {
    Text("20 秒接通", "answered in 20 s"): kano_of({"A": 12, "O": 20, "M": 50, "I": 18}),
    Text("回电及时", "calls back on time"): kano_of({"A": 10, "O": 25, "M": 55, "I": 10}),
    Text("记得我上次的问题", "remembers my last call"): kano_of(
        {"A": 50, "O": 25, "M": 5, "I": 20}
    ),
    Text("一次办完", "settled in one go"): kano_of({"A": 15, "O": 60, "M": 15, "I": 10}),
    Text("进度主动告知", "tells me how it stands"): kano_of({"A": 14, "O": 58, "M": 17, "I": 11}),
    Text("满意度回访", "survey call"): kano_of({"A": 5, "O": 5, "M": 8, "I": 70, "R": 12}),
    Text("生日祝福", "birthday greeting"): kano_of({"A": 25, "O": 2, "M": 1, "I": 72}),
}

Draw = Callable[[Lang], Plot]


def dumbbells(lang: Lang) -> Plot:
    """The gaps with their weights."""
    found = gaps_of(EXPECTED, FELT, WEIGHTS)
    return gaps(found, EXPECTED, FELT, DIMENSIONS, lang=lang, weights=WEIGHTS)


KEPT: dict[str, Draw] = {
    "stacked": lambda lang: stacked(COUNTS, GROUPS, ANSWERS, lang=lang),
    "nps-noise": lambda lang: nps_noise(SURVEYS, 30, lang=lang),
    "nps-over-time": lambda lang: nps_over_time(*PERIODS, lang=lang, rows=WEEKS),
    "gaps": dumbbells,
    "kano": lambda lang: kano(FEATURES, lang=lang),
}
EXTREME: dict[str, Draw] = {
    "nobody-answered": lambda lang: stacked([[0] * 5], GROUPS[:1], ANSWERS, lang=lang),
    "one-answer": lambda lang: stacked([[0, 0, 0, 1, 0]], GROUPS[3:], ANSWERS, lang=lang),
    "two-groups": lambda lang: stacked(COUNTS[:2], GROUPS[:2], ANSWERS, lang=lang),
    "two-alike": lambda lang: stacked(COUNTS[:1] * 2, GROUPS[2:], ANSWERS, lang=lang),
    "yes-or-no": lambda lang: stacked([[3, 5]] * 8, GROUPS * 2, ["no", "yes"], lang=lang, top=1),
    "one-survey": lambda lang: nps_noise([quality.nps(3, 0, 0)], 30, lang=lang),
    "many-surveys": lambda lang: nps_noise(SURVEYS * 10, 100, lang=lang),
    "all-promoters": lambda lang: nps_over_time([10], [0], [0], lang=lang),
    "a-period-without": lambda lang: nps_over_time([10, 0, 9], [1, 0, 2], [0, 0, 5], lang=lang),
    "no-gap": lambda lang: gaps(
        gaps_of(EXPECTED, EXPECTED), EXPECTED, EXPECTED, DIMENSIONS, lang=lang
    ),
    "no-gap-known": lambda lang: gaps(
        Gaps((None, None), None, None), [NAN, NAN], [NAN, NAN], GROUPS[2:], lang=lang
    ),
    "one-place": lambda lang: kano(
        {name: kano_of({"A": 1, "O": 1, "M": 1, "I": 1}) for name in GROUPS}, lang=lang
    ),
    "nothing-sorted": lambda lang: kano({"甲": kano_of({})}, lang=lang),
}


def test_two_groups_are_compared_by_their_difference() -> None:
    """Of two groups the title gives the difference with its interval, not two that may overlap."""
    title = EXTREME["two-groups"]("en").title.replace("\N{NO-BREAK SPACE}", " ")
    assert title.endswith("75 % (Phone), 55 % (Chat), 20 points apart (8 to 31)")


def test_surveys_that_miss_the_truth_are_counted() -> None:
    """The title says between which scores surveys of one public lie, and how many miss."""
    title = KEPT["nps-noise"]("en").title
    assert "8 surveys say 9 to 50" in title
    assert "2 intervals miss it" in title


def test_a_period_beyond_its_limits_is_named() -> None:
    """NPS over time names the period that left the limits, and no other."""
    assert KEPT["nps-over-time"]("zh").title == "NPS 在第 6 周越出了界限，值得去找原因"


def test_the_greatest_weighted_gap_is_named() -> None:
    """The title names the dimension whose gap, weighted, is the greatest."""
    assert dumbbells("en").title == "reliability falls shortest, weighted: 6.6 expected, 5.2 felt"


def test_quadrants_are_told_to_a_listener() -> None:
    """The alternative text of Kano's plot says which feature lies in which quadrant."""
    alt = KEPT["kano"]("zh").alt
    assert "必备：20 秒接通、回电及时" in alt
    assert "魅力：记得我上次的问题" in alt


@pytest.mark.parametrize("draw", [
    lambda: stacked([[1, 2]], GROUPS[:1], ANSWERS, lang="zh"),
    lambda: stacked([[1] * 5], GROUPS, ANSWERS, lang="zh"),
    lambda: stacked([[1.5] * 5], GROUPS[:1], ANSWERS, lang="zh"),
    lambda: stacked([[1] * 5], GROUPS[:1], ANSWERS, lang="zh", top=6),
    lambda: nps_noise([], 30, lang="zh"),
    lambda: nps_noise([quality.nps(0, 0, 0)], 30, lang="zh"),
    lambda: nps_noise(SURVEYS, 101, lang="zh"),
    lambda: nps_over_time([1], [1, 2], [1], lang="zh"),
    lambda: nps_over_time([0], [0], [0], lang="zh"),
    lambda: nps_over_time([], [], [], lang="zh"),
    lambda: gaps(gaps_of(EXPECTED, FELT), EXPECTED, FELT[:4], DIMENSIONS, lang="zh"),
    lambda: gaps(gaps_of(EXPECTED, FELT), EXPECTED, FELT, DIMENSIONS[:4], lang="zh"),
    lambda: gaps(gaps_of(EXPECTED, FELT), EXPECTED, FELT, DIMENSIONS, lang="zh", scale=(1, 5)),
    lambda: kano({}, lang="zh"),
])  # fmt: skip
def test_surveys_plots_refuse_what_cannot_be(draw: Callable[[], Plot]) -> None:
    """Counts, names or scores that do not fit, no survey, no feature: refused."""
    with pytest.raises(KefuError):
        draw()
