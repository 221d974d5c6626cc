"""Samples: intervals, sizes, strata, acceptance; beside statsmodels, scipy and pandas."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from benchmarks.quality.case import CALL, CALLS, Case, Given
from kefu.quality import acceptance, sampling, sizes, strata
from kefu.text import Text

__all__ = ["CASES"]

_SAMPLE = Text("样本", "sample")
_LOT = Text("批", "lot")
_STRATUM = Text("层", "stratum")
_SKILLS = tuple("abcdefgh")
_EACH = 0.05
"""How much of each stratum is drawn."""


def _shares(rows: int, rng: np.random.Generator) -> Given:
    n1, n2 = rng.integers(20, 500, (2, rows))
    return Given(
        n1=n1, n2=n2, count1=rng.binomial(n1, 0.2), count2=rng.binomial(n2, 0.3),
        margins=rng.uniform(0.01, 0.1, rows).tolist(), populations=n1.tolist(),
    )  # fmt: skip


def _confint(method: str) -> Any:
    def theirs(g: Given) -> Any:
        from statsmodels.stats.proportion import proportion_confint

        return proportion_confint(g.count1, g.n1, method=method)

    return theirs


def _newcomb(g: Given) -> Any:
    from statsmodels.stats.proportion import confint_proportions_2indep

    return confint_proportions_2indep(
        g.count2, g.n2, g.count1, g.n1, compare="diff", method="newcomb"
    )


def _size_for_share(g: Given) -> list[float]:
    from statsmodels.stats.proportion import samplesize_confint_proportion

    return [samplesize_confint_proportion(0.5, each) for each in g.margins]


def _up(found: list[float]) -> list[int]:
    return [int(np.ceil(each * (1 - 1e-12))) for each in found]


def _size_for_mean(g: Given) -> list[float]:
    from scipy.stats import norm

    return [(norm.isf(0.025) * 2.0 / each) ** 2 for each in g.margins]


def _margins(g: Given) -> Any:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(g.n1 / 2, g.n1, method="normal")
    return (high - low) / 2


def _size_for_difference(g: Given) -> list[float]:
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

    return [samplesize_proportions_2indep_onetail(each, 0.5, power=0.8) for each in g.margins]


def _krejcie(g: Given) -> list[int]:
    # The published formula, word for word.
    return [
        round(3.841 * n * 0.5 * 0.5 / (0.05**2 * (n - 1) + 3.841 * 0.5 * 0.5))
        for n in g.populations
    ]


def _strata(rows: int, rng: np.random.Generator) -> Given:
    there = rng.integers(20, 500, rows)
    looked = rng.integers(5, 20, rows)
    return Given(
        sizes=there, spreads=rng.uniform(0.1, 0.5, rows).round(6), n=int(there.sum() // 20),
        looked=looked, counts=rng.binomial(looked, 0.1),
    )  # fmt: skip


def _largest_remainders(weights: Any, n: int) -> Any:
    quota = weights * (n / weights.sum())
    found = np.floor(quota).astype(np.int64)
    left = n - int(found.sum())
    found[np.argsort(found - quota, kind="stable")[:left]] += 1
    return found


def _close_to(found: Any) -> Any:
    return np.asarray(found, dtype=np.float64)


def _drawn(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    of = rng.choice(_SKILLS, rows)
    frame = pd.DataFrame({"skill": of})
    many = frame.groupby("skill").size()
    asked = {str(name): round(int(size) * _EACH) for name, size in many.items()}
    return Given(strata=of.tolist(), asked=asked, frame=frame)


def _draw_theirs(g: Given) -> Any:
    return g.frame.groupby("skill").sample(frac=_EACH, random_state=1)


def _of_each(g: Given) -> Any:
    """How many of each stratum were drawn: which ones is chance, and differs."""
    rows = strata.draw(g.strata, g.asked, seed=1)
    return rows, g.strata


def _counts(drawn: Any) -> dict[str, int]:
    rows, names = drawn
    assert rows == sorted(set(rows))
    return dict(Counter(names[row] for row in rows))


def _their_counts(frame: Any) -> dict[str, int]:
    assert frame.index.is_unique
    return {str(name): int(n) for name, n in frame.skill.value_counts().items()}


def _stratified(g: Given) -> list[float]:
    """Wilson's interval of each stratum by statsmodels, put together as Zou and Donner do."""
    from statsmodels.stats.proportion import proportion_confint

    weights, shares = g.sizes / g.sizes.sum(), g.counts / g.looked
    n = g.looked * (g.sizes - 1) / (g.sizes - g.looked)
    low, high = proportion_confint(shares * n, n, method="wilson")
    value = (weights * shares).sum()
    down = np.sqrt(((weights * (shares - low)) ** 2).sum())
    up = np.sqrt(((weights * (high - shares)) ** 2).sum())
    return [value, value - down, value + up]


def _lots(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    n = rng.integers(20, 300, rows)
    units = rng.integers(100, 1000, rows)
    defects = rng.binomial(units * 10, 0.01)
    frame = pd.DataFrame({"defects": defects, "units": units})
    return Given(
        n=n, most=rng.integers(0, 8, rows), shares=rng.uniform(0.001, 0.1, rows),
        units=units, defects=defects, frame=frame, dpmo=rng.uniform(1, 3e5, rows),
    )  # fmt: skip


def _binom(g: Given) -> Any:
    from scipy.stats import binom

    return binom.cdf(g.most, g.n, g.shares)


def _binom_curve(g: Given) -> Any:
    from scipy.stats import binom

    return binom.cdf(2, 89, g.shares)


def _norm(g: Given) -> Any:
    from scipy.stats import norm

    return norm.isf(g.dpmo / 1e6) + 1.5


CASES = (
    Case("sampling.wilson", "statsmodels proportion_confint", _SAMPLE, _shares,
         lambda g: sampling.wilson(g.count1, g.n1), _confint("wilson")),
    Case("sampling.clopper_pearson", "statsmodels proportion_confint", _SAMPLE, _shares,
         lambda g: sampling.clopper_pearson(g.count1, g.n1), _confint("beta")),
    Case("sampling.difference", "statsmodels confint_proportions_2indep", _SAMPLE, _shares,
         lambda g: sampling.difference(g.count1, g.n1, g.count2, g.n2), _newcomb,
         lambda found: (found.low, found.high)),
    Case("sizes.size_for_share", "statsmodels samplesize_confint_proportion", CALL, _shares,
         lambda g: [sizes.size_for_share(each) for each in g.margins], _size_for_share,
         read_theirs=_up),
    Case("sizes.size_for_mean", "scipy.stats.norm", CALL, _shares,
         lambda g: [sizes.size_for_mean(2.0, each) for each in g.margins], _size_for_mean,
         read_theirs=_up),
    Case("sizes.size_for_difference", "statsmodels samplesize_proportions_2indep", CALL, _shares,
         lambda g: [sizes.size_for_difference(0.5, 0.5 + each) for each in g.margins],
         _size_for_difference),
    Case("sizes.krejcie_morgan", "Python", CALL, _shares,
         lambda g: [sizes.krejcie_morgan(each) for each in g.populations], _krejcie),
    Case("sizes.margin_of_share", "statsmodels proportion_confint", _SAMPLE, _shares,
         lambda g: sizes.margin_of_share(g.n1), _margins),
    Case("strata.proportional", "numpy", _STRATUM, _strata,
         lambda g: strata.proportional(g.sizes, g.n),
         lambda g: _largest_remainders(g.sizes, g.n)),
    Case("strata.neyman", "numpy", _STRATUM, _strata,
         lambda g: strata.neyman(g.sizes, g.spreads, g.n),
         lambda g: _largest_remainders(g.sizes * g.spreads, g.n)),
    Case("strata.draw", "pandas groupby.sample", CALLS, _drawn,
         _of_each, _draw_theirs, _counts, _their_counts),
    Case("strata.stratified_share", "statsmodels proportion_confint", _STRATUM, _strata,
         lambda g: strata.stratified_share(g.counts, g.looked, g.sizes), _stratified,
         lambda found: found[:3]),
    Case("acceptance.acceptance", "scipy.stats.binom", _LOT, _lots,
         lambda g: acceptance.acceptance(g.n, g.most, g.shares), _binom),
    Case("acceptance.oc_curve", "scipy.stats.binom", _LOT, _lots,
         lambda g: acceptance.oc_curve(89, 2, g.shares), _binom_curve,
         lambda curve: curve.accepted),
    Case("acceptance.dpmo", "pandas", _LOT, _lots,
         lambda g: acceptance.dpmo(g.defects, g.units, 10),
         lambda g: g.frame.defects / (g.frame.units * 10) * 1e6),
    Case("acceptance.sigma_level", "scipy.stats.norm", _LOT, _lots,
         lambda g: acceptance.sigma_level(g.dpmo), _norm),
)  # fmt: skip
