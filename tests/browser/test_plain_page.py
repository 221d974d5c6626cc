"""A house's own notebook in a browser: plain ipywidgets, a plot, a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.laws import axe
from tests.floor.running import Floor, start, stop

READY = 60_000
"""Milliseconds in which a notebook has run, with matplotlib and pandas, on a busy machine."""

LUNCH = new_notebook(
    cells=[
        new_markdown_cell("# 午饭时段要几个人\n\n拖动滑块。来电 $A = \\lambda t$。"),
        new_markdown_cell(
            "这张表很宽，" * 12
            + "\n\n|"
            + "时段来电坐席|" * 9
            + "\n|"
            + "---|" * 9
            + "\n|"
            + "一二三四|" * 9
        ),
        new_code_cell(
            "import ipywidgets as w\n"
            "import matplotlib.pyplot as plt\n"
            "def draw(calls):\n"
            "    _, ax = plt.subplots(figsize=(11, 3))\n"
            "    ax.bar([1, 2], [calls, 30])\n"
            "    plt.show()\n"
            "    print('calls', calls)\n"
            "w.interact(draw, calls=w.IntSlider(value=20, min=0, max=60, description='来电'));"
        ),
        new_code_cell("_ = plt.figure(figsize=(12, 2)).subplots().plot([1, 3, 2])\nplt.show()"),
        new_code_cell(
            "import pandas as pd\n"
            "pd.DataFrame({f'a rather long column {i}': [i] for i in range(12)})"
        ),
        new_code_cell(
            "said = w.Output()\n"
            "def go(_):\n"
            "    with said:\n"
            "        print('已加一人')\n"
            "more = w.Button(description='加一人', icon='plus')\n"
            "more.on_click(go)\n"
            "w.VBox([w.HBox([w.Dropdown(options=['早班', '晚班']), w.Text('备注'), more]), said])"
        ),
    ]
)

TWO = new_notebook(
    cells=[
        new_code_cell(
            "import anywidget, ipywidgets as w, traitlets as t\n"
            "class Count(anywidget.AnyWidget):\n"
            "    _esm = '''export default {render({model, el}) {\n"
            "      const b = document.createElement('button');\n"
            "      const say = () => { b.textContent = `数到 ${model.get('n')}`; };\n"
            "      b.onclick = () => {\n"
            "        model.set('n', model.get('n') + 1); model.save_changes();\n"
            "      };\n"
            "      model.on('change:n', say); say(); el.append(b);\n"
            "    }}'''\n"
            "    n = t.Int(0).tag(sync=True)\n"
            "count = Count()\n"
            "count"
        ),
        new_code_cell(
            "class Strange(w.DOMWidget):\n"
            "    _model_module = t.Unicode('strange').tag(sync=True)\n"
            "    _model_module_version = t.Unicode('1.0.0').tag(sync=True)\n"
            "    _model_name = t.Unicode('StrangeModel').tag(sync=True)\n"
            "    _view_module = t.Unicode('strange').tag(sync=True)\n"
            "    _view_module_version = t.Unicode('1.0.0').tag(sync=True)\n"
            "    _view_name = t.Unicode('StrangeView').tag(sync=True)\n"
            "Strange()"
        ),
        new_code_cell("w.Label('后面的照常')"),
    ]
)


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """A floor with two notebooks of the house's own."""
    root = tmp_path_factory.mktemp("plain")
    (root / "floor").mkdir()
    nbformat.write(LUNCH, root / "floor" / "lunch.ipynb")
    nbformat.write(TWO, root / "floor" / "two-widgets.ipynb")
    running = start(root)
    yield running
    assert stop(running) == []


@pytest.fixture
def phone(watch: Callable[..., Watched]) -> Watched:
    """A visitor's phone."""
    return watch({"kefu.test"}, **PHONE)


@pytest.fixture(scope="module")
def lunch(watch_all: Callable[..., Watched], floor: Floor) -> Page:
    """The first notebook on a phone, opened once for those who only look at it."""
    return enter(watch_all({"kefu.test"}, **PHONE), floor, "lunch")


def enter(visitor: Watched, floor: Floor, name: str) -> Page:
    """Open a notebook, and wait until its widgets are there."""
    page = visitor.page()
    page.goto(f"{floor.url}{name}", timeout=READY)
    expect(page.locator(".jupyter-widgets").first).to_be_visible(timeout=READY)
    expect(page.locator("#wait")).to_be_hidden()
    return page


def kernel_of(page: Page, floor: Floor) -> psutil.Process:
    """The process of the page's kernel."""
    told = page.evaluate("document.getElementById('jupyter-config-data').textContent")
    return floor.kernel(json.loads(told)["kernelId"])


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_slider_moves_and_the_plot_follows(
    watch: Callable[..., Watched], floor: Floor, device: dict[str, object]
) -> None:
    """What is drawn and printed follows the slider; a picture and a formula stand beside it."""
    page = enter(watch({"kefu.test"}, **device), floor, "lunch")
    expect(page).to_have_title("午饭时段要几个人")
    expect(page.get_by_text("calls 20")).to_be_visible()
    pictures = page.locator("#rendered_cells img")
    expect(pictures).to_have_count(2)
    before = pictures.first.get_attribute("src")
    page.get_by_role("slider").press("ArrowRight")
    expect(page.get_by_text("calls 21")).to_be_visible()
    expect(pictures.first).not_to_have_attribute("src", str(before))
    assert pictures.last.evaluate("(img) => img.complete && img.naturalWidth > 100")
    expect(page.locator("mjx-container")).to_be_visible()
    page.get_by_role("button", name="加一人").click()
    expect(page.get_by_text("已加一人")).to_be_visible()


def test_nothing_is_wider_than_a_phone(lunch: Page) -> None:
    """The page does not scroll sideways, and what is in sight fits; wide tables scroll alone."""
    page = lunch
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((one) => one.checkVisibility())
            .filter((one) => one.getBoundingClientRect().right > 390.5)
            .filter((one) => {
              for (let up = one.parentElement; up; up = up.parentElement)
                if (getComputedStyle(up).overflowX === "auto") return false;
              return true;
            }).map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert wide == []
    words = page.locator(".jp-RenderedMarkdown p")
    for one in (
        words.last,
        page.locator("#rendered_cells img").first,
        page.get_by_role("button").last,
    ):
        box = one.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_fingers_meet_what_they_aim_at(lunch: Page) -> None:
    """On a phone, text is at least 15 px, and what is touched is at least 44 px high."""
    page = lunch
    for what in ("header button", ".jupyter-button", "select", "input[type=text]"):
        box = page.locator(what).first.bounding_box()
        assert box
        assert box["height"] >= 44, what
    for what in (".jp-RenderedMarkdown p", ".widget-label", "td", ".jp-RenderedText pre"):
        size = page.locator(what).first.evaluate(
            "(one) => parseFloat(getComputedStyle(one).fontSize)"
        )
        assert size >= 15, what


def test_what_is_ours_is_open_to_everybody(lunch: Page) -> None:
    """Axe finds nothing in the page around the widgets, whatever it is just saying."""
    page = lunch
    page.evaluate(
        "for (const id of ['wait', 'lost', 'again']) document.getElementById(id).hidden = false"
    )
    for part in ("header", ".p-line", "#again"):
        assert axe(page, part) == []
    of_the_page = (
        "document-title",
        "html-has-lang",
        "html-lang-valid",
        "landmark",
        "meta-viewport",
    )
    assert [found for found in axe(page) if any(name in found for name in of_the_page)] == []


def test_the_page_speaks_the_readers_language(watch: Callable[..., Watched], floor: Floor) -> None:
    """The words around the notebook are the reader's; the notebook's own keep their language."""
    page = enter(watch({"kefu.test"}, **{**DESKTOP, "locale": "en-GB"}), floor, "lunch")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main#cells")).to_have_count(1)
    expect(page.get_by_role("heading", name="午饭时段要几个人")).to_be_visible()
    expect(page.get_by_role("button", name="Next person")).to_be_visible()
    expect(page.get_by_role("button", name="换人")).to_have_count(0)


def test_a_widget_that_nobody_knows_is_said_calmly(phone: Watched, floor: Floor) -> None:
    """One from elsewhere is not fetched: a line stands in its place, and the others work."""
    phone.forgive("No version of module strange is registered")
    page = enter(phone, floor, "two-widgets")
    expect(page).to_have_title("two-widgets")
    expect(page.get_by_text("这个部件在这里显示不了")).to_be_visible()
    expect(page.get_by_text("javascript error")).to_have_count(0)
    expect(page.get_by_text("后面的照常")).to_be_visible()
    page.get_by_role("button", name="数到 0").tap()
    expect(page.get_by_role("button", name="数到 1")).to_be_visible()


def test_a_second_visit_asks_for_the_page_alone(phone: Watched, floor: Floor) -> None:
    """The front end is kept by the browser: a reload fetches no file of it again."""
    page = enter(phone, floor, "lunch")
    with_all = len(phone.requests)
    fetched: list[str] = []
    page.on("response", lambda r: None if r.from_service_worker else fetched.append(r.url))
    page.reload(timeout=READY)
    expect(page.get_by_text("calls 20")).to_be_visible(timeout=READY)
    sizes = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter((one) => one.name.includes('/voila/')).map((one) => one.transferSize)"
    )
    assert with_all > 50
    assert len(sizes) > 50
    assert sum(sizes) == 0


def test_closing_the_page_frees_its_kernel(phone: Watched, floor: Floor) -> None:
    """A kernel ends with the page that it was started for."""
    page = enter(phone, floor, "lunch")
    mine = kernel_of(page, floor)
    page.goto("about:blank")
    assert psutil.wait_procs([mine], timeout=30)[1] == []


def test_a_lost_kernel_is_said_and_another_is_offered(phone: Watched, floor: Floor) -> None:
    """When the kernel died, whoever moves something reads it; a tap opens the page again."""
    phone.forgive("404|WebSocket|Kernel|kernel")
    page = enter(phone, floor, "lunch")
    expect(page.get_by_text("calls 20")).to_be_visible()
    kernel_of(page, floor).kill()
    page.get_by_role("slider").press("ArrowRight")
    expect(page.get_by_role("heading", name="这一页停了")).to_be_visible(timeout=READY)
    page.get_by_role("button", name="重新打开").tap()
    expect(page.get_by_text("calls 20")).to_be_visible(timeout=READY)
    expect(page.get_by_role("heading", name="这一页停了")).to_be_hidden()


def test_the_next_person_starts_afresh(phone: Watched, floor: Floor) -> None:
    """“Next person” ends the kernel and leads to the front page."""
    page = enter(phone, floor, "lunch")
    mine = kernel_of(page, floor)
    page.get_by_role("button", name="换人").tap()
    expect(page.locator(".k-card")).to_be_visible(timeout=READY)
    assert psutil.wait_procs([mine], timeout=30)[1] == []
