"""Kano: which features customers take for granted, which they weigh, and which delight them.

Each customer is asked twice per feature: how they feel if it is there (functional), and how if it
is not (dysfunctional). Each time there are five answers: `ANSWERS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kefu.errors import KefuError
from kefu.quality import _given as g
from kefu.text import Text

__all__ = [
    "ANSWERS",
    "CATEGORIES",
    "TABLE",
    "Category",
    "Kano",
    "kano",
    "kano_category",
    "kano_of",
]

Category = Literal["M", "O", "A", "I", "R", "Q"]

ANSWERS: Mapping[str, Text] = {
    "like": Text("我喜欢这样", "I like it that way"),
    "must-be": Text("理应如此", "it must be that way"),
    "neutral": Text("无所谓", "I am neutral"),
    "live-with": Text("可以忍受", "I can live with it that way"),
    "dislike": Text("我不喜欢这样", "I dislike it that way"),
}
"""The five answers, in the order in which a survey numbers them 1 to 5."""

CATEGORIES: Mapping[Category, Text] = {
    "M": Text("必备", "must-be"),
    "O": Text("期望", "one-dimensional"),
    "A": Text("魅力", "attractive"),
    "I": Text("无差异", "indifferent"),
    "R": Text("反向", "reverse"),
    "Q": Text("存疑", "questionable"),
}
"""The six categories, in the order in which the earlier wins a tie."""

TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""The evaluation table: a row per functional answer, a column per dysfunctional one."""

_NAMES = tuple(CATEGORIES)
_CODES = np.array([[_NAMES.index(cast(Category, cell)) for cell in row] for row in TABLE])
_WORDS = {word: at for at, answer in enumerate(ANSWERS) for word in (answer, str(at + 1))}


class Kano(NamedTuple):
    """How a feature was sorted.

    `counts` has all six categories, in the order of `CATEGORIES`; `category` is the commonest.
    `better` (0 to 1) is how much having it pleases, `worse` (-1 to 0) how much lacking it
    displeases; both are None where no answer is A, O, M or I.
    """

    counts: dict[Category, float]
    category: Category | None
    better: float | None
    worse: float | None


def kano_category(functional: str | int, dysfunctional: str | int) -> Category:
    """Where one customer's two answers put a feature, by the 25-cell table.

    Args:
        functional: the answer if the feature is there: one of `ANSWERS`, or its number 1 to 5.
        dysfunctional: the answer if it is not.

    Raises:
        KefuError: not one of the five answers.

    Source:
        Kano et al. 1984, Hinshitsu 14(2):39-48; Berger et al. 1993, Center for Quality of
        Management Journal 2(4):3-35.

    Published check:
        The table's cells: A 3, O 1, M 3, I 9, R 7, Q 2.
    """
    (code,) = _sorted([(functional, dysfunctional)])
    return _NAMES[int(code)]


def kano(pairs: ArrayLike | Sequence[tuple[str | int, str | int]]) -> Kano:
    """A feature's category, and its better and worse, from all customers' pairs of answers.

    Args:
        pairs: one (functional, dysfunctional) per customer, as in `kano_category`. Leave out
            whoever gave only one answer.

    Returns:
        As `kano_of`. Nobody answered: category, better and worse are None.

    Raises:
        KefuError: no pairs; not one of the five answers.

    Source:
        As `kano_category`.
    """
    counts = np.bincount(_sorted(pairs), minlength=len(_NAMES))
    return kano_of(dict(zip(_NAMES, counts.tolist(), strict=True)))


def kano_of(counts: Mapping[Category, float]) -> Kano:
    """A feature's category, and its better and worse, from how many answers each category has.

    better = (A + O) / (A + O + M + I); worse = -(O + M) / (A + O + M + I).

    Args:
        counts: per category, counts or percentages (they need not be whole); one left out is 0.

    Returns:
        The category is the greatest; in a tie the first of M, O, A, I, R, Q: what customers
        would miss most goes first.

    Raises:
        KefuError: no such category; a count below 0.

    Source:
        Berger et al. 1993, Center for Quality of Management Journal 2(4):3-35.

    Published check:
        Matzler & Hinterhuber 1998, Technovation 18:25-38, skis: edge grip 0.40 and -0.83,
        ease of turn 0.57 and -0.78, service 0.88 and -0.25.
    """
    try:
        given = dict(counts)
    except (TypeError, ValueError):
        raise _no_categories() from None
    if set(given) - set(CATEGORIES):
        raise _no_categories()
    found = g.numbers(
        [given.get(name, 0) for name in _NAMES],
        Text("各类别的人数", "the counts of the categories"),
        low=0,
    ).tolist()
    m, o, a, i, r, q = found
    total = m + o + a + i
    better = worse = None
    if total:
        # The greater sum may round to less than one of its parts: not beyond the ends.
        better, worse = min((a + o) / total, 1.0), max(-(o + m) / total, -1.0)
    category = _NAMES[found.index(max(found))] if total + r + q else None
    each = (int(count) if count % 1 == 0 else count for count in found)
    return Kano(dict(zip(_NAMES, each, strict=True)), category, better, worse)


def _sorted(pairs: Any) -> NDArray[np.int64]:
    """The category of each pair, as its place in `CATEGORIES`."""
    try:
        found = np.asarray(pairs)
    except ValueError:
        raise _no_pairs() from None
    if not found.size and found.ndim <= 2:
        return np.zeros(0, dtype=np.int64)
    if found.ndim != 2 or found.shape[1] != 2:
        raise _no_pairs()
    if found.dtype.kind in "fiu":
        answers = g.numbers(pairs, Text("回答", "the answers"), dims=2, low=1, high=5, whole=True)
        at = answers.astype(np.int64) - 1
    else:
        answered = np.asarray(pairs, dtype=object).ravel().tolist()
        places = [_WORDS.get(str(word), -1) for word in answered]
        if -1 in places:
            wrong = g.quoted(answered[places.index(-1)])
            raise g.refusal(
                f"没有“{wrong}”这个回答",
                f"there is no answer “{wrong}”",
                f"回答是 {'、'.join(ANSWERS)}，或 1 到 5",
                f"the answers are {', '.join(ANSWERS)}, or 1 to 5",
            )
        at = np.array(places).reshape(-1, 2)
    codes: NDArray[np.int64] = _CODES[at[:, 0], at[:, 1]]
    return codes


def _no_categories() -> KefuError:
    return g.refusal(
        "这不是各类别的人数",
        "these are no counts of the categories",
        "每个类别配一个数；类别是 M、O、A、I、R、Q",
        "give a number per category; the categories are M, O, A, I, R and Q",
    )


def _no_pairs() -> KefuError:
    return g.refusal(
        "这不是成对的回答",
        "these are no pairs of answers",
        "每位顾客两个回答：有这项服务时，没有时",
        "give two answers per customer: if it is there, and if it is not",
    )
