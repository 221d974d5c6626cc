"""Standalone Voila with the floor's own routes, and none of those it does not need."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import tornado.ioloop
from jupyter_server.auth.identity import IdentityProvider, User
from tornado.httpserver import HTTPServer
from tornado.web import RequestHandler
from traitlets.config import Config
from voila.app import Voila

from kefu.door import handlers
from kefu.door.assets import AssetHandler, load
from kefu.door.keeper import Keeper
from kefu.door.kernels import OPENING, FloorKernels, OwnPython

__all__ = ["Floor", "build"]

_KERNEL = r"(\w+-\w+-\w+-\w+-\w+)"
LONGEST_MESSAGE = 256 * 2**10
PATIENCE = 30
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

    def init_settings(self) -> dict[str, Any]:
        """Voila sets compression too late for it to count."""
        self.assets = load("host.js", "player.js", "player.css")
        shell = {
            "base": self.base_url,
            "lapse": self.lapse,
            **{key.replace(".", "_"): f"static/{a.name}" for key, a in self.assets.items()},
        }
        return {
            **super().init_settings(),
            "compress_response": True,
            "ws_ping_interval": 20_000,
            "ws_ping_timeout": 20_000,
            "websocket_compression_options": {"compression_level": 6, "mem_level": 5},
            "websocket_max_message_size": LONGEST_MESSAGE,
            "kefu_shell": shell,
        }

    def init_handlers(self) -> list[Any]:
        """Pages, their sockets, three scripts: no tree, no contents, no files, no themes."""
        keeper = {"keeper": self.keeper}
        page = {
            "keeper": self.keeper,
            "pages": self.pages,
            "most": self.most,
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        base = self.base_url
        return [
            (rf"{base}api/kernels/{_KERNEL}/channels", handlers.Socket),
            (rf"{base}kernels/{_KERNEL}", handlers.Kernel, keeper),
            (rf"{base}kernels/{_KERNEL}/leave", handlers.Leave, keeper),
            (rf"{base}stay", handlers.Stay, keeper),
            (rf"{base}next", handlers.Next, keeper),
            (rf"{base}health", handlers.Health, keeper),
            (rf"{base}static/([a-z0-9.]+)", AssetHandler, {"assets": self.assets}),
            (rf"{base}([a-z0-9-]*)", handlers.Page, page),
            (r".*", handlers.Page, {**page, "pages": self.pages / "none"}),
        ]

    def listen(self) -> None:
        """Serve until a signal comes."""
        server = HTTPServer(
            self.app,
            max_body_size=LONGEST_MESSAGE,
            # A line on which nothing is asked is closed, or a few idle devices hold all of them.
            idle_connection_timeout=PATIENCE,
            body_timeout=PATIENCE,
        )
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
) -> Floor:
    """The server, ready to `start()`.

    Args:
        keeper: holds the house.
        pages: the folder of notebooks that are served, and nothing else.
        scratch: a private folder for connection files.
        listening: bound sockets.
        lapse: seconds after which a page that nobody touches is put away.
        most: how many kernels may live at once.
    """
    config = Config()
    config.Voila.root_dir = str(pages)
    config.Voila.open_browser = False
    config.Voila.connection_dir_root = str(scratch)
    config.Voila.identity_provider_class = Anybody
    config.Voila.log_level = "ERROR"
    # Nothing but these lines decides: a voila.json of the machine could open what is closed here.
    config.Voila.config_file_paths = []
    config.VoilaConfiguration.template = "kefu"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.multi_kernel_manager_class = FloorKernels
    config.VoilaConfiguration.kernel_spec_manager_class = OwnPython
    config.VoilaConfiguration.page_config_hook = _page_config
    config.VoilaConfiguration.http_keep_alive_timeout = 45
    # No port that another user of the machine could knock at.
    config.KernelManager.transport = "ipc"
    # A page that is left without a word frees its kernel soon; a tablet that sleeps with the page
    # open is put away with its visit, and gets a new kernel when somebody comes.
    config.MappingKernelManager.cull_idle_timeout = 120
    config.MappingKernelManager.cull_interval = 20
    config.MappingKernelManager.cull_connected = False
    floor = Floor(config=config)
    floor.keeper, floor.pages, floor.listening = keeper, pages, listening
    floor.lapse, floor.most = lapse, most
    floor.initialize([])
    return floor


def _page_config(page_config: dict[str, Any], **known: Any) -> dict[str, Any]:
    shell = known["settings"]["kefu_shell"]
    opening = OPENING.get()
    return {**page_config, "kefu": {**shell, "lang": opening.lang, "visit": opening.visit}}
