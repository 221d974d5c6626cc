"""What was planted, worked out from the parameters alone, and how near the data lead to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from statistics import NormalDist
from typing import Any

from kefu.centre.complaints import shares_of_types
from kefu.centre.plan import Plan
from kefu.centre.reviews import CRITICAL, LEVELLED

__all__ = ["known"]

_NORMAL = NormalDist()
_LUNCH = slice(6, 9)
"""The half-hours from 12:00 to 13:30."""


def known(plan: Plan, recommend: Sequence[int]) -> dict[str, Any]:
    """Every truth: what it is, where it is found, and the values that the data must lead to.

    Each value says how: `is` (with `within`, else exactly), `at_least` or `at_most`.
    `within` is about three standard errors.

    Args:
        plan: the parameters.
        recommend: what every served customer would have answered.
    """
    found = [
        _shift(plan), _drift(plan), _wolf(plan, len(recommend)), _lunch(plan), _open(plan),
        _invited(plan, recommend), _visits(plan), _agents(plan), _repeats(plan), _safety(plan),
    ]  # fmt: skip
    return {"seed": plan.seed, "truths": found}


def _truth(
    name: str, zh: str, en: str, files: str, functions: str, **values: Any
) -> dict[str, Any]:
    return {
        "id": name,
        "zh": zh,
        "en": en,
        "files": files.split(),
        "functions": functions.split(),
        "values": values,
    }


def _is(value: Any, within: float | None = None) -> dict[str, Any]:
    value = round(value, 4) if isinstance(value, float) else value
    return {"is": value} if within is None else {"is": value, "within": within}


def _errors(plan: Plan) -> tuple[list[float], float, float]:
    """How often a rater notes an error: identity before and after, promise."""
    r = plan.reviews
    noted = [e * r.seen + (1 - e) * r.imagined for e in (r.identity, r.identity_after, r.promise)]
    before, after, promise = noted
    return noted, 1 - (1 - before) * (1 - promise), 1 - (1 - after) * (1 - promise)


def _shift(plan: Plan) -> dict[str, Any]:
    (identity, later, promise), before, after = _errors(plan)
    return _truth(
        "shift",
        f"从 {plan.reviews.changed} 起，有关键差错的电话多了两倍多，全在“{CRITICAL[0]}”一项",
        f"from {plan.reviews.changed} on more than three times as many calls have a "
        f"critical error, all of it in the item {CRITICAL[0]!r}",
        "qa.csv",
        "charts.p_chart rules.chart_signals sampling.difference",
        changed=_is(str(plan.reviews.changed)),
        weeks_outside=_is([5, 6, 7, 8]),
        before=_is(before, 0.03),
        after=_is(after, 0.05),
        identity_before=_is(identity, 0.025),
        identity_after=_is(later, 0.045),
        promise=_is(promise, 0.015),
    )


def _drift(plan: Plan) -> dict[str, Any]:
    r = plan.reviews
    heard = math.sqrt(1 + r.noise**2)
    milder = r.drift * (8 - r.drift_from + 1)
    gap = len(LEVELLED) * sum(
        _NORMAL.cdf((milder - level) / heard) - _NORMAL.cdf(-level / heard) for level in r.levels
    )
    return _truth(
        "drifting-rater",
        f"R2 从第 {r.drift_from} 周起一周比一周松；R1 不变，电话也没有变好",
        f"R2 grows milder every week from week {r.drift_from} on; R1 does not, "
        "and the calls are no better",
        "qa.csv calls.csv",
        "charts.ewma_chart raters.severity agreement.cohen_kappa",
        gap_in_week_8=_is(gap, 0.5),
        gap_in_weeks_1_2=_is(0.0, 0.35),
        first_signal_week={"at_least": r.drift_from, "at_most": 5},
        kappa_weeks_1_2={"at_least": 0.65},
        kappa_weeks_7_8={"at_most": 0.5},
    )


def _wolf(plan: Plan, contacts: int) -> dict[str, Any]:
    c = plan.complaints
    # The squared coefficient of variation of the days' factor: sin ** 6 has a mean of 5 / 16.
    spread = c.swing**2 * (5 / 16 * (3 * math.pi / 4) ** 2 - 1)
    inflation = math.sqrt(1 + c.share * contacts / plan.days * spread)
    return _truth(
        "complaints-cry-wolf",
        "投诉每天本来就起落大，没有哪一天特别：u 图误报，拉尼 u′ 图不报",
        "complaints vary from day to day by more than chance alone, and no day is special: "
        "a u chart cries wolf, Laney's u′ chart does not",
        "complaints.csv calls.csv",
        "charts.u_chart charts.laney_u_chart",
        share=_is(c.share, 0.007),
        inflation=_is(inflation, 0.75),
        u_outside={"at_least": 4},
        laney_outside=_is(0),
    )


def _lunch(plan: Plan) -> dict[str, Any]:
    s, o = plan.service, plan.outcome
    means = [median * math.exp(d**2 / 2) for median, d in (s.phone_talk, s.phone_after)]
    longer = sum(share * factor for share, factor in plan.issues.values())
    handle = longer * sum(means) + s.hold_share * (5 + s.hold_mean)
    rates = plan.arrivals.phone[_LUNCH]
    days = [plan.busy(day) for day in range(plan.days)]
    working = [busy for day, busy in enumerate(days) if not plan.quiet(day)]
    # Whoever comes again does so on any day; whoever redials at once comes on top of it.
    times = sum(working) / len(working) + o.again / (1 - o.again) * sum(days) / len(days)
    load = sum(rates) / len(rates) * times * (1 - s.short_share) * handle / 1800
    staffed, needed = plan.people.weekdays - 3, math.ceil(load)
    while _level(load, needed, handle, s.in_time) < 0.8:
        needed += 1
    return _truth(
        "lunch",
        f"平日 12:00–13:30 两人一组去吃饭，电话只剩 {staffed} 人接，要 {needed} 人；"
        "全天的平均看不出来",
        f"on weekdays from 12:00 to 13:30 people eat in pairs and {staffed} answer the phone "
        f"where {needed} are needed; the day's average hides it",
        "intervals.csv",
        "operations.service_level operations.aht staffing.agents_needed",
        agents=_is(staffed),
        needed=_is(needed),
        more=_is(needed - staffed),
        load=_is(load, 0.3),
        handle=_is(handle, 35),
        level_all_day={"at_least": 0.8},
        level_lunch={"at_most": 0.68},
        level_other={"at_least": 0.84},
    )


def _level(load: float, agents: int, handle: float, target: float) -> float:
    """Erlang C's service level, worked out apart from `kefu.quality`; 0 where it never settles."""
    if agents <= load:
        return 0.0
    term = total = 1.0
    for n in range(1, agents):
        term *= load / n
        total += term
    waits = term * load / agents / (1 - load / agents)
    return 1 - waits / (total + waits) * math.exp((load - agents) * target / handle)


def _open(plan: Plan) -> dict[str, Any]:
    c, severities = plan.complaints, [0.0] * 3
    for name, share in shares_of_types(plan).items():
        for place, part in enumerate(c.types[name]["severity"]):
            severities[place] += share * part

    def closed(day: float) -> float:
        parts = zip(severities, c.close, strict=True)
        return 1 - sum(w * math.exp(-((day / scale) ** c.close_shape)) for w, scale in parts)

    low, high = 0.0, 365.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if closed(middle) < 0.5 else (low, middle)
    return _truth(
        "open-complaints",
        "到截止时没结案的投诉也算数：丢掉它们，7 天结案率就虚高",
        "complaints still open at the end count too: without them the share closed "
        "within 7 days flatters",
        "complaints.csv",
        "complaints.followed complaints.survival",
        closed_by_7_days=_is(closed(7), 0.08),
        median_days=_is(low, 2.5),
        flattery={"at_least": 0.06},
    )


def _invited(plan: Plan, recommend: Sequence[int]) -> dict[str, Any]:
    s, n = plan.surveys, len(recommend)
    score = 100 * (sum(r > 8 for r in recommend) - sum(r < 7 for r in recommend)) / n
    return _truth(
        "invitations",
        "没解决的客户很少被请去评价，所以 NPS 虚高；按结果加权就回来了",
        "customers whose matter was not resolved are seldom asked, so the NPS flatters; "
        "weighted by outcome it comes back",
        "invitations.csv surveys.csv calls.csv",
        "satisfaction.response_rate satisfaction.nps_of",
        invited_resolved=_is(s.invited_resolved, 0.03),
        invited_unresolved=_is(s.invited_unresolved, 0.03),
        answered=_is(s.answer, 0.03),
        nps_of_all=_is(score, 8),
        flattery={"at_least": 6},
    )


def _visits(plan: Plan) -> dict[str, Any]:
    return _truth(
        "visits",
        "两个门店做得一样好；分数差几分，区间却大片重叠，12 次暗访排不出名次",
        "both sites keep the standard alike; their scores differ, but the intervals plainly "
        "overlap, and 12 visits cannot rank them",
        "visits.csv",
        "sampling.difference sampling.wilson",
        met=_is(plan.visits.met, 0.12),
        difference_low={"at_most": -0.1},
        difference_high={"at_least": 0.1},
        items_low={"at_most": -0.02},
        items_high={"at_least": 0.02},
    )


def _agents(plan: Plan) -> dict[str, Any]:
    return _truth(
        "agents",
        "坐席之间没有差别：未解决率的排名全是偶然，下个月就变",
        "no agent differs from another: a ranking by unresolved contacts is chance, "
        "and changes with the month",
        "calls.csv",
        "charts.p_chart",
        unresolved=_is(plan.outcome.unresolved, 0.012),
        agents_outside=_is(0),
        rank_correlation={"at_least": -0.6, "at_most": 0.6},
    )


def _repeats(plan: Plan) -> dict[str, Any]:
    o = plan.outcome
    return _truth(
        "repeats",
        "坐席自己记的“已解决”比一次解决率（7 天内没再来）高：记得宽",
        "agents mark more as resolved than stay away for 7 days (first contact resolution): "
        "they mark kindly",
        "calls.csv",
        "operations.first_contact_resolution",
        # A little more than planned: some of those who come again hang up before an answer.
        resolution=_is(1 - o.again, 0.02),
        marked=_is(1 - o.unresolved, 0.012),
        flattery={"at_least": 0.02},
    )


def _safety(plan: Plan) -> dict[str, Any]:
    c, shares = plan.complaints, shares_of_types(plan)
    costs = {
        name: share
        * c.types[name]["cost"]
        * sum(map(mul, c.types[name]["severity"], c.severity_cost))
        for name, share in shares.items()
    }
    return _truth(
        "safety",
        "安全投诉最少，花的钱最多：按件数和按成本排，次序不同",
        "safety complaints are the fewest and cost the most: by count and by cost "
        "the order is another",
        "complaints.csv",
        "complaints.pareto_of",
        first_by_count=_is(max(shares, key=shares.__getitem__)),
        last_by_count=_is(min(shares, key=shares.__getitem__)),
        first_by_cost=_is(max(costs, key=costs.__getitem__)),
    )
