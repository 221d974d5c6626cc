"""A self-check in a real browser: chosen, drawn, kept for oneself, and deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kefu.bank import Standards
from kefu.card import Card
from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player
from kefu.publish import publish
from kefu.reflections import Reflections
from kefu.scenario import Scenario
from kefu.text import Lang
from tests.browser.conftest import PHONE, Watched
from tests.browser.stage import Stage, by_turns
from tests.browser.test_match_page import DESKTOP, focus_on, words

Watch = Callable[..., Watched]
SIDES = (words("许诺之前", "Before I promise"), words("记着", "Keeping track"),
         words("落空之时", "When it breaks"))  # fmt: skip


def card(sides: int = 3) -> Card:
    """Two statements for each side; without sides, four."""
    said: dict[str, Any] = {
        f"s{n}": {
            **words(f"第 {n} 条，我做得到。", f"I do number {n}."),
            "tip": words(f"试试第 {n} 样。", f"Try number {n}."),
            **({"axis": SIDES[n % sides]} if sides else {}),
        }
        for n in range(2 * sides or 4)
    }
    story = Scenario.model_validate(
        {
            "teaches": ["rule"],
            "title": words("故事", "Story"),
            "turn": [{"who": "scene", **words("想一想。", "Think back.")}],
            "item": [{"id": "look", "kind": "selfcheck", "use": "practice", "lesson": "1.1",
                      "prompt": words("你做到多少？", "How often?"), "statement": said}],
        }
    )  # fmt: skip
    day = dt.date(2026, 11, 1)
    return publish("story--look", story, story.item[0], None, Standards(), day).card


def staged(page: Page, folder: Path, made: Card, lang: Lang = "zh", *, keeps: bool = True) -> Stage:
    """A page that asks it."""
    place = Reflections(folder / ".kefu" / "selfcheck.json") if keeps else None
    return Stage(page, _player(folder, made, lang, place))


def _player(folder: Path, made: Card, lang: Lang, place: Reflections | None) -> Player:
    return Player(JournalDesk([made], FileJournal(folder / "j")), lang=lang, reflections=place)


def test_by_keyboard_alone(watch: Watch, tmp_path: Path) -> None:
    """Tab, space and arrows choose; the picture comes; deleting asks first, and leaves nothing."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    staged(page, tmp_path, card())
    for at in range(6):
        focus_on(page, page.locator(".k-each").nth(at).get_by_role("radio").first)
        page.keyboard.press("Space")
        for _ in range(at % 3):
            page.keyboard.press("ArrowDown")
    expect(page.get_by_text("已存在你这里")).to_be_visible()
    expect(page.get_by_role("img", name="雷达图")).to_be_visible()
    expect(page.locator(".k-tips li")).to_have_count(2)
    kept = tmp_path / ".kefu" / "selfcheck.json"
    assert kept.is_file()
    assert not (tmp_path / "j").exists()

    focus_on(page, page.get_by_role("button", name="删掉我的自检"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="留着")).to_be_focused()
    assert kept.is_file()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("删掉了，什么也没留下。").first).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(0)
    assert [*tmp_path.iterdir()] == []


def test_by_touch_and_again_tomorrow(watch: Watch, tmp_path: Path) -> None:
    """Taps are enough on a phone, targets are 44 px, and the next opening finds it all again."""
    page = watch({"kefu.test"}, **PHONE).page()
    stage = staged(page, tmp_path, card())
    expect(page.get_by_text("只给你看")).to_be_visible()
    for at in range(6):
        page.locator(".k-each").nth(at).locator("label").nth(at % 3).tap()
    expect(page.get_by_text("已存在你这里")).to_be_visible()
    sizes = page.locator(".kefu :is(button, label)").evaluate_all(
        "all => all.map(one => Math.min(one.offsetWidth, one.offsetHeight))"
    )
    assert min(sizes) >= 44
    place = Reflections(tmp_path / ".kefu" / "selfcheck.json")
    stage.player = _player(tmp_path, card(), "zh", place)
    stage.open()
    expect(page.locator("input:checked")).to_have_count(6)
    page.get_by_role("button", name="EN").tap()
    expect(page.get_by_text("Usually").first).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(6)


def test_the_picture_says_the_same_in_words(watch: Watch, tmp_path: Path) -> None:
    """What the radar shows stands in a table as well, side by side with its levels."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    staged(page, tmp_path, card(), "en")
    for at in range(6):
        page.locator(".k-each").nth(at).locator("label").nth(at % 2).click()
    image = page.get_by_role("img", name="A radar plot")
    expect(image).to_be_visible()
    for line in page.get_by_role("row").all()[1:]:
        side, mean = line.get_by_role("rowheader").inner_text(), line.get_by_role("cell").last
        assert f"{side} {mean.inner_text()}" in (image.get_attribute("aria-label") or "")
    shown = {text.replace(" ", "") for text in image.locator("text.k-side").all_text_contents()}
    assert shown == {side["en"].replace(" ", "") for side in SIDES}


@pytest.mark.parametrize("sides", [0, 2])
def test_fewer_sides_are_bars(watch: Watch, tmp_path: Path, sides: int) -> None:
    """Fewer than three sides are bars, with the same table."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    staged(page, tmp_path, card(sides))
    for each in page.locator(".k-each").all():
        each.locator("label").first.click()
    expect(page.locator(".k-bars i")).to_have_count(sides or 1)
    expect(page.locator(".k-radar")).to_have_count(0)
    expect(page.get_by_role("rowheader")).to_have_count(sides or 1)


def test_where_nothing_is_kept(watch: Watch, tmp_path: Path) -> None:
    """Without a place to keep it the page says so, draws it all the same, and writes nothing."""
    page = watch({"kefu.test"}, **PHONE).page()
    stage = staged(page, tmp_path, card(), keeps=False)
    expect(page.get_by_text("关上这一页就没有了")).to_be_visible()
    for at in range(6):
        page.locator(".k-each").nth(at).locator("label").first.tap()
    expect(page.locator(".k-radar")).to_be_visible()
    expect(page.get_by_text("已存在你这里")).to_have_count(0)
    assert [sent["do"] for sent in stage.sent] == ["recall"]
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_cannot_be_written(watch: Watch, tmp_path: Path) -> None:
    """It is said calmly, what was chosen stays on the page, and trying again keeps it."""
    page = watch({"kefu.test"}, **PHONE).page()
    staged(page, tmp_path, card())
    (tmp_path / ".kefu").write_text("in the way")
    page.locator(".k-each").first.locator("label").first.tap()
    expect(page.locator(".k-calm")).to_be_visible()
    expect(page.locator("input:checked")).to_have_count(1)
    (tmp_path / ".kefu").unlink()
    page.get_by_role("button", name="再存一次").tap()
    expect(page.get_by_text("已存在你这里")).to_be_visible()


@by_turns(scheme=["light", "dark"], lang=["zh", "en"])
def test_axe_finds_nothing(watch: Watch, tmp_path: Path, lang: Lang, scheme: str) -> None:
    """Untouched, drawn and about to be deleted, at 320 px and with text at 200 %."""
    profile = {**PHONE, "viewport": {"width": 320, "height": 700}, "color_scheme": scheme}
    page = watch({"kefu.test"}, **profile).page()
    stage = staged(page, tmp_path, card(), lang)
    assert stage.axe() == []
    for at in range(6):
        page.locator(".k-each").nth(at).locator("label").nth(at % 3).click()
    expect(page.locator(".k-radar")).to_be_visible()
    assert stage.axe() == []
    page.locator(".k-remove").click()
    expect(page.locator(".k-ask")).to_be_visible()
    assert stage.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = "all => all.filter(o => o.scrollWidth > o.clientWidth + 1).map(o => o.className)"
    assert page.locator(".k-each, .k-each *, .k-tips *").evaluate_all(cut) == []
