"""A page, its kernel, the house and a database, of which one is killed while an answer is saved.

All of them are real but for the page, which does what the page's script does: it sends an answer
under an id, waits, and after a failure, a silence or the death of its kernel sends everything that
was not acknowledged again, under the same id. It believes an answer saved when `saved` came for it,
and never before.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from kefu.card import canonical
from kefu.vault import Vault, connect
from tests.floor.hatched import PATIENCE, HatchedKeeper, Kernel, Lost
from tests.floor.hatchery import Forked, Hatchery
from tests.house.furniture import published

__all__ = ["Page", "Stage"]

_SILENCE = 8.0


class Page:
    """What one visitor sees: kernels may come and go, the answers stay until they are saved."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        visitor = secrets.token_hex(16)
        self._token = stage.ask("POST", "/tokens", {"visitor": visitor})["token"]
        self._kernel: Kernel | None = None
        self.sent: dict[str, dict[str, Any]] = {}
        self.saved: dict[str, Any] = {}
        self.rounds: list[list[str]] = []

    def open(self, step: Any = None) -> Kernel:
        """A new kernel in the place of the old one.

        Raises:
            Lost: none opens.
        """
        self.close()
        env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self._stage.folder),
               "IPYTHONDIR": str(self._stage.folder / "ipython"), "KEFU_TOKEN": self._token,
               "KEFU_SOCKET": self._stage.socket}  # fmt: skip
        until = time.monotonic() + PATIENCE
        while self._kernel is None:
            try:
                self._kernel = Kernel(self._stage.kernels, self._stage.folder, env, step)
            except RuntimeError as why:
                # The door says "away" then, and the page asks again.
                if time.monotonic() > until:
                    raise Lost(f"no kernel opens: {why}") from why
        return self._kernel

    def again(self, step: Any = None) -> Kernel:
        """The page is opened anew, and shows what the page before it showed.

        Raises:
            Lost: it shows something else.
        """
        kernel = self.open(step)
        shown = kernel.receipts()
        last = {receipt["item"]: receipt for receipt in self.in_order()}
        if shown != last:
            raise Lost(f"a second kernel shows {shown} in the place of {last}")
        return kernel

    def in_order(self) -> list[Any]:
        """The receipts, as the answers were first given."""
        return [self.saved[attempt] for pair in self.rounds for attempt in pair]

    def answer(self) -> None:
        """Give the next pair of answers, and go on until both are acknowledged.

        Raises:
            Lost: that takes too long, or an answer has two receipts.
        """
        pair = self._stage.pair(len(self.rounds))
        self.rounds.append([one["id"] for one in pair])
        self.sent.update((one["id"], one) for one in pair)
        self._send()
        until, heard_at = time.monotonic() + PATIENCE, time.monotonic()
        while self._waiting():
            if time.monotonic() > until:
                raise Lost(f"not acknowledged: {self._waiting()}")
            assert self._kernel
            dead = self._kernel.process.poll() is not None
            heard = self._kernel.hear(0.0 if dead else 0.05)
            if heard is not None:
                heard_at = time.monotonic()
                self._heard(heard)
            elif dead:
                self.open()
                self._send()
            elif time.monotonic() - heard_at > _SILENCE:
                heard_at = time.monotonic()
                self._send()

    def _heard(self, message: Any) -> None:
        content = message["content"].get("data", {})
        said = content.get("content") if isinstance(content, dict) else None
        if not isinstance(said, dict) or message["header"]["msg_type"] != "comm_msg":
            return
        if said.get("did") == "saved":
            before = self.saved.setdefault(said["id"], said["receipt"])
            if before != said["receipt"]:
                raise Lost(f"two receipts for one answer: {before}, {said['receipt']}")
        elif said.get("did") == "failed":
            self._stage.failed(said)
            time.sleep(0.1)
            self._send(said["id"])

    def _waiting(self) -> list[str]:
        return [attempt for attempt in self.sent if attempt not in self.saved]

    def _send(self, *only: str) -> None:
        assert self._kernel
        for attempt in only or self._waiting():
            content = {"do": "answer", "lang": "zh", **self.sent[attempt]}
            data = {"method": "custom", "content": content}
            self._kernel.comm("comm_msg", self._kernel.view, data)

    def close(self) -> None:
        """Let the kernel go."""
        if self._kernel:
            self._kernel.close()
            self._kernel = None


class Stage:
    """The house, its database, and a way to strike at a step.

    Args:
        url: of an empty database.
        houses: where houses come from.
        kernels: where kernels come from.

    `failures` counts how often a page was told that an answer is not saved; `busy` says whether
    answers are on their way.
    """

    def __init__(self, url: str, houses: Hatchery, kernels: Hatchery) -> None:
        self.url = url
        self.kernels = kernels
        self._houses = houses
        self._folder = tempfile.TemporaryDirectory(prefix="kefu-", dir="/tmp")
        self.folder = Path(self._folder.name)
        self.socket = str(self.folder / "house.sock")
        self._keeper: HatchedKeeper | None = None
        self._engine = sa.create_engine(url, poolclass=NullPool)
        self._ids: set[str] = set()
        self.file = self._engine.url.database or ""
        self.failures = 0
        self.busy = False
        engine = connect(url)
        # As many as a day asks, so that every day asks the same.
        Vault(engine).release([published(n) for n in range(5)])
        engine.dispose()
        self._cards = sorted((published(n).card for n in range(5)), key=lambda c: c["item"])

    def house(self, step: Any = None) -> Forked:
        """A new house; after its death the keeper starts one that nothing befalls."""
        if self._keeper:
            self._keeper.drop()
        self._keeper = HatchedKeeper(self.folder, self.url, self._houses, step)
        self._keeper.start()
        assert self._keeper.first
        return self._keeper.first

    def ask(self, method: str, target: str, sent: object = None) -> Any:
        """One request as the door."""
        assert self._keeper
        return self._keeper.ask(method, target, sent)

    def failed(self, said: Any) -> None:
        """The page was told that an answer is not saved."""
        self.failures += 1

    def pair(self, nth: int) -> list[dict[str, Any]]:
        """Two answers to two items; the same in every visit but for their ids."""
        made = []
        for place in (nth % 5, (nth + 1) % 5):
            card, pick = self._cards[place], ("aa", "bb", "cc")[(nth + place) % 3]
            responses: dict[str, dict[str, Any]] = {
                "choice": {"option": pick},
                "choices": {"options": [pick]},
                "order": {"order": sorted(("aa", "bb", "cc"), key=lambda one: one != pick)},
                "number": {"number": "15" if pick == "aa" else "16"},
            }
            answer = {"item": card["item"], "version": card["version"]}
            made.append(
                {"id": secrets.token_hex(16), **answer, "response": responses[card["kind"]]}
            )
        return made

    def check(self, page: Page) -> None:
        """Everything that was acknowledged is on disk, once, as it was acknowledged.

        Raises:
            Lost: it is not.
        """
        query = sa.text("SELECT attempt, item, version, response, at FROM attempts")
        with self._engine.connect() as db:
            rows = db.execute(query).all()
        self._ids |= page.sent.keys()
        found = Counter(row.attempt for row in rows)
        if unknown := found.keys() - self._ids:
            self._ids |= unknown
            raise Lost(f"nobody sent: {sorted(unknown)}")
        if twice := sorted(one for one in page.sent if found[one] > 1):
            raise Lost(f"counted twice: {twice}")
        if missing := page.saved.keys() - found.keys():
            raise Lost(f"acknowledged and lost: {sorted(missing)}")
        by_id = {row.attempt: row for row in rows}
        for attempt, receipt in page.saved.items():
            row, sent = by_id[attempt], page.sent[attempt]
            kept = (row.item, row.version, row.response, row.at)
            told = (*(receipt[n] for n in ("item", "version")), canonical(receipt["response"]),
                    receipt["at"])  # fmt: skip
            if kept != told or receipt["response"] != sent["response"]:
                raise Lost(f"{kept} is on disk, {told} was acknowledged, {sent} was sent")

    def close(self) -> None:
        """End everything."""
        if self._keeper:
            self._keeper.stop()
        self._folder.cleanup()
