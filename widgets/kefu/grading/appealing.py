"""One set's questions about marks, beside what was answered and what it earned."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from kefu import kinds
from kefu.appeals import called
from kefu.errors import KefuError
from kefu.grading.appeals import AppealBook, Asked
from kefu.grading.booked import booked
from kefu.grading.judge import counting
from kefu.grading.paper import Paper
from kefu.grading.rubric import line_name
from kefu.grading.submission import gather
from kefu.places import Places
from kefu.text import Lang, Text
from kefu.vault import Vault, connect

__all__ = ["About", "Appealing"]

_CODE = Text("见笔记本里的代码", "see the code in the notebook")
_NONE = Text("没有作答", "not answered")
_UNMARKED = Text("还没批完", "not all marked yet")


@dataclass(frozen=True, slots=True)
class About:
    """What an item asks, what one learner answered, and what that earned, in one language."""

    n: int
    prompt: str
    answer: list[str]
    credit: str


class Appealing:
    """The questions of a set, to be used in a `with`; takes in what was handed in since.

    Raises:
        KefuError: the set was not released, or a database does not answer.
    """

    def __init__(self, places: Places, set_slug: str) -> None:
        self._places, self._set = places, set_slug
        self._house = connect(places.database())
        self._book = sa.create_engine(places.gradebook())
        self._paper = Paper.read(places, Vault(self._house), set_slug)
        self._items = [name for name in self._paper.points if not line_name(name)]
        self._appeals = AppealBook(self._house)
        self._appeals.collect(places.root / "submitted", set_slug, self._items)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._house.dispose()
        self._book.dispose()

    def asked(self) -> list[Asked]:
        """Every question, by learner and in the order they came."""
        return self._appeals.of(self._set)

    def ref(self, said: str) -> str:
        """The item that an instructor means by its number or its name.

        Raises:
            KefuError: there is no such item.
        """
        if said.isdecimal() and 0 < int(said) <= len(self._items):
            return self._items[int(said) - 1]
        ends = [item for item in self._items if item == said or item.endswith(f"--{said}")]
        if len(ends) == 1:
            return ends[0]
        raise KefuError(
            Text(f"{self._set} 没有 {said} 这道题", f"{self._set} has no item {said}"),
            Text(
                f"请写 1 到 {len(self._items)}，或题目的名字",
                f"write 1 to {len(self._items)}, or an item's name",
            ),
        )

    def check(self, student: str, item: str) -> None:
        """See that something was asked, before anybody writes an answer.

        Raises:
            KefuError: nothing was.
        """
        self._appeals.about(self._set, student, item)

    def answer(self, student: str, item: str, text: str) -> int:
        """Answer a learner's questions about an item; gives how many that answers.

        Raises:
            KefuError: nothing was asked, or nothing is said.
        """
        return self._appeals.answer(self._set, student, item, text)

    def about(self, student: str, item: str, lang: Lang) -> About:
        """What an item asks, what a learner answered, and what that earned."""
        if item not in self._items:  # it was asked by an earlier release
            return About(0, item, [_NONE[lang]], "—")
        card = self._paper.cards[item]
        submission = gather(self._places.root / "submitted", student, self._set)
        found = counting(self._paper.keys, card, submission.attempts)
        if card["kind"] == "program":
            answer = [_CODE[lang]]
        elif found:
            answer = kinds.show(found[0], found[1].response, lang)
        else:
            answer = [_NONE[lang]]
        n = self._items.index(item) + 1
        return About(n, called(card)[lang], answer, self._credit(student, item, lang))

    def _credit(self, student: str, item: str, lang: Lang) -> str:
        with self._book.connect() as db:
            marks = booked(db, self._set, student)
        mine = [
            mark
            for name, mark in (marks.marks if marks else {}).items()
            if name == item or (line_name(name) or ("",))[0] == item
        ]
        if not mine:
            return "—"
        score = sum(mark.score or 0.0 for mark in mine)
        said = f"{round(score, 2):g} / {sum(mark.points for mark in mine):g}"
        if any(mark.score is None for mark in mine):
            return Text(f"{said}，{_UNMARKED.zh}", f"{said}, {_UNMARKED.en}")[lang]
        return said
