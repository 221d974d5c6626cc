"""One scenario alone, for its author: the real player, drawn anew whenever the file is saved.

A small server on loopback; answers go to a journal that is thrown away at the end.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from kefu.bank import Bank, read
from kefu.bank.reader import shown
from kefu.card import Card, Key
from kefu.errors import Fault, KefuError
from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player
from kefu.text import Lang, Text

__all__ = ["Preview", "application", "known"]

STATIC = Path(__file__).parent / "static"
_SHOWN = ("cards", "receipts", "pace", "lang", "title", "notice", "handin", "seed")
_EVERY = 0.4
"""Seconds between two looks at the files."""
_MOST_FAULTS = 5

_PAGE = """<!doctype html>
<html lang="{tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{slug} · kefu preview</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="static/player.css">
</head>
<body style="margin:0">
<main class="kefu" style="min-height:100vh;border-radius:0">
<h1 style="margin:0;font-size:.9rem;padding:8px 16px">{slug}</h1>
<div id="faults" role="alert"></div><div id="stage"></div></main>
<script type="module" src="static/preview.js"></script>
</body>
</html>
"""


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isalnum()


def known(contents: Sequence[Path]) -> list[str]:
    """The scenarios that can be previewed: whatever file there is, sound or not."""
    return sorted({file.stem for folder in contents for file in folder.glob("scenarios/*.toml")})


class Preview:
    """One scenario as its files say it at this moment.

    Args:
        slug: the scenario.
        contents: the content folders, later ones on top.
        journal: where answers are kept meanwhile.
        lang: the language to begin in.
    """

    def __init__(self, slug: str, contents: Sequence[Path], journal: Path, lang: Lang) -> None:
        self.slug = slug
        self._contents = contents
        self._journal = FileJournal(journal)
        self._lang = lang
        self._stamp = ""
        self._player = Player(lang=lang)
        self._faults: list[Fault] = []
        self._one = Lock()  # each request has a thread of its own
        self.closing = False
        """The server is being stopped: pages that wait for changes are let go."""

    def stamp(self) -> str:
        """Changes whenever a file of the content does."""
        made = hashlib.sha256()
        for folder in self._contents:
            for file in sorted(folder.rglob("*.toml")):
                try:
                    about = file.stat()
                except OSError:
                    continue  # an editor has just put another in its place
                made.update(f"{file} {about.st_mtime_ns} {about.st_size}\n".encode())
        return made.hexdigest()[:16]

    def refresh(self) -> None:
        """Read the content again if it has changed."""
        stamp = self.stamp()
        if stamp == self._stamp:
            return
        bank, faults = read(self._contents)
        ends = f"scenarios/{self.slug}.toml"
        mine = [fault for fault in faults if fault.file.endswith(ends)]
        cards, keys, told = _published(bank, self.slug)
        mine += told
        self._stamp, self._faults = stamp, mine
        notice = None
        if not cards:
            if self.slug not in known(self._contents):
                notice = Text(
                    f"没有 {self.slug} 这个故事了。", f"There is no story {self.slug} any more."
                )
            else:
                # Perhaps it lies elsewhere that nothing can be asked: then tell all there is.
                self._faults = mine or faults[:_MOST_FAULTS]
                if self._player.cards:
                    return  # what stood there before stays in sight, below the faults
                notice = Text(
                    "改好上面这几处，题目就会出现。",
                    "Mend what is told above, and the questions appear.",
                )
        desk = JournalDesk(cards, self._journal, keys)
        self._player = Player(desk, pace="all", lang=self._lang, notice=notice)

    def state(self) -> dict[str, Any]:
        """What the page shows: the player's state, and each fault as a sentence."""
        with self._one:
            self.refresh()
            return self._state()

    def _state(self) -> dict[str, Any]:
        return {
            "stamp": self._stamp,
            "faults": [{"zh": fault.say("zh"), "en": fault.say("en")} for fault in self._faults],
            "state": {name: getattr(self._player, name) for name in _SHOWN},
        }

    def reply(self, message: dict[str, Any]) -> dict[str, Any]:
        """The player's answer to a message of the page."""
        with self._one:
            self.refresh()
            return {"reply": self._player.reply(message), **self._state()}


def _published(bank: Bank, slug: str) -> tuple[list[Card], Mapping[str, Key], list[Fault]]:
    """Cards and keys of a scenario, every item as if it were practice: its author sees reasons."""
    cards: list[Card] = []
    keys: dict[str, Key] = {}
    faults: list[Fault] = []
    for entry in bank.entries:
        if entry.scenario != slug or not entry.is_whole:
            continue
        try:
            made = bank.publish(entry)
        except KefuError as error:
            faults.append(Fault(shown(entry.file), entry.line, error.what, error.write))
            continue
        except (LookupError, TypeError, ValueError, AttributeError):
            continue  # half-written: the faults of its file say what it lacks
        cards.append(Card(**{**made.card, "room": "practice"}))
        keys[entry.ref] = made.key
    return cards, keys, faults


def application(preview: Preview) -> Starlette:
    """The server of one preview; answers only to loopback's own names."""

    def page(_: Request) -> Response:
        tag = "zh-CN" if preview.state()["state"]["lang"] == "zh" else "en"
        return HTMLResponse(_PAGE.format(tag=tag, slug=preview.slug))

    def state(_: Request) -> Response:
        return JSONResponse(preview.state())

    async def message(request: Request) -> Response:
        try:
            sent = json.loads(await request.body())
        except (ValueError, RecursionError):
            sent = None
        if not (isinstance(sent, dict) and _is_id(sent.get("id"))):
            return JSONResponse({}, 400)
        return JSONResponse(await asyncio.to_thread(preview.reply, sent))

    async def changes(request: Request) -> Response:
        async def stamps() -> AsyncIterator[str]:
            last = ""
            while not (preview.closing or await request.is_disconnected()):
                now = await asyncio.to_thread(preview.stamp)
                if now != last:
                    last = now
                    yield f"data: {now}\n\n"
                await asyncio.sleep(_EVERY)

        return StreamingResponse(stamps(), media_type="text/event-stream")

    def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in ("player.css", "player.js", "preview.js"):
            return Response(status_code=404)
        return FileResponse(STATIC / name, headers={"cache-control": "no-cache"})

    return Starlette(
        routes=[
            Route("/", page),
            Route("/state", state),
            Route("/message", message, methods=["POST"]),
            Route("/changes", changes),
            Route("/static/{name}", static),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


def serve(slug: str, contents: Sequence[Path], lang: Lang, port: int) -> None:
    """Serve the preview on loopback until it is stopped."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: Any) -> None:
            preview.closing = True
            super().handle_exit(sig, frame)

    with tempfile.TemporaryDirectory(prefix="kefu-preview-") as folder:
        preview = Preview(slug, contents, Path(folder) / "responses.jsonl", lang)
        config = uvicorn.Config(
            application(preview),
            host="127.0.0.1",
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
        with suppress(KeyboardInterrupt):  # Ctrl+C is how it is meant to end
            Server(config).run()
