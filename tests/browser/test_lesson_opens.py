"""A lesson opens in the real JupyterLab: its practice alive, nothing to run, nothing else run."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright.sync_api import Locator, Page, expect

from kefu.bank import read
from kefu.weave import weave
from tests.browser.conftest import Watched
from tests.browser.servers import TOKEN, jupyterlab
from tests.grading.course import bank
from tests.test_kernelspec import imported, plant

Watch = Callable[..., Watched]

HEAD = {"Authorization": f"token {TOKEN}"}
LINE = 'import kefu; kefu.play("parcel--call-back")'
HTML = '<img src="data:," onerror="window.pwned=1"><script>window.pwned=2</script><b>blocked</b>'
JS = "window.pwned = 3"
# Run by hand this would leave a file; by itself it must never run.
LEAVES = 'open("ran", "a").write("x")'


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, its settings, and the folder it serves."""

    base: str
    folder: Path
    settings: Path

    def open(self, page: Page, notebook: str, became: str = "ready") -> Locator:
        """Open a notebook, wait for what became of it, and give its panel."""
        page.goto(f"{self.base}/lab/tree/{notebook}?token={TOKEN}&reset")
        panel = page.locator(".jp-NotebookPanel:visible")
        expect(panel).to_have_attribute("data-kefu", became, timeout=90_000)
        return panel

    def contents(self, notebook: str) -> dict[str, Any]:
        """A notebook as the server gives it, with its opinion of each cell's trust."""
        reply = httpx.get(f"{self.base}/api/contents/{notebook}", headers=HEAD).json()
        content: dict[str, Any] = reply["content"]
        return content

    def kernel(self, notebook: str) -> str:
        """The id of a notebook's kernel."""
        sessions = httpx.get(f"{self.base}/api/sessions", headers=HEAD).json()
        (kernel,) = [s["kernel"]["id"] for s in sessions if s["path"] == notebook]
        return str(kernel)

    @contextmanager
    def with_file(self, name: str, data: object) -> Iterator[None]:
        """Have the server's settings say something, for a while."""
        file = self.settings / name
        before = file.read_bytes() if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(data), "utf-8")
        try:
            yield
        finally:
            if before is None:
                file.unlink()
            else:
                file.write_bytes(before)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all tests here; each has a course of its own below its folder.

    PYTHONPATH has an empty entry, as `PYTHONPATH=$PYTHONPATH:/opt` leaves one: the working folder.
    """
    folder = tmp_path_factory.mktemp("learners 学员")
    settings = tmp_path_factory.mktemp("settings") / "own"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep)
        with jupyterlab(folder, settings, grading=False) as base:
            yield Lab(base, folder, settings)


@pytest.fixture(scope="module")
def woven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course as a learner has it; nbgrader's release changes nothing that matters here."""
    root = tmp_path_factory.mktemp("woven")
    found, _ = read((bank(root / "content"),))
    for name, data in weave(found).files.items():
        file = root / name.replace("solutions/", "exercises/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return root


@pytest.fixture
def course(lab: Lab, woven: Path, request: pytest.FixtureRequest) -> str:
    """The name of this test's own copy of the course, below the served folder."""
    name = re.sub(r"\W", "-", request.node.name)
    for part in ("course", "exercises"):
        shutil.copytree(woven / part, lab.folder / name / part)
    return name


@pytest.fixture(scope="module")
def desk(watch_all: Watch) -> Watched:
    """One browser for all tests here: JupyterLab's scripts are read and compiled once."""
    return watch_all({"127.0.0.1"}, viewport={"width": 1280, "height": 900})


@pytest.fixture
def page(desk: Watched) -> Iterator[Page]:
    """A page that notices errors and requests to strangers."""
    page = desk.page()
    yield page
    page.close()
    desk.check()


@dataclass
class Opened:
    """A lesson that stands open, for all who need no more than that; each leaves it so."""

    name: str
    page: Page
    panel: Locator
    before: bytes


@pytest.fixture(scope="module")
def opened(lab: Lab, desk: Watched, woven: Path) -> Iterator[Opened]:
    """A lesson just opened, with files beside it that have names as modules have."""
    shutil.copytree(woven / "course", lab.folder / "opened" / "course")
    plant(lab.folder / "opened/course/zh")
    name = "opened/course/zh/5.2-ownership.ipynb"
    before = (lab.folder / name).read_bytes()
    page = desk.page()
    yield Opened(name, page, lab.open(page, name), before)
    page.close()


def write(lab: Lab, course: str, cells: list[Any], kernel: str = "kefu") -> str:
    """Put a notebook of these cells beside the lessons, and give its path."""
    path = f"{course}/course/zh/made.ipynb"
    for at, cell in enumerate(cells):
        cell["id"] = f"cell-{at}"
    spec = {"name": kernel, "display_name": kernel, "language": "python"}
    book = {
        "cells": cells,
        "metadata": {"kernelspec": spec, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (lab.folder / path).write_text(json.dumps(book), "utf-8")
    return path


def counts(panel: Locator) -> list[str]:
    """What stands beside each cell of code: how often the kernel had run when it ran."""
    return panel.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()


def choose(player: Locator, at: int) -> None:
    """Answer a choice, and see that it is kept."""
    player.locator(".k-opt").nth(at).click()
    player.locator("button[type=submit]").click()
    expect(player.get_by_text("已保存").first).to_be_visible()


def test_a_lesson_opens_ready(lab: Lab, opened: Opened) -> None:
    """A woven lesson opens with its practice alive, no code in sight, and nothing to run or save.

    The page has not moved, the file is as it was, and a lesson is not handed in.
    """
    page, panel = opened.page, opened.panel
    expect(panel.locator(".kefu").first).to_be_visible()
    expect(panel.locator(".jp-CodeCell .jp-InputArea:visible")).to_have_count(0)
    expect(panel.locator(":text('kefu.play'):visible")).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(page.locator(".lm-DockPanel .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    assert panel.locator(".jp-WindowedPanel-outer").evaluate("e => e.scrollTop") == 0
    expect(panel.get_by_role("button", name="交卷")).to_have_count(0)
    choose(panel.locator(".kefu").first, 0)
    assert (lab.folder / "opened/course/responses.jsonl").is_file()
    assert (lab.folder / opened.name).read_bytes() == opened.before


def test_nothing_beside_the_notebook_is_imported(lab: Lab, opened: Opened) -> None:
    """A `kefu.py` beside the lesson is not imported, nor any other module that lies there."""
    expect(opened.panel.locator(".kefu .k-opt").first).to_be_visible()
    assert imported(lab.folder / "opened/course/zh") == []


def test_a_link_opens_the_lesson_beside(opened: Opened) -> None:
    """A link of the course map opens the notebook it names, in the same folder."""
    page = opened.page
    player = opened.panel.locator(".kefu").first
    player.evaluate(
        "e => e.insertAdjacentHTML('beforeend',"
        ' \'<a id=next href="#" data-kefu-notebook="5.3-practice.ipynb">5.3</a>\')'
    )
    page.locator("#next").click()
    beside = page.locator(".jp-NotebookPanel:visible")
    expect(beside.get_by_role("heading", name="跟到底")).to_be_visible()
    expect(beside).to_have_attribute("data-kefu", "ready", timeout=60_000)
    expect(beside.locator(".kefu").first).to_be_visible()


def test_what_others_left_in_the_notebook_stays_blocked(lab: Lab, course: str, page: Page) -> None:
    """Saved HTML and JavaScript of other cells do not run: not on opening, nor after a save.

    Nor does what was saved as the output of a line that runs. The notebook is never signed.
    """
    hostile = [
        new_output("display_data", data={"text/html": HTML}),
        new_output("display_data", data={"application/javascript": JS}),
        new_output("display_data", data={"image/svg+xml": f"<svg onload='{JS}'/>"}),
    ]
    cells = [
        new_code_cell("1 + 1", outputs=hostile, metadata={"trusted": True}),
        new_code_cell(LINE, outputs=hostile, metadata={"trusted": True}),
        new_markdown_cell(HTML),
        new_code_cell(LEAVES, outputs=hostile),
    ]
    path = write(lab, course, cells)
    panel = lab.open(page, path)
    expect(panel.locator(".kefu").first).to_be_visible()
    expect(panel.get_by_text("blocked").first).to_be_visible()
    assert page.evaluate("window.pwned") is None
    assert lab.contents(path)["cells"][0]["metadata"]["trusted"] is False
    # Saving sends the server what is trusted: what runs by itself must not make it sign the rest.
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-DockPanel .lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)
    panel = lab.open(page, path)
    expect(panel.locator(".kefu").first).to_be_visible()
    assert page.evaluate("window.pwned") is None
    after = lab.contents(path)["cells"]
    assert [after[at]["metadata"]["trusted"] for at in (0, 3)] == [False, False]
    assert not (lab.folder / course / "course/zh/ran").exists()


def test_only_the_known_line_is_run(lab: Lab, course: str, page: Page) -> None:
    """A cell that differs from the line by one character is not run, and its code is in sight."""
    others = [
        f"{LINE} ",
        f" {LINE}",
        f"{LINE}\n{LEAVES}",
        f"{LEAVES}\n{LINE}",
        f"{LINE};{LEAVES}",
        LINE.replace("parcel", "Parcel"),
        LINE.replace('"', "'"),
        LINE.replace("play", "__doc__"),
        LEAVES,
    ]
    cells = [new_code_cell(LINE), *map(new_code_cell, others), new_code_cell(LINE)]
    panel = lab.open(page, write(lab, course, cells))
    expect(panel.locator(".kefu")).to_have_count(2)
    assert counts(panel) == ["[1]:", *["[ ]:"] * len(others), "[2]:"]
    expect(panel.locator(".jp-CodeCell .jp-InputArea:visible")).to_have_count(len(others))
    assert not (lab.folder / course / "course/zh/ran").exists()


def test_another_kernel_is_left_alone(lab: Lab, course: str, page: Page) -> None:
    """On any other kernel nothing is run and no code is hidden."""
    plant(lab.folder / course / "course/zh")
    path = write(lab, course, [new_code_cell(LINE)], kernel="python3")
    panel = lab.open(page, path, "left alone")
    assert counts(panel) == ["[ ]:"]
    expect(panel.locator(".jp-CodeCell .jp-InputArea:visible")).to_have_count(1)
    assert "kefu" not in imported(lab.folder / course / "course/zh")


def test_it_can_be_switched_off(lab: Lab, course: str, page: Page) -> None:
    """With the setting off nothing is run and nothing hidden."""
    name = f"{course}/course/zh/5.2-ownership.ipynb"
    setting = "lab/user-settings/kefu-lab/open.jupyterlab-settings"
    with lab.with_file(setting, {"autorun": False}):
        panel = lab.open(page, name, "off")
        expect(panel.locator(".jp-OutputArea-child, .kefu-line")).to_have_count(0)


def test_it_can_be_disabled(lab: Lab, course: str, page: Page) -> None:
    """Disabled as any other extension is, it does nothing at all."""
    off = {"disabledExtensions": {"kefu-lab": True}}
    with lab.with_file("labconfig/page_config.d/off.json", off):
        page.goto(f"{lab.base}/lab/tree/{course}/course/zh/5.2-ownership.ipynb?token={TOKEN}&reset")
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=60_000)
        # It would have marked the line before there was a kernel.
        expect(page.locator(".jp-CodeCell").first).to_be_visible()
        expect(page.locator(".jp-OutputArea-child, .kefu-line, [data-kefu]")).to_have_count(0)


def test_what_is_alive_is_not_run_again(lab: Lab, course: str, page: Page) -> None:
    """A saved lesson whose kernel still runs shows its practice as it was, without another run."""
    name = f"{course}/course/zh/5.2-ownership.ipynb"
    panel = lab.open(page, name)
    expect(panel.locator(".kefu").first).to_be_visible()
    ran = panel.locator(".jp-OutputPrompt").all_text_contents()
    page.locator(".jp-NotebookPanel .jp-MarkdownCell").first.click()
    with page.expect_response(lambda r: r.request.method == "PUT" and "contents" in r.url):
        page.keyboard.press("Control+s")
    panel = lab.open(page, name)
    expect(panel.locator(".kefu").first).to_be_visible()
    assert panel.locator(".jp-OutputPrompt").all_text_contents() == ran != []
    choose(panel.locator(".kefu").first, 0)


def test_what_was_saved_by_an_earlier_kernel_comes_alive(
    lab: Lab, course: str, watch: Watch
) -> None:
    """A lesson that was saved with its outputs opens on a new kernel as any other does."""
    watched = watch({"127.0.0.1"}, viewport={"width": 1280, "height": 900})
    # JupyterLab itself looks for the widgets of the earlier kernel, before anything is run.
    watched.forgive("widget model not found")
    page = watched.page()
    name = f"{course}/course/zh/5.2-ownership.ipynb"
    panel = lab.open(page, name)
    choose(panel.locator(".kefu").first, 2)
    panel.locator(".jp-MarkdownCell").first.click()
    with page.expect_response(lambda r: r.request.method == "PUT" and "contents" in r.url):
        page.keyboard.press("Control+s")
    assert "widget-view+json" in (lab.folder / name).read_text("utf-8")
    page.goto("about:blank")
    httpx.delete(f"{lab.base}/api/kernels/{lab.kernel(name)}", headers=HEAD)
    panel = lab.open(page, name)
    player = panel.locator(".kefu").first
    expect(player.get_by_text("已保存").first).to_be_visible()
    expect(player.locator(".k-opt input").nth(2)).to_be_checked()
    expect(panel.get_by_text("Error displaying widget")).to_have_count(0)


@pytest.mark.parametrize("how", ["restarted", "killed"])
def test_after_a_restart_the_practice_is_alive_again(
    how: str, lab: Lab, course: str, page: Page
) -> None:
    """A kernel that is restarted or dies comes back with every player alive and every answer."""
    words = [new_markdown_cell(f"# {at}\n\n" + "words\n\n" * 30) for at in range(2)]
    path = write(lab, course, [words[0], new_code_cell(LINE), words[1]])
    panel = lab.open(page, path)
    player = panel.locator(".kefu").first
    player.scroll_into_view_if_needed()
    choose(player, 1)
    old = player.element_handle()
    if how == "restarted":
        page.locator(".lm-MenuBar-itemLabel", has_text="Kernel").click()
        page.locator(".lm-Menu-itemLabel", has_text="Restart Kernel…").first.click()
        page.locator(".jp-Dialog .jp-mod-accept").click()
    else:
        kernel = lab.kernel(path)
        (process,) = [
            p for p in psutil.process_iter(["cmdline"])
            if any(f"kernel-{kernel}.json" in word for word in p.info["cmdline"] or ())
        ]  # fmt: skip
        os.kill(process.pid, signal.SIGKILL)
        page.locator(".jp-Dialog button").first.click(timeout=60_000)
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    # The dialog's end takes the page to what had the keyboard; the rest must not move it.
    scroller = panel.locator(".jp-WindowedPanel-outer")
    at = scroller.evaluate("e => e.scrollTop")
    assert at > 0
    page.wait_for_function("old => !old.isConnected", arg=old, timeout=60_000)
    expect(panel).to_have_attribute("data-kefu", "ready", timeout=60_000)
    player = panel.locator(".kefu").first
    expect(player.get_by_text("已保存").first).to_be_visible()
    expect(player.locator(".k-opt input").nth(1)).to_be_checked()
    assert scroller.evaluate("e => e.scrollTop") == at
    assert counts(panel) == ["[1]:"]


def test_hand_in_is_one_press_away(lab: Lab, course: str, page: Page) -> None:
    """Above a set a button leads to the hand-in panel, with the keyboard in its field."""
    panel = lab.open(page, f"{course}/exercises/first/first.ipynb")
    expect(panel.locator(".kefu").first).to_be_visible()
    panel.get_by_role("button", name="交卷 · Hand in").click()
    field = panel.locator(".kefu input:focus")
    expect(field).to_be_in_viewport()
    page.keyboard.type("s07")
    page.keyboard.press("Enter")
    expect(panel.get_by_text("first--s07.zip")).to_be_visible()
    assert (lab.folder / course / "exercises/first/first--s07.zip").is_file()


def test_a_phone_gives_the_lesson_its_whole_width(lab: Lab, course: str, watch: Watch) -> None:
    """On 390 px the list of files makes way, and no lesson scrolls sideways."""
    page = watch({"127.0.0.1"}, viewport={"width": 390, "height": 844}).page()
    panel = lab.open(page, f"{course}/course/zh/5.2-ownership.ipynb")
    player = panel.locator(".kefu").first
    expect(player).to_be_visible()
    expect(page.locator("#jp-left-stack")).to_be_hidden()
    box = player.bounding_box()
    assert box is not None
    assert box["width"] > 290
    scroller = panel.locator(".jp-WindowedPanel-outer")
    assert scroller.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.fixture
def class_room(woven: Path, tmp_path: Path) -> Iterator[Lab]:
    """A JupyterLab with nbgrader's exchange in reach, in which the set was released."""
    settings, folder, exchange = tmp_path / "own", tmp_path / "home", tmp_path / "exchange"
    for made in (settings, folder, *(exchange / "c1" / d for d in ("inbound", "feedback"))):
        made.mkdir(parents=True)
        made.chmod(0o777)
    exchange.chmod(0o777)
    shutil.copytree(woven / "exercises" / "first", exchange / "c1" / "outbound" / "first")
    cache = tmp_path / "cache"
    says = f"c = get_config().Exchange\nc.root, c.cache = {str(exchange)!r}, {str(cache)!r}\n"
    (settings / "nbgrader_config.py").write_text(says, "utf-8")
    with jupyterlab(folder, settings, grading=True) as base:
        yield Lab(base, folder, settings)


def test_a_set_of_the_exchange_is_submitted_there(class_room: Lab, watch: Watch) -> None:
    """A set fetched from nbgrader's exchange is handed in through it, once that is confirmed.

    What was answered travels with it, and whoever rather makes a file still can.
    """
    page = watch({"127.0.0.1"}, viewport={"width": 1280, "height": 900}).page()
    token = {"course_id": "c1", "assignment_id": "first"}
    url = f"{class_room.base}/assignments/fetch"
    listed = httpx.post(url, params=token, headers=HEAD, timeout=60).json()
    assert [one["status"] for one in listed["value"]] == ["fetched"], listed
    panel = class_room.open(page, "first/first.ipynb")
    player = panel.locator(".kefu").first
    choose(player, 1)
    inbound = class_room.settings.parent / "exchange/c1/inbound"
    button = panel.get_by_role("button", name="交卷 · Hand in")
    button.click()
    page.get_by_role("button", name="改用文件 · Use a file").click()
    expect(panel.locator(".kefu input:focus")).to_be_in_viewport()
    assert [*inbound.iterdir()] == []
    button.click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.locator(".jp-Dialog")).to_contain_text("已交给老师")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    (handed_in,) = inbound.iterdir()
    assert (handed_in / "responses.jsonl").read_text("utf-8").count("\n") == 1
