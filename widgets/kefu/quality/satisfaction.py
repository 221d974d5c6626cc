"""What customers say in surveys: CSAT, CES and NPS, each with the interval it is known to.

A survey is a sample of those who answered. Every number here carries its interval, so that a
few points up or down are not taken for news. Shares are from 0 to 1; NPS is in points, from
-100 to 100. In a list of scores NaN (or None) stands for a customer who did not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality import _given as g
from kefu.quality._nps import Nps, NpsDifference, answered, nps, nps_difference, nps_of
from kefu.quality.sampling import Share, share
from kefu.text import Text

__all__ = [
    "Mean",
    "Nps",
    "NpsDifference",
    "ces",
    "csat",
    "nps",
    "nps_difference",
    "nps_of",
    "response_rate",
]


class Mean(NamedTuple):
    """A mean in the unit of the scale, its interval, and how many it is of; None: no value."""

    value: float | None
    low: float
    high: float
    n: int


def response_rate(answered: float, invited: float, confidence: float = 0.95) -> Share:
    """The share of the invited who answered, with Wilson's interval.

    A low rate does not bend the scores by itself. What does is that the very pleased and the very
    angry answer more readily, and no interval shows that: publish the rate with the scores.

    Args:
        answered: how many answered; a whole number from 0 to `invited`.
        invited: how many were asked to.
        confidence: between 0 and 1, both excluded.

    Returns:
        The share; nobody invited: the value is None, and 0 to 1 is what is known.

    Raises:
        KefuError: a count that is negative, not whole, or above `invited`; a confidence out of
            its bounds; more than 10**7 invited.

    Source:
        Wilson 1927, Journal of the American Statistical Association 22:209-212.

    Published check:
        As `kefu.quality.sampling.wilson`: 15 of 148 is 0.0624 to 0.1605.
    """
    return share(answered, invited, confidence)


def csat(
    scores: ArrayLike,
    *,
    top: Sequence[int] = (4, 5),
    scale: tuple[int, int] = (1, 5),
    confidence: float = 0.95,
) -> Share:
    """CSAT: the share of answers that are satisfied ones, with Wilson's interval.

    Args:
        scores: one whole number per customer, within `scale`; NaN or None: no answer, left out.
        top: the scores that count as satisfied; the default is the top two boxes.
        scale: the least and the greatest score.
        confidence: between 0 and 1, both excluded.

    Returns:
        The share, 0 <= low <= value <= high <= 1, also where all answers are the same or there
        is one alone; nobody answered: the value is None, and 0 to 1 is what is known.

    Raises:
        KefuError: no list of numbers; a score off the scale or not whole; `top` empty or off
            the scale; a scale without two scores; a confidence out of its bounds; more than
            10**7 answers.

    Source:
        ISO 10004:2018 for the measure; Wilson 1927 for the interval.

    Published check:
        Newcombe 1998, Statistics in Medicine 17:857-872, Table I: 81 of 263 is 0.2553 to 0.3662.
    """
    least, most = _scale(scale)
    best = g.numbers(
        top, Text("算满意的分数", "the top scores"), low=least, high=most, whole=True, least=1
    )
    answers = answered(scores, least, most)
    return share(int(np.isin(answers, best).sum()), answers.size, confidence)


def ces(scores: ArrayLike, *, scale: tuple[int, int] = (1, 7), confidence: float = 0.95) -> Mean:
    """CES, the Customer Effort Score: the mean agreement that it was made easy.

    The interval is Student's t, cut at the ends of the scale. Where all answers are the same, or
    there is one alone, t has no width: then the interval is Wilson's, with the mean as a share
    of the scale, which is too wide rather than too narrow, since no answers within the scale
    vary more about their mean than those at its two ends (Bhatia & Davis).

    Args:
        scores: one whole number per customer, within `scale`; NaN or None: no answer, left out.
        scale: the least and the greatest score; greater means easier.
        confidence: between 0 and 1, both excluded.

    Returns:
        The mean with least <= low <= value <= high <= most; nobody answered: the value is None,
        and the whole scale is what is known.

    Raises:
        KefuError: no list of numbers; a score off the scale or not whole; a scale without two
            scores; a confidence out of its bounds.

    Source:
        Dixon, Freeman & Toman 2010, Harvard Business Review 88(7):116-122; Student 1908,
        Biometrika 6:1-25; Bhatia & Davis 2000, American Mathematical Monthly 107:353-357.
    """
    least, most = _scale(scale)
    z = g.z(confidence)
    answers = answered(scores, least, most)
    n = answers.size
    if not n:
        return Mean(None, least, most, 0)
    mean, spread = float(answers.mean()), float(np.ptp(answers))
    if spread:
        from scipy import special  # here, since it costs as much as a page's first picture

        error = float(answers.std(ddof=1)) / n**0.5
        half = -float(special.stdtrit(n - 1, (1 - float(confidence)) / 2)) * error
        low, high = mean - half, mean + half
    else:
        part = (mean - least) / (most - least)
        wide = z * float(np.sqrt(part * (1 - part) / n + (z / (2 * n)) ** 2))
        ends = ((part + z**2 / (2 * n) + side * wide) / (1 + z**2 / n) for side in (-1, 1))
        low, high = (least + (most - least) * end for end in ends)
    return Mean(mean, min(max(least, low), mean), max(min(most, high), mean), n)


def _scale(scale: tuple[int, int]) -> tuple[float, float]:
    ends = g.numbers(scale, Text("量表的两端", "the ends of the scale"), whole=True)
    if ends.size != 2 or ends[0] >= ends[1]:
        raise g.refusal(
            "量表的两端不对",
            "these are no two ends of a scale",
            "请写最低分和最高分，例如 (1, 5)",
            "give the least score and the greatest, such as (1, 5)",
        )
    return float(ends[0]), float(ends[1])
