"""A set with code in the real JupyterLab: written, tried, handed in as it stands on the page."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.servers import TOKEN, jupyterlab
from tests.demonstration import ROOT
from tests.programs import RIGHT

Watch = Callable[..., Watched]

SET = "numbers-that-hold"
PROGRAM = "share-interval--program"
CODE = RIGHT[PROGRAM].strip()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab in a folder with the exercise that is committed."""
    folder = tmp_path_factory.mktemp("learner")
    shutil.copytree(ROOT / "exercises" / SET, folder / SET)
    with jupyterlab(folder, tmp_path_factory.mktemp("settings") / "own", grading=False) as base:
        yield base, folder / SET


@pytest.fixture
def page(watch: Watch) -> Page:
    """A page that notices errors and requests to strangers."""
    return watch({"127.0.0.1"}, viewport={"width": 1280, "height": 900}).page()


def test_code_goes_with_the_hand_in_unsaved_or_not(lab: tuple[str, Path], page: Page) -> None:
    """What is written, tried and never saved by hand lies in the file that is handed in.

    Also where saving takes a while: the file is made after it, not beside it.
    """
    base, folder = lab

    def slowly(route: Route) -> None:
        if route.request.method == "PUT":
            time.sleep(1)
        route.continue_()

    page.route(f"**/api/contents/{SET}/**", slowly)
    page.goto(f"{base}/lab/tree/{SET}.ipynb?token={TOKEN}&reset".replace(SET, f"{SET}/{SET}"))
    panel = page.locator(".jp-NotebookPanel:visible")
    expect(panel).to_have_attribute("data-kefu", "ready", timeout=90_000)
    cell = panel.locator(".jp-CodeCell", has_text="def interval(good, n):").first
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    # As pasted: typing would have the editor add indentation of its own.
    page.keyboard.insert_text(CODE)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    tried = panel.locator(".jp-CodeCell", has_text=f'kefu.try_out("{PROGRAM}")')
    expect(tried.locator(".jp-OutputArea-output")).to_contain_text("0.376", timeout=30_000)
    expect(tried.locator(".jp-OutputArea-output")).to_contain_text("✓")
    expect(tried.locator(".jp-OutputArea-output")).not_to_contain_text("✗")

    form = panel.locator("form.k-handin")
    form.scroll_into_view_if_needed()
    form.locator("input").first.fill("s01")
    form.locator("input").first.press("Enter")
    expect(form).to_contain_text(f"{SET}--s01.zip", timeout=30_000)
    with zipfile.ZipFile(folder / f"{SET}--s01.zip") as archive:
        notebook = json.loads(archive.read(f"{SET}.ipynb"))
    sources = ["".join(each["source"]) for each in notebook["cells"]]
    assert CODE in sources
