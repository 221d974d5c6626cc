"""The widget that shows cards, and hands each answer to the desk it is given.

What is synced with the page is only what a learner may see, and the page may set any of it:
nothing here reads it back. Answers come as messages, and are checked before they are believed.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Protocol

import anywidget
import traitlets

from kefu import kinds
from kefu.appeals import Appeals
from kefu.card import Card, Key, Receipt
from kefu.errors import KefuError
from kefu.journal import Attempt, FileJournal, NotSaved, latest, now
from kefu.progress import receipt
from kefu.reflections import Reflections
from kefu.reflections import reply as reflected
from kefu.text import LANGS, Lang, Text

__all__ = ["Desk", "JournalDesk", "Player", "as_sentence"]

_STATIC = Path(__file__).parent / "static"
_ATTEMPT = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger(__name__)


class Desk(Protocol):
    """Where answers are handed in: the journal beside a notebook, or the house."""

    cards: Sequence[Card]

    def receipts(self) -> dict[str, Receipt]:
        """What was answered before, by item."""

    def take(self, attempt: Attempt) -> Receipt:
        """Keep an attempt; the receipt is given only once it is on disk.

        Raises:
            NotSaved: it is not.
        """


class JournalDesk:
    """A desk beside a learner's notebook: answers go to a journal in a file.

    Args:
        cards: what is asked.
        journal: where attempts are kept.
        keys: item → key, for practice; an item without a key is saved and not judged.
    """

    def __init__(
        self, cards: Sequence[Card], journal: FileJournal, keys: Mapping[str, Key] | None = None
    ) -> None:
        self.cards = cards
        self._journal = journal
        self._keys = keys or {}
        self._by_item = {card["item"]: card for card in cards}
        self._kept: dict[str, Attempt] = {}

    def receipts(self) -> dict[str, Receipt]:
        """The last whole answer to each card as it stands now."""
        mine = [a for a in self._journal.attempts() if self._answers(a)]
        self._kept = {a.id: a for a in mine}
        return {item: self._receipt(a) for item, a in latest(mine, lambda a: a.item).items()}

    def take(self, attempt: Attempt) -> Receipt:
        """Append the attempt, then judge it if there is a key.

        An id is taken once: sent again, whatever it then says, it gets its first receipt.
        """
        if attempt.id in self._kept:
            return self._receipt(self._kept[attempt.id])
        if not self._answers(attempt):
            raise NotSaved(
                Text("这份答案与题目对不上，没有存", "this answer does not fit its question"),
                Text("请重新打开这一课再答", "open the lesson again and answer there"),
            )
        self._journal.append(attempt)
        self._kept[attempt.id] = attempt
        return self._receipt(attempt)

    def _answers(self, attempt: Attempt) -> bool:
        card = self._by_item.get(attempt.item)
        return (
            card is not None
            and card["version"] == attempt.version
            and kinds.is_complete(card, attempt.response)
        )

    def _receipt(self, attempt: Attempt) -> Receipt:
        key = self._keys.get(attempt.item)
        card = self._by_item[attempt.item]
        tries = [a for a in self._kept.values() if a.item == attempt.item]
        return receipt(card, key, attempt, tries[: tries.index(attempt) + 1])


class Player(anywidget.AnyWidget):
    """Cards, one at a time or all together, in either language.

    Args:
        desk: takes the answers, and knows the earlier ones; None shows `notice` alone.
        pace: one card at a time, or all.
        lang: the language to begin in; the page switches by itself.
        title: shown above the cards.
        notice: one calm line, for what the learner should know.
        hand_in: makes the file to hand in for a learner's number and gives its name;
            the page then shows the hand-in panel of the set `handin`.
        appeals: where questions about marks are kept; the hand-in panel then takes some.
        seed: options, steps and the like are shown in an order drawn from it, the same for
            the same seed; the cards' own order if empty.
        reflections: where self-checks are kept, on a learner's own machine;
            None keeps nothing, and the page says so.
    """

    _esm = _STATIC / "player.js"
    _css = _STATIC / "player.css"

    cards: traitlets.List[Card] = traitlets.List().tag(sync=True)
    receipts = traitlets.Dict().tag(sync=True)
    pace = traitlets.Unicode("one").tag(sync=True)
    lang = traitlets.Unicode("zh").tag(sync=True)
    title = traitlets.Any(None, allow_none=True).tag(sync=True)
    notice = traitlets.Any(None, allow_none=True).tag(sync=True)
    handin = traitlets.Any(None, allow_none=True).tag(sync=True)
    seed = traitlets.Unicode("").tag(sync=True)
    progress = traitlets.Any(None, allow_none=True).tag(sync=True)
    map = traitlets.Any(None, allow_none=True).tag(sync=True)

    count: Callable[[], None] | None = None
    """Brings `progress` or `map` up to date; the page asks when a map comes into sight again."""

    def __init__(
        self,
        desk: Desk | None = None,
        *,
        pace: Literal["one", "all"] = "one",
        lang: Lang = "zh",
        title: Text | None = None,
        notice: Text | None = None,
        handin: str | None = None,
        hand_in: Callable[[str], str] | None = None,
        appeals: Appeals | None = None,
        seed: str = "",
        reflections: Reflections | None = None,
    ) -> None:
        self._desk = desk
        self._reflections = reflections
        self._hand_in = hand_in
        self._appeals = appeals
        self._receipts: dict[str, Receipt] = {}
        if desk:
            try:
                self._receipts = desk.receipts()
            except KefuError as error:
                notice = notice or as_sentence(error)
        cards = list(desk.cards) if desk else []
        self._order = {"set": handin, "items": [c["item"] for c in cards]} if handin else None
        super().__init__(
            cards=[] if handin else cards,
            receipts=dict(self._receipts),
            pace=pace,
            lang=lang,
            title=title.json() if title else None,
            notice=notice.json() if notice else None,
            seed=seed,
            handin=self._panel(),
        )
        self.on_msg(self._heard)

    def refresh(self) -> None:
        """Show what was saved since, by another player of the same desk's journal."""
        with suppress(KefuError):
            self._receipts = self._desk.receipts() if self._desk else {}
            self.receipts = dict(self._receipts)

    def _panel(self) -> dict[str, Any] | None:
        if self._order is None:
            return None
        return {**self._order, **(self._appeals.json() if self._appeals else {})}

    def _heard(self, _: object, content: Any, buffers: object) -> None:
        if isinstance(content, dict) and _is_id(content.get("id")):
            self.send(self.reply(content))

    def reply(self, content: dict[str, Any]) -> dict[str, Any]:
        """The answer to one message of the page: `saved`, `handed-in`, or `failed` and why.

        Whatever the message holds, the page gets a calm reply, under the id that it sent.
        """
        try:
            made = self._reply(content)
        except KefuError as error:
            made = {"did": "failed", "why": as_sentence(error).json()}
        except Exception:
            _log.exception("a message could not be answered")
            why = Text(
                "出了点问题，这一步没有做成。", "Something went wrong; that did not work yet."
            )
            made = {"did": "failed", "why": why.json()}
        return {**made, "id": content["id"]}

    def _reply(self, content: dict[str, Any]) -> dict[str, Any]:
        if (
            made := reflected(content, self._desk.cards if self._desk else (), self._reflections)
        ) is not None:
            return made
        if content.get("do") == "answer" and self._desk:
            receipt = self._desk.take(_attempt(content))
            self._receipts[receipt["item"]] = receipt
            self.receipts = dict(self._receipts)
            return {"did": "saved", "receipt": receipt}
        if content.get("do") == "count" and self.count:
            self.count()
            return {"did": "counted"}
        if content.get("do") == "hand-in" and self._hand_in:
            student = content.get("student")
            file = self._hand_in(student if isinstance(student, str) else "")
            return {"did": "handed-in", "file": file}
        if content.get("do") == "appeal" and self._appeals:
            self._appeals.ask(content)
            self.handin = self._panel()
            return {"did": "appealed"}
        raise NotSaved(
            Text("没看懂这个请求", "this request was not understood"),
            Text("请刷新页面", "please reload the page"),
        )


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ATTEMPT.fullmatch(value) is not None


def _attempt(content: dict[str, Any]) -> Attempt:
    """An attempt as the page claims it; its clock is ours."""
    item, version, response = (content.get(name) for name in ("item", "version", "response"))
    if not (isinstance(item, str) and isinstance(version, str) and isinstance(response, dict)):
        raise NotSaved(
            Text("没看懂这份答案", "this answer was not understood"),
            Text("请刷新页面再答", "please reload the page and answer again"),
        )
    lang = content.get("lang")
    return Attempt(
        id=content["id"],
        item=item,
        version=version,
        response=response,
        at=now(),
        lang=lang if lang in LANGS else None,
    )


def as_sentence(error: KefuError) -> Text:
    """One sentence to show."""
    said = error.say("en")
    return Text(f"{error.say('zh')}。", f"{said[:1].upper()}{said[1:]}.")
