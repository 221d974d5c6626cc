"""A dialogue under fingers and keys, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kefu.bank import read
from kefu.card import Card, Key
from kefu.journal import FileJournal
from kefu.places import Places
from kefu.player import JournalDesk, Player
from kefu.publish import publish
from tests.browser.conftest import PHONE, Watched
from tests.browser.stage import Stage

Watch = Callable[..., Watched]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}
READ = 700
"""Milliseconds between two taps: the second of a double tap is not heard, by design."""
SMALL: dict[str, Any] = {**PHONE, "viewport": {"width": 320, "height": 640}}


@pytest.fixture(scope="module")
def call() -> tuple[Card, Key]:
    """The airline's call."""
    bank, _ = read(Places.find(Path(__file__).parent, env={}).contents)
    entry = next(e for e in bank.entries if e.ref == "airline-rebooking-call--the-call")
    assert entry.key is not None
    made = publish(entry.ref, entry.story, entry.item, entry.key, bank.standards, bank.course.as_of)
    return made.card, made.key


def stage(
    watch: Watch,
    journal: Path,
    call: tuple[Card, Key],
    *,
    graded: bool = False,
    lang: str = "zh",
    **profile: Any,
) -> Stage:
    """A page that asks the call, as practice or as something that counts."""
    card, key = call[0].copy(), call[1]
    card["room"] = "graded" if graded else "practice"
    keys = {} if graded else {card["item"]: key}
    player = Player(JournalDesk([card], FileJournal(journal), keys))
    player.lang = lang
    return Stage(watch({"kefu.test"}, **profile).page(), player)


def best(call: tuple[Card, Key], lang: str = "zh") -> list[str]:
    """What is said on the best path."""
    says = {s["id"]: s["text"] for m in call[0]["nodes"].values() for s in m["says"]}
    return [says[step]["zh" if lang == "zh" else "en"] for step in call[1]["expert"]]


def in_sight(page: Page, query: str) -> bool:
    """Whether the whole of the last such element comes into sight, above the bar if that sticks."""
    found = """query => {
        const all = document.querySelectorAll(query);
        const box = all[all.length - 1]?.getBoundingClientRect();
        const bar = document.querySelector(".k-stick")?.getBoundingClientRect().top;
        return box && box.top >= 0 && box.bottom <= Math.min(bar ?? innerHeight, innerHeight);
    }"""
    # A busy machine draws and scrolls a moment after the tap.
    page.wait_for_function(found, arg=query, timeout=5000)
    return True


def test_by_keyboard_alone(watch: Watch, tmp_path: Path, call: tuple[Card, Key]) -> None:
    """Tab and Enter are enough from the first word to the verdict; the focus goes along."""
    here = stage(watch, tmp_path / "j", call, **DESKTOP)
    page = here.page

    def reach(text: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").strip() == text:
                return
        pytest.fail(f"no Tab leads to {text}")

    for turn, words in enumerate(best(call), 1):
        expect(page.locator(".k-says .k-head")).to_contain_text(f"第 {turn} 句")
        if turn > 1:
            expect(page.locator(".k-says .k-head")).to_be_focused()
        reach(words)
        page.keyboard.press("Enter")
    expect(page.locator(".k-ending")).to_be_focused()
    reach("看看如何")
    page.keyboard.press("Enter")
    expect(page.get_by_text("满分").first).to_be_visible()
    expect(page.locator(".k-saved")).to_be_visible()
    assert here.sent[-1]["response"] == {"path": call[1]["expert"]}


def test_a_key_held_down_says_one_thing(
    watch: Watch, tmp_path: Path, call: tuple[Card, Key]
) -> None:
    """What nobody has read yet is not answered by a key that is down, nor by a double tap."""
    page = stage(watch, tmp_path / "j", call, **DESKTOP).page
    page.locator(".k-say").first.focus()
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    expect(page.locator(".k-agent")).to_have_count(1)
    box = page.locator(".k-say").first.bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + 60, box["y"] + 20)
    expect(page.locator(".k-agent")).to_have_count(2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_by_touch_on_a_phone(
    watch: Watch, tmp_path: Path, call: tuple[Card, Key], lang: str
) -> None:
    """Fingers lead the call; the newest words stay in sight, and one may take a turn back."""
    here = stage(watch, tmp_path / "j", call, lang=lang, **PHONE)
    page = here.page
    words = best(call, lang)
    page.locator(".k-say", has_text=words[0]).tap()
    expect(page.locator(".k-agent")).to_have_count(1)
    page.wait_for_timeout(READ)
    page.locator(".k-say").last.tap()  # another way, which is taken back
    expect(page.locator(".k-agent")).to_have_count(2)
    page.wait_for_timeout(READ)
    page.locator(".k-backs button").first.tap()
    expect(page.locator(".k-agent")).to_have_count(1)
    for at, said in enumerate(words[1:], 2):
        assert in_sight(page, ".k-now .k-customer")
        assert in_sight(page, ".k-say")
        page.wait_for_timeout(READ)
        page.locator(".k-say", has_text=said).tap()
        expect(page.locator(".k-agent")).to_have_count(at)
    assert in_sight(page, ".k-ending")
    page.locator("button[type=submit]").tap()
    expect(page.locator(".k-plot")).to_be_visible()
    assert here.sent[-1]["response"] == {"path": call[1]["expert"]}
    assert page.locator(".k-agent .k-why").count() == len(words)
    assert in_sight(page, ".k-replay")  # read from its beginning
    for button in page.locator("button, summary").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.parametrize(
    ("profile", "scheme", "lang", "graded"),
    [
        (DESKTOP, "light", "zh", False),
        (PHONE, "dark", "en", False),
        (PHONE, "light", "zh", True),
        (SMALL, "dark", "zh", False),
    ],
)
def test_axe_finds_nothing(
    watch: Watch,
    tmp_path: Path,
    call: tuple[Card, Key],
    profile: dict[str, Any],
    scheme: str,
    lang: str,
    graded: bool,
) -> None:
    """At the start, midway, at the ending and at the verdict; and nothing scrolls sideways."""
    here = stage(
        watch, tmp_path / "j", call, graded=graded, lang=lang, **profile, color_scheme=scheme
    )
    page = here.page

    def sound() -> None:
        assert here.axe() == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"]  # type: ignore[index]

    sound()
    says = page.locator(".k-say")
    says.nth(1).click()
    assert page.locator(".k-mood").count() == (0 if graded else 1)
    sound()
    while says.count():
        says.last.click()
    assert page.locator(".k-plot").count() == (1 if graded else 0)
    sound()
    page.locator("button[type=submit]").click()
    expect(page.locator(".k-saved")).to_be_visible()
    assert page.locator(".k-why").count() == 0 or not graded
    sound()


def test_twice_as_large_text(watch: Watch, tmp_path: Path, call: tuple[Card, Key]) -> None:
    """At 320 px and 200 % nothing is cut off or scrolls sideways, the plot included."""
    here = stage(watch, tmp_path / "j", call, **SMALL)
    page = here.page
    page.add_style_tag(content="html { font-size: 200% }")
    says = page.locator(".k-say")
    while says.count():
        says.first.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator("button[type=submit]").click()
    expect(page.locator(".k-plot")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for label in page.locator(".k-axes small").all():
        box = label.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


def test_a_reload_brings_the_replay_back(
    watch: Watch, tmp_path: Path, call: tuple[Card, Key]
) -> None:
    """What was saved stands as it was, and another answer may be given."""
    here = stage(watch, tmp_path / "j", call, **DESKTOP)
    page = here.page
    for words in best(call):
        page.locator(".k-say", has_text=words).click()
    page.locator("button[type=submit]").click()
    expect(page.locator(".k-saved")).to_be_visible()
    here.open()
    expect(page.locator(".k-agent .k-why")).to_have_count(5)
    page.get_by_role("button", name="再答一次").click()
    expect(page.locator(".k-say")).to_have_count(4)
