"""Samples by strata such as shifts, skills or agents: how many, which, and what they say."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import repeat
from random import Random
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kefu.quality._given import (
    Floats,
    count,
    labels,
    missing,
    numbers,
    quoted,
    refusal,
    same_length,
    z,
)
from kefu.quality.sampling import Share
from kefu.text import Text

__all__ = ["draw", "neyman", "proportional", "stratified_share"]

_SIZES = Text("各层的总量", "the sizes of the strata")
_N = Text("样本量", "the sample size")


def proportional(sizes: ArrayLike, n: int) -> tuple[int, ...]:
    """A sample divided among strata in proportion to their sizes.

    Each stratum gets the whole part of its quota n x size / total; what is left goes one by one
    to the largest remainders, of equal ones to the stratum that stands first.

    Args:
        sizes: how many calls each stratum has, whole, 0 or more.
        n: how many to draw in all, whole, at most the sum of `sizes`.

    Returns:
        One number per stratum; they sum to exactly `n`, and none is above its stratum.

    Raises:
        KefuError: a number out of its bounds, or not whole; more to draw than there is.

    Source:
        Cochran 1977, Sampling Techniques, 3rd ed., section 5.3; largest remainders: Hamilton.

    Published check:
        Wikipedia, Largest remainder method: 10 seats for 47000, 16000, 15900, 12000, 6000 and
        3100 votes are 5, 2, 1, 1, 1, 0.
    """
    strata, total = _sizes(sizes, n)
    return tuple(_divide(strata, strata, total))


def neyman(sizes: ArrayLike, spreads: ArrayLike, n: int) -> tuple[int, ...]:
    """A sample divided so that the estimate over all strata varies least (Neyman).

    In proportion to size x spread. A stratum whose quota is all it has, or more, is looked at
    whole, and the rest of the sample is divided anew among the others. Whole parts and
    remainders as for `proportional`. Strata without spread get calls only once all others are
    looked at whole, and then by their sizes.

    Args:
        sizes: how many calls each stratum has, whole, 0 or more.
        spreads: the standard deviation within each, 0 or more, all in one unit; for a share p
            it is sqrt(p (1 - p)). A stratum that is thought to have none is not looked at: give
            it a little if its share shall be known too.
        n: how many to draw in all, whole, at most the sum of `sizes`.

    Returns:
        One number per stratum; they sum to exactly `n`, and none is above its stratum.

    Raises:
        KefuError: a number out of its bounds, or not whole; more to draw than there is;
            as many spreads as sizes are not given.

    Source:
        Neyman 1934, Journal of the Royal Statistical Society 97:558-625;
        Cochran 1977, Sampling Techniques, 3rd ed., sections 5.5 and 5.8.

    Published check:
        Scheaffer, Mendenhall & Ott, Elementary Survey Sampling, television viewing: sizes 155,
        62, 93 and spreads 5, 15, 10 share 57 calls as 17, 20, 20.
    """
    strata, total = _sizes(sizes, n)
    within = numbers(spreads, Text("各层的标准差", "the spreads of the strata"), low=0)
    same_length(np.asarray(strata), within)
    # In the least unit that all spreads are whole multiples of, a power of two: whole numbers
    # divide alike on every machine, and no remainder is only rounding.
    ratios = [spread.as_integer_ratio() for spread in within.tolist()]
    unit = max((below for _, below in ratios), default=1)
    weights = [
        size * above * (unit // below) for size, (above, below) in zip(strata, ratios, strict=True)
    ]
    return tuple(_divide(strata, weights, total))


def draw(strata: Sequence[Hashable], allocation: Mapping[Hashable, int], *, seed: int) -> list[int]:
    """A random sample by strata that anybody can draw again from its seed.

    Every row, from the first to the last, is given the next number of Python's
    `random.Random(seed).random()`, whose sequence is promised not to change; of each stratum
    the rows with the lowest numbers are taken. So every choice of that many rows of a stratum
    is as likely as any other, a larger allocation only adds rows to a smaller one, and no
    stratum's draw depends on how many are drawn from another.

    Args:
        strata: the stratum of each row, in a fixed order of the rows, such as by call id.
        allocation: how many to draw from each stratum; one that is not named gives none.
        seed: a whole number, 0 or more; keep it with the sample.

    Returns:
        The rows drawn, from 0, ascending.

    Raises:
        KefuError: a row without a stratum (None, NaN); a stratum that no row has, unless none
            is to be drawn from it; no mapping of strata to numbers; more to draw than a stratum
            has; a seed or a number to draw that is negative or not whole.

    Source:
        Fan, Muller & Rezucha 1962, Journal of the American Statistical Association 57:387-402
        (a random number for every unit, the lowest are taken).
    """
    dice = Random(count(seed, Text("随机种子", "the seed"), high=2**53)).getstate()[1]
    named = labels(strata, Text("层名", "the strata"))
    if any(map(missing, set(named))):
        row = next(at for at, each in enumerate(named) if missing(each))
        raise refusal(
            f"第 {row} 行（从 0 数起）没有层",
            f"row {row}, counted from 0, has no stratum",
            "请给每行写上层名",
            "name the stratum of every row",
        )
    try:
        wanted_of = dict(allocation)
    except (TypeError, ValueError):
        raise refusal(
            "没有写清每层抽多少",
            "how many to draw from each stratum is not given",
            "请给每个层名配一个数",
            "give a number per stratum",
        ) from None
    # numpy continues the sequence where Python's generator stands, many numbers at once.
    same = np.random.RandomState()
    same.set_state({"bit_generator": "MT19937", "state": {"key": dice[:-1], "pos": dice[-1]}})
    place = {stratum: at for at, stratum in enumerate(wanted_of)}
    of = np.fromiter(map(place.get, named, repeat(-1)), dtype=np.int64, count=len(named))
    rows = np.lexsort((same.random_sample(len(named)), of))
    ends = np.searchsorted(of[rows], np.arange(len(place) + 1))
    drawn: list[int] = []
    for at, (stratum, asked) in enumerate(wanted_of.items()):
        name = quoted(stratum)
        wanted = count(asked, Text(f"{name} 层要抽的数", f"the number to draw from {name}"))
        there = rows[ends[at] : ends[at + 1]]
        if wanted > len(there):
            raise refusal(
                f"{name} 层只有 {len(there)} 通，抽不出 {wanted} 通",
                f"the stratum {name} has {len(there)}: {wanted} cannot be drawn",
                "请少抽一些，或检查层名",
                "draw fewer, or check the stratum's name",
            )
        drawn += there[:wanted].tolist()
    return sorted(drawn)


def stratified_share(
    counts: ArrayLike, ns: ArrayLike, sizes: ArrayLike, confidence: float = 0.95
) -> Share:
    """The share over all strata, from a sample of each, every stratum weighing what it is.

    value = sum of size x count / n, over the sum of sizes. The interval: in every stratum
    Wilson's, with n replaced by n (N - 1) / (N - n) since a part of the stratum is known; from
    the value it reaches as far as the strata's distances together, by Pythagoras, as Newcombe's
    does for a difference. It has a width also where all, or none, have the property.

    Args:
        counts: how many calls of each stratum's sample have the property.
        ns: how many calls of each stratum were looked at.
        sizes: how many calls each stratum has.
        confidence: between 0 and 1, both excluded.

    Returns:
        0 <= low <= value <= high <= 1, and how many calls were looked at. Strata of size 0 count
        for nothing. Where a stratum that has calls was not looked at, or none has any, the value
        is None and 0 to 1 is what is known. Where all calls were looked at, low, value and high
        are one.

    Raises:
        KefuError: a count above its n, an n above its size; a number that is negative or not
            whole; lists of different lengths; a confidence out of its bounds.

    Source:
        Cochran 1977, Sampling Techniques, 3rd ed., section 5.10 (the value);
        Zou & Donner 2008, Statistics in Medicine 27:1693-1702 (limits from limits).
    """
    reach = z(confidence)
    having = numbers(counts, Text("各层的次数", "the counts"), low=0, whole=True)
    looked = numbers(ns, Text("各层的样本量", "the sample sizes"), low=0, whole=True)
    there = numbers(sizes, _SIZES, low=0, whole=True)
    same_length(having, looked, there)
    if (having > looked).any() or (looked > there).any():
        raise refusal(
            "有一层的次数大于样本量，或样本量大于总量",
            "in a stratum the count is above the sample, or the sample above the stratum",
            "每层都要：次数不大于样本量，样本量不大于总量",
            "in each: a count at most the sample, a sample at most the stratum",
        )
    n, total = int(looked.sum()), float(there.sum())
    if not total or ((looked == 0) & (there > 0)).any():
        return Share(None, 0.0, 1.0, n)
    some = there > 0
    having, looked, there = having[some], looked[some], there[some]
    weights, shares = there / total, having / looked
    # 1 / n of the sample that would tell as much, were the stratum without end.
    each = reach**2 * (there - looked) / (looked * np.maximum(there - 1, 1))
    middle = (shares + each / 2) / (1 + each)
    half = np.sqrt(each * shares * (1 - shares) + each**2 / 4) / (1 + each)
    value = min(float(weights @ shares), 1.0)
    down = _together(weights, np.maximum(shares - (middle - half), 0.0))
    up = _together(weights, np.maximum(middle + half - shares, 0.0))
    return Share(value, max(value - down, 0.0), min(value + up, 1.0), n)


def _together(weights: Floats, distances: Floats) -> float:
    return float(np.linalg.norm(weights * distances))


def _sizes(sizes: ArrayLike, n: int) -> tuple[list[int], int]:
    """The sizes of the strata, and a number to draw that they have."""
    strata: list[int] = numbers(sizes, _SIZES, low=0, whole=True).astype(np.int64).tolist()
    total = count(n, _N)
    if total > sum(strata):
        raise refusal(
            f"总共只有 {sum(strata)} 通，抽不出 {total} 通",
            f"there are {sum(strata)} in all: {total} cannot be drawn",
            "请少抽一些",
            "draw fewer",
        )
    return strata, total


def _divide(sizes: list[int], weights: list[int], n: int) -> list[int]:
    """`n` by the weights, none above its size; `n` is at most the sum of sizes."""
    # Machine numbers where no product overflows, else Python's own: exact are both.
    greatest = max(n, max(sizes, default=0)) * max(sum(sizes), sum(weights))
    kind: Any = np.int64 if greatest < 2**63 else object
    size, weight = np.array(sizes, dtype=kind), np.array(weights, dtype=kind)
    given, open_ = np.zeros(len(sizes), dtype=kind), np.flatnonzero(size)
    while n:
        there = size[open_]
        share = weight[open_] if weight[open_].any() else there
        whole = share.sum()
        full = n * share >= there * whole
        if not full.any():
            given[open_] = quota = n * share // whole
            # No quota reaches its size, so one more never passes it; sorting keeps ties in order.
            first = np.argsort(-(n * share % whole), kind="stable")[: n - quota.sum()]
            given[open_[first]] += 1
            break
        given[open_[full]] = there[full]
        n -= there[full].sum()
        open_ = open_[~full]
    return given.tolist()  # type: ignore[no-any-return]
