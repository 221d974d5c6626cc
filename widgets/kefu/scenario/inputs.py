"""Hidden inputs by name: each draws what a call of one kind might be about.

The same seed gives the same inputs on every machine and under every version of Python:
everything is drawn from `random.Random(seed).random()`, the one method whose numbers Python keeps.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["GENERATORS", "draw"]

_LABELS = ("好", "可以", "要改")


def _whole(dice: random.Random, least: int, most: int) -> int:
    return least + int(dice.random() * (most - least + 1))


def _label(dice: random.Random, labels: Sequence[str], weights: Sequence[float]) -> str:
    at = dice.random() * sum(weights)
    for label, weight in zip(labels, weights, strict=True):
        at -= weight
        if at < 0:
            return label
    return labels[-1]


def proportion(dice: random.Random) -> list[Any]:
    """`[good, n]`: 20 to 400 calls, some of them good and some not."""
    n = _whole(dice, 20, 400)
    return [_whole(dice, 1, n - 1), n]


def small_sample(dice: random.Random) -> list[Any]:
    """`[good, n]`: 2 to 10 calls, some of them good and some not."""
    n = _whole(dice, 2, 10)
    return [_whole(dice, 1, n - 1), n]


def two_raters(dice: random.Random) -> list[Any]:
    """`[first, second]`: the labels that two raters gave to the same 20 to 60 calls.

    The second mostly gives what the first gave, and else draws anew; every label occurs.
    """
    weights = [0.25 + dice.random() for _ in _LABELS]
    follows = 0.4 + 0.5 * dice.random()
    first = [*_LABELS]
    second = [_LABELS[1], _LABELS[1], _LABELS[2]]  # all labels, and one call they differ on
    for _ in range(_whole(dice, 17, 57)):
        first.append(_label(dice, _LABELS, weights))
        agrees = dice.random() < follows
        second.append(first[-1] if agrees else _label(dice, _LABELS, weights))
    return [first, second]


def rare_label(dice: random.Random) -> list[Any]:
    """`[first, second]`: 40 to 80 calls that are nearly all alike; each rater sees one or two else.

    The raters mostly agree and kappa is low, for there was little to disagree about.
    """
    n = _whole(dice, 40, 80)
    raters = []
    for _ in range(2):
        scores = [_LABELS[0]] * n
        for _ in range(_whole(dice, 1, 2)):
            scores[_whole(dice, 0, n - 1)] = _LABELS[2]
        raters.append(scores)
    return raters


def waits(dice: random.Random) -> list[Any]:
    """`[seconds]`: how long 20 to 120 callers waited; most of them not long, a few very long."""
    return [
        [
            round(
                8
                + 60 * dice.random() * dice.random()
                + (240 * dice.random() if dice.random() < 0.05 else 0)
            )
            for _ in range(_whole(dice, 20, 120))
        ]
    ]


GENERATORS: dict[str, Callable[[random.Random], list[Any]]] = {
    made.__name__: made for made in (proportion, small_sample, two_raters, rare_label, waits)
}
"""Name → what draws the arguments of one call."""


def draw(name: str, times: int, seed: str) -> list[list[Any]]:
    """The arguments of `times` calls, no two alike while there are others.

    Args:
        name: one of `GENERATORS`.
        times: how many calls.
        seed: whatever tells this drawing from any other.

    Raises:
        KefuError: no generator has this name.
    """
    if name not in GENERATORS:
        raise KefuError(
            Text(f"不会生成 {name} 这样的数据", f"no inputs are called {name!r}"),
            Text(f"请写其中之一：{', '.join(GENERATORS)}", f"write one of {', '.join(GENERATORS)}"),
        )
    dice, made = random.Random(seed), GENERATORS[name]
    drawn: list[list[Any]] = []
    for left in range(20 * times, 0, -1):
        arguments = made(dice)
        if arguments not in drawn or left <= times - len(drawn):
            drawn.append(arguments)
        if len(drawn) == times:
            break
    return drawn
