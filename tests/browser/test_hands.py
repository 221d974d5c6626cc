"""Every kind is answered by keyboard alone, and by touch on a phone; what is sent was meant.

Of `order`, dragging has tests of its own; here its steps are moved by arrow keys and by buttons.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from kefu.reflections import Reflections
from tests.browser import hands, scenes
from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.hands import Hand
from tests.browser.scenes import Scene
from tests.browser.stage import Stage

Watch = Callable[..., Watched]


@pytest.mark.parametrize("hand", [hands.KEYS, hands.TOUCH], ids=lambda hand: hand.name)
@pytest.mark.parametrize("name", scenes.ITEMS)
def test_each_kind_is_completed(watch: Watch, tmp_path: Path, name: str, hand: Hand) -> None:
    """Hints, the answer, how sure one is, and sending: each works with this hand alone."""
    scene = Scene(name, "unanswered", "zh")
    profile = PHONE if hand is hands.TOUCH else DESKTOP
    stage = Stage(watch({"kefu.test"}, **profile).page(), scenes.player(scene, tmp_path))
    box, card = hands.shown(stage.page), scene.card
    wanted = scenes.answers(name).get("partly") or scenes.answers(name)["right"]
    if name == "selfcheck":
        expect(box.locator(".k-private")).not_to_be_empty()
        hands.give(card, box, wanted, "zh", hand)
        expect(box.locator(".k-saved")).to_be_visible()
        mine = Reflections(tmp_path / "private" / "mine.json")
        assert mine.recall(card) == wanted["levels"]
        return
    hands.answer(card, box, wanted, "zh", hand, hints=len(card.get("hints", [])))
    hands.kept(box)
    [sent] = stage.sent
    beside: dict[str, Any] = {"sure": True} if card.get("confidence") else {}
    if card.get("hints"):
        beside["hints"] = len(card["hints"])
    assert sent["response"] == {**wanted, **beside}
    focused = stage.page.evaluate("document.activeElement.type")
    assert focused == "submit", "whoever goes on by keyboard goes on from here"


@pytest.mark.parametrize(
    ("name", "hand"),
    [
        pytest.param(name, hand, id=f"{name}-{hand.name}")
        for name, hand in zip(
            [name for name in scenes.ITEMS if name != "selfcheck"],
            [hands.TOUCH, hands.KEYS] * 5,
            strict=False,
        )
    ],
)
def test_each_kind_is_tried_again(watch: Watch, tmp_path: Path, name: str, hand: Hand) -> None:
    """After a verdict “Try again” gives the question anew, and the second answer is taken.

    One kind by touch, the next by keys.
    """
    scene = Scene(name, "unanswered", "en")
    profile = PHONE if hand is hands.TOUCH else DESKTOP
    stage = Stage(watch({"kefu.test"}, **profile).page(), scenes.player(scene, tmp_path))
    box, card = hands.shown(stage.page), scene.card
    hands.answer(card, box, scenes.answers(name, "en")["wrong"], "en", hand)
    hands.kept(box)
    if hand is hands.TOUCH:
        box.locator("legend").first.tap()  # a second tap at once would count as a double one
    hands.press_submit(box, hand)  # it says “Try again” now
    expect(box.locator(".k-saved")).to_have_count(0)
    hands.answer(card, box, scenes.answers(name, "en")["right"], "en", hand)
    hands.kept(box)
    assert len(stage.sent) == 2
    expect(box.locator(".k-status").last).to_contain_text("Try 2")
