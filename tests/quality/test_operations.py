"""Figures of a shift: worked out by hand, what must always hold, what is refused."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.errors import KefuError
from kefu.quality.operations import (
    DEFINITIONS,
    Definition,
    abandonment,
    adherence,
    aht,
    asa,
    complaint_rate,
    first_contact_resolution,
    occupancy,
    rings,
    service_level,
    shrinkage,
    transfer_rate,
)
from kefu.quality.sampling import wilson

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_operations.toml").read_text("utf-8"))
LOG, VALUE = PUBLISHED["log"], PUBLISHED["value"]
COUNTS = ("answered_in_time", "answered", "offered", "abandoned", "short")
HANDLE = np.sum([LOG["talk"], LOG["hold"], LOG["after"]], axis=0)
NAN = math.nan

FIGURES: dict[str, Callable[[], float | None]] = {
    **{
        each: lambda each=each: service_level(*(LOG[name] for name in COUNTS), definition=each)
        for each in DEFINITIONS
    },
    "asa": lambda: asa(LOG["wait_seconds"], LOG["answered"]),
    "aht": lambda: aht(LOG["talk"], LOG["hold"], LOG["after"], LOG["answered"]),
    "abandonment": lambda: abandonment(LOG["abandoned"], LOG["short"], LOG["offered"]),
    "occupancy": lambda: occupancy(HANDLE, LOG["available"]),
    "shrinkage": lambda: shrinkage(LOG["productive"], LOG["paid"]),
    "transfer": lambda: transfer_rate(LOG["transferred"], LOG["answered"]),
    "complaints": lambda: complaint_rate(LOG["complaints"], LOG["offered"]),
}


@st.composite
def intervals(draw: st.DrawFn) -> tuple[int, int, int, int, int]:
    """An interval's counts, in the order of `service_level`."""
    offered = draw(st.integers(0, 500))
    answered = draw(st.integers(0, offered))
    abandoned = draw(st.integers(0, offered - answered))
    met, short = draw(st.integers(0, answered)), draw(st.integers(0, abandoned))
    return met, answered, offered, abandoned, short


logs = st.lists(intervals(), max_size=20)


def columns(log: list[tuple[int, ...]]) -> list[list[int]]:
    """The log by columns."""
    return [[row[place] for row in log] for place in range(5)]


@pytest.mark.parametrize("figure", FIGURES)
def test_figures_are_those_by_hand(figure: str) -> None:
    """The small log has the figures that were worked out by hand."""
    assert FIGURES[figure]() == pytest.approx(VALUE[figure], abs=VALUE["tolerance"])


@pytest.mark.parametrize("case", PUBLISHED["rings"].values(), ids=PUBLISHED["rings"])
def test_rings_follow_the_cadence(case: dict[str, Any]) -> None:
    """A ring that has begun is heard, one wait or a column at a time."""
    found = rings(case["wait"], case["cadence"])
    assert isinstance(found, np.ndarray)
    assert found.tolist() == case["value"]
    assert [rings(wait, case["cadence"]) for wait in case["wait"]] == case["value"]


def test_three_rings_are_fifteen_seconds() -> None:
    """In mainland China an answer before 15 seconds comes within 3 rings."""
    waits = np.arange(0, 60, 0.25)
    assert ((rings(waits) <= 3) == (waits < 15)).all()


@given(times=st.integers(0, 1000), cadence=st.integers(1, 100))
def test_whole_cadences_are_whole(times: int, cadence: int) -> None:
    """The last bits of a cadence such as 0.1 make no ring too few or too many."""
    every = cadence / 10
    assert rings(times * every, every) == times + 1


def test_the_definition_is_named() -> None:
    """Every definition is described in both languages; unless said, short abandons are left out."""
    assert set(DEFINITIONS) == set(get_args(Definition))
    assert all(text.zh and text.en for text in DEFINITIONS.values())
    assert service_level(*(LOG[name] for name in COUNTS)) == FIGURES["less-short"]()


@given(log=logs, definition=st.sampled_from(list(DEFINITIONS)))
def test_joined_intervals_have_the_level_of_their_sums(
    log: list[tuple[int, ...]], definition: Definition
) -> None:
    """The level of a day is that of its sums, in whatever order and however it was cut."""
    day = columns(log)
    found = service_level(*day, definition=definition)
    assert found == service_level(*(sum(column) for column in day), definition=definition)
    assert found == service_level(*columns(log[::-1]), definition=definition)
    assert found is None or 0 <= found <= 1


@given(log=logs)
def test_definitions_keep_their_order(log: list[tuple[int, ...]]) -> None:
    """For the same calls no definition gives less than "offered"."""
    day = columns(log)
    lowest = service_level(*day, definition="offered")
    for definition in DEFINITIONS:
        found = service_level(*day, definition=definition)
        assert found is None or (lowest is not None and found >= lowest)


@given(log=logs)
def test_level_and_abandonment_fit_together(log: list[tuple[int, ...]]) -> None:
    """With the same calls left out, no call is both answered in time and abandoned."""
    _met, _answered, offered, abandoned, short = columns(log)
    level, lost = service_level(*columns(log)), abandonment(abandoned, short, offered)
    assert (level is None) == (lost is None)
    assert level is None or (lost is not None and level + lost <= 1 + 1e-12)


def test_an_average_of_averages_is_another_figure() -> None:
    """Three calls at night do not weigh as much as three hundred at noon."""
    assert service_level([3, 150], [3, 300], [3, 300], [0, 0], [0, 0]) == 153 / 303
    assert asa([300, 300], [1, 299]) == 2


NOTHING: dict[str, float | None] = {
    "level": service_level([], [], [], [], []),
    "level of none": service_level(0, 0, 0, 0, 0),
    "only short abandons": service_level(0, 0, 5, 5, 5),
    "none answered": service_level(0, 0, 5, 5, 0, definition="answered"),
    "asa": asa([0], [0]),
    "aht": aht([0, 0], [0, 0], [0, 60], [0, 0]),
    "abandonment": abandonment(3, 3, 3),
    "occupancy": occupancy([0], [0]),
    "shrinkage": shrinkage([], []),
    "adherence": adherence(0, 0),
    "transfers": transfer_rate(0, 0),
    "complaints": complaint_rate(2, 0),
}


@pytest.mark.parametrize("found", NOTHING.values(), ids=NOTHING)
def test_a_share_of_nothing_is_none(found: float | None) -> None:
    """Where there is nothing to divide by there is no figure."""
    assert found is None


def test_time_is_shared_out() -> None:
    """Occupancy, shrinkage and adherence are shares of summed time, in any unit."""
    assert occupancy([30, 0], [10, 20]) == 0.5
    assert shrinkage([6, 6], [8, 8]) == 0.25
    assert adherence([8, 7], [8, 8]) == 15 / 16
    assert complaint_rate([3, 0], [200, 100], per=100) == 1


@pytest.mark.parametrize("case", PUBLISHED["resolution"].values(), ids=PUBLISHED["resolution"])
def test_resolution_is_that_by_hand(case: dict[str, Any]) -> None:
    """The same customer with the same issue within the window, its last moment included."""
    times, who, what = zip(*case["contacts"], strict=True)
    found = first_contact_resolution(
        times, who, what, window_days=case["window"], until=case["until"]
    )
    assert (found.eligible, found.resolved) == (case["eligible"], case["resolved"])
    assert found.value == case["resolved"] / case["eligible"]
    assert (found.low, found.high) == wilson(case["resolved"], case["eligible"])


def test_a_window_not_over_is_not_eligible() -> None:
    """A contact of the last seven days is neither resolved nor not."""
    two = ([0.0, 1.0], ["an", "bo"], ["bill", "bill"])
    assert first_contact_resolution(*two, until=7)[3:] == (1, 1)
    assert first_contact_resolution(*two, until=8)[3:] == (2, 2)
    nothing = first_contact_resolution(*two, until=6.99)
    assert nothing == (None, 0, 1, 0, 0)
    assert first_contact_resolution([], [], [], until=7) == nothing


def test_dates_are_as_good_as_days() -> None:
    """Dates of Python, of numpy and as text, and numbers of days, give the same."""
    start = dt.datetime(2026, 9, 28, 8)
    days = [0, 3, 9.5, 20]
    who, what = [1, 1, 1, 2], ["a", "a", "b", "a"]
    dates = [start + dt.timedelta(days=day) for day in days]
    end = start + dt.timedelta(days=21)
    expected = first_contact_resolution(days, who, what, until=21)
    assert expected[3:] == (3, 2)
    assert first_contact_resolution(dates, who, what, until=end) == expected
    assert (
        first_contact_resolution(np.array(dates, "datetime64[s]"), who, what, until=end) == expected
    )
    text = [each.isoformat() for each in dates]
    assert first_contact_resolution(text, who, what, until=end.isoformat()) == expected


contacts = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 3), st.sampled_from("xy")), max_size=40
)


@settings(max_examples=60)
@given(log=contacts, window=st.integers(1, 14), until=st.integers(0, 45), turn=st.randoms())
def test_resolution_is_that_of_plain_counting(
    log: list[tuple[int, int, str]], window: int, until: int, turn: Any
) -> None:
    """Contact by contact, in any order, the count is the same."""
    eligible = resolved = 0
    for place, (day, who, what) in enumerate(log):
        if day + window > until:
            continue
        eligible += 1
        resolved += not any(
            (later, other) > (day, place) and later - day <= window
            for other, (later, *same) in enumerate(log)
            if same == [who, what]
        )
    turn.shuffle(log)
    times, customers, issues = ([row[place] for row in log] for place in range(3))
    found = first_contact_resolution(times, customers, issues, window_days=window, until=until)
    assert (found.eligible, found.resolved) == (eligible, resolved)
    longer = first_contact_resolution(
        times, customers, issues, window_days=window + 1, until=until + 1
    )
    assert (longer.eligible, longer.resolved <= resolved) == (eligible, True)


REFUSED: dict[str, tuple[Any, str]] = {
    "more in time": (lambda: service_level([1, 5], [1, 4], [9, 9], [0, 0], [0, 0]), "row 2"),
    "more short": (lambda: service_level(1, 1, 9, 1, 2), "the short abandons, 2, exceed"),
    "more than came": (lambda: service_level(1, 8, 9, 2, 0), "exceed the calls offered, 9"),
    "negative": (lambda: service_level(-1, 8, 9, 0, 0), "cannot be −1"),
    "a share": (lambda: service_level(0.8, 8, 9, 0, 0), "within the target cannot be 0.8"),
    "missing": (lambda: service_level([1, NAN], [2, 2], [2, 2], [0, 0], [0, 0]), "one is missing"),
    "rows": (lambda: service_level([1, 2], [2], [2], [0], [0]), "of different lengths"),
    "definition": (
        lambda: service_level(1, 1, 1, 0, 0, definition="best"),  # type: ignore[arg-type]
        "no service level “best”",
    ),
    "waits of nobody": (lambda: asa([5, 0], [0, 9]), "no answered call"),
    "handled": (lambda: aht(1, 1, 1, -1), "the calls handled cannot be −1"),
    "talk": (lambda: aht([math.inf], [1], [1], [1]), "the talk time cannot be ∞"),
    "abandoned": (lambda: abandonment(5, 0, 4), "exceed the calls offered, 4"),
    "busy": (lambda: occupancy(-1, 1), "the handling time cannot be −1"),
    "productive": (lambda: shrinkage([9], [8]), "exceed the paid time, 8"),
    "kept": (lambda: adherence(9, 8), "exceed the time scheduled, 8"),
    "passed on": (lambda: transfer_rate(9, 8), "exceed the calls handled, 8"),
    "per nothing": (lambda: complaint_rate(1, 8, per=0), "cannot be 0"),
    "ring": (lambda: rings(-1), "the wait cannot be −1"),
    "cadence": (lambda: rings(1, 0), "the cadence cannot be 0"),
    "lengths": (lambda: first_contact_resolution([1], [1], [], until=9), "1 / 1 / 0"),
    "nobody": (lambda: first_contact_resolution([1], [None], ["a"], until=9), "no customer"),
    "no name": (lambda: first_contact_resolution([1], [""], ["a"], until=9), "no customer"),
    "no issue": (lambda: first_contact_resolution([1], [1], [NAN], until=9), "no issue"),
    "a list": (
        lambda: first_contact_resolution([1], [[1]], ["a"], until=9),
        "the customers: not a list",
    ),  # type: ignore[list-item]
    "no window": (
        lambda: first_contact_resolution([1], [1], [1], window_days=0, until=9),
        "window",
    ),
    "age": (lambda: first_contact_resolution([1], [1], [1], window_days=1e9, until=9), "window"),
    "no time": (
        lambda: first_contact_resolution([NAN], [1], [1], until=9),
        "times: one is missing",
    ),
    "word": (lambda: first_contact_resolution(["soon"], [1], [1], until=9), "no times"),
    "zone": (
        lambda: first_contact_resolution(["2026-01-01T08:00Z"], [1], [1], until="2026-02-01"),
        "with a time zone",
    ),
    "antiquity": (
        lambda: first_contact_resolution(["-200000-01-01"], [1], [1], until="2026-02-01"),
        "no times",
    ),
    "two kinds": (lambda: first_contact_resolution(["2026-01-01"], [1], [1], until=9), "two kinds"),
    "confidence": (
        lambda: first_contact_resolution([1], [1], [1], until=9, confidence=1),
        "the confidence cannot be 1",
    ),
}


@pytest.mark.parametrize(("ask", "why"), REFUSED.values(), ids=REFUSED)
def test_operations_say_what_is_wrong(ask: Any, why: str) -> None:
    """What cannot be is refused in both languages."""
    with pytest.raises(KefuError) as caught:
        ask()
    assert why in caught.value.what.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.what.zh)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.write.zh)
