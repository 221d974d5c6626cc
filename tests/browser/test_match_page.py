"""Matching in a real browser: lists that open in place, and bins, by every hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player
from kefu.publish import Published
from kefu.text import Lang
from tests.browser.conftest import PHONE, Watched
from tests.browser.stage import Stage, by_turns
from tests.pieces import authored

Watch = Callable[..., Watched]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}
LONG = "先说还要多久，能同时办的同时办，走最快的通道，再把下一步告诉他。"


def words(zh: str, en: str) -> dict[str, str]:
    """Both languages."""
    return {"zh": zh, "en": en}


def item(*, bins: bool) -> Published:
    """Three lefts; three rights, one of which fits none, or two bins."""
    right = {"fast": words(LONG, "Say how long it takes, and take the fastest route there is."),
             "ask": words("先问一句", "Ask first")}  # fmt: skip
    if not bins:
        right["wait"] = words("请他等一等", "Have them wait")
    return authored(
        {
            "kind": "match",
            "bins": bins,
            "left": {
                "hurry": words("赶火车", "Catching a train"),
                "low": words("没精神", "Downcast"),
                "call": words("在打电话", "On the phone"),
            },
            "right": right,
        },
        {
            "pair": {"hurry": "fast", "low": "ask", "call": "ask"},
            "half": {"low": ["fast"]},
            "why": {n: words(f"理由{n}。", f"Because {n}.") for n in ("hurry", "low", "call")},
        },
    )


def staged(page: Page, folder: Path, made: Published, lang: Lang = "zh") -> Stage:
    """A page that asks the item."""
    desk = JournalDesk([made.card], FileJournal(folder / "j"), {made.card["item"]: made.key})
    return Stage(page, Player(desk, lang=lang))


def row(page: Page, left: str) -> Any:
    """The row of a left, by its words."""
    return page.get_by_role("group", name=left, exact=True)


def response(stage: Stage) -> dict[str, str]:
    """What was sent last, in words."""
    card: Any = stage.player.cards[0]
    named = {one["id"]: one["text"]["zh"] for one in (*card["lefts"], *card["rights"])}
    return {named[a]: named[b] for a, b in stage.sent[-1]["response"]["pairs"].items()}


EXPECTED = {"赶火车": LONG, "没精神": LONG, "在打电话": "先问一句"}


def focus_on(page: Page, target: Any) -> None:
    """Tab until it has the focus."""
    for _ in range(40):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not get there")


def test_lists_by_keyboard_alone(watch: Watch, tmp_path: Path) -> None:
    """Space opens a row, arrows choose, Enter closes it and stays on the row."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    stage = staged(page, tmp_path, item(bins=False))
    for left, right in EXPECTED.items():
        opener = row(page, left).get_by_role("button")
        focus_on(page, opener)
        page.keyboard.press("Space")
        expect(opener).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        wanted = row(page, left).get_by_role("radio", name=right)
        for _ in range(3):
            if wanted.is_checked():
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(opener).to_be_focused()
        expect(opener).to_have_text(right)
    assert stage.sent == []
    focus_on(page, page.locator("[type=submit]"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存").first).to_be_visible()
    assert response(stage) == EXPECTED


def test_bins_by_keyboard_alone(watch: Watch, tmp_path: Path) -> None:
    """Bins are radio groups: Tab to a card, arrows between its bins."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    stage = staged(page, tmp_path, item(bins=True))
    for left, right in EXPECTED.items():
        wanted = row(page, left).get_by_role("radio", name=right)
        focus_on(page, row(page, left).get_by_role("radio").first)
        page.keyboard.press("Space")
        if not wanted.is_checked():
            page.keyboard.press("ArrowDown")
        expect(wanted).to_be_checked()
    focus_on(page, page.locator("[type=submit]"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存").first).to_be_visible()
    assert response(stage) == EXPECTED


@pytest.mark.parametrize("bins", [False, True], ids=["lists", "bins"])
def test_by_touch(watch: Watch, tmp_path: Path, bins: bool) -> None:
    """Taps are enough on a phone, every target is 44 px, and one tap chooses and closes."""
    page = watch({"kefu.test"}, **PHONE).page()
    stage = staged(page, tmp_path, item(bins=bins))
    for left, right in EXPECTED.items():
        if not bins:
            row(page, left).get_by_role("button").tap()
        sizes = page.locator(".k-each :is(button, label)").evaluate_all(
            "all => all.map(one => Math.min(one.offsetWidth, one.offsetHeight))"
        )
        assert min(sizes) >= 44
        row(page, left).locator("label", has_text=right).tap()
        if not bins:
            expect(row(page, left).get_by_role("radio")).to_have_count(0)
            expect(row(page, left).get_by_role("button")).to_have_text(right)
    page.locator("[type=submit]").tap()
    expect(page.get_by_text("已保存").first).to_be_visible()
    assert response(stage) == EXPECTED
    low = row(page, "没精神")
    expect(low.get_by_text("得五成")).to_be_visible()
    expect(low.get_by_text("参考：先问一句")).to_be_visible()
    expect(low.get_by_text("理由low。")).to_be_visible()
    expect(row(page, "赶火车").get_by_text("满分")).to_be_visible()
    expect(row(page, "赶火车").get_by_text("参考：")).to_have_count(0)


def test_a_right_that_is_used_says_so(watch: Watch, tmp_path: Path) -> None:
    """What another left has already is told in words, to the ear as well, and may be used again."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    staged(page, tmp_path, item(bins=False))
    row(page, "赶火车").get_by_role("button").click()
    row(page, "赶火车").locator("label", has_text="先问一句").click()
    row(page, "没精神").get_by_role("button").click()
    again = row(page, "没精神").get_by_role("radio", name="先问一句")
    expect(again).to_have_accessible_description("已配给“赶火车”")
    row(page, "没精神").locator("label", has_text="先问一句").click()
    expect(row(page, "没精神").get_by_role("button")).to_have_text("先问一句")


def test_what_is_missing_is_shown(watch: Watch, tmp_path: Path) -> None:
    """Sent too early, nothing is sent; a calm line says so and the focus is on what is missing."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    stage = staged(page, tmp_path, item(bins=False))
    page.locator("[type=submit]").click()
    expect(page.get_by_text("还有没选的")).to_be_visible()
    expect(page.locator(".k-picker").first).to_be_focused()
    assert stage.sent == []


@by_turns("lists", "bins", bins=[False, True], scheme=["light", "dark"], lang=["zh", "en"])
def test_axe_finds_nothing(
    watch: Watch, tmp_path: Path, lang: Lang, scheme: str, bins: bool
) -> None:
    """Unanswered, open, answered and judged, at 320 px and with text at 200 %."""
    profile = {**PHONE, "viewport": {"width": 320, "height": 700}, "color_scheme": scheme}
    page = watch({"kefu.test"}, **profile).page()
    stage = staged(page, tmp_path, item(bins=bins), lang)
    assert stage.axe() == []
    for at in range(3):
        each = page.locator(".k-each").nth(at)
        if not bins:
            each.locator("button").click()
            assert stage.axe() == []
        each.locator("label").first.click()
    assert stage.axe() == []
    page.locator("[type=submit]").click()
    expect(page.locator(".k-saved")).to_be_visible()
    assert stage.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    cut = "all => all.filter(o => o.scrollWidth > o.clientWidth + 1).map(o => o.className)"
    assert page.locator(".k-each, .k-each *").evaluate_all(cut) == []
