"""The constants of control charts, computed instead of copied from tables.

Each one is about samples of `n` values drawn from one normal distribution, whose standard
deviation is written sigma. None has a unit. The names are those of every textbook, so `d3`
(the spread of a range) and `D3` (a factor of the lower limit) are two things.

Every function here takes `n`, the values in one sample, a whole number from 2 up (at most 1000
where a range is meant, 10**7 where a standard deviation is), and raises `KefuError` for any other.

Source:
    Montgomery, Introduction to Statistical Quality Control, ch. 6; ASTM MNL 7.

Published check:
    Montgomery, Appendix VI, n = 5: d2 2.326, d3 0.864, c4 0.9400, A2 0.577, A3 1.427,
    B3 0, B4 2.089, D3 0, D4 2.114 (2.1145 before its inputs are rounded).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality._given import Floats, count
from kefu.text import Text

__all__ = ["A2", "A3", "B3", "B4", "D3", "D4", "c4", "d2", "d3"]

LARGEST_RANGE = 1000
"""A range of more values than this says little that its two extremes do not."""

_LARGEST = 10**7


def d2(n: int) -> float:
    """The mean of the range of `n` values, in sigma: sigma is estimated as mean range / d2."""
    return _range(_size(n, LARGEST_RANGE))[0]


def d3(n: int) -> float:
    """The standard deviation of the range of `n` values, in sigma."""
    return _range(_size(n, LARGEST_RANGE))[1]


def c4(n: int) -> float:
    """The mean of the standard deviation of `n` values, in sigma: a little below 1."""
    return float(_c4(_size(n, _LARGEST)))


def A2(n: int) -> float:  # noqa: N802
    """Limits of the means from the mean range: center ± A2 · mean range."""
    return 3 / (d2(n) * float(np.sqrt(int(n))))


def D3(n: int) -> float:  # noqa: N802
    """The lower limit of ranges, in mean ranges; 0 up to n = 6."""
    return max(1 - 3 * d3(n) / d2(n), 0.0)


def D4(n: int) -> float:  # noqa: N802
    """The upper limit of ranges, in mean ranges."""
    return 1 + 3 * d3(n) / d2(n)


def A3(n: int) -> float:  # noqa: N802
    """Limits of the means from the mean standard deviation: center ± A3 · mean s."""
    return 3 / (c4(n) * float(np.sqrt(int(n))))


def B3(n: int) -> float:  # noqa: N802
    """The lower limit of standard deviations, in mean standard deviations; 0 up to n = 5."""
    return max(1 - 3 * _spread(n), 0.0)


def B4(n: int) -> float:  # noqa: N802
    """The upper limit of standard deviations, in mean standard deviations."""
    return 1 + 3 * _spread(n)


def _spread(n: int) -> float:
    """The standard deviation of a standard deviation, over its mean."""
    mean = c4(n)
    return float(np.sqrt((1 - mean) * (1 + mean))) / mean


def _size(n: Any, most: int) -> int:
    return count(n, Text("每组的个数", "the number of values in a sample"), low=2, high=most)


def _c4(sizes: ArrayLike) -> Floats:
    """c4 of many sizes at once."""
    from scipy import special  # here, since it costs as much as a page's first picture

    half = (np.asarray(sizes, dtype=np.float64) - 1) / 2
    found: Floats = special.poch(half, 0.5) / np.sqrt(half)
    return found


@lru_cache(maxsize=256)
def _range(n: int) -> tuple[float, float]:
    """Mean and standard deviation of the range of `n` standard normal values.

    P(range <= r) = n · ∫ φ(x) · (Φ(x + r) - Φ(x))^(n - 1) dx, where x is the least value; the
    mean is the integral of P(range > r), the mean square that of 2 · r · P(range > r).
    """
    if n == 2:  # the range of two values is their distance, which is half-normal
        return 2 / math.sqrt(math.pi), math.sqrt(2 - 4 / math.pi)
    from scipy import special  # here, since it costs as much as a page's first picture

    nodes, weights = np.polynomial.legendre.leggauss(200)
    # The chance of a value beyond 9, or of a range beyond 16, is less than a double can show.
    least, range_ = 9 * nodes, 8 * (nodes + 1)
    density = np.exp(-(least**2) / 2) / np.sqrt(2 * np.pi) * 9 * weights
    inside = special.ndtr(least + range_[:, None]) - special.ndtr(least)
    beyond = 1 - n * (inside ** (n - 1)) @ density
    mean = float(beyond @ weights) * 8
    square = float((2 * range_ * beyond) @ weights) * 8
    return mean, float(np.sqrt(square - mean**2))
