"""`kefu preview` for real: the page follows the file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.bank.maker import STORY, write
from tests.browser.conftest import PHONE, Watched
from tests.browser.stage import AXE

Watch = Callable[..., Watched]
PROFILES: dict[str, dict[str, Any]] = {
    "phone": PHONE,
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


class Author:
    """An author at work: a course, and the command that previews one of its stories."""

    def __init__(self, folder: Path) -> None:
        write(folder / "content")
        (folder / "nbgrader_config.py").touch()
        self._file = folder / "content/scenarios/umbrella.toml"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kefu", "preview", "umbrella", "--no-browser", "--lang", "zh",
             "--port", str(port)],
            cwd=folder,
            env={k: v for k, v in os.environ.items() if k != "KEFU_CONTENT"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip

    def save(self, old: str, new: str) -> None:
        """Save the story anew, as an editor does: another file in its place."""
        text = self._file.read_text("utf-8")
        assert old in text
        self._write(text.replace(old, new))

    def mend(self) -> None:
        """Save the story as it was."""
        self._write(STORY)

    def _write(self, text: str) -> None:
        part = self._file.with_suffix(".part")
        part.write_text(text, "utf-8")
        part.replace(self._file)

    def open(self, page: Page) -> None:
        """Open the page as soon as it is served."""
        assert self.process.stdout
        assert self.url in self.process.stdout.readline()
        for _ in range(200):
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", int(self.url[:-1].rpartition(":")[2]))) == 0:
                    break
            page.wait_for_timeout(100)
        page.goto(self.url)
        page.locator("body[data-ready]").wait_for()

    def stop(self) -> str:
        """Ctrl+C; gives what was said since."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=20)
        return said


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    """An author at work."""
    one = Author(tmp_path)
    yield one
    if one.process.poll() is None:
        one.stop()


def axe(page: Page) -> list[str]:
    """What axe finds."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    return [f"{v['id']}: {[n['html'][:120] for n in v['nodes']]}" for v in found]


def test_the_page_follows_the_file(author: Author, watch: Watch) -> None:
    """What is saved is shown without a reload; the language switched to stays."""
    page = watch({"127.0.0.1"}, **PHONE).page()
    author.open(page)
    expect(page.get_by_text("先怎么说？")).to_be_visible()
    page.evaluate("window.sameDocument = true")
    author.save("先怎么说？", "您第一句说什么？")
    expect(page.get_by_text("您第一句说什么？")).to_be_visible()
    page.locator(".k-lang").click()
    author.save("What do you say first?", "How do you begin?")
    expect(page.get_by_text("How do you begin?")).to_be_visible()
    expect(page.get_by_text("Put these in order.")).to_be_visible()
    assert page.evaluate("window.sameDocument")
    page.locator(".k-opt").first.click()
    page.get_by_role("button", name="Check").first.click()
    expect(page.get_by_text("saved").first).to_be_visible()
    author.save("几声内接起？", "响几声之内接起？")
    page.locator(".k-lang").click()
    expect(page.get_by_text("响几声之内接起？")).to_be_visible()
    expect(page.get_by_text("已保存").first).to_be_visible()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_fault_is_shown_and_goes_away(author: Author, watch: Watch, profile: str) -> None:
    """A fault stands on top with its line while it is there; what stood below stays in sight."""
    page = watch({"127.0.0.1"}, **PROFILES[profile]).page()
    author.open(page)
    assert axe(page) == []
    author.save('title.en = "The umbrella"\n', "")
    expect(page.locator("#faults")).to_contain_text("umbrella.toml:2: ")
    expect(page.locator("#faults")).to_contain_text("title.en")
    expect(page.get_by_text("先怎么说？")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    author.save('prompt.zh = "先怎么说？"', "prompt.zh = ")
    expect(page.locator("#faults")).to_contain_text("umbrella.toml:14: ")
    author.mend()
    expect(page.locator("#faults p")).to_have_count(0)
    expect(page.get_by_text("先怎么说？")).to_be_visible()


def test_ctrl_c_stops_it_calmly(author: Author, watch: Watch) -> None:
    """Stopping says nothing of tracebacks, although a page is open; no journal is left behind."""
    watched = watch({"127.0.0.1"}, **PHONE)
    watched.forgive("ERR_|EventSource")
    author.open(watched.page())
    said = author.stop()
    assert "Traceback" not in said, said
