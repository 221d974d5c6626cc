"""Control charts of what is counted: shares and rates. Use them through `charts`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality._chart import Baseline, Chart, chart, wide
from kefu.quality._counted import SIZES, given, level, rates, shares
from kefu.quality._given import refusal

__all__ = ["c_chart", "np_chart", "p_chart", "u_chart"]


def p_chart(
    counts: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: Baseline | None = None,
    standard: float | None = None,
    width: float = 3.0,
) -> Chart:
    """p chart: the share of items that have a property, such as calls with a critical error.

    Center p = sum of counts / sum of sizes; limits p ± width · √(p (1 - p) / size), cut to 0..1.

    Args:
        counts: how many items of each row have the property; whole, from 0 to the row's size.
        sizes: how many items each row looked at; whole, from 1; one number stands for all rows.
        baseline: the rows that p is computed from (a slice, a mask or row numbers); None: all.
        standard: p itself, from 0 to 1, where it is frozen or set; then there is no baseline.
        width: how many sigma the limits are away.

    Returns:
        The chart of counts / sizes. Where p is 0 (or 1) sigma is 0 and the limits lie on the
        line: any share above 0 (below 1) is outside. One row alone lies on its own line.

    Raises:
        KefuError: a count that is negative, not whole or above its size; a size of 0; NaN; no
            row; lengths that differ; a baseline that names no row; both baseline and standard.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 7.

    Published check:
        Montgomery, Example 7.1, orange juice cans (347 of 30 samples of 50): 0.2313, limits
        0.0524 and 0.4102, samples 15 and 23 outside (here 14 and 22).
    """
    return shares("p", counts, sizes, baseline, standard, width, 1.0)


def np_chart(
    counts: ArrayLike,
    size: float,
    *,
    baseline: Baseline | None = None,
    standard: float | None = None,
    width: float = 3.0,
) -> Chart:
    """np chart: the p chart in items instead of shares, for samples all of one size.

    Center n·p; limits n·p ± width · √(n·p (1 - p)), cut to 0..n.

    Args:
        counts: how many items of each sample have the property; whole, from 0 to `size`.
        size: n, how many items each sample has: one number.
        baseline: as for `p_chart`.
        standard: the share p (not n·p), from 0 to 1.
        width: how many sigma the limits are away.

    Returns:
        The chart of the counts; degenerate cases as for `p_chart`.

    Raises:
        KefuError: as `p_chart`; more than one size.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 7.
    """
    if np.ndim(np.asarray(size, dtype=object)):
        raise refusal(
            "np 图的样本量要处处相同",
            "an np chart has one size for all samples",
            "请写一个数；样本量不同时用 p_chart",
            "write one number, or use p_chart for sizes that differ",
        )
    found, sizes, points = given(counts, size, SIZES, whole=True)
    center, sigma, used, _ = level(points, sizes, 1.0, baseline, standard, 1.0)
    n = sizes[0]
    return chart(
        "np", found, n * center, n * sigma, width=wide(width), low=0, high=n, baseline=used
    )


def c_chart(
    counts: ArrayLike,
    *,
    baseline: Baseline | None = None,
    standard: float | None = None,
    width: float = 3.0,
) -> Chart:
    """c chart: events in stretches that are all alike, such as complaints a week.

    Center c = the mean count; limits c ± width · √c, cut at 0.

    Args:
        counts: the events of each stretch; whole, from 0, with no upper bound of their own.
        baseline: as for `p_chart`.
        standard: c itself, from 0.
        width: how many sigma the limits are away.

    Returns:
        The chart of the counts. Where c is 0 the limits are 0 and any event is outside.

    Raises:
        KefuError: a count that is negative or not whole; NaN; no row; a baseline that names no
            row; both baseline and standard.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 7.

    Published check:
        Montgomery, Example 7.3, circuit boards (516 in 26): 19.85, limits 6.48 and 33.22,
        samples 6 and 20 outside (here 5 and 19).
    """
    return rates("c", counts, 1.0, baseline, standard, width, 1.0)


def u_chart(
    counts: ArrayLike,
    units: ArrayLike,
    *,
    baseline: Baseline | None = None,
    standard: float | None = None,
    width: float = 3.0,
) -> Chart:
    """u chart: events per unit, where rows differ in size, such as complaints per 1000 contacts.

    Center u = sum of counts / sum of units; limits u ± width · √(u / units), cut at 0.

    Args:
        counts: the events of each row; whole, from 0.
        units: how many units each row holds, from 10**-6 up, not needed to be whole (1850
            contacts are 1.85 thousands); one number stands for all rows.
        baseline: as for `p_chart`.
        standard: u itself, events per unit, from 0.
        width: how many sigma the limits are away.

    Returns:
        The chart of counts / units. Where u is 0 the limits are 0 and any event is outside.

    Raises:
        KefuError: a count that is negative or not whole; a row without units; NaN; no row;
            lengths that differ; a baseline that names no row; both baseline and standard.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 7.

    Published check:
        Montgomery, Example 7.5, dyed cloth: 1.42, limits 0.29 and 2.55 at 10 units, 0.43 and
        2.41 at 13.
    """
    return rates("u", counts, units, baseline, standard, width, 1.0)
