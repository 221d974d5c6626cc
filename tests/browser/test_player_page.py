"""The player under fingers, mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kefu.bank import Bank, read
from kefu.card import Card, Key
from kefu.journal import FileJournal
from kefu.places import Places
from kefu.player import JournalDesk, Player
from kefu.publish import publish
from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.stage import Stage

Watch = Callable[..., Watched]


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The course's own bank."""
    found, faults = read(Places.find(Path(__file__).parent, env={}).contents)
    assert faults == []
    return found


def practice(bank: Bank, kind: str) -> tuple[Card, Key]:
    """The first practice item of a kind."""
    entry = next(e for e in bank.entries if e.item.kind == kind and e.item.use == "practice")
    assert entry.key is not None
    made = publish(entry.ref, entry.story, entry.item, entry.key, bank.standards, bank.course.as_of)
    return made.card, made.key


def desk(bank: Bank, journal: Path, kind: str) -> JournalDesk:
    """A desk that asks one item of a kind."""
    card, key = practice(bank, kind)
    return JournalDesk([card], FileJournal(journal), {card["item"]: key})


def order(page: Page) -> list[str]:
    """The steps as they stand."""
    return page.locator(".k-steps .k-step").all_inner_texts()


def moved(steps: list[str]) -> list[str]:
    """The first step, one place down."""
    return [steps[1], steps[0], *steps[2:]]


def by_mouse(page: Page) -> None:
    """Drag the first row's handle below the second row."""
    grip, onto = page.locator(".k-handle").nth(0), page.locator(".k-steps > li").nth(1)
    grip.scroll_into_view_if_needed()
    a, b = grip.bounding_box(), onto.bounding_box()
    assert a
    assert b
    x, y = a["x"] + a["width"] / 2, a["y"] + a["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 8, steps=3)
    page.mouse.move(x, b["y"] + b["height"] * 0.8, steps=8)
    page.mouse.up()


def by_touch(page: Page) -> None:
    """The same with a finger, as the browser itself hears it."""
    grip, onto = page.locator(".k-handle").nth(0), page.locator(".k-steps > li").nth(1)
    grip.scroll_into_view_if_needed()
    a, b = grip.bounding_box(), onto.bounding_box()
    assert a
    assert b
    x, y = a["x"] + a["width"] / 2, a["y"] + a["height"] / 2
    end = b["y"] + b["height"] * 0.8
    finger = page.context.new_cdp_session(page)
    finger.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for step in range(1, 9):
        point = {"x": x, "y": y + (end - y) * step / 8}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def by_keys(page: Page) -> None:
    """Down with the arrow key, from the first row's own handle."""
    page.locator(".k-handle").nth(0).focus()
    page.keyboard.press("ArrowDown")


def by_button(page: Page) -> None:
    """Down with the row's button."""
    page.locator(".k-steps > li").nth(0).locator("button.k-move").last.click()


@pytest.mark.parametrize("move", [by_mouse, by_keys, by_button])
def test_steps_are_moved_on_a_desktop(
    bank: Bank, watch: Watch, tmp_path: Path, move: Callable[[Page], None]
) -> None:
    """Mouse, keys and buttons each move a step, and the order shown is the order judged."""
    stage = Stage(
        watch({"kefu.test"}, **DESKTOP).page(), Player(desk(bank, tmp_path / "j", "order"))
    )
    before = order(stage.page)
    move(stage.page)
    expect(stage.page.locator(".k-steps .k-step")).to_have_text(moved(before))
    stage.page.locator("button[type=submit]").click()
    expect(stage.page.get_by_text("已保存").first).to_be_visible()
    words = {s["id"]: s["text"]["zh"] for s in stage.player.cards[0]["steps"]}
    [sent] = stage.sent
    assert [words[i] for i in sent["response"]["order"]] == moved(before)


def test_steps_are_moved_by_touch(bank: Bank, watch: Watch, tmp_path: Path) -> None:
    """A finger drags a step by its handle on a phone."""
    stage = Stage(watch({"kefu.test"}, **PHONE).page(), Player(desk(bank, tmp_path / "j", "order")))
    before = order(stage.page)
    by_touch(stage.page)
    expect(stage.page.locator(".k-steps .k-step")).to_have_text(moved(before))


def test_saved_is_shown_only_when_it_is_true(bank: Bank, watch: Watch, tmp_path: Path) -> None:
    """Without a word from Python nothing is called saved; the answer stays and can be resent."""
    page = watch({"kefu.test"}, **PHONE).page()
    page.clock.install()
    stage = Stage(page, Player(desk(bank, tmp_path / "journal", "choice")))
    stage.deaf = True
    page.locator(".k-opt").nth(1).click()
    page.locator("button[type=submit]").click()
    page.clock.run_for(9_000)
    expect(page.get_by_text("还没保存上")).to_be_visible()
    expect(page.get_by_text("已保存")).to_have_count(0)
    expect(page.locator("input:checked")).to_have_count(1)
    stage.deaf = False
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("已保存").first).to_be_visible()
    first, again = stage.sent
    assert first["id"] == again["id"]


def test_a_full_folder_is_said_at_once(bank: Bank, watch: Watch, tmp_path: Path) -> None:
    """Where the journal cannot be written, the page says so and keeps the answer on screen."""
    journal = tmp_path / "journal"
    page = watch({"kefu.test"}, **PHONE).page()
    Stage(page, Player(desk(bank, journal, "choice")))
    journal.mkdir()  # what stands in the way of a file, also for root
    page.locator(".k-opt").nth(1).click()
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("答案还没存上").first).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(1)
    journal.rmdir()
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("已保存").first).to_be_visible()


def test_a_reload_brings_every_answer_back(bank: Bank, watch: Watch, tmp_path: Path) -> None:
    """What the journal holds is what a new player shows."""
    page = watch({"kefu.test"}, **PHONE).page()
    stage = Stage(page, Player(desk(bank, tmp_path / "j", "choice")))
    page.locator(".k-opt").nth(2).click()
    page.locator("button[type=submit]").click()
    expect(page.get_by_text("已保存").first).to_be_visible()
    stage.player = Player(desk(bank, tmp_path / "j", "choice"))
    stage.open()
    expect(page.locator("input").nth(2)).to_be_checked()
    expect(page.get_by_text("你的选择")).to_be_visible()
