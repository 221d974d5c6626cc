"""A call is scored, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player
from kefu.text import Lang
from tests.browser.conftest import PHONE, Watched
from tests.browser.stage import LOOKS, Stage
from tests.pieces import authored, both

Watch = Callable[..., Watched]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}
CRITERIA = ("greet", "facts", "close")
CALL = [
    {"who": ("customer", "agent")[n % 2], "at": f"{n // 6}:{n % 6}0",
     "zh": f"第 {n} 句话，说得不长也不短，正好占上一两行的样子。",
     "en": f"Line {n}, neither long nor short, which takes up a line or two of the page."}
    for n in range(20)
]  # fmt: skip
ITEM = authored(
    {
        "kind": "review",
        "scorecard": {
            "title": {"zh": "电话评分表", "en": "Phone scorecard"},
            "criterion": [
                {"id": name, **both(name),
                 "level": [{"score": n, **both(f"{name} {n}")} for n in range(3)]}
                for name in CRITERIA
            ],
            "critical": [{"id": name, **both(name)} for name in ("rude", "lie")],
        },
        "line": CALL,
    },
    {
        "score": {"greet": 2, "facts": 1, "close": 0},
        "critical": ["rude"],
        "why": {name: both(f"why {name}") for name in (*CRITERIA, "rude", "lie")},
    },
)  # fmt: skip


def _desk(journal: Path, *, graded: bool = False) -> JournalDesk:
    card = ITEM.card.copy()
    if graded:
        card["room"] = "graded"
    keys = {} if graded else {card["item"]: ITEM.key}
    return JournalDesk([card], FileJournal(journal), keys)


def _score(page: Page, how: str) -> None:
    """Score 2, 2, 0 and tick the second error, by touch or mouse."""
    for at, level in enumerate((2, 2, 0)):
        label = page.locator(".k-scoring .k-each").nth(at).locator("label").nth(level)
        label.tap() if how == "tap" else label.click()
    error = page.locator(".k-scoring .k-each").last.locator("label").nth(1)
    error.tap() if how == "tap" else error.click()


def _told(page: Page) -> None:
    """The verdict of `_score`, in words."""
    expect(page.get_by_text("已保存").first).to_be_visible()
    for words in ("和参考一样，2 分", "比参考高 1 分：你 2 分，参考 1 分", "和参考一样，0 分",
                  "漏了，这通电话里有", "误报，这通电话里没有", "why facts。"):  # fmt: skip
        expect(page.get_by_text(words).first).to_be_visible()
    expect(page.locator(".k-kappa")).to_contain_text("κ")


def test_it_is_completed_by_keyboard_alone(watch: Watch, tmp_path: Path) -> None:
    """Tab and arrows score each behaviour, space ticks, Enter sends."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    stage = Stage(page, Player(_desk(tmp_path / "j")))
    scored = 0
    for _ in range(40):
        page.keyboard.press("Tab")
        kind = page.evaluate("document.activeElement.type ?? ''")
        if kind == "radio":
            # Tab comes to the first level; the arrows choose.
            page.keyboard.press("Space")
            for _ in range((2, 2, 0)[scored]):
                page.keyboard.press("ArrowDown")
            scored += 1
        elif kind == "checkbox" and page.evaluate(
            "document.activeElement.closest('.k-opt').matches('.k-opt:nth-child(2)')"
        ):
            page.keyboard.press("Space")
        elif kind == "submit":
            page.keyboard.press("Enter")
            break
    _told(page)
    ids = [c["id"] for c in ITEM.card["scorecard"]["criteria"]]
    [sent] = stage.sent
    assert sent["response"]["score"] == dict(zip(ids, (2, 2, 0), strict=True))


def test_it_is_completed_by_touch(watch: Watch, tmp_path: Path) -> None:
    """On a phone fingers score, tick and send; one gets to the call and back by a touch."""
    page = watch({"kefu.test"}, **PHONE).page()
    Stage(page, Player(_desk(tmp_path / "j")))
    _score(page, "tap")
    second = page.locator(".k-scoring .k-each").nth(1)
    second.locator("label").nth(1).tap()
    second.locator("label").nth(2).tap()
    page.locator(".k-scoring-top button").tap()
    expect(page.locator(".k-call .k-head")).to_be_in_viewport()
    page.locator(".k-call button").tap()
    expect(second).to_be_in_viewport()
    page.locator("button[type=submit]").tap()
    _told(page)


def test_call_and_scorecard_stand_side_by_side(watch: Watch, tmp_path: Path) -> None:
    """At a desk the call is to the left and stays in sight; on a phone it is above."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    Stage(page, Player(_desk(tmp_path / "j")))
    call, sheet = page.locator(".k-call"), page.locator(".k-scoring")
    a, b = call.bounding_box(), sheet.bounding_box()
    assert a
    assert b
    assert a["x"] + a["width"] <= b["x"]
    sheet.locator(".k-each").last.scroll_into_view_if_needed()
    expect(call.locator(".k-head")).to_be_in_viewport()

    page = watch({"kefu.test"}, **PHONE).page()
    Stage(page, Player(_desk(tmp_path / "k")))
    a = page.locator(".k-call").bounding_box()
    b = page.locator(".k-scoring").bounding_box()
    assert a
    assert b
    assert a["y"] + a["height"] <= b["y"]


@LOOKS
def test_axe_finds_nothing_in_a_review(
    watch: Watch, tmp_path: Path, width: int, lang: Lang, scheme: str, graded: bool
) -> None:
    """Unanswered, answered and judged or saved; in each language, theme and width."""
    profile = {**PHONE, "viewport": {"width": width, "height": 700}, "color_scheme": scheme}
    page = watch({"kefu.test"}, **profile).page()
    stage = Stage(page, Player(_desk(tmp_path / "j", graded=graded), lang=lang))
    assert stage.axe() == []
    _score(page, "tap")
    assert stage.axe() == []
    page.locator("button[type=submit]").click()
    expect(page.locator(".k-saved")).to_be_visible()
    assert stage.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_reload_brings_the_scorecard_back(watch: Watch, tmp_path: Path) -> None:
    """What was scored and ticked is there again, with its verdict."""
    page = watch({"kefu.test"}, **PHONE).page()
    stage = Stage(page, Player(_desk(tmp_path / "j")))
    _score(page, "tap")
    page.locator("button[type=submit]").tap()
    _told(page)
    stage.player = Player(_desk(tmp_path / "j"))
    stage.open()
    _told(page)
    expect(page.locator(".k-scoring input:checked")).to_have_count(4)
