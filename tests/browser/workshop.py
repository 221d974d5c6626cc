"""Makes docs/images/workshop.{zh,en}.png, the README's picture of an explorer.

python -m tests.browser.workshop
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from kefu.text import LANGS
from tests.browser.conftest import launch
from tests.browser.test_explorers_page import Bench

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def main() -> None:
    """The staffing explorer as a person on a desktop first sees it."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for lang in LANGS:
            page = browser.new_context(viewport={"width": 960, "height": 760}).new_page()
            Bench(page, "staffing", lang)
            page.wait_for_timeout(300)
            file = IMAGES / f"workshop.{lang}.png"
            page.screenshot(path=file)
            Image.open(file).convert("RGB").quantize(128).save(file, optimize=True)


if __name__ == "__main__":
    main()
