"""Chance that is the same on every machine: one stream a purpose, and inverse CDFs of our own.

Only `random.Random(n).random()` is drawn from: the standard library promises its sequence for
ever, which it does not for `gauss`, `choice` or `sample`.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TypeVar

__all__ = ["Draws"]

_Any = TypeVar("_Any")
_NORMAL = NormalDist()


class Draws:
    """A stream of chance that no other purpose draws from.

    Args:
        seed: of the whole centre.
        purpose: what is drawn here, such as `"phone", 12`; each has its own stream, so that a
            change in one table does not stir the others.
    """

    def __init__(self, seed: int, *purpose: str | int) -> None:
        name = "/".join(map(str, (seed, *purpose)))
        digest = hashlib.sha256(name.encode("ascii")).digest()
        self._random = random.Random(int.from_bytes(digest, "big"))

    def unit(self) -> float:
        """Above 0 and below 1, evenly."""
        return self._random.random() + 2**-54

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.unit() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included, evenly."""
        return low + int(self.unit() * (high - low + 1))

    def normal(self, mean: float = 0.0, spread: float = 1.0) -> float:
        """Normal, with this mean and standard deviation."""
        return mean + spread * _NORMAL.inv_cdf(self.unit())

    def lognormal(self, median: float, spread: float) -> float:
        """Lognormal; `spread` is the standard deviation of the logarithm."""
        return median * math.exp(self.normal(0.0, spread))

    def exponential(self, mean: float) -> float:
        """Exponential, with this mean."""
        return -mean * math.log(self.unit())

    def weibull(self, scale: float, shape: float, most: float = math.inf) -> float:
        """Weibull, cut off at `most`: without it P(more than x) = exp(-(x / scale) ** shape)."""
        beyond = math.exp(-((most / scale) ** shape))
        left = beyond + (1 - beyond) * self.unit()
        return scale * math.exp(math.log(-math.log(left)) / shape)

    def poisson(self, mean: float) -> int:
        """Poisson, by going up its distribution until the draw is reached."""
        left, each, found = self.unit(), math.exp(-mean), 0
        # Beyond 1000 the terms are 0, and rounding might keep `left` above 0 for ever.
        while left > each and found < 1000:
            left -= each
            found += 1
            each *= mean / found
        return found

    def pick(self, shares: Mapping[_Any, float]) -> _Any:
        """One of the names, by its share; the shares need not sum to 1."""
        left = self.unit() * sum(shares.values())
        for name, share in shares.items():
            left -= share
            if left < 0:
                return name
        return name

    def some(self, of: Sequence[_Any], n: int) -> list[_Any]:
        """`n` of them, each set as likely as any other, in the order in which they stand."""
        taken: list[_Any] = []
        for place, each in enumerate(of):
            if self.unit() * (len(of) - place) < n - len(taken):
                taken.append(each)
        return taken

    def shuffled(self, of: Sequence[_Any]) -> list[_Any]:
        """All of them, in any order."""
        rest, found = list(of), list[_Any]()
        while rest:
            found.append(rest.pop(self.whole(0, len(rest) - 1)))
        return found
