"""`review`: a scorecard whose levels ascend, and a key that scores all of it.

A review names its scorecard, which is a file of its own: what ties the two together
(`fits`) is checked once everything has been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from kefu.bank.locate import KeyPath
from kefu.bank.named import again, covers, stranger
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.scenario import ReviewItem, ReviewKey, Scorecard
from kefu.text import Text, digits

__all__ = ["fits", "item", "key", "scorecard"]


def item(doc: Document, base: KeyPath, asked: ReviewItem) -> Iterator[Fault]:
    """The lines of the call stand in the order of their times."""
    timed = [(index, line.at) for index, line in enumerate(asked.line) if line.at]
    for (_, before), (index, at) in pairwise(timed):
        if _seconds(at) < _seconds(before):
            yield doc.fault(
                (*base, "line", index, "at"),
                Text(f"{at} 早于上一句的 {before}", f"{at} is before {before}, the line above"),
                Text("请改正时间，或调换两句", "correct the time, or swap the lines"),
            )


def _seconds(at: str) -> int:
    minutes, seconds = at.split(":")
    return 60 * int(minutes) + int(seconds)


def key(doc: Document, base: KeyPath, asked: ReviewItem, given: ReviewKey) -> Iterator[Fault]:
    """No critical error is named twice; the rest is `fits`, which needs the scorecard."""
    for index, name in enumerate(given.critical):
        if name in given.critical[:index]:
            yield doc.fault((*base, "critical", index), *again(name))


def scorecard(doc: Document, card: Scorecard) -> Iterator[Fault]:
    """Names that are used once, words that differ, levels that ascend from 0."""
    ids: set[str] = set()
    words: dict[str, str] = {}
    rows = [("criterion", at, one.id, one.zh) for at, one in enumerate(card.criterion)]
    rows += [("critical", at, one.id, one.zh) for at, one in enumerate(card.critical)]
    for table, at, name, zh in rows:
        if name in ids:
            yield doc.fault((table, at, "id"), *again(name))
        ids.add(name)
        first = words.setdefault(zh, name)
        if first != name:
            yield doc.fault(
                (table, at, "zh"),
                Text(f"{name} 和 {first} 的文字一样", f"{name} has the words of {first}"),
                Text("请改成不同的文字，或删掉一个", "word one differently, or delete it"),
            )
    for index, one in enumerate(card.criterion):
        scores = [level.score for level in one.level]
        if scores[0] != 0:
            yield doc.fault(
                ("criterion", index, "level", 0, "score"),
                Text("最低一级不是 0 分", "the lowest level is not 0"),
                Text("请从 0 分写起", "begin with 0"),
            )
        for at, (low, high) in enumerate(pairwise(scores), 1):
            if high <= low:
                yield doc.fault(
                    ("criterion", index, "level", at, "score"),
                    Text(f"{high} 分排在 {low} 分之后", f"{high} comes after {low}"),
                    Text("请从低到高写，分数不重复", "write levels from the lowest up, each once"),
                )


def fits(doc: Document, base: KeyPath, given: ReviewKey, card: Scorecard) -> Iterator[Fault]:
    """The key at `base` scores every criterion with one of its levels, and gives every reason."""
    criteria = {one.id: one for one in card.criterion}
    errors = [one.id for one in card.critical]
    for name in (name for name in criteria if name not in given.score):
        levels = criteria[name].level
        yield doc.fault(
            base,
            Text(f"{name} 没有打分", f"{name} is not scored"),
            Text(
                f"请补上 score.{name} = {levels[0].score}（到 {levels[-1].score}）",
                f"add score.{name} = {levels[0].score} (to {levels[-1].score})",
            ),
        )
    for name, score in given.score.items():
        if name not in criteria:
            yield doc.fault((*base, "score", name), *stranger(name, criteria))
            continue
        known = [level.score for level in criteria[name].level]
        if score not in known:
            listed = ", ".join(str(each) for each in known)
            yield doc.fault(
                (*base, "score", name),
                Text(
                    f"{name} 没有 {digits(score)} 分这一级", f"{name} has no level {digits(score)}"
                ),
                Text(f"请写其中之一：{listed}", f"write one of {listed}"),
            )
    for index, name in enumerate(given.critical):
        if name not in errors:
            yield doc.fault((*base, "critical", index), *stranger(name, errors))
    yield from covers(doc, (*base, "why"), given.why, [*criteria, *errors], "why")
