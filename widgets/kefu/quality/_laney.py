"""Laney's control charts of what is counted in large numbers. Use them through `charts`."""

from __future__ import annotations

from numpy.typing import ArrayLike

from kefu.quality._chart import Baseline, Chart
from kefu.quality._counted import rates, shares

__all__ = ["laney_p_chart", "laney_u_chart"]


def laney_p_chart(
    counts: ArrayLike,
    sizes: ArrayLike,
    *,
    baseline: Baseline | None = None,
    standard: float | None = None,
    inflation: float | None = None,
    width: float = 3.0,
) -> Chart:
    """Laney's p′ chart: a p chart whose limits also allow for what varies between the rows.

    Each share is standardised as the p chart would; the mean moving range of these, over 1.128,
    is the inflation, and the limits are p ± width · inflation · √(p (1 - p) / size). For sizes
    in the thousands, where the p chart calls nearly every row a signal.

    Args:
        counts: as for `p_chart`.
        sizes: as for `p_chart`.
        baseline: the rows that p and the inflation are computed from; a moving range counts where
            both its rows are among them.
        standard: p itself, where it is frozen or set.
        inflation: by how much sigma exceeds the binomial's (Laney's σ_z), where it is frozen.
        width: how many sigma the limits are away.

    Returns:
        As `p_chart`, with `inflation`: near 1 the p chart would do; below 1 the limits are
        narrower than its. It is 0, and the limits lie on the line, where all shares are alike.

    Raises:
        KefuError: as `p_chart`; no two neighbouring rows to compute the inflation from.

    Source:
        Laney 2002, Improved control charts for attributes, Quality Engineering 14:531-537.
    """
    return shares("p-prime", counts, sizes, baseline, standard, width, inflation)


def laney_u_chart(
    counts: ArrayLike,
    units: ArrayLike,
    *,
    baseline: Baseline | None = None,
    standard: float | None = None,
    inflation: float | None = None,
    width: float = 3.0,
) -> Chart:
    """Laney's u′ chart: to the u chart what `laney_p_chart` is to the p chart.

    Args:
        counts: as for `u_chart`.
        units: as for `u_chart`.
        baseline: as for `laney_p_chart`.
        standard: u itself, where it is frozen or set.
        inflation: by how much sigma exceeds Poisson's, where it is frozen.
        width: how many sigma the limits are away.

    Returns:
        As `u_chart`, with `inflation`, as for `laney_p_chart`.

    Raises:
        KefuError: as `u_chart`; no two neighbouring rows to compute the inflation from.

    Source:
        Laney 2002, Improved control charts for attributes, Quality Engineering 14:531-537.
    """
    return rates("u-prime", counts, units, baseline, standard, width, inflation)
