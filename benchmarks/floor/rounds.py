"""One visit: a fresh browser context, a page, a question that can be clicked, and its reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from benchmarks import chromium
from benchmarks.floor.contestants import HOST
from benchmarks.floor.items import reasons
from benchmarks.floor.servers import Server

__all__ = ["PROFILES", "Visit", "VisitError", "Visitor", "browsing"]

PROFILES = ("desktop", "phone")
_FLAGS = (
    *chromium.FLAGS,
    # A name that is not localhost; every other host is out of reach, for everybody alike, and
    # fails at once rather than hangs.
    f"--host-resolver-rules=MAP {HOST} 127.0.0.1, MAP * ~NOTFOUND",
)
_CONTEXT: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN"},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
        "locale": "zh-CN",
    },
}
_SLOWER = 4
_LATENCY, _RATE = 30, 20e6 / 8
"""Milliseconds, and bytes a second."""
_PATIENCE = 60_000
_LOST = 8_000
"""Milliseconds without an answer after which a click is taken to be lost, and made once more."""
_PROBE = Path(__file__).with_name("probe.js").read_text("utf-8")


class VisitError(Exception):
    """A visit that did not go as it should: there is nothing to measure in it."""


@dataclass(frozen=True)
class Visit:
    """What a visit took.

    Args:
        clickable: ms from the start of the navigation until an option can be picked.
        feedback: ms from the press of the button until the reason is on the screen; 0 if nothing
            was clicked.
        lost: clicks that came to nothing and were made again.
        bytes: over the wire by HTTP, headers too, until the visit ended.
        requests: that went over the wire; those served out of the cache are not in it.
        bytes_clickable: of these, what was there when the option could be picked.
        requests_clickable: the same for requests.
        frames: bytes of web socket messages, both ways, before compression.
        strangers: other hosts that the page asked for something, in vain.
    """

    clickable: float
    feedback: float
    lost: int
    bytes: int
    requests: int
    bytes_clickable: int
    requests_clickable: int
    frames: int
    strangers: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        """As JSON, rounded to what can be told."""
        said = asdict(self)
        return said | {"clickable": round(self.clickable, 1), "feedback": round(self.feedback, 1)}


class _Wire:
    """Counts what goes over the wire of one page."""

    def __init__(self, cdp: CDPSession) -> None:
        self.bytes = self.requests = self.frames = 0
        self.strangers: set[str] = set()
        self._cached: set[str] = set()
        self._ours: set[str] = set()
        cdp.on("Network.requestWillBeSent", self._asked)
        cdp.on("Network.requestServedFromCache", lambda e: self._cached.add(e["requestId"]))
        cdp.on("Network.responseReceived", self._answered)
        cdp.on("Network.loadingFinished", self._done)
        cdp.on("Network.webSocketFrameReceived", self._frame)
        cdp.on("Network.webSocketFrameSent", self._frame)
        cdp.on("Network.webSocketCreated", self._socket)

    def _asked(self, event: dict[str, Any]) -> None:
        where = urlsplit(event["request"]["url"])
        if where.scheme in ("data", "blob"):
            return
        if where.hostname != HOST:
            self.strangers.add(where.hostname or "?")
        else:
            if "redirectResponse" in event:
                self.requests += 1
                self.bytes += int(event["redirectResponse"]["encodedDataLength"])
            self._ours.add(event["requestId"])

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            self._cached.add(event["requestId"])

    def _done(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._ours - self._cached:
            self.requests += 1
            self.bytes += int(event["encodedDataLength"])

    def _socket(self, event: dict[str, Any]) -> None:
        self.requests += 1
        if urlsplit(event["url"]).hostname != HOST:
            self.strangers.add(urlsplit(event["url"]).hostname or "?")

    def _frame(self, event: dict[str, Any]) -> None:
        frame = event["response"]
        size = len(frame["payloadData"])
        self.frames += size if frame["opcode"] == 1 else size * 3 // 4


class Visitor:
    """Somebody with a browser of one kind, in which nothing is cached yet.

    Args:
        browser: a context of its own is made in it.
        profile: `desktop` or `phone`.
        server: whose page is opened.
        questions: what is asked there, as `items.plain` gives it.
    """

    def __init__(
        self, browser: Browser, profile: str, server: Server, questions: Sequence[dict[str, Any]]
    ) -> None:
        self._phone = profile == "phone"
        self._server = server
        self._context: BrowserContext = browser.new_context(**_CONTEXT[profile])
        self._context.set_default_timeout(_PATIENCE)
        known = {
            "option": server.who.option,
            "send": server.who.send,
            "prompts": [question["prompt"] for question in questions],
            "reasons": reasons(questions),
        }
        self._context.add_init_script(f"{_PROBE.strip()}({json.dumps(known)});")

    def visit(self, pause: float | None = 0.0) -> Visit:
        """Come, and leave: the page is closed as people close it.

        Args:
            pause: seconds between “it can be clicked” and clicking; None clicks nothing.

        Raises:
            VisitError: no question, no button or no reason came.
        """
        page = self._context.new_page()
        try:
            return self._visited(page, pause)
        except BrowserError as error:
            raise VisitError(f"{self._server.who.name}: {error}") from error
        finally:
            _left(page)
            # The browser was closed in between: its session cookies are gone, its cache is not.
            self._context.clear_cookies()

    def stay(self) -> None:
        """Come, and leave the page open."""
        page = self._context.new_page()
        page.goto(self._server.url, wait_until="commit")
        page.evaluate("bench.ready")

    def close(self) -> None:
        """Its cache and all are gone, after its pages were left."""
        for page in self._context.pages:
            _left(page)
        self._context.close()

    def _visited(self, page: Page, pause: float | None) -> Visit:
        cdp = self._context.new_cdp_session(page)
        cdp.send("Network.enable")
        if self._phone:
            cdp.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
            limits = {"downloadThroughput": _RATE, "uploadThroughput": _RATE}
            cdp.send(
                "Network.emulateNetworkConditions",
                {"offline": False, "latency": _LATENCY, **limits},
            )
        wire = _Wire(cdp)
        page.goto(self._server.url, wait_until="commit")
        place = page.evaluate("bench.ready")
        so_far = wire.bytes, wire.requests
        feedback, lost = 0.0, 0
        if pause is not None:
            if pause:
                page.wait_for_timeout(pause * 1000)
                place = page.evaluate("bench.place()")
            feedback, lost = self._answered(page, place)
        return Visit(
            clickable=float(page.evaluate("bench.option")),
            feedback=feedback,
            lost=lost,
            bytes=wire.bytes,
            requests=wire.requests,
            bytes_clickable=so_far[0],
            requests_clickable=so_far[1],
            frames=wire.frames,
            strangers=tuple(sorted(wire.strangers)),
        )

    def _answered(self, page: Page, place: dict[str, float]) -> tuple[float, int]:
        """Pick the first option and press the button, as often as it takes to be heard."""
        reason = page.evaluate("bench.reason()")
        if reason is None:
            raise VisitError(
                f"{self._server.who.name}: the first option is none of the twenty-five"
            )
        page.evaluate("words => { bench.watch(words) }", reason)
        for lost in range(4):
            self._press(page, place)
            button = page.evaluate("bench.button()")
            self._press(page, button)
            took = page.evaluate("patience => bench.waited(patience)", _LOST)
            if took is not None:
                return float(took), lost
            place = page.evaluate("bench.place()")
        raise VisitError(f"{self._server.who.name}: no answer to four clicks")

    def _press(self, page: Page, place: dict[str, float]) -> None:
        if self._phone:
            page.touchscreen.tap(place["x"], place["y"])
        else:
            page.mouse.click(place["x"], place["y"])


def _left(page: Page) -> None:
    """Go away, so that a page hears of it and may free its kernel; then close."""
    with suppress(BrowserError):
        page.goto("about:blank")
    page.close()


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser for all visits.

    Raises:
        VisitError: there is none on this machine.
    """
    path = chromium.path()
    if path is None:
        raise VisitError("no Chromium found; install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()
