"""A house that is kept, and a page's kernel, both out of a hatchery; both real otherwise."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from kefu.door.keeper import Keeper
from tests.floor.hatchery import Forked, Hatchery

__all__ = ["PATIENCE", "HatchedKeeper", "Kernel", "Lost"]

PATIENCE = 60.0
"""Seconds after which an answer that is not acknowledged counts as lost."""

_VIEW = "application/vnd.jupyter.widget-view+json"


class Lost(AssertionError):  # noqa: N818 - reads as what happened
    """What must not happen: an answer lost, counted twice, or told otherwise than it is."""


class HatchedKeeper(Keeper):
    """The door's keeper, whose houses come out of a hatchery."""

    def __init__(self, folder: Path, database: str, hatchery: Hatchery, step: Any = None) -> None:
        super().__init__(folder, database, 3600, lambda _: None)
        self._hatchery = hatchery
        self._step = step
        self.first: Forked | None = None

    def _spawn(self) -> Any:
        child = self._hatchery.hatch(step=self._step if self.first is None else None)
        self._child = child  # type: ignore[assignment]
        self.first = self.first or child
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(json.dumps(self._orders).encode() + b"\n")
            child.stdin.flush()
        return child

    def drop(self) -> None:
        """Let the house die, and stay dead."""
        self._closing.set()
        if self._child:
            self._child.kill()


class Kernel:
    """A page's kernel, in which the page's one line of code has run.

    Raises:
        RuntimeError: it could not run, as when the house is away.
    """

    def __init__(self, hatchery: Hatchery, folder: Path, env: dict[str, str], step: Any) -> None:
        name = secrets.token_hex(4)
        file, _ = write_connection_file(
            str(folder / f"{name}.json"), transport="ipc", ip=str(folder / name), key=b"key"
        )
        argv = ["-f", file, "--HistoryManager.enabled=False", "--no-stdout", "--no-stderr"]
        self.process = hatchery.hatch(argv, env, step)
        self._client = BlockingKernelClient(connection_file=file)
        self._client.load_connection_file()
        self._client.start_channels(stdin=False, hb=False, control=False)
        while (heard := self.hear(PATIENCE)) and heard["header"]["msg_type"] != "iopub_welcome":
            pass
        self.view, said = "", list[str]()
        self._client.execute_interactive(
            "import kefu.floor; kefu.floor.daily()",
            store_history=False, timeout=60, output_hook=lambda m: said.append(self._shown(m)),
        )  # fmt: skip
        if not self.view:
            self.close()
            raise RuntimeError("\n".join(said))

    def _shown(self, message: Any) -> str:
        content = message["content"]
        if view := content.get("data", {}).get(_VIEW):
            self.view = view["model_id"]
        return "\n".join(content.get("traceback", ()))

    def comm(self, kind: str, comm: str, data: Any, **more: Any) -> None:
        """Send a message of Jupyter's widgets."""
        session = self._client.session
        message = session.msg(kind, {"comm_id": comm, "data": data, **more})
        self._client.shell_channel.send(message)

    def hear(self, wait: float) -> Any:
        """The next message on iopub, or None."""
        try:
            return self._client.get_iopub_msg(timeout=wait)
        except Empty:
            return None

    def receipts(self) -> dict[str, Any]:
        """What the page would be shown as saved, as it asks for the states of all widgets."""
        self._client.shell_channel.send(
            self._client.session.msg(
                "comm_open",
                {"comm_id": "control", "target_name": "jupyter.widget.control", "data": {}},
                metadata={"version": "1.0.0"},
            )
        )
        self.comm("comm_msg", "control", {"method": "request_states"})
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            heard = self.hear(1.0)
            if heard and heard["header"]["msg_type"] == "comm_msg":
                data = heard["content"]["data"]
                if data.get("method") == "update_states":
                    shown: dict[str, Any] = data["states"][self.view]["state"]["receipts"]
                    return shown
        raise Lost("a kernel does not show its state")

    def close(self) -> None:
        """End it."""
        self._client.stop_channels()
        self.process.close()
