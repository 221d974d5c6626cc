"""The explorers in a real browser, joined to their real Python, without Jupyter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from kefu.explorers import SLUGS, explorer
from kefu.explorers.widget import Exploration
from kefu.text import Lang
from tests.browser import laws
from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.stage import ORIGIN, STATIC

Watch = Callable[..., Watched]

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>kefu</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/explorer.css"></head>
<body style="margin:0"><main><h1 style="position:absolute;opacity:0">kefu</h1>
<div id="stage"></div></main>
<script type="module">
import explorer from "/explorer.js";
const state = STATE, heard = {};
await explorer.render({
  model: {
    get: (name) => state[name],
    on: (event, f) => (heard[event] = f),
    off: (event) => delete heard[event],
    async send(content) {
      const reply = await window.python(content);
      if (reply?.did === "seen") (state.seen = reply, heard["change:seen"]());
      else if (reply) heard["msg:custom"](reply, []);
    },
  },
  el: document.getElementById("stage"),
});
document.body.dataset.ready = "yes";
</script></body></html>"""


class Bench:
    """A page that shows one explorer; set `deaf` and nobody answers it."""

    def __init__(self, page: Page, slug: str, lang: Lang = "zh") -> None:
        self.page = page
        self.widget = Exploration(explorer(slug), lang=lang)
        self.deaf = False
        self.sent: list[dict[str, Any]] = []
        page.expose_function("python", self._python)
        page.route(f"{ORIGIN}/**", self._serve)
        page.goto(f"{ORIGIN}/")
        page.locator("body[data-ready]").wait_for()

    def _python(self, content: dict[str, Any]) -> dict[str, Any] | None:
        self.sent.append(content)
        return None if self.deaf else self.widget.reply(content)

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(f"{ORIGIN}/")
        if name:
            kind = "text/css" if name.endswith(".css") else "text/javascript"
            route.fulfill(body=(STATIC / name).read_bytes(), content_type=f"{kind}; charset=utf-8")
            return
        state = {name: getattr(self.widget, name) for name in ("spec", "lang", "seen")}
        told = json.dumps(state, ensure_ascii=False).replace("<", "\\u003c")
        route.fulfill(body=PAGE.replace("STATE", told), content_type="text/html; charset=utf-8")


def bench(watch: Watch, slug: str, lang: Lang = "zh", **look: Any) -> Bench:
    """An explorer on a watched page."""
    return Bench(watch({"kefu.test"}, **look).page(), slug, lang)


LOOKS: tuple[tuple[str, dict[str, Any], Lang, str], ...] = (
    ("phone", PHONE, "zh", "light"),
    ("desktop", DESKTOP, "en", "dark"),
)


def looks() -> Iterator[Any]:
    """Every explorer on a phone and on a desktop; the gate takes them by turns, soak all."""
    for number, slug in enumerate(SLUGS):
        for turn, (name, *look) in enumerate(LOOKS):
            marks = () if (number + turn) % 2 else pytest.mark.soak
            yield pytest.param(slug, *look, id=f"{slug}-{name}", marks=marks)


@pytest.mark.parametrize(("slug", "look", "lang", "scheme"), list(looks()))
def test_it_keeps_the_laws(
    watch: Watch, slug: str, look: dict[str, Any], lang: Lang, scheme: str
) -> None:
    """Any of them, on a phone and on a desktop, light and dark, opened and with its answer."""
    page = bench(watch, slug, lang, **look, color_scheme=scheme).page
    stray, stops = laws.focus(page)
    page.locator("summary").click()
    laws.settle(page)
    found = laws.axe(page)
    for name in laws.LAWS:
        found += laws.law(page, name)
    found += laws.enlarged(page)
    assert found + stray == []
    assert stops >= 4


def test_it_works_by_keyboard_alone(watch: Watch) -> None:
    """A slider moves with the arrow keys, its number takes what is typed, radios and buttons go."""
    made = bench(watch, "nps-noise", **DESKTOP)
    page = made.page
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".k-exact input").first).to_have_value("51")
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("６０")
    page.keyboard.press("Enter")
    expect(slider).to_have_value("60")
    expect(page.locator("[aria-live] p").first).to_contain_text("+40")
    before = page.locator("img").get_attribute("src")
    page.get_by_role("button", name="再过两年看看").press("Enter")
    expect(page.locator("img")).not_to_have_attribute("src", before or "")


def test_a_drag_ends_where_it_ends(watch: Watch) -> None:
    """While a slider is dragged the picture never goes; the last place is what is seen."""
    made = bench(watch, "two-raters", **DESKTOP)
    page = made.page
    page.evaluate("""() => {
        window.gone = 0;
        new MutationObserver(() => { window.gone += document.querySelector("img") ? 0 : 1; })
            .observe(document.body, { childList: true, subtree: true });
    }""")
    slider = page.get_by_role("slider").nth(1)
    box = slider.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for step in range(10):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 25), y)
    page.mouse.up()
    last = int(slider.input_value())
    assert last > 80
    expect(page.locator("dd").first).to_have_text(
        made.widget.reply({"do": "see", "n": 1, "lang": "zh", "values": {"passed": last}})["view"][
            "figures"
        ][0]["value"]["zh"]
    )
    assert page.evaluate("window.gone") == 0
    assert made.sent[-1]["values"]["passed"] == last


def test_answers_open_the_next_question(watch: Watch) -> None:
    """The decision tree shows what comes next, and in the end a chart; nothing moves away."""
    page = bench(watch, "which-chart", "en", **PHONE).page
    expect(page.locator("fieldset")).to_have_count(1)
    page.get_by_label("Counted (calls, events)").check()
    expect(page.locator("fieldset")).to_have_count(2)
    page.get_by_label("Each call: yes or no").check()
    last = page.get_by_label("It differs")
    last.check()
    where = last.bounding_box()
    expect(page.locator("[aria-live] p").first).to_have_text("Take a p chart (share).")
    expect(page.get_by_role("img")).to_be_visible()
    assert last.bounding_box() == where
    page.get_by_role("button", name="Back to the start").click()
    expect(page.locator("fieldset")).to_have_count(1)
    expect(page.locator("img")).to_have_count(0)


def test_going_back_nothing_is_under_the_picture(watch: Watch) -> None:
    """On a phone the picture stays in sight; what has the focus is never behind it."""
    page = bench(watch, "rings-and-agents", **PHONE).page
    page.get_by_role("button", name="回到开头").focus()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for _ in range(14):
        page.keyboard.press("Shift+Tab")
        behind = page.evaluate("""() => {
            const box = document.activeElement.getBoundingClientRect();
            const there = document.elementFromPoint(box.left + 8, box.top + box.height / 2);
            return there?.closest("figure") ? document.activeElement.outerHTML : null;
        }""")
        assert behind is None


def test_the_language_is_switched(watch: Watch) -> None:
    """Words and picture come in the other language, with the settings as they were."""
    page = bench(watch, "iceberg", **DESKTOP).page
    page.get_by_role("slider").first.fill("50")
    page.get_by_role("button", name="EN").click()
    expect(page.get_by_role("img")).to_have_attribute("lang", "en")
    expect(page.get_by_role("img")).to_have_attribute("alt", re.compile(r"50\scustomers"))
    expect(page.locator("[aria-live] p").first).to_contain_text("For 50 complaints heard")


def test_a_kernel_that_is_gone_is_said(watch: Watch) -> None:
    """Where no answer comes, one calm line says so, and the same settings can be sent again."""
    made = bench(watch, "iceberg", "en", **PHONE)
    page = made.page
    page.clock.install()
    made.deaf = True
    page.get_by_role("slider").first.fill("50")
    page.clock.run_for(8000)
    expect(page.get_by_text("No reply yet")).to_be_visible()
    assert laws.axe(page) == []
    made.deaf = False
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[aria-live] p").first).to_contain_text("For 50 complaints heard")
    expect(page.get_by_text("No reply yet")).to_have_count(0)


def test_it_prints_with_its_settings_and_its_answer(watch: Watch) -> None:
    """On paper: the picture, the numbers set, what they say, the question and the answer."""
    page = bench(watch, "sample-size", **DESKTOP, color_scheme="dark").page
    page.evaluate("window.print = () => {}")
    page.get_by_role("slider").first.fill("3")
    expect(page.locator("[aria-live] p").first).to_contain_text(re.compile(r"±3\s%"))
    page.get_by_role("button", name="打印").click()
    page.emulate_media(media="print")
    sheet = page.locator(".k-sheet")
    expect(sheet.locator("img")).to_be_visible()
    expect(sheet.locator(".k-exact input").first).to_have_value("3")
    expect(sheet.get_by_role("slider")).to_have_count(0)
    expect(sheet.locator("details p")).to_be_visible()
    expect(sheet.get_by_role("button")).to_have_count(0)
