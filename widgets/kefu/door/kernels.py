"""A page's kernels: each gets a socket and a token, and nothing else that is ours.

Voila hands a kernel the server's whole environment and the visitor's request;
here all of that is left behind, and what a kernel may know is listed by name.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from tornado.websocket import WebSocketHandler

__all__ = ["OPENING", "Broken", "FloorKernels", "Opening", "OwnPython", "environment"]

GRACE = 20.0
"""Seconds for which a kernel waits for a page whose line broke."""

PATIENCE = 30.0
"""Seconds in which a kernel must be there, and a page's cell be done."""

_AT_ONCE = 4
"""So many kernels start at the same time: more would only slow each other down."""

_WIDGET = "application/vnd.jupyter.widget-view+json"

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class Opening:
    """A kernel being started: its id, as `FloorKernels.admit` gave it, and what it may know."""

    kernel: str
    token: str
    socket: str
    home: str


WARM = {
    "provisioner_name": "kefu-warm",
    "config": {
        "imports": ["kefu.floor", "kefu.floor.player"],
        "unwanted": ["kefu.vault", "kefu.house", "kefu.door", "sqlalchemy", "matplotlib"],
    },
}
"""How a kernel is forked: what it has imported by then, and what it must never hold."""

OPENING: ContextVar[Opening] = ContextVar("OPENING")


class Broken(Exception):  # noqa: N818 - what a page is then
    """A page's notebook did not run."""


def environment(opening: Opening, env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """All that a page's kernel finds in its environment."""
    kept = {name: env[name] for name in _KEPT if name in env}
    return {
        **kept,
        "HOME": opening.home,
        "IPYTHONDIR": opening.home,
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # or its debugger warns on the console
        "KEFU_SOCKET": opening.socket,
        "KEFU_TOKEN": opening.token,
    }


class FloorKernels(AsyncMappingKernelManager):
    """Starts a kernel for the page that is being opened, and remembers whose it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.owners: dict[str, str] = {}
        self.networks: dict[str, str] = {}
        """Where each kernel was asked for, as `limits.network` tells it."""
        self.plain: set[str] = set()
        """Those of plain notebooks, whose widgets may talk more."""
        self.opening: set[str] = set()
        self.lines: dict[str, set[WebSocketHandler]] = {}
        """The open sockets of each kernel's page."""
        self._left: dict[str, float] = {}
        self._watching: asyncio.Task[None] | None = None
        self._gate = asyncio.Semaphore(_AT_ONCE)

    def admit(self, visitor: str, most: int, most_each: int, network: str = "") -> str | None:
        """The id of a kernel that this visitor may start; None if the floor is full.

        The place is taken at once, so that a thousand who come together do not all find the last
        one free; whoever is in may come again. `settle` is called when all is done.
        """
        if not self.has_room(visitor, most, most_each):
            return None
        kernel_id = str(uuid.uuid4())
        self.owners[kernel_id] = visitor
        self.networks[kernel_id] = network
        self.opening.add(kernel_id)
        return kernel_id

    def has_room(self, visitor: str, most: int, most_each: int) -> bool:
        """Whether this visitor could start one more."""
        self.owners = {k: v for k, v in self.owners.items() if k in self or k in self.opening}
        self.networks = {k: v for k, v in self.networks.items() if k in self.owners}
        self.plain &= self.owners.keys()
        mine = list(self.owners.values()).count(visitor)
        # Who reloads is in already; but a few more than `most` is all that this may come to.
        ceiling = most + (max(1, most // 4) if mine else 0)
        return mine < most_each and len(self.owners) < ceiling

    def settle(self, kernel_id: str) -> None:
        """The page was opened or given up: only a kernel that lives takes a place."""
        self.opening.discard(kernel_id)

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start one; whoever asked for the page owns it."""
        opening = OPENING.get(None)
        if opening is None:
            raise HTTPError(403)
        kwargs["env"] = environment(opening)
        kwargs["kernel_id"] = opening.kernel
        self._watching = self._watching or asyncio.create_task(self._watch())
        async with self._gate:
            started: str = await super().start_kernel(**kwargs)
        return started

    async def run(self, opening: Opening, code: Sequence[str]) -> list[str]:
        """Start a kernel and run a page's cells in it; gives the ids of the widgets they show.

        Raises:
            Broken: a cell failed, or the kernel did not come in time; it is gone then.
        """
        OPENING.set(opening)
        try:
            async with asyncio.timeout(PATIENCE):
                await self.start_kernel(kernel_name="python3", path="")
                return await self._run(opening.kernel, code)
        except (Exception, asyncio.CancelledError) as error:
            await self.close(opening.kernel)
            if isinstance(error, asyncio.CancelledError):
                raise
            raise Broken(f"{type(error).__name__}: {error}") from error

    async def _run(self, kernel_id: str, code: Sequence[str]) -> list[str]:
        client = self.get_kernel(kernel_id).client()
        client.start_channels(stdin=False, hb=False, control=False)
        try:
            # ipykernel greets whoever subscribes: from then on no output is missed. One that was
            # still starting may miss the subscription, and speaks up when it is asked something.
            while await _overheard(client, 0.5) is None:
                client.kernel_info()
            return [view for cell in code for view in await _shown(client, cell)]
        finally:
            client.stop_channels()

    async def _finish_kernel_start(self, kernel_id: str) -> None:
        # Whoever knocks before the kernel has opened its doors waits a tenth of a second too long.
        kernel = self.get_kernel(kernel_id)
        doors = [f"{kernel.ip}-{port}" for port in kernel.ports]
        while not all(map(os.path.exists, doors)) and await ensure_async(kernel.is_alive()):
            await asyncio.sleep(0.004)
        await super()._finish_kernel_start(kernel_id)  # type: ignore[no-untyped-call]

    async def _watch(self) -> None:
        """A page learns within a second that its kernel died, and asks for another."""
        while True:
            await asyncio.sleep(1)
            for kernel_id in self.list_kernel_ids():
                if kernel_id not in self:
                    continue  # Gone while another was closed.
                # Not is_alive(): for hundreds of kernels that is a good part of a core.
                process = getattr(self.get_kernel(kernel_id).provisioner, "process", None)
                if process is None or process.poll() is not None:
                    await self.close(kernel_id)

    def start_watching_activity(self, kernel_id: str) -> None:
        """Idle is a kernel whose page asks nothing of it (`heard`): nobody else listens to it.

        Jupyter would read every message of every kernel once more. The cells of a plain notebook
        may be at work while nobody asks, so these are listened to.
        """
        if kernel_id in self.plain:
            super().start_watching_activity(kernel_id)  # type: ignore[no-untyped-call]
            return
        kernel: Any = self.get_kernel(kernel_id)
        kernel.execution_state = "idle"
        self.heard(kernel_id)

    def heard(self, kernel_id: str) -> None:
        """A page has asked something of its kernel; one that is gone is no trouble."""
        if kernel_id in self:
            kernel: Any = self.get_kernel(kernel_id)
            kernel.last_activity = datetime.now(UTC)

    async def shutdown_kernel(self, kernel_id: str, **kwargs: Any) -> None:  # type: ignore[override]
        """End a kernel, and hang up on its page: one that is still there asks for another."""
        try:
            await super().shutdown_kernel(kernel_id, **kwargs)  # type: ignore[no-untyped-call]
        finally:
            for line in self.lines.pop(kernel_id, ()):
                line.close(1001)

    async def close(self, kernel_id: str) -> None:
        """Free a kernel at once; one that is gone already is no trouble."""
        with suppress(KeyError, HTTPError):
            await self.shutdown_kernel(kernel_id, now=True)

    def release(self, kernel_id: str) -> None:
        """Free a kernel that no page holds, after a grace in which its page may come back."""
        self._left[kernel_id] = time.monotonic()
        IOLoop.current().call_later(GRACE, self._release, kernel_id)

    async def _release(self, kernel_id: str) -> None:
        if time.monotonic() - self._left.get(kernel_id, 0) < GRACE - 0.1:
            return  # It came back and left again: the later grace counts.
        self._left.pop(kernel_id, None)
        if kernel_id in self and not self._kernel_connections.get(kernel_id):
            await self.close(kernel_id)

    def of(self, visitor: str) -> list[str]:
        """The living kernels of a visitor."""
        return [k for k, v in self.owners.items() if v == visitor and k in self]

    def belongs(self, kernel_id: str, visitor: str | None) -> bool:
        """Whether this kernel lives and was started for this visitor."""
        return visitor is not None and kernel_id in self and self.owners.get(kernel_id) == visitor


async def _overheard(client: Any, seconds: float) -> dict[str, Any] | None:
    """What a kernel says to everybody; None if it says nothing for so long."""
    try:
        message: dict[str, Any] = await ensure_async(client.get_iopub_msg(timeout=seconds))
    except queue.Empty:
        return None
    return message


async def _shown(client: Any, cell: str) -> list[str]:
    """Run a cell; gives the widgets that it shows.

    Raises:
        Broken: it failed.
    """
    asked = client.execute(cell, store_history=False, allow_stdin=False)
    views: list[str] = []
    while True:
        # Now and then ZeroMQ's wake-up is lost on asyncio, so it is looked for again.
        message = await _overheard(client, 0.1)
        if message is None or message["parent_header"].get("msg_id") != asked:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise Broken(f"{content['ename']}: {content['evalue']}")
        if kind == "status" and content["execution_state"] == "idle":
            return views
        if kind in ("display_data", "execute_result") and _WIDGET in content["data"]:
            views.append(content["data"][_WIDGET]["model_id"])


class OwnPython(KernelSpecManager):
    """Knows one kernel: the Python that runs this server, whatever else the machine offers."""

    def find_kernel_specs(self) -> dict[str, str]:
        """The one name."""
        return {"python3": ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The one kernel; a file beside the notebook never shadows a package."""
        return KernelSpec(
            argv=[
                sys.executable,
                "-P",
                "-m",
                "ipykernel_launcher",
                "-f",
                "{connection_file}",
                "--InteractiveShellApp.ignore_cwd=True",
                "--HistoryManager.enabled=False",
                # A visitor who sends nonsense would fill the disk with its tracebacks.
                "--Application.log_level=50",
            ],
            display_name="Python",
            language="python",
            metadata={"kernel_provisioner": WARM},
        )
