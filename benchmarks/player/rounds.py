"""One round: a fresh kernel and a fresh page of the real JupyterLab, one cell, two real clicks."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks import chromium
from benchmarks.player.contestants import Contestant
from benchmarks.player.items import COUNT, OPTIONS, cards, words
from tests.browser.servers import TOKEN, jupyterlab

__all__ = ["Round", "RoundError", "Rounds", "running"]

_FLAGS = (
    *chromium.FLAGS,
    # Another host cannot be reached, even by whoever would like to.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_PROBE = Path(__file__).with_name("probe.js")


class RoundError(Exception):
    """A round that did not go as it should: there is nothing to measure in it."""


@dataclass(frozen=True)
class Round:
    """What one round took, in milliseconds of the page's own clock.

    Args:
        asked_shown: from the page's asking for the cell to the kernel's first word of what to show.
        shown_present: from there until every option is laid out and the first can be met.
        shown_clicked: from there until the first and then the last option have taken a click.
        bytes: what the kernel sent meanwhile.
        files: the addresses of everything that the page has loaded since it was opened.
        strangers: other hosts that the page tried to reach, in vain.
    """

    asked_shown: float
    shown_present: float
    shown_clicked: float
    bytes: int
    files: tuple[str, ...]
    strangers: tuple[str, ...] = ()

    @property
    def asked_present(self) -> float:
        """From asking for the cell until every option is there."""
        return self.asked_shown + self.shown_present

    @property
    def asked_clicked(self) -> float:
        """From asking for the cell until both clicks are taken."""
        return self.asked_shown + self.shown_clicked


class Rounds:
    """Rounds on one server and in one browser, whose cache is warm after the first of each.

    Args:
        base: the server's address.
        folder: what it serves.
        context: pages are opened here.
    """

    def __init__(self, base: str, folder: Path, context: BrowserContext) -> None:
        self._base = base
        self._folder = folder
        self._context = context
        self._count = 0
        self._strangers: set[str] = set()
        self._broken: set[str] = set()
        context.add_init_script(path=_PROBE)
        context.set_default_timeout(60_000)
        context.on("request", lambda request: self._asked(request.url))
        context.on("weberror", lambda error: self._broken.add(error.error.message))
        context.on("page", lambda page: page.on("websocket", lambda ws: self._asked(ws.url)))

    def play(self, who: Contestant) -> Round:
        """One round.

        Raises:
            RoundError: something is missing, a click was not kept, the page or the kernel
                reported an error, or another host was asked for something.
        """
        self._count += 1
        self._strangers.clear()
        self._broken.clear()
        name = f"{who.name}-{self._count}"
        folder = self._folder / name
        folder.mkdir()
        (folder / "cards.json").write_text(json.dumps(cards(), ensure_ascii=False), "utf-8")
        (folder / "quiz.ipynb").write_text(_notebook(who.cell), "utf-8")
        page = self._context.new_page()
        try:
            # A workspace of its own, so that no earlier notebook is opened again.
            page.goto(f"{self._base}/lab/workspaces/{name}/tree/{name}/quiz.ipynb?token={TOKEN}")
            return self._measured(page, who)
        except Exception as error:
            raise RoundError(f"{name}: {error}") from error
        finally:
            page.close()
            self._end_kernels()
            shutil.rmtree(folder)

    def fetch(self, url: str) -> bytes:
        """A file as the server gives it to the page."""
        response = self._context.request.get(url)
        if not response.ok:
            raise RoundError(f"{url}: {response.status}")
        return response.body()

    def _measured(self, page: Page, who: Contestant) -> Round:
        editor = page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content").first
        editor.wait_for()
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        editor.click()
        page.evaluate("bench.quiet()")
        page.evaluate("bench.arm()")
        page.keyboard.press("Control+Enter")
        first = page.evaluate("count => bench.present(count)", COUNT * OPTIONS)
        page.mouse.click(first["x"], first["y"])
        last = page.evaluate("bench.second()")
        page.mouse.click(last["x"], last["y"])
        noted = page.evaluate("words => bench.result(words)", words())
        broken = sorted(self._broken - who.says)
        if self._strangers - who.asks or broken:
            raise RoundError(f"asked {sorted(self._strangers)}, reported {broken}")
        return Round(
            asked_shown=noted["shown"] - noted["asked"],
            shown_present=noted["present"] - noted["shown"],
            shown_clicked=noted["last"] - noted["shown"],
            bytes=noted["bytes"],
            files=tuple(sorted(set(noted["files"]))),
            strangers=tuple(sorted(self._strangers)),
        )

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self._strangers.add(parts.hostname or url)

    def _end_kernels(self) -> None:
        head = {"Authorization": f"token {TOKEN}"}

        def ask(path: str, method: str) -> bytes:
            request = urllib.request.Request(f"{self._base}{path}", headers=head, method=method)
            with urllib.request.urlopen(request, timeout=30) as response:
                body: bytes = response.read()
            return body

        for session in json.loads(ask("/api/sessions", "GET")):
            ask(f"/api/sessions/{session['id']}", "DELETE")


@contextmanager
def running(scratch: Path) -> Iterator[tuple[Rounds, str]]:
    """A server and a browser for all rounds; gives them, and the browser's version.

    Args:
        scratch: an empty folder for notebooks and Jupyter's settings.
    """
    path = chromium.path()
    if path is None:
        raise RoundError("no Chromium found; install the package chromium")
    folder = scratch / "notebooks"
    folder.mkdir()
    with (
        jupyterlab(folder, scratch / "settings", grading=False) as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        yield Rounds(base, folder, context), browser.version
        browser.close()


def _notebook(code: str) -> str:
    cell: dict[str, object] = {"cell_type": "code", "id": "quiz", "metadata": {}, "source": code}
    cell |= {"outputs": [], "execution_count": None}
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": spec},
                       "nbformat": 4, "nbformat_minor": 5})  # fmt: skip
