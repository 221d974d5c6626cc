"""The page of a report as it is read: on a phone and on a desk, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kefu.grading.report.make import make
from tests.browser.conftest import Watched
from tests.browser.laws import axe
from tests.browser.stage import by_turns
from tests.grading.course import Course
from tests.grading.reported import classroom

__all__ = ["classroom"]

Watch = Callable[..., Watched]


@pytest.fixture(scope="module")
def page_of(classroom: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the class."""
    folder = tmp_path_factory.mktemp("report")
    make(classroom.places, "first", "zh", folder)
    return folder / "report.html"


@by_turns("390", "1280", width=[390, 1280], lang=["zh", "en"], scheme=["light", "dark"])
def test_it_is_read_at_any_width(
    page_of: Path, watch: Watch, width: int, lang: str, scheme: str
) -> None:
    """One language at a time, nothing wider than the screen, and axe finds nothing."""
    watched = watch(
        set(), viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = watched.page()
    page.goto(page_of.as_uri())
    page.locator(f"label[for={lang}]").click()
    other = {"zh": "en", "en": "zh-CN"}[lang]
    assert page.locator(f".page span[lang={other}]:visible").count() == 0
    assert page.locator("h3:visible").count() >= 6
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []


def test_the_languages_are_switched_by_keys(page_of: Path, watch: Watch) -> None:
    """Whoever uses no mouse changes the language with Tab and an arrow key."""
    page = watch(set(), viewport={"width": 390, "height": 900}).page()
    page.goto(page_of.as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.locator("#en").is_checked()
    assert "The set as a whole" in page.locator("body").inner_text()


def test_it_prints_in_one_language(page_of: Path, watch: Watch) -> None:
    """On paper the switch is gone, and the language chosen stays."""
    page = watch(set(), viewport={"width": 1280, "height": 900}).page()
    page.goto(page_of.as_uri())
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    assert "整组" in text
    assert "The set as a whole" not in text
    assert page.locator("label:visible").count() == 0
