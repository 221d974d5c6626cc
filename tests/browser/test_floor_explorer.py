"""An explorer on a page of the house's own, beside the daily five."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

from tests.browser import laws
from tests.browser.conftest import PHONE, Watched
from tests.floor.running import Floor, start, stop


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """A floor with one page of the house's own."""
    root = tmp_path_factory.mktemp("explorer")
    (root / "floor").mkdir()
    title = {"zh": "半小时要排几个人", "en": "How many people half an hour takes"}
    notebook = new_notebook(
        cells=[new_code_cell('import kefu\nkefu.explore("staffing")')],
        metadata={"kefu": {"title": title}},
    )
    nbformat.write(notebook, root / "floor" / "staffing.ipynb")
    running = start(root)
    yield running
    assert stop(running) == []


def test_an_explorer_is_a_page_of_the_floor(watch: Callable[..., Watched], floor: Floor) -> None:
    """It draws, follows the keys and the reader's language, and is accessible on a phone."""
    page = watch({"kefu.test"}, **PHONE).page()
    page.goto(f"{floor.url}staffing")
    picture = page.locator(".k-explorer img")
    expect(picture).to_be_visible(timeout=30_000)
    before = picture.get_attribute("src")
    slider = page.get_by_role("slider").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(picture).not_to_have_attribute("src", before or "")
    page.get_by_role("button", name="EN").tap()
    expect(page).to_have_title("How many people half an hour takes")
    expect(picture).to_have_attribute("lang", "en")
    found = laws.axe(page)
    for law in ("sideways", "targets", "langs", "colour"):
        found += laws.law(page, law)
    assert found == []
