"""Control charts of what is measured: times, scores, means of samples. Use them through `charts`.

Limits here are always three sigma, as in the tables of the textbooks.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kefu.errors import KefuError
from kefu.quality._chart import Baseline, Pair, Rows, chart, either, mean, rows
from kefu.quality._given import Floats, floats, number, numbers, refusal
from kefu.quality.constants import LARGEST_RANGE, _c4, d2, d3
from kefu.text import Text

__all__ = ["i_mr", "level", "xbar_r", "xbar_s"]

_SAMPLES = Text("样本", "the samples")
_VALUES = Text("数值", "the values")


class _Samples(NamedTuple):
    """Samples as they came in: the mean, the least, the greatest value and the size of each."""

    means: Floats
    least: Floats
    greatest: Floats
    spreads: Floats
    sizes: Floats


def xbar_r(
    samples: ArrayLike,
    *,
    baseline: Baseline | None = None,
    center: float | None = None,
    sigma: float | None = None,
) -> Pair:
    """X̄ and R charts: the means and the ranges of small samples, such as 5 calls a day.

    sigma = mean range / d2(n). Means: center ± A2 · mean range, which is center ± 3 sigma / √n.
    Ranges: from D3 to D4 · mean range.

    Args:
        samples: shape (rows, n), one sample a row in the order of time; n from 2 (above 10 the
            standard deviation tells more: `xbar_s`) to 1000.
        baseline: the rows that the limits are computed from (a slice, a mask or row numbers);
            None: all.
        center: the mean of the process, where it is frozen or set.
        sigma: the standard deviation of single values, where it is frozen or set, from 0. With
            `center` too there is no baseline.

    Returns:
        `location`: the chart of means; `spread`: that of ranges. Where every range of the
        baseline is 0, sigma is 0 and all limits lie on their lines. One sample is enough.

    Raises:
        KefuError: samples of different sizes, of one value or of more than 1000; no sample; NaN;
            a baseline that names no row; a baseline beside both `center` and `sigma`.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 6.

    Published check:
        Montgomery, Example 6.1, hard bake (n = 5, means 1.5056, ranges 0.32521): means 1.31795
        to 1.69325, ranges 0 to 0.68749.
    """
    found = _samples(samples)
    n = int(found.sizes[0])
    if (found.sizes != n).any() or n > LARGEST_RANGE:
        raise refusal(
            "极差图要求每组个数相同，并且不超过 1000 个",
            "a chart of ranges needs samples all of one size, of at most 1000 values",
            "请改用 xbar_s",
            "use xbar_s",
        )
    ranges = found.greatest - found.least
    either(baseline, center, sigma)
    used = rows(baseline, len(ranges))
    middle = mean(found.means[used]) if center is None else _center(center)
    one = mean(ranges[used]) / d2(n) if sigma is None else _sigma(sigma)
    return _pair("r", found, ranges, middle, one, d2(n) * one, d3(n) * one, used, center, sigma)


def xbar_s(
    samples: ArrayLike | Sequence[ArrayLike],
    *,
    baseline: Baseline | None = None,
    center: float | None = None,
    sigma: float | None = None,
) -> Pair:
    """X̄ and S charts: the means and the standard deviations of samples of any size.

    Means: center ± 3 sigma / √n. Standard deviations: c4(n) sigma ± 3 sigma √(1 - c4(n)²), cut
    at 0. For samples of one size sigma = mean s / c4(n), and the limits are those of A3, B3, B4.

    Args:
        samples: shape (rows, n), or rows of different lengths, each of 2 values or more.
        baseline: as for `xbar_r`.
        center: as for `xbar_r`.
        sigma: as for `xbar_r`.

    Returns:
        As `xbar_r`, with standard deviations (divisor n - 1) in place of ranges. Where the sizes of
        the baseline differ the limits are stairs, and the textbook's way is taken: the center is
        the mean of all single values, mean s the root of the pooled variance
        √(Σ (n - 1) s² / Σ (n - 1)), the center line of all rows, with A3, B3 and B4 of each
        row's own n. That root is nearly sigma itself, so that limits by A3 are some per cent wider
        than three sigma (6 % at n = 5); whoever knows sigma gives it.

    Raises:
        KefuError: as `xbar_r`, save that sizes may differ.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 6; for different sizes there,
        equations 6.30 and 6.31.

    Published check:
        Montgomery, Example 6.3, piston rings (25 samples of 5): means 73.988 to 74.014.
        Example 6.4, with 3 to 5 in a sample: 74.001, mean s 0.0103; of 5 values means 73.986 to
        74.016.
    """
    found = _samples(samples)
    each, where = np.unique(found.sizes, return_inverse=True)
    unbiased = _c4(each)[where]
    error = np.sqrt((1 - unbiased) * (1 + unbiased))
    either(baseline, center, sigma)
    used = rows(baseline, len(unbiased))
    overall = mean(found.means[used], found.sizes[used])
    middle = overall if center is None else _center(center)
    sizes, spreads = found.sizes[used], found.spreads[used]
    one: Floats | float
    if sigma is not None:
        one = _sigma(sigma)
    elif (sizes == sizes[0]).all():
        one = mean(spreads) / float(unbiased[used[0]])
    else:
        one = np.sqrt(mean(spreads**2, sizes - 1)) / unbiased
    return _pair(
        "s", found, found.spreads, middle, one, unbiased * one, error * one, used, center, sigma
    )


def i_mr(
    values: ArrayLike,
    *,
    baseline: Baseline | None = None,
    center: float | None = None,
    sigma: float | None = None,
) -> Pair:
    """I and MR charts: single values, and how far each is from the one before.

    sigma = mean moving range / 1.128. Values: center ± 3 sigma, which is center ± 2.66 · mean
    moving range. Moving ranges: from 0 to 3.267 · mean moving range.

    Args:
        values: one number a row, in the order of time; at least two.
        baseline: the rows that the limits are computed from; a moving range counts where both
            its rows are among them. None: all.
        center: the mean of the process, where it is frozen or set.
        sigma: the standard deviation of single values, where it is frozen or set, from 0. With
            `center` too there is no baseline.

    Returns:
        `location`: the chart of values; `spread`: that of moving ranges, one point shorter, with
        `first` 1. Where all values are the same, sigma is 0 and all limits lie on their lines.

    Raises:
        KefuError: fewer than two values; NaN; no two neighbouring rows in the baseline; a
            baseline beside both `center` and `sigma`.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 6.4.

    Published check:
        NIST/SEMATECH e-Handbook 6.3.2.2, flow rates of 10 batches: 50.81, limits 45.8159 and
        55.8041 (45.8176 and 55.8024 where 1.128 is not rounded).
    """
    found = numbers(values, _VALUES, least=2)
    middle, one, used = level(found, baseline, center, sigma)
    moving = np.abs(np.diff(found))
    return Pair(
        chart("individuals", found, middle, one, baseline=used),
        chart("moving-range", moving, d2(2) * one, d3(2) * one, low=0, baseline=used, first=1),
    )


def level(
    values: Floats, baseline: Baseline | None, center: float | None, sigma: float | None
) -> tuple[float, float, tuple[int, ...]]:
    """Center and sigma of single values, and the rows that they were computed from."""
    either(baseline, center, sigma)
    used = rows(baseline, len(values))
    middle = mean(values[used]) if center is None else _center(center)
    if sigma is None:
        near = used[1:][np.diff(used) == 1]
        if not near.size:
            raise refusal(
                "没有相邻的两行，算不出移动极差",
                "there are no two neighbouring rows to take a moving range of",
                "基线至少要有两行相邻，或给出 sigma",
                "have at least two neighbouring rows in the baseline, or give sigma",
            )
        one = mean(np.abs(values[near] - values[near - 1])) / d2(2)
    else:
        one = _sigma(sigma)
    return middle, one, _kept(used, center, sigma)


def _kept(used: Rows, center: float | None, sigma: float | None) -> tuple[int, ...]:
    """The baseline to show: none where nothing was computed from it."""
    return tuple(used.tolist()) if center is None or sigma is None else ()


def _pair(
    kind: Literal["r", "s"],
    found: _Samples,
    spreads: Floats,
    middle: float,
    one: Floats | float,
    spread: Floats | float,
    error: Floats | float,
    used: Rows,
    center: float | None,
    sigma: float | None,
) -> Pair:
    kept = _kept(used, center, sigma)
    return Pair(
        chart("xbar", found.means, middle, one / np.sqrt(found.sizes), baseline=kept),
        chart(kind, spreads, spread, error, low=0, baseline=kept),
    )


def _center(center: float) -> float:
    return number(center, Text("给定的中心", "the given center"))


def _sigma(sigma: float) -> float:
    # Twice what a value may be: any sigma that was computed can be given again.
    return number(sigma, Text("给定的标准差", "the given sigma"), low=0, high=2e12)


def _samples(samples: ArrayLike | Sequence[ArrayLike]) -> _Samples:
    """The figures of each sample, from a table or from rows of any lengths."""
    try:
        flat, sizes = _flat(samples)
    except (TypeError, ValueError, OverflowError):
        raise _no_samples() from None
    if not sizes.size or sizes.min() < 2:
        raise _no_samples()
    starts = np.cumsum(sizes) - sizes
    least, greatest = np.minimum.reduceat(flat, starts), np.maximum.reduceat(flat, starts)
    # Rounding must not put the mean of equal values beside them: they have no spread.
    means = np.clip(np.add.reduceat(flat, starts) / sizes, least, greatest)
    squares = np.add.reduceat((flat - np.repeat(means, sizes)) ** 2, starts)
    spreads = np.sqrt(squares / (sizes - 1))
    return _Samples(means, least, greatest, spreads, sizes.astype(np.float64))


def _flat(samples: ArrayLike | Sequence[ArrayLike]) -> tuple[Floats, Rows]:
    """All values in one row, and how many of them each sample has."""
    try:
        table = floats(samples)
    except ValueError:
        listed = [floats(each).tolist() for each in samples]  # type: ignore[union-attr]
        sizes = np.fromiter(map(len, listed), dtype=np.intp)
        return numbers(list(chain.from_iterable(listed)), _SAMPLES), sizes
    table = numbers(table, _SAMPLES, dims=2)
    return table.ravel(), np.full(table.shape[0], table.shape[1], dtype=np.intp)


def _no_samples() -> KefuError:
    return refusal(
        "样本要一行一组，每组至少两个数",
        "samples are rows of at least two numbers each",
        "每组只有一个数时用 i_mr",
        "use i_mr where there is one number a row",
    )
