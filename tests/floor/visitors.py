"""Visitors who speak the page's real protocol, whatever else they then say."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from tests.floor.frames import V1, Socket
from tests.floor.hostile import THEM, Reply, Sieged, ask
from tests.house.furniture import good

__all__ = ["Visitor", "attempt", "honest"]


class Visitor:
    """Somebody with a browser: the page's real protocol, step by step."""

    def __init__(
        self, sieged: Sieged, source: str = THEM, page: str = "", cookie: str = ""
    ) -> None:
        self.sieged = sieged
        self.source = source
        sent = {"Cookie": cookie} if cookie else {}
        reply = ask(sieged, "GET", f"/{page}", source=source, **sent)
        assert reply.status == 200, reply.status
        self.html = reply.body.decode()
        self.cookie = cookie or reply.headers["set-cookie"].partition(";")[0]
        self.data = dict(re.findall(r'data-([a-z]+)="([^"]*)"', self.html))
        found = re.search(r'<script type="application/json" id="state">(.*?)</script>', self.html)
        self.state: dict[str, Any] = json.loads(found[1]) if found else {}
        self.kernel, self.views = "", [""]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The questions, as the page holds them."""
        cards: list[dict[str, Any]] = self.state["cards"]
        return cards

    @property
    def asked(self) -> dict[str, str]:
        """What the page says when it asks for its kernel."""
        return {name: self.data[name] for name in ("page", "visit", "day")}

    def ask(self, method: str, path: str, sent: object = None, **headers: str) -> Reply:
        """One request of this page."""
        usual = {"Cookie": self.cookie, "Origin": f"http://{self.sieged.host}"}
        return ask(self.sieged, method, path, sent, source=self.source, **{**usual, **headers})

    def start(self) -> Visitor:
        """Ask for the kernel."""
        reply = self.ask("POST", "/kernels", self.asked)
        assert reply.status == 201, (reply.status, reply.body)
        self.kernel, self.views = reply.json()["kernel"], reply.json()["views"]
        return self

    def socket(self, **more: Any) -> Socket:
        """Open the page's socket."""
        usual = {"Cookie": self.cookie, "Origin": f"http://{self.sieged.host}"}
        return Socket(self.sieged, self.kernel, source=self.source, **{**usual, **more})

    def leave(self) -> None:
        """Close the page."""
        if self.kernel:
            assert self.ask("POST", f"/kernels/{self.kernel}/leave").status == 204


def attempt(card: dict[str, Any], response: object = None, **other: Any) -> dict[str, Any]:
    """A whole answer as the page sends it; the right one unless another is given."""
    return {
        "do": "answer",
        "id": secrets.token_hex(16),
        "item": card["item"],
        "version": card["version"],
        "response": good(card) if response is None else response,  # type: ignore[arg-type]
        "lang": "zh",
        **other,
    }


def honest(sieged: Sieged) -> None:
    """Somebody else opens the page, answers, gets a receipt, and leaves."""
    before = sieged.floor.attempts()
    n = next(sieged.honest)
    visitor = Visitor(sieged, f"127.1.{n // 250}.{n % 250 + 1}").start()
    line = visitor.socket(protocol=V1 if n % 2 else "")
    assert line.status == 101
    sent = attempt(visitor.cards[0])
    line.custom(visitor.views[0], sent)
    said = line.heard(sent["id"])
    assert said["did"] == "saved"
    assert said["receipt"]["verdict"]["credit"] == 1
    assert sieged.floor.attempts() > before
    line.close()
    visitor.leave()
