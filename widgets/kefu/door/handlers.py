"""What the floor answers over HTTP: pages, their sockets, and the few things a page may ask for."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import re
from pathlib import Path
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from kefu.door.keeper import Keeper
from kefu.door.kernels import OPENING, FloorKernels, Opening
from kefu.door.visitor import forget, from_here, language, meet, visitor_of

__all__ = ["Health", "Kernel", "Leave", "Next", "Page", "Socket", "Stay"]

MOST_TABS = 6
_AWAY = (OSError, http.client.HTTPException, ValueError)
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_HEARTBEAT = "<script>window.voila_heartbeat()"


class Page(TornadoVoilaHandler):  # type: ignore[misc]
    """One page: a notebook of the floor, run in a kernel of the visitor's own."""

    def initialize(self, keeper: Keeper, pages: Path, most: int, **kwargs: Any) -> None:
        """The house, the folder of notebooks, and how many kernels may live at once."""
        super().initialize(**kwargs)
        self._keeper = keeper
        self._pages = pages
        self._most = most

    @property
    def content_security_policy(self) -> str:
        """Nothing from anywhere else. Older browsers do not take a web socket for 'self'."""
        host = self.request.host if _HOST.fullmatch(self.request.host) else ""
        return (
            "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
            f"connect-src 'self' ws://{host} wss://{host}; img-src 'self' data: blob:; "
            "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
        )

    async def get(self, name: str = "") -> None:
        """The page, sent as it comes: its words first, the questions when the kernel has them."""
        name = name or "daily"
        if not (self._pages / f"{name}.ipynb").is_file():
            return self._calm("missing", 404)
        kernels: FloorKernels = self.kernel_manager
        visitor = meet(self)
        kernel = kernels.admit(visitor, self._most, MOST_TABS)
        if kernel is None:
            return self._calm("full", 503)
        try:
            await self._open(name, visitor, kernel)
        except StreamClosedError:
            # The browser went away before the page was whole: nobody will come for its kernel.
            with contextlib.suppress(KeyError, HTTPError):
                await kernels.shutdown_kernel(kernel, now=True)  # type: ignore[no-untyped-call]
        finally:
            kernels.settle(kernel)
        return None

    async def _open(self, name: str, visitor: str, kernel: str) -> None:
        try:
            opened = await asyncio.to_thread(
                self._keeper.ask, "POST", "/tokens", {"visitor": visitor}
            )
        except _AWAY:
            return self._calm("away", 503)
        OPENING.set(
            Opening(
                kernel=kernel,
                visitor=visitor,
                visit=opened["visit"],
                token=opened["token"],
                socket=self._keeper.socket,
                home=str(self._pages.parent / "home"),
                lang=language(self),
            )
        )
        async for html in self.get_generator(path=f"{name}.ipynb"):
            if html.startswith(_HEARTBEAT):
                return None  # The kernel hangs: the page ends here, and offers to try again.
            self.write(html)
            await self.flush()
        return None

    def _calm(self, why: str, status: int) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        template = self.settings["voila_jinja2_env"].get_template("away.html.j2")
        shell = self.settings["kefu_shell"]
        self.finish(template.render(kefu={**shell, "lang": language(self)}, why=why))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A calm page instead of a traceback."""
        if not self._finished:
            self._calm("missing" if status_code == 404 else "away", status_code)


class Socket(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The way to a kernel, for the visitor it was started for and nobody else."""

    async def get(self, kernel_id: str) -> Any:
        """Open it, or 404: whoever knows a kernel's id still does not own it."""
        if not self.kernel_manager.belongs(kernel_id, visitor_of(self)):
            raise HTTPError(404)
        return await super().get(kernel_id)

    def on_message(self, message: str | bytes) -> None:
        """Pass it on; whoever sends what is no message is hung up on, and fills no log."""
        try:
            super().on_message(message)
        except Exception:  # Jupyter raises whatever the bytes lead it to
            self.close(1007)


class _Call(RequestHandler):
    """Something a page asks for with its cookie."""

    def initialize(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def prepare(self) -> None:
        if self.request.method != "GET" and not from_here(self):
            raise HTTPError(403)
        self.set_header("Cache-Control", "no-store")

    @property
    def kernels(self) -> FloorKernels:
        kernels: FloorKernels = self.settings["kernel_manager"]
        return kernels

    async def close(self, kernel_id: str) -> None:
        with contextlib.suppress(KeyError, HTTPError):  # It may be gone already.
            await self.kernels.shutdown_kernel(kernel_id, now=True)  # type: ignore[no-untyped-call]

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish()


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
            await self.close(kernel_id)


class Stay(_Call):
    """Somebody is still reading."""

    async def post(self) -> None:
        """204, or 410 if the visit is over, or 503 if the house does not answer."""
        visitor = visitor_of(self)
        running = False
        if visitor:
            try:
                said = await asyncio.to_thread(
                    self._keeper.ask, "POST", "/visits/stay", {"visitor": visitor}
                )
            except _AWAY as error:
                raise HTTPError(503) from error
            running = bool(said["running"])
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
                await asyncio.to_thread(
                    self._keeper.ask, "POST", "/visits/end", {"visitor": visitor}
                )
            for kernel_id in self.kernels.of(visitor):
                await self.close(kernel_id)
        self.redirect(self.settings["base_url"], status=303)


class Health(_Call):
    """Whether the floor works, for whoever watches it: opens no kernel."""

    async def get(self) -> None:
        """`{"items": n, "kernels": n}`, or 503."""
        try:
            said = await asyncio.to_thread(self._keeper.ask, "GET", "/health")
        except _AWAY as error:
            raise HTTPError(503) from error
        self.finish({"items": said["items"], "kernels": len(self.kernels)})
