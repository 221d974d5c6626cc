"""Kernels that are forked from a warm process, as a server asks for them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

__all__ = ["LAUNCH", "Kernel", "ended", "kernel", "living", "spec"]

LAUNCH = ("-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False")
PATIENCE = 120.0


def spec(*flags: str, **config: Any) -> KernelSpec:
    """A kernelspec for this Python that names the provisioner, with its traits."""
    return KernelSpec(
        argv=[sys.executable, *flags, *LAUNCH],
        display_name="Python",
        language="python",
        metadata={"kernel_provisioner": {"provisioner_name": "kefu-warm", "config": config}},
    )


@dataclass
class Kernel:
    """A kernel that answers."""

    manager: Any
    client: AsyncKernelClient

    @property
    def pid(self) -> int:
        """Of the kernel's process."""
        return int(self.manager.provisioner.pid)

    @property
    def forked(self) -> bool:
        """Whether it came from a warm process."""
        return type(self.manager.provisioner.process).__name__ == "Forked"

    @property
    def parent(self) -> int:
        """Of a forked kernel: its warm process."""
        return int(psutil.Process(self.pid).ppid())

    async def run(self, code: str) -> str:
        """What the code prints; an error of it is an error here."""
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "stream":
                said.append(content["text"])

        reply = await self.client.execute_interactive(code, output_hook=hear, timeout=PATIENCE)
        content = reply["content"]
        assert content["status"] == "ok", content
        return "".join(said).strip()


@asynccontextmanager
async def kernel(
    wanted: KernelSpec,
    env: dict[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    **kwargs: Any,
) -> AsyncIterator[Kernel]:
    """One kernel over sockets of its own; it is shut down at the end."""
    # Not pytest's own folder: the path of a socket may have about 100 characters.
    with tempfile.TemporaryDirectory(prefix="kefu-", dir="/tmp") as folder:
        manager = AsyncKernelManager(transport="ipc", ip=f"{folder}/k")
        manager.connection_file = f"{folder}/c.json"
        manager._kernel_spec = wanted
        given = {**(os.environ if env is None else env), "IPYTHONDIR": folder}
        await manager.start_kernel(env=given, cwd=str(cwd or folder), **kwargs)
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=PATIENCE)
            yield Kernel(manager, client)
        finally:
            client.stop_channels()
            with suppress(RuntimeError):
                await manager.shutdown_kernel(now=True)


def living(*pids: int) -> list[int]:
    """Those that run; one that has ended and is only remembered does not."""
    found = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(pid)
    return found


async def ended(*pids: int) -> None:
    """Wait until none of them runs.

    Raises:
        TimeoutError: some go on.
    """
    async with asyncio.timeout(PATIENCE):
        while living(*pids):
            await asyncio.sleep(0.02)


def stop(pid: int) -> None:
    """Let a process hang, as one does whose disk does not answer."""
    os.kill(pid, signal.SIGSTOP)


def write(path: Path, text: str) -> Path:
    """A file whose time differs from whatever it was before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    os.utime(path, ns=(before + 10**9, before + 10**9))
    return path
