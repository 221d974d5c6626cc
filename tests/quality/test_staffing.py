"""Queues: what was printed elsewhere, what must always hold, what is refused."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import integrate

from kefu.errors import KefuError
from kefu.quality import _queue
from kefu.quality.staffing import (
    Service,
    agents_needed,
    erlang_a_service,
    erlang_b,
    erlang_c,
    erlang_c_service,
    load,
    simulate,
)

PUBLISHED = tomllib.loads((Path(__file__).parent / "published_staffing.toml").read_text("utf-8"))
NAN = math.nan
TEN = {"calls": 100, "interval": 1800, "handle": 180, "target": 20}

loads = st.floats(0, 2000)
agents = st.integers(0, 2200)
times = st.floats(1e-3, 1e5)
patiences = st.floats(1e-6, 1e4)
shares = st.floats(0, 0.999)


def each(name: str) -> Any:
    """A published case at a time."""
    return pytest.mark.parametrize("case", PUBLISHED[name].values(), ids=PUBLISHED[name])


def by_recursion(load: float, agents: int) -> float:
    """Erlang B one agent after the other: slow, and exact."""
    inverse = 1.0
    for n in range(1, agents + 1):
        inverse = 1 + n / load * inverse
    return 1 / inverse


def by_births_and_deaths(load: float, agents: int, patience: float) -> tuple[float, float, float]:
    """Erlang A from its states: waiting, given up, and the mean queue; handling time 1."""
    n = np.arange(1, agents + 4000)
    leaving = np.minimum(n, agents) + np.maximum(n - agents, 0) / patience
    logs = np.concatenate([[0], np.cumsum(np.log(load / leaving))])
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    queue = float(chance[agents:] @ np.arange(len(chance) - agents))
    return float(chance[agents:].sum()), queue / patience / load, queue


@each("erlang_b")
def test_erlang_b_is_what_was_printed(case: dict[str, Any]) -> None:
    """Erlang B gives the printed tables again, a whole column at once."""
    assert erlang_b(**case["inputs"]) == pytest.approx(case["value"], abs=case["tolerance"])


@each("service")
def test_erlang_c_is_what_was_printed(case: dict[str, Any]) -> None:
    """Erlang C gives the printed service again."""
    found = erlang_c_service(**case["inputs"])._asdict()
    for name, value in case["value"].items():
        assert found[name] == pytest.approx(value, abs=case["tolerance"]), name


@each("patience")
def test_erlang_a_is_what_was_printed(case: dict[str, Any]) -> None:
    """Erlang A gives the printed service again."""
    found = erlang_a_service(**case["inputs"])._asdict()
    for name, value in case["value"].items():
        assert found[name] == pytest.approx(value, abs=case["tolerance"]), name


@each("series")
def test_levels_are_what_was_printed(case: dict[str, Any]) -> None:
    """Agent by agent the level climbs as printed."""
    found = [erlang_c_service(**case["inputs"], agents=n).level for n in case["agents"]]
    assert found == pytest.approx(case["value"], abs=case["tolerance"])


@each("agents")
def test_agents_are_what_was_printed(case: dict[str, Any]) -> None:
    """The numbers of agents are the printed ones, exactly."""
    found = agents_needed(**case["inputs"])
    assert (found.agents, found.scheduled) == (case["value"]["agents"], case["value"]["scheduled"])
    assert found.service == erlang_c_service(**TEN, agents=found.agents)


@pytest.mark.parametrize("erlangs", [1e-9, 0.5, 15.5, 17, 300, 1e4])
@pytest.mark.parametrize("part", [0, 0.3, 0.62, 0.65, 0.9, 1, 1.01, 1.1])
def test_recursion_agrees(erlangs: float, part: float) -> None:
    """Erlang B is that of the recursion, to eleven digits, also in its far tails."""
    many = round(erlangs * part) if erlangs > 1 else round(part * 20)
    expected = by_recursion(erlangs, many)
    assert erlang_b(erlangs, many) == pytest.approx(expected, rel=1e-11, abs=1e-300)
    assert 1 / _queue.turned_away(erlangs, many) == pytest.approx(expected, rel=1e-11, abs=1e-300)


def test_a_great_centre_is_sound() -> None:
    """10 000 Erlang are no trouble, and need a few agents more than their load."""
    curve = erlang_c(1e4, np.arange(12_000))
    assert isinstance(curve, np.ndarray)
    assert (curve[:10_001] == 1).all()
    assert (np.diff(curve[10_000:]) <= 0).all()
    staff = agents_needed(1e5, 1800, 180, target=20, level=0.8)
    assert 10_000 < staff.agents < 10_050


@settings(max_examples=50)
@given(erlangs=st.floats(0.01, 300), many=st.integers(1, 300), patience=st.floats(0.01, 10))
def test_states_agree_with_erlang_a(erlangs: float, many: int, patience: float) -> None:
    """The sum over all states of the queue gives the same waits, hang-ups and queue."""
    wait, abandoned, queue = by_births_and_deaths(erlangs, many, patience)
    found = erlang_a_service(erlangs, 1, 1, many, 0, patience)
    assert (found.wait, found.abandoned) == pytest.approx((wait, abandoned), abs=1e-9)
    assert found.queue == pytest.approx(queue, rel=1e-6, abs=1e-9)
    assert found.level == pytest.approx(1 - wait, abs=1e-9)


@pytest.mark.parametrize("many", [6, 10, 14])
@pytest.mark.parametrize("patience", [20.0, 120.0, 3600.0])
def test_level_agrees_with_the_density(many: int, patience: float) -> None:
    """The level of Erlang A is what its wait's density says of those who hold out."""
    rate, served = 100 / 1800, many / 180

    def density(t: float) -> float:
        return math.exp(-rate * patience * math.expm1(-t / patience) - served * t)

    whole = integrate.quad(density, 0, 8000, limit=500, points=(50, 500))[0]
    met = integrate.quad(lambda t: density(t) * math.exp(-t / patience), 0, 20)[0]
    found = erlang_a_service(100, 1800, 180, many, 20, patience)
    assert found.level == pytest.approx(1 - found.wait + found.wait * met / whole, abs=1e-6)


@pytest.mark.parametrize("patience", [None, 120.0])
def test_the_played_queue_agrees(patience: float | None) -> None:
    """Played queues differ from the formulas by no more than their own error says."""
    ask: dict[str, Any] = TEN | {"agents": 14}
    seen = np.array([simulate(**ask, patience=patience, hours=200, seed=n) for n in range(16)])
    expected = np.array(
        erlang_c_service(**ask) if patience is None else erlang_a_service(**ask, patience=patience)
    )
    error = seen.std(axis=0, ddof=1) / 4
    assert (np.abs(seen.mean(axis=0) - expected) <= 3.5 * error + 1e-12).all()


def test_the_played_queue_is_overloaded() -> None:
    """With half the agents needed, about half of the calls are given up, as Erlang A says."""
    seen = simulate(**TEN, agents=5, patience=60, hours=300)
    expected = erlang_a_service(**TEN, agents=5, patience=60)
    assert seen == pytest.approx(expected, rel=0.05, abs=0.01)
    assert 0.5 < expected.abandoned < 0.52


def test_a_seed_gives_its_queue() -> None:
    """The same seed gives the same figures, another one gives others."""
    ask: dict[str, Any] = TEN | {"agents": 14, "hours": 20}
    assert simulate(**ask, seed=7) == simulate(**ask, seed=7) != simulate(**ask, seed=8)


@given(erlangs=loads, many=agents)
@example(erlangs=10.0, many=8)
@example(erlangs=1e6, many=0)
@example(erlangs=5e-324, many=1)
def test_chances_are_chances(erlangs: float, many: int) -> None:
    """No load and no number of agents give a chance beyond 0 and 1; those who may wait, wait."""
    lost, wait = erlang_b(erlangs, many), erlang_c(erlangs, many)
    assert 0 <= lost <= 1
    assert 0 <= wait <= 1
    assert erlangs == 0 or wait >= lost - 1e-12
    assert wait == 1 or erlangs < many or erlangs == 0


@given(erlangs=loads, many=agents)
def test_more_agents_are_never_worse(erlangs: float, many: int) -> None:
    """One agent more: no more calls lost, none waits longer."""
    assert erlang_b(erlangs, many + 1) <= erlang_b(erlangs, many) + 1e-12
    assert erlang_c(erlangs, many + 1) <= erlang_c(erlangs, many) + 1e-12


@settings(max_examples=60)
@given(
    calls=st.floats(0, 1e4),
    handle=times,
    many=st.integers(0, 2000),
    target=st.floats(0, 1e6),
    patience=patiences,
)
@example(calls=1e4, handle=100.0, many=600, target=20.0, patience=1e4)
@example(calls=1e4, handle=100.0, many=500, target=0.0, patience=1e-6)
@example(calls=5e-324, handle=1e4, many=2000, target=0.0, patience=1.0)
@example(calls=1e-90, handle=1e4, many=2000, target=0.0, patience=1.0)
@example(calls=2019.1171875, handle=33265.0, many=1927, target=0.0, patience=4038.1195946735897)
def test_patience_and_none(
    calls: float, handle: float, many: int, target: float, patience: float
) -> None:
    """Shares are shares and nothing is NaN; where callers hang up they wait less."""
    c = erlang_c_service(calls, 1800, handle, many, target)
    a = erlang_a_service(calls, 1800, handle, many, target, patience * handle)
    better = erlang_a_service(calls, 1800, handle, many + 1, target, patience * handle)
    for found in (c, a):
        assert not any(math.isnan(figure) for figure in found)
        for share in (found.wait, found.level, found.occupancy, found.abandoned):
            assert 0 <= share <= 1
        assert found.queue == pytest.approx(found.asa * calls / 1800)
    assert a.wait <= c.wait + 1e-9
    assert a.asa <= c.asa * (1 + 1e-6) + 1e-9 * handle
    assert math.isfinite(a.asa)
    assert better.wait <= a.wait + 1e-9
    assert better.abandoned <= a.abandoned + 1e-9
    assert better.level >= a.level - 1e-9


@settings(max_examples=50)
@given(
    erlangs=st.floats(0.1, 300),
    many=st.integers(1, 400),
    patience=st.floats(1e-3, 2),
    target=st.floats(0, 5),
)
@example(erlangs=1e5, many=90_000, patience=0.005, target=0.1)
@example(erlangs=100.0, many=1, patience=6.0, target=0.0)
def test_both_ways_to_erlang_a_agree(
    erlangs: float, many: int, patience: float, target: float
) -> None:
    """Summed term by term, or by the incomplete gamma function: as many wait and hold out."""
    with pytest.MonkeyPatch.context() as patch:
        summed = tuple(_queue.palm(erlangs, many, patience, target))
        patch.setattr(_queue, "_SHORT", 0.0)
        assert _queue.palm(erlangs, many, patience, target) == pytest.approx(summed, abs=1e-7)


def test_endless_patience_is_erlang_c() -> None:
    """The more patient callers are, the nearer Erlang A comes to Erlang C."""
    c = erlang_c_service(**TEN, agents=14)
    assert erlang_a_service(**TEN, agents=14, patience=1.8e6) == pytest.approx(
        c, rel=1e-3, abs=1e-5
    )


def test_no_patience_is_erlang_b() -> None:
    """Who hangs up at once is turned away."""
    found = erlang_a_service(**TEN, agents=14, patience=1.8e-4)
    assert found.abandoned == pytest.approx(erlang_b(10, 14), rel=1e-4)


@settings(max_examples=50)
@given(
    calls=st.floats(0, 1e4),
    handle=st.floats(1, 1000),
    target=st.floats(0, 1e4),
    level=shares,
    occupancy=st.floats(0.1, 1),
    shrinkage=shares,
)
def test_the_fewest_agents(
    calls: float, handle: float, target: float, level: float, occupancy: float, shrinkage: float
) -> None:
    """The agents keep level and occupancy; with one fewer, one of them or the queue breaks."""
    found = agents_needed(
        calls, 1800, handle, target=target, level=level, occupancy=occupancy, shrinkage=shrinkage
    )
    assert found.service.level >= level
    assert found.service.occupancy <= occupancy + 1e-9
    assert found.agents <= found.scheduled <= math.ceil(found.agents / (1 - shrinkage))
    assert found.scheduled * (1 - shrinkage) >= found.agents - 1e-6
    if found.agents:
        fewer = erlang_c_service(calls, 1800, handle, found.agents - 1, target)
        erlangs = load(calls, 1800, handle)
        assert (
            fewer.level < level
            or erlangs > occupancy * (found.agents - 1)
            or erlangs >= found.agents - 1 - 1e-9
        )


@pytest.mark.parametrize(
    ("occupancy", "shrinkage", "agents", "scheduled"),
    [(1.0, 0.3, 14, 20), (0.5, 0.3, 20, 29), (0.25, 0.2, 40, 50), (0.1, 0.1 + 0.2, 100, 143)],
)
def test_rounded_up_exactly(
    occupancy: float, shrinkage: float, agents: int, scheduled: int
) -> None:
    """The last bits of 0.3 call nobody in: 14 agents need 20, not 21, and never 19."""
    found = agents_needed(**TEN, level=0.8, occupancy=occupancy, shrinkage=shrinkage)
    assert (found.agents, found.scheduled) == (agents, scheduled)


def test_an_overloaded_queue_is_named() -> None:
    """Where the load reaches the agents the wait has no end, and no share is above 1."""
    for many in (0, 8, 10):
        found = erlang_c_service(**TEN, agents=many)
        assert found == Service(10, 1, 0, math.inf, 1, 0, math.inf)
        assert simulate(**TEN, agents=many) == found


def test_nobody_calls() -> None:
    """Without calls nobody waits, and nobody is needed."""
    none: dict[str, Any] = TEN | {"calls": 0}
    for found in (
        erlang_c_service(**none, agents=0),
        erlang_a_service(**none, agents=3, patience=60),
        simulate(**none, agents=3),
    ):
        assert found == Service(0, 0, 1, 0, 0, 0, 0)
    assert agents_needed(**none, level=0.8, shrinkage=0.3)[:2] == (0, 0)
    assert (erlang_b(0, 0), erlang_b(0, 1), erlang_c(0, 0)) == (1, 0, 0)


def test_nobody_answers() -> None:
    """Without agents everyone waits as long as patience lasts, and hangs up."""
    found = erlang_a_service(**TEN, agents=0, patience=60)
    assert found == pytest.approx(Service(10, 1, 0, 60, 1, 1, 100 / 1800 * 60))
    assert simulate(**TEN, agents=0, patience=60) == found


def test_a_curve_has_its_shape() -> None:
    """Loads and agents of any shapes that fit together give chances of their common shape."""
    found = erlang_c(np.array([[1.0], [2.0]]), np.array([2, 3, 4]))
    assert np.shape(found) == (2, 3)
    assert erlang_c(2.0, 3) == found[1, 1]  # type: ignore[index]
    assert np.shape(erlang_b([], [])) == (0,)


REFUSED: dict[str, tuple[Any, str]] = {
    "negative calls": (lambda: load(-1, 1800, 180), "the number of calls cannot be −1"),
    "no interval": (lambda: load(100, 0, 180), "the length of the interval cannot be 0"),
    "no handling": (lambda: load(100, 1800, 0), "the mean handling time cannot be 0"),
    "missing": (lambda: load(NAN, 1800, 180), "the number of calls: one is missing"),
    "endless": (lambda: load(100, 1800, math.inf), "the mean handling time cannot be ∞"),
    "a country's calls": (lambda: load(1e9, 1, 180), "the load (Erlang) cannot be"),
    "half an agent": (lambda: erlang_b(10, 1.5), "the number of agents cannot be 1.5"),
    "negative agents": (lambda: erlang_c(10, [1, -1]), "the number of agents cannot be −1"),
    "shapes": (lambda: erlang_b([1, 2], [1, 2, 3]), "do not fit together"),
    "target": (lambda: erlang_c_service(1, 1, 1, 1, -1), "the target cannot be −1"),
    "no patience": (lambda: erlang_a_service(1, 1, 1, 1, 1, 0), "the mean patience cannot be 0"),
    "saints": (
        lambda: erlang_a_service(1, 1, 1, 1, 1, 1e9),
        "the mean patience cannot be 1000000000",
    ),
    "all in time": (
        lambda: agents_needed(**TEN, level=1),
        "the service level aimed at cannot be 1",
    ),
    "idle": (lambda: agents_needed(**TEN, level=0.8, occupancy=0), "occupancy cannot be 0"),
    "busier": (lambda: agents_needed(**TEN, level=0.8, occupancy=1.1), "occupancy cannot be 1.1"),
    "never in": (lambda: agents_needed(**TEN, level=0.8, shrinkage=1), "the shrinkage cannot be 1"),
    "words": (lambda: load("many", 1800, 180), "no numbers"),  # type: ignore[arg-type]
    "no time": (lambda: simulate(**TEN, agents=14, hours=0), "0 calls cannot be played"),
    "a century": (lambda: simulate(**TEN, agents=14, hours=1e6), "2e+08 calls cannot be played"),
    "seed": (lambda: simulate(**TEN, agents=14, seed=-1), "the seed cannot be −1"),
}


@pytest.mark.parametrize(("ask", "why"), REFUSED.values(), ids=REFUSED)
def test_staffing_says_what_is_wrong(ask: Any, why: str) -> None:
    """What cannot be is refused in both languages."""
    with pytest.raises(KefuError) as caught:
        ask()
    assert why in caught.value.what.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.what.zh)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in caught.value.write.zh)
