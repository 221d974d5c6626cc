"""Those who judge, and questions with their answers.

Beside statsmodels, scikit-learn, krippendorff, pingouin, scipy and pandas.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.quality.case import LEARNER, SCORED, Case, Given
from kefu.quality import agreement, picking, raters, testing

__all__ = ["CASES"]

_SCALE = (1, 2, 3, 4, 5)
_OPTIONS = tuple("abcd")


def _two(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    one = rng.integers(1, 6, rows)
    other = np.clip(one + rng.choice([-1, 0, 0, 0, 1], rows), 1, 5)
    return Given(one=one, other=other, frame=pd.DataFrame({"one": one, "other": other}))


def _sklearn(weights: str | None) -> Any:
    def theirs(g: Given) -> Any:
        from sklearn import metrics  # type: ignore[import-untyped, unused-ignore]

        return metrics.cohen_kappa_score(g.one, g.other, weights=weights)

    return theirs


def _statsmodels(g: Given) -> Any:
    import pandas as pd
    from statsmodels.stats.inter_rater import cohens_kappa

    table = pd.crosstab(g.frame.one, g.frame.other).to_numpy()
    return cohens_kappa(table, wt="quadratic", return_results=False)


def _many(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    true = rng.integers(1, 6, rows)
    table = np.clip(true + rng.choice([-1, 0, 0, 1], (4, rows)), 1, 5).astype(float)
    missing = table.copy()
    missing[rng.random(table.shape) < 0.1] = np.nan
    scores = rng.normal(80, 5, rows)[:, None] + rng.normal(0, 4, (rows, 4)) + [-1, 0, 1, 2]
    frame = pd.DataFrame(
        {
            "call": np.repeat(np.arange(rows), 4),
            "rater": np.tile(np.arange(4), rows),
            "score": scores.ravel(),
        }
    )
    gaps = np.where(rng.random(scores.shape) < 0.1, np.nan, scores)
    counts = np.stack([(table == each).sum(axis=0) for each in _SCALE], axis=1)
    return Given(
        missing=missing, scores=scores, frame=frame, counts=counts, gaps=gaps,
        gaps_frame=pd.DataFrame(gaps),
    )  # fmt: skip


def _krippendorff(g: Given) -> Any:
    import krippendorff

    return krippendorff.alpha(g.missing, level_of_measurement="ordinal")


def _fleiss(g: Given) -> Any:
    from statsmodels.stats.inter_rater import fleiss_kappa

    return fleiss_kappa(g.counts)


def _icc(g: Given) -> Any:
    import pingouin  # type: ignore[import-untyped, unused-ignore]

    return pingouin.intraclass_corr(g.frame, targets="call", raters="rater", ratings="score")


def _agreed(g: Given) -> list[float]:
    from statsmodels.stats.proportion import proportion_confint

    same = g.frame.one == g.frame.other
    return [same.mean(), *proportion_confint(same.sum(), len(same), method="wilson")]


def _answers(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    skill = rng.normal(0, 1, rows)
    credit = 1 / (1 + np.exp(-(skill[:, None] + rng.normal(0, 1, (rows, 10)))))
    right = (credit > 0.5).astype(float)
    picked = np.where(right[:, 0] == 1, "a", rng.choice(_OPTIONS, rows))
    rest = right[:, 1:].sum(axis=1)
    sure = rng.random(rows) < 0.6
    return Given(
        credit=credit, right=right, frame=pd.DataFrame(credit), right_frame=pd.DataFrame(right),
        picked=picked.tolist(), rest=rest, sure=sure.tolist(),
        picks=pd.DataFrame({"picked": picked, "rest": rest}),
        said=pd.DataFrame({"score": credit[:, 0], "sure": sure}),
    )  # fmt: skip


def _cronbach(column: str) -> Any:
    def theirs(g: Given) -> Any:
        import pingouin

        return pingouin.cronbach_alpha(data=getattr(g, column))

    return theirs


def _reliability(found: testing.Reliability) -> list[Any]:
    # pingouin rounds its interval to three digits.
    return [found.alpha, *(round(end, 3) for end in (found.low, found.high) if end is not None)]


def _theirs(found: Any) -> list[float]:
    alpha, ends = found
    return [alpha, *ends]


def _facility(g: Given) -> list[float]:
    from statsmodels.stats.proportion import proportion_confint

    column = g.right_frame[0]
    return [column.mean(), *proportion_confint(column.sum(), len(column), method="wilson")]


def _pearson(one: Any, other: Any) -> list[float]:
    from scipy.stats import pearsonr

    found = pearsonr(one, other)
    return [found.statistic, *found.confidence_interval()]


def _discrimination(g: Given) -> list[float]:
    return _pearson(g.frame[0], g.frame.drop(columns=0).sum(axis=1))


def _paired(g: Given) -> list[float]:
    from scipy.stats import ttest_rel

    found = ttest_rel(g.credit[:, 1], g.credit[:, 0])
    return [(g.credit[:, 1] - g.credit[:, 0]).mean(), *found.confidence_interval()]


def _estimate(found: Any) -> Any:
    return list(found[:3])


def _distractors(g: Given) -> list[Any]:
    from scipy.stats import pearsonr
    from statsmodels.stats.proportion import proportion_confint

    sorted_ = g.picks.rest.sort_values(ignore_index=True)
    size = max(1, round(0.27 * len(sorted_)))
    high = g.picks.rest >= sorted_.iloc[-size]
    low = g.picks.rest <= sorted_.iloc[size - 1]
    found = []
    for option in _OPTIONS:
        mine = g.picks.picked == option
        found.append(
            [
                int(mine.sum()), *proportion_confint(mine.sum(), len(mine), method="wilson"),
                mine[high].mean(), mine[low].mean(), pearsonr(mine, g.picks.rest).statistic,
            ]
        )  # fmt: skip
    return found


def _picks(found: list[picking.Pick]) -> list[Any]:
    return [
        [one.times, one.share.low, one.share.high, one.upper, one.lower, one.correlation.value]
        for one in found
    ]


def _mistakes(g: Given) -> list[Any]:
    from statsmodels.stats.proportion import proportion_confint

    by = (g.said.score < 0.5).groupby(g.said.sure).agg(["sum", "count"]).reindex([True, False])
    low, high = proportion_confint(by["sum"], by["count"], method="wilson")
    return [by["count"], by["sum"] / by["count"], low, high]


def _sure(found: picking.Confidence) -> list[Any]:
    both = found.wrong_though_sure, found.wrong_and_unsure
    columns = zip(*(each[:3] for each in both), strict=True)
    return [(found.sure, found.unsure), *columns]


CASES = (
    Case("agreement.cohen_kappa", "sklearn cohen_kappa_score", SCORED, _two,
         lambda g: agreement.cohen_kappa(g.one, g.other), _sklearn(None)),
    Case("agreement.cohen_kappa, quadratic", "statsmodels cohens_kappa", SCORED, _two,
         lambda g: agreement.cohen_kappa(g.one, g.other, categories=_SCALE, weights="quadratic"),
         _statsmodels),
    Case("agreement.krippendorff_alpha", "krippendorff.alpha", SCORED, _many,
         lambda g: agreement.krippendorff_alpha(g.missing, level="ordinal"), _krippendorff),
    Case("raters.fleiss_kappa", "statsmodels fleiss_kappa", SCORED, _many,
         lambda g: raters.fleiss_kappa(g.counts), _fleiss),
    Case("raters.icc", "pingouin.intraclass_corr", SCORED, _many,
         lambda g: raters.icc(g.scores), _icc, list, lambda found: found["ICC"].to_numpy()),
    Case("raters.share_agreed", "pandas + statsmodels", SCORED, _two,
         lambda g: raters.share_agreed(g.one, g.other), _agreed, lambda found: list(found[:3])),
    Case("raters.severity", "pandas", SCORED, _many,
         lambda g: raters.severity(g.gaps),
         lambda g: g.gaps_frame.mean() - g.gaps_frame.stack().mean()),
    Case("testing.cronbach_alpha", "pingouin.cronbach_alpha", LEARNER, _answers,
         lambda g: testing.cronbach_alpha(g.credit), _cronbach("frame"), _reliability, _theirs),
    Case("testing.kr20", "pingouin.cronbach_alpha", LEARNER, _answers,
         lambda g: testing.kr20(g.right), _cronbach("right_frame"), _reliability, _theirs),
    Case("testing.facility", "pandas + statsmodels", LEARNER, _answers,
         lambda g: testing.facility(g.right[:, 0]), _facility, _estimate),
    Case("testing.correlation", "scipy.stats.pearsonr", LEARNER, _answers,
         lambda g: testing.correlation(g.credit[:, 0], g.credit[:, 1]),
         lambda g: _pearson(g.credit[:, 0], g.credit[:, 1]), _estimate),
    Case("testing.mean_difference", "scipy.stats.ttest_rel", LEARNER, _answers,
         lambda g: testing.mean_difference(g.credit[:, 0], g.credit[:, 1]), _paired, _estimate),
    Case("testing.rest_scores", "pandas", LEARNER, _answers,
         lambda g: testing.rest_scores(g.credit, 0),
         lambda g: g.frame.drop(columns=0).sum(axis=1)),
    Case("testing.discrimination", "pandas + scipy.stats.pearsonr", LEARNER, _answers,
         lambda g: testing.discrimination(g.credit, 0), _discrimination, _estimate),
    Case("picking.distractors", "pandas + scipy + statsmodels", LEARNER, _answers,
         lambda g: picking.distractors(g.picked, g.rest, _OPTIONS), _distractors, _picks),
    Case("picking.confident_mistakes", "pandas + statsmodels", LEARNER, _answers,
         lambda g: picking.confident_mistakes(g.credit[:, 0], g.sure), _mistakes, _sure),
)  # fmt: skip
