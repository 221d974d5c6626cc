"""The Net Promoter Score; its public place is `kefu.quality.satisfaction`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality import _given as g
from kefu.quality.sampling import Interval
from kefu.text import Text

__all__ = ["Nps", "NpsDifference", "answered", "nps", "nps_difference", "nps_of"]


class Nps(NamedTuple):
    """A Net Promoter Score in points, -100 to 100, with its interval.

    `value` is the plain score, which reports quote. `adjusted_value` is the one that is pulled
    a little towards 0 and that the adjusted interval lies around. None: nobody answered.
    """

    value: float | None
    low: float
    high: float
    n: int
    adjusted_value: float | None


class NpsDifference(NamedTuple):
    """The second score less the first, in points from -200 to 200, with its interval.

    `p` is how often two samples of one and the same public would lie at least so far apart.
    None: in one of the two nobody answered.
    """

    value: float | None
    low: float
    high: float
    p: float | None


def nps(
    promoters: float,
    passives: float,
    detractors: float,
    confidence: float = 0.95,
    *,
    adjusted: bool = True,
) -> Nps:
    """The Net Promoter Score from its three counts: per cent promoters less per cent detractors.

    Plain interval: variance (p + q - (p - q)^2) / n, with p and q the shares of promoters and
    detractors. Adjusted Wald: the same after adding 3 answers, 3/4 of them promoters and 3/4
    detractors. The plain one has no width where all answers are of one kind, which is false
    comfort; so the adjusted one is what you get unless you ask otherwise.

    Args:
        promoters: how many answered 9 or 10; whole numbers, as the other two.
        passives: how many answered 7 or 8.
        detractors: how many answered 0 to 6.
        confidence: between 0 and 1, both excluded.
        adjusted: whether the interval is the adjusted one.

    Returns:
        -100 <= low <= value <= high <= 100. The interval is cut at the ends of the scale, and
        stretched to the plain value where adjusting has pulled it away from that (one answer
        alone, or a low confidence). Nobody answered: both values are None, -100 to 100.

    Raises:
        KefuError: a count that is negative or not whole (percentages do not say of how many);
            a confidence out of its bounds; an `adjusted` that is neither True nor False.

    Source:
        Reichheld 2003, Harvard Business Review 81(12):46-54; Rocks 2016, The American
        Statistician 70:365-372; Lewis & Sauro 2021, Confidence Intervals for Net Promoter Scores.

    Published check:
        50, 30 and 20: 30 points; adjusted 29.126, 14.051 to 44.202.
    """
    z, wide = g.z(confidence), g.flag(adjusted, Text("是否校正", "whether to adjust"))
    counts = _kinds((promoters, passives, detractors))
    n = int(sum(counts))
    if not n:
        return Nps(None, -100.0, 100.0, 0, None)
    value, variance = _points(counts, 0)
    middle, wider = _points(counts, 3)
    around, spread = (middle, wider) if wide else (value, variance)
    low, high = _reach(value, around, z * float(np.sqrt(spread)), 100)
    return Nps(value, low, high, n, middle)


def nps_of(scores: ArrayLike, confidence: float = 0.95, *, adjusted: bool = True) -> Nps:
    """The Net Promoter Score from the answers themselves.

    Args:
        scores: one whole number per customer, 0 to 10: how likely they are to recommend;
            NaN or None: no answer, left out.
        confidence: between 0 and 1, both excluded.
        adjusted: as in `nps`.

    Returns:
        As `nps`.

    Raises:
        KefuError: no list of numbers; a score off the scale or not whole; a confidence out of
            its bounds.
    """
    answers = answered(scores, 0, 10)
    promoters, detractors = int((answers >= 9).sum()), int((answers <= 6).sum())
    passives = answers.size - promoters - detractors
    return nps(promoters, passives, detractors, confidence, adjusted=adjusted)


def nps_difference(
    one: Sequence[float], other: Sequence[float], confidence: float = 0.95
) -> NpsDifference:
    """How far two Net Promoter Scores of different customers lie apart: the second less the first.

    Both are adjusted as in `nps`, and their variances added.

    Args:
        one: how many promoters, passives and detractors there were the first time.
        other: the same, the second time.
        confidence: between 0 and 1, both excluded.

    Returns:
        -200 <= low <= value <= high <= 200, and p, two-sided. The value is that of the plain
        scores; the interval and p are those of the adjusted ones, the interval stretched to the
        value as in `nps`. Nobody answered one time: value and p are None, -200 to 200.

    Raises:
        KefuError: not three counts each; a count that is negative or not whole; a confidence
            out of its bounds.

    Source:
        Lewis & Sauro 2021, How to Statistically Compare Two Net Promoter Scores.
    """
    z = g.z(confidence)
    both = _kinds(one), _kinds(other)
    if not all(sum(counts) for counts in both):
        return NpsDifference(None, -200.0, 200.0, None)
    before, after = (_points(counts, 0)[0] for counts in both)
    (first, noise), (second, more) = (_points(counts, 3) for counts in both)
    error = float(np.sqrt(noise + more))
    low, high = _reach(after - before, second - first, z * error, 200)
    p = math.erfc(abs(second - first) / error / math.sqrt(2))
    return NpsDifference(after - before, low, high, p)


def answered(scores: ArrayLike, least: float, most: float) -> g.Floats:
    """The scores that were given; NaN or None is no answer."""
    given = g.numbers(
        scores, Text("评分", "the scores"), low=least, high=most, whole=True, missing=True
    )
    return given[~np.isnan(given)]


def _kinds(counts: Sequence[float]) -> g.Floats:
    """Promoters, passives, detractors."""
    name = Text("推荐者、中立者和贬损者的人数", "the counts of promoters, passives and detractors")
    found = g.numbers(counts, name, low=0, whole=True, least=3)
    if found.size > 3:
        raise g.refusal(
            f"{name.zh}应当是三个数",
            f"{name.en} are three numbers",
            "请按这个顺序写三个整数",
            "give three whole numbers in this order",
        )
    return found


def _points(counts: g.Floats, added: float) -> tuple[float, float]:
    """The score in points and its variance, with so many answers added."""
    n = float(counts.sum()) + added
    p, q = (float(counts[kind]) + added / 4 for kind in (0, 2))
    p, q = p / n, q / n
    # p + q - (p - q)^2, in a form that no rounding makes negative.
    return 100 * (p - q), 1e4 * (p * max(1 - p, 0) + q * max(1 - q, 0) + 2 * p * q) / n


def _reach(value: float, around: float, half: float, most: float) -> Interval[float]:
    """The interval around a point, cut at the ends of the scale, that holds the plain value."""
    return Interval(min(value, max(-most, around - half)), max(value, min(most, around + half)))
