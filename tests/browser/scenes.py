"""What there is to see of the player: every kind in every state, in both languages.

A scene is a real card of the course, a real `Player` behind it, and what a person has done so far.
"""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from kefu import kinds
from kefu.bank import Bank, read
from kefu.card import Card
from kefu.journal import FileJournal
from kefu.places import Places
from kefu.player import JournalDesk, Player
from kefu.publish import Published, publish
from kefu.reflections import Reflections
from kefu.scenario import KINDS
from kefu.text import Lang
from tests.browser import hands
from tests.browser.stage import Stage

__all__ = ["ITEMS", "STATES", "Scene", "answers", "graded", "item", "player", "reach_state"]

ITEMS = {
    "choice": "pet-boarding-eight-oclock--nobody-asked",
    "choices": "library-desk-saturday",
    "order": "golden-wedding-album--recovery-call",
    "match": "delivery-desk-requests--which-bin",
    "pairs": "difficult-eight-causes--first-step",  # match without bins
    "number": "warranty-whichever-first--months-left",
    "rewrite": "pens-by-friday--say-what-holds",
    "dialogue": "laptop-before-flight--tonight-or-not",
    "review": "garage-brake-discs-call--score-the-call",
    "selfcheck": "my-last-fortnight--look-back",
}
"""What is shown of each kind: an item's ref, or its scenario where there is one of that kind."""

_ANSWERED = ("unanswered", "beside", "answered", "right", "partly", "wrong", "saved", "late",
             "failed")  # fmt: skip
STATES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ITEMS, _ANSWERED),
    "number": tuple(state for state in _ANSWERED if state != "partly"),
    "pairs": ("unanswered", "halfway", "answered", "partly", "saved"),
    "dialogue": (*_ANSWERED, "halfway"),
    "review": (*_ANSWERED, "halfway"),
    "selfcheck": ("unanswered", "halfway", "answered", "asking", "failed"),
}
"""The states of each: `beside` has every hint open, `saved` is graded, `late` has no reply,
`failed` cannot be written, and `asking` whether to delete."""

VERDICTS = ("right", "partly", "wrong")


@functools.cache
def bank() -> Bank:
    """The course's own bank."""
    # Whether it is without faults is the business of other tests.
    found, _ = read(Places.find(Path(__file__).parent, env={}).contents)
    return found


@functools.cache
def item(name: str) -> Published:
    """The card and key of one of `ITEMS`."""
    kind = "match" if name == "pairs" else name
    entry = next(
        e
        for e in bank().entries
        if e.item.kind == kind and ITEMS[name] in (e.ref, e.scenario) and e.item.use == "practice"
    )
    course = bank().course
    return publish(
        entry.ref,
        entry.story,
        entry.item,
        entry.key,
        bank().standards,
        course.as_of,
        bank().scorecards,
    )


def graded(card: Card) -> Card:
    """The same card as a graded set asks it: without hints."""
    made = card.copy()
    made["room"] = "graded"
    made.pop("hints", None)
    return made


@functools.cache
def answers(name: str, lang: Lang = "zh") -> dict[str, dict[str, Any]]:
    """Whole answers to an item: the expert's, the worst there is, and one between, if any is.

    Args:
        name: one of `ITEMS`.
        lang: what is written in.
    """
    card, key = item(name).card, item(name).key
    if name == "selfcheck":
        ids = [one["id"] for one in card["statements"]]
        return {"right": {"levels": {i: (2, 0, 1)[at % 3] for at, i in enumerate(ids)}}}
    right = kinds.expert(card, key)
    if name == "rewrite":
        right = {"text": key["model"][lang]}
        every = [right, *_texts(card, right, lang)]
    else:
        every = [right, *_CANDIDATES[card["kind"]](card, key, right)]
    worth = [(kinds.judge(card, key, one)["credit"], at) for at, one in enumerate(every)]
    made = {"right": right, "wrong": every[min(worth)[1]]}
    between = [(abs(credit - 0.5), at) for credit, at in worth if 0 < credit < 1]
    if between:
        made["partly"] = every[min(between)[1]]
    return made


def _options(card: Any, key: Any, right: Any) -> Iterator[dict[str, Any]]:
    ids = [one["id"] for one in card["options"]]
    if card["kind"] == "choice":
        yield from ({"option": one} for one in ids)
        return
    yield {"options": [one for one in ids if one not in right["options"]]}
    yield {"options": right["options"][:1]}
    yield {"options": ids}


def _orders(card: Any, key: Any, right: Any) -> Iterator[dict[str, Any]]:
    yield {"order": right["order"][::-1]}
    yield {"order": [*right["order"][1:], right["order"][0]]}
    yield {"order": [right["order"][1], right["order"][0], *right["order"][2:]]}


def _numbers(card: Any, key: Any, right: Any) -> Iterator[dict[str, Any]]:
    yield {"number": "98765"}


def _pairs(card: Any, key: Any, right: Any) -> Iterator[dict[str, Any]]:
    rights = [one["id"] for one in card["rights"]]
    for turn in range(1, len(rights)):
        moved = {
            left: rights[(rights.index(one) + turn) % len(rights)]
            for left, one in right["pairs"].items()
        }
        yield {"pairs": moved}
        half = len(moved) // 2
        yield {"pairs": dict([*list(right["pairs"].items())[:half], *list(moved.items())[half:]])}


def _texts(card: Any, right: Any, lang: Lang) -> Iterator[dict[str, Any]]:
    given, model = card["given"][lang], right["text"]
    yield {"text": given}
    first = re.split(r"(?<=[.。]) ?", model)[:2]
    yield {"text": (" " if lang == "en" else "").join(first)}


def _paths(card: Any, key: Any, right: Any) -> Iterator[dict[str, Any]]:
    draw = random.Random(1)
    for _ in range(200):
        here, anger, trust, path = card["start"], card["anger"], card["trust"], list[str]()
        while card["nodes"][here]["says"] and len(path) < 60:
            open_ = [
                say
                for say in card["nodes"][here]["says"]
                if say["needs"].get("anger_min", 0) <= anger <= say["needs"].get("anger_max", 10)
                and say["needs"].get("trust_min", 0) <= trust <= say["needs"].get("trust_max", 10)
            ]
            say = draw.choice(open_)
            path.append(say["id"])
            here = say["to"]
            anger = min(10, max(0, anger + say["anger"]))
            trust = min(10, max(0, trust + say["trust"]))
        if not card["nodes"][here]["says"]:
            yield {"path": path}


def _scores(card: Any, key: Any, right: Any) -> Iterator[dict[str, Any]]:
    levels = {
        one["id"]: [level["score"] for level in one["levels"]]
        for one in card["scorecard"]["criteria"]
    }
    errors = [one["id"] for one in card["scorecard"]["critical"]]
    missed = [one for one in errors if one not in right["critical"]]
    far = {i: max(levels[i], key=lambda n, i=i: abs(n - score))  # type: ignore[misc]
           for i, score in right["score"].items()}  # fmt: skip
    yield {"score": far, "critical": missed}
    yield {"score": far, "critical": right["critical"]}
    half = list(far)[: len(far) // 2]
    yield {"score": {i: far[i] if i in half else n for i, n in right["score"].items()},
           "critical": missed[:1]}  # fmt: skip


_CANDIDATES: dict[str, Callable[..., Iterator[dict[str, Any]]]] = {
    "choice": _options,
    "choices": _options,
    "order": _orders,
    "match": _pairs,
    "number": _numbers,
    "dialogue": _paths,
    "review": _scores,
}


@dataclass(frozen=True)
class Scene:
    """One thing to look at.

    Args:
        name: one of `ITEMS`.
        state: one of its `STATES`.
        lang: the language it begins in.
    """

    name: str
    state: str
    lang: Lang

    @property
    def card(self) -> Card:
        """What is asked in it."""
        card = item(self.name).card
        return graded(card) if self.state == "saved" else card


def all_scenes(lang: Lang = "zh") -> Iterator[Scene]:
    """Every item in every state."""
    for name in ITEMS:
        for state in STATES[name]:
            yield Scene(name, state, lang)


def player(scene: Scene, folder: Path) -> Player:
    """The player of a scene, with a journal of its own."""
    found = item(scene.name)
    keys = {} if scene.state == "saved" else {found.card["item"]: found.key}
    desk = JournalDesk([scene.card], FileJournal(folder / "responses.jsonl"), keys)
    return Player(desk, lang=scene.lang, reflections=Reflections(folder / "private" / "mine.json"))


def reach_state(stage: Stage, scene: Scene, folder: Path, hand: hands.Hand = hands.MOUSE) -> None:
    """Do what a person does until the scene's state is on the page.

    Args:
        stage: shows `player(scene, folder)`; where the state is `late` its page's clock obeys.
        scene: what is to be seen.
        folder: where the journal is.
        hand: how it is done.
    """
    box = hands.shown(stage.page)
    card, lang, state = scene.card, scene.lang, scene.state
    given = answers(scene.name, lang).get(state if state in VERDICTS else "right") or {}
    if state == "beside":
        for _ in card.get("hints", []):
            hand.press(box.locator(".k-hints button"))
        if card.get("confidence"):
            hand.pick(box.locator(".k-sure input").first)
    if state in ("unanswered", "beside") or not given:
        return
    if card["kind"] == "selfcheck":
        _reflect(stage, scene, folder, hand, given)
        return
    todo = hands.steps(card, box, given, lang, hand)
    if state == "halfway":
        _halfway(card, box, [*todo], hand)
        return
    for step in todo:
        step()
    if state == "answered":
        return
    stage.deaf = state == "late"
    if state == "failed":
        (folder / "responses.jsonl").mkdir()  # what stands in the way of a file, also for root
    hands.press_submit(box, hand)
    if state == "late":
        stage.page.clock.run_for(9_000)
    if state in ("late", "failed"):
        expect(box.locator(".k-status .k-calm")).to_be_visible()
    else:
        hands.kept(box)


def _halfway(card: Card, box: Locator, todo: list[Callable[[], None]], hand: hands.Hand) -> None:
    for step in todo[: len(todo) // 2]:
        step()
    if card["kind"] == "match":
        hand.press(box.locator(".k-picker").last)


def _reflect(
    stage: Stage, scene: Scene, folder: Path, hand: hands.Hand, given: Mapping[str, Any]
) -> None:
    box = hands.shown(stage.page)
    expect(box.locator(".k-private")).not_to_be_empty()
    if scene.state == "failed":
        (folder / "private").write_text("a file where a folder should be")
    todo = [*hands.steps(scene.card, box, given, scene.lang, hand)]
    for step in todo[: len(todo) // 2] if scene.state == "halfway" else todo:
        step()
    if scene.state == "asking":
        hand.press(box.locator(".k-remove"))
    if scene.state == "failed":
        expect(box.locator(".k-status .k-calm")).to_be_visible()
    else:
        expect(box.locator(".k-saved")).to_be_visible()


assert {"match" if name == "pairs" else name for name in ITEMS} == set(KINDS)
