"""What the charts of shares and of rates have in common: their input, center and sigma."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality._chart import Baseline, Chart, Kind, chart, either, mean, rows, wide
from kefu.quality._given import Floats, number, numbers, refusal, same_length
from kefu.quality.constants import d2
from kefu.text import Text

__all__ = ["SIZES", "given", "level", "rates", "shares"]

SIZES = Text("样本量", "the sample sizes")
_COUNTS = Text("次数", "the counts")
_STANDARD = Text("给定的标准值", "the given standard")
_UNITS = Text("单位数", "the numbers of units")


def shares(
    kind: Kind,
    counts: ArrayLike,
    sizes: ArrayLike,
    baseline: Baseline | None,
    standard: float | None,
    width: float,
    inflation: float | None,
) -> Chart:
    """A chart of counts / sizes, between 0 and 1."""
    _, each, points = given(counts, sizes, SIZES, whole=True)
    center, sigma, used, more = level(points, each, 1.0, baseline, standard, inflation)
    return chart(
        kind, points, center, sigma,
        width=wide(width), low=0, high=1, baseline=used, inflation=more,
    )  # fmt: skip


def rates(
    kind: Kind,
    counts: ArrayLike,
    units: ArrayLike,
    baseline: Baseline | None,
    standard: float | None,
    width: float,
    inflation: float | None,
) -> Chart:
    """A chart of counts / units, from 0."""
    _, each, points = given(counts, units, _UNITS, whole=False)
    center, sigma, used, more = level(points, each, np.inf, baseline, standard, inflation)
    return chart(
        kind, points, center, sigma, width=wide(width), low=0, baseline=used, inflation=more
    )


def given(
    counts: ArrayLike, sizes: ArrayLike, name: Text, *, whole: bool
) -> tuple[Floats, Floats, Floats]:
    """Counts, sizes and the one over the other, of one length."""
    found = numbers(counts, _COUNTS, low=0, whole=True, least=1)
    each = numbers(sizes, name, dims=None, low=1 if whole else 1e-6, whole=whole)
    if not each.ndim:
        each = np.full(found.shape, each)
    each = numbers(each, name)
    same_length(found, each)
    if whole and (found > each).any():
        wrong = int(np.argmax(found > each))
        raise refusal(
            f"{each[wrong]:.9g} 个里不能有 {found[wrong]:.9g} 个",
            f"{found[wrong]:.9g} of {each[wrong]:.9g} is not a count",
            "次数不能多于样本量，请检查这一行",
            "a count is at most its sample size: check that row",
        )
    return found, each, found / each


def level(
    points: Floats,
    sizes: Floats,
    most: float,
    baseline: Baseline | None,
    standard: float | None,
    inflation: float | None,
) -> tuple[float, Floats, tuple[int, ...], float]:
    """Center, sigma of each point, the rows they come from, and the inflation within sigma."""
    either(baseline, standard, inflation)
    used = rows(baseline, len(points))
    if standard is None:
        center = mean(points[used], sizes[used])
    else:
        # The most that counts over units can be.
        center = number(standard, _STANDARD, low=0, high=min(most, 1e18))
    sigma: Floats = np.sqrt(center * (1 - center / most) / sizes)
    if inflation is None:
        near = used[1:][np.diff(used) == 1]
        if not near.size:
            raise refusal(
                "没有相邻的两行，算不出移动极差",
                "there are no two neighbouring rows to take a moving range of",
                "基线至少要有两行相邻",
                "have at least two neighbouring rows in the baseline",
            )
        # Without a sigma there is nothing to inflate: the center is 0, or a share of 1.
        z = (points - center) / sigma if sigma.all() else np.zeros(len(points))
        factor = mean(np.abs(z[near] - z[near - 1])) / d2(2)
    else:
        factor = number(inflation, Text("σ 的放大倍数", "the inflation of sigma"), low=0)
        if standard is not None:
            used = used[:0]
    return center, sigma * factor, tuple(used.tolist()), factor
