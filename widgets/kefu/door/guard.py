"""Stands before every connection and every message, and hangs up on who asks too much."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, cast
from urllib.parse import urlsplit

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.httpserver import HTTPServer, _ProxyAdapter
from tornado.httputil import HTTPConnection, HTTPHeaders, HTTPMessageDelegate
from tornado.iostream import IOStream
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

from kefu.door.limits import CLOSE, Limits, network
from kefu.door.messages import refusal

__all__ = ["Discreet", "Guarded", "GuardedServer"]

_GREETING = 0.5
"""Seconds."""
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")


class _FromProxy(_ProxyAdapter):
    """Takes the address from X-Forwarded-For, to which every proxy adds whom it serves."""

    def headers_received(self, start_line: Any, headers: HTTPHeaders) -> Any:
        # Tornado would put this one first, though the proxy may pass on what a visitor wrote.
        headers.pop("X-Real-Ip", None)
        return super().headers_received(start_line, headers)


class GuardedServer(HTTPServer):
    """A server on which no address keeps more than its number of connections.

    One that became a websocket counts there. What is said about addresses is believed of
    `proxies` alone: Tornado's own `xheaders` would believe it of anybody.
    """

    limits: Limits
    proxies: frozenset[str] = frozenset()

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """A new connection, or none."""
        if not (self._proxy(address) or self.limits.connections.take(network(address[0]))):
            self.limits.refuse(address[0], "too many connections")
            stream.close()
            return
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """It ended, or became something else."""
        super().on_close(server_conn)
        address = server_conn.context.address  # type: ignore[attr-defined]
        if not self._proxy(address):
            self.limits.connections.give(network(address[0]))

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        """A request, from whom it is."""
        delegate = super().start_request(server_conn, request_conn)
        by_proxy = self._proxy(request_conn.context.address)  # type: ignore[attr-defined]
        return _FromProxy(delegate, request_conn) if by_proxy else delegate

    def _proxy(self, address: tuple[Any, ...]) -> bool:
        return str(address[0]).removeprefix("::ffff:") in self.proxies


class Guarded(WebSocketHandler):
    """Before a kernel's socket: few sockets, few messages a second, and only harmless ones.

    `settings["kefu_limits"]` holds the limits.
    """

    _held: str | None = None

    async def prepare(self) -> None:
        """Before anything is asked of a kernel.

        Raises:
            HTTPError: 400 for a session that ZeroMQ could not name, 429 for a flood.
        """
        await super().prepare()  # type: ignore[misc]
        self._limits: Limits = self.settings["kefu_limits"]
        self._hung_up = False
        if self._limits.call(self.request.remote_ip):
            raise HTTPError(429)
        if not _SESSION.fullmatch(self.get_query_argument("session_id", "")):
            raise HTTPError(400)

    def check_origin(self, origin: str | None = None) -> bool:
        """Whether a page of ours asks; a program that names no origin is no page."""
        try:
            ours = origin is None or urlsplit(origin).netloc == self.request.host
        except ValueError:  # “//[” is no address
            ours = False
        if not ours:
            self._limits.refuse(self.request.remote_ip, "another origin")
        return ours

    def write_error(self, status_code: int, **_: Any) -> None:
        """A handshake that is refused gets a status and no page."""
        self.finish()

    def hold(self, kernel_id: str) -> None:
        """Take one of a kernel's sockets, until `let_go`.

        Raises:
            HTTPError: 429, there are too many.
        """
        if not self._limits.sockets.take(kernel_id):
            self._limits.refuse(self.request.remote_ip, "too many sockets")
            raise HTTPError(429)
        self._held = kernel_id
        self._bucket = self._limits.messages(kernel_id in self.settings["kernel_manager"].plain)

    def let_go(self) -> None:
        """Give it back."""
        if self._held is not None:
            self._limits.sockets.give(self._held)
            self._held = None

    def hang_up(self, code: int, what: str) -> None:
        """Close, and hear nothing that is still on its way."""
        self._hung_up = True
        self._limits.refuse(self.request.remote_ip, what)
        self.close(code)
        if self.ws_connection:
            # Tornado would go on reading for five seconds.
            self.ws_connection._abort()

    def may_hear(self, message: str | bytes) -> bool:
        """Whether a kernel may hear this message."""
        if self._hung_up or not self._counts():
            return False
        try:
            what = refusal(message, self.selected_subprotocol)
        except (ValueError, RecursionError):
            self.hang_up(1007, "no message")
            return False
        if what:
            self._limits.refuse(self.request.remote_ip, "a message", what)
        return what is None

    def on_ping(self, data: bytes) -> None:
        """A ping costs as much as a message."""
        self._counts()

    def on_pong(self, data: bytes) -> None:
        """So does a pong."""
        if self._counts():
            super().on_pong(data)

    def _counts(self) -> bool:
        if not self._hung_up and self._bucket.take():
            self.hang_up(CLOSE, "too many messages")
        return not self._hung_up


class Discreet(ZMQChannelsWebsocketConnection):
    """Passes on what a kernel says, but no traceback: it names files, and lines of code.

    Its kernel has been started and spoken to when a page comes, so it is not asked again who it is
    and whether it is there; and what a page may not use is not opened for it.
    """

    def create_stream(self) -> None:
        """The two channels of which `messages.refusal` lets anything through."""
        for channel in ("iopub", "shell"):
            connect = getattr(self.kernel_manager, f"connect_{channel}")
            self.channels[channel] = stream = connect(identity=self.session.bsession)
            stream.channel = channel

    def request_kernel_info(self) -> asyncio.Future[Any]:
        """It is this very Python's, and speaks our version of the protocol."""
        known: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        known.set_result({})
        return known

    def nudge(self) -> asyncio.Future[None]:
        """Done when what the kernel says to everybody arrives here."""
        greeted = asyncio.get_running_loop().create_future()
        iopub = self.channels["iopub"]

        def heard(_: object) -> None:
            iopub.stop_on_recv()
            if not greeted.done():
                greeted.set_result(None)

        iopub.on_recv(heard)
        return asyncio.ensure_future(self._greeted(greeted))

    async def _greeted(self, greeted: asyncio.Future[None]) -> None:
        # ipykernel greets whoever subscribes; one that misses it is asked, as Jupyter would.
        try:
            await asyncio.wait_for(greeted, _GREETING)
        except TimeoutError:
            iopub = self.channels.get("iopub")
            if iopub and not iopub.closed():
                await super().nudge()

    def handle_outgoing_message(self, stream: Any, outgoing_msg: list[Any]) -> None:
        """One message of the kernel: identities, a signature, and its parts."""
        _, parts = self.session.feed_identities(outgoing_msg)
        header, content = cast("bytes", parts[1]), cast("bytes", parts[4])
        kind = json.loads(header)["msg_type"]
        if kind == "error" or (kind == "stream" and json.loads(content).get("name") == "stderr"):
            return
        super().handle_outgoing_message(stream, outgoing_msg)
