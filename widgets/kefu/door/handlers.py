"""What the floor answers over HTTP: pages, their sockets, and the few things a page may ask for."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import logging
import re
from typing import Any

from tornado.web import HTTPError, RequestHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from kefu.card import SPEAKERS
from kefu.door.early import early
from kefu.door.guard import Guarded
from kefu.door.keeper import Declined, Keeper
from kefu.door.kernels import Broken, FloorKernels, Opening
from kefu.door.limits import Limits, network
from kefu.door.notebooks import FloorPage
from kefu.door.visitor import forget, from_here, language, meet, visitor_of

__all__ = ["Health", "Kernel", "Kernels", "Leave", "Missing", "Next", "Page", "Socket", "Stay"]

MOST_TABS = 6
_AWAY = (OSError, http.client.HTTPException, ValueError)
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_log = logging.getLogger("kefu.door")


class Calm(RequestHandler):
    """Answers with a calm page where others would show a traceback."""

    def initialize(self, keeper: Keeper, pages: dict[str, FloorPage], most: int) -> None:
        """The house, the pages, and how many kernels may live at once."""
        self._keeper = keeper
        self._pages = pages
        self._most = most

    @property
    def limits(self) -> Limits:
        """What one address may ask."""
        limits: Limits = self.settings["kefu_limits"]
        return limits

    @property
    def kernels(self) -> FloorKernels:
        """Those of all pages."""
        kernels: FloorKernels = self.settings["kernel_manager"]
        return kernels

    async def ask(self, method: str, target: str, sent: object = None) -> Any:
        """One request to the house.

        Raises:
            Declined: the house says no.
            OSError, http.client.HTTPException, ValueError: it does not answer.
        """
        return await asyncio.to_thread(self._keeper.ask, method, target, sent)

    def set_default_headers(self) -> None:
        """Nothing from anywhere else. Older browsers do not take a web socket for 'self'."""
        host = self.request.host if _HOST.fullmatch(self.request.host) else ""
        self.set_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self' blob:; style-src 'self'; "
            f"connect-src 'self' ws://{host} wss://{host}; img-src 'self' data: blob:; "
            "form-action 'self'; frame-ancestors 'self'; base-uri 'none'",
        )
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")

    def compute_etag(self) -> None:
        """Nothing here is asked for twice, so nothing needs a mark."""

    def show(self, template: str, **words: Any) -> None:
        """A page of ours."""
        kefu = {**self.settings["kefu_shell"], "lang": language(self)}
        policy = self._headers["Content-Security-Policy"]
        self.set_header(
            "Content-Security-Policy",
            policy.replace("script-src 'self'", f"script-src 'self' {kefu['source']}"),
        )
        self.set_header("Content-Type", "text/html; charset=utf-8")
        made = self.settings["voila_jinja2_env"].get_template(template)
        self.finish(made.render(kefu=kefu, **words))

    def calm(self, why: str, status: int) -> None:
        """Why there is no page just now."""
        self.set_status(status)
        if status in (429, 503):
            self.set_header("Retry-After", str(self._wait))
        self.show("away.html.j2", why=why)

    _wait = 5

    def slow(self, wait: int) -> None:
        """Refuse whoever has to wait that many seconds; nobody has to wait for 0.

        Raises:
            HTTPError: 429, with Retry-After.
        """
        if wait:
            self._wait = wait
            raise HTTPError(429)

    def write_error(self, status_code: int, **_: Any) -> None:
        """Words instead of a traceback."""
        if not self._finished:
            why = {404: "missing", 405: "missing", 429: "full"}.get(status_code, "away")
            self.calm(why, status_code)


class Missing(Calm):
    """No such page."""

    def prepare(self) -> None:
        """Whatever is asked, and however."""
        self.slow(self.limits.call(self.request.remote_ip))
        self.calm("missing", 404)


class Page(Calm):
    """One page, whole at once: its questions stand in it, and its kernel is asked for later."""

    async def get(self, name: str = "") -> None:
        """The page, or a calm one in its place."""
        page = self._pages[name or "daily"]
        visitor = meet(self)
        self.slow(self.limits.enter(self.request.remote_ip, visitor))
        if not self.kernels.has_room(visitor, self._most, MOST_TABS):
            return self.calm("full", 503)
        try:
            entered = await self.ask("POST", "/visits", {"visitor": visitor})
        except _AWAY:
            return self.calm("away", 503)
        quiz = entered["quiz"]
        day = quiz.pop("day")
        state = json.dumps(quiz, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        return self.show(
            "page.html.j2",
            page=page,
            visit=entered["visit"],
            day=day,
            state=state if page.daily else None,
            early=early(quiz) if page.daily else None,
            speakers=SPEAKERS,
        )


class Socket(Guarded, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The way to a kernel, for the visitor it was started for and nobody else."""

    async def get(self, kernel_id: str) -> Any:
        """Open it, or 404: whoever knows a kernel's id still does not own it."""
        if not self.kernel_manager.belongs(kernel_id, visitor_of(self)):
            raise HTTPError(404)
        self.hold(kernel_id)
        try:
            return await super().get(kernel_id)
        except AttributeError:
            if self.connection is not None:
                raise
            return None  # The page went away while its kernel was asked.
        finally:
            if self.ws_connection is None:
                self.let_go()

    async def open(self, kernel_id: str) -> None:
        """Small messages leave at once: they would wait for each other's acknowledgement."""
        self.set_nodelay(True)
        self.kernel_manager.lines.setdefault(kernel_id, set()).add(self)
        await super().open(kernel_id)  # type: ignore[misc]

    def on_message(self, message: str | bytes) -> None:
        """Pass it on; whoever sends what is no message is hung up on, and fills no log."""
        if not self.may_hear(message):
            return
        self.kernel_manager.heard(self.kernel_id)
        try:
            super().on_message(message)
        except Exception:  # Jupyter raises whatever the bytes lead it to
            self.hang_up(1007, "no message")

    def on_close(self) -> None:
        """The page may come back in a while; else its kernel goes."""
        super().on_close()
        self.let_go()
        self.kernel_manager.lines.get(self.kernel_id, set()).discard(self)
        self.kernel_manager.release(self.kernel_id)


class _Call(Calm):
    """Something a page asks for with its cookie."""

    def prepare(self) -> None:
        self.slow(self.limits.call(self.request.remote_ip))
        if self.request.method != "GET" and not from_here(self):
            self.limits.refuse(self.request.remote_ip, "another origin")
            raise HTTPError(403)

    def write_error(self, status_code: int, **_: Any) -> None:
        if status_code == 429:
            self.set_header("Retry-After", str(self._wait))
        self.finish()


class Kernels(_Call):
    """A page asks for its kernel."""

    _gone = False

    def on_connection_close(self) -> None:
        """The page went away while it was waiting."""
        self._gone = True

    async def post(self) -> None:
        """Fork one, run the page's notebook in it, and say which widgets it shows.

        `{page, visit, day}` as they stand in the page gives 201 `{kernel, views}`;
        410 if the visit is over, 503 `{why}` if the floor is full or the house away.
        """
        page, visit, day = self._asked()
        visitor = visitor_of(self)
        if visitor is None:
            raise HTTPError(410)
        here, address = network(self.request.remote_ip), self.request.remote_ip
        kernel = self.kernels.admit(visitor, self._most, MOST_TABS, here)
        if kernel is None:
            return self._later("full")
        held = list(self.kernels.networks.values()).count(here) - 1
        try:
            self.slow(self.limits.share(address, held) or self.limits.start(address))
            opened = await self.ask(
                "POST", "/tokens", {"visitor": visitor, "visit": visit, "day": day}
            )
            opening = Opening(
                kernel=kernel,
                token=opened["token"],
                socket=self._keeper.socket,
                home=self.settings["kefu_home"],
            )
            views = await self.kernels.run(opening, page.code)
        except Declined as error:
            raise HTTPError(410 if error.status < 500 else 503) from error
        except (Broken, *_AWAY) as error:
            _log.warning("a kernel for %s: %s", page.name, error)
            return self._later("away")
        finally:
            self.kernels.settle(kernel)
        if self._gone:
            return await self.kernels.close(kernel)
        self.kernels.release(kernel)
        self.set_status(201)
        self.finish({"kernel": kernel, "views": views})
        return None

    def _asked(self) -> tuple[FloorPage, str, str]:
        try:
            sent = json.loads(self.request.body)
            page, visit, day = self._pages.get(sent["page"]), sent["visit"], sent["day"]
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
            raise HTTPError(400) from error
        if not (isinstance(visit, str) and isinstance(day, str)):
            raise HTTPError(400)
        if page is None or page.title is None:
            raise HTTPError(404)
        return page, visit, day

    def _later(self, why: str) -> None:
        self.set_status(503)
        self.set_header("Retry-After", "2")
        self.finish({"why": why})


class Kernel(_Call):
    """Whether a page's kernel still lives: 204, else 404."""

    def get(self, kernel_id: str) -> None:
        """Asked by a page that lost its socket."""
        if not self.kernels.belongs(kernel_id, visitor_of(self)):
            raise HTTPError(404)
        self.set_status(204)


class Leave(_Call):
    """The page was closed: its kernel is not needed any more."""

    async def post(self, kernel_id: str) -> None:
        """Only the visitor's own."""
        self.set_status(204)
        if self.kernels.belongs(kernel_id, visitor_of(self)):
            await self.kernels.close(kernel_id)


class Stay(_Call):
    """Somebody is still reading."""

    async def post(self) -> None:
        """204, or 410 if the visit is over, or 503 if the house does not answer."""
        visitor = visitor_of(self)
        running = False
        if visitor:
            try:
                running = (await self.ask("POST", "/visits/stay", {"visitor": visitor}))["running"]
            except _AWAY as error:
                raise HTTPError(503) from error
        self.set_status(204 if running else 410)


class Next(_Call):
    """The next person takes the device."""

    async def post(self) -> None:
        """Forget the cookie, end the visit, close its kernels, and begin again."""
        visitor = visitor_of(self)
        forget(self)
        if visitor:
            # Without its cookie nobody comes back to the visit, and it lapses by itself.
            with contextlib.suppress(*_AWAY):
                await self.ask("POST", "/visits/end", {"visitor": visitor})
            for kernel_id in self.kernels.of(visitor):
                await self.kernels.close(kernel_id)
        self.redirect(self.settings["base_url"], status=303)


class Health(_Call):
    """Whether the floor works, for whoever watches it: opens no kernel."""

    async def get(self) -> None:
        """`{"items": n, "kernels": n, "room": whether one more may come}`, or 503."""
        try:
            said = await self.ask("GET", "/health")
        except _AWAY as error:
            raise HTTPError(503) from error
        room = self.kernels.has_room("", self._most, MOST_TABS)
        self.finish({"items": said["items"], "kernels": len(self.kernels), "room": room})
