"""The chart of exponentially weighted moving averages. Use it through `charts`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality._chart import Baseline, Chart, chart, wide
from kefu.quality._given import Floats, number, numbers
from kefu.quality._variables import level
from kefu.text import Text

__all__ = ["ewma_chart"]

_BLOCK = 64


def ewma_chart(
    values: ArrayLike,
    *,
    weight: float = 0.2,
    width: float = 3.0,
    center: float | None = None,
    sigma: float | None = None,
    baseline: Baseline | None = None,
) -> Chart:
    """EWMA chart: for shifts too small for single values, such as a score that drifts.

    e(i) = weight · x(i) + (1 - weight) · e(i - 1), and e(0) = center. The limits are exact, so
    narrow at first: center ± width · sigma · √(weight / (2 - weight) · (1 - (1 - weight)^(2i))),
    where i counts from 1.

    Args:
        values: one number a row, in the order of time.
        weight: of the newest value, from 10**-6 to 1 (then it is the chart of single values).
        width: how many sigma the limits are away.
        center: the mean of the process, where it is frozen or set.
        sigma: the standard deviation of single values, where it is frozen or set, from 0.
        baseline: the rows that center, or sigma (mean moving range / 1.128), is computed from
            where it is not given, as for `i_mr`.

    Returns:
        The chart of the averages; its `sigma` is that of each average. Neighbouring points
        depend on each other, so only its limits may be read, not run rules. Where sigma is 0
        the limits lie on the line.

    Raises:
        KefuError: a weight out of its bounds; no value; NaN; no two neighbouring rows where
            sigma is to be computed; a baseline beside both `center` and `sigma`.

    Source:
        Montgomery, Introduction to Statistical Quality Control, ch. 9; Roberts 1959,
        Technometrics 1:239-250.

    Published check:
        Montgomery, Example 9.2 (weight 0.1, width 2.7, center 10, sigma 1): 9.945, 9.7495, …;
        points 29 and 30 outside (here 28 and 29). NIST/SEMATECH e-Handbook 6.3.2.4: last
        average 51.99.
    """
    share = number(weight, Text("权重", "the weight"), low=1e-6, high=1)
    found = numbers(values, Text("数值", "the values"), least=1)
    middle, one, used = level(found, baseline, center, sigma)
    averages = middle + _decayed(share * (found - middle), 1 - share)
    # -expm1(2 i log(1 - w)) is 1 - (1 - w)^(2i), exact also where w is tiny.
    with np.errstate(divide="ignore"):
        settled = -np.expm1(2 * np.arange(1, len(found) + 1) * np.log1p(-share))
    error = one * np.sqrt(share / (2 - share) * settled)
    return chart("ewma", averages, middle, error, width=wide(width), baseline=used)


def _decayed(steps: Floats, keep: float) -> Floats:
    """y(i) = steps(i) + keep · y(i - 1), from 0: a block at a time, then what each hands on."""
    blocks = -(-len(steps) // _BLOCK)
    table = np.zeros((blocks, _BLOCK))
    table.ravel()[: len(steps)] = steps
    age = np.arange(_BLOCK)
    within = np.where(age >= age[:, None], keep ** np.maximum(age - age[:, None], 0), 0.0)
    table = table @ within
    if blocks > 1:
        handed = _decayed(table[:-1, -1], keep**_BLOCK)
        table[1:] += handed[:, None] * keep ** (age + 1)
    found: Floats = table.ravel()[: len(steps)]
    return found
