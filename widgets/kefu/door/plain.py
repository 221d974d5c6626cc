"""A house's own notebook on the floor: plain ipywidgets, shown by Voila's own front end.

It gets Voila's `lab` template with everything taken out that asks another host for something,
and of Voila's files only those that this front end loads, under names that change with them.
With no such notebook in the house nothing of this is served at all.

What such a notebook draws with ipywidgets, anywidget, matplotlib or a table is shown.
A script that it prints into the page is not run: the content security policy forbids it.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jupyter_core.utils import ensure_async
from jupyterlab_server.config import get_federated_extensions
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler
from traitlets.config import Config
from voila.configuration import VoilaConfiguration
from voila.paths import collect_static_paths, collect_template_paths
from voila.tornado.handler import TornadoVoilaHandler
from voila.utils import get_voila_labextensions_path

from kefu.door.handlers import MOST_TABS, Calm
from kefu.door.kernels import OPENING, FloorKernels, Opening
from kefu.door.limits import network
from kefu.door.visitor import language, meet, visitor_of

__all__ = ["Front", "routes", "title_of"]

TEMPLATE = "kefu-plain"
PATIENCE = 40.0
"""Seconds for which a kernel waits for Voila's front end, before the grace that all pages have."""

HEARTBEAT = 15
MOST_QUIET = 12
"""A cell may take three minutes: each `HEARTBEAT` seconds the browser hears that it is awaited."""

_AWAY = (OSError, http.client.HTTPException, ValueError)
_HEARTBEAT = "<script>window.voila_heartbeat()"
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.+?)[\s#]*$", re.MULTILINE)
_FENCED = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_BASE = {"@jupyter-widgets/base", "@jupyter-widgets/base-manager"}
_NEEDED = {"@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"}
_UNWANTED = {"@voila-dashboards/widgets-manager7"}
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


class Front:
    """The files of Voila's front end that such a page may load.

    Widgets of other packages are among them, if the package says that they are built on
    ipywidgets; extensions of JupyterLab that are no widgets are not.

    Attributes:
        mark: changes with any of them, and stands in their addresses.
        files: by address below the mark: `static/voila.js`, `labextensions/<name>/static/….js`.
        extensions: what the front end is told to load, as its page config names it.
    """

    def __init__(self) -> None:
        self.files: dict[str, Path] = {}
        for folder in collect_static_paths(["voila", "nbconvert"], TEMPLATE, prune=True):
            self._take("static", Path(folder))
        self.extensions: list[dict[str, str]] = []
        for name, found in get_federated_extensions(get_voila_labextensions_path()).items():
            if _is_of_widgets(name, found):
                self._take(f"labextensions/{name}/static", Path(found["ext_path"], "static"))
                told = found["jupyterlab"]["_build"]
                self.extensions.append(
                    {"name": name, **{k: told[k] for k in ("load", "extension") if k in told}}
                )
        mark = hashlib.sha256()
        for name, path in sorted(self.files.items()):
            mark.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        self.mark = mark.hexdigest()[:12]

    def _take(self, below: str, folder: Path) -> None:
        for path in folder.rglob("*"):
            if path.suffix in _TYPES and path.is_file():
                self.files.setdefault(f"{below}/{path.relative_to(folder).as_posix()}", path)


def _is_of_widgets(name: str, found: Mapping[str, Any]) -> bool:
    if name in _NEEDED or name in _UNWANTED:
        return name in _NEEDED
    with contextlib.suppress(OSError, ValueError):
        told = json.loads(Path(found["ext_path"], "package.json").read_text("utf-8"))
        return bool(_BASE & {*told.get("dependencies", {}), *told.get("peerDependencies", {})})
    return False


class FrontHandler(RequestHandler):
    """Serves them; a browser that has one never asks again."""

    def initialize(self, front: Front) -> None:
        """The files."""
        self._front = front

    def get(self, mark: str, name: str) -> None:
        """One file, or 404."""
        path = self._front.files.get(name) if mark == self._front.mark else None
        if path is None:
            raise HTTPError(404)
        self.set_header("Content-Type", _TYPES[path.suffix])
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        # Opened by itself a picture is a page; it runs nothing.
        self.set_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.finish(path.read_bytes())

    def write_error(self, status_code: int, **_: Any) -> None:
        """Nothing but the status."""
        self.finish()


class KernelModel(RequestHandler):
    """What Voila's front end asks before it opens the socket; for the visitor's own kernel."""

    async def get(self, kernel_id: str) -> None:
        """`{"id", "name"}`, or 404: there is none, it is somebody else's, or it died."""
        kernels: FloorKernels = self.settings["kernel_manager"]
        if not kernels.belongs(kernel_id, visitor_of(self)):
            raise HTTPError(404)
        if not await ensure_async(kernels.get_kernel(kernel_id).is_alive()):
            await kernels.close(kernel_id)
            raise HTTPError(404)
        self.set_header("Cache-Control", "no-store")
        self.finish({"id": kernel_id, "name": "python3"})

    def write_error(self, status_code: int, **_: Any) -> None:
        """Nothing but the status."""
        self.finish()


class PlainPage(Calm, TornadoVoilaHandler):  # type: ignore[misc]
    """One such notebook, run in a kernel of the visitor's own."""

    def initialize(  # type: ignore[override]
        self, here: Mapping[str, Any], **voila: Any
    ) -> None:
        """What the floor's other pages get, and what Voila's own handler does."""
        Calm.initialize(self, **here)
        TornadoVoilaHandler.initialize(self, **voila)

    def set_default_headers(self) -> None:
        """As strict as Voila's front end allows: it styles its parts in place."""
        super().set_default_headers()
        policy = self._headers["Content-Security-Policy"]
        self.set_header(
            "Content-Security-Policy",
            policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
            + "; font-src 'self' data:; media-src 'self' data: blob:",
        )

    async def get(self, name: str = "") -> None:
        """The page, sent as it comes."""
        visitor, address = meet(self), self.request.remote_ip
        self.slow(self.limits.enter(address, visitor))
        kernel = self.kernels.admit(visitor, self._most, MOST_TABS, network(address))
        if kernel is None:
            return self.calm("full", 503)
        self.kernels.plain.add(kernel)
        held = list(self.kernels.networks.values()).count(network(address)) - 1
        try:
            self.slow(self.limits.share(address, held) or self.limits.start(address))
            await self._open(name or "daily", visitor, kernel)
        except StreamClosedError:
            # The browser went away before the page was whole: nobody will come for its kernel.
            await self.kernels.close(kernel)
        finally:
            self.kernels.settle(kernel)
            IOLoop.current().call_later(PATIENCE, self.kernels.release, kernel)
        return None

    async def _open(self, name: str, visitor: str, kernel: str) -> None:
        try:
            opened = await self.ask("POST", "/tokens", {"visitor": visitor})
        except _AWAY:
            return self.calm("away", 503)
        OPENING.set(
            Opening(
                kernel=kernel,
                token=opened["token"],
                socket=self._keeper.socket,
                home=self.settings["kefu_home"],
            )
        )
        quiet = 0
        async for html in self.get_generator(path=f"{name}.ipynb"):
            # Voila's sign that nothing has come for a while is a script; here it is a comment.
            quiet = quiet + 1 if html.startswith(_HEARTBEAT) else 0
            if quiet == MOST_QUIET:
                await self.kernels.close(kernel)
                return None  # The page ends here, and offers to try again.
            self.write("<!-- -->" if quiet else html)
            await self.flush()
        return None


def title_of(notebook: Any) -> str | None:
    """The text of the notebook's first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = _HEADING.search(_FENCED.sub("", cell.source))
            if found and (text := re.sub(r"[*_`]", "", found[1]).strip()):
                return text
    return None


def _prepare(handler: RequestHandler, notebook: Any, cwd: str) -> Any:
    if title := title_of(notebook):
        notebook.metadata.title = title
    han = any(_HAN.search(cell.source) for cell in notebook.cells)
    notebook.metadata.plain = {"reader": language(handler), "lang": "zh-CN" if han else "en"}
    return notebook


def routes(base: str, here: Mapping[str, Any]) -> list[Any]:
    """The routes for the plain notebooks among the pages; to stand before those of the others.

    Args:
        base: the server's base URL.
        here: `keeper`, `pages` and `most`, as the floor's other pages get them.
    """
    names = [name for name, page in here["pages"].items() if page.title is None]
    if not names:
        return []
    front = Front()
    told: dict[str, Any] = {
        "appUrl": "voila/",
        "baseUrl": base,
        "disabledExtensions": [],
        "extensionConfig": {},
        "federated_extensions": front.extensions,
        "fullLabextensionsUrl": f"{base}voila/{front.mark}/labextensions",
        # With none named, Voila takes the MathJax that it carries.
        "fullMathjaxUrl": None,
        "fullStaticUrl": f"{base}voila/{front.mark}/static",
        "mathjaxConfig": None,
        "progressiveRendering": False,
        "terminalsAvailable": False,
    }
    config = Config()
    config.VoilaConfiguration.template = TEMPLATE
    config.VoilaConfiguration.theme = "light"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.http_keep_alive_timeout = HEARTBEAT
    configuration = VoilaConfiguration(config=config)
    configuration.page_config_hook = lambda _usual, **_: told
    configuration.prelaunch_hook = _prepare
    page = {
        "here": here,
        "config": config,
        "voila_configuration": configuration,
        "template_paths": collect_template_paths(["voila", "nbconvert"], TEMPLATE, prune=True),
    }
    known = "|".join(re.escape(quote(name)) for name in names)
    return [
        (rf"{base}voila/([0-9a-f]{{12}})/([\w.@/-]+)", FrontHandler, {"front": front}),
        (rf"{base}api/kernels/(\w+-\w+-\w+-\w+-\w+)", KernelModel),
        (rf"{base}({known})", PlainPage, page),
        *([(base, PlainPage, page)] if "daily" in names else []),
    ]
