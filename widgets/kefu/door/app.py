"""Standalone Voila with the floor's own routes, and none of those it does not need."""

from __future__ import annotations

import logging
import os
import re
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tornado.ioloop
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.web import RequestHandler
from traitlets.config import Config
from voila.app import Voila

from kefu.door import handlers, plain
from kefu.door.assets import AssetHandler, load, loader
from kefu.door.guard import Discreet, GuardedServer
from kefu.door.keeper import Keeper
from kefu.door.kernels import FloorKernels, Opening, OwnPython, environment
from kefu.door.limits import Limits
from kefu.door.notebooks import read
from kefu.kernels import prewarm

__all__ = ["Floor", "build"]

_KERNEL = r"(\w+-\w+-\w+-\w+-\w+)"
LONGEST_MESSAGE = 256 * 2**10
PATIENCE = float(os.environ.get("KEFU_PATIENCE", "30"))
"""Seconds in which a request must be asked whole."""


class Anybody(IdentityProvider):
    """Every visitor may see the floor's pages; who they are is the house's business.

    Jupyter's own would set a second cookie with an invented name.
    """

    def get_user(self, handler: RequestHandler) -> User:
        """The same for all."""
        return User(username="visitor")


class Floor(Voila):  # type: ignore[misc]
    """Voila over sockets that are open already, with the floor's handlers only."""

    name = "voila"
    keeper: Keeper
    pages: Path
    listening: list[socket.socket]
    most: int
    lapse: float
    share: float
    proxies: list[str]
    tls: ssl.SSLContext | None

    def init_settings(self) -> dict[str, Any]:
        """Voila sets compression too late for it to count."""
        self.limits = Limits(self.most, share=self.share)
        self.kernel_websocket_connection_class = Discreet
        self.assets = load("page.js", "page.css")
        style, script = (
            f"{self.base_url}static/{self.assets[name].name}" for name in ("page.css", "page.js")
        )
        text, source = loader(script)
        shell = {
            "base": self.base_url,
            "lapse": self.lapse,
            "style": style,
            "script": script,
            "loader": text,
            "source": source,
        }
        settings = super().init_settings()
        # ZeroMQ stops at 1,023 sockets unless told otherwise; a kernel takes about eight.
        self.kernel_manager.context.max_sockets = max(1023, 24 * self.most)
        return {
            **settings,
            "compress_response": True,
            "ws_ping_interval": 20_000,
            "ws_ping_timeout": 50_000,  # Jupyter asks for a pong before its first ping has had time
            "websocket_compression_options": {"compression_level": 6, "mem_level": 5},
            "websocket_max_message_size": LONGEST_MESSAGE,
            "kefu_shell": shell,
            "kefu_limits": self.limits,
            # A line a request would let anybody fill the disk; refusals are logged, and counted.
            "log_function": lambda _: None,
            "kefu_home": str(self.pages.parent / "home"),
        }

    def init_handlers(self) -> list[Any]:
        """Pages, their sockets, a script: no tree, no contents, no files, no themes."""
        pages = read(self.pages)
        here = {"keeper": self.keeper, "pages": pages, "most": self.most}
        lean = "|".join(re.escape(name) for name, page in pages.items() if page.title)
        base = self.base_url
        return [
            (rf"{base}api/kernels/{_KERNEL}/channels", handlers.Socket),
            (rf"{base}kernels", handlers.Kernels, here),
            (rf"{base}kernels/{_KERNEL}", handlers.Kernel, here),
            (rf"{base}kernels/{_KERNEL}/leave", handlers.Leave, here),
            (rf"{base}stay", handlers.Stay, here),
            (rf"{base}next", handlers.Next, here),
            (rf"{base}health", handlers.Health, here),
            (rf"{base}static/([a-z0-9.]+)", AssetHandler, {"assets": self.assets}),
            *plain.routes(base, here),
            (rf"{base}({lean}|)", handlers.Page, here),
            (r".*", handlers.Missing, here),
        ]

    def listen(self) -> None:
        """Serve until a signal comes."""
        server = GuardedServer(
            self.app,
            # Only a proxy that was named may say where a request came from, and how.
            trusted_downstream=self.proxies,
            ssl_options=self.tls,
            max_body_size=LONGEST_MESSAGE,
            # A line on which nothing is asked is closed, or a few idle devices hold all of them.
            idle_connection_timeout=PATIENCE,
            body_timeout=PATIENCE,
        )
        server.limits, server.proxies = self.limits, frozenset(self.proxies)
        server.add_sockets(self.listening)
        self.ioloop = tornado.ioloop.IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            server.stop()
            self.stop()


def build(
    *,
    keeper: Keeper,
    pages: Path,
    scratch: Path,
    listening: list[socket.socket],
    lapse: float,
    most: int,
    share: float = 0.5,
    proxies: Sequence[str] = (),
    tls: ssl.SSLContext | None = None,
) -> Floor:
    """The server, ready to `start()`.

    Args:
        keeper: holds the house.
        pages: the folder of notebooks that are served, and nothing else.
        scratch: a private folder for connection files.
        listening: bound sockets.
        lapse: seconds after which a page that nobody touches is put away.
        most: how many kernels may live at once.
        share: the part of them that one address may hold.
        proxies: addresses that are believed when they say for whom they ask.
        tls: the server's certificate; None speaks plain http.
    """
    config = Config()
    config.Voila.root_dir = str(pages)
    config.Voila.open_browser = False
    config.Voila.connection_dir_root = str(scratch)
    config.Voila.identity_provider_class = Anybody
    config.Voila.log_level = "ERROR"
    # What Jupyter would keep in the home goes with this run: a service's user may have no home.
    config.NotebookNotary.data_dir = str(scratch)
    # Nothing but these lines decides: a voila.json of the machine could open what is closed here.
    config.Voila.config_file_paths = []
    config.VoilaConfiguration.template = "kefu"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.multi_kernel_manager_class = FloorKernels
    config.VoilaConfiguration.kernel_spec_manager_class = OwnPython
    # No port that another user of the machine could knock at.
    config.KernelManager.transport = "ipc"
    config.KernelManager.client_class = "kefu.door.attentive.AttentiveClient"
    # A kernel lives as long as its page's line and a short grace (kernels.py). These are for what
    # slips through, and for a page that holds its line and says nothing: it gets another kernel
    # when somebody comes.
    config.MappingKernelManager.cull_idle_timeout = max(120, int(lapse))
    config.MappingKernelManager.cull_interval = 20
    config.MappingKernelManager.cull_connected = True
    # What a page missed it asks the house for; nothing is hoarded for it.
    config.MappingKernelManager.buffer_offline_messages = False
    # A kernel that died knows nothing any more: its page asks for another.
    config.KernelManager.autorestart = False
    # Tornado and ZeroMQ have a line for whatever comes crooked; what matters is logged by the door.
    logging.getLogger("tornado.general").setLevel(logging.ERROR)
    floor = Floor(config=config)
    floor.keeper, floor.pages, floor.listening = keeper, pages, listening
    floor.lapse, floor.most, floor.share = lapse, most, share
    floor.proxies, floor.tls = list(proxies), tls
    floor.initialize([])
    # The first visitor finds the kernels warm.
    known = environment(Opening(kernel="", token="", socket=keeper.socket, home=str(scratch)))
    prewarm(OwnPython().get_kernel_spec("python3"), known)
    return floor
