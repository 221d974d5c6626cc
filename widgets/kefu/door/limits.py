"""How much one address may ask of the floor, so that the others get their share.

The numbers fit two sides. A shop of 300 people stands behind one router, so all of them have one
address, and they may arrive within ten seconds and reload once; nothing below refuses them.
One machine that asks as fast as it can has this after its first burst, for as long as it likes:

| what | at once | then a second | what it costs the floor for ever |
|---|---|---|---|
| newcomers of `enter` | 600 | 2 | 2 rows of a visit: 170 000 a day, swept after two days |
| `start` | 360 | 5 | 5 forks, a third of one core; each holds a place, see `share` |
| `call` | 2000 | 100 | 100 short answers, a fifth of one core |
| a websocket's messages | 30 | 10 | 10 messages for its own kernel |

A start is counted once a place was free: whoever waits for one costs a call. `share` keeps a part
of the kernels for other addresses, and `Gauge` counts what is held rather than asked: connections
of an address, sockets of a kernel.

Addresses of IPv6 count by their /64, which is what one household or one phone is given.
Behind a proxy everybody has the proxy's address unless the server was told of it; `share=1` then.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

__all__ = ["CLOSE", "Bucket", "Gauge", "Limits", "Rate", "network"]

CLOSE = 1008
"""The code with which a websocket is closed that says too much (RFC 6455: policy violation)."""

LEAST_SHARE = 8
"""Kernels that any address may hold, however few there are."""

REMEMBERED = 10_000
"""Addresses that are kept in mind, for each kind, and visitors; the quietest one is forgotten."""

_LOG = logging.getLogger("kefu.door")
_LONGEST = 120
Clock = Callable[[], float]


def network(address: str | None) -> str:
    """Who counts as one: an IPv4 address, the /64 of an IPv6 address, "?" for what is neither."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "?"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((ip, 64), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)


class Bucket:
    """Tokens for one who asks: `burst` at once, then `rate` a second.

    Only the moment is kept at which it is full again.
    """

    __slots__ = ("_clock", "_full", "_gap", "_slack")

    def __init__(self, burst: int, rate: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._gap = 1 / rate
        self._slack = (burst - 1) / rate
        self._full = -math.inf

    def take(self) -> float:
        """Take one token; gives 0, or the seconds until there is one (then nothing is taken)."""
        now = self._clock()
        full = max(self._full, now)
        if (wait := full - now - self._slack) > 1e-9:
            return wait
        self._full = full + self._gap
        return 0.0


class Rate:
    """A bucket for each network, and no more of them than `REMEMBERED`."""

    def __init__(self, burst: int, rate: float, clock: Clock = time.monotonic) -> None:
        self._new: Callable[[], Bucket] = partial(Bucket, burst, rate, clock)
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str) -> float:
        """Take one of this network's tokens; gives 0, or the seconds until there is one."""
        bucket = self._buckets.pop(key, None) or self._new()
        self._buckets[key] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket.take()


class Gauge:
    """Counts what each one holds: at most `most`. Only who holds something is kept in mind."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._held)

    def take(self, key: str) -> bool:
        """Hold one more; False if that would be too many, and then nothing is held."""
        held = self._held.get(key, 0)
        if held >= self.most:
            return False
        self._held[key] = held + 1
        return True

    def give(self, key: str) -> None:
        """Let one go that was taken."""
        held = self._held.get(key, 0) - 1
        if held > 0:
            self._held[key] = held
        else:
            self._held.pop(key, None)


class Limits:
    """What one address may ask. Every refusal is logged; a flood of them fills no disk.

    Each of `enter`, `start`, `call` and `share` gives 0, or the whole seconds after which to
    ask again: the answer is then 429 with that number as Retry-After.

    Args:
        most: how many kernels may live at once.
        share: the part of them that one address may hold, above 0 to 1; at least 8 kernels.
        clock: monotonic, in seconds.

    Attributes:
        connections: open connections by network; closed at once beyond its number.
        sockets: websockets by kernel: a page has one, and another while the first one dies.
    """

    def __init__(self, most: int, *, share: float = 0.5, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._met: OrderedDict[str, None] = OrderedDict()
        self._newcomers = Rate(600, 2, clock)
        self._starts = Rate(360, 5, clock)
        self._calls = Rate(2000, 100, clock)
        self._share = max(LEAST_SHARE, int(most * share))
        # A browser opens six connections at most, and keeps two or three.
        self.connections = Gauge(max(256, 6 * self._share))
        self.sockets = Gauge(4)
        self._lines = Rate(2, 1 / 30, clock)
        self._all_lines = Bucket(60, 1, clock)
        self._left_out: OrderedDict[str, int] = OrderedDict()
        self._others = 0

    def enter(self, address: str | None, visitor: str) -> int:
        """Somebody asks for a page. One who was never seen is a newcomer; others make a call.

        Args:
            address: where from.
            visitor: the id of the cookie, whether it came along or was given just now.
        """
        if visitor in self._met:
            self._met.move_to_end(visitor)
            return self.call(address)
        if wait := self._ask(self._newcomers, address, "too many newcomers"):
            return wait
        self._met[visitor] = None
        if len(self._met) > REMEMBERED:
            self._met.popitem(last=False)
        return 0

    def start(self, address: str | None) -> int:
        """A kernel is to be started; asked when there is a place for it."""
        return self._ask(self._starts, address, "too many starts")

    def call(self, address: str | None) -> int:
        """Anything else that costs work."""
        return self._ask(self._calls, address, "too many calls")

    def share(self, address: str | None, held: int) -> int:
        """One more kernel, where this network's visitors hold `held` of them."""
        if held < self._share:
            return 0
        self.refuse(address, "too many kernels")
        return 10

    def messages(self, plain: bool = False) -> Bucket:
        """For one websocket: its messages and pings. Beyond it, close with `CLOSE`.

        Args:
            plain: of a notebook with plain ipywidgets: dragging a slider sends fifteen a second.
        """
        return Bucket(200, 40, self._clock) if plain else Bucket(30, 10, self._clock)

    def refuse(self, address: str | None, what: str, detail: str = "") -> None:
        """Log that somebody was refused, in one line of plain ASCII.

        At most four lines in the first minute and two in each later one, for an address and kind;
        sixty at once and one a second for all. The next line counts what was left out.

        Args:
            address: as the connection tells it.
            what: the kind, in a few words of our own.
            detail: words that may come from outside; cut, and never more than one line.
        """
        key = f"{network(address)} {what}"
        if self._lines.take(key) or self._all_lines.take():
            self._leave_out(key)
            return
        left = self._left_out.pop(key, 0)
        others, self._others = self._others, 0
        tail = [f"{left} more like it"] * bool(left) + [f"{others} others"] * bool(others)
        said = f": {detail[:_LONGEST]!a}" if detail else ""
        _LOG.warning("refused %s%s%s", key, said, f" (and {', '.join(tail)})" if tail else "")

    def _ask(self, rate: Rate, address: str | None, what: str) -> int:
        wait = rate.take(network(address))
        if not wait:
            return 0
        self.refuse(address, what)
        return math.ceil(wait)

    def _leave_out(self, key: str) -> None:
        self._left_out[key] = self._left_out.pop(key, 0) + 1
        if len(self._left_out) > REMEMBERED:
            self._others += self._left_out.popitem(last=False)[1]
