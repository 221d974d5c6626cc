"""The simulated centre's tables: the same bytes everywhere, and one world that hangs together."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kefu import centre
from kefu.centre.draws import Draws
from kefu.centre.plan import Plan
from kefu.centre.reviews import CRITICAL, LEVELLED
from kefu.errors import KefuError
from kefu.quality.operations import rings
from tests.centre.made import DATA, TRUTHS, made, table

README = (DATA / "README.md").read_text("utf-8")
FIRST, DAYS = date(2026, 3, 2), 56
HOLIDAYS = {date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)}
UNTIL = datetime(2026, 4, 27)
NAMES = ("calls", "complaints", "intervals", "invitations", "qa", "surveys", "visits")


@cache
def calls() -> dict[int, dict[str, Any]]:
    """Contacts by their number."""
    return {row["id"]: row for row in table("calls")}


def at(text: str) -> datetime:
    """A time of a table."""
    return datetime.fromisoformat(text)


def over(call: dict[str, Any]) -> datetime:
    """When a contact's conversation ended."""
    seconds = call["wait"] + (call["talk"] or 0) + (call["hold"] or 0)
    return at(call["start"]) + timedelta(seconds=seconds)


# ---- the same bytes


@pytest.mark.parametrize("name", NAMES)
def test_a_committed_table_is_what_the_generator_gives(name: str) -> None:
    """Making the data again changes no byte."""
    assert (DATA / f"{name}.csv").read_bytes() == made().tables[name].csv()


def test_the_committed_truths_are_those_of_the_plan() -> None:
    """The instructor's truths are worked out from the plan that the data were made from."""
    assert TRUTHS.read_bytes() == made().truths_json()


def test_no_other_table_lies_there(tmp_path: Path) -> None:
    """What is committed, and no more, is written; together it is small."""
    written = made().write(tmp_path)
    assert {p.stem for p in written} == set(NAMES)
    assert {p.name for p in written} == {p.name for p in DATA.glob("*.csv")}
    assert sum(p.stat().st_size for p in written) < 1_500_000


def test_another_seed_gives_other_data() -> None:
    """A seed decides everything that is left to chance, and nothing else."""
    other = centre.make(seed=7)
    assert other.tables["calls"].csv() != made().tables["calls"].csv()
    assert other.tables["calls"].columns == made().tables["calls"].columns


def test_draws_have_the_shape_they_are_named_for() -> None:
    """Means of many draws are those of the distributions; a sample is without repeats."""
    draws, n = Draws(1, "shape"), 20_000
    assert sum(draws.poisson(3.0) for _ in range(n)) / n == pytest.approx(3.0, abs=0.05)
    assert sum(draws.exponential(5.0) for _ in range(n)) / n == pytest.approx(5.0, abs=0.15)
    assert sum(draws.weibull(2.0, 1.0) for _ in range(n)) / n == pytest.approx(2.0, abs=0.06)
    assert sum(draws.normal(1.0, 2.0) for _ in range(n)) / n == pytest.approx(1.0, abs=0.06)
    assert max(draws.weibull(2.0, 1.0, 3.0) for _ in range(n)) == pytest.approx(3.0, abs=0.01)
    taken = Counter(each for _ in range(n // 10) for each in draws.some("abcde", 2))
    assert all(count == pytest.approx(800, abs=90) for count in taken.values())
    assert sorted(draws.shuffled(range(30))) == list(range(30))


@pytest.mark.parametrize("change", ["seed", "promise"])
def test_a_plan_that_lacks_something_is_refused(tmp_path: Path, change: str) -> None:
    """A parameter that is missing or misspelt is named."""
    path = tmp_path / "plan.toml"
    text = centre.PLAN.read_text("utf-8")
    path.write_text(re.sub(rf"^{change} ", f"{change}x ", text, count=1, flags=re.M), "utf-8")
    with pytest.raises(KefuError, match=change):
        Plan.read(path)


# ---- one world


def test_contacts_are_in_order_and_within_the_hours() -> None:
    """Contacts are numbered as they begin, from nine to nine, on 56 days from a Monday."""
    starts = [at(row["start"]) for row in table("calls")]
    assert [row["id"] for row in table("calls")] == list(range(1, len(starts) + 1))
    assert starts == sorted(starts)
    assert {start.date() for start in starts} == {FIRST + timedelta(days=n) for n in range(DAYS)}
    assert FIRST.weekday() == 0
    assert all(9 <= start.hour < 21 for start in starts)


def test_whoever_answered_spent_time_and_whoever_gave_up_did_not() -> None:
    """An answered contact has agent, issue and durations; an abandoned one has none of them."""
    for row in calls().values():
        answered = row["outcome"] != "abandoned"
        assert all((row[k] is not None) == answered for k in ("agent", "issue", "talk", "after"))
        assert (row["hold"] is not None) == (answered and row["channel"] == "phone")
        assert (row["rings"] is None) == (row["channel"] == "chat")
        assert row["wait"] > 0
        assert row["issue"] is None or row["issue"] in made().plan.issues


def test_rings_are_those_of_the_wait() -> None:
    """Rings follow from the wait by the cadence of the standard."""
    phone = [row for row in calls().values() if row["channel"] == "phone"]
    assert np.asarray(rings([row["wait"] for row in phone])).tolist() == [
        row["rings"] for row in phone
    ]


def test_nobody_waits_for_ever() -> None:
    """On the phone all have been answered or given up by the thirty-first ring."""
    assert max(row["rings"] or 0 for row in calls().values()) <= 31


def test_whoever_hangs_up_may_try_again() -> None:
    """Many who gave up come again within the half-hour, and some by the other channel."""
    rows = list(calls().values())
    later: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        later[row["customer"]].append(row)
    left = [row for row in rows if row["outcome"] == "abandoned"]
    half = timedelta(minutes=30)
    again = [
        other["channel"] != row["channel"]
        for row in left
        for other in later[row["customer"]]
        if timedelta() < at(other["start"]) - at(row["start"]) < half
    ]
    assert 0.25 < len(again) / len(left) < 0.5
    assert 0.08 < sum(again) / len(again) < 0.3


def test_days_differ_as_they_do_elsewhere() -> None:
    """Mondays are the busiest, Sundays the quietest but for the holiday."""
    came: dict[date, int] = Counter(at(row["start"]).date() for row in calls().values())
    week = [
        statistics.mean(n for day, n in came.items() if day.weekday() == k and day not in HOLIDAYS)
        for k in range(7)
    ]
    assert max(week) == week[0]
    assert min(week) == week[6]
    assert statistics.mean(came[day] for day in HOLIDAYS) < week[6]


def test_issues_differ_in_length() -> None:
    """On the phone what is about a bill is short, what is about a repair or a return long."""
    took: dict[str, list[int]] = defaultdict(list)
    for row in calls().values():
        if row["agent"] and row["channel"] == "phone":
            took[row["issue"]].append(row["talk"] + row["hold"] + row["after"])
    mean = {issue: statistics.mean(each) for issue, each in took.items()}
    assert mean["billing"] < mean["delivery"] < min(mean["repair"], mean["return"])


def test_nobody_has_two_calls_at_once() -> None:
    """An agent is done with one call before the next, and holds at most three chats."""
    busy: dict[Any, list[tuple[datetime, int]]] = defaultdict(list)
    for row in calls().values():
        if row["agent"]:
            start = at(row["start"]) + timedelta(seconds=row["wait"])
            end = over(row) + timedelta(seconds=row["after"])
            busy[row["agent"], row["channel"]] += [(start, 1), (end, -1)]
    for (_, channel), changes in busy.items():
        at_once = most = 0
        for _, change in sorted(changes):  # at one moment the end comes first
            at_once += change
            most = max(most, at_once)
        assert most <= (1 if channel == "phone" else 3)


def test_agents_work_five_days_of_their_own_shift() -> None:
    """Sixteen agents work at most five days a week, a team all early or all late."""
    days: dict[tuple[str, int], set[date]] = defaultdict(set)
    shifts: dict[tuple[bool, int], set[bool]] = defaultdict(set)
    for row in calls().values():
        if row["agent"]:
            start = at(row["start"])
            week = (start.date() - FIRST).days // 7
            days[row["agent"], week].add(start.date())
            if not 14 <= start.hour < 16 and start.hour < 20:
                shifts[row["agent"] <= "A08", week].add(start.hour < 15)
    assert len({agent for agent, _ in days}) == 16
    assert max(map(len, days.values())) <= 5
    assert all(len(early) == 1 for early in shifts.values())


def test_intervals_are_what_calls_sum_to() -> None:
    """Every number of every half-hour is a sum over the contacts that began in it."""
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in calls().values():
        start = at(row["start"])
        half = start.replace(minute=start.minute // 30 * 30, second=0)
        here, answered = sums[half.isoformat(), row["channel"]], row["outcome"] != "abandoned"
        here["offered"] += 1
        here["answered"] += answered
        here["in_time"] += answered and row["wait"] <= (15 if row["channel"] == "phone" else 60)
        here["abandoned"] += not answered
        here["short"] += not answered and row["wait"] < 5
        for name in ("talk", "hold", "after"):
            here[name] += row[name] or 0
    assert len(table("intervals")) == DAYS * 24 * 2
    for row in table("intervals"):
        found = sums.pop((row["start"], row["channel"]), Counter())
        for name in ("offered", "answered", "in_time", "abandoned", "short", "talk", "after"):
            assert row[name] == found[name]
        assert (row["hold"] or 0) == found["hold"]
        assert row["agents"] >= 1
    assert not sums


def test_reviews_are_of_answered_calls() -> None:
    """Every review is of an answered phone call, in its week, with each item once a rater."""
    seen = Counter((r["call"], r["rater"], r["item"]) for r in table("qa"))
    assert set(seen.values()) == {1}
    items = defaultdict(set)
    for row in table("qa"):
        call = calls()[row["call"]]
        assert call["channel"] == "phone"
        assert call["agent"]
        assert row["week"] == (at(call["start"]).date() - FIRST).days // 7 + 1
        assert row["level"] in ((0, 1) if row["item"] in CRITICAL else (0, 1, 2))
        items[row["call"], row["rater"]].add(row["item"])
    assert all(each == {*LEVELLED, *CRITICAL} for each in items.values())


def test_raters_have_days_off() -> None:
    """A rater scores 14 to 19 calls of a working day, and none of a day off or a holiday."""
    scored = Counter((r["rater"], at(calls()[r["call"]]["start"]).date()) for r in table("qa"))
    assert {n // 6 for n in scored.values()} <= set(range(14, 20))
    days = {rater: {day for who, day in scored if who == rater} for rater in ("R1", "R2")}
    assert not (days["R1"] | days["R2"]) & HOLIDAYS
    assert {day.weekday() for day in days["R1"]} == {0, 1, 2, 3, 4}
    assert {day.weekday() for day in days["R2"]} == {1, 2, 3, 4, 5}
    both = Counter(call for call, _ in {(r["call"], r["rater"]) for r in table("qa")})
    assert sum(n == 2 for n in both.values()) == 10 * len(days["R1"] & days["R2"])


def test_whoever_answered_was_invited() -> None:
    """An answer follows an invitation, an invitation the end of an answered contact."""
    sent = {row["call"]: at(row["sent"]) for row in table("invitations")}
    assert len(sent) == len(table("invitations"))
    for call, moment in sent.items():
        assert calls()[call]["agent"]
        assert over(calls()[call]) < moment < UNTIL
    answers = [row["call"] for row in table("surveys")]
    assert len(set(answers)) == len(answers)
    for row in table("surveys"):
        assert sent[row["call"]] < at(row["answered"]) < UNTIL
        assert 1 <= row["satisfied"] <= 5
        assert 0 <= row["recommend"] <= 10
        assert 1 <= row["easy"] <= 7


def test_no_complaint_runs_backwards() -> None:
    """A complaint comes from an answered contact, is acknowledged, then closed; or is open."""
    rows = table("complaints")
    assert [row["complaint"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["received"] for row in rows] == sorted(row["received"] for row in rows)
    for row in rows:
        assert calls()[row["call"]]["agent"]
        moments = [at(row["received"])]
        moments += [at(row[k]) for k in ("acknowledged", "closed") if row[k]]
        assert moments == sorted(moments)
        assert over(calls()[row["call"]]) <= moments[0]
        assert moments[-1] < UNTIL
        assert (row["status"] == "closed") == (row["closed"] is not None)
        assert (row["status"] == "closed") == (row["reopened"] is not None)
        assert row["severity"] in (1, 2, 3)
        assert row["cost"] >= 0


def test_complaints_are_worked_on_in_opening_hours() -> None:
    """Nothing is acknowledged or closed outside the hours, and little comes in at night."""
    for row in table("complaints"):
        assert all(9 <= at(row[k]).hour < 21 for k in ("acknowledged", "closed") if row[k])
        assert 7 <= at(row["received"]).hour < 23
        assert at(row["received"]) - over(calls()[row["call"]]) >= timedelta(minutes=1)


def test_grave_complaints_come_first() -> None:
    """The graver, the sooner acknowledged, and the dearer."""
    hours, costs = defaultdict(list), defaultdict(list)
    for row in table("complaints"):
        costs[row["severity"]].append(row["cost"])
        if row["acknowledged"]:
            hours[row["severity"]].append(at(row["acknowledged"]) - at(row["received"]))
    first, second, third = (statistics.median(hours[k]) for k in (1, 2, 3))
    assert first > second > third
    assert third < timedelta(hours=2)
    cheap, dear, dearest = (statistics.median(costs[k]) for k in (1, 2, 3))
    assert cheap < dear < dearest


def test_what_is_complained_of_is_what_it_was_about() -> None:
    """Most complaints after a delivery matter are about delivery, after a bill about the bill."""
    rows = table("complaints")
    for issue in ("delivery", "billing"):
        types = [row["type"] for row in rows if calls()[row["call"]]["issue"] == issue]
        assert types.count(issue) > len(types) / 2


def test_opinions_are_given_by_day() -> None:
    """Few answer between 23:00 and 07:00."""
    hours = [at(row["answered"]).hour for row in table("surveys")]
    assert sum(hour >= 23 or hour < 7 for hour in hours) < 0.04 * len(hours)


def test_long_waits_are_felt() -> None:
    """Whoever waited for more than a minute would recommend less."""
    waits = {row["call"]: calls()[row["call"]]["wait"] for row in table("surveys")}
    long, short = (
        [r["recommend"] for r in table("surveys") if (waits[r["call"]] > 60) == slow]
        for slow in (True, False)
    )
    assert statistics.mean(long) < statistics.mean(short)


def test_visits_are_twelve_of_eight_items() -> None:
    """Each site is visited six times, twice in each part of the day and twice by each shopper."""
    visits = {row["visit"]: row for row in table("visits")}
    assert len(visits) == 12
    assert len(table("visits")) == 12 * 8
    parts = Counter((v["site"], v["daypart"]) for v in visits.values())
    assert set(parts.values()) == {2}
    shoppers = Counter((v["site"], v["shopper"]) for v in visits.values())
    assert set(shoppers.values()) == {2}
    assert len(shoppers) == 6
    starts = [at(v["start"]) for v in visits.values()]
    assert starts == sorted(starts)


# ---- what a learner reads of it


@pytest.mark.parametrize("name", NAMES)
def test_every_column_and_code_is_explained(name: str) -> None:
    """The dictionary names every table and column, and every code that stands in it."""
    assert f"{name}.csv" in README
    coded = {"channel", "issue", "outcome", "item", "type", "status", "site", "daypart", "rater"}
    for column in made().tables[name].columns:
        assert f"`{column}`" in README
        if column in coded:
            codes = {row[column] for row in table(name)} - {None}
            assert {code for code in codes if f"`{code}`" not in README} == set()


def test_the_learners_side_tells_no_truth() -> None:
    """The dictionary says in both languages that all is simulated, and nothing of what is in it."""
    assert "模拟" in README
    assert "simulated" in README
    planted = ("漂移", "drift", "milder", "偏松", "真相", "truth", "week 5", "第 5 周", "plan.toml",
               "seed", "种子", "误报", "flatter", "censor")  # fmt: skip
    assert [word for word in planted if word in README] == []
