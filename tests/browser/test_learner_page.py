"""What stands beside the questions: hints, how sure one is, tries, own order, results."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kefu.coursework import Coursework
from kefu.journal import FileJournal
from kefu.notebook import map as course_map
from kefu.player import JournalDesk, Player
from kefu.publish import Published
from tests.browser.conftest import PHONE, Watched
from tests.browser.stage import Stage
from tests.pieces import authored, choice, id_of

Watch = Callable[..., Watched]
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 900},
    "locale": "zh-CN",
    "reduced_motion": "reduce",  # what axe sees is not half faded in
}
PAGES = {
    "phone": PHONE,
    "desktop": DESKTOP,
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "narrow": {**PHONE, "viewport": {"width": 320, "height": 640}},
}

HINTS = [
    {"zh": "先想想客户此刻最怕什么。", "en": "What does the customer fear most now?", "cost": 0.25},
    {"zh": "哪一句里有下一步？", "en": "Which one has a next step in it?", "cost": 0.5},
]


def item(**more: Any) -> Published:
    """A choice with two hints, which asks how sure one is."""
    return choice({"own": 1.0, "wait": 0.5, "send": 0.0}, hint=HINTS, confidence=True, **more)


def long_choice() -> Published:
    """A choice with many options, to see their order."""
    names = ["a", "b", "c", "d", "e", "f"]
    return choice({n: 1.0 if n == "a" else 0.0 for n in names}, id="many")


def player(journal: Path, *items: Published, **named: Any) -> Player:
    """A player of these items."""
    keys = {one.card["item"]: one.key for one in items}
    return Player(JournalDesk([i.card for i in items], FileJournal(journal), keys), **named)


def pick(page: Page, words: str) -> None:
    """Choose an option by its words."""
    page.locator(".k-opt").filter(has_text=words).locator("input").check()


@pytest.fixture(params=PAGES)
def profile(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each sort of page."""
    return PAGES[request.param]


def test_hints_cost_what_they_say(watch: Watch, tmp_path: Path, profile: dict[str, Any]) -> None:
    """The cost is on the button before it is pressed, and off the credit afterwards."""
    one = item()
    stage = Stage(watch({"kefu.test"}, **profile).page(), player(tmp_path / "j", one))
    page = stage.page
    expect(page.get_by_text("先想想客户")).to_have_count(0)
    assert stage.axe() == []
    page.get_by_role("button", name="看一条提示（少得 25% 的分）").click()
    expect(page.get_by_text("先想想客户")).to_be_visible()
    page.get_by_role("button", name="再看一条提示（少得 50% 的分）")
    pick(page, "own")
    page.get_by_label("没把握").check()
    assert stage.axe() == []
    page.get_by_role("button", name="看看如何").click()
    expect(page.get_by_text("已保存").first).to_be_visible()
    expect(page.get_by_text("看了 1 条提示，少得 25% 的分。")).to_be_visible()
    expect(page.locator(".k-status")).to_contain_text("得 75% 的分")
    assert stage.sent[-1]["response"] == {"option": id_of(one, "own"), "sure": False, "hints": 1}
    assert stage.axe() == []
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_how_sure_is_asked_first(watch: Watch, tmp_path: Path) -> None:
    """Without it nothing is sent; a calm line and the focus say where it is."""
    stage = Stage(watch({"kefu.test"}, **PHONE).page(), player(tmp_path / "j", item()))
    page = stage.page
    pick(page, "own")
    page.get_by_role("button", name="看看如何").click()
    expect(page.get_by_text("再选一下有没有把握。")).to_be_visible()
    expect(page.get_by_label("有把握", exact=True)).to_be_focused()
    assert stage.sent == []
    assert stage.axe() == []
    page.get_by_label("有把握", exact=True).check()
    page.get_by_role("button", name="看看如何").click()
    expect(page.get_by_text("已保存").first).to_be_visible()


def test_another_try_keeps_the_first(watch: Watch, tmp_path: Path) -> None:
    """After a better answer the first try is still told; also after the page is opened again."""
    one = item()
    stage = Stage(watch({"kefu.test"}, **PHONE).page(), player(tmp_path / "j", one))
    page = stage.page
    for name in ("wait", "own"):
        pick(page, name)
        page.get_by_label("有把握", exact=True).check()
        page.get_by_role("button", name="看看如何").click()
        expect(page.get_by_text("已保存").first).to_be_visible()
        if name == "wait":
            expect(page.get_by_text("你答的时候有把握")).to_be_visible()
            page.get_by_role("button", name="再答一次").click()
    expect(page.get_by_text("第 2 次作答；第一次：得五成")).to_be_visible()
    stage.player = player(tmp_path / "j", one)
    stage.open()
    expect(page.get_by_text("第 2 次作答；第一次：得五成")).to_be_visible()


def options(page: Page) -> list[str]:
    """The options as they stand."""
    return page.locator(".k-opt").all_inner_texts()


def test_the_order_is_ones_own(watch: Watch, tmp_path: Path) -> None:
    """A learner finds the options as they stood, also after a reload; another learner does not."""
    many = long_choice()
    stage = Stage(
        watch({"kefu.test"}, **DESKTOP).page(), player(tmp_path / "j", many, seed="1f2e3d4c")
    )
    mine = options(stage.page)
    stage.open()
    assert options(stage.page) == mine
    stage.page.locator(".k-lang").click()
    english = options(stage.page)
    assert [words.rstrip("。.") for words in english] == [words.rstrip("。.") for words in mine]
    stage.player = player(tmp_path / "j", many, seed="another")
    stage.open()
    theirs = options(stage.page)
    assert sorted(theirs) == sorted(mine)
    assert theirs != mine
    stage.player = player(tmp_path / "j", many)
    stage.open()
    assert options(stage.page) == [o["text"]["zh"] for o in many.card["options"]]


def test_the_other_language_keeps_everything(watch: Watch, tmp_path: Path) -> None:
    """Switching the language loses neither what is chosen, nor typed, nor opened, nor how sure."""
    one = item()
    number = authored(
        {"kind": "number", "id": "count", "hint": HINTS, "confidence": True},
        {"value": 15, "why": {"zh": "因为。", "en": "Because."}},
    )
    stage = Stage(
        watch({"kefu.test"}, **PHONE).page(), player(tmp_path / "j", one, number, pace="all")
    )
    page = stage.page
    first, second = page.locator("article").nth(0), page.locator("article").nth(1)
    pick(page, "wait")
    first.get_by_role("button", name="看一条提示").click()
    first.get_by_label("没把握").check()
    second.get_by_role("textbox").fill("17")
    second.get_by_label("有把握", exact=True).check()
    for _ in range(3):
        page.locator(".k-lang").click()
    expect(page.get_by_text("What does the customer fear most now?")).to_be_visible()
    expect(first.get_by_label("Not sure")).to_be_checked()
    expect(first.locator(".k-opt").filter(has_text="wait").locator("input")).to_be_checked()
    expect(second.get_by_role("textbox")).to_have_value("17")
    expect(second.get_by_label("Sure", exact=True)).to_be_checked()
    assert stage.axe() == []


def test_all_of_it_by_keyboard(watch: Watch, tmp_path: Path) -> None:
    """Tab, arrows and space answer, open a hint, say how sure, check and try again."""
    one = item()
    stage = Stage(watch({"kefu.test"}, **DESKTOP).page(), player(tmp_path / "j", one))
    keys, page = stage.page.keyboard, stage.page
    for _ in range(2):  # past the language
        keys.press("Tab")
    expect(page.locator(".k-opt input").first).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Tab")
    expect(page.get_by_role("button", name="看一条提示")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_text("先想想客户")).to_be_visible()
    expect(page.get_by_role("button", name="再看一条提示")).to_be_focused()
    keys.press("Tab")
    keys.press("Space")
    expect(page.get_by_label("有把握", exact=True)).to_be_checked()
    keys.press("ArrowDown")
    expect(page.get_by_label("没把握")).to_be_checked()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("已保存").first).to_be_visible()
    expect(page.get_by_role("button", name="再答一次")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_role("button", name="看看如何")).to_be_visible()
    assert stage.sent[-1]["response"]["hints"] == 1


# Results and the map


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of 60 lessons in 12 chapters, some of it written and one lesson answered."""
    root = tmp_path / "course"
    (root / "cards").mkdir(parents=True)
    written = {"1.1": "a", "1.2": "b", "5.2": "c"}
    chapters = [
        {
            "number": c,
            "title": {"zh": f"第 {c} 章的名字", "en": f"The name of chapter {c}"},
            "lessons": [
                {
                    "id": f"{c}.{n}",
                    "title": {"zh": f"课名{c}-{n}", "en": f"Lesson name {c} {n}"},
                    "minutes": 30,
                    "file": f"{c}.{n}-x.ipynb" if f"{c}.{n}" in written else None,
                    "scenarios": [written[f"{c}.{n}"]] if f"{c}.{n}" in written else [],
                }
                for n in range(1, 6)
            ],
        }
        for c in range(1, 13)
    ]
    title = {"zh": "一门课", "en": "One course"}
    (root / "map.json").write_text(json.dumps({"title": title, "chapters": chapters}), "utf-8")
    for lesson, slug in written.items():
        one = item(id=slug, lesson=lesson)
        data = {"cards": [one.card], "keys": {one.card["item"]: one.key}}
        (root / "cards" / f"{slug}.json").write_text(json.dumps(data), "utf-8")
    answer(Coursework(root), "a", "wait")
    return root


def answer(work: Coursework, slug: str, option: str) -> None:
    """Answer the one item of a story."""
    found = work.scenario(slug)
    assert found
    (card,) = found[0]
    pick = next(o["id"] for o in card["options"] if o["text"]["en"] == f"{option}.")
    said = Player(JournalDesk(found[0], work.journal, found[1])).reply(
        {"do": "answer", "id": slug * 32, "item": card["item"], "version": card["version"],
         "response": {"option": pick}, "lang": "zh"}
    )  # fmt: skip
    assert said["did"] == "saved"


def test_the_course_map_leads_on(watch: Watch, course: Path, profile: dict[str, Any]) -> None:
    """Of sixty lessons the one to go on with is plain, its chapter open, all else folded away."""
    stage = Stage(watch({"kefu.test"}, **profile).page(), course_map("course", course / "zh"))
    page = stage.page
    on = page.locator(".k-onward")
    expect(on).to_contain_text("接着学")
    expect(on).to_contain_text("1.2 课名1-2")
    expect(on).to_have_attribute("data-kefu-notebook", "../zh/1.2-x.ipynb")
    expect(page.get_by_text("课名1-1")).to_be_visible()
    expect(page.get_by_text("1 题答了 1 题，1 题可以再看看").first).to_be_visible()
    expect(page.get_by_text("课名12-1")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for target in page.locator("a, summary, button").all():
        box = target.bounding_box()
        if box and target.is_visible():
            assert box["height"] >= 44, target.inner_text()
    assert stage.axe() == []
    page.locator("summary").nth(11).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("课名12-1")).to_be_visible()
    page.locator(".k-lang").click()
    expect(page.get_by_text("Lesson name 12 1")).to_be_visible()
    expect(on).to_have_attribute("data-kefu-notebook", "../en/1.2-x.ipynb")
    assert stage.axe() == []


def test_the_map_counts_when_it_is_seen_again(watch: Watch, course: Path) -> None:
    """What was answered in another notebook is there when one turns back to the map."""
    stage = Stage(watch({"kefu.test"}, **DESKTOP).page(), course_map("course", course / "zh"))
    page = stage.page
    expect(page.locator(".k-onward")).to_contain_text("1.2 课名1-2")
    page.evaluate("document.getElementById('stage').style.display = 'none'")
    answer(Coursework(course), "b", "own")
    page.wait_for_timeout(100)
    page.evaluate("document.getElementById('stage').style.display = ''")
    expect(page.locator(".k-onward")).to_contain_text("5.2 课名5-2")
    assert [message["do"] for message in stage.sent] == ["count"]


def paper(page: Page, button: str) -> str:
    """Press the button, and read what stands on the paper when the printer asks."""
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name=button, exact=True).click()
    page.emulate_media(media="print")
    text = str(page.evaluate("document.body.innerText"))
    pages = page.pdf().count(b"/Type /Page\n")
    assert 1 <= pages <= 3
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    return text


def around(page: Page) -> str:
    """Something stands around the widget, as in a notebook; gives the whole page's HTML."""
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin', '<p>SURROUNDING</p>')"
    )
    return str(page.evaluate("document.documentElement.outerHTML"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_are_printed_alone(watch: Watch, course: Path, tmp_path: Path, scheme: str) -> None:
    """Paper has the results, whose and when; nothing around them; the page is as it was."""
    context = watch({"kefu.test"}, **{**DESKTOP, "color_scheme": scheme})
    stage = Stage(context.page(), course_map("1-1", course / "zh"))
    before = around(stage.page)
    text = paper(stage.page, "打印")
    assert "课名1-1" in text
    assert "得五成" in text
    assert "姓名" in text
    assert "SURROUNDING" not in text
    assert "打印" not in text
    after = str(stage.page.evaluate("document.documentElement.outerHTML"))
    for trace in (' class=""', ' data-lm-suppress-shortcuts="true"'):
        after = after.replace(trace, "", 1)
    assert after == before


def test_paper_is_black_on_white(watch: Watch, course: Path) -> None:
    """Also from a dark page, in JupyterLab's dark theme as well, ink is black on paper."""
    context = watch({"kefu.test"}, **{**DESKTOP, "color_scheme": "dark"})
    stage = Stage(context.page(), course_map("course", course / "zh"))
    page = stage.page
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="打印", exact=True).click()
    page.emulate_media(media="print", color_scheme="dark")
    for theme in (None, "false"):
        if theme:
            page.evaluate(f"document.body.dataset.jpThemeLight = '{theme}'")
        colour = page.evaluate(
            "getComputedStyle(document.querySelector('.k-sheet .k-place > span')).color"
        )
        assert colour == "rgb(0, 0, 0)"


def test_the_map_is_printed_unfolded(watch: Watch, course: Path, tmp_path: Path) -> None:
    """Paper cannot be unfolded, so every lesson of the course is on it."""
    stage = Stage(watch({"kefu.test"}, **DESKTOP).page(), course_map("course", course / "zh"))
    text = paper(stage.page, "打印")
    assert "课名1-1" in text
    assert "课名12-5" in text
    assert stage.page.locator("details[open]").count() == 1


def test_a_summary_is_printed(watch: Watch, tmp_path: Path) -> None:
    """The summary behind the last question is printed with the answers."""
    one, two = item(), choice({"yes": 1.0, "no": 0.0}, id="other")
    stage = Stage(watch({"kefu.test"}, **DESKTOP).page(), player(tmp_path / "j", one, two))
    page = stage.page
    pick(page, "own")
    page.get_by_label("有把握", exact=True).check()
    page.get_by_role("button", name="看看如何").click()
    page.get_by_role("button", name="下一题").click()
    pick(page, "no")
    page.get_by_role("button", name="看看如何").click()
    page.get_by_role("button", name="看小结").click()
    around(page)
    text = paper(page, "打印")
    assert "共 2 题，答了 2 题" in text
    assert "不得分" in text
    assert "no。" in text
    assert "SURROUNDING" not in text
