"""How far raters agree, beyond what chance alone would give.

Both measures are 1 where all agree and 0 where they agree as often as chance would have it;
below 0 they agree less than that. Neither has a unit. A small share of calls in one category
lowers them though the raters hardly differ, so report the plain share of agreement beside them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.quality._given import chosen, floats, labels, missing, quoted
from kefu.text import Text

__all__ = ["Level", "cohen_kappa", "krippendorff_alpha"]

Level = Literal["nominal", "ordinal", "interval", "ratio"]

_Floats = NDArray[np.float64]


def cohen_kappa(
    one: Iterable[Hashable],
    other: Iterable[Hashable],
    *,
    categories: Iterable[Hashable] | None = None,
    weights: Literal["linear", "quadratic"] | ArrayLike | None = None,
) -> float | None:
    """Cohen's kappa: how far two raters agree who scored the same calls.

    kappa = 1 - (disagreement seen) / (disagreement that chance would give, were each rater
    to keep their own share of every category).

    Args:
        one: the first rater's score of each call.
        other: the second rater's, of the same calls in the same order.
        categories: every category of the scale, in its order, also those that nobody used.
            Needed with `weights`, whose distances count along it; else the categories seen.
        weights: how bad each disagreement is. None: all alike. `"linear"`: by the number of
            steps between two categories; `"quadratic"`: by that number squared. Or a square
            table, row: the first rater's category, column: the second's; 0 on its diagonal,
            nowhere negative; only the ratios within it matter.

    Returns:
        At most 1. None where chance leaves no room for disagreement: both raters gave one
        and the same category throughout, or all the pairs that could occur weigh nothing.

    Raises:
        KefuError: nothing was scored; the raters scored different numbers of calls; a score
            is missing (None, NaN) or not among the categories; a category stands twice;
            weights without categories, of another form, or as described above they may not be.

    Source:
        Cohen 1960, Educational and Psychological Measurement 20:37-46; with weights
        Cohen 1968, Psychological Bulletin 70:213-220.

    Published check:
        Cohen 1968, Table 1 (200 cases): 0.492 unweighted, 0.348 with the weights given there.
    """
    first, second = (labels(each, Text("评分", "the scores")) for each in (one, other))
    if len(first) != len(second):
        raise KefuError(
            Text(
                f"两位评分人的评分数不一样：{len(first)} 和 {len(second)}",
                f"the two raters gave different numbers of scores: {len(first)} and {len(second)}",
            ),
            Text(
                "同一通电话每人评一次，顺序相同", "give one score per rater and call, in one order"
            ),
        )
    if not first:
        raise _nothing()
    if categories is None and weights is not None:
        raise KefuError(
            Text(
                "加权时没有给出类别的顺序", "weights were given without the order of the categories"
            ),
            Text("请用 categories 写出全部等级", "name all levels of the scale in categories"),
        )
    places = _places([*first, *second] if categories is None else categories, categories is None)
    size = len(places)
    cells = size * np.array(_placed(first, places)) + np.array(_placed(second, places))
    counts = np.bincount(cells, minlength=size * size).reshape(size, size).astype(np.float64)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    table = _weights(weights, size)
    by_chance = float((table * expected).sum())
    return 1 - float((table * counts).sum()) / by_chance if by_chance else None


def krippendorff_alpha(scores: ArrayLike, *, level: Level) -> float | None:
    """Krippendorff's alpha: how far any number of raters agree; scores may be missing.

    alpha = 1 - (disagreement seen within calls) / (disagreement over all pairs of scores).
    Krippendorff's reading: rely on 0.800 and above; 0.667 to 0.800 is tentative.

    Args:
        scores: one row per rater, one column per call, shape (raters, calls); a missing
            score is NaN or None. A call that fewer than two raters scored does not count.
            Meant for scales: memory grows with the square of the number of distinct scores.
        level: what a distance between two scores means. `"nominal"`: names, all alike far
            apart; `"ordinal"`: ranks, by the scores that lie between; `"interval"`: numbers,
            by their difference squared; `"ratio"`: numbers from 0 up, by the square of their
            difference over their sum.

    Returns:
        At most 1. None where all scores that count are the same: with nothing that varies,
        agreement cannot be told from habit.

    Raises:
        KefuError: not a table of numbers; an infinite score; fewer than two raters; no call
            that two raters scored; a negative score at the ratio level; another level.

    Source:
        Krippendorff 2011, Computing Krippendorff's Alpha-Reliability (University of
        Pennsylvania), with the coincidence matrix.

    Published check:
        The same paper, example C (4 observers, 12 units, 7 scores missing): nominal 0.743,
        ordinal 0.815, interval 0.849, ratio 0.797.
    """
    chosen(level, get_args(Level), Text("测量水平", "level of measurement"))
    table = _score_table(scores)
    there = ~np.isnan(table)
    there &= there.sum(axis=0) >= 2
    if not there.any():
        raise _nothing()
    values, places = np.unique(table[there], return_inverse=True)
    if level == "ratio" and values[0] < 0:
        raise KefuError(
            Text("比率水平的评分不能是负数", "scores at the ratio level cannot be negative"),
            Text("请改用 interval，或检查评分", "use interval, or check the scores"),
        )
    counts = np.zeros((table.shape[1], len(values)))  # calls by distinct scores
    np.add.at(counts, (np.nonzero(there)[1], places), 1)
    counts = counts[counts.any(axis=1)]
    shares = counts / (counts.sum(axis=1, keepdims=True) - 1)
    # Pairs within calls. That a score makes no pair with itself changes the diagonal alone,
    # where every distance is 0.
    coincidences = shares.T @ counts
    totals = counts.sum(axis=0)
    distances = _distances(values, totals, level)
    by_chance = float((distances * np.outer(totals, totals)).sum()) / float(totals.sum() - 1)
    return 1 - float((distances * coincidences).sum()) / by_chance if by_chance else None


# ---- input of both


def _numbers(given: Any, refusal: KefuError) -> _Floats:
    try:
        return floats(given)
    except (TypeError, ValueError, OverflowError):
        raise refusal from None


def _nothing() -> KefuError:
    return KefuError(
        Text("没有两位评分人都评过的电话", "there is no call that two raters scored"),
        Text("至少要有一通电话由两人评分", "have at least one call scored by two raters"),
    )


# ---- kappa's input


def _places(categories: Iterable[Hashable], repeats: bool) -> dict[Hashable, int]:
    """Each category's place on the scale."""
    named = labels(categories, Text("类别", "the categories"))
    once = list(dict.fromkeys(named))
    if not repeats and len(once) < len(named):
        twice = next(each for place, each in enumerate(named) if each in named[:place])
        raise KefuError(
            Text(f"类别 {quoted(twice)} 写了两次", f"the category {quoted(twice)} stands twice"),
            Text("每个类别只写一次", "name each category once"),
        )
    return {category: place for place, category in enumerate(once)}


def _placed(scores: Sequence[Hashable], places: dict[Hashable, int]) -> list[int]:
    # Where every category is a score, only what is none of them needs a closer look.
    if not any(map(missing, places)) and places.keys() >= set(scores):
        return [places[score] for score in scores]
    wrong = [score for score in scores if missing(score) or score not in places]
    if not wrong:
        return [places[score] for score in scores]
    if missing(wrong[0]):
        raise KefuError(
            Text("有的电话缺评分", "a call has no score"),
            Text(
                "请去掉缺评分的电话，或改用 krippendorff_alpha",
                "leave out calls without both scores, or use krippendorff_alpha",
            ),
        )
    said = quoted(wrong[0])
    raise KefuError(
        Text(f"评分 {said} 不在类别里", f"the score {said} is not among the categories"),
        Text("请检查评分，或补上这个类别", "check the score, or add the category"),
    )


def _weights(weights: str | ArrayLike | None, size: int) -> _Floats:
    """How bad each disagreement is, as a table whose greatest entry is 1 (or 0)."""
    if weights is None:
        return 1 - np.eye(size)
    if isinstance(weights, str):
        if weights not in ("linear", "quadratic"):
            raise _no_weights()
        steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size))).astype(np.float64)
        table = steps if weights == "linear" else steps**2
    else:
        table = _numbers(weights, _no_weights())
        if table.shape != (size, size) or not np.isfinite(table).all():
            raise _no_weights()
        if (table < 0).any() or np.diagonal(table).any():
            raise _no_weights()
    return table / (table.max() or 1)


def _no_weights() -> KefuError:
    return KefuError(
        Text("看不懂这些权重", "these weights cannot be used"),
        Text(
            "请用 linear、quadratic，或一张方表：每个类别一行一列，对角线是 0，没有负数",
            "use linear, quadratic or a square table: a row and a column for each category, "
            "0 on the diagonal, nothing negative",
        ),
    )


# ---- alpha's input


def _score_table(scores: ArrayLike) -> _Floats:
    refusal = KefuError(
        Text("评分不是一张数字表", "the scores are not a table of numbers"),
        Text(
            "每位评分人一行，每通电话一列，缺的评分写 NaN",
            "give one row per rater and one column per call, NaN where a score is missing",
        ),
    )
    table = _numbers(scores, refusal)
    if table.ndim != 2 or np.isinf(table).any():
        raise refusal
    if len(table) < 2:
        raise KefuError(
            Text("评分人不足两位，谈不上一致", "with fewer than two raters there is no agreement"),
            Text("请给出至少两位评分人的评分", "give the scores of at least two raters"),
        )
    return table


def _distances(values: _Floats, totals: _Floats, level: Level) -> _Floats:
    """The squared distance of each two of the values, which ascend; 0 on the diagonal."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    if level == "ordinal":
        placed = (np.cumsum(totals) - totals / 2) / totals.sum()
    else:
        # The unit does not matter: a power of two keeps every digit, and no square overflows.
        placed = np.ldexp(values, -int(np.frexp(np.abs(values).max())[1]))
    apart: _Floats = np.subtract.outer(placed, placed)
    if level == "ratio":
        sums = np.add.outer(placed, placed)
        apart = np.divide(apart, sums, out=np.zeros_like(apart), where=sums > 0)
    squared: _Floats = apart**2
    return squared
