"""How the options of a question were picked, and how sure those were who picked them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.quality import _columns as c
from kefu.quality._given import labels, missing, number, refusal
from kefu.quality.sampling import wilson
from kefu.quality.testing import Estimate, correlation
from kefu.text import Text

__all__ = ["Confidence", "Pick", "confident_mistakes", "distractors"]

_TAIL = 0.27

_Mask = NDArray[np.bool_]


class Pick(NamedTuple):
    """How one option was picked.

    `share` is over everyone who answered; `upper` and `lower` are the shares in the groups with
    the highest and the lowest rest scores, None where these groups cannot be told apart.
    `correlation` is that of picking it with the rest score.
    """

    option: str
    times: int
    share: Estimate
    upper: float | None
    lower: float | None
    correlation: Estimate


class Confidence(NamedTuple):
    """Of those who were sure, and of those who were not: how many, and the share of mistakes."""

    sure: int
    unsure: int
    wrong_though_sure: Estimate
    wrong_and_unsure: Estimate


def distractors(
    picked: Sequence[str | None],
    rest: ArrayLike,
    options: Sequence[str],
    confidence: float = 0.95,
) -> list[Pick]:
    """How often each option was picked, by all, by the strong and by the weak.

    The groups are the highest and the lowest 27 % by rest score (Kelley), at least one learner
    each; whoever is level with the last of a group belongs to it. Where learners are so much
    alike that someone would belong to both, there are no groups.

    Args:
        picked: the option of each learner; None: nothing was picked, which is left out.
        rest: each learner's rest score (`rest_scores`); NaN counts for the shares alone.
        options: every option there is, also those that nobody picked.
        confidence: between 0 and 1, both excluded.

    Returns:
        One for each option, in the order given.

    Raises:
        KefuError: the lists differ in length; an option stands twice; one was picked that is not
            among the options; a confidence out of its bounds.

    Source:
        Kelley 1939, Journal of Educational Psychology 30:17-24 (the groups).
    """
    scores = c.row(rest)
    chose = labels(picked, Text("选到的选项", "the options picked"))
    names = labels(options, Text("选项", "the options"))
    if len(chose) != scores.size:
        raise c.unlike()
    if len(set(names)) < len(names) or not set(chose) <= {*names, None}:
        raise KefuError(
            Text("选项对不上", "the options do not fit"),
            Text(
                "每个选项写一次，选到的都要在里面",
                "name each option once, and all that were picked",
            ),
        )
    answered = np.array([one is not None for one in chose], dtype=bool)
    high, low = _groups(scores, answered & ~np.isnan(scores))
    found = []
    for option in names:
        mine = np.array([one == option for one in chose], dtype=bool)
        count, n = int(mine.sum()), int(answered.sum())
        bounds = wilson(count, n, confidence)
        share = Estimate(count / n if n else None, bounds.low, bounds.high, n)
        found.append(
            Pick(
                option,
                count,
                share,
                float(mine[high].mean()) if high is not None else None,
                float(mine[low].mean()) if low is not None else None,
                correlation(np.where(answered, mine, np.nan), scores, confidence),
            )
        )
    return found


def confident_mistakes(
    scores: ArrayLike,
    sure: Sequence[bool | None],
    *,
    below: float = 0.5,
    confidence: float = 0.95,
) -> Confidence:
    """How often those who were sure were wrong, beside those who were not sure.

    Args:
        scores: one per learner, as a share of what the item is worth; a missing one is left out.
        sure: whether the learner said so; None or NaN: said nothing, and is left out.
        below: a score below this is a mistake.
        confidence: between 0 and 1, both excluded.

    Returns:
        Shares with Wilson's interval; without anyone the value is None and the interval 0 to 1.

    Raises:
        KefuError: the lists differ in length; no list of numbers; a `sure` that is neither True,
            False nor missing; a confidence out of its bounds.

    Source:
        Own count; misinformation as confident mistakes: Gardner-Medwin 1995, Association for
        Learning Technology Journal 3:80-85.
    """
    given = c.row(scores)
    said = labels(sure, Text("是否有把握", "who was sure"))
    if given.size != len(said):
        raise c.unlike()
    words = {each for each in set(said) if not missing(each)}
    if not words <= {True, False}:
        raise refusal(
            "是否有把握只有两种",
            "one is sure or not",
            "请写 True 或 False，没有说的写 None",
            "write True or False, and None where nothing was said",
        )
    meant = {each: int(bool(each)) if each in words else -1 for each in set(said)}
    answers = np.fromiter(map(meant.__getitem__, said), dtype=np.int8, count=len(said))
    bound = number(below, Text("算错的分数线", "the score below which it is a mistake"))

    def mistakes(kind: bool) -> Estimate:
        mine = given[answers == kind]
        mine = mine[~np.isnan(mine)]
        wrong = int((mine < bound).sum())
        bounds = wilson(wrong, mine.size, confidence)
        value = wrong / mine.size if mine.size else None
        return Estimate(value, bounds.low, bounds.high, mine.size)

    with_, without = mistakes(True), mistakes(False)
    return Confidence(with_.n, without.n, with_, without)


def _groups(scores: c.Floats, among: _Mask) -> tuple[_Mask | None, _Mask | None]:
    """Who belongs to the highest and to the lowest 27 %, as masks; None where it cannot be told."""
    there = np.sort(scores[among])
    if there.size < 2:
        return None, None
    size = max(1, round(_TAIL * there.size))
    least, most = there[-size], there[size - 1]
    if least <= most:
        return None, None
    return among & (scores >= least), among & (scores <= most)
