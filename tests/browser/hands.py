"""How a person answers a question of any kind: with a mouse, by touch, by keyboard alone.

What is to be answered is given as a response, and brought about on the page by reading it:
everything is found by the words that stand on it, in the language that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol

from playwright.sync_api import Locator, Page, expect

from kefu.card import Card
from kefu.text import Lang

__all__ = ["KEYS", "MOUSE", "TOUCH", "Hand", "answer", "give", "press_submit", "steps"]

_ACTIVE = "one => one === document.activeElement"
_SAME_GROUP = """one => document.activeElement.type === 'radio'
    && document.activeElement.name === one.name"""
_PASSED = """one => Boolean(document.activeElement.compareDocumentPosition(one)
    & Node.DOCUMENT_POSITION_PRECEDING)"""
_MOST_TABS = 400


class Hand(Protocol):
    """Presses, picks and writes."""

    name: str

    def press(self, button: Locator) -> None:
        """A button."""

    def pick(self, box: Locator) -> None:
        """A radio button or a checkbox: afterwards it is on."""

    def write(self, field: Locator, text: str) -> None:
        """Put a text in the place of what stands in a field."""


class _Mouse:
    name = "mouse"

    def press(self, button: Locator) -> None:
        button.click()

    def pick(self, box: Locator) -> None:
        if not box.is_checked():
            self.press(box.locator("xpath=ancestor::label[1]"))

    def write(self, field: Locator, text: str) -> None:
        self.press(field)
        field.fill(text)


class _Touch(_Mouse):
    name = "touch"

    def press(self, button: Locator) -> None:
        button.tap()


class _Keys:
    name = "keys"

    def press(self, button: Locator) -> None:
        reach(button)
        button.page.keyboard.press("Enter")

    def pick(self, box: Locator) -> None:
        keyboard = box.page.keyboard
        if box.get_attribute("type") != "radio":
            reach(box)
            if not box.is_checked():
                keyboard.press("Space")
            return
        reach(box, _SAME_GROUP)
        # A group is one stop; inside it the arrows move, and what has the focus is chosen.
        for _ in range(20):
            if box.evaluate(_ACTIVE):
                break
            keyboard.press("ArrowDown")
        if not box.is_checked():
            keyboard.press("Space")

    def write(self, field: Locator, text: str) -> None:
        reach(field)
        field.page.keyboard.press("Control+A")
        field.page.keyboard.insert_text(text)


MOUSE, TOUCH, KEYS = _Mouse(), _Touch(), _Keys()


def reach(wanted: Locator, there: str = _ACTIVE) -> None:
    """Tab until the focus is on an element, backwards to one that was passed."""
    key = "Shift+Tab" if wanted.evaluate(_PASSED) else "Tab"
    for _ in range(_MOST_TABS):
        if wanted.evaluate(there):
            return
        wanted.page.keyboard.press(key)
    raise AssertionError(f"the Tab key does not come to {wanted}")


def answer(
    card: Card,
    box: Locator,
    response: Mapping[str, Any],
    lang: Lang,
    hand: Hand = MOUSE,
    *,
    hints: int = 0,
) -> None:
    """Give a whole answer and send it.

    Args:
        card: what is asked; it tells which words stand for which id.
        box: the question on the page.
        response: what to answer.
        lang: the language shown.
        hand: how.
        hints: so many hints are opened first.
    """
    give(card, box, response, lang, hand, hints=hints)
    if card["kind"] != "selfcheck":
        press_submit(box, hand)


def press_submit(box: Locator, hand: Hand = MOUSE) -> None:
    """Send what is given."""
    hand.press(box.locator("button[type=submit]"))


def give(
    card: Card,
    box: Locator,
    response: Mapping[str, Any],
    lang: Lang,
    hand: Hand = MOUSE,
    *,
    hints: int = 0,
) -> None:
    """Like `answer`, and left on the page unsent."""
    for step in steps(card, box, response, lang, hand, hints=hints):
        step()


def steps(
    card: Card,
    box: Locator,
    response: Mapping[str, Any],
    lang: Lang,
    hand: Hand = MOUSE,
    *,
    hints: int = 0,
) -> Iterator[Callable[[], None]]:
    """What `give` does, one step at a time; each is done before the next is asked for."""
    for _ in range(hints):
        yield lambda: hand.press(box.locator(".k-hints button"))
    yield from _KINDS[card["kind"]](card, box, response, lang, hand)
    if card.get("confidence"):
        sure = box.locator(".k-sure input").nth(0 if response.get("sure", True) else 1)
        yield lambda: hand.pick(sure)


def _row(box: Locator, rows: str, text: Mapping[str, str], lang: Lang) -> Locator:
    """The one row that has just these words in it."""
    return box.locator(rows).filter(has=box.page.get_by_text(text[lang], exact=True))


def _text(parts: Any, wanted: str) -> Mapping[str, str]:
    return next(part["text"] for part in parts if part["id"] == wanted)


def _choice(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    picked = response["options"] if card["kind"] == "choices" else [response["option"]]
    for one in picked:
        row = _row(box, ".k-opts .k-opt", _text(card["options"], one), lang)
        yield lambda row=row: hand.pick(row.locator("input"))


def _order(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    rows = box.locator(".k-steps > li")
    for at, one in enumerate(response["order"]):
        row = box.locator(f'.k-steps > li[data-step="{one}"]')

        def up(row: Locator = row, at: int = at, one: str = one) -> None:
            for _ in range(len(card["steps"])):
                if rows.nth(at).get_attribute("data-step") == one:
                    return
                if hand is KEYS:
                    reach(row.locator(".k-handle"))
                    box.page.keyboard.press("ArrowUp")
                else:
                    hand.press(row.locator(".k-move[data-part=up]"))
            raise AssertionError(f"{one} does not come to place {at + 1}")

        yield up


def _number(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    yield lambda: hand.write(box.locator(".k-field input"), str(response["number"]))


def _match(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    for left, right in response["pairs"].items():
        row = box.locator(f'.k-each[data-left="{left}"]')

        def pair(row: Locator = row, right: str = right) -> None:
            picker = row.locator(".k-picker")
            if picker.count():
                hand.press(picker)
            hand.pick(_row(row, ".k-opt", _text(card["rights"], right), lang).locator("input"))
            if picker.count() and hand is KEYS:
                box.page.keyboard.press("Enter")

        yield pair


def _rewrite(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    yield lambda: hand.write(box.locator("textarea"), response["text"])


def _dialogue(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    says = {s["id"]: s["text"] for node in card["nodes"].values() for s in node["says"]}
    for at, one in enumerate(response["path"]):

        def speak(one: str = one, at: int = at) -> None:
            # The page takes two taps in a hurry for one; whoever sees nothing happen taps again.
            for patience in (1_000, 1_000, 5_000):
                hand.press(_row(box, ".k-say", says[one], lang))
                with suppress(AssertionError):
                    expect(box.locator(".k-talk .k-agent")).to_have_count(at + 1, timeout=patience)
                    return
            raise AssertionError(f"nothing came of “{says[one][lang]}”")

        yield speak


def _review(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    for one in card["scorecard"]["criteria"]:
        if one["id"] not in response["score"]:
            continue
        level = next(v for v in one["levels"] if v["score"] == response["score"][one["id"]])
        group = box.locator("fieldset fieldset").filter(
            has=box.page.locator("legend").get_by_text(one["text"][lang], exact=True)
        )
        row = _row(group, "label", level["text"], lang)
        yield lambda row=row: hand.pick(row.locator("input"))
    for wanted in response["critical"]:
        row = _row(box, "label", _text(card["scorecard"]["critical"], wanted), lang)
        yield lambda row=row: hand.pick(row.locator("input"))


def _selfcheck(card: Any, box: Locator, response: Any, lang: Lang, hand: Hand) -> Iterator[Any]:
    for one, level in response["levels"].items():
        group = _row(box, ".k-each", _text(card["statements"], one), lang)
        yield lambda group=group, level=level: hand.pick(group.locator("input").nth(2 - level))


_KINDS: dict[str, Callable[..., Iterator[Callable[[], None]]]] = {
    "choice": _choice,
    "choices": _choice,
    "order": _order,
    "number": _number,
    "match": _match,
    "rewrite": _rewrite,
    "dialogue": _dialogue,
    "review": _review,
    "selfcheck": _selfcheck,
}


def kept(box: Locator) -> None:
    """Wait until the answer is on disk, as the page says it."""
    expect(box.locator(".k-saved").first).to_be_visible()


def shown(page: Page) -> Locator:
    """The question in view, where there is one."""
    return page.locator("article.k-card").first
