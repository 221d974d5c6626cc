"""The numbers of five explorers: what they say is what `kefu.quality` finds."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.explorers import explorer
from kefu.explorers._false_alarms import alarms
from kefu.explorers._two_worlds import draws
from kefu.explorers.explorer import Choice, Explorer, Seen, Slider, Switch, sound
from kefu.quality.costs import break_even, lifetime_value, worth
from kefu.quality.rules import NELSON, WESTERN_ELECTRIC, run_length, signals
from kefu.quality.sampling import difference
from kefu.quality.sizes import size_for_difference
from kefu.quality.staffing import agents_needed, erlang_a_service, erlang_c_service
from kefu.text import LANGS, Lang

SLUGS = ("limits-and-rules", "staffing", "pareto", "compensation", "before-after")


@cache
def seen(slug: str, **values: object) -> Seen:
    """What is seen with these values and else the start."""
    made = explorer(slug)
    return made.see(sound(made, values), "en")


def figures(slug: str, **values: object) -> dict[str, str]:
    """The figures in English, by name."""
    return {name.en: value.en for name, value in seen(slug, **values).figures}


def said(slug: str, **values: object) -> str:
    """All sentences in English."""
    return " ".join(text.en for text in seen(slug, **values).said)


def number(words: str) -> float:
    """The first number in some words, which may have a true minus and commas."""
    found = re.search(r"[−+]?\d[\d,]*(?:\.\d+)?", words)
    assert found
    return float(found[0].replace("−", "-").replace(",", ""))


# Ends; all low and all high are seen in test_explorers


def crossed(made: Explorer) -> Iterator[tuple[dict[str, object], Lang]]:
    """Every way that choices and switches can stand, with sliders low and high by turns."""
    sliders = [one for one in made.controls if isinstance(one, Slider)]
    ways: list[list[tuple[str, object]]] = [[]]
    for one in made.controls:
        if isinstance(one, Choice):
            ways.append([(one.name, name) for name, _ in one.options])
        elif isinstance(one, Switch):
            ways.append([(one.name, False), (one.name, True)])
    for at, way in enumerate(itertools.product(*filter(None, ways))):
        ends = {one.name: (one.low, one.high)[(at + n) % 2] for n, one in enumerate(sliders)}
        other = {one.name: (one.high, one.low)[(at + n) % 2] for n, one in enumerate(sliders)}
        yield {**ends, **dict(way)}, LANGS[at % 2]
        if at < 2:
            yield {**other, **dict(way)}, LANGS[at % 2 - 1]


@pytest.mark.parametrize("slug", SLUGS)
def test_crossed_ends_are_seen(slug: str) -> None:
    """With sliders at unlike ends there is a picture and two to four whole sentences."""
    made = explorer(slug)
    for values, lang in crossed(made):
        view = made.see(sound(made, values), lang)
        assert view.plot is not None
        assert 2 <= len(view.said) <= 4
        for text in view.said:
            assert not re.search(
                r"\bnan\b|\binf\b|(?<![\d.,])1 (?:points|people|days|charts)", text.en
            )
            assert text[lang].strip() == text[lang]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_figures_are_the_same_in_both_languages(slug: str) -> None:
    """What is counted does not depend on the language it is told in."""
    for values in ({}, {c.name: c.low for c in explorer(slug).controls if isinstance(c, Slider)}):
        for _, value in seen(slug, **values).figures:
            digits = [
                re.findall(r"\d[\d.]*", words.replace(",", "")) for words in (value.zh, value.en)
            ]
            assert sorted(digits[0]) == sorted(digits[1])


# limits-and-rules


@pytest.mark.parametrize(
    ("rules", "names", "calm"),
    [("one", WESTERN_ELECTRIC[:1], 370), ("western", WESTERN_ELECTRIC, 92), ("nelson", NELSON, 74)],
)
def test_calm_days_raise_alarms_as_often_as_simulated(
    rules: str, names: tuple[str, ...], calm: int
) -> None:
    """The mean time to a false alarm is that of Champ & Woodall, and of a simulation of ours."""
    assert number(figures("limits-and-rules", rules=rules)["Mean time to a false alarm"]) == calm
    found = run_length(names, runs=2000, seed=7)
    assert found.low - 3 < calm < found.high + 3


def test_more_rules_cry_wolf_more_often() -> None:
    """Over the same calm months, four rules raise more alarms than one, and eight more still."""
    name = "False alarms in {} calm months"
    one, four, eight = (
        number(figures("limits-and-rules", rules=rules, again=5)[name.format(300)])
        for rules in ("one", "western", "nelson")
    )
    assert one < four < eight
    assert four == pytest.approx(300 * 28 / 91.75, abs=3 * (300 * 28 / 91.75) ** 0.5)
    assert name.format("1,000") in figures("limits-and-rules", again=500)


@given(st.lists(st.floats(-4, 4), max_size=150))
def test_an_alarm_starts_the_count_afresh(z: list[float]) -> None:
    """The first alarm is the first signal, and the next one is the first of what comes after."""
    found = alarms(tuple(z), WESTERN_ELECTRIC)
    first = signals(z, WESTERN_ELECTRIC)[:1]
    assert [hits[0] for hits in found[:1]] == first
    if first:
        rest = alarms(tuple(z[first[0].at + 1 :]), WESTERN_ELECTRIC)
        ats = [hits[0].at + first[0].at + 1 for hits in rest]
        assert [hits[0].at for hits in found[1:]] == ats


def test_a_shift_is_noticed_sooner_by_more_rules() -> None:
    """At one sigma rule 1 takes 44 days, Western Electric 9 (Champ & Woodall 1987)."""
    one, four = (
        number(figures("limits-and-rules", rules=rules, shift=1)["Mean time to notice"])
        for rules in ("one", "western")
    )
    assert one == pytest.approx(43.89, abs=2)
    assert four == pytest.approx(9.22, abs=0.4)
    assert seen("limits-and-rules").hidden == {"day"}


# staffing


def test_the_published_half_hour() -> None:
    """100 calls of 3 minutes, 80% in 20 s, 85% at most, 30% away: 14 agents, 20 scheduled."""
    told = figures("staffing", agents=14)
    assert (told["Needed at the phones"], told["To be scheduled"]) == ("14", "20")
    assert (told["Within 20 s"], told["Mean wait"], told["Occupancy"]) == ("89%", "7.8 s", "71%")


@settings(max_examples=4, deadline=None)
@given(
    calls=st.integers(1, 60).map(lambda n: 5 * n),
    agents=st.integers(1, 60),
    cap=st.integers(60, 100),
    patience=st.integers(3, 60).map(lambda n: 10 * n) | st.none(),
)
def test_the_fewest_are_enough(calls: int, agents: int, cap: int, patience: int | None) -> None:
    """Of those needed one fewer would not do; what is said of now is what the formula gives."""
    told = figures("staffing", calls=calls, agents=agents, cap=cap, hang_up=patience is not None,
                   patience=patience or 120)  # fmt: skip

    def service(n: int) -> tuple[float, float]:
        found = (
            erlang_c_service(calls, 1800, 180, n, 20)
            if patience is None
            else erlang_a_service(calls, 1800, 180, n, 20, patience)
        )
        return found.level, found.occupancy

    need = int(told["Needed at the phones"])
    level, busy = service(need)
    assert level >= 0.8
    assert busy <= cap / 100
    level, busy = service(need - 1)
    assert level < 0.8 or busy > cap / 100
    if patience is None:
        staff = agents_needed(calls, 1800, 180, target=20, level=0.8, occupancy=cap / 100)
        assert need == staff.agents
    assert number(told["Within 20 s"]) == pytest.approx(100 * service(agents)[0], abs=1)


def test_those_who_hang_up_shorten_the_wait() -> None:
    """With patience callers wait less, and some are gone; without it the control is hidden."""
    calm, gone = figures("staffing"), figures("staffing", hang_up=True)
    assert number(gone["Mean wait"]) < number(calm["Mean wait"])
    assert number(gone["Hang up waiting"]) > 0
    assert seen("staffing").hidden == {"patience"}
    assert not seen("staffing", hang_up=True).hidden
    assert figures("staffing", agents=9)["Mean wait"] == "no end"


# pareto


def test_each_order_has_another_first() -> None:
    """By count, cost and severity another cause comes first; a rare danger outranks a grumble."""
    told = figures("pareto")
    first = [told[f"First by {by}"] for by in ("count", "cost", "severity")]
    assert first == ["Long waits", "Repaired, broken again", "Charger gets hot"]
    assert "number 7 by count and number 1 by severity" in said("pareto")
    assert figures("pareto", danger=20)["First by severity"] == "Unclear charges"


def test_three_of_seven_are_no_fifth() -> None:
    """By count three of the seven make 80%, by cost and by severity five."""
    few = [figures("pareto", by=by)["Causes that make 80%"] for by in ("count", "cost", "severity")]
    assert few == ["3 of 7", "5 of 7", "5 of 7"]


def test_an_outage_turns_the_order_over() -> None:
    """One bad week puts charges first, and the words warn of it."""
    assert figures("pareto", outage=True)["First by count"] == "Unclear charges"
    assert "control chart first" in said("pareto", outage=True)
    assert "control chart" not in said("pareto")


# compensation


def test_the_published_value_of_a_customer() -> None:
    """A margin of 100, retention 80%, discount 10%: worth 267; 8 points more keep 21."""
    told = figures("compensation")
    assert (told["Worth from here on"], told["Most to spend"]) == ("267 yuan", "21 yuan")


@given(
    margin=st.integers(2, 200).map(lambda n: 10 * n),
    retention=st.integers(10, 95),
    gain=st.integers(0, 40),
    doubt=st.integers(0, 30),
    offer=st.integers(1, 100).map(lambda n: 5 * n),
)
@settings(max_examples=4, deadline=None)
def test_the_verdict_is_that_of_the_bounds(
    margin: int, retention: int, gain: int, doubt: int, offer: int
) -> None:
    """An offer pays if it does at worst; it costs if it does at best; else one cannot tell."""
    given: dict[str, object] = {"margin": margin, "retention": retention, "gain": gain}
    given |= {"doubt": doubt, "offer": offer}
    words, told = said("compensation", **given), figures("compensation", **given)
    value = lifetime_value(margin, retention / 100, 0.1)
    low, high = (
        min(max(each / 100, -retention / 100), 1 - retention / 100)
        for each in (gain - doubt, gain + doubt)
    )
    assert ("so it pays" in words) == (worth(offer, low, value) >= 0)
    assert ("costs" in words) == (worth(offer, high, value) < 0)
    most = max(break_even(min(gain / 100, 1 - retention / 100), value), 0)
    assert number(told["Most to spend"]) == pytest.approx(most, abs=0.51)


def test_what_is_owed_is_no_part_of_the_sum() -> None:
    """A debt changes nothing about what an offer may cost, and no voucher replaces it."""
    less, more = (figures("compensation", owed=owed) for owed in (0, 500))
    for name in ("Most to spend", "With the doubts", "This offer leaves"):
        assert less[name] == more[name]
    assert "no voucher replaces it" in said("compensation", owed=500)


# before-after


def test_three_points_of_a_hundred_calls_say_nothing() -> None:
    """From 82 to 85 of 100: the interval holds 0, and it would take some 2,400 calls each time."""
    gap = difference(82, 100, 85, 100)
    told = figures("before-after")
    assert told["95% interval"] == f"−{-100 * gap.low:.1f} to +{100 * gap.high:.1f}"
    assert told["To see it, each time"] == f"{ceil(size_for_difference(0.82, 0.85)):,} calls"
    assert "no change you can speak of" in said("before-after")
    assert "the two do differ" in said("before-after", n_before=3000, n_after=3000)


@settings(max_examples=4, deadline=None)
@given(
    before=st.integers(1, 99), after=st.integers(1, 99), n=st.integers(2, 300).map(lambda n: 10 * n)
)
def test_the_verdict_is_that_of_the_interval(before: int, after: int, n: int) -> None:
    """They differ where the interval leaves 0 out; equal shares need no number of calls."""
    made = explorer("before-after")
    view = made.see(sound(made, {"before": before, "after": after, "n_before": n, "n_after": n}),
                    "zh")  # fmt: skip
    gap = difference(round(n * before / 100), n, round(n * after / 100), n)
    assert ("不含 0" in view.said[0].zh) == (gap.low > 0 or gap.high < 0)
    asked = {name.en for name, _ in view.figures}
    assert ("To see it, each time" in asked) == (gap.value != 0)


def test_the_worst_month_gets_better_by_itself() -> None:
    """Where nothing changes, what follows the worst of twelve months is higher on the mean."""
    plain = draws((0.8, 0.8), (200, 200), 1, 5)
    picked = draws((0.8, 0.8), (200, 200), 12, 5)
    assert abs(np.mean(plain)) < 0.01
    assert np.mean(picked) > 0.03
    once, often = (
        number(figures("before-after", worst=worst)["As much by chance"]) for worst in (1, 12)
    )
    assert once < often
    assert "regression to the mean" in said("before-after", worst=2)


def test_there_are_two_pictures() -> None:
    """The interval and the two worlds are pictures of the same numbers and the same words."""
    one, other = seen("before-after"), seen("before-after", picture="worlds")
    assert one.plot
    assert other.plot
    assert one.plot.alt != other.plot.alt
    assert (one.said, one.figures) == (other.said, other.figures)
