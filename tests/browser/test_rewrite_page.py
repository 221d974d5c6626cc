"""A sentence is said better, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player
from kefu.text import Lang
from tests.browser.conftest import PHONE, Watched
from tests.browser.stage import LOOKS, Stage
from tests.pieces import authored, both

Watch = Callable[..., Watched]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}
ITEM = authored(
    {"kind": "rewrite", "given": both("given"), "max_length": 60},
    {
        "required": {
            "own": {"zh": ["我来"], "en": ["I'll"], "why": both("why own")},
            "time": {"zh": ["五点前"], "en": ["by five"], "why": both("why time")},
        },
        "forbidden": {"shove": {"zh": ["不归我"], "en": ["not my"], "why": both("why shove")}},
        "rubric": {
            "follow": {**both("follow"), "points": 2},
            "tone": {**both("tone"), "points": 3},
        },
        "model": {"zh": "我来查，五点前回您。", "en": "I’ll call you by five."},
    },
)


def _desk(journal: Path, *, graded: bool = False) -> JournalDesk:
    card = ITEM.card.copy()
    if graded:
        card["room"] = "graded"
    keys = {} if graded else {card["item"]: ITEM.key}
    return JournalDesk([card], FileJournal(journal), keys)


def test_it_is_completed_by_keyboard_alone_in_lines(watch: Watch, tmp_path: Path) -> None:
    """Enter makes a line; Ctrl+Enter sends; the verdict names each phrase with its reason."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    stage = Stage(page, Player(_desk(tmp_path / "j")))
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('textarea')"):
            break
    page.keyboard.type("我来查。")
    page.keyboard.press("Enter")
    page.keyboard.type("稍等。")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("已保存").first).to_be_visible()
    [sent] = stage.sent
    assert sent["response"] == {"text": "我来查。\n稍等。"}
    for words in ("说到了：“我来”", "还缺，例如“五点前”", "why time。", "我来查，五点前回您。"):
        expect(page.get_by_text(words).first).to_be_visible()
    # The focus is on the button; the rubric is above it.
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator(".k-self [role=status]")).not_to_contain_text("自评 0")


def test_it_is_completed_by_touch_on_a_phone(watch: Watch, tmp_path: Path) -> None:
    """Written, sent and marked by oneself with a finger; the model stands below the rubric."""
    page = watch({"kefu.test"}, **PHONE).page()
    Stage(page, Player(_desk(tmp_path / "j")))
    page.locator("textarea").tap()
    page.keyboard.insert_text("我来查，五点前回您。")
    page.locator("button[type=submit]").tap()
    expect(page.get_by_text("满分").first).to_be_visible()
    page.locator(".k-self label").first.tap()
    expect(page.locator(".k-self [role=status]")).not_to_contain_text("自评 0")
    a, b = page.locator(".k-self").bounding_box(), page.locator(".k-model").bounding_box()
    assert a
    assert b
    assert a["y"] + a["height"] <= b["y"]


def test_the_field_grows_and_counts(watch: Watch, tmp_path: Path) -> None:
    """What is written is all in sight; too much is said and not sent."""
    page = watch({"kefu.test"}, **PHONE).page()
    stage = Stage(page, Player(_desk(tmp_path / "j")))
    area = page.locator("textarea")
    before = area.bounding_box()
    area.fill("\n".join("我来查。" for _ in range(12)))
    after = area.bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"]
    assert area.evaluate("area => area.scrollHeight <= area.clientHeight + 1")
    area.fill("我" * 65)
    expect(page.get_by_text("多了 5 字")).to_be_visible()
    page.locator("button[type=submit]").tap()
    expect(area).to_be_focused()
    assert stage.sent == []


@LOOKS
def test_axe_finds_nothing_in_a_rewrite(
    watch: Watch, tmp_path: Path, width: int, lang: Lang, scheme: str, graded: bool
) -> None:
    """Unanswered, answered and judged or saved; in each language, theme and width."""
    profile = {**PHONE, "viewport": {"width": width, "height": 700}, "color_scheme": scheme}
    page = watch({"kefu.test"}, **profile).page()
    stage = Stage(page, Player(_desk(tmp_path / "j", graded=graded), lang=lang))
    assert stage.axe() == []
    page.locator("textarea").fill("I'll look; it is not my job.")
    assert stage.axe() == []
    page.locator("button[type=submit]").click()
    expect(page.locator(".k-saved")).to_be_visible()
    assert stage.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_text_survives_the_switch_of_language_and_a_reload(watch: Watch, tmp_path: Path) -> None:
    """What is typed stays when the language is switched; what is saved comes back."""
    page = watch({"kefu.test"}, **PHONE).page()
    stage = Stage(page, Player(_desk(tmp_path / "j")))
    page.locator("textarea").fill("我来查，五点前回您。")
    page.locator(".k-lang").tap()
    expect(page.locator("textarea")).to_have_value("我来查，五点前回您。")
    page.locator("button[type=submit]").tap()
    expect(page.locator(".k-saved")).to_be_visible()
    stage.player = Player(_desk(tmp_path / "j"))
    stage.open()
    expect(page.locator("textarea")).to_have_value("我来查，五点前回您。")
    expect(page.get_by_text("参考说法")).to_be_visible()
