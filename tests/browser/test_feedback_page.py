"""The page a learner gets back, and the place to ask about it: on a phone, at a desk, on paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kefu.appeals import Appeals
from kefu.grading.appealing import Appealing
from kefu.grading.appeals import Asked
from kefu.grading.booked import Booked, Mark
from kefu.grading.page import Facts, draw
from kefu.journal import FileJournal
from kefu.notebook import APPEALS
from kefu.player import JournalDesk, Player
from kefu.text import Text
from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.laws import LAWS, axe, enlarged, focus, law
from tests.browser.stage import Stage, by_turns
from tests.grading.course import Course
from tests.grading.pages import course, feedback, grade, mark
from tests.grading.test_reasons import release
from tests.grading.test_rewrite_cells import HALF, ITEM, STORY
from tests.pieces import choice, number

Watch = Callable[..., Watched]
LONG = "我数过，电话响了四声才有人接。" * 12


@pytest.fixture(scope="module")
def handed_back(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that has everything: late, marked in part, changed by hand, asked, answered."""
    made = course(tmp_path_factory.mktemp("handed"), scenarios__invoice=STORY)
    answers: dict[str, Any] = {ITEM: {"text": HALF}, "umbrella--rings": {"number": "4"}}
    answers["umbrella--first-reply"] = {
        "option": made.cards()["umbrella--first-reply"]["options"][0]["id"]
    }
    folder = made.submit("s01", made.answers(answers))
    about = {"item": "umbrella--rings", "at": "2026-11-22T08:00:00.000Z"}
    asked = [
        {"id": f"{n:032x}", "text": text, **about} for n, text in enumerate((LONG, "And why?"))
    ]
    (folder / APPEALS).write_text("\n".join(map(json.dumps, asked)) + "\n")
    (folder / "timestamp.txt").write_text("2026-11-20 11:00:00 UTC")
    grade(made)
    release(made)
    mark(made, "s01", f"{ITEM}--rubric-1", 2.5, "语气很好。")
    mark(made, "s01", "umbrella--rings", 1)
    with Appealing(made.places, "first") as appealing:
        appealing.answer("s01", "umbrella--rings", "标准是三声。")
    feedback(made)
    return _file(made)


def _file(made: Course) -> Path:
    return made.root / "feedback/s01/first/first.html"


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with code and what it printed, in lines longer than any screen."""
    long = "x = " + "very_long_name + " * 60 + "1"

    def cell(name: str, *, locked: bool, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        about = {"grade_id": name, "grade": locked, "locked": locked}
        return {"cell_type": "code", "id": name, "source": f"def f():\n\t{long}\n",
                "outputs": outputs, "metadata": {"nbgrader": about}}  # fmt: skip

    output = [{"output_type": "stream", "text": "y" * 3000 + "\n" + "一行\n" * 80}]
    notebook = {"metadata": {}, "cells": [
        cell("p--program--code", locked=False, outputs=output),
        cell("p--program", locked=True, outputs=[]),
    ]}  # fmt: skip
    mine = Booked(None, None, None, 0.0, {"p--program": Mark(6.0, 3.0, None, 0.0)}, {})
    asked = [Asked(1, "s", "s01", "p--program", "z" * 500, "2026-11-22T08:00:00.000Z", None, [])]
    file = tmp_path_factory.mktemp("coded") / "page.html"
    file.write_text(
        draw(notebook, Facts("s01", Text("带代码的", "With code"), mine, [], asked, ""))
    )
    return file


LOOKS: dict[str, list[Any]] = {
    "profile": [PHONE, DESKTOP],
    "scheme": ["light", "dark"],
    "lang": ["zh", "en"],
}


def _open(watch: Watch, file: Path, profile: dict[str, Any], lang: str, **more: Any) -> Page:
    page = watch(set(), **profile, **more).page()
    page.goto(file.as_uri())
    page.locator(f"#in-{lang}").check()
    for box in page.locator("details:visible").all():
        box.evaluate("(one) => { one.open = true; }")
    return page


@by_turns("phone", "desktop", **LOOKS, kind=["handed_back", "coded"])
def test_the_page_keeps_every_law(
    watch: Watch,
    request: pytest.FixtureRequest,
    profile: dict[str, Any],
    scheme: str,
    lang: str,
    kind: str,
) -> None:
    """Axe finds nothing; nothing is lost, too wide, too small, or in an unnamed language."""
    page = _open(watch, request.getfixturevalue(kind), profile, lang, color_scheme=scheme)
    found = [*axe(page), *(line for name in LAWS for line in law(page, name)), *enlarged(page)]
    assert not found, "\n".join(found)


def test_one_language_at_a_time(watch: Watch, handed_back: Path) -> None:
    """中文 is shown first; the switch shows English alone, by mouse and by keyboard."""
    page = watch(set(), **DESKTOP).page()
    page.goto(handed_back.as_uri())
    expect(page.get_by_text("你的答案").first).to_be_visible()
    expect(page.get_by_text("Your answer").first).to_be_hidden()
    page.get_by_label("English").check()
    expect(page.get_by_text("Your answer").first).to_be_visible()
    expect(page.get_by_text("你的答案").first).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("你的答案").first).to_be_visible()


def test_every_stop_of_the_keyboard_can_be_seen(watch: Watch, handed_back: Path) -> None:
    """Tabbing through the page, each stop shows that it has the focus."""
    page = _open(watch, handed_back, DESKTOP, "zh")
    found, stops = focus(page)
    assert not found, "\n".join(found)
    assert stops >= 7


def test_it_is_a_document_with_an_order(watch: Watch, handed_back: Path) -> None:
    """One heading of the page, one for each question; tables keep their roles on a phone."""
    page = _open(watch, handed_back, PHONE, "en")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=2)).to_have_count(5)
    expect(page.get_by_role("region")).to_have_count(5)
    rows = page.get_by_role("table", name="Within how many rings?").get_by_role("rowheader")
    assert rows.all_inner_texts() == ["Your answer", "Credit", "Why", "What is right"]
    page.get_by_role("navigation").get_by_role("link").nth(4).click()
    expect(page.locator("#q5")).to_be_in_viewport()


def test_a_question_and_its_answer_stand_below_the_item(watch: Watch, handed_back: Path) -> None:
    """Under the item stand both questions with the instructor's answer, each as it was typed."""
    section = _open(watch, handed_back, PHONE, "zh").locator("#q5")
    for words in (
        "你问的",
        LONG,
        "And why?",
        "老师的答复",
        "标准是三声。",
        "自动批改 0 分，改为 1 分",
    ):
        expect(section.get_by_text(words).first).to_be_visible()


def test_on_paper_nothing_is_cut(watch: Watch, coded: Path, handed_back: Path) -> None:
    """Printed, the page is dark on light with the switch left out, and code is whole."""
    page = _open(watch, coded, DESKTOP, "zh", color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".langs")).to_be_hidden()
    for block in page.locator("pre").all():
        assert block.evaluate("(one) => one.scrollHeight <= one.clientHeight + 1")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.goto(handed_back.as_uri())
    expect(page.locator(".jump")).to_be_hidden()


def test_a_browser_without_the_switch_shows_both(watch: Watch, handed_back: Path) -> None:
    """Where the style cannot tell which language was picked, both are shown, 中文 first."""
    text = handed_back.read_text("utf-8")
    page = watch(set(), **PHONE).page()
    page.set_content(text.replace(":has(", ":unheard-of("))
    zh, en = page.get_by_text("你的答案").first, page.get_by_text("Your answer").first
    expect(zh).to_be_visible()
    expect(en).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# Where a learner asks.


@contextmanager
def _panel(page: Page, folder: Path, lang: str) -> Iterator[Stage]:
    cards = [choice({"a": 1.0, "b": 0.0}).card, number(3, unit="声/rings").card]
    desk = JournalDesk(cards, FileJournal(folder / "j"))
    cards[1]["item"] = "story--second"
    appeals = Appeals(folder / APPEALS, cards)
    yield Stage(
        page,
        Player(desk, handin="first", hand_in=lambda _: "x.zip", appeals=appeals, lang=lang),  # type: ignore[arg-type]
    )


@by_turns("phone", "desktop", **LOOKS)
def test_the_panel_keeps_every_law(
    watch: Watch, tmp_path: Path, profile: dict[str, Any], scheme: str, lang: str
) -> None:
    """The place to ask is quiet until it is opened, and keeps every law when it is."""
    page = watch({"kefu.test"}, **profile, color_scheme=scheme).page()
    with _panel(page, tmp_path, lang):
        expect(page.locator(".k-appeal select")).to_be_hidden()
        page.locator(".k-appeal summary").click()
        page.locator(".k-appeal select").select_option(index=2)
        page.locator(".k-appeal textarea").fill(
            "为什么不是四声？" if lang == "zh" else "Why not four?"
        )
        page.locator(".k-appeal button").click()
        expect(page.locator(".k-appealed")).to_have_count(1)
        found = [*axe(page), *(line for name in LAWS for line in law(page, name)), *enlarged(page)]
        assert not found, "\n".join(found)


def test_a_question_is_asked_by_keyboard_and_stays(watch: Watch, tmp_path: Path) -> None:
    """Opened, picked, written and sent by keyboard; after a reload it is still listed."""
    page = watch({"kefu.test"}, **DESKTOP).page()
    with _panel(page, tmp_path, "zh") as stage:
        page.locator(".k-appeal summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("为什么？\n我数过 <b>。")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".k-appeal .k-saved")).to_contain_text("已保存")
        expect(page.locator(".k-appealed")).to_contain_text("我数过 <b>。")
        expect(page.locator(".k-appeal textarea")).to_have_value("")
        found, _ = focus(page)
        assert not found, "\n".join(found)
        stage.player.handin = stage.player._panel()  # what a new kernel would say
        stage.open()
        page.locator(".k-appeal summary").click()
        expect(page.locator(".k-appealed")).to_contain_text("我数过 <b>。")


def test_what_is_not_on_disk_is_not_shown_as_saved(watch: Watch, tmp_path: Path) -> None:
    """Where the folder takes nothing, the words stay in the field and a calm line says why."""
    (tmp_path / APPEALS).mkdir()
    page = watch({"kefu.test"}, **PHONE).page()
    with _panel(page, tmp_path, "zh"):
        page.locator(".k-appeal summary").tap()
        page.locator(".k-appeal select").select_option(index=1)
        page.locator(".k-appeal textarea").fill("为什么？")
        page.locator(".k-appeal button").tap()
        expect(page.locator(".k-appeal [role=status]")).to_contain_text("问题还没有存上")
        expect(page.locator(".k-appeal textarea")).to_have_value("为什么？")
        expect(page.locator(".k-appealed")).to_have_count(0)
