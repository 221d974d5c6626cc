"""How much one address may ask, by a clock that obeys."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.door import limits
from kefu.door.limits import Bucket, Gauge, Limits, Rate, network


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Now."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """It stands still."""
    return Clock()


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "?"),
        (None, "?"),
        ("10.0.0.1\nrefused", "?"),
        ("/run/kefu.sock", "?"),
    ],
)
def test_who_counts_as_one(address: str | None, who: str) -> None:
    """An IPv4 address is one, however it is written; of IPv6 the /64 is one; nonsense is one."""
    assert network(address) == who


def test_a_bucket_gives_its_burst_and_then_its_rate(clock: Clock) -> None:
    """All at once, then one for each part of a second; the wait that it tells is the true one."""
    bucket = Bucket(5, 2, clock)
    assert [bucket.take() for _ in range(5)] == [0] * 5
    wait = bucket.take()
    assert wait == 0.5
    clock.now += wait
    assert (bucket.take(), bucket.take()) == (0, 0.5)
    clock.now += 3600
    assert [bool(bucket.take()) for _ in range(6)] == [False] * 5 + [True]


@given(
    st.integers(1, 50),
    st.sampled_from([0.5, 1.0, 2.0, 10.0]),
    st.lists(st.floats(0, 3), min_size=1, max_size=200),
)
def test_no_pattern_of_asking_gets_more(burst: int, rate: float, pauses: list[float]) -> None:
    """However the asking is spread, never more is given than the burst and the rate since."""
    clock = Clock()
    bucket, given_out, began = Bucket(burst, rate, clock), 0, clock.now
    for pause in pauses:
        clock.now += pause
        given_out += not bucket.take()
        assert given_out <= burst + rate * (clock.now - began) + 1e-6


def test_one_machine_leaves_the_others_theirs(clock: Clock) -> None:
    """Whoever used up its own is refused; whoever comes from elsewhere is let in."""
    rate = Rate(3, 1, clock)
    assert [bool(rate.take("10.0.0.1")) for _ in range(4)] == [False] * 3 + [True]
    assert not rate.take("10.0.0.2")


def test_addresses_without_end_are_not_kept_in_mind(clock: Clock) -> None:
    """What is remembered has an end; who asks all the time is not the one that is forgotten."""
    rate = Rate(1, 1, clock)
    rate.take("busy")
    for n in range(10 * limits.REMEMBERED):
        rate.take(str(n))
        if n % 1000 == 0:
            assert rate.take("busy")
    assert len(rate) == limits.REMEMBERED


def test_addresses_without_end_leave_no_long_log(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A flood from everywhere writes sixty lines a minute at most, and counts the rest."""
    many = Limits(64, clock=clock)
    for n in range(20_000):
        many.refuse(f"10.{n // 65536}.{n // 256 % 256}.{n % 256}", "too many calls")
    assert len(caplog.records) == 60
    clock.now += 60
    many.refuse("192.168.0.1", "too many calls")
    said = caplog.records[-1].getMessage()
    assert said == "refused 192.168.0.1 too many calls (and 9940 others)"


def test_three_hundred_behind_one_router_are_let_in(clock: Clock) -> None:
    """Three hundred people with one address come within ten seconds; nobody is refused.

    Each asks for a page and its kernel, calls thrice, and once more all of it after a reload
    that finds the kernel still there.
    """
    shop = Limits(300, clock=clock)
    for n in range(300):
        clock.now += 10 / 300
        for _ in range(2):
            assert shop.enter("203.0.113.5", f"visitor {n}") == 0
            assert [shop.call("203.0.113.5") for _ in range(3)] == [0] * 3
        assert shop.start("203.0.113.5") == 0


def test_cookies_that_are_made_up_are_newcomers(clock: Clock) -> None:
    """A thousand ids from one address get its newcomers and no more; a known one goes on."""
    many = Limits(64, clock=clock)
    let_in = sum(not many.enter("203.0.113.5", str(n)) for n in range(1000))
    assert let_in == 600
    assert many.enter("203.0.113.5", "0") == 0
    assert many.enter("203.0.113.5", "999") == 1


def test_a_flood_is_told_when_to_come_back(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """A refusal gives whole seconds; who waits them is let in; it is logged as a warning, once."""
    many = Limits(64, clock=clock)
    wait = next(filter(None, (many.enter("203.0.113.5", str(n)) for n in range(1000))))
    assert (type(wait), wait) == (int, 1)
    assert [r.getMessage() for r in caplog.records] == ["refused 203.0.113.5 too many newcomers"]
    assert {(r.name, r.levelno) for r in caplog.records} == {("kefu.door", logging.WARNING)}
    clock.now += wait
    assert many.enter("203.0.113.5", "new") == 0


def test_a_flood_fills_no_disk(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """An hour of refusals, ten a second, is two lines a minute, and each counts those between."""
    many = Limits(64, clock=clock)
    for _ in range(36_000):
        clock.now += 0.1
        many.refuse("203.0.113.5", "too many calls")
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2 + 2 * 60 - 1
    assert said[-1] == "refused 203.0.113.5 too many calls (and 299 more like it)"


def test_a_log_has_one_line_for_one_refusal(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """Words from outside neither begin a line of their own, nor colour a console, nor go on."""
    many = Limits(64, clock=clock)
    many.refuse("1.2.3.4\nforged", "a message", "x\r\nrefused\x1b[31m\u2028客" + "y" * 10**6)
    (record,) = caplog.records
    said = record.getMessage()
    assert said.startswith("refused ? a message: 'x\\r\\nrefused\\x1b[31m\\u2028\\u5ba2yyy")
    assert said.isascii()
    assert said.isprintable()
    assert len(said) < 200


@pytest.mark.parametrize(
    ("most", "share", "may"), [(64, 0.5, 32), (10, 0.5, 8), (2, 0.5, 8), (64, 1.0, 64)]
)
def test_no_address_holds_more_than_its_share(
    clock: Clock, most: int, share: float, may: int
) -> None:
    """Half of the kernels by default, eight at least, or as many as the house says."""
    many = Limits(most, share=share, clock=clock)
    assert many.share("203.0.113.5", may - 1) == 0
    assert many.share("203.0.113.5", may) > 0


def test_an_honest_page_that_catches_up_is_heard(clock: Clock) -> None:
    """Ten answers sent again at once, and then two a second: every one is heard."""
    line = Limits(64, clock=clock).messages()
    assert not any(line.take() for _ in range(12))
    for _ in range(100):
        clock.now += 0.5
        assert line.take() == 0


def test_a_gauge_counts_what_is_held() -> None:
    """No more than its number; what was given back is free; who holds nothing is forgotten."""
    gauge = Gauge(2)
    assert [gauge.take("a") for _ in range(3)] == [True, True, False]
    assert gauge.take("b")
    gauge.give("a")
    assert gauge.take("a")
    for key in ("a", "a", "a", "b"):
        gauge.give(key)
    assert len(gauge) == 0
