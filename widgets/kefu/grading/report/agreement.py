"""How far two markers agree on a rubric, and which texts to talk over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kefu.quality.agreement import cohen_kappa
from kefu.quality.sampling import wilson
from kefu.quality.testing import ENOUGH, Estimate, mean_difference
from kefu.text import Text, TextJSON

__all__ = ["Agreement", "Criterion", "Pair", "agree"]

_MOST_APART = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two marks of one text on one line of a rubric, out of `most` points."""

    question: TextJSON
    criterion: TextJSON
    text: str
    most: float
    first: float
    second: float

    @property
    def apart(self) -> float:
        """How far the marks differ, as a share of what the line is worth."""
        return abs(self.first - self.second) / self.most if self.most else 0.0


@dataclass(frozen=True, slots=True)
class Criterion:
    """Agreement on one line of a rubric.

    `same` is the share of texts with exactly the same mark; `kappa` is weighted by the squared
    difference of the points, None where both gave one and the same mark throughout;
    `severity` is the second marker's mean less the first's, in points.
    """

    question: TextJSON
    text: TextJSON
    most: float
    same: Estimate
    kappa: float | None
    severity: Estimate

    @property
    def reading(self) -> Text:
        """What it means, no more than the number of texts can say."""
        n, severity = self.same.n, self.severity
        if n < ENOUGH:
            return Text(
                f"只有 {n} 份，不到 {ENOUGH} 份：先把差得多的几份一起看，不下结论。",
                f"Only {n} texts, fewer than {ENOUGH}: talk over those that differ most; "
                "no conclusion is drawn.",
            )
        if self.kappa is None:
            return Text(
                "两人始终给同一个分，kappa 算不出：看不出是一致，还是分数没有起伏。",
                "Both gave one mark throughout, so kappa is undefined: this may be agreement, "
                "or marks that never vary.",
            )
        if severity.low > 0 or severity.high < 0:
            return Text(
                "有一位整体偏严：先对齐每一分的标准。",
                "One of the two is stricter throughout: settle first what each point asks for.",
            )
        if self.kappa < 0.6:
            return Text(
                "给分的高低次序对不上：要点的写法要改，或补上例子。",
                "The marks do not rank texts alike: reword the criterion, or add examples to it.",
            )
        return Text("两人给分大体一致。", "The two mark much alike.")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement by criterion, and the pairs that differ most, the farthest first.

    `unmarked` counts second marks whose text the first marker has not marked (any more).
    """

    criteria: tuple[Criterion, ...]
    apart: tuple[Pair, ...]
    unmarked: int


def agree(pairs: Sequence[Pair], unmarked: int = 0) -> Agreement:
    """Compare two markers, criterion by criterion.

    Args:
        pairs: every text and line that both have marked.
        unmarked: how many lack a first mark.

    Source:
        Weighted kappa: Cohen 1968, Psychological Bulletin 70:213-220.
    """
    groups: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        groups.setdefault((pair.question["zh"], pair.criterion["zh"]), []).append(pair)
    criteria = []
    for mine in groups.values():
        first, second = [one.first for one in mine], [one.second for one in mine]
        scale = np.unique([*first, *second])
        same = sum(a == b for a, b in zip(first, second, strict=True))
        bounds = wilson(same, len(mine))
        criteria.append(
            Criterion(
                mine[0].question,
                mine[0].criterion,
                mine[0].most,
                Estimate(same / len(mine), bounds.low, bounds.high, len(mine)),
                cohen_kappa(
                    first,
                    second,
                    categories=scale.tolist(),
                    weights=np.subtract.outer(scale, scale) ** 2,
                ),
                mean_difference(first, second),
            )
        )
    apart = sorted((one for one in pairs if one.apart), key=lambda one: (-one.apart, one.text))
    return Agreement(tuple(criteria), tuple(apart[:_MOST_APART]), unmarked)
