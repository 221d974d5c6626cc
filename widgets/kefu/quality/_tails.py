"""Sums of the queues' formulas, sound where factorials and powers overflow."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from kefu.quality._given import Floats

__all__ = ["later", "log_above", "log_below"]

_TINY = 1e-280
"""Below this share a distribution is about to underflow, and its own series is summed."""


def _log_poisson(k: Floats, mean: Floats) -> Floats:
    """Log of exp(-mean) mean**k / gamma(k + 1), for any k from 0.

    Great numbers that nearly cancel are not subtracted (Loader 2000): the error stays near
    10**-13 where the plain formula has 10**-9.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = special.xlogy(k, mean) - mean - special.gammaln(k + 1)
        off = (mean - k) / k
        bulk = np.where(np.abs(off) < 0.5, np.log1p(off) - off, np.log(mean / k) - off)
        stirling = 1 / (12 * k) - 1 / (360 * k**3) + 1 / (1260 * k**5)
        found: Floats = np.where(k < 16, plain, k * bulk - stirling - np.log(2 * np.pi * k) / 2)
    return found


def log_below(loads: Floats, agents: Floats) -> Floats:
    """Log of 1 / Erlang B: of 1 + n/a + n(n-1)/a**2 + …, n agents and a load."""
    share = special.gammaincc(agents + 1, loads)
    with np.errstate(divide="ignore"):
        found: Floats = np.log(share) - _log_poisson(agents, loads)
    far = share < _TINY
    if far.any():
        found = np.array(found)
        found[far] = _log_series(agents[far], loads[far], fewer=1.0, more=0.0)
    return np.maximum(found, 0.0)


def log_above(s: float, x: float) -> float:
    """Log of 1 + x/(s+1) + x**2/((s+1)(s+2)) + …: what a queue adds to the last busy agent."""
    share = float(special.gammainc(s, x))
    if share < _TINY:
        return float(_log_series(np.array([x]), np.array([s + 1]), fewer=0.0, more=1.0)[0])
    return max(math.log(share) - float(_log_poisson(np.asarray(s), np.asarray(x))), 0.0)


def later(s: float, x: float, after: float, whole: float) -> float:
    """Of those who wait, the share whose patience lasts and who are answered after the target.

    `after` is the target in units of patience, `whole` is log_above(s, x). In the plain quotient
    nothing cancels; where it underflows, the density's exponent and the series do.
    """
    left = math.exp(-after)
    share = float(special.gammainc(s + 1, x * left))
    if share > _TINY:
        return s / x * share / float(special.gammainc(s, x))
    exponent = -x * math.expm1(-after) - s * after - after - math.log1p(1 / s)
    return math.exp(min(log_above(s + 1, x * left) - whole + exponent, 0.0))


def _log_series(top: Floats, bottom: Floats, *, fewer: float, more: float) -> Floats:
    """Log of 1 + top/bottom + …, for the tails where the distributions underflow.

    There every quotient is well below 1, so that the terms soon vanish.
    """
    term, total, step = np.ones_like(top), np.ones_like(top), 0
    while (term > 1e-17 * total).any():
        term = term * (top - fewer * step) / (bottom + more * step)
        total += term
        step += 1
    found: Floats = np.log(total)
    return found
