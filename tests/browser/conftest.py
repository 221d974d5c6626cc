"""A real Chromium, and pages that notice what a page should not do."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    sync_playwright,
)

from benchmarks import chromium
from tests.browser.soak import Soak

_FLAGS = (
    *chromium.FLAGS,
    # A name that is not localhost: there, plain http withholds what it withholds from visitors.
    "--host-resolver-rules=MAP kefu.test 127.0.0.1",
)

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "locale": "zh-CN",
    "reduced_motion": "reduce",
}


DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"}


class Watched:
    """A browser context that writes down every console error and every request to a stranger.

    Args:
        context: the pages opened in it are watched.
        hosts: host names that may be asked for something.
    """

    def __init__(self, context: BrowserContext, hosts: set[str]) -> None:
        self.context = context
        self._hosts = hosts
        self._forgiven: list[re.Pattern[str]] = []
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self.requests: list[str] = []
        context.on("request", lambda request: self._asked(request.url))
        context.on("console", self._said)
        context.on(
            "weberror", lambda error: self.errors.append(f"{error.error.stack or error.error}")
        )
        context.on("page", lambda page: page.on("websocket", lambda ws: self._asked(ws.url)))

    def page(self) -> Page:
        """A new page."""
        return self.context.new_page()

    def forgive(self, pattern: str) -> None:
        """Console errors that a test brings about on purpose."""
        self._forgiven.append(re.compile(pattern))

    def check(self) -> None:
        """Nothing was said on the console that should not be, and no other host was asked."""
        bad = [e for e in self.errors if not any(p.search(e) for p in self._forgiven)]
        assert bad == []
        assert self.strangers == []

    def leave(self) -> None:
        """Close the pages and check; the context goes on to the next test."""
        for page in self.context.pages:
            page.close()
        self.check()

    def _asked(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "file") and parts.hostname not in self._hosts:
            self.strangers.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location}")


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium."""
    path = chromium.path()
    assert path, "no Chromium found; install the package chromium"
    return playwright.chromium.launch(executable_path=path, args=list(_FLAGS))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@contextmanager
def _watching(browser: Browser) -> Iterator[Callable[..., Watched]]:
    made: list[Watched] = []

    def make(hosts: set[str], **options: Any) -> Watched:
        context = browser.new_context(**options)
        context.set_default_timeout(30_000)
        made.append(Watched(context, hosts))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    for one in made:
        one.check()


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Makes watched contexts (`watch({"kefu.test"}, **options)`), and checks them at the end."""
    with _watching(browser) as make:
        yield make


@pytest.fixture(scope="module")
def watch_all(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """The same for all tests of a file: what the browser has once read it need not read again."""
    with _watching(browser) as make:
        yield make


@pytest.fixture(scope="session")
def soaked(browser: Browser) -> Iterator[Soak]:
    """Counts what is looked at; `make soak` names the page where that is written down."""
    counts = Soak()
    began = time.monotonic()
    yield counts
    if report := os.environ.get("KEFU_SOAK_REPORT"):
        counts.write(Path(report), browser.version, time.monotonic() - began)
