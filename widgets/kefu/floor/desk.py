"""A desk of the player that stands in the house, reached by a unix socket."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any

from kefu.card import Card, Receipt
from kefu.errors import KefuError
from kefu.floor.wire import call
from kefu.journal import Attempt, NotSaved
from kefu.text import Text

__all__ = ["Away", "HouseDesk"]

WAITS = (0.1, 0.2, 0.4, 0.8, 1.2, 1.6)
"""Seconds between tries: a house that starts again is back well before the page loses patience."""


class Away(KefuError):  # noqa: N818 - where the house is, not what went wrong here
    """The house does not answer."""

    def __init__(self) -> None:
        super().__init__(
            Text("暂时存不上，答案替您留着", "this cannot be saved just now; your answer is kept"),
            Text("请过一会儿再试一次", "please try again in a moment"),
        )


class HouseDesk:
    """Hands answers to the house, and asks it for what was answered before.

    Args:
        path: the house's socket.
        token: speaks for one visit; the house knows whose.
        sleep: waits between tries.
    """

    def __init__(self, path: str, token: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._path = path
        self._token = token
        self._sleep = sleep
        today = self._ask("GET", "/daily")
        self.title: Text = Text.of(today["title"])
        self.seed: str = today["seed"]
        self.cards: Sequence[Card] = today["cards"]
        self._receipts: dict[str, Receipt] = today["receipts"]

    @classmethod
    def here(cls, env: Mapping[str, str] = os.environ) -> HouseDesk:
        """The desk that the door gave this kernel.

        Raises:
            KefuError: it gave none, or the house does not answer.
        """
        path, token = env.get("KEFU_SOCKET"), env.get("KEFU_TOKEN")
        if not (path and token):
            raise KefuError(
                Text("这一页要由 kefu floor 打开", "this page is opened by kefu floor"),
                Text("请先运行 kefu floor", "run kefu floor first"),
            )
        return cls(path, token)

    def receipts(self) -> dict[str, Receipt]:
        """What this visit answered before, by item, as the page was opened."""
        return dict(self._receipts)

    def take(self, attempt: Attempt) -> Receipt:
        """Hand in an attempt. The house takes an id once, so trying again is harmless.

        Raises:
            NotSaved: the house did not take it, or does not answer.
        """
        try:
            receipt: Receipt = self._ask(
                "POST",
                "/attempts",
                {
                    "id": attempt.id,
                    "item": attempt.item,
                    "version": attempt.version,
                    "response": attempt.response,
                    "lang": attempt.lang,
                },
            )
        except NotSaved:
            raise
        except KefuError as error:
            raise NotSaved(error.what, error.write) from error
        return receipt

    def _ask(self, method: str, target: str, sent: object = None) -> Any:
        for wait in (*WAITS, None):
            try:
                status, said = call(self._path, method, target, self._token, sent)
                break
            except (OSError, HTTPException, ValueError) as error:
                # One that does not answer in time may be busy for long: the page should not wait.
                if wait is None or isinstance(error, TimeoutError):
                    raise Away() from error
                self._sleep(wait)
        if status >= 400:
            raise NotSaved(Text.of(said["what"]), Text.of(said["write"]))
        return said
