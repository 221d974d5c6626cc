"""A median with its spread, and ratios of what was measured side by side."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Spread", "ratio", "spread"]


class Spread(NamedTuple):
    """The median of some values, the least and the most of them."""

    median: float
    least: float
    most: float

    def say(self, digits: int = 0) -> str:
        """`812 (790–1031)`: the median, and in brackets from the least to the most."""
        return f"{self.median:.{digits}f} ({self.least:.{digits}f}–{self.most:.{digits}f})"


def spread(values: Sequence[float]) -> Spread:
    """The spread of at least one value.

    Raises:
        ValueError: there is none, or one is not above zero, which no time and no size can be.
    """
    if not values or min(values) <= 0:
        raise ValueError(f"nothing to take a median of: {list(values)}")
    return Spread(statistics.median(values), min(values), max(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Ours for each of theirs in the same round, so that a busy minute weighs on both.

    Raises:
        ValueError: not as many of one as of the other, or a value that cannot be.
    """
    spread(ours)
    spread(theirs)
    return spread([one / other for one, other in zip(ours, theirs, strict=True)])
