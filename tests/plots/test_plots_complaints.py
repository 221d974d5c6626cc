"""Law. Complaints' plots: what they are about, how fast they close, what they cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from kefu.errors import KefuError
from kefu.plots.complaints import (
    ageing,
    break_even,
    cost_of_quality,
    cumulative_flow,
    iceberg,
    pareto,
    survival,
)
from kefu.plots.house import Plot
from kefu.quality import complaints as quality
from kefu.quality import costs
from kefu.quality.survival import survival as survival_of
from kefu.text import Lang, Text

CAUSES: Mapping[str, Text] = {
    "refund": Text("退款慢", "slow refund"),
    "callback": Text("没人回电", "nobody called back"),
    "manner": Text("态度", "manner"),
    "answers": Text("说法前后不一", "contradictory answers"),
    "queue": Text("排队久", "long queue"),
    "invoice": Text("发票", "invoice"),
}
BY_COUNT = quality.pareto(dict(zip(CAUSES, [62, 41, 18, 12, 9, 5], strict=True)))
LONG = "客户在午间打进来以后要等很久才有人接听，等不及的已经挂了"

# Every third case is still open when the log ends.
TOOK = np.array([1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 12, 14, 15, 18, 20, 23, 26, 30, 34])
DONE = np.arange(24) % 3 != 2
FOUND = survival_of(TOOK, DONE)
NICE = survival_of(TOOK[DONE], DONE[DONE])
ALL_OPEN = survival_of([1, 3, 9], [0, 0, 0])

CAME = [9, 7, 8, 10, 9, 12, 8, 7, 9, 10, 6, 8, 7, 9]
WENT = [5, 6, 8, 8, 7, 4, 5, 6, 9, 12, 11, 10, 9, 8]
AMOUNTS = np.linspace(0, 300, 61)
SAVED = 0.6 * costs.lifetime_value(100, 0.8, 0.1) * (1 - np.exp(-AMOUNTS / 60))
QUARTERS = [Text("一季度", "Q1"), Text("二季度", "Q2"), Text("三季度", "Q3")]
SPENT = [
    costs.cost_of_quality(*each) for each in ((12, 8, 30, 50), (20, 12, 20, 28), (22, 10, 12, 16))
]
NOTHING = costs.cost_of_quality(0, 0, 0, 0)

Draw = Callable[[Lang], Plot]

KEPT: dict[str, Draw] = {
    "pareto": lambda lang: pareto(BY_COUNT, lang=lang, called=CAUSES),
    "survival": lambda lang: survival(FOUND, lang=lang, target=14, flattering=NICE),
    "ageing": lambda lang: ageing(TOOK[~DONE], lang=lang, target=14),
    "cumulative-flow": lambda lang: cumulative_flow(CAME, WENT, lang=lang),
    "iceberg": lambda lang: iceberg(40, float(costs.hidden(40)) - 40, lang=lang),
    "break-even": lambda lang: break_even(AMOUNTS, SAVED, lang=lang),
    "cost-of-quality": lambda lang: cost_of_quality(SPENT, QUARTERS, lang=lang),
}
EXTREME: dict[str, Draw] = {
    "no-vital-few": lambda lang: pareto(
        quality.pareto({f"{at}：{LONG}": 10 for at in range(12)}), lang=lang
    ),
    "one-cause": lambda lang: pareto(quality.pareto({"甲": 1}), lang=lang),
    "all-zero": lambda lang: pareto(quality.pareto({"甲": 0, "乙": 0}), lang=lang),
    "by-cost": lambda lang: pareto(
        quality.pareto({"甲": 123456.7, "乙": 0.01}), lang=lang, unit=Text("元", "dollar")
    ),
    "still-open": lambda lang: survival(FOUND, lang=lang, target=30, shows="open"),
    "no-target": lambda lang: survival(FOUND, lang=lang),
    "all-open": lambda lang: survival(ALL_OPEN, lang=lang, target=14),
    "all-open-no-target": lambda lang: survival(ALL_OPEN, lang=lang, shows="open"),
    "one-case": lambda lang: survival(survival_of([5], [1]), lang=lang, target=3),
    "closed-at-once": lambda lang: survival(survival_of([0, 0], [1, 1]), lang=lang, target=0),
    "no-case": lambda lang: survival(survival_of([], []), lang=lang, target=3),
    "early-target": lambda lang: survival(FOUND, lang=lang, target=1, flattering=NICE),
    "none-open": lambda lang: ageing([], lang=lang, target=14),
    "one-old-case": lambda lang: ageing([100], lang=lang, target=2),
    "ages-no-target": lambda lang: ageing(TOOK, lang=lang),
    "flow-of-a-day": lambda lang: cumulative_flow([5], [0], lang=lang),
    "flow-of-nothing": lambda lang: cumulative_flow([0, 0], [0, 0], lang=lang),
    "flow-none-closed": lambda lang: cumulative_flow(
        [9] * 4, [0] * 4, lang=lang, rows=[*QUARTERS, LONG], unit=Text("季", "quarter")
    ),
    "flow-early-peak": lambda lang: cumulative_flow([9, *[9] * 30], [0, *[9] * 30], lang=lang),
    "loud": lambda lang: iceberg(40, 60, lang=lang),
    "very-loud": lambda lang: iceberg(95, 5, lang=lang),
    "all-heard": lambda lang: iceberg(40, 0, lang=lang),
    "none-heard": lambda lang: iceberg(0, 50, lang=lang),
    "nobody": lambda lang: iceberg(0, 0, lang=lang),
    "flat-value": lambda lang: break_even(AMOUNTS, np.full(61, 80.0), lang=lang),
    "never-pays": lambda lang: break_even([0, 10], [-5, -5], lang=lang),
    "always-pays": lambda lang: break_even(AMOUNTS, np.full(61, 400.0), lang=lang),
    "pays-in-between": lambda lang: break_even(
        AMOUNTS, 160 / (1 + np.exp(6 - AMOUNTS / 10)), lang=lang
    ),
    "one-period": lambda lang: cost_of_quality(SPENT[:1], QUARTERS[:1], lang=lang),
    "nothing-spent": lambda lang: cost_of_quality([NOTHING], QUARTERS[:1], lang=lang),
    "uneven-periods": lambda lang: cost_of_quality(
        [costs.cost_of_quality(0, 0, 0, 5), costs.cost_of_quality(500, 0, 0, 0), NOTHING],
        [LONG, "b", "c"], lang=lang,
    ),
}  # fmt: skip


def test_the_vital_few_are_named() -> None:
    """The title says which few causes reach four fifths; where none stand out, it says so."""
    assert KEPT["pareto"]("zh").title.endswith("：退款慢、没人回电和态度")
    assert EXTREME["no-vital-few"]("en").title.startswith("No vital few: it takes 10 of 12")


def test_the_flattering_share_stands_beside_the_true_one() -> None:
    """The title gives the share closed in time, and what leaving open cases out would say."""
    true, nice = (
        round(100 * (one.by(14).value or 0)) for one in (FOUND, NICE)
    )  # fmt: skip
    title = KEPT["survival"]("en").title.replace("\N{NO-BREAK SPACE}", " ")
    assert true < nice
    assert title == (
        f"{true} % are closed within 14 days; leaving open cases out says {nice} %"
    )  # fmt: skip


def test_what_nobody_has_seen_is_not_told() -> None:
    """A target beyond the longest case watched has no share, and the title says why."""
    assert "还看不到" in EXTREME["all-open"]("zh").title


@pytest.mark.parametrize("heard", [0.01, 0.04, 0.3, 0.5, 0.9, 0.999])
def test_the_parts_of_the_berg_are_in_proportion(heard: float) -> None:
    """Above the water lies the same share of the berg's area as of the dissatisfied speak up."""
    plot = iceberg(1000 * heard, 1000 * (1 - heard), lang="zh")
    below, above = (np.asarray(each.get_xy()) for each in plot.figure.axes[0].patches[-2:])  # type: ignore[attr-defined]
    areas = [
        abs(float(np.sum(one[:-1, 0] * one[1:, 1] - one[1:, 0] * one[:-1, 1])))
        for one in (above, below)
    ]
    assert areas[0] / sum(areas) == pytest.approx(heard, abs=1e-6)


def test_the_crossing_is_where_quality_has_it() -> None:
    """With one gain for every amount the lines cross at `kefu.quality.costs.break_even`."""
    most = costs.break_even(0.3, costs.lifetime_value(100, 0.8, 0.1))
    plot = break_even([0, 100], [most, most], lang="en")
    assert f"Up to {most:.0f}\N{NO-BREAK SPACE}yuan" in plot.title


@pytest.mark.parametrize("draw", [
    lambda: pareto(quality.pareto({}), lang="zh"),
    lambda: pareto(BY_COUNT, lang="zh", share=0),
    lambda: survival(FOUND, lang="zh", target=-1),
    lambda: ageing([-1], lang="zh"),
    lambda: ageing([1], lang="zh", edges=[]),
    lambda: cumulative_flow([], [], lang="zh"),
    lambda: cumulative_flow([1], [1, 0], lang="zh"),
    lambda: cumulative_flow([1, 1], [0, 3], lang="zh"),
    lambda: iceberg(-1, 4, lang="zh"),
    lambda: iceberg(1, float("inf"), lang="zh"),
    lambda: break_even([1], [1], lang="zh"),
    lambda: break_even([1, 1], [1, 2], lang="zh"),
    lambda: break_even([1, 2], [1, 2, 3], lang="zh"),
    lambda: cost_of_quality([], [], lang="zh"),
    lambda: cost_of_quality(SPENT, QUARTERS[:2], lang="zh"),
])  # fmt: skip
def test_complaints_plots_refuse_what_cannot_be(draw: Callable[[], Plot]) -> None:
    """No cause, a target below 0, more closed than came, amounts out of order: refused."""
    with pytest.raises(KefuError):
        draw()
